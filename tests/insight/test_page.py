"""The page that defines the questions says what the code says."""

from loft import insight
from loft.insight.gate import Form
from tests.insight.page import FORMS, PAGE, page
from tests.insight.specifications import SPECIFICATIONS


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Make it again: python -m tests.insight.page"


def test_every_question_and_every_form_is_on_the_page() -> None:
    rooms = [getattr(insight, room) for room in ("movement", "paths", "time", "whole")]
    forms = {f.name for room in rooms for f in vars(room).values() if isinstance(f, Form)}
    assert forms == {f.name for known in FORMS.values() for f in known}
    assert set(insight.__all__) - {"Column", "JourneyMap", "Kind", "Table"} == set(FORMS)


def test_every_question_has_a_specification() -> None:
    assert set(FORMS) == {s.ask.question for s in SPECIFICATIONS}
