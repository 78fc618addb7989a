"""A plan that nobody could judge by is not locked, and the sentence says why."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from loft.value.errors import BadInput
from loft.value.locking import locked
from loft.value.plan import Guardrail, Plan, Use
from loft.value.policy import LATEST
from loft.value.told import rows

PLAN = Plan(
    change="felles-dor-1",
    log="fjordvik",
    measure="days",
    better="lower",
    relative=True,
    smallest=0.1,
    by="attribute:center",
    treated=(("Nes", date(2025, 3, 1)), ("Vik", date(2025, 4, 1))),
    comparison=("Dal", "Fjell"),
    design="comparison",
    last=date(2026, 3, 1),
    chosen_by="Nearest in days and size.",
)
AT = datetime(2025, 2, 1, 9, tzinfo=UTC)


def test_a_locked_plan_says_who_when_and_under_which_policy() -> None:
    plan = locked(PLAN, by="Kari", at=AT)
    assert (plan.locked_by, plan.locked_at, plan.policy, plan.version) == (
        "Kari",
        "2025-02-01T09:00:00+00:00",
        LATEST,
        1,
    )
    assert plan.hash != PLAN.hash
    assert locked(PLAN, by="Kari", at=AT).hash == plan.hash


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"log": ""}, "names no log"),
        ({"measure": "dayz"}, "Did you mean days"),
        ({"measure": "log_days"}, "flatters slow units"),
        ({"better": "faster"}, "lower or higher"),
        ({"design": "random"}, "no choice random"),
        ({"policy": "1999-01"}, "no policy"),
        ({"smallest": 0}, "above 0"),
        ({"smallest": float("nan")}, "must be a number"),
        ({"smallest": True}, "must be a number"),
        ({"smallest": 10}, "Write 10 per cent as 0.1"),
        ({"within": -1}, "below 0"),
        ({"within": 1.5}, "must be a number"),
        ({"treated": ()}, "names no unit"),
        ({"treated": ((3, date(2025, 3, 1)),)}, "list of texts"),
        ({"comparison": ("Nes",)}, "Nes stands twice"),
        ({"last": date(2025, 4, 1)}, "must come after every start"),
        ({"chosen_by": ""}, "how the units to compare with were chosen"),
        ({"design": "lottery"}, "no record of it"),
        ({"design": "lottery", "draw": {"seed": "17"}}, "needs the order in which the units were drawn"),
        ({"design": "lottery", "draw": {"seed": "17", "order": ["Vik", "Nes"]}}, "not those that were drawn"),
        ({"design": "none"}, "names units to compare with"),
        ({"design": "one unit"}, "says that one unit starts, but names 2"),
        ({"guardrails": (Guardrail("days", "lower", 0.1),)}, "stands twice"),
        ({"guardrails": (Guardrail("doors", "lower", -0.1),)}, "cannot be below 0"),
        ({"guardrails": (Guardrail("doors", "lower", "x"),)}, "tolerance must be a number"),  # type: ignore[arg-type]
        ({"guardrails": (Guardrail("doors", "lower", float("inf")),)}, "tolerance must be a number"),
        ({"guardrails": (Guardrail("doors", "lower", 0.1, "yes"),)}, "relative must be true or false"),  # type: ignore[arg-type]
        ({"relative": "no"}, "relative must be true or false"),
        ({"draw": {"order": 5}}, "draw must be a list of texts"),
        ({"draw": {"order": ["Nes"], "blocks": 5}}, "draw must be a list of texts"),
        ({"draw": 5}, "draw must be a list of texts"),
        ({"policy": "other/2026-11"}, "no policy other/2026-11"),
        ({"by": "center"}, "unit or by attribute:NAME"),
        ({"use": Use("attribute", "channel")}, "for an attribute its value"),
        ({"use": Use("thing", "x")}, "no choice thing"),
    ],
)
def test_what_keeps_a_plan_from_being_judged_by_is_told(values: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        locked(replace(PLAN, **values), by="Kari", at=AT)


def test_all_of_a_plan_is_told_in_words() -> None:
    plan = replace(
        PLAN,
        guardrails=(Guardrail("doors", "lower", 0.05), Guardrail("withdrawal", "lower", 0.03, relative=False)),
        use=Use("activity", "door.met"),
        near=("Ås",),
        services=("Byggesak",),
        where=(("kanal", "nett"),),
        draw={"seed": "17", "order": ["Vik", "Nes"]},
        within=60,
        se_plan=0.04,
        mde=0.08,
        earliest=date(2025, 9, 1),
        amends="a" * 64,
        version=2,
    )
    shown = rows(locked(plan, by="Kari", at=AT, version=2, amends="a" * 64))
    text = "\n".join(f"{heading}: {'; '.join(map(str, lines))}" for heading, lines in shown).replace("\u00a0", " ")
    values = (
        "fjordvik", "Nes", "Vik", "Dal", "Fjell", "Ås", "Byggesak", "kanal", "nett", "17", "door.met", "Kari", "a" * 64, "10%", "5.0%",
        "3.0 percentage points", "1 March 2025", "1 April 2025", "1 March 2026", "1 September 2025", "60 days", "0.040", LATEST,
    )  # fmt: skip
    assert [value for value in values if value not in text] == []
