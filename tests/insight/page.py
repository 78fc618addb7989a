"""docs/questions.md: what each question means, made from the forms of its tables, its docstring and its specifications.

``python -m tests.insight.page`` writes the page again; a test fails when it is not up to date.
"""

import inspect
import re
from pathlib import Path

from loft import insight
from loft.insight import Kind, movement, paths, time, whole
from loft.insight.gate import Form
from tests.insight.specifications import LOGS, SPECIFICATIONS, Specification

PAGE = Path(__file__).parents[2] / "docs" / "questions.md"
FORMS: dict[str, tuple[Form, ...]] = {
    "overview": (whole.OVERVIEW,),
    "doors": (whole.DOORS, whole.DOORS_BY_SERVICE, whole.DOORS_BY_MONTH),
    "handovers": (movement.HANDOVERS,),
    "waits": (time.WAITS, time.WAITS_BY_REASON),
    "bounces": (movement.BOUNCES,),
    "rework": (time.REWORK,),
    "throughput": (whole.THROUGHPUT,),
    "variants": (paths.VARIANTS,),
    "directly_follows": (movement.DIRECTLY_FOLLOWS,),
    "journey_map": (paths.NODES, paths.ARCS),
    "bottlenecks": (movement.BOTTLENECKS,),
    "units": (time.UNITS,),
    "compare": (),
}
"""The questions in the order of the page, each with the forms of its tables."""

KINDS = {
    Kind.TEXT: "text",
    Kind.COUNT: "whole number",
    Kind.DAYS: "days",
    Kind.SHARE: "share, 0 to 1",
    Kind.NUMBER: "number",
    Kind.DATE: "day",
    Kind.MONTH: "month, by its first day",
}

INTRODUCTION = """# Questions

Each question takes a log and a [selection of cases](decisions/001-store-and-selection.md) and returns a small table, which has passed
[the gate](decisions/003-the-gate.md). Words are explained in the [glossary](../GLOSSARY.md). All times are days of
24 hours. Means and totals are exact;
a median or another percentile of waits is the lowest time that at least that share of the waits do not exceed, read from
[a histogram](decisions/002-percentiles-from-a-histogram.md). Durations of cases are whole days, and cases still open count for as long as
they have been seen (Kaplan–Meier).

The examples are tests: they run on DuckDB, PostgreSQL and Spark, with the gate open since the logs are tiny. Their times are days after
1 January 2024, `close` is the ending, and a figure is rounded to four decimals. This page is made from the code
(`python -m tests.insight.page`).

## The logs of the examples

`permits`: *a* was checked by the desk, sent to the expert, to the person, and back; *b* went straight through; *c* is still open; *d* met
the expert alone.

{permits}

`queue`: ten cases, of which four are still open. Its last moment is day 20.

{queue}
"""


def page() -> str:
    """The whole page."""
    introduction = INTRODUCTION.format(**{name: table(text) for name, text in LOGS.items()})
    return introduction + "\n" + "\n".join(section(question) for question in FORMS)


def table(text: str) -> str:
    """A table of text as Markdown."""
    first, *rest = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (first, ["---"] * len(first), *rest))


def section(question: str) -> str:
    examples = [s for s in SPECIFICATIONS if s.ask.question == question]
    parts = [f"## {question}", paragraphs(inspect.getdoc(getattr(insight, question)) or "")]
    parts += [columns(form) for form in FORMS[question]]
    return "\n\n".join([*parts, *map(example, examples)]) + "\n"


def paragraphs(docstring: str) -> str:
    """A docstring as Markdown; where its lines are folded does not show."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", re.sub(r"``([^`]+)``", r"`\1`", docstring))


def columns(form: Form) -> str:
    told = "column | holds | on the page\n" + "\n".join(
        f"`{c.name}` | {KINDS[c.kind]} | {c.label}" for c in form.columns
    )
    withheld = "is shown without figures" if form.open_keys else "is left out, and counted under the table"
    return f"**{form.title}.** {form.about} A row on too few cases {withheld}.\n\n{table(told)}"


def example(specification: Specification) -> str:
    said = specification.says[0].upper() + specification.says[1:]
    answer = specification.answer
    shown = table(answer) if len(answer.strip().splitlines()) > 1 else "No rows."
    return f"*{said}.* `{specification.ask}` of `{specification.log}`:\n\n{shown}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
