"""What can be wrong with a log, said so that a person can mend it."""

from dataclasses import dataclass, field


class LogError(Exception):
    """Something is wrong with a file, a mapping or a store. The message says what, where and what to do."""


@dataclass(frozen=True)
class BadRow:
    """One row or event that cannot be used.

    ``row`` counts data rows (or events) from 1; ``line`` is the line in the file where it is known.
    """

    file: str
    row: int
    column: str
    value: str
    expected: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row:,}" + (f" (line {self.line:,})" if self.line else "")
        return f"{where}, column {self.column!r}: {self.value!r} is not {self.expected}"


@dataclass
class BadRows:
    """The wrong rows of an import: all are counted, the first ten kept; ``keep_going`` is ``--skip-bad``.

    ``rejected`` names the file that skipped rows are written to, if any.
    """

    keep_going: bool = False
    count: int = 0
    first: list[BadRow] = field(default_factory=list)
    rejected: str | None = None

    def add(self, row: BadRow, count: int = 1) -> None:
        self.count += count
        if len(self.first) < 10:
            self.first.append(row)

    def stop_if_any(self) -> None:
        """Raise ``LogError`` with the count and the first ten rows, unless wrong rows are to be skipped."""
        if self.count and not self.keep_going:
            shown = "\n".join(f"  {row}" for row in self.first)
            raise LogError(
                f"{self.count:,} rows cannot be used; nothing was imported. The first {len(self.first)}:\n{shown}\n"
                "Correct them, or import the rest with --skip-bad (the wrong rows are written to a file of their own)."
            )
