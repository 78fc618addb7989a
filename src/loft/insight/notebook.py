"""Tables as HTML: for a notebook, with the chart that suits them, and for the report."""

from html import escape

from loft.charts import STYLESHEET, Drawing, Part, bars, draw, numbers
from loft.charts import journey_map as draw_map
from loft.insight.paths import JourneyMap
from loft.insight.table import Table
from loft.insight.wording import cells, coverage, head, is_figure, remarks
from loft.language import gettext

ROWS = 20
"""Most rows that a notebook shows; the rest are counted under the table."""
_BARS = 12

# The notebook's own colours, where it has them: JupyterLab's, then VS Code's, then those of paper.
_STYLE = """
.loft-notebook { max-width: 60rem;
  --ds-color-neutral-text-default: var(--jp-content-font-color1, var(--vscode-foreground, #2b2b2b));
  --ds-color-neutral-text-subtle: var(--jp-content-font-color2, var(--vscode-descriptionForeground, #5a5c61));
  --ds-color-neutral-background-default: var(--jp-layout-color0, var(--vscode-editor-background, #fff)); }
.loft-notebook table { border-collapse: collapse; margin: .5em 0; }
.loft-notebook caption { text-align: left; font-weight: 600; padding: .3em 0; }
.loft-notebook th, .loft-notebook td { text-align: left; vertical-align: top; padding: .25em .8em .25em 0; }
.loft-notebook thead th { vertical-align: bottom; border-bottom: 1px solid currentColor; }
.loft-notebook .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.loft-notebook p { margin: .3em 0; }
"""


def notebook(table: Table) -> str:
    """*table* as HTML for a notebook: the chart that suits it, where there is one, its first rows, and what is not in it."""
    return framed(chart(table), table, escape(gettext(table.about)))


def notebook_map(found: JourneyMap) -> str:
    """A map as HTML for a notebook: the drawing, then its ways as a table."""
    return framed(map_chart(found), found.arcs, escape(coverage(found)))


def framed(drawing: Drawing | None, table: Table, about: str) -> str:
    """A drawing, a table and *about*, which is HTML, as HTML for a notebook."""
    style = f"<style>{STYLESHEET.read_text(encoding='utf-8')}{_STYLE}</style>"
    picture = str(drawing) if drawing else ""
    return f'{style}<div class="loft-notebook">{picture}{html(table, most=ROWS)}<p>{about}</p></div>'


def html(table: Table, *, most: int) -> str:
    """*table* as an HTML table of at most *most* rows with its title as caption, and under it what is not shown."""
    top = "".join(f'<th scope="col"{_class(figure)}>{escape(words)}</th>' for words, figure in _heads(table))
    body = "".join(_row(words, [figure for _, figure in _heads(table)]) for words in cells(table.head(most)))
    said = remarks(table)
    if len(table) > most:
        said.insert(
            0, gettext("%(shown)s of %(all)s rows") % {"shown": numbers.count(most), "all": numbers.count(len(table))}
        )
    notes = "".join(f"<p>{escape(sentence)}</p>" for sentence in said)
    caption = f"<caption>{escape(gettext(table.title))}</caption>"
    return f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>{notes}"


def _heads(table: Table) -> list[tuple[str, bool]]:
    return [(head(column), is_figure(column)) for column in table.columns]


def _row(words: list[str], figures: list[bool]) -> str:
    """A row; its first cell is the head of the row."""
    first = f'<th scope="row"{_class(figures[0])}>{escape(words[0])}</th>'
    rest = "".join(
        f"<td{_class(figure)}>{escape(word)}</td>" for word, figure in zip(words[1:], figures[1:], strict=True)
    )
    return f"<tr>{first}{rest}</tr>"


def _class(figure: bool) -> str:
    return ' class="number"' if figure else ""


def chart(table: Table, against: Table | None = None, names: tuple[str, str] | None = None) -> Drawing | None:
    """The chart that suits *table*, or bars of how often for tables of ways; None for a single row.

    *against* is the same question asked of other cases, drawn beside where there is room for it; *names* are what the two are called.
    """
    drawing = draw(table, against=against, names=names)
    labels = _ways(table)
    if drawing is not None or not labels:
        return drawing
    counted = "count" if "count" in table.data.column_names else "cases"
    [column] = [c for c in table.columns if c.name == counted]
    return bars(
        labels,
        [Part(gettext(column.label), table.column(counted)[:_BARS], "work")],
        describe=f"{gettext(table.title)}. {gettext(table.about)}",
        form=numbers.count,
        withheld=numbers.withheld(),
    )


def _ways(table: Table) -> list[str]:
    rows = table.rows()[:_BARS]
    if rows and "variant" in rows[0]:
        return [f"{row['rank']}. {row['variant']}" for row in rows]
    return (
        [f"{row['previous']} → {row['activity']}" for row in rows]
        if rows and {"previous", "activity", "count"} <= rows[0].keys()
        else []
    )


def map_chart(found: JourneyMap) -> Drawing | None:
    """A map drawn; None when it has no steps."""
    if not len(found.nodes):
        return None
    about = f"{gettext(found.arcs.title)}. {coverage(found)}"
    return draw_map(found.nodes, found.arcs, describe=about)
