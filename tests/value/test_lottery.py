"""The lottery: fair, recorded, and drawn again by anyone."""

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft.value.errors import BadInput
from loft.value.lottery import check_draw, draw_lots, drawn_order

UNITS = tuple(f"Office {letter}" for letter in "ABCDEFGHIJKL")
START = date(2026, 1, 1)


def test_anyone_can_draw_again_with_a_checksum_program() -> None:
    by_hand = sorted(UNITS, key=lambda unit: hashlib.sha256(b"7-11-15:" + unit.encode()).hexdigest())
    assert drawn_order(UNITS, "7-11-15") == tuple(by_hand)


def test_the_order_in_which_units_are_named_does_not_matter() -> None:
    assert drawn_order(UNITS[::-1], "s") == drawn_order(UNITS, "s")


def test_half_start_in_waves_and_half_wait() -> None:
    draw = draw_lots(UNITS, seed="s", start=START, waves=3, apart=30)
    assert [day for _, day in draw.treated] == [date(2026, 1, 1)] * 2 + [date(2026, 1, 31)] * 2 + [date(2026, 3, 2)] * 2
    assert sorted([unit for unit, _ in draw.treated] + list(draw.waiting)) == sorted(UNITS)


def test_every_unit_is_as_likely_to_start() -> None:
    started = dict.fromkeys(UNITS, 0)
    for seed in range(2_000):
        for unit, _ in draw_lots(UNITS, seed=str(seed), start=START).treated:
            started[unit] += 1
    assert all(abs(count / 2_000 - 0.5) < 0.05 for count in started.values())


def test_a_record_that_was_altered_is_found_out() -> None:
    record = draw_lots(UNITS, seed="s", start=START).as_dict()
    assert check_draw(UNITS, record)
    record["order"][0], record["order"][1] = record["order"][1], record["order"][0]
    assert not check_draw(UNITS, record)


@pytest.mark.parametrize(
    ("units", "options", "words"),
    [
        (("A", "A", "B", "C"), {}, "named twice"),
        (("A", "B", "C"), {}, "at least four"),
        (UNITS, {"count": 11}, "At most 10 of 12 can start"),
        (UNITS, {"count": 1}, "two that start"),
        (UNITS, {"waves": 7}, "more waves"),
    ],
)
def test_a_draw_that_is_none_is_refused(units: tuple[str, ...], options: dict[str, int], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        draw_lots(units, seed="s", start=START, **options)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=4, max_size=20, unique=True), st.text(max_size=10))
def test_any_names_and_seed_can_be_drawn(units: list[str], seed: str) -> None:
    draw = draw_lots(units, seed=seed, start=START)
    assert set(draw.order) == set(units)
    assert len(draw.treated) == len(units) // 2
