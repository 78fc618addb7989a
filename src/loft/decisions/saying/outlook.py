"""What could be otherwise and what is asked next, in words."""

from typing import TYPE_CHECKING

from loft.decisions.decision import Change, Counterfactual, Question, Status
from loft.decisions.errors import RuleError
from loft.decisions.feel.names import Names as Scope
from loft.decisions.feel.parser import parse_tests
from loft.decisions.saying.conditions import answered, inside, phrase
from loft.decisions.saying.naming import Names, fact_of, names_of
from loft.decisions.saying.rows import outcomes, values_of
from loft.decisions.saying.values import capital, joined, value_in_words
from loft.language import gettext

if TYPE_CHECKING:
    from loft.decisions.tables import Table


def counterfactual(change: Counterfactual, table: "Table") -> str:
    """The smallest change and what it leads to: ``If household income were 400,000 kr or more and not 312,000 kr, fee would be 0.``"""
    names = names_of(table.model)
    told = joined([_were(each, names) for each in change.changes])
    return gettext("If %(changes)s, %(outcome)s.") % {"changes": told, "outcome": _would(change, table)}


def _were(change: Change, names: Names) -> str:
    called = names[change.fact]
    label = answered(called.label) if isinstance(change.instead, bool) else called.label
    values = {"fact": label, "instead": value_in_words(change.instead, called.unit)}
    if change.tests:
        try:
            said = phrase(parse_tests(change.tests, Scope()), called.unit, names)
        except RuleError:
            said = None
        if said and said.text:
            values["instead"] = inside(said)
    if change.value is None:
        return gettext("%(fact)s were %(instead)s") % values
    values["value"] = value_in_words(change.value, called.unit)
    return gettext("%(fact)s were %(instead)s and not %(value)s") % values


def _would(change: Counterfactual, table: "Table") -> str:
    if change.status is Status.UNMATCHED:
        return gettext("no row of the rule would fit")
    if change.status is Status.CONFLICT:
        return gettext("several rows would fit where the rule allows one")
    if change.status is Status.UNDECIDED:
        return gettext("more would have to be known")
    told = [
        gettext("%(output)s would be %(value)s") % {"output": label, "value": words}
        for label, words in outcomes(table, values_of(table, change.value))
    ]
    return joined(told)


def question(asked: Question | str, table: "Table") -> str:
    """How a person is asked for a fact: the fact's own question, else a plain one."""
    name = asked if isinstance(asked, str) else asked.fact
    fact = fact_of(table.model, name)
    if fact is None:
        return gettext("What is %(fact)s?") % {"fact": name}
    plain = gettext("Is this so: %(fact)s?") if fact.type.kind == "boolean" else gettext("What is %(fact)s?")
    return fact.question.said() or capital(plain % {"fact": fact.label.said(fact.name)})


def why(asked: Question | str, table: "Table") -> str:
    """Why a fact is asked for, in the rule's own words; empty where it does not say."""
    fact = fact_of(table.model, asked if isinstance(asked, str) else asked.fact)
    return fact.why.said() if fact else ""
