"""The certificate as a page: the answer, the plan, the hashes, and nothing that a browser would run."""

from dataclasses import replace

import pytest

from loft.value.certificate import certificate
from loft.value.certificate_page import page
from loft.value.look import verdict
from loft.value.told import rows
from tests.value.offices import town


@pytest.fixture(scope="module")
def shown() -> tuple[str, dict[str, str]]:
    offices = town(-0.2)
    plan = replace(offices.plan, chosen_by="Nearest <b>of all</b>")
    made = verdict(plan, offices.cells, offices.on(300))
    told = certificate(plan, made, None)
    wanted = {
        "plan": plan.hash,
        "cells": made.cells_hash,
        "whole": told["hash"],
        "code": made.code,
        "last": plan.comparison[-1],
    }
    assert len(rows(plan)) > 5
    return page(told, title="Én dør <script>"), wanted


def test_the_page_has_every_hash_and_the_whole_plan(shown: tuple[str, dict[str, str]]) -> None:
    html, wanted = shown
    assert {name: text for name, text in wanted.items() if text not in html} == {}


def test_what_people_wrote_is_only_text(shown: tuple[str, dict[str, str]]) -> None:
    html, _ = shown
    assert "Én dør &lt;script&gt;" in html
    assert "&lt;b&gt;of all" in html
    assert "<script" not in html
    assert "<b>" not in html
    assert "default-src 'none'" in html
