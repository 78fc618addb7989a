"""A cell's tests in words: “is below 400,000 kr”, “is from 3 to 5”, “is “a” or “b””, “is not yes”."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from loft.decisions.errors import Missing, RuleError
from loft.decisions.facts import NOTHING
from loft.decisions.feel.ast import (
    And,
    Between,
    Call,
    Compared,
    Comparison,
    In,
    ListOf,
    Literal,
    Name,
    Negation,
    Node,
    Or,
    RangeOf,
    Tests,
)
from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.values import Months, Range
from loft.decisions.feel.writing import text_of
from loft.decisions.saying.naming import Names
from loft.decisions.saying.values import MOST_TOLD, joined, value_in_words
from loft.language import gettext, mark

_NUMBERS = {
    "<": mark("below %(value)s"),
    "<=": mark("%(value)s or less"),
    ">": mark("above %(value)s"),
    ">=": mark("%(value)s or more"),
}
_MOMENTS = {
    "<": mark("before %(value)s"),
    "<=": mark("%(value)s or earlier"),
    ">": mark("after %(value)s"),
    ">=": mark("%(value)s or later"),
}
_LENGTHS = {
    "<": mark("less than %(value)s"),
    "<=": mark("%(value)s or less"),
    ">": mark("more than %(value)s"),
    ">=": mark("%(value)s or more"),
}
_RANGES = {
    (True, True): mark("from %(low)s to %(high)s"),
    (True, False): mark("from %(low)s to below %(high)s"),
    (False, True): mark("above %(low)s up to %(high)s"),
    (False, False): mark("above %(low)s and below %(high)s"),
}
_PERIODS = {
    (True, True): mark("from %(low)s to %(high)s"),
    (True, False): mark("from %(low)s to before %(high)s"),
    (False, True): mark("after %(low)s up to %(high)s"),
    (False, False): mark("after %(low)s and before %(high)s"),
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_CONSTANTS = ("date", "time", "date and time", "duration", "years and months duration", "number")
_VALUE = Name("?")


@dataclass(frozen=True)
class Phrase:
    """What stands after “is”. ``plain``: it names values (“3 or 5”), so a fact that fits can be told by its own value alone.

    ``whole`` is a phrase with a verb of its own that stands instead of “is …”; ``%(fact)s`` is the fact. ``negated``: the text stands after
    “is not”. ``answer``: it is the yes or no of a fact.
    """

    text: str = ""
    plain: bool = False
    whole: str = ""
    negated: bool = False
    answer: bool = False


def tests_in_words(tests: Tests, label: str, unit: str = "", *, names: Names | None = None) -> str:
    """A clause without a full stop: ``household income is below 400,000 kr``; for ``-``: ``household income can be anything``.

    *label* is what the value is called, *unit* goes with its numbers, *names* says what other facts in the tests are called. A test that
    has no words of its own is told as it is written.
    """
    return clause(label, phrase(tests, unit, names or Names()))


def value_clause(subject: str, value: Any, unit: str = "", *, output: bool = False) -> str:
    """What *subject* is: ``fee is 1,500 kr``, ``employer has no value``. *output*: it is what a decision gives, and no fact."""
    if value is None or value is NOTHING:
        return gettext("%(fact)s has no value") % {"fact": subject}
    answer = isinstance(value, bool) and not output
    return clause(subject, Phrase(value_in_words(value, unit), plain=True, answer=answer))


def answered(fact: str) -> str:
    """A fact that is yes or no, as what “is yes” is said of: a language in which its label is a statement puts words around it."""
    return gettext("%(question)s") % {"question": fact}


def clause(subject: str, said: Phrase) -> str:
    """*said* about *subject*."""
    if said.whole:
        return said.whole % {"fact": subject}
    subject = answered(subject) if said.answer else subject
    # These two stand after “because” and “if” too: a language with another order there has the word for “not” before the verb.
    sentence = gettext("%(fact)s is not %(what)s") if said.negated else gettext("%(fact)s is %(what)s")
    return sentence % {"fact": subject, "what": said.text}


def phrase(tests: Tests, unit: str, names: Names) -> Phrase:
    """The tests of a cell as what stands after “is”."""
    if tests.always:
        return Phrase(whole=gettext("%(fact)s can be anything"))
    parts = [_one(test, unit, names) for test in tests.tests]
    if tests.tests == (Literal(None),):
        return Phrase(whole=gettext("%(fact)s has a value") if tests.negated else gettext("%(fact)s has no value"))
    if any(part.whole for part in parts):
        return Phrase(whole=_as_written(tests))
    if len(parts) == 1 and not tests.negated:
        return parts[0]
    told = [inside(part) for part in parts[:MOST_TOLD]]
    if len(parts) > MOST_TOLD:
        told.append(gettext("%(count)s more") % {"count": len(parts) - MOST_TOLD})
    text = joined(told, last="or")
    answer = all(part.answer for part in parts)
    if tests.negated:
        return Phrase(text, negated=True, answer=answer)
    return Phrase(text, plain=all(part.plain for part in parts), answer=answer)


def inside(said: Phrase) -> str:
    """A phrase among others after one “is”."""
    return gettext("not %(what)s") % {"what": said.text} if said.negated else said.text


def range_in_words(value: Range, unit: str = "") -> str:
    """A range as what stands after “is”: ``from 3 to 5``, ``below 5``."""
    if value.low is None and value.high is None:
        return gettext("anything")
    if value.low is None:
        return _compared("<=" if value.high_closed else "<", value.high, value_in_words(value.high, unit))
    if value.high is None:
        return _compared(">=" if value.low_closed else ">", value.low, value_in_words(value.low, unit))
    low, high = value_in_words(value.low, unit), value_in_words(value.high, unit)
    return _between(value.low, low, high, (value.low_closed, value.high_closed))


def _one(test: Node, unit: str, names: Names) -> Phrase:
    if isinstance(test, Compared):
        return _comparison(test.sign, test.value, unit, names)
    if isinstance(test, RangeOf):
        return _range(test, unit, names)
    if isinstance(test, And | Or | Comparison | Between | In):
        return _about_value(test, unit, names)
    if not is_constant(test) and not isinstance(test, Name):
        return Phrase(whole=text_of(test))
    value = constant(test) if is_constant(test) else None
    if isinstance(value, Range):
        return Phrase(range_in_words(value, unit))
    if isinstance(value, list):
        return Phrase(joined([value_in_words(member, unit) for member in value], last="or"), plain=True)
    return Phrase(operand(test, unit, names), plain=True, answer=isinstance(value, bool))


def _comparison(sign: str, node: Node, unit: str, names: Names) -> Phrase:
    value = operand(node, unit, names)
    compared = constant(node) if is_constant(node) else None
    if sign == "=":
        return Phrase(value, plain=True, answer=isinstance(compared, bool))
    if sign == "!=":
        return Phrase(value, negated=True, answer=isinstance(compared, bool))
    return Phrase(_compared(sign, compared, value))


def _range(test: RangeOf, unit: str, names: Names) -> Phrase:
    if test.low is None or test.high is None:
        node = test.high if test.low is None else test.low
        if node is None:
            return Phrase(gettext("anything"))
        closed = test.high_closed if test.low is None else test.low_closed
        return _comparison(("<" if test.low is None else ">") + ("=" if closed else ""), node, unit, names)
    end = constant(test.low) if is_constant(test.low) else None
    low, high = operand(test.low, unit, names), operand(test.high, unit, names)
    return Phrase(_between(end, low, high, (test.low_closed, test.high_closed)))


def _about_value(test: Node, unit: str, names: Names) -> Phrase:
    """An expression about ``?`` that reads as tests do; any other is told as it is written."""
    if isinstance(test, Comparison) and test.left == _VALUE and not _uses_value(test.right):
        return _comparison(test.sign, test.right, unit, names)
    if isinstance(test, Comparison) and test.right == _VALUE and not _uses_value(test.left):
        return _comparison(_MIRRORED[test.sign], test.left, unit, names)
    if isinstance(test, Between) and test.value == _VALUE:
        return _range(RangeOf(test.low, test.high, True, True), unit, names)
    if isinstance(test, In) and test.value == _VALUE:
        return phrase(test.tests, unit, names)
    if isinstance(test, And | Or):
        sides = [_one(side, unit, names) for side in (test.left, test.right) if _uses_value(side)]
        if len(sides) == 2 and not any(side.whole for side in sides):
            return Phrase(joined([inside(side) for side in sides], last="or" if isinstance(test, Or) else "and"))
    return Phrase(whole=text_of(test))


def _uses_value(node: Any) -> bool:
    """Whether ``?`` stands anywhere in *node*."""
    if node == _VALUE:
        return True
    if isinstance(node, Node):
        return any(_uses_value(part) for part in vars(node).values())
    return isinstance(node, tuple) and any(_uses_value(part) for part in node)


def _as_written(tests: Tests) -> str:
    written = ", ".join(text_of(test) for test in tests.tests)
    written = f"not({written})" if tests.negated else written
    sentence = gettext("%(fact)s fits “%(test)s”")
    return sentence.replace("%(test)s", written.replace("%", "%%"))


def _compared(sign: str, value: Any, words: str) -> str:
    return gettext(_words_for(value, _NUMBERS, _MOMENTS, _LENGTHS)[sign]) % {"value": words}


def _between(end: Any, low: str, high: str, closed: tuple[bool, bool]) -> str:
    return gettext(_words_for(end, _RANGES, _PERIODS, _RANGES)[closed]) % {"low": low, "high": high}


def _words_for(value: Any, number: dict[Any, str], moment: dict[Any, str], length: dict[Any, str]) -> dict[Any, str]:
    if isinstance(value, date | time):
        return moment
    return length if isinstance(value, timedelta | Months) else number


def operand(node: Node, unit: str, names: Names) -> str:
    """A value that a test compares with: a constant in words, another fact by its label, else the expression as it is written."""
    if is_constant(node):
        return value_in_words(constant(node), unit)
    if not isinstance(node, Name):
        return text_of(node)
    called = names[node.name]
    if node.name not in names.values:
        return called.label
    value = value_in_words(names.values[node.name], called.unit)
    return gettext("%(fact)s %(value)s") % {"fact": called.label, "value": value}


def is_constant(node: Node) -> bool:
    """Whether *node* is the same value for every case: a literal, or a date, time or duration written as a call."""
    if isinstance(node, Literal):
        return True
    if isinstance(node, Negation):
        return is_constant(node.of)
    if isinstance(node, ListOf):
        return all(is_constant(value) for value in node.values)
    if isinstance(node, RangeOf):
        return all(end is None or is_constant(end) for end in (node.low, node.high))
    called = isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in _CONSTANTS
    return called and all(is_constant(value) for value in node.values)  # type: ignore[attr-defined]


def constant(node: Node) -> Any:
    """The value of a node for which ``is_constant``; None where FEEL has none."""
    if isinstance(node, Literal):
        return node.value
    try:
        return expression(node)({})
    except (Missing, RuleError):
        return None
