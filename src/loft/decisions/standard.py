"""A model evaluated by DMN's own rules: a fact that is left out is null, and what cannot be computed is null.

Each decision is evaluated once for a case, after what it requires, and within ``feel.bounds``: one that would take more is null.
(``Table.decide`` asks another question: what follows whatever the facts that are not known turn out to be.)
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from loft.decisions import graph
from loft.decisions.errors import Missing, Place, RuleError
from loft.decisions.feel import bounds
from loft.decisions.feel.evaluate import Expression, Scope
from loft.decisions.feel.functions import clock
from loft.decisions.feel.limits import arguments, fitted
from loft.decisions.feel.types import ANY, Type
from loft.decisions.feel.values import Function, Value
from loft.decisions.graph import Part, full, models_in, parts_of, results_of
from loft.decisions.model import DecisionNode, DecisionService, InputData, KnowledgeModel, Model
from loft.decisions.standard_logic import function_of, logic_expression
from loft.decisions.standard_values import feel_value
from loft.language import mark

_KEPT: Final = "standard evaluator"
"""Where a model keeps its evaluator, in ``Model.extra``."""


def evaluate(model: Model, decision: DecisionNode, inputs: Mapping[str, Any], *, now: datetime | None = None) -> Value:
    """The value of *decision* for these inputs, by DMN's rules; see ``Evaluator`` and ``Evaluator.decision``."""
    ready = evaluator(model) if now is None else Evaluator(model, now=now)
    return ready.decision(decision.id or decision.name, inputs)


def evaluator(model: Model) -> "Evaluator":
    """The model's evaluator, made once."""
    kept = model.extra.get(_KEPT)
    if (
        not isinstance(kept, Evaluator) or kept.model is not model
    ):  # a changed copy of a model shares what that has kept
        kept = model.extra[_KEPT] = Evaluator(model)
    return kept


