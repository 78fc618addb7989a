"""An event study with effects of units and months, errors clustered by unit: one function for each who makes it.

Each says how long it ``taken``, in seconds, how many bytes ``above`` what the process held after its imports it came to hold, and its
``figures``: coefficients and standard errors by month since the start. Those that compile make a small study first; what that leaves in
memory is not counted. Løft makes none; its matrices are small, so its linear algebra is left on one thread, where others have all.
"""

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.worker import peak

AROUND = 12
"""Months before and after the start; earlier and later ones join the ends."""
MEMORY = "512MB"
"""What DuckDB may hold."""
FORMULA = "days ~ i(since, ref=-1) | unit + month"


def held() -> int:
    """The memory this process holds now, in bytes; the most it has held is counted anew from here."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak()


def _one_thread() -> None:
    """Said before numpy is loaded, when it is heard."""
    if "numpy" not in sys.modules:
        os.environ["OMP_NUM_THREADS"] = "1"


def _timed(make: Callable[[], Any], times: int) -> tuple[Any, list[float]]:
    found, taken = None, []
    for _ in range(times):
        found = None
        begun = time.perf_counter()
        found = make()
        taken.append(time.perf_counter() - begun)
    return found, taken


def _told(found: Any, taken: list[float], before: int) -> dict[str, Any]:
    figures = {str(t): [float(b), float(s)] for t, b, s in zip(found.time, found.estimate, found.se, strict=True)}
    return {"taken": taken, "above": peak() - before, "figures": figures}


def loft_from_the_file(path: str, times: int, memory: str = MEMORY) -> dict[str, Any]:
    """Cells made from the file by DuckDB, and the estimate from them."""
    _one_thread()
    import ibis

    from loft.value.from_table import event_study_of

    def make() -> Any:
        table = ibis.duckdb.connect(memory_limit=memory).read_parquet(path)
        return event_study_of(
            table, unit="unit", period="month", start="start", value="days", leads=AROUND, lags=AROUND
        )

    ibis.duckdb.connect().raw_sql("SELECT 1")
    before = held()
    return _told(*_timed(make, times), before)


def keep(path: str, cells: str) -> dict[str, Any]:
    """The cells of the file, stored for ``loft_from_cells``."""
    import ibis
    import pyarrow as pa
    from pyarrow import feather

    from loft.value.eventstudy import NEVER
    from loft.value.from_table import summed

    found = summed(ibis.duckdb.connect(memory_limit=MEMORY).read_parquet(path), "days", "unit", "month", "start")
    columns = {name: column.cast(pa.int64()).fill_null(int(NEVER)) for name, column in found.key.items()}
    table = pa.table({**columns, "n": found.n, "total": found.total, "squares": found.squares})
    feather.write_feather(table, cells, compression="uncompressed")
    return {}


def loft_from_cells(path: str, times: int) -> dict[str, Any]:
    """The estimate from stored cells, read from the disk each time."""
    _one_thread()
    from pyarrow import feather

    from loft.value.eventstudy import event_study

    def make() -> Any:
        table = feather.read_table(path)
        arrays = [table.column(n).to_numpy() for n in ("start", "unit", "month", "n", "total", "squares")]
        return event_study(*arrays, leads=AROUND, lags=AROUND)

    before = held()
    return _told(*_timed(make, times), before)


def _frame(path: str) -> Any:
    """The file as a data frame, with the months since the start; units that never start stand at the reference."""
    import numpy as np
    import pandas as pd

    frame = pd.read_parquet(path)
    since = (frame["month"] - frame.pop("start")).clip(-AROUND, AROUND).fillna(-1)
    frame["since"] = since.to_numpy(np.int32)
    return frame


def _by_pyfixest(frame: Any) -> Any:
    import pyfixest

    # The quickest it offers on two cores, and nothing kept that is not asked for.
    return pyfixest.feols(FORMULA, frame, vcov={"CRV1": "unit"}, lean=True, copy_data=False, store_data=False)


def _of_pyfixest(path: str, times: int, prepared: bool) -> dict[str, Any]:
    import pandas as pd

    _by_pyfixest(_small(path))
    before = held()
    frame = _frame(path) if prepared else None
    found, taken = _timed(lambda: _by_pyfixest(_frame(path) if frame is None else frame), times)
    names = [name.rpartition("::")[2] for name in found.coef().index]
    pairs = pd.DataFrame({"b": found.coef(), "se": found.se()}).to_numpy()
    figures = {name: [float(b), float(se)] for name, (b, se) in zip(names, pairs, strict=True)}
    return {"taken": taken, "above": peak() - before, "figures": figures}


def _small(path: str) -> Any:
    import pyarrow.parquet as pq

    frame = next(pq.ParquetFile(path).iter_batches(20_000)).to_pandas()
    since = (frame["month"] - frame.pop("start")).clip(-AROUND, AROUND).fillna(-1)
    return frame.assign(since=since.astype("int32"))


def pyfixest_from_the_file(path: str, times: int) -> dict[str, Any]:
    return _of_pyfixest(path, times, prepared=False)


def pyfixest_from_a_frame(path: str, times: int) -> dict[str, Any]:
    """The frame is in memory; only the regression is timed."""
    return _of_pyfixest(path, times, prepared=True)


def linearmodels_from_a_frame(path: str, times: int) -> dict[str, Any]:
    """``AbsorbingLS``: ``PanelOLS`` wants one row for each unit and month."""
    import pandas as pd
    from linearmodels.iv.absorbing import AbsorbingLS

    before = held()
    frame = _frame(path)
    around = [t for t in range(-AROUND, AROUND + 1) if t != -1]
    regressors = pd.DataFrame({str(t): (frame["since"] == t).astype(float) for t in around})
    absorbed = frame[["unit", "month"]].astype("category")

    def make() -> Any:
        model = AbsorbingLS(frame["days"], regressors, absorb=absorbed, drop_absorbed=False)
        return model.fit(cov_type="clustered", clusters=frame["unit"])

    found, taken = _timed(make, times)
    figures = {str(t): [float(found.params[str(t)]), float(found.std_errors[str(t)])] for t in around}
    return {"taken": taken, "above": peak() - before, "figures": figures}
