"""A rule and its answers in words: values, tests, rows, reasons, counterfactuals and questions, in the language in force.

The words are made from the rule's own texts (labels, units, questions, a row's own ``because``) and a few sentences of ours. A reason
tells only facts that the rows which fired really test, and what is not decided is never told as a no.
"""

from loft.decisions.saying.conditions import tests_in_words
from loft.decisions.saying.outlook import counterfactual, question, why
from loft.decisions.saying.reasons import reasons
from loft.decisions.saying.rows import default_in_words, outcome, outcomes, row_in_words
from loft.decisions.saying.values import joined, value_in_words

__all__ = [
    "counterfactual",
    "default_in_words",
    "joined",
    "outcome",
    "outcomes",
    "question",
    "reasons",
    "row_in_words",
    "tests_in_words",
    "value_in_words",
    "why",
]
