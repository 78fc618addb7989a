"""``loft table`` as it is typed, and the rule of the guide, which must be as good as the guide says."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from loft.cli import main
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_tests
from loft.example.rules import FEE, HERE, write_rules
from tests.cli.conftest import Run

GUIDE = Path(__file__).parents[2] / "docs" / "rules.md"
CARE, PERMIT = HERE / "after-school-fee.md", HERE / "parking-permit.md"


@pytest.fixture
def fee(tmp_path: Path) -> Path:
    """The first rule of the guide, with the guide's examples beside it."""
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```markdown\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    [rule] = [block for block in blocks if block.startswith("# Kindergarten fee")]
    [examples] = [block for block in blocks if "→ status" in block]
    (tmp_path / "fee.examples.md").write_text(examples, encoding="utf-8")
    path = tmp_path / "fee.md"
    path.write_text(rule, encoding="utf-8")
    return path


@pytest.fixture
def families(tmp_path: Path) -> Path:
    """120 cases: 60 with a low income and one child, 50 with a high one, 3 with two children, 7 whose income is not known."""
    rows = [(312000, 1)] * 60 + [(500000, 2)] * 50 + [(312000, 2)] * 3 + [("", 1)] * 7
    path = tmp_path / "families.csv"
    lines = [f"c{number},{income},{children}" for number, (income, children) in enumerate(rows)]
    path.write_text("\n".join(["case,household_income,children", *lines]) + "\n", encoding="utf-8")
    return path


def answered(text: str, *arguments: object) -> str:
    """What an interview says to the lines of *text*."""
    result = CliRunner().invoke(main, ["table", "ask", *(str(a) for a in arguments)], input=text, prog_name="loft")
    assert result.exit_code == 0, result.output
    return result.output


def test_the_rule_of_the_guide_is_whole_and_its_examples_come_out(run: Run, fee: Path) -> None:
    run("table", "check", fee, "--strict")
    assert run("table", "test", fee).stdout == "3 of 3 examples come out as they say.\n"
    told = run("table", "decide", fee, "household_income=312000", "children=2", "--language", "en").stdout
    assert told.splitlines()[:4] == [
        "Fee is 0.",
        "  Low income, and siblings",
        "  because household income 312,000\u00a0kr is below 400,000\u00a0kr",
        "  because children 2 is 2 or more",
    ]
    asked = answered("500000\n", fee, "--language", "en")
    assert "How many children" not in asked
    assert "Fee is 3,230." in asked


def test_a_gap_is_told_with_an_example_and_gives_an_error(run: Run, fee: Path) -> None:
    fee.write_text(fee.read_text(encoding="utf-8").replace(">= 400000", "> 400000"), encoding="utf-8")
    assert "household income: 400000" in run("table", "check", fee, code=1).stdout
    [told] = json.loads(run("table", "check", fee, "--json", code=1).stdout)
    assert (told["ok"], told["exact"], [f["kind"] for f in told["findings"]]) == (False, True, ["gap"])


def test_a_warning_is_an_error_only_where_that_is_asked_for(run: Run, fee: Path) -> None:
    text = fee.read_text(encoding="utf-8").replace("## Decision", "| pets | number | | | |\n\n## Decision")
    fee.write_text(text.replace("  |\n\n| pets", "  |\n| pets"), encoding="utf-8")
    [told] = json.loads(run("table", "check", fee, "--json").stdout)
    assert (told["ok"], [finding["severity"] for finding in told["findings"]]) == (True, ["warning"])
    run("table", "check", fee, "--strict", code=1)


def test_every_decision_of_a_file_and_every_version_of_a_folder_is_checked(run: Run, fee: Path, tmp_path: Path) -> None:
    more = "\n## Decision: other\n\n| U | children | → other |\n|---|---|---|\n| 1 | 1 | true |\n"
    fee.write_text(fee.read_text(encoding="utf-8") + more, encoding="utf-8")
    reports = json.loads(run("table", "check", fee, "--json", code=1).stdout)
    assert [(report["decision"], report["ok"]) for report in reports] == [("fee", True), ("other", False)]
    run("table", "check", fee, "--decision", "fee")
    versions = tmp_path / "versions"
    versions.mkdir()
    text = (FEE / "2025.md").read_text(encoding="utf-8")
    (versions / "2025.md").write_text(text.replace("valid to: 2026-07-31", "valid to: 2026-07-01"), encoding="utf-8")
    (versions / "2026.md").write_text((FEE / "2026.md").read_text(encoding="utf-8"), encoding="utf-8")
    told = run("table", "check", versions, "--language", "en").stdout
    assert "2025.md, monthly fee:" in told
    assert "From 2\u00a0July 2026 to 31\u00a0July 2026 no version is in force." in told
    run("table", "check", versions, "--strict", code=1)
    assert "no version" in run("table", "check", versions, "--at", "2026-07-15", code=1).stderr


def test_a_wrong_example_is_told(run: Run, fee: Path) -> None:
    beside = fee.with_name("fee.examples.md")
    beside.write_text(beside.read_text(encoding="utf-8").replace("1500 ", "1600 "), encoding="utf-8")
    told = run("table", "test", fee, code=1).stdout
    assert "fee.md: just below" in told
    assert "2 of 3 examples" in told
    beside.unlink()
    assert "fee.examples.md" in run("table", "test", fee, code=1).stderr


def test_a_decision_with_facts_missing_asks_and_does_not_say_no(run: Run, fee: Path) -> None:
    told = run("table", "decide", fee, "household_income=312000", "--language", "en").stdout
    assert told.startswith("Not decided yet")
    assert "Ask next: How many children will go there?" in told
    found = json.loads(run("table", "decide", fee, "household_income=312000", "--json").stdout)
    assert (found["status"], found["outcome"], found["missing"]) == ("undecided", None, ["children"])
    assert found["next_question"]["fact"] == "children"


def test_why_not_tells_the_smallest_change(run: Run, fee: Path) -> None:
    told = run("table", "decide", fee, "household_income=399000", "children=1", "--why-not", "--language", "en").stdout
    assert "If household income were 400,000\u00a0kr or more and not 399,000\u00a0kr, fee would be 3,230." in told


@pytest.mark.parametrize("written", ["312000", "312 000", "312 000 kr", "312000,0", "312000.00"])
def test_numbers_are_taken_as_people_write_them(run: Run, fee: Path, written: str) -> None:
    found = json.loads(run("table", "decide", fee, f"household income={written}", "children=1", "--json").stdout)
    assert found["facts"]["household income"] == 312000


@pytest.mark.parametrize(("written", "whole"), [("312.000", "312000"), ("312,500", "312500"), ("1.125", "1125")])
def test_three_digits_after_a_sign_are_not_guessed_at(run: Run, fee: Path, written: str, whole: str) -> None:
    told = run("table", "decide", fee, f"household income={written}", "--language", "en", code=2).stderr
    assert f"Write {whole}, or {written.replace(',', '.')}0 for the decimal number." in " ".join(told.split())


def test_facts_come_from_a_file_and_the_command_line_goes_before(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"date_of_birth": "2025-09-14", "applied in time": True, "lives in Fjordvik": None}))
    place = HERE / "kindergarten-place.md"
    first = json.loads(run("table", "decide", place, "--facts", file, "--json").stdout)
    assert first["missing"] == ["lives in Fjordvik"]
    told = json.loads(run("table", "decide", place, "--facts", file, "barnet bor i Fjordvik=ja", "--json").stdout)
    assert told["outcome"] == {"right": True, "right from": "2026-09-30"}
    later = run("table", "decide", place, "--facts", file, "lives_in_fjordvik=yes", "date of birth=1.12.2025", "--json")
    assert json.loads(later.stdout)["outcome"] == {"right": False, "right from": None}


def test_a_fact_that_a_decision_does_not_rest_on_is_said_to_be_spare(run: Run) -> None:
    told = run(
        "table", "decide", FEE / "2026.md", "--decision", "income group", "household_income=1", "age_this_year=2"
    )
    assert "Not asked for by “income group”: age this year." in told.stderr
    assert "“low”" in told.stdout


def test_every_way_to_write_a_cell_in_the_guide_can_be_read() -> None:
    section = GUIDE.read_text(encoding="utf-8").split("## How a table is read")[1].split("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| `")]
    assert len(rows) >= 10
    for row in rows:
        for cell in re.findall(r"`([^`]+)`", row):
            parse_tests(cell, Names())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("childern=1",), 2, "Did you mean “children”?"),
        (("children",), 2, "fact=value"),
        (("children=many",), 2, "takes a number"),
        (("children=9",), 1, "children"),
        (("--facts", "none.json"), 2, "none.json"),
    ],
)
def test_a_fact_that_does_not_fit_is_told(
    run: Run, fee: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert said in run("table", "decide", fee, *arguments, code=code).stderr


def test_a_rule_that_cannot_be_read_is_told_with_its_place(run: Run, fee: Path) -> None:
    fee.write_text(fee.read_text(encoding="utf-8").replace("< 400000", "< 400 000", 1), encoding="utf-8")
    told = run("table", "check", fee, code=1).stderr
    assert "fee.md" in told
    assert "row 1" in told


def test_an_interview_skips_what_cannot_matter() -> None:
    told = answered("2\n", PERMIT, "--language", "en")
    assert told.count("?") == 1
    assert "Outcome is “statement needed”." in told


def test_an_interview_goes_back_and_tells_why_and_what_is_wrong() -> None:
    told = answered("2\n<\n2\nfive\n5\nwhy\n300000\n", CARE, "--language", "en")
    assert told.count("Which grade is the child in?") == 2
    assert "takes a number" in told
    assert "Those who earn least pay less." in told
    assert "Offer is yes and monthly fee is 600." in told


def test_who_does_not_know_is_asked_the_rest_and_gets_what_can_be_said() -> None:
    told = answered("\n2\nvet ikke\n?\n", CARE, "--language", "en")
    assert "Not decided yet" in told
    asked = answered("?\n1\n900\n\n\n\n", PERMIT, "--language", "en")
    assert "Not decided yet" in asked
    assert asked.count("Have you sent a medical statement?") == 1


def test_an_interview_that_ends_early_says_what_is_missing() -> None:
    assert "Not decided yet" in answered("", CARE, "--language", "en")
    assert "Not decided yet" in answered("2\nstop\n5\n", CARE, "--language", "en")


def test_a_folder_is_a_rule_in_the_version_of_the_day(run: Run) -> None:
    facts = ("household_income=900000", "sibling_number=1", "age_this_year=3")
    old = run("table", "decide", FEE, *facts, "--at", "2026-07-31", "--json").stdout
    new = run("table", "decide", FEE, *facts, "--at", "2026-08-01", "--json").stdout
    assert [(json.loads(t)["version"], json.loads(t)["outcome"]) for t in (old, new)] == [
        ("2025-1", 2000),
        ("2026-1", 1500),
    ]
    assert "2025-1" in run("table", "decide", FEE, *facts, "--at", "2020-01-01", code=1).stderr
    assert run("table", "test", FEE).stdout.startswith("12 of 12")


def test_cases_are_counted_by_outcome_and_few_are_withheld(run: Run, fee: Path, families: Path) -> None:
    told = json.loads(run("table", "run", fee, families, "--json", "--language", "en").stdout)
    cases = {(row["outcome"], row["row"]): row["cases"] for row in told["rows"]}
    assert cases == {("1,500", "2"): 60, ("3,230", "3"): 50}
    assert "not decided" not in json.dumps(told["rows"])  # its 7 would give the 3 away


def test_every_case_is_written_with_nothing_withheld(run: Run, fee: Path, families: Path) -> None:
    run("table", "run", fee, families, "-o", "out.csv")
    with Path("out.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 120
    assert {(row["status"], row["fee"] and float(row["fee"]), row["row"]) for row in rows} == {
        ("decided", 1500.0, "2"),
        ("decided", 3230.0, "3"),
        ("decided", 0.0, "1"),
        ("undecided", "", ""),
    }
    assert "--force" in run("table", "run", fee, families, "-o", "out.csv", code=2).stderr
    run("table", "run", fee, families, "-o", "out.parquet")
    assert "“fee”" in run("table", "run", fee, "out.parquet", code=1).stderr  # there is such a column already
    assert pq.read_table("out.parquet").num_rows == 120


def test_a_column_is_named_for_a_fact(run: Run, fee: Path, families: Path) -> None:
    text = families.read_text(encoding="utf-8").replace("household_income", "income")
    families.write_text(text, encoding="utf-8")
    told = run("table", "run", fee, families, "--facts", "household income=income", "--json").stdout
    assert sum(row["cases"] for row in json.loads(told)["rows"]) == 110
    assert "FACT=COLUMN" in run("table", "run", fee, families, "--facts", "income", code=2).stderr


def test_a_fact_that_no_column_holds_is_told(run: Run, fee: Path, families: Path) -> None:
    assert "known of no case" not in run("table", "run", fee, families, "--language", "en").stderr
    text = families.read_text(encoding="utf-8").replace("household_income", "income")
    families.write_text(text, encoding="utf-8")
    told = run("table", "run", fee, families, "--language", "en").stderr
    assert "known of no case: household income." in told and "case, income, children" in told
    assert "known of no case" in run("table", "diff", fee, fee, families, "--language", "en").stderr


def test_a_file_of_cases_that_cannot_be_read_is_told(run: Run, fee: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.parquet"
    cases.write_bytes(b"no Parquet " * 50)
    told = run("table", "run", fee, cases, code=1).stderr
    assert "cases.parquet cannot be read as Parquet" in told and "Løft itself" not in told


def test_what_is_odd_far_down_in_a_csv_is_told_with_its_column(run: Run, fee: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("household_income,children\n" + "1000,1\n" * 30_000 + "much,1\n", encoding="utf-8")
    told = run("table", "run", fee, cases, code=1).stderr
    assert "“household_income” holds string" in told and "is of type number" in told
    facts = tmp_path / "facts.json"
    facts.write_text('{"household income": true}', encoding="utf-8")
    assert "is to be a number, and" in run("table", "decide", fee, "--facts", facts, code=1).stderr


def test_a_rule_runs_over_the_cases_of_a_store(run: Run, store: Path, tmp_path: Path) -> None:
    rule = tmp_path / "long.md"
    rule.write_text(
        "# Long\n\n- rule: long\n\n## Facts\n\n| fact | type |\n|---|---|\n| service | string |\n| steps | number |\n"
        "| channel | string |\n\n"
        "## Decision: long\n\n| U | service | steps | channel | → long |\n|---|---|---|---|---|\n"
        '| 1 | "permit" | > 3 | - | true |\n| 2 | "permit" | <= 3 | - | false |\n'
        '| 3 | not("permit") | - | "phone" | false |\n| 4 | not("permit") | - | not("phone") | true |\n',
        encoding="utf-8",
    )
    rows = json.loads(run("table", "run", rule, store, "--json").stdout)["rows"]
    assert {row["row"]: row["cases"] for row in rows} == {"1": 20, "2": 20, "3": 10, "4": 10}


def test_two_versions_are_compared_row_by_row_and_case_by_case(run: Run, fee: Path, families: Path) -> None:
    new = fee.with_name("new.md")
    text = fee.read_text(encoding="utf-8").replace("3230", "3000").replace("2026-1", "2026-2")
    new.write_text(text, encoding="utf-8")
    told = run("table", "diff", fee, new).stdout
    assert "3230 becomes 3000" in told
    found = json.loads(run("table", "diff", fee, new, families, "--json", "--language", "en").stdout)
    assert [(r["before"], r["after"], r["cases"]) for r in found["cases"]["rows"]] == [("3,230", "3,000", 50)]
    run("table", "diff", fee, new, families, "-o", "changed.csv")
    assert len(Path("changed.csv").read_text(encoding="utf-8").splitlines()) == 51
    assert "CASES" in run("table", "diff", fee, new, "-o", "changed.csv", code=2).stderr


def test_a_rule_is_shown_as_a_table_and_in_words(run: Run, fee: Path) -> None:
    shown = run("table", "show", fee, "--language", "en").stdout
    assert re.search(r"^U +household income +children +→ fee", shown, re.MULTILINE)
    words = run("table", "show", fee, "--words", "--language", "en").stdout
    assert "1. If household income is below 400,000\u00a0kr and children is 2 or more: fee is 0." in words


def test_a_rule_goes_from_text_to_dmn_and_back(run: Run, fee: Path) -> None:
    run("table", "show", fee, "-o", "fee.dmn")
    assert "<decisionTable" in run("table", "show", fee, "--dmn").stdout
    assert "--force" in run("table", "show", fee, "-o", "fee.dmn", code=2).stderr
    run("table", "show", fee, "-o", "fee.dmn", "--force")
    run("table", "show", "fee.dmn", "-o", "again.md")
    assert run("table", "diff", fee, "again.md", "--json").stdout == run("table", "diff", fee, fee, "--json").stdout
    assert run("table", "decide", "fee.dmn", "household_income=312000", "children=1", "--json").stdout == (
        run("table", "decide", fee, "household_income=312000", "children=1", "--json").stdout
    )


def test_a_rule_of_the_example_runs_over_its_families(run: Run) -> None:
    write_rules("rules", rng=np.random.default_rng(1), families=500)
    arguments = ("rules/kindergarten-fee", "rules/families.csv", "--at", "2026-09-01", "--json", "--language", "en")
    told = json.loads(run("table", "run", *arguments).stdout)
    cases = {row["row"]: row["cases"] for row in told["rows"]}
    with Path("rules/families.csv").open(encoding="utf-8") as file:
        third = [row for row in csv.DictReader(file) if int(row["sibling_number"]) >= 3]
    assert cases["1"] == len(third)  # the third child goes free, whatever the income
