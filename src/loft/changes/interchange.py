"""The whole register in and out as JSON; ``loft.changes.sheet`` has the fields that people fill in as CSV."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction

from loft.changes import words
from loft.changes.actions.planning import drafted
from loft.changes.actions.writing import Work, tell
from loft.changes.models import Change, FreedTime, Kind, PlanVersion, UseOfTime, VerdictNote, VerdictRow
from loft.changes.public import FIELDS
from loft.changes.records import NOTES, OWN, PARTS, USES, record
from loft.changes.rules import STAGES, Actor, Stage
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.plan import Plan
from loft.value.sentence import Figure, Sentence, say
from loft.value.verdicts import Verdict, Word

FORMAT = "loft changes 1"


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be taken: its number (the first is 1) and why."""

    row: int
    says: Sentence


@dataclass(frozen=True)
class Imported:
    """What an import did: how many changes are ``new``, got other values (``changed``) or were there already (``unchanged``).

    With any ``wrong`` row nothing was written."""

    new: int
    changed: int
    unchanged: int
    wrong: tuple[Wrong, ...] = ()


def to_json(changes: Iterable[Change]) -> str:
    """The changes with all that belongs to them but the bytes of attached files, which lie in the home folder under their SHA-256."""
    told = {"format": FORMAT, "changes": [record(change) for change in changes]}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(text: str | bytes, *, actor: Actor, now: datetime) -> Imported:
    """Take in what ``to_json`` wrote, all of it or, where any row is wrong, nothing.

    A change that is here already, by its pseudonym, stays as it is where the file says the same; where it says something else the row
    is wrong. Locked plans are checked against their hashes. Raises ``BadInput`` where the file is no register at all.
    """
    rows = _rows(text)
    wrong: list[Wrong] = []
    new = unchanged = 0
    with transaction.atomic():
        made = []
        for number, raw in enumerate(rows, 1):
            try:
                with transaction.atomic():
                    change = _taken(raw)
            except BadInput as error:
                wrong.append(Wrong(number, error.sentence))
                continue
            except IntegrityError:
                wrong.append(
                    Wrong(number, say(mark("Something stands twice in it: a kind, a unit, a version or a verdict.")))
                )
                continue
            unchanged += change is None
            if change is not None:
                made.append(change)
        if wrong:
            transaction.set_rollback(True)
            return Imported(0, 0, 0, tuple(wrong))
        _link({raw["pseudonym"]: raw["copied_from"] for raw in rows}, made)
        new = len(made)
        for change in made:
            tell(Work(change, actor, now), "change.imported")
        _number_on()
    return Imported(new, 0, unchanged)


