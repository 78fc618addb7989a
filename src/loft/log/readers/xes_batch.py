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

    def columns(self, length: int) -> tuple[dict[str, pa.Array], int]:
        """Key → column of *length* texts, null where a row lacks the key; of a key given again in a row the last counts.

        Also how many were given again.
        """
        if not self.names:
            return {}, 0
        order = np.argsort(self.code.astype(np.int16 if len(self.names) < 32_000 else np.int64), kind="stable")
        ends = np.cumsum(np.bincount(self.code, minlength=len(self.names)))
        columns, again = {}, 0
        for key, (low, high) in zip(self.names, zip(np.append(0, ends[:-1]), ends, strict=True), strict=True):
            if low == high:
                continue
            chosen = order[low:high]
            place = np.full(length, -1, np.int64)
            place[self.row[chosen]] = chosen
            missing = place < 0
            again += len(chosen) - (length - int(np.count_nonzero(missing)))
            columns[key] = self.value.take(pa.array(place, mask=missing))
        return columns, again

    def tags(self) -> dict[str, set[int]]:
        """Key → the tags it was given with."""
        found: dict[str, set[int]] = {}
        for pair in np.flatnonzero(np.bincount(self.code * len(TAGS) + self.tag)).tolist():
            found.setdefault(self.names[pair // len(TAGS)], set()).add(pair % len(TAGS))
        return found


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
