"""Importing files into a store: all of it or nothing of it."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from loft.log import sql
from loft.log.build import Built, build
from loft.log.errors import BadRows, LogError
from loft.log.limits import LIMITS, Limits
from loft.log.mapping import Mapping, propose
from loft.log.merge import (
    AFTER_THE_LOG,
    Merged,
    added,
    attribute_names,
    between,
    previous_events,
    sources_of,
    unrepeated,
)
from loft.log.progress import Progress, silent
from loft.log.readers import stage
from loft.log.readers.source import checked
from loft.log.staging import Staged
from loft.log.store import Meta, SourceFile, Store


@dataclass(frozen=True)
class ImportResult:
    """What an import did. ``new_events`` were added; ``unchanged`` says that the store already held them all.

    ``events`` and ``cases`` are what the store holds now. ``rejected`` counts the rows that were skipped as wrong.
    """

    new_events: int
    events: int
    cases: int
    unchanged: bool
    rejected: int = 0
    notes: tuple[str, ...] = ()


def import_files(
    paths: Sequence[str | Path],
    store: str | Path,
    *,
    mapping: Mapping | Sequence[Mapping] | None = None,
    name: str | None = None,
    bad: BadRows | None = None,
    limits: Limits = LIMITS,
    progress: Progress = silent,
    simulated: bool = False,
) -> ImportResult:
    """Add the events of *paths* to the log in *store*, which is created when it is not there.

    *mapping* says which column plays what, for all files or for each; None proposes one for each file. *name*
    names the log (default: the first file's
    name). Wrong rows stop the import unless ``bad.keep_going``. Importing a file again changes nothing; a longer version of it adds what
    is new, also events in the past of a case. Raises ``LogError``; the store then is as it was.
    """
    if not paths:
        raise LogError("Name at least one file to import.")
    files = [checked(path) for path in paths]
    bad = bad or BadRows()
    home = Store(store)
    created = not home.folder.exists()
    try:
        with home.locked():
            return _import(home, files, mapping, name, bad, limits, progress, simulated)
    except BaseException as error:
        if created and not (home.folder / "current").exists():
            _remove_empty(home)
        if isinstance(
            error, duckdb.Error | pa.ArrowException
        ):  # as of a file damaged in its middle, which shows only then
            names = ", ".join(path.name for path in files)
            raise LogError(f"{names}: the events cannot be read or stored: {str(error).splitlines()[0]}") from error
        if isinstance(error, RuntimeError) and str(error) == "Query interrupted":
            raise KeyboardInterrupt from error  # what DuckDB makes of Ctrl-C
        raise


def _remove_empty(home: Store) -> None:
    for leftover in (home.folder / "lock", home.snapshots, home.folder):
        try:
            leftover.rmdir() if leftover.is_dir() else leftover.unlink(missing_ok=True)
        except OSError:
            return


def _import(
    home: Store,
    files: list[Path],
    mapping: Mapping | Sequence[Mapping] | None,
    name: str | None,
    bad: BadRows,
    limits: Limits,
    progress: Progress,
    simulated: bool,
) -> ImportResult:
    before = home.meta() if home.current() else None
    mappings = _mappings(mapping, files)
    sources = tuple(
        SourceFile(p.name, _digest(p, progress), _fingerprint(m)) for p, m in zip(files, mappings, strict=True)
    )
    endings, zone = _chosen_endings(mappings, before), _time_zone(mappings, before)
    same = before is not None and endings in (None, before.endings) and zone == before.time_zone
    if before and same and not set(sources) - set(before.files):
        return ImportResult(0, before.events, before.cases, unchanged=True, notes=before.notes)
    with home.building() as folder:
        with _connection(folder) as connection:
            read = _read_all(connection, files, mappings, home.current(), limits, bad, progress)
            if before and same and not read.new and not read.filled:
                return ImportResult(
                    0, before.events, before.cases, unchanged=True, rejected=bad.count, notes=read.staged.notes
                )
            built = build(
                connection, read.staged, folder, endings=endings, time_zone=zone, limits=limits, progress=progress
            )
        notes = _notes(read.staged, built)
        meta = Meta(
            snapshot=folder.stem,
            name=name or (before.name if before else files[0].name.split(".")[0]),
            simulated=simulated or bool(before and before.simulated),
            time_zone=zone,
            files=tuple(dict.fromkeys([*(before.files if before else ()), *sources])),
            notes=notes,
            **_counts(built),
            attributes=attribute_names(_columns_of(folder / "steps" / "steps.parquet"), "event:", before, read.staged),
            case_attributes=attribute_names(_columns_of(folder / "cases.parquet"), "case:", before, read.staged),
        )
        (folder / "meta.json").write_text(meta.to_json(), encoding="utf-8")
        home.put_in_force(folder)
    return ImportResult(read.new, built.events, built.cases, unchanged=False, rejected=bad.count, notes=notes)


def _mappings(mapping: Mapping | Sequence[Mapping] | None, files: list[Path]) -> list[Mapping]:
    """One mapping for each file."""
    if mapping is None or isinstance(mapping, Mapping):
        return [mapping or propose(path).mapping for path in files]
    if len(mapping) != len(files):
        raise LogError(
            f"There are {len(files)} files and {len(mapping)} mappings; give one for all files, or one for each."
        )
    return list(mapping)


def _chosen_endings(mappings: list[Mapping], before: Meta | None) -> tuple[str, ...] | None:
    """The endings the user chose, now or earlier; None when none were, so that they are guessed."""
    said = tuple(dict.fromkeys(ending for mapping in mappings for ending in mapping.endings or ()))
    return said or (before.endings if before and not before.endings_guessed else None)


@contextmanager
def _connection(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose work spills into the folder that the snapshot is built in when memory is short."""
    spill = folder / "spill"
    spill.mkdir()
    with duckdb.connect(config={"temp_directory": str(spill), "threads": os.cpu_count() or 1}) as connection:
        connection.execute("SET enable_progress_bar = false")
        yield connection
    shutil.rmtree(spill)


