"""Rules as Markdown: what is read, and what is refused and how that is said."""

import textwrap
from datetime import date
from pathlib import Path

import pytest

import loft.decisions.text
from loft.decisions.errors import RuleError, TooLarge
from loft.decisions.feel.ast import Compared, RangeOf
from loft.decisions.model import LARGEST, Aggregation, DecisionTable, HitPolicy, LiteralExpression, Model
from loft.decisions.reading import read
from loft.decisions.text.reader import read_text

TITLE = "# Fee\n\n"
FACTS = """
## Facts

| fact     | type    |
|----------|---------|
| income   | number  |
| category | string  |
| born     | date    |
"""


def rule(table: str, facts: str = FACTS) -> str:
    return f"{TITLE}{facts}\n## Decision: fee\n\n{textwrap.dedent(table).strip()}\n"


def table_of(model: Model, name: str = "") -> DecisionTable:
    logic = model.decision(name).logic
    assert isinstance(logic, DecisionTable)
    return logic


def problem(text: str) -> str:
    with pytest.raises(RuleError) as caught:
        read_text(text, file="fee.md")
    return str(caught.value)


def example_in_the_docs() -> str:
    told = str(loft.decisions.text.__doc__)
    return textwrap.dedent(told.split("The form::")[1].split("The head and the lines")[0]).strip() + "\n"


def test_the_example_that_the_form_is_told_by_is_a_rule() -> None:
    model = read_text(example_in_the_docs(), file="fee.md")
    assert (model.name, model.file) == ("Foreldrebetaling i barnehage", "fee.md")
    assert (model.head.rule, model.head.valid_to) == ("kindergarten-fee", date(2026, 7, 31))
    assert model.head.title.get("en") == "Kindergarten fee"
    assert [fact.name for fact in model.inputs] == ["household income", "children"]
    income = model.inputs[0]
    assert (income.unit, income.cost, income.label.get("nb")) == ("kr", 5.0, "husholdningsinntekt")
    assert income.question.get("nb") == "Hva er den samlede inntekten i husholdningen?"
    fee = table_of(model, "fee")
    assert [row.because.get("nb") for row in fee.rows] == ["Lav inntekt og flere barn.", "Lav inntekt."]
    assert [row.annotations for row in fee.rows] == [("§ 3 a",), ("§ 3 b",)]
    assert fee.outputs[0].default is not None
    assert isinstance(model.decision("fee in words").logic, LiteralExpression)
    assert model.knowledge[0].name == "share"
    household = next(each for each in model.items if each.name == "household")
    assert household.type.member is not None
    assert [name for name, _ in household.type.member.parts] == ["age", "place"]
    assert "low income" in model.extra["examples"]


def test_cells_are_read_as_feel() -> None:
    read = table_of(
        read_text(rule("| U | income | → fee |\n|--|--|--|\n| 1 | < 5 | 1 |\n| 2 | [5..8] | 2 |\n| 3 | | 3 |"))
    )
    first, second, third = (row.cells[0].tests for row in read.rows)
    assert isinstance(first.tests[0], Compared)
    assert isinstance(second.tests[0], RangeOf)
    assert third.always


def test_a_bar_is_written_with_a_backslash() -> None:
    read = table_of(read_text(rule('| U | category | → fee |\n|--|--|--|\n| 1 | "a\\|b" | 1 |')))
    assert read.rows[0].cells[0].text == '"a|b"'


@pytest.mark.parametrize("corner", ["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#", "c #"])
def test_the_corner_is_the_hit_policy(corner: str) -> None:
    read = table_of(read_text(rule(f"| {corner} | income | → fee |\n|--|--|--|\n| 1 | - | 1 |")))
    wanted = corner.upper().replace(" ", "")
    assert read.hit_policy == HitPolicy(wanted[0])
    assert read.aggregation == (Aggregation(wanted[1]) if wanted[1:] else None)


def test_an_output_may_be_bold_or_have_no_name() -> None:
    read = table_of(read_text(rule("| U | income | **fee** | -> |\n|--|--|--|--|\n| | - | 1 | 2 |")))
    assert [output.name for output in read.outputs] == ["fee", ""]


def test_rows_before_the_first_say_what_the_columns_are() -> None:
    read = table_of(
        read_text(
            rule(
                """
                | P        | income | → fee         | because nb |
                |----------|--------|---------------|------------|
                | type     | number | string        |            |
                | allowed  | >= 0   | "high", "low" |            |
                | default  |        | "low"         |            |
                | label nb |        | avgift        |            |
                |          | < 5    | "low"         | Lite.      |
                """
            )
        )
    )
    output = read.outputs[0]
    assert output.type.kind == "string"
    assert output.allowed is not None and output.allowed.text == '"high", "low"'
    assert output.default is not None and output.default.text == '"low"'
    assert output.texts.get("nb") == "avgift"
    assert len(read.rows) == 1


