"""Every activity of the simulated log has a name that people can read, in all three languages."""

import pyarrow as pa
import pytest

from loft.example.ways import STEPS
from loft.insight.table import Column, Kind, Table
from loft.insight.wording import cells
from loft.language import speaking
from loft.vocabulary import ACTIVITIES, activity_name


def test_every_activity_of_the_simulation_has_a_name_and_no_name_is_left_over() -> None:
    """The register's own activities are not of the simulation."""
    assert {step.activity for step in STEPS} == {name for name in ACTIVITIES if not name.startswith("change.")}


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


def test_a_table_in_words_names_our_own_activities_and_keeps_those_of_others() -> None:
    data = pa.table({"previous": ["application.received", "Create Fine"], "count": [12, 7]})
    columns = (Column("previous", Kind.TEXT, "From step"), Column("count", Kind.COUNT, "Times"))
    table = Table("arcs", "Ways on the map", "", columns, data, 5, ("previous",))
    with speaking("nb"):
        assert cells(table) == [["Søknad mottatt", "12"], ["Create Fine", "7"]]
