"""Make a book the size of England: real organisations and people, and money that is made up.

Usage: python scripts/make_england.py BOOK [--rows 30000] [--odd 0]

The tree is that of April 2026: seven regions, 36 systems each with its board, and the trusts that are
open. Where a system was divided its trusts are put with the part that took most of its people, which
the register does not say. People are those of mid-2020. Every amount is invented by a seed, the same
for the same size. `--rows` is about how many rows `amounts` gets: below 30,000 they are of whole years,
above it of months, then of earlier years, then apart by recurrence, then of more lines. `--odd` rows in
a thousand are written as people write them: `1,234.5`, `(12.3)`, `£4.6m`.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from controltotal.core.datafiles import packaged_rows

DAY: Final = "2026-04-01"
SEED: Final = 2026
MONTHLY_FROM: Final = 30_000
YEARS: Final = ("2026-27", "2025-26", "2024-25", "2023-24", "2022-23")
BASES: Final = ("plan", "actual")
RECURRENCES: Final = ("recurrent", "non_recurrent")
INCOME: Final = ("patient_care_income", "other_income")
COSTS: Final = ("pay", "non_pay", "drugs", "depreciation", "finance_costs", "other_costs")
OWN: Final = tuple(f"own_{n:02}" for n in range(1, 61))
SPARE: Final = 0.99
"""What of its costs a body's income covers on the whole: England is a little short."""

Row = dict[str, str]


@dataclass(frozen=True)
class Body:
    """An organisation of the tree; `people` is nil where nobody counts them."""

    code: str
    name: str
    kind: str
    parent: str
    people: int = 0


def bodies() -> list[Body]:
    """England, its regions, its 36 systems with their boards, and the trusts that are open.

    >>> kinds = [body.kind for body in bodies()]
    >>> [kinds.count(one) for one in ("nation", "region", "system", "commissioner", "provider")]
    [1, 7, 36, 36, 202]
    """
    register = list(packaged_rows("reference/organisations.csv"))
    systems = {
        row["code"]: row
        for row in register
        if row["kind"] == "system" and row["last_seen"] >= DAY and not row["closed"]
    }
    people = _people(systems)
    regions = {row["code"]: row["name"] for row in packaged_rows("reference/systems.csv")}
    found = [Body("ENG", "England (its money is made up)", "nation", "")]
    for code in sorted({row["region"] for row in systems.values()}):
        found.append(Body(code, regions[code], "region", "ENG"))
    for code, row in sorted(systems.items()):
        name = row["name"].removeprefix("NHS ").removesuffix(" Integrated Care Board")
        found.append(Body(code, f"{name} system", "system", row["region"], people[code]))
        found.append(Body(f"{code}-ICB", row["name"], "commissioner", code, people[code]))
    whole = {old: parts[0][1] for old, parts in _parts().items()}
    for row in register:
        if row["kind"] == "provider" and not row["closed"] and row["last_seen"] >= "2025-12-01":
            parent = whole.get(row["system"], row["system"])
            found.append(Body(row["code"], row["name"], "provider", parent))
    return found


def _parts() -> dict[str, list[tuple[float, str]]]:
    """By system that ended in April 2026, or was divided then: the share of each that took it."""
    parts: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row in packaged_rows("reference/successions.csv"):
        if row["on"] == DAY and row["kind"].startswith("board"):
            parts[row["predecessor"]].append((float(row["share"] or 1), row["successor"]))
    return {old: sorted(new, reverse=True) for old, new in parts.items()}


def _people(systems: Iterable[str]) -> dict[str, int]:
    """People of mid-2020 by system of April 2026; of a divided one the largest part takes the rest."""
    found = dict.fromkeys(systems, 0)
    parts = _parts()
    for row in packaged_rows("reference/systems.csv"):
        whole = int(row["pop_2020"])
        if row["kind"] == "system":
            (_, largest), *others = parts.get(row["code"], [(1.0, row["code"])])
            taken = {code: round(whole * share) for share, code in others}
            for code, count in {**taken, largest: whole - sum(taken.values())}.items():
                found[code] += count
    return found


def kinds_of_row(rows: int, leaves: int) -> list[tuple[str, str, str, str]]:
    """Year, recurrence, line and basis of every series that each body has, about so many rows."""
    each = leaves * (12 if rows >= MONTHLY_FROM else 1)
    wanted = max(len(BASES) * (len(INCOME) + len(COSTS)), round(rows / each))
    packaged = (*INCOME, *COSTS)
    made = [(y, "recurrent", n, b) for y, n, b in product(YEARS, packaged, BASES)]
    made += [(y, "non_recurrent", n, b) for y, n, b in product(YEARS, packaged, BASES)]
    made += [(y, r, n, b) for n, y, r, b in product(OWN, YEARS, RECURRENCES, BASES)]
    step = len(BASES) * len(packaged)  # a year of a recurrence is whole: income beside its costs
    return made[: max(step, round(wanted / step) * step)]


