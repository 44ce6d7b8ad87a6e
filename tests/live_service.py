"""`controltotal serve` as a process of its own for tests in a browser, and pages that tell what is wrong.

`started(folder)` serves a copy of the fictional system as a demonstration; `Service.signed_in` opens a
page as one of its accounts. A `Watched` page notes every breach of its content policy, every error of
its console, every fault of the server and every request to another host; `calm` fails a test for any.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parent.parent
BOOK: Final = ROOT / "examples" / "fictional-system"
LONG: Final = 90
"""Seconds in which a service must answer after its start, on a busy machine too."""
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_RULES: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
GRAVE: Final = ("serious", "critical")
WIDE: Final = {"width": 1280, "height": 900}
NARROW: Final = {"width": 390, "height": 844}
LISTEN: Final = """
document.addEventListener("securitypolicyviolation", function (event) {
  console.error("content policy: " + event.violatedDirective + " " + event.blockedURI + " " +
    (event.sample || "") + " at " + event.sourceFile + ":" + event.lineNumber);
});
"""


@dataclass
class Watched:
    """A page of a browser, and what was seen on it that may never be."""

    page: Any
    address: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    """Statuses of refusals that a test asks for, which a browser notes as errors of its console."""

    def listen(self) -> None:
        """Note what happens from now on."""
        self.page.add_init_script(LISTEN)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def goto(self, path: str) -> Any:
        """Open an address of the service."""
        return self.page.goto(self.address + path)

    def calm(self) -> None:
        """Fail where anything was seen that may never be: at the end of a walk."""
        faults, self.faults = self.faults, []
        if faults:
            pytest.fail("\n".join(faults))

    def _console(self, message: Any) -> None:
        text = message.text
        if message.type != "error" or any(f"status of {one} " in text for one in self.expected):
            return
        self.faults.append(f"console: {text} ({message.location.get('url', '')})")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.faults.append(f"asked elsewhere: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")
        elif not response.headers.get("content-security-policy") and response.status != 304:
            self.faults.append(f"no content policy: {response.url}")


@dataclass
class Service:
    """A service that runs: where it answers, with which accounts, on which ledger."""

    address: str
    accounts: list[dict[str, str]]
    ledger: str
    folder: Path

    def account(self, name: str) -> dict[str, str]:
        """An account by its name (`system`), or the first whose name begins so (`finance`)."""
        exact = [one for one in self.accounts if one["name"] == name]
        begun = [one for one in self.accounts if one["name"].startswith(name)]
        return (exact or begun)[0]

    def watched(self, browser: Any, size: dict[str, int] | None = None, **options: Any) -> Watched:
        """A new page in a context of its own (no cookie of another's), watched from the start."""
        context = browser.new_context(viewport=size or WIDE, **options)
        found = Watched(context.new_page(), self.address)
        found.listen()
        return found

    def signed_in(
        self, browser: Any, name: str, size: dict[str, int] | None = None, **options: Any
    ) -> Watched:
        """A page on which an account has signed in by the form; it stands at Home."""
        found = self.watched(browser, size, **options)
        one = self.account(name)
        found.goto("/sign-in")
        found.page.fill("input[name=login]", one["name"])
        found.page.fill("input[name=password]", one["password"])
        found.page.press("input[name=password]", "Enter")
        found.page.wait_for_url(f"{self.address}/")
        return found

    def position(self) -> Any:
        """The book as the ledger holds it now, read beside the service."""
        from controltotal import read

        return read(self.ledger)


def running(*options: str, book: Path, folder: Path) -> subprocess.Popen[bytes]:
    """`controltotal serve` with options, its words in `folder/log`."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "controltotal.app.cli", "serve", str(book), *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Service]:
    """Serve a copy of the fictional system from a folder until the block ends."""
    book, ready = folder / BOOK.name, folder / "ready.json"
    shutil.copytree(BOOK, book)
    process = running(
        "--demo", "--port", "0", "--ready", str(ready), *options, book=book, folder=folder
    )
    try:
        until = time.monotonic() + LONG
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(
                    f"the service did not start: {(folder / 'log').read_text('utf-8')}"
                )
            time.sleep(0.1)
        told = json.loads(ready.read_text("utf-8"))
        ledger = f"sqlite:///{folder / BOOK.name}.ledger"
        yield Service(told["address"], told["accounts"], ledger, folder)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def grave_faults(page: Any, contrast: bool = True) -> list[str]:
    """What axe finds on a page that is serious or critical; most of its time it looks at contrast."""
    page.evaluate(_axe())
    rules = {**AXE_RULES, "resultTypes": ["violations"], "preload": False}
    rules["rules"] = {"color-contrast": {"enabled": contrast}}
    found = page.evaluate("async rules => (await axe.run(document, rules)).violations", rules)
    return [
        f"{one['impact']} {one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
    ]


def sideways(page: Any) -> int:
    """How many points a page is wider than its screen."""
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(wide)
