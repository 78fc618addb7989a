"""The addresses of the pages of changes: those that read, and those that write."""

from django.utils import translation
from django.utils.functional import lazy


def spoken(nb: str, en: str) -> str:
    """A piece of address in bokmål and nynorsk, or in English."""
    return lazy(lambda: en if translation.get_language() == "en" else nb, str)()
