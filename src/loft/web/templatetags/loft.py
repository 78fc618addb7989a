"""What templates need beyond Django: numbers and days as people read them."""

import re
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from loft.charts import numbers
from loft.web.present import Cell, Row, Shown

register = template.Library()


@register.filter
def whole(value: float | None) -> str:
    """A whole number."""
    return numbers.count(value)


@register.filter
def breakable(value: str) -> SafeString:
    """A name that may be broken over lines after its dots, underscores, slashes and hyphens."""
    return mark_safe(re.sub(r"([._/-])(?=\w)", r"\1<wbr>", escape(value)))


@register.filter
def labelled(row: Row, table: Shown) -> list[tuple[str, Cell]]:
    """The cells of a row beside the heads of their columns, for screens too narrow for columns."""
    return [(head.text, cell) for head, cell in zip(table.heads[1:], row.cells, strict=False)]


@register.filter
def day(value: Any) -> str:
    """A day, given as one, as the beginning of an ISO 8601 moment, or as a moment: then the day it was where the body is."""
    if isinstance(value, datetime):
        value = localtime(value).date()
    return numbers.day(date.fromisoformat(value[:10]) if isinstance(value, str) else value)


@register.filter
def size(value: int) -> str:
    """A number of bytes: ``500 MB``."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if value >= scale:
            return (
                f"{numbers.decimal(value / scale, 0 if value % scale == 0 or value >= 10 * scale else 1)}\u00a0{unit}"
            )
    return f"{value}\u00a0B"
