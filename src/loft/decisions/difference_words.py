"""A difference between two versions of a rule, as sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loft.decisions.difference_rows import Changed
from loft.decisions.model import DecisionTable
from loft.language import gettext, mark

if TYPE_CHECKING:
    from loft.decisions.difference import DecisionDifference, Difference


def in_words(found: "Difference") -> Iterator[str]:
    """A sentence for each thing that differs, in the language in force; one that says so where nothing does."""
    if not found:
        yield gettext(_NOTHING)
    for change in found.head:
        yield _say(_CHANGED, change)
    for text, names in ((_FACT_ADDED, found.facts_added), (_FACT_REMOVED, found.facts_removed)):
        yield from (gettext(text) % {"name": name} for name in names)
    for fact in found.facts_changed:
        yield from (_say(_FACT_CHANGED, change, name=fact.name) for change in fact.changes)
    for text, names in ((_DECISION_ADDED, found.decisions_added), (_DECISION_REMOVED, found.decisions_removed)):
        yield from (gettext(text) % {"name": name} for name in names)
    for decision in found.decisions_changed:
        yield from _decision(decision)


def _decision(found: "DecisionDifference") -> Iterator[str]:
    name = found.name
    yield from (_say(_DECISION_CHANGED, change, name=name) for change in found.changes)
    for text, columns in ((_COLUMN_ADDED, found.columns_added), (_COLUMN_REMOVED, found.columns_removed)):
        yield from (gettext(text) % {"name": name, "column": column} for column in columns)
    for row in found.rows.changed:
        told = "; ".join(_say(_PART, change) for change in row.changes)
        text = _ROW_LIKE if row.known_by == "likeness" else _ROW_CHANGED
        yield gettext(text) % {"name": name, "old": row.old, "new": row.new, "changes": told}
    for number in found.rows.removed:
        yield gettext(_ROW_REMOVED) % {"name": name, "row": number, "says": _row(found.old, number)}
    for number in found.rows.added:
        yield gettext(_ROW_ADDED) % {"name": name, "row": number, "says": _row(found.new, number)}
    for old, new in found.rows.moved:
        yield gettext(_ROW_MOVED) % {"name": name, "old": old, "new": new}


def _say(text: str, change: Changed, **more: str) -> str:
    said = {"what": change.what, "old": change.old or "–", "new": change.new or "–"}
    return gettext(text) % (said | more)


def _row(table: DecisionTable | None, number: int) -> str:
    """A row as ``income < 5, age 3 → fee 1``."""
    assert table is not None
    row = table.rows[number - 1]
    cells = [f"{c.text} {cell.text}" for c, cell in zip(table.inputs, row.cells, strict=True) if not cell.tests.always]
    outputs = [f"{c.name} {cell.text}".strip() for c, cell in zip(table.outputs, row.outputs, strict=True)]
    return f"{', '.join(cells) or '-'} → {', '.join(outputs)}"


_NOTHING = mark("Nothing differs.")
_CHANGED = mark("The rule's %(what)s: %(old)s becomes %(new)s.")
_FACT_ADDED = mark("The fact “%(name)s” is new.")
_FACT_REMOVED = mark("The fact “%(name)s” is no longer asked for.")
_FACT_CHANGED = mark("The fact “%(name)s”, %(what)s: %(old)s becomes %(new)s.")
_DECISION_ADDED = mark("The decision “%(name)s” is new.")
_DECISION_REMOVED = mark("The decision “%(name)s” is gone.")
_DECISION_CHANGED = mark("“%(name)s”, %(what)s: %(old)s becomes %(new)s.")
_COLUMN_ADDED = mark("“%(name)s”: the column “%(column)s” is new.")
_COLUMN_REMOVED = mark("“%(name)s”: the column “%(column)s” is gone.")
_ROW_CHANGED = mark("“%(name)s”, row %(old)s (now row %(new)s): %(changes)s.")
_ROW_LIKE = mark("“%(name)s”, row %(old)s (most like row %(new)s now): %(changes)s.")
_ROW_ADDED = mark("“%(name)s”, row %(row)s is new: %(says)s.")
_ROW_REMOVED = mark("“%(name)s”, row %(row)s is gone: %(says)s.")
_ROW_MOVED = mark("“%(name)s”: row %(old)s stands at another place, as row %(new)s; the order of rows decides.")
_PART = mark("%(what)s: %(old)s becomes %(new)s")
