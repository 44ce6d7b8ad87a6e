"""Cells as people write them, right and wrong, and the files in which spreadsheets save them."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence

Row = dict[str, str]

SUMS = (
    "({})", "£({})", "{}-", "-{}", "\u2212{}", "+{}", "£{}", "{}k", "{}m", "£{}m", "{} CR", "{}dr",
    "{} DR", "-{} CR", "({}) DR", "{}.0", "{}.000", "{}.500", "0{}", "{}.", ".5", "-.5", " {} ",
    "\u00a0{}", "{}\u00a0", "'{}", "{} ", "-0", "-0.00", "0", "0.0", "-", "\u2013", "n/a", "tbc",
    "#REF!", "#N/A", "=A1+B2", "#SCALED! {}", "1e6", "{}e3", "12345678901234567890", "999999999999",
    "99999999999999", "1234567890123.5", "{}.123456", "{}.1234567", "4.6", "4,6", "1,23",
    "1,234,567", "400,000", "400.000", "123.456", "\u0661\u0662", "{}%", "{}\u200b", "$5", "½", "0.01",
    "0.001", "{}.5", "£1.2m", "12 345", "12\u202f345",
)  # fmt: skip
YEARS = (
    "2026/27", "2026-27", "26/27", "FY26/27", "FY27", "2026", "2026/2027", "2026\u201327", "2026/28",
    "2025/26", "25/26", "fy 2025/26", " 2026/27", "2026/27\u00a0", "1/4/2026", "", "next",
)  # fmt: skip
MONTHS = (
    "1", "01", "M1", "M9", "Apr", "April", "apr", "Apr-26", "Apr-27", "Mar-27", "Mar 2026", "Sept",
    "2026-07-01", "2026-07-31", "Q1", "Q2", "Quarter 3", "H1", "H2", "YTD9", "YTD 6", "YTD1", "9 YTD",
    "ytd", "P02", "13", "0", "12", "12.0", "7", "", "", "year", "Month 4",
)  # fmt: skip
BASES = (
    "plan", "Plan", "PLAN", "budget", "actual", "Actuals", "YTD actual", "ytd", "actual to date",
    "forecast", "FOT", "Forecast outturn", "plan ytd", "unknown", "outturn", "plann", "",
)  # fmt: skip
UNITS = (
    "£", "£k", "£m", "£bn", "£000", "£'000", "K", "gbp", "GBP m", "£K", "pounds", "people", "€m", "m",
    "thousand", "",
)  # fmt: skip
CELLS: Mapping[str, Sequence[str]] = {
    "year": YEARS,
    "month": MONTHS,
    "basis": BASES,
    "unit": UNITS,
    "direction": ("CR", "DR", "Cr", "dr.", "credit", "Debits", "c", "+", "both", "#REF!"),
    "organisation": ("S1", "s1", "Z99", "A/B", "a/b", "S2", "", "S1\u200b", "#REF!", "C2", "=A1"),
    "line": (
        "pay", "Pay", "Non-pay", "non pay", "NON_PAY", "travel", "total_costs", "Total costs", "cash",
        "position", "surplus_own", "research", "", "#N/A", "pay\u200b", "savings_unidentified",
    ),
    "scenario": ("worst case", "Worst case", "best, they say", 'the "good" one', "two\nlines", "#REF!"),
    "recurrence": ("recurrent", "Non-recurrent", "NON RECURRENT", "unknown", "once", "rec"),
    "counterparty": ("C1", "C9", "A/B", "S2", "C1\u202e", "C1 ", "c1"),
    "scheme": ("X-0", "x_0", "X0", "X-1", "X-9", "x-1"),
    "qualifier": ("over", "up_to", "Up to", "around", "nearly", "implied", "about", "#VALUE!"),
    "source": ("P0", "P1", "P9", "p0", "#REF!"),
    "known_on": (
        "2026-05-01", "2026-05", "2026", "1 May 2026", "01/05/2026", "soon", "#REF!", "2027-01-01",
        "2026-05-01",
    ),
}  # fmt: skip
"""What is written in each column now and then."""
NOTES = (
    "seen",
    "a, b",
    'says "yes"',
    "two\nlines",
    "",
    "",
    "#REF!",
    "=SUM(A1)",
    "x\u200by",
    "9",
    "\x07",
)
UNLISTED = (
    "note", "Our ref", "units", "Amount (£000)", "Amount £m", "period", "Period", "mth", "basis2",
    "montth", "Dr or Cr", "side", "scale", "value", "organization", "anmount", "comment.",
)  # fmt: skip
"""Headings that are no column, and some that nearly are one."""


def odd_cells(draw: random.Random, amounts: list[Row], rate: float) -> None:
    """Some cells of amounts written otherwise, and some rows written twice."""
    for row in list(amounts):
        if draw.random() < rate:
            _odd(draw, row)
        if draw.random() < rate / 4:
            amounts.insert(draw.randrange(len(amounts) + 1), _again(draw, row))


def _odd(draw: random.Random, row: Row) -> None:
    """One or two cells of a row as somebody else would write them."""
    for _ in range(draw.choice((1, 1, 2))):
        if draw.random() < 0.4:
            digits = row.get("amount", "").lstrip("-") or "7"
            row["amount"] = draw.choice(SUMS).format(digits)
            continue
        column = draw.choice(list(CELLS))
        row[column] = draw.choice(CELLS[column])


def _again(draw: random.Random, row: Row) -> Row:
    """A row of the same key, with another sum or day, or to the letter the same."""
    again = dict(row)
    if draw.random() < 0.5:
        again["amount"] = str(draw.randint(1, 900_000))
    if draw.random() < 0.6:
        again["known_on"] = draw.choice(("2026-05-01", "2026-06", "2025-01-01", "1 May 2026"))
    if draw.random() < 0.2:
        again["source"] = "P1"
    if draw.random() < 0.2:
        again["line"] = again["line"].upper()
    return again


# -- files -----------------------------------------------------------------------------------------


def written(
    draw: random.Random, tables: Mapping[str, Sequence[Row]], amounts: Sequence[Row]
) -> dict[str, bytes]:
    """The files of a book; the one of amounts is written in one of many ways."""
    files = {f"{name}.csv": plain(rows).encode() for name, rows in tables.items()}
    columns = list(dict.fromkeys(column for row in amounts for column in row))
    rows = [dict(row) for row in amounts]
    some = draw.sample(list(CELLS), draw.choice((0, 0, 1, 3)))
    columns += [column for column in some if column not in columns]
    if draw.random() < 0.3:
        _notes(draw, columns, rows)
    if draw.random() < 0.3:
        columns = draw.sample(columns, len(columns))
    spelt = draw.random() < 0.2
    grid = [[_heading(draw, column) if spelt else column for column in columns]]
    grid += [[row.get(column, "") for column in columns] for row in rows]
    files["amounts.csv"] = _file(draw, grid)
    if draw.random() < 0.03:
        files["amounts (2).csv"] = plain(rows[:3]).encode()
    if draw.random() < 0.05:  # an apostrophe stands before what a spreadsheet would run
        files["datapackage.json"] = b'{"controltotal": {"safe": true}}'
    return files


def plain(rows: Sequence[Row]) -> str:
    """A table as most write it."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue()


