"""The logs of this Løft, opened when asked for, and the answers they gave, kept until the log changes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from loft.language import short_name
from loft.log import Log, LogError, Store, open_log

_KEPT = 2_000
_lock = threading.Lock()
_open: dict[str, tuple[str, Log]] = {}
_answers: OrderedDict[Hashable, Any] = OrderedDict()


@dataclass(frozen=True)
class Shelved:
    """A log by its short name in addresses; ``log`` is None, and ``wrong`` says why, when it cannot be opened."""

    slug: str
    log: Log | None
    wrong: str = ""


def slug_of(name: str) -> str:
    """The short name of a log in addresses: small letters, digits and hyphens."""
    return short_name(name, "log")


def shelf() -> list[Shelved]:
    """Every log here, by name."""
    folder = settings.CONFIGURATION.logs
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (path / "current").is_file() and path.name == slug_of(path.name):
            try:
                found.append(Shelved(path.name, find(path.name)))
            except LogError as error:
                found.append(Shelved(path.name, None, str(error)))
    return sorted(found, key=lambda s: s.log.meta.name.lower() if s.log else s.slug)


def find(slug: str) -> Log | None:
    """The log called *slug*, as its store is now; None when there is none. Raises ``LogError`` when it is damaged."""
    if slug != slug_of(slug):
        return None
    store = Store(settings.CONFIGURATION.logs / slug)
    snapshot = store.current()
    if snapshot is None:
        return None
    with _lock:
        held = _open.get(slug)
        if held and held[0] == snapshot.name:
            return held[1]
        log = open_log(store.folder).with_minimum(settings.CONFIGURATION.minimum)
        _open[slug] = (log.meta.snapshot, log)
        return log


def answer(slug: str, log: Log, key: Hashable, ask: Any) -> Any:
    """What *ask* returns, kept under the log's snapshot and *key*. Two who ask at once may both do the work."""
    whole = (slug, log.meta.snapshot, log.minimum, key)
    with _lock:
        if whole in _answers:
            _answers.move_to_end(whole)
            return _answers[whole]
    found = ask()
    with _lock:
        _answers[whole] = found
        while len(_answers) > _KEPT:
            _answers.popitem(last=False)
    return found


def forget() -> None:
    """Drop every kept answer and opened log."""
    with _lock:
        _open.clear()
        _answers.clear()
