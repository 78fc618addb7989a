"""What a file of the register may hold: each row is vetted before it is taken in, since it may come from another body.

Every ``check_…`` raises ``BadInput`` for the first thing that cannot be.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from loft.changes import content, words
from loft.changes.actions.planning import drafted
from loft.changes.actions.sharing import file_name, web_address
from loft.changes.actions.values import check_kroner
from loft.changes.public import FIELDS
from loft.changes.rules import ACTIONS, STAGES, Stage
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.locking import check_fields
from loft.value.measures import measure
from loft.value.plan import Plan
from loft.value.policy import policy
from loft.value.sentence import Figure
from loft.value.verdicts import Verdict, Word

HIGHEST = 999_999_999
"""The highest number of a change that stands in addresses."""
MOST = 1e15
"""No amount of the register is as large."""
_PSEUDONYM = re.compile(r"change-[0-9a-f]{16}")
_SHOWN = {Word.VALUE, Word.LAPSED}
_BORNE_OUT: Mapping[str, set[Word]] = {
    Stage.VALUE: _SHOWN, Stage.SPREAD: _SHOWN, Stage.LAPSED: _SHOWN, Stage.HARM: {Word.HARM}, Stage.UNKNOWN: {Word.UNKNOWABLE},
}  # fmt: skip


def check_row(raw: Mapping[str, Any]) -> None:
    """A change that uses a word the register does not have, a stage that nothing bears out, or a file or link that none may add."""
    _check_words(raw)
    _check_stages(raw)
    _check_names(raw)
    for link in listed(raw, "links"):
        web_address(field_of(link, "url"))
    for file in listed(raw, "attachments"):
        _check_file(file)
    for row in listed(raw, "history"):
        if field_of(row, "field") == "stage":
            for name in ("before", "after"):
                if field_of(row, name) not in ("", *STAGES):
                    raise _cannot_hold("history", row[name])


def _check_words(raw: Mapping[str, Any]) -> None:
    chosen: list[tuple[str, Any, Collection[str]]] = [("stage", raw["stage"], STAGES)]
    lists = (("novelty", words.NOVELTY), ("origin", words.ORIGINS), ("stage_before", STAGES))
    chosen += [(name, raw[name], known) for name, known in lists if raw[name]]
    chosen += [("kinds", kind, words.KINDS) for kind in listed(raw, "kinds")]
    for gain in listed(raw, "gains"):
        of_gain = (("kind", words.GAINS), ("receiver", words.RECEIVERS), ("cash", words.CASH))
        chosen += [(name, field_of(gain, name), known) for name, known in of_gain]
    chosen += [("decisions", field_of(row, "kind"), words.DECISIONS) for row in listed(raw, "decisions")]
    uses = [use for freed in listed(raw, "freed") for use in listed(freed, "uses")]
    chosen += [("use", field_of(use, "use"), words.USES) for use in uses]
    for name, value, known in chosen:
        if not isinstance(value, str) or value not in known:
            raise BadInput(
                mark("%(field)s cannot be %(value)s."), field=Figure(name, "text"), value=Figure(str(value), "text")
            )


def _check_stages(raw: Mapping[str, Any]) -> None:
    """The stage, and of a paused change also the one it goes back to, need a plan or a verdict in the row."""
    said = {field_of(row, "word") for row in listed(raw, "verdicts")}
    paused = raw["stage"] == Stage.PAUSED
    if paused and raw["stage_before"] not in ACTIONS["pause"].allowed:
        raise _cannot_hold("stage_before", raw["stage_before"])
    for stage in (raw["stage"], raw["stage_before"]) if paused else (raw["stage"],):
        needed = _BORNE_OUT.get(stage)
        if (needed and not said & needed) or (stage == Stage.LOCKED and not listed(raw, "plans")):
            raise BadInput(
                mark("The stage “%(stage)s” is not borne out by a plan or verdict in the row."),
                stage=Figure(STAGES[stage], "told"),
            )


def _check_names(raw: Mapping[str, Any]) -> None:
    if not isinstance(raw["draft"], dict):
        raise _cannot_hold("draft", "")
    drafted({}, raw["draft"])
    if set(listed(raw, "published")) - set(FIELDS):
        raise _cannot_hold("published", "")
    if not _PSEUDONYM.fullmatch(str(raw["pseudonym"])):
        raise BadInput(mark("%(name)s is no pseudonym of a change."), name=Figure(str(raw["pseudonym"])[:60], "text"))
    origin = raw["copied_from"]
    if not isinstance(origin, str) or (origin and not _PSEUDONYM.fullmatch(origin)):
        raise _cannot_hold("copied_from", origin)
    number = raw["number"]
    if not isinstance(number, int) or not 0 < number <= HIGHEST:
        raise _cannot_hold("number", number)


def check_gain(values: Mapping[str, Any]) -> None:
    """A gain that no sum could hold."""
    ends = ("low", "mid", "high", "measured_low", "measured_mid", "measured_high")
    check_kroner(values["unit_price"], *(values[name] for name in ends))
    check_kroner(1.0, values["cost_once"], values["cost_yearly"])


def _check_file(raw: Any) -> None:
    name, kind, digest = (field_of(raw, each) for each in ("name", "type", "sha256"))
    if not isinstance(name, str) or file_name(name) != name:
        raise _cannot_hold("attachments: name", name)
    if not isinstance(kind, str) or not content.is_known(kind):
        raise _cannot_hold("attachments: type", kind)
    if not isinstance(digest, str) or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise _cannot_hold("attachments: sha256", digest)


def cleaned(model: type[models.Model], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the fields of the model hold them. Raises ``BadInput`` for the first that its field cannot hold."""
    values = {}
    for name, value in raw.items():
        field = model._meta.get_field(name)
        try:
            if isinstance(value, str) and "\x00" in value:
                raise ValidationError("a character that no text has")
            if (value is None and not field.null) or (value == "" and not field.blank and name != "by"):
                raise ValidationError("nothing")
            values[name] = value if isinstance(field, models.JSONField) else field.to_python(value)
            if isinstance(field, models.TextField | models.CharField) and not isinstance(value, str):
                raise ValidationError("no text")
            if isinstance(field, models.FloatField) and value is not None and not abs(values[name]) < MOST:
                raise ValidationError("no amount")
            field.run_validators(values[name])
        except (ValidationError, TypeError, ValueError, OverflowError) as error:
            raise _cannot_hold(f"{model.__name__}: {name}", value) from error
    return values


