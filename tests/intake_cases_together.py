"""Hazards together: habits of layout drawn at random, each harmless, several to a file."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.intake_binaries import ods, xls, xlsb
from tests.intake_files import (
    DATED,
    FTH,
    FTH_NAME,
    MONTHS,
    NUMBERED,
    Case,
    Line,
    Truth,
    across,
    cases_of,
    drawn,
    less,
    statement,
    summed,
    text,
    xlsx,
)

CASES: list[Case] = []
case = cases_of(CASES)
SEEDS = 30
UNITS = {
    "£000": (100_000, 1),
    "£'000": (100_000, 1),
    "£k": (100_000, 1),
    "£": (1, 100),
    "£m": (10_000_000, 10),
}
HEADS: Sequence[Sequence[str]] = (
    NUMBERED,
    DATED,
    MONTHS,
    [f"Month {n}" for n in range(1, 13)],
    [f"{month.replace('-', ' 20')}" for month in DATED],
    [f"M{n} {month}" for n, month in enumerate(MONTHS, 1)],
)
WRITE: Sequence[Callable[[float], object]] = (
    lambda n: n,
    lambda n: f"{n:,}",
    lambda n: f"({-n:,})" if n < 0 else f"{n:,}",
    lambda n: f"{-n:,}-" if n < 0 else f"{n:,} ",
)
TITLES: Sequence[Callable[[str, str], list[Line]]] = (
    lambda basis, unit: [[FTH_NAME], [f"{basis} 2026/27"], [unit]],
    lambda basis, unit: [[f"{FTH_NAME}: {basis.lower()} for 2026-27 ({unit})"], []],
    lambda basis, unit: [
        ["Organisation", FTH],
        ["Year", "2026/27"],
        ["Basis", basis],
        ["Unit", unit],
        [],
    ],
    lambda basis, unit: [
        ["", "", FTH_NAME],
        [],
        [f"Financial {basis.lower()} 2026/27", "", unit],
        [],
    ],
)


def totalled(rows: list[Line], draw: random.Random) -> list[Line]:
    """With totals below, above, or none; in the words of one house or another."""
    names = draw.choice((("Total income", "Total expenditure"), ("Income total", "Total costs")))
    result = draw.choice(("Surplus/(deficit)", "Net surplus / (deficit)", "Surplus / (Deficit)"))
    income, costs = summed(names[0], rows[:2]), summed(names[1], rows[2:])
    how = draw.randrange(3)
    if how == 0:
        return rows
    if how == 1:
        return [*rows[:2], income, *rows[2:], costs, less(result, income, costs)]
    return [income, *rows[:2], [], costs, *rows[2:], [], less(result, income, costs)]


def together(seed: int, path: Path) -> Truth:
    """One file of many habits."""
    draw = random.Random(f"together {seed}")
    unit = draw.choice(list(UNITS))
    pence, parts = UNITS[unit]
    basis = draw.choice(("Plan", "Forecast"))
    found, truth = statement(("together", seed), pence=pence, basis=basis.lower())
    if draw.random() < 0.5:
        found["non_pay"][3] *= -1
        truth.rows[(FTH, "non_pay", "2026-27", "4", basis.lower(), "")] *= -1
    whole = draw.random() < 0.6
    rows = totalled(across(found, total=whole), draw)
    write = draw.choice(WRITE)
    shown: list[Line] = [
        [
            cell if isinstance(cell, str) else write(round(cell / parts, 2) if parts > 1 else cell)
            for cell in row
        ]
        for row in rows
    ]
    more = draw.random() < 0.4
    head = [
        "Line",
        *draw.choice(HEADS),
        *(["Full year"] if whole else []),
        *(["Comments"] if more else []),
    ]
    if more:
        shown = [
            [*row, *[""] * (len(head) - 1 - len(row)), "As agreed."] if len(row) > 1 else row
            for row in shown
        ]
    after: list[Line] = [[], ["Source: finance ledger"], ["END"], ["Drugs", *drawn(seed, 12)]]
    lines = [
        *draw.choice(TITLES)(basis, unit),
        head,
        *shown,
        *(after if draw.random() < 0.5 else []),
    ]
    left = draw.choice((0, 0, 1, 2))
    lines = [[*[""] * left, *row] for row in lines]
    form = draw.choice(("xlsx", "xlsx", "xlsx", "csv", "tsv", "ods", "xls", "xlsb"))
    if form in ("csv", "tsv"):
        text(path / f"file.{form}", lines, "\t" if form == "tsv" else ",")
    else:
        {"xlsx": xlsx, "ods": ods, "xls": xls, "xlsb": xlsb}[form](
            path / f"file.{form}", {"Sheet1": lines}
        )
    return truth


def _seeded(seed: int) -> None:
    @case(f"habits together, {seed}")
    def _(path: Path) -> Truth:
        return together(seed, path)


for _seed in range(SEEDS):
    _seeded(_seed)
