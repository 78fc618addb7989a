"""FEEL texts of a rule read where they stand: each text once, slips explained, errors with their place."""

from dataclasses import dataclass, field, replace

from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.ast import Literal, Node, Tests
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.model import Cell, OutputCell
from loft.decisions.text.slips import explain, refuse


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use, and the texts already read with them."""

    names: Names = field(default_factory=Names)
    tests: dict[str, Tests] = field(default_factory=dict, compare=False)
    nodes: dict[str, Node] = field(default_factory=dict, compare=False)

    def cell(self, text: str, place: Place) -> Cell:
        """An input entry; an empty one is ``-``."""
        text = _bare(text) or "-"
        if text not in self.tests:
            self.tests[text] = self._tests(text, replace(place, text=text))
        return Cell(text, self.tests[text])

    def head(self, text: str, place: Place) -> tuple[str, Node]:
        """The expression of an input column, and its text."""
        text = _bare(text)
        refuse(text, place)
        return text, self.expression(text, place)

    def output(self, text: str, place: Place) -> OutputCell:
        """An output entry."""
        text = _bare(text)
        if text not in self.nodes:
            place = replace(place, text=text)
            refuse(text, place, output=True)
            self.nodes[text] = self.expression(text, place, value=True)
        return OutputCell(text, self.nodes[text])

    def expression(self, text: str, place: Place, *, value: bool = False) -> Node:
        """An expression of any length; a *value* may be meant as a text without quotation marks."""
        if text == "null":
            return Literal(None)
        try:
            return parse_expression(text, self.names)
        except RuleError as error:
            raise explain(text, place, error, value=value) from error

    def _tests(self, text: str, place: Place) -> Tests:
        if text == "-":
            return Tests()
        refuse(text, place)
        try:
            return parse_tests(text, self.names)
        except RuleError as error:
            raise explain(text, place, error) from error


def _bare(text: str) -> str:
    """*text* without the ` marks that some write code in."""
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == "`" and "`" not in text[1:-1] else text
