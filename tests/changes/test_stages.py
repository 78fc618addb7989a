"""What the matter allows at each stage, as a table to be read beside the rules."""

import pytest

from loft.changes.rules import Facts, Stage, can_now

ALLOWED = """
                idea planned locked started in_use value spread stopped paused harm unknown lapsed
describe         x     x      x       x      x      x     x       .      x     x     x       x
assign           x     x      x       x      x      x     x       .      x     x     x       x
plan             u     u      .       u      u      u     u       .      .     u     u       u
lock             .     u      .       u      u      u     u       .      .     u     u       u
amend            .     .      l       l      l      l     l       .      l     l     l       l
start            x     x      x       x      x      x     x       .      .     x     x       x
end              .     .      .       x      x      x     x       .      x     x     x       x
record_verdict   .     .      .       l      l      l     l       .      .     l     l       l
spread           .     .      .       .      .      x     .       .      .     .     .       .
lapse            .     .      .       .      .      x     x       .      .     .     .       .
note             x     x      x       x      x      x     x       x      x     x     x       x
stop             x     x      x       x      x      x     x       .      x     x     x       x
pause            x     x      x       x      x      x     x       .      .     x     x       x
resume           .     .      .       .      .      .     .       .      x     .     .       .
adjust           .     .      .       x      x      x     x       .      x     x     x       x
tell_gain        x     x      x       x      x      x     x       .      x     x     x       x
comment          x     x      x       x      x      x     x       x      x     x     x       x
publish          x     x      x       x      x      x     x       x      x     x     x       x
"""
"""x: allowed; u: only while no plan is locked; l: only once one is; . never."""


def table() -> list[tuple[str, Stage, str]]:
    head, *lines = ALLOWED.strip().splitlines()
    stages = [Stage[name.upper()] for name in head.split()]
    return [
        (line.split()[0], stage, sign) for line in lines for stage, sign in zip(stages, line.split()[1:], strict=True)
    ]


def test_every_stage_stands_in_the_table() -> None:
    assert {stage for _, stage, _ in table()} == set(Stage)


@pytest.mark.parametrize(("action", "stage", "sign"), table())
def test_what_the_matter_allows(action: str, stage: Stage, sign: str) -> None:
    assert can_now(action, Facts(stage, locked=False)) == (sign in "xu")
    assert can_now(action, Facts(stage, locked=True)) == (sign in "xl")
