"""The questions in a terminal: every form, every filter, every way to be wrong."""

import csv
import io
import json
from pathlib import Path
from xml.parsers import expat

import pytest

import loft
from loft import insight
from loft.cli import main
from tests.cli.conftest import Run, process

QUESTIONS = [
    "journeys",
    "doors",
    "handovers",
    "waits",
    "bounces",
    "rework",
    "throughput",
    "bottlenecks",
    "units",
    "follows",
    "variants",
    "map",
]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_question_of_the_insight_room_has_a_command() -> None:
    asked = {"overview": "journeys", "directly_follows": "follows", "journey_map": "map"}
    questions = [name for name in insight.__all__ if name.islower() and name != "compare"]
    assert [name for name in questions if asked.get(name, name) not in main.commands] == []
    assert sorted(QUESTIONS) == sorted(asked.get(name, name) for name in questions)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_answers_on_the_screen(run: Run, store: Path, question: str) -> None:
    text = run(question, store).stdout
    assert len(text.splitlines()) > 3
    assert "\x1b" not in text


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_answers_as_json_and_csv_with_the_same_rows(run: Run, store: Path, question: str) -> None:
    answer = json.loads(run(question, store, "--json").stdout)
    rows = table(run(question, store, "--csv").stdout)
    assert len(rows) == len(answer["rows"]) > 0
    assert list(rows[0]) == [column["name"] for column in answer["columns"]]
    assert answer["minimum_cases"] == 5


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_can_be_drawn(run: Run, store: Path, question: str) -> None:
    text = run(question, store, "--svg").stdout
    expat.ParserCreate().Parse(text, True)
    assert text.startswith("<svg ")
    assert 'xmlns="http://www.w3.org/2000/svg"' in text


def test_figures_are_those_of_the_insight_room(run: Run, store: Path) -> None:
    told = json.loads(run("handovers", store, "--json").stdout)["rows"]
    assert told == json.loads(loft.handovers(loft.open_log(store)).to_json())["rows"]
    assert [(r["from_unit"], r["to_unit"], r["count"]) for r in told] == [
        ("Desk", "Planning", 80),
        ("Planning", "Desk", 40),
    ]


def test_the_short_answer_is_a_sentence_and_its_numbers(run: Run, store: Path) -> None:
    lines = run("journeys", store).stdout.splitlines()
    assert lines[0] == "cases"
    assert lines[1].replace("\xa0", " ").startswith("Half of the cases are done within 6 days")
    assert any(line.split() == ["Cases", "60"] for line in lines)


@pytest.mark.parametrize("by", ["doors", "service", "month"])
def test_doors_can_be_told_three_ways(run: Run, store: Path, by: str) -> None:
    assert by in run("doors", store, "--by", by, "--csv").stdout.splitlines()[0]


def test_waits_can_be_told_by_what_is_waited_for(run: Run, store: Path) -> None:
    assert (
        "another unit to take over" in run("waits", store, "--by", "reason").stdout
        or "other unit" in run("waits", store, "--by", "reason", "--csv").stdout
    )


def test_top_cuts_and_says_so(run: Run, store: Path) -> None:
    assert "1 of 2 rows; --top 2 shows all." in run("handovers", store, "--top", 1).stdout
    assert len(table(run("handovers", store, "--top", 1, "--csv").stdout)) == 1


def test_the_share_of_the_map_is_chosen(run: Run, store: Path) -> None:
    few = table(run("map", store, "--share", 0.3, "--csv").stdout)
    many = table(run("map", store, "--share", 1, "--csv").stdout)
    assert len(few) < len(many)


@pytest.mark.parametrize(
    ("filters", "cases"),
    [
        (["--from", "2025-07"], "29"),
        (["--until", "2025-06"], "31"),
        (["--from", "2025", "--until", "2025"], "60"),
        (["--service", "grant"], "20"),
        (["--service", "grant", "--service", "permit"], "60"),
        (["--unit", "Planning"], "40"),
        (["--where", "channel=phone"], "30"),
        (["--service", "permit", "--where", "channel=phone"], "20"),
    ],
    ids=" ".join,
)
def test_filters_choose_cases(run: Run, store: Path, filters: list[str], cases: str) -> None:
    assert table(run("journeys", store, *filters, "--csv").stdout)[0]["cases"] == cases


def test_two_periods_are_compared(run: Run, store: Path) -> None:
    periods = ["--from", "2025-01", "--until", "2025-06", "--against-from", "2025-07", "--against-until", "2025-12"]
    [row] = table(run("journeys", store, *periods, "--csv").stdout)
    assert (row["cases_a"], row["cases_b"], row["cases_change"]) == ("29", "31", "2")
    assert "1 January 2025 – 30 June 2025" in run("journeys", store, *periods).stdout.replace("\xa0", " ")
    assert "→" in run("handovers", store, *periods).stdout
    expat.ParserCreate().Parse(run("doors", store, *periods, "--svg").stdout, True)


def test_two_groups_are_compared_within_the_same_period(run: Run, store: Path) -> None:
    chosen = ["--until", "2025-06", "--service", "grant", "--against-service", "permit"]
    [row] = table(run("journeys", store, *chosen, "--csv").stdout)
    assert int(row["cases_a"]) + int(row["cases_b"]) == 31


