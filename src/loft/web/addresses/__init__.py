"""The addresses of the pages of changes: those that read, and those that write."""

from django.urls import register_converter
from django.utils import translation
from django.utils.functional import lazy


def spoken(nb: str, en: str) -> str:
    """A piece of address in bokmål and nynorsk, or in English."""
    return lazy(lambda: en if translation.get_language() == "en" else nb, str)()


class TableFile:
    """``.csv`` or ``.json``."""

    regex = "csv|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableFile, "form")
