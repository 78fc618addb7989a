"""What is measured of the value engine: an event study beside others', memory as rows grow, and the daily look at a change."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import peers, rows
from bench.logs import OUT
from bench.measure import MILLION, Measured, installed, median, told
from bench.worker import FailedError, once

CLOSE = 1e-6
"""How far a coefficient may lie from another's."""
STORED, FILE, FRAME = "cells stored", "from the file", "frame in memory"
AMONG = ("Løft", "pyfixest", "linearmodels")
LARGEST = {"linearmodels": MILLION}
"""The most rows that a peer is asked about."""


def event_study(sizes: list[int], out: Path = OUT, among: tuple[str, ...] = AMONG) -> Iterator[Measured]:
    """Two-way fixed effects with 24 months around the start, on as many rows, by those *among*; the figures are held against Løft's.

    Raises ``FailedError`` where one lies farther than ``CLOSE`` from ours.
    """
    for size in sizes:
        path = str(rows.rows(size, out))
        cells = str(out / f"rows-{size}.arrow")
        once(peers.EVENT_STUDY, "call", function="keep", path=path, cells=cells)
        few = 3 if size < 5 * MILLION else 1
        asked = [
            ("Løft", STORED, "loft_from_cells", cells, 20),
            ("Løft", FILE, "loft_from_the_file", path, 3),
            ("pyfixest", FRAME, "pyfixest_from_a_frame", path, few),
            ("pyfixest", FILE, "pyfixest_from_the_file", path, few),
            ("linearmodels", FRAME, "linearmodels_from_a_frame", path, 1),
        ]
        ours: dict[str, list[float]] = {}
        for peer, what, function, file, times in asked:
            if peer not in among or (peer != "Løft" and not installed(peer)) or size > LARGEST.get(peer, size):
                continue
            try:
                found = once(peers.EVENT_STUDY, "call", function=function, path=file, times=times)
            except FailedError as error:
                yield told(Measured("event study", "rows", size, peer, what, failed=str(error)))
                continue
            ours = ours or found["figures"]
            yield told(_measured("event study", size, peer, what, found, apart=apart(ours, found["figures"], peer)))


def apart(ours: dict[str, list[float]], theirs: dict[str, list[float]], peer: str) -> float:
    """The largest difference between coefficients; standard errors are held against pyfixest's, which are of the same kind."""
    if set(ours) != set(theirs):
        raise FailedError(f"event study: {peer} has coefficients for {sorted(theirs)}, Løft for {sorted(ours)}")
    places = 1 if peer == "linearmodels" else 2
    most = max(abs(a - b) for t in ours for a, b in list(zip(ours[t], theirs[t], strict=True))[:places])
    if most > CLOSE:
        raise FailedError(f"event study: {peer}'s figures lie {most:.2g} from Løft's")
    return most


def _measured(
    part: str, size: int, peer: str, what: str, found: dict[str, Any], apart: float | None = None
) -> Measured:
    taken = found["taken"]
    return Measured(part, "rows", size, peer, what, "", median(taken), len(taken), peak=found.get("above"), apart=apart)


def cells(sizes: list[int], out: Path = OUT) -> Iterator[Measured]:
    """Cells made from ever more rows, and the estimate: the memory above that of the imports must stay."""
    for size in sizes:
        path = str(rows.rows(size, out))
        found = once(peers.EVENT_STUDY, "call", function="loft_from_the_file", path=path, times=1)
        yield told(_measured("cells", size, "Løft", "cells and estimate", found))


def looks(days: int = rows.DAYS, before: int = rows.BEFORE, replayed: int = 365) -> Iterator[Measured]:
    """The daily look on stored cells of 40 units over four years, a year of looks, and the bootstrap."""
    with tempfile.TemporaryDirectory(prefix="loft-bench-") as folder:
        path = Path(folder) / "events.parquet"
        rows.offices(path, days=days, before=before)
        files = once(peers.LOOKS, "call", function="store", path=str(path), folder=folder)["files"]
        kinds = ("sums", "durations")
        asked: list[tuple[str, str, dict[str, Any]]] = [
            *((f"look, {kind}", "look", {"kind": kind, "times": 20}) for kind in kinds),
            *((f"{replayed} looks, {kind}", "replay", {"kind": kind, "looks": replayed}) for kind in kinds),
            ("999 draws", "bootstrap", {"times": 20}),
        ]
        for what, function, more in asked:
            found = once(peers.LOOKS, "call", function=function, files=files, before=before, **more)
            yield told(_measured("looks", 0, "Løft", what, found))
