"""The whole register in and out as JSON; ``loft.changes.sheet`` has the fields that people fill in as CSV."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction

from loft.changes.actions.writing import Work, tell
from loft.changes.models import Change, FreedTime, Gain, Kind, PlanVersion, UseOfTime, VerdictNote, VerdictRow
from loft.changes.records import NOTES, OWN, PARTS, USES, record
from loft.changes.rules import Actor
from loft.changes.vetting import check_gain, check_plan, check_row, check_verdict, cleaned, field_of, listed
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure, Sentence, say

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
    check_row(raw)
    values = cleaned(Change, {name: raw[name] for name in OWN})
    if Change.objects.filter(number=values["number"]).exists():
        del values["number"]
    change = Change.objects.create(copied_of=str(raw["copied_from"]), **values)
    Kind.objects.bulk_create(Kind(change=change, name=name) for name in raw["kinds"])
    _take_parts(change, raw)
    return change


def _take_parts(change: Change, raw: Mapping[str, Any]) -> None:
    versions: dict[Any, PlanVersion] = {}
    days: dict[Any, VerdictRow] = {}
    for relation, names in PARTS.items():
        model = getattr(Change, relation).rel.related_model
        for told in listed(raw, relation):
            values = cleaned(model, {name: field_of(told, name) for name in names})
            if model is PlanVersion:
                check_plan(values)
                values["amends"] = _known(versions, told, "amends")
            if model is VerdictRow:
                values["plan"] = _known(versions, told, "plan", needed=True)
                check_verdict(values)
            elif "verdict" in told:
                values["verdict"] = _known(days, told, "verdict")
            if model is Gain:
                check_gain(values)
            row = model.objects.create(change=change, **values)
            if model is PlanVersion:
                versions[row.version] = row
            if model is VerdictRow:
                days[row.on.isoformat()] = row
                _take(VerdictNote, told, "notes", NOTES, verdict=row)
            if model is FreedTime:
                _take(UseOfTime, told, "uses", USES, freed=row)


def _take(model: type[models.Model], told: Mapping[str, Any], name: str, names: Sequence[str], **whose: Any) -> None:
    for part in listed(told, name):
        model.objects.create(**whose, **cleaned(model, {each: field_of(part, each) for each in names}))


def _known(rows: Mapping[Any, Any], told: Mapping[str, Any], name: str, *, needed: bool = False) -> Any:
    value = field_of(told, name)
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
