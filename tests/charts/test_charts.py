import random
from datetime import date
from itertools import pairwise

import pytest

from loft.charts import Part, bars, columns, draw, lines, numbers
from loft.charts.drawing import spread, text_width, ticks, wrap
from loft.language import gettext, speaking
from tests.charts.svg import SVG, outside, overlaps, parsed, words

STEPS = ["Søknad mottatt", "Overlevert til vurdering hos helse og mestring", "Vurdering", "Vedtak"]
WORK, WAIT = [0.2, 0.0, 1.4, None], [1.1, 6.4, 5.2, None]
MONTHS = [date(2022 + i // 12, i % 12 + 1, 1) for i in range(48)]


@pytest.fixture(autouse=True)
def _norwegian():
    with speaking("nb"):
        yield


def _bars(**more):
    return bars(
        STEPS,
        [Part("Arbeid", WORK), Part("Venting", WAIT, "wait")],
        notes=["A", "B", "C", "D"],
        describe="Arbeid og venting",
        **more,
    )


def _lines(seed=1, months=MONTHS, **more):
    draw = random.Random(seed)
    middle = [30 + draw.random() * 9 for _ in months]
    return lines(
        months,
        middle,
        low=[m * 0.6 for m in middle],
        high=[m * 1.5 for m in middle],
        against=[m + 2 for m in middle],
        against_name="Før",
        name="Median",
        band_name="Halvparten",
        describe="Tid",
        **more,
    )


def _columns(**more):
    return columns(
        [str(n) for n in range(1, 9)],
        [0.12, 0.3, 0.2, 0.1, 0.05, 0.01, None, 0.004],
        describe="Dører",
        axis="dører",
        **more,
    )


ALL = {
    "bars": _bars(),
    "lines": _lines(),
    "lines of three months": _lines(months=MONTHS[:3]),
    "columns": _columns(),
    "columns against": _columns(against=[0.2] * 8, names=("2025", "2024")),
}


@pytest.mark.parametrize("name", ALL)
def test_a_chart_is_named_has_no_colour_of_its_own_and_no_style(name):
    for drawing in (ALL[name].wide, ALL[name].narrow):
        tree = parsed(drawing)
        assert tree.get("role") == "img" and tree.get("aria-label")
        assert "style=" not in drawing and "fill=" not in drawing and "stroke=" not in drawing


@pytest.mark.parametrize("name", ALL)
def test_no_text_lies_over_another_or_outside(name):
    for drawing in (ALL[name].wide, ALL[name].narrow):
        assert overlaps(drawing) == []
        assert outside(drawing) == []


def test_bars_are_as_long_as_their_values_and_end_in_the_sum():
    tree = parsed(_bars().wide)
    widths = [
        float(r.get("width"))
        for r in tree.iter(f"{SVG}rect")
        if float(r.get("height")) == 14 and float(r.get("y")) > 20
    ]
    assert widths[0] / widths[1] == pytest.approx(0.2 / 1.1, rel=0.02)
    assert widths[2] / widths[1] == pytest.approx(6.4 / 1.1, rel=0.02)
    said = words(_bars().wide)
    assert any(w.startswith("1,3") for w in said) and any(w.startswith("6,6") for w in said)


def test_a_bar_that_is_withheld_says_so_and_draws_nothing():
    drawing = _bars(withheld="færre enn 5").wide
    assert "færre enn 5" in words(drawing)
    assert drawing.count('height="14"') - 2 == 5


def test_a_long_label_is_cut_and_told_in_full_on_pointing():
    drawing = bars(["x" * 200], [Part("A", [1.0])], describe="d").wide
    assert any(w.endswith("…") for w in words(drawing)) and f"<title>{'x' * 200}</title>" in drawing


def test_a_month_without_a_figure_leaves_a_gap():
    values = [3.0, 4.0, None, 5.0, 6.0]
    drawing = lines(MONTHS[:5], values, low=values, high=values, name="Median", describe="d").wide
    assert drawing.count('class="line"') == 2 and drawing.count('class="band"') == 2


def test_a_mark_stands_at_its_day():
    drawing = _lines(marks=[(date(2024, 1, 1), "Åpnet")]).wide
    at = next(line for line in parsed(drawing).iter(f"{SVG}line") if line.get("class") == "mark")
    line = next(p for p in parsed(drawing).iter(f"{SVG}path") if p.get("class") == "line").get("d")
    x = [float(point.split(",")[0]) for point in line.removeprefix("M").split(" L")][24]
    assert float(at.get("x1")) == pytest.approx(x, abs=0.2)


def test_columns_are_as_high_as_their_values():
    tree = parsed(_columns().wide)
    high = [float(r.get("height")) for r in tree.iter(f"{SVG}rect")]
    assert high[1] / high[0] == pytest.approx(0.3 / 0.12, rel=0.02) and high[6] == 0


def test_what_is_written_in_a_chart_cannot_break_it():
    nasty = "<script>\"&'</script>"
    for drawing in (
        bars([nasty], [Part(nasty, [1]), Part("b", [2])], notes=[nasty], describe=nasty),
        columns([nasty], [1], describe=nasty),
    ):
        parsed(drawing.wide)
        assert "<script" not in drawing.wide + drawing.narrow


def test_a_file_of_a_chart_stands_on_its_own():
    text = _bars().file()
    assert "data-for=" not in text.split("<style>")[0]
    assert 'xmlns="http://www.w3.org/2000/svg"' in text and "<style>" in text and 'width="1000"' in text


@pytest.mark.parametrize("top", [0.003, 0.9, 1, 7, 42, 99, 100, 1234, 98765])
def test_an_axis_has_few_round_numbers_and_reaches_the_top(top):
    found = ticks(top)
    assert found[0] == 0 and found[-1] >= top and 2 <= len(found) <= 7
    assert found[-2] < top


def test_labels_are_spread_in_order():
    places = spread([10, 11, 12, 90], 20, 0, 100)
    assert all(b - a >= 20 - 1e-9 for a, b in pairwise(places)) and places[0] >= 0 and places[-1] <= 100


def test_a_name_is_broken_at_its_seams_and_cut_only_where_it_must():
    assert wrap("application.received", 90) == ["application.", "received"]
    assert wrap("kort", 90) == ["kort"]
    assert all(text_width(line) <= 60 for line in wrap("overordentlig langt navn på et steg", 60))


def test_columns_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="one value for each label"):
        bars(["a"], [Part("A", [1, 2])], describe="d")
    with pytest.raises(ValueError, match="one value for each month"):
        lines(MONTHS[:2], [1.0], name="n", describe="d")


class Column:
    def __init__(self, name, kind):
        self.name, self.kind, self.label = name, kind, name.capitalize()


class Table:
    """What the charts need to know of a released table."""

    def __init__(self, name, columns, rows, withheld=()):
        self.name, self.title, self.about, self.minimum, self.withheld = name, "Title & more", "About", 5, withheld
        self.columns = [Column(*c) for c in columns]
        self._rows = [dict(zip([c[0] for c in columns], row, strict=True)) for row in rows]

    def rows(self):
        return self._rows


DOORS = Table("doors", [("doors", "count"), ("share", "share")], [(1, 0.6), (2, 0.4)])
WAITS = Table(
    "waits",
    [("activity", "text"), ("unit", "text"), ("work_mean", "days"), ("wait_mean", "days")],
    [("a", "X", 1.0, 2.0), ("b", None, None, 3.0)],
)
MONTHLY = Table(
    "throughput",
    [("month", "month"), ("p25", "days"), ("median", "days"), ("p75", "days")],
    [(m, 1.0, 2.0, 3.0) for m in MONTHS[:4]],
)
HANDED = Table(
    "handovers",
    [("from_unit", "text"), ("to_unit", "text"), ("wait_total", "days")],
    [("A", "B", 9.0), ("B", None, 4.0)],
)
VARIANTS = Table("variants", [("variant", "text"), ("cases", "count")], [("a → b", 9), ("a", 7)])


@pytest.mark.parametrize(("table", "holds"), [(DOORS, "60"), (WAITS, "Work"), (MONTHLY, "Median"), (HANDED, "A → B")])
def test_a_table_gets_the_chart_that_suits_it(table, holds):
    drawn = draw(table)
    assert any(gettext(holds) in said for said in words(drawn.wide)) and parsed(drawn.narrow) is not None


def test_a_table_that_says_it_better_itself_gets_none():
    assert draw(VARIANTS) is None
    assert draw(Table("doors", [("doors", "count"), ("share", "share")], [(1, 1.0)])) is None
    assert draw(Table("doors_compared", [("doors", "count"), ("share_a", "share")], [(1, 0.6), (2, 0.4)])) is None


def test_two_periods_are_drawn_together():
    drawn = draw(MONTHLY, against=MONTHLY, names=("2025", "2024")).wide
    assert 'class="expected"' in drawn and any(said.startswith("2024") for said in words(drawn))
    assert draw(DOORS, against=DOORS, names=("2025", "2024")).wide.count('class="other"') == 3


def test_a_step_that_nothing_comes_before_is_left_out_and_a_withheld_one_says_so():
    table = Table(
        "waits",
        [("activity", "text"), ("wait_mean", "days"), ("work_mean", "days")],
        [("first", None, None), ("next", 2.0, None), ("rare", None, None)],
        (False, False, True),
    )
    said = words(draw(table).wide)
    assert "first" not in said and "next" in said and "rare" in said and numbers.withheld() in said
