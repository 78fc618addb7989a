"""A rule ready to be asked: one decision of a model, with all that it requires."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from loft.decisions.deciding import decide
from loft.decisions.decision import Counterfactual, Decision, Question, Status
from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.values import Value
from loft.decisions.fitting import Fitting
from loft.decisions.grid import Grid
from loft.decisions.model import DecisionNode, DecisionTable, InputData, Model
from loft.decisions.network import Network
from loft.language import mark

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from loft.decisions.checking import Report

NO_TABLE = mark("this decision is not a table, but other logic.")


class Table:
    """One decision of a model, ready to be asked.

    ``model`` and ``node`` are what was read; ``inputs`` the facts it rests on, in the order of the model.
    """

    def __init__(self, model: Model, node: DecisionNode) -> None:
        self.model, self.node = model, node

    @property
    def name(self) -> str:
        return self.node.name

    @cached_property
    def network(self) -> Network:
        """The decision and those it requires, made ready on first use. Raises ``RuleError`` for what cannot be evaluated."""
        return Network(self.model, self.node)

    @cached_property
    def inputs(self) -> tuple[InputData, ...]:
        """The facts it rests on, in the order of the model."""
        return self.network.inputs

    @cached_property
    def _fitting(self) -> Fitting:
        return Fitting(self.inputs, self.network.place, self.network.limits)

    @property
    def grid(self) -> Grid:
        """The table of this decision cut into atoms. Raises ``RuleError`` where its logic is not a table."""
        if self.network.top.grid is None:
            raise RuleError(NO_TABLE, Place(file=self.model.file, decision=self.name))
        return self.network.top.grid

    @cached_property
    def output_names(self) -> tuple[str, ...]:
        """The names of the outputs; the decision's own where there is but one without a name, or where its logic is not a table."""
        logic = self.node.logic
        if isinstance(logic, DecisionTable) and (len(logic.outputs) > 1 or logic.outputs[0].name):
            return tuple(output.name for output in logic.outputs)
        return (self.name,)

    @cached_property
    def required(self) -> tuple["Table", ...]:
        """The decisions that this one requires itself."""
        parts = (self.model.part(id_) for id_ in self.node.requires)
        return tuple(Table(self.model, part) for part in parts if isinstance(part, DecisionNode))

    def evaluate(self, inputs: Mapping[str, Value], *, now: datetime | None = None) -> Value:
        """The value as DMN's own rules give it: a fact that is left out is null; so are ``now()`` and ``today()`` without *now*."""
        from loft.decisions.standard import evaluate

        return evaluate(self.model, self.node, inputs, now=now)

    def decide(self, facts: Mapping[str, Any], *, at: date | None = None) -> Decision:
        """The decision on these *facts*; those left out, or None, are not known (``NOTHING``: known to be empty).

        A value may be a ``Fact`` with the source it came from. Raises ``FactError`` for a name that the rule does not know, a value of
        another type or outside the allowed values.
        """
        scope, sources = self._fitting.scope(facts)
        return decide(self, scope, sources, at)

    def decided(self, known: dict[str, Value], sources: dict[str, str], at: date | None = None) -> Decision:
        """The decision on facts that are FEEL's values already, among others it does not rest on."""
        own = {given.name: known[given.name] for given in self.inputs if given.name in known}
        return decide(self, own, sources, at)

    def next_question(self, facts: Mapping[str, Any]) -> Question | None:
        """The fact to ask for next; None when the outcome is settled. Raises as ``decide``."""
        from loft.decisions.asking import next_question
        from loft.decisions.completions import Completions

        decision = self.decide(facts)
        if decision.status is not Status.UNDECIDED:
            return None
        return next_question(Completions(self.network, dict(decision.known)), decision.missing)

    def counterfactual(self, facts: Mapping[str, Any]) -> Counterfactual | None:
        """The smallest change of these facts that would change the outcome; None where no change would, or while it is undecided.

        Smallest is fewest facts, then the shortest way in all. Raises as ``decide``.
        """
        from loft.decisions.counterfactuals import counterfactual

        return counterfactual(self, self.decide(facts))

    def check(self) -> "Report":
        """Gaps, overlaps, rows that never fire, unused inputs, outputs outside the allowed values (``loft.decisions.checking``)."""
        from loft.decisions.checking import check

        return check(self)

    def over(self, cases: "ir.Table", *, facts: Mapping[str, str] | None = None, names: str = "") -> "ir.Table":
        """The table of *cases* with this rule's outputs beside it, as one expression (``loft.decisions.over``)."""
        from loft.decisions.over import over

        return over(self, cases, facts=facts, names=names)
