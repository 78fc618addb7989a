"""A rule as a series of dated versions: the one in force on the case's day decides, and is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from loft.decisions.decision import Decision
from loft.decisions.errors import Place, RuleError
from loft.decisions.examples import SUFFIX
from loft.decisions.model import Head
from loft.decisions.reading import table
from loft.decisions.tables import Table
from loft.language import gettext, mark

FORMS = (".md", ".dmn", ".xml")
NOT_RULES = ("readme.md",)


@dataclass(frozen=True)
class Gap:
    """Days on which no version is in force, the first and the last of them included."""

    first: date
    last: date


@dataclass(frozen=True, eq=False)
class Rule:
    """The versions of one rule, the oldest first; no two are in force on the same day."""

    id: str
    versions: tuple[Table, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Days between two versions on which none is in force."""
        found = []
        for one, other in pairwise(_head(version) for version in self.versions):
            if one.valid_to is not None and other.valid_from is not None:
                gap = Gap(one.valid_to + timedelta(days=1), other.valid_from - timedelta(days=1))
                found += [gap] if gap.first <= gap.last else []
        return tuple(found)

    def at(self, day: date) -> Table:
        """The version in force on *day*. Raises ``RuleError`` with the versions there are, where none is."""
        for version in self.versions:
            if _head(version).in_force(day):
                return version
        told = "; ".join(_told(_head(version)) for version in self.versions)
        raise RuleError(_NONE, Place(self.id), day=day.isoformat(), versions=told)

    def decide(self, facts: Mapping[str, Any], *, at: date) -> Decision:
        """The decision of the version in force on the day *at*; ``decision.table.model.head`` names it. Raises as ``at`` and ``decide``."""
        return self.at(at).decide(facts, at=at)


def rule(path: str | Path, decision: str = "") -> Rule:
    """The rule in a folder of versions, or in one file: of each the decision named, else the one that no other requires.

    Of a folder all ``.md`` and ``.dmn`` files are versions, but for examples and a README. Raises ``RuleError`` for files of different
    rules, versions that are in force on the same day, and a folder without any.
    """
    path = Path(path)
    versions = [table(file, decision) for file in rule_files(path)]
    if not versions:
        raise RuleError(_EMPTY, Place(path.name))
    first = versions[0]
    for other in versions[1:]:
        if not _head(other).rule or _head(other).rule != _head(first).rule:
            ids = [_head(each).rule or "–" for each in (first, other)]
            raise RuleError(_OTHER_RULE, Place(other.model.file), one=ids[1], other=ids[0], file=first.model.file)
    versions.sort(key=lambda version: _head(version).valid_from or date.min)
    for one, later in pairwise(versions):
        _apart(one, later)
    return Rule(_head(first).rule or path.stem, tuple(versions))


def rule_files(path: Path) -> list[Path]:
    """The rule's files: of a folder all in a form of rules, without examples and a README; else the file itself."""
    if not path.is_dir():
        return [path]
    found = [each for each in path.iterdir() if each.suffix.lower() in FORMS and each.is_file()]
    return sorted(each for each in found if not each.name.lower().endswith((SUFFIX, *NOT_RULES)))


def _apart(one: Table, later: Table) -> None:
    """Raises ``RuleError`` where the two are in force on the same day."""
    end, start = _head(one).valid_to, _head(later).valid_from
    if end is None or start is None or start <= end:
        told = {"one": _told(_head(one)), "other": _told(_head(later)), "file": one.model.file}
        raise RuleError(_SAME_DAY, Place(later.model.file), **told)


def _head(version: Table) -> Head:
    return version.model.head


def _told(head: Head) -> str:
    """A version with its period: ``2026-1 (2026-01-01 to 2026-07-31)``."""
    start = head.valid_from.isoformat() if head.valid_from else "…"
    end = head.valid_to.isoformat() if head.valid_to else "…"
    return gettext(_PERIOD) % {"version": head.version or "–", "start": start, "end": end}


_PERIOD = mark("%(version)s (%(start)s to %(end)s)")
_NONE = mark("no version is in force on %(day)s. There are: %(versions)s.")
_EMPTY = mark("there is no rule here. Put files such as 2026.md or 2026.dmn into the folder.")
_OTHER_RULE = mark(
    "this is rule “%(one)s”, and %(file)s is “%(other)s”. Put one rule's versions in a folder, with the same “rule”."
)
_SAME_DAY = mark(
    "this version, %(other)s, is in force on days of %(one)s in %(file)s. Give one of them another period."
)
