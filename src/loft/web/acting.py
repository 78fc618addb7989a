"""Who acts on the pages: the name that the person at this machine gave once, kept in a signed cookie.

There are no accounts yet, and the pages answer this machine only, so whoever sits here may do everything. The name is for the register:
it stands beside what they write.
"""

from django.core import signing
from django.http import HttpRequest, HttpResponse

from loft.changes.rules import Actor

COOKIE = "loft_name"
MOST = 100
_SALT = "loft.web.acting"
_YEAR = 365 * 86_400


def actor_of(request: HttpRequest) -> Actor:
    """The person at this machine; the name is empty until they have given it."""
    try:
        name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
    except signing.BadSignature:
        name = ""
    return Actor.local(name if isinstance(name, str) else "")


def remember(response: HttpResponse, name: str) -> None:
    """Keep the *name* for a year; an empty one is forgotten."""
    if not name:
        response.delete_cookie(COOKIE, samesite="Strict")
        return
    kept = signing.dumps(name, salt=_SALT)
    response.set_cookie(COOKIE, kept, max_age=_YEAR, samesite="Strict", httponly=True)
