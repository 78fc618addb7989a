"""The steps by which a plan is filled in: what each asks, and which fields of the plan its answers become."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loft.language import gettext, mark
from loft.log import Log
from loft.value.errors import BadInput
from loft.value.measures import MEASURES, measure
from loft.value.sentence import Figure
from loft.web.filters import attributes
from loft.web.forms import Field, WrongAt
from loft.web.library import find, shelf

Draft = Mapping[str, Any]
GUARDED = 3
BETTER = (("lower", mark("Lower")), ("higher", mark("Higher")))
_TOLD = {"on_time", "activity", "attribute", "withdrawal", "refusal", "reopening", "satisfaction"}


@dataclass(frozen=True)
class Step:
    """A step: what it asks for a draft, and what its answers become: fields of the plan. ``fills`` names those that it must fill."""

    slug: str
    title: str
    about: str
    fields: Callable[[Draft], Sequence[Field]]
    answers: Callable[[Draft, dict[str, Any]], dict[str, Any]]
    fills: tuple[str, ...] = ()


def told(choices: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Choices in the language in force."""
    return tuple((value, gettext(words)) for value, words in choices)


def log_of(draft: Draft) -> Log:
    """The log that a draft names. Raises ``BadInput`` where it is not here, as when it was removed since."""
    name = str(draft.get("log", ""))
    log = find(name)
    if log is None:
        raise BadInput(mark("There is no log %(name)s here. Choose another."), name=Figure(name, "text"))
    return log


def measure_choices(better: bool = False) -> tuple[tuple[str, str], ...]:
    """Measures that can be judged by; with *better* only those that say which way is good."""
    named = {m.base: m.label for m in MEASURES.values() if not m.drops_open and (m.better or not better)}
    if not better:
        named |= {"activity": mark("Share of cases with the step"), "attribute": mark("Mean of the attribute")}
    return told(tuple(named.items()))


def _measure_fields(draft: Draft) -> list[Field]:
    base, _, name = str(draft.get("measure", "")).partition(":")
    logs = tuple((found.slug, found.log.meta.name) for found in shelf() if found.log)
    only = logs[0][0] if len(logs) == 1 else None
    return [
        Field("log", mark("Which log is it measured in?"), "one", options=logs, value=draft.get("log", only)),
        Field("measure", mark("What is to become better?"), "one", options=measure_choices(), value=base),
        Field(
            "told", mark("More about the measure"),
            about=mark("For “answered within”: how many days. For a step or an attribute: its name in the log."),
            needed=False, value=name,
        ),
        Field("better", mark("Which way is better?"), "one", options=told(BETTER), value=draft.get("better")),
    ]  # fmt: skip


