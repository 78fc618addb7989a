"""JSON that came from elsewhere: strict, and every way in which it can be wrong said in a sentence."""

import json
from typing import Any

from loft.log.errors import LogError
from loft.log.limits import Limits


def parsed(text: bytes | str, where: str, limits: Limits) -> Any:
    """The value in *text*. Raises ``LogError`` for text that is not JSON (NaN and Infinity are not), and where it repeats a key."""
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text)).removeprefix("\ufeff")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise LogError(f"{where}: is not text in UTF-8: {error}.") from error
    except RecursionError as error:
        raise LogError(
            f"{where}: values are nested deeper than {limits.depth} levels, the most that is read."
        ) from error
    except json.JSONDecodeError as error:
        raise LogError(f"{where}, line {error.lineno:,}, column {error.colno:,}: is not JSON: {error.msg}.") from error
    except ValueError as error:
        raise LogError(f"{where}: {error}") from error


def check_field(value: str, where: str, limits: Limits) -> str:
    """*value*, unless it is longer than the limit."""
    if len(value) > limits.field:
        raise LogError(f"{where}: a value has {len(value):,} characters; the most that is read is {limits.field:,}.")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        again = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {again[:100]!r} is given twice in the same object; write each key once.")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"holds {name}, which is not JSON; write null where a number is not known.")
