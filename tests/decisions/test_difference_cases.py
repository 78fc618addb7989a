"""The cases whose outcome differs between two versions of a rule."""

from typing import Any

import ibis
import pytest

from loft.decisions.difference import changed_cases, changed_outcomes
from loft.decisions.errors import RuleError
from loft.decisions.tables import Table
from loft.decisions.text.reader import read_text

TEXT = """# Fee

## Facts

| fact       | type   |
|------------|--------|
| income     | number |
| {extra} | number |

## Decision: fee

| F | income | {extra} | → {output} |
|---|--------|---------|------------|
{rows}
"""
OLD = "| | < 100 | - | 1 |\n| | < 200 | > 2 | 2 |\n| | - | - | 3 |"
NEW = "| | < 150 | - | 1 |\n| | < 200 | > 2 | 2 |\n| | - | - | 3 |"
CASES = {
    "case": ["a", "b", "c", "d", "e", "f"],
    "income": [50, 120, 120, 180, None, None],
    "children": [1, 1, 3, 3, 1, 3],
}


def version(rows: str, *, extra: str = "children", output: str = "fee") -> Table:
    model = read_text(TEXT.format(rows=rows, extra=extra, output=output))
    return Table(model, model.decision())


def listed(table: Any, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in table.order_by(table.columns[0]).to_pyarrow().to_pylist()]


def test_the_cases_whose_outcome_changes_are_given_with_both() -> None:
    changed = changed_cases(version(OLD), version(NEW), ibis.memtable(CASES))
    assert listed(changed, "case", "old fee", "new fee", "old row", "new row") == [("b", 3, 1, 3, 1), ("c", 2, 1, 2, 1)]
    assert changed.columns[:3] == ("case", "income", "children")


def test_each_case_changes_if_and_only_if_deciding_it_twice_says_so() -> None:
    old, new = version(OLD), version("| | < 150 | - | 1 |\n| | < 200 | > 2 | 7 |\n| | < 200 | - | 3 |")
    changed = changed_cases(old, new, ibis.memtable(CASES))
    wanted = []
    for case, income, children in zip(*CASES.values(), strict=True):
        one, other = (table.decide({"income": income, "children": children}) for table in (old, new))
        if (one.status, one.value) != (other.status, other.value):
            wanted.append((case, one.status.value, other.status.value))
    assert wanted
    assert listed(changed, "case", "old status", "new status") == wanted


def test_a_change_of_spelling_changes_no_case() -> None:
    assert (
        changed_cases(version(OLD), version(OLD.replace("< 100", "not(>= 100)")), ibis.memtable(CASES))
        .count()
        .execute()
        == 0
    )


def test_an_output_that_was_renamed_is_still_the_outcome() -> None:
    changed = changed_cases(version(OLD), version(NEW, output="price"), ibis.memtable(CASES))
    assert listed(changed, "case", "old fee", "new price") == [("b", 3, 1), ("c", 2, 1)]


def test_outcomes_are_counted_from_and_to() -> None:
    rows = changed_outcomes(changed_cases(version(OLD), version("| | - | - | 3 |"), ibis.memtable(CASES)))
    told = [(row["old status"], row["old fee"], row["new fee"], row["cases"]) for row in rows.to_pyarrow().to_pylist()]
    assert sorted(told, key=str) == [("decided", 1, 3, 1), ("decided", 2, 3, 2), ("undecided", None, 3, 2)]
    assert [count for *_, count in told] == [2, 2, 1]


def test_facts_are_told_to_the_version_that_asks_for_them() -> None:
    cases = ibis.memtable({"case": ["a"], "earned": [120], "kids": [1], "rooms": [3]})
    columns = {"income": "earned", "children": "kids"}
    changed = changed_cases(version(OLD), version(NEW, extra="rooms"), cases, facts=columns)
    assert listed(changed, "old fee", "new fee") == [(3, 1)]
    with pytest.raises(RuleError, match="incme"):
        changed_cases(version(OLD), version(NEW), cases, facts={**columns, "incme": "earned"})


def test_only_columns_that_would_be_written_over_are_refused() -> None:
    own = ibis.memtable({"income": [120], "children": [1], "status": ["paid"]})
    assert listed(changed_cases(version(OLD), version(NEW), own), "status", "old status") == [("paid", "decided")]
    cases = ibis.memtable({"income": [1], "children": [1], "old fee": [1]})
    with pytest.raises(RuleError, match="old fee"):
        changed_cases(version(OLD), version(NEW), cases)
