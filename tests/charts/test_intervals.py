import pytest

from loft.charts import intervals
from loft.language import speaking
from tests.charts.svg import SVG, outside, overlaps, parsed, words


def _drawn(places=range(-6, 7), **more):
    middle = [0.2 * p + 0.1 for p in places]
    more = {"describe": "Forskjell måned for måned", "mark": (0, "Start"), "unit": "dager", "axis": "måneder"} | more
    return intervals(list(places), middle, [m - 1 for m in middle], [m + 1 for m in middle], **more)


ALL = {
    "a year": _drawn(),
    "four years": _drawn(range(-24, 25)),
    "one": _drawn([0]),
    "far apart": _drawn([-3, 40]),
    "named": _drawn(labels=[f"{i}. måned" for i in range(13)]),
    "shares": intervals(
        [0, 1], [-0.12, -0.1], [-0.2, -0.18], [-0.02, 0], describe="Andel", factor=100, unit="prosentpoeng"
    ),
    "nothing known": intervals([0, 1], [None, None], [None, None], [None, None], describe="Ingenting"),
}


@pytest.mark.parametrize("name", ALL)
def test_the_drawing_is_named_has_no_colours_and_no_text_over_another(name):
    for drawing in (ALL[name].wide, ALL[name].narrow):
        tree = parsed(drawing)
        assert tree.get("role") == "img" and tree.get("aria-label")
        assert "style=" not in drawing and "fill=" not in drawing and "stroke=" not in drawing
        assert overlaps(drawing) == [] and outside(drawing) == []


def test_a_point_stands_in_the_middle_of_its_range_and_negative_ones_below_the_line_through_0():
    tree = parsed(intervals([0, 1], [-2.0, 3.0], [-4.0, 1.0], [0.0, 5.0], describe="d").wide)
    [zero] = [float(t.get("y1")) for t in tree.iter(f"{SVG}line") if t.get("class") == "axis"]
    ranges = [(float(t.get("y1")), float(t.get("y2"))) for t in tree.iter(f"{SVG}line") if t.get("class") == "line"]
    dots = [float(t.get("cy")) for t in tree.iter(f"{SVG}circle")]
    assert dots == pytest.approx([sum(r) / 2 for r in ranges], abs=0.1)
    assert dots[0] > zero > dots[1] and ranges[0][0] == pytest.approx(zero, abs=0.1)


def test_what_is_not_known_is_not_drawn():
    tree = parsed(intervals([0, 1, 2], [1.0, None, 3.0], [0.5, None, 3.0], [2.0, None, 3.0], describe="d").wide)
    assert len(list(tree.iter(f"{SVG}circle"))) == 2
    assert len([t for t in tree.iter(f"{SVG}line") if t.get("class") == "line"]) == 1


def test_shares_are_told_in_percentage_points_in_the_language_in_force():
    with speaking("nb"):
        drawing = intervals(
            [0, 1], [-0.12, -0.1], [-0.2, -0.18], [-0.02, 0], describe="Andel", factor=100, unit="prosentpoeng"
        )
    assert {"−20", "0", "prosentpoeng"} <= set(words(drawing.wide))


def test_values_that_do_not_go_together_are_refused():
    with pytest.raises(ValueError, match="one value for each"):
        intervals([0, 1], [1.0], [0.0], [2.0], describe="d")
    with pytest.raises(ValueError, match="must rise"):
        intervals([1, 0], [1.0, 2], [0.0, 1], [2.0, 3], describe="d")
