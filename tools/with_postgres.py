"""Run a command with ``LOFT_DATABASE_URL`` set to a PostgreSQL server that lives as long as the command.

Usage: ``python -m tools.with_postgres COMMAND …``
"""

import os
import subprocess
import sys

from tools.services import postgres


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with postgres() as url:
        return subprocess.run(command, env={**os.environ, "LOFT_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
