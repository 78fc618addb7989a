"""Values from texts and texts from values: ``string``, ``number``, ``range`` (DMN 1.5, 10.3.4.1)."""

import re
from decimal import Decimal

from loft.decisions.feel import temporal
from loft.decisions.feel.ast import Call, Literal, Name, Negation, Node
from loft.decisions.feel.compare import less
from loft.decisions.feel.functions.dates import FUNCTIONS as DATES
from loft.decisions.feel.functions.signatures import KINDS, MOST, UnfitError, builtin
from loft.decisions.feel.names import Names
from loft.decisions.feel.values import ARITHMETIC, Function, Range, Value

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*(?: \w+)*")
_MADE_OF_TEXT = {f.name: f for f in DATES if f.name in ("date", "time", "date and time", "duration")}


# --- string -----------------------------------------------------------------------------------------------------------


def string(value: Value) -> str:
    """*value* as text: a string as it is, a number in plain digits, lists and contexts as FEEL writes them.

    Numbers that are equal have one text. Raises ``UnfitError`` for functions, and past ``MOST`` characters.
    """
    if isinstance(value, str):
        return value
    text = _Text()
    text.add_value(value)
    return "".join(text.pieces)


class _Text:
    """A text that is being put together, of at most ``MOST`` characters."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.left = MOST

    def add(self, piece: str) -> None:
        self.left -= len(piece)
        if self.left < 0:
            raise UnfitError
        self.pieces.append(piece)

    def add_value(self, value: Value) -> None:
        """A value as it stands inside a list or context."""
        if isinstance(value, list):
            self.add_joined("[", [("", member) for member in value], "]")
        elif isinstance(value, dict):
            self.add_joined("{", [(f"{_key(name)}: ", part) for name, part in value.items()], "}")
        elif isinstance(value, Range):
            self.add_range(value)
        else:
            self.add(_plain_text(value))

    def add_joined(self, first: str, parts: list[tuple[str, Value]], last: str) -> None:
        self.add(first)
        for at, (name, part) in enumerate(parts):
            self.add(", " + name if at else name)
            self.add_value(part)
        self.add(last)

    def add_range(self, value: Range) -> None:
        self.add("[" if value.low_closed else "(")
        if value.low is not None:
            self.add_value(value.low)
        self.add("..")
        if value.high is not None:
            self.add_value(value.high)
        self.add("]" if value.high_closed else ")")


def _plain_text(value: Value) -> str:
    """A value that has no parts. Raises ``UnfitError`` for a function."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _plain_number(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Function):
        raise UnfitError
    return temporal.text_of(value)


def _plain_number(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else _quoted(name)


# --- number -----------------------------------------------------------------------------------------------------------


def number(text: str) -> Decimal:
    """The number that *text* writes as FEEL does. Raises ``UnfitError``."""
    if not _NUMBER.fullmatch(text):
        raise UnfitError
    return ARITHMETIC.create_decimal(text)


def number_with_marks(text: str, grouping: str | None, decimal: str | None) -> Decimal:
    """The number in *text* with these marks between groups (space, comma, point or none) and before decimals (comma, point)."""
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", ".") or (grouping and grouping == decimal):
        raise UnfitError
    if grouping:
        text = text.replace(grouping, "")
    if decimal == ",":
        if "." in text:
            raise UnfitError
        text = text.replace(",", ".")
    return number(text)


# --- range ------------------------------------------------------------------------------------------------------------


def range_of(text: str) -> Range:
    """The range that *text* writes: ``[1..3]``, ``(..5]``, with constants at its ends.

    Raises ``UnfitError`` for any other text, for ends of different types, and for a low end above the high one.
    """
    text = text.strip()
    if len(text) < 2 or text[0] not in "[(]" or text[-1] not in "])[":
        raise UnfitError
    inside = text[1:-1]
    at = _dots(inside)
    low, high = _end(inside[:at]), _end(inside[at + 2 :])
    made = Range(low, high, text[0] == "[", text[-1] == "]")
    if (low is None and (high is None or made.low_closed)) or (high is None and made.high_closed):
        raise UnfitError
    if low is not None and high is not None and less(high, low) is not False:
        raise UnfitError
    return made


def _dots(text: str) -> int:
    """Where the two dots of a range are, outside of strings."""
    inside = escaped = False
    for at, char in enumerate(text):
        if not inside and text.startswith("..", at):
            return at
        if char == '"' and not escaped:
            inside = not inside
        escaped = char == "\\" and not escaped
    raise UnfitError


def _end(text: str) -> Value:
    """The constant that *text* writes; None for nothing. Raises ``UnfitError``."""
    from loft.decisions.feel.parser import parse_expression

    if not text.strip():
        return None
    value = _constant(parse_expression(text, Names()))
    if not KINDS["point"].fits(value):
        raise UnfitError
    return value


def _constant(node: Node) -> Value:
    match node:
        case Literal(value):
            return value
        case Negation(Literal(Decimal() as value)):
            return -value
        case Call(Name(name), (Literal(str() as text),), ()) if name in _MADE_OF_TEXT:
            return _MADE_OF_TEXT[name].call(text)
    raise UnfitError


FUNCTIONS = (
    builtin("string", ("from: any", lambda value: None if value is None else string(value))),
    builtin(
        "number",
        ("from: string", number),
        ("from: number", lambda value: value),
        ("from: string, grouping separator: string?, decimal separator: string?", number_with_marks),
    ),
    builtin("range", ("from: string", range_of)),
)
