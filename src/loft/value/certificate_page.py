"""A certificate as a page that needs nothing else: to print, to file, to send."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from loft.language import gettext, language, mark
from loft.value.plan import Plan
from loft.value.sentence import Sentence
from loft.value.told import Row, rows
from loft.value.verdicts import Verdict

_STYLE = """
:root{color-scheme:light dark}body{font:1rem/1.5 Inter,system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem}.answer{font-size:1.25rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #8886}
th{width:34%;font-weight:600}code{overflow-wrap:anywhere}@media print{body{margin:0}}
"""
SECURITY = mark("How secure: %(security)s of 5")
_PASSED: Mapping[bool | None, str] = {True: mark("Passed"), False: mark("Failed"), None: mark("Not made yet")}


def page(told: Mapping[str, Any], *, title: str) -> str:
    """The certificate *told* (see ``loft.value.certificate``) as one HTML page in the language in force, under *title*."""
    plan, made = Plan.from_dict(told["plan"]), Verdict.from_dict(told["verdict"])
    hashes: list[tuple[str, str]] = [
        (mark("Plan"), made.plan_hash), (mark("Cells"), made.cells_hash), (mark("Certificate"), told["hash"]),
        (mark("Policy"), made.policy), (mark("Version of the program"), made.code),
    ]  # fmt: skip
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p class=answer>{_said(made.answer)}</p>",
        f"<p>{escape(gettext(SECURITY) % {'security': made.security})}. {escape(made.on.isoformat())}.</p>",
        _list(mark("Why"), made.reasons),
        _list(mark("What would make it knowable"), made.knowable),
        _table(mark("Checks"), [(gettext(_PASSED[c.passed]), _said(c.says)) for c in made.checks]),
        _list(mark("Guardrails"), [g.says for g in made.guardrails]),
        _table(mark("The locked plan"), [_row(row) for row in rows(plan)]),
        _table(mark("What it rests on"), [(gettext(name), f"<code>{escape(value)}</code>") for name, value in hashes]),
        f"<p>{escape(gettext(mark('Check it with: loft verify FILE.json')))}</p>",
    ]
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _said(sentence: Sentence) -> str:
    return escape(str(sentence))


def _row(row: Row) -> tuple[str, str]:
    return str(row[0]), "<br>".join(_said(line) for line in row[1])


def _list(heading: str, lines: Sequence[Sentence]) -> str:
    if not lines:
        return ""
    shown = "".join(f"<li>{_said(line)}</li>" for line in lines)
    return f"<h2>{escape(gettext(heading))}</h2><ul>{shown}</ul>"


def _table(heading: str, lines: Sequence[tuple[str, str]]) -> str:
    """A table of headings, which are escaped here, and cells, which are HTML already."""
    if not lines:
        return ""
    shown = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{cell}</td></tr>' for name, cell in lines)
    return f"<h2>{escape(gettext(heading))}</h2><table><tbody>{shown}</tbody></table>"
