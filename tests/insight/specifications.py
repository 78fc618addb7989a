"""What each question means, shown: a tiny log, a question, and the answer it must have on every engine.

Times are days after 1 January 2024. The answers were worked out by hand from the definitions in docs/questions.md.
"""

# A table is as wide as its columns.
# ruff: noqa: E501

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from loft import insight
from loft.insight import Table
from loft.log import EVERYTHING, Log, Selection

LOGS = {
    # a: checked by the desk, sent to the expert, to the person, and back. b: straight through. c: still open. d: the expert alone.
    "permits": """
        case | activity | at | began | unit   | service | actor    | channel
        a    | apply    | 0  |       | desk   | build   | resident | web
        a    | check    | 3  | 2     | desk   | build   | employee |
        a    | ask      | 5  |       | expert | build   | employee |
        a    | answer   | 9  |       |        |         | resident | web
        a    | check    | 12 | 11    | desk   |         | employee |
        a    | close    | 12 |       | desk   |         | employee |
        b    | apply    | 1  |       | desk   | build   | resident | paper
        b    | check    | 2  |       | desk   |         | employee |
        b    | close    | 2  |       | desk   |         | system   |
        c    | apply    | 40 |       | desk   | move    | resident | web
        c    | ask      | 44 |       | expert | move    | employee |
        c    | check    | 45 |       | desk   |         | employee |
        d    | apply    | 42 |       | expert | move    | resident | web
        d    | close    | 43 |       | expert | move    | employee |
    """,
    # Ten cases opened on day 0: six close, four are last seen open on day 20, when the last one closes.
    "queue": "case | activity | at\n"
    + "\n".join(
        f"{name} | open | {begin}" for name, begin in zip("abcdefghij", [0] * 6 + [17, 15, 12, 12], strict=True)
    )
    + "\n"
    + "\n".join(f"{name} | close | {end}" for name, end in zip("abcdef", [1, 2, 2, 6, 9, 20], strict=True)),
}
ENDINGS = ("close",)


@dataclass(frozen=True)
class Asked:
    """A question with its selection and options; written as an analyst would write it."""

    question: str
    selection: Selection = EVERYTHING
    options: tuple[tuple[str, Any], ...] = ()
    part: str | None = None

    def __call__(self, log: Log) -> Table:
        found = getattr(insight, self.question)(log, self.selection, **dict(self.options))
        return getattr(found, self.part) if self.part else found

    def __str__(self) -> str:
        told = ["log", *([written(self.selection)] if self.selection else []), *(f"{k}={v!r}" for k, v in self.options)]
        return f"{self.question}({', '.join(told)})" + (f".{self.part}" if self.part else "")


@dataclass(frozen=True)
class Compared:
    """A question asked of two selections."""

    of: str
    a: Selection
    b: Selection
    question: str = "compare"

    def __call__(self, log: Log) -> Table:
        return insight.compare(getattr(insight, self.of), log, self.a, self.b)

    def __str__(self) -> str:
        return f"compare({self.of}, log, {written(self.a)}, {written(self.b)})"


def written(selection: Selection) -> str:
    """A selection as Python, without the fields that are not set."""
    told = (f"{f.name}={value!r}" for f in fields(selection) if (value := getattr(selection, f.name)))
    return f"Selection({', '.join(told)})".replace("datetime.date", "date")


@dataclass(frozen=True)
class Specification:
    """A question to one of ``LOGS`` and the answer: the columns it names must have these values, in this order of rows."""

    says: str
    log: str
    ask: Asked | Compared
    answer: str


def asked(question: str, selection: Selection = EVERYTHING, *, part: str | None = None, **options: Any) -> Asked:
    return Asked(question, selection, tuple(options.items()), part)


JANUARY = Selection(opened_until=date(2024, 1, 31))
FEBRUARY = Selection(opened_from=date(2024, 2, 1))
LATE_FEBRUARY = Selection(opened_from=date(2024, 2, 11), opened_until=date(2024, 2, 20))

