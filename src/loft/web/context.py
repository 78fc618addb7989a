"""What every page has: the language and its siblings, the colours, the address of the page."""

from typing import Any

from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation

from loft.language import LANGUAGES

COLOURS = ("auto", "light", "dark")
COOKIE = "loft_colours"


def page(request: HttpRequest) -> dict[str, Any]:
    """Variables for ``base.html``."""
    here = request.get_full_path()
    code = translation.get_language() or "nb"
    chosen = request.COOKIES.get(COOKIE, "auto")
    first = request.path_info.split("/", 2)[1]
    others = (
        [(name, LANGUAGES[name], translate_url(here, name)) for name in LANGUAGES if name != code]
        if first in LANGUAGES
        else []
    )
    return {"language": code, "languages": others, "colours": chosen if chosen in COLOURS else "auto", "here": here}
