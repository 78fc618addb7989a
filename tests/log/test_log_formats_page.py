"""What docs/log-formats.md says is so."""

import re
from dataclasses import fields
from pathlib import Path

from loft.log.limits import LIMITS
from loft.log.mapping import FORMATS, ROLES, Mapping

PAGE = (Path(__file__).parents[2] / "docs" / "log-formats.md").read_text(encoding="utf-8")


def test_the_example_of_a_mapping_loads(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example
    (tmp_path / "sak.toml").write_text(example[1], encoding="utf-8")
    assert Mapping.load(tmp_path / "sak.toml").unit == "Ansvarlig enhet"


def test_every_format_and_every_key_of_a_mapping_is_described() -> None:
    assert [name for name in FORMATS if f"| `{name}` |" not in PAGE] == []
    assert [f.name for f in fields(Mapping) if f"`{f.name}`" not in PAGE] == []
    assert [role for role in ROLES if f"`{role}`" not in PAGE] == []


def test_every_limit_is_described_with_its_value() -> None:
    for field in fields(LIMITS):
        value = f"{getattr(LIMITS, field.name):,}"
        assert f"| `{field.name}` | {value} |" in PAGE or f"`{field.name}` ({value} bytes)" in PAGE, field.name
