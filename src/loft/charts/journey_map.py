"""The map of how cases travel: units as lanes, steps as boxes, arcs as wide as they are much used."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from loft.charts import numbers
from loft.charts.drawing import NARROW, WIDE, Drawing, element, number, svg, text, text_width, wrap
from loft.charts.layout import Layout, Node, layout, place
from loft.charts.ways import Box, Way, ways
from loft.language import gettext
from loft.vocabulary import activity_name

_BOX_H, _ROW, _HEAD = 58.0, 104.0, 46.0
_CAPACITY = 7
_LABELS = 24
_STEPS, _ARCS_PER_STEP = 30, 2.2
Row = Mapping[str, Any]


def journey_map(nodes: Any, arcs: Any, *, describe: str, link: Callable[[str], str] | None = None) -> Drawing:
    """*nodes* (activity, unit, cases, count) and *arcs* (previous, activity, count, wait_mean in days) as a map.

    Both are anything with ``.rows()``, or a list of dictionaries. *link* gives the address a step leads to, so that the map can be
    walked with the keyboard; without it the steps can still be reached and are read aloud. Arcs whose count is withheld are left out.
    More units than fit share a lane of their own. At most 30 steps are drawn, and of their arcs the most used and the strongest
    into and out of each step: more could not be read. The wide drawing runs downwards with a lane for each unit; the
    narrow one is a list with arcs at its sides.
    """
    steps, links = most_used(nodes, arcs)
    lane_of, position = _lanes(steps), _positions(nodes, arcs)
    plan = layout(
        [Node(r["activity"], lane_of[r["activity"]], float(r["count"] or 1), position[r["activity"]]) for r in steps],
        {(r["previous"], r["activity"]): float(r["count"]) for r in links},
        _CAPACITY,
    )
    drawer = _Map(plan, {r["activity"]: r for r in steps}, links, link)
    return Drawing(drawer.wide(describe), drawer.narrow(describe))


def most_used(nodes: Any, arcs: Any) -> tuple[list[Row], list[Row]]:
    """The steps and the arcs that the map draws."""
    steps = [row for row in _rows(nodes) if row["activity"] is not None]
    steps = sorted(steps, key=lambda r: (-(r["count"] or 0), r["activity"]))[:_STEPS]
    known = {row["activity"] for row in steps}
    links = [r for r in _rows(arcs) if r["count"] and r["previous"] in known and r["activity"] in known]
    links.sort(key=lambda r: (-r["count"], r["previous"], r["activity"]))
    kept: list[Row] = []
    left: set[str] = set()
    reached: set[str] = set()
    for row in links:
        own = row["previous"] == row["activity"]
        if len(kept) < _ARCS_PER_STEP * len(steps) or (
            not own and (row["previous"] not in left or row["activity"] not in reached)
        ):
            kept.append(row)
            if not own:
                left.add(row["previous"])
                reached.add(row["activity"])
    return steps, kept


def _positions(nodes: Any, arcs: Any) -> dict[str, float | None]:
    """How far into a case each step comes: as it is given, else worked out from every arc, drawn or not."""
    every = [
        Node(r["activity"], "", float(r["count"] or 1), position=r.get("position"))
        for r in _rows(nodes)
        if r["activity"]
    ]
    known = {node.name for node in every}
    counts = {(r["previous"], r["activity"]): float(r["count"]) for r in _rows(arcs) if r["count"]}
    place(every, {ends: count for ends, count in counts.items() if known.issuperset(ends)})
    return {node.name: node.position for node in every}


def _rows(table: Any) -> Sequence[Row]:
    found: Sequence[Row] = table.rows() if hasattr(table, "rows") else table
    return found


def _lanes(steps: Sequence[Row]) -> dict[str, str]:
    """The lane of each step: its unit, or the shared one when there are more units than lanes."""
    weight: dict[str, float] = defaultdict(float)
    for row in steps:
        weight[row["unit"] or ""] += row["count"] or 1
    kept = sorted(weight, key=lambda u: (-weight[u], u))
    kept = kept if len(kept) <= _CAPACITY else kept[: _CAPACITY - 1]
    return {r["activity"]: (r["unit"] or "") if (r["unit"] or "") in kept else gettext("Other units") for r in steps}


class _Map:
    def __init__(
        self, plan: Layout, steps: Mapping[str, Row], links: Sequence[Row], link: Callable[[str], str] | None
    ) -> None:
        self.plan, self.steps, self.link = plan, steps, link
        self.links = sorted(links, key=lambda r: (r["count"], r["previous"], r["activity"]))
        self.most = max((r["count"] for r in links), default=1)

    def thickness(self, row: Row) -> float:
        return 1.2 + 7.8 * float(row["count"]) / self.most

    def node(self, name: str, box: Box) -> str:
        """A step's box: a link when there is somewhere to go, else something the keyboard can stop at."""
        row = self.steps[name]
        cases = numbers.count(row["cases"]) if row["cases"] is not None else "–"
        under = gettext("%(count)s cases") % {"count": cases}
        called = activity_name(name)
        words = [called, row["unit"] or "", under]
        if row.get("wait_mean") is not None:
            words.append(gettext("wait before it: %(days)s") % {"days": numbers.days(row["wait_mean"])})
        label = ", ".join(w for w in words if w)
        lines = wrap(called, box.width - 14, 2 if box.height <= _BOX_H else 3, 12.5)
        first = box.y + box.height / 2 - 8 * len(lines) + 4
        body = element("title", escape(label))
        body += element("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=6)
        for i, line in enumerate(lines):
            body += text(box.centre, first + 16 * i, line, anchor="middle", class_="strong")
        body += text(box.centre, first + 16 * len(lines) + 1, under, anchor="middle")
        if self.link:
            return element("a", body, href=self.link(name), class_="node", aria_label=label)
        return element("g", body, tabindex=0, role="img", class_="node", aria_label=label)

    def wide(self, describe: str) -> str:
        total = sum(self.plan.slots.values()) or 1
        head = _HEAD + 14 if any(self.plan.lanes) else 20.0
        slot = WIDE / total
        broad = min(slot - 26, 200.0)
        high = (
            _BOX_H
            if all(len(wrap(activity_name(name), broad - 14, 3, 12.5)) < 3 for name in self.plan.nodes)
            else _BOX_H + 16
        )
        step = _ROW - _BOX_H + high
        boxes = {
            name: Box((self.plan.column(n) + 0.5) * slot - broad / 2, head + n.row * step, broad, high)
            for name, n in self.plan.nodes.items()
        }
        height = head + self.plan.rows * step - (step - high) + 28
        body = self.lane_grounds(slot, height)
        drawn = ways(
            {(r["previous"], r["activity"]): self.thickness(r) for r in self.links},
            boxes,
            self.plan,
            width=slot * total,
        )
        body += self.arcs(drawn)
        body += [self.node(name, box) for name, box in boxes.items()]
        body += self.labels(drawn, list(boxes.values()))
        return svg(body, width=WIDE, height=height, describe=describe, wide=True, role="group")

    def lane_grounds(self, slot: float, height: float) -> list[str]:
        body, x = [], 0.0
        named = any(self.plan.lanes)
        for i, lane in enumerate(self.plan.lanes):
            width = self.plan.slots[lane] * slot
            body.append(
                element("rect", x=x, y=0.0, width=width, height=height, class_="lane" if i % 2 == 0 else "lane even")
            )
            if named:
                name = lane or gettext("No unit given")
                lines = wrap(name, (width - 12) / 1.08, 2)
                for j, line in enumerate(lines):
                    body.append(text(x + width / 2, 20 + 16 * j, line, anchor="middle", class_="strong", full=name))
            x += width
        return body

    def arcs(self, drawn: Mapping[tuple[str, str], Way]) -> list[str]:
        body = []
        for row in self.links:
            way = drawn.get((row["previous"], row["activity"]))
            if way is None:
                continue
            back = " back" if way.back else ""
            words = (
                f"{activity_name(row['previous'])} → {activity_name(row['activity'])}: {numbers.count(row['count'])}"
            )
            if row["wait_mean"] is not None:
                words += ", " + gettext("wait before it: %(days)s") % {"days": numbers.days(row["wait_mean"])}
            title = element("title", escape(words))
            body.append(element("path", title, d=way.path, class_=f"arc{back}", stroke_width=self.thickness(row)))
            body.append(element("path", d=way.head(self.thickness(row)), class_=f"head{back}"))
        return body

    def labels(self, drawn: Mapping[tuple[str, str], Way], boxes: Sequence[Box]) -> list[str]:
        """The mean wait on the most used arcs, where there is room for it."""
        taken = list(boxes)
        body: list[str] = []
        for row in reversed(self.links):
            way = drawn.get((row["previous"], row["activity"]))
            if way is None or not row["wait_mean"] or row["count"] < self.most / 50 or len(body) == _LABELS:
                continue
            words = numbers.days(row["wait_mean"])
            width = text_width(words, 12)
            for x, y in way.points:
                place = Box(x - width / 2 - 3, y - 9, width + 6, 18)
                if place.x >= 0 and place.x + place.width <= WIDE and not any(place.meets(other) for other in taken):
                    taken.append(place)
                    body.append(text(x, y + 4, words, anchor="middle", class_="label halo"))
                    break
        return body

    def narrow(self, describe: str) -> str:
        """Boxes one under another; an arc to the next is a line, others run at the sides, forwards right and back left."""
        names = list(self.plan.nodes)
        place = {name: i for i, name in enumerate(names)}
        left, wide, step, high = 46.0, 236.0, 92.0, 58.0
        boxes = {name: Box(left, i * step + 4, wide, high) for name, i in place.items()}
        body: list[str] = []
        labels: list[str] = []
        strongest = self.links[-3 * len(names) :]
        for row in strongest:
            a, b = boxes[row["previous"]], boxes[row["activity"]]
            span = place[row["activity"]] - place[row["previous"]]
            way = _side(a, b, span, len(names))
            if way is None:
                continue
            back = " back" if span < 0 else ""
            thick = min(self.thickness(row), 7.0)
            body.append(element("path", d=way.path, class_=f"arc{back}", stroke_width=thick))
            body.append(element("path", d=way.head(thick), class_=f"head{back}"))
            if span == 1 and row["wait_mean"]:
                labels.append(text(a.centre + 12, a.y + high + 21, numbers.days(row["wait_mean"]), class_="label halo"))
        body += [self.node(name, box) for name, box in boxes.items()]
        return svg(
            body + labels, width=NARROW, height=len(names) * step - 26, describe=describe, wide=False, role="group"
        )


def _side(a: Box, b: Box, span: int, count: int) -> Way | None:
    if span == 0:
        return None
    if span == 1:
        return Way(
            f"M{number(a.centre)},{number(a.bottom)} L{number(b.centre)},{number(b.y - 6)}",
            (b.centre, b.y),
            "down",
            False,
            (),
        )
    out = 18 + min(abs(span), count) / count * (52 if span > 0 else 24)
    side = a.x + a.width if span > 0 else a.x
    sign = 1 if span > 0 else -1
    x = side + sign * out
    y1, y2 = a.y + a.height * 0.68, b.y + b.height * 0.32
    path = f"M{number(side)},{number(y1)} C{number(x)},{number(y1)} {number(x)},{number(y2)} {number(side + sign * 6)},{number(y2)}"
    return Way(path, (side, y2), "left" if span > 0 else "right", span < 0, ())
