"""The docs are complete and true where a program can tell."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import loft

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def kept_files() -> list[Path]:
    """The files of the project: those git keeps, or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command under *command* that is not hidden, with its full name."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            if not inner.hidden:
                yield from commands(inner, (*path, name))
    else:
        yield " ".join(path), command


@pytest.fixture(scope="module")
def terminal() -> list[tuple[str, click.Command]]:
    from loft.cli import main

    return list(commands(main))


def test_every_command_is_documented(terminal: list[tuple[str, click.Command]]) -> None:
    page = text("docs/terminal.md")
    assert terminal
    assert [name for name, _ in terminal if f"loft {name}" not in page] == []


def test_every_option_is_documented(terminal: list[tuple[str, click.Command]]) -> None:
    page = set(re.findall(r"--[a-z][a-z-]*", text("docs/terminal.md")))
    options = {
        name: longest
        for name, command in terminal
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for longest in [option for option in [*parameter.opts, *parameter.secondary_opts] if option.startswith("--")]
    }
    assert options
    assert {name: option for name, option in options.items() if option not in page} == {}


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("src", "tests", "tools", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    )
    used = set(re.findall(r"\bLOFT_[A-Z]+(?:_[A-Z]+)*\b", code))
    documented = set(re.findall(r"`(LOFT_[A-Z_]+)`", text("docs/administrators.md")))
    assert used == documented


def test_the_change_log_begins_with_this_version() -> None:
    assert re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)[0] == loft.__version__


def test_the_version_is_the_same_everywhere() -> None:
    assert PROJECT["version"] == loft.__version__
    assert f'softwareVersion: "{loft.__version__}"' in text("publiccode.yml")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = []
    for target in LINK.findall(_without_code(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            missing.append(target)
    assert missing == []


def _without_code(markdown: str) -> str:
    return re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and GitLab make them."""
    headings = re.findall(r"^#+ (.+)$", _without_code(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_names_every_page() -> None:
    named = {(ROOT / "docs" / target).resolve() for target in LINK.findall(text("docs/index.md"))}
    pages = set(ROOT.glob("docs/**/*.md")) - {ROOT / "docs" / "index.md"}
    assert sorted(str(page.relative_to(ROOT)) for page in pages - named) == []


def test_every_dependency_has_a_line_that_says_what_it_is_for() -> None:
    lines = [line for line in text("docs/dependencies.md").splitlines() if line.startswith("| ")]
    named = {word for line in lines for word in re.findall(r"[\w@./-]+", line.split("|")[1])}
    wanted = [
        *PROJECT["dependencies"],
        *(entry for extra in PROJECT["optional-dependencies"].values() for entry in extra),
    ]
    names = {re.match(r"[\w-]+", entry)[0] for entry in wanted} - {PROJECT["name"]}  # type: ignore[index]
    names |= set(json.loads(text("package.json"))["dependencies"])
    assert sorted(names - named) == []


def test_no_path_of_anyones_machine_stands_in_the_project() -> None:
    path = re.compile(r"(?<![\w.~}])/(?:home|root|work|Users)/\w")
    found = []
    for file in kept_files():
        try:
            content = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{file.relative_to(ROOT)}: {line.strip()[:100]}" for line in content.splitlines() if path.search(line)
        ]
    assert found == []
