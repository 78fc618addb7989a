"""Finds the charts' stylesheet, which lives with the charts, without serving their Python files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from loft.charts import STYLESHEET

_NAME = f"charts/{STYLESHEET.name}"


class ChartStyle(BaseFinder):
    """One file: ``charts/chart.css``."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        found = [str(STYLESHEET)] if path == _NAME else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(STYLESHEET.parent)
        storage.prefix = "charts"
        yield STYLESHEET.name, storage

    def check(self, **_: Any) -> list[Any]:
        return []
