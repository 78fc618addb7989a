"""Loops over lists and ranges: ``for``, ``some``, ``every``, and filters (DMN 1.5 §10.3.2.5, §10.3.2.14).

Inside a filter the parts of a member that is a context go by their names, and a part that only other members have is null. ``item`` is
the member, unless a part has that name. A name that no member has and the scope lacks is a fact that is not known, as elsewhere.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from loft.decisions.errors import Missing
from loft.decisions.feel import ast, bounds
from loft.decisions.feel.building import Built, Expression, Scope, Step, build
from loft.decisions.feel.children import every
from loft.decisions.feel.result_types import typed
from loft.decisions.feel.types import BOOLEAN
from loft.decisions.feel.values import ARITHMETIC, Range, Value

Turn = tuple[str, Expression, Expression | None]
"""An iteration: the variable, its domain or first value, and the last value if there is one."""


class _NoDomain(Exception):  # noqa: N818 - ends a loop whose domain is null or too large
    pass


def for_each(node: ast.For) -> Built:
    turns, result = _turns(node.iterations), build(node.result).run
    partial = any(isinstance(part, ast.Name) and part.name == "partial" for part in every(node.result))

    def run(scope: Scope) -> Value:
        inner = dict(scope)
        results: list[Value] = []
        try:
            for _ in _visits(turns, inner):
                if partial:
                    bounds.spend(len(results))
                    inner["partial"] = list(results)
                results.append(result(inner))
        except _NoDomain:
            return None
        return results

    return Built(run)


def quantified(node: ast.Quantified) -> Built:
    """``some`` is settled by one true, ``every`` by one false; else by what is missing, else null where an answer was not boolean."""
    turns, condition = _turns(node.iterations), build(node.condition).run
    decisive = not node.every

    def run(scope: Scope) -> bool | None:
        inner, answer = dict(scope), node.every
        missing: frozenset[str] = frozenset()
        unsettled = False
        try:
            for _ in _visits(turns, inner):
                try:
                    value = condition(inner)
                except Missing as found:
                    missing |= found.names
                    continue
                if value is decisive:
                    return decisive
                unsettled |= value is not (not decisive)
        except _NoDomain:
            return None
        if missing:
            raise Missing(*missing)
        return None if unsettled else answer

    return Built(run)


def _turns(iterations: tuple[ast.Iteration, ...]) -> list[Turn]:
    return [(of.name, build(of.domain).run, build(of.last).run if of.last else None) for of in iterations]


def _visits(turns: list[Turn], inner: Scope) -> Iterator[None]:
    """Sets the variables in *inner* to each combination in turn, the last variable fastest; later domains see earlier variables."""
    (name, domain, last), rest = turns[0], turns[1:]
    for value in _members(domain(inner), last(inner)) if last else _domain(domain(inner)):
        bounds.spend()
        inner[name] = value
        if rest:
            yield from _visits(rest, inner)
        else:
            yield


def _domain(value: Value) -> Iterator[Value]:
    """The members of a list or range; of any other value, itself."""
    if value is None:
        raise _NoDomain
    if isinstance(value, Range):
        members = _members(value.low, value.high)
        return (m for m in members if (value.low_closed or m != value.low) and (value.high_closed or m != value.high))
    return iter(value) if isinstance(value, list) else iter((value,))


def _members(first: Value, last: Value) -> Iterator[Value]:
    """Whole steps of one (number or day) from the first to the last, up or down; no domain where they are too many."""
    step: Value
    if type(first) is Decimal and type(last) is Decimal:
        step = Decimal(1)
    elif type(first) is date and type(last) is date:
        step = timedelta(days=1)
    else:
        raise _NoDomain
    if abs(last - first) > bounds.MOST * step:
        raise _NoDomain
    return _counted(first, last, step if first <= last else -step)


def _counted(first: Value, last: Value, step: Value) -> Iterator[Value]:
    up = first <= last
    value = first
    while value <= last if up else value >= last:
        yield value
        if value == last:  # a step further may be past the calendar
            return
        value = ARITHMETIC.add(value, step) if isinstance(step, Decimal) else value + step


# --- filters ----------------------------------------------------------------------------------------------------------


def filter_step(node: ast.Filter) -> Step:
    condition = build(node.condition)
    if condition.constant:
        wanted = condition.value
        return lambda value, scope: _chosen(_as_list(value), wanted)
    boolean = typed(node.condition, {}) == BOOLEAN

    def step(value: Value, scope: Scope) -> Value:
        members = _as_list(value)
        if members:
            return _filtered(members, condition.run, scope)
        # no member says what the names stand for: only an index needs them
        return [] if boolean or not isinstance(condition.run(scope | {"item": None}), Decimal) else None

    return step


def _as_list(value: Value) -> list[Value]:
    """A value that is no list counts as the list of it (10.3.2.5); null as the empty list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _chosen(members: list[Value], wanted: Value) -> Value:
    """By index, or all or none by a constant condition."""
    if isinstance(wanted, Decimal):
        return _at(members, wanted)
    return members if wanted is True else [] if isinstance(wanted, bool) else None


def _at(members: list[Value], index: Decimal) -> Value:
    """The member at an index from 1, from the end where it is negative; None where there is none."""
    if not (1 <= abs(index) <= len(members)) or index != index.to_integral_value():
        return None
    return members[int(index) - 1 if index > 0 else int(index)]


def _filtered(members: list[Value], condition: Expression, scope: Scope) -> Value:
    inner, kept = dict(scope), []
    blank = dict.fromkeys(key for member in members if isinstance(member, dict) for key in member)
    for member in members:
        bounds.spend(1 + len(blank))
        inner["item"] = member
        inner.update(blank)
        if isinstance(member, dict):
            inner.update(member)
        elif "item" in blank:
            inner["item"] = member
        answer = condition(inner)
        if answer is True:
            kept.append(member)
        elif isinstance(answer, Decimal):
            return _at(members, answer)
    return kept
