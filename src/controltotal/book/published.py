"""Rows of a book that were taken from a published row about another body are stopped.

A code outlives what it means: the five-year allocations of January 2016 say of 01K what was true of
the body that bore it then, and a book made from them gives its figures to the one that bears it now.
Such a row is kept and shown, and no figure uses it. Source: data/published/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from controltotal.book.record import Record
from controltotal.core import published, reference
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding

TABLES = ("amounts", "facts")
PUBLISHED_ROW = "published_row"
"""The column in which a book made from published tables says which row it took."""


def check_published(rows: Iterable[Record]) -> tuple[list[Finding], set[Record]]:
    """Findings for rows whose published row is about another body, and those rows; one a body."""
    rows = list(rows)
    files = {
        row.texts.get("id", ""): row.texts.get("file", "") for row in rows if row.table == "sources"
    }
    if not set(files.values()) & set(published.PUBLISHED):
        return [], set()
    found: dict[tuple[str, str, str], list[Record]] = {}
    for row in rows:
        if row.table not in TABLES or PUBLISHED_ROW not in row.texts:
            continue
        table = files.get(row.texts.get("source", ""), "")
        meant = _meant(row, table)
        if meant is not None:
            found.setdefault((row.texts["organisation"], meant.name, table), []).append(row)
    findings = [_finding(*key, stopped) for key, stopped in found.items()]
    return findings, {row for stopped in found.values() for row in stopped}


def _meant(row: Record, table: str) -> reference.KnownBody | None:
    """The other body that the published row of a row of a book is about."""
    number = re.fullmatch(r"row (\d{1,6})", row.texts[PUBLISHED_ROW])
    if table not in published.PUBLISHED or number is None:
        return None
    rows = published.published_rows(table)
    place = int(number[1]) - 2
    if not 0 <= place < len(rows) or rows[place].get("ccg_code") != row.cell("organisation"):
        return None
    year = row.cell("year")
    if not isinstance(year, str):
        return None
    return published.speaks_of(rows[place], published.TRUE_ON.get(table), year)


def _finding(code: str, meant: str, table: str, rows: list[Record]) -> Finding:
    years = sorted({str(row.cell("year")) for row in rows})
    now = reference.known_in(code, years[0])
    said = ", ".join(year_label(year) for year in years)
    named = now.name if now else "another body"
    one = len(rows) == 1
    by_table: dict[str, list[int]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row.number)
    return Finding(
        code="PUBLISHED_OTHER_BODY",
        severity="error",
        organisation=code,
        where="; ".join(
            f"{name} " + ", ".join(f"row {number}" for number in sorted(numbers))
            for name, numbers in sorted(by_table.items())
        ),
        message=f"{'1 row was' if one else f'{len(rows)} rows were'} taken from {table} under "
        f"{code}, where it speaks of {meant}; in {said} {code} is {named}. No figure uses "
        f"{'it' if one else 'them'}.",
        expected=f"what is published of {named}",
        found=f"what is published of {meant}",
        action=f"Delete {'the row' if one else 'these rows'}, or put what is published of the body "
        f"itself in {'its' if one else 'their'} place.",
        detail="; ".join(dict.fromkeys(row.detail for row in rows if row.detail)),
    )
