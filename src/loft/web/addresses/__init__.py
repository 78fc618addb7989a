"""The addresses of the pages of changes: those that read, and those that write; and which addresses are ours."""

from django.urls import register_converter
from django.utils import translation
from django.utils.functional import lazy
from django.utils.http import url_has_allowed_host_and_scheme


def spoken(nb: str, en: str) -> str:
    """A piece of address in bokmål and nynorsk, or in English."""
    return lazy(lambda: en if translation.get_language() == "en" else nb, str)()


def is_ours(address: str) -> bool:
    """Whether an *address* is of a page here, as a browser would read it: ``/\\elsewhere.example`` is not."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


class TableFile:
    """``.csv`` or ``.json``."""

    regex = "csv|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableFile, "form")
