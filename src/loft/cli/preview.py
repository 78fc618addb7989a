"""``loft import --preview``: how a file would be read, and what could be chosen instead."""

from pathlib import Path
from typing import Any

from loft.cli.show import console, prose
from loft.log import Mapping, Proposal
from loft.log.mapping import ROLES

_WIDE = 40
_OWN = ("case", "activity", "at", "began", "unit", "service", "actor")


def show(file: Path, mapping: Mapping, proposal: Proposal) -> None:
    """The mapping with its reasons, the columns of the file, and its first events, on standard output."""
    from rich.table import Table as Grid
    from rich.text import Text

    where = console()
    prose(where, f"{file.name} as {mapping.format}", style="bold")
    grid = Grid.grid(padding=(0, 3, 0, 0))
    for role in (*ROLES, "source", "object_type", "delimiter", "encoding", "timestamp_format", "time_zone"):
        value = getattr(mapping, role)
        reason = proposal.reasons.get(role, "")
        if value or reason or role in _OWN:
            shown = repr(value) if role == "delimiter" and value else str(value or "–")
            grid.add_row(Text(f"--{role.replace('_', '-')}", style="bold"), Text(shown), Text(reason, style="dim"))
    where.print(grid)
    for note in proposal.notes:
        prose(where, note)
    where.print()
    prose(where, "Columns of the file", style="bold")
    columns = Grid.grid(padding=(0, 3, 0, 0))
    for column in proposal.columns:
        examples = ", ".join(_short(example) for example in column.examples[:3])
        columns.add_row(Text(column.name), Text(str(column.type), style="dim"), Text(examples, style="dim"))
    where.print(columns)
    where.print()
    prose(where, "First events", style="bold")
    events = Grid(box=None, header_style="dim", pad_edge=False)
    known = [name for name in _OWN if any(event.get(name) is not None for event in proposal.preview)]
    for name in known:
        events.add_column(name)
    for event in proposal.preview:
        events.add_row(*(Text(_short(event.get(name))) for name in known))
    where.print(events)
    where.print()
    prose(
        where, "Nothing was imported. Say otherwise with the options above; leave --preview out to import.", style="dim"
    )


def _short(value: Any) -> str:
    text = "–" if value is None else str(value).replace("\n", " ")
    return text if len(text) <= _WIDE else text[: _WIDE - 1] + "…"
