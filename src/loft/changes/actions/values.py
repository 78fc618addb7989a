"""What a change is worth: its gains, forecast and measured, and the chain of freed time."""

from datetime import date, datetime
from typing import Any

from loft.changes import words
from loft.changes.actions.writing import Work, amount, choice, refuse_future, text, writing
from loft.changes.models import Change, FreedTime, Gain, UseOfTime, VerdictRow
from loft.changes.rules import Actor
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure
from loft.value.verdicts import Word

MOST_KRONER = 1e13
"""No gain or cost of a public body is as large."""
AMOUNTS = ("low", "mid", "high", "baseline", "unit_price", "cost_once", "cost_yearly")


def tell_gain(
    change: Change,
    what: str,
    *,
    kind: str,
    receiver: str,
    cash: str,
    actor: Actor,
    now: datetime,
    unit: str = "",
    price_year: int | None = None,
    forecast_by: str = "",
    gain: Gain | None = None,
    **amounts: Any,
) -> Gain:
    """A gain that is expected, or the *gain* already told with other values while it is not measured.

    Amounts are ``low``, ``mid`` and ``high`` (a year, in *unit*), the ``baseline``, and ``unit_price``, ``cost_once`` and ``cost_yearly``
    in kroner of *price_year*. Raises ``BadInput`` where prices have no year, or the forecast is not in order.
    """
    if unknown := sorted(set(amounts) - set(AMOUNTS)):
        raise BadInput(mark("A gain has no amount %(name)s."), name=Figure(unknown[0], "text"))
    values: dict[str, Any] = {name: amount(amounts.get(name), name) for name in AMOUNTS}
    _in_order([values["low"], values["mid"], values["high"]])
    if any(values[name] is not None for name in ("unit_price", "cost_once", "cost_yearly")) and not price_year:
        raise BadInput(mark("Say of which year the prices are."))
    check_kroner(values["unit_price"], *(values[name] for name in ("low", "mid", "high")))
    check_kroner(1.0, values["cost_once"], values["cost_yearly"])
    values |= {
        "what": text(what, "what", most=300), "kind": choice(kind, words.GAINS, "kind"),
        "receiver": choice(receiver, words.RECEIVERS, "receiver"), "cash": choice(cash, words.CASH, "cash"),
        "unit": text(unit, "unit", most=60, needed=False), "price_year": _year(price_year),
        "forecast_by": text(forecast_by, "forecast_by", most=200, needed=False) or actor.name,
    }  # fmt: skip
    with writing(change, "tell_gain", actor=actor, now=now) as work:
        found = _own(work, gain) if gain else Gain(change=work.change)
        if found.verdict_id:
            raise BadInput(mark("The gain is measured. What was forecast stands."))
        for name, value in values.items():
            if gain:
                work.noted(f"gain {found.pk}: {name}", getattr(found, name), value)
            setattr(found, name, value)
        found.by, found.at = work.actor.name, work.now
        found.save()
        work.told |= {"kind": found.kind, "receiver": found.receiver, "cash": found.cash}
    return found


def measure_gain(
    change: Change, gain: Gain, verdict: VerdictRow, *, low: float, mid: float, high: float, actor: Actor, now: datetime
) -> Gain:
    """What the gain came to, by a *verdict* of value (of harm, for a disadvantage) of this change."""
    values = [amount(value, name) for value, name in ((low, "low"), (mid, "mid"), (high, "high"))]
    _in_order(values)
    if None in values:
        raise BadInput(mark("Say low, middle and high of what was measured."))
    with writing(change, "measure_gain", actor=actor, now=now) as work:
        found = _own(work, gain)
        check_kroner(found.unit_price, *values)
        _shown(work, verdict, Word.HARM if found.kind == "disbenefit" else Word.VALUE)
        work.noted(f"gain {found.pk}: measured", found.measured_mid, values[1])
        found.measured_low, found.measured_mid, found.measured_high = values
        found.verdict = verdict
        found.save()
        work.told |= {"kind": found.kind, "on": verdict.on.isoformat()}
    return found


def free_time(change: Change, what: str, hours: float, *, actor: Actor, now: datetime) -> FreedTime:
    """Hours that the change is thought to free in a year, at the task *what*. A task is told once, so that no hour counts twice."""
    estimated, task = _hours(hours), text(what, "what", most=300)
    with writing(change, "free_time", actor=actor, now=now) as work:
        if any(freed.what.casefold() == task.casefold() for freed in work.change.freed.all()):
            raise BadInput(
                mark("Time freed at “%(task)s” is told already; each hour counts once."), task=Figure(task, "text")
            )
        work.told["hours"] = estimated
        return FreedTime.objects.create(change=work.change, what=task, estimated=estimated, **work.signed)


