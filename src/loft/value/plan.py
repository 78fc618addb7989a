"""The plan: everything about how a change will be judged, fixed before it starts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure

T = TypeVar("T")

DESIGNS = ("lottery", "stepped lottery", "staggered", "comparison", "one unit", "none")
"""Who decided which units start when: a draw; a draw of the order; the body, at different dates; the body, at one date; a single unit held
against a synthetic one; nobody is without the change."""


@dataclass(frozen=True)
class Guardrail:
    """A measure that must not get worse by more than ``tolerance``: a share of its level where ``relative``, else in its own unit."""

    measure: str
    better: str
    tolerance: float
    relative: bool = True


@dataclass(frozen=True)
class Use:
    """How the log shows that a case was handled in the new way: ``kind`` is ``attribute`` (``name`` has ``value``), ``unit`` (the case met
    the unit ``name``) or ``activity`` (the step ``name`` was done)."""

    kind: str
    name: str
    value: str = ""


@dataclass(frozen=True)
class Plan:
    """A locked plan.

    ``by`` says what a unit is: ``unit`` (the first unit a case met) or ``attribute:NAME``. ``services`` and ``where`` choose the cases that
    are eligible; empty is all. ``smallest`` is the smallest effect worth having, δ*, above 0; a share where ``relative``, else in
    the measure's unit. ``treated`` are units with their planned start. ``comparison`` are units that stay without the change
    until ``last``; ``chosen_by`` says in words how they were chosen. ``draw`` is the record of a lottery: seed, method and order.
    ``within`` is τ, the days a duration is restricted to, or the days after which a case's figure is final. ``se_plan`` is the
    standard error expected at half horizon and ``mde`` the effect that can be found at the horizon, on the same scale as ``smallest``.
    ``spread_over`` names other registered changes in the same units and window, and shared staff is told by ``near``: comparison
    units that are near neighbours of treated ones.
    """

    change: str
    log: str
    measure: str
    better: str
    relative: bool
    smallest: float
    by: str
    treated: tuple[tuple[str, date], ...]
    comparison: tuple[str, ...]
    design: str
    last: date
    earliest: date | None = None
    services: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    strata: str = "service"
    within: int = 0
    baseline_days: int = 365
    guardrails: tuple[Guardrail, ...] = ()
    use: Use | None = None
    chosen_by: str = ""
    near: tuple[str, ...] = ()
    draw: Mapping[str, Any] = field(default_factory=dict)
    se_plan: float = 0.0
    mde: float = 0.0
    policy: str = ""
    version: int = 1
    amends: str = ""
    locked_by: str = ""
    locked_at: str = ""

    @property
    def horizon(self) -> int:
        """Days from the first start to ``last``."""
        return (self.last - self.first_start).days

    @property
    def first_start(self) -> date:
        """The day the first unit is to start."""
        return min(start for _, start in self.treated)

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON-ready values."""
        return json.loads(json.dumps(asdict(self), default=_plain))

    def to_json(self) -> str:
        """The plan as JSON with sorted keys and no spaces: the text that is hashed."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of ``to_json``, 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Plan":
        """The plan that ``as_dict`` wrote. Raises ``BadInput`` for fields that are missing or unknown."""
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(raw) - known):
            raise BadInput(mark("A plan has no field %(name)s."), name=Figure(unknown[0], "text"))
        try:
            values = dict(raw)
            values["treated"] = tuple(_started(each) for each in raw["treated"])
            values["last"] = _day(raw["last"], "last")
            values["earliest"] = _day(raw["earliest"], "earliest") if raw.get("earliest") else None
            values["guardrails"] = tuple(_made(Guardrail, g, "guardrails") for g in raw.get("guardrails", ()))
            values["use"] = _made(Use, raw["use"], "use") if raw.get("use") else None
            values["where"] = tuple((a, b) for a, b in raw.get("where", ()))
            for name in ("comparison", "services", "near"):
                values[name] = tuple(raw.get(name, ()))
            return cls(**values)
        except BadInput:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput(mark("The plan cannot be read: %(error)s."), error=Figure(str(error), "text")) from error


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A plan cannot hold {type(value).__name__}.")


def _day(value: Any, name: str) -> date:
    """The day that a field holds."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadInput(
            mark("The plan's %(field)s cannot be read: write a day as 2026-01-31, not %(value)s."),
            field=Figure(name, "text"),
            value=Figure(str(value)[:60] or "–", "text"),
        ) from error


def _started(value: Any) -> tuple[str, date]:
    """A unit with its planned start."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise BadInput(
            mark(
                "The plan's %(field)s cannot be read: write each unit with its start, as [UNIT, 2026-01-31], not %(value)s."
            ),
            field=Figure("treated", "text"),
            value=Figure(str(value)[:60] or "–", "text"),
        )
    return value[0], _day(value[1], "treated")


def _made(kind: type[T], raw: Any, name: str) -> T:
    """The guardrail or use that a field holds."""
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    needed = [f.name for f in fields(kind) if f.default is MISSING]  # type: ignore[arg-type]
    if not isinstance(raw, Mapping):
        raise BadInput(
            mark("The plan's %(field)s cannot be read: write %(known)s, each with its value, not %(value)s."),
            field=Figure(name, "text"),
            known=Figure(", ".join(known), "text"),
            value=Figure(str(raw)[:60] or "–", "text"),
        )
    if missing := [each for each in needed if each not in raw]:
        raise BadInput(
            mark("The plan's %(field)s lacks: %(missing)s."),
            field=Figure(name, "text"),
            missing=Figure(", ".join(missing), "text"),
        )
    if unknown := [str(each) for each in raw if each not in known]:
        raise BadInput(
            mark("The plan's %(field)s has no %(name)s. It has: %(known)s."),
            field=Figure(name, "text"),
            name=Figure(unknown[0], "text"),
            known=Figure(", ".join(known), "text"),
        )
    return kind(**raw)
