"""What an analyst asks: the data chosen, the answer as shown, and what is withheld."""

import json
import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pytest

import loft
from loft.language import speaking
from loft.value.cells import Cells
from loft.value.cut import cut
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.eventstudy import EventStudy
from loft.value.lottery import draw_lots
from loft.value.making import cells_of, hash_of
from loft.value.measures import measure
from loft.value.plan import Plan
from loft.value.regression import twfe
from loft.value.result import Result
from tests.value.town import Place, town

FIRST, START = date(2023, 1, 1), date(2024, 1, 1)
CENTRE = "attribute:centre"
UNITS = tuple(f"u{i:02}" for i in range(16))
EFFECT = -2.0
RNG = np.random.default_rng


def _world(name="doors", treated=8, starts=None, months=24, seed=1, scale=1.0, **more):
    """Cells of sixteen units over two years, a few cases each on the 5th and the 20th; the treated have EFFECT from their start."""
    rng = RNG(seed)
    starts = starts or dict.fromkeys(UNITS[:treated], START)
    rows = []
    for unit, unit_name in enumerate(UNITS):
        level = rng.normal(20, 3)
        for month in range(months):
            shock = rng.normal(0, 0.5)
            for dom in (5, 20):
                opened = date(2023 + month // 12, month % 12 + 1, dom)
                on = opened >= starts.get(unit_name, date.max)
                for y in level + 0.1 * month + shock + EFFECT * on + rng.normal(0, 2, 4):
                    rows.append((unit, (opened - FIRST).days, round(float(y))))
    unit, day, y = (np.array([row[i] for row in rows]) for i in range(3))
    if name == "days":
        more |= {"age": y, "closed": np.full(len(y), True), "within": 40}
    value = y * scale
    until = date(2023 + months // 12, 3, 1)
    return Cells(measure(name), UNITS, FIRST, until, unit, day, np.ones(len(y)), value, value**2, **more)


TREATED = UNITS[:8]


def test_did_is_the_regression_on_the_cells_that_were_chosen():
    cells = _world()
    found = loft.value.did(cells, "doors", treated=TREATED, start=START)
    on = ((cells.unit < 8) & (cells.day >= 365)).astype(float)
    month = np.array([(FIRST + timedelta(days=int(d))).month + 12 * (d >= 365) for d in cells.day])
    rows = twfe(on, cells.unit, month, cells.n, cells.total, cells.squares).estimate("treated")
    assert [found.estimate, found.se, found.low, found.high, found.p] == pytest.approx(
        [rows.estimate, rows.se, rows.low, rows.high, rows.p], rel=1e-9
    )
    assert found.low < EFFECT < found.high
    assert (found.treated, found.comparison, found.cells, found.data) == (8, 8, len(cells.n), hash_of(cells))
    assert found.code == loft.__version__ and found.asked["treated"]["u00"] == "2024-01-01"


def test_the_bootstrap_gives_the_same_estimate_and_a_range_of_its_own():
    plain = loft.value.did(_world(), "doors", treated=TREATED, start=START)
    drawn = loft.value.did(_world(), "doors", treated=TREATED, start=START, rng=RNG(1))
    assert drawn.estimate == plain.estimate and drawn.low != plain.low and drawn.low < EFFECT < drawn.high


def test_an_event_study_shows_each_period_with_the_reference_at_0():
    found = loft.value.event_study(_world(), "doors", treated=TREATED, start=START, leads=6, lags=5)
    assert [p.time for p in found.points] == list(range(-6, 6))
    [reference] = [p for p in found.points if p.time == -1]
    assert (reference.estimate, reference.low, reference.high) == (0, 0, 0)
    assert isinstance(found.found, EventStudy) and found.estimate == pytest.approx(
        np.mean([p.estimate for p in found.points if p.time >= 0])
    )
    assert any("alike before the start" in str(note) for note in found.notes)


def test_every_method_finds_the_effect_that_is_there():
    alike = {"treated": TREATED, "start": START}
    drawn = draw_lots(UNITS, seed="1", start=START)
    answers = {
        "staggered": loft.value.staggered(_world(), "doors", **alike),
        "synthetic did": loft.value.synthetic_did(
            _world(), "doors", treated=TREATED[:3], start=START, comparison=UNITS[8:], rng=RNG(1)
        ),
        "one unit": loft.value.synthetic(_world(), "doors", treated=UNITS[:1], start=START, comparison=UNITS[8:]),
        "interrupted": loft.value.interrupted(_world(), "doors", **alike),
        "rmst": loft.value.rmst(_world("days"), **alike),
        "randomised": loft.value.randomised(_world(), "doors", RNG(1), **alike),
        "drawn": loft.value.randomised(
            _world(starts=dict(drawn.treated)),
            "doors",
            RNG(1),
            plan=_plan(drawn.treated, drawn.waiting, drawn.as_dict()),
        ),
    }
    for name, found in answers.items():
        assert found.estimate == pytest.approx(EFFECT, abs=1.6 if name in ("one unit", "interrupted") else 0.8), name
        assert found.se > 0 and found.low < found.estimate < found.high and 0 <= found.p <= 1, name
    assert answers["interrupted"].comparison == 0 and "cannot show value" in str(answers["interrupted"])
    assert len(answers["synthetic did"].path) == 24


def _plan(treated, waiting, draw):
    facts = {"measure": "doors", "better": "lower", "relative": True, "smallest": 0.1, "by": "unit"}
    return Plan(
        "c", "l", **facts, treated=treated, comparison=waiting, design="lottery", last=date(2025, 1, 1), draw=draw
    )


def test_units_drawn_in_waves_are_judged_as_a_stepped_wedge():
    draw = draw_lots(UNITS, seed="2", start=START, waves=4, apart=61, count=12)
    plan = _plan(draw.treated, draw.waiting, draw.as_dict())
    found = loft.value.randomised(_world(starts=dict(draw.treated)), "doors", RNG(3), plan=plan)
    assert found.low < EFFECT < found.high and found.found.ways > 1e6
    apart = loft.value.did(_world(starts=dict(draw.treated)), "doors", treated=dict(draw.treated))
    assert any("ask for staggered" in str(note) for note in apart.notes)
    with pytest.raises(BadInput, match="start in the same period"):
        loft.value.synthetic(_world(), "doors", treated=dict(draw.treated))


def test_an_answer_shows_itself_as_a_sentence_a_table_and_a_chart():
    found = loft.value.event_study(_world(), "doors", treated=TREATED, start=START, leads=3, lags=3)
    with speaking("en"):
        assert str(found).startswith("Units that a case meets: the estimated difference is −1.9 (between −")
        html = found._repr_html_()
    assert html.count("<svg") == 2 and "<caption>Event study</caption>" in html and found.data[:12] in html
    assert found.table().column("time") == [-3, -2, -1, 0, 1, 2, 3]
    raw = json.loads(found.to_json())
    assert raw["estimate"] == found.estimate and raw["data"] == found.data and len(raw["points"]) == 7
    one = loft.value.did(_world(), "doors", treated=TREATED, start=START)
    assert one.chart() is None and one.table().column("estimate") == [one.estimate]
    assert "<svg" in loft.value.interrupted(_world(), "doors", treated=TREATED, start=START)._repr_html_()


def test_shares_are_told_in_percentage_points_and_kept_as_shares():
    found = loft.value.event_study(
        _world("refusal", scale=0.01), "refusal", treated=TREATED, start=START, lags=2, leads=2
    )
    with speaking("en"):
        assert "is −1.9 percentage points (between −3.2" in str(found)
        assert "percentage points" in str(found.chart())
    assert found.estimate == pytest.approx(-0.02, abs=0.008)
    assert found.table().column("estimate")[-1] == pytest.approx(100 * found.points[-1].estimate)


def test_cells_by_day_are_cut_as_asked():
    monthly = loft.value.event_study(_world(), "doors", treated=TREATED, start=START)
    blocks = loft.value.event_study(_world(), "doors", treated=TREATED, start=START, every=91)
    assert len(monthly.points) == 24 and [p.time for p in blocks.points] == list(range(-4, 4))


@pytest.mark.parametrize(
    ("kind", "says", "options"),
    [
        (BadInput, "list of names", {"treated": "u00", "start": START}),
        (BadInput, "Give the day", {"treated": ["u00"]}),
        (BadInput, "Name the treated", {"treated": [], "start": START}),
        (BadInput, "no unit nobody", {"treated": ["nobody", "u01"], "start": START}),
        (BadInput, "is both treated and a comparison", {"treated": TREATED, "start": START, "comparison": ["u01"]}),
        (BadInput, "Cells are already made, so by", {"treated": TREATED, "start": START, "by": "unit"}),
        (BadInput, "before there are any figures", {"treated": TREATED, "start": date(2022, 1, 1)}),
        (CannotBeKnown, "since it started", {"treated": TREATED, "start": date(2026, 1, 1)}),
        (CannotBeKnown, "cannot be told apart", {"treated": UNITS, "start": START}),
        (CannotBeKnown, "Fewer than two units", {"treated": UNITS[:1], "start": START}),
    ],
)
def test_questions_that_cannot_be_answered_are_told_why(kind, says, options):
    with pytest.raises(kind, match=says):
        loft.value.did(_world(), "doors", **options)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """A town whose cases belong to six centres in turn."""
    rows = town(3, cases=600, days=120)
    rows = [row | ({"centre": f"k{int(row['case'][1:]) % 6}"} if row["centre"] else {}) for row in rows]
    return Place(tmp_path_factory.mktemp("town")).add(rows)


def test_a_log_is_asked_for_cells(log):
    found = loft.value.did(log, "doors", treated=["k0", "k1", "k2"], start=date(2024, 3, 1), within=10, by=CENTRE)
    cells = cells_of(log, "doors", strata="", within=10, by=CENTRE)
    again = loft.value.did(cells, "doors", treated=["k0", "k1", "k2"], start=date(2024, 3, 1))
    assert found.estimate == again.estimate and found.data == again.data
    assert (found.treated, found.comparison, found.minimum) == (3, 3, log.minimum)
    assert found.asked["within"] == 10 and found.asked["by"] == CENTRE


def test_a_figure_on_too_few_cases_is_withheld(log):
    options = {"treated": ["k0", "k1", "k2"], "start": date(2024, 3, 1), "within": 10, "by": CENTRE, "every": 30}
    plain = loft.value.event_study(log, "doors", **options)
    assert all(point.estimate is not None for point in plain.points)
    at = cut(
        cells_of(log, "doors", strata="", within=10, by=CENTRE),
        dict.fromkeys(("k0", "k1", "k2"), options["start"]),
        every=30,
    )
    own = at.unit < 3
    counts = {p.time: at.cases[own & (at.period - at.start[0] == p.time)].sum() for p in plain.points}
    least, most = min(counts.values()), max(counts.values())
    shown = loft.value.event_study(log.with_minimum(int(least) + 1), "doors", **options)
    hidden = {point.time for point in shown.points if point.estimate is None}
    assert least < most and hidden == {time for time, n in counts.items() if n == least and time != -1}
    assert shown.table().some_withheld and "–" not in str(shown)
    with pytest.raises(BadInput, match="fewer than 900 cases"):
        loft.value.did(log.with_minimum(900), "doors", **options)
    with pytest.raises(BadInput, match="."):
        loft.value.did(log.with_minimum(590), "doors", **options, services=["build"])


def test_a_result_is_a_plain_value():
    a, b = (loft.value.did(_world(), "doors", treated=TREATED, start=START) for _ in range(2))
    assert isinstance(a, Result) and a == b


def test_the_room_is_entered_quickly_and_its_questions_are_not_hidden_by_files_of_the_same_name():
    code = """
import sys, loft
loft.value
assert not {"numpy", "ibis", "scipy", "django"} & set(sys.modules)
import importlib, pathlib
for path in pathlib.Path(loft.value.__file__).parent.glob("*.py"):
    importlib.import_module("loft.value." + path.stem)
for name in loft.value.__all__:
    thing = getattr(loft.value, name)
    assert name in ("MEASURES",) or callable(thing), name
assert "django" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
