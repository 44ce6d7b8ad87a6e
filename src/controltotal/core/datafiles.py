"""Packaged data files: read once, never changed by a reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType


@lru_cache(maxsize=64)
def packaged_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a packaged CSV file as read-only mappings of text.

    >>> packaged_rows("lines.csv")[0]["line"]
    'allocation'
    """
    text = (files("controltotal") / "data" / name).read_text(encoding="utf-8")
    return tuple(MappingProxyType(row) for row in csv.DictReader(io.StringIO(text, newline="")))


def packaged_path(name: str) -> str:
    """The path of a packaged file, for readers that need one."""
    return str(files("controltotal") / "data" / name)
