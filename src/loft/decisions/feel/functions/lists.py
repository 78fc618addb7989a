"""Functions that make lists of lists (DMN 1.5, 10.3.4.4 and 10.3.4.6). Positions count from 1, below 0 from the end.

A list that is given is never changed. A position outside of it, and 0, give null. A list has at most ``signatures.MOST`` members.
"""

from collections.abc import Hashable, Iterable
from decimal import Decimal
from functools import cmp_to_key

from loft.decisions.feel import bounds
from loft.decisions.feel.compare import equal, less
from loft.decisions.feel.functions.signatures import UnfitError, bounded, builtin, whole
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.values import Function, Value

List = list[Value]


def contains(members: List, element: Value) -> bool:
    """Whether a member equals *element*; null equals null."""
    bounds.spend(len(members))
    return any(equal(member, element) is True for member in members)


def index_of(members: List, match: Value) -> List:
    """The positions of all members that equal *match*."""
    bounds.spend(len(members))
    return [Decimal(at) for at, member in enumerate(members, 1) if equal(member, match) is True]


def sublist(members: List, start: Decimal, length: Decimal | None = None) -> List:
    """The members from *start* on, *length* of them where it is told. Raises ``UnfitError`` where there are not as many."""
    begin = _place(members, start)
    if length is None:
        return members[begin:]
    size = whole(length)
    if not 1 <= size <= len(members) - begin:
        raise UnfitError
    return members[begin : begin + size]


def insert_before(members: List, position: Decimal, value: Value) -> List:
    """*members* with *value* in front of the one at *position*."""
    at = _place(members, position)
    return bounded([*members[:at], value, *members[at:]])


def remove(members: List, position: Decimal) -> List:
    """*members* without the one at *position*."""
    at = _place(members, position)
    return [*members[:at], *members[at + 1 :]]


def replace_at(members: List, position: Decimal, value: Value) -> List:
    """*members* with *value* in place of the one at *position*."""
    at = _place(members, position)
    return [*members[:at], value, *members[at + 1 :]]


def replace_matching(members: List, match: Function, value: Value) -> List:
    """*members* with *value* in place of each for which *match*, given the member and *value*, is true."""
    _takes_two(match)
    return [value if _truth(match, member, value) else member for member in members]


def _place(members: List, position: Decimal) -> int:
    """The index from 0 of a position that there is. Raises ``UnfitError``."""
    at = whole(position)
    if at == 0 or abs(at) > len(members):
        raise UnfitError
    return at - 1 if at > 0 else len(members) + at


def append(members: List, *values: Value) -> List:
    """*members* and then *values*."""
    return bounded([*members, *values])


def concatenate(*lists: List) -> List:
    """All members of all lists."""
    if sum(map(len, lists)) > bounds.MOST:
        raise UnfitError
    return [member for members in lists for member in members]


def flatten(members: List) -> List:
    """All members, with those of lists inside in place of these."""
    flat: List = []
    waiting = [iter(members)]
    while waiting:
        for member in waiting[-1]:
            bounds.spend()
            if isinstance(member, list):
                waiting.append(iter(member))
                break
            flat.append(member)
            bounded(flat)
        else:
            waiting.pop()
    return flat


def distinct(members: Iterable[Value]) -> List:
    """Each value once, where it came first."""
    kept: List = []
    alike: dict[Hashable, List] = {}
    for member in members:
        others = alike.setdefault(_bucket(member), [])
        bounds.spend(1 + len(others))
        if not any(equal(member, other) is True for other in others):
            others.append(member)
            kept.append(member)
    return kept


def _bucket(value: Value) -> Hashable:
    """Something that is the same for equal values, so that not all need be compared with all."""
    name = kind(value)
    if name == "list":
        return name, len(value), _bucket(value[0]) if value and not isinstance(value[0], list) else None
    if name == "context":
        return name, frozenset((key, _plain(part)) for key, part in value.items())
    return name, _plain(value)


def _plain(value: Value) -> Hashable:
    """The value itself where equal ones hash alike; None for all others."""
    known = ("number", "string", "boolean", "date", "days and time duration", "years and months duration")
    return value if kind(value) in known else None


def sort(members: List, precedes: Function | None = None) -> List:
    """*members* in order: of *precedes* where it is given, else from low to high. Members that neither precedes keep their order."""
    if precedes is not None:
        _takes_two(precedes)

    def compared(left: Value, right: Value) -> int:
        if _before(left, right, precedes):
            return -1
        return 1 if _before(right, left, precedes) else 0

    return sorted(members, key=cmp_to_key(compared))


def _before(left: Value, right: Value, precedes: Function | None) -> bool:
    if precedes is not None:
        return _truth(precedes, left, right)
    bounds.spend()
    answer = less(left, right)
    if answer is None:
        raise UnfitError
    return answer


def _truth(function: Function, left: Value, right: Value) -> bool:
    """What a function says of two values. Raises ``UnfitError`` where it is neither true nor false."""
    from loft.decisions.feel.evaluate_functions import apply

    answer = apply(function, [left, right])
    if not isinstance(answer, bool):
        raise UnfitError
    return answer


def _takes_two(function: Function) -> None:
    forms = function.forms or (function,)
    if not any(len(f.parameters) - f.optional <= 2 <= len(f.parameters) or f.variadic for f in forms):
        raise UnfitError


FUNCTIONS = (
    builtin("list contains", ("list: list, element: any", contains)),
    builtin("index of", ("list: list, match: any", index_of)),
    builtin("sublist", ("list: list, start position: number, [length: number]", sublist)),
    builtin("insert before", ("list: list, position: number, newItem: any", insert_before)),
    builtin("remove", ("list: list, position: number", remove)),
    builtin(
        "list replace",
        ("list: list, position: number, newItem: any", replace_at),
        ("list: list, match: function, newItem: any", replace_matching),
    ),
    builtin("append", ("list: list, item: any...", append)),
    builtin("concatenate", ("list: list...", concatenate)),
    builtin("union", ("list: list...", lambda *lists: distinct(concatenate(*lists)))),
    builtin("distinct values", ("list: list", distinct)),
    builtin("flatten", ("list: list", flatten)),
    builtin("reverse", ("list: list", lambda members: members[::-1])),
    builtin("sort", ("list: list, [precedes: function]", sort)),
)