def amounts(rows: int, leaves: list[Body], odd: int = 0) -> pl.DataFrame:
    """The table `amounts`, in £ thousand; months of actuals run to December."""
    draw = np.random.default_rng(SEED)
    series = kinds_of_row(rows, len(leaves))
    months = tuple(range(1, 13)) if rows >= MONTHLY_FROM else (0,)
    size = draw.lognormal(10.8 if months != (0,) else 13.3, 0.8, len(leaves))
    frames = []
    for year, recurrence, line, basis in series:
        share = _share(line) * (0.04 if recurrence == "non_recurrent" else 1.0)
        told = [m for m in months if basis == "plan" or year != YEARS[0] or m <= 9]
        level = np.repeat(size * share, len(told))
        money = level * draw.normal(1.0, 0.01 if basis == "plan" else 0.02, len(level))
        frames.append(
            pl.DataFrame(
                {
                    "organisation": np.repeat([one.code for one in leaves], len(told)),
                    "line": line,
                    "year": year,
                    "month": np.tile(["" if m == 0 else str(m) for m in told], len(leaves)),
                    "basis": basis,
                    "recurrence": recurrence,
                    "amount": [f"{pounds:.1f}" for pounds in money],
                }
            )
        )
    whole = pl.concat(frames)
    return _as_people_write(whole, odd, draw) if odd else whole


def _share(line: str) -> float:
    """What of a body's costs stands on a line; income is what it is of the whole."""
    costs = {"pay": 0.6, "non_pay": 0.15, "drugs": 0.1, "depreciation": 0.04}
    income = {"patient_care_income": 0.93 * SPARE, "other_income": 0.07 * SPARE}
    return {**costs, **income}.get(line, 0.055 if line in COSTS else 0.002)


def _as_people_write(frame: pl.DataFrame, odd: int, draw: np.random.Generator) -> pl.DataFrame:
    """So many rows in a thousand with their amount as people write it."""
    texts = frame["amount"].to_list()
    for place in np.flatnonzero(draw.random(len(texts)) < odd / 1000):
        value = float(texts[place])
        ways = (f"{value:,.1f}", f"({value:.1f})", f"£{value / 1000:.3f}m", f"{value:.1f} ")
        texts[place] = ways[int(draw.integers(len(ways)))]
    return frame.with_columns(amount=pl.Series(texts))


def small_tables(
    found: list[Body], series: list[tuple[str, str, str, str]]
) -> Mapping[str, list[Row]]:
    """Every table but `amounts`."""
    own = sorted({line for _, _, line, _ in series if line in OWN})
    settings = {
        "title": "England, 2026/27: real organisations, made-up money",
        "home": "ENG",
        "default_unit": "£k",
        "default_year": YEARS[0],
        "fictional": "yes",
        "licence": "Open Government Licence v3.0 (organisations and people)",
    }
    day = date.fromisoformat(DAY).isoformat()
    return {
        "book": [{"key": key, "value": value} for key, value in settings.items()],
        "organisations": [
            {
                "code": one.code,
                "name": one.name,
                "kind": one.kind,
                "parent": one.parent,
                "population": str(one.people) if one.people else "",
            }
            for one in found
        ],
        "lines": [{"line": line, "name": line.replace("_", " "), "kind": "cost"} for line in own],
        "control_totals": [
            {
                "organisation": one.code,
                "year": YEARS[0],
                "amount": "0",
                "status": "accepted",
                "set_by": "NHS England",
                "set_on": day,
                "includes_support": "no",
            }
            for one in found
            if one.kind in ("commissioner", "provider")
        ],
    }


def make(book: Path, rows: int, odd: int = 0) -> int:
    """Write the book; gives how many rows `amounts` has."""
    found = bodies()
    leaves = [one for one in found if one.kind in ("commissioner", "provider")]
    book.mkdir(parents=True, exist_ok=True)
    frame = amounts(rows, leaves, odd)
    frame.write_csv(book / "amounts.csv")
    tables: Mapping[str, list[Any]] = small_tables(found, kinds_of_row(rows, len(leaves)))
    for name, table in tables.items():
        if table:
            with (book / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(table)
    return len(frame)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("book", type=Path)
    asked.add_argument("--rows", type=int, default=30_000)
    asked.add_argument("--odd", type=int, default=0)
    given = asked.parse_args()
    print(f"{make(given.book, given.rows, given.odd):,} rows of amounts in {given.book}")
