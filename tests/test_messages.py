"""Texts are gathered from code and templates, and holes in the translations are found."""

from pathlib import Path

import pytest

from tools import messages

CODE = """
from loft.language import gettext, mark, ngettext

TITLE = mark("Hand-overs")

def say(name, count):
    return gettext("Hello, {name}").format(name=name) + ngettext("%(count)s door", "%(count)s doors", count) + gettext(name)

def head(name):
    return f"{name} ({gettext('days')})"
"""
PAGE = '{% load i18n %}<h1>{% translate "Journeys" %}</h1>{% blocktranslate %}From {{ unit }}{% endblocktranslate %}'


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project in place of ours."""
    source = tmp_path / "src" / "loft"
    (source / "templates").mkdir(parents=True)
    (source / "code.py").write_text(CODE)
    (source / "templates" / "page.html").write_text(PAGE)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", source)
    return source


def translate(language: str, translations: dict[str, str]) -> None:
    """Fill in translations in a catalogue, by replacing the empty ones that follow each text."""
    path = messages.file_of(language)
    content = path.read_text(encoding="utf-8")
    for english, translated in translations.items():
        assert f'{english}"\n' in content, english
        before, after = content.split(f'{english}"\n', 1)
        content = before + f'{english}"\n' + after.replace('""', f'"{translated}"', 1)
    path.write_text(content, encoding="utf-8")


ALL = {
    "Hand-overs": "Overleveringer",
    "Hello, {name}": "Hei, {name}",
    "days": "dager",
    "Journeys": "Reiser",
    "From %(unit)s": "Fra %(unit)s",
}


def translate_all(language: str, **other: str) -> None:
    translate(language, {**ALL, **other})
    path = messages.file_of(language)
    content = path.read_text(encoding="utf-8")
    content = content.replace('msgstr[0] ""', 'msgstr[0] "%(count)s dør"').replace(
        'msgstr[1] ""', 'msgstr[1] "%(count)s dører"'
    )
    path.write_text(content, encoding="utf-8")


def test_texts_are_gathered_from_code_and_templates() -> None:
    found = {messages._key(message) for message in messages._messages(messages.texts())}
    assert found == {"Hand-overs", "Hello, {name}", "%(count)s door", "days", "Journeys", "From %(unit)s"}


def test_a_text_without_a_translation_is_a_problem() -> None:
    messages.gather()
    problems = list(messages.problems())
    assert sum("'Journeys'" in problem and "has no translation" in problem for problem in problems) == 2
    assert messages.main(["--check"]) == 1


def test_a_full_catalogue_passes() -> None:
    messages.gather()
    translate_all("nb")
    translate_all("nn")
    assert list(messages.problems()) == []
    assert messages.main(["--check"]) == 0


def test_other_placeholders_are_a_problem() -> None:
    messages.gather()
    translate_all("nb", **{"Hello, {name}": "Hei, {navn}"})
    translate_all("nn")
    assert [problem for problem in messages.problems() if "other placeholders" in problem] == list(messages.problems())
    assert len(list(messages.problems())) == 1


def test_gathering_again_keeps_translations_and_drops_what_is_gone(project: Path) -> None:
    messages.gather()
    translate_all("nb")
    translate_all("nn")
    first = messages.file_of("nb").read_bytes()
    messages.gather()
    assert messages.file_of("nb").read_bytes() == first

    (project / "templates" / "page.html").write_text('{% load i18n %}{% translate "Waits" %}')
    assert {problem.split(":")[0] for problem in messages.problems()} == {"nb", "nn"}
    messages.gather()
    content = messages.file_of("nb").read_text(encoding="utf-8")
    assert "Reiser" not in content
    assert "Overleveringer" in content
    assert [problem for problem in messages.problems() if problem.startswith("nb")] == [
        "nb: 'Waits' (src/loft/templates/page.html) has no translation"
    ]
