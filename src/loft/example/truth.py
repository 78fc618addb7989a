"""What is true about the log, written beside it: the lot, the effect, and what else went on."""

from typing import Any

import numpy as np

from loft.example.arrivals import GROWTH, SEASONS, WEEKDAYS
from loft.example.calendar import DAY, holidays
from loft.example.desks import ABSENCE, AT_WORK, absence
from loft.example.effects import Figures, figures_of, means, took
from loft.example.experiment import DAYS_RATIO
from loft.example.lots import CENTRES, Lot
from loft.example.paths import DRIFT
from loft.example.services import NEWCOMERS, SERVICES
from loft.example.town import Town
from loft.example.units import DOOR
from loft.example.ways import TRIALS, Trial


def truth(town: Town, *, seed: int, months: int, events: int) -> dict[str, Any]:
    """The truth about *town* as JSON-ready values. Days are calendar days; ``*_without`` is the same cases' life without a door."""
    days = town.days
    return {
        "simulated": "Fjordvik does not exist. Every case, unit and figure here is made by a simulation.",
        "seed": seed,
        "months": months,
        "first_day": str(days.date(days.log_from)),
        "last_day": str(days.date(days.log_until - 1)),
        "events": events,
        "cases": int(town.kept.sum()),
        "experiment": _experiment(town),
        "other_changes": _other_changes(town),
        "shocks": _shocks(town, months),
        "drift": {"what": "every step takes this share less time each year, with or without a door", "a_year": -DRIFT},
        "growth": {"what": "more applications each year, to every service", "a_year": GROWTH},
        "seasons": {"applications_by_month": SEASONS, "applications_by_weekday": WEEKDAYS, "staff_by_month": AT_WORK},
        "office": {
            "hours": "08:00-15:30 Europe/Oslo",
            "closed": sorted(
                str(day)
                for year in range(days.date(days.log_from).year, days.date(days.log_until - 1).year + 1)
                for day in holidays(year)
            ),
            "also_closed": "Saturdays, Sundays, 24 and 31 December",
        },
    }


def _experiment(town: Town) -> dict[str, Any]:
    days, lot = town.days, town.lot
    start = {centre: str(days.date(days.month_start(month)))[:7] for centre, month in lot.starts.items()}
    return {
        "what": f"One joint door for newcomers ({DOOR}): cases that open in a centre from its first month on go by the door.",
        "service": NEWCOMERS.name,
        "door": DOOR,
        "attribute": "center",
        "measure": "days from a case's first event to its last (the answer, or the withdrawal)",
        "guardrail": "doors: the number of different units a case meets",
        "lottery": {"seed": lot.seed, "order": lot.order, "opened": list(start), "never_opened": lot.others},
        "sent_back_without": _sent_back(town),
        "start_month": start,
        "planned": {"days_ratio": DAYS_RATIO, "doors_without": 3.0, "doors_with": 1.5},
        "realised": _realised(town),
    }


def _realised(town: Town) -> dict[str, Any]:
    """Both lives of the log's cases that came by a door, and of those in the same centres that did not."""
    lives = town.newcomers
    kept = town.kept[: lives.paths.cases]
    figures = figures_of(lives, ("days", "doors", "bounces"))
    by_door = kept & lives.door
    answered = lives.times.at[lives.paths.first[1:] - 1] < town.days.ends
    opening = [CENTRES.index(name) for name in town.lot.starts]
    others = kept & ~lives.door & np.isin(lives.centre, opening)
    month = town.days.month[lives.paths.opened // DAY]
    first = min(town.lot.starts.values())
    return {
        **means(figures, by_door),
        "answered_in_log": {
            "what": "the same, of the cases that had ended when the log was cut",
            **means(figures, by_door & answered),
        },
        "spill_over": {
            "what": "cases of the same centres, opened before the door in the last quarter, that shared desks with its cases",
            **means(figures, others & (month >= first)),
        },
        "by_centre": {
            name: means(figures, by_door & (lives.centre == CENTRES.index(name))) for name in town.lot.starts
        },
        "by_month_opened": {
            str(town.days.date(town.days.month_start(each)))[:7]: means(figures, by_door & (month == each))
            for each in range(first, int(month[kept].max(initial=first)) + 1)
        },
        "meeting_pace": round(lives.meeting, 4),
    }


def _sent_back(town: Town) -> float:
    """Share of the newcomers' cases opened before any door that are sent back."""
    lives = town.newcomers
    opened = town.days.month[lives.paths.opened // DAY]
    before = town.kept[: lives.paths.cases] & (opened < min(town.lot.starts.values()))
    return round(float(took(lives.paths, "case.returned")[before].mean()), 4)


def _other_changes(town: Town) -> list[dict[str, Any]]:
    """The other changes, each with its lot and with both lives of the log's cases that opened after it started."""
    figures = figures_of(town.others, ("days", "bounces", "asked", "returned"))
    return [_other_change(town, trial, lot, figures) for trial, lot in zip(TRIALS, town.others.lots, strict=True)]


def _other_change(town: Town, trial: Trial, lot: Lot, figures: Figures) -> dict[str, Any]:
    others = town.others
    first = len(town.kept) - len(others.new)
    services = [place for place, service in enumerate(SERVICES) if service.name in trial.services]
    cases = town.kept[first:] & np.isin(town.service[first:], services)
    start = town.days.month_start(min(lot.starts.values())) * DAY
    found: dict[str, Any] = {
        "name": trial.name,
        "services": trial.services,
        "attribute": "center",
        "start_month": str(town.days.date(start // DAY))[:7],
        "started": list(lot.starts),
        "shown_by": trial.shown_by,
        "planned": {
            "what": "share of cases that take some steps, before and after" if trial.chances else "no effect",
            "before": {name: trial.before(name) for name in trial.chances},
            "after": trial.chances,
        },
        "realised": means(figures, cases & others.new),
    }
    if trial.by_lot:
        found["lottery"] = {"seed": lot.seed, "order": lot.order, "never_started": lot.others}
        found["spill_over"] = {
            "what": "the cases of the centres that did not start, opened after the others did: units share their desks",
            **means(figures, cases & ~others.new & (others.paths.opened >= start)),
        }
    return found


def _shocks(town: Town, months: int) -> list[dict[str, Any]]:
    def month(number: int) -> str:
        return str(town.days.date(town.days.month_start(number)))[:7]

    away, back = absence(months)
    surge = town.shock
    return [
        {
            "what": "more newcomers than the desks were set up for, in every centre: queues grow, then drain",
            "service": surge.service,
            "from": month(surge.from_month),
            "until": month(surge.until_month),
            "applications_times": surge.factor,
        },
        {
            "what": "a winter of absence in every unit",
            "from": month(away),
            "until": month(back),
            "staff_times": ABSENCE,
        },
    ]
