"""What the sources say: every stated number beside the words of the source that it rests on.

A reader who knows only the report should find each of its numbers here, as the report hedged it,
with the quotation and its place; and every other quotation that the book keeps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from controltotal.book.amount_table import chosen
from controltotal.book.commentary import about_body
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.core.calendar import CalendarError, parse_year, year_label

NUMBERS = {
    "amounts": "amount",
    "facts": "value",
    "control_totals": "amount",
    "transfers": "amount",
    "opportunities": "value",
    "actions": "worth",
}
"""The column of each table that holds its number."""

NAMED = {
    "amounts": "line",
    "facts": "fact",
    "transfers": "kind",
    "opportunities": "category",
    "actions": "title",
    "commentary": "text",
    "promises": "text",
    "decisions": "title",
}
"""The column that says what a row is about; a row of another table is called by its table."""


def stated(
    position: Position, year: str | None = None, bodies: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Every row that rests on a quotation, then the quotations on which no row rests.

    `year` and `bodies` narrow it to one year and to bodies asked for; quotations that belong to no
    row are then left out.
    """
    table = [
        _row(position, row, source)
        for row, source in _quoted(position)
        if (year is None or _year(row) in ("", year)) and (bodies is None or _body(row) in bodies)
    ]
    if year is not None or bodies is not None:
        return table
    used = {row["source"] for row in table}
    for source in position.book.sources:
        if source.quote and source.id not in used:
            table.append(
                {
                    "organisation": "",
                    "year": "",
                    "what": "said beside",
                    "stated": "",
                    "quotation": source.quote,
                    "publisher": source.publisher or "",
                    "published": source.texts.get("published_on", ""),
                    "source": source.id,
                    "where": source.where,
                }
            )
    return table


def _quoted(position: Position) -> Iterator[tuple[Record, Record]]:
    """Rows in force whose source holds a quotation, in the order of their tables."""
    quoted = {id for id, source in position.sources.items() if source.quote}
    for table in dict.fromkeys((*NUMBERS, *NAMED)):
        rows = position.rows(table)
        if table == "amounts":
            rows = chosen(position.book.amounts, source=lambda id: id in quoted)
        for row in rows:
            source = position.sources.get(row.texts.get("source", ""))
            if source is not None and source.quote:
                yield row, source


def _body(row: Record) -> str:
    if row.table == "commentary":
        return about_body(row.texts.get("about", ""))
    return row.body


def _year(row: Record) -> str:
    """The id of the year of a row; empty where its table has none."""
    try:
        return parse_year(row.texts.get("year", ""))
    except CalendarError:
        return ""


def _row(position: Position, row: Record, source: Record) -> dict[str, Any]:
    year = _year(row)
    return {
        "organisation": _body(row),
        "year": year_label(year) if year else "",
        "what": _what(row),
        "stated": _number(position, row),
        "quotation": source.texts.get("quote", ""),
        "publisher": source.texts.get("publisher", ""),
        "published": source.texts.get("published_on", ""),
        "source": source.texts.get("id", ""),
        "where": row.where,
    }


def _what(row: Record) -> str:
    """What a row is, in words: its line or fact, basis, scenario and group."""
    name = row.texts.get(NAMED.get(row.table, ""), "") or row.table.rstrip("s")
    parts = [name, *(row.texts.get(c, "") for c in ("basis", "scenario", "group", "view"))]
    return ", ".join(part.replace("_", " ") for part in parts if part)


def _number(position: Position, row: Record) -> str:
    """The number as the book writes it, with its hedge and unit."""
    text = row.texts.get(NUMBERS.get(row.table, ""), "")
    if not text:
        return row.texts.get("value", "")
    unit = row.texts.get("unit", "") or (
        "" if row.table == "facts" else position.text("default_unit")
    )
    hedge = row.texts.get("qualifier", "").replace("_", " ")
    return " ".join(part for part in (hedge, text, unit) if part)
