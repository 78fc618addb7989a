"""Dates, times and durations as FEEL writes them (DMN 1.5 §10.3.2.3.4–10.3.2.3.8), read and written.

The lexical forms are those of XML Schema, with a named zone after ``@`` (``10:30:00@Europe/Oslo``). Years outside 1 to 9999, and
seconds of more than six decimals, are read by the functions ``wide_…`` alone; the others give null for such a year and cut such a
second off. Durations are rounded to six decimals. Offsets go to 18 hours either way.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from loft.decisions.feel.values import Months, Value
from loft.decisions.feel.wide import FarDate, FarMoment, FineMoment, at, day_of, nanos_of, with_nanos
from loft.decisions.feel.wide_sums import day_after

LONGEST = 100
"""Characters in one date, time or duration."""

_DATE = r"(?P<year>\d{4}|-(?!0000)\d{4}|-?[1-9]\d{4,8})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
_ZONE = r"(?:(?P<utc>Z)|(?P<sign>[+-])(?P<h>\d\d):(?P<m>\d\d)(?::(?P<s>\d\d))?|@(?P<zone>[A-Za-z][A-Za-z0-9_+\-/]*))?"
_DATE_FORM = re.compile(_DATE, re.ASCII)
_TIME_FORM = re.compile(_TIME + _ZONE, re.ASCII)
_DATE_AND_TIME_FORM = re.compile(_DATE + "T" + _TIME + _ZONE, re.ASCII)
_END_OF_DAY, _START_OF_DAY = "T24:00:00", "T00:00:00"
_MONTHS_FORM = re.compile(r"(?P<minus>-)?P(?=\d)(?:(?P<years>\d{1,15})Y)?(?:(?P<months>\d{1,15})M)?", re.ASCII)
_DAYS_FORM = re.compile(
    r"(?P<minus>-)?P(?=[\dT])(?:(?P<days>\d{1,15})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,15})H)?(?:(?P<minutes>\d{1,15})M)?(?:(?P<seconds>\d{1,15})(?:\.(?P<fraction>\d*))?S)?)?",
    re.ASCII,
)


# --- reading ----------------------------------------------------------------------------------------------------------


def parse_literal(text: str) -> Value:
    """What ``@"text"`` stands for: a date and time, a date, a time or a duration; None when it is none of them."""
    for parse in (parse_date, parse_time, parse_date_and_time, parse_duration):
        value = parse(text)
        if value is not None:
            return value
    return None


def parse_date(text: str) -> date | None:
    """A date from ``2026-01-31``; None for any other text, and for a day that is not in the calendar."""
    found = _match(_DATE_FORM, text)
    return _date(found) if found else None


def parse_time(text: str) -> time | None:
    """A time from ``10:30:00``, with ``Z``, an offset or ``@Zone/Name`` after it if there is one; None for any other text."""
    found = _match(_TIME_FORM, text)
    return _time(found) if found else None


def parse_date_and_time(text: str) -> datetime | None:
    """A date and time from ``2026-01-31T10:30:00`` and what may follow a time, or from a date alone (midnight); else None."""
    moment = wide_date_and_time(text)
    if isinstance(moment, FineMoment):
        return datetime.combine(moment.date(), moment.timetz())
    return moment if isinstance(moment, datetime) else None


def parse_duration(text: str) -> timedelta | Months | None:
    """A duration from ``P1DT2H`` (days and time) or ``P1Y2M`` (years and months); None for a mix of both and any other text."""
    found = _match(_MONTHS_FORM, text)
    if found:
        months = int(found["years"] or 0) * 12 + int(found["months"] or 0)
        return Months(-months if found["minus"] else months)
    found = _match(_DAYS_FORM, text)
    if not found:
        return None
    try:
        length = timedelta(
            days=int(found["days"] or 0),
            hours=int(found["hours"] or 0),
            minutes=int(found["minutes"] or 0),
            seconds=int(found["seconds"] or 0),
            microseconds=int(Decimal(f"0.{found['fraction'] or 0}").scaleb(6).to_integral_value()),
        )
        return -length if found["minus"] else length
    except OverflowError:
        return None


def wide_date(text: str) -> date | FarDate | None:
    """As ``parse_date``, of all years that FEEL has."""
    found = _match(_DATE_FORM, text)
    return _wide_date(found) if found else None


def wide_time(text: str) -> time | None:
    """As ``parse_time``, with nine decimals of a second."""
    found = _match(_TIME_FORM, text)
    return _wide_time(found) if found else None


def wide_date_and_time(text: str) -> datetime | FarMoment | None:
    """As ``parse_date_and_time``, of all years that FEEL has and with nine decimals of a second; 24:00:00 is the start of the next day."""
    day = wide_date(text)
    if day is not None:
        return at(day, time(0))
    found = _match(_DATE_AND_TIME_FORM, text.replace(_END_OF_DAY, _START_OF_DAY))
    if not found:
        return None
    day, clock = _wide_date(found), _wide_time(found)
    if day is None or clock is None or _END_OF_DAY not in text:
        return None if day is None or clock is None else at(day, clock)
    return None if int(found["fraction"] or 0) else at(day_after(day), clock)


def _match(form: re.Pattern[str], text: str) -> re.Match[str] | None:
    return form.fullmatch(text) if len(text) <= LONGEST else None


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _time(found: re.Match[str]) -> time | None:
    try:
        clock = time(
            int(found["hour"]), int(found["minute"]), int(found["second"]), _micros(found["fraction"]), _zone(found)
        )
    except ValueError:
        return None
    return clock


def _wide_date(found: re.Match[str]) -> date | FarDate | None:
    try:
        return day_of(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _wide_time(found: re.Match[str]) -> time | None:
    clock = _time(found)
    return clock and with_nanos(clock, int((found["fraction"] or "")[6:9].ljust(3, "0")))


def _micros(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def _zone(found: re.Match[str]) -> tzinfo | None:
    """The zone that was written, or none; raises ``ValueError`` for one that does not exist."""
    if found["utc"]:
        return UTC
    if found["zone"]:
        return zone(found["zone"])
    if not found["sign"]:
        return None
    hours, minutes, seconds = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if minutes > 59 or seconds > 59 or offset > timedelta(hours=18):
        raise ValueError
    return timezone(-offset if found["sign"] == "-" else offset) if offset else UTC


@lru_cache(maxsize=1000)
def zone(name: str) -> ZoneInfo:
    """The named zone; raises ``ValueError`` for a name that is not in the time zone database."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(name) from error


