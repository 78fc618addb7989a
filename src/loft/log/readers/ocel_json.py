"""OCEL 2.0 JSON, and the older OCEL 1.0 JSON."""

from pathlib import Path
from typing import Any

from loft.log.errors import LogError
from loft.log.limits import Limits
from loft.log.progress import Progress
from loft.log.readers.json_text import parsed
from loft.log.readers.ocel_log import ObjectEvent, ObjectLog
from loft.log.readers.source import whole

_SAYS: dict[type, str] = {dict: "an object in braces", list: "a list in brackets", str: "a text in quotes"}


def from_json(path: Path, limits: Limits, progress: Progress) -> ObjectLog:
    """The log in an OCEL file. Raises ``LogError`` that names the place where the file is not as the standard says."""
    content = _as(dict, parsed(whole(path, limits, progress), path.name, limits), path.name)
    if any(key.startswith("ocel:") for key in content):
        return _version_1(content, path.name)
    return _version_2(content, path.name)


def _as(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, kind):
        raise LogError(f"{where}: must be {_SAYS[kind]} and is {'missing' if value is None else repr(value)[:80]}.")
    return value


def _text(value: Any, where: str) -> str | None:
    return None if value is None else _as(str, value, where)


def _version_2(content: dict[str, Any], file: str) -> ObjectLog:
    log = ObjectLog()
    for section in ("eventTypes", "objectTypes"):
        for n, kind in enumerate(_as(list, content.get(section, []), f"{file}, {section}"), 1):
            for attribute in _as(
                list,
                _as(dict, kind, f"{file}, {section} {n}").get("attributes", []),
                f"{file}, {section} {n}, attributes",
            ):
                if isinstance(attribute, dict) and attribute.get("type") in ("time", "date"):
                    log.times.add(str(attribute.get("name")))
    for n, entry in enumerate(_as(list, content.get("objects", []), f"{file}, objects"), 1):
        where = f"{file}, object {n:,}"
        name = _as(str, _as(dict, entry, where).get("id"), f"{where}, id")
        if name in log.objects:
            raise LogError(f"{where}: the id {name!r} is already that of another object.")
        log.objects[name] = _as(str, entry.get("type"), f"{where}, type")
        log.changes[name] = [
            (
                _as(str, _as(dict, a, f"{where}, attributes").get("name"), f"{where}, attribute name"),
                str(a.get("time", "")),
                a.get("value"),
            )
            for a in _as(list, entry.get("attributes", []), f"{where}, attributes")
        ]
    for n, entry in enumerate(_as(list, content.get("events"), f"{file}, events"), 1):
        log.events.append(_event(_as(dict, entry, f"{file}, event {n:,}"), f"{file}, event {n:,}"))
    return log


def _event(entry: dict[str, Any], where: str) -> ObjectEvent:
    values = {}
    for attribute in _as(list, entry.get("attributes", []), f"{where}, attributes"):
        name = _as(str, _as(dict, attribute, f"{where}, attributes").get("name"), f"{where}, attribute name")
        values[name] = attribute.get("value")
    related = [
        _as(str, _as(dict, r, f"{where}, relationships").get("objectId"), f"{where}, objectId")
        for r in _as(list, entry.get("relationships", []), f"{where}, relationships")
    ]
    return ObjectEvent(
        _text(entry.get("id"), f"{where}, id"),
        _text(entry.get("type"), f"{where}, type"),
        _text(entry.get("time"), f"{where}, time"),
        values,
        related,
    )


def _version_1(content: dict[str, Any], file: str) -> ObjectLog:
    log = ObjectLog(notes=("The file is OCEL 1.0; it was read like OCEL 2.0.",))
    for name, entry in _as(dict, content.get("ocel:objects", {}), f"{file}, ocel:objects").items():
        where = f"{file}, object {name!r}"
        log.objects[name] = _as(str, _as(dict, entry, where).get("ocel:type"), f"{where}, ocel:type")
        values = _as(dict, entry.get("ocel:ovmap", {}), f"{where}, ocel:ovmap")
        log.changes[name] = [(attribute, "", value) for attribute, value in values.items()]
    for name, entry in _as(dict, content.get("ocel:events"), f"{file}, ocel:events").items():
        where = f"{file}, event {name!r}"
        related = [
            _as(str, r, f"{where}, ocel:omap")
            for r in _as(list, _as(dict, entry, where).get("ocel:omap", []), f"{where}, ocel:omap")
        ]
        activity, time = (_text(entry.get(f"ocel:{key}"), f"{where}, ocel:{key}") for key in ("activity", "timestamp"))
        log.events.append(
            ObjectEvent(
                name, activity, time, dict(_as(dict, entry.get("ocel:vmap", {}), f"{where}, ocel:vmap")), related
            )
        )
    return log
