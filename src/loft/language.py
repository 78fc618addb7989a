"""Texts in bokmål, nynorsk and English, for rooms with and without Django.

English is the language of the source; ``locale/<language>/LC_MESSAGES/django.po`` holds the other two. Django reads the
same catalogue, so a text is translated once. The language is a context variable: a web request, a terminal command and a
notebook each have their own.
"""

import gettext as _gettext
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
LOCALE = Path(__file__).parent / "locale"


def preferred(environment: dict[str, str] | None = None) -> str:
    """The language of ``LOFT_LANGUAGE``, else of the terminal (``LC_ALL``, ``LANG``), else English."""
    environment = dict(os.environ) if environment is None else environment
    for variable in ("LOFT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = environment.get(variable, "")[:2].lower()
        code = "nb" if code == "no" else code
        if code in LANGUAGES:
            return code
    return "en"


_language: ContextVar[str] = ContextVar("language", default=preferred())


def language() -> str:
    """The language in force: ``nb``, ``nn`` or ``en``."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Texts inside the block are in *code*. Raises ``ValueError`` for a language that is not in ``LANGUAGES``."""
    if code not in LANGUAGES:
        raise ValueError(f"{code!r} is not a language here; choose one of {', '.join(LANGUAGES)}")
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    return _gettext.translation("django", LOCALE, [code], fallback=True)


def gettext(text: str) -> str:
    """*text* in the language in force; the English text itself where no translation exists."""
    return _catalogue(_language.get()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural form for *count*, in the language in force."""
    return _catalogue(_language.get()).ngettext(one, many, count)


def mark(text: str) -> str:
    """*text* unchanged: marks a text for translation where it is defined; ``gettext`` translates it where it is shown."""
    return text


def short_name(text: str, otherwise: str) -> str:
    """*text* as it stands in addresses: at most 60 small letters, digits and hyphens; *otherwise* where none is left."""
    text = text.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or otherwise
