"""Progress of long work, told to whoever listens; the terminal draws a bar, tests and notebooks ignore it."""

from typing import Protocol


class Progress(Protocol):
    """Told how far the work has come. *done* and *total* count the same thing, bytes or events; total may be unknown."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""
