"""What is allowed: the stages of a change, the actions that lead from one to the next, and who may do them.

Two questions are kept apart: does the matter allow it now (``check_now``), and may this person do it (``check_person``). Each
``check_…`` raises with a sentence for the person, each ``can_…`` says yes or no. The state machine is the dictionary ``ACTIONS``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure, Sentence, say
from loft.value.verdicts import Word


class Stage(StrEnum):
    """Where a change is: on the way from an idea to value that has spread, or out at a side."""

    IDEA = "idea"
    PLANNED = "planned"
    LOCKED = "locked"
    STARTED = "started"
    IN_USE = "in use"
    VALUE = "value shown"
    SPREAD = "spread"
    STOPPED = "stopped"
    PAUSED = "paused"
    HARM = "harm"
    UNKNOWN = "not known"
    LAPSED = "lapsed"


STAGES: Mapping[Stage, str] = {
    Stage.IDEA: mark("Idea"),
    Stage.PLANNED: mark("Planned"),
    Stage.LOCKED: mark("Plan locked"),
    Stage.STARTED: mark("Started"),
    Stage.IN_USE: mark("In use"),
    Stage.VALUE: mark("Value shown"),
    Stage.SPREAD: mark("Spread"),
    Stage.STOPPED: mark("Stopped"),
    Stage.PAUSED: mark("Paused"),
    Stage.HARM: mark("Harm shown"),
    Stage.UNKNOWN: mark("Cannot be known"),
    Stage.LAPSED: mark("Value shown, lapsed"),
}
"""The English name of each stage, in the order of the way."""

WAY = (Stage.IDEA, Stage.PLANNED, Stage.LOCKED, Stage.STARTED, Stage.IN_USE, Stage.VALUE, Stage.SPREAD)
"""The way; the other stages are exits at its side."""

ROLES: Mapping[str, str] = {
    "proposer": mark("Proposer"),
    "owner": mark("Owner in the line"),
    "benefits_owner": mark("Benefits owner"),
    "analyst": mark("Analyst"),
}
"""The roles on a change, with their English names."""

ANYONE = "anyone"

_ALL = frozenset(Stage)
_OPEN = _ALL - {Stage.STOPPED}
_RUNNING = frozenset({Stage.STARTED, Stage.IN_USE, Stage.VALUE, Stage.SPREAD, Stage.HARM, Stage.UNKNOWN, Stage.LAPSED})
_UNDER_WAY = _RUNNING | {Stage.PAUSED}
_TEAM = ("owner", "benefits_owner", "analyst")
_EVERY_ROLE = ("proposer", *_TEAM)


@dataclass(frozen=True)
class Action:
    """An action: its English name, the stages it is ``allowed`` in, the ``roles`` that may do it, and the activity of its event.

    ``leads`` gives the stages that it may lead to from a stage; from a stage that is not there it leads nowhere.
    """

    label: str
    allowed: frozenset[Stage]
    roles: tuple[str, ...]
    event: str
    leads: Mapping[Stage, frozenset[Stage]] = field(default_factory=dict)


def _from(stages: Iterable[Stage], *to: Stage) -> dict[Stage, frozenset[Stage]]:
    return {stage: frozenset(to) for stage in stages}


_NEVER_SHOWN = (Stage.STARTED, Stage.IN_USE, Stage.HARM, Stage.UNKNOWN)
_JUDGED: Mapping[Stage, frozenset[Stage]] = {
    **_from(_NEVER_SHOWN, *_NEVER_SHOWN, Stage.VALUE, Stage.LAPSED),
    **_from([Stage.VALUE, Stage.LAPSED], Stage.VALUE, Stage.LAPSED, Stage.HARM),
    **_from([Stage.SPREAD], Stage.SPREAD, Stage.LAPSED, Stage.HARM),
}
"""Where a verdict may lead: value once shown stands until it lapses or harm is shown (``after_verdict``)."""

ACTIONS: Mapping[str, Action] = {
    "describe": Action(mark("describe the change"), _OPEN, _EVERY_ROLE, "change.described"),
    "assign": Action(mark("give out the roles"), _OPEN, ("proposer", "owner"), "change.assigned"),
    "plan": Action(
        mark("plan how the change is judged"), _RUNNING | {Stage.IDEA, Stage.PLANNED}, ("owner", "analyst"), "change.planned",
        _from([Stage.IDEA], Stage.PLANNED),
    ),
    "lock": Action(
        mark("lock the plan"), _RUNNING | {Stage.PLANNED}, ("owner", "analyst"), "change.locked",
        _from([Stage.PLANNED], Stage.LOCKED),
    ),
    "amend": Action(
        mark("amend the plan"), _UNDER_WAY | {Stage.LOCKED}, ("owner", "analyst"), "change.amended"
    ),
    "start": Action(
        mark("start the change in a unit"), _OPEN - {Stage.PAUSED}, ("owner",), "change.started",
        _from([Stage.IDEA, Stage.PLANNED, Stage.LOCKED], Stage.STARTED),
    ),
    "end": Action(mark("end the change in a unit"), _UNDER_WAY, ("owner",), "change.ended"),
    "record_verdict": Action(
        mark("record a verdict"), _RUNNING, _TEAM, "change.verdict_recorded", _JUDGED
    ),
    "spread": Action(
        mark("tell that the value has spread"), frozenset({Stage.VALUE}), _TEAM, "change.spread",
        _from([Stage.VALUE], Stage.SPREAD),
    ),
    "lapse": Action(
        mark("let the value lapse"), frozenset({Stage.VALUE, Stage.SPREAD}), _TEAM, "change.lapsed",
        _from([Stage.VALUE, Stage.SPREAD], Stage.LAPSED),
    ),
    "note": Action(mark("write beside a verdict"), _ALL, _EVERY_ROLE, "change.verdict_noted"),
    "stop": Action(mark("stop the change"), _OPEN, ("owner",), "change.stopped", _from(_OPEN, Stage.STOPPED)),
    "pause": Action(
        mark("pause the change"), _OPEN - {Stage.PAUSED}, ("owner",), "change.paused",
        _from(_OPEN - {Stage.PAUSED}, Stage.PAUSED),
    ),
    "resume": Action(
        mark("resume the change"), frozenset({Stage.PAUSED}), ("owner",), "change.resumed",
        _from([Stage.PAUSED], *(_OPEN - {Stage.PAUSED})),
    ),
    "adjust": Action(mark("adjust the change"), _UNDER_WAY, ("owner",), "change.adjusted"),
    "copy": Action(
        mark("take the change to another unit or body"), _UNDER_WAY | {Stage.LOCKED}, ("owner", "benefits_owner"), "change.copied"
    ),
    "tell_gain": Action(mark("say what is gained"), _OPEN, _TEAM, "change.gain_told"),
    "measure_gain": Action(mark("say what a gain came to"), _OPEN, ("benefits_owner", "analyst"), "change.gain_measured"),
    "free_time": Action(mark("say how much time is freed"), _OPEN, _TEAM, "change.time_estimated"),
    "confirm_time": Action(mark("confirm freed time"), _OPEN, ("benefits_owner", "analyst"), "change.time_confirmed"),
    "use_time": Action(mark("decide on the use of freed time"), _OPEN, ("owner", "benefits_owner"), "change.time_decided"),
    "realise_time": Action(mark("show what freed time came to"), _OPEN, ("benefits_owner",), "change.time_realised"),
    "learn": Action(mark("write what was learned"), _ALL, _EVERY_ROLE, "change.learned"),
    "comment": Action(mark("comment"), _ALL, (ANYONE,), "change.commented"),
    "attach": Action(mark("attach a file or a link"), _ALL, _EVERY_ROLE, "change.attached"),
    "tell_break": Action(mark("say that the figures of a unit have a break"), _ALL, ("owner", "analyst"), "change.break_told"),
    "publish": Action(mark("choose what is public"), _ALL, ("owner",), "change.published"),
}  # fmt: skip
"""Every action on a change that is there. To ``propose`` one is open to anyone, at any time.

