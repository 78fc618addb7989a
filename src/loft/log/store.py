"""The store: a folder with one log, replaced whole or not at all.

``current`` names the snapshot in force. A new snapshot is written beside it and becomes the current one by renaming one small
file, which a file system does at once or not at all; so a reader sees the old log or the new one, never half of either.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
import weakref
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from loft.log.errors import LogError

FORMAT = 2
TABLES = ("activities", "units", "services", "sources", "variants", "cases")


@dataclass(frozen=True)
class SourceFile:
    """A file that was imported: its name (no path), SHA-256, and the mapping it was read with, as a fingerprint."""

    name: str
    sha256: str
    mapping: str


@dataclass(frozen=True)
class Meta:
    """What a snapshot holds.

    ``attributes`` and ``case_attributes`` map a column to the attribute's own name. ``first`` and ``last`` are ISO 8601 in UTC.
    ``endings`` are the activities that close a case. ``time_zone`` is where a day begins: which day a case was opened on.
    """

    snapshot: str
    name: str
    events: int
    cases: int
    activities: int
    units: int
    services: int
    first: str
    last: str
    endings: tuple[str, ...] = ()
    endings_guessed: bool = True
    attributes: dict[str, str] = field(default_factory=dict)
    case_attributes: dict[str, str] = field(default_factory=dict)
    files: tuple[SourceFile, ...] = ()
    cubes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    simulated: bool = False
    time_zone: str = "UTC"
    format: int = FORMAT

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the log, in its own time zone."""
        moments = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (self.first, self.last))
        first, last = (moment.astimezone(ZoneInfo(self.time_zone)).date() for moment in moments)
        return first, last

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str, where: str) -> "Meta":
        """The meta written by ``to_json``. Raises ``LogError`` naming *where* when it is damaged or of another format."""
        try:
            raw = json.loads(text)
            known = {f.name for f in fields(cls)}
            files = tuple(SourceFile(**f) for f in raw.pop("files", ()))
            lists: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items() if k in known}
            meta = cls(**lists, files=files)
        except (ValueError, TypeError, AttributeError) as error:
            raise LogError(f"{where} is damaged: {error}. Import the log again into a new store.") from error
        if meta.format != FORMAT:
            raise LogError(
                f"{where} has format {meta.format}; this version reads format {FORMAT}. "
                "Import the log again into a new store."
            )
        return meta


