"""Facts: named values about a case, and where each came from."""

from dataclasses import dataclass
from typing import Any, Final


class _Nothing:
    """The one value ``NOTHING``: it is known that there is no value (FEEL's null)."""

    _one: "_Nothing | None" = None

    def __new__(cls) -> "_Nothing":
        cls._one = cls._one or super().__new__(cls)
        return cls._one

    def __repr__(self) -> str:
        return "NOTHING"

    def __bool__(self) -> bool:
        return False


NOTHING: Final = _Nothing()
"""Known to be empty ("has no employer"). A fact that is left out, or ``None``, is *not known*: that is another thing."""


@dataclass(frozen=True)
class Fact:
    """A value with the source it came from, such as a register or "the applicant"."""

    value: Any
    source: str = ""
