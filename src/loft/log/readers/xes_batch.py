"""Some whole traces of an XES file: which events belong to which trace, and every attribute as (row, key, tag, value)."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

TAGS = ("string", "date", "int", "float", "boolean", "id", "list", "container")
MEANS = ("VARCHAR", "TIMESTAMP", "BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR", "VARCHAR", "VARCHAR")
"""The DuckDB type that an attribute's tag stands for, in the order of ``TAGS``."""


@dataclass(frozen=True)
class Values:
    """Attributes, one element each: ``row`` is the event or trace within the batch, ``code`` the place of the key in ``names``,
    ``tag`` the place in ``TAGS``, ``value`` the text."""

    row: np.ndarray
    code: np.ndarray
    names: list[str]
    tag: np.ndarray
    value: pa.Array

    def columns(self, length: int) -> dict[str, pa.Array]:
        """Key → column of *length* texts, null where a row lacks the key; of a key given twice in a row the last counts."""
        order = np.argsort(self.code, kind="stable")
        ends = np.cumsum(np.bincount(self.code, minlength=len(self.names)))
        columns = {}
        for key, (low, high) in zip(self.names, zip(np.append(0, ends[:-1]), ends, strict=True), strict=True):
            if low == high:
                continue
            chosen = order[low:high]
            place = np.full(length, -1, np.int64)
            place[self.row[chosen]] = chosen
            columns[key] = self.value.take(pa.array(place, mask=place < 0))
        return columns

    def tags(self) -> dict[str, set[int]]:
        """Key → the tags it was given with."""
        together = np.unique(self.code.astype(np.int64) * len(TAGS) + self.tag)
        found: dict[str, set[int]] = {}
        for pair in together.tolist():
            found.setdefault(self.names[pair // len(TAGS)], set()).add(pair % len(TAGS))
        return found

    def twice(self) -> int:
        """How many attributes were given again in the same row."""
        return len(self.row) - len(np.unique(self.row.astype(np.int64) * (len(self.names) or 1) + self.code))


@dataclass(frozen=True)
class Batch:
    """``trace_of`` gives for each event its trace within the batch, or -1 for an event outside any trace."""

    traces: int
    trace_of: np.ndarray
    event_values: Values
    trace_values: Values

    @property
    def events(self) -> int:
        return len(self.trace_of)
