"""``loft example --register``: the register of a home, filled with Fjordvik's changes and their verdicts."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from loft.cli.group import fail
from loft.cli.homes import use_home

TRUTH = "fjordvik-truth.json"


def register(folder: Path, home: Path) -> list[str]:
    """What was registered in *home* of the changes that the truth in *folder* tells of; nothing that is there already.

    Where the log stands in the home, each change that has started gets a verdict on the log's last day.
    """
    path = folder / TRUTH
    if not path.is_file():
        fail(f"{path} is not there. Make the example first: loft example {folder}")
    use_home(home)
    from django.db import transaction

    from loft.changes import actions
    from loft.changes.models import Change
    from loft.example.changes import LOG
    from loft.example.register import fill

    known = set(Change.objects.values_list("what", flat=True))
    judge = _judge if (home / "logs" / LOG).is_dir() else None
    with transaction.atomic():
        return fill(actions, json.loads(path.read_text(encoding="utf-8")), known=known, judge=judge)


def _judge(change: Any, on: date) -> Any:
    """The verdict of the day *on*, recorded."""
    from loft.changes.looking import look
    from loft.changes.rules import Actor

    return look(change, actor=Actor.system(), now=datetime.combine(on, time(12), UTC), today=on, record=True).row
