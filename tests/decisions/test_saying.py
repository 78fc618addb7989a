"""Rules and answers in words, held against sentences that were written by hand."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from loft.decisions import saying
from loft.decisions.decision import Change, Counterfactual, Status
from loft.decisions.facts import NOTHING
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_tests
from loft.decisions.feel.types import ANY
from loft.decisions.feel.values import Months, Range
from loft.decisions.saying.conditions import value_clause
from loft.decisions.tables import Table
from loft.decisions.text.reader import read_text
from loft.language import speaking

RULE = """
# Fee

- rule: fee
- title en: Fee

## Facts

| fact             | type    | allowed | unit  | label en         | question en             |
|------------------|---------|---------|-------|------------------|-------------------------|
| household income | number  | >= 0    | kr    |                  | What do you earn?       |
| age              | number  |         | years | the child's age  |                         |
| single           | boolean |         |       | single parent    |                         |
| region           | string  | "north", "south", "west" | |            |                         |

## Decision: risk

| U | age   | → risk |
|---|-------|--------|
| 1 | < 18  | "high" |
| 2 | >= 18 | "low"  |

## Decision: fee

| F       | household income  | risk   | single | region             | → fee | because en                |
|---------|-------------------|--------|--------|--------------------|-------|---------------------------|
| type    |                   |        |        |                    | number |                          |
| label en |                  |        |        |                    | the fee |                         |
| 1       | < 400000          | "high" | -      | -                  | 0     |                           |
| 2       | [400000..500000)  | -      | true   | "north", "south"   | 1500  | Single parents pay less.  |
| 3       | -                 | -      | -      | not("west")        | 2000  |                           |
| 4       | -                 | -      | -      | -                  | 3230  |                           |
"""


@pytest.fixture(scope="module")
def fee() -> Table:
    model = read_text(RULE)
    return Table(model, model.decision("fee"))


@pytest.fixture(scope="module")
def risk(fee: Table) -> Table:
    return Table(fee.model, fee.model.decision("risk"))


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (Decimal("312000"), "kr", "312,000\u00a0kr"),
        (Decimal("0.50"), "", "0.5"),
        (Decimal("-12.25"), "", "−12.25"),
        (Decimal(1) / Decimal(3), "", "0.333333"),
        (Decimal(1), "years", "1\u00a0year"),
        (Decimal(3), "years", "3\u00a0years"),
        (Decimal(2026), "year", "2026"),
        (7, "", "7"),
        (2.5, "", "2.5"),
        (True, "", "yes"),
        (False, "", "no"),
        (None, "", "nothing"),
        (NOTHING, "", "nothing"),
        ("high", "", "“high”"),
        (date(2026, 12, 3), "", "3\u00a0December 2026"),
        (datetime(2026, 12, 3, 14, 30), "", "3\u00a0December 2026 at 14:30"),
        (time(9, 5, 7), "", "09:05:07"),
        (timedelta(days=2, hours=3, minutes=1), "", "2\u00a0days, 3\u00a0hours and 1\u00a0minute"),
        (timedelta(0), "", "0\u00a0days"),
        (Months(27), "", "2\u00a0years and 3\u00a0months"),
        (Months(-1), "", "−1\u00a0month"),
        ([Decimal(1), Decimal(2), Decimal(3)], "kr", "1\u00a0kr, 2\u00a0kr and 3\u00a0kr"),
        ([], "", "none"),
        ({"a": Decimal(1), "b": "x"}, "", "a: 1; b: “x”"),
        (Range(Decimal(3), Decimal(5)), "", "from 3 to 5"),
        (Range(None, Decimal(5), False, False), "", "below 5"),
    ],
)
def test_a_value_is_read_as_people_write_it(value: Any, unit: str, words: str) -> None:
    with speaking("en"):
        assert saying.value_in_words(value, unit) == words


def test_numbers_and_days_follow_the_language() -> None:
    with speaking("nb"):
        assert saying.value_in_words(Decimal("1234.5"), "kr") == "1\u202f234,5\u00a0kr"
        assert saying.value_in_words(date(2026, 12, 3)) == "3.\u00a0desember 2026"


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ("< 400000", "income is below 400,000"),
        ("<= 5", "income is 5 or less"),
        ("> 5", "income is above 5"),
        (">= 5", "income is 5 or more"),
        ("5", "income is 5"),
        ("-5", "income is −5"),
        ("[3..5]", "income is from 3 to 5"),
        ("[3..5)", "income is from 3 to below 5"),
        ("(3..5]", "income is above 3 up to 5"),
        ("]3..5[", "income is above 3 and below 5"),
        ('"a", "b", "c"', "income is “a”, “b” or “c”"),
        ('not("a", "b")', "income is not “a” or “b”"),
        ("? != 5", "income is not 5"),
        ("? != 5, < 3", "income is not 5 or below 3"),
        ("not(< 5)", "income is not below 5"),
        ("< 3, [5..7]", "income is below 3 or from 5 to 7"),
        ("true", "income is yes"),
        ("null", "income has no value"),
        ("not(null)", "income has a value"),
        ("-", "income can be anything"),
        ('< date("2026-12-03")', "income is before 3\u00a0December 2026"),
        ('>= @"2026-12-03"', "income is 3\u00a0December 2026 or later"),
        (
            '[date("2026-01-01")..date("2026-02-01"))',
            "income is from 1\u00a0January 2026 to before 1\u00a0February 2026",
        ),
        ('< duration("P1Y")', "income is less than 1\u00a0year"),
        ("? > 5", "income is above 5"),
        ("? > 5 and ? < 8", "income is above 5 and below 8"),
        ("? between 5 and 8", "income is from 5 to 8"),
        ("other fact", "income is other fact"),
        ("< other fact", "income is below other fact"),
    ],
)
def test_a_cell_is_read_as_a_clause(tests: str, words: str) -> None:
    with speaking("en"):
        assert saying.tests_in_words(parse_tests(tests, Names({"other fact": ANY})), "income") == words


def test_a_test_without_words_of_its_own_is_told_as_it_is_written() -> None:
    tests = parse_tests('starts with(?, "50%")', Names())
    with speaking("en"):
        assert saying.tests_in_words(tests, "the code") == 'the code fits “starts with(?, "50%")”'


def test_yes_or_no_of_a_fact_is_told_as_an_answer_and_of_an_output_as_it_is() -> None:
    with speaking("nb"):
        assert (
            saying.tests_in_words(parse_tests("true", Names()), "barnet bor her") == "svaret på «barnet bor her» er ja"
        )
        negated = saying.tests_in_words(parse_tests("not(true)", Names()), "barnet bor her")
        assert negated == "svaret på «barnet bor her» ikke er ja"
        assert value_clause("tilbud", False) == "svaret på «tilbud» er nei"
        assert value_clause("tilbud", False, output=True) == "tilbud er nei"


def test_rows_are_sentences_and_the_last_of_a_first_hit_table_is_otherwise(fee: Table) -> None:
    with speaking("en"):
        assert saying.row_in_words(fee, 2) == (
            "If household income is from 400,000\u00a0kr to below 500,000\u00a0kr, single parent is yes and "
            "region is “north” or “south”: the fee is 1,500."
        )
        assert saying.row_in_words(fee, 4) == "Otherwise: the fee is 3,230."
        assert saying.default_in_words(fee) == ""


def test_a_reason_tells_the_value_and_the_test_it_passes(fee: Table) -> None:
    decision = fee.decide({"household income": 312000, "single": True, "age": 17})
    with speaking("en"):
        assert saying.outcome(decision) == "The fee is 0."
        assert saying.reasons(decision) == (
            "because household income 312,000\u00a0kr is below 400,000\u00a0kr",
            "because risk is “high”, since the child's age 17\u00a0years is below 18\u00a0years",
        )


def test_the_rows_own_words_come_first_and_facts_it_does_not_test_are_not_told(fee: Table) -> None:
    decision = fee.decide({"household income": 450000, "single": True, "region": "south", "age": 17})
    with speaking("en"):
        assert saying.reasons(decision) == (
            "Single parents pay less.",
            "because household income 450,000\u00a0kr is from 400,000\u00a0kr to below 500,000\u00a0kr",
            "because single parent is yes",
            "because region is “south”",
        )


def test_a_negated_test_is_told_as_such(fee: Table) -> None:
    decision = fee.decide({"household income": 600000, "region": "north"})
    with speaking("en"):
        assert saying.reasons(decision) == ("because region “north” is not “west”",)


def test_a_row_that_tests_nothing_is_explained_by_the_rows_before_it(fee: Table) -> None:
    decision = fee.decide({"household income": 450000, "single": False, "region": "west", "age": 17})
    with speaking("en"):
        assert saying.reasons(decision) == (
            "because row 1 does not fit: household income is 450,000\u00a0kr",
            "because row 2 does not fit: single parent is no and region is “west”",
            "because row 3 does not fit: region is “west”",
        )


def test_what_is_not_decided_is_never_told_as_a_no(fee: Table) -> None:
    decision = fee.decide({"household income": 450000, "region": "north"})
    with speaking("en"):
        told = " ".join((saying.outcome(decision), *saying.reasons(decision)))
    assert told == (
        "Not decided yet: more must be known. Not known, and could still change the outcome: single parent."
    )


def test_an_outcome_that_stands_whatever_is_missing_says_so() -> None:
    text = RULE.replace('| 2 | >= 18 | "low"  |', '| 2 | >= 18 | "high" |')
    model = read_text(text)
    decision = Table(model, model.decision("risk")).decide({})
    with speaking("en"):
        assert saying.outcome(decision) == "Risk is “high”."
        assert saying.reasons(decision) == (
            "because the outcome is the same whatever the facts that are not known turn out to be",
        )


def test_a_case_that_no_row_fits_is_told_with_its_facts() -> None:
    model = read_text(RULE.replace(">= 18 |", "> 18  |"))
    decision = Table(model, model.decision("risk")).decide({"age": 18})
    with speaking("en"):
        assert saying.reasons(decision) == ("No row of the rule fits: the child's age is 18\u00a0years.",)


def test_a_default_is_told_as_what_the_rule_says_of_cases_without_a_row() -> None:
    text = RULE.replace("| 1 | < 18  |", '| default |  | "unknown" |\n| 1 | < 18  |').replace(">= 18 |", "> 18  |")
    model = read_text(text)
    risk = Table(model, model.decision("risk"))
    with speaking("en"):
        assert saying.default_in_words(risk) == "If no row fits: risk is “unknown”."
        assert saying.reasons(risk.decide({"age": 18})) == (
            "because the child's age is 18\u00a0years",
            "because no row of the rule fits, and it says what applies then",
        )


def test_a_conflict_names_the_rows() -> None:
    model = read_text(RULE.replace(">= 18 |", ">= 17 |"))
    decision = Table(model, model.decision("risk")).decide({"age": 17})
    with speaking("en"):
        assert saying.reasons(decision)[0] == "Rows 1 and 2 fit, and the rule allows one only."


def test_the_smallest_change_is_one_sentence(fee: Table) -> None:
    change = Change("household income", Decimal(312000), Decimal(400000), ">= 400000")
    with speaking("en"):
        told = saying.counterfactual(Counterfactual((change,), Decimal(3230), Status.DECIDED), fee)
        without = saying.counterfactual(Counterfactual((change,), None, Status.UNMATCHED), fee)
    assert told == "If household income were 400,000\u00a0kr or more and not 312,000\u00a0kr, the fee would be 3,230."
    assert without.endswith(", no row of the rule would fit.")


def test_a_change_that_the_engine_finds_reads_as_it_is_meant(fee: Table) -> None:
    facts = {"household income": 450000, "single": True, "region": "south", "age": 30}
    change = fee.counterfactual(facts)
    assert change is not None
    with speaking("en"):
        told = saying.counterfactual(change, fee)
    instead = {**facts, **{each.fact: each.instead for each in change.changes}}
    assert fee.decide(instead).value == change.value != Decimal(1500)
    assert told.startswith("If ")
    assert told.endswith(f"the fee would be {saying.value_in_words(change.value)}.")


def test_a_question_is_the_facts_own_else_a_plain_one(fee: Table) -> None:
    with speaking("en"):
        assert saying.question("household income", fee) == "What do you earn?"
        assert saying.question("age", fee) == "What is the child's age?"
        assert saying.question("single", fee) == "Is this so: single parent?"


POINTS = """
# Points

