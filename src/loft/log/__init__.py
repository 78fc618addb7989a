"""The log: what happened, to which case, when, by which unit.

Files in the formats that systems export are read (``propose``, ``import_files``), checked, and turned into steps,
events with their past, in a
store that is replaced whole or not at all. ``open_log`` opens a store, or the same tables on another engine; ``read`` opens a
file directly. What is asked of a log is asked in ``loft.insight``.
"""

from loft.log.errors import BadRow, BadRows, LogError
from loft.log.imports import ImportResult, import_files
from loft.log.limits import LIMITS, Limits
from loft.log.mapping import Mapping, Proposal, propose
from loft.log.opened import MINIMUM, Log, open_log, read
from loft.log.selection import EVERYTHING, Selection
from loft.log.store import Meta, Store

__all__ = [
    "EVERYTHING",
    "LIMITS",
    "MINIMUM",
    "BadRow",
    "BadRows",
    "ImportResult",
    "Limits",
    "Log",
    "LogError",
    "Mapping",
    "Meta",
    "Proposal",
    "Selection",
    "Store",
    "import_files",
    "open_log",
    "propose",
    "read",
]