class Evaluator:
    """A model made ready to run; what a decision needs is compiled when it is first asked.

    ``now()`` and ``today()`` give the moment *now*; without one null, so that a decision is the same whenever it is made again.
    """

    def __init__(self, model: Model, *, now: datetime | None = None) -> None:
        self.model = model
        self._clock: Scope = {} if now is None else dict(clock(now))
        self._parts: dict[str, tuple[Model, Part]] = {
            full(part.id, one): (one, part) for one in models_in(model) for part in parts_of(one)
        }
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._runs: dict[str, Expression] = {}
        self._functions: dict[str, Function] = {}

    def decision(self, name: str, inputs: Mapping[str, Any]) -> Value:
        """The value of the decision of that name or id. *inputs* go by name; those of imported models by ``namespace#name``.

        An input that does not fit its type or allowed values is null, and so is one that is left out; names that are not inputs are
        passed over. A decision without logic is made by people: what *inputs* say of it is its value; so it is with one of an imported
        model that they say anything of. A name that the model has not is that of an imported decision, or its ``namespace#name``. Raises
        ``RuleError`` for an unknown decision, ``FactError`` for a Python value that FEEL has no type for.
        """
        reference = self._reference(name)
        return self._values((reference,), inputs)[reference]

    def expression(self, decision: DecisionNode) -> Expression:
        """The decision's logic as a closure, giving its variable's type. Raises ``Missing`` where its scope lacks a name."""
        return self._expression(full(decision.id, self.model))

    def functions(self, decision: DecisionNode) -> Scope:
        """The business knowledge models and decision services that the decision may call, by name."""
        scope: Scope = {}
        for one in decision.knowledge:
            _put(
                scope,
                self.model,
                one,
                self._parts[full(one, self.model)][1].name,
                self._function(full(one, self.model)),
            )
        return scope

    def service(self, name: str, inputs: Mapping[str, Any]) -> Value:
        """The value of the decision service of that name or id: its output decision's value, or a context of several.

        *inputs* give its input data and input decisions by name.
        """
        service = next((one for one in self.model.services if name in (one.name, one.id)), None)
        if service is None:
            raise RuleError(_NO_SERVICE, Place(self.model.file), name=name)
        reference = full(service.id, self.model)
        given = self._given(reference)
        values = [fit(_given(self._parts[one], inputs)) for one, fit in zip(given, self._fits(reference), strict=True)]
        return self._served(reference, dict(zip(given, values, strict=True)))

    def knowledge(self, name: str, inputs: Mapping[str, Any]) -> Value:
        """The value of the business knowledge model of that name or id, its parameters given by name."""
        part = next((one for one in self.model.knowledge if name in (one.name, one.id)), None)
        if part is None:
            raise RuleError(_NO_KNOWLEDGE, Place(self.model.file), name=name)
        function = self._function(full(part.id, self.model))
        return bounds.within(function.call, *(feel_value(inputs.get(one), name=one) for one in function.parameters))

    def _reference(self, name: str) -> str:
        """The model's own decision of that name or id, else an imported one by its name, id or ``namespace#name``."""
        if not any(name in (one.name, one.id) for one in self.model.decisions):
            for reference, (model, part) in self._parts.items():
                if isinstance(part, DecisionNode) and name in (part.name, part.id, f"{model.namespace}#{part.name}"):
                    return reference
        return full(self.model.decision(name).id, self.model)

    def _values(self, wanted: Sequence[str], inputs: Mapping[str, Any]) -> dict[str, Value]:
        plan = self._plan(tuple(wanted), frozenset())
        values = {one: plan.fits[one](_given(self._parts[one], inputs)) for one in plan.inputs}
        for one in plan.decisions:
            model, part = self._parts[one]
            assert isinstance(part, DecisionNode)
            decided = one not in wanted and model is not self.model and f"{model.namespace}#{part.name}" in inputs
            if decided or (part.logic is None and part.problem is None):
                values[one] = fitted(part.type)(_given((model, part), inputs))
        return self._run(plan, values)

    def _run(self, plan: "_Plan", values: dict[str, Value]) -> dict[str, Value]:
        for reference in plan.decisions:
            if reference in values:
                continue
            try:
                values[reference] = self._expression(reference)(self._scope(reference, values))
            except (Missing, RecursionError):
                values[reference] = None
        return values

    def _plan(self, wanted: tuple[str, ...], given: frozenset[str]) -> "_Plan":
        key = (*wanted, "", *sorted(given))
        if key not in self._plans:
            self._plans[key] = _plan(self._parts, wanted, given)
        return self._plans[key]

    def _expression(self, reference: str) -> Expression:
        """The decision's logic, giving its variable's type."""
        if reference not in self._runs:
            part = self._parts[reference][1]
            assert isinstance(part, DecisionNode)
            run, fit = logic_expression(None if part.problem else part.logic), fitted(part.type)
            self._runs[reference] = lambda scope: fit(bounds.within(run, scope))
        return self._runs[reference]

    def _scope(self, reference: str, values: Mapping[str, Value]) -> Scope:
        """What the logic of a part may see: what it requires, by name; of other models under the name they are imported by."""
        model, part = self._parts[reference]
        requires = part.requires if isinstance(part, DecisionNode) else ()
        knowledge = part.knowledge if isinstance(part, DecisionNode | KnowledgeModel) else ()
        scope = dict(self._clock)
        for one in requires:
            _put(scope, model, one, self._parts[full(one, model)][1].name, values.get(full(one, model)))
        for one in knowledge:
            _put(scope, model, one, self._parts[full(one, model)][1].name, self._function(full(one, model)))
        return scope

    def _function(self, reference: str) -> Function:
        """A business knowledge model or decision service as a function."""
        if reference not in self._functions:
            part = self._parts[reference][1]
            if isinstance(part, DecisionService):
                self._functions[reference] = self._service_function(reference, part)
            else:
                assert isinstance(part, KnowledgeModel)
                self._functions[reference] = self._knowledge_function(reference, part)
        return self._functions[reference]

    def _knowledge_function(self, reference: str, part: KnowledgeModel) -> Function:
        if part.logic is None or part.problem is not None:
            names = tuple(name for name, _ in part.logic.parameters) if part.logic else ()
            return Function(names, lambda *_: None, part.name)
        inner = function_of(part.logic, self._scope(reference, {}), name=part.name)
        return _giving(inner, part.type if part.type != ANY else part.logic.type)

    def _service_function(self, reference: str, service: DecisionService) -> Function:
        given, fits = self._given(reference), self._fits(reference)

        def call(*values: Value) -> Value:
            fitting = arguments(fits, values)
            return None if fitting is None else self._served(reference, dict(zip(given, fitting, strict=True)))

        return Function(tuple(self._parts[one][1].name for one in given), call, service.name)

    def _given(self, reference: str) -> list[str]:
        """What a service is given, in the order of its parameters: input data, then input decisions (DMN 1.5, 10.4)."""
        model, service = self._parts[reference]
        assert isinstance(service, DecisionService)
        return [full(one, model) for one in (*service.input_data, *service.input_decisions)]

    def _fits(self, reference: str) -> list[Callable[[Value], Value]]:
        """For each parameter of a service: what fits a value to the part's own type, then to that of the service."""
        given, type_ = self._given(reference), self._parts[reference][1].type
        of = (*type_.parameters, *(ANY,) * len(given))
        return [_fit(self._parts[one][1].type, then) for one, then in zip(given, of, strict=False)]

    def _served(self, reference: str, given: Mapping[str, Value]) -> Value:
        model, service = self._parts[reference]
        assert isinstance(service, DecisionService)
        outputs = tuple(full(one, model) for one in service.outputs)
        plan = self._plan(outputs, frozenset(given))
        values = dict.fromkeys(plan.inputs) | dict(given)
        self._run(plan, values)
        result = values[outputs[0]] if len(outputs) == 1 else {self._parts[one][1].name: values[one] for one in outputs}
        return fitted(results_of(service))(result)


