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

from loft.log import sql
from loft.log.build import Built, build
from loft.log.errors import BadRows, LogError
from loft.log.limits import LIMITS, Limits
from loft.log.mapping import Mapping, propose
from loft.log.merge import added, attribute_names, previous_events, together, unrepeated
from loft.log.progress import Progress, silent
from loft.log.readers import stage
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
    files = [_existing(path) for path in paths]
    bad = bad or BadRows()
    home = Store(store)
    created = not home.folder.exists()
    try:
        with home.locked():
            return _import(home, files, mapping, name, bad, limits, progress, simulated)
    except BaseException as error:
        if created and not (home.folder / "current").exists():
            _remove_empty(home)
        if isinstance(error, duckdb.Error):  # a file damaged in its middle, which shows when its rows are read
            names = ", ".join(path.name for path in files)
            raise LogError(f"{names}: the events cannot be read or stored: {str(error).splitlines()[0]}") from error
        raise


def _existing(path: str | Path) -> Path:
    path = Path(path)
    if not path.exists():
        raise LogError(f"There is no file {path}.")
    if path.is_dir():
        raise LogError(f"{path} is a folder. Name the files in it to import.")
    return path


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
    endings = _chosen_endings(mappings, before)
    if before and not set(sources) - set(before.files) and endings in (None, before.endings):
        return ImportResult(0, before.events, before.cases, unchanged=True, notes=before.notes)
    with home.building() as folder:
        with _connection(folder) as connection:
            read = _stage_all(connection, files, mappings, limits, bad, progress)
            read, repeated = unrepeated(connection, read) if any(m.id for m in mappings) else (read, 0)
            everything, new = _with_before(connection, home, read)
            if before and not new and endings in (None, before.endings):
                return ImportResult(
                    0, before.events, before.cases, unchanged=True, rejected=bad.count, notes=read.notes
                )
            built = build(connection, everything, folder, endings=endings, progress=progress)
        notes = _notes(read, repeated, built)
        of_events, of_cases = attribute_names(before, read)
        meta = Meta(
            snapshot=folder.stem,
            name=name or (before.name if before else files[0].name.split(".")[0]),
            simulated=simulated or bool(before and before.simulated),
            files=tuple(dict.fromkeys([*(before.files if before else ()), *sources])),
            notes=notes,
            **_counts(built),
            attributes=of_events,
            case_attributes=of_cases,
        )
        (folder / "meta.json").write_text(meta.to_json(), encoding="utf-8")
        home.put_in_force(folder)
    return ImportResult(new, built.events, built.cases, unchanged=False, rejected=bad.count, notes=notes)


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


def _stage_all(
    connection: duckdb.DuckDBPyConnection,
    files: list[Path],
    mappings: list[Mapping],
    limits: Limits,
    bad: BadRows,
    progress: Progress,
) -> Staged:
    parts = []
    for path, mapping in zip(files, mappings, strict=True):
        parts.append(stage(path, mapping, connection, limits=limits, bad=bad, progress=progress))
    bad.stop_if_any()
    return together(connection, parts, "all_files")


def _with_before(connection: duckdb.DuckDBPyConnection, home: Store, read: Staged) -> tuple[Staged, int]:
    snapshot = home.current()
    if snapshot is None:
        return read, sql.one(connection, f"SELECT count(*) FROM {read.events}")
    return added(connection, previous_events(connection, snapshot), read)


def _counts(built: Built) -> dict[str, Any]:
    return {f.name: getattr(built, f.name) for f in fields(Built)}


def _notes(read: Staged, repeated: int, built: Built) -> tuple[str, ...]:
    notes = list(read.notes)
    if repeated:
        notes.append(f"{repeated:,} events repeated an id and were left out.")
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
