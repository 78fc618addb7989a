"""A table checked before use, on small tables whose faults can be seen."""

from dataclasses import replace
from decimal import Decimal

import pytest

from loft.decisions.checking import Finding, Kind, Report, Severity, check
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.feel.types import ANY, BOOLEAN, DATE, NUMBER, STRING, Type
from loft.decisions.model import (
    Aggregation,
    Cell,
    DecisionNode,
    DecisionTable,
    FunctionLogic,
    HitPolicy,
    Input,
    InputData,
    KnowledgeModel,
    Model,
    Output,
    OutputCell,
    Row,
)
from loft.decisions.tables import Table

TYPES = {"n": NUMBER, "m": NUMBER, "s": STRING, "b": BOOLEAN, "d": DATE}


def made(text: str, allowed: dict[str, str] | None = None, facts: dict[str, Type] = TYPES) -> DecisionTable:
    """A table from lines: the hit policy and the inputs, ``=>`` and the outputs; then a row in each line, parted by ``|``."""
    head, *lines = [line.strip() for line in text.strip().splitlines()]
    policy, head = head.split(" ", 1)
    names = Names(facts)
    heads, outputs = ([part.strip() for part in side.split("|")] for side in head.split("=>"))

    def cell(text: str) -> Cell:
        return Cell(text.strip(), parse_tests(text.strip(), names.having({"?": ANY})))

    def limit(name: str) -> Cell | None:
        return cell(allowed[name]) if allowed and name in allowed else None

    columns = tuple(Input(h, parse_expression(h, names), facts.get(h, ANY), limit(h)) for h in heads)
    rows = []
    for line in lines:
        left, right = line.split("=>")
        written = tuple(OutputCell(t.strip(), parse_expression(t.strip(), names)) for t in right.split("|"))
        rows.append(Row(tuple(map(cell, left.split("|"))), written))
    results = tuple(Output(name, ANY, limit(name)) for name in outputs)
    return DecisionTable(
        columns, results, tuple(rows), HitPolicy(policy[0]), Aggregation(policy[1:]) if policy[1:] else None
    )


def checked(table: DecisionTable, **options: int) -> Report:
    written = [column.text for column in table.inputs] + [cell.text for row in table.rows for cell in row.cells]
    words = {word for text in written for word in text.split()}
    inputs = tuple(InputData(name, type_, id=name) for name, type_ in TYPES.items() if name in words)
    node = DecisionNode("fee", table, id="fee", requires=tuple(given.id for given in inputs))
    return check(Table(Model("m", inputs=inputs, decisions=(node,)), node), **options)


def only(report: Report, kind: Kind) -> Finding:
    assert len(report.of(kind)) == 1, str(report)
    return report.of(kind)[0]


def test_a_whole_table_is_ok() -> None:
    report = checked(
        made(
            """
            U n | b => fee
            < 5 | true => 1
            < 5 | false => 2
            >= 5 | - => 3
            """
        )
    )
    assert report.findings == () and report.ok and report.exact and report.sampled == 0
    assert str(report) == "nothing found."


def test_a_gap_is_told_as_one_region_with_an_example_inside() -> None:
    report = checked(made("U n | b => fee\n< 400 | - => 1\n>= 500 | true => 2\n>= 500 | false => 3"))
    gap = only(report, Kind.GAP)
    assert gap.region == (("n", "[400..500)"),)
    assert 400 <= dict(gap.example)["n"] < 500
    assert gap.severity is Severity.ERROR and not report.ok
    assert "n: [400..500)" in str(gap) and "fee" in str(gap)


@pytest.mark.parametrize(
    ("rows", "region"),
    [
        ("< 5 => 1\n> 5 => 2", "5"),
        ("<= 5 => 1", "> 5"),
        ("[1..2] => 1", "< 1, > 2"),
        ("(1..2) => 1", "<= 1, >= 2"),
        ("[0..1), (1..2], > 3 => 1", "< 0, 1, (2..3]"),
    ],
)
def test_a_region_of_numbers_reads_as_the_cell_that_would_fill_it(rows: str, region: str) -> None:
    assert only(checked(made("U n => fee\n" + rows)), Kind.GAP).region == (("n", region),)


