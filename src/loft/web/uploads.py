"""Logs on their way in: a file is put aside, looked at, imported in the background, and removed."""

import re
import secrets
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from loft.language import speaking
from loft.log import BadRow, BadRows, ImportResult, LogError, Mapping, import_files
from loft.log.progress import Progress

_OLD = 24 * 3600


@dataclass
class Work:
    """An import under way or done. ``share`` is how far it has come (0 to 1), where that is known."""

    slug: str
    name: str
    stage: str = ""
    share: float | None = None
    result: ImportResult | None = None
    error: str = ""
    bad: list[BadRow] = field(default_factory=list)
    bad_count: int = 0

    @property
    def done(self) -> bool:
        return self.result is not None or bool(self.error)


_works: dict[str, Work] = {}
_lock = threading.Lock()


def keep(upload: UploadedFile) -> str:
    """Put an uploaded file aside; returns its token, which is its name in addresses and cannot be guessed."""
    token = secrets.token_urlsafe(18).replace("_", "-")
    folder = settings.CONFIGURATION.uploads / token
    folder.mkdir(parents=True, mode=0o700)
    target = folder / _safe(upload.name or "log")
    source = getattr(upload, "temporary_file_path", None)
    if source:
        shutil.move(source(), target)
    else:
        with target.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
    return token


def _safe(name: str) -> str:
    """The file's own name without anything a path could hide in; its endings are kept."""
    return re.sub(r"[^\w.\- ]", "_", Path(name.replace("\\", "/")).name).lstrip(".")[:150] or "log"


def kept(token: str) -> Path | None:
    """The file with that token; None when it is not there (any longer)."""
    folder = settings.CONFIGURATION.uploads / token
    if not re.fullmatch(r"[A-Za-z0-9-]{20,30}", token) or not folder.is_dir():
        return None
    return next((path for path in folder.iterdir() if path.is_file()), None)


def remove(token: str) -> None:
    """Take the file away."""
    if kept(token):
        shutil.rmtree(settings.CONFIGURATION.uploads / token, ignore_errors=True)


def work(token: str) -> Work | None:
    """The import of the file with that token."""
    return _works.get(token)


def start(token: str, path: Path, mapping: Mapping, *, slug: str, name: str, keep_going: bool) -> None:
    """Import *path* into the log called *slug*, in the background; started twice, it runs once."""
    with _lock:
        held = _works.get(token)
        if held and not held.error:
            return
        _works[token] = Work(slug, name)
    threading.Thread(target=_run, args=(token, path, mapping, keep_going), daemon=True, name=f"import {slug}").start()


def _run(token: str, path: Path, mapping: Mapping, keep_going: bool) -> None:
    mine = _works[token]
    bad = BadRows(keep_going=keep_going)
    try:
        store = settings.CONFIGURATION.logs / mine.slug
        store.parent.mkdir(parents=True, exist_ok=True)
        # What an import says of a file is kept with the log, in English, whatever the language of the one who sent it.
        with speaking("en"):
            result = import_files([path], store, mapping=mapping, name=mine.name, bad=bad, progress=_teller(mine))
        remove(token)
        mine.bad, mine.bad_count = bad.first, bad.count
        mine.result = result
    except LogError as error:
        mine.bad, mine.bad_count = bad.first, bad.count
        mine.error = str(error).split("\n", 1)[0]
    except Exception:
        mine.error = "The import stopped because of a fault in Løft. The log is as it was. The terminal tells more."
        raise


def _teller(mine: Work) -> Progress:
    def tell(stage: str, done: int, total: int | None) -> None:
        mine.stage, mine.share = stage, min(done / total, 1.0) if total else None

    return tell


def sweep(now: float | None = None) -> None:
    """Remove files that were put aside more than a day ago and never imported."""
    now = time.time() if now is None else now  # noqa: TID251 - the server starts here, and files have the clock's times
    folder = settings.CONFIGURATION.uploads
    for old in folder.iterdir() if folder.is_dir() else ():
        if now - old.stat().st_mtime > _OLD:
            shutil.rmtree(old, ignore_errors=True)