def test_what_a_decision_requires_is_found_from_the_names_in_it() -> None:
    text = rule("| U | risk | → fee |\n|--|--|--|\n| 1 | < born | share(income) |")
    text += "\n## Decision: risk\n\n```feel\nfor category in [1, 2] return category\n```\n"
    text += "\n## Function: share(income)\n\n```feel\nincome / 2\n```\n"
    model = read_text(text)
    fee, risk = model.decision("fee"), model.decision("risk")
    assert fee.requires == ("fact-income", "fact-born", "decision-risk")
    assert fee.knowledge == ("function-share",)
    assert risk.requires == ()


def test_a_line_says_what_is_required_where_names_would_say_too_much() -> None:
    facts = "\n## Facts\n\n| fact |\n|---|\n| a |\n| b |\n| a-b |\n"
    body = "\n## Decision: d\n\n{}\n\n```feel\na-b\n```\n"
    assert read_text(TITLE + facts + body.format("")).decision().requires == ("fact-a-b",)
    assert read_text(TITLE + facts + body.format("- requires: a, b")).decision().requires == ("fact-a", "fact-b")
    assert "“c” is required but is not in this rule" in problem(TITLE + facts + body.format("- requires: c"))


def test_names_that_look_alike_have_ids_of_their_own() -> None:
    facts = "\n## Facts\n\n| fact |\n|---|\n| a b |\n| a-b |\n"
    assert [fact.id for fact in read_text(TITLE + facts).inputs] == ["fact-a-b", "fact-a-b-2"]


SLIPS = [
    ("< 0,5", "1", "0,5 would be two numbers. Write 0.5 for one number, or 0, 5 for two."),
    ("< 400 000", "1", "400 000 is no number. Write 400000, without signs between thousands."),
    ("< 400.000", "1", "in 400.000 the full stop is a decimal sign. Write 400000"),
    ("< 1.250", "1", "in 1.250 the full stop is a decimal sign. Write 1250"),
    ("–", "1", "– is a long dash. Where a fact does not matter, write -"),
    ("2..10", "1", "a range stands in brackets. Write from and to as [1..5]"),
    ('not "a"', "1", 'what may not be stands in brackets: not("a")'),
    ("< 2026-01-31", "1", '2026-01-31 would be a subtraction. Write the date as date("2026-01-31").'),
    ("-", "high", 'that the rule names. If it is a text, write it in quotation marks: "high".'),
    ("-", "“high”", "the quotation mark “ is not one of FEEL's"),
    ("≥ 5", "1", "≥ is written >=."),
    ("-", "6 %", "6 percent is 0.06"),
    ("-", "ja", "ja is written true."),
    ("5-10", "1", "5-10 would be a subtraction. Write from and to as [1..5]"),
    ("5 til 10", "1", "is no range. Write from and to as [1..5]"),
    ("> 5 and < 10", "1", "two tests of one fact are written as a range"),
    ("== 5", "1", "== is written =; in a cell the value alone is enough."),
    ("-", "= 5", "an output is a value, not a test. Write it without =."),
    ("-", "1000 kr", "1000 kr has a unit. Write the number alone"),
    ("< 1.2.2026", "1", '1.2.2026 is no date. Write it as date("2026-01-31")'),
]


@pytest.mark.parametrize(("cell", "output", "told"), SLIPS)
def test_common_slips_are_explained(cell: str, output: str, told: str) -> None:
    said = problem(rule(f"| U | income | → fee |\n|--|--|--|\n| 1 | - | 1 |\n| 2 | {cell} | {output} |"))
    assert told in said
    column = "income" if output == "1" else "fee"
    assert said.startswith(f"fee.md:17, decision “fee”, row 2, column “{column}”")


def test_commas_inside_quotation_marks_are_no_slips() -> None:
    read = table_of(read_text(rule('| U | category | → fee |\n|--|--|--|\n| 1 | "0,5", "400.000" | "2026-01-31" |')))
    assert len(read.rows[0].cells[0].tests.tests) == 2


