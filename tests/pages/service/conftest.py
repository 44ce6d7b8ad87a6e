"""A service that runs, once in a session, and a browser for each module.

`service` is shared: a test that must find the ledger as it was at the start takes `fresh_service`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.inspecting import Inspector
from tests.live_service import ARGUMENTS, Service, started


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A demonstration of the fictional system, shared by all tests."""
    with started(tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.fixture(scope="module")
def fresh_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A demonstration of the fictional system that one module has for itself."""
    with started(tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A headless Chromium; it ends with the module, for its loop would disturb Django's tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def inspector(browser: Any) -> Iterator[Inspector]:
    """What looks at the pages of walks, and remembers for the module which it has looked at."""
    found = Inspector(browser)
    yield found
    found.end()
