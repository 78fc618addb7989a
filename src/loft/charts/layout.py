"""Where the map's nodes and arcs go: layers, lanes and ways between the boxes.

A small version of Sugiyama, Tagawa and Toda (1981), "Methods for visual understanding of hierarchical system structures": layers by how
far into a case a step usually comes, order within a layer by the barycentre of its neighbours, long arcs led around the boxes.
Lanes, one for each unit, come on top: a node may only stand in its own lane.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

Arcs = Mapping[tuple[str, str], float]


@dataclass
class Node:
    """A step on the map: ``row`` is its layer, ``slot`` its place in the lane (may be a half). ``position`` is how many steps into
    a case it usually comes, worked out from the arcs when it is not known for every node."""

    name: str
    lane: str
    count: float
    position: float | None = None
    row: int = 0
    slot: float = 0.0


@dataclass
class Layout:
    """The nodes in reading order, the lanes from left to right, how many slots each has, and the number of rows."""

    nodes: dict[str, Node]
    lanes: list[str]
    slots: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return max((n.row for n in self.nodes.values()), default=-1) + 1

    def column(self, node: Node) -> float:
        """The node's place counted in slots from the left edge."""
        return sum(self.slots[lane] for lane in self.lanes[: self.lanes.index(node.lane)]) + node.slot


def layout(nodes: Sequence[Node], arcs: Arcs, capacity: int) -> Layout:
    """Every node with its row and slot, at most *capacity* slots wide in all.

    The same input gives the same layout, whatever the order of *arcs*.
    """
    arcs = {(a, b): c for (a, b), c in arcs.items() if a != b}
    place(nodes, arcs)
    ordered = sorted(nodes, key=lambda n: (n.position or 0.0, -n.count, n.name))
    plan = Layout({n.name: n for n in ordered}, _lane_order(ordered, arcs))
    depends = _dependencies(ordered, arcs)
    wanted = _rows(ordered, depends, dict.fromkeys(plan.lanes, capacity))
    plan.slots = _share_slots(wanted, plan.lanes, capacity)
    _rows(ordered, depends, plan.slots)
    _slots(plan, arcs)
    plan.nodes = {n.name: n for n in sorted(ordered, key=lambda n: (n.row, plan.column(n)))}
    return plan


def place(nodes: Sequence[Node], arcs: Arcs) -> None:
    """Give each node its position.

    How many steps into a case each step usually comes, where it is not given: the mean over its arcs in of (the position before + 1).

    What a common step's arcs in do not account for are cases that begin with it, at position 0; a rare step's may be withheld, so it
    goes by the arcs that are known, and one with none stands just before what follows it. Damped, so that loops have a solution.
    """
    if all(n.position is not None for n in nodes):
        return
    arcs = {(a, b): c for (a, b), c in arcs.items() if a != b}
    index = {n.name: i for i, n in enumerate(nodes)}
    inflow = np.zeros((len(nodes), len(nodes)))
    for (before, after), count in arcs.items():
        inflow[index[after], index[before]] += count
    into, counts = inflow.sum(axis=1), np.array([n.count for n in nodes])
    begins = np.maximum(counts - into, 0)
    begins[begins < 0.1 * counts.max(initial=0)] = 0
    weights = inflow / np.maximum(into + begins, 1e-9)[:, None] * 0.98
    places = np.linalg.solve(np.eye(len(nodes)) - weights, weights.sum(axis=1)) if len(nodes) else np.zeros(0)
    for i in np.flatnonzero((into == 0) & (begins == 0)):
        follows = np.flatnonzero(inflow[:, i])
        places[i] = max(places[follows].min() - 1, 0.5) if len(follows) else places.max()
    for node, found in zip(nodes, places, strict=True):
        node.position = round(float(found), 9)


