"""Run ours and the peers in turn, take medians, and write a section of RESULTS.md.

Absolute times drift between machines and between minutes, so peers are never timed one after
another: each round runs every peer once, and the ratio of medians is what counts. A peer that
gives another answer is measured for nothing, so answers are compared before any clock starts.

A benchmark is a script named `bench_*.py`:

    timings = race([Peer("ours", ours), Peer("polars", theirs)], same=frames_equal)
    write_section("Roll-up", "3 million rows", timings, packages=["polars"])
"""

from __future__ import annotations

import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("RESULTS.md")
HEADING = """# Measured

Written by `make bench`: each script runs ours and its peers in turn, in one run, and replaces its
own section here. Elapsed and processor seconds are medians; the ratio is against the first row.
Times drift between machines; ratios in one section are comparable, sections are not.
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """One way of doing the work: a name and a call that does all of it."""

    name: str
    run: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each round, elapsed and of processor (all threads of this process)."""

    name: str
    elapsed: tuple[float, ...]
    processor: tuple[float, ...]

    @property
    def elapsed_median(self) -> float:
        return statistics.median(self.elapsed)

    @property
    def processor_median(self) -> float:
        return statistics.median(self.processor)


def race(
    peers: Sequence[Peer],
    *,
    rounds: int = 7,
    same: Callable[[Any, Any], bool] | None = None,
) -> list[Timing]:
    """Time every peer once a round; the first call of each, which warms it, is not counted."""
    first = [peer.run() for peer in peers]
    if same is not None:
        for peer, answer in zip(peers[1:], first[1:], strict=True):
            assert same(first[0], answer), f"{peer.name} answers otherwise than {peers[0].name}"
    del first
    elapsed: dict[str, list[float]] = {peer.name: [] for peer in peers}
    processor: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for done in range(rounds):
        for peer in peers:
            clock, cpu = time.perf_counter(), time.process_time()
            peer.run()
            processor[peer.name].append(time.process_time() - cpu)
            elapsed[peer.name].append(time.perf_counter() - clock)
        progress(f"round {done + 1} of {rounds}")
    return [Timing(p.name, tuple(elapsed[p.name]), tuple(processor[p.name])) for p in peers]


def race_commands(commands: dict[str, Sequence[str]], *, rounds: int = 7) -> list[Timing]:
    """Time whole processes in turn, from start to exit, with a warm disk.

    Exit 1 counts as done (it means findings); anything else fails.
    """

    def run(command: Sequence[str]) -> tuple[float, float]:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        clock = time.perf_counter()
        done = subprocess.run(list(command), capture_output=True, check=False)
        seconds = time.perf_counter() - clock
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode()[-500:]}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return seconds, cpu

    for command in commands.values():
        run(command)
    timed: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for done in range(rounds):
        for name, command in commands.items():
            timed[name].append(run(command))
        progress(f"round {done + 1} of {rounds}")
    return [
        Timing(name, tuple(e for e, _ in pairs), tuple(c for _, c in pairs))
        for name, pairs in timed.items()
    ]


def write_section(
    title: str,
    workload: str,
    timings: Sequence[Timing],
    *,
    packages: Iterable[str] = (),
    notes: Sequence[str] = (),
) -> None:
    """Print a section and put it in RESULTS.md in place of the one with the same title."""
    base = timings[0]
    lines = [
        f"## {title}",
        "",
        f"{workload}. {machine()}",
        "",
        f"| | elapsed s | processor s | elapsed against {base.name} | rounds |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {t.name} | {t.elapsed_median:.4f} | {t.processor_median:.4f} "
        f"| {t.elapsed_median / base.elapsed_median:.1f} | {len(t.elapsed)} |"
        for t in timings
    ]
    lines += ["", *(f"- {note}" for note in notes), *([""] if notes else [])]
    named = ", ".join(f"{name} {version(name)}" for name in packages)
    lines += [f"Versions: Python {platform.python_version()}{', ' + named if named else ''}.", ""]
    section = "\n".join(lines)
    print(section)
    replace_section(title, section)


def replace_section(title: str, section: str) -> None:
    """Put one section in place, and keep the others in the order of their titles."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    parts = re.split(r"(?m)^(?=## )", text)[1:]
    sections = {part.splitlines()[0].removeprefix("## "): part for part in parts}
    sections[title] = section
    body = "\n".join(sections[name].rstrip() + "\n" for name in sorted(sections))
    RESULTS.write_text(f"{HEADING}\n{body}", "utf-8")


def machine() -> str:
    """What it ran on, without saying whose it is."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = f", {total / 2**30:.0f} GiB"
    busy = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return f"{platform.machine()}, {cores} cores{memory}{busy}."


def progress(text: str) -> None:
    """Say how far we are, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


WEIGH = "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
"""The most memory of one program alone: other measures hold that of whoever started it."""


def most_of(command: Sequence[str]) -> int:
    """The most memory of a Python command (`python -c CODE`), in MiB."""
    code = f"{command[2]}\n{WEIGH}"
    said = subprocess.run([*command[:2], code], capture_output=True, check=True, text=True)
    return int(said.stdout.split()[-1]) // 1024


def memory_peak_mib() -> float:
    """The most memory that this process has held, in MiB.

    Where the system tells it of the process alone that is taken: the other count begins with what
    the process that started this one held.
    """
    status = Path("/proc/self/status")
    own = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("utf-8")) if status.exists() else None
    if own:
        return int(own[1]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
