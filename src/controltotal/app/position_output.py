"""The answer of `position` on a terminal: where the year stands first, then everything else.

In the year the first screen is what a finance director asks for: the words of the month and one
table, bodies down, to date and the year across. Lines and schemes are in `--json`.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from controltotal.app.screen import wants_bold
from controltotal.app.show import aligned, heading, terminal_text
from controltotal.core.calendar import month_name, year_label
from controltotal.core.legible import one_line
from controltotal.core.money import format_money

if TYPE_CHECKING:
    from controltotal.core.result import Result
    from controltotal.core.sentence import Sentence

Row = Mapping[str, Any]

COLUMNS: Final = {
    "plan": "plan to date",
    "actual": "actual",
    "variance": "variance",
    "plan_year": "plan of year",
    "forecast": "forecast",
    "variance_year": "variance",
    "forecast_last_month": "forecast a month before",
}
"""Columns of the table `to_date` that a screen shows, with their headings."""
SAID: Final = ("month", "must", "reported")
"""What the first screen says."""
LEAD: Final = (*SAID, "headline", "since")
"""What it stands for: a headline says again what the words of the month do."""
OF_MONTH: Final = ("to_date", "reported", "performance", "months", "control_chart")
"""Tables that the first screen stands for: the whole of them is in `--json`."""
ROWS_MOST: Final = 25
"""Bodies that a screen holds; others are counted."""


def position_text(result: Result) -> str:
    """The words and the table of the month, then the rest of the answer."""
    lead = [one for one in result.sentences if one.topic in SAID]
    rest = replace(
        result,
        sentences=tuple(one for one in result.sentences if one.topic not in LEAD),
        tables={name: rows for name, rows in result.tables.items() if name not in OF_MONTH},
    )
    lines: list[str] = []
    for year in dict.fromkeys(one.year for one in lead):
        lines += _first_screen(result, [one for one in lead if one.year == year], year)
    return ("\n".join(lines) + "\n" if lines else "") + terminal_text(rest)


def _first_screen(result: Result, lead: Sequence[Sentence], year: str) -> list[str]:
    """The month's words of one year, and its table from the first body that they are about."""
    width = shutil.get_terminal_size((140, 24)).columns if sys.stdout.isatty() else 140
    lines = [textwrap.fill(one_line(one.text), width) for one in lead]
    rows = [
        row
        for row in result.tables["to_date"]
        if row["year"] == year and not row["line"] and not row["scheme"]
    ]
    codes = [row["organisation"] for row in rows]
    start = codes.index(lead[0].about) if lead[0].about in codes else 0
    return [*lines, "", *month_table(rows[start:], result.names, year), ""]


def month_table(rows: Sequence[Row], names: Mapping[str, str], year: str) -> list[str]:
    """Bodies down; plan, actual and variance to date, then plan, forecast and variance of the year.

    A column in which nothing is told is left out.
    """
    shown = rows[:ROWS_MOST]
    columns = [name for name in COLUMNS if any(row[name] is not None for row in shown)]
    if not columns:
        return []
    cells = [
        [
            names.get(row["organisation"], row["organisation"]),
            f"{row['month']} ({month_name(row['month'])})" if row["month"] else "not told",
            *(_money(row[name]) for name in columns),
        ]
        for row in shown
    ]
    title = f"{year_label(year)} to date and year, £m, without support; variances: favourable +"
    headings = ["organisation", "to month", *(COLUMNS[name] for name in columns)]
    lines = [heading(title, wants_bold())]
    lines += aligned(headings, cells, [False, False, *(True for _ in columns)])
    if len(rows) > len(shown):
        lines.append(f"{len(rows) - len(shown)} more: ask for one with --organisation CODE.")
    return lines


def _money(pence: int | None) -> str:
    return "-" if pence is None else format_money(pence)