def test_a_region_of_strings_reads_as_the_cell_that_would_fill_it() -> None:
    open_ended = made('U s => fee\n"a" => 1\n"b" => 2')
    assert only(checked(open_ended), Kind.GAP).region == (("s", 'not("a", "b")'),)
    limited = made('U s => fee\n"a" => 1', {"s": '"a", "b", "c"'})
    assert only(checked(limited), Kind.GAP).region == (("s", '"b", "c"'),)


def test_null_counts_only_where_a_cell_speaks_of_it() -> None:
    assert checked(made("U n => fee\n< 5 => 1\n>= 5 => 2")).ok
    gap = only(checked(made("U n | b => fee\n< 5 | - => 1\n>= 5 | - => 2\nnull | true => 3")), Kind.GAP)
    assert gap.region == (("n", "null"), ("b", "false"))


def test_between_two_days_that_follow_each_other_there_is_nothing() -> None:
    table = made('U d => fee\n<= date("2025-12-31") => 1\n>= date("2026-01-01") => 2')
    assert checked(table).ok
    gap = only(checked(made('U d => fee\n< date("2025-12-31") => 1\n> date("2026-01-01") => 2')), Kind.GAP)
    assert gap.region == (("d", '[date("2025-12-31")..date("2026-01-01")]'),)


def test_a_default_covers_what_no_row_does() -> None:
    table = made("U n => fee\n< 5 => 1")
    output = replace(table.outputs[0], default=OutputCell("0", parse_expression("0", Names())))
    assert checked(replace(table, outputs=(output,))).of(Kind.GAP) == ()


def test_an_empty_list_is_a_note_and_an_empty_sum_a_warning() -> None:
    assert only(checked(made("C n => fee\n< 5 => 1")), Kind.GAP).severity is Severity.NOTE
    assert only(checked(made("C+ n => fee\n< 5 => 1")), Kind.GAP).severity is Severity.WARNING
    assert checked(made("C# n => fee\n< 5 => 1")).of(Kind.GAP) == ()


def test_two_rows_that_fit_where_one_may_are_an_overlap() -> None:
    found = only(checked(made("U n | b => fee\n<= 5 | - => 1\n>= 5 | true => 1\n> 5 | false => 3")), Kind.OVERLAP)
    assert found.rows == (1, 2) and found.region == (("n", "5"), ("b", "true"))
    assert found.example == (("n", Decimal(5)), ("b", True)) and found.severity is Severity.ERROR


def test_rows_may_overlap_where_all_fitting_rows_agree() -> None:
    rows = "n => fee\n<= 5 => 1\n>= 5 => {}"
    assert checked(made("A " + rows.format("1.0"))).ok
    assert only(checked(made("A " + rows.format("2"))), Kind.OVERLAP).severity is Severity.ERROR
    assert only(checked(made("A " + rows.format("n"))), Kind.OVERLAP).severity is Severity.WARNING
    assert checked(made("F " + rows.format("2"))).ok


def test_many_overlaps_are_counted_not_all_told() -> None:
    report = checked(made("U n => fee\n" + "\n".join("- => 1" for _ in range(10))))
    assert len(report.of(Kind.OVERLAP)) == 21 and "25 more pairs" in str(report.of(Kind.OVERLAP)[-1])


def test_a_row_behind_others_that_take_all_its_cases_never_fires() -> None:
    found = only(checked(made("F n => fee\n< 5 => 1\n> 7 => 2\n[5..9] => 3\n[1..8) => 4")), Kind.NEVER)
    assert found.rows[0] == 4 and set(found.rows[1:]) == {1, 3}
    assert only(checked(made("F n => fee\n< 5 => 1\n>= 5 => 2\n- => 3")), Kind.NEVER).rows == (3, 1, 2)


