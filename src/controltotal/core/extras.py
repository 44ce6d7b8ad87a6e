"""What only one question needs is an extra of the package, named in one line where it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Final, NamedTuple

from controltotal.core.errors import BookError


class Extra(NamedTuple):
    """What an extra is for, as a sentence begins, and the modules that come with it."""

    what: str
    modules: tuple[str, ...]


EXTRAS: Final[Mapping[str, Extra]] = {
    "benchmarks": Extra("benchmark data need", ("ibis", "duckdb", "pyarrow", "scipy")),
    "office": Extra("a Word document needs", ("docx",)),
}


def require(extra: str) -> None:
    """Refuse, in one line, what needs an extra that is not installed.

    >>> require("office")
    """
    what, modules = EXTRAS[extra]
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise BookError(
            f"{what} the extra {extra}, which is not installed ({', '.join(missing)})",
            "this installation",
            f'install it with `pip install "controltotal[{extra}]"`',
        )
