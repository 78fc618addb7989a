"""What happens to a change: units that start and end, verdicts, what the line decides, what it came to in use."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from loft.changes import actions
from loft.changes.actions.writing import day_of
from loft.changes.models import Change
from loft.changes.rules import Actor
from loft.language import mark
from loft.value.errors import BadInput
from loft.web.forms import Field, WrongAt
from loft.web.pages.changes.asking import Form, clock

WHY = Field("reason", mark("Why?"), "area", most=20_000)


def _today() -> Any:
    return day_of(clock())


def _start_fields(change: Change, request: HttpRequest) -> list[Field]:
    waiting = [exposure.unit for exposure in change.exposures.filter(started=None)]
    unit = Field("unit", mark("Unit"), value=request.GET.get("unit"))
    if waiting:
        about = mark("Units of the plan. One that is not in the plan goes in the next field.")
        return [
            Field("unit", mark("Unit"), "one", about, False, _names(waiting), value=request.GET.get("unit")),
            Field("other", mark("Another unit"), needed=False),
            Field("on", mark("Started on"), "day", value=_today()),
        ]
    return [unit, Field("on", mark("Started on"), "day", value=_today())]


def _names(units: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((unit, unit) for unit in units)


def _start(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    if values.get("other") and values["unit"]:
        raise WrongAt("other", mark("Choose one, or write one, not both."))
    unit = values.get("other") or values["unit"]
    if not unit:
        raise WrongAt("unit", mark("Say which unit."))
    actions.start(change, unit, values["on"], actor=actor, now=now)


def _end_fields(change: Change, request: HttpRequest) -> list[Field]:
    running = [exposure.unit for exposure in change.exposures.filter(ended=None).exclude(started=None)]
    if not running:
        raise BadInput(mark("The change runs in no unit now."))
    return [
        Field("unit", mark("Unit"), "one", options=_names(running), value=request.GET.get("unit")),
        Field("on", mark("Ended on"), "day", value=_today()),
    ]


def _end(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.end(change, values["unit"], values["on"], actor=actor, now=now)


def _nothing(change: Change, request: HttpRequest) -> list[Field]:
    return []


def _judge(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    from loft.changes.looking import look  # it brings the whole of the rule, which only this page needs

    look(change, actor=actor, now=now, record=True)


def _why(change: Change, request: HttpRequest) -> list[Field]:
    return [WHY]


def _decided(verb: str) -> Any:
    def act(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
        getattr(actions, verb)(change, values["reason"], actor=actor, now=now)

    return act


def _copy_fields(change: Change, request: HttpRequest) -> list[Field]:
    return [
        Field("body", mark("Public body"), needed=False, about=mark("Leave it empty for another unit of your own.")),
        Field("unit", mark("Unit"), needed=False),
        WHY,
    ]


def _copy(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.copy(
        change, values["reason"], actor=actor, now=now, body=values["body"] or "", unit=values["unit"] or ""
    )  # fmt: skip


def _break_fields(change: Change, request: HttpRequest) -> list[Field]:
    return [
        Field("unit", mark("Unit"), value=request.GET.get("unit")),
        Field("on", mark("From which day?"), "day"),
        Field("why", mark("What is different?"), "area", most=20_000),
    ]


def _break(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.tell_break(change, values["unit"], values["on"], values["why"], actor=actor, now=now)


FORMS = (
    Form(
        "start", "start", ("start", "start"), mark("The change has started in a unit"),
        mark("Say so for each unit, with the day it really started. A change that starts before its plan is locked can never show "
             "value."),
        mark("Save the start"), _start_fields, _start, "units",
    ),
    Form(
        "end", "end", ("avslutt", "end"), mark("The change has ended in a unit"),
        mark("What it did until then still counts."), mark("Save the end"), _end_fields, _end, "units",
    ),
    Form(
        "judge", "record_verdict", ("konklusjon-naa", "verdict-now"), mark("Make a verdict now"),
        mark("The program judges by the locked plan and what the log knows today. The verdict stands beside the earlier ones, "
             "and every look is logged."),
        mark("Make the verdict"), _nothing, _judge,
    ),
    Form(
        "stop", "stop", ("stopp", "stop"), mark("Stop the change"),
        mark("A change that is stopped stays in the register, so that others can learn from it."), mark("Stop the change"),
        _why, _decided("stop"), danger=True,
    ),
    Form(
        "pause", "pause", ("pause", "pause"), mark("Pause the change"), "", mark("Pause"), _why, _decided("pause"),
    ),
    Form(
        "resume", "resume", ("fortsett", "resume"), mark("Go on with the change"), "", mark("Go on"), _why, _decided("resume"),
    ),
    Form(
        "adjust", "adjust", ("juster", "adjust"), mark("Adjust the change"),
        mark("Say how it is done differently from now on, and why. The plan it is judged by stays."),
        mark("Save"), _why, _decided("adjust"),
    ),
    Form(
        "copy", "copy", ("ta-videre", "take-further"), mark("Take the change further"),
        mark("It becomes an idea of its own in the other unit or body, linked to this one. It must get its own verdict."),
        mark("Take it further"), _copy_fields, _copy,
    ),
    Form(
        "break", "tell_break", ("brudd", "break"), mark("A unit's figures have a break"),
        mark("Say so when a unit was merged, or counts in another way than before. The verdict takes account of it."),
        mark("Save"), _break_fields, _break, "units",
    ),
)  # fmt: skip
