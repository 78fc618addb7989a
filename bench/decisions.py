"""What is measured of decision tables: single decisions beside other engines', and a table over a whole log beside a loop."""

from collections.abc import Iterator

from bench import peers
from bench.measure import MILLION, Measured, installed, told
from bench.worker import FailedError, once

AGREE = 1000
"""Cases that all engines have to answer alike."""
TIMED = {"Løft": 20_000, "zen-engine": 20_000, "SpiffWorkflow": 300, "pyDMNrules": 50}
"""Cases that are timed."""
PACKAGES = {"zen-engine": "zen", "SpiffWorkflow": "SpiffWorkflow", "pyDMNrules": "pyDMNrules"}
SMALL, LARGE = "20 rows, 6 inputs", "200 rows, 8 inputs"


def decisions(agree: int = AGREE, timed: dict[str, int] = TIMED) -> Iterator[Measured]:
    """Single decisions on the same table. Raises ``FailedError`` where an engine answers other than Løft."""
    ours: list[int] = []
    for peer, many in timed.items():
        if peer in PACKAGES and not installed(PACKAGES[peer]):
            continue
        try:
            found = once(peers.DECISIONS, "call", function="single", engine=peer, agree=agree, timed=many)
        except FailedError as error:
            yield told(Measured("decisions", SMALL, many, peer, "one by one", failed=str(error)))
            continue
        ours = ours or found["answers"]
        if found["answers"] != ours:
            raise FailedError(f"decisions: {peer} answers other than Løft")
        yield told(Measured("decisions", SMALL, many, peer, "one by one", seconds=found["taken"], rounds=1))


def over(many: int = 10 * MILLION) -> Iterator[Measured]:
    """A table over a log in DuckDB."""
    for log, rows, inputs in ((SMALL, 20, 6), (LARGE, 200, 8)):
        found = once(peers.DECISIONS, "call", function="over", rows=rows, inputs=inputs, many=many)
        if found["decided"] != many:
            raise FailedError(f"decisions: {many - found['decided']} cases with all facts were not decided")
        yield told(Measured("decisions", log, many, "Løft", "over a log", seconds=found["taken"], rounds=1))
