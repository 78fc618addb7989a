"""The policy: a versioned file, each value with its date and source."""

from datetime import date

import pytest

from loft.value.errors import BadInput
from loft.value.policy import FOLDER, LATEST, policy


def test_the_thresholds_are_those_of_the_rule() -> None:
    found = policy()
    assert {name: found[name] for name in ("alpha", "drift", "units", "in_use", "least_days", "apart_days", "quiet")} == {
        "alpha": 0.05, "drift": 1.0, "units": 8, "in_use": 0.70, "least_days": 180, "apart_days": 60, "quiet": 0.90,
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.toml")))
def test_every_threshold_says_since_when_and_why(name: str) -> None:
    found = policy(name)
    assert found.id == name
    assert all(isinstance(t.since, date) and len(t.source) > 20 for t in found.thresholds.values())


def test_a_policy_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(BadInput, match=f"no policy 1999-01.*{LATEST}"):
        policy("1999-01")
