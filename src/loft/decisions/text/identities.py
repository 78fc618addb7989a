"""Ids made from names, so that the same text always gives the same model."""

from collections.abc import Mapping, Sequence

from loft.language import short_name


def made_ids(kind: str, names: Sequence[str], kept: Mapping[str, str]) -> dict[str, str]:
    """An id for each name: the one *kept* for it, else ``<kind>-<name>`` in small letters, numbered where two would be the same."""
    taken = set(kept.values())
    numbers: dict[str, int] = {}
    ids: dict[str, str] = {}
    for name in names:
        if kept.get(name):
            ids[name] = kept[name]
            continue
        wanted = base = f"{kind}-{short_name(name, 'x')}"
        while wanted in taken:
            numbers[base] = numbers.get(base, 1) + 1
            wanted = f"{base}-{numbers[base]}"
        taken.add(wanted)
        ids[name] = wanted
    return ids
