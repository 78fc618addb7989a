"""The store: a folder with one log, replaced whole or not at all.

``current`` names the snapshot in force. A new snapshot is written beside it and becomes the current one by renaming one small
file, which a file system does at once or not at all; so a reader sees the old log or the new one, never half of either.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from loft.log.errors import LogError

FORMAT = 1
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
    ``endings`` are the activities that close a case.
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
    format: int = FORMAT

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
                f"{where} has format {meta.format}; this version reads format {FORMAT}. Import the log again."
            )
        return meta


class Store:
    """A store on disk. Opening one never writes."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @property
    def snapshots(self) -> Path:
        return self.folder / "snapshots"

    def current(self) -> Path | None:
        """The folder of the snapshot in force; None when nothing was imported yet."""
        pointer = self.folder / "current"
        if not pointer.exists():
            return None
        snapshot = self.snapshots / pointer.read_text(encoding="utf-8").strip()
        if not (snapshot / "meta.json").is_file():
            raise LogError(
                f"The store {self.folder} points to {snapshot.name}, which is not there. Import the log again."
            )
        return snapshot

    def meta(self) -> Meta:
        """What the snapshot in force holds. Raises ``LogError`` when the store is empty."""
        snapshot = self.current()
        if snapshot is None:
            raise LogError(f"There is no log in {self.folder}. Import one: loft import FILE --store {self.folder}")
        return Meta.from_json((snapshot / "meta.json").read_text(encoding="utf-8"), str(snapshot / "meta.json"))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Only one import at a time; the lock goes with the process, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise LogError(f"Another import into {self.folder} is going on. Wait until it is done.") from error
            self._sweep()
            yield

    @contextlib.contextmanager
    def new_snapshot(self) -> Iterator[Path]:
        """A folder to build a snapshot in. Left normally, it is put in force; left by an error, it is gone."""
        self.snapshots.mkdir(exist_ok=True)
        building = self.snapshots / f"{self.next_name()}.building"
        building.mkdir()
        try:
            yield building
            final = building.with_suffix("")
            _flush(building)
            building.rename(final)
            self._point_to(final.name)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        self._sweep()

    def next_name(self) -> str:
        """The name the next snapshot gets: snapshots are numbered."""
        taken = (
            [int(p.name) for p in self.snapshots.glob("[0-9]*") if p.suffix != ".building"]
            if self.snapshots.exists()
            else []
        )
        return f"{max(taken, default=0) + 1:06d}"

    def _point_to(self, name: str) -> None:
        pointer = self.folder / "current.new"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.folder / "current")

    def _sweep(self) -> None:
        """Remove what a stopped import left, and snapshots older than the one before the current: readers may still have that open."""
        current = self.current()
        for leftover in self.snapshots.glob("*.building") if self.snapshots.exists() else ():
            shutil.rmtree(leftover, ignore_errors=True)
        (self.folder / "current.new").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "spill", ignore_errors=True)
        if current is None:
            return
        for snapshot in sorted(self.snapshots.glob("[0-9]*")):
            if int(snapshot.name) < int(current.name) - 1 or int(snapshot.name) > int(current.name):
                shutil.rmtree(snapshot, ignore_errors=True)

    def check(self) -> list[str]:
        """What is wrong with the store, a sentence each; empty when it is sound."""
        snapshot = self.current()
        if snapshot is None:
            return [f"There is no log in {self.folder}."]
        meta, wrong = self.meta(), []
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


def _flush(folder: Path) -> None:
    """Make sure that what was written is on the disk before it is put in force."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
