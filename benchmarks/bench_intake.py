"""Whole processes of `controltotal import`: long and wide sheets, a tracker, a plan of a few lines.

A library reads each of the large sheets and does nothing with it, beside. Targets, processor: 100,000
rows into a ledger in 8 s and 400 MB, 20,000 rows of 30 columns in 5 s, a tracker of 2,000 schemes in
less than a minute.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from benchmarks.harness import most_of, race_commands, write_section
from controltotal import convert
from controltotal.core.lines import packaged_lines
from tests.intake_files import (
    LINES,
    NUMBERED,
    TRUSTS,
    Line,
    across,
    book_of,
    drawn,
    statement,
    titled,
    xlsx,
)
from tests.intake_trackers import programme_office, schemes

PROGRAM = str(Path(sys.executable).with_name("controltotal"))
READ = (
    "from python_calamine import CalamineWorkbook as W\n"
    "W.from_path({0!r}).get_sheet_by_index(0).to_python()"
)
INTO = (
    "import shutil, sys\n"
    "shutil.copy({0!r}, {1!r})\n"
    "sys.argv = ['controltotal', 'import', {2!r}, '--into', 'sqlite:///' + {1!r}]\n"
    "from controltotal.app.cli import main\n"
    "try:\n    main()\n"
    "except SystemExit:\n    pass\n"
)
"""A new copy of a ledger, and a file imported into it."""
ROWS, NOTES, LONG = 20_000, 24, 100_000


def long(path: Path) -> Path:
    """Amounts as people list them: a row for each body, line, year, month and basis."""
    lines = {name: one.name for name, one in packaged_lines().items() if not _is_group(name)}
    years = [f"20{year}/{year + 1}" for year in range(18, 34)]
    keys = list(
        product(TRUSTS, lines.values(), years, range(1, 13), ("plan", "actual", "forecast"))
    )
    head: Line = ["Organisation code", "Line", "Year", "Month", "Basis", "Amount £000", "Note"]
    rows: list[Line] = [
        [body, line, year, f"M{month}", basis, pence // 100, "as agreed"]
        for (body, line, year, month, basis), pence in zip(keys, drawn("long", LONG), strict=False)
    ]
    return xlsx(path / "long.xlsx", {"Data": [head, *rows]})


def _is_group(name: str) -> bool:
    """Whether a line is no income and no cost, or has parts, beside which it would be told twice."""
    lines = packaged_lines()
    kept = lines[name].kind in ("income", "cost") and lines[name].added
    return not kept or any(one.group == name for one in lines.values())


def wide(path: Path) -> Path:
    """Amounts in the columns of a book, with as many columns of remarks as make thirty."""
    lines = [one.line for one in packaged_lines().values() if one.kind in ("income", "cost")]
    years = [f"20{year}/{year + 1}" for year in range(22, 32)]
    keys = list(product(TRUSTS, lines, years, range(1, 13)))[:ROWS]
    notes = [f"Note {number}" for number in range(NOTES)]
    head: Line = ["organisation", "line", "year", "month", "basis", "amount", *notes]
    rows: list[Line] = [
        [*key, "plan", pence / 100, *["remark"] * NOTES]
        for key, pence in zip(keys, drawn("wide", len(keys)), strict=True)
    ]
    return xlsx(path / "wide.xlsx", {"amounts": [head, *rows]})


def _read(file: Path) -> list[str]:
    return [sys.executable, "-c", READ.format(str(file))]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one").mkdir()
        one, system = book_of("one", folder / "one"), book_of("system", folder)
        sheets, _ = programme_office(schemes("bench", 2_000))
        plan = titled([["", *NUMBERED], *across(statement("bench", LINES)[0])])
        jobs = {
            "20,000 x 30": (wide(folder), system),
            "a tracker of 2,000 schemes": (xlsx(folder / "tracker.xlsx", sheets), one),
            "a plan of five lines": (xlsx(folder / "plan.xlsx", {"Plan": plan}), one),
        }
        commands = {"a library reads 100,000 x 7": _read(long(folder))}
        address = f"sqlite:///{folder / 'empty.ledger'}"
        convert(str(system), address)
        names = (str(folder / name) for name in ("empty.ledger", "full.ledger", "long.xlsx"))
        into = [sys.executable, "-c", INTO.format(*names)]
        commands["import into a ledger, 100,000 x 7"] = into
        commands["a library reads 20,000 x 30"] = _read(folder / "wide.xlsx")
        for job, (file, book) in jobs.items():
            command = [PROGRAM, "import", str(file), "--into", str(book), "--dry-run"]
            commands[f"import --dry-run, {job}"] = command
        timings = race_commands(commands, rounds=3)
        most = most_of(into)
    write_section(
        "Getting in, whole process",
        "Invented files; but for the ledger nothing is written",
        timings,
        packages=["controltotal", "python-calamine"],
        notes=[
            f"100,000 rows into a ledger: {most:,} MiB at most; targets 8 s of processor and 400 MB",
            "20,000 rows of 30 columns: target 5 s",
        ],
    )


if __name__ == "__main__":
    main()
