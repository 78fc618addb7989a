"""A choice by name, and what is said to a name that is none of them."""

import difflib

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
