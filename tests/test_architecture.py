"""The house stands as designed, where import-linter and ruff cannot look."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "loft"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
LOCKS = sorted((ROOT / "locks").glob("*.txt"))


def loaded_after(code: str) -> set[str]:
    """The names of the modules that a fresh Python has loaded when it has run *code*."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_import_loft_loads_nothing_heavy() -> None:
    loaded = loaded_after("import loft")
    assert "loft" in loaded
    assert loaded & {"django", "duckdb", "ibis", "numpy", "pandas", "pyarrow"} == set()


def test_every_name_for_analysts_can_be_had_without_django() -> None:
    loaded = loaded_after("import loft\nfor name in loft.__all__: getattr(loft, name)")
    assert {"loft.log", "loft.insight"} <= loaded
    assert loaded & {"django", "ninja", "waitress", "whitenoise"} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    if code.strip():
        assert ast.get_docstring(ast.parse(code)), f"{path.relative_to(ROOT)} has no docstring"


def test_only_the_log_speaks_to_an_engine_directly() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if SOURCE / "log" not in path.parents
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "raw_sql"
    ]
    assert found == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_is_pinned_by_hash_and_from_no_given_address(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", content.strip())
    assert "://" not in content
    assert [entry for entry in entries if not re.match(r"[\w.-]+==\S+(?s:.)*--hash=sha256:", entry)] == []


@pytest.mark.parametrize(("lock", "extra"), [("demo", "web"), ("dev", "dev"), ("bench", "bench")])
def test_a_lock_holds_every_package_that_is_asked_for(lock: str, extra: str) -> None:
    locked = set(
        re.findall(r"^([\w.-]+)==", (ROOT / "locks" / f"{lock}.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )
    project = PROJECT["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"][extra], *PROJECT["dependency-groups"]["build"]]
    names = {re.match(r"[\w-]+", entry)[0] for entry in asked} - {project["name"]}  # type: ignore[index]
    assert sorted(names - locked) == []


def test_the_locks_agree_with_each_other() -> None:
    versions: dict[tuple[str, str], set[str]] = {}
    for path in LOCKS:
        for name, version, marker in re.findall(r"^([\w.-]+)==([^\s;]+)\s*(;[^\\]*)?", path.read_text(), re.MULTILINE):
            versions.setdefault((name, marker.strip()), set()).add(version)
    assert {key: found for key, found in versions.items() if len(found) > 1} == {}


def test_the_locks_pin_what_building_needs() -> None:
    assert set(PROJECT["build-system"]["requires"]) <= set(PROJECT["dependency-groups"]["build"])
