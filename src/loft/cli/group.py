"""How the program behaves when something is wrong: one plain message, a fitting exit code, never a traceback."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

STOPPED = 130
"""The exit code of a program that was stopped with Ctrl-C."""


class Group(click.Group):
    """The commands, in the order they were added, and one place where every error ends."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under headings; a command says its own in ``section``."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            sections.setdefault(getattr(command, "section", "Commands"), []).append(
                (name, command.get_short_help_str(70))
            )
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows, col_max=14)

    def invoke(self, ctx: click.Context) -> Any:
        with told():
            return super().invoke(ctx)


class Command(click.Command):
    """A command that stands under a heading in the list."""

    def __init__(self, *args: Any, section: str = "Commands", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


class Verbs(click.Group):
    """A command with commands of its own that stands under a heading in the list."""

    def __init__(self, *args: Any, section: str = "Commands", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@contextmanager
def told() -> Iterator[None]:
    """Errors of what is inside, told as a person needs them."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
        raise
    except KeyboardInterrupt:
        fail("Stopped.", STOPPED)
    except Exception as error:
        if os.environ.get("LOFT_DEBUG", "").lower() == "yes":
            raise
        fail(_sentence(error))


def fail(message: str, code: int = 1) -> NoReturn:
    """Say *message* on standard error, in red where there are colours, and end."""
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    click.secho(message, fg="red", err=True, color=colour)
    raise click.exceptions.Exit(code)


def _sentence(error: Exception) -> str:
    """What is wrong, in words; for a fault of the program itself, how to find where it is."""
    if isinstance(error, ValueError) or type(error).__name__ in ("LogError", "ConfigurationError"):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return f"Løft itself failed: {type(error).__name__}: {error}. With LOFT_DEBUG=yes it shows where; please report it."
