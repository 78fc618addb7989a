"""Whatever panel comes in: a verdict with numbers that are numbers, or a sentence. Never a traceback, and never value from nothing."""

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.look import verdict
from loft.value.looking import look
from loft.value.measures import Measure
from loft.value.panel import read_panel
from loft.value.plan import DESIGNS, Guardrail, Plan
from loft.value.policy import policy
from loft.value.verdicts import Verdict, Word

FIRST = date(2019, 1, 1)
MONTHS = 60
START = date(2022, 1, 1)
SCORE = Measure("score", "Score", "number", "higher", "mean")


def panel(values: np.ndarray, n: np.ndarray) -> Cells:
    """Cells of monthly means (units, months) that rest on *n* cases; none where that is 0."""
    units = tuple(f"U{number}" for number in range(len(values)))
    unit, month = np.nonzero(n)
    days = np.array([(date(2019 + m // 12, m % 12 + 1, 1) - FIRST).days for m in range(values.shape[1])])
    count = n[unit, month].astype(float)
    total = count * values[unit, month]
    last = FIRST + timedelta(days=int(days[-1]) + 30)
    return Cells(SCORE, units, FIRST, last, unit, days[month], count, total, total * values[unit, month], step=30)


def plan(units: int, treated: int, *, design: str, relative: bool, start: date, apart: int = 0) -> Plan:
    """A plan for the first *treated* of the units."""
    names = [f"U{number}" for number in range(units)]
    return Plan(
        change="c", log="l", measure="score", better="higher", relative=relative, smallest=0.05, by="unit",
        treated=tuple((name, start + timedelta(days=apart * place)) for place, name in enumerate(names[:treated])),
        comparison=tuple(names[treated:]), design=design, last=start + timedelta(days=700),
        locked_at=(start - timedelta(days=5)).isoformat(), guardrails=(Guardrail("score", "higher", 0.1, relative),),
    )  # fmt: skip


def numbers(found: Verdict) -> str:
    """The verdict as JSON, which refuses what is no number."""
    return json.dumps(found.as_dict(), allow_nan=False)


kinds = st.sampled_from(["normal", "constant", "zero", "huge", "tiny", "steps", "negative"])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 20), st.integers(1, 20), kinds, st.sampled_from(DESIGNS), st.booleans(), st.integers(1, 58),
    st.integers(0, 60), st.floats(0, 0.6), st.integers(0, 2**32 - 1), st.integers(-400, 1200),
)  # fmt: skip
def test_any_panel_gives_numbers_or_a_sentence(
    units: int,
    treated: int,
    kind: str,
    design: str,
    relative: bool,
    month: int,
    apart: int,
    gone: float,
    seed: int,
    day: int,
) -> None:
    rng = np.random.default_rng(seed)
    values = {
        "normal": lambda: 10 + rng.standard_normal((units, MONTHS)),
        "constant": lambda: np.full((units, MONTHS), 7.0),
        "zero": lambda: np.zeros((units, MONTHS)),
        "huge": lambda: 1e12 * rng.standard_exponential((units, MONTHS)),
        "tiny": lambda: 1e-12 * rng.standard_exponential((units, MONTHS)),
        "steps": lambda: np.repeat(rng.integers(0, 3, (units, 1)), MONTHS, axis=1).astype(float),
        "negative": lambda: -5 + rng.standard_normal((units, MONTHS)),
    }[kind]()
    n = np.where(rng.random((units, MONTHS)) < gone, 0, rng.poisson(20, (units, MONTHS)))
    cells = panel(values, n)
    start = FIRST + timedelta(days=30 * month)
    asked = plan(units, min(treated, units), design=design, relative=relative, start=start, apart=apart)
    try:
        found = verdict(asked, {"score": cells}, start + timedelta(days=day))
    except BadInput as error:
        assert str(error)
        return
    numbers(found)
    assert str(found.answer)
    if kind in ("constant", "zero", "steps"):
        assert found.word != Word.VALUE


@pytest.mark.parametrize("relative", [True, False])
def test_a_constant_never_shows_value(relative: bool) -> None:
    cells = panel(np.full((24, MONTHS), 3.0), np.full((24, MONTHS), 9))
    asked = plan(24, 12, design="lottery", relative=relative, start=date(2022, 1, 1))
    for day in range(30, 700, 60):
        found = verdict(asked, {"score": cells}, date(2022, 1, 1) + timedelta(days=day))
        assert found.word == Word.UNKNOWABLE


def test_the_figure_of_a_period_is_not_known_before_the_period_is_over() -> None:
    values = 10 + np.random.default_rng(2).standard_normal((20, MONTHS)) / 10
    values[:10, 36:] *= 1.5
    cells, asked = panel(values, np.full(values.shape, 30)), plan(20, 10, design="lottery", relative=True, start=START)
    early = verdict(asked, {"score": cells}, date(2022, 1, 30))
    assert early.size is None
    middle, before = (verdict(asked, {"score": cells}, date(2022, *day)) for day in ((6, 15), (5, 31)))
    assert middle.size == before.size is not None


def test_the_worst_served_do_not_seem_to_gain_because_a_bad_year_is_followed_by_a_usual_one() -> None:
    rng = np.random.default_rng(6)
    values = 10 + rng.standard_normal((80, MONTHS // 12)).repeat(12, axis=1)
    asked = plan(80, 40, design="lottery", relative=False, start=START)
    groups = verdict(asked, {"score": panel(values, np.full(values.shape, 30))}, date(2023, 12, 31)).groups
    assert groups[0].size is not None and groups[1].size is not None
    # The worst quarter of standard normal years lies 1.27 below the mean; chosen on one side alone it would seem to gain as much.
    assert abs(groups[0].size.estimate) < 0.6
    assert abs(groups[1].size.estimate) < 0.6


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_a_yearly_panel_has_its_baseline_whether_or_not_a_year_is_a_leap_year(year: int) -> None:
    rng = np.random.default_rng(4)
    rows = [f"U{u},{y},{10 + rng.standard_normal() / 10}" for u in range(20) for y in range(year - 3, year + 1)]
    cells = read_panel("\n".join(["unit,period,value", *rows]), SCORE)
    asked = plan(20, 10, design="lottery", relative=True, start=date(year, 1, 1))
    found = verdict(asked, {"score": cells}, date(year, 12, 31))
    assert found.size is not None
    looked = look(asked, cells, date(year, 12, 31), policy())
    assert looked is not None and np.isfinite(looked.estimates.drift).all()


def test_a_unit_that_was_treated_and_has_no_cases_is_left_out_of_the_count() -> None:
    rng = np.random.default_rng(2)
    n = np.full((20, MONTHS), 30)
    n[0] = 0
    cells = panel(10 + rng.standard_normal((20, MONTHS)) / 10, n)
    found = verdict(
        plan(20, 10, design="lottery", relative=True, start=date(2022, 1, 1)), {"score": cells}, date(2022, 12, 1)
    )
    numbers(found)
    assert found.word in (Word.UNKNOWABLE, Word.NOT_YET)


def test_a_start_before_the_data_cannot_be_known() -> None:
    cells = panel(np.random.default_rng(1).standard_normal((20, MONTHS)) + 9, np.full((20, MONTHS), 30))
    early = plan(20, 10, design="lottery", relative=True, start=date(2018, 6, 1))
    found = verdict(early, {"score": cells}, date(2020, 1, 1))
    numbers(found)
    assert found.word == Word.UNKNOWABLE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unit,period,value\nA,2020,1\nA,2020,2\n", "2020"),
        ("unit,period,value\nA,2020,much\n", "much"),
        ("unit,period,value\nA,2020,nan\n", "nan|NaN|number"),
        ("unit,period\nA,2020\n", "value"),
    ],
)
def test_a_panel_with_a_fault_names_it(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_panel(text, SCORE)


def test_the_policy_that_a_plan_was_locked_under_judges_it() -> None:
    cells = panel(np.random.default_rng(1).standard_normal((20, MONTHS)) + 9, np.full((20, MONTHS), 30))
    asked = plan(20, 10, design="lottery", relative=True, start=date(2022, 1, 1))
    assert verdict(asked, {"score": cells}, date(2022, 9, 1)).policy == policy().id
    with pytest.raises(BadInput, match="no policy"):
        verdict(replace(asked, policy="1999-01"), {"score": cells}, date(2022, 9, 1))
