"""Facts as they come in, made FEEL's values and held against what the rule says of them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from loft.decisions.errors import FactError, Place
from loft.decisions.facts import NOTHING, Fact
from loft.decisions.feel import temporal
from loft.decisions.feel.ast import Tests
from loft.decisions.feel.evaluate import test
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.types import Type
from loft.decisions.feel.values import Months, Value, number
from loft.decisions.feel.writing import text_of, text_of_value
from loft.decisions.model import InputData
from loft.decisions.standard_values import ABSENT, known_value
from loft.language import mark

UNKNOWN = mark("the rule asks for no fact “%(name)s”. It asks for: %(names)s.")
DID_YOU_MEAN = mark("the rule asks for no fact “%(name)s”. Did you mean “%(near)s”?")
WRONG_TYPE = mark("the fact “%(name)s” is to be a %(type)s, and “%(value)s” is not.")
NOT_ALLOWED = mark("the fact “%(name)s” may not be %(value)s; allowed is: %(allowed)s.")
NO_SUCH_PART = mark("the fact “%(name)s” has no part “%(part)s”; it has: %(parts)s.")

Fit = Callable[[Any], Value]

_TEXTS: dict[str, Callable[[str], Value]] = {
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_and_time,
    "days and time duration": temporal.parse_duration,
    "years and months duration": temporal.parse_duration,
}
_CLASSES: dict[str, type] = {
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "days and time duration": timedelta,
    "years and months duration": Months,
}


class Fitting:
    """The facts of one rule: which there are, and how a value becomes FEEL's."""

    def __init__(self, inputs: tuple[InputData, ...], place: Place, limits: Mapping[str, tuple[Tests, ...]]) -> None:
        self.inputs, self.place = {given.name: given for given in inputs}, place
        self._fits = {given.name: _fit(given, place, limits.get(given.name, ())) for given in inputs}

    def scope(self, facts: Mapping[str, Any]) -> tuple[dict[str, Value], dict[str, str]]:
        """The facts that are known as a scope, and the sources of those that have one. Raises ``FactError``."""
        scope: dict[str, Value] = {}
        sources: dict[str, str] = {}
        for name, value in facts.items():
            fit = self._fits.get(name)
            if fit is None:
                raise self._unknown(name)
            if value.__class__ is Fact:
                if value.source:
                    sources[name] = value.source
                value = value.value
            if value is None:
                continue
            try:
                fitted = fit(value)
            except FactError as error:
                raise error.at(self.place) from None
            if fitted is not ABSENT:
                scope[name] = fitted
        return scope, sources

    def _unknown(self, name: str) -> FactError:
        near = get_close_matches(str(name), self.inputs, 1)
        if near:
            return FactError(DID_YOU_MEAN, self.place, name=name, near=near[0])
        return FactError(UNKNOWN, self.place, name=name, names=", ".join(self.inputs) or "–")


def _fit(given: InputData, place: Place, limits: tuple[Tests, ...]) -> Fit:
    """How one fact's value is fitted; *limits* are allowed values beside those of its type."""
    type_ = given.type
    tests = (*([type_.allowed] if type_.allowed is not None and type_.kind != "list" else []), *limits)
    allowed = [(one, test(one)) for one in dict.fromkeys(tests)]

    def fit(value: Any) -> Value:
        if value is NOTHING:
            return None
        fitted = _value(value, type_, given.name, place)
        for told, within in allowed if fitted is not ABSENT else ():
            if within(fitted, {}) is not True:
                raise FactError(NOT_ALLOWED, place, name=given.name, value=text_of_value(fitted), allowed=text_of(told))
        return fitted

    if type_.kind == "number" and not allowed:

        def plain(value: Any) -> Value:
            return Decimal(value) if value.__class__ is int and -(10**30) < value < 10**30 else fit(value)

        return plain
    own = _CLASSES.get(type_.kind) if not allowed else None
    if own is not None:
        return lambda value: value if value.__class__ is own else fit(value)
    return fit


def _value(value: Any, type_: Type, name: str, place: Place) -> Value:
    """*value* as FEEL's, of the type that the rule wants."""
    if isinstance(value, str) and type_.kind in _TEXTS:
        found = _TEXTS[type_.kind](value)
        if kind(found) != type_.kind:
            raise _wrong(value, type_, name, place)
        return found
    found = known_value(value, name=name)
    if found is ABSENT or type_.kind == "Any":
        return found
    if type_.kind == "list":
        members = found if isinstance(found, list) else [found]
        return [None if m is None else _member(m, type_, name, place) for m in members]
    if type_.kind == "context":
        return _context(found, type_, name, place)
    if type_.kind == "date and time" and type(found) is date:
        return datetime(found.year, found.month, found.day)  # noqa: DTZ001 - a date and time of FEEL without a zone
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if kind(found) != type_.kind:
        raise _wrong(value, type_, name, place)
    return found


def _member(value: Any, type_: Type, name: str, place: Place) -> Value:
    fitted = _value(value, type_.member or Type("Any"), name, place)
    if type_.allowed is not None and test(type_.allowed)(fitted, {}) is not True:
        raise FactError(NOT_ALLOWED, place, name=name, value=text_of_value(fitted), allowed=text_of(type_.allowed))
    return fitted


def _context(value: Any, type_: Type, name: str, place: Place) -> Value:
    if not isinstance(value, dict):
        raise _wrong(value, type_, name, place)
    parts = dict(type_.parts)
    for part in value:
        if parts and part not in parts:
            raise FactError(NO_SUCH_PART, place, name=name, part=part, parts=", ".join(parts))
    return {
        part: None if own is None else _value(own, parts.get(part, Type("Any")), f"{name}.{part}", place)
        for part, own in value.items()
    }


def _wrong(value: Any, type_: Type, name: str, place: Place) -> FactError:
    return FactError(WRONG_TYPE, place, name=name, type=type_.called, value=_told(value))


def _told(value: Any) -> str:
    return str(number(value)) if value.__class__ is int else str(value)
