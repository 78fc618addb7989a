"""The verbs of the register: the only place that writes. Each asks the rules, and appends its event in the same transaction.

``actor`` and ``now`` (a moment with a zone) are arguments everywhere. What cannot be done raises ``loft.changes.rules.NotNow`` or
``NotYours``; what cannot be read raises ``loft.value.errors.BadInput``; both carry a sentence for the person.
"""

from loft.changes.actions.identity import Seen, assign, describe, propose
from loft.changes.actions.planning import amend, end, lock, plan, start
from loft.changes.actions.sharing import attach, comment, learn, link, path_of, publish, tell_break
from loft.changes.actions.values import confirm_time, free_time, measure_gain, realise_time, tell_gain, use_time
from loft.changes.actions.verdicts import (
    adjust,
    copy,
    lapse,
    lapse_due,
    log_look,
    note,
    pause,
    record_verdict,
    resume,
    stop,
)

__all__ = [
    "Seen",
    "adjust",
    "amend",
    "assign",
    "attach",
    "comment",
    "confirm_time",
    "copy",
    "describe",
    "end",
    "free_time",
    "lapse",
    "lapse_due",
    "learn",
    "link",
    "lock",
    "log_look",
    "measure_gain",
    "note",
    "path_of",
    "pause",
    "plan",
    "propose",
    "publish",
    "realise_time",
    "record_verdict",
    "resume",
    "start",
    "stop",
    "tell_break",
    "tell_gain",
    "use_time",
]
