"""The service as a process: time to ready, pages and acts, and the memory of its two processes.

`controltotal serve` runs as a demonstration of the fictional system and is asked over HTTP, one
request after another. Processor seconds are those that the system counts for the web process, so
that a busy machine changes them little. *Again* is the same page of the same book; *after an act* is
the page when an entry has come in between, so that nothing of it is known.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from typing import Any

import requests

from benchmarks.harness import machine, progress, replace_section

ROOT = Path(__file__).parents[1]
PROGRAM = str(Path(sys.executable).with_name("controltotal"))
BOOK = ROOT / "examples" / "fictional-system"
TICK = os.sysconf("SC_CLK_TCK")
WARM, COLD, STARTS = (3, 1, 1) if os.environ.get("QUICK") else (10, 3, 3)
"""How often each is asked again, is asked after an act, and the service is started."""
YEAR = "2026-27"
PAGES = {
    "home, system finance": ("system", "/"),
    "home, trust finance": ("finance-xf-fth", "/"),
    "home, chief nurse": ("nurse-xf-fth", "/"),
    "home, region": ("region", "/"),
    "organisations": ("system", "/organisations"),
    "an organisation": ("system", "/organisations/XF-FTH"),
    "the system": ("system", "/organisations/XF-SYS"),
    "schemes": ("system", "/schemes"),
    "months": ("system", "/months"),
    "a month": ("finance-xf-fth", f"/months/XF-FTH/{YEAR}/M10"),
    "transfers": ("system", "/transfers"),
    "papers": ("system", "/papers"),
    "findings": ("system", "/findings"),
    "ledger": ("system", "/ledger"),
    "search": ("system", "/search?q=theatre"),
    "try a change": ("system", "/try"),
}
VERBS = ("position", "check")
REST = ("/quality", "/questions", "/asked", "/account", "/help", "/people")
"""Pages that are walked for the memory alone."""


@dataclass
class Running:
    """A service that runs: its web process, its worker, and who may sign in."""

    process: subprocess.Popen[bytes]
    address: str
    accounts: dict[str, dict[str, str]]
    seconds: float
    processor: float
    browsers: dict[str, requests.Session] = field(default_factory=dict)
    acts: int = 0

    @property
    def worker(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(children.read_text().split()[0])

    def get(self, name: str, path: str) -> requests.Response:
        """A page as somebody who has signed in; anything but 200 fails."""
        if name not in self.browsers:
            self.browsers[name] = self._signed_in(name)
        answer = self.browsers[name].get(self.address + path, timeout=120)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        return answer

    def _signed_in(self, name: str) -> requests.Session:
        one = requests.Session()
        page = one.get(f"{self.address}/sign-in", timeout=120).text
        secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        sent = {"login": name, "password": self.accounts[name]["password"]}
        sent["csrfmiddlewaretoken"] = secret[1] if secret else ""
        origin = {"Origin": self.address}
        one.post(f"{self.address}/sign-in", sent, headers=origin, timeout=120).raise_for_status()
        return one

    def api(self, name: str, path: str, body: Any = None) -> requests.Response:
        """What the API answers to somebody's token."""
        header = {"Authorization": f"Bearer {self.accounts[name]['token']}"}
        url = f"{self.address}/api/v1/{path}"
        answer = (
            requests.get(url, headers=header, timeout=120)
            if body is None
            else requests.post(url, json=body, headers=header, timeout=120)
        )
        answer.raise_for_status()
        return answer

    def act(self) -> requests.Response:
        """One more entry: a risk of the system."""
        self.acts += 1
        fields = {"id": f"B{self.acts}", "organisation": "XF-SYS", "title": "Winter"}
        fields |= {"kind": "risk", "gross": "£1m", "chance": "0.5"}
        body = {"request": f"bench-{self.acts}", "why": "a benchmark", "fields": fields}
        return self.api("system", "acts/risk", body)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def processor_of(pid: int) -> float:
    """Processor seconds of a process so far, as the system counts them in hundredths."""
    after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after[11]) + int(after[12])) / TICK


