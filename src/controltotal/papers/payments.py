"""Payments of support between organisations, as every paper tells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from controltotal.core.calendar import year_label
from controltotal.papers.board_notes import cell
from controltotal.papers.board_words import Row, many
from controltotal.papers.sections import Focus, TableView, columns

KIND: Final = {
    "top_slice": "top slice",
    "neighbour_support": "neighbour’s support",
    "local_price_modification": "local price",
    "deficit_support": "deficit support",
    "other": "other",
}


def payment(row: Row, focus: Focus) -> dict[str, Any]:
    """A payment of support as tables have it: what it is, how it stands, when it is paid back."""
    status = str(row["status"] or "")
    if row.get("qualifier"):
        status += f" (a source says “{row['qualifier']}”)"
    back = ""
    if row["repay_from"]:
        years = int(row["repay_years"] or 1)
        back = f"{year_label(row['repay_from'])} on, {many(years, 'year')}"
    return {
        "giver": focus.name(row["from"]),
        "receiver": focus.name(row["to"]),
        "amount_pence": cell(row, "transfers", "amount_pence"),
        "kind": KIND.get(row["kind"], str(row["kind"]).replace("_", " ")),
        "status": status,
        "back": back,
        "condition": row["condition"] or "",
    }


def payments(title: str, sides: Sequence[str], rows: Sequence[Row]) -> TableView:
    """Payments of support down; `sides` are the columns of who pays whom."""
    heads = columns(
        *sides,
        "amount_pence|Sum|cell",
        "kind|What it is",
        "status|Status",
        "back|Paid back",
        "condition|Condition",
    )
    return TableView(title, heads, rows, "Support is in no figure of savings or improvement.")
