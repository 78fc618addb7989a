"""Rows that Python collected, as an Arrow table whose columns have one type each."""

import json
from typing import Any

import pyarrow as pa

from loft.log.errors import LogError
from loft.log.limits import Limits
from loft.log.readers.raw import Column

_TYPES = ((bool, pa.bool_(), "BOOLEAN"), (int, pa.int64(), "BIGINT"), (float, pa.float64(), "DOUBLE"))


def table(
    seq: list[int], rows: list[dict[str, Any]], texts: tuple[str, ...], limits: Limits, file: str
) -> tuple[pa.Table, dict[str, Column]]:
    """The rows with the columns ``seq``, c0, c1 …, and what these are called. The columns in *texts* are always there, and always text.

    A column whose values are all whole numbers, numbers or truth values has that type; any other is text, nested values as JSON.
    """
    names = list(dict.fromkeys([*texts, *(key for row in rows for key in row)]))
    if len(names) > limits.columns:
        raise LogError(f"{file}: has {len(names):,} different attributes; the most that is read is {limits.columns:,}.")
    if max(map(len, names), default=0) > limits.name:
        raise LogError(
            f"{file}: the name of an attribute has more than {limits.name:,} characters, the most that is read."
        )
    arrays, columns = [pa.array(seq, pa.int64())], {}
    for place, name in enumerate(names):
        values = [row.get(name) for row in rows]
        array, kind = _texts(values, limits, file) if name in texts else _typed(values, limits, file)
        arrays.append(array)
        columns[name] = Column(f"c{place}", kind)
    return pa.table(arrays, names=["seq", *(f"c{n}" for n in range(len(names)))]), columns


def _typed(values: list[Any], limits: Limits, file: str) -> tuple[pa.Array, str]:
    kinds = {type(value) for value in values if value is not None}
    for kind, arrow, name in _TYPES:
        if kinds == {kind} or (kind is float and kinds == {int, float}):
            try:
                return pa.array([float(v) if kind is float and v is not None else v for v in values], arrow), name
            except (OverflowError, pa.ArrowInvalid):
                break
    return _texts(values, limits, file)


def _texts(values: list[Any], limits: Limits, file: str) -> tuple[pa.Array, str]:
    if any(isinstance(value, dict | list) and _deep(value, limits.depth) for value in values):
        raise LogError(f"{file}: values are nested deeper than {limits.depth} levels, the most that is read.")
    texts = [None if value is None else plain(value) for value in values]
    longest = max((len(t) for t in texts if t is not None), default=0)
    if longest > limits.field:
        raise LogError(f"{file}: a value has {longest:,} characters; the most that is read is {limits.field:,}.")
    try:
        return pa.array(texts, pa.string()), "VARCHAR"
    except (UnicodeEncodeError, pa.ArrowInvalid) as error:
        raise LogError(f"{file}: a value holds half a character (a lone surrogate): {error}.") from error


def plain(value: Any) -> str:
    """A value as text: texts as they are, everything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError) as error:
        raise LogError(f"A value is nested too deeply or too long to be read: {error}.") from error


def _deep(value: Any, depth: int) -> bool:
    """Whether lists and objects stand inside each other more than *depth* times."""
    level = [value]
    for _ in range(depth):
        level = [
            v
            for outer in level
            for v in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(v, dict | list)
        ]
        if not level:
            return False
    return True
