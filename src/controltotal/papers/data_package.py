"""Answers as a data package for analysts: CSV or Parquet files, a dictionary, licence and version.

One zip file holds every table, a descriptor that programs read (`datapackage.json`, Data Package),
and for people `README.txt` and `dictionary.csv`. Equal answers give equal bytes. No cell of the CSV
files begins a formula: what would, has an apostrophe before it, as `convert --safe` writes it.

Source: Data Package and Table Schema (Frictionless Data), version 1; RFC 4180.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
import textwrap
import zipfile
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from controltotal.core.formulas import is_live, kept_still
from controltotal.core.legible import one_line, safe_json
from controltotal.core.progress import checked, stop_if_cancelled
from controltotal.core.result import BookRef, Result
from controltotal.core.version import VERSION
from controltotal.papers.data_tables import TEXT, DataTable, Field, Value, data_tables
from controltotal.papers.paper import Written
from controltotal.papers.sections import FICTIONAL

if TYPE_CHECKING:
    import polars as pl

STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""The date of each file in the zip: the same in every one, for equal bytes."""
LEVEL: Final = 6
WIDTH: Final = 76
NUMBERS: Final = {math.inf: "INF", -math.inf: "-INF"}
"""How Table Schema writes what is no number."""
OPEN: Final = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
"""The licence of the public sector's own data."""
SAYS_OPEN: Final = re.compile(r"open government|\bOGL\b", re.IGNORECASE)
MEDIA: Final = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def csv_zip(results: Mapping[str, Result]) -> Written:
    """Every table of answers as CSV in one zip; told is how many cells were kept still."""
    tables = data_tables(results)
    files = {f"{table.name}.csv": csv_bytes(table) for table in tables}
    live = sum(map(_live, tables))
    told = (
        f"{live:,} cells that a spreadsheet would run as formulas have an apostrophe before them.",
    )
    return Written(_zipped(results, tables, files, "csv"), told if live else ())


def parquet_zip(results: Mapping[str, Result]) -> Written:
    """Every table of answers as Parquet in one zip: money as 64-bit whole pence, dates as text."""
    tables = data_tables(results)
    files = {f"{table.name}.parquet": _parquet_bytes(table) for table in tables}
    return Written(_zipped(results, tables, files, "parquet"))