def _read_all(
    connection: duckdb.DuckDBPyConnection,
    files: list[Path],
    mappings: list[Mapping],
    snapshot: Path | None,
    limits: Limits,
    bad: BadRows,
    progress: Progress,
) -> Merged:
    """The log before together with the files, read as if they came one after another.

    Events whose source nobody tells are from the source of the others, when there is one only: the next version of a file may
    have another name.
    """
    before = previous_events(connection, snapshot) if snapshot else None
    sources = sources_of(connection, sql.parquet(snapshot / "sources.parquet")) if snapshot else set()
    whole, starts = None, any(m.lifecycle for m in mappings)
    for place, (path, mapping) in enumerate(zip(files, mappings, strict=True)):
        [source] = sources if len(sources) == 1 else [None]
        part = stage(path, mapping, connection, limits=limits, bad=bad, progress=progress, source=source)
        if mapping.id:
            part = unrepeated(connection, part)
        if place + 1 < len(files):
            sources |= sources_of(connection, part.events)
        whole = added(connection, whole, part, after=between(place), starts=starts).staged if whole else part
    bad.stop_if_any()
    assert whole is not None
    if before:
        return added(connection, before, whole, after=AFTER_THE_LOG, starts=starts)
    return Merged(whole, sql.one(connection, f"SELECT count(*) FROM {whole.events}"), False)


def _time_zone(mappings: list[Mapping], before: Meta | None) -> str:
    """The zone whose days the log counts in: the first one said, now or earlier."""
    said = (mapping.time_zone for mapping in mappings if mapping.time_zone != "UTC")
    return next(said, before.time_zone if before else "UTC")


def _columns_of(path: Path) -> list[str]:
    return list(pq.read_schema(path).names)


def _counts(built: Built) -> dict[str, Any]:
    return {f.name: getattr(built, f.name) for f in fields(Built)}


def _notes(read: Staged, built: Built) -> tuple[str, ...]:
    notes = list(read.notes)
    if built.endings_guessed and built.endings:
        notes.append(
            f"A case counts as closed when its last activity is one of: {', '.join(built.endings)}. This "
            f"is a guess; set it with --ending."
        )
    elif built.endings_guessed:
        notes.append(
            "No activity stands out as an ending, so every case counts as closed. Say which activities "
            "close a case with --ending."
        )
    return tuple(notes)


def _digest(path: Path, progress: Progress) -> str:
    size, done, digest = path.stat().st_size, 0, hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
            done += len(block)
            progress("checking", done, size)
    return digest.hexdigest()


def _fingerprint(mapping: Mapping) -> str:
    return hashlib.sha256(json.dumps(asdict(mapping), sort_keys=True, default=str).encode()).hexdigest()[:16]
