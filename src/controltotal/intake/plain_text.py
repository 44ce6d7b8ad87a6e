"""Plain text and web pages as grids: any usual encoding and separator, tables of HTML with spans.

A table that a program saved as `.xls` is often one of these. Two tables of a page stand beneath
each other, and what is written between them is kept as a line of its own.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.intake.model import Area, Grid, Value
from controltotal.sources.csv_text import FIELD_MAX, decode, records_of, said_separator
from controltotal.sources.sheet_shape import CELLS_MAX, ROWS_MAX

SEPARATORS: Final = ("\t", ";", "|", ",")
_LOOKED_AT: Final = 200
_SPAN_MAX: Final = 1000
_STRUCK: Final = ("s", "strike", "del")


def text_grid(data: bytes, path: Path, findings: list[Finding]) -> Grid:
    """A text as a grid; its separator is the one that parts most of its lines alike."""
    text, encoding, lost = decode(data)
    if lost:
        findings.append(_unreadable(path.name, encoding, lost))
    said, rest = said_separator(text)
    if rest.count("\n") > ROWS_MAX and '"' not in rest:
        raise _too_long(path.name)
    csv.field_size_limit(FIELD_MAX)
    try:
        grid = records_of(rest, said or separator_of(rest), path, rows=ROWS_MAX, most=CELLS_MAX)
    except csv.Error as error:
        raise BookError(
            f"the file is not CSV ({error})", path.name, "save it again as CSV from the spreadsheet"
        ) from error
    if said:
        grid.insert(0, [])  # rows are counted as the file has them
    while grid and not any(map(str.strip, grid[-1])):
        grid.pop()
    if not grid:
        raise BookError("the file is empty", path.name, "give a file with a table")
    once: dict[str, str] = {}
    for line in grid:
        line[:] = [once.setdefault(text, text) for text in line]  # what comes again is there once
    return Grid(path.name, "", grid)


def separator_of(text: str) -> str:
    """The separator that parts most lines into the same number of cells, two or more.

    >>> separator_of("Plan of Trust A, draft\\nLine;Plan\\nPay;1,200\\nDrugs;3,400\\n")
    ';'
    """
    lines = text[:200_000].splitlines()[:_LOOKED_AT]
    best, most = ",", (0, 0)
    for separator in SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            width, times = widths.most_common(1)[0]
            if (times, width) > most:
                best, most = separator, (times, width)
    return best


def html_grid(data: bytes, path: Path) -> Grid:
    """The tables of a web page, one beneath the other, in one grid."""
    page = _Page(path.name)
    page.feed(decode(data)[0])
    page.close()
    page.end_line()
    if not any(any(row) for row in page.rows):
        raise BookError("the page holds no table", path.name, "give a file with a table")
    return Grid(path.name, "", page.rows, tuple(page.merged), struck=frozenset(page.struck))


class _Page(HTMLParser):
    """Rows of cells as they come; text outside of tables is a row with one cell."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.rows: list[list[Value]] = []
        self.merged: list[Area] = []
        self.taken: set[tuple[int, int]] = set()
        self.words: list[str] = []
        self.number = ""
        self.spans = (1, 1)
        self.depth = 0
        self.cells = 0
        self.unseen = False
        self.struck: set[tuple[int, int]] = set()
        self.strikes = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row begins, or a cell; both end what was open."""
        if tag in ("style", "script", "title"):
            self.unseen = True
        elif tag in _STRUCK:
            self.strikes = True
        elif tag == "br":
            self.words.append(" ")
        elif tag == "table":
            self.end_line()
            self.depth += 1
            self.rows.append([])
        elif tag == "tr" and self.depth:
            self.end_line()
            self.rows.append([])
        elif tag in ("td", "th") and self.depth:
            self.end_line()
            said = dict(attrs)
            self.spans = _span(said.get("rowspan")), _span(said.get("colspan"))
            self.number = said.get("x:num") or ""
            self.strikes = "line-through" in (said.get("style") or "")
            self.cells += self.spans[0] * self.spans[1]
            if self.cells > CELLS_MAX or len(self.rows) > ROWS_MAX:
                raise _too_long(self.name)

    def handle_endtag(self, tag: str) -> None:
        """A cell, a table or a line of text ends."""
        if tag in ("style", "script", "title"):
            self.unseen = False
        elif tag in ("td", "th"):
            self.end_cell()
        elif tag in ("table", "p", "div", "h1", "h2", "h3", "h4", "li"):
            if tag == "table":
                self.end_line()
                self.depth = max(self.depth - 1, 0)
                self.rows.append([])
            elif not self.depth:
                self.end_line()

    def handle_data(self, data: str) -> None:
        """Text of what is open."""
        if not self.unseen:
            self.words.append(data)

    def end_line(self) -> None:
        """End a cell that nobody closed, or a line of text outside of tables."""
        if self.depth and self.rows and self.spans != (0, 0):
            if "".join(self.words).strip() or self.number:
                self.end_cell()
        elif text := " ".join("".join(self.words).split()):
            self.rows.append([text])
        self.words = []

    def end_cell(self) -> None:
        """The cell that was open takes its place, after those that reach down from above."""
        text = " ".join("".join(self.words).split())
        self.words = []
        if not self.rows:
            return
        row, line = len(self.rows) - 1, self.rows[-1]
        column = len(line)
        while (row, column) in self.taken:
            line.append(None)
            column += 1
        line.append(_number(self.number) if self.number else text or None)
        if self.strikes:
            self.struck.add((row, column))
        down, across = self.spans
        if (down, across) != (1, 1):
            self.merged.append((row, column, row + down - 1, column + across - 1))
            self.taken |= {
                (r, c) for r in range(row, row + down) for c in range(column, column + across)
            }
            line.extend([None] * (across - 1))
        self.number, self.spans, self.strikes = "", (1, 1), False


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _SPAN_MAX) if text and text.isdecimal() else 1


def _number(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text


def _too_long(name: str) -> BookError:
    return BookError(
        f"the file has more than {ROWS_MAX:,} rows or {CELLS_MAX:,} cells",
        name,
        "give the part that is needed as a file of its own",
    )


def _unreadable(name: str, encoding: str, lost: int) -> Finding:
    return Finding(
        code="ENCODING",
        severity="warning",
        organisation="",
        where=name,
        message=f"{name} was read as {encoding}; {lost} characters of it could not be read.",
        expected="UTF-8",
        found=encoding,
        action="Save it again as “CSV UTF-8”.",
        detail=name,
    )
