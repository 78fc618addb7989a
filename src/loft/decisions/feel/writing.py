"""FEEL parts written as FEEL text again, in one way: parsing that text gives the same parts.

That holds where the same names are in scope; a subtraction ``a - b`` is read as a name where ``a-b`` is one.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from loft.decisions.feel import ast
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.levels import AND, COMPARISON, ITSELF, LEVELS, OR, SIGNED, SUM, WHOLE
from loft.decisions.feel.lexer import name_tokens, quoted
from loft.decisions.feel.temporal import text_of as text_of_moment
from loft.decisions.feel.types import Type
from loft.decisions.feel.values import Months, Range, Value
from loft.decisions.feel.visible import RESERVED
from loft.decisions.feel.wide import Far

_MADE = ("list", "context", "range", "function")


def text_of(node: ast.Node) -> str:
    """*node* as FEEL, with no more brackets than it needs."""
    return _text(node, WHOLE)


def _text(node: ast.Node, level: int) -> str:
    """*node* where only what binds at least as strongly as *level* may stand without brackets."""
    text, own = _written(node)
    return text if own >= level else f"({text})"


def _written(node: ast.Node) -> tuple[str, int]:
    """*node* as FEEL, and how strongly its outermost operator binds."""
    match node:
        case ast.Literal(value):
            negative = isinstance(value, Decimal) and value < 0
            return _constant(value), SIGNED if negative else ITSELF
        case ast.Name(name):
            return name, ITSELF
        case ast.Path(source, name):
            return f"{_text(source, ITSELF)}.{name}", ITSELF
        case ast.Filter(source, condition):
            return f"{_text(source, ITSELF)}[{_text(condition, WHOLE)}]", ITSELF
        case ast.Call(function, values, names):
            return f"{_text(function, ITSELF)}({_arguments(values, names)})", ITSELF
        case ast.ListOf(values):
            return f"[{_listed(values)}]", ITSELF
        case ast.ContextOf(entries):
            return "{" + ", ".join(f"{_key(name)}: {_text(value, WHOLE)}" for name, value in entries) + "}", ITSELF
        case ast.RangeOf():
            return _range(node), ITSELF
        case ast.Tests():
            return _tests(node), WHOLE
        case ast.Compared(sign, value):
            return f"{sign} {_text(value, SUM)}", WHOLE
        case ast.If() | ast.For() | ast.Quantified() | ast.FunctionDefinition():
            return _block(node), WHOLE
    return _operator(node)


def _operator(node: ast.Node) -> tuple[str, int]:
    match node:
        case ast.Or(left, right):
            return f"{_text(left, OR)} or {_text(right, AND)}", OR
        case ast.And(left, right):
            return f"{_text(left, AND)} and {_text(right, COMPARISON)}", AND
        case ast.Comparison(sign, left, right) | ast.Arithmetic(sign, left, right):
            own = LEVELS[sign]
            return f"{_text(left, own)} {sign} {_text(right, own + 1)}", own
        case ast.Between(value, low, high):
            return f"{_text(value, COMPARISON)} between {_text(low, SUM)} and {_text(high, SUM)}", COMPARISON
        case ast.In(value, tests):
            return f"{_text(value, COMPARISON)} in {_in_tests(tests)}", COMPARISON
        case ast.InstanceOf(value, kind):
            named = text_of_type(kind)
            # What follows a bare ``list`` must not be taken for its ``<…>``.
            return f"{_text(value, SIGNED)} instance of {named}", AND if named.endswith(_MADE) else SIGNED
        case ast.Negation(of):
            return f"-{_text(of, ITSELF)}", SIGNED
    raise NotImplementedError(type(node).__name__)


def _block(node: ast.Node) -> str:
    match node:
        case ast.If(condition, then, otherwise):
            return f"if {_text(condition, OR)} then {_text(then, OR)} else {_text(otherwise, WHOLE)}"
        case ast.For(iterations, result):
            return f"for {_iterations(iterations)} return {_text(result, WHOLE)}"
        case ast.Quantified(every, iterations, condition):
            word = "every" if every else "some"
            return f"{word} {_iterations(iterations)} satisfies {_text(condition, WHOLE)}"
        case ast.FunctionDefinition(parameters, body, external):
            heads = ", ".join(f"{name}: {text_of_type(kind)}" if kind else name for name, kind in parameters)
            return f"function({heads}) {'external ' if external else ''}{_text(body, WHOLE)}"
    raise NotImplementedError(type(node).__name__)


def _iterations(iterations: tuple[ast.Iteration, ...]) -> str:
    return ", ".join(
        f"{one.name} in {_text(one.domain, OR)}" + (f"..{_text(one.last, OR)}" if one.last is not None else "")
        for one in iterations
    )


def _arguments(values: tuple[ast.Node, ...], names: tuple[str, ...]) -> str:
    if not names:
        return _listed(values)
    return ", ".join(f"{name}: {_text(value, WHOLE)}" for name, value in zip(names, values, strict=True))


def _listed(values: tuple[ast.Node, ...]) -> str:
    return ", ".join(_text(value, WHOLE) for value in values)


def _range(node: ast.RangeOf) -> str:
    if node.low is None and node.high is not None:
        return f"({'<=' if node.high_closed else '<'} {_text(node.high, SUM)})"
    if node.high is None and node.low is not None:
        return f"({'>=' if node.low_closed else '>'} {_text(node.low, SUM)})"
    assert node.low is not None and node.high is not None, "a range has an end"
    opening, closing = "[" if node.low_closed else "(", "]" if node.high_closed else ")"
    return f"{opening}{_text(node.low, SUM)}..{_text(node.high, SUM)}{closing}"


def _tests(node: ast.Tests) -> str:
    if node.negated:
        return f"not({_listed(node.tests)})"
    if len(node.tests) == 1 and isinstance(node.tests[0], ast.Call) and node.tests[0].function == ast.Name("not"):
        # Without brackets around it the call would be the not(…) of the cell.
        return f"({_listed(node.tests)})"
    return _listed(node.tests) or "-"


def _in_tests(node: ast.Tests) -> str:
    only = node.tests[0] if len(node.tests) == 1 else None
    whole_range = isinstance(only, ast.RangeOf) and only.low is not None and only.high is not None
    if only is not None and (whole_range or isinstance(only, ast.ListOf | ast.Compared | ast.Literal | ast.Name)):
        return _text(only, WHOLE)
    return f"({_listed(node.tests)})"


def _key(name: str) -> str:
    words = name_tokens(name)
    plain = words and " ".join(words) == name and all(word.isidentifier() and word not in RESERVED for word in words)
    return name if plain else quoted(name)


def text_of_type(type: Type) -> str:
    """A type by its name, or as ``instance of`` writes it."""
    if type.name:
        return type.name
    if type.kind == "context" and type.parts:
        return "context<" + ", ".join(f"{name}: {text_of_type(part)}" for name, part in type.parts) + ">"
    if type.kind == "function" and type.member is not None:
        return f"function<{', '.join(map(text_of_type, type.parameters))}> -> {text_of_type(type.member)}"
    return f"{type.kind}<{text_of_type(type.member)}>" if type.member is not None else type.kind


def _constant(value: Value) -> str:
    """A constant as the parser reads it back: dates and the like with ``@``."""
    if isinstance(value, date | time | timedelta | Months):
        return "@" + quoted(text_of_moment(value))
    return text_of_value(value)


def text_of_value(value: Value) -> str:
    """A value as FEEL text that evaluates to it: ``312000``, ``"a"``, ``date("2026-01-31")``, ``[1, 2]``; and ``null``.

    Raises ``ValueError`` for a function, which has no text.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case Decimal():
            return _number(value)
        case list():
            return "[" + ", ".join(map(text_of_value, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{_key(name)}: {text_of_value(part)}" for name, part in value.items()) + "}"
        case Range():
            return _range_value(value)
        case datetime() | date() | time() | timedelta() | Months() | Far():
            return f"{_maker(value)}({quoted(text_of_moment(value))})"
    raise ValueError(f"a {type(value).__name__} cannot be written as FEEL")


def _maker(value: Value) -> str:
    found = kind(value)
    return found if found in ("date", "time", "date and time") else "duration"


def _number(value: Decimal) -> str:
    """The digits in full where these are not too many, else with an exponent."""
    return format(value, "f") if -40 <= value.adjusted() <= 40 else str(value).replace("E+", "e").replace("E", "e")


def _range_value(value: Range) -> str:
    if value.low is None and value.high is not None:
        return f"({'<=' if value.high_closed else '<'} {text_of_value(value.high)})"
    if value.high is None and value.low is not None:
        return f"({'>=' if value.low_closed else '>'} {text_of_value(value.low)})"
    opening, closing = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
    return f"{opening}{text_of_value(value.low)}..{text_of_value(value.high)}{closing}"
