"""Are the counts right? Every real log by Løft and by PM4Py: cases, events, activities, and the whole directly-follows graph.

``python -m bench agree`` compares, and writes the figures that the tests hold Løft to without PM4Py.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.logs import ACTIVITY, CASE, OUT, shared

EXPECTED = Path(__file__).parent.parent / "tests" / "log" / "expected_dfg.json"
Follows = Mapping[tuple[str, str], int]


def digest(follows: Follows) -> str:
    """SHA-256 of the sorted lines ``previous<tab>activity<tab>count``, in UTF-8, each ended by a line feed."""
    lines = sorted(f"{previous}\t{activity}\t{count}\n" for (previous, activity), count in follows.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def counts(cases: int, events: int, activities: int, follows: Follows) -> dict[str, Any]:
    return {
        "cases": cases,
        "events": events,
        "activities": activities,
        "arcs": len(follows),
        "follows": sum(follows.values()),
        "sha256": digest(follows),
    }


def by_loft(path: Path) -> dict[str, Any]:
    """Through a store, with the gate open: these logs are public."""
    from loft.insight import directly_follows
    from loft.log import import_files, open_log

    with tempfile.TemporaryDirectory() as folder:
        import_files([path], Path(folder) / "store")
        log = open_log(Path(folder) / "store")
        rows = directly_follows(log.with_gate_open(), medians=False).rows()
        follows = {(row["previous"], row["activity"]): row["count"] for row in rows}
        return counts(log.meta.cases, log.meta.events, log.meta.activities, follows)


def by_pm4py(path: Path) -> dict[str, Any]:
    import pm4py

    frame = pm4py.read_xes(str(path))
    follows, _, _ = pm4py.discover_dfg(frame)
    return counts(frame[CASE].nunique(), len(frame), frame[ACTIVITY].nunique(), follows)


def agree() -> bool:
    """Compare every log, tell, and write what PM4Py found to ``tests/log/expected_dfg.json`` when all agree."""
    found, same = {}, True
    for path in sorted([*shared().glob("*.xes"), *shared().glob("*.xes.gz")]):
        ours, theirs = by_loft(path), by_pm4py(path)
        found[path.name] = theirs
        same = same and ours == theirs
        verdict = "agree" if ours == theirs else f"DIFFER: Løft {ours}"
        print(
            f"{path.name}: {theirs['cases']:,} cases, {theirs['events']:,} events, {theirs['arcs']:,} arcs: {verdict}",
            flush=True,
        )
    if not found:
        print(f"There are no logs in {shared()}; LOFT_SHARED_DATA may name another folder.")
        return False
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1) + "\n"
    (OUT / "agree.json").write_text(text, encoding="utf-8")
    if same:
        EXPECTED.write_text(text, encoding="utf-8")
    return same
