"""How a finding says money and places: sums exact, rows by number, files and cells once each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from controltotal.book.amount_table import AmountTable
from controltotal.book.record import Record
from controltotal.core.money import format_money

ROWS_ONE_BY_ONE = 24


def money(pence: int | None) -> str:
    """A sum as a finding shows it, always exact: in millions where that loses nothing.

    >>> money(-1230000000), money(123456)
    ('£(12.3) million', '£1,234.56')
    """
    if pence is None:
        return "not known"
    if pence and pence % 1_000_000 == 0 and abs(pence) >= 10_000_000:
        places = 1 if pence % 10_000_000 == 0 else 2
        return f"£{format_money(pence, '£m', places)} million"
    return "£" + format_money(pence, "£", 2)


def places(rows: Iterable[Record]) -> str:
    """The places of rows, table by table.

    >>> places([])
    ''
    """
    if isinstance(rows, AmountTable):
        return f"amounts {_in_runs(rows.runs(ROWS_ONE_BY_ONE))}" if len(rows) else ""
    by_table: dict[str, list[int]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row.number)
    return "; ".join(f"{table} {_numbers(found)}" for table, found in sorted(by_table.items()))


def _numbers(rows: Iterable[int]) -> str:
    """Row numbers one by one; of very many, those that follow each other as a run.

    >>> _numbers([4, 2, 3]), _numbers([*range(2, 30), 40])
    ('row 2, row 3, row 4', 'row 2 to row 29, row 40')
    """
    numbers = sorted(set(rows))
    runs: list[list[int]] = []
    for number in numbers:
        if len(numbers) > ROWS_ONE_BY_ONE and runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return _in_runs(runs)


def _in_runs(runs: Iterable[Sequence[int]]) -> str:
    return ", ".join(
        f"row {first}" if first == last else f"row {first} to row {last}" for first, last in runs
    )


def details(rows: Iterable[Record]) -> str:
    """The files and cells of rows."""
    return "; ".join(dict.fromkeys(row.detail for row in rows if row.detail))
