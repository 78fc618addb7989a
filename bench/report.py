"""The measurements as Markdown, and as JSON for those who compare over time."""

import json
import os
import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.bars import Bar, line
from bench.measure import Measured

PACKAGES = (
    *("duckdb", "ibis-framework", "pyarrow", "numpy", "pandas"),
    *("pm4py", "polars", "r4pm", "rustxes", "numba", "pyfixest", "linearmodels"),
    *("zen-engine", "SpiffWorkflow", "pyDMNrules"),
)
TITLES = {
    "answer": "From a Parquet file not seen before to an answer",
    "build": "The step table alone",
    "questions": "Questions on a stored log",
    "prepare": "Preparing what the questions are asked of",
    "growth": "Growth",
    "xes": "The largest real XES file",
    "simulate": "Fjordvik, simulated",
    "event study": "An event study of case rows",
    "cells": "Cells and estimate, as rows grow",
    "looks": "Looks at a change: 40 units over four years",
    "decisions": 'Decision tables: cases one by one, and over a log (the "events" are cases)',
}

VALUE = ("event study", "cells", "looks")


def machine() -> dict[str, str]:
    """Where it was measured, and with what versions."""
    found = {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def markdown(found: list[Measured], kept: list[Bar], minutes: float) -> str:
    """Bars first, then a table for each part."""
    parts = [
        f"Measured in {minutes:.0f} minutes on {', '.join(f'{k} {v}' for k, v in machine().items())}.",
        _bars(kept),
    ]
    for part, title in TITLES.items():
        of_part = [m for m in found if m.part == part]
        if of_part:
            table = _questions if part == "questions" else _value if part in VALUE else _plain
            parts.append(f"## {title}\n\n{table(of_part)}")
    if fit := line(found):
        parts.append(
            f"A straight line through the imports: {fit[0]:.2f} s + {fit[1]:.3f} s per million events, R² = {fit[2]:.4f}."
        )
    return "\n\n".join(parts) + "\n"


def _bars(kept: list[Bar]) -> str:
    rows = ["| bar | wanted | measured | met |", "|---|---|---|---|"]
    for bar in kept:
        rows.append(
            f"| {bar.text} | {'≥' if bar.at_least else '≤'} {bar.wanted:g} | {bar.measured:.3g} | {'yes' if bar.met else 'NO'} |"
        )
    return "\n".join(rows)


def _plain(found: list[Measured]) -> str:
    rows = ["| log | events | what | by | seconds | per million | peak, GiB |", "|---|---|---|---|---|---|---|"]
    for m in found:
        time = f"{m.seconds:.2f} | {m.seconds / m.events * 1e6:.2f}" if m.seconds is not None else f"{m.failed} | "
        rows.append(
            f"| {m.log} | {m.events:,} | {m.what} | {m.peer} | {time} | {m.peak / 2**30 if m.peak else 0:.2f} |"
        )
    return "\n".join(rows)


def _value(found: list[Measured]) -> str:
    """Milliseconds; memory beyond what the process held after its imports; how far the figures lie from Løft's at most."""
    rows = ["| rows | by | timed | ms | memory, MiB | apart at most |", "|---|---|---|---|---|---|"]
    for m in found:
        time = f"{1000 * m.seconds:,.1f}" if m.seconds is not None else m.failed
        peak, apart = f"{m.peak / 2**20:,.0f}" if m.peak else "", "" if m.apart is None else f"{m.apart:.1e}"
        rows.append(f"| {f'{m.events:,}' if m.events else ''} | {m.peer} | {m.what} | {time} | {peak} | {apart} |")
    return "\n".join(rows)


def _questions(found: list[Measured]) -> str:
    """Milliseconds, a column for each peer."""
    names = list(dict.fromkeys(m.peer for m in found))
    rows = [
        f"Milliseconds.\n\n| log | events | question | cases | {' | '.join(names)} |",
        "|---|---|---|---|" + "---|" * len(names),
    ]
    lines = dict.fromkeys((m.log, m.events, m.what, m.choice) for m in found)
    times = {(m.log, m.events, m.what, m.choice, m.peer): m.seconds for m in found if m.seconds is not None}
    for row in lines:
        cells = [f"{1000 * times[*row, n]:,.1f}" if (*row, n) in times else "" for n in names]
        log, events, what, choice = row
        rows.append(f"| {log} | {events:,} | {what} | {choice} | {' | '.join(cells)} |")
    return "\n".join(rows)


def write(found: list[Measured], kept: list[Bar], minutes: float, out: Path) -> str:
    """``report.md`` and ``report.json`` in *out*; returns the Markdown."""
    out.mkdir(parents=True, exist_ok=True)
    text = markdown(found, kept, minutes)
    (out / "report.md").write_text(text, encoding="utf-8")
    whole = {
        "machine": machine(),
        "measured": [asdict(m) for m in found],
        "bars": [{**asdict(b), "met": b.met} for b in kept],
    }
    (out / "report.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return text
