"""Unary tests: the cells of a decision table, and ``in`` (DMN 1.5 §7.3.12, table 55)."""

from collections.abc import Callable
from decimal import Decimal

from loft.decisions.errors import Missing
from loft.decisions.feel import ast, bounds
from loft.decisions.feel.building import Expression, Scope, Step, build
from loft.decisions.feel.children import children
from loft.decisions.feel.compare import ORDERED, equal, in_range
from loft.decisions.feel.evaluate_logic import COMPARING, with_constant
from loft.decisions.feel.values import Range, Value

Test = Callable[[Value, Scope], bool | None]


def tests(node: ast.Tests) -> Test:
    """A closure that tells whether a value passes any of the tests, or, negated, none of them; see ``evaluate.test``."""
    if node.always:
        return lambda value, scope: True
    test = _known_values(node) or _any([_one(part) for part in node.tests])
    return _negated(test) if node.negated else test


def in_step(node: ast.In) -> Step:
    return tests(node.tests)


def asks(node: ast.Node) -> bool:
    """Whether an expression uses ``?``. What stands in an inner ``in`` has a ``?`` of its own."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node == _QUESTION:
            return True
        waiting.extend((node.value,) if isinstance(node, ast.In) else children(node))
    return False


_QUESTION = ast.Name("?")


def _negated(test: Test) -> Test:
    def run(value: Value, scope: Scope) -> bool | None:
        answer = test(value, scope)
        return None if answer is None else not answer

    return run


def _any(alternatives: list[Test]) -> Test:
    """One that holds is enough, even where another needs a fact that is not known."""
    if len(alternatives) == 1:
        return alternatives[0]

    def run(value: Value, scope: Scope) -> bool | None:
        answer: bool | None = False
        missing: frozenset[str] | None = None
        for alternative in alternatives:
            try:
                held = alternative(value, scope)
            except Missing as found:
                missing = found.names | (missing or frozenset())
                continue
            if held is True:
                return True
            if held is None:
                answer = None
        if missing:
            raise Missing(*missing)
        return answer

    return run


def _known_values(node: ast.Tests) -> Test | None:
    """Several strings, or several numbers, are looked up at once; None for other tests."""
    values = [test.value for test in node.tests if isinstance(test, ast.Literal)]
    kinds = {type(value) for value in values}
    if len(values) < len(node.tests) or len(values) < 2 or kinds not in ({str}, {Decimal}):
        return None
    known, kind = frozenset(values), kinds.pop()
    slow = _any([_equals(value) for value in values])
    return lambda value, scope: value in known if type(value) is kind else slow(value, scope)


def _one(node: ast.Node) -> Test:
    if isinstance(node, ast.Tests):
        return tests(node)
    if isinstance(node, ast.Compared):
        return _compared(node)
    if isinstance(node, ast.Comparison) and node.left == _QUESTION and not asks(node.right):
        return _compared(ast.Compared(node.sign, node.right))
    built = build(node)
    if asks(node):
        run = built.run

        def asked(value: Value, scope: Scope) -> bool | None:
            answer = run({**scope, "?": value})
            return answer if isinstance(answer, bool) else None

        return asked
    if isinstance(node, ast.RangeOf) and not isinstance(built.value, Range):
        return _in_range(built.run)
    if not built.constant:
        return lambda value, scope: holds(value, built.run(scope))
    if isinstance(built.value, Range):
        return _in_known_range(built.value)
    return _equals(built.value)


def _compared(node: ast.Compared) -> Test:
    right = build(node.value)
    if not right.constant:
        comparing, run = COMPARING[node.sign], right.run
        return lambda value, scope: comparing(value, run(scope))
    constant, kind = right.value, type(right.value)
    compare = with_constant(node.sign, constant)
    by_sign: dict[str, Test] = {
        "<": lambda value, scope: value < constant if type(value) is kind else compare(value),
        "<=": lambda value, scope: value <= constant if type(value) is kind else compare(value),
        ">": lambda value, scope: value > constant if type(value) is kind else compare(value),
        ">=": lambda value, scope: value >= constant if type(value) is kind else compare(value),
    }
    # no call inside it: this is what most cells are
    return by_sign[node.sign] if kind in ORDERED and node.sign in by_sign else lambda value, scope: compare(value)


def _in_range(run: Expression) -> Test:
    """A range with ends from the scope; null where it has come to none, which is not to be taken for a test for null."""

    def test(value: Value, scope: Scope) -> bool | None:
        range_ = run(scope)
        return None if range_ is None else holds(value, range_)

    return test


def _in_known_range(range_: Range) -> Test:
    low, high, kind = range_.low, range_.high, type(range_.low)
    if kind not in ORDERED or type(high) is not kind:
        return lambda value, scope: holds(value, range_)
    closed = (range_.low_closed, range_.high_closed)
    by_ends: dict[tuple[bool, bool], Test] = {
        (True, True): lambda value, scope: low <= value <= high if type(value) is kind else holds(value, range_),
        (True, False): lambda value, scope: low <= value < high if type(value) is kind else holds(value, range_),
        (False, True): lambda value, scope: low < value <= high if type(value) is kind else holds(value, range_),
        (False, False): lambda value, scope: low < value < high if type(value) is kind else holds(value, range_),
    }
    return by_ends[closed]


def _equals(constant: Value) -> Test:
    kind = type(constant)
    if kind in ORDERED or kind is bool:
        return lambda value, scope: value == constant if type(value) is kind else holds(value, constant)
    return lambda value, scope: holds(value, constant)


def holds(value: Value, wanted: Value) -> bool | None:
    """Whether a value passes the test of an expression without ``?`` that gave *wanted*.

    It does when it equals it, lies in it (a range), is in it (a list of values or ranges), or is a list that contains it.
    """
    if isinstance(wanted, list):
        bounds.spend(len(wanted))
        return equal(value, wanted) is True or any(_matches(value, member) for member in wanted)
    if isinstance(wanted, Range) and not isinstance(value, Range | list):
        return in_range(value, wanted)
    if isinstance(value, list):
        bounds.spend(len(value))
        return any(_matches(member, wanted) for member in value)
    return equal(value, wanted)


def _matches(value: Value, wanted: Value) -> bool:
    if isinstance(wanted, Range) and not isinstance(value, Range):
        return in_range(value, wanted) is True
    return equal(value, wanted) is True
