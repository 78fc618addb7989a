"""A mapping guessed from the beginning of a file: by standard names, by usual heads, and by what the columns hold."""

from pathlib import Path
from typing import Any

import duckdb

from loft.language import gettext
from loft.log.columns import ACTORS, NAMES
from loft.log.errors import BadRows, LogError
from loft.log.limits import LIMITS
from loft.log.mapping import Mapping, Proposal, SourceColumn
from loft.log.progress import silent
from loft.log.readers import delimited, raw_of, sql
from loft.log.readers.encoding import as_utf8
from loft.log.readers.heads import FORMATS, HEADS, PERSONS, STANDARD, plain
from loft.log.readers.ocel import case_type, objects_of
from loft.log.readers.raw import Column, Raw
from loft.log.readers.shape import shaped
from loft.log.readers.sniff import format_of
from loft.log.readers.source import checked

_SAMPLE, _PREVIEW = 1_000, 10
_PERSONS = {plain(name) for name in PERSONS}
_TYPES = {
    "BIGINT": "whole number",
    "INTEGER": "whole number",
    "DOUBLE": "decimal",
    "FLOAT": "decimal",
    "BOOLEAN": "true or false",
    "DATE": "time",
}


def proposal(path: Path, *, format: str | None, mapping: Mapping | None) -> Proposal:
    """See ``mapping.propose``."""
    path = checked(path)
    reasons: dict[str, str] = {}
    if mapping is None:
        found = Mapping(format or format_of(path))
        told = gettext("The content of the file says so.") if format is None else gettext("It was chosen.")
        reasons["format"] = told
    else:
        found = mapping
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        found = _prepared(path, found, reasons) if mapping is None else found
        bad = BadRows(keep_going=True)
        raw = raw_of(path, found, connection, limits=LIMITS, bad=bad, progress=silent, sample=True)
        try:
            samples = _samples(connection, raw)
            forms = _forms(connection, raw, samples, tell=found.format in ("csv", "parquet"))
            if mapping is None:
                found = _guessed(found, raw, samples, forms, reasons)
            columns = tuple(
                SourceColumn(n, _type(c, forms[n]), tuple(list(dict.fromkeys(samples[n]))[:3]))
                for n, c in raw.columns.items()
            )
            preview, notes = _preview(connection, raw, found, path.name, bad)
        except duckdb.Error as error:
            raise LogError(f"{path.name}: cannot be read as {found.format}: {str(error).splitlines()[0]}") from error
    return Proposal(found, columns, preview, reasons, notes + tuple(_advice(found, samples)))


def _prepared(path: Path, mapping: Mapping, reasons: dict[str, str]) -> Mapping:
    """What must be known before the columns can be read: the delimiter, the object that plays the case."""
    if mapping.format == "csv":
        with as_utf8(path, mapping.encoding, LIMITS, silent, sample=True) as text:
            delimiter = delimited.opened(text.path, path.name, None, LIMITS).delimiter
        reasons["delimiter"] = gettext("It cuts the first lines into the most columns.")
        return mapping.but(delimiter=delimiter)
    if mapping.format.startswith("ocel"):
        chosen, why = case_type(objects_of(path, mapping.format, LIMITS, silent), path.name)
        reasons["object_type"] = why
        return mapping.but(object_type=chosen)
    return mapping


def _samples(connection: duckdb.DuckDBPyConnection, raw: Raw) -> dict[str, list[str]]:
    """Column → its first values as text, blanks left out."""
    if not raw.columns:
        return {}
    shown = ", ".join(f"CAST({c.sql} AS VARCHAR)" for c in raw.columns.values())
    rows = connection.execute(f"SELECT {shown} FROM {raw.relation} LIMIT {_SAMPLE}").fetchall()
    return {
        n: [row[i][:200] for row in rows if row[i] is not None and row[i].strip()] for i, n in enumerate(raw.columns)
    }