WRONG = [
    ("| U | income | → fee |\n|--|--|--|\n| 1 | - |", "this line of the table has 2 cells, its head has 3"),
    ("| X | income | → fee |\n|--|--|--|", "the corner of a decision table is its hit policy"),
    ("| U | income |\n|--|--|", "the table has no output column"),
    ("| U | → fee | income |\n|--|--|--|", "this input stands after the outputs"),
    ("| U | → fee | income | → b |\n|--|--|--|--|", "this column stands between outputs"),
    ("| U | incme | → fee |\n|--|--|--|", "Did you mean “income”?"),
    ("| U | income | → fee |\n|--|--|--|\n| 2 | - | 1 |", "here stands row 1"),
    ("| U | income | → fee |\n|--|--|--|\n| 1 | - |  |", "the output is empty"),
    ("| U | income | → fee |\n| 1 | - | 1 |", "no line of dashes"),
    ("| U | income | → fee | because |\n|--|--|--|--|", "say which language “because” is in"),
    ("| U | income | → fee |\n|--|--|--|\n| default | 1 | 2 |", "this column can have no “default”"),
    ("| U | income | → fee |\n|--|--|--|\n| type | numbr | |", "Did you mean “number”?"),
    ("", "a decision has one table, or one block"),
    ("```python\n1\n```", "Rules are written in FEEL"),
    ("```feel\n1", "never ends"),
    ("```feel\nfee + 1\n```", "in a circle: fee → fee"),
    ("- lable nb: x\n\n```feel\n1\n```", "Did you mean “label nb”?"),
    ("some prose\n\n```feel\n1\n```", "this line is no part of a rule"),
    ("<!-- never closed", "never ends"),
]


@pytest.mark.parametrize(("table", "told"), WRONG)
def test_what_is_wrong_is_said_with_its_place(table: str, told: str) -> None:
    said = problem(rule(table))
    assert told in said
    assert said.startswith(("fee.md:", "fee.md, decision"))


HEADS = [
    ("", "the rule has no title"),
    ("# A\n# B", "a rule has one heading with one #"),
    ("# A\n- versjon: 1", "Did you mean “version”?"),
    ("# A\n- valid from: 1.2.2026", "Write year, month and day"),
    ("# A\n- valid from: 2026-02-01\n- valid to: 2026-01-01", "before it begins"),
    ("# A\n- version: 1\n- version: 2", "“version” stands twice"),
    ("# A\n## Fakts", "Did you mean “facts”?"),
    ("# A\n## Something", "this heading is not known. Headings are"),
    ("# A\n## Facts\n| fact |\n|--|\n| a |\n| a |", "“a” stands twice"),
    ("# A\n## Facts\n| fact | cost |\n|--|--|\n| a | dear |", "“dear” is no cost"),
    ("# A\n## Facts\n| fact |\n|--|\n| income |\n### incom", "Did you mean “income”?"),
    (
        "# A\n## Facts\n| fact | type |\n|--|--|\n| a | tA |\n## Types\n| type | is |\n|--|--|\n| tA | tA |",
        "made of itself",
    ),
    ("# A\n## Types\n| type | is |\n|--|--|\n| ..a | number |", "is a part of nothing"),
]


@pytest.mark.parametrize(("text", "told"), HEADS)
def test_a_head_and_facts_that_cannot_be_are_refused(text: str, told: str) -> None:
    assert told in problem(text)


def test_two_decisions_that_require_each_other_are_refused() -> None:
    text = TITLE + "## Decision: a\n```feel\nb\n```\n## Decision: b\n```feel\na\n```\n"
    assert "decisions require each other in a circle" in problem(text)


def test_too_many_rows_are_refused_at_once() -> None:
    rows = "| | - | 1 |\n" * (LARGEST + 1)
    with pytest.raises(TooLarge, match="the most is 10000"):
        read_text(rule(f"| U | income | → fee |\n|--|--|--|\n{rows}"))


def test_too_long_a_text_is_refused_at_once() -> None:
    with pytest.raises(TooLarge, match="20,000,000 characters"):
        read_text("#" * 20_000_001)


@pytest.mark.parametrize(
    "text",
    [
        "|" * 500_000,
        '"' * 100_000,
        '"\\' * 50_000,
        "1" * 50_000,
        "1,1" * 30_000,
        "(" * 50_000,
        "\\|" * 100_000,
        "a: " * 100_000,
    ],
)
def test_hostile_lines_are_answered_in_bounded_time(text: str) -> None:
    with pytest.raises(RuleError):
        read_text(f"{TITLE}{text}")
    with pytest.raises(RuleError):
        read_text(rule(f"| U | income | → fee |\n|--|--|--|\n| 1 | - | {text} |"))


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    text = example_in_the_docs()
    assert read_text("\ufeff" + text.replace("\n", "\r\n")) == read_text(text)


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fee.md").write_bytes("# Avgift på".encode("latin-1"))
    with pytest.raises(RuleError, match=r"fee\.md: the file is no text in UTF-8 \(byte 11\)"):
        read(tmp_path / "fee.md")
    (tmp_path / "fee.md").write_bytes(b"#" * 20_000_001)
    with pytest.raises(TooLarge, match="larger than 20 MB"):
        read(tmp_path / "fee.md")


def test_many_functions_are_refused() -> None:
    functions = "".join(f"## Function: f{n}(a)\n```feel\na\n```\n" for n in range(501))
    assert "501 functions; the most is 500" in problem(TITLE + functions)
