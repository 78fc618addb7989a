"""Tables and maps in a notebook."""

from pathlib import Path

import pytest

import loft
from loft.insight.notebook import ROWS, chart
from loft.language import speaking
from loft.log import Log
from tests.cli.conftest import log_text


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    path = tmp_path_factory.mktemp("notebook") / "cases.csv"
    path.write_text(log_text(150), encoding="utf-8")
    return loft.read(path)


def test_a_table_shows_itself_with_its_chart_and_what_it_means(log: Log) -> None:
    html = loft.doors(log)._repr_html_()
    assert html.count("<svg") == 2
    assert "<caption>Doors per case</caption>" in html
    assert "A door is a unit that a case met." in html
    assert '<th scope="row" class="number">1</th><td class="number">50</td>' in html


def test_a_map_shows_itself_drawn(log: Log) -> None:
    html = loft.journey_map(log)._repr_html_()
    assert 'class="arc"' in html
    assert "of the cases is on the map" in html


def test_a_long_table_is_cut_and_says_how_long_it_is(log: Log) -> None:
    table = loft.throughput(log)
    html = table._repr_html_()
    assert len(table) > ROWS
    assert html.count("<tr>") == ROWS + 1
    assert f"{ROWS} of {len(table)} rows" in html


def test_names_are_text_and_never_markup(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(log_text().replace("Planning", "<b>Plan & bygg</b>"), encoding="utf-8")
    html = loft.handovers(loft.read(path))._repr_html_()
    assert "&lt;b&gt;Plan &amp; bygg&lt;/b&gt;" in html
    assert "<b>" not in html


def test_what_the_gate_holds_back_is_said(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        log_text() + "x,received,2025-02-01T08:00:00Z,Desk,rare,net\nx,closed,2025-02-02T08:00:00Z,Archive,rare,net\n",
        encoding="utf-8",
    )
    log = loft.read(path)
    html = loft.units(log)._repr_html_()
    assert '<th scope="row">Archive</th><td class="number">withheld</td>' in html
    assert "Figures on fewer than 5 cases are withheld" in html
    assert "withheld" not in loft.units(log.with_gate_open())._repr_html_()


def test_numbers_follow_the_language(log: Log) -> None:
    with speaking("nb"):
        assert '<td class="number">33,3\u00a0%</td>' in loft.doors(log)._repr_html_()


def test_tables_of_ways_are_drawn_by_how_often(log: Log) -> None:
    drawing = chart(loft.variants(log))
    assert drawing is not None
    assert "1. received → " in drawing.wide
    assert chart(loft.overview(log)) is None
