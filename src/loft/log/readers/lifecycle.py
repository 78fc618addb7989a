"""Start and complete of the same work become one event with ``began`` and ``at``."""

from collections import defaultdict, deque

import duckdb
import pyarrow as pa

from loft.log.mapping import Mapping
from loft.log.readers.raw import Raw


def paired(connection: duckdb.DuckDBPyConnection, table: str, raw: Raw, mapping: Mapping) -> list[str]:
    """Pair starts with completes in *table*, first in, first out; gives notes on what was paired and what was not.

    A complete takes the oldest waiting start of the same case, activity and instance (``concept:instance``, where the source has it).
    A start that nothing completes stays an event of its own, as do all other transitions.
    """
    column = raw.columns[str(mapping.lifecycle)]
    said = f"lower(trim(CAST(r.{column.sql} AS VARCHAR)))"
    counts = dict(connection.execute(f"SELECT {said} AS said, count(*) FROM {raw.relation} r GROUP BY 1").fetchall())
    if not counts.get("start"):
        return _others(counts)
    instance = f"r.{raw.columns[raw.instance].sql}" if raw.instance in raw.columns and raw.instance else "NULL"
    rows = connection.sql(
        f"SELECT dense_rank() OVER (ORDER BY e.\"case\", e.activity, {instance}) AS work, e.seq, {said} = 'start' AS starts "
        f"FROM {table} e JOIN {raw.relation} r ON r.seq = e.seq WHERE {said} IN ('start', 'complete') ORDER BY e.\"at\", e.seq"
    ).to_arrow_table()
    waiting: dict[int, deque[int]] = defaultdict(deque)
    starts, completes = [], []
    for work, seq, is_start in zip(*(rows.column(n).to_pylist() for n in ("work", "seq", "starts")), strict=True):
        if is_start:
            waiting[work].append(seq)
        elif waiting[work]:
            starts.append(waiting[work].popleft())
            completes.append(seq)
    _join(connection, table, starts, completes)
    left = sum(len(q) for q in waiting.values())
    notes = (
        [f"{len(starts):,} starts were paired with their completion, so work time is known for these."]
        if starts
        else []
    )
    if left:
        notes.append(f"{left:,} starts have no completion; each stays an event of its own.")
    return notes + _others(counts)


def _join(connection: duckdb.DuckDBPyConnection, table: str, starts: list[int], completes: list[int]) -> None:
    pairs = pa.table({"first": pa.array(starts, pa.int64()), "last": pa.array(completes, pa.int64())})
    connection.register("pairs_of_work", pairs)
    try:
        connection.execute(
            f'UPDATE {table} SET began = s."at" FROM pairs_of_work p JOIN {table} s ON s.seq = p.first '
            f"WHERE {table}.seq = p.last AND {table}.began IS NULL"
        )
        connection.execute(f"DELETE FROM {table} WHERE seq IN (SELECT first FROM pairs_of_work)")
    finally:
        connection.unregister("pairs_of_work")


def _others(counts: dict[str | None, int]) -> list[str]:
    others = {said: n for said, n in counts.items() if said not in ("start", "complete", "", None)}
    if not others:
        return []
    named = ", ".join(f"{said} ({n:,})" for said, n in sorted(others.items(), key=lambda x: -x[1])[:5])
    return [
        f"{sum(others.values()):,} events have another lifecycle transition: {named}; each counts as an event of its own."
    ]