class _Plan:
    """The inputs that decisions rest on, how each is fitted to its type, and the decisions in the order they are evaluated in."""

    def __init__(self, inputs: Sequence[InputData], references: Sequence[str], decisions: Sequence[str]) -> None:
        self.inputs, self.decisions = tuple(references), tuple(decisions)
        self.fits = {reference: fitted(part.type) for reference, part in zip(references, inputs, strict=True)}


def _plan(parts: Mapping[str, tuple[Model, Part]], wanted: Sequence[str], given: frozenset[str]) -> _Plan:
    needs: dict[str, list[str]] = {}
    left = list(reversed(wanted))
    while left:
        reference = left.pop()
        if reference not in needs and reference not in given:
            model, part = parts[reference]
            needs[reference] = [full(one, model) for one in part.requires] if isinstance(part, DecisionNode) else []
            left.extend(reversed(needs[reference]))
    kept = {key: [one for one in value if one not in given] for key, value in needs.items()}
    order = graph.in_order(kept, place=Place(), names={})
    inputs = [(one, part) for one in order if isinstance(part := parts[one][1], InputData)]
    decisions = [one for one in order if isinstance(parts[one][1], DecisionNode)]
    return _Plan([part for _, part in inputs], [one for one, _ in inputs], decisions)


def _given(found: tuple[Model, Part], inputs: Mapping[str, Any]) -> Value:
    """What *inputs* say of a part: by its name, or by ``namespace#name``."""
    model, part = found
    name = f"{model.namespace}#{part.name}"
    return feel_value(inputs.get(name, inputs.get(part.name)), name=part.name)


def _put(scope: Scope, model: Model, reference: str, name: str, value: Value) -> None:
    space, sign, _ = reference.rpartition("#")
    prefixes = ([one.name for one in model.imports if one.namespace == space] if sign else []) or [""]
    for prefix in prefixes:
        if prefix:
            scope.setdefault(prefix, {})[name] = value
        else:
            scope[name] = value


def _giving(function: Function, type_: Type) -> Function:
    """The function as its type has it, which may also be just the type of what it gives."""
    if type_.kind == "function" and (made := fitted(type_)(function)) is not None:
        return cast(Function, made)
    fit = fitted(ANY if type_.kind == "function" else type_)
    return Function(function.parameters, lambda *values: fit(function.call(*values)), function.name)


def _fit(own: Type, of: Type) -> Callable[[Value], Value]:
    first, then = fitted(own), fitted(of)
    return lambda value: then(first(value))


_NO_SERVICE = mark("there is no decision service “%(name)s”. Check the name.")
_NO_KNOWLEDGE = mark("there is no business knowledge model “%(name)s”. Check the name.")