def check_plan(values: Mapping[str, Any]) -> None:
    """A version of a plan that is not the one that was locked, or that cannot be judged by."""
    plan = Plan.from_dict(_json(values["text"]))
    if hashlib.sha256(values["text"].encode()).hexdigest() != values["hash"] or plan.hash != values["hash"]:
        raise BadInput(
            mark("Version %(version)s of the plan is not the one that was locked: its hash is another."),
            version=Figure(values["version"], "count"),
        )
    check_fields(plan)
    policy(plan.policy)
    for name in (plan.measure, *(guardrail.measure for guardrail in plan.guardrails)):
        measure(name)


def check_verdict(values: Mapping[str, Any]) -> None:
    """A verdict that is not the one of its row, or that cannot be shown."""
    verdict = Verdict.from_dict(_json(values["text"]))
    day = Figure(values["on"], "day")
    if (verdict.on, str(verdict.word)) != (values["on"], values["word"]):
        raise BadInput(mark("The verdict of %(day)s says another day or word than its row."), day=day)
    if verdict.plan_hash != values["plan"].hash:
        raise BadInput(mark("The verdict of %(day)s was made by another plan than its row says."), day=day)
    if not _can_be_shown(verdict):
        raise BadInput(mark("The verdict cannot be read: %(error)s."), error=Figure(verdict.on.isoformat(), "text"))


def _can_be_shown(verdict: Verdict) -> bool:
    said = [verdict.answer, *verdict.reasons, *verdict.knowable, *(group.label for group in verdict.groups)]
    said += [*(check.says for check in verdict.checks), *(guarded.says for guarded in verdict.guardrails)]
    maybe_sizes = [
        verdict.size,
        *(guarded.size for guarded in verdict.guardrails),
        *(group.size for group in verdict.groups),
    ]
    sizes = [size for size in maybe_sizes if size]
    figures = [each for size in sizes for each in (size.estimate, size.low, size.high)]
    maybe = [each for at in verdict.path for each in (at.treated, at.expected, at.low, at.high)]
    figures += [each for each in (*maybe, verdict.withstands) if each is not None]
    try:
        for sentence in said:
            str(sentence)
        for guarded in verdict.guardrails:
            measure(guarded.measure)
        return all(map(isfinite, figures)) and 0 <= verdict.security <= 5
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(mark("A plan or a verdict is no JSON.")) from error


def listed(raw: Any, name: str) -> list[Any]:
    """The list called *name* in a row."""
    value = field_of(raw, name)
    if not isinstance(value, list):
        raise BadInput(mark("%(field)s must be a list."), field=Figure(name, "text"))
    return value


def field_of(raw: Any, name: str) -> Any:
    """The field called *name* in a row."""
    if not isinstance(raw, Mapping) or name not in raw:
        raise BadInput(mark("The field %(name)s is missing, or is not known here."), name=Figure(name, "text"))
    return raw[name]


def _cannot_hold(name: str, value: Any) -> BadInput:
    return BadInput(
        mark("%(field)s cannot hold %(value)s."),
        field=Figure(name, "text"),
        value=Figure(str(value)[:60] or "–", "text"),
    )
