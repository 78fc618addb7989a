"""On generated logs, every question answers as the slow and obvious loops do, from cubes and from steps alike."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from loft.log import EVERYTHING, Log, Selection, open_log
from tests.insight.obvious import ANSWERS, ObviousLog, as_rows
from tests.insight.questions import QUESTIONS
from tests.insight.text import moment, store_of

ENDINGS = ("close",)
HOURS = st.integers(0, 24 * 50)
EVENT = st.fixed_dictionaries(
    {
        "case": st.sampled_from("abcdef"),
        "activity": st.sampled_from(["apply", "check", "ask", "close"]),
        # Few different hours, so that many events happen at the same moment.
        "at": st.one_of(st.integers(0, 6), HOURS),
        "work": st.one_of(st.none(), st.integers(0, 30)),
        "unit": st.sampled_from([None, "desk", "expert", "archive"]),
        "service": st.sampled_from([None, None, "build", "move"]),
        "actor": st.sampled_from([None, "resident", "employee", "robot", "system"]),
        "channel": st.sampled_from([None, "web", "paper"]),
    }
)
DAYS = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 2, 20)))


@st.composite
def selections(draw: Callable[..., Any]) -> Selection:
    period = sorted(d for d in (draw(DAYS), draw(DAYS)) if d)
    first, last = [*period, None, None][:2] if draw(st.booleans()) else (None, [None, *period][-1])
    return Selection(
        first,
        last,
        services=draw(st.sampled_from([(), ("build",), ("build", "move")])),
        units=draw(st.sampled_from([(), (), ("desk",), ("expert", "archive")])),
        where=draw(st.sampled_from([(), (), (("channel", "web"),)])),
    )


def as_event(drawn: dict[str, Any]) -> dict[str, Any]:
    at = drawn["at"] / 24
    began = None if drawn["work"] is None else max(at - drawn["work"] / 24, 0)
    return {**{k: v for k, v in drawn.items() if k != "work"}, "at": at, "began": began}


def as_seen(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "at": moment(event["at"]), "began": moment(event["began"])}


def without_cubes(log: Log) -> Log:
    return replace(log, engine=replace(log.engine, meta=replace(log.meta, cubes=())), _counts={})


def only_known(selection: Selection, log: Log) -> Selection:
    """Without the services and units that this log has not; naming one is an error of its own."""
    return selection.but(
        services=tuple(s for s in selection.services if s in log.services),
        units=tuple(u for u in selection.units if u in log.units),
    )


# A log takes a second to build and ask, so a failing one is not made smaller; with at most 40 events it is small enough to read.
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(events=st.lists(EVENT, min_size=1, max_size=25), selection=selections())
def test_every_answer_is_the_obvious_one(events: list[dict[str, Any]], selection: Selection) -> None:
    rows = [as_event(e) for e in events]
    rows[0]["activity"] = "close"
    obvious = ObviousLog(map(as_seen, rows), ENDINGS)
    with tempfile.TemporaryDirectory() as folder:
        log = open_log(store_of(rows, Path(folder), endings=ENDINGS)).with_gate_open()
        selection = only_known(selection, log)
        for asked, chosen in ((log, EVERYTHING), (log, selection), (without_cubes(log), selection)):
            for name, answer in ANSWERS.items():
                expected = answer(obvious, chosen)
                columns = list(expected[0]) if expected else ["cases"]
                found = QUESTIONS[name](asked, chosen).rows()
                assert as_rows(found, columns) == as_rows(expected, columns), (name, chosen)
        log.close()


def test_a_cube_answers_a_period_and_the_steps_answer_the_rest(tmp_path: Path) -> None:
    """The comparison above would say nothing if both logs took the same way."""
    event = {"case": "a", "activity": "close", "at": 0, "began": None, "unit": "desk", "service": "build"}
    log = open_log(store_of([event], tmp_path, endings=ENDINGS))
    january = Selection(opened_until=date(2024, 1, 31))
    assert log.cube("cube_arc", january) is not None
    assert log.cube("cube_arc", january.but(units=("desk",))) is None
    assert log.cube("cube_arc_bins", january.but(opened_until=date(2024, 1, 30))) is None
    assert without_cubes(log).cube("cube_arc", january) is None
