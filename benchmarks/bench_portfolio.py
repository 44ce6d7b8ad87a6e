"""Portfolios of 500, 5,000 and 20,000 schemes with twelve start months, beside other solvers.

Ours and the peers choose on the same made-up instances at the same gap of one per cent, each in a
process of its own; a peer gets the finished table and only its own model is within its time. What
counts is not only the time but the gap that is left: value and proved bound are printed for all.
A peer that has nothing at its limit is shown as such. Targets: 500 schemes within 1% of the bound
in 5 s and never slower than SCIP and CBC by more than 2x; 5,000 in 60 s; 20,000 in 10 minutes.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from benchmarks.harness import machine, progress, replace_section

LIMITS = {500: (3, 60.0), 5_000: (1, 60.0), 20_000: (1, 60.0)}  # rounds, seconds for a peer
PATIENCE = 240.0  # seconds after which a peer that is still building or solving is stopped
OURS = "controltotal"
PACKAGES = {
    "controltotal": ("controltotal", "highspy"),
    "SCIP": ("pyscipopt",),
    "CBC": ("pulp",),
    "CP-SAT": ("ortools",),
    "HiGHS whole": ("highspy",),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One solver on one instance: median seconds, and the answer of its last round."""

    name: str
    seconds: float | None
    processor: float | None
    value: float | None
    bound: float | None
    note: str = ""


def installed(name: str) -> bool:
    """Whether a peer's packages are there."""
    try:
        return all(version(package) for package in PACKAGES[name])
    except PackageNotFoundError:
        return False


def run(name: str, schemes: int, limit: float) -> dict[str, Any] | None:
    """One solver in a process of its own; None where it failed or ran far over its limit."""
    command = [sys.executable, "-m", "benchmarks.portfolio_peers", name, str(schemes), str(limit)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=1200.0 if name == OURS else PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return None
    lines = done.stdout.decode().strip().splitlines()
    return json.loads(lines[-1]) if done.returncode == 0 and lines else None


def race(schemes: int) -> list[Row]:
    """Every solver in turn, each round once."""
    rounds, limit = LIMITS[schemes]
    asked = [text for text in sys.argv[1:] if not text.isdigit()] or list(PACKAGES)
    names = [name for name in PACKAGES if installed(name) and name in asked]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for one in range(rounds):
        for name in names:
            answer = run(name, schemes, limit)
            if answer is not None:
                found[name].append(answer)
            progress(f"{schemes} schemes, round {one + 1} of {rounds}, {name}")
    rows = []
    for name in PACKAGES:
        answers = found.get(name, [])
        if not answers:
            note = "not run" if name not in names else f"no answer in {PATIENCE:.0f} s"
            rows.append(Row(name, None, None, None, None, note))
            continue
        last = answers[-1]
        rows.append(
            Row(
                name,
                statistics.median(a["seconds"] for a in answers),
                statistics.median(a["processor"] for a in answers),
                last["value"],
                last["bound"],
            )
        )
    return rows


def table(rows: list[Row]) -> list[str]:
    """The rows as a table; the gap of each is against its own bound and against ours."""
    best = min((row.bound for row in rows if row.bound), default=1.0)
    lines = [
        "| | elapsed s | processor s | value £m | own bound £m | own gap | gap to the best bound |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        if row.seconds is None:
            lines.append(f"| {row.name} | {row.note} | | | | | |")
            continue
        value = "nothing found" if row.value is None else f"{row.value / 1e6:.3f}"
        bound = "not told" if not row.bound else f"{row.bound / 1e6:.3f}"
        own = "" if not (row.value and row.bound) else f"{1 - row.value / row.bound:.2%}"
        gap = "" if row.value is None else f"{1 - row.value / best:.2%}"
        lines.append(
            f"| {row.name} | {row.seconds:.2f} | {row.processor:.2f} | {value} | {bound} | {own} "
            f"| {gap} |"
        )
    return lines


def main() -> None:
    for schemes in [int(text) for text in sys.argv[1:] if text.isdigit()] or list(LIMITS):
        rounds, limit = LIMITS[schemes]
        title = f"Portfolio, {schemes:,} schemes"
        lines = [
            f"## {title}",
            "",
            "Made-up schemes, twelve start months each, about eighty a body; gap asked for 1%; "
            f"{rounds} round{'s' if rounds > 1 else ''}; a peer stops at {limit:.0f} s. {machine()}",
            "",
            *table(race(schemes)),
            "",
            "- Targets: 500 schemes within 1% of the bound in 5 s, 5,000 in 60 s, 20,000 in 600 s.",
            "- Ours builds its table within its time and uses one thread; CP-SAT uses two.",
            "- CBC is reached through PuLP, which writes the model to a file and tells no bound.",
            "",
            f"Versions: Python {platform.python_version()}, {', '.join(versions())}.",
            "",
        ]
        section = "\n".join(lines)
        print(section, flush=True)
        replace_section(title, section)


def versions() -> list[str]:
    """The packages of every solver, with what is missing."""
    found = []
    for name in sorted({package for packages in PACKAGES.values() for package in packages}):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return found


if __name__ == "__main__":
    main()
