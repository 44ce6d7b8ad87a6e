"""Whole processes, from start to exit: `--help`, and `position` on the fictional system.

The first row is Python itself doing nothing, which nobody can beat. Targets: `--help` in 0.3 s,
`position` in 1.5 s.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks.harness import race_commands, write_section

ROOT = Path(__file__).parents[1]
PROGRAM = str(Path(sys.executable).with_name("controltotal"))
BOOK = str(ROOT / "examples" / "fictional-system")


def main() -> None:
    os.environ["NO_COLOR"] = "1"
    commands = {
        "python, doing nothing": [sys.executable, "-c", "pass"],
        "controltotal --help": [PROGRAM, "--help"],
        "controltotal position": [PROGRAM, "position", BOOK],
        "controltotal position --json": [PROGRAM, "position", BOOK, "--json"],
        "controltotal check": [PROGRAM, "check", BOOK],
    }
    timings = race_commands(commands, rounds=7)
    write_section(
        "Command line, whole process",
        "Fictional system, a folder of CSV files, warm disk",
        timings,
        packages=["controltotal", "typer", "polars"],
        notes=["Targets: `--help` 0.3 s, `position` 1.5 s."],
    )


if __name__ == "__main__":
    main()
