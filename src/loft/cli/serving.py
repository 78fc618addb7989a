"""``loft serve`` and ``loft example``: the pages on this machine, and a log to try them on."""

import os
import sys
import webbrowser
from pathlib import Path

import click

from loft.cli.group import STOPPED, Command, fail
from loft.cli.progress import watched


@click.command("serve", cls=Command, section="Share what it says")
@click.option(
    "--home",
    metavar="FOLDER",
    envvar="LOFT_HOME",
    default="loft-home",
    help="The folder of logs and settings. [default: LOFT_HOME, else ./loft-home]",
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to answer on; only this machine's own."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 takes any that is free."
)
@click.option(
    "--open/--no-browser",
    "browse",
    default=True,
    help="Open the pages in the browser where there is a desktop, or do not.",
)
def serve(home: str, host: str, port: int, browse: bool) -> None:
    """Show the pages on this machine until stopped with Ctrl-C.

    The logs are the stores in FOLDER/logs: import one with --store FOLDER/logs/NAME, or send a file in on the pages.
    """
    try:
        import django  # noqa: F401
        import waitress  # noqa: F401
    except ImportError:
        fail("The pages need more than the terminal does: pip install 'innovasjonsloft[web]'")
    from loft.web import serve as run

    def ready(address: str) -> None:
        click.echo(f"Løft answers at {address} (stop with Ctrl-C)")
        if browse and _has_desktop():
            webbrowser.open(address)

    run(home, host, port, ready=ready)


def _has_desktop() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@click.command("example", cls=Command, section="Bring in a log")
@click.argument("folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--events", metavar="N", type=int, default=200_000, show_default=True, help="About how many events, from 1,000."
)
@click.option("--months", metavar="N", type=int, default=48, show_default=True, help="How many months, 24 to 120.")
@click.option(
    "--seed", metavar="N", type=int, default=2026, show_default=True, help="The same seed gives the same log."
)
@click.option(
    "--register",
    "home",
    metavar="HOME",
    type=click.Path(file_okay=False, path_type=Path),
    help="Make no log: fill the register in HOME with the changes of the one in FOLDER.",
)
def example(folder: Path, events: int, months: int, seed: int, home: Path | None) -> None:
    """Make the log of Fjordvik, a municipality that does not exist, in FOLDER.

    Beside it: the truth about the simulated changes, the mapping to import the log with, and the rules of Fjordvik in FOLDER/rules.
    Once the log is in HOME/logs/fjordvik, its changes can be registered there, with verdicts.
    """
    if home is not None:
        from loft.cli.registering import register

        done = register(folder, home)
        click.echo(f"{len(done)} changes and ideas registered in {home}.")
        return
    from loft.example import write_example

    try:
        with watched() as progress:
            paths = write_example(folder, events=events, seed=seed, months=months, progress=progress)
    except KeyboardInterrupt:
        fail("Stopped; the example is not complete.", STOPPED)
    import numpy as np

    from loft.example.rules import write_rules

    write_rules(folder / "rules", rng=np.random.default_rng(seed))
    click.echo(
        f"Simulated: {paths.log}\nThe truth: {paths.truth}\nNow import it: loft import {paths.log} --mapping {paths.mapping} --simulated\n"
        f"Rules: {folder / 'rules'} (loft table ask {folder / 'rules' / 'after-school-fee.md'})"
    )