- rule: points

## Facts

| fact      | type   | unit |
|-----------|--------|------|
| income    | number | kr   |
| deduction | number | kr   |
| limit     | number | kr   |
| children  | list of number | |

## Decision: net

```feel
income - deduction
```

## Decision: points

| C+   | income - deduction | net   | count(children) | → points |
|------|--------------------|-------|-----------------|----------|
| type |                    |       |                 | number   |
| 1    | < limit            | -     | -               | 5        |
| 2    | < limit            | > 100 | -               | 3        |
| 3    | -                  | -     | > 1             | 2        |

## Decision: answer

```feel
if points > 5 then "yes" else "no"
```
"""


def test_a_sum_is_told_by_every_row_that_counts_and_each_reason_once() -> None:
    model = read_text(POINTS)
    facts = {"income": 1000, "deduction": 100, "limit": 5000, "children": [1, 2]}
    decision = Table(model, model.decision("points")).decide(facts)
    with speaking("en"):
        assert saying.outcome(decision) == "Points is 10."
        assert saying.reasons(decision) == (
            "because income - deduction 900 is below limit 5,000\u00a0kr",
            "because net 900 is above 100, since income is 1,000\u00a0kr, deduction is 100\u00a0kr "
            "and it is worked out as “income - deduction”",
            "because count(children) 2 is above 1",
        )


def test_an_expression_is_told_with_what_it_takes_itself() -> None:
    model = read_text(POINTS)
    decision = Table(model, model.decision("answer")).decide(
        {"income": 1000, "deduction": 950, "limit": 5000, "children": []}
    )
    with speaking("en"):
        assert saying.reasons(decision) == (
            "because points is 5, since income - deduction 50 is below limit 5,000\u00a0kr",
            'because it is worked out as “if points > 5 then "yes" else "no"”',
        )
