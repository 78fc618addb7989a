"""A certificate: a verdict with all that it rests on, so that anyone can work it out again without the register or the log."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from math import isclose
from typing import Any

import numpy as np

from loft.language import mark
from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.look import hash_of_all, verdict
from loft.value.measures import Measure
from loft.value.plan import Plan
from loft.value.sentence import Figure, Sentence, say
from loft.value.verdicts import Verdict

FORMAT = "loft certificate 1"
_FIELDS = {
    "word": mark("the verdict in a word"),
    "answer": mark("the answer"),
    "size": mark("the size"),
    "security": mark("how secure it is"),
    "reasons": mark("the reasons"),
    "knowable": mark("what would make it knowable"),
    "next_look": mark("when to look again"),
    "checks": mark("the checks"),
    "guardrails": mark("the guardrails"),
    "path": mark("the figures by month"),
    "groups": mark("the groups"),
    "withstands": mark("the drift it withstands"),
    "cells_hash": mark("the hash of the cells"),
    "plan_hash": mark("the hash of the plan"),
}
_WHOLE = ("unit", "day", "stratum", "age")
_ARRAYS = ("unit", "day", "n", "total", "squares", "stratum", "age", "closed")


@dataclass(frozen=True)
class Checked:
    """Whether a certificate ``holds``, and what was found, each as a sentence. ``again`` is the verdict worked out anew; None where the
    certificate has no cells."""

    holds: bool
    found: tuple[Sentence, ...]
    again: Verdict | None


def certificate(
    plan: Plan,
    made: Verdict,
    cells: Mapping[str, Cells] | None,
    *,
    others: Sequence[str] = (),
    breaks: Sequence[str] = (),
) -> dict[str, Any]:
    """The certificate as JSON-ready values.

    With *cells* anyone can work the verdict out again; they are figures for each unit and day that no gate has withheld, so the
    certificate then needs the same care as the log. Without (None) only the hashes can be checked. *others* and *breaks* are what the
    verdict was told beside the cells.
    """
    told = {
        "format": FORMAT,
        "plan": plan.as_dict(),
        "plan_hash": plan.hash,
        "verdict": made.as_dict(),
        "others": list(others),
        "breaks": list(breaks),
        "cells": None if cells is None else {name: _cells_told(found) for name, found in sorted(cells.items())},
    }
    return {**told, "hash": _hash(told)}


def verify(told: Mapping[str, Any]) -> Checked:
    """Whether a certificate holds: nothing in it was changed, and the verdict follows from the plan and the cells.

    A figure may differ in its tenth digit, as between processors. Raises ``BadInput`` for what is no certificate.
    """
    if not isinstance(told, Mapping) or told.get("format") != FORMAT:
        raise BadInput(
            mark("This is no certificate that this version reads: it must say “%(format)s”."),
            format=Figure(FORMAT, "text"),
        )
    try:
        plan, made = Plan.from_dict(told["plan"]), Verdict.from_dict(told["verdict"])
        cells = None if told["cells"] is None else {name: _cells(raw) for name, raw in told["cells"].items()}
        others, breaks = tuple(told["others"]), tuple(told["breaks"])
        hashes = {"hash": told["hash"], "plan_hash": told["plan_hash"]}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        if isinstance(error, BadInput):
            raise
        if isinstance(error, KeyError):
            raise BadInput(
                mark("The certificate lacks %(field)s."), field=Figure(str(error.args[0]), "text")
            ) from error
        raise BadInput(
            mark("The certificate cannot be read; something in it has the wrong form: %(error)s."),
            error=Figure(str(error), "text"),
        ) from error
    wrong = []
    if _hash({name: value for name, value in told.items() if name != "hash"}) != hashes["hash"]:
        wrong.append(say(mark("Something in the certificate was changed after it was made.")))
    if not plan.hash == hashes["plan_hash"] == made.plan_hash:
        wrong.append(say(mark("The plan is not the one that the verdict was made by.")))
    if cells is None:
        left = say(mark("The certificate has no cells, so the verdict cannot be worked out again from it."))
        return Checked(not wrong, (*wrong, left), None)
    if hash_of_all(cells) != made.cells_hash:
        wrong.append(say(mark("The cells are not those that the verdict was made from.")))
    again = verdict(plan, cells, made.on, others=others, breaks=breaks)
    wrong += [
        say(mark("Worked out again, the verdict differs in: %(field)s."), field=Figure(_FIELDS.get(name, name), "told"))
        for name, value in again.as_dict().items()
        if name != "code" and not _same(value, told["verdict"][name])
    ]
    right = say(mark("Worked out again from the plan and the cells, the verdict is the same."))
    about = say(
        mark("The change %(change)s, verdict of %(day)s by the plan locked on %(locked)s: %(answer)s"),
        change=Figure(plan.change, "text"),
        day=Figure(made.on, "day"),
        locked=Figure(plan.locked_at[:10] or "–", "text"),
        answer=Figure(made.answer, "said"),
    )
    return Checked(not wrong, tuple(wrong) or (right, about), again)


def _hash(told: Mapping[str, Any]) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, float | int) and isinstance(b, float | int):
        return isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    return bool(a == b)


def _cells_told(cells: Cells) -> dict[str, Any]:
    plain = {name: getattr(cells, name) for name in ("within", "step", "left_out", "unknown")}
    arrays = {name: getattr(cells, name) for name in _ARRAYS}
    return {
        **plain,
        "measure": asdict(cells.measure),
        "units": list(cells.units),
        "strata": list(cells.strata),
        "first": cells.first.isoformat(),
        "until": cells.until.isoformat(),
        **{name: None if value is None else _listed(value) for name, value in arrays.items()},
    }


def _listed(values: np.ndarray[Any, Any]) -> list[Any]:
    """The values, whole numbers without a decimal point: a million of them are read and written."""
    if values.dtype == np.float64 and not np.any(values % 1):
        values = values.astype(np.int64)
    listed: list[Any] = values.tolist()
    return listed


def _cells(raw: Mapping[str, Any]) -> Cells:
    arrays: dict[str, Any] = {name: None if raw[name] is None else np.array(raw[name], _kind(name)) for name in _ARRAYS}
    lengths = {len(value) for value in arrays.values() if value is not None}
    if len(lengths) != 1:
        raise ValueError("the columns of the cells are not equally long")
    if (arrays["age"] is None) != (arrays["closed"] is None):
        raise ValueError("the cells have ages without endings, or endings without ages")
    for name, names in (("unit", raw["units"]), ("stratum", raw["strata"])):
        place = arrays[name]
        if place is not None and len(place) and not 0 <= place.min() <= place.max() < len(names):
            raise ValueError(f"the cells name a {name} that is not there")
    plain: dict[str, Any] = {name: int(raw[name]) for name in ("within", "step", "left_out", "unknown")}
    return Cells(
        measure=Measure(**raw["measure"]),
        units=tuple(raw["units"]),
        strata=tuple(raw["strata"]),
        first=date.fromisoformat(raw["first"]),
        until=date.fromisoformat(raw["until"]),
        **plain,
        **arrays,
    )


def _kind(name: str) -> type:
    if name == "closed":
        return np.bool_
    return np.int64 if name in _WHOLE else np.float64
