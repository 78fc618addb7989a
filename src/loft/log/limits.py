"""How much a file may ask of the machine before it is refused."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds on a file that is read; one that passes a bound is refused with a ``LogError`` that names it.

    ``unpacked``: bytes after unpacking. ``ratio``: unpacked bytes for each packed byte, looked at from ``ratio_from`` bytes on.
    ``rows``: rows of Parquet for each byte of the file, looked at from a million rows on.
    ``whole``: bytes of a format that must be held in memory as a whole (OCEL JSON and XML, a CloudEvents array).
    ``depth``: levels of nesting. ``field``: characters of one value. ``name``: characters of the name of a column.
    ``attributes``: attributes of one event. ``columns``: different columns or attributes in one file. ``trace``: bytes of one XES trace.
    ``case``: events of one case, which are held in memory together.
    """

    unpacked: int = 64 * 1024 * MIB
    ratio: int = 250
    ratio_from: int = 32 * MIB
    rows: int = 20
    whole: int = 64 * MIB
    depth: int = 100
    field: int = 1_000_000
    name: int = 1_000
    attributes: int = 1_000
    columns: int = 2_000
    trace: int = 64 * MIB
    case: int = 2_000_000


LIMITS = Limits()