def test_under_priority_the_outputs_decide_which_row_stands_behind() -> None:
    table = made('P n => fee\n< 3 => "low"\n< 5 => "high"\n- => "low"', {"fee": '"high", "low"'})
    assert only(checked(table), Kind.NEVER).rows == (1, 2)
    reverse = made('P n => fee\n< 3 => "low"\n< 5 => "high"\n- => "low"', {"fee": '"low", "high"'})
    assert only(checked(reverse), Kind.NEVER).rows[0] == 2


def test_priority_without_an_order_is_told() -> None:
    assert only(checked(made("P n => fee\n- => 1")), Kind.PRIORITY).severity is Severity.ERROR


def test_a_row_with_a_cell_that_nothing_fits_never_fires() -> None:
    found = only(checked(made("U n => fee\n- => 1\n[5..3] => 2")), Kind.NEVER)
    assert found.rows == (2,) and found.column == "n" and "[5..3]" in str(found)
    outside = made('U s => fee\n"a" => 1\n"b" => 2', {"s": '"a"'})
    assert only(checked(outside), Kind.NEVER).rows == (2,)


def test_a_column_without_tests_and_a_fact_without_use_are_told() -> None:
    assert only(checked(made("U n | b => fee\n< 5 | - => 1\n>= 5 | - => 2")), Kind.UNUSED).column == "b"
    node = DecisionNode("fee", made("U n => fee\n- => m"), id="fee", requires=("1", "2", "3"))
    facts = tuple(InputData(name, NUMBER, id=id_) for name, id_ in (("n", "1"), ("m", "2"), ("d", "3")))
    report = check(Table(Model("m", inputs=facts, decisions=(node,)), node))
    assert [f.column for f in report.of(Kind.UNUSED)] == ["d", "n"]


def test_outputs_outside_the_allowed_values_are_told() -> None:
    found = only(checked(made('U b => fee\ntrue => "a"\nfalse => "c"', {"fee": '"a", "b"'})), Kind.OUTPUT)
    assert found.rows == (2,) and found.severity is Severity.ERROR and '"a", "b"' in str(found)


def test_outputs_of_another_type_are_told() -> None:
    table = made('U b => fee\ntrue => "a"\nfalse => 1')
    report = checked(replace(table, outputs=(replace(table.outputs[0], type=NUMBER),)))
    assert only(report, Kind.OUTPUT).rows == (1,)


def test_a_sum_of_words_is_told() -> None:
    assert only(checked(made('C+ n => fee\n- => "a"\n- => 1')), Kind.AGGREGATION).rows == (1,)


def test_rows_that_say_the_same_are_noted_where_they_may() -> None:
    assert only(checked(made("C n => fee\n> 5 => 1\n> 5, > 5 => 1\n> 5 => 2")), Kind.DUPLICATE).rows == (1, 2)


def test_a_column_that_is_the_same_in_all_rows_is_noted() -> None:
    assert only(checked(made("U b => x | y\ntrue => 1 | 2\nfalse => 1 | 3")), Kind.CONSTANT).column == "x"


def test_a_gap_behind_cells_that_look_elsewhere_is_an_error_once_a_case_is_met() -> None:
    report = checked(made("U n | m => fee\n< m | - => 1\n> m | - => 2"))
    gap = only(report, Kind.GAP)
    assert gap.severity is Severity.ERROR and dict(gap.example)["n"] == dict(gap.example)["m"]


def test_a_gap_that_cannot_occur_is_only_a_warning() -> None:
    report = checked(made("U n | n + 1 => fee\n< 5 | - => 1\n- | >= 6 => 2"))
    assert [f.severity for f in report.of(Kind.GAP)] in ([], [Severity.WARNING])
    assert report.of(Kind.OVERLAP) == () or report.of(Kind.OVERLAP)[0].severity is Severity.WARNING
    assert report.ok


def test_facts_that_only_cells_compare_with_are_tried_too() -> None:
    gap = only(checked(made("U n => fee\n< m => 1\n> m => 2")), Kind.GAP)
    assert gap.severity is Severity.ERROR
    assert gap.region == (("n", "m"),)


