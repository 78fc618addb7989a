"""The verdict, from cells: each branch of the rule, and that nothing later than the day of the look is used."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from loft.language import speaking
from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.look import verdict
from loft.value.measures import MEASURES, Measure
from loft.value.plan import Guardrail, Plan, Use
from loft.value.verdicts import Verdict, Word
from tests.value.offices import AFTER, BEFORE, FIRST, START, Town, town, with_guardrail

LATE = Measure("late:Door", "Too late", "share", "lower", "share")


@pytest.fixture(scope="module")
def better() -> Town:
    return town(-0.2)


@pytest.fixture(scope="module")
def same() -> Town:
    return town(0.0)


def told(found: Verdict) -> str:
    with speaking("en"):
        return " ".join(str(s) for s in (found.answer, *found.reasons, *found.knowable))


def test_an_effect_that_is_there_is_shown_with_its_size(better: Town) -> None:
    found = verdict(better.plan, better.cells, better.on(300))
    assert found.word == Word.VALUE
    assert found.size is not None
    assert found.size.low < -0.2 < found.size.high < 0
    assert found.security == 5
    assert "shown to be lower by" in told(found)


def test_nothing_is_shown_where_nothing_happened(same: Town) -> None:
    words = {verdict(same.plan, same.cells, same.on(day)).word for day in range(0, 400, 20)}
    assert words == {Word.NOT_YET}


def test_value_is_never_shown_before_half_a_year(better: Town) -> None:
    found = verdict(better.plan, better.cells, better.on(179))
    assert found.word == Word.NOT_YET
    assert "Too early" in told(found)


def test_a_log_that_ends_too_early_shows_no_value_however_late_it_is_asked(better: Town) -> None:
    short = town(-0.35)
    cells = {name: replace(c, until=short.on(150)) for name, c in short.cells.items()}
    assert verdict(short.plan, cells, short.on(300)).word == Word.NOT_YET


def test_a_unit_whose_past_is_not_known_is_not_called_drifting(better: Town) -> None:
    days = better.cells["days"]
    short = {**better.cells, "days": _where(days, (days.unit > 0) | (days.day >= BEFORE - 50))}
    found = verdict(better.plan, short, better.on(300))
    assert found.word == Word.NOT_YET
    assert "not known, so hidden drift cannot be ruled out" in told(found)


def test_the_earliest_day_told_is_that_of_the_second_finding(better: Town) -> None:
    found = verdict(better.plan, better.cells, better.on(100))
    assert found.next_look == better.on(240)
    assert "from 14\u00a0February 2025 at the earliest" in told(found)


def test_value_waits_for_the_earliest_day_of_the_plan(better: Town) -> None:
    plan = replace(better.plan, earliest=better.on(320))
    found = verdict(plan, better.cells, better.on(300))
    assert found.word == Word.NOT_YET
    assert found.next_look == better.on(320)
    assert verdict(plan, better.cells, better.on(320)).word == Word.VALUE


def test_a_change_above_0_has_its_sign_lest_it_be_read_as_the_level_itself() -> None:
    worse = town(0.3)
    found = verdict(replace(worse.plan, relative=False, smallest=1.0), worse.cells, worse.on(140))
    assert found.word == Word.HARM
    assert re.search(r"is \+\d.* \(between \+\d.* and \+\d", told(found))


def test_when_we_may_know_is_told_only_where_the_numbers_tell(same: Town) -> None:
    found = verdict(same.plan, same.cells, same.on(300))
    assert found.next_look is not None
    assert "We may know" not in told(found)


def test_a_change_that_is_not_in_use_is_not_said_to_be_known_soon(better: Town) -> None:
    use = better.cells["use"]
    seldom = {**better.cells, "use": replace(use, total=use.total * 0.5)}
    assert "We may know" not in told(verdict(better.plan, seldom, better.on(300)))


def test_value_must_be_found_at_two_looks_two_months_apart() -> None:
    quick = town(-0.35)
    assert verdict(quick.plan, quick.cells, quick.on(200)).word == Word.NOT_YET
    assert verdict(quick.plan, quick.cells, quick.on(250)).word == Word.VALUE


def test_harm_needs_no_waiting() -> None:
    worse = town(0.3)
    found = verdict(worse.plan, worse.cells, worse.on(140))
    assert found.word == Word.HARM
    assert "Harm is shown" in told(found)


def test_a_guardrail_that_breaks_is_harm_though_the_measure_is_better(better: Town) -> None:
    volume = better.cells["volume"]
    ours = (volume.unit < 12) & (volume.day >= BEFORE)
    many = np.where(ours, volume.n * 2, volume.n)
    crowded = Town(better.plan, {**better.cells, "volume": replace(volume, n=many, total=many)})
    found = verdict(*_args(with_guardrail(crowded, Guardrail("volume", "lower", 0.2))), better.on(300))
    assert found.word == Word.HARM
    assert found.guardrails[0].harmed


def test_a_guardrail_within_its_tolerance_does_not_stop_value(better: Town) -> None:
    found = verdict(*_args(with_guardrail(better, Guardrail("volume", "lower", 0.2))), better.on(300))
    assert found.word == Word.VALUE
    assert not found.guardrails[0].harmed


def test_a_guardrail_that_cannot_be_measured_stops_value(better: Town) -> None:
    volume = better.cells["volume"]
    late = Town(better.plan, {**better.cells, "bounces": _since(replace(volume, measure=MEASURES["bounces"]), BEFORE)})
    found = verdict(*_args(with_guardrail(late, Guardrail("bounces", "lower", 0.2))), better.on(300))
    assert found.word == Word.NOT_YET
    assert "nothing can be measured yet" in told(found)


def test_a_guardrail_beyond_its_tolerance_by_chance_is_not_called_within_it(better: Town) -> None:
    volume = better.cells["volume"]
    ours = (volume.unit < 12) & (volume.day >= BEFORE)
    many = np.where(ours, volume.n * 1.03, volume.n)
    crowded = Town(better.plan, {**better.cells, "volume": replace(volume, n=many, total=many)})
    found = verdict(*_args(with_guardrail(crowded, Guardrail("volume", "lower", 0.01))), better.on(100))
    assert not found.guardrails[0].harmed
    assert "may have become worse than tolerated" in str(found.guardrails[0].says)


@pytest.mark.parametrize("name", ["volume", "use"])
def test_cells_that_know_no_treated_unit_leave_a_check_unmade(better: Town, name: str) -> None:
    treated = tuple(unit for unit, _ in better.plan.treated)
    found = verdict(better.plan, {**better.cells, name: _without(better.cells[name], treated)}, better.on(300))
    assert found.word == Word.NOT_YET
    assert {c.name for c in found.checks if c.passed is None} >= {"in use" if name == "use" else name}


def test_a_change_that_is_to_lower_the_number_of_cases_may_lower_it(same: Town) -> None:
    volume = same.cells["volume"]
    ours = (volume.unit < 12) & (volume.day >= BEFORE)
    fewer = np.where(ours, volume.n * 0.6, volume.n)
    cells = {**same.cells, "volume": replace(volume, n=fewer, total=fewer)}
    found = verdict(replace(same.plan, measure="volume", within=0), cells, same.on(300))
    assert found.word == Word.VALUE
    assert found.size is not None and found.size.low < -0.4 < found.size.high


def test_value_needs_the_number_of_cases(better: Town) -> None:
    without = {name: cells for name, cells in better.cells.items() if name != "volume"}
    found = verdict(better.plan, without, better.on(300))
    assert found.word == Word.NOT_YET
    assert "number of cases cannot be told" in told(found)


def test_a_comparison_is_not_secure_before_its_checks_are_made(better: Town) -> None:
    plan = replace(better.plan, design="comparison", chosen_by="near")
    assert verdict(plan, better.cells, better.on(10)).security == 2
    assert verdict(plan, better.cells, better.on(300)).security == 3
    unused = {name: cells for name, cells in better.cells.items() if name != "use"}
    assert verdict(plan, unused, better.on(300)).security == 2


def test_neighbours_without_whom_nobody_is_left_are_told_without_a_figure(better: Town) -> None:
    days = better.cells["days"]
    gone = np.isin(days.unit, (22, 23)) & (days.day < BEFORE)
    plan = replace(better.plan, near=better.plan.comparison[:-2])
    found = verdict(plan, {**better.cells, "days": _where(days, ~gone)}, better.on(300))
    assert next(c for c in found.checks if c.name == "near").passed is None
    json.dumps(found.as_dict(), allow_nan=False)


def test_a_plan_that_was_not_locked_before_the_start_never_shows_value(better: Town) -> None:
    for locked_at in ("", (START + timedelta(days=1)).isoformat()):
        found = verdict(replace(better.plan, locked_at=locked_at), better.cells, better.on(300))
        assert found.word == Word.UNKNOWABLE
        assert "not locked" in told(found)


def test_a_plan_that_was_not_locked_can_still_show_harm() -> None:
    worse = town(0.3)
    assert verdict(replace(worse.plan, locked_at=""), worse.cells, worse.on(200)).word == Word.HARM


def test_without_a_comparison_nothing_can_be_known_and_it_says_what_would_help(better: Town) -> None:
    everywhere = replace(
        better.plan, design="none", comparison=(), treated=tuple((u, START) for u in better.cells["days"].units)
    )
    found = verdict(everywhere, better.cells, better.on(300))
    assert found.word == Word.UNKNOWABLE
    assert "All 24 units started on the same day" in told(found)
    assert "Had 8 units" in told(found) or "had 8 units" in told(found)


def test_few_units_need_a_draw(better: Town) -> None:
    few = replace(better.plan, treated=better.plan.treated[:6], design="comparison")
    assert verdict(few, better.cells, better.on(300)).word == Word.UNKNOWABLE
    drawn = replace(few, design="lottery", smallest=0.12)
    assert verdict(drawn, better.cells, better.on(300)).word == Word.VALUE


def test_a_design_that_can_only_find_more_than_twice_what_is_worth_having_is_refused(better: Town) -> None:
    found = verdict(replace(better.plan, smallest=0.01), better.cells, better.on(300))
    assert found.word == Word.UNKNOWABLE
    assert "times the smallest one worth having" in told(found)


def test_a_change_that_most_cases_do_not_meet_has_not_been_made(better: Town) -> None:
    use = better.cells["use"]
    seldom = {**better.cells, "use": replace(use, total=use.total * 0.5, squares=use.squares * 0.5)}
    found = verdict(better.plan, seldom, better.on(300))
    assert found.word == Word.NOT_YET
    assert "50% of the eligible cases" in told(found)


def test_use_is_counted_in_cases_that_are_final_on_the_day(better: Town) -> None:
    use = better.cells["use"]
    late = (use.day >= BEFORE + 160) & (use.unit < 12)
    young = {**better.cells, "use": replace(use, total=np.where(late, 0.0, use.total), within=60)}
    check = verdict(better.plan, young, better.on(219)).checks[0]
    assert check.passed is True and "100%" in str(check.says)


def test_use_must_be_seen_in_the_log(better: Town) -> None:
    found = verdict(
        replace(better.plan, use=None), {k: v for k, v in better.cells.items() if k != "use"}, better.on(300)
    )
    assert found.word == Word.NOT_YET
    assert "does not say how the log shows" in told(found)


def test_a_comparison_that_met_the_change_is_none(better: Town) -> None:
    use = better.cells["use"]
    everyone = np.where(use.day >= BEFORE, use.n, 0.0)
    found = verdict(better.plan, {**better.cells, "use": replace(use, total=everyone)}, better.on(300))
    assert found.word == Word.UNKNOWABLE
    assert "no longer a comparison" in told(found)


@pytest.mark.parametrize("reason", [{"others": ("New rota",)}, {"breaks": ("Office 03",)}])
def test_another_change_or_a_break_makes_it_unknowable(better: Town, reason: dict[str, tuple[str, ...]]) -> None:
    found = verdict(better.plan, better.cells, better.on(300), **reason)  # type: ignore[arg-type]
    assert found.word == Word.UNKNOWABLE
    assert next(iter(reason.values()))[0] in told(found)


def test_too_little_history_is_unknowable(better: Town) -> None:
    late = {name: _since(cells, BEFORE - 100) for name, cells in better.cells.items()}
    found = verdict(better.plan, late, better.on(300))
    assert found.word == Word.UNKNOWABLE
    assert "cases before the start" in told(found)


def test_months_without_cases_are_counted_as_missing(better: Town) -> None:
    days = better.cells["days"]
    gone = (days.unit % 2 == 0) & (days.day > BEFORE - 200) & (days.day < BEFORE + 60)
    holed = {**better.cells, "days": _where(days, ~gone)}
    found = verdict(better.plan, holed, better.on(300))
    assert found.word == Word.UNKNOWABLE
    assert "missing" in told(found)


def test_units_that_vanished_from_the_log_are_counted_as_missing(better: Town) -> None:
    gone = {name: _without(cells, ("Office 00", "Office 01")) for name, cells in better.cells.items()}
    found = verdict(better.plan, gone, better.on(300))
    assert found.word == Word.UNKNOWABLE
    assert "8.3% of the figures are missing" in told(found)


def test_a_constant_measure_cannot_be_known(better: Town) -> None:
    days = better.cells["days"]
    flat = replace(days, age=np.full_like(days.day, 5), closed=days.day < BEFORE + AFTER - 6)
    found = verdict(better.plan, {**better.cells, "days": flat}, better.on(300))
    assert found.word == Word.UNKNOWABLE
    assert "the same for every unit" in told(found)


def test_a_look_uses_only_what_was_known_then(better: Town) -> None:
    day = 260
    until = BEFORE + day
    then = {}
    for name, cells in better.cells.items():
        cut = _where(cells, cells.day <= until)
        if cells.age is not None:
            seen = until - cut.day
            assert cut.age is not None and cut.closed is not None
            cut = replace(cut, age=np.minimum(cut.age, seen), closed=cut.closed & (cut.age <= seen))
        then[name] = replace(cut, until=FIRST + timedelta(days=until))
    now, known = verdict(better.plan, better.cells, better.on(day)), verdict(better.plan, then, better.on(day))
    assert replace(now, cells_hash="") == replace(known, cells_hash="")


def test_the_order_of_cells_and_of_units_does_not_matter(better: Town) -> None:
    rng = np.random.default_rng(3)
    mixed = {name: _where(cells, rng.permutation(len(cells.n))) for name, cells in better.cells.items()}
    plan = replace(better.plan, comparison=better.plan.comparison[::-1])
    one, other = verdict(better.plan, better.cells, better.on(300)), verdict(plan, mixed, better.on(300))
    assert one.size is not None and other.size is not None
    assert other.size.estimate == pytest.approx(one.size.estimate, abs=1e-12)
    assert other.cells_hash == one.cells_hash


def test_the_path_shows_what_was_measured_and_what_was_expected(better: Town) -> None:
    path = verdict(better.plan, better.cells, better.on(400)).path
    before = [look for look in path if look.day < START and look.treated and look.expected]
    after = [look for look in path if look.day >= START and look.low]
    assert len(before) > 12 and len(after) > 6
    assert np.mean([b.treated / b.expected for b in before]) == pytest.approx(1, abs=0.05)  # type: ignore[operator]
    assert all(look.treated < look.low for look in after[-3:])  # type: ignore[operator]


def test_the_worst_served_come_first_among_the_groups(better: Town) -> None:
    groups = verdict(better.plan, better.cells, better.on(400)).groups
    assert "worst served" in groups[0].label.text
    assert groups[0].size is not None and groups[0].size.estimate < -0.1


def test_a_verdict_comes_back_from_json(better: Town) -> None:
    found = verdict(better.plan, better.cells, better.on(300))
    assert Verdict.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_a_plan_comes_back_from_json_with_the_same_hash(better: Town) -> None:
    plan = replace(better.plan, guardrails=(Guardrail("volume", "lower", 0.2),), where=(("kind", "a"),))
    again = Plan.from_dict(json.loads(plan.to_json()))
    assert again == plan
    assert again.hash == plan.hash


def test_a_plan_with_another_day_has_another_hash(better: Town) -> None:
    assert replace(better.plan, last=better.plan.last + timedelta(days=1)).hash != better.plan.hash


def test_cells_that_are_missing_are_named(better: Town) -> None:
    with pytest.raises(BadInput, match="no cells of the measure doors"):
        verdict(replace(better.plan, measure="doors"), better.cells, better.on(300))


def test_a_guardrail_without_cells_is_named(better: Town) -> None:
    plan = replace(better.plan, guardrails=(Guardrail("bounces", "lower", 0.1),))
    with pytest.raises(BadInput, match="bounces"):
        verdict(plan, better.cells, better.on(300))


def test_use_is_part_of_the_plan_in_words() -> None:
    assert Plan.from_dict({**town().plan.as_dict(), "use": {"kind": "activity", "name": "a"}}).use == Use(
        "activity", "a"
    )


def _args(found: Town) -> tuple[Plan, dict[str, Cells]]:
    return found.plan, dict(found.cells)


def _where(cells: Cells, chosen: np.ndarray) -> Cells:
    names = ("unit", "day", "n", "total", "squares", "stratum", "age", "closed")
    return replace(cells, **{n: getattr(cells, n)[chosen] for n in names if getattr(cells, n) is not None})


def _without(cells: Cells, units: tuple[str, ...]) -> Cells:
    """The cells without *units*, which come first, as a log tells that never knew of them."""
    kept = _where(cells, cells.unit >= len(units))
    return replace(kept, units=cells.units[len(units) :], unit=kept.unit - len(units))


def _since(cells: Cells, day: int) -> Cells:
    return _where(cells, cells.day >= day)


def test_an_effect_that_other_kinds_of_cases_explain_is_not_shown(better: Town) -> None:
    kinds = _with_kinds(town(0.0), quick_share_after=0.65)
    found = verdict(kinds.plan, kinds.cells, kinds.on(300))
    assert found.word == Word.NOT_YET
    check = next(c for c in found.checks if c.name == "case mix")
    assert check.passed is False


def test_an_effect_within_each_kind_passes_the_check_of_the_mix() -> None:
    kinds = _with_kinds(town(-0.2), quick_share_after=0.5)
    found = verdict(kinds.plan, kinds.cells, kinds.on(300))
    assert found.word == Word.VALUE
    assert {g.label.text for g in found.groups} >= {"Of the kind %(kind)s"}


def _with_kinds(found: Town, *, quick_share_after: float) -> Town:
    """The town's cases as slow ones, and quick ones beside them that take half as long; in the treated offices their share changes."""
    days = found.cells["days"]
    assert days.age is not None and days.closed is not None
    rng = np.random.default_rng(5)
    ours = (days.unit < 12) & (days.day >= BEFORE)
    quick = rng.random(len(days.n)) < np.where(ours, quick_share_after, 0.5)
    age = np.where(quick, days.age // 2, days.age)
    closed = days.closed | (quick & (days.day + age < BEFORE + AFTER - 1))
    return Town(
        found.plan,
        {
            **found.cells,
            "days": replace(days, age=age, closed=closed, strata=("quick", "slow"), stratum=(~quick).astype(np.int64)),
        },
    )


def test_one_unit_against_many_points_to_value_at_most() -> None:
    found = town(-0.4, units=40, treated=1, a_day=8.0)
    told_of = verdict(replace(found.plan, design="one unit", smallest=0.15), found.cells, found.on(300))
    assert told_of.word == Word.POINTS
    assert told_of.security == 2
    assert "points to value" in told(told_of) and "Not shown" not in told(told_of)
    assert told_of.size is not None and told_of.size.low < -0.4 < told_of.size.high < 0


def test_one_unit_that_does_not_use_the_change_points_to_nothing() -> None:
    found = town(-0.4, units=40, treated=1, a_day=8.0)
    seldom = {**found.cells, "use": replace(found.cells["use"], total=found.cells["use"].total * 0.5)}
    told_of = verdict(replace(found.plan, design="one unit", smallest=0.15), seldom, found.on(300))
    assert told_of.word == Word.NOT_YET
    assert "50% of the eligible cases" in told(told_of)


def test_one_unit_that_moved_as_others_do_is_not_shown() -> None:
    found = town(0.0, units=30, treated=1)
    told_of = verdict(replace(found.plan, design="one unit", smallest=0.15), found.cells, found.on(300))
    assert told_of.word == Word.NOT_YET


def test_one_unit_needs_twenty_others() -> None:
    found = town(-0.4, units=16, treated=1)
    told_of = verdict(replace(found.plan, design="one unit", smallest=0.15), found.cells, found.on(300))
    assert told_of.word == Word.UNKNOWABLE
    assert "20 are needed" in told(told_of)


def test_a_share_is_told_in_percentage_points_and_its_path_stays_within_0_and_1() -> None:
    place = town(0.0)
    days = place.cells["days"]
    assert days.age is not None
    late = (days.age > 14).astype(float)
    late = np.where((days.unit < 12) & (days.day >= BEFORE), 0.0, late)
    share = Cells(
        LATE, days.units, days.first, days.until, days.unit, days.day, days.n, days.n * late, days.n * late, within=30
    )  # fmt: skip
    plan = replace(place.plan, measure=LATE.name, relative=False, smallest=0.1, guardrails=())
    found = verdict(plan, {**place.cells, LATE.name: share}, place.on(300))
    assert found.word == Word.VALUE
    assert "percentage points (surely between" in told(found)
    assert "Too late: Door" in told(found)
    ends = [
        value
        for look in found.path
        for value in (look.treated, look.expected, look.low, look.high)
        if value is not None
    ]
    assert min(ends) >= 0 and max(ends) <= 1


def test_before_the_start_nothing_is_known_and_what_stands_in_the_way_is_told(better: Town) -> None:
    found = verdict(better.plan, better.cells, better.on(-20), others=("New rota",))
    assert found.word == Word.NOT_YET
    assert found.next_look == START
    assert "starts on" in told(found) and "New rota" in told(found)


def test_a_detectable_effect_that_is_claimed_and_not_so_is_not_believed(better: Town) -> None:
    claimed = replace(better.plan, smallest=0.01, mde=0.015)
    assert verdict(claimed, better.cells, better.on(300)).word == Word.UNKNOWABLE


def test_a_verdict_prints_as_its_answer(better: Town) -> None:
    found = verdict(better.plan, better.cells, better.on(300))
    with speaking("nb"):
        assert "vist redusert med" in str(found)
