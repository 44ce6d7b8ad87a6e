"""Small tables of amounts as columns, made of records by hand."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from controltotal.book.amount_table import AmountTable, Columns
from controltotal.book.columns import columns_of
from controltotal.book.records import Amount


def row(number: int, organisation: str, line: str, pounds: int, **labels: str) -> Amount:
    """A record of an amount in pounds: the plan of 2026/27 unless told otherwise.

    `number` is its row; the entry that put it is a hundred more.
    """
    return Amount(
        number=number,
        entry=100 + number,
        texts=MappingProxyType({"organisation": organisation, "amount": str(pounds)}),
        known=None,
        origin=f"amounts.csv||A{number}",
        organisation=organisation,
        line=line,
        amount=pounds * 100,
        unit="£",
        **{"year": "2026-27", "basis": "plan", **labels},  # type: ignore[arg-type]
    )


def refuse(columns: Columns, places: npt.NDArray[np.int64]) -> list[Amount]:
    """Every record is there already, so that none is ever made."""
    raise AssertionError("a record was made again")


def table_of(*rows: Amount) -> AmountTable:
    """These records as a table of columns."""
    return AmountTable(columns_of(rows), refuse, {one.entry: one for one in rows})
