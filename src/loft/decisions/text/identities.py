"""Ids made from names, so that the same text always gives the same model."""

from collections.abc import Mapping, Sequence

from loft.language import short_name


def made_ids(kind: str, names: Sequence[str], kept: Mapping[str, str]) -> dict[str, str]:
    """An id for each name: the one *kept* for it, else ``<kind>-<name>`` in small letters, numbered where two would be the same."""
    taken = set(kept.values())
    ids: dict[str, str] = {}
    for name in names:
        if kept.get(name):
            ids[name] = kept[name]
            continue
        wanted = base = f"{kind}-{short_name(name, 'x')}"
        number = 1
        while wanted in taken:
            number += 1
            wanted = f"{base}-{number}"
        taken.add(wanted)
        ids[name] = wanted
    return ids
