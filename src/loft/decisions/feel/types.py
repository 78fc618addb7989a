"""Types of FEEL values, as item definitions and function parameters name them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loft.decisions.feel.ast import Tests

SIMPLE = (
    "Any",
    "Null",
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
)
"""The names of the simple types."""

OTHER_NAMES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
"""Names of the same types in typeRefs of other tools."""


@dataclass(frozen=True)
class Type:
    """What values a name may have.

    ``kind`` is a name of ``SIMPLE``, or ``list`` (of ``member``), ``context`` (with ``parts``), ``range`` (of ``member``) or
    ``function`` (``parameters`` to ``member``). ``allowed`` limits the values (the members, where ``kind`` is a list), ``name`` is the
    item definition's. ``constraint`` limits the value itself beside that: the whole list, where ``kind`` is a list (DMN 1.5, 7.3.3).
    """

    kind: str
    member: "Type | None" = None
    parts: tuple[tuple[str, "Type"], ...] = ()
    parameters: tuple["Type", ...] = ()
    allowed: "Tests | None" = field(default=None)
    name: str = ""
    constraint: "Tests | None" = field(default=None)

    @property
    def called(self) -> str:
        """What the type is called to a person: a simple kind, since an item definition is often named as the fact; else its name."""
        return self.kind if self.kind in SIMPLE else self.name or self.kind

    def part(self, name: str) -> "Type | None":
        """The type of a context's part; None where it has none of that name."""
        return dict(self.parts).get(name)


ANY = Type("Any")
NUMBER, STRING, BOOLEAN, DATE = Type("number"), Type("string"), Type("boolean"), Type("date")
