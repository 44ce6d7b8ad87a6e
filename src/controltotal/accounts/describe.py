"""A ledger entry in words: which table and row, what it says, and the quotation it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.core.published import TITLES

QUIET = ("source", "unit", "known_on")


def describe(position: Position, entry: int) -> Mapping[str, str] | None:
    """Where an entry stands, what it says, and its source with quotation; None if not in force."""
    if entry in position.taken:
        return _published(position.taken[entry])
    found = position.entries.get(entry)
    if found is None:
        return None
    cells = dict(found.cells)
    unit = cells.get("unit") or position.text("default_unit")
    file, _, rest = found.origin.partition("|")
    cell = rest.rpartition("|")[2]
    told = {
        "where": f"{found.table} row {found.row}",
        "detail": ", ".join(part for part in (file, cell) if part),
        "says": _says(cells, unit),
    }
    if found.by:
        told["says"] += f" (by {found.by} on {found.on}: {found.why})"
    source = position.sources.get(cells.get("source", ""))
    if source is not None:
        parts = [source.title or "", source.publisher or ""]
        parts += [source.texts.get("published_on", ""), source.page or "", source.file or ""]
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
