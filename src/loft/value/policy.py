"""The thresholds of the verdict: a versioned file with the date and the source of each value."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure

FOLDER = Path(__file__).parent / "policies"
LATEST = "2026-11"


@dataclass(frozen=True)
class Threshold:
    """A value of the policy, since when it is in force, and where it comes from."""

    value: float
    since: date
    source: str


@dataclass(frozen=True)
class Policy:
    """A policy by its ``id``; ``policy["quiet"]`` is the value of a threshold."""

    id: str
    thresholds: dict[str, Threshold]

    def __getitem__(self, name: str) -> float:
        return self.thresholds[name].value


@cache
def policy(name: str = "") -> Policy:
    """The policy called *name*, the latest for none. Raises ``BadInput`` for one that is not there."""
    name = name or LATEST
    known = sorted(each.stem for each in FOLDER.glob("*.toml"))
    if name not in known:
        raise BadInput(
            mark("There is no policy %(name)s; there are: %(known)s."),
            name=Figure(name, "text"),
            known=Figure(", ".join(known), "text"),
        )
    raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    named = raw.pop("id")
    return Policy(named, {key: Threshold(float(v["value"]), v["since"], v["source"]) for key, v in raw.items()})