def _rows(text: str | bytes) -> list[Any]:
    try:
        told = json.loads(text)
        if told["format"] != FORMAT or not isinstance(told["changes"], list):
            raise ValueError(told["format"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(
            mark("This is no register that this version reads: it must be JSON that says “%(format)s”."),
            format=Figure(FORMAT, "text"),
        ) from error
    rows: list[Any] = told["changes"]
    return rows


def _taken(raw: Any) -> Change | None:
    """The change as written; None where it was there already."""
    if not isinstance(raw, Mapping):
        raise BadInput(mark("The row is no change."))
    expected = {*OWN, *PARTS, "copied_from", "kinds"}
    if odd := sorted(expected ^ set(raw)):
        raise BadInput(mark("The field %(name)s is missing, or is not known here."), name=Figure(odd[0], "text"))
    there = Change.objects.filter(pseudonym=str(raw["pseudonym"])).first()
    if there:
        if {**record(there), "number": 0} == {**raw, "number": 0}:
            return None
        raise BadInput(
            mark("%(what)s is here already, and is not the same. Nothing is written over; change it in the register."),
            what=Figure(there.what, "text"),
        )
    _check_words(raw)
    _check_stage(raw)
    values = _cleaned(Change, {name: raw[name] for name in OWN})
    if Change.objects.filter(number=values["number"]).exists():
        del values["number"]
    change = Change.objects.create(copied_of=str(raw["copied_from"]), **values)
    Kind.objects.bulk_create(Kind(change=change, name=name) for name in raw["kinds"])
    _take_parts(change, raw)
    return change


def _check_words(raw: Mapping[str, Any]) -> None:
    """Raises ``BadInput`` for a word that is none of the register's."""
    chosen: list[tuple[str, Any, Collection[str]]] = [("stage", raw["stage"], STAGES)]
    chosen += [
        (name, raw[name], known) for name, known in (("novelty", words.NOVELTY), ("origin", words.ORIGINS)) if raw[name]
    ]
    chosen += [("kinds", kind, words.KINDS) for kind in _list(raw, "kinds")]
    for gain in _list(raw, "gains"):
        lists = (("kind", words.GAINS), ("receiver", words.RECEIVERS), ("cash", words.CASH))
        chosen += [(name, _field(gain, name), known) for name, known in lists]
    chosen += [("decisions", _field(row, "kind"), words.DECISIONS) for row in _list(raw, "decisions")]
    for name, value, known in chosen:
        if not isinstance(value, str) or value not in known:
            raise BadInput(
                mark("%(field)s cannot be %(value)s."), field=Figure(name, "text"), value=Figure(str(value), "text")
            )


def _check_stage(raw: Mapping[str, Any]) -> None:
    """Raises ``BadInput`` for a stage that nothing in the row bears out, a draft that is none, and a case that is no pseudonym."""
    said = {_field(row, "word") for row in _list(raw, "verdicts")}
    needed = _BORNE_OUT.get(raw["stage"])
    if (needed and not said & needed) or (raw["stage"] == Stage.LOCKED and not _list(raw, "plans")):
        raise BadInput(
            mark("The stage “%(stage)s” is not borne out by a plan or verdict in the row."),
            stage=Figure(STAGES[raw["stage"]], "told"),
        )
    if not isinstance(raw["draft"], dict):
        raise BadInput(
            mark("%(field)s cannot hold %(value)s."), field=Figure("draft", "text"), value=Figure("–", "text")
        )
    drafted({}, raw["draft"])
    if set(_list(raw, "published")) - set(FIELDS):
        raise BadInput(
            mark("%(field)s cannot hold %(value)s."), field=Figure("published", "text"), value=Figure("–", "text")
        )
    if not re.fullmatch(r"change-[0-9a-f]{16}", str(raw["pseudonym"])):
        raise BadInput(mark("%(name)s is no pseudonym of a change."), name=Figure(str(raw["pseudonym"])[:60], "text"))


_SHOWN = {Word.VALUE, Word.LAPSED}
_BORNE_OUT: Mapping[str, set[Word]] = {
    Stage.VALUE: _SHOWN, Stage.SPREAD: _SHOWN, Stage.LAPSED: _SHOWN, Stage.HARM: {Word.HARM}, Stage.UNKNOWN: {Word.UNKNOWABLE},
}  # fmt: skip


def _take_parts(change: Change, raw: Mapping[str, Any]) -> None:
    versions: dict[Any, PlanVersion] = {}
    days: dict[Any, VerdictRow] = {}
    for relation, names in PARTS.items():
        model = getattr(Change, relation).rel.related_model
        for told in _list(raw, relation):
            values = _cleaned(model, {name: _field(told, name) for name in names})
            if model is PlanVersion:
                _check_plan(values)
                values["amends"] = _known(versions, told, "amends")
            if model is VerdictRow:
                values["plan"] = _known(versions, told, "plan", needed=True)
                _check_verdict(values)
            elif "verdict" in told:
                values["verdict"] = _known(days, told, "verdict")
            row = model.objects.create(change=change, **values)
            if model is PlanVersion:
                versions[row.version] = row
            if model is VerdictRow:
                days[row.on.isoformat()] = row
                _take(VerdictNote, told, "notes", NOTES, verdict=row)
            if model is FreedTime:
                _take(UseOfTime, told, "uses", USES, freed=row)


def _take(model: type[models.Model], told: Mapping[str, Any], name: str, names: Sequence[str], **whose: Any) -> None:
    for part in _list(told, name):
        model.objects.create(**whose, **_cleaned(model, {each: _field(part, each) for each in names}))


def _cleaned(model: type[models.Model], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the fields of the model hold them. Raises ``BadInput`` for the first that its field cannot hold."""
    values = {}
    for name, value in raw.items():
        field = model._meta.get_field(name)
        try:
            if isinstance(value, str) and "\x00" in value:
                raise ValidationError("a character that no text has")
            if value is None and not field.null:
                raise ValidationError("nothing")
            values[name] = value if isinstance(field, models.JSONField) else field.to_python(value)
            if isinstance(field, models.TextField | models.CharField) and not isinstance(value, str):
                raise ValidationError("no text")
            field.run_validators(values[name])
        except (ValidationError, TypeError, ValueError, OverflowError) as error:
            raise BadInput(
                mark("%(field)s cannot hold %(value)s."),
                field=Figure(f"{model.__name__}: {name}", "text"),
                value=Figure(str(value)[:60] or "–", "text"),
            ) from error
    return values


def _check_plan(values: Mapping[str, Any]) -> None:
    plan = Plan.from_dict(_json(values["text"]))
    if hashlib.sha256(values["text"].encode()).hexdigest() != values["hash"] or plan.hash != values["hash"]:
        raise BadInput(
            mark("Version %(version)s of the plan is not the one that was locked: its hash is another."),
            version=Figure(values["version"], "count"),
        )


def _check_verdict(values: Mapping[str, Any]) -> None:
    verdict = Verdict.from_dict(_json(values["text"]))
    if (verdict.on, str(verdict.word)) != (values["on"], values["word"]):
        raise BadInput(
            mark("The verdict of %(day)s says another day or word than its row."), day=Figure(values["on"], "day")
        )
    if verdict.plan_hash != values["plan"].hash:
        raise BadInput(
            mark("The verdict of %(day)s was made by another plan than its row says."), day=Figure(values["on"], "day")
        )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(mark("A plan or a verdict is no JSON.")) from error


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    value = _field(raw, name)
    if not isinstance(value, list):
        raise BadInput(mark("%(field)s must be a list."), field=Figure(name, "text"))
    return value


def _field(raw: Any, name: str) -> Any:
    if not isinstance(raw, Mapping) or name not in raw:
        raise BadInput(mark("The field %(name)s is missing, or is not known here."), name=Figure(name, "text"))
    return raw[name]


def _known(rows: Mapping[Any, Any], told: Mapping[str, Any], name: str, *, needed: bool = False) -> Any:
    value = _field(told, name)
    if value is None and not needed:
        return None
    if not isinstance(value, str | int) or value not in rows:
        raise BadInput(
            mark("%(field)s names %(value)s, which is not there."),
            field=Figure(name, "text"),
            value=Figure(str(value), "text"),
        )
    return rows[value]


def _link(copies: Mapping[str, str], made: Sequence[Change]) -> None:
    """Join copies to the changes they were copied from, where these are in this register."""
    for change in made:
        origin = Change.objects.filter(pseudonym=copies[change.pseudonym]).first() if copies[change.pseudonym] else None
        if origin and origin.pk != change.pk:
            change.copied_from, change.copied_of = origin, ""
            change.save()


def _number_on() -> None:
    """Have the database number on from the highest number there is; PostgreSQL does not see numbers that were given to it."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Change]):
            cursor.execute(statement)