def csv_bytes(table: DataTable) -> bytes:
    """A table as CSV: UTF-8, commas, lines that end in CR and LF, and no cell that is run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([kept_still(field.name) for field in table.fields])
    columns = [
        [shown(value) for value in checked(column)]
        if field.type != TEXT
        else ["" if value is None else kept_still(str(value)) for value in column]
        for field, column in zip(table.fields, table.columns, strict=True)
    ]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode()


def shown(value: Value) -> str:
    """A value as Table Schema reads it back.

    >>> shown(True), shown(-12), shown(0.5), shown(45.0), shown(None)
    ('true', '-12', '0.5', '45.0', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return NUMBERS.get(value, "NaN")
    return str(value)


def _live(table: DataTable) -> int:
    """How many cells and headings of a table begin as a formula does."""
    columns = zip(table.fields, table.columns, strict=True)
    cells = (value for field, column in columns if field.type == TEXT for value in column if value)
    return sum(is_live(str(value)) for value in cells) + sum(
        is_live(field.name) for field in table.fields
    )


def _parquet_bytes(table: DataTable) -> bytes:
    """A table as Parquet."""
    buffer = io.BytesIO()
    frame_of(table).write_parquet(buffer, compression="zstd", compression_level=3)
    return buffer.getvalue()


def frame_of(table: DataTable) -> pl.DataFrame:
    """A table as a polars frame with the types that its fields say; a date stays text."""
    import polars as pl

    kinds = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    series = []
    stop_if_cancelled()
    for field, column in zip(table.fields, table.columns, strict=True):
        if field.type == "number":
            column = tuple(None if value is None else float(value) for value in column)
        series.append(pl.Series(field.name, column, dtype=kinds.get(field.type, pl.String)))
    return pl.DataFrame(series)


def _zipped(
    results: Mapping[str, Result], tables: list[DataTable], files: Mapping[str, bytes], form: str
) -> bytes:
    """Files with their dictionary, descriptor and words for people, in one zip."""
    dictionary = csv_bytes(dictionary_of(tables, form))
    descriptor = _descriptor(results, tables, files, dictionary, form)
    every = {
        "README.txt": _readme(results, tables, form).encode(),
        "datapackage.json": descriptor.encode(),
        "dictionary.csv": dictionary,
        **files,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name, data in every.items():
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def dictionary_of(tables: list[DataTable], form: str) -> DataTable:
    """Every column of every table: type, unit and meaning."""
    every = [(f"{table.name}.{form}", table, field) for table in tables for field in table.fields]
    columns: Mapping[str, Callable[[str, DataTable, Field], str]] = {
        "file": lambda file, _, __: file,
        "table": lambda _, table, __: table.meaning,
        "column": lambda _, __, field: field.name,
        "type": lambda _, __, field: field.type,
        "unit": lambda _, __, field: field.unit,
        "meaning": lambda _, __, field: field.meaning,
    }
    meanings = (
        "Name of the file",
        "What it holds",
        "Name of the column",
        "Its type",
        "Its unit",
        "What it means",
    )
    fields = tuple(
        Field(name, TEXT, "text", say) for name, say in zip(columns, meanings, strict=True)
    )
    values = tuple(tuple(tell(*one) for one in every) for tell in columns.values())
    return DataTable("dictionary", "Every column of every table", fields, values)


# -- what the package says of itself ---------------------------------------------------------------


def settings_of(results: Mapping[str, Result]) -> dict[str, str]:
    """What the data say of themselves: title, publisher, licence."""
    rows = results["register"].tables.get("book", ()) if "register" in results else ()
    return {str(row["key"]): one_line(str(row["value"])) for row in rows}


def _book(results: Mapping[str, Result]) -> BookRef:
    return next((result.book for result in results.values()), BookRef())


def licences_of(results: Mapping[str, Result]) -> list[dict[str, str]]:
    """The data's own licence, and that of public sector data where a source is under it.

    Data that name no licence get none: it is not ours to give.
    """
    own = settings_of(results).get("licence", "")
    rows = results["register"].tables.get("sources", ()) if "register" in results else ()
    sources = any(SAYS_OPEN.search(str(row.get("licence") or "")) for row in rows)
    found = []
    if own and not SAYS_OPEN.search(own):
        found.append({"name": re.sub(r"[^A-Za-z0-9._-]+", "-", own).strip("-"), "title": own})
    if sources or SAYS_OPEN.search(own):
        found.append(dict(OPEN))
    return found


def _descriptor(
    results: Mapping[str, Result],
    tables: list[DataTable],
    files: Mapping[str, bytes],
    dictionary: bytes,
    form: str,
) -> str:
    """The descriptor that programs read."""
    book = _book(results)
    every = [
        (table, f"{table.name}.{form}", files[f"{table.name}.{form}"], form) for table in tables
    ]
    every.append((dictionary_of(tables, form), "dictionary.csv", dictionary, "csv"))
    package: dict[str, Any] = {
        "profile": "tabular-data-package" if form == "csv" else "data-package",
        "name": "controltotal-answers",
        "title": one_line(book.name),
        "licenses": licences_of(results),
        "controltotal": {
            "version": VERSION,
            "book": {"name": one_line(book.name), "entry": book.entry, "root": book.root},
            "options": {verb: dict(result.options) for verb, result in results.items()},
            "safe": form == "csv",
        },
        "resources": [_resource(*one) for one in every],
    }
    if not package["licenses"]:
        del package["licenses"]
    return safe_json(json.dumps(package, ensure_ascii=False, indent=2, default=str)) + "\n"


def _resource(table: DataTable, path: str, data: bytes, form: str) -> dict[str, Any]:
    """One file: its columns, how many rows and bytes it has, and its hash."""
    fields = [
        {
            "name": kept_still(field.name) if form == "csv" else field.name,
            "type": field.type,
            "unit": field.unit,
            "description": field.meaning,
        }
        for field in table.fields
    ]
    found = {
        "profile": "tabular-data-resource",
        "name": table.name.lower(),
        "path": path,
        "description": table.meaning,
        "format": form,
        "mediatype": MEDIA[form],
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "rows": table.rows,
        "schema": {"fields": fields, "missingValues": [""]},
    }
    if form == "csv":
        found["encoding"] = "utf-8"
        found["dialect"] = {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True}
    return found


def _readme(results: Mapping[str, Result], tables: list[DataTable], form: str) -> str:
    """Words for people: what this is, of whom, under which licence, and how to read it."""
    book, settings = _book(results), settings_of(results)
    licences = [f"{one['title']} {one.get('path', '')}".strip() for one in licences_of(results)]
    parts = [
        one_line(book.name),
        FICTIONAL if settings.get("fictional", "").lower() == "yes" else "",
        f"Every answer that the papers are made from, as {form.upper() if form == 'csv' else 'Parquet'} "
        f"files: made by controltotal {VERSION} from entry {book.entry:,} of the data, root {book.root}. "
        "The same data, questions and version give the same files, byte for byte.",
        f"Published by: {settings['publisher']}." if settings.get("publisher") else "",
        f"Licence: {'; '.join(licences)}."
        if licences
        else "The data name no licence: ask whoever gave them to you before you pass them on.",
        "Contains public sector information licensed under the Open Government Licence v3.0."
        if any(one["name"] == OPEN["name"] for one in licences_of(results))
        else "",
        "How to read it. Start with figures, where each number has an id, a name, a unit, a status and "
        "its rule; dictionary.csv says what every column of every file means, datapackage.json says "
        "the same to programs. A file is called after the question and the table of its answer.",
        "Money is in whole pence. Income and surpluses are positive, costs and deficits negative. An "
        "empty cell is a figure that nobody told, that cannot be worked out or that is withheld: it is "
        "never nil. Years run from April to March (2026-27), months from 1 for April to 12 for March. "
        "Days are written 2026-03-27; a list stands in one cell, its parts separated by semicolons.",
        "In the CSV files an apostrophe stands before a cell that a spreadsheet would run as a "
        "formula; take it away to have the cell as it was written (datapackage.json says so under "
        "controltotal, safe). The files are UTF-8, with commas, as RFC 4180 has them."
        if form == "csv"
        else "In the Parquet files money is a 64-bit whole number and a day is text.",
    ]
    paragraphs = [textwrap.fill(part, WIDTH, break_long_words=False) for part in parts if part]
    listing = [f"{table.name}.{form}  {table.rows:,} rows\n    {table.meaning}" for table in tables]
    text = "\n\n".join([*paragraphs, "Files:", "\n".join(listing)])
    return f"{text}\n".replace("\n", "\r\n")
