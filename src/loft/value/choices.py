"""A choice by name, and what is said to a name that is none of them."""

import difflib
from collections.abc import Sequence

from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure


def one_of(name: str, known: tuple[str, ...]) -> None:
    """Raises ``BadInput`` where *name* is none of *known*, with the one that was perhaps meant."""
    if name in known:
        return
    names = Figure(", ".join(known), "text")
    close = difflib.get_close_matches(str(name), known, 1)
    if close:
        raise BadInput(
            mark("There is no choice %(name)s; did you mean %(close)s? The choices are: %(known)s."),
            name=Figure(str(name), "text"),
            close=Figure(close[0], "text"),
            known=names,
        )
    raise BadInput(
        mark("There is no choice %(name)s; choose one of: %(known)s."), name=Figure(str(name), "text"), known=names
    )


def among_units(names: Sequence[str], units: Sequence[str]) -> None:
    """Raises ``BadInput`` for the first of *names* that is none of a log's *units*, with the one that was perhaps meant."""
    for name in names:
        if name in units:
            continue
        near = difflib.get_close_matches(name, units, 1)
        text = (
            mark("No case of the log has the unit %(name)s. Did you mean %(known)s?")
            if near
            else mark("No case of the log has the unit %(name)s. The log has: %(known)s.")
        )
        known = ", ".join(near or units[:12]) + (" …" if len(units) > 12 and not near else "")
        raise BadInput(text, name=Figure(name, "text"), known=Figure(known, "text"))
