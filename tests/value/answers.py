"""What every answer must be: numbers all through, or a sentence."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from loft.value.errors import BadInput


def is_finite(value: Any, *, but: tuple[str, ...] = ()) -> bool:
    """Whether all numbers in a dataclass are finite; fields named in *but* are not looked at."""
    if is_dataclass(value):
        return all(is_finite(getattr(value, f.name)) for f in fields(value) if f.name not in but)
    if isinstance(value, np.ndarray):
        return bool(np.isfinite(value).all())
    if isinstance(value, tuple):
        return all(is_finite(part) for part in value)
    return not isinstance(value, float) or bool(np.isfinite(value))


def number_or_sentence(ask: Callable[[], Any], *, but: tuple[str, ...] = ()) -> Any:
    """What *ask* gives, all finite; or None where it is refused with a sentence."""
    try:
        given = ask()
    except BadInput as refused:
        assert str(refused).endswith(".")
        assert "%(" not in str(refused)
        return None
    assert is_finite(given, but=but), given
    return given
