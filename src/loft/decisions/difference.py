"""What differs between two versions of a rule: in its words, in its rows, and in the cases of a log.

Decisions are paired by name, input columns by their expression, output columns by name. Rows are paired by id where both have the same,
then by their cells (as what they mean, not as they are spelt), then by likeness: they fill in mostly the same columns, and some of it
equally. What is left is added or removed. Labels, questions and descriptions of facts count as words; they change no outcome.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loft.decisions.difference_cases import changed_cases, changed_outcomes
from loft.decisions.difference_rows import Changed, RowChange, RowDifference, column_names, row_difference
from loft.decisions.feel.writing import text_of
from loft.decisions.model import (
    Cell,
    DecisionNode,
    DecisionTable,
    Head,
    InputData,
    KnowledgeModel,
    LiteralExpression,
    Logic,
    Model,
    OutputCell,
    Texts,
)
from loft.decisions.tables import Table
from loft.decisions.text.columns import corner
from loft.decisions.text.types import type_text

__all__ = [
    "Changed",
    "DecisionDifference",
    "Difference",
    "FactDifference",
    "RowChange",
    "RowDifference",
    "changed_cases",
    "changed_outcomes",
    "difference",
]


@dataclass(frozen=True)
class FactDifference:
    """A fact that is described otherwise."""

    name: str
    changes: tuple[Changed, ...]


@dataclass(frozen=True)
class DecisionDifference:
    """A decision or function of both versions that is another: what is said of it, its columns and its rows."""

    name: str
    changes: tuple[Changed, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    rows: RowDifference = RowDifference()  # noqa: RUF009 - a frozen value
    old: DecisionTable | None = None
    new: DecisionTable | None = None

    def __bool__(self) -> bool:
        return bool(self.changes or self.columns_added or self.columns_removed or self.rows)


@dataclass(frozen=True)
class Difference:
    """All that differs; false when nothing does. As a text: a sentence on each line."""

    head: tuple[Changed, ...]
    facts_added: tuple[str, ...]
    facts_removed: tuple[str, ...]
    facts_changed: tuple[FactDifference, ...]
    decisions_added: tuple[str, ...]
    decisions_removed: tuple[str, ...]
    decisions_changed: tuple[DecisionDifference, ...]

    def __bool__(self) -> bool:
        facts = self.facts_added or self.facts_removed or self.facts_changed
        return bool(self.head or facts or self.decisions_added or self.decisions_removed or self.decisions_changed)

    def __str__(self) -> str:
        from loft.decisions.difference_words import in_words

        return "\n".join(in_words(self))


Logical = DecisionNode | KnowledgeModel


def difference(old: Table, new: Table) -> Difference:
    """What differs from *old* to *new*, in all that the two decisions rest on."""
    before, after = _rests_on(old), _rests_on(new)
    facts = ({fact.name: fact for fact in old.inputs}, {fact.name: fact for fact in new.inputs})
    changed_facts = [FactDifference(name, tuple(_fact(facts[0][name], facts[1][name]))) for name in _both(*facts)]
    changed = [_decision(before[name], after[name]) for name in _both(before, after)]
    return Difference(
        head=tuple(_head(old.model.head, new.model.head)),
        facts_added=_only(facts[1], facts[0]),
        facts_removed=_only(facts[0], facts[1]),
        facts_changed=tuple(each for each in changed_facts if each.changes),
        decisions_added=_only(after, before),
        decisions_removed=_only(before, after),
        decisions_changed=tuple(each for each in changed if each),
    )


def _both(old: Iterable[str], new: Iterable[str]) -> list[str]:
    there = set(new)
    return [name for name in old if name in there]


def _only(these: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    there = set(others)
    return tuple(name for name in these if name not in there)


def _rests_on(table: Table) -> dict[str, Logical]:
    """The decision with the decisions and functions that it requires, by name, in the order of the model."""
    model: Model = table.model
    parts: dict[str, Logical] = {decision.id: decision for decision in model.decisions}
    parts |= {function.id: function for function in model.knowledge}
    met: set[str] = set()
    waiting: list[Logical] = [table.node]
    while waiting:
        part = waiting.pop()
        met.add(part.id)
        required = (*getattr(part, "requires", ()), *part.knowledge)
        waiting += [parts[each] for each in required if each in parts and each not in met]
    return {part.name: part for part in parts.values() if part.id in met}


# --- what changed in each -------------------------------------------------------------------------------------------


def _told(pairs: Iterable[tuple[str, str, str]]) -> Iterator[Changed]:
    return (Changed(what, old, new) for what, old, new in pairs if old != new)


def _texts(noun: str, old: Texts, new: Texts) -> Iterator[tuple[str, str, str]]:
    for code in dict.fromkeys(code for texts in (old, new) for code, _ in texts.pairs):
        yield f"{noun} {code}", old.get(code), new.get(code)


def _head(old: Head, new: Head) -> Iterator[Changed]:
    days = [[day.isoformat() if day else "" for day in (head.valid_from, head.valid_to)] for head in (old, new)]
    yield from _told(
        [
            ("rule", old.rule, new.rule),
            ("version", old.version, new.version),
            ("valid from", days[0][0], days[1][0]),
            ("valid to", days[0][1], days[1][1]),
            ("source", old.source, new.source),
            *_texts("title", old.title, new.title),
        ]
    )


def _fact(old: InputData, new: InputData) -> Iterator[Changed]:
    one, other = (text_of(fact.type.allowed) if fact.type.allowed else "" for fact in (old, new))
    yield from _told(
        [
            ("type", type_text(old.type), type_text(new.type)),
            ("allowed", one, other),
            ("unit", old.unit, new.unit),
            ("cost", f"{old.cost:g}", f"{new.cost:g}"),
            *_texts("label", old.label, new.label),
            *_texts("question", old.question, new.question),
            *_texts("why", old.why, new.why),
        ]
    )


def _decision(old: Logical, new: Logical) -> DecisionDifference:
    labels = [part.label if isinstance(part, DecisionNode) else Texts() for part in (old, new)]
    said = [("type", type_text(old.type), type_text(new.type)), *_texts("label", *labels)]
    one, other = _logic(old), _logic(new)
    if not isinstance(one, DecisionTable) or not isinstance(other, DecisionTable):
        said += [("expression", _expression(one), _expression(other))] if one != other else []
        return DecisionDifference(old.name, tuple(_told(said)))
    said += [("hit policy", corner(one.hit_policy, one.aggregation), corner(other.hit_policy, other.aggregation))]
    said += _outputs(one, other)
    columns = column_names(one), column_names(other)
    return DecisionDifference(
        old.name,
        changes=tuple(_told(said)),
        columns_added=tuple(columns[1][key] for key in _only(columns[1], columns[0])),
        columns_removed=tuple(columns[0][key] for key in _only(columns[0], columns[1])),
        rows=row_difference(one, other),
        old=one,
        new=other,
    )


def _logic(part: Logical) -> Logic | None:
    return part.logic.body if isinstance(part, KnowledgeModel) and part.logic is not None else part.logic


def _expression(logic: Logic | None) -> str:
    if isinstance(logic, LiteralExpression):
        return logic.text
    return type(logic).__name__ if logic is not None else "–"


def _outputs(old: DecisionTable, new: DecisionTable) -> Iterator[tuple[str, str, str]]:
    """The allowed values and defaults of output columns that both have."""
    after = {column.name: column for column in new.outputs}
    for column in old.outputs:
        if column.name in after:
            other, name = after[column.name], column.name
            yield f"allowed {name}".strip(), _text(column.allowed), _text(other.allowed)
            yield f"default {name}".strip(), _text(column.default), _text(other.default)


def _text(cell: Cell | OutputCell | None) -> str:
    return cell.text if cell else ""
