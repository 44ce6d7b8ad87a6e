"""Published tables of the health service, recognised by their columns and read as rows of a book.

A table is known by its headings, never by its name. Each of its rows becomes rows of `amounts`,
`facts`, `control_totals`, `organisations` or `successions`, in the publisher's digits and unit, with
the source and the row it stood in. Nothing is added up; a cell that cannot be read leaves its row
out and is told. What another source says differently stands under a scenario of its own.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from controltotal.core import reference
from controltotal.core.calendar import CalendarError, year_label
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.progress import checked
from controltotal.core.published import speaks_of
from controltotal.sources.published_bodies import BODIES
from controltotal.sources.published_form import (
    Cells,
    Form,
    PublishedRow,
    Said,
    Unreadable,
    year_text,
)
from controltotal.sources.published_money import MONEY
from controltotal.sources.published_reports import REPORTS

ROW = "published_row"
"""The unlisted column that says where in the published table a row stood."""


@dataclass(slots=True)
class Taken:
    """What was taken from a published table: rows of a book, what was left out and why.

    `others` are the published rows about another body than bears the code in the year of the figure:
    they are rows like all others, and no figure may use them.
    """

    form: Form
    file: str
    read: int
    said: list[Said] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    others: set[int] = field(default_factory=set)

    def count(self, table: str) -> int:
        """Rows said of one table."""
        return sum(said.table == table for said in self.said)


def read_table(path: Path) -> list[PublishedRow]:
    """The rows of a CSV file (plain or .gz) by heading; a short or long row is refused."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise BookError("there is no file here", str(path), "check the spelling") from error
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        text = data.decode("utf-8-sig")
    except (UnicodeDecodeError, OSError, EOFError) as error:
        raise BookError(
            "this is not a CSV file in UTF-8", str(path), "save it again as “CSV UTF-8”"
        ) from error
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise BookError(
            f"the file is not CSV ({error})", str(path), "save it again as CSV"
        ) from error
    if not lines:
        raise BookError("the file is empty", str(path), "download it again")
    header = [heading.strip() for heading in lines[0]]
    rows: list[PublishedRow] = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(header):
            raise BookError(
                f"row {number} has {len(line)} cells and the heading {len(header)}",
                str(path),
                "download it again, or mend the row",
            )
        rows.append({**dict(zip(header, (c.strip() for c in line), strict=True)), ROW: str(number)})
    return rows


def forms() -> tuple[Form, ...]:
    """Every published table that we know."""
    return (*MONEY, *BODIES, *REPORTS)


def recognise(columns: Iterable[str], where: str) -> Form:
    """The form with all its headings among these; the one with most of them, where two fit.

    >>> recognise(("financial_year", "ccg_code", "allocation_k", "ons_population"), "x.csv").name
    'allocations'
    """
    found = set(columns)
    fitting = [form for form in forms() if form.columns <= found]
    if not fitting:
        near = max(forms(), key=lambda form: len(form.columns & found))
        lacking = ", ".join(sorted(near.columns - found))
        raise BookError(
            "no published table has these columns",
            where,
            f"nearest is “{near.title}”, which also has {lacking}; "
            "the manual lists every table that can be imported",
        )
    return max(fitting, key=lambda form: len(form.columns))


def take(rows: Sequence[PublishedRow], form: Form, file: str) -> Taken:
    """Every row of a published table as rows of a book, and findings for those left out."""
    taken = Taken(form, file, len(rows))
    if form.sums is not None:
        taken.findings += form.sums(rows)
    left: dict[tuple[str, str], list[tuple[int, str]]] = {}
    of_others: dict[tuple[str, str, str], list[int]] = {}
    for place, row in enumerate(checked(rows, 1_000), start=2):
        number = int(row.get(ROW, place))
        try:
            meant = _meant(row, form)
            if meant is not None:
                key = (meant.code, meant.name, year_text(row))
                of_others.setdefault(key, []).append(number)
                taken.others.add(number)
            for table, cells in form.says(row, number):
                taken.said.append(Said(table, _sourced(form, table, cells, number), number))
        except Unreadable as fault:
            left.setdefault((fault.column, fault.expected), []).append((number, fault.found))
    taken.findings += [_left_out(file, *fault, places) for fault, places in left.items()]
    taken.findings += [_of_another(file, *key, places) for key, places in of_others.items()]
    return taken


def _meant(row: PublishedRow, form: Form) -> reference.KnownBody | None:
    """The other body that a row is about; a year that cannot be read is told where it is read."""
    try:
        return speaks_of(row, form.true_on)
    except CalendarError:
        return None


def _of_another(file: str, code: str, meant: str, year: str, places: list[int]) -> Finding:
    """Rows about the body that bore a code when the table was true, and bears it no more."""
    now = reference.known_in(code, year)
    named = now.name if now else "another body"
    return Finding(
        code="PUBLISHED_LEFT_OUT",
        severity="warning",
        organisation=code,
        where=f"{file} row " + ", ".join(map(str, places)),
        message=f"{file} gives {code} a figure of {year_label(year)} that speaks of {meant}, which bore "
        f"the code then; in {year_label(year)} {code} is {named}, so that no figure uses it.",
        expected=named,
        found=meant,
        action=f"Enter what was published of {named} itself, with its source.",
    )


def _sourced(form: Form, table: str, cells: Cells, number: int) -> Cells:
    """A row with its source and place, empty cells left out."""
    said = {column: text for column, text in cells.items() if text != ""}
    if table in ("amounts", "facts", "control_totals"):
        said.setdefault("source", form.source)
        said[ROW] = f"row {number}"
    return said


def _left_out(file: str, column: str, expected: str, places: list[tuple[int, str]]) -> Finding:
    """Rows left out for one reason, in one finding."""
    numbers = ", ".join(str(number) for number, _ in places[:8]) + (", …" if places[8:] else "")
    found = sorted({text or "an empty cell" for _, text in places})
    rows = f"{len(places)} rows were" if len(places) > 1 else "1 row was"
    return Finding(
        code="IMPORT_ROW_LEFT_OUT",
        severity="warning",
        organisation="",
        where=f"{file} row {numbers}",
        message=f"{rows} left out: {column} reads {'; '.join(found[:4])}.",
        expected=expected,
        found="; ".join(found[:4]),
        action="Correct it at the source and import again; what is in the book stays there once.",
    )


def source_row(form: Form, file: str) -> Cells:
    """The row of `sources` for a published table."""
    return {
        "id": form.source,
        "title": form.title,
        "publisher": form.publisher,
        "file": file,
        "page": "the row named in published_row",
        "licence": form.licence,
    }
