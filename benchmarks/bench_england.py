"""England from its files to its figures, beside what a user would write: time, memory, growth.

    python benchmarks/bench_england.py [--sizes 3000 30000] [--rounds 1]

Ours is `check` and `position` on a folder book of real organisations and made-up money; the peers
read the same files and give the surplus of every body, year and basis. Each job is a process of
its own, so that its processor seconds and its most memory are its own; loading the libraries is
told apart. Surpluses must be equal to the penny, by every peer and in every round, before any
time is printed. A run of other sizes than those published is printed and not written.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.harness import machine, progress, replace_section

SIZES = (3_000, 30_000, 300_000, 1_500_000)
GROWTH_FROM = 30_000
"""Where growth is measured from: below it the cost of opening a book hides that of a row."""
ROUNDS = 3
OURS = ("check", "position")
PEERS = {"polars": "polars", "DuckDB": "duckdb", "pandas": "pandas"}
"""The peers, and the package that each needs; the first is what all are measured against."""
TITLE = "England, files to figures"
BOTH = "check and position"
TARGET = (
    "at most 10 times the processor time of polars and 4 times its memory; the goal is 3.5 and 2"
)
EXPONENT = 1.05
PLACES = 5
"""How many files of ours are named as those that cost most."""


class FiguresDiffer(RuntimeError):
    """A peer or a round gives other figures than ours; names the first."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one job took on one size: medians of seconds, and of the most memory in MiB."""

    elapsed: float
    processor: float
    peak: float
    loading: float
    loaded: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: its rows, how many figures agree, what each job took and where ours was."""

    rows: int
    figures: int
    costs: Mapping[str, Cost]
    places: Mapping[str, float]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    given = asked.parse_args()
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sorted(given.sizes):
            measured.append(race(Path(folder) / str(size), size, given.rounds))
    text = section(measured, given.rounds)
    print(text)
    if tuple(sorted(given.sizes)) == SIZES:
        replace_section(TITLE, text)


def race(book: Path, size: int, rounds: int) -> Measured:
    """Every job in turn, each round once, on one book; raises where the figures differ."""
    rows = make(book, size)
    names = [*OURS, *(peer for peer, package in PEERS.items() if installed(package))]
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for done in range(rounds):
        for name in names:
            progress(f"{rows:,} rows, round {done + 1} of {rounds}, {name}          ")
            taken[name].append(job(name, book))
    told = taken["position"][0]["figures"]
    for name in names:
        for answer in taken[name]:
            if name != "check":
                agree(told, answer["figures"], f"{name} on {rows:,} rows")
    places: Counter[str] = Counter()
    for name in OURS:
        for answer in taken[name]:
            places.update(answer["places"])
    seen = places.total() or 1
    return Measured(
        rows,
        len(told),
        {name: cost(answers) for name, answers in taken.items()},
        {place: count / seen for place, count in places.most_common(PLACES)},
    )


def make(book: Path, size: int) -> int:
    """Write the book of about so many rows; gives how many it has."""
    command = [sys.executable, "-m", "scripts.make_england", str(book), "--rows", str(size)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return int(done.stdout.split()[0].replace(",", ""))


def job(name: str, book: Path) -> dict[str, Any]:
    """One job in a process of its own."""
    out = book.with_suffix(".json")
    command = [sys.executable, "-m", "benchmarks.england_jobs", name, str(book), str(out)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def agree(ours: Mapping[str, int], theirs: Mapping[str, int], who: str) -> None:
    """Stop unless both tell the same surplus of the same bodies, years and bases.

    >>> agree({"A/2026-27/plan": 5}, {"A/2026-27/plan": 5}, "polars")
    """
    wrong = [key for key in sorted({*ours, *theirs}) if ours.get(key) != theirs.get(key)]
    if wrong or not ours:
        first = wrong[0] if wrong else "nothing"
        raise FiguresDiffer(
            f"{who}: {len(wrong)} of {len(ours)} surpluses differ, first {first}: "
            f"ours {ours.get(first)}, theirs {theirs.get(first)} pence"
        )


def installed(package: str) -> bool:
    """Whether a peer's package is there."""
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False


