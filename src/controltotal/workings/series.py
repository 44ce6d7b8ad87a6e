"""Money by month: the series from which a year's end is forecast.

A month is known only where every line that makes up a body's surplus reports that month by
itself; a quarter or a year is never split by guesswork. Income is positive and cost negative.
"""

from __future__ import annotations

from collections.abc import Iterable

from controltotal.book.amounts import WHOLE, Label, Series
from controltotal.book.periods import fill
from controltotal.book.records import Amount
from controltotal.workings.own import ENTIRE
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value

AllSeries = dict[Series, list[Amount]]
"""The rows of each line, recurrence and counterparty."""


def monthly_surplus(
    totals: Totals, code: str, year: str, basis: str, *, once: bool | None = None
) -> dict[int, int]:
    """A body's own adjusted surplus by month, 1 (April) to 12: {month: pence}; empty where unknown.

    `once` keeps only items that do not repeat (True) or leaves them out (False). What stands
    outside the control total is left out.
    """
    lines = totals.position.lines
    told = _from_cube(totals, (code, year, basis, ""), once=once)
    if told is not None:
        return told
    whole, detail, entire, outside = _kinds(totals, code, year, basis)
    if entire and outside and not whole:
        return _less_months(entire, outside, lines) if once is None else {}
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


def _from_cube(totals: Totals, of: Label, *, once: bool | None) -> dict[int, int] | None:
    """The same of an even statement of lines; None of any other, or of one that states a position."""
    lines, even = totals.position.lines, totals.amounts.even(*of)
    if even is None or not {"position", ENTIRE}.isdisjoint(even.lines):
        return None
    signs = {n: lines[n].sign for n in even.lines if lines[n].added and not lines[n].outside}
    if {lines[name].kind for name in signs} != {"income", "cost"}:
        return {}
    if once is None:
        return even.by_month(signs)
    apart = totals.amounts.even(*of, once=True)
    left = apart.by_month(signs) if apart is not None and set(apart.lines) & set(signs) else {}
    if once:
        return left
    return {month: pence - left.get(month, 0) for month, pence in even.by_month(signs).items()}


def _kinds(
    totals: Totals, code: str, year: str, basis: str
) -> tuple[AllSeries, AllSeries, AllSeries, AllSeries]:
    """A body's series: its stated position, its lines, its whole position, what stands outside."""
    lines = totals.position.lines
    found = totals.amounts.series(code, year, basis, "")
    whole = {key: rows for key, rows in found.items() if key[0] == "position"}
    entire = {key: rows for key, rows in found.items() if key[0] == ENTIRE}
    added = {key: rows for key, rows in found.items() if lines[key[0]].added}
    outside = {key: rows for key, rows in added.items() if lines[key[0]].outside}
    detail = {key: rows for key, rows in added.items() if key not in outside}
    return whole, detail, entire, outside


def _less_months(entire: AllSeries, outside: AllSeries, lines: object) -> dict[int, int]:
    """The whole position by month, less what stands outside the control total in it."""
    every = _common_months(entire, lines)
    each = [row.month or "" for rows in outside.values() for row in rows]
    if not all(month.isdigit() for month in each):
        return {}
    apart = _sum_months(outside, lines)
    return {month: pence - apart.get(month, 0) for month, pence in every.items()}


def _months(rows: Iterable[Amount]) -> dict[int, int]:
    return {int(r.month): r.amount for r in rows if r.month and r.month.isdigit()}


def _sign(line: str, lines: object) -> int:
    return 1 if line in WHOLE else lines[line].sign  # type: ignore[index]


def _sum_months(series: AllSeries, lines: object) -> dict[int, int]:
    sums: dict[int, int] = {}
    for key, rows in series.items():
        for month, pence in _months(rows).items():
            sums[month] = sums.get(month, 0) + _sign(key[0], lines) * pence
    return sums


def _common_months(series: AllSeries, lines: object) -> dict[int, int]:
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


def to_date(totals: Totals, code: str, year: str, basis: str, last_month: int) -> Value | None:
    """A body's own adjusted surplus from April to a month; None where it is not stated."""
    lines = totals.position.lines
    needed = frozenset(range(1, last_month + 1))
    said = totals.amounts.lines(code, year, basis, "")
    if "position" not in said:
        signs = {name: lines[name].sign for name in said if lines[name].added}
        signs = {name: sign for name, sign in signs.items() if not lines[name].outside}
        if {lines[name].kind for name in signs} != {"income", "cost"}:
            return None
        even = totals.amounts.even(code, year, basis, "")
        if even is not None:
            value = totals.sum_of_lines((code, year, basis, ""), needed, signs, "months to date")
            done = value.known and value.months == needed
            return value._replace(months=frozenset(), rows=(), qualifier="") if done else None
    found = totals.amounts.series(code, year, basis, "")
    own = {k: v for k, v in found.items() if k[0] == "position"}
    own = own or {k: v for k, v in found.items() if lines[k[0]].added and not lines[k[0]].outside}
    kinds = {lines[key[0]].kind for key in own}
    if not own or ("position" not in kinds and kinds != {"income", "cost"}):
        return None
    parts = [(key[0], fill(rows, needed)) for key, rows in own.items()]
    if any(filled.months != needed for _, filled in parts):
        return None
    pence = sum(_sign(line, lines) * filled.pence for line, filled in parts)
    entries = tuple(row.entry for _, filled in parts for row in filled.rows)
    return Value(pence, "months to date", entries=entries)


def monthly_income(totals: Totals, code: str, year: str, basis: str = "actual") -> dict[int, int]:
    """A body's own income by month, support left out; empty where it is not known."""
    lines = totals.position.lines
    even = totals.amounts.even(code, year, basis, "")
    if even is not None:
        own = {n: 1 for n in even.lines if lines[n].added and lines[n].kind == "income"}
        return even.by_month(own) if own else {}
    found = {
        key: rows
        for key, rows in totals.amounts.series(code, year, basis, "").items()
        if lines[key[0]].added and lines[key[0]].kind == "income"
    }
    return _common_months(found, lines) if found else {}
