"""XES (IEEE 1849) into the log: traces become cases, ``concept:name`` the activity, ``time:timestamp`` the time.

Attributes of a trace are columns named ``case:…``. A ``global`` only declares what every trace or event has; its values are examples
and are never filled in. A trace without a name is given one by its place in the file.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from loft.log.errors import BadRows
from loft.log.limits import Limits
from loft.log.mapping import Mapping
from loft.log.progress import Progress
from loft.log.readers.raw import Column, Raw
from loft.log.readers.xes_batch import MEANS, TAGS, Batch
from loft.log.readers.xes_expat import Document
from loft.log.readers.xes_parse import batches


def read(
    path: Path,
    mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
    *,
    limits: Limits,
    bad: BadRows,
    progress: Progress,
    sample: bool = False,
) -> Raw:
    """The file's events and cases, registered in *connection*; of a *sample* the first megabytes, with all attributes of the traces."""
    tables = Tables(path, limits)
    wanted = [name.removeprefix("case:") for name in mapping.columns() if name.startswith("case:")]
    for batch in batches(path, tables.document, limits, progress):
        tables.add(batch, dict.fromkeys(["concept:name", *batch.trace_values.names]) if sample else wanted)
        if sample and tables.count:
            break
    connection.register("xes_events", tables.events())
    connection.register("xes_cases", tables.cases())
    return tables.raw()


class Tables:
    """The events and the cases of a file as Arrow tables that grow batch by batch; columns are numbered, names kept apart."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.document = Document(path, limits)
        self.count = self._traces = self._unnamed = self._twice = 0
        self._events: list[pa.Table] = []
        self._cases: list[pa.Table] = []
        self._tags: tuple[dict[str, set[int]], dict[str, set[int]]] = ({}, {})

    def add(self, batch: Batch, wanted: Iterable[str]) -> None:
        """Append a batch; *wanted* are attributes of traces that each event is to carry."""
        for known, values in zip(self._tags, (batch.event_values, batch.trace_values), strict=True):
            for key, tags in values.tags().items():
                known.setdefault(key, set()).update(tags)
        cases, again = batch.trace_values.columns(batch.traces)
        cases["concept:name"] = self._named(cases.get("concept:name"), batch.traces)
        events, again_in_events = batch.event_values.columns(batch.events)
        self._twice += again + again_in_events
        place = pa.array(batch.trace_of, mask=batch.trace_of < 0)
        carried = {f"case:{key}": cases[key].take(place) for key in wanted if key in cases}
        seq = pa.array(np.arange(self.count, self.count + batch.events))
        self._events.append(pa.table({"seq": seq, **events, **carried}))
        self._cases.append(pa.table({"seq": pa.array(np.arange(self._traces, self._traces + batch.traces)), **cases}))
        self.count += batch.events
        self._traces += batch.traces

    def _named(self, names: pa.Array | None, traces: int) -> pa.Array:
        if names is None:
            names = pa.nulls(traces, pa.large_string())
        missing = names.null_count
        if not missing:
            return names
        self._unnamed += missing
        generated = pa.array(
            [f"trace {n}" for n in range(self._traces + 1, self._traces + traces + 1)], pa.large_string()
        )
        return pa.compute.coalesce(names, generated)

    def events(self) -> pa.Table:
        return _numbered(self._events)

    def cases(self) -> pa.Table:
        return _numbered(self._cases)

    def raw(self) -> Raw:
        """What the tables are to ``shape``, under the names they have in the file."""
        events, cases = _names(self._events), _names(self._cases)
        tags = {**{f"case:{name}": found for name, found in self._tags[1].items()}, **self._tags[0]}
        columns = {n: Column(f"c{i}", means=_means(tags.get(n))) for i, n in enumerate(events) if n != "seq"}
        of_cases = {
            n: Column(f"c{i}", means=_means(self._tags[1].get(n)))
            for i, n in enumerate(cases)
            if n not in ("seq", "concept:name")
        }
        key = cases.index("concept:name") if "concept:name" in cases else 0
        relation = f'(SELECT c{key} AS "case", * FROM xes_cases QUALIFY row_number() OVER (PARTITION BY c{key} ORDER BY c0) = 1)'
        own = "source" if self.document.creator == "Løft" and "source" in columns else None
        return Raw(
            "(SELECT c0 AS seq, * FROM xes_events)",
            columns,
            cases=relation,
            case_columns=of_cases,
            row="seq + 1",
            registered=("xes_events", "xes_cases"),
            instance="concept:instance",
            source=own,
            notes=tuple(self._notes()),
            not_attributes=frozenset(
                n for n in columns if n == own or (n.startswith("case:") and n not in self._tags[0])
            ),
        )

    def _notes(self) -> Iterable[str]:
        if self._unnamed:
            yield f"{self._unnamed:,} traces have no concept:name; each was named by its place in the file, such as 'trace 1'."
        names = pa.chunked_array([t.column("concept:name").combine_chunks() for t in self._cases], pa.large_string())
        if again := len(names) - pa.compute.count_distinct(names).as_py():
            yield f"{again:,} traces have the name of an earlier one; they are read as the same case."
        if self._twice:
            yield f"{self._twice:,} attributes are given twice in the same event or trace; the last one counts."
        if self.document.nested:
            yield f"{self.document.nested:,} attributes stand inside other attributes; they are named outer/inner."


def _names(tables: list[pa.Table]) -> list[str]:
    return list(dict.fromkeys(name for table in tables for name in table.column_names)) or ["seq"]


def _numbered(tables: list[pa.Table]) -> pa.Table:
    """One table with the columns c0, c1 …, because names in XES may differ in case only, which SQL does not see."""
    names = _names(tables)
    whole = (
        pa.concat_tables(tables, promote_options="default") if tables else pa.table({"seq": pa.array([], pa.int64())})
    )
    return whole.select(names).rename_columns([f"c{i}" for i in range(len(names))])


def _means(tags: set[int] | None) -> str:
    meant = {MEANS[tag] for tag in tags or {TAGS.index("string")}}
    if meant == {"BIGINT", "DOUBLE"}:
        return "DOUBLE"
    return meant.pop() if len(meant) == 1 else "VARCHAR"
