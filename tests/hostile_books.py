"""Hostile books: every text of every table spoilt, and small books broken in structured ways.

What stands here is what people, programs and attackers leave in tables: markup, formulas, escapes,
letters that no format can carry, sums of a thousand digits, columns lost or doubled, rows repeated.
`spoilt` keeps a book's ids consistent, so that it reads; `mutated` does not care.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path

from controltotal.core.schema import tables

Table = list[list[str]]
Book = dict[str, Table]

TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "'\"--></style></title><script>alert(1)</script>",
    "<iframe src='http://127.0.0.1:9/'></iframe>",
    "{{ 7 * 7 }}{% raw %}",
    '#import "x.typ": * #panic("typst") $x$ *a* _b_ `c` @d <e> // f',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\ttab",
    "\r=1+1",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]8;;http://127.0.0.1:9/\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31mC1",
    "bell\x07 del\x7f",
    "\u202eright to left\u202c",
    "zero\u200bwidth\ufeff",
    "[red]rich[/red] [link=http://127.0.0.1:9/]x[/link]",
    "emoji 💩 👩\u200d⚕️ 中文 ﷺ ก",
    "a | b || c",
    "line\nbreak\r\nERROR TOTALS_DISAGREE: amounts row 2",
    "\ufffe\uffff",
    "datum.x === '\\'; alert(1); //",
    "]]> &amp; &lt; &#0;",
)
"""Texts that try to be something else than text."""

CELLS = (
    *TEXTS,
    "",
    " ",
    "0",
    "-0",
    "nan",
    "inf",
    "1e400",
    "9" * 400,
    "-" + "9" * 30,
    "0.000000001",
    "(12.3)",
    "£",
    "£1bn",
    "1,2,3",
    "0000/01",
    "9999/00",
    "2026/27",
    "2026/28",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "13",
    "H2",
    "YTD9",
    "yes",
    "unknown",
    "a/b/c",
    "gap/S1/2026-27/plan",
    "../../etc/passwd",
    ".",
    "with space",
    "=1",
    "x" * 5000,
    "#REF!",
    "%s %n {0}",
)
"""What a cell may be overwritten with."""


def load(folder: Path) -> Book:
    """The tables of a folder as rows of text, headings first."""
    book: Book = {}
    for file in sorted(folder.glob("*.csv")):
        if file.stem in tables():
            with file.open(encoding="utf-8-sig", newline="") as lines:
                book[file.stem] = [list(row) for row in csv.reader(lines)]
    return book


def save(book: Book, folder: Path) -> Path:
    """A book as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in book.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


NAMING = ("organisation", "scheme", "transfer", "decision", "source", "text")
"""Types of columns whose text a book chooses freely."""
FREE = {
    ("book", "key"),
    ("lines", "line"),
    ("facts", "fact"),
    ("facts", "unit"),
    ("limits", "limit"),
}
"""Columns of text in which the program looks for words of its own."""


def spoilt(book: Book, longest: int = 2000) -> Book:
    """The book with a hostile text added to everything that it names, ids in step everywhere."""
    known: dict[str, str] = {}
    texts = [*TEXTS, "x" * longest]

    def hostile(text: str) -> str:
        if text and text not in known:
            known[text] = f"{text} {texts[len(known) % len(texts)]}"
        return known.get(text, "")

    made: Book = {}
    for name, rows in book.items():
        columns = tables()[name].columns
        kinds = [columns[c].type if c in columns and (name, c) not in FREE else "" for c in rows[0]]
        keep = {"title", "publisher", "licence"}
        made[name] = [rows[0]]
        for row in rows[1:]:
            free = name != "book" or row[0] in keep
            made[name].append(
                [
                    hostile(cell) if free and kind in NAMING else cell
                    for cell, kind in zip(row, kinds, strict=False)
                ]
            )
    return made


def mutated(book: Book, draw: random.Random) -> Book:
    """The book with one to five structured faults."""
    made = {name: [list(row) for row in rows] for name, rows in book.items()}
    for _ in range(draw.choice((1, 1, 2, 3, 5))):
        name = draw.choice(list(made))
        rows = made[name]
        if not rows:
            continue
        draw.choice(FAULTS)(rows, draw)
        if draw.random() < 0.03:
            made[name] = draw.choice(([], [[]], rows[:1], [[""] * 3] * 2))
    return made


def _cell(rows: Table, draw: random.Random) -> None:
    for _ in range(draw.choice((1, 3))):
        row = draw.choice(rows)
        if row:
            others = [other[0] for other in rows if other]
            row[draw.randrange(len(row))] = draw.choice((*CELLS, *others[:3]))


def _column(rows: Table, draw: random.Random) -> None:
    """A column filled with one thing."""
    if rows[0]:
        place, cell = draw.randrange(len(rows[0])), draw.choice(CELLS)
        for row in rows[1:]:
            if place < len(row):
                row[place] = cell


def _drop(rows: Table, draw: random.Random) -> None:
    if rows[0]:
        place = draw.randrange(len(rows[0]))
        for row in rows:
            del row[place : place + 1]


def _double(rows: Table, draw: random.Random) -> None:
    if rows[0]:
        place = draw.randrange(len(rows[0]))
        for row in rows:
            row.extend(row[place : place + 1])


def _rename(rows: Table, draw: random.Random) -> None:
    if rows[0]:
        place = draw.randrange(len(rows[0]))
        rows[0][place] = draw.choice(("", "Unit", "amuont", "organisation", *TEXTS[:3], "x" * 300))


def _shuffle(rows: Table, draw: random.Random) -> None:
    body = rows[1:]
    draw.shuffle(body)
    rows[1:] = body


def _repeat(rows: Table, draw: random.Random) -> None:
    rows.extend(list(draw.choice(rows)) for _ in range(draw.choice((1, 5, 40))))


def _lose(rows: Table, draw: random.Random) -> None:
    for _ in range(min(len(rows) - 1, draw.choice((1, 3)))):
        del rows[draw.randrange(1, len(rows))]


def _lengthen(rows: Table, draw: random.Random) -> None:
    row = draw.choice(rows)
    row.extend(draw.choices(CELLS, k=draw.choice((1, 4))))


def _copy_row(rows: Table, draw: random.Random) -> None:
    """A row twice that differs in one cell."""
    row = list(draw.choice(rows))
    if row:
        row[draw.randrange(len(row))] = draw.choice(CELLS)
        rows.append(row)


FAULTS = (_cell, _cell, _cell, _column, _drop, _double, _rename, _shuffle, _repeat, _lose,
          _lengthen, _copy_row)  # fmt: skip
"""Ways in which a table goes wrong."""

SMALL: Sequence[str] = (
    "tests/errors/forty",
    "examples/nene-2013",
    "examples/morecambe-bay-2017",
    "examples/birmingham-solihull-2019",
    "examples/lancashire-south-cumbria-2021",
    "tests/data/faults/meaning/succession",
    "tests/data/faults/meaning/exclusives-chain",
    "tests/data/faults/meaning/tied-vote",
)
