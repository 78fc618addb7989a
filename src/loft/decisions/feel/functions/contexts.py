"""Functions on contexts (DMN 1.5, 10.3.4.8). A context that is given is never changed; a new one is made."""

from loft.decisions.feel.functions.signatures import UnfitError, builtin
from loft.decisions.feel.values import Value

Context = dict[str, Value]


def get_entries(context: Context) -> list[Value]:
    """``{key, value}`` for each part, in order."""
    return [{"key": key, "value": value} for key, value in context.items()]


def context_of(entries: list[Value]) -> Context:
    """The context with these ``{key, value}`` parts. Raises ``UnfitError`` where one lacks either, or a key comes twice."""
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            raise UnfitError
        if entry["key"] in made:
            raise UnfitError
        made[entry["key"]] = entry["value"]
    return made


def put(context: Context, key: str, value: Value) -> Context:
    """*context* with one part set; a part that was there keeps its place."""
    return {**context, key: value}


def put_deep(context: Context, keys: list[Value], value: Value) -> Context:
    """*context* with a part of its parts set. Raises ``UnfitError`` where the way to it is no context."""
    if not keys or not all(isinstance(key, str) for key in keys):
        raise UnfitError
    ways = [context]
    for key in keys[:-1]:
        inner = ways[-1].get(key)
        if not isinstance(inner, dict):
            raise UnfitError
        ways.append(inner)
    for way, key in zip(reversed(ways), reversed(keys), strict=True):
        value = put(way, key, value)
    return dict(value)


def merge(contexts: list[Value]) -> Context:
    """All parts of these contexts; of parts with the same name the last."""
    made: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise UnfitError
        made.update(context)
    return made


FUNCTIONS = (
    builtin("get value", ("m: context, key: string", lambda context, key: context.get(key))),
    builtin("get entries", ("m: context", get_entries)),
    builtin("context", ("entries: list", context_of)),
    builtin(
        "context put",
        ("context: context, key: string, value: any", put),
        ("context: context, keys: list, value: any", put_deep),
    ),
    builtin("context merge", ("contexts: list", merge)),
)
