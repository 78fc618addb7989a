"""Fjordvik's rules hold: nothing is found wrong, examples come out, and both forms and the translations say the same."""

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from loft import decisions
from loft.decisions.examples import examples_of, run
from loft.decisions.versions import rule
from loft.example.rules import FEE, HERE, rules, write_rules
from loft.language import LANGUAGES

FILES = [path for path in sorted(HERE.rglob("*")) if path.suffix in (".md", ".dmn") and "examples" not in path.name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_a_check_finds_nothing(path: Path) -> None:
    report = decisions.table(path).check()
    assert report.exact
    assert [str(finding) for finding in report.findings] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_every_example_comes_out_as_it_says(path: Path) -> None:
    outcomes = run(decisions.table(path), examples_of(path))
    assert len(outcomes) >= 5
    assert [str(outcome) for outcome in outcomes if not outcome.ok] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_every_text_is_there_in_every_language(path: Path) -> None:
    model = decisions.read(path)
    texts = {"title": model.head.title}
    for fact in model.inputs:
        texts |= {f"{fact.name}: label": fact.label, f"{fact.name}: question": fact.question}
        texts |= {f"{fact.name}: why": fact.why} if fact.why else {}
    for decision in model.decisions:
        texts[decision.name] = decision.label
        for number, row in enumerate(getattr(decision.logic, "rows", ()), 1):
            texts |= {f"{decision.name}: row {number}": row.because} if row.because else {}
    assert {what: code for what, text in texts.items() for code in LANGUAGES if not text.get(code)} == {}


def test_the_permit_is_the_same_rule_as_dmn_and_as_text() -> None:
    as_text, as_dmn = (decisions.table(HERE / f"parking-permit{end}") for end in (".md", ".dmn"))
    values = product((True, False), (50, 200, 900), ("driver", "passenger"), (True, False), (True, False, None))
    names = [fact.name for fact in as_text.inputs]
    assert [fact.name for fact in as_dmn.inputs] == names
    for case in values:
        facts = dict(zip(names, case, strict=True))
        one, other = as_text.decide(facts), as_dmn.decide(facts)
        assert (one.status, one.value, one.rows, one.reasons) == (other.status, other.value, other.rows, other.reasons)


def test_the_fee_of_a_day_is_that_of_the_version_in_force() -> None:
    fee, facts = rule(FEE), {"household income": 900_000, "sibling number": 1, "age this year": 3}
    assert fee.gaps == ()
    assert fee.decide(facts, at=date(2026, 7, 31)).value == 2000
    assert fee.decide(facts, at=date(2026, 8, 1)).value == 1500


def test_what_is_written_is_all_that_is_there_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first = write_rules(tmp_path / "one", rng=np.random.default_rng(1), families=50)
    again = write_rules(tmp_path / "two", rng=np.random.default_rng(1), families=50)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert {path.relative_to(HERE).as_posix() for path in rules()} <= {
        part.relative_to(tmp_path / "one").as_posix() for path in first for part in (path, path.parent)
    }
    lines = (tmp_path / "one" / "families.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 51
    assert any(line.split(",")[1] == "" for line in lines)
