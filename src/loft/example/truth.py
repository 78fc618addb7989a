"""What is true about the log, written beside it: the lot, the effect, and what else went on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from loft.example.arrivals import GROWTH, SEASONS, WEEKDAYS
from loft.example.calendar import holidays
from loft.example.desks import ABSENCE, AT_WORK, absence
from loft.example.experiment import CENTRES, DAYS_RATIO, Lives
from loft.example.paths import DRIFT, Paths
from loft.example.services import DOOR, NEWCOMERS, STEPS, UNITS
from loft.example.town import Town

_UNIT = np.array([[unit.name for unit in UNITS].index(step.unit) for step in STEPS], np.int64)


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
        "attribute": "center",
        "measure": "days from a case's first event to its last (the answer, or the withdrawal)",
        "guardrail": "doors: the number of different units a case meets",
        "lottery": {
            "seed": lot.seed,
            "order": lot.order,
            "opened": list(start),
            "never_opened": lot.order[len(start) :],
        },
        "start_month": start,
        "planned": {"days_ratio": DAYS_RATIO, "doors_without": 3.0, "doors_with": 1.5},
        "realised": _realised(town),
    }


def doors_of(paths: Paths) -> NDArray[np.int64]:
    """The number of different units each case meets, were it lived to its end."""
    pair = np.unique(paths.case_of_step().astype(np.int64) * len(UNITS) + _UNIT[paths.step])
    return np.bincount(pair // len(UNITS), minlength=paths.cases)


def _realised(town: Town) -> dict[str, Any]:
    """Both lives of the log's cases that came by a door, and of those in the same centres that did not."""
    lives = town.newcomers
    kept = town.kept[: lives.paths.cases]
    figures = _figures(lives)
    known = kept & np.isfinite(figures["days_with"]) & np.isfinite(figures["days_without"])
    by_door = known & lives.door
    answered = lives.times.at[lives.paths.first[1:] - 1] < town.days.ends
    opening = [CENTRES.index(name) for name in town.lot.starts]
    others = known & ~lives.door & np.isin(lives.centre, opening)
    month = town.days.month[lives.paths.opened // 86_400]
    first = min(town.lot.starts.values())
    return {
        **_means(figures, by_door),
        "answered_in_log": {
            "what": "the same, of the cases that had ended when the log was cut",
            **_means(figures, by_door & answered),
        },
        "spill_over": {
            "what": "cases of the same centres, opened before the door in the last quarter, that shared desks with its cases",
            **_means(figures, others & (month >= first)),
        },
        "by_centre": {
            name: _means(figures, by_door & (lives.centre == CENTRES.index(name))) for name in town.lot.starts
        },
        "by_month_opened": {
            str(town.days.date(town.days.month_start(each)))[:7]: _means(figures, by_door & (month == each))
            for each in range(first, int(month[kept].max(initial=first)) + 1)
        },
        "meeting_pace": round(lives.meeting, 4),
    }


def _figures(lives: Lives) -> dict[str, NDArray[np.float64]]:
    return {
        "days_with": lives.days(door=True),
        "days_without": lives.days(door=False),
        "doors_with": doors_of(lives.paths).astype(float),
        "doors_without": doors_of(lives.paths_without).astype(float),
    }


def _means(figures: dict[str, NDArray[np.float64]], which: NDArray[np.bool_]) -> dict[str, Any]:
    """Means over *which* cases, and what the door did to them; None where there are no cases."""
    if not which.any():
        return {"cases": 0}
    means = {name: float(values[which].mean()) for name, values in figures.items()}
    return {
        "cases": int(which.sum()),
        **{name: round(mean, 3) for name, mean in means.items()},
        "days_difference": round(means["days_with"] - means["days_without"], 3),
        "days_ratio": round(means["days_with"] / means["days_without"], 4),
    }


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