def _type(column: Column, form: str | None) -> str:
    kind = column.means if column.kind == "VARCHAR" else column.kind
    if kind.startswith("TIMESTAMP") or (kind == "VARCHAR" and form is not None):
        return "time"
    return _TYPES.get(
        kind, "whole number" if kind.endswith("INT") else "decimal" if kind.startswith("DECIMAL") else "text"
    )


def _forms(
    connection: duckdb.DuckDBPyConnection, raw: Raw, samples: dict[str, list[str]], tell: bool
) -> dict[str, str | None]:
    """Column → how it writes times: ``""`` for ISO 8601 and native times, a pattern, or None where it holds no times."""
    forms: dict[str, str | None] = {}
    for name, column in raw.columns.items():
        if column.kind.startswith("TIMESTAMP") or column.kind == "DATE" or column.means == "TIMESTAMP":
            forms[name] = ""
        else:
            forms[name] = _form(connection, samples[name][:200]) if column.kind == "VARCHAR" and tell else None
    return forms


def _form(connection: duckdb.DuckDBPyConnection, values: list[str]) -> str | None:
    likely = [
        v for v in values if v.strip()[:1].isdigit() and 6 <= len(v.strip()) <= 40 and sum(c.isdigit() for c in v) >= 5
    ]
    if not values or len(likely) < 0.9 * len(values):
        return None
    for form in ("", *FORMATS):
        test = sql.iso("trim(v)") if not form else f"try_strptime(trim(v), {sql.text(form)})"
        query = f"SELECT count(*) FROM (SELECT unnest($1::VARCHAR[]) AS v) WHERE year({test}) BETWEEN 1900 AND 2199"
        if connection.execute(query, [likely]).fetchall()[0][0] >= 0.9 * len(values):
            return form
    return None


def _guessed(
    mapping: Mapping, raw: Raw, samples: dict[str, list[str]], forms: dict[str, str | None], reasons: dict[str, str]
) -> Mapping:
    chosen: dict[str, Any] = {}
    standard = STANDARD.get(mapping.format.split("-")[0], {})
    # Other tools write XES logs as tables under the names of XES.
    if not standard and all(name in samples for role in ("case", "activity", "at") for name in STANDARD["xes"][role]):
        standard = STANDARD["xes"]
    for role, names in standard.items():
        if name := next((n for n in names if samples.get(n)), None):
            chosen[role], reasons[role] = (
                name,
                gettext("“%(column)s” is the standard's name for it.") % {"column": name},
            )
    if standard:
        _by_head(chosen, samples, forms, reasons, ("case", "activity", "at", "unit", "service", "actor", "began"))
        if raw.source == "source" and mapping.format == "xes" and samples.get("id"):
            chosen["id"], reasons["id"] = "id", gettext("The file was written by Løft, which gives each event an id.")
    elif all(name in samples for name in NAMES):
        written = {n: n for n in NAMES if n != "source" and samples[n]}
        chosen.update(written)
        reasons.update(dict.fromkeys(written, gettext("The file has the columns of the log under their own names.")))
    else:
        _by_head(chosen, samples, forms, reasons, tuple(HEADS))
        _by_value(chosen, samples, forms, reasons)
    if form := forms.get(chosen.get("at", "")):
        chosen["timestamp_format"], reasons["timestamp_format"] = (
            form,
            gettext("The values of “%(column)s” are written like this.") % {"column": chosen["at"]},
        )
    return mapping.but(**chosen)


def _by_head(
    chosen: dict[str, Any],
    samples: dict[str, list[str]],
    forms: dict[str, str | None],
    reasons: dict[str, str],
    roles: tuple[str, ...],
) -> None:
    heads = {name: plain(name.removeprefix("case:").removeprefix("(case)").removeprefix("data.")) for name in samples}
    for role in roles:
        if role in chosen:
            continue
        for usual in HEADS[role]:
            fitting = (
                n
                for n, head in heads.items()
                if head == plain(usual) and n not in chosen.values() and _fits(role, n, samples, forms)
            )
            if name := next(fitting, None):
                chosen[role], reasons[role] = name, gettext("“%(column)s” is a usual name for it.") % {"column": name}
                break