def memory_of(pid: int) -> int:
    """What a process holds in memory, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) // 1024 if found else 0


def start(folder: Path) -> Running:
    """A service of a book in a folder, ready."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    command = [PROGRAM, "serve", str(folder / BOOK.name), "--demo", "--port", "0"]
    began = time.perf_counter()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--ready", str(ready)], stdout=log, stderr=log)
    while not ready.exists():
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text())
        time.sleep(0.01)
    seconds, processor = time.perf_counter() - began, processor_of(process.pid)
    told = json.loads(ready.read_text("utf-8"))
    accounts = {one["name"]: one for one in told["accounts"]}
    return Running(process, told["address"], accounts, seconds, processor)


@dataclass(frozen=True)
class Row:
    """One page or act: the first time, after an act, and again."""

    name: str
    first: float
    after: float
    again: float
    elapsed: float


def timed(at: Running, name: str, ask: Callable[[], Any], *, cold: bool = True) -> Row:
    """Ask once, then after acts, then again and again."""

    def one(times: int = 1) -> tuple[float, float]:
        before, clock = processor_of(at.process.pid), time.perf_counter()
        for _ in range(times):
            ask()
        seconds = (time.perf_counter() - clock) / times
        return (processor_of(at.process.pid) - before) / times, seconds

    first = one()[0]
    after = []
    for _ in range(COLD if cold else 0):
        at.act()
        after.append(one()[0])
    again, elapsed = one(WARM)
    progress(name)
    return Row(name, first, statistics.median(after) if after else again, again, elapsed)


def number_page(at: Running, paper: str) -> str:
    """The address of the first number of a paper."""
    found = re.search(r'href="(/(?:numbers|figures)/[^"#]+)"', at.get("system", paper).text)
    if found is None:
        raise RuntimeError("the paper has no number that can be followed")
    return found[1].replace("&amp;", "&")


def paper_page(at: Running) -> str:
    """The address at which the system's next paper is read."""
    found = re.search(r'href="(/papers/[^"/]+/\d{4}-\d\d-\d\d)"', at.get("system", "/papers").text)
    if found is None:
        raise RuntimeError("there is no paper")
    drafted(at, found[1])
    return f"{found[1]}/read"


def drafted(at: Running, meeting: str) -> None:
    """Have a paper drafted by the worker, and wait for it."""
    page, one = at.get("system", meeting).text, at.browsers["system"]
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    sent = {"csrfmiddlewaretoken": secret[1] if secret else ""}
    origin = {"Origin": at.address}
    one.post(f"{at.address}{meeting}/make", sent, headers=origin, timeout=120).raise_for_status()
    until = time.monotonic() + 120
    while one.get(f"{at.address}{meeting}/read", timeout=120).status_code != 200:
        if time.monotonic() > until:
            raise RuntimeError("the paper was not drafted")
        time.sleep(0.5)


def rows_of(at: Running) -> list[Row]:
    """Every page, act and verb that is measured."""
    found = [timed(at, name, lambda a=asked: at.get(*a)) for name, asked in PAGES.items()]
    scheme = re.search(r'href="(/schemes/[^"?#/]+)"', at.get("system", "/schemes").text)
    if scheme:
        found.append(timed(at, "a scheme", lambda: at.get("system", scheme[1])))
    paper = paper_page(at)
    found.append(timed(at, "the board paper, read", lambda: at.get("system", paper)))
    number = number_page(at, paper)
    found.append(timed(at, "a number and how it is made", lambda: at.get("system", number)))
    for verb in VERBS:
        path = f"verbs/{verb}?year={YEAR}"
        found.append(timed(at, f"API: {verb}", lambda p=path: at.api("system", p)))
    found.append(timed(at, "API: head", lambda: at.api("system", "head")))
    found.append(timed(at, "an act sent and judged", at.act, cold=False))
    return found


