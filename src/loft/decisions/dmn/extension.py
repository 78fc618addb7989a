"""What DMN has no place for, as extension elements of our own namespace; those of other tools are passed over.

```xml
<extensionElements xmlns:loft="https://innovasjonsloft.no/dmn/1">
  <loft:head rule="fee" version="2" validFrom="2026-08-01" source="…"/>
  <loft:title lang="nb">…</loft:title>
</extensionElements>
```
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from loft.decisions.dmn.xml import Element
from loft.decisions.errors import Place, RuleError
from loft.decisions.model import Head, Texts
from loft.language import mark

SPACE: Final = "https://innovasjonsloft.no/dmn/1"


def texts(element: Element, name: str) -> Texts:
    """The texts called *name* that are kept with *element*, in order."""
    return Texts(tuple((own.get("lang"), own.text) for own in _own(element, name) if own.text))


def text(element: Element, name: str) -> str:
    """The first text called *name*; empty where there is none."""
    return next((own.text for own in _own(element, name)), "")


def cost(element: Element) -> float:
    """What it takes to find a fact out; 1 where nothing is said."""
    told = text(element, "cost")
    try:
        value = float(told or 1)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise RuleError(_COST, Place(text=told), line=element.line)
    return value


def head(element: Element) -> Head:
    """What the rule says of itself."""
    own = next(_own(element, "head"), None)
    title = texts(element, "title")
    if own is None:
        return Head(title=title)
    return Head(
        own.get("rule"), own.get("version"), _day(own, "validFrom"), _day(own, "validTo"), own.get("source"), title
    )


def _day(own: Element, name: str) -> date | None:
    told = own.get(name)
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        raise RuleError(_DAY, Place(column=name, text=told), line=own.line) from None


def _own(element: Element, name: str) -> Iterator[Element]:
    for extension in element.all("extensionElements"):
        yield from (child for child in extension.children if child.space == SPACE and child.name == name)


_DAY = mark("line %(line)s: this is not a date. Write it as 2026-08-01.")
_COST = mark("line %(line)s: what a fact costs to find out is a number, 0 or more.")
