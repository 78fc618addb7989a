"""What goes wrong with a rule: it cannot be read, a fact does not fit, or a question is too large to answer exactly."""

from dataclasses import dataclass

from loft.language import gettext


@dataclass(frozen=True)
class Place:
    """Where in a rule: any of file, decision, row (from 1), column (its head), and the text that stands there."""

    file: str = ""
    decision: str = ""
    row: int | None = None
    column: str = ""
    text: str = ""

    def __str__(self) -> str:
        parts = [self.file]
        if self.decision:
            parts.append(gettext("decision “%(name)s”") % {"name": _short(self.decision)})
        if self.row is not None:
            parts.append(gettext("row %(row)s") % {"row": self.row})
        if self.column:
            parts.append(gettext("column “%(name)s”") % {"name": _short(self.column)})
        if self.text:
            parts.append(gettext("“%(text)s”") % {"text": _short(self.text)})
        return ", ".join(part for part in parts if part)


def _short(text: str) -> str:
    """A text that fits in a message, however long it is in the rule."""
    return text if len(text) <= 80 else text[:77] + "…"


def _told(value: object) -> str:
    """A value in a message: short, unless it is another error's sentence."""
    return str(value) if isinstance(value, RuleError) else _short(str(value))


class RuleError(ValueError):
    """A rule cannot be used as it is written. The message says where, what is wrong and what to do.

    *text* is an English text marked for translation with ``%(name)s`` places; *values* fill them.
    """

    def __init__(self, text: str, place: Place | None = None, **values: object) -> None:
        self.text, self.place, self.values = text, place or Place(), values
        super().__init__(text)

    def __str__(self) -> str:
        told = gettext(self.text) % {k: _told(v) for k, v in self.values.items()} if self.values else gettext(self.text)
        where = str(self.place)
        return f"{where}: {told}" if where else told

    def at(self, place: Place) -> "RuleError":
        """The same error with the parts of *place* that it did not know itself."""
        known = self.place
        merged = Place(
            known.file or place.file,
            known.decision or place.decision,
            known.row if known.row is not None else place.row,
            known.column or place.column,
            known.text or place.text,
        )
        return type(self)(self.text, merged, **self.values)


class FactError(RuleError):
    """A fact does not fit what the rule says of it: unknown name, wrong type, outside the allowed values."""


class TooLarge(RuleError):  # noqa: N818 - reads as what it is where it is raised
    """The answer would take more than the bounds allow; the message says which bound and what can be done instead."""


class Missing(Exception):  # noqa: N818 - not an error: evaluation met a fact that is not known
    """Evaluation needs facts that are not known; ``names`` are these. Never leaves the room."""

    def __init__(self, *names: str) -> None:
        self.names = frozenset(names)
        super().__init__(*names)
