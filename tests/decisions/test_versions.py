"""Dated versions of a rule, and what differs between two of them."""

from datetime import date
from pathlib import Path

import pytest

from loft.decisions import reading
from loft.decisions.difference import Changed, difference
from loft.decisions.errors import RuleError
from loft.decisions.tables import Table
from loft.decisions.text.reader import read_text
from loft.decisions.versions import Gap, rule

TEXT = """# Fee

- rule: {rule}
- version: {version}
- valid from: {start}
- valid to: {end}

## Facts

| fact     | type   |
|----------|--------|
| income   | number |
| children | number |

## Decision: fee

| F | income | children | → fee |
|---|--------|----------|-------|
{rows}
"""
ROWS = "| | < 100 | - | 1 |\n| | < 200 | 2 | 2 |\n| | < 200 | - | 3 |\n| | - | - | 4 |"


def written(version: str, start: str = "", end: str = "", *, rows: str = ROWS, rule: str = "fee") -> str:
    return TEXT.format(rule=rule, version=version, start=start, end=end, rows=rows)


def table(text: str) -> Table:
    model = read_text(text)
    return Table(model, model.decision())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two versions with days between them, the older one in the file that comes last by name."""
    (tmp_path / "b.md").write_text(written("1", "2025-01-01", "2025-06-30"), encoding="utf-8")
    (tmp_path / "a.md").write_text(written("2", "2025-08-01", rows="| | - | - | 7 |"), encoding="utf-8")
    (tmp_path / "README.md").write_text("Anything.", encoding="utf-8")
    (tmp_path / "a.examples.md").write_text("# Examples", encoding="utf-8")
    return tmp_path


def test_the_version_in_force_on_the_day_decides_and_is_named(folder: Path) -> None:
    fee = rule(folder)
    assert (fee.id, [each.model.head.version for each in fee.versions]) == ("fee", ["1", "2"])
    facts = {"income": 150, "children": 2}
    old, new = (fee.decide(facts, at=day) for day in (date(2025, 6, 30), date(2026, 1, 1)))
    assert (old.value, old.table.model.head.version, old.at) == (2, "1", date(2025, 6, 30))
    assert (new.value, new.table.model.head.version) == (7, "2")


def test_days_without_a_version_are_told(folder: Path) -> None:
    fee = rule(folder)
    assert fee.gaps == (Gap(date(2025, 7, 1), date(2025, 7, 31)),)
    for day in (date(2025, 7, 1), date(2024, 12, 31)):
        with pytest.raises(RuleError, match=r"1 \(2025-01-01 to 2025-06-30\); 2 \(2025-08-01 to …\)"):
            fee.at(day)


@pytest.mark.parametrize(
    ("start", "end"), [("2025-06-30", ""), ("", ""), ("2024-01-01", "2025-01-01"), ("2025-08-01", "2025-08-01")]
)
def test_versions_in_force_on_the_same_day_are_refused(folder: Path, start: str, end: str) -> None:
    (folder / "c.md").write_text(written("3", start, end), encoding="utf-8")
    with pytest.raises(RuleError, match="Give one of them another period"):
        rule(folder)


def test_versions_that_meet_without_a_day_between_are_fine(folder: Path) -> None:
    (folder / "c.md").write_text(written("1b", "2025-07-01", "2025-07-31"), encoding="utf-8")
    assert rule(folder).gaps == ()


def test_files_of_another_rule_are_refused(folder: Path) -> None:
    (folder / "c.md").write_text(written("3", "2020-01-01", "2020-12-31", rule="tax"), encoding="utf-8")
    with pytest.raises(RuleError, match="“tax”"):
        rule(folder)


def test_one_file_is_a_rule_of_one_version(folder: Path) -> None:
    assert len(rule(folder / "a.md").versions) == 1


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="there is no rule here"):
        rule(tmp_path)


def test_a_version_does_not_differ_from_itself() -> None:
    one = table(written("1"))
    found = difference(one, one)
    assert not found
    assert str(found) == "Nothing differs."


def test_spelling_is_no_difference() -> None:
    assert not difference(table(written("1")), table(written("1", rows=ROWS.replace("< 200", "<200"))))


def rows_of(old: str, new: str) -> str:
    found = difference(table(written("1", rows=old)), table(written("1", rows=new)))
    return str(found)


def test_rows_added_removed_and_changed_are_told_by_number() -> None:
    new = "| | < 100 | - | 1 |\n| | < 200 | 2 | 5 |\n| | < 200 | - | 3 |\n| | > 900 | 9 | 8 |"
    found = difference(table(written("1")), table(written("2", rows=new)))
    rows = found.decisions_changed[0].rows
    assert found.head == (Changed("version", "1", "2"),)
    assert [(change.old, change.new, change.known_by) for change in rows.changed] == [(2, 2, "cells")]
    assert rows.changed[0].changes == (Changed("→ fee", "2", "5"),)
    assert (rows.added, rows.removed, rows.moved) == ((4,), (4,), ())
    assert "“fee”, row 2 (now row 2): → fee: 2 becomes 5." in str(found)
    assert "“fee”, row 4 is new: income > 900, children 9 → fee 8." in str(found)


def test_a_row_with_another_limit_is_known_by_likeness() -> None:
    assert rows_of("| | < 100 | 2 | 1 |", "| | < 120 | 2 | 1 |") == (
        "“fee”, row 1 (most like row 1 now): income: < 100 becomes < 120."
    )


def test_rows_with_nothing_equal_are_not_the_same_row() -> None:
    found = rows_of("| | < 100 | 2 | 1 |", "| | > 500 | 3 | 9 |")
    assert "is gone" in found and "is new" in found


def test_a_row_that_only_moved_is_told_as_moved_where_order_decides() -> None:
    lines = ROWS.split("\n")
    moved = "\n".join([lines[1], lines[2], lines[0], lines[3]])
    assert rows_of(ROWS, moved) == "“fee”: row 1 stands at another place, as row 3; the order of rows decides."
    old, new = (table(written("1", rows=rows).replace("| F |", "| U |")) for rows in (ROWS, moved))
    assert not difference(old, new)


def test_rows_with_ids_are_known_by_them() -> None:
    old = "| F | income | → fee | id |\n|--|--|--|--|\n| | < 100 | 1 | a |\n| | - | 2 | b |"
    new = "| F | income | → fee | id |\n|--|--|--|--|\n| | > 500 | 9 | a |\n| | - | 2 | b |"
    before, after = (table(written("1").split("| F |")[0] + rows) for rows in (old, new))
    (change,) = difference(before, after).decisions_changed[0].rows.changed
    assert (change.known_by, [each.what for each in change.changes]) == ("id", ["income", "→ fee"])


def test_facts_columns_and_hit_policy_are_compared() -> None:
    old = table(written("1"))
    text = (
        written("1")
        .replace("| F |", "| A |")
        .replace("children", "rooms")
        .replace("| income   | number |", "| income | string |")
    )
    found = difference(old, table(text))
    assert (found.facts_added, found.facts_removed) == (("rooms",), ("children",))
    assert found.facts_changed[0].changes == (Changed("type", "number", "string"),)
    (fee,) = found.decisions_changed
    assert fee.changes == (Changed("hit policy", "F", "A"),)
    assert (fee.columns_added, fee.columns_removed) == (("rooms",), ("children",))


def test_only_what_the_decision_rests_on_is_compared() -> None:
    more = "\n## Decision: other\n\n```feel\nincome + 1\n```\n"
    model = read_text(written("1") + more)
    assert not difference(table(written("1")), Table(model, model.decision("fee")))


def test_a_folder_is_no_single_table(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"loft\.decisions\.versions\.rule"):
        reading.table(tmp_path)
