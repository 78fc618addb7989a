"""Løft: a store, opened; then the questions as the pages ask them, the gate included. Nothing answered is remembered between two calls."""

import shutil
import tempfile
import weakref
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.logs import ACTIVITY, AT, CASE, REAL, Choice, Large
from loft import insight
from loft.log import Log, Mapping, Selection, import_files, open_log

CHOICES = True


def mapping(log: Large) -> Mapping:
    real = REAL[log.real]
    return Mapping("parquet", case=CASE, activity=ACTIVITY, at=AT, unit=real.unit, attributes=(real.attribute,))


def imported(log: Large, store: Path) -> Log:
    """The log imported into a new store: sorted, steps made, written to disk."""
    import_files([log.path], store, mapping=mapping(log))
    return open_log(store)


def build(log: Large) -> dict[str, Any]:
    """An import alone, the store thrown away after; how much room it took on the disk."""
    folder = Path(tempfile.mkdtemp(prefix="loft-bench-", dir=Path(log.path).parent))
    try:
        import_files([log.path], folder / "store", mapping=mapping(log))
        return {"bytes": sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())}
    finally:
        shutil.rmtree(folder)


def prepare(log: Large) -> Log:
    folder = tempfile.mkdtemp(prefix="loft-bench-", dir=Path(log.path).parent)
    opened = imported(log, Path(folder) / "store")
    weakref.finalize(opened, shutil.rmtree, folder, ignore_errors=True)
    return opened


def _asked(question: Callable[..., Any], **options: Any) -> Callable[[Log, Choice], Any]:
    def ask(log: Log, choice: Choice) -> Any:
        log._counts.clear()
        return question(log, _selection(log, choice), **options)

    return ask


ASK: dict[str, Callable[[Log, Choice], Any]] = {
    "follows": _asked(insight.directly_follows, medians=False),
    "follows with medians": _asked(insight.directly_follows),
    "hand-overs": _asked(insight.handovers),
    "variants": _asked(insight.variants),
    "throughput": _asked(insight.throughput),
}


def _selection(log: Log, choice: Choice) -> Selection:
    [attribute] = log.meta.attributes.values()
    return Selection(
        opened_from=date.fromisoformat(choice.first) if choice.first else None,
        opened_until=date.fromisoformat(choice.last) if choice.last else None,
        units=(choice.unit,) if choice.unit else (),
        where=((attribute, choice.value),) if choice.value else (),
    )


KEYS = {
    "follows": (("previous", "activity"), ("count",)),
    "follows with medians": (("previous", "activity"), ("count", "wait_mean", "wait_median")),
    "hand-overs": (("from_unit", "to_unit"), ("count", "wait_mean", "wait_median")),
    "variants": (("variant",), ("cases",)),
    "throughput": (("month",), ("cases",)),
}


def figures(log: Log, question: str, choice: Choice) -> dict[str, list[float]]:
    """All figures, the gate open, since the others have none."""
    keys, values = KEYS[question]
    rows = ASK[question](log.with_gate_open(), choice).rows()
    return {" → ".join(str(row[k]) for k in keys): [row[v] for v in values] for row in rows}
