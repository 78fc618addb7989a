import random

import pytest

from loft.charts import journey_map
from loft.charts.layout import Node, layout
from loft.charts.ways import Box
from tests.charts.svg import SVG, parsed

NODES = [
    {"activity": a, "unit": u, "cases": 90, "count": c, "wait_mean": 1.5}
    for a, u, c in [
        ("received", "Desk", 100),
        ("assessed", "Health", 120),
        ("asked", "Desk", 30),
        ("decided", "NAV", 95),
        ("told", "Desk", 90),
    ]
]
ARCS = [
    {"previous": a, "activity": b, "count": n, "cases": n, "wait_mean": 2.0, "wait_median": 1.0}
    for a, b, n in [
        ("received", "assessed", 95),
        ("assessed", "asked", 30),
        ("asked", "assessed", 25),
        ("assessed", "decided", 90),
        ("decided", "told", 90),
        ("received", "told", 4),
        ("told", "told", 2),
    ]
]


def _plan(nodes=NODES, arcs=ARCS, capacity=7):
    made = [Node(r["activity"], r["unit"] or "", r["count"]) for r in nodes]
    return layout(made, {(r["previous"], r["activity"]): r["count"] for r in arcs}, capacity)


def _random(seed, nodes=20, units=6):
    draw = random.Random(seed)
    made = [
        {
            "activity": f"step {i} with a name",
            "unit": f"unit {draw.randrange(units)}",
            "cases": 9,
            "count": draw.randrange(5, 500),
            "wait_mean": None,
        }
        for i in range(nodes)
    ]
    pairs = {(draw.randrange(nodes), draw.randrange(nodes)) for _ in range(nodes * 3)}
    arcs = [
        {
            "previous": made[a]["activity"],
            "activity": made[b]["activity"],
            "count": draw.randrange(1, 300),
            "wait_mean": draw.random() * 30,
        }
        for a, b in sorted(pairs)
    ]
    return made, arcs


def test_steps_stand_below_the_ones_they_mostly_follow():
    nodes = _plan().nodes
    assert nodes["received"].row < nodes["assessed"].row < nodes["decided"].row < nodes["told"].row
    assert next(iter(nodes)) == "received"


def test_a_step_stands_in_the_lane_of_its_unit():
    plan = _plan()
    edges = {lane: (sum(plan.slots[x] for x in plan.lanes[:i]), plan.slots[lane]) for i, lane in enumerate(plan.lanes)}
    for row in NODES:
        left, wide = edges[row["unit"]]
        assert left <= plan.column(plan.nodes[row["activity"]]) <= left + wide - 1


@pytest.mark.parametrize("seed", range(12))
def test_no_two_boxes_share_ground_and_the_map_is_never_too_wide(seed):
    nodes, arcs = _random(seed)
    plan = _plan(nodes, arcs)
    boxes = [Box(plan.column(n), n.row, 1, 0.9) for n in plan.nodes.values()]
    assert not any(a.meets(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    assert sum(plan.slots.values()) <= 7


def test_the_same_log_gives_the_same_map_whatever_the_order_of_its_rows():
    nodes, arcs = _random(3)
    assert str(journey_map(nodes, arcs, describe="d")) == str(journey_map(nodes[::-1], arcs[::-1], describe="d"))


@pytest.mark.parametrize("seed", range(6))
def test_no_label_lies_over_a_box_or_another_label(seed):
    nodes, arcs = _random(seed)
    tree = parsed(journey_map(nodes, arcs, describe="d").wide)
    rects = [r for g in tree.iter(f"{SVG}g") for r in g.iter(f"{SVG}rect")]
    boxes = [Box(*(float(r.get(k)) for k in ("x", "y", "width", "height"))) for r in rects]
    labels = [
        Box(float(t.get("x")) - 15, float(t.get("y")) - 10, 30, 12)
        for t in tree.iter(f"{SVG}text")
        if "label" in (t.get("class") or "")
    ]
    assert len(boxes) == len(nodes) and labels
    assert not any(label.meets(box) for label in labels for box in boxes)
    assert not any(a.meets(b) for i, a in enumerate(labels) for b in labels[i + 1 :])


def test_every_step_can_be_reached_with_the_keyboard_and_is_read_aloud():
    for drawing in (
        journey_map(NODES, ARCS, describe="d", link=lambda a: f"#{a}"),
        journey_map(NODES, ARCS, describe="d"),
    ):
        for text in (drawing.wide, drawing.narrow):
            tree = parsed(text)
            stops = [e for e in tree.iter() if e.get("class") == "node"]
            assert len(stops) == len(NODES) and all(e.get("href") or e.get("tabindex") == "0" for e in stops)
            assert all(e.get("aria-label") for e in stops)
            assert tree.get("role") == "group" and tree.get("aria-label") == "d"


def test_arcs_are_as_wide_as_they_are_used_and_back_ones_look_different():
    tree = parsed(journey_map(NODES, ARCS, describe="d").wide)
    arcs = {
        p.find(f"{SVG}title").text.split(":")[0]: p
        for p in tree.iter(f"{SVG}path")
        if p.get("class", "").startswith("arc")
    }
    assert float(arcs["received → assessed"].get("stroke-width")) > float(arcs["received → told"].get("stroke-width"))
    assert arcs["asked → assessed"].get("class") == "arc back"
    assert "told → told" not in arcs


def test_a_withheld_arc_is_not_drawn():
    arcs = [{**ARCS[0], "count": None, "wait_mean": None}, *ARCS[1:]]
    assert "received → assessed" not in journey_map(NODES, arcs, describe="d").wide


def test_more_units_than_lanes_share_one():
    nodes = [{"activity": f"a{i}", "unit": f"u{i}", "cases": 9, "count": 100 - i, "wait_mean": None} for i in range(12)]
    arcs = [{"previous": f"a{i}", "activity": f"a{i + 1}", "count": 9, "wait_mean": 1.0} for i in range(11)]
    drawing = journey_map(nodes, arcs, describe="d").wide
    assert "Other units" in drawing and ">u6<" not in drawing and ">u5<" in drawing


def test_a_log_without_units_has_no_lane_names_and_an_empty_one_draws():
    nodes = [{**n, "unit": None} for n in NODES]
    assert "No unit given" not in journey_map(nodes, ARCS, describe="d").wide
    assert parsed(journey_map([], [], describe="d").wide) is not None


def test_a_step_whose_way_in_is_not_drawn_stands_where_it_usually_comes():
    nodes = [{**n, "position": p} for n, p in zip(NODES, [0, 1, 2, 3, 4], strict=True)]
    nodes.append({"activity": "paid", "unit": "Bank", "cases": 9, "count": 9, "wait_mean": None, "position": 3.5})
    plan = layout(
        [Node(r["activity"], r["unit"], r["count"], r["position"]) for r in nodes],
        {(r["previous"], r["activity"]): r["count"] for r in ARCS},
        7,
    )
    assert plan.nodes["paid"].row >= plan.nodes["decided"].row > 0