def _measure(draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
    base, name = values["measure"], values.pop("told") or ""
    if base in ("activity", "attribute") and not name:
        raise WrongAt("told", mark("Write the name of the step or attribute in the log."))
    whole = f"{base}:{name}" if name and base in _TOLD else "on_time:30" if base == "on_time" else base
    return {**values, "measure": measure(whole).name}


def _case_fields(draft: Draft) -> list[Field]:
    log = log_of(draft)
    named = [(f"attribute:{name}", name) for name in attributes(log)]
    ways = (("unit", gettext("The first unit that a case met")), *named)
    services = tuple((name, name) for name in log.services[1:])
    found = [
        Field(
            "by", mark("What is a unit?"), "one", mark("Units start at different times, or not at all. Cases are told apart by:"),
            options=ways, value=draft.get("by", "unit"),
        )
    ]  # fmt: skip
    if services:
        about = mark("Choose none for all.")
        found.append(
            Field("services", mark("Which cases?"), "many", about, False, services, value=draft.get("services"))
        )
    return found


def _cases(draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
    return {"by": values["by"], "services": values.get("services") or []}


def _size_fields(draft: Draft) -> list[Field]:
    shares = _in_shares(draft)
    smallest = draft.get("smallest")
    scales = (
        ("relative", gettext("Per cent of today's level")),
        ("own", gettext("Percentage points") if _share(draft) else gettext("The measure's own unit")),
    )
    return [
        Field(
            "smallest", mark("The smallest effect worth having"), "number",
            mark("What makes the change worth its cost. A smaller one will not be called value, however sure it is."),
            value=None if smallest is None else round(smallest * (100 if shares else 1), 6),
        ),
        Field(
            "scale", mark("Given in"), "one", options=scales, value="relative" if draft.get("relative", True) else "own"
        ),
        Field(
            "within", mark("Days up to which a case counts"), "number",
            mark("Leave it empty for the days within which nine in ten cases are closed."), False, value=draft.get("within") or None,
        ),
    ]  # fmt: skip


def _share(draft: Draft) -> bool:
    return bool(draft.get("measure")) and measure(draft["measure"]).kind == "share"


def _in_shares(draft: Draft) -> bool:
    return bool(draft.get("relative", True)) or _share(draft)


def _size(draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
    relative = values["scale"] == "relative"
    smallest = values["smallest"] / (100 if relative or _share(draft) else 1)
    within = values["within"] or 0
    if not smallest > 0:
        raise WrongAt("smallest", mark("The smallest effect worth having must be above 0."))
    if within < 0 or within != int(within):
        raise WrongAt("within", mark("Write a whole number of days."))
    return {"relative": relative, "smallest": round(smallest, 9), "within": int(within)}


def _guard_fields(draft: Draft) -> list[Field]:
    own = measure(draft["measure"]).base if draft.get("measure") else ""
    choices = tuple(choice for choice in measure_choices(better=True) if choice[0] != own)
    held = list(draft.get("guardrails", ()))
    found = []
    labels = (mark("First guardrail"), mark("Second guardrail"), mark("Third guardrail"))
    about = mark("In per cent of today's level; in percentage points for shares.")
    for place in range(GUARDED):
        guard = held[place] if place < len(held) else None
        chosen = measure(guard["measure"]).base if guard else None
        value = guard["tolerance"] if guard else None
        found += [
            Field(f"guard_{place + 1}", labels[place], "one", needed=False, options=choices, value=chosen),
            Field(f"tolerance_{place + 1}", mark("May get worse by at most"), "percent", about, False, value=value),
        ]
    return found


def _guards(draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
    found = []
    for place in range(1, GUARDED + 1):
        base, tolerance = values[f"guard_{place}"], values[f"tolerance_{place}"]
        if not base:
            continue
        if tolerance is None or tolerance < 0:
            raise WrongAt(f"tolerance_{place}", mark("Say by how much each guardrail may get worse, 0 or more."))
        chosen = MEASURES.get(base) or measure("on_time:30")
        relative = chosen.kind != "share"
        found.append(
            {"measure": chosen.name, "better": chosen.better, "tolerance": tolerance, "relative": relative}
        )  # fmt: skip
    return {"guardrails": found}


def _use_fields(draft: Draft) -> list[Field]:
    use = draft.get("use") or {}
    kinds = (
        ("activity", mark("A step is done")),
        ("unit", mark("The case meets a unit")),
        ("attribute", mark("An attribute has a value")),
    )
    return [
        Field(
            "kind", mark("What shows it in the log?"), "one", needed=False, options=told(kinds), value=use.get("kind")
        ),
        Field("name", mark("Its name in the log"), needed=False, value=use.get("name")),
        Field("value", mark("The value, for an attribute"), needed=False, value=use.get("value")),
    ]


def _use(draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
    if not values["kind"]:
        return {"use": None}
    if not values["name"] or (values["kind"] == "attribute" and not values["value"]):
        raise WrongAt(
            "value" if values["name"] else "name",
            mark("Say what it is called in the log, and for an attribute its value."),
        )
    return {"use": {"kind": values["kind"], "name": values["name"], "value": values["value"] or ""}}


STEPS = (
    Step(
        "measure", mark("Measure and direction"), mark("One measure decides. It is chosen now, before anyone knows how it goes."),
        _measure_fields, _measure, ("log", "measure", "better"),
    ),
    Step("cases", mark("Units and cases"), "", _case_fields, _cases, ("by",)),
    Step("size", mark("The smallest effect worth having"), "", _size_fields, _size, ("smallest", "relative")),
    Step(
        "guardrails", mark("What must not get worse"), mark("If one of these gets worse than you tolerate, it counts as harm."),
        _guard_fields, _guards,
    ),
    Step(
        "use", mark("How the log shows that it is in use"),
        mark("Value is only shown where most cases are handled in the new way. Leave it empty if the log cannot tell."),
        _use_fields, _use,
    ),
)  # fmt: skip
"""The steps before the roll-out, in order."""
