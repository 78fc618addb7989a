"""A rule ready to be asked: one decision of a model, with all that it requires."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from loft.decisions.decision import Counterfactual, Decision, Question
from loft.decisions.feel.values import Value
from loft.decisions.grid import Grid
from loft.decisions.model import DecisionNode, InputData, Model

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from loft.decisions.checking import Report


class Table:
    """One decision of a model, ready to be asked.

    ``model`` and ``node`` are what was read; ``inputs`` the facts it rests on, in the order of the model.
    """

    def __init__(self, model: Model, node: DecisionNode) -> None:
        self.model, self.node = model, node

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def inputs(self) -> tuple[InputData, ...]:
        raise NotImplementedError

    @property
    def grid(self) -> Grid:
        """The table of this decision cut into atoms. Raises ``RuleError`` where its logic is not a table."""
        raise NotImplementedError

    @property
    def required(self) -> tuple["Table", ...]:
        """The decisions that this one requires itself."""
        raise NotImplementedError

    def evaluate(self, inputs: Mapping[str, Value]) -> Value:
        """The value as DMN's own rules give it: a fact that is left out is null."""
        raise NotImplementedError

    def decide(self, facts: Mapping[str, Any], *, at: date | None = None) -> Decision:
        """The decision on these *facts*; those left out, or None, are not known (``NOTHING``: known to be empty).

        Raises ``FactError`` for a name that the rule does not know, a value of another type or outside the allowed values.
        """
        raise NotImplementedError

    def next_question(self, facts: Mapping[str, Any]) -> Question | None:
        """The fact to ask for next; None when the outcome is settled."""
        raise NotImplementedError

    def counterfactual(self, facts: Mapping[str, Any]) -> Counterfactual | None:
        """The smallest change of these facts that would change the outcome; None where no change would."""
        raise NotImplementedError

    def check(self) -> "Report":
        """Gaps, overlaps, rows that never fire, unused inputs, outputs outside the allowed values (``loft.decisions.checking``)."""
        from loft.decisions.checking import check

        return check(self)

    def over(self, cases: "ir.Table", *, facts: Mapping[str, str] | None = None) -> "ir.Table":
        """The table of *cases* with this rule's outputs beside it, as one expression (``loft.decisions.over``)."""
        from loft.decisions.over import over

        return over(self, cases, facts=facts)
