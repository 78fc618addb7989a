"""Fjordvik's rules: decision tables of a municipality that does not exist, each with example cases, and a table of families to try them on.

The rules follow real laws in kind and name them as their source; every limit and price is made up.
"""

import shutil
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FEE = HERE / "kindergarten-fee"
"""The folder with the versions of the kindergarten fee."""


def rules() -> tuple[Path, ...]:
    """The rules: files, and a folder where a rule has several versions."""
    found = [path for path in sorted(HERE.iterdir()) if path.suffix in (".md", ".dmn") or path == FEE]
    return tuple(path for path in found if not path.name.endswith(".examples.md"))


def write_rules(folder: str | Path, *, rng: np.random.Generator, families: int = 2_000) -> tuple[Path, ...]:
    """The rules with their examples, and ``families.csv``, in *folder* (made if it is not there); the files written.

    Of the families, drawn by *rng*, one in ten has not told its income.
    """
    folder = Path(folder)
    written = []
    for path in sorted(HERE.rglob("*")):
        if path.suffix in (".md", ".dmn"):
            target = folder / path.relative_to(HERE)
            target.parent.mkdir(parents=True, exist_ok=True)
            written.append(Path(shutil.copyfile(path, target)))
    target = folder / "families.csv"
    target.write_text(_families(rng, families), encoding="utf-8")
    return (*written, target)


def _families(rng: np.random.Generator, count: int) -> str:
    """Made-up families as CSV, with the facts of the kindergarten fee as columns."""
    income = np.round(np.exp(rng.normal(13.3, 0.5, count)), -3).astype(int)
    sibling = 1 + np.minimum(rng.poisson(0.5, count), 3)
    age = rng.integers(1, 6, count)
    told = rng.random(count) < 0.9
    lines = ["case,household_income,sibling_number,age_this_year"]
    for number in range(count):
        known = income[number] if told[number] else ""
        lines.append(f"family-{number + 1:05d},{known},{sibling[number]},{age[number]}")
    return "\n".join(lines) + "\n"