def test_cells_that_compare_with_the_same_fact_are_taken_together() -> None:
    assert checked(made("U n | b => fee\n< m | - => 1\n= m | true => 2\nm | false => 3\n> m | - => 4")).findings == ()
    assert checked(made("U s => fee\nt => 1\nnot(t) => 2", facts=TYPES | {"t": STRING})).findings == ()
    found = only(checked(made("U n => fee\n<= m => 1\n>= m => 2")), Kind.OVERLAP)
    assert found.region == (("n", "m"),) and found.severity is Severity.ERROR
    assert only(checked(made("F n => fee\n< m => 1\n>= m => 2\n!= m => 3")), Kind.NEVER).rows == (3, 1, 2)


def test_a_table_inside_knowledge_is_checked_with_its_parameters_as_facts() -> None:
    body = made("U n => fee\n< 5 => 1\n> 5 => 2")
    knowledge = KnowledgeModel("scale", FunctionLogic((("n", NUMBER),), body), id="k")
    node = DecisionNode("fee", None, id="fee", knowledge=("k",))
    gap = only(check(Table(Model("m", decisions=(node,), knowledge=(knowledge,)), node)), Kind.GAP)
    assert gap.decision == "scale" and gap.region == (("n", "5"),) and gap.severity is Severity.ERROR


def test_another_decisions_outcome_has_only_the_values_its_table_gives() -> None:
    first = DecisionNode("s", made('U b => s\ntrue => "a"\nfalse => "b"'), id="s", requires=("b",))
    second = DecisionNode("fee", made('U s => fee\n"a" => 1\n"b" => 2'), id="fee", requires=("s",))
    model = Model("m", inputs=(InputData("b", BOOLEAN, id="b"),), decisions=(first, second))
    assert check(Table(model, second)).findings == ()
    less = replace(second, logic=made('U s => fee\n"a" => 1'))
    gap = only(check(Table(replace(model, decisions=(first, less)), less)), Kind.GAP)
    assert gap.region == (("s", 'not("a")'),) and gap.severity is Severity.WARNING


def test_a_column_may_be_compared_with_another_decisions_outcome() -> None:
    first = DecisionNode("m", made("U b => m\ntrue => 1\nfalse => 2"), id="m", requires=("b",))
    second = DecisionNode("fee", made("U n => fee\n< m => 1\n> m => 2"), id="fee", requires=("m", "n"))
    model = Model(
        "m", inputs=(InputData("b", BOOLEAN, id="b"), InputData("n", NUMBER, id="n")), decisions=(first, second)
    )
    gap = only(check(Table(model, second)), Kind.GAP)
    assert gap.region == (("n", "m"),) and gap.severity is Severity.WARNING and "not sure" in str(gap)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("d", '> "2026-01-31"', "of type date, and this is of type string"),
        ("d", '> date("31.01.2026")', "compares with what has no value"),
        ("d", '[date("2026-01-01")..date("2026-02-30")]', "compares with what has no value"),
        ("s", "> 2", "of type string, and this is of type number"),
        ("s", '"a" or "b"', "compares with what has no value"),
        ("s", '"a", 5', "of type string, and this is of type number"),
        ("n", 'not("5")', "of type number, and this is of type string"),
        ("b", '"true"', "of type boolean, and this is of type string"),
    ],
)
def test_a_cell_that_does_not_fit_its_column_is_told(column: str, cell: str, said: str) -> None:
    found = only(checked(made(f"F {column} => fee\n{cell} => 1\n- => 2")), Kind.TEST)
    assert found.rows == (1,) and found.severity is Severity.ERROR
    assert said in str(found) and cell in str(found)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("d", 'date and time("2026-01-31T12:00:00")'),
        ("d", "< today()"),
        ("n", "null"),
        ("n", "not(null)"),
        ("n", "[1, 2, null]"),
        ("n", "[1..5]"),
        ("n", "< m"),
        ("s", 'starts with(?, "a")'),
        ("s", '"a", "b"'),
    ],
)
def test_a_cell_that_some_value_of_its_column_can_meet_is_left_alone(column: str, cell: str) -> None:
    assert checked(made(f"F {column} => fee\n{cell} => 1\n- => 2")).of(Kind.TEST) == ()
