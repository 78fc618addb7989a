"""Which fact to ask for next: the one that leaves the least doubt about the outcome, in expectation.

Doubt is the entropy of the outcome, in bits, when each class of a fact that is not known is as likely as the others (Shannon 1948). It is
computed on the graph of completions, exactly; on samples where that would be too large.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from math import log2

from loft.decisions.completions import Completions, TooMany, Vertex
from loft.decisions.decision import Question

Shares = Mapping[Hashable, float]


def next_question(completions: Completions, missing: tuple[str, ...]) -> Question | None:
    """The question among the *missing* facts; ties go to what costs least to find out, then to the rule's own order."""
    try:
        before, after = _by_graph(completions)
    except TooMany:
        before, after = _by_samples(completions)
    inputs = {given.name: given for given in completions.network.inputs}
    left: dict[str, float] = {name: before for name in inputs if name in missing}
    for level, variable in enumerate(completions.variables):
        for name in [variable.fact] if variable.fact else variable.needs:
            if name in left:
                left[name] = min(left[name], after[level])
    order = {name: place for place, name in enumerate(inputs)}
    ranked = sorted(left, key=lambda name: (round(left[name], 9), inputs[name].cost, order[name]))
    if not ranked:
        return None
    return Question(ranked[0], before, left[ranked[0]], inputs[ranked[0]].cost)


def _entropy(shares: Iterable[float]) -> float:
    """Bits of doubt in a distribution, which need not add up to 1."""
    some = [share for share in shares if share > 0]
    total = sum(some)
    return -sum(share / total * log2(share / total) for share in some) if total else 0.0


def _by_graph(completions: Completions) -> tuple[float, list[float]]:
    """The doubt now, and what each variable would leave of it."""
    root = completions.graph()
    backward: dict[Vertex, Shares] = {}
    levels: list[list[Vertex]] = _levels(root, len(completions.variables))
    for vertex in (v for level in reversed(levels) for v in level):
        backward[vertex] = _shares(vertex, backward)
    forward: dict[Vertex, float] = defaultdict(float)
    forward[root] = 1.0
    after = []
    for vertices, variable in zip(levels, completions.variables, strict=False):
        many = len(variable.classes)
        given: list[dict[Hashable, float]] = [defaultdict(float) for _ in range(many)]
        for vertex in vertices:
            for to, by in vertex.ways:
                forward[to] += forward[vertex] * len(by) / many
                for index in by:
                    for key, share in backward[to].items():
                        given[index][key] += forward[vertex] * share
        after.append(sum(_entropy(one.values()) for one in given) / many)
    return _entropy(backward[root].values()), after


def _levels(root: Vertex, depth: int) -> list[list[Vertex]]:
    levels = [[root]]
    for _ in range(depth):
        levels.append(list({to: None for vertex in levels[-1] for to, _ in vertex.ways}))
    return levels


def _shares(vertex: Vertex, known: Mapping[Vertex, Shares]) -> Shares:
    if not vertex.ways:
        return {key: 1 / len(vertex.leaf) for key in vertex.leaf}
    total = sum(len(by) for _, by in vertex.ways)
    shares: dict[Hashable, float] = defaultdict(float)
    for to, by in vertex.ways:
        for key, share in known[to].items():
            shares[key] += share * len(by) / total
    return shares


def _by_samples(completions: Completions) -> tuple[float, list[float]]:
    samples = completions.samples()
    now = _entropy(Counter(keys for _, keys in samples).values())
    after = []
    for level in range(len(completions.variables)):
        given: dict[int, Counter[frozenset[Hashable]]] = defaultdict(Counter)
        for chosen, keys in samples:
            given[chosen[level]][keys] += 1
        after.append(sum(_entropy(one.values()) * one.total() for one in given.values()) / len(samples))
    return now, after
