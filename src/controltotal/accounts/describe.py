"""A ledger entry in words: which table and row, what it says, and the quotation it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.book.fold import Position

QUIET = ("source", "unit", "known_on")


def describe(position: Position, entry: int) -> Mapping[str, str] | None:
    """Where an entry stands, what it says, and its source with quotation; None if not in force."""
    found = position.entries.get(entry)
    if found is None:
        return None
    cells = dict(found.cells)
    unit = cells.get("unit") or position.text("default_unit")
    said = []
    for column, text in found.cells:
        if column in QUIET:
            continue
        shown = (
            f"{text} {unit}" if column in ("amount", "value", "full_year_effect") and unit else text
        )
        said.append(f"{column} {shown}")
    file, _, rest = found.origin.partition("|")
    cell = rest.rpartition("|")[2]
    told = {
        "where": f"{found.table} row {found.row}",
        "detail": ", ".join(part for part in (file, cell) if part),
        "says": ", ".join(said),
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
