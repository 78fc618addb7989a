"""What a change is worth: gains that are forecast and measured, and the chain of freed time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from loft.changes import actions, words
from loft.changes.models import Change
from loft.changes.rules import Actor
from loft.charts import numbers
from loft.language import gettext, mark
from loft.value.errors import BadInput
from loft.value.verdicts import Word
from loft.web.forms import Field, WrongAt
from loft.web.pages.changes.asking import Form, clock
from loft.web.pages.changes.propose import options

HOURS = Field("hours", mark("Hours a year"), "number")


def _gain_fields(change: Change, request: HttpRequest) -> list[Field]:
    year = mark("A year, in the unit you name.")
    return [
        Field("what", mark("What is gained?"), most=300),
        Field("kind", mark("What kind of gain?"), "one", options=options(words.GAINS)),
        Field("receiver", mark("Who gets it?"), "one", options=options(words.RECEIVERS)),
        Field("cash", mark("What is it in money?"), "one", options=options(words.CASH)),
        Field("unit", mark("Counted in"), about=mark("Such as hours, kroner or cases."), needed=False, most=60),
        Field("low", mark("Low forecast"), "number", year, False),
        Field("mid", mark("Middle forecast"), "number", year, False),
        Field("high", mark("High forecast"), "number", year, False),
        Field("forecast_by", mark("Whose forecast is it?"), needed=False),
        Field("baseline", mark("The figure today"), "number", needed=False),
        Field("unit_price", mark("Price of one, in kroner"), "number", needed=False),
        Field("cost_once", mark("Cost once, in kroner"), "number", needed=False),
        Field("cost_yearly", mark("Cost a year, in kroner"), "number", needed=False),
        Field("price_year", mark("Year of the prices"), "number", mark("Needed when you give a price or a cost."), False),
    ]  # fmt: skip


def _gain(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    texts = {name: values.pop(name) or "" for name in ("unit", "forecast_by")}
    if not values["price_year"] and any(
        values[name] is not None for name in ("unit_price", "cost_once", "cost_yearly")
    ):
        raise WrongAt("price_year", mark("Say of which year the prices are."))
    _in_order(values)
    actions.tell_gain(change, values.pop("what"), actor=actor, now=now, **texts, **values)


def _in_order(values: dict[str, Any]) -> None:
    told = [values[name] for name in ("low", "mid", "high") if values[name] is not None]
    if told != sorted(told):
        raise WrongAt("low", mark("Low must not be above middle, nor middle above high."))


def _chosen(rows: Iterable[Any], said: str | None) -> Any:
    """The row with the number *said*, which the form has checked."""
    return next(row for row in rows if str(row.pk) == said)


def _listed(rows: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(row.pk), row.what) for row in rows)


def _verdicts(change: Change, *shown: Word) -> tuple[tuple[str, str], ...]:
    rows = change.verdicts.filter(word__in=shown).order_by("-on")
    return tuple((str(row.pk), f"{numbers.day(row.on)}: {row.verdict.answer}") for row in rows)


def _of_verdict(change: Change, *shown: Word) -> Field:
    found = _verdicts(change, *shown)
    if not found:
        raise BadInput(mark("No verdict shows an effect yet, so nothing can be measured by one."))
    about = mark("Only a verdict that shows it can be chosen.")
    return Field(
        "verdict", mark("By which verdict?"), "one", about, options=found, value=found[0][0] if found else None
    )


def _measure_fields(change: Change, request: HttpRequest) -> list[Field]:
    if not change.gains.exists():
        raise BadInput(mark("No gain is told yet. Tell one first."))
    return [
        Field("gain", mark("Which gain?"), "one", options=_listed(change.gains.all()), value=request.GET.get("gain")),
        _of_verdict(change, Word.VALUE, Word.HARM),
        Field("low", mark("Low"), "number"),
        Field("mid", mark("Middle"), "number"),
        Field("high", mark("High"), "number"),
    ]


def _measure(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    _in_order(values)
    gain = _chosen(change.gains.all(), values.pop("gain"))
    verdict = _chosen(change.verdicts.all(), values.pop("verdict"))
    actions.measure_gain(change, gain, verdict, actor=actor, now=now, **values)


def _free_fields(change: Change, request: HttpRequest) -> list[Field]:
    return [Field("what", mark("At which task?"), most=300), HOURS]


def _free(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.free_time(change, values["what"], values["hours"], actor=actor, now=now)


def _which(change: Change, request: HttpRequest) -> Field:
    if not change.freed.exists():
        raise BadInput(mark("No freed time is told yet. Tell it first."))
    return Field(
        "freed", mark("Time freed at"), "one", options=_listed(change.freed.all()), value=request.GET.get("freed")
    )


def _confirm_fields(change: Change, request: HttpRequest) -> list[Field]:
    return [_which(change, request), HOURS, _of_verdict(change, Word.VALUE)]


def _confirm(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    freed = _chosen(change.freed.all(), values["freed"])
    verdict = _chosen(change.verdicts.all(), values["verdict"])
    actions.confirm_time(change, freed, values["hours"], verdict, actor=actor, now=now)


def _use_fields(change: Change, request: HttpRequest) -> list[Field]:
    return [
        _which(change, request),
        Field("use", mark("What are the hours used for?"), "one", options=options(words.USES)),
        Field("to", mark("Which task?"), about=mark("Needed when the hours are moved."), needed=False, most=300),
        HOURS,
    ]


def _use(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    freed = _chosen(change.freed.all(), values["freed"])
    actions.use_time(
        change, freed, values["use"], values["hours"], actor=actor, now=now, to=values["to"] or ""
    )  # fmt: skip


def _uses(change: Change) -> list[Any]:
    return [use for freed in change.freed.all() for use in freed.uses.all()]


def _realise_fields(change: Change, request: HttpRequest) -> list[Field]:
    told = tuple(
        (str(use.pk), f"{use.freed.what}: {gettext(words.USES[use.use])}, {numbers.count(use.hours)}")
        for use in _uses(change)
    )
    if not told:
        raise BadInput(mark("Nothing is decided about freed time yet. Decide first."))
    return [
        Field("use", mark("Which decision?"), "one", options=told, value=request.GET.get("use")),
        HOURS,
        Field("on", mark("By which day?"), "day", value=clock().date()),
        Field("proof", mark("What shows it?"), "area", mark("Such as a budget line or a rota."), most=20_000),
    ]


def _realise(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    use = _chosen(_uses(change), values["use"])
    actions.realise_time(change, use, values["hours"], values["proof"], values["on"], actor=actor, now=now)


FORMS = (
    Form(
        "gain", "tell_gain", ("gevinst", "gain"), mark("Something to gain"),
        mark("One gain at a time, also those that are a disadvantage to somebody."), mark("Save the gain"), _gain_fields, _gain, "gains",
    ),
    Form(
        "measure-gain", "measure_gain", ("gevinst-maalt", "gain-measured"), mark("What a gain came to"),
        mark("The verdict measures it. What was forecast stays beside it."), mark("Save"), _measure_fields, _measure, "gains",
    ),
    Form(
        "free-time", "free_time", ("frigjort-tid", "freed-time"), mark("Time that may be freed"),
        mark("Tell each task once, so that no hour counts twice."), mark("Save"), _free_fields, _free, "freed",
    ),
    Form(
        "confirm-time", "confirm_time", ("frigjort-tid-bekreftet", "freed-time-confirmed"), mark("Confirm freed time"),
        mark("Hours count once a verdict shows that they are freed."), mark("Confirm"), _confirm_fields, _confirm, "freed",
    ),
    Form(
        "use-time", "use_time", ("frigjort-tid-bruk", "freed-time-use"), mark("Decide on the use of freed time"),
        mark("Hours that nothing is decided about within a year count as not realised."), mark("Decide"), _use_fields, _use, "freed",
    ),
    Form(
        "realise-time", "realise_time", ("frigjort-tid-realisert", "freed-time-realised"), mark("What freed time came to"),
        "", mark("Save"), _realise_fields, _realise, "freed",
    ),
)  # fmt: skip
