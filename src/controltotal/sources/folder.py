"""A book as a folder: one CSV file a table (a Tabular Data Package, its descriptor optional)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from controltotal.core.finding import Finding
from controltotal.core.schema import tables
from controltotal.sources.raw import BookError, RawBook, shape_table


def read_folder(path: Path) -> RawBook:
    """Every table of a folder; a CSV file that is not a table is said, not read in silence."""
    book = RawBook(path.name)
    files = {file.stem: file for file in sorted(path.glob("*.csv"))}
    if not set(files) & set(tables()):
        raise BookError(
            "no table of a book is here",
            str(path),
            "give a folder with organisations.csv, amounts.csv and control_totals.csv "
            "(`controltotal new FOLDER` makes one)",
        )
    for stem in files:
        if stem not in tables() and stem != "entries":
            book.findings.append(
                Finding(
                    code="UNKNOWN_TABLE",
                    severity="warning",
                    organisation="",
                    where=f"{stem} row 1",
                    message=f"{stem}.csv is not a table of a book, so it was not read.",
                    expected="a table named in the manual",
                    found=stem,
                    action="Rename it, or move it elsewhere.",
                    detail=f"{stem}.csv",
                )
            )
    for name in tables():
        if name in files:
            grid = _read_csv(files[name], book.findings)
            book.tables[name] = shape_table(name, files[name].name, "", grid, book.findings)
    return book


def _read_csv(path: Path, findings: list[Finding]) -> list[list[str]]:
    """The cells of a CSV file; a file in an older Windows encoding is read and said."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        findings.append(
            Finding(
                code="ENCODING",
                severity="warning",
                organisation="",
                where=f"{path.stem} row 1",
                message=f"{path.name} is not UTF-8; it was read as Windows-1252.",
                expected="UTF-8",
                found="Windows-1252",
                action="Save it again as “CSV UTF-8”.",
                detail=path.name,
            )
        )
    csv.field_size_limit(10_000_000)
    try:
        return _place_rows(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise BookError(
            f"the file is not CSV ({error})", path.name, "save it again as CSV from the spreadsheet"
        ) from error


def _place_rows(reader: object) -> list[list[str]]:
    """The records in order; a record with a line break inside still counts as one row."""
    return [list(record) for record in reader]  # type: ignore[attr-defined]