SPECIFICATIONS = [
    Specification(
        "the overview counts an open case for as long as it has been seen",
        "permits",
        asked("overview"),
        """
        cases | open_cases | events | first_day  | last_day   | doors_mean | one_door_share | handovers_mean | bounced_share | days_median | days_p90 | wait_share | work_known
        4     | 1          | 14     | 2024-01-01 | 2024-02-12 | 1.5        | 0.5            | 1              | 0.5           | 1           | 12       | 0.8947     | 0.1429
        """,
    ),
    Specification(
        "doors are the different units a case has met",
        "permits",
        asked("doors"),
        """
        doors | cases | share | days_median
        1     | 2     | 0.5   | 1
        2     | 2     | 0.5   | 12
        """,
    ),
    Specification(
        "a case is about the first service it names",
        "permits",
        asked("doors", by="service"),
        """
        service | cases | doors_mean | one_door_share | days_median
        build   | 2     | 1.5        | 0.5            | 1
        move    | 2     | 1.5        | 0.5            | 1
        """,
    ),
    Specification(
        "a month is the month in which a case was opened",
        "permits",
        asked("doors", by="month"),
        """
        month      | cases | doors_mean | one_door_share
        2024-01-01 | 2     | 1.5        | 0.5
        2024-02-01 | 2     | 1.5        | 0.5
        """,
    ),
    Specification(
        "a hand-over looks past a step whose unit is not known, and its wait is the one before the receiver's step",
        "permits",
        asked("handovers"),
        """
        from_unit | to_unit | count | cases | wait_mean | wait_median | wait_p90 | wait_total
        desk      | expert  | 2     | 2     | 3         | 2           | 4        | 6
        expert    | desk    | 2     | 2     | 1.5       | 1           | 2        | 3
        """,
    ),
    Specification(
        "waiting ends when work begins, or when the step is done where nobody knows when work began",
        "permits",
        asked("waits"),
        """
        activity | unit   | count | cases | work_mean | wait_mean | wait_median | wait_p90 | wait_total | share
        check    | desk   | 4     | 3     | 1         | 1.5       | 1           | 2        | 6          | 0.3529
        ask      | expert | 2     | 2     |           | 3         | 2           | 4        | 6          | 0.3529
        answer   |        | 1     | 1     |           | 4         | 4           | 4        | 4          | 0.2353
        close    | expert | 1     | 1     |           | 1         | 1           | 1        | 1          | 0.0588
        apply    | desk   | 3     | 3     |           |           |             |          | 0          | 0
        apply    | expert | 1     | 1     |           |           |             |          | 0          | 0
        close    | desk   | 2     | 2     |           | 0         | 0           | 0        | 0          | 0
        """,
    ),
    Specification(
        "a wait is for whoever ends it: the resident, another unit, or the same unit",
        "permits",
        asked("waits", by="reason"),
        """
        waits_for  | count | cases | wait_mean | wait_median | wait_total | share
        other unit | 4     | 2     | 2.25      | 2           | 9          | 0.5294
        resident   | 1     | 1     | 4         | 4           | 4          | 0.2353
        same unit  | 5     | 3     | 0.8       | 1           | 4          | 0.2353
        """,
    ),
    Specification(
        "a bounce goes back to a unit that the case has left; it was away since that unit's last step",
        "permits",
        asked("bounces"),
        """
        from_unit | unit | count | cases | away_mean | away_total
        expert    | desk | 2     | 2     | 7         | 14
        """,
    ),
    Specification(
        "rework is an activity that the case has had before",
        "permits",
        asked("rework"),
        """
        activity | count | cases | again_mean | again_total
        check    | 1     | 1     | 9          | 9
        """,
    ),
    Specification(
        "the time of a month is told by when half have closed; where that many have not, by nothing",
        "permits",
        asked("throughput"),
        """
        month      | cases | closed | open | p25 | median | p75 | p90
        2024-01-01 | 2     | 2      | 0    | 1   | 1      | 12  | 12
        2024-02-01 | 2     | 1      | 1    | 1   | 1      |     |
        """,
    ),
    # Kaplan–Meier by hand: 1 − 1/10 = 0.9 after day 1; × (1 − 2/9) = 0.7 after day 2; the one last seen on day 3 and the one on day 5 leave;
    # × (1 − 1/5) = 0.56 after day 6; those last seen on day 8 leave with two left; × (1 − 1/2) = 0.28 after day 9; 0 after day 20.
    Specification(
        "open cases leave the count on the day they were last seen and are never dropped",
        "queue",
        asked("throughput"),
        """
        month      | cases | closed | open | p25 | median | p75 | p90
        2024-01-01 | 10    | 6      | 4    | 2   | 9      | 20  | 20
        """,
    ),
    Specification(
        "a log without units has no doors to tell of",
        "queue",
        asked("overview"),
        """
        cases | open_cases | events | doors_mean | one_door_share | handovers_mean | bounced_share | days_median
        10    | 4          | 16     |            |                |                |               | 9
        """,
    ),
    Specification(
        "a variant is a sequence of activities; coverage adds up",
        "permits",
        asked("variants", top=3),
        """
        rank | variant                                          | steps | cases | share | coverage | days_median
        1    | apply → check → ask → answer → check → close     | 6     | 1     | 0.25  | 0.25     | 12
        2    | apply → check → close                            | 3     | 1     | 0.25  | 0.5      | 1
        3    | apply → ask → check                              | 3     | 1     | 0.25  | 0.75     |
        """,
    ),
    Specification(
        "cases with the same sequence are one variant",
        "queue",
        asked("variants"),
        """
        rank | variant      | steps | cases | share | coverage | days_median
        1    | open → close | 2     | 6     | 0.6   | 0.6      | 2
        2    | open         | 1     | 4     | 0.4   | 1        |
        """,
    ),
    Specification(
        "one step follows another directly when nothing of the case came between",
        "permits",
        asked("directly_follows"),
        """
        previous | activity | count | cases | wait_mean | wait_median
        apply    | check    | 2     | 2     | 1.5       | 1
        check    | close    | 2     | 2     | 0         | 0
        apply    | close    | 1     | 1     | 1         | 1
        apply    | ask      | 1     | 1     | 4         | 4
        check    | ask      | 1     | 1     | 2         | 2
        ask      | check    | 1     | 1     | 1         | 1
        ask      | answer   | 1     | 1     | 4         | 4
        answer   | check    | 1     | 1     | 2         | 2
        """,
    ),
    Specification(
        "bottlenecks are ranked by all the days waited between two steps, from the last known unit to the next",
        "permits",
        asked("bottlenecks"),
        """
        previous | activity | from_unit | to_unit | count | cases | wait_total | wait_median | share
        apply    | ask      | desk      | expert  | 1     | 1     | 4          | 4           | 0.2353
        ask      | answer   | expert    |         | 1     | 1     | 4          | 4           | 0.2353
        apply    | check    | desk      | desk    | 2     | 2     | 3          | 1           | 0.1765
        check    | ask      | desk      | expert  | 1     | 1     | 2          | 2           | 0.1176
        answer   | check    | expert    | desk    | 1     | 1     | 2          | 2           | 0.1176
        apply    | close    | expert    | expert  | 1     | 1     | 1          | 1           | 0.0588
        ask      | check    | expert    | desk    | 1     | 1     | 1          | 1           | 0.0588
        check    | close    | desk      | desk    | 2     | 2     | 0          | 0           | 0
        """,
    ),
    Specification(
        "a unit receives, passes on, and gets cases back",
        "permits",
        asked("units"),
        """
        unit   | cases | count | work_mean | wait_mean | wait_total | received | passed_on | bounces
        desk   | 3     | 9     | 1         | 1         | 6          | 2        | 2         | 2
        expert | 3     | 4     |           | 2.3333    | 7          | 2        | 2         | 0
        """,
    ),
    Specification(
        "the map has the steps of the most frequent variants",
        "queue",
        asked("journey_map", part="nodes", share=0.6),
        """
        activity | unit | cases | count | wait_mean
        open     |      | 6     | 6     |
        close    |      | 6     | 6     | 6.6667
        """,
    ),
    Specification(
        "the map has the ways between its steps",
        "queue",
        asked("journey_map", part="arcs", share=0.6),
        """
        previous | activity | count | cases | wait_mean | wait_median
        open     | close    | 6     | 6     | 6.6667    | 2
        """,
    ),
    Specification(
        "two periods stand side by side, with the change from the first to the second",
        "permits",
        Compared("handovers", JANUARY, FEBRUARY),
        """
        from_unit | to_unit | cases_a | cases_b | cases_change | wait_mean_a | wait_mean_b | wait_mean_change
        desk      | expert  | 1       | 1       | 0            | 2           | 4           | 2
        expert    | desk    | 1       | 1       | 0            | 2           | 1           | -1
        """,
    ),
    Specification(
        "what only one of two groups has, has no change",
        "permits",
        Compared("rework", JANUARY, FEBRUARY),
        """
        activity | cases_a | cases_b | cases_change | again_mean_a | again_mean_b | again_mean_change
        check    | 1       |         |              | 9            |              |
        """,
    ),
    Specification(
        "a period chooses the cases opened in it, with all their steps",
        "permits",
        asked("directly_follows", FEBRUARY),
        """
        previous | activity | count | cases | wait_mean | wait_median
        apply    | close    | 1     | 1     | 1         | 1
        apply    | ask      | 1     | 1     | 4         | 4
        ask      | check    | 1     | 1     | 1         | 1
        """,
    ),
    Specification(
        "the days of a period are both included",
        "permits",
        asked("overview", LATE_FEBRUARY),
        """
        cases | events | first_day  | last_day
        1     | 2      | 2024-02-12 | 2024-02-12
        """,
    ),
    Specification(
        "a service chooses the cases about it",
        "permits",
        asked("waits", Selection(services=("move",))),
        """
        activity | unit   | count | cases | wait_total
        ask      | expert | 1     | 1     | 4
        check    | desk   | 1     | 1     | 1
        close    | expert | 1     | 1     | 1
        apply    | desk   | 1     | 1     | 0
        apply    | expert | 1     | 1     | 0
        """,
    ),
    Specification(
        "a unit chooses the cases that met it, with what the other units did",
        "permits",
        asked("units", Selection(units=("expert",))),
        """
        unit   | cases | count
        expert | 3     | 4
        desk   | 2     | 6
        """,
    ),
    Specification(
        "any of several units will do",
        "permits",
        asked("overview", Selection(units=("expert", "desk"))),
        """
        cases | events
        4     | 14
        """,
    ),
    Specification(
        "an attribute of any event chooses its case",
        "permits",
        asked("variants", Selection(where=(("channel", "paper"),))),
        """
        rank | variant               | cases | coverage
        1    | apply → check → close | 1     | 1
        """,
    ),
    Specification(
        "all conditions must hold",
        "permits",
        asked("overview", FEBRUARY.but(units=("desk",), where=(("channel", "web"),))),
        """
        cases | open_cases | events | handovers_mean
        1     | 1          | 3      | 2
        """,
    ),
    Specification(
        "a selection without cases has an empty answer",
        "permits",
        asked("handovers", Selection(opened_from=date(2025, 1, 1))),
        "from_unit | to_unit | count",
    ),
]
