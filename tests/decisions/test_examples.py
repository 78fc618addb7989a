"""Example cases beside a rule."""

from pathlib import Path

import pytest

from loft.decisions.decision import Status
from loft.decisions.errors import RuleError
from loft.decisions.examples import examples_of, read_examples, run
from loft.decisions.facts import NOTHING
from loft.decisions.reading import table

RULE = """# Fee

## Facts

| fact     | type   |
|----------|--------|
| income   | number |
| category | string |

## Decision: fee

| U | income | category | → fee | → reason |
|---|--------|----------|-------|----------|
| 1 | < 100  | "a"      | 0     | "low"    |
| 2 | >= 100 | "a"      | 5     | "high"   |

## Examples

| example | income | category | → fee | → row |
|---------|--------|----------|-------|-------|
| inside  | 50     | "a"      | 0     | 1     |

## Decision: half

```feel
fee.fee / 2
```
"""
BESIDE = """# Examples of the fee

| example   | income | category | → fee | → reason | → status  |
|-----------|--------|----------|-------|----------|-----------|
| right     | 100    | "a"      | 5.00  | "high"   |           |
| wrong     | 100    | "a"      | 6     | "low"    |           |
| not known |        | "a"      |       |          | undecided |
| no row    | 1      | "b"      |       |          | unmatched |
| misspelt  | 1      | 7        | 1     |          |           |

## Decision: half

| income | category | → half |
|--------|----------|--------|
| 100    | "a"      | 2.5    |
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "fee.md").write_text(RULE, encoding="utf-8")
    (tmp_path / "fee.examples.md").write_text(BESIDE, encoding="utf-8")
    return tmp_path / "fee.md"


def test_examples_stand_in_the_rule_and_beside_it(path: Path) -> None:
    found = examples_of(path)
    assert [each.name for each in found] == ["inside", "right", "wrong", "not known", "no row", "misspelt", ""]
    assert found[0].rows == (1,)
    assert dict(found[3].facts) == {"category": "a"}
    assert found[3].status is Status.UNDECIDED
    assert found[6].decision == "half"
    assert examples_of(path.with_name("fee.examples.md")) == found[1:]
    assert examples_of(path.with_name("other.dmn")) == ()


def test_what_comes_out_is_compared_with_what_should(path: Path) -> None:
    outcomes = run(table(path, "fee"), examples_of(path))
    told = {outcome.example.name: outcome for outcome in outcomes}
    assert [name for name, outcome in told.items() if outcome.ok] == ["inside", "right", "not known", "no row", ""]
    assert str(told["right"]) == "right: comes out as it says."
    assert told["wrong"].differences == (
        "“fee” is 5, and should be 6.",
        '“reason” is "high", and should be "low".',
    )
    assert told["misspelt"].decision is None
    assert "category" in str(told["misspelt"])


def test_another_row_or_status_than_expected_is_a_difference(path: Path) -> None:
    text = '| income | category | → row | → status |\n|--|--|--|--|\n| 50 | "a" | 2 | |\n| 50 | "a" | | conflict |'
    first, second = run(table(path, "fee"), read_examples(text))
    assert first.differences == ("Rows that fired: 1; should be: 2.",)
    assert second.differences == ("It is decided, and should be conflict.",)


def test_nothing_is_a_fact_known_to_be_empty() -> None:
    (one,) = read_examples("| income | → fee |\n|--|--|\n| nothing | nothing |")
    assert (one.facts["income"], one.outputs["fee"]) == (NOTHING, None)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("| income | → fee |\n|--|--|\n| 1 | |", "says nothing of what should come out"),
        ("| income | → status |\n|--|--|\n| 1 | perhaps |", "this is no status"),
        ("| income | → row |\n|--|--|\n| 1 | first |", "this is no row"),
        ("| income | → fee |\n|--|--|\n| 0,5 | 1 |", "0,5 would be two numbers"),
        ("| income | → fee |\n|--|--|\n| low | 1 |", "quotation marks"),
    ],
)
def test_an_example_that_says_nothing_or_cannot_be_read_is_refused(table: str, told: str) -> None:
    with pytest.raises(RuleError, match="fee.md:3, row 1") as caught:
        read_examples(table, file="fee.md")
    assert told in str(caught.value)


def test_an_output_that_the_decision_does_not_have_is_told(path: Path) -> None:
    (one,) = run(table(path, "fee"), read_examples('| income | category | → fe |\n|--|--|--|\n| 50 | "a" | 0 |'))
    assert "it has: fee, reason" in str(one)
