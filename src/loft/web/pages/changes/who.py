"""Who acts here: the name that stands beside what is written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from loft.language import gettext
from loft.web.acting import actor_of, remember
from loft.web.forms import answers, asked
from loft.web.pages.changes.asking import NAME


@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Give the name, or another one; then back to the page that one came from."""
    back = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    field = NAME.holding(actor_of(request).name)
    errors = []
    if request.method == "POST":
        values, errors = answers([field], request)
        if not errors:
            response = redirect(back)
            remember(response, values[NAME.name])
            return response
    context = {
        "title": gettext("Who are you?"),
        "about": gettext(
            "There are no accounts yet, and only this machine gets an answer. The name stands beside what you write in the register."
        ),
        "button": gettext("Save the name"),
        "fields": asked([field], request, errors),
        "errors": errors,
        "next": back,
        "section": "changes",
    }
    return render(request, "web/changes/who.html", context, status=400 if errors else 200)
