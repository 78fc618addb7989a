"""Which column of a source plays which part in the log: chosen for each source, never fixed in the code."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from loft.log.errors import LogError

FORMATS = ("xes", "ocel-json", "ocel-xml", "ocel-sqlite", "csv", "parquet", "cloudevents")
ROLES = ("case", "activity", "at", "began", "unit", "service", "actor", "id", "lifecycle")
"""The fields of a mapping that name a column of the source."""


@dataclass(frozen=True)
class Mapping:
    """How the columns of one source become the columns of the log.

    ``case`` to ``lifecycle`` are names of columns (attributes) in the source, or None where the source has none. ``source`` is
    a constant: which system the events come from. ``delimiter`` and ``encoding`` are for text files. ``timestamp_format`` is None for
    ISO 8601, a ``strptime`` pattern, ``epoch seconds`` or ``epoch milliseconds``; ``time_zone`` is for timestamps that carry no
    zone. ``object_type`` is the OCEL object that plays the case. ``endings`` are the activities that close a case (None: not known).
    ``attributes`` are the further columns to keep (None: all).
    """

    format: str
    case: str | None = None
    activity: str | None = None
    at: str | None = None
    began: str | None = None
    unit: str | None = None
    service: str | None = None
    actor: str | None = None
    id: str | None = None
    lifecycle: str | None = None
    source: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    timestamp_format: str | None = None
    time_zone: str = "UTC"
    object_type: str | None = None
    endings: tuple[str, ...] | None = None
    attributes: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise LogError(
                f"Mapping: format {self.format!r} is not known{did_you_mean(self.format, FORMATS)} Choose one of {', '.join(FORMATS)}."
            )

    def but(self, **changes: Any) -> "Mapping":
        """The same mapping with some fields changed. Raises ``LogError`` for a field that a mapping does not have."""
        for name in changes:
            _known(name, "Mapping")
        return replace(self, **changes)

    @classmethod
    def load(cls, path: str | Path) -> "Mapping":
        """The mapping in a TOML file. Raises ``LogError`` naming the key that is unknown or has the wrong type."""
        try:
            content = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise LogError(f"{path}: cannot be read: {error.strerror}.") from error
        except (ValueError, RecursionError) as error:
            raise LogError(f"{path}: is not a TOML file: {error}.") from error
        if "format" not in content:
            raise LogError(
                f'{path}: the key format is missing; write for example format = "csv". Choose one of {", ".join(FORMATS)}.'
            )
        return cls(**{key: _checked(key, value, str(path)) for key, value in content.items()})

    def save(self, path: str | Path) -> None:
        """Write the mapping as a TOML file that ``load`` reads; fields that are not set are left out."""
        lines = ["# How the columns of a source become the columns of the log; see docs/log-formats.md"]
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                lines.append(f"{field.name} = [{', '.join(_toml(v) for v in value)}]")
            elif value is not None:
                lines.append(f"{field.name} = {_toml(value)}")
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def columns(self) -> tuple[str, ...]:
        """The columns of the source that play a part, each once."""
        return tuple(dict.fromkeys(name for role in ROLES if (name := getattr(self, role)) is not None))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` Did you mean …?`` for a name close to one that is known, else a full stop; to end a sentence with."""
    near = get_close_matches(name.lower(), [k.lower() for k in known], 1, 0.6)
    return f". Did you mean {next(k for k in known if k.lower() == near[0])!r}?" if near else "."


_LISTS = ("endings", "attributes")


def _known(name: str, where: str) -> None:
    names = [field.name for field in fields(Mapping)]
    if name not in names:
        raise LogError(
            f"{where}: {name!r} is not a key of a mapping{did_you_mean(name, names)} The keys are {', '.join(names)}."
        )


def _checked(key: str, value: Any, where: str) -> Any:
    _known(key, where)
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise LogError(f'{where}: {key} must be a list of texts, such as {key} = ["closed"], and is {value!r}.')
        return tuple(value)
    if not isinstance(value, str):
        raise LogError(f'{where}: {key} must be a text in quotes, such as {key} = "name", and is {value!r}.')
    return value


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'


@dataclass(frozen=True)
class SourceColumn:
    """A column of a file: its name, what it holds (text, whole number, decimal, true or false, time) and a few values."""

    name: str
    type: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A guessed mapping with what it rests on.

    ``columns`` are all columns of the file; ``preview`` are the first events as the mapping would import them, column → value;
    ``reasons`` say for each field of the mapping why; ``notes`` say what was assumed and what is wrong so far.
    """

    mapping: Mapping
    columns: tuple[SourceColumn, ...]
    preview: tuple[dict[str, Any], ...]
    reasons: dict[str, str]
    notes: tuple[str, ...]


def propose(path: str | Path, *, format: str | None = None, mapping: Mapping | None = None) -> Proposal:
    """A mapping for the file, guessed from its beginning, with ten events as they would be imported.

    *format* says what the file is where its content leaves it open. *mapping* is one already chosen: nothing is guessed then, and
    the proposal shows what it makes of the file. Raises ``LogError`` for a file in no format that is known.
    """
    from loft.log.readers.guess import proposal

    return proposal(Path(path), format=format, mapping=mapping)