def main() -> None:
    fresh: list[Running] = []
    known: list[Running] = []
    with tempfile.TemporaryDirectory() as name:
        for turn in range(STARTS):
            folder = Path(name) / str(turn)
            copytree(BOOK, folder / BOOK.name)
            fresh.append(start(folder))
            fresh[-1].end()
            known.append(start(folder))
            if turn < STARTS - 1:
                known[-1].end()
        at = known[-1]
        began = time.perf_counter()
        requests.get(f"{at.address}/sign-in", timeout=120).raise_for_status()
        first = time.perf_counter() - began
        time.sleep(2)
        begun = memory_of(at.process.pid), memory_of(at.worker)
        try:
            rows = rows_of(at)
            for path in REST:
                at.get("administrator" if path == "/people" else "system", path)
            walked = memory_of(at.process.pid), memory_of(at.worker)
        finally:
            at.end()
    write(fresh, known, first, rows, begun, walked)


def write(
    fresh: list[Running],
    known: list[Running],
    first: float,
    rows: list[Row],
    begun: tuple[int, int],
    walked: tuple[int, int],
) -> None:
    """The section of RESULTS.md, with what was asked beside what was measured."""
    lines = [
        "## Service",
        "",
        "The fictional system, one process asked over HTTP, one request at a time; medians of "
        f"{STARTS} starts and {COLD} acts, {WARM} askings again. {machine()}",
        "",
        "| start, until it listens | elapsed s | processor s | asked | by processor seconds |",
        "|---|---:|---:|---:|---|",
    ]
    for what, starts in (("from a folder", fresh), ("from its ledger", known)):
        processor = statistics.median(one.processor for one in starts)
        elapsed = statistics.median(one.seconds for one in starts)
        lines.append(f"| {what} | {elapsed:.2f} | {processor:.2f} | 3 | {met(processor <= 3)} |")
    lines += [
        "",
        "| processor s of the web process | first | after an act | again | elapsed s, again |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {r.name} | {r.first:.3f} | {r.after:.3f} | {r.again:.4f} | {r.elapsed:.4f} |"
            for r in rows
        ),
        "",
        "| memory, MiB | after the start | after a walk over all pages |",
        "|---|---:|---:|",
        f"| web process | {begun[0]} | {walked[0]} |",
        f"| worker | {begun[1]} | {walked[1]} |",
        "",
        *(f"- {note}" for note in notes(rows, first)),
        "",
        f"Versions: Python {sys.version.split()[0]}.",
        "",
    ]
    section = "\n".join(lines)
    print(section)
    replace_section("Service", section)


def met(yes: bool) -> str:
    return "met" if yes else "not met"


def notes(rows: list[Row], first: float) -> list[str]:
    """What is asked of pages and acts, and whether it is so on this book."""
    pages = [row for row in rows if not row.name.startswith(("API", "an act"))]
    slow = [row.name for row in pages if row.again > 1 / 200]
    late = [row.name for row in pages if row.after > 0.5]
    desk = next(row for row in rows if row.name.startswith("an act"))
    return [
        f"The first page after the start, asked at once, took {first:.2f} s more: pages are loaded "
        "then. A first answer within 3 s of the start is met only where both together are under 3 s.",
        "Asked of a page known already: 200 a second of one core, 0.005 s. "
        + (f"Not met: {', '.join(slow)}." if slow else "Met by all."),
        "Asked of a page that is not known: 99 of 100 in 0.5 s; here processor seconds after an act. "
        + (f"Not met: {', '.join(late)}." if late else "Met by all."),
        f"Asked of acts: 50 a second. One at a time over HTTP: {1 / desk.again:.0f} a second of one "
        f"core; {met(desk.again <= 1 / 50)}.",
        "The pages of a ledger of England's size were not measured here.",
    ]


if __name__ == "__main__":
    main()