A change may be started without a locked plan, as happens; the plan may then still be locked, but never show value.
"""


@dataclass(frozen=True)
class Actor:
    """Who acts: a name, and the roles they may act in. With ``everything`` they may do all, whoever is named on the change. ``kind`` is
    what the log is told: ``employee``, or ``system`` for the program itself."""

    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    everything: bool = False
    kind: str = "employee"

    @classmethod
    def local(cls, name: str) -> "Actor":
        """The person at this machine, who may do everything: the pages answer nobody else."""
        return cls(name, frozenset(ROLES), everything=True)

    @classmethod
    def system(cls) -> "Actor":
        """The program itself."""
        return cls("Løft", everything=True, kind="system")


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of a change: its stage, whether a plan is locked, and the name in each role."""

    stage: Stage
    locked: bool = False
    names: Mapping[str, str] = field(default_factory=dict)


class NotNow(BadInput):
    """The matter does not allow it now."""


class NotYours(BadInput):
    """This person may not do it."""


def check_now(action: str, facts: Facts) -> None:
    """Raises ``NotNow`` where the matter does not allow *action* as things stand."""
    step = ACTIONS[action]
    if action in ("plan", "lock") and facts.locked:
        raise NotNow(mark("The plan is locked. Amend it instead: what was locked stays beside the new version."))
    if facts.stage not in step.allowed:
        raise NotNow(
            mark("You cannot %(action)s at the stage “%(stage)s”."),
            action=Figure(step.label, "told"),
            stage=Figure(STAGES[facts.stage], "told"),
        )
    if action in ("amend", "record_verdict") and not facts.locked:
        raise NotNow(mark("There is no locked plan yet. Lock the plan first."))