# --- writing ----------------------------------------------------------------------------------------------------------


def text_of(value: Value) -> str:
    """A date, time, date and time or duration in the form that reads back as the same value (DMN's ``string``)."""
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_text_of_clock(value)}"
    if isinstance(value, FarMoment):
        return f"{value.date}T{_text_of_clock(value.time)}"
    if isinstance(value, date | FarDate):
        return str(value)
    if isinstance(value, time):
        return _text_of_clock(value)
    if isinstance(value, Months):
        return _text_of_months(value.months)
    return _text_of_days(value)


def _text_of_clock(value: time | datetime) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    fraction = f"{value.microsecond:06}{nanos_of(value):03}".rstrip("0")
    return (f"{text}.{fraction}" if fraction else text) + _text_of_zone(value.tzinfo)


def _text_of_zone(value: tzinfo | None) -> str:
    if value is None:
        return ""
    if isinstance(value, ZoneInfo):
        return f"@{value.key}"
    offset = value.utcoffset(None) or timedelta(0)
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(offset).seconds, 60)
    text = f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _text_of_months(months: int) -> str:
    if not months:
        return "P0M"
    years, rest = divmod(abs(months), 12)
    return ("-" if months < 0 else "") + "P" + (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")


def _text_of_days(value: timedelta) -> str:
    if not value:
        return "PT0S"
    length = abs(value)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{length.days}D" if length.days else ""
    return ("-" if value < timedelta(0) else "") + "P" + days + (f"T{clock}" if clock else "")
