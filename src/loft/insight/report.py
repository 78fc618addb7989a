"""The report: every answer about a log on one page that needs nothing else, to send or to file.

The page carries its styles and drawings inside, has no scripts, and asks no other place for anything; the browser is told to
refuse if it did.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from pathlib import Path

from loft.charts import STYLESHEET, Drawing, numbers
from loft.insight.movement import bottlenecks, bounces, handovers
from loft.insight.notebook import chart, html, map_chart
from loft.insight.paths import journey_map, variants
from loft.insight.table import Table
from loft.insight.time import rework, units, waits
from loft.insight.whole import doors, overview, throughput
from loft.insight.wording import answer, cells, chosen, coverage, head, only, remarks
from loft.language import gettext, language, mark
from loft.log import EVERYTHING, Log, Selection
from loft.vocabulary import activity_name

ROWS = 15
"""Most rows of each table in the report."""
_STYLE = Path(__file__).with_name("report.css")
_NUMBERS = ("days_median", "doors_mean", "bounced_share", "wait_share")


@dataclass(frozen=True)
class Part:
    """A part of the report: its heading (English, translated when shown) and its tables, each with its drawing."""

    title: str
    tables: Sequence[tuple[Table, Drawing | None]]
    intro: str = ""


def report(
    log: Log,
    selection: Selection = EVERYTHING,
    *,
    against: Selection | None = None,
    share: float = 0.8,
    rows: int = ROWS,
    made: date | None = None,
) -> str:
    """The report on the cases of a selection as one HTML page, in the language in force.

    *against* are cases to hold the overview against. *share* is the share of cases on the map, *rows* the most rows of each table,
    *made* the day written on the page. Every figure has passed the gate.
    """
    whole = overview(log, selection)
    before = overview(log, against) if against is not None else None
    shown = chosen(selection)
    title = f"{log.meta.name} – {gettext('journeys')}"
    parts = _parts(log, selection, share)
    links = "".join(
        f'<li><a href="#{number}">{escape(gettext(part.title))}</a></li>' for number, part in _numbered(parts)
    )
    body = [
        f"<h1>{escape(log.meta.name)}</h1>",
        f'<p class="subtle">{escape(gettext("Cases: %(choice)s") % {"choice": shown})}</p>' if selection else "",
        f'<p class="note">{escape(gettext("This log is simulated; the people and the cases do not exist."))}</p>'
        if log.meta.simulated
        else "",
        f'<p class="answer">{escape(answer(whole))}</p>',
        _measures(whole, before, against),
        f'<nav aria-label="{escape(gettext("Contents"))}"><ul>{links}</ul></nav>',
        *(_section(number, part, rows) for number, part in _numbered(parts)),
        _compared(whole, before, (shown, chosen(against))) if before and against is not None else "",
        _how_we_know(log, whole, made),
    ]
    return _page(title, "".join(body))


def _page(title: str, body: str) -> str:
    style = STYLESHEET.read_text(encoding="utf-8") + _STYLE.read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="color-scheme" content="light dark"><style>{style}</style></head><body><main>{body}</main></body></html>\n'
    )


def _numbered(parts: Sequence[Part]) -> list[tuple[str, Part]]:
    return [(f"part-{number}", part) for number, part in enumerate(parts, 1)]


def _parts(log: Log, selection: Selection, share: float) -> list[Part]:
    """What the report is made of; questions about units are left out of a log that knows none."""

    def told(title: str, *tables: Table) -> Part:
        return Part(title, [(table, chart(table)) for table in tables])

    def by_unit(title: str, *tables: Callable[[], Table]) -> list[Part]:
        return [told(title, *(table() for table in tables))] if log.meta.units else []

    found = journey_map(log, selection, share=share)
    return [
        told(mark("Where time goes"), waits(log, selection), waits(log, selection, by="reason")),
        Part(mark("How cases travel"), [(found.arcs, map_chart(found))], coverage(found)),
        *by_unit(mark("Doors"), *(partial(doors, log, selection, by=by) for by in ("doors", "service", "month"))),
        *by_unit(mark("Hand-overs"), partial(handovers, log, selection)),
        *by_unit(mark("Sent back"), partial(bounces, log, selection)),
        told(mark("Done again"), rework(log, selection)),
        told(mark("How long cases take"), throughput(log, selection)),
        told(mark("Where people wait the most"), bottlenecks(log, selection)),
        told(mark("The ways cases take"), variants(log, selection)),
        *by_unit(mark("Units"), partial(units, log, selection)),
    ]


def _measures(whole: Table, before: Table | None, against: Selection | None) -> str:
    """At most four numbers, each with what it is held against."""
    by_name = {c.name: c for c in whole.columns}
    row = only(whole)
    columns = [by_name[name] for name in _NUMBERS if row is not None and row[name] is not None]
    place = [c.name for c in whole.columns]
    now = cells(whole)[0] if row else []
    then = cells(before)[0] if before and len(before) else None
    told = []
    for column in columns:
        at = place.index(column.name)
        beside = f'<dd class="subtle">{escape(chosen(against or EVERYTHING))}: {escape(then[at])}</dd>' if then else ""
        told.append(f"<div><dt>{escape(head(column))}</dt><dd>{escape(now[at])}</dd>{beside}</div>")
    return f'<dl class="measures">{"".join(told)}</dl>' if told else ""


def _section(number: str, part: Part, rows: int) -> str:
    intro = f"<p>{escape(part.intro)}</p>" if part.intro else ""
    told = "".join(
        _figure(f"{number}-{place}", table, drawing, rows) for place, (table, drawing) in enumerate(part.tables, 1)
    )
    return f'<section><h2 id="{number}">{escape(gettext(part.title))}</h2>{intro}{told}</section>'


def _figure(number: str, table: Table, drawing: Drawing | None, rows: int) -> str:
    """A drawing with what it shows, then its table, which can be scrolled sideways with the keyboard too."""
    about = escape(gettext(table.about))
    picture = f"<figure>{drawing}<figcaption>{about}</figcaption></figure>" if drawing else f"<p>{about}</p>"
    if not len(table):
        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in [gettext("There are no rows."), *remarks(table)])
        return f"{picture}<h3>{escape(gettext(table.title))}</h3>{said}"
    title = escape(gettext(table.title))
    return (
        f'{picture}<div class="scroll" tabindex="0" role="region" aria-label="{title}">{html(table, most=rows)}</div>'
    )


def _compared(whole: Table, before: Table, names: Sequence[str]) -> str:
    """The overviews of the two choices side by side, a figure a row."""
    title = escape(gettext("Compared"))
    top = "".join(f'<th scope="col" class="number">{escape(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{escape(head(column))}</th><td class="number">{escape(now)}</td><td class="number">{escape(then)}</td></tr>'
        for column, now, then in zip(whole.columns, _cells(whole), _cells(before), strict=True)
    )
    table = f"<table><caption>{escape(gettext(whole.title))}</caption><thead><tr><td></td>{top}</tr></thead><tbody>{body}</tbody></table>"
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in dict.fromkeys([*remarks(whole), *remarks(before)]))
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">{table}</div>'
    return f'<section><h2 id="compared">{title}</h2>{scroll}{said}</section>'


def _cells(overview: Table) -> list[str]:
    """The cells of an overview; all withheld when the gate gives no figures."""
    return cells(overview)[0] if len(overview) else [numbers.withheld()] * len(overview.columns)


def _how_we_know(log: Log, whole: Table, made: date | None) -> str:
    """Where the figures come from, and what they leave out."""
    meta = log.meta
    row = only(whole) or dict.fromkeys(("cases", "events", "open_cases", "first_day", "last_day"))
    first = gettext(
        "%(cases)s cases with %(events)s events, opened from %(first)s until %(last)s; %(open)s of them still open."
    )
    figures = {
        "cases": numbers.count(row["cases"]),
        "events": numbers.count(row["events"]),
        "open": numbers.count(row["open_cases"]),
    }
    closed = gettext("A case is closed when its last step is one of: %(names)s.") % {
        "names": ", ".join(activity_name(name) for name in meta.endings)
    }
    said = [
        first % {**figures, "first": numbers.day(row["first_day"]), "last": numbers.day(row["last_day"])}
        if row["cases"]
        else "",
        gettext(whole.about),
        closed if meta.endings else gettext("The log does not say how cases end, so all of them count as closed."),
        gettext("The endings were guessed from how cases stop.") if meta.endings and meta.endings_guessed else "",
        gettext("Every figure rests on at least %(minimum)s cases.") % {"minimum": whole.minimum},
        gettext("Read from %(files)s.") % {"files": ", ".join(file.name for file in meta.files)} if meta.files else "",
        *meta.notes,
        gettext("Made on %(day)s.") % {"day": numbers.day(made)} if made else "",
    ]
    told = "".join(f"<li>{escape(sentence)}</li>" for sentence in said if sentence)
    return f'<section><h2 id="how">{escape(gettext("How we know"))}</h2><ul>{told}</ul></section>'
