"""Every question has the same answer on every engine: the one its specification shows."""

import pytest

from loft.log import Log
from tests.insight.conftest import ENGINES, Logs
from tests.insight.specifications import SPECIFICATIONS, Specification
from tests.insight.text import rows_of, said


@pytest.fixture(params=[pytest.param(name, marks=marks) for name, marks in ENGINES.items()])
def logs(request: pytest.FixtureRequest) -> Logs:
    return request.getfixturevalue(f"{request.param}_logs")


@pytest.mark.parametrize("specification", SPECIFICATIONS, ids=lambda s: s.says)
def test_the_answer_is_as_specified(specification: Specification, logs: Logs) -> None:
    log: Log = logs(specification.log).with_gate_open()
    expected = rows_of(specification.answer)
    columns = [cell.strip() for cell in specification.answer.strip().splitlines()[0].split("|")]
    assert said(specification.ask(log), columns) == expected
