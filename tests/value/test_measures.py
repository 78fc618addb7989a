"""Measures by name, as a plan holds them."""

import pytest

from loft.value.errors import BadInput
from loft.value.measures import MEASURES, measure


@pytest.mark.parametrize("name", [*MEASURES, "on_time:10", "activity:ask: again", "attribute:score", "withdrawal:stop"])
def test_a_measure_is_found_by_the_name_it_has(name: str) -> None:
    assert measure(name).name == name


def test_a_name_tells_what_is_measured() -> None:
    assert str(measure("on_time:14").says) == "Answered within 14\u00a0days"
    assert str(measure("activity:ask: again").says) == "Share of cases with the step: ask: again"
    assert str(measure("doors").says) == "Units that a case meets"


def test_told_measures_keep_their_direction() -> None:
    assert (measure("withdrawal:stop").better, measure("satisfaction:score").better) == ("lower", "higher")


def test_only_a_measure_that_drops_open_cases_says_so() -> None:
    assert [m.name for m in MEASURES.values() if m.drops_open] == ["log_days"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("handover", "There is no measure handover. Did you mean handovers?"),
        ("Days", "Did you mean days?"),
        ("speed", "Choose one of days, "),
        ("", "There is no measure"),
        ("activity:", "must be told what: write activity:WHAT"),
        ("attribute", "must be told what"),
        ("on_time:0", "a whole number of days, such as on_time:30; it was told 0"),
        ("on_time:²", "it was told ²"),
        ("on_time:99999", "whole number of days"),
        ("days:5", "There is no measure days:5. Did you mean days?"),
    ],
)
def test_an_unknown_name_is_told_in_a_sentence(name: str, says: str) -> None:
    with pytest.raises(BadInput, match=says.replace("?", r"\?")):
        measure(name)
