"""The ways arcs take between the boxes of the map."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from loft.charts.drawing import number
from loft.charts.layout import Layout

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle; ``meets`` is whether it shares ground with another."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def meets(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Way:
    """An arc's path, where it ends and in which direction, whether it runs back, and points where a label may stand."""

    path: str
    end: Point
    direction: str
    back: bool
    points: tuple[Point, ...]

    def head(self, thickness: float) -> str:
        """The arrowhead, as a path."""
        half, long = 3.5 + thickness * 0.55, 7 + thickness * 0.5
        x, y = self.end
        dx, dy = {"down": (0, 1), "up": (0, -1), "left": (-1, 0), "right": (1, 0)}[self.direction]
        ax, ay = x - dx * long, y - dy * long
        corners = [(x, y), (ax + dy * half, ay + dx * half), (ax - dy * half, ay - dx * half)]
        return "M" + " L".join(f"{number(a)},{number(b)}" for a, b in corners) + "Z"


def ways(
    arcs: Mapping[tuple[str, str], float], boxes: Mapping[str, Box], plan: Layout, width: float
) -> dict[tuple[str, str], Way]:
    """A way for each arc (its value is its thickness): down from box to box, back ones up, around what stands between."""
    row = {name: node.row for name, node in plan.nodes.items()}
    ends = _ends(arcs, boxes, row)
    by_row: dict[int, list[Box]] = defaultdict(list)
    for name, box in boxes.items():
        by_row[row[name]].append(box)
    busy: dict[tuple[int, int], int] = defaultdict(int)
    done = {}
    for (before, after), _ in sorted(arcs.items(), key=lambda a: (-a[1], a[0])):
        if before == after:
            continue
        start, end = ends[before, after]
        if row[before] == row[after]:
            done[before, after] = _beside(start, end, boxes[before].bottom)
            continue
        step = 1 if row[after] > row[before] else -1
        between = range(row[before] + step, row[after], step)
        points = [start, *_around(start, end, between, by_row, busy, step, width), end]
        done[before, after] = _curve(points, step)
    return done


def _ends(
    arcs: Mapping[tuple[str, str], float], boxes: Mapping[str, Box], row: Mapping[str, int]
) -> dict[tuple[str, str], tuple[Point, Point]]:
    """Where each arc leaves and arrives: spread along the edge in the order of where it leads, so that arcs do not cross at the box."""
    edges: dict[tuple[str, str], list[tuple[float, tuple[str, str], int]]] = defaultdict(list)
    for before, after in sorted(arcs):
        if before == after:
            continue
        leaves = "bottom" if row[after] >= row[before] else "top"
        enters = "top" if row[after] > row[before] else "bottom"
        edges[before, leaves].append((boxes[after].centre, (before, after), 0))
        edges[after, enters].append((boxes[before].centre, (before, after), 1))
    found: dict[tuple[tuple[str, str], int], Point] = {}
    for (name, edge), meeting in edges.items():
        box = boxes[name]
        gap = min(16.0, (box.width - 24) / max(len(meeting) - 1, 1))
        for i, (_, arc, end) in enumerate(sorted(meeting)):
            x = box.centre + (i - (len(meeting) - 1) / 2) * gap
            found[arc, end] = (x, box.bottom if edge == "bottom" else box.y)
    return {arc: (found[arc, 0], found[arc, 1]) for arc in arcs if arc[0] != arc[1]}


def _around(
    start: Point,
    end: Point,
    between: range,
    by_row: Mapping[int, list[Box]],
    busy: dict[tuple[int, int], int],
    step: int,
    width: float,
) -> list[Point]:
    """Points that lead past the boxes of each row in between, two for each row so that the way past is straight."""
    points = []
    x = start[0]
    for i, r in enumerate(between):
        boxes = sorted(by_row.get(r, []), key=lambda b: b.x)
        straight = x + (end[0] - x) / (len(between) - i + 1)
        x = _free(straight, boxes, width)
        lane = round(x / 14)
        x += 7 * ((busy[r, lane] + 1) // 2) * (-1 if busy[r, lane] % 2 else 1)
        busy[r, lane] += 1
        x = min(max(x, 4.0), width - 4.0)
        top = boxes[0].y if boxes else start[1]
        low = boxes[0].bottom if boxes else start[1]
        points += [(x, top), (x, low)] if step > 0 else [(x, low), (x, top)]
    return points


def _free(x: float, boxes: list[Box], width: float) -> float:
    """The place nearest to *x* that is clear of every box."""
    clear = 10.0
    places = [x] + [edge for b in boxes for edge in (b.x - clear, b.x + b.width + clear)]
    free = [
        p for p in places if 2 <= p <= width - 2 and not any(b.x - clear < p < b.x + b.width + clear for b in boxes)
    ]
    return min(free, key=lambda p: abs(p - x), default=x)


def _curve(points: list[Point], step: int) -> Way:
    end = points[-1]
    points = [*points[:-1], (end[0], end[1] - 6 * step)]
    path = f"M{number(points[0][0])},{number(points[0][1])}"
    labels: list[tuple[float, Point]] = []
    for (x1, y1), (x2, y2) in pairwise(points):
        if abs(x1 - x2) < 0.05:
            path += f" L{number(x2)},{number(y2)}"
        else:
            bend = (y1 + y2) / 2
            path += f" C{number(x1)},{number(bend)} {number(x2)},{number(bend)} {number(x2)},{number(y2)}"
        for part in (0.5, 0.3, 0.7):
            ease = 3 * part**2 - 2 * part**3
            labels.append((abs(part - 0.5), (x1 + (x2 - x1) * ease, y1 + (y2 - y1) * part)))
    return Way(
        path, end, "down" if step > 0 else "up", step < 0, tuple(p for _, p in sorted(labels, key=lambda p: p[0]))
    )


def _beside(start: Point, end: Point, bottom: float) -> Way:
    """From the lower edge of a box to the lower edge of another in the same row."""
    dip = bottom + 26
    path = (
        f"M{number(start[0])},{number(start[1])} C{number(start[0])},{number(dip)} {number(end[0])},{number(dip)} "
        f"{number(end[0])},{number(end[1] + 6)}"
    )
    middle = ((start[0] + end[0]) / 2, bottom + 20)
    return Way(path, end, "up", end[0] < start[0], (middle,))