def test_figures_on_few_cases_are_withheld_and_the_screen_says_so(run: Run, log_file: Path, tmp_path: Path) -> None:
    rare = "".join(
        f"r{n},received,2025-03-0{n}T09:00:00Z,Desk,rare,net\nr{n},stamped,2025-03-09T09:00:00Z,Planning,rare,net\n"
        for n in range(1, 4)
    )
    path = tmp_path / "rare.csv"
    path.write_text(log_file.read_text(encoding="utf-8") + rare, encoding="utf-8")
    text = run("doors", path, "--by", "service").stdout
    [line] = [line for line in text.splitlines() if line.startswith("rare")]
    assert line.split() == ["rare", *["withheld"] * 4]
    assert "Figures on fewer than 5 cases are withheld" in text
    follows = run("follows", path).stdout
    assert "too few cases" in follows
    assert "stamped" not in follows


def test_the_minimum_can_be_raised_but_not_lowered(run: Run, store: Path) -> None:
    assert json.loads(run("doors", store, "--minimum", 30, "--json").stdout)["minimum_cases"] == 30
    assert "4 is lower" in run("doors", store, "--minimum", 4, code=1).stderr


def test_a_file_is_asked_directly(run: Run, log_file: Path) -> None:
    assert table(run("journeys", log_file, "--csv").stdout)[0]["cases"] == "60"
    assert list(Path().iterdir()) == []


def test_the_answer_goes_to_a_file_whose_name_says_the_form(run: Run, store: Path) -> None:
    for name in ("a.csv", "a.json", "a.svg", "a.txt"):
        assert run("handovers", store, "-o", name).stdout == ""
    assert table(Path("a.csv").read_text(encoding="utf-8"))[0]["from_unit"] == "Desk"
    assert json.loads(Path("a.json").read_text(encoding="utf-8"))["name"] == "handovers"
    expat.ParserCreate().Parse(Path("a.svg").read_bytes(), True)
    assert "Hand-overs between units" in Path("a.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", ["nb", "nn", "en"])
def test_the_language_decides_how_numbers_are_written(run: Run, store: Path, code: str) -> None:
    text = run("waits", store, "--language", code).stdout
    assert ("," in text.splitlines()[-1]) is (code != "en") or code == "en"
    assert json.loads(run("waits", store, "--language", code, "--json").stdout)["rows"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["jorneys"], 2, "Did you mean 'journeys'?"),
        (["journeys", "--frm", "2025"], 2, "--from"),
        (["journeys", "nowhere"], 1, "There is no log in nowhere. Import one"),
        (["journeys", "{store}", "--url", "spark:///x"], 2, "Name one log, not 2"),
        (["journeys", "--url", "oracle://x/y"], 1, "is not an engine here"),
        (["journeys", "{store}", "--from", "soon"], 2, "'soon' is not a day"),
        (["journeys", "{store}", "--from", "2025-13"], 2, "'2025-13' is not a day"),
        (["journeys", "{store}", "--from", "2026", "--until", "2025"], 1, "before it begins"),
        (["journeys", "{store}", "--unit", "Dsk"], 1, "Did you mean 'Desk'?"),
        (["journeys", "{store}", "--service", "grnt"], 1, "Did you mean 'grant'?"),
        (["journeys", "{store}", "--where", "chanel=net"], 1, "Did you mean 'channel'?"),
        (["journeys", "{store}", "--where", "channel"], 2, "NAME=VALUE"),
        (["doors", "{store}", "--by", "week"], 2, "'week' is not one of"),
        (["map", "{store}", "--share", "0"], 2, "0"),
        (["doors", "{store}", "--top", "0"], 2, "x>=1"),
        (["doors", "{store}", "-o", "nowhere/a.csv"], 1, "nowhere/a.csv: No such file or directory."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_said_on_standard_error(
    run: Run, store: Path, arguments: list[str], code: int, said: str
) -> None:
    result = run(*(argument.format(store=store) for argument in arguments), code=code)
    assert said in result.stderr
    assert result.stdout == ""


def test_a_damaged_store_is_told_in_a_sentence(run: Run, tmp_path: Path, log_file: Path) -> None:
    run("import", log_file, "-q", "--store", "mine")
    [meta] = (tmp_path / "mine").rglob("meta.json")
    meta.write_text("{", encoding="utf-8")
    assert "damaged" in run("journeys", "mine", code=1).stderr


def test_a_reader_that_stops_listening_is_no_error(store: Path, tmp_path: Path) -> None:
    import os
    import subprocess

    from tests.cli.conftest import program

    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            program("follows", store, "--csv"),
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=tmp_path,
        )
    finally:
        os.close(writing)
    assert done.stderr == ""


def test_a_fault_of_the_program_is_one_line_unless_asked_for_more(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise TypeError("a fault")

    monkeypatch.setattr("loft.insight.handovers", broken)
    assert "TypeError: a fault" in run("handovers", store, code=1).stderr
    monkeypatch.setenv("LOFT_DEBUG", "yes")
    with pytest.raises(TypeError):
        from click.testing import CliRunner

        CliRunner().invoke(main, ["handovers", str(store)], catch_exceptions=False)


def test_errors_have_no_colour_in_a_pipe(tmp_path: Path) -> None:
    done = process("journeys", "nowhere", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("There is no log in nowhere")