def confirm_time(
    change: Change, freed: FreedTime, hours: float, verdict: VerdictRow, *, actor: Actor, now: datetime
) -> FreedTime:
    """The hours that a *verdict* of value confirms. Fewer than are decided on already cannot be."""
    confirmed = _hours(hours)
    with writing(change, "confirm_time", actor=actor, now=now) as work:
        found = _own(work, freed)
        _shown(work, verdict, Word.VALUE)
        _refuse_more(_decided_hours(found), confirmed)
        work.noted(f"freed time {found.pk}: confirmed", found.confirmed, confirmed)
        found.confirmed, found.confirmed_on, found.verdict = confirmed, verdict.on, verdict
        found.save()
        work.told["hours"] = confirmed
    return found


def use_time(
    change: Change, freed: FreedTime, use: str, hours: float, *, actor: Actor, now: datetime, to: str = ""
) -> UseOfTime:
    """A decision on the use of confirmed *hours*; *to* says which task they move to. All decisions together cannot use more than is
    confirmed."""
    chosen, amounts = choice(use, words.USES, "use"), _hours(hours)
    task = text(to, "to", most=300, needed=use == "moved")
    with writing(change, "use_time", actor=actor, now=now) as work:
        found = _own(work, freed)
        if found.confirmed is None:
            raise BadInput(mark("These hours are not confirmed by a verdict yet, so there is nothing to decide on."))
        _refuse_more(_decided_hours(found) + amounts, found.confirmed)
        work.told |= {"use": chosen, "hours": amounts}
        return UseOfTime.objects.create(freed=found, use=chosen, hours=amounts, to=task, **work.signed)


def realise_time(
    change: Change, use: UseOfTime, hours: float, proof: str, on: date, *, actor: Actor, now: datetime
) -> UseOfTime:
    """The *hours* of a decision that came to something by the day *on*, with the *proof*; never more than were decided on."""
    realised, shown = _hours(hours), text(proof, "proof")
    refuse_future(on, now)
    with writing(change, "realise_time", actor=actor, now=now) as work:
        if use.freed.change_id != work.change.pk:
            raise BadInput(mark("That belongs to another change."))
        use.refresh_from_db()
        _refuse_more(realised, use.hours)
        work.noted(f"use of time {use.pk}: realised", use.realised, realised)
        use.realised, use.realised_on, use.proof = realised, on, shown
        use.save()
        work.told |= {"use": use.use, "hours": realised}
    return use


def _decided_hours(freed: FreedTime) -> float:
    return sum(use.hours for use in freed.uses.all())


def _refuse_more(hours: float, most: float) -> None:
    if hours > most + 1e-9:
        raise BadInput(
            mark("%(hours)s hours are more than the %(most)s there are; each hour counts once."),
            hours=Figure(hours, "decimal"),
            most=Figure(most, "decimal"),
        )


def _own(work: Work, part: Any) -> Any:
    """The *part* as it is in the database, held with its change."""
    if part.change_id != work.change.pk:
        raise BadInput(mark("That belongs to another change."))
    part.refresh_from_db()
    return part


def _shown(work: Work, verdict: VerdictRow, word: Word) -> None:
    if verdict.change_id != work.change.pk or verdict.word != word:
        raise BadInput(mark("Only a verdict of this change that shows it can measure a gain or confirm freed time."))


def check_kroner(price: float | None, *amounts: float | None) -> None:
    """Raises ``BadInput`` where an amount times its *price* is more than any body has, as when figures stand twice by mistake."""
    largest = max((abs(each) for each in amounts if each is not None), default=0.0) * abs(price or 0.0)
    if not largest < MOST_KRONER:
        raise BadInput(
            mark("NOK %(amount)s is more than any body has. Check the figures."), amount=Figure(largest, "count")
        )


def _in_order(values: list[float | None]) -> None:
    known = [value for value in values if value is not None]
    if known != sorted(known):
        raise BadInput(mark("Low must not be above middle, nor middle above high."))


def _hours(value: Any) -> float:
    hours = amount(value, "hours", least=0)
    if not hours:
        raise BadInput(mark("Say how many hours a year, above 0."))
    return hours


def _year(value: Any) -> int | None:
    year = amount(value, "price_year", least=1990)
    if year is None:
        return None
    if year != int(year) or year > 2200:
        raise BadInput(mark("Write the year of the prices with four digits."))
    return int(year)
