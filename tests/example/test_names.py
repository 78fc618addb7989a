"""Every activity of the simulated log has a name that people can read, in all three languages."""

import pytest

from loft.example.services import STEPS
from loft.language import speaking
from loft.vocabulary import ACTIVITIES, activity_name


def test_every_activity_of_the_simulation_has_a_name_and_no_name_is_left_over() -> None:
    assert {step.activity for step in STEPS} == set(ACTIVITIES)


@pytest.mark.parametrize(
    ("code", "name"), [("nb", "Søknad mottatt"), ("nn", "Søknad motteken"), ("en", "Application received")]
)
def test_an_activity_is_named_in_the_language_in_force(code: str, name: str) -> None:
    with speaking(code):
        assert activity_name("application.received") == name


@pytest.mark.parametrize("code", ["nb", "nn"])
def test_no_two_activities_have_the_same_name(code: str) -> None:
    with speaking(code):
        assert len({activity_name(activity) for activity in ACTIVITIES}) == len(ACTIVITIES)


def test_an_activity_of_another_log_keeps_its_own_word() -> None:
    with speaking("nb"):
        assert activity_name("Create Fine") == "Create Fine"
