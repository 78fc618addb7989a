"""What people add to a change: comments, learning, files, links, breaks in figures; and what the body makes public."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from loft.changes.actions.writing import choice, text, writing
from loft.changes.content import type_of
from loft.changes.models import Attachment, Change, Comment, Learning, Link, UnitBreak
from loft.changes.public import FIELDS
from loft.changes.rules import Actor
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure


def comment(change: Change, said: str, *, actor: Actor, now: datetime) -> Comment:
    """A comment, by anyone."""
    written = text(said, "comment")
    with writing(change, "comment", actor=actor, now=now) as work:
        return Comment.objects.create(change=work.change, text=written, **work.signed)


def learn(change: Change, said: str, *, actor: Actor, now: datetime) -> Learning:
    """What was learned, for those who come after."""
    written = text(said, "learning")
    with writing(change, "learn", actor=actor, now=now) as work:
        return Learning.objects.create(change=work.change, text=written, **work.signed)


def link(change: Change, url: str, *, actor: Actor, now: datetime, title: str = "") -> Link:
    """An address on the web, http or https."""
    address = web_address(url)
    named = text(title, "title", most=200, needed=False)
    with writing(change, "attach", actor=actor, now=now) as work:
        work.told["link"] = True
        return Link.objects.create(change=work.change, url=address, title=named, **work.signed)


def web_address(url: str) -> str:
    """An address that may stand in a link. Raises ``BadInput`` for others, such as ``javascript:…``."""
    address = text(url, "url", most=1000)
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address)
    except ValueError:
        fine = False
    if not fine:
        raise BadInput(mark("%(url)s is no address on the web. Begin it with https://."), url=Figure(address, "text"))
    return address


def attach(change: Change, name: str, content: bytes, *, actor: Actor, now: datetime) -> Attachment:
    """A file. It is kept in the home folder under its SHA-256, outside what the web server serves; its type is told by its content."""
    limit = settings.CONFIGURATION.attachment_limit
    if len(content) > limit:
        raise BadInput(
            mark("%(name)s is larger than %(limit)s MB, the most that is taken."),
            name=Figure(name, "text"),
            limit=Figure(limit / 10**6, "decimal"),
        )
    own_name = file_name(name)
    kind = type_of(content, own_name)
    digest = hashlib.sha256(content).hexdigest()
    with writing(change, "attach", actor=actor, now=now) as work:
        _keep(digest, content)
        work.told |= {"link": False, "bytes": len(content)}
        return Attachment.objects.create(
            change=work.change, name=own_name, sha256=digest, type=kind, size=len(content), **work.signed
        )


def file_name(name: str) -> str:
    """The name of a file without its folders, and without what a name has no use for."""
    return re.sub(r"[^\w.\- ]", "_", Path(name.replace("\\", "/")).name)[-150:].lstrip(".") or "file"


def _keep(digest: str, content: bytes) -> None:
    path = path_of(digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(made).replace(path)


def path_of(digest: str) -> Path:
    """Where the file with that SHA-256 is kept."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise BadInput(mark("%(digest)s is no SHA-256."), digest=Figure(digest, "text"))
    return Path(settings.CONFIGURATION.attachments) / digest[:2] / digest


def tell_break(change: Change, unit: str, on: date, why: str, *, actor: Actor, now: datetime) -> UnitBreak:
    """That the figures of *unit* are not about the same before and after the day *on*; a verdict takes account of it."""
    named, reason = text(unit, "unit", most=200), text(why, "why")
    with writing(change, "tell_break", actor=actor, now=now) as work:
        work.unit = named
        work.told["on"] = on.isoformat()
        return UnitBreak.objects.create(change=work.change, unit=named, on=on, why=reason, **work.signed)


def publish(change: Change, fields: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Choose which fields (of ``loft.changes.public.FIELDS``) the public register shows; none takes the change out of it."""
    chosen = {choice(name, FIELDS, "field") for name in fields}
    with writing(change, "publish", actor=actor, now=now) as work:
        work.write(published=[name for name in FIELDS if name in chosen])
        work.told["fields"] = len(chosen)