class Hold:
    """Keeps a snapshot from being removed by later imports, until it is let go of or nobody refers to it any more."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.let_go = weakref.finalize(self, os.close, descriptor)


@dataclass(frozen=True)
class Opened:
    """A snapshot that somebody reads: its folder, what it holds, and the hold on it."""

    folder: Path
    meta: Meta
    hold: Hold


_NUMBER = re.compile(r"\d{6,}")
_TRIES = 10


class Store:
    """A store on disk. Opening one never writes."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @property
    def snapshots(self) -> Path:
        return self.folder / "snapshots"

    def current(self) -> Path | None:
        """The folder of the snapshot in force; None when nothing was imported yet."""
        snapshot = self._named()
        if snapshot is not None and not (snapshot / "meta.json").is_file():
            raise LogError(
                f"The store {self.folder} points to {snapshot.name}, which is not there. Import the log again."
            )
        return snapshot

    def _named(self) -> Path | None:
        """The snapshot that the pointer names, there or not."""
        pointer = self.folder / "current"
        return self.snapshots / pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None

    def opened(self) -> Opened:
        """The snapshot in force, held for reading. Raises ``LogError`` when the store is empty or damaged."""
        for _ in range(_TRIES):  # an import may remove the snapshot between these lines
            snapshot = self.current()
            if snapshot is None:
                raise LogError(f"There is no log in {self.folder}. Import one: loft import FILE --store {self.folder}")
            path = snapshot / "meta.json"
            with contextlib.suppress(FileNotFoundError):
                hold = _held(path)
                return Opened(snapshot, Meta.from_json(path.read_text(encoding="utf-8"), str(path)), hold)
        raise LogError(f"The log in {self.folder} was replaced again and again while it was opened. Try once more.")

    def meta(self) -> Meta:
        """What the snapshot in force holds. Raises ``LogError`` when the store is empty."""
        return self.opened().meta

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Only one import at a time; the lock goes with the process, however it ends.

        Raises ``LogError`` for a folder that holds something else: nothing in it is touched.
        """
        self._refuse_what_is_no_store()
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise LogError(f"Another import into {self.folder} is going on. Wait until it is done.") from error
            self._mend()
            self._sweep()
            yield

    def _refuse_what_is_no_store(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise LogError(f"{self.folder} is a file; a store is a folder. Name another.")
        there = {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()
        if there - {"lock"} and not there & {"current", "snapshots"}:
            raise LogError(
                f"{self.folder} holds files that are not a log ({', '.join(sorted(there)[:3])}). "
                "Name a folder that is empty or not there yet."
            )

    def _mend(self) -> None:
        """Where the pointer names a snapshot that is lost, let it name the newest one there is, so that an import can go on."""
        named = self._named()
        if named is None or (named / "meta.json").is_file():
            return
        whole = [path for path in self._numbered() if (path / "meta.json").is_file()]
        if whole:
            self._point_to(whole[-1].name)
        else:
            (self.folder / "current").unlink()

    @contextlib.contextmanager
    def building(self) -> Iterator[Path]:
        """A folder to build a snapshot in, gone when the block is left, unless ``put_in_force`` has taken it."""
        self.snapshots.mkdir(exist_ok=True)
        building = self.snapshots / f"{self.next_name()}.building"
        building.mkdir()
        try:
            yield building
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def put_in_force(self, building: Path) -> None:
        """Make the folder built in the snapshot that readers open from now on."""
        final = building.with_suffix("")
        for path in [*building.rglob("*"), building]:
            _flush(path)
        building.rename(final)
        _flush(self.snapshots)
        self._point_to(final.name)
        self._sweep()

    def next_name(self) -> str:
        """The name the next snapshot gets: snapshots are numbered."""
        return f"{max((int(path.name) for path in self._numbered()), default=0) + 1:06d}"

    def _numbered(self) -> list[Path]:
        """The snapshots, the oldest first."""
        there = self.snapshots.iterdir() if self.snapshots.exists() else ()
        return sorted((p for p in there if _NUMBER.fullmatch(p.name)), key=lambda p: int(p.name))

    def _point_to(self, name: str) -> None:
        pointer = self.folder / "current.new"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.folder / "current")
        _flush(self.folder)

    def _sweep(self) -> None:
        """Remove what a stopped import left, and old snapshots that nobody reads.

        The one before the current stays: whoever has just read the old pointer opens it next.
        """
        current = self.current()
        for leftover in self.snapshots.glob("*.building") if self.snapshots.exists() else ():
            if _NUMBER.fullmatch(leftover.stem):
                shutil.rmtree(leftover, ignore_errors=True)
        (self.folder / "current.new").unlink(missing_ok=True)
        for snapshot in self._numbered() if current else ():
            if current and int(snapshot.name) not in (int(current.name), int(current.name) - 1):
                _remove_unless_held(snapshot)

    def check(self) -> list[str]:
        """What is wrong with the store, a sentence each; empty when it is sound."""
        if self.current() is None:
            return [f"There is no log in {self.folder}."]
        opened, wrong = self.opened(), []
        snapshot, meta = opened.folder, opened.meta
        expected = {"steps/steps": meta.events, "cases": meta.cases, "activities": meta.activities, "units": meta.units}
        for name in ("steps/steps", *TABLES, *meta.cubes):
            path = snapshot / f"{name}.parquet"
            try:
                rows = pq.ParquetFile(path).metadata.num_rows
                for group in range(pq.ParquetFile(path).num_row_groups):
                    pq.ParquetFile(path).read_row_group(group)
            except (OSError, ValueError) as error:
                wrong.append(f"{path.name} cannot be read: {error}")
                continue
            if name in expected and rows != expected[name]:
                wrong.append(f"{path.name} has {rows:,} rows; {expected[name]:,} were imported.")
        return wrong


def _held(path: Path) -> Hold:
    """A hold on the snapshot whose description is *path*. Raises ``FileNotFoundError`` where an import has just removed it."""
    hold = Hold(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
    fcntl.flock(hold.descriptor, fcntl.LOCK_SH)
    path.stat()
    return hold


def _remove_unless_held(snapshot: Path) -> None:
    try:
        descriptor = os.open(snapshot / "meta.json", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        shutil.rmtree(snapshot, ignore_errors=True)
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(snapshot, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def _flush(path: Path) -> None:
    """Make sure that what was written is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
