"""Sums over changes: what may be added to what, that each hour counts once, and what waits for a decision."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from loft.changes import actions
from loft.changes.portfolio import Held, Hours, Worth, chain, portfolio, quality, sums
from loft.changes.reading import held, portfolio_of
from loft.changes.rules import Stage
from loft.value.verdicts import Word
from tests.changes.conftest import KARI, at, idea, judged, started

TODAY = date(2026, 6, 1)
GAIN = Worth("budget", 2026, promised=(80.0, 100.0, 150.0), proven=(40.0, 60.0, 90.0), cost_once=20.0, cost_yearly=5.0)


def change(name: str, stage: Stage = Stage.VALUE, **more: object) -> Held:
    return replace(Held(name, name.title(), stage, started=True, in_time=True), **more)  # type: ignore[arg-type]


def test_what_shows_in_a_budget_is_never_added_to_what_does_not() -> None:
    other = replace(GAIN, cash="elsewhere")
    older = replace(GAIN, year=2024)
    found = sums([change("a", gains=(GAIN, other)), change("b", gains=(GAIN, older))])
    assert [(s.cash, s.year, s.promised) for s in found] == [
        ("budget", 2024, (80.0, 100.0, 150.0)),
        ("budget", 2026, (160.0, 200.0, 300.0)),
        ("elsewhere", 2026, (80.0, 100.0, 150.0)),
    ]


@pytest.mark.parametrize(
    ("stage", "overdue", "proven"),
    [
        (Stage.VALUE, False, 60.0),
        (Stage.SPREAD, False, 60.0),
        (Stage.VALUE, True, 0.0),
        (Stage.LAPSED, False, 0.0),
        (Stage.HARM, False, 0.0),
        (Stage.STOPPED, False, 0.0),
    ],
)
def test_a_gain_is_proven_only_while_its_value_stands(stage: Stage, overdue: bool, proven: float) -> None:
    [found] = sums([change("a", stage, overdue=overdue, gains=(GAIN,))])
    assert found.proven[1] == proven
    assert found.promised[1] == 100.0


def test_harm_that_is_shown_counts_against() -> None:
    loss = Worth("budget", 2026, lost=True, proven=(-9.0, -5.0, -2.0))
    [found] = sums([change("a", gains=(GAIN,)), change("b", Stage.HARM, gains=(loss,))])
    assert found.proven == (31.0, 55.0, 88.0)


def test_the_total_is_drawn_by_all_that_was_measured_and_not_by_the_winners_alone() -> None:
    winner = change("best", effect=(0.20, 0.10), gains=(GAIN,))
    others = [change(f"c{n}", Stage.IN_USE, effect=(0.01 * n, 0.10)) for n in range(6)]
    [found] = sums([winner, *others])
    assert found.shrunken is not None
    assert 0.5 < found.shrunken / found.proven[1] < 0.8
    [alone] = sums([winner])
    assert alone.shrunken is None


def test_each_hour_counts_once_at_each_link_and_is_lost_when_nobody_decides() -> None:
    fresh = Hours(100, confirmed=80, confirmed_on=TODAY - timedelta(days=10), decided=30, realised=20)
    stale = Hours(50, confirmed=40, confirmed_on=TODAY - timedelta(days=366), decided=10, realised=0)
    found = chain([change("a", hours=(fresh, stale)), change("b", Stage.STOPPED, hours=(fresh,))], TODAY)
    assert (found.estimated, found.confirmed, found.decided, found.realised) == (150, 120, 40, 20)
    assert (found.undecided, found.forfeited) == (50, 30)
    assert found.decided + found.undecided + found.forfeited == found.confirmed
    a_day_before = chain([change("a", hours=(stale,))], TODAY - timedelta(days=1))
    assert (a_day_before.undecided, a_day_before.forfeited) == (30, 0)


def test_what_waits_stands_with_harm_first_until_it_is_decided() -> None:
    day = TODAY - timedelta(days=30)
    changes = [
        change("value", judged=(day,)),
        change("taken", judged=(day,), decisions=(("spread", day),)),
        change("harm", Stage.HARM, judged=(day,)),
        change("mended", Stage.HARM, judged=(day,), decisions=(("adjust", day),)),
        change("before", Stage.HARM, judged=(day,), decisions=(("adjust", day - timedelta(days=1)),)),
        change("late", Stage.IN_USE, last=TODAY - timedelta(days=1), judged=(day,)),
        change("on", Stage.IN_USE, last=TODAY, judged=(day,)),
        change("stopped", Stage.STOPPED, judged=(day,)),
        change("hours", Stage.IN_USE, hours=(Hours(10, confirmed=8, confirmed_on=day),)),
    ]
    found = portfolio(changes, TODAY).waiting
    assert [w.id for w in found] == ["harm", "before", "value", "late", "hours"]
    assert str(found[-1].says) == "8 freed hours a year wait for a use."


def test_the_quality_of_the_register() -> None:
    changes = [
        change("a", judged=(TODAY,), looks=3),
        change("b", Stage.LAPSED, in_time=False, looks=1),
        change("c", Stage.VALUE, in_time=None, overdue=True),
        Held("d", "D", Stage.IDEA),
    ]
    found = quality(changes)
    assert (found.started, found.in_time, found.looks, found.verdicts) == (3, 1, 4, 1)
    assert (found.lapsed, found.overdue) == (1, 1)
    assert found.share_in_time == pytest.approx(1 / 3)
    assert quality([]).share_in_time is None


@pytest.mark.django_db
def test_a_change_is_read_from_the_register_as_it_stands() -> None:
    ours = judged(Word.VALUE)
    row = ours.verdict
    assert row is not None
    common = {"receiver": "own body", "cash": "budget", "actor": KARI, "now": at("2025-10-02")}
    gain = actions.tell_gain(
        ours, "Timer", kind="saved time", unit="timer", low=500, mid=600, high=700, unit_price=500, price_year=2025,
        cost_once=1000, **common,
    )  # fmt: skip
    actions.tell_gain(ours, "Ro", kind="employees", **common)
    actions.measure_gain(ours, gain, row, low=300, mid=400, high=600, actor=KARI, now=at("2025-10-02"))
    freed = actions.free_time(ours, "Punsjing", 700, actor=KARI, now=at("2025-10-02"))
    actions.confirm_time(ours, freed, 400, row, actor=KARI, now=at("2025-10-02"))
    actions.use_time(ours, freed, "fewer posts", 150, actor=KARI, now=at("2025-10-02"))
    found = held(ours, TODAY)
    assert (found.id, found.stage, found.word, found.started, found.in_time) == (
        ours.id, Stage.VALUE, Word.VALUE, True, True,
    )  # fmt: skip
    assert found.effect == pytest.approx((0.12, 0.065))
    assert found.unpriced == 1
    [worth] = found.gains
    assert worth.promised == (250_000, 300_000, 350_000)
    assert worth.proven == (150_000, 200_000, 300_000)
    assert found.hours == (Hours(700, 400, date(2025, 10, 1), 150, 0),)
    assert not found.overdue
    assert held(ours, date(2026, 10, 2)).overdue


@pytest.mark.django_db
def test_a_disadvantage_counts_below_nothing() -> None:
    ours = judged(Word.HARM)
    row = ours.verdict
    assert row is not None
    common = {"receiver": "employee", "cash": "own use", "actor": KARI, "now": at("2025-10-02")}
    gain = actions.tell_gain(ours, "Mas", kind="disbenefit", unit="kroner", mid=50, price_year=2025, **common)
    actions.measure_gain(ours, gain, row, low=20, mid=30, high=70, actor=KARI, now=at("2025-10-02"))
    [worth] = held(ours, TODAY).gains
    assert (worth.promised, worth.proven) == ((-50, -50, -50), (-70, -30, -20))
    [found] = portfolio_of(TODAY).sums
    assert found.proven[1] == -30


@pytest.mark.django_db
def test_the_whole_register_is_read_in_few_questions(django_assert_max_num_queries: object) -> None:
    for change_ in (started(), started(), judged(Word.NOT_YET)):
        assert change_.pk
    idea()
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        found = portfolio_of(TODAY)
    assert len(found.changes) == 4
    assert found.quality.started == 3


@pytest.mark.parametrize(("judged_on", "words"), [(-2, "make the last one"), (0, "plan anew")])
def test_a_plan_that_ran_out_asks_for_a_last_verdict_before_it_asks_for_an_end(judged_on: int, words: str) -> None:
    last = TODAY - timedelta(days=1)
    late = change("late", Stage.IN_USE, last=last, judged=(last + timedelta(days=judged_on),))
    [wait] = portfolio([late], TODAY).waiting
    assert words in wait.says.text