def _notes(draw: random.Random, columns: list[str], rows: list[Row]) -> None:
    """Columns that the manual does not list, with what people write there."""
    for heading in draw.sample(UNLISTED, draw.choice((1, 1, 2))):
        columns.insert(draw.randrange(len(columns) + 1), heading)
        texts: Sequence[str] = draw.choice(
            (NOTES, NOTES, ("9", "10"), ("Apr", "May", "9"), ("£k", "£m"), ("CR", "DR"), ("5", ""))
        )
        share = draw.choice((1.0, 0.3, 0.05, 0.0))
        for row in rows:
            if draw.random() < share:
                row[heading] = draw.choice(texts)
    if draw.random() < 0.1:
        missing = draw.choice(columns)  # a column that the book does not have at all
        columns.remove(missing)


def _heading(draw: random.Random, column: str) -> str:
    """A heading in one of its spellings; most are written as the manual has them."""
    if draw.random() > 0.3:
        return column
    spelt = (column.upper(), column.replace("_", " "), f" {column} ", f"{column}*", column.title())
    odd = ("", "amount", f"{column}\u00a0", f"{column},", column[:-1], f"two\n{column}")
    return draw.choice(spelt if draw.random() < 0.9 else odd)


def _file(draw: random.Random, grid: list[list[str]]) -> bytes:
    """The bytes of a table, as one of many spreadsheets would save it."""
    separator = draw.choice((",",) * 8 + (";", "\t", "|"))
    end = draw.choice(("\n", "\n", "\n", "\r\n"))
    quoting = draw.choice((csv.QUOTE_MINIMAL,) * 4 + (csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))
    lines = []
    for cells in grid:
        text = io.StringIO()
        csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerow(cells)
        lines.append(text.getvalue())
    if draw.random() < 0.4:
        _loosen(draw, lines, separator, end)
    body = "".join(lines)
    if draw.random() < 0.15:
        body = body.rstrip("\r\n")
    if draw.random() < 0.04:
        head = ("Amounts of the system", "", "sep=" + separator, "Plan,2026/27")
        body = draw.choice(head) + end + body
    mark = b"\xef\xbb\xbf" if draw.random() < 0.15 else b""
    data = mark + body.encode()
    if draw.random() < 0.03:
        data = body.encode(draw.choice(("utf-16", "cp1252", "utf-16-le")), errors="replace")
    return data


def _loosen(draw: random.Random, lines: list[str], separator: str, end: str) -> None:
    """Blank lines, rows of empty cells, rows too short or too long, and quotation marks astray."""
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(1, len(lines) + 1)
        how = draw.randrange(9)
        row = lines[at].rstrip("\r\n") if at < len(lines) else ""
        if how == 0:
            lines.insert(at, end)
        elif how == 1:
            lines.insert(at, separator * lines[0].count(separator) + end)
        elif how == 2:
            lines.insert(at, " " + separator * 3 + " " + end)
        elif how == 3 and at < len(lines):
            lines[at] = row.rstrip(separator) + end
        elif how == 4 and at < len(lines):
            lines[at] = row + separator * draw.randint(1, 3) + end
        elif how == 5 and at < len(lines) and draw.random() < 0.3:
            lines[at] = row + separator + draw.choice(("9", "seen", "£m")) + end
        elif how == 6 and at < len(lines) and draw.random() < 0.3:
            lines[at] = row.replace(separator, ' "' + separator, 1) + end
        elif how == 7 and at < len(lines) and draw.random() < 0.3:
            lines[at] = draw.choice(("\x0b", "\x1e", "\u2028", "\x85", "\x00", "\t")) + row + end
        elif how == 8:
            lines.insert(at, '""' + end)
