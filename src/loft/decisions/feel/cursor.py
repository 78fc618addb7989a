"""Where the parser stands in a text: the tokens, the names in scope, and the errors that name the place."""

from collections.abc import Callable
from dataclasses import dataclass, field

from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.ast import Node
from loft.decisions.feel.lexer import Token, joined, tokens
from loft.decisions.feel.names import Names
from loft.decisions.feel.types import Type
from loft.decisions.feel.visible import Visible
from loft.language import gettext, mark

DEEPEST = 100
"""Brackets, calls and operators inside each other, as they are read."""
HIGHEST = 200
"""Parts inside each other, as they are evaluated: ``a + b + c`` has three."""

QUOTES = frozenset("'“”„«»‘’‚‹›`")
"""What people write, or their word processor for them, where a straight quotation mark should be."""

NAME_SIGNS = frozenset("./-'’+*")
"""Signs that a new name may have in it (DMN 1.5, grammar rule 32)."""


@dataclass
class Cursor:
    """A place in a text. ``read`` reads an expression whose operators bind at least as strongly as the level it is given."""

    text: str
    names: Visible
    tokens: list[Token]
    read: Callable[["Cursor", int], Node]
    at: int = 0
    depth: int = 0
    types: dict[int, tuple[Node, Type]] = field(default_factory=dict)
    """What was learnt of the types of nodes while their inner names were in scope, by the node's id."""

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def next(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def expression(self, level: int = 0) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.too_deep()
        node = self.read(self, level)
        self.depth -= 1
        return node

    def sees(self, *texts: str) -> bool:
        """Whether one of these signs or words is next."""
        token = self.tokens[self.at]
        return token.text in texts and token.kind in ("sign", "word")

    def take(self, *texts: str) -> bool:
        """Step over one of these signs or words if it is next."""
        if self.sees(*texts):
            self.at += 1
            return True
        return False

    def expect(self, *texts: str) -> str:
        """Step over one of these signs or words, which must be next."""
        if not self.sees(*texts):
            raise self.unexpected(*texts)
        self.at += 1
        return self.tokens[self.at - 1].text

    def new_name(self, *ends: str) -> str:
        """A name that is introduced here: the tokens before one of *ends*, which is next afterwards."""
        start = self.at
        while self.token.text not in ends and _may_be_in_name(self.token):
            self.at += 1
        pieces = self.tokens[start : self.at]
        if not any(piece.kind == "word" for piece in pieces):
            raise self.unexpected_name()
        if not self.sees(*ends):
            raise self.unexpected(*ends)
        return joined(pieces)

    def at_named_value(self) -> bool:
        """Whether a name and a colon are next."""
        ahead = self.at
        while _may_be_in_name(self.tokens[ahead]):
            ahead += 1
        return ahead > self.at and self.tokens[ahead].text == ":"

    def problem(self, text: str, **values: object) -> RuleError:
        """An error about the token that is next."""
        return RuleError(text, Place(text=self.text), at=self.token.start + 1, **values)

    def too_deep(self) -> RuleError:
        return TooLarge(TOO_DEEP, Place(text=self.text), at=self.token.start + 1, most=DEEPEST)

    def too_high(self) -> RuleError:
        return TooLarge(TOO_HIGH, Place(text=self.text), most=HIGHEST)

    def unexpected(self, *wanted: str) -> RuleError:
        """The error that something else stands here than one of the signs or words *wanted*; without any, than the end."""
        token, before = self.token, self.tokens[max(self.at - 1, 0)]
        if token.kind == before.kind == "number" and self.at:
            return self.problem(SPACED, number=before.text + token.text)
        if not wanted:
            return self.problem(NOT_THE_END, found=token.text)
        signs = " / ".join(gettext("“%(text)s”") % {"text": sign} for sign in wanted)
        if token.kind == "end":
            return self.problem(ENDS, wanted=signs)
        return self.problem(EXPECTED, wanted=signs, found=token.text)

    def unexpected_value(self) -> RuleError:
        """The error that no value stands here."""
        if self.token.kind == "end":
            return self.problem(ENDS_BEFORE_VALUE)
        if self.token.text in QUOTES:
            return self.problem(QUOTED, found=self.token.text)
        return self.problem(EXPECTED_VALUE, found=self.token.text)

    def unexpected_name(self) -> RuleError:
        if self.token.kind == "end":
            return self.problem(ENDS_BEFORE_NAME)
        return self.problem(EXPECTED_NAME, found=self.token.text)

    def unknown(self, name: str, near: str) -> RuleError:
        return self.problem(UNKNOWN_NEAR, name=name, near=near) if near else self.problem(UNKNOWN, name=name)


def _may_be_in_name(token: Token) -> bool:
    return token.kind in ("word", "number") or (token.kind == "sign" and set(token.text) <= NAME_SIGNS)


def cursor(text: str, names: Names, read: Callable[[Cursor, int], Node]) -> Cursor:
    """The beginning of *text*."""
    return Cursor(text, Visible(names), tokens(text), read)


TOO_DEEP = mark(
    "more than %(most)s brackets, calls or operators stand inside each other (character %(at)s). Split this into several decisions."
)
TOO_HIGH = mark(
    "more than %(most)s parts hang together by operators. Use a list, or split this into several decisions."
)
EXPECTED = mark("%(wanted)s is expected at character %(at)s, but there is “%(found)s”.")
ENDS = mark("%(wanted)s is expected at character %(at)s, but the text ends.")
EXPECTED_VALUE = mark("a value is expected at character %(at)s, but there is “%(found)s”.")
ENDS_BEFORE_VALUE = mark("a value is expected at character %(at)s, but the text ends.")
EXPECTED_NAME = mark("a name is expected at character %(at)s, but there is “%(found)s”.")
ENDS_BEFORE_NAME = mark("a name is expected at character %(at)s, but the text ends.")
NOT_THE_END = mark("an operator or the end is expected at character %(at)s, but there is “%(found)s”.")
SPACED = mark("a number is written without spaces (character %(at)s): %(number)s.")
QUOTED = mark('a text stands in straight quotation marks, "like this"; at character %(at)s there is %(found)s.')
UNKNOWN = mark(
    "“%(name)s” is not known here (character %(at)s). Use a fact, a decision or a function that the rule names."
)
UNKNOWN_NEAR = mark("“%(name)s” is not known here (character %(at)s). Did you mean “%(near)s”?")
