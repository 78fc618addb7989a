"""What a check finds, and how it is said to a person."""

from dataclasses import dataclass, field
from enum import StrEnum

from loft.decisions.errors import Place
from loft.decisions.feel.values import Value
from loft.decisions.feel.writing import text_of_value
from loft.language import gettext, mark


class Kind(StrEnum):
    """What is wrong, or worth a look."""

    GAP = "gap"
    """No row fits, and no default covers it."""
    OVERLAP = "overlap"
    """Several rows fit where the hit policy allows one, or only the same outputs."""
    NEVER = "never"
    """A row that never fires."""
    TEST = "test"
    """A cell that no value of its column can meet."""
    UNUSED = "unused"
    """A column or fact that nothing rests on."""
    OUTPUT = "output"
    """An output of another type, or outside the allowed values."""
    PRIORITY = "priority"
    """Outputs are to be ordered, but the order is not told."""
    AGGREGATION = "aggregation"
    """A sum of what is not numbers."""
    CONSTANT = "constant"
    """An output column that is the same in all rows."""
    DUPLICATE = "duplicate"
    """Rows that say the same."""


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """The rule is wrong for cases that can occur."""
    WARNING = "warning"
    """It may be: it cannot be told whether such cases occur, or it does no harm as it is."""
    NOTE = "note"
    """Allowed, and worth knowing."""


@dataclass(frozen=True)
class Finding:
    """One thing found in one decision's table.

    ``rows`` count from 1. ``region`` are the cases it is about: expression and unary tests, for each input that matters. ``example`` is
    one of these: expression and value, for each input; where the expressions are names of facts it can be decided as it is.
    ``text`` is an English text with ``%(name)s`` places that ``values`` fill.
    """

    kind: Kind
    severity: Severity
    decision: str
    text: str
    rows: tuple[int, ...] = ()
    column: str = ""
    region: tuple[tuple[str, str], ...] = ()
    example: tuple[tuple[str, Value], ...] = ()
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        places = {
            "row": self.rows[0] if self.rows else "",
            "rows": listed(self.rows),
            "column": self.column,
            "region": ", ".join(f"{head}: {tests}" for head, tests in self.region) or gettext(_ANYTHING),
            "example": ", ".join(f"{head}: {text_of_value(value)}" for head, value in self.example) or "–",
        }
        told = gettext(self.text) % {**places, **dict(self.values)}
        return f"{Place(decision=self.decision)}: {told}"


@dataclass(frozen=True)
class Report:
    """What a check found, the worst first.

    ``exact`` tells whether every gap and overlap, and every row that never fires, would have been found. Where the table was too large
    for that, ``sampled`` cases were tried instead: what they found is true, but there may be more.
    """

    findings: tuple[Finding, ...]
    exact: bool = True
    sampled: int = 0
    decisions: tuple[str, ...] = field(default=())
    """The decisions whose tables were checked."""

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """The findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind is kind)

    def __str__(self) -> str:
        lines = [str(finding) for finding in self.findings] or [gettext(_NOTHING_FOUND)]
        if not self.exact:
            lines.append(gettext(_SAMPLED) % {"cases": self.sampled})
        return "\n".join(lines)


def listed(rows: tuple[int, ...]) -> str:
    """Row numbers with commas; from the thirteenth on only how many more."""
    shown = ", ".join(str(row) for row in rows[:12])
    return shown if len(rows) <= 12 else gettext(_AND_MORE) % {"rows": shown, "more": len(rows) - 12}


_ANYTHING = mark("anything")
_AND_MORE = mark("%(rows)s and %(more)s more")
_NOTHING_FOUND = mark("nothing found.")
_SAMPLED = mark("too large to prove; %(cases)s cases sampled.")
