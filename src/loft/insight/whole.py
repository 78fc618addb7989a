"""The cases as wholes: how many, through how many doors, how long they take."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from loft.insight.gate import Form, release
from loft.insight.movement import CASES, figures, named
from loft.insight.source import by_key, case_figures, ratio
from loft.insight.survival import Survival, kaplan_meier
from loft.insight.table import Column, Kind, Table
from loft.language import mark
from loft.log import EVERYTHING, Log, Selection

DAYS_MEDIAN = Column("days_median", Kind.DAYS, mark("Half are done within"), rests_on=("closed",))
DOORS_MEAN = Column("doors_mean", Kind.NUMBER, mark("Doors per case"), rests_on=("met",), sums=True)
ONE_DOOR = Column(
    "one_door_share", Kind.SHARE, mark("Through one door only"), rests_on=("one_door", "more_doors"), sums=True
)
MONTH = Column("month", Kind.MONTH, mark("Opened in"))

OVERVIEW = Form(
    "overview",
    mark("Overview"),
    mark(
        "Durations are from the first to the last event; cases still open are counted for as long as they have been seen (Kaplan–Meier)."
    ),
    (
        CASES,
        Column("open_cases", Kind.COUNT, mark("Still open"), rests_on=("closed", "open_cases")),
        Column("events", Kind.COUNT, mark("Events")),
        Column("first_day", Kind.DATE, mark("First case opened")),
        Column("last_day", Kind.DATE, mark("Last case opened")),
        DOORS_MEAN,
        ONE_DOOR,
        Column("handovers_mean", Kind.NUMBER, mark("Hand-overs per case"), rests_on=("met",)),
        Column("bounced_share", Kind.SHARE, mark("Sent back at least once"), rests_on=("bounced", "never_bounced")),
        DAYS_MEDIAN,
        Column("days_p90", Kind.DAYS, mark("Nine of ten are done within"), rests_on=("closed",)),
        Column("wait_share", Kind.SHARE, mark("Waiting, share of the time"), rests_on=("waited", "worked")),
        Column("work_known", Kind.SHARE, mark("Steps whose start is known"), rests_on=("worked",)),
    ),
    (),
    disjoint=True,
)


def overview(log: Log, selection: Selection = EVERYTHING) -> Table:
    """One row on the cases of the selection: how many, how many still open, doors, hand-overs, bounces, duration and waiting.

    ``wait_share`` is waiting as a share of waiting and known work. ``work_known`` says how many steps have a known start: where it is
    low, waiting includes work. Doors, hand-overs and bounces are told of the cases that met a unit, and null when none has.
    """
    whole = case_figures(log, selection, "opened_day").to_pydict()
    cases = np.array(whole["cases"], dtype=np.int64)
    count = int(cases.sum())
    places = by_key(log, selection, "place").to_pydict()
    survival, open_cases = _survival(case_figures(log, selection, "closed", "lasted_days"))
    total = {name: float(sum(whole[name])) for name in ("steps", "door_total", "handovers", "wait_s", "work_s")}
    people = {name: sum(whole[name]) for name in ("met", "one_door", "bounced", "waited", "worked")}
    met, time = people["met"], total["wait_s"] + total["work_s"]
    row: dict[str, Any] = {
        "cases": count,
        "open_cases": open_cases,
        "events": int(total["steps"]),
        "first_day": min(whole["opened_day"], default=None),
        "last_day": max(whole["opened_day"], default=None),
        "doors_mean": total["door_total"] / met if met else None,
        "one_door_share": people["one_door"] / met if met else None,
        "handovers_mean": total["handovers"] / met if met else None,
        "bounced_share": people["bounced"] / met if met else None,
        "days_median": survival.percentile(0.5),
        "days_p90": survival.percentile(0.9),
        "wait_share": total["wait_s"] / time if time else None,
        "work_known": sum(places["works"]) / sum(places["count"]) if places["count"] else None,
    }
    types = {Kind.COUNT: pa.int64(), Kind.DATE: pa.date32()}
    data = {c.name: pa.array([row[c.name]], types.get(c.kind, pa.float64())) for c in OVERVIEW.columns}
    people |= {"closed": count - open_cases, "more_doors": met - people["one_door"]}
    people["never_bounced"] = met - people["bounced"]
    data |= {name: pa.array([number], pa.int64()) for name, number in people.items()}
    return release(log, selection, OVERVIEW, pa.table(data))


def _survival(counted: pa.Table) -> tuple[Survival, int]:
    closed, cases = counted.column("closed").to_numpy(), counted.column("cases").to_numpy()
    return kaplan_meier(counted.column("lasted_days").to_numpy(), closed, cases), int(cases[~closed].sum())


DOORS = Form(
    "doors",
    mark("Doors per case"),
    mark("A door is a unit that a case met. Cases whose units are not known are left out."),
    (
        Column("doors", Kind.COUNT, mark("Doors")),
        CASES,
        Column("share", Kind.SHARE, mark("Share of cases")),
        DAYS_MEDIAN,
    ),
    ("doors",),
    ranked=False,
    disjoint=True,
)
DOORS_BY_SERVICE = Form(
    "doors_by_service",
    mark("Doors by service"),
    mark("How many units a case meets, for each service."),
    (Column("service", Kind.TEXT, mark("Service")), CASES, DOORS_MEAN, ONE_DOOR, DAYS_MEDIAN),
    ("service",),
    disjoint=True,
)
DOORS_BY_MONTH = Form(
    "doors_by_month",
    mark("Doors over time"),
    mark("How many units a case meets, by the month it was opened."),
    (MONTH, CASES, DOORS_MEAN, ONE_DOOR),
    ("month",),
    ranked=False,
    disjoint=True,
)


def doors(log: Log, selection: Selection = EVERYTHING, *, by: str = "doors") -> Table:
    """How many distinct units a case meets.

    *by* ``"doors"``: cases by number of doors, their share of those that met any, and median days. *by* ``"service"`` or ``"month"`` (of
    opening): cases, mean doors, share
    through one door only. Raises ``ValueError`` for another *by*.
    """
    if by == "doors":
        return _distribution(log, selection)
    if by == "service":
        return _doors_by(log, selection, "service_id", DOORS_BY_SERVICE)
    if by == "month":
        return _doors_by(log, selection, "month", DOORS_BY_MONTH)
    raise ValueError(f"doors are told by 'doors', 'service' or 'month', not by {by!r}")


def _distribution(log: Log, selection: Selection) -> Table:
    groups = _by(case_figures(log, selection, "doors", "closed", "lasted_days"), "doors")
    unknown = groups.pop(0, {"cases": np.zeros(0, dtype=np.int64)})["cases"].sum()
    keys = sorted(groups)
    cases = _totals(groups, keys, "cases")
    columns = {
        "doors": np.array(keys, dtype=np.int64),
        "cases": cases,
        "share": ratio(cases, cases.sum()),
        "days_median": _medians(groups, keys),
        "closed": _closed(groups, keys),
    }
    return release(log, selection, DOORS, figures(columns), beside=[unknown])


def _doors_by(log: Log, selection: Selection, key: str, form: Form) -> Table:
    groups = _by(case_figures(log, selection, key, "closed", "lasted_days"), key)
    keys = sorted(groups) if key == "month" else sorted(groups, key=lambda k: (-groups[k]["cases"].sum(), k or 0))
    met, one_door = _totals(groups, keys, "met"), _totals(groups, keys, "one_door")
    columns: dict[str, Any] = {
        "service": named(log.services, [k or 0 for k in keys]) if key == "service_id" else None,
        "month": pa.array(keys, pa.date32()) if key == "month" else None,
        "cases": _totals(groups, keys, "cases"),
        "doors_mean": ratio(_totals(groups, keys, "door_total"), met),
        "one_door_share": ratio(one_door, met),
        "days_median": _medians(groups, keys) if key == "service_id" else None,
        "closed": _closed(groups, keys),
        "met": met,
        "one_door": one_door,
        "more_doors": met - one_door,
    }
    return release(log, selection, form, figures({k: v for k, v in columns.items() if v is not None}))


Group = dict[str, npt.NDArray[Any]]


def _by(table: pa.Table, key: str) -> dict[Any, Group]:
    """The rows for each value of a column, as numpy columns."""
    table = table.combine_chunks()
    codes = table.column(key).combine_chunks().dictionary_encode(null_encoding="encode")
    numbers = codes.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(numbers, kind="stable")
    cuts = np.searchsorted(numbers[order], np.arange(len(codes.dictionary) + 1))
    columns = {name: table.column(name).to_numpy()[order] for name in table.column_names if name != key}
    return {
        value: {name: column[cuts[i] : cuts[i + 1]] for name, column in columns.items()}
        for i, value in enumerate(codes.dictionary.to_pylist())
    }


def _totals(groups: dict[Any, Group], keys: list[Any], name: str) -> npt.NDArray[np.int64]:
    return np.array([groups[key][name].sum() for key in keys], dtype=np.int64)


def _closed(groups: dict[Any, Group], keys: list[Any]) -> npt.NDArray[np.int64]:
    return np.array([groups[key]["cases"][groups[key]["closed"]].sum() for key in keys], dtype=np.int64)


def _medians(groups: dict[Any, Group], keys: list[Any]) -> Any:
    found = [
        kaplan_meier(groups[k]["lasted_days"], groups[k]["closed"], groups[k]["cases"]).percentile(0.5) for k in keys
    ]
    return np.array([np.nan if value is None else value for value in found], dtype=float)


SHARES = {"p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9}
THROUGHPUT = Form(
    "throughput",
    mark("How long cases take"),
    mark(
        "Days from the first to the last event, by the month a case was opened. Cases still open are counted for "
        "as long as they have been seen (Kaplan–Meier)."
    ),
    (
        MONTH,
        CASES,
        Column("closed", Kind.COUNT, mark("Closed"), rests_on=("closed", "open"), sums=True),
        Column("open", Kind.COUNT, mark("Still open"), rests_on=("closed", "open"), sums=True),
        Column("p25", Kind.DAYS, mark("A quarter within"), rests_on=("closed",)),
        Column("median", Kind.DAYS, mark("Half within"), rests_on=("closed",)),
        Column("p75", Kind.DAYS, mark("Three of four within"), rests_on=("closed",)),
        Column("p90", Kind.DAYS, mark("Nine of ten within"), rests_on=("closed",)),
    ),
    ("month",),
    ranked=False,
    disjoint=True,
)


def throughput(log: Log, selection: Selection = EVERYTHING) -> Table:
    """Days from first to last event by month of opening: cases, closed, open, and the 25th, 50th, 75th and 90th percentile.

    Percentiles are whole days from Kaplan–Meier, with open cases censored at the log's last moment; null when not reached yet.
    """
    groups = _by(case_figures(log, selection, "month", "closed", "lasted_days"), "month")
    months: list[date] = sorted(groups)
    rows: dict[str, list[Any]] = {c.name: [] for c in THROUGHPUT.columns}
    for month in months:
        group = groups[month]
        survival = kaplan_meier(group["lasted_days"], group["closed"], group["cases"])
        cases, closed = int(group["cases"].sum()), int(group["cases"][group["closed"]].sum())
        values = {"month": month, "cases": cases, "closed": closed, "open": cases - closed}
        values |= {name: survival.percentile(share) for name, share in SHARES.items()}
        for name, value in values.items():
            rows[name].append(value)
    types = {Kind.COUNT: pa.int64(), Kind.MONTH: pa.date32(), Kind.DAYS: pa.float64()}
    return release(
        log,
        selection,
        THROUGHPUT,
        pa.table({c.name: pa.array(rows[c.name], types[c.kind]) for c in THROUGHPUT.columns}),
    )