def check_person(action: str, actor: Actor, facts: Facts) -> None:
    """Raises ``NotYours`` where *actor* may not do *action*: they have no role on the change that may, and it is not for anyone."""
    roles = ACTIONS[action].roles
    named = {role for role in roles if role in actor.roles and facts.names.get(role) == actor.name and actor.name}
    if actor.everything or ANYONE in roles or named:
        return
    raise NotYours(
        mark("You may not %(action)s. Who may: %(roles)s."),
        action=Figure(ACTIONS[action].label, "told"),
        roles=Figure(_listed(roles), "said"),
    )


def check(action: str, actor: Actor, facts: Facts) -> None:
    """Raises ``NotNow`` or ``NotYours`` where *actor* cannot do *action* now."""
    check_now(action, facts)
    check_person(action, actor, facts)


def can_now(action: str, facts: Facts) -> bool:
    """Whether the matter allows *action* now."""
    return _passes(check_now, action, facts)


def can_person(action: str, actor: Actor, facts: Facts) -> bool:
    """Whether *actor* may do *action*."""
    return _passes(check_person, action, actor, facts)


def can(action: str, actor: Actor, facts: Facts) -> bool:
    """Whether *actor* can do *action* now."""
    return _passes(check, action, actor, facts)


def why_not(action: str, actor: Actor, facts: Facts) -> Sentence | None:
    """Why *actor* cannot do *action* now; None where they can."""
    try:
        check(action, actor, facts)
    except (NotNow, NotYours) as refusal:
        return refusal.sentence
    return None


def after(action: str, stage: Stage) -> Stage:
    """The stage that *action* leads to from *stage*, for actions that lead to one at most; *stage* itself where it leads nowhere."""
    [to] = ACTIONS[action].leads.get(stage, frozenset({stage}))
    return to


def after_verdict(stage: Stage, word: Word, *, in_use: bool, lapsed: bool) -> Stage:
    """The stage after a verdict.

    Value once shown stands until it has *lapsed* (no new verdict of value in time), unless harm is shown. *in_use* says whether the log
    shows the change used as much as the rule asks.
    """
    shown = {Word.VALUE: Stage.VALUE, Word.HARM: Stage.HARM, Word.LAPSED: Stage.LAPSED}
    if word in shown:
        return Stage.SPREAD if word == Word.VALUE and stage == Stage.SPREAD else shown[word]
    if stage in (Stage.VALUE, Stage.SPREAD, Stage.LAPSED):
        return Stage.LAPSED if lapsed or stage == Stage.LAPSED else stage
    if word == Word.UNKNOWABLE:
        return Stage.UNKNOWN
    return Stage.IN_USE if in_use else Stage.STARTED


def _passes(rule: Callable[..., None], *given: Any) -> bool:
    try:
        rule(*given)
    except (NotNow, NotYours):
        return False
    return True


def _listed(roles: Iterable[str]) -> Sentence:
    named = {f"role{place}": Figure(ROLES[role], "told") for place, role in enumerate(roles)}
    return say(", ".join(f"%({name})s" for name in named), **named)
