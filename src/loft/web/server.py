"""Starts the pages: one process with a few threads, which is what one person on one machine needs."""

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loft.web.configuration import ConfigurationError, is_loopback


def serve(
    home: str | Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    threads: int = 4,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the pages from *home* until stopped; *ready* is called with the address once the server listens.

    Port 0 takes any free one. Raises ``ConfigurationError`` for a setting that cannot be used, an address that is not this machine's
    own, or a port that is taken.
    """
    if not is_loopback(host):
        raise ConfigurationError(
            f"Løft has no accounts yet, so it is served only on this machine: host {host} is refused. Use 127.0.0.1 or localhost."
        )
    os.environ["LOFT_HOME"] = str(home)
    pages = application()
    prepare()
    from waitress.server import create_server

    from loft.web.uploads import sweep

    sweep()
    try:
        server = create_server(pages, host=host, port=port, threads=threads, ident="", max_request_body_size=_limit())
    except OSError as error:
        raise ConfigurationError(
            f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port."
        ) from error
    if ready:
        ready(f"http://localhost:{_port(server, port)}/")
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


def application() -> Any:
    """The WSGI application, with settings from the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "loft.web.settings"
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def prepare() -> None:
    """Bring the database up to this version, and let value lapse that was not shown anew in time.

    Raises ``ConfigurationError`` where the database cannot be reached."""
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        call_command("migrate", verbosity=0, interactive=False)
        from loft.changes import actions

        actions.lapse_due(now=datetime.now(UTC))  # noqa: TID251 - the start of the program is where the clock is asked
    except OperationalError as error:
        raise ConfigurationError(f"LOFT_DATABASE_URL: the database cannot be used: {error}") from error


def _limit() -> int:
    from django.conf import settings

    return int(settings.CONFIGURATION.upload_limit) + 10**6


def _port(server: Any, asked: int) -> int:
    """The port the server got: *asked*, or the free one it found."""
    listening = getattr(server, "effective_listen", None) or [(None, asked)]
    return int(getattr(server, "effective_port", None) or listening[0][1])


def free_port() -> int:
    """A port on this machine that nobody uses now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