def _dependencies(ordered: Sequence[Node], arcs: Arcs) -> dict[str, list[str]]:
    """For each node the earlier ones it must stand below: its strongest way in, and any that carries a fifth of either end."""
    place = {n.name: i for i, n in enumerate(ordered)}
    out: dict[str, float] = defaultdict(float)
    into: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (before, after), count in sorted(arcs.items()):
        out[before] += count
        if place[before] < place[after]:
            into[after].append((count, before))
    depends = {}
    for after, ways in into.items():
        total = sum(count for count, _ in ways)
        strongest = max(ways)[1]
        depends[after] = [b for count, b in ways if b == strongest or count >= 0.2 * total or count >= 0.2 * out[b]]
    return depends


def _rows(ordered: Sequence[Node], depends: Mapping[str, list[str]], slots: Mapping[str, int]) -> dict[str, int]:
    """Give each node its row, never more in one lane and row than there are slots. Returns the fullest row of each lane.

    A node that follows none of those drawn, and is not where cases begin, stands beside the one before it in the order.
    """
    row: dict[str, int] = {}
    used: dict[tuple[str, int], int] = defaultdict(int)
    beside = 0
    for node in ordered:
        alone = beside if (node.position or 0.0) > 0.5 else 0
        level = max((row[before] + 1 for before in depends.get(node.name, ())), default=alone)
        while used[node.lane, level] >= slots[node.lane]:
            level += 1
        used[node.lane, level] += 1
        row[node.name] = node.row = beside = level
    fullest: dict[str, int] = defaultdict(int)
    for (lane, _), count in used.items():
        fullest[lane] = max(fullest[lane], count)
    return fullest


def _share_slots(wanted: Mapping[str, int], lanes: Sequence[str], capacity: int) -> dict[str, int]:
    slots = dict.fromkeys(lanes, 1)
    while sum(slots.values()) < capacity:
        short = [lane for lane in lanes if slots[lane] < wanted[lane]]
        if not short:
            break
        slots[max(short, key=lambda lane: (wanted[lane] / slots[lane], -lanes.index(lane)))] += 1
    return slots


def _lane_order(ordered: Sequence[Node], arcs: Arcs) -> list[str]:
    """Lanes so that arcs between them are short: by first position, then swapped as long as a swap helps."""
    lanes = list(dict.fromkeys(n.lane for n in ordered))
    lane_of = {n.name: n.lane for n in ordered}
    between: dict[tuple[str, str], float] = defaultdict(float)
    for (before, after), count in sorted(arcs.items()):
        between[lane_of[before], lane_of[after]] += count

    def length() -> float:
        return sum(count * abs(lanes.index(a) - lanes.index(b)) for (a, b), count in between.items())

    best, better = length(), True
    while better:
        better = False
        for i in range(len(lanes)):
            for j in range(i + 1, len(lanes)):
                lanes[i], lanes[j] = lanes[j], lanes[i]
                now = length()
                if now < best - 1e-9:
                    best, better = now, True
                else:
                    lanes[i], lanes[j] = lanes[j], lanes[i]
    return lanes


def _slots(plan: Layout, arcs: Arcs) -> None:
    """Order nodes that share lane and row by the barycentre of their neighbours, and centre them in the lane."""
    groups: dict[tuple[str, int], list[Node]] = defaultdict(list)
    for node in plan.nodes.values():
        groups[node.lane, node.row].append(node)
    near: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for (before, after), count in sorted(arcs.items()):
        near[before].append((after, count))
        near[after].append((before, count))
    for _ in range(4):
        for (lane, _), group in sorted(groups.items(), key=lambda g: g[0][1]):
            centre = {}
            for node in group:
                ways = near[node.name] or [(node.name, 1.0)]
                weight = sum(c for _, c in ways) or 1.0
                centre[node.name] = sum(plan.column(plan.nodes[other]) * c for other, c in ways) / weight
            group.sort(key=lambda n: (centre[n.name], n.name))
            for i, node in enumerate(group):
                node.slot = (plan.slots[lane] - len(group)) / 2 + i
