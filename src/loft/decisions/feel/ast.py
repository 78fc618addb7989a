"""The parts of FEEL expressions and unary tests, as the parser gives them. All are immutable and can be compared and hashed."""

from dataclasses import dataclass
from typing import Any

from loft.decisions.feel.types import Type


@dataclass(frozen=True)
class Node:
    """A part of an expression."""


@dataclass(frozen=True)
class Literal(Node):
    """A constant: number, string, boolean, null, or an ``@"…"`` of date, time and duration."""

    value: Any

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and type(self.value) is type(other.value) and self.value == other.value


@dataclass(frozen=True)
class Name(Node):
    """A variable, parameter or built-in function by name; ``?`` is the value that a unary test is about."""

    name: str


@dataclass(frozen=True)
class Path(Node):
    """A part of a value by name: ``applicant.age``, ``date.year``; on a list it is taken of each member."""

    source: Node
    name: str


@dataclass(frozen=True)
class Negation(Node):
    """Arithmetic minus before a value."""

    of: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    """``+ - * / **`` between two values."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison(Node):
    """``= != < <= > >=`` between two values."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class And(Node):
    """Both, in three-valued logic."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Or(Node):
    """Either, in three-valued logic."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Between(Node):
    """``value between low and high``, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class In(Node):
    """``value in tests``."""

    value: Node
    tests: "Tests"


@dataclass(frozen=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: Type


@dataclass(frozen=True)
class If(Node):
    """``if condition then … else …``."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Iteration(Node):
    """``name in domain``, or ``name in first .. last`` where ``last`` is there."""

    name: str
    domain: Node
    last: Node | None = None


@dataclass(frozen=True)
class For(Node):
    """``for … return …``; ``partial`` inside holds the results so far."""

    iterations: tuple[Iteration, ...]
    result: Node


@dataclass(frozen=True)
class Quantified(Node):
    """``some … satisfies …`` or, with ``every``, ``every … satisfies …``."""

    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True)
class FunctionDefinition(Node):
    """``function(a: number, b) body``; ``external`` functions (Java, PMML) are read but never run: they give null."""

    parameters: tuple[tuple[str, Type | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True)
class Call(Node):
    """A function with values by position, or by name where ``names`` is filled (one for each value)."""

    function: Node
    values: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filter(Node):
    """``list[condition]`` or ``list[index]``; ``item`` is the member, and a member's own parts go by name."""

    source: Node
    condition: Node


@dataclass(frozen=True)
class ListOf(Node):
    """``[a, b, c]``."""

    values: tuple[Node, ...]


@dataclass(frozen=True)
class ContextOf(Node):
    """``{name: value}``; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class RangeOf(Node):
    """``[low .. high]`` with round or turned brackets where an end is left out; a bare ``< 5`` as a value is a range too."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True)
class Compared(Node):
    """A unary test ``< value`` (``< <= > >= = !=``) about ``?``."""

    sign: str
    value: Node


@dataclass(frozen=True)
class Tests(Node):
    """The unary tests of a cell: any of ``tests`` holds; none at all (``-``) holds always; ``negated`` is ``not(…)``.

    A test is a ``Compared``, a ``RangeOf``, or an expression. An expression that uses ``?`` holds when it is true; any other
    holds when it equals the value, when it is a list (or range) that has the value in it, or when the value is a list that contains it.
    """

    tests: tuple[Node, ...] = ()
    negated: bool = False

    @property
    def always(self) -> bool:
        """Whether this is ``-``."""
        return not self.tests and not self.negated
