"""Read a file as an import would, and look at what came."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from loft.log.errors import BadRows
from loft.log.mapping import Mapping, propose
from loft.log.readers import stage


@dataclass(frozen=True)
class Read:
    """The staged events and cases as rows, in the file's order, without the columns that hold nothing at all."""

    events: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    notes: tuple[str, ...]
    columns: list[str]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.events]


def read(path: Path, mapping: Mapping | None = None, bad: BadRows | None = None) -> Read:
    connection = duckdb.connect()
    staged = stage(path, mapping or propose(path).mapping, connection, bad=bad)
    found = connection.execute(f"SELECT * FROM {staged.events} ORDER BY seq")
    columns = [column[0] for column in found.description]
    events = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    cases: list[dict[str, Any]] = []
    if staged.cases:
        found = connection.execute(f'SELECT * FROM {staged.cases} ORDER BY "case"')
        heads = [column[0] for column in found.description]
        cases = [dict(zip(heads, row, strict=True)) for row in found.fetchall()]
    connection.close()
    return Read(events, cases, staged.notes, columns)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