def _fits(role: str, name: str, samples: dict[str, list[str]], forms: dict[str, str | None]) -> bool:
    values = samples[name]
    if not values:
        return False
    if role in ("at", "began"):
        return forms[name] is not None
    if role == "actor":
        return all(v.strip().lower() in ACTORS for v in values)
    if role == "lifecycle":
        return bool({v.strip().lower() for v in values} & {"start", "complete"})
    if role == "unit":  # one that is the same for the whole case would tell of no hand-over at all
        return forms[name] is None and plain(name) not in _PERSONS and not name.startswith(("case:", "(case)"))
    return forms[name] is None


def _by_value(
    chosen: dict[str, Any], samples: dict[str, list[str]], forms: dict[str, str | None], reasons: dict[str, str]
) -> None:
    """What no head told: the first column of times; the column that repeats like cases do; the one with few different values."""
    free = [n for n, values in samples.items() if values and n not in chosen.values() and plain(n) not in _PERSONS]
    if "at" not in chosen and (name := next((n for n in free if forms[n] is not None), None)):
        chosen["at"], reasons["at"] = name, gettext("“%(column)s” holds times.") % {"column": name}
    texts = {n: len(set(samples[n])) / len(samples[n]) for n in free if forms[n] is None and len(samples[n]) > 1}
    repeated = {n: share for n, share in texts.items() if 0 < share < 1}
    if "case" not in chosen and repeated:
        name = max(repeated, key=lambda n: repeated[n])
        times = f"{1 / repeated.pop(name):.1f}"
        said = gettext("The values of “%(column)s” come again, about %(times)s times each, as those of a case do.")
        chosen["case"], reasons["case"] = name, said % {"column": name, "times": times}
    left = {n: len(set(samples[n])) for n in repeated if n not in chosen.values() and len(set(samples[n])) > 1}
    if "activity" not in chosen and left:
        name = max(left, key=lambda n: (left[n] <= 200, left[n]))
        said = gettext("“%(column)s” has %(count)s different values, about as many as a process has activities.")
        chosen["activity"], reasons["activity"] = name, said % {"column": name, "count": left[name]}


def _preview(
    connection: duckdb.DuckDBPyConnection, raw: Raw, mapping: Mapping, file: str, bad: BadRows
) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
    try:
        staged = shaped(connection, raw, mapping, file=file, bad=bad)
    except LogError as error:
        return (), (str(error),)
    names = ", ".join(sql.name(n) for n in NAMES)
    found = connection.execute(f"SELECT {names} FROM {staged.events} ORDER BY seq LIMIT {_PREVIEW}").fetchall()
    wrong = tuple(str(row) for row in bad.first[:3])
    return tuple(dict(zip(NAMES, row, strict=True)) for row in found), (*staged.notes, *wrong)


def _advice(mapping: Mapping, samples: dict[str, list[str]]) -> list[str]:
    """What a person should look at before the import."""
    notes = []
    if mapping.unit is None:
        notes.append(gettext("No column was found for the unit, so doors and hand-overs cannot be told."))
        if people := next((n for n in samples if plain(n) in _PERSONS), None):
            said = gettext(
                "“%(column)s” names persons, and a unit is never a person. Choose it only if its values are desks or units."
            )
            notes.append(said % {"column": people})
    form = mapping.timestamp_format or ""
    days = [v[:2] for v in samples.get(mapping.at or "", [])]
    if form.startswith("%d/%m") and all(day.isdigit() and int(day) <= 12 for day in days):
        said = gettext(
            "“%(column)s”: day and month could be either way round; the day was taken to come first. "
            "Set timestamp_format if that is wrong."
        )
        notes.append(said % {"column": mapping.at})
    return notes
