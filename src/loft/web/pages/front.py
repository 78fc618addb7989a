"""The front page, and the small choices that follow a person: language and colours."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from loft.changes.reading import portfolio_of
from loft.web.context import COLOURS, COOKIE
from loft.web.library import shelf
from loft.web.pages.changes.asking import clock
from loft.web.pages.changes.portfolio import sentence


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The bare address leads to the body's own language."""
    return redirect(f"/{settings.CONFIGURATION.language}/")


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The logs here, the way to bring another, and what has come of the changes."""
    return render(request, "web/front.html", {"logs": shelf(), "changes": sentence(portfolio_of(clock().date()))})


@require_POST
def colours(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or as the device says, and go back to the page."""
    chosen, back = request.POST.get("colours", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    if chosen in COLOURS:
        response.set_cookie(COOKIE, chosen, max_age=365 * 86400, samesite="Strict", httponly=True)
    return response


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or whose cookie is gone."""
    return render(request, "web/refused.html", status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page."""
    return render(request, "web/missing.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """Something is wrong in Løft itself."""
    return render(request, "web/fault.html", status=500)