def cost(answers: Sequence[Mapping[str, Any]]) -> Cost:
    """The medians of a job's rounds."""
    names = ("seconds", "processor", "peak", "loading", "loaded")
    return Cost(*(statistics.median(answer[name] for answer in answers) for name in names))


def with_both(costs: Mapping[str, Cost]) -> dict[str, Cost]:
    """The costs with a row for our two jobs together: seconds added, memory the greater."""
    one, two = (costs[name] for name in OURS)
    both = Cost(
        one.elapsed + two.elapsed,
        one.processor + two.processor,
        max(one.peak, two.peak),
        one.loading + two.loading,
        max(one.loaded, two.loaded),
    )
    rest = {name: found for name, found in costs.items() if name not in OURS}
    return {OURS[0]: one, OURS[1]: two, BOTH: both, **rest}


def exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    """The power of the rows with which a cost grows between two sizes.

    >>> exponent((100, 2.0), (1000, 20.0))
    1.0
    """
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def section(measured: Sequence[Measured], rounds: int) -> str:
    """All sizes as one section of the results."""
    against = next(iter(PEERS))
    lines = [
        f"## {TITLE}",
        "",
        "Folder books of 282 bodies, whole or by month, written plainly; ours finds faults, names "
        "and rules besides, the peers only add up; "
        f"{rounds} round{'s' if rounds > 1 else ''}. {machine()}",
    ]
    for one in measured:
        lines += ["", f"{one.rows:,} rows, {one.figures:,} surpluses equal to the penny:", ""]
        lines += table(one, against)
    lines += ["", *growth(measured), *notes(measured), ""]
    named = [f"{name} {version(name)}" for name in PEERS.values() if installed(name)]
    named.insert(0, f"controltotal {version('controltotal')}")
    lines += [f"Versions: Python {platform.python_version()}, {', '.join(named)}.", ""]
    return "\n".join(lines)


def table(one: Measured, against: str) -> list[str]:
    """One size: a row for each job, and for each peer that was not there to run."""
    costs = with_both(one.costs)
    base = costs.get(against)
    lines = [
        f"| | elapsed s | processor s | against {against} | most memory MiB | against {against} "
        "| loading s | loaded MiB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, it in costs.items():
        time = f"{it.processor / base.processor:.1f}" if base else ""
        memory = f"{it.peak / base.peak:.1f}" if base else ""
        lines.append(
            f"| {name} | {it.elapsed:.3f} | {it.processor:.3f} | {time} | {it.peak:.0f} "
            f"| {memory} | {it.loading:.2f} | {it.loaded:.0f} |"
        )
    lines += [f"| {peer} | not installed | | | | | | |" for peer in PEERS if peer not in costs]
    return lines


def growth(measured: Sequence[Measured]) -> list[str]:
    """The exponent of processor seconds and of memory beyond what loading takes."""
    sizes = [one for one in measured if one.rows >= GROWTH_FROM]
    if len(sizes) < 2:
        return []
    first, last = sizes[0], sizes[-1]
    lines = [
        f"Growth from {first.rows:,} to {last.rows:,} rows, as a power of the rows:",
        "",
        "| | processor s | memory beyond loading |",
        "|---|---:|---:|",
    ]
    small, large = with_both(first.costs), with_both(last.costs)
    for name in [name for name in large if name in small]:
        time = exponent((first.rows, small[name].processor), (last.rows, large[name].processor))
        held = [max(1.0, it.peak - it.loaded) for it in (small[name], large[name])]
        memory = exponent((first.rows, held[0]), (last.rows, held[1]))
        lines.append(f"| {name} | {time:.2f} | {memory:.2f} |")
    return [*lines, ""]


def notes(measured: Sequence[Measured]) -> list[str]:
    """The target, and the files of ours in which most of the time went at the largest size."""
    last = measured[-1]
    most = ", ".join(f"`{place}` {share:.0%}" for place, share in last.places.items())
    return [
        f"- Target for {BOTH} at {SIZES[-1]:,} rows: {TARGET}; exponent at most {EXPONENT}.",
        f"- Of our time at {last.rows:,} rows, by the file at work: {most}.",
        "- Loading is what the libraries take before the clock begins; the most memory holds it.",
    ]


if __name__ == "__main__":
    main()
