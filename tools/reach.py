"""Which tests reach which functions: a pytest plugin (`-p tools.reach --reach FILE`).

A tracer that looks only at calls notes, for each test, the functions of the package that ran in
its call and in its fixtures (those of a module or session are put down to every test that asks for
them). One line of JSON a test: its id, its seconds, its functions (`rooms/file.py:Class.method`).
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

PACKAGE = str(Path(__file__).parents[1] / "src" / "controltotal")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--reach FILE` says where the lines go (each worker adds its own name)."""
    parser.addoption("--reach", default="", help="write which test reaches which function")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to listen where a file was named."""
    file = config.getoption("--reach")
    if file:
        worker = getattr(config, "workerinput", {}).get("workerid", "main")
        config.pluginmanager.register(Reach(Path(f"{file}.{worker}")))


class Reach:
    """The listener: what has run since the last test began, by test and by fixture."""

    def __init__(self, file: Path) -> None:
        self.file = file.open("w", encoding="utf-8")
        self.seen: set[CodeType] = set()
        self.of_fixture: dict[Any, set[CodeType]] = {}
        sys.settrace(self._call)
        threading.settrace(self._call)

    def _call(self, frame: FrameType, event: str, argument: object) -> None:
        self.seen.add(frame.f_code)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """What a fixture runs is its own, and goes to every test that asks for it."""
        before, self.seen = self.seen, set()
        try:
            return (yield)
        finally:
            self.of_fixture[fixturedef] = self.seen
            self.seen = before | self.seen

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """One line for one test."""
        self.seen = set()
        sys.settrace(self._call)
        begun = time.process_time()
        try:
            return (yield)
        finally:
            for fixtures in item._fixtureinfo.name2fixturedefs.values():
                for one in fixtures:
                    self.seen |= self.of_fixture.get(one, set())
            line = [item.nodeid, round(time.process_time() - begun, 3), sorted(self._names())]
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()

    def _names(self) -> Iterator[str]:
        for code in self.seen:
            if code.co_filename.startswith(PACKAGE):
                yield f"{code.co_filename[len(PACKAGE) + 1 :]}:{code.co_qualname}"
