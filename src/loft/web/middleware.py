"""What every request passes: only this machine, safe headers, the language of the address, errors as pages."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from loft.language import LANGUAGES, gettext, speaking
from loft.log import LogError
from loft.value.errors import BadInput
from loft.web.configuration import is_loopback
from loft.web.templatetags.loft import size as size_of

Next = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_REFUSED = "Løft has no accounts yet, so it answers only on the machine it runs on. Open it there: http://localhost\n"


def this_machine_only(get_response: Next) -> Next:
    """Refuse a caller from elsewhere, and a name that is not this machine's: a page elsewhere could have its own name
    point here (DNS rebinding) and read what the person on this machine may read."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        host = request.META.get("HTTP_HOST", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        caller = request.META.get("REMOTE_ADDR", "")
        if not is_loopback(name) or not is_loopback(caller):
            return HttpResponse(_REFUSED, status=403, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def headers(get_response: Next) -> Next:
    """The headers that keep pages to themselves: no inline script or style, nothing from elsewhere, no framing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


def language(get_response: Next) -> Next:
    """The language is the first part of the address, for Django's texts and for Løft's; elsewhere the body's own."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        first = request.path_info.split("/", 2)[1]
        code = first if first in LANGUAGES else settings.CONFIGURATION.language
        request.LANGUAGE_CODE = code
        with translation.override(code), speaking(code):
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware


def upload_limit(get_response: Next) -> Next:
    """Refuse a body that is larger than the limit before it is read, and text that is longer than a form or the API takes."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not size.isdecimal() or int(size) > settings.CONFIGURATION.upload_limit + 10**5:
            return render(request, "web/too_large.html", {"limit": settings.CONFIGURATION.upload_limit}, status=413)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.content_type != "multipart/form-data" or request.path_info.startswith("/api/"):
            return _too_long(request, limit) if int(size) > limit else get_response(request)
        try:
            _ = request.POST  # Read here, where the answer can still be a page.
        except RequestDataTooBig:
            return _too_long(request, limit)
        return get_response(request)

    return middleware


def _too_long(request: HttpRequest, limit: int) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        said = gettext("The text is too long. Send at most %(limit)s.") % {"limit": size_of(limit)}
        return JsonResponse({"detail": said}, status=413)
    return render(request, "web/too_long.html", {"limit": limit}, status=413)


class errors:  # noqa: N801 - named as the others in MIDDLEWARE
    """What is wrong with a log, a choice or a row of the register becomes a page with the sentence that says so."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, LogError | BadInput) or request.path_info.startswith("/api/"):
            return None
        return render(request, "web/wrong.html", {"sentence": str(error)}, status=400)
