"""Boxed filters and iterators made ready to run (DMN 1.5, 10.2.1.8 to 10.2.1.11).

What they go over is read as in FEEL's own ``for`` and filter: a range counts from end to end, any other value is the one member.
"""

from decimal import Decimal
from typing import Final

from loft.decisions.errors import Missing
from loft.decisions.feel import bounds
from loft.decisions.feel.ast import Filter, For, Iteration, Name
from loft.decisions.feel.evaluate import Expression, Scope, expression
from loft.decisions.feel.values import Value

_MEMBERS: Final = For((Iteration("one", Name("all")),), Name("one"))
_PICKED: Final = Filter(Name("all"), Name("index"))


def filtered(source: Expression, match: Expression) -> Expression:
    """The members of *source* for which *match* is true; null where it gives anything but true, false and null for one.

    ``item`` is the member, and its own parts go by name; a part that only other members have is null. A number picks a member.
    """
    picked = expression(_PICKED)

    def run(scope: Scope) -> Value:
        found = source(scope)
        members = found if isinstance(found, list) else [] if found is None else [found]
        blank = dict.fromkeys(key for member in members if isinstance(member, dict) for key in member)
        kept = []
        for member in members:
            bounds.spend(1 + len(blank))
            parts = member if isinstance(member, dict) else {}
            answer = match({**scope, "item": member, **blank, **parts})
            if isinstance(answer, Decimal):
                return picked({"all": members, "index": answer})
            if answer is True:
                kept.append(member)
            elif answer is not None and answer is not False:
                return None
        return kept

    return run


def iterated(kind: str, variable: str, source: Expression, result: Expression, *, partial: bool = True) -> Expression:
    """A boxed ``for``, ``some`` or ``every``; null where there is nothing to go over.

    *partial* tells whether the result of a ``for`` looks at the results so far.
    """
    members = expression(_MEMBERS)
    gathered = (_partial if partial else _results) if kind == "for" else _some if kind == "some" else _every

    def run(scope: Scope) -> Value:
        found = members({"all": source(scope)})
        return None if found is None else gathered(found, variable, result, dict(scope))

    return run


def _results(members: list[Value], variable: str, result: Expression, inner: Scope) -> Value:
    results: list[Value] = []
    for member in members:
        bounds.spend()
        inner[variable] = member
        results.append(result(inner))
    return results


def _partial(members: list[Value], variable: str, result: Expression, inner: Scope) -> Value:
    results: list[Value] = []
    for member in members:
        bounds.spend(1 + len(results))
        inner[variable], inner["partial"] = member, list(results)
        results.append(result(inner))
    return results


def _some(members: list[Value], variable: str, result: Expression, inner: Scope) -> bool | None:
    return _settled(members, variable, result, inner, decisive=True)


def _every(members: list[Value], variable: str, result: Expression, inner: Scope) -> bool | None:
    return _settled(members, variable, result, inner, decisive=False)


def _settled(members: list[Value], variable: str, result: Expression, inner: Scope, *, decisive: bool) -> bool | None:
    """Null where any answer is no boolean (the conformance kit, 1153); else one answer settles it; else what is missing; else null."""
    missing: frozenset[str] = frozenset()
    answers: set[bool | None] = set()
    for member in members:
        bounds.spend()
        inner[variable] = member
        try:
            answer = result(inner)
        except Missing as found:
            missing |= found.names
            continue
        if not (answer is None or isinstance(answer, bool)):
            return None
        answers.add(answer)
    if missing:  # it may turn out to be no boolean
        raise Missing(*missing)
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive
