"""The home folder as commands use it: Django is loaded, and the database brought up to this version, only by those that ask."""

import functools
import getpass
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import fail

if TYPE_CHECKING:
    from loft.changes.rules import Actor


NOBODY = ("root", "nobody", "administrator", "Administrator", "SYSTEM")
"""Users of a machine that are no person: a register that names them tells nothing."""


def home_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--home``; what is inside can use the register of that folder."""

    @click.option(
        "--home",
        metavar="FOLDER",
        envvar="LOFT_HOME",
        default="loft-home",
        help="The folder of logs and settings. [default: LOFT_HOME, else ./loft-home]",
    )
    @functools.wraps(function)
    def command(home: str, **given: Any) -> Any:
        use_home(home)
        return function(**given)

    return command


def person_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--by``; the command gets an ``actor`` and the moment ``now``."""

    @click.option(
        "--by",
        metavar="NAME",
        envvar="LOFT_NAME",
        help="Who does it, for the register. [default: LOFT_NAME, else your name on this machine]",
    )
    @functools.wraps(function)
    def command(by: str | None, **given: Any) -> Any:
        return function(actor=_actor((by or "").strip() or _own_name()), now=_now(), **given)

    return command


def use_home(home: str | Path) -> None:
    """Make the register of *home* ready for use in this process. Ends the program where the pages' packages are not installed."""
    try:
        import django  # noqa: F401
    except ImportError:
        fail("The register needs more than the terminal does: pip install 'innovasjonsloft[web]'")
    os.environ["LOFT_HOME"] = str(home)
    from loft.web.server import application, prepare

    application()
    prepare()


def _own_name() -> str:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        fail("This machine does not know your name. Say who does it: --by NAME, or set LOFT_NAME.")
    if name in NOBODY:
        fail(f"{name!r} is nobody's name. Say who does it: --by NAME, or set LOFT_NAME.")
    return name


def _actor(name: str) -> "Actor":
    from loft.changes.rules import Actor

    return Actor.local(name)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 the terminal may ask for the moment
