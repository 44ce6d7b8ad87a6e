"""Portfolios beside relaxing and fixing, at equal processor time.

    python benchmarks/bench_portfolio_fixing.py [500] [5000]

The recipe of a dozen lines that a user of HiGHS would write (`portfolio_fixing.py`) is followed
once to its limit, and what it had found at each second is kept. Ours is asked for finer and finer
gaps; each answer stands beside what the recipe had after as many processor seconds. Both are of
one thread on the same made-up instance, each in a process of its own, and both values are counted
in whole pence. Seconds of other processes do not count, so a busy machine changes little.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from benchmarks.harness import machine, progress, replace_section

GAPS = {500: (0.01, 0.005), 5_000: (0.01, 0.0075, 0.005, 0.001)}
"""The gaps that ours is asked for, by how many schemes there are."""
LIMITS = {500: 30.0, 5_000: 200.0}
"""Processor seconds of the recipe."""
TARGET = "a better value than the recipe in the same processor seconds"


def job(name: str, schemes: int, limit: float, gap: float) -> dict[str, Any]:
    """One answer, from a process of its own."""
    asked = [name, str(schemes), str(limit), str(gap)]
    command = [sys.executable, "-m", "benchmarks.portfolio_peers", *asked]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        raise RuntimeError(f"{name} on {schemes:,} schemes: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def value_at(course: Sequence[Sequence[float]], seconds: float) -> float | None:
    """The best value that a course had by some second; None where it had nothing.

    >>> value_at([(2.0, 10.0), (5.0, 12.0)], 4.0)
    10.0
    >>> value_at([(2.0, 10.0), (5.0, 12.0)], 1.0) is None
    True
    """
    return max((value for at, value in course if at <= seconds), default=None)


def table(ours: dict[float, dict[str, Any]], recipe: dict[str, Any]) -> list[str]:
    """Each of our answers beside the recipe's at the same second, then what it found after."""
    best = min(recipe["bound"], *(answer["bound"] for answer in ours.values()))
    lines = [
        "| | processor s | ours £m | recipe £m | ours less recipe £m | gap of ours | of the recipe |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for gap, answer in ours.items():
        mine, theirs = answer["value"], value_at(recipe["course"], answer["processor"])
        lead = "" if theirs is None else f"{(mine - theirs) / 1e6:+.3f}"
        lines.append(
            f"| ours asked for {gap:.2%} | {answer['processor']:.1f} | {mine / 1e6:.3f} "
            f"| {millions(theirs)} | {lead} | {1 - mine / best:.2%} "
            f"| {'' if theirs is None else f'{1 - theirs / best:.2%}'} |"
        )
    for at, value in recipe["course"]:
        lines.append(
            f"| the recipe at | {at:.1f} | | {value / 1e6:.3f} | | | {1 - value / best:.2%} |"
        )
    return lines


def millions(pounds: float | None) -> str:
    """A value in millions of pounds."""
    return "nothing yet" if pounds is None else f"{pounds / 1e6:.3f}"


def main() -> None:
    for schemes in [int(text) for text in sys.argv[1:]] or list(GAPS):
        limit = LIMITS[schemes]
        progress(f"{schemes:,} schemes, the recipe")
        recipe = job("relax and fix", schemes, limit, 0.0)
        ours = {}
        for gap in GAPS[schemes]:
            progress(f"{schemes:,} schemes, ours at {gap:.2%}")
            ours[gap] = job("controltotal", schemes, limit, gap)
        title = f"Portfolio beside relaxing and fixing, {schemes:,} schemes"
        bound = min(recipe["bound"], *(answer["bound"] for answer in ours.values()))
        text = "\n".join(
            [
                f"## {title}",
                "",
                "The relaxation solved, the three quarters of columns with the dearest reduced costs "
                "fixed to nil, the rest solved whole by HiGHS; "
                f"stopped after {limit:.0f} processor seconds; one thread each. {machine()}",
                "",
                *table(ours, recipe),
                "",
                f"- Target: {TARGET}.",
                f"- Gaps are to the best bound that either proved, £{bound / 1e6:.3f}m; the recipe "
                f"proves that of the relaxation, £{recipe['bound'] / 1e6:.3f}m.",
                "- Ours builds its table within its time, the recipe is given it. Ours ends where its gap "
                "is reached or its effort spent; what the recipe finds after stands below it.",
                "",
                f"Versions: Python {platform.python_version()}, controltotal "
                f"{version('controltotal')}, highspy {version('highspy')}.",
                "",
            ]
        )
        print(text, flush=True)
        replace_section(title, text)


if __name__ == "__main__":
    main()
