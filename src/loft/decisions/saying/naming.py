"""What the parts of a rule are called by people: facts, input columns, outputs and decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loft.decisions.feel.ast import Name
from loft.decisions.model import DecisionNode, Input, InputData, Model, Output


@dataclass(frozen=True)
class Called:
    """What a value is called, and the unit of its numbers."""

    label: str
    unit: str = ""


@dataclass(frozen=True)
class Names:
    """Every name of a model with what it is called, in the language that was in force when they were gathered.

    ``values`` are those of a case, to be told with the names of facts that others are compared with.
    """

    called: Mapping[str, Called] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Called:
        return self.called.get(name) or Called(name)

    def of_input(self, column: Input) -> Called:
        """What an input column is called: the fact's own label, else the column's, else its expression."""
        if isinstance(column.node, Name):
            known = self.called.get(column.node.name)
            if known and known.label != column.node.name:
                return known
            return Called(column.label or column.node.name, known.unit if known else "")
        return Called(column.label or column.text)


def names_of(model: Model) -> Names:
    """The names of the facts and decisions of *model*."""
    facts = {fact.name: Called(fact.label.said(fact.name), fact.unit) for fact in model.inputs}
    return Names({**{node.name: Called(called_decision(node)) for node in model.decisions}, **facts})


def fact_of(model: Model, name: str) -> InputData | None:
    """The fact of that name; None where the model has none."""
    return next((fact for fact in model.inputs if fact.name == name), None)


def called_decision(node: DecisionNode) -> str:
    return node.label.said(node.name)


def called_output(output: Output, node: DecisionNode) -> str:
    """What an output column is called: its own texts or label, else its name; the decision's where it has no other."""
    own = "" if output.name == node.name else output.name
    return output.texts.said(output.label or own) or called_decision(node)
