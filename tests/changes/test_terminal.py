"""The register in the terminal: from an idea to an export, and what it says when something is wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from loft.changes import actions
from loft.changes.models import Change
from loft.cli import main
from loft.log import open_log
from loft.log.models import Event
from loft.value.verdicts import Word
from tests.changes.conftest import FIELDS, KARI, at, idea, judged

pytestmark = pytest.mark.django_db
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command on the home of the tests, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOFT_HOME", str(settings.CONFIGURATION.home))
    monkeypatch.setenv("LOFT_NAME", "Kari Nordmann")

    def call(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="loft")
        assert result.exit_code == code, result.output + repr(result.exception)
        assert "Traceback" not in result.output
        return result

    return call


def test_from_an_idea_to_a_start(run: Run, tmp_path: Path) -> None:
    name = run("change", "propose", "Én dør", "--why", "Folk sendes rundt.", "--by", "Kari").output.strip()
    fields = {**FIELDS, "treated": [["Nes", "2020-03-01"]], "last": "2030-01-01", "draw": {}}
    (tmp_path / "plan.json").write_text(json.dumps(fields), encoding="utf-8")
    assert "12 fields" in run("change", "plan", name, "plan.json").output
    locked = run("change", "lock", name)
    assert "never value" in locked.output
    assert "It was planned to start 2020-03-01" in run("change", "start", name, "Nes", "--on", "2020-03-02").output
    assert "This breaks the plan: Dal was to stay" in run("change", "start", name, "Dal", "--on", "2020-03-02").output
    assert "Amend the plan first" in run("change", "start", name, "Ås", code=1).output
    change = Change.named(name)
    assert change is not None
    assert (change.proposer, change.stage) == ("Kari", "started")
    assert change.plan is not None
    assert change.plan.hash in locked.output
    assert name in run("change", "list", "--stage", "started").output
    assert run("change", "list", "--stage", "idea", "--json").output.strip() == "[]"
    shown = run("change", "show", name).output
    assert "Folk sendes rundt." in shown
    assert change.plan.hash in shown
    assert json.loads(run("change", "show", name, "--json").output)["plans"][0]["hash"] == change.plan.hash


def test_the_register_is_told_a_persons_name_or_nothing_is_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("change", "propose", "Én dør", "--why", "Folk sendes rundt.")
    run(*asked)
    monkeypatch.delenv("LOFT_NAME")
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    assert "Say who does it: --by NAME, or set LOFT_NAME" in run(*asked, code=1).output
    monkeypatch.setattr("getpass.getuser", lambda: "eva")
    run(*asked)
    assert sorted(Change.objects.values_list("proposer", flat=True)) == ["Kari Nordmann", "eva"]


def test_an_idea_without_words_says_in_words_what_is_missing(run: Run) -> None:
    assert "Say what to do differently" in run("change", "propose", " ", "--why", "Fordi", code=2).output
    assert "--why is empty" in run("change", "propose", "Én dør", "--why", "", code=2).output


def test_a_name_that_is_none_gives_the_nearest(run: Run) -> None:
    change = idea()
    assert f"Did you mean {change.id}?" in run("change", "show", f"{change.id}0", code=1).output
    assert "There is no stage 'ide'" in run("change", "list", "--stage", "ide", code=2).output


def test_a_look_without_a_log_says_so_and_is_logged(run: Run) -> None:
    change = judged(Word.NOT_YET)
    assert "There is no log not-here here" in run("change", "verdict", change.id, code=1).output
    assert change.looks.get().failed.startswith("There is no log")


def test_the_newest_verdict_is_shown_with_its_checks(run: Run) -> None:
    shown = run("change", "show", judged(Word.VALUE).id, "--language", "en").output
    assert "Said by a test." in shown
    assert "✓ In use." in shown


def test_the_register_goes_out_and_in(run: Run, tmp_path: Path) -> None:
    change = judged(Word.VALUE)
    actions.publish(change, ["stage"], actor=KARI, now=at("2025-11-01"))
    for suffix in ("json", "csv"):
        run("change", "export", f"all.{suffix}")
        run("change", "export", f"public.{suffix}", "--public")
        assert KARI.name in (tmp_path / f"all.{suffix}").read_text(encoding="utf-8")
        assert KARI.name not in (tmp_path / f"public.{suffix}").read_text(encoding="utf-8")
        assert "0 new, 0 changed, 1 unchanged." in run("change", "import", f"all.{suffix}").output
        assert "is there already" in run("change", "export", f"all.{suffix}", code=2).output
    assert "must end in .json or .csv" in run("change", "export", "all.xml", code=2).output


def test_wrong_rows_are_told_by_number(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("what,why\nGod,Fordi\nUten,\n", encoding="utf-8")
    said = run("change", "import", "wrong.csv", code=1).output
    assert "Row 3: why is missing" in said
    assert "nothing was taken in" in said
    assert not Change.objects.exists()


def test_the_registers_events_are_a_log_that_can_be_asked(run: Run, tmp_path: Path) -> None:
    change = judged(Word.NOT_YET)
    assert "5 events written" in run("change", "events", "events.parquet").output
    run("change", "events", "events.parquet", "--store", "store")
    actions.stop(change, "Ferdig.", actor=KARI, now=at("2025-11-01"))
    assert "1 new events; store holds 6" in run("change", "events", "events.parquet", "--store", "store").output
    log = open_log(tmp_path / "store")
    assert (log.meta.events, log.meta.cases) == (Event.objects.count(), 1)
    assert {"stage", "word", "plan_hash"} <= set(log.meta.attributes.values())
    assert log.meta.endings == ("change.stopped",)
    log.close()


def test_a_file_that_is_no_certificate_is_refused(run: Run, tmp_path: Path) -> None:
    wrong: dict[str, Any] = {"format": "another"}
    (tmp_path / "c.json").write_text(json.dumps(wrong), encoding="utf-8")
    assert "no certificate" in run("verify", "c.json", code=1).output
    (tmp_path / "c.json").write_text("{", encoding="utf-8")
    assert "is no JSON" in run("verify", "c.json", code=1).output
