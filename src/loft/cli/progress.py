"""Progress on the screen: how far, how fast, how long it will take yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from loft.cli.show import console

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from loft.log.progress import Progress

_BYTES = ("checking", "reading")
_NAMES = {
    "checking": "Checking the files",
    "reading": "Reading",
    "tables": "Writing tables",
    "steps": "Making steps",
    "casework": "Simulating casework",
    "writing": "Writing events",
}


@contextmanager
def watched(*, quiet: bool = False) -> "Iterator[Progress]":
    """A progress to hand to long work: bars on standard error when that is a terminal, else nothing."""
    from loft.log.progress import silent

    where = console(stderr=True)
    if quiet or not where.is_terminal:
        yield silent
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
        console=where,
        transient=True,
    )
    with bars:
        yield _Watcher(bars)


class _Watcher:
    """One bar for each stage of the work."""

    def __init__(self, bars: "Bars") -> None:
        self.bars = bars
        self.tasks: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        stage = stage.lower()
        if stage not in self.tasks:
            self._finish()
            self.tasks[stage] = self.bars.add_task(_NAMES.get(stage, stage.capitalize()), total=total, rate="")
        number = self.tasks[stage]
        self.bars.update(number, completed=done, total=total, rate=self._rate(stage, number))  # type: ignore[arg-type]

    def _finish(self) -> None:
        for number in self.bars.task_ids:
            task = self.bars.tasks[number]
            self.bars.update(number, total=task.completed or 1, completed=task.completed or 1)

    def _rate(self, stage: str, number: int) -> str:
        speed = self.bars.tasks[number].speed
        if not speed:
            return ""
        for size, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if speed >= size:
                return f"{speed / size:.1f} {prefix}{'B' if stage in _BYTES else ''}/s"
        return f"{speed:.0f} {'B' if stage in _BYTES else ''}/s"
