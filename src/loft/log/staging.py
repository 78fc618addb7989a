"""What every reader hands over: a table of events in a DuckDB connection, before steps are made of them."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Staged:
    """Events that were read and checked, waiting in a DuckDB connection.

    ``events`` is the name of a table or view with the columns of ``columns.NAMES`` in that order and type (``at`` and
    ``began`` as TIMESTAMP in UTC), then ``seq`` (BIGINT, the order in the file, ascending, unique), then one column for each further
    attribute, named ``event:<name>``. ``cases``, where the format has attributes of a case, is a table with ``case`` and
    one column ``case:<name>`` for each. DuckDB's column names ignore case, so a name that differs from another
    only in case ends in ``_2``; ``attributes`` maps column to original name.
    """

    events: str
    cases: str | None = None
    attributes: Map[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
