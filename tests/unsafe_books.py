"""Honest books made unsafe one way at a time: the cases of `tests/data/unsafe`, read and applied."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "unsafe"
DOMAINS = (
    "safe",
    "effective",
    "experience",
    "well_led",
    "sustainable",
    "equitable",
    "workforce_safety",
)
OF_SCHEME = ("gates", "assessments", "engagements", "conditions", "effects", "amounts")
LATER = {"scheme": "S0", "gate": "finance", "on": "2026-06-01", "by": "Finance Lead"}
"""The last dated act of the book, so that it is read on 1 June 2026."""

Rows = list[dict[str, str]]
Book = dict[str, Rows]


@dataclass(frozen=True, eq=False)
class Case:
    """One case: its kind and name, the code that must be given (none for an honest one), edits."""

    kind: str
    name: str
    code: str
    edits: tuple[tuple[Any, ...], ...]

    @property
    def book(self) -> Book:
        """The book after the edits."""
        made = honest()
        for edit in self.edits:
            _apply(made, *edit)
        return {table: [_filled(row) for row in rows] for table, rows in made.items()}


def _filled(row: dict[str, str]) -> dict[str, str]:
    return {column: text for column, text in row.items() if text != ""}


@cache
def cases(file: str) -> tuple[Case, ...]:
    """The cases of a file, `ways` or `honest`."""
    found = tomllib.loads((DATA / f"{file}.toml").read_text("utf-8"))["case"]
    return tuple(
        Case(c["kind"], c["name"], c.get("code", ""), tuple(tuple(e) for e in c["edits"]))
        for c in found
    )


def honest() -> Book:
    """The honest book: S1 with all its evidence, and S0 with the same."""
    made: Book = tomllib.loads((DATA / "base.toml").read_text("utf-8"))
    common = made["assessments"][0]
    made["assessments"] = [
        {"scheme": "S1", "profile": "nhse_2025", "domain": domain, **common} for domain in DOMAINS
    ]
    made["gates"] = [{"scheme": "S1", **row} for row in made["gates"]]
    other = {**made["schemes"][0], "id": "S0", "title": "One laundry", "start": "2026-04-01"}
    made["schemes"].append({**other, "full_year_effect": "600"})
    for table in ("gates", "assessments"):
        made[table] += [{**row, "scheme": "S0"} for row in made[table]]
    made["gates"].append(LATER)
    return made


def _apply(made: Book, what: str, table: str, *more: dict[str, str]) -> None:
    """One edit of S1: `set` cells where they match, `add` a row, or `drop` rows that match."""
    rows = made.setdefault(table, [])
    if what == "add":
        own = {"scheme": "S1"} if table in OF_SCHEME else {}
        rows.append({**own, **more[0]})
        return
    where = dict(more[0])
    mine = [
        row
        for row in rows
        if row.get("id" if table == "schemes" else "scheme") == "S1"
        and all(row.get(column) == text for column, text in where.items())
    ]
    assert mine, f"nothing matches {table} {where}"
    for row in mine:
        if what == "drop":
            rows.remove(row)
        else:
            row.update(more[1])
