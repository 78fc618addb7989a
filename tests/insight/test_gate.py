"""Nothing that rests on fewer cases than the minimum leaves, neither as it stands nor by subtraction."""

import ast
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from loft import insight
from loft.insight import Column, Kind, Table
from loft.insight.choice import TOO_FEW, TOO_NEAR, refusal
from loft.insight.gate import Form, release
from loft.insight.hiding import hidden
from loft.log import EVERYTHING, Log, Selection, open_log
from tests.insight.questions import QUESTIONS, Question
from tests.insight.text import store_of

MINIMUM = 5
SOURCE = Path(insight.__file__).parent.parent


# --- what an adversary can work out ---------------------------------------------------------------------------------


def grid(cells: dict[tuple[int, int], int]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Cases of every pair of keys, 0 where a pair does not occur, and its group in each margin: the whole, the first key, the second."""
    firsts, seconds = ({key[place] for key in cells} for place in (0, 1))
    pairs = [(first, second) for first in sorted(firsts) for second in sorted(seconds)]
    cases = np.array([cells.get(pair, 0) for pair in pairs])
    first, second = (np.array([pair[place] for pair in pairs]) for place in (0, 1))
    return cases, [np.zeros(len(pairs), dtype=int), first, second]


def known_totals(cases: np.ndarray, groups: list[np.ndarray]) -> list[np.ndarray]:
    """The sets of rows (masks) whose total a reader may have.

    The totals of a margin are a table of their own, and that passes the gate too: a total on too few cases is withheld there, with
    another one beside it.
    """
    masks = []
    for group in groups:
        inside = [group == n for n in np.unique(group)]
        totals = np.array([cases[mask].sum() for mask in inside])
        shut = hidden(totals, [np.zeros(len(totals), dtype=int)], MINIMUM)
        masks += [mask for mask, closed in zip(inside, shut, strict=True) if not closed]
    return masks


def worked_out(unknown: np.ndarray, masks: list[np.ndarray]) -> np.ndarray:
    """Which of the *unknown* rows follow from the totals and the rows that are shown: the solved unknowns of a linear system."""
    places, found = np.flatnonzero(unknown), np.zeros(len(unknown), dtype=bool)
    if len(places) and masks:
        _, sizes, rows = np.linalg.svd(np.array([mask[places] for mask in masks], dtype=float))
        rank = int((sizes > 1e-9).sum())
        # An unknown is solved when no solution of the homogeneous system moves it.
        moves = np.abs(rows[rank:]).max(axis=0) if rank < len(places) else np.zeros(len(places))
        found[places[moves < 1e-9]] = True
    return found


CELLS = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(1, 12), min_size=1, max_size=36)


@settings(max_examples=500, deadline=None)
@given(cells=CELLS, margins_known=st.integers(1, 3))
def test_no_withheld_cell_can_be_had_by_subtraction(cells: dict[tuple[int, int], int], margins_known: int) -> None:
    cases, groups = grid(cells)
    groups = groups[:margins_known]
    shut = hidden(cases, groups, MINIMUM)
    assert shut[(cases > 0) & (cases < MINIMUM)].all()
    # Rows of a table with several keys are left out when they are withheld, so a reader cannot tell them from pairs that do not occur.
    unknown = shut | (cases == 0) if margins_known > 1 else shut
    solved = worked_out(unknown, known_totals(cases, groups))
    assert not (solved & (cases > 0) & (cases < MINIMUM)).any()


def test_a_cell_between_two_rings_gets_a_ring_of_its_own() -> None:
    """Each row and column with a withheld cell has two of them, and yet adding and subtracting totals solved for the 4 in the third row."""
    numbers = [33, 10, 16, 7, 24, 22, 17, 5, 8, 4, 28, 25, 15, 8, 27, 13, 27, 1, 12, 37]
    cases, groups = grid({(place // 4, place % 4): number for place, number in enumerate(numbers)})
    solved = worked_out(hidden(cases, groups, MINIMUM), known_totals(cases, groups))
    assert not (solved & (cases < MINIMUM)).any()


def test_the_reader_who_subtracts_would_find_a_cell_withheld_alone() -> None:
    cases, groups = grid({(0, 0): 3, (0, 1): 10, (1, 0): 8, (1, 1): 9})
    assert worked_out(cases < MINIMUM, known_totals(cases, groups)).tolist() == [True, False, False, False]


@settings(max_examples=500, deadline=None)
@given(cells=CELLS, dimensions=st.integers(1, 3))
def test_what_is_withheld_together_is_on_enough_cases(cells: dict[tuple[int, int], int], dimensions: int) -> None:
    cases, groups = grid(cells)
    groups = groups[:dimensions]
    shut = hidden(cases, groups, MINIMUM)
    for mask in known_totals(cases, groups):
        closed = cases[mask & shut]
        assert not len(closed) or closed.sum() >= MINIMUM


@settings(max_examples=200, deadline=None)
@given(cells=CELLS)
def test_nothing_is_withheld_where_every_cell_has_enough(cells: dict[tuple[int, int], int]) -> None:
    cases, groups = grid({key: number + MINIMUM for key, number in cells.items()})
    assert not hidden(cases, groups, MINIMUM).any()


def test_the_smallest_other_cell_is_withheld_with_one_that_is_too_small() -> None:
    assert hidden(np.array([3, 40, 7, 20]), [np.zeros(4, dtype=int)], MINIMUM).tolist() == [True, False, True, False]


def test_two_small_cells_on_too_few_cases_together_take_a_third_along() -> None:
    assert hidden(np.array([1, 2, 40, 30]), [np.zeros(4, dtype=int)], MINIMUM).tolist() == [True, True, False, True]
    assert hidden(np.array([3, 2, 40, 30]), [np.zeros(4, dtype=int)], MINIMUM).tolist() == [True, True, False, False]


def test_in_two_directions_the_small_cell_gets_a_ring_around_it() -> None:
    # Rows and columns of a table: 3 10 20 | 10 11 12 | 20 13 14
    numbers = [3, 10, 20, 10, 11, 12, 20, 13, 14]
    cases, groups = grid({(place // 3, place % 3): number for place, number in enumerate(numbers)})
    shut = hidden(cases, groups, MINIMUM).reshape(3, 3)
    assert shut.tolist() == [[True, True, False], [True, True, False], [False, False, False]]


# --- every question -------------------------------------------------------------------------------------------------

EVENT = st.fixed_dictionaries(
    {
        "case": st.integers(0, 40).map(str),
        "activity": st.sampled_from(["apply", "check", "check", "check", "ask", "close"]),
        "at": st.integers(0, 60),
        "unit": st.sampled_from([None, "desk", "desk", "desk", "expert", "archive"]),
        "service": st.sampled_from([None, "build", "build", "move"]),
        "actor": st.sampled_from([None, "resident"]),
        "channel": st.sampled_from([None, "web", "web", "paper"]),
    }
)


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(events=st.lists(EVENT, min_size=20, max_size=200))
def test_no_released_figure_rests_on_too_few_cases(
    events: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    events[0]["activity"] = "close"
    log = open_log(store_of(events, tmp_path_factory.mktemp("gate"), endings=("close",)))
    for name, question in QUESTIONS.items():
        if name.endswith("of the map"):
            continue  # Which variants are on the map hangs on the minimum.
        shut, opened = question(log, EVERYTHING), question(log.with_gate_open(), EVERYTHING)
        truth = {tuple(row[k] for k in shut.keys): row for row in opened.rows()}
        assert len(shut) + shut.dropped == len(opened), name
        for place, (row, withheld) in enumerate(zip(shut.rows(), shut.withheld, strict=True)):
            real = truth[tuple(row[k] for k in shut.keys)]
            figures = {k: v for k, v in row.items() if k not in shut.keys}
            if withheld:
                assert set(figures.values()) <= {None}, name
            else:
                real |= dict.fromkeys(k for k in real if shut.is_withheld(place, k))
                assert row == real, name
                assert real["cases"] >= MINIMUM, name
    log.close()


# --- selections -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """30 cases on 30 days from 1 January; the first 27 through the desk and about building, the last 3 through the
    archive and about moving."""
    events = [
        {"case": f"{n:02}", "activity": "close", "at": n, "unit": "desk" if n < 27 else "archive",
         "service": "build" if n < 27 else "move", "channel": "web" if n < 15 else "paper"}
        for n in range(30)
    ]  # fmt: skip
    return open_log(store_of(events, tmp_path_factory.mktemp("selections"), endings=("close",)))


def january(first: int, last: int) -> Selection:
    return Selection(date(2024, 1, first), date(2024, 1, last))


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        (EVERYTHING, None),
        (january(1, 15), None),
        (january(1, 30), None),
        (Selection(where=(("channel", "web"),)), None),
        (january(1, 3), TOO_FEW),
        (Selection(services=("move",)), TOO_FEW),
        # The three that a choice leaves out could be had from the whole by subtraction.
        (january(1, 27), TOO_NEAR),
        (january(3, 30), TOO_NEAR),
        (Selection(services=("build",)), TOO_NEAR),
        (Selection(units=("desk",)), TOO_NEAR),
        # Each condition is taken away in turn: these leave out many, but one of them only a few.
        (january(10, 30).but(units=("desk",)), TOO_NEAR),
        (Selection(where=(("channel", "paper"),), units=("desk",)), TOO_NEAR),
        (january(10, 28), TOO_NEAR),
        # The three that both leave out are left out by neither alone.
        (Selection(services=("build",), units=("desk",)), TOO_NEAR),
        (january(1, 15).but(services=("build",), units=("desk",)), None),
        (january(10, 30).but(services=("build",), units=("desk",)), TOO_NEAR),
        # With and without one of several, the difference is three cases.
        (january(10, 30).but(services=("build", "move")), TOO_NEAR),
        (january(1, 15).but(units=("desk", "archive")), None),
    ],
)
def test_a_choice_that_singles_out_a_few_cases_gets_no_figures(
    log: Log, selection: Selection, reason: str | None
) -> None:
    assert refusal(log, selection) == reason
    assert refusal(log.with_gate_open(), selection) is None
    assert_figures(insight.doors(log, selection, by="month"), reason)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_question_keeps_a_refused_choice_to_itself(log: Log, question: Question) -> None:
    assert_figures(question(log, january(1, 27)), TOO_NEAR)
    assert_figures(question(log, january(1, 15)), None, some=False)


def assert_figures(table: Table, reason: str | None, *, some: bool = True) -> None:
    """That a table has figures, or none and says why. *some* False: an answer may be empty of itself."""
    shown = [v for row in table.rows() for k, v in row.items() if k not in table.keys and v is not None]
    assert not (shown and reason)
    assert shown or reason or not some
    assert (reason in table.notes) == (reason is not None)


def test_a_refused_choice_keeps_even_the_names_of_its_rows(log: Log) -> None:
    table = insight.doors(log, Selection(services=("move",)), by="service")
    assert (len(table), table.dropped) == (0, 1)


def test_a_map_of_a_refused_choice_tells_no_coverage(log: Log) -> None:
    assert insight.journey_map(log, january(1, 3)).coverage is None
    assert insight.journey_map(log, january(1, 15)).coverage == 1


def test_the_minimum_can_be_raised_and_not_lowered(log: Log) -> None:
    assert log.minimum == 5
    assert refusal(log.with_minimum(20), january(1, 15)) == TOO_FEW
    with pytest.raises(ValueError, match="5"):
        log.with_minimum(4)


# --- the form of a table --------------------------------------------------------------------------------------------


def test_every_form_counts_the_cases_behind_its_rows() -> None:
    forms = [
        f
        for room in ("movement", "paths", "time", "whole")
        for f in vars(getattr(insight, room)).values()
        if isinstance(f, Form)
    ]
    assert len(forms) >= 14
    for form in forms:
        assert "cases" in [c.name for c in form.columns], form.name
        assert {k for margin in form.margins for k in margin} <= set(form.keys), form.name
        assert () in form.margins, form.name
        # Names beside several totals would tell which pairs occur, and that can be enough to solve for the others.
        assert len(form.margins) == 1 or not form.open_keys, form.name


def test_a_table_without_a_count_of_cases_does_not_leave(log: Log) -> None:
    form = Form("names", "", "", (Column("unit", Kind.TEXT, ""),), ("unit",))
    with pytest.raises(KeyError):
        release(log, EVERYTHING, form, pa.table({"unit": ["desk"]}))


# --- no other way out -----------------------------------------------------------------------------------------------

OUTSIDE = sorted(
    path
    for room in ("web", "charts", "cli", "example", "changes")
    for path in [*SOURCE.glob(f"{room}/**/*.py"), *SOURCE.glob(f"{room}.py")]
)
OF_THE_REGISTER = {"web/pages/changes/history.py", "web/pages/changes/tables.py"}
"""Files that make tables of what the register holds: texts of people, and verdicts that have left the log already."""
WITH_CASES = {"cli/table_cases.py"}
"""The file that tries a rule on the cases of a log; what it counts passes ``let_out``."""
INSIDE_ONLY = {"run", "table", "steps", "cases", "cube", "engine", "with_gate_open"}


def ways_out(code: str) -> list[str]:
    """Where code makes a table of its own, or asks a log for rows: calls like ``Table(…)`` and ``log.run(…)``."""
    found = []
    parts = list(ast.walk(ast.parse(code)))
    # A decision table is a rule, not figures.
    rules = any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("loft.decisions")
        and any(name.name == "Table" for name in node.names)
        for node in parts
    )
    for node in parts:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Table" and not rules:
            found.append(f"line {node.lineno}: Table(…)")
        if isinstance(node, ast.Attribute) and node.attr in INSIDE_ONLY and _is_log(node.value):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            ("loft.log.engine", "loft.insight.source", "loft.insight.cases")
        ):
            found.append(f"line {node.lineno}: from {node.module}")
    return found


def _is_log(node: ast.expr) -> bool:
    """Whether an expression is, by its name, a log: ``log``, ``self.log``, ``open_log(…)``."""
    name = {ast.Name: "id", ast.Attribute: "attr"}.get(type(node))
    if name:
        return str(getattr(node, name)).lower().endswith("log")
    return isinstance(node, ast.Call) and _is_log(node.func)


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_room_but_insight_has_a_way_to_figures(path: Path) -> None:
    found = ways_out(path.read_text(encoding="utf-8"))
    if str(path.relative_to(SOURCE)) in OF_THE_REGISTER:
        found = [way for way in found if not way.endswith(": Table(…)")]
    if str(path.relative_to(SOURCE)) in WITH_CASES:
        found = [way for way in found if not way.endswith(": from loft.insight.cases")]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "Table('a', 'b')",
        "log.run(x)",
        "self.log.steps()",
        "open_log(url).table('cases')",
        "from loft.log.engine import connect",
    ],
)
def test_a_way_out_is_found(code: str) -> None:
    assert len(ways_out(code)) == 1
