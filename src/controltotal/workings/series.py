"""Money by month: the series from which a year's end is forecast.

A month is known only where every line that makes up a body's surplus reports that month by
itself; a quarter or a year is never split by guesswork. Income is positive and cost negative.
"""

from __future__ import annotations

from collections.abc import Iterable

from controltotal.book.records import Amount
from controltotal.workings.totals import Totals


def monthly_surplus(
    totals: Totals, code: str, year: str, basis: str, *, once: bool | None = None
) -> dict[int, int]:
    """A body's own surplus by month, 1 (April) to 12: {month: pence}; empty where unknown.

    `once` keeps only items that do not repeat (True) or leaves them out (False).
    """
    found = totals.amounts.series(code, year, basis, "")
    lines = totals.position.lines
    whole = {key: rows for key, rows in found.items() if key[0] == "position"}
    detail = {key: rows for key, rows in found.items() if lines[key[0]].added}
    chosen = {key: rows for key, rows in whole.items() if not key[1]} or whole or detail
    if not whole and {lines[key[0]].kind for key in chosen} != {"income", "cost"}:
        return {}
    if once is not None:
        # a whole position says nothing of what repeats, so its detail lines must
        once_rows = {k: r for k, r in (detail or whole).items() if k[1] == "non_recurrent"}
        apart = _sum_months(once_rows, lines)
        if once:
            return apart
        every = _common_months(chosen, lines)
        return {month: pence - apart.get(month, 0) for month, pence in every.items()}
    return _common_months(chosen, lines)


def _months(rows: Iterable[Amount]) -> dict[int, int]:
    return {int(r.month): r.amount for r in rows if r.month and r.month.isdigit()}


def _sign(line: str, lines: object) -> int:
    return 1 if line == "position" else lines[line].sign  # type: ignore[index]


def _sum_months(series: dict[tuple[str, str, str], list[Amount]], lines: object) -> dict[int, int]:
    sums: dict[int, int] = {}
    for key, rows in series.items():
        for month, pence in _months(rows).items():
            sums[month] = sums.get(month, 0) + _sign(key[0], lines) * pence
    return sums


def _common_months(
    series: dict[tuple[str, str, str], list[Amount]], lines: object
) -> dict[int, int]:
    """Sums over the run of months from April that every regular series reports."""
    by_series = {key: _months(rows) for key, rows in series.items()}
    # items that do not repeat come in single months: their absence is no hole
    regular = {k: m for k, m in by_series.items() if k[1] != "non_recurrent"} or by_series
    if not regular or any(not months for months in regular.values()):
        return {}
    shared = set.intersection(*(set(months) for months in regular.values()))
    last = max(max(months) for months in regular.values())
    if shared != set(range(1, last + 1)):
        return {}
    sums = dict.fromkeys(sorted(shared), 0)
    for key, months in by_series.items():
        for month, pence in months.items():
            if month not in sums:
                return {}
            sums[month] += _sign(key[0], lines) * pence
    return sums


def monthly_income(totals: Totals, code: str, year: str, basis: str = "actual") -> dict[int, int]:
    """A body's own income by month, support left out; empty where it is not known."""
    lines = totals.position.lines
    found = {
        key: rows
        for key, rows in totals.amounts.series(code, year, basis, "").items()
        if lines[key[0]].added and lines[key[0]].kind == "income"
    }
    return _common_months(found, lines) if found else {}
