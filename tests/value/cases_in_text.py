"""What each measure is of a case, shown: a tiny log, a measure, and the cells it must have on every engine.

Times are days after 1 January 2024. The answers were worked out by hand from the definitions in ``loft.value.measures``.
"""

from dataclasses import dataclass, field
from typing import Any

ENDINGS = ("close", "withdraw")

# a: desk, expert, desk; closed on day 4, opened again by a letter on day 20, and closed on day 21. b: closed at once by the desk.
# c: withdrawn from the expert on day 9, which is its first unit, for nobody knows who received it. d: still open. e: nobody knows any unit.
# f is opened so late that what happens within ten days is not known yet. g closes the log.
PERMITS = """
    case | activity | at    | began | unit   | service | district | score
    a    | apply    | 0     |       | desk   | build   | north    |
    a    | check    | 2     | 1     | desk   | build   |          |
    a    | ask      | 3     |       | expert | build   |          |
    a    | close    | 4     | 3.5   | desk   | build   |          | 2
    a    | letter   | 20    |       | expert | build   |          |
    a    | close    | 21    |       | desk   | build   | south    | 5
    b    | apply    | 0     |       | desk   | build   | south    |
    b    | close    | 0.5   | 0.25  | desk   | build   |          | 4
    c    | apply    | 3     |       |        | move    | north    |
    c    | ask      | 6     |       | expert | move    |          |
    c    | withdraw | 9     |       | expert | move    |          |
    d    | apply    | 4     |       | desk   | move    | north    |
    d    | ask      | 5     |       | expert | move    |          |
    d    | check    | 30    |       | desk   | move    |          |
    e    | apply    | 6     |       |        |         | south    |
    e    | close    | 8     |       |        |         |          |
    f    | apply    | 35    |       | desk   | build   | south    |
    g    | apply    | 36    |       | desk   | build   | south    |
    g    | close    | 40    |       | desk   | build   |          | 1
"""


@dataclass(frozen=True)
class Shown:
    """A measure with its options, and its cells as a table of text."""

    says: str
    measure: str
    answer: str
    options: dict[str, Any] = field(default_factory=dict)


TEN = {"within": 10}
SHOWN = [
    Shown(
        "days go to the last answer, and open cases count for as long as they have been seen",
        "days",
        """
        unit   | day | stratum | age | closed | n
        desk   | 0   | build   | 0   | True   | 1
        desk   | 0   | build   | 21  | True   | 1
        desk   | 4   | move    | 36  | False  | 1
        desk   | 35  | build   | 5   | False  | 1
        desk   | 36  | build   | 4   | True   | 1
        expert | 3   | move    | 6   | True   | 1
        """,
        TEN,
    ),
    Shown(
        "doors are the units met within the days that count",
        "doors",
        """
        unit   | day | stratum | n | total | squares
        desk   | 0   | build   | 2 | 3     | 5
        desk   | 4   | move    | 1 | 2     | 4
        expert | 3   | move    | 1 | 1     | 1
        """,
        TEN,
    ),
    Shown(
        "hand-overs after the days that count do not count",
        "handovers",
        """
        unit   | day | stratum | n | total | squares
        desk   | 0   | build   | 2 | 2     | 4
        desk   | 4   | move    | 1 | 1     | 1
        expert | 3   | move    | 1 | 0     | 0
        """,
        TEN,
    ),
    Shown(
        "they do where more days count",
        "handovers",
        """
        unit   | day | stratum | n | total | squares
        desk   | 0   | build   | 2 | 4     | 16
        desk   | 4   | move    | 1 | 2     | 4
        expert | 3   | move    | 1 | 0     | 0
        """,
        {"within": 30},
    ),
    Shown(
        "a case sent back to a unit that it had left has bounced",
        "bounces",
        """
        unit   | day | stratum | n | total | squares
        desk   | 0   | build   | 2 | 1     | 1
        desk   | 4   | move    | 1 | 0     | 0
        expert | 3   | move    | 1 | 0     | 0
        """,
        TEN,
    ),
    Shown(
        "waiting ends when work begins; a wait that ends too late does not count",
        "waiting",
        """
        unit   | day | stratum | n | total | squares
        desk   | 0   | build   | 2 | 2.75  | 6.3125
        desk   | 4   | move    | 1 | 1     | 1
        expert | 3   | move    | 1 | 6     | 36
        """,
        TEN,
    ),
    Shown(
        "work is known where it is known when it began",
        "working",
        """
        unit   | day | stratum | n | total | squares
        desk   | 0   | build   | 2 | 1.75  | 2.3125
        """,
        TEN,
    ),
    Shown(
        "a case that was opened again was not answered in time",
        "on_time:6",
        """
        unit   | day | stratum | n | total
        desk   | 0   | build   | 2 | 1
        desk   | 4   | move    | 1 | 0
        expert | 3   | move    | 1 | 1
        """,
        TEN,
    ),
    Shown(
        "first contact is an answer within a day by one unit",
        "first_contact",
        """
        unit   | day | stratum | n | total
        desk   | 0   | build   | 2 | 1
        desk   | 4   | move    | 1 | 0
        desk   | 35  | build   | 1 | 0
        desk   | 36  | build   | 1 | 0
        expert | 3   | move    | 1 | 0
        """,
        TEN,
    ),
    Shown(
        "new cases are counted on the day they were opened",
        "volume",
        """
        unit   | day | n | total | squares
        desk   | 0   | 2 | 2     | 2
        desk   | 4   | 1 | 1     | 1
        desk   | 35  | 1 | 1     | 1
        desk   | 36  | 1 | 1     | 1
        expert | 3   | 1 | 1     | 1
        """,
    ),
    Shown(
        "any activity may show a withdrawal",
        "withdrawal:withdraw",
        """
        unit   | day | stratum | n | total
        desk   | 0   | build   | 2 | 0
        desk   | 4   | move    | 1 | 0
        expert | 3   | move    | 1 | 1
        """,
        TEN,
    ),
    Shown(
        "something else after an ending is a case opened again",
        "reopening",
        """
        unit   | day | stratum | n | total
        desk   | 0   | build   | 2 | 1
        desk   | 4   | move    | 1 | 0
        expert | 3   | move    | 1 | 0
        """,
        {"within": 25},
    ),
    Shown(
        "of several answers the last within the days that count is the case's",
        "satisfaction:score",
        """
        unit   | day | stratum | n | total | squares
        desk   | 0   | build   | 2 | 6     | 20
        """,
        TEN,
    ),
    Shown(
        "a logarithm has no place for a case that is still open",
        "log_days",
        """
        unit   | day | stratum | n | total
        desk   | 0   | build   | 2 | 2.351375
        desk   | 36  | build   | 1 | 1.386294
        expert | 3   | move    | 1 | 1.791759
        """,
    ),
    Shown(
        "a unit may be an attribute: the first value that a case has",
        "activity:ask",
        """
        unit  | day | stratum | n | total
        north | 0   | build   | 1 | 1
        north | 3   | move    | 1 | 1
        north | 4   | move    | 1 | 1
        south | 0   | build   | 1 | 0
        south | 6   |         | 1 | 0
        """,
        {"within": 10, "by": "attribute:district"},
    ),
    Shown(
        "services and attributes choose cases, and strata may be an attribute",
        "doors",
        """
        unit   | day | stratum | n | total
        desk   | 4   | north   | 1 | 2
        expert | 3   | north   | 1 | 1
        """,
        {"within": 10, "services": ("move",), "where": (("district", "north"),), "strata": "attribute:district"},
    ),
]
