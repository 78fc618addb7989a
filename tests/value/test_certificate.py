"""A certificate: the verdict is worked out again from the file alone, and what was changed in it is seen."""

import hashlib
import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from loft.value.certificate import certificate, verify
from loft.value.errors import BadInput
from loft.value.look import verdict
from tests.value.offices import Town, town

Told = dict[str, Any]


@pytest.fixture(scope="module")
def offices() -> Town:
    return town(-0.2)


@pytest.fixture(scope="module")
def told(offices: Town) -> Told:
    made = verdict(offices.plan, offices.cells, offices.on(300), breaks=("Office 23",))
    return read_again(certificate(offices.plan, made, offices.cells, breaks=("Office 23",)))


def read_again(told: Told) -> Told:
    return json.loads(json.dumps(told, allow_nan=False))


def hashed_anew(told: Told) -> Told:
    """The certificate as somebody would leave it who changes it and knows how it is hashed."""
    rest = {name: value for name, value in told.items() if name != "hash"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {**rest, "hash": hashlib.sha256(text.encode()).hexdigest()}


def said(told: Told) -> str:
    return " ".join(map(str, verify(told).found))


def test_a_certificate_that_was_written_and_read_gives_the_same_verdict_again(told: Told) -> None:
    found = verify(told)
    assert found.holds
    assert found.again is not None
    assert read_again(found.again.as_dict()) == told["verdict"]


def test_a_verdict_that_was_changed_is_seen_by_the_hash_and_by_working_it_out(told: Told) -> None:
    changed = deepcopy(told)
    changed["verdict"]["size"]["estimate"] -= 0.1
    assert "changed after it was made" in said(changed)
    assert not verify(hashed_anew(changed)).holds
    assert said(hashed_anew(changed)) == "Worked out again, the verdict differs in: the size."


def test_a_break_that_was_hidden_is_seen(told: Told) -> None:
    hidden = hashed_anew({**told, "breaks": []})
    assert not verify(hidden).holds
    assert "differs in" in said(hidden)


def test_cells_that_were_changed_are_seen(told: Told) -> None:
    changed = deepcopy(told)
    cells = changed["cells"]["days"]
    cells["n"][0] += 1
    cells["total"][0] += cells["age"][0]
    cells["squares"][0] += cells["age"][0] ** 2
    assert "cells are not those" in said(hashed_anew(changed))


def test_a_plan_that_was_changed_is_seen(told: Told) -> None:
    changed = deepcopy(told)
    changed["plan"]["smallest"] = 0.01
    assert "plan is not the one" in said(hashed_anew(changed))


def test_without_cells_only_the_hashes_are_looked_into(offices: Town) -> None:
    made = verdict(offices.plan, offices.cells, offices.on(300))
    bare = read_again(certificate(offices.plan, made, None))
    found = verify(bare)
    assert (found.holds, found.again) == (True, None)
    assert "has no cells" in said(bare)
    other = certificate(replace(offices.plan, smallest=0.01), made, None)
    assert not verify(other).holds


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.pop("plan"), "lacks plan"),
        (lambda t: t.update(format="loft certificate 9"), "no certificate that this version reads"),
        (lambda t: t["cells"]["days"]["n"].append(1), "not equally long"),
        (lambda t: t["cells"]["days"]["unit"].__setitem__(0, 99), "name a unit that is not there"),
        (lambda t: t["cells"]["days"].update(age=None), "endings without ages"),
        (lambda t: t.update(cells=[1]), "cannot be read"),
        (lambda t: t.update(hash=None), "changed after it was made"),
    ],
)
def test_what_is_no_certificate_is_refused_or_does_not_hold(told: Told, change: Any, says: str) -> None:
    broken = deepcopy(told)
    change(broken)
    try:
        found = verify(broken)
    except BadInput as error:
        assert says in str(error)
    else:
        assert not found.holds
        assert says in " ".join(map(str, found.found))


@pytest.mark.parametrize("told", [[], None, "loft", {}])
def test_what_is_not_even_of_the_form_is_refused(told: Any) -> None:
    with pytest.raises(BadInput, match="no certificate"):
        verify(told)
