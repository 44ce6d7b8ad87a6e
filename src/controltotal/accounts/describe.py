"""A ledger entry in words: which table and row, what it says, and the quotation it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.core.published import TITLES

QUIET = ("source", "unit", "known_on")


def describe(position: Position, entry: int) -> Mapping[str, str] | None:
    """Where an entry stands, what it says, and its source with quotation; None if not in force."""
    told = row_told(position, entry)
    found = position.entries.get(entry)
    if told is None or found is None or not found.by:
        return told
    return {**told, "says": f"{told['says']} (by {found.by} on {found.on}: {found.why})"}


def row_told(position: Position, entry: int) -> Mapping[str, str] | None:
    """The same with offices in the place of persons, and file, sheet and cell apart.

    Beside `where`, `detail` and `says` it may have `file`, `sheet`, `cell`, `role`, `on`, `why`,
    `source_id` and `source`.
    """
    if entry in position.taken:
        return _published(position.taken[entry])
    found = position.entries.get(entry)
    if found is None:
        return None
    cells = dict(found.cells)
    unit = cells.get("unit") or position.text("default_unit")
    file, _, rest = found.origin.partition("|")
    sheet, _, cell = rest.rpartition("|")
    told = {
        "where": f"{found.table} row {found.row}",
        "detail": ", ".join(part for part in (file, cell) if part),
        "says": _says(cells, unit),
    }
    narration = found.narration
    more = {"file": file, "sheet": sheet, "cell": cell, "on": found.on, "why": found.why}
    more |= {"role": narration.author.role if found.by else ""}
    told |= {name: text for name, text in more.items() if text}
    source = position.sources.get(cells.get("source", ""))
    if source is not None:
        parts = [source.title or "", source.publisher or ""]
        own = (
            file if narration.file else ""
        )  # a source of many months names the file of the last one
        parts += [source.texts.get("published_on", ""), source.page or "", own or source.file or ""]
        quote = f": “{source.quote}”" if source.quote else ""
        told["source_id"] = source.id
        told["source"] = ", ".join(part for part in parts if part) + quote
    return told


def _says(cells: Mapping[str, str], unit: str) -> str:
    """The cells of a row in words, money and values with their unit."""
    said = []
    for column, text in cells.items():
        if column in QUIET:
            continue
        shown = (
            f"{text} {unit}" if column in ("amount", "value", "full_year_effect") and unit else text
        )
        said.append(f"{column} {shown}")
    return ", ".join(said)


def _published(row: Record) -> Mapping[str, str]:
    """A row that the book lacks, taken from a published table, with the title of the table."""
    table = row.origin.partition("|")[0]
    title = TITLES[table]
    return {
        "where": row.where,
        "says": f"taken as published: {_says(row.texts, row.texts.get('unit', ''))}",
        "source_id": table,
        "source": f"{title.title}, {title.publisher}",
    }
