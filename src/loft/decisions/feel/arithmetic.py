"""Sums, differences, products, quotients and powers of FEEL values (DMN 1.5 §10.3.2.13, tables 55 to 58); None where FEEL says null.

Numbers have 34 digits. A date counts as midnight UTC where a date and time is subtracted from it or it from one; added to a duration
it stays a date. Months are added to the calendar (31 January and a month is the last of February). A date and time in a named zone
moves along the time line, so an hour is an hour when the clocks change.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from loft.decisions.feel import bounds, compare, wide_sums
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.values import ARITHMETIC, Months, Value
from loft.decisions.feel.wide import Far, FarDate, FarMoment

LONGEST_DURATION = 10**15
"""Months in a duration."""
_DAY = timedelta(days=1)
_MICRO = timedelta(microseconds=1)

Operation = Callable[[Value, Value], Value]


def negate(value: Value) -> Value:
    """Minus *value*: a number or a duration."""
    try:
        if type(value) is Decimal:
            return ARITHMETIC.minus(value)
        if isinstance(value, Months):
            return Months(-value.months)
        return -value if isinstance(value, timedelta) else None
    except ArithmeticError:
        return None


_Table = dict[tuple[str, str], Operation]


def _of(table: _Table) -> Operation:
    """The operation of a table. Numbers, nearly all there is, go first."""
    of_numbers = table["number", "number"]

    def operation(left: Value, right: Value) -> Value:
        try:
            if type(left) is Decimal and type(right) is Decimal:
                return of_numbers(left, right)
            found = table.get((kind(left), kind(right)))
            return found(left, right) if found else None
        except (
            ArithmeticError,
            ValueError,
        ):  # division by zero, or past what a number, the calendar or a duration holds
            return None

    return operation


# --- moments ----------------------------------------------------------------------------------------------------------


def _moved_date(day: date | FarDate, length: timedelta) -> Value:
    if isinstance(day, FarDate):
        return wide_sums.moved(day, length)
    return (datetime.combine(day, time(0)) + length).date()


def _moved_time(clock: time, length: timedelta) -> time:
    # the date stands for no day: a clock goes round
    return (
        (datetime.combine(date(2000, 1, 1), clock.replace(tzinfo=None)) + length % _DAY)
        .time()
        .replace(tzinfo=clock.tzinfo)
    )


def _moved(moment: datetime | FarMoment, length: timedelta) -> Value:
    if isinstance(moment, FarMoment):
        return wide_sums.moved(moment, length)
    if isinstance(moment.tzinfo, ZoneInfo):
        return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)
    return moment + length


def _moved_months(day: date | FarDate | FarMoment, months: Months) -> Value:
    """A date, or date and time, as many months later; the last day of the month where the day does not exist in it."""
    if isinstance(day, FarDate | FarMoment):
        return wide_sums.moved_months(day, months)
    year, month = divmod(day.year * 12 + day.month - 1 + months.months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _between(later: date | Far, earlier: date | Far) -> timedelta | None:
    """From one moment to another: both with a zone or both without; a date is midnight UTC unless both are dates."""
    if isinstance(later, Far) or isinstance(earlier, Far):
        return wide_sums.between(later, earlier)
    moments = [
        moment if isinstance(moment, datetime) else datetime.combine(moment, time(0), UTC)
        for moment in (later, earlier)
    ]
    if (moments[0].tzinfo is None) is not (moments[1].tzinfo is None):
        return None
    return compare.instant(moments[0]) - compare.instant(moments[1])


def _between_clocks(later: time, earlier: time) -> timedelta | None:
    passed = compare.clocks(later, earlier)
    return passed[0] - passed[1] if passed else None


# --- durations --------------------------------------------------------------------------------------------------------


def _months(count: int) -> Months:
    if abs(count) > LONGEST_DURATION:
        raise OverflowError
    return Months(count)


def _micros(length: timedelta) -> Decimal:
    return Decimal(length // _MICRO)


def _length(micros: Decimal) -> timedelta:
    """A duration of so many millionths of a second; days first, since timedelta takes no larger whole numbers than those of C."""
    seconds, rest = divmod(int(micros.to_integral_value(context=ARITHMETIC)), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    return timedelta(days, seconds, rest)


def _times(length: timedelta, factor: Decimal) -> timedelta:
    product = ARITHMETIC.multiply(_micros(length), factor)
    return _length(_small(product))


def _by(length: timedelta, divisor: Decimal) -> timedelta:
    return _length(_small(ARITHMETIC.divide(_micros(length), divisor)))


def _times_months(months: Months, factor: Decimal) -> Months:
    return _months(int(_small(ARITHMETIC.multiply(Decimal(months.months), factor))))


def _months_by(months: Months, divisor: Decimal) -> Months:
    return _months(int(_small(ARITHMETIC.divide(Decimal(months.months), divisor))))


def _small(value: Decimal) -> Decimal:
    """The same number; raises where it is too large for any duration, before it is written out in thousands of digits."""
    if value.adjusted() > 25:
        raise OverflowError
    return value


def _raised(base: Decimal, exponent: Decimal) -> Decimal | None:
    """A power; null for an exponent that is no whole number, as the conformance kit has it (0100-arithmetic)."""
    if exponent != exponent.to_integral_value():
        return None
    return ARITHMETIC.power(base, exponent) if exponent else Decimal(1)


def _joined(left: str, right: str) -> str | None:
    return left + right if len(left) + len(right) <= bounds.MOST else None


# --- the tables -------------------------------------------------------------------------------------------------------

_NUMBER, _STRING, _DATE, _TIME, _MOMENT = "number", "string", "date", "time", "date and time"
_LENGTH, _MONTHS = "days and time duration", "years and months duration"


def _turned(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


def _either_way(table: _Table) -> _Table:
    """The table with each pair turned round too."""
    turned = {(right, left): _turned(operation) for (left, right), operation in table.items() if left != right}
    return table | turned


_SUMS: _Table = _either_way(
    {
        (_NUMBER, _NUMBER): ARITHMETIC.add,
        (_STRING, _STRING): _joined,
        (_MONTHS, _MONTHS): lambda a, b: _months(a.months + b.months),
        (_LENGTH, _LENGTH): lambda a, b: a + b,
        (_DATE, _LENGTH): _moved_date,
        (_TIME, _LENGTH): _moved_time,
        (_MOMENT, _LENGTH): _moved,
        (_DATE, _MONTHS): _moved_months,
        (_MOMENT, _MONTHS): _moved_months,
    }
)
_DIFFERENCES: _Table = {
    (_NUMBER, _NUMBER): ARITHMETIC.subtract,
    (_MONTHS, _MONTHS): lambda a, b: _months(a.months - b.months),
    (_LENGTH, _LENGTH): lambda a, b: a - b,
    (_DATE, _DATE): _between,
    (_DATE, _MOMENT): _between,
    (_MOMENT, _DATE): _between,
    (_MOMENT, _MOMENT): _between,
    (_TIME, _TIME): _between_clocks,
    (_DATE, _LENGTH): lambda a, b: _moved_date(a, -b),
    (_TIME, _LENGTH): lambda a, b: _moved_time(a, -b),
    (_MOMENT, _LENGTH): lambda a, b: _moved(a, -b),
    (_DATE, _MONTHS): lambda a, b: _moved_months(a, Months(-b.months)),
    (_MOMENT, _MONTHS): lambda a, b: _moved_months(a, Months(-b.months)),
}
_PRODUCTS: _Table = _either_way(
    {(_NUMBER, _NUMBER): ARITHMETIC.multiply, (_LENGTH, _NUMBER): _times, (_MONTHS, _NUMBER): _times_months}
)
_QUOTIENTS: _Table = {
    (_NUMBER, _NUMBER): ARITHMETIC.divide,
    (_LENGTH, _NUMBER): _by,
    (_MONTHS, _NUMBER): _months_by,
    (_LENGTH, _LENGTH): lambda a, b: ARITHMETIC.divide(_micros(a), _micros(b)),
    (_MONTHS, _MONTHS): lambda a, b: ARITHMETIC.divide(Decimal(a.months), Decimal(b.months)),
}
_POWERS: _Table = {(_NUMBER, _NUMBER): _raised}

add = _of(_SUMS)
"""``left + right``: numbers, strings, durations of one kind, or a duration and what has a place in time."""
subtract = _of(_DIFFERENCES)
"""``left - right``: numbers, durations of one kind, two moments of one kind (a duration), or a moment less a duration."""
multiply = _of(_PRODUCTS)
"""``left * right``: numbers, or a number and a duration."""
divide = _of(_QUOTIENTS)
"""``left / right``: numbers, a duration by a number, or durations of one kind (a number). None for division by zero."""
power = _of(_POWERS)
"""``left ** right`` of numbers, the right one whole."""

OPERATIONS: dict[str, Operation] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}
