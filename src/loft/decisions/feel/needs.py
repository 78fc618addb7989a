"""Which names an expression rests on."""

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache

from loft.decisions.feel.ast import Call, ContextOf, Filter, For, FunctionDefinition, Name, Node, Quantified


@lru_cache(maxsize=50_000)
def needs(node: Node) -> frozenset[str]:
    """The names that *node* looks up in its scope: variables and functions, not those it brings itself (parameters, ``for`` variables).

    Inside a filter a bare name may be a part of the member; it is given too.
    """
    return frozenset(_needs(node, frozenset()))


def _needs(node: Node, bound: frozenset[str]) -> Iterator[str]:
    pending: list[tuple[Node, frozenset[str]]] = [(node, bound)]
    while pending:
        part, own = pending.pop()
        match part:
            case Name(name):
                if name not in own:
                    yield name
            case For(iterations, result) | Quantified(_, iterations, result):
                for turn in iterations:
                    pending.append((turn.domain, own))
                    if turn.last is not None:
                        pending.append((turn.last, own))
                    own = own | {turn.name}
                pending.append((result, own | {"partial"}))
            case FunctionDefinition(parameters, body, _):
                pending.append((body, own | {name for name, _ in parameters}))
            case Filter(source, condition):
                pending += [(source, own), (condition, own | {"item"})]
            case ContextOf(entries):
                for name, value in entries:
                    pending.append((value, own))
                    own = own | {name}
            case Call(function, values, _):
                pending += [(function, own), *((value, own) for value in values)]
            case _:
                pending += [(child, own) for child in _children(part)]


def _children(node: Node) -> Iterator[Node]:
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, Node))
