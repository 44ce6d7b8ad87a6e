"""The table of a finance report's first page: the month, the year to date and the year, row by row.

Each row is told only where the book tells it: the position without and with support, pay and what
agency staff cost of it, efficiencies of the schemes that report, cash, capital, net risk and the
underlying position. A cell that does not apply (the plan to date of a balance) is empty, as one
that nothing tells. Made for the bodies of whom the first words are. Source: `papers`, page one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from controltotal.accounts.resources import capital_month, capital_row, cash_rows
from controltotal.accounts.scheme_delivery import delivery_to_date, set_beside
from controltotal.accounts.scheme_ground import Ground
from controltotal.book.records import Scheme
from controltotal.core.result import Answer
from controltotal.programme.courses import MARKED
from controltotal.programme.phasing import in_plan
from controltotal.workings.month import MONTHS, Month, months_to
from controltotal.workings.month_lines import Cells, cells_of, line_cells
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings

COLUMNS: Final = (
    "month_plan",
    "month_actual",
    "plan",
    "actual",
    "plan_year",
    "forecast",
    "forecast_last_month",
)
"""What each row tells, in pence; variances are made of them."""
MONTH_COLUMNS: Final = ("month_plan", "month_actual")
ROWS: Final = {
    "excluding_support": "adjusted surplus or deficit, before support",
    "including_support": "adjusted surplus or deficit, with agreed support",
    "pay": "cost of all staff",
    "agency_pay": "cost of agency staff, a part of pay",
    "efficiencies": "savings of the schemes of the plan that report",
    "efficiencies_recurrent": "of which recurrent",
    "cash": "balance of cash at the end of the month and of the year",
    "capital": "capital spent",
    "net_risk": "risks less mitigations of the register, each in full",
    "underlying": "position without what does not repeat",
}
"""The rows in their order, with the meaning of each."""
PAY: Final = ("pay", "agency_pay")
COSTS: Final = ("pay", "agency_pay", "capital")
"""Rows in which more than planned is worse, and which are shown as costs."""
NO_BANK: Final = ("pool",)
"""Kinds of bodies that hold money of others and no cash of their own."""
Row = dict[str, object]


def put_performance(
    answer: Answer, workings: Workings, leads: Mapping[str, Mapping[str, Month]]
) -> None:
    """The table `performance` of the bodies of whom the first words are, by year and code."""
    for year, bodies in leads.items():
        for code, month in bodies.items():
            answer.table("performance", performance(answer, workings, month, code, year))


def performance(
    answer: Answer, workings: Workings, month: Month, code: str, year: str
) -> list[Row]:
    """The rows of one body; none where no month of it is told."""
    totals = month.totals
    reached = month.reached(code, year)
    if reached is None:
        return []
    found: dict[str, Cells] = {"excluding_support": cells_of(month.to_date(code, year))}
    found["including_support"] = _supported(totals, month, code, year, reached)
    told = month.lines(code, year)
    for line in PAY:
        if line in told:
            found[line] = line_cells(month, code, year, (line,))[line]
    if workings.position.book.schemes:
        found |= _efficiencies(Ground(workings.savings, year), code, reached)
    telling: dict[str, tuple[int, int]] = {}
    makers: dict[str, Callable[[str], Cells]] = {
        "cash": lambda one: _cash(totals, one, year, reached),
        "capital": lambda one: _capital(totals, one, year, reached),
    }
    for name, cells in makers.items():
        found[name] = cells(code)
        if totals.tree.organisations[code].is_grouping:
            sums, telling[name] = _together(totals, cells, code, year)
            found[name] = sums | {key: v for key, v in found[name].items() if v is not None}
    found["net_risk"] = _net_risk(answer, code, year)
    found["underlying"] = _underlying(answer, code, year)
    return [
        _row(name, code, year, reached, found[name]) | _counts(*telling.get(name, (0, 0)))
        for name in ROWS
        if name in found
        and (telling.get(name, (0, 0))[0] or any(v is not None for v in found[name].values()))
    ]


def _bodies(totals: Totals, code: str, year: str) -> Iterator[str]:
    """The bodies below that are no mere grouping of others; what stands below those is theirs."""
    for one in totals.children(code, year):
        if totals.tree.organisations[one].is_grouping:
            yield from _bodies(totals, one, year)
        else:
            yield one


def _counts(told: int, of: int) -> Row:
    """How many organisations below tell a row that is their sum, and of how many; else nothing."""
    return {"told_by": told or None, "told_of": of if told else None}


def _together(
    totals: Totals, cells: Callable[[str], Cells], code: str, year: str
) -> tuple[Cells, tuple[int, int]]:
    """The sums of what organisations below tell, where all of them do, and how many tell anything.

    A pool has no bank of its own and spends no capital: nobody waits for it.
    """
    bodies = [one for one in _bodies(totals, code, year) if totals.tree.kind(one) not in NO_BANK]
    rows = [cells(one) for one in bodies]
    sums: Cells = {}
    for column in COLUMNS:
        told = [row.get(column) for row in rows]
        if rows and None not in told:
            sums[column] = sum(value for value in told if value is not None)
    telling = sum(any(value is not None for value in row.values()) for row in rows)
    return sums, (telling, len(bodies))


def _row(name: str, code: str, year: str, month: int, cells: Cells) -> Row:
    row: Row = {"organisation": code, "year": year, "row": name, "month": month}
    for column in COLUMNS:
        row[column] = cells.get(column)
    for column, less, of in (
        ("month_variance", "month_plan", "month_actual"),
        ("variance", "plan", "actual"),
        ("variance_year", "plan_year", "forecast"),
    ):
        first, second = cells.get(of), cells.get(less)
        row[column] = None if first is None or second is None else first - second
    return row


def _supported(totals: Totals, month: Month, code: str, year: str, reached: int) -> Cells:
    """The position with agreed support; nothing where no support touches the body.

    A support whose month nobody names is in the year and in the actual, and in no part of a plan.
    """
    row = month.to_date(code, year)
    some, one = months_to(reached), frozenset({reached})
    spans = (
        ("month_plan", "plan", one, row.month_plan),
        ("month_actual", "actual", one, row.month_actual),
        ("plan", "plan", some, row.plan),
        ("actual", "actual", None, row.actual),
        ("plan_year", "plan", None, row.plan_year),
        ("forecast", "forecast", None, row.forecast),
    )
    cells: Cells = {}
    touched = False
    for column, basis, months, without in spans:
        support = totals.support(code, year, basis, "", months, stay=months is not None)
        touched = touched or bool(support.pence)
        if support.pence is not None and without.pence is not None:
            cells[column] = without.pence + support.pence
    return cells if touched else {}


def _efficiencies(ground: Ground, code: str, reached: int) -> dict[str, Cells]:
    """Savings planned, made and forecast by the schemes of a body's plan, and the recurrent ones.

    To date and in the month only schemes that report are set against their plan; no plan is told
    where one of them does not tell its own to date, and no month where one tells it with others.
    """
    rows = [row for row in ground.under(code) if in_plan(row)]
    return {
        "efficiencies": _saved(ground, rows, reached),
        "efficiencies_recurrent": _recurrent(ground, rows, reached),
    }


def _recurrent(ground: Ground, rows: Sequence[Scheme], reached: int) -> Cells:
    """What of the savings repeats; not told in a column where nobody says it of a part of them.

    A forecast is taken by the marks of its own rows, which may hold both kinds of one scheme.
    """
    lasting = [row for row in rows if row.recurrence == "recurrent"]
    unmarked = [row for row in rows if row.recurrence not in MARKED]
    cells, open_ = _saved(ground, lasting, reached), _saved(ground, unmarked, reached)
    for column, pence in open_.items():
        if pence or (column == "plan" and open_.get("actual")):
            cells[column] = None
    repeats, unknown = ground.recurrent_forecast(rows)
    if (lasting or unmarked) and _saved(ground, rows, reached).get("forecast") is not None:
        cells["forecast"] = None if unknown else repeats
    return cells


def _saved(ground: Ground, rows: Sequence[Scheme], reached: int) -> Cells:
    to_date = delivery_to_date(ground, rows)
    cells = _in_month(ground, rows, reached)
    cells["plan"], cells["actual"] = set_beside(to_date)
    year = [row for row in to_date if row["plan_year_pence"] is not None]
    cells |= _sums(year, {"plan_year": "plan_year_pence"})
    if None not in [row["forecast_pence"] for row in year]:
        cells |= _sums(year, {"forecast": "forecast_pence"})
    return cells


def _in_month(ground: Ground, rows: Sequence[Scheme], month: int) -> Cells:
    """What schemes that report a month saved in it and were to; None where one does not tell it alone."""
    told: list[tuple[int | None, int | None]] = []
    for row in rows:
        one = ground.course(row)
        if one.plan is not None and one.actual[month - 1] is not None:
            planned, actual = (ground.by_month(row, kind) for kind in ("plan", "actual"))
            told.append((planned[month - 1], actual[month - 1]))
    sums = ((name, [both[at] for both in told]) for at, name in enumerate(MONTH_COLUMNS))
    return {
        name: sum(pence or 0 for pence in parts)
        for name, parts in sums
        if parts and None not in parts
    }


def _sums(rows: Sequence[Mapping[str, int | None]], columns: Mapping[str, str]) -> Cells:
    """The sums of some columns over rows that tell them all; nothing where there is no row."""
    found = {to: sum(row[of] or 0 for row in rows) for to, of in columns.items()}
    return dict(found) if rows else {}


def _cash(totals: Totals, code: str, year: str, reached: int) -> Cells:
    by_month: dict[Any, Mapping[str, Any]] = {
        row["month"]: row for row in cash_rows(totals, code, year)
    }
    now, end = by_month.get(reached, {}), by_month.get(MONTHS, {})
    return {
        "month_plan": now.get("plan_pence"),
        "month_actual": now.get("actual_pence"),
        "plan_year": end.get("plan_pence"),
        "forecast": end.get("forecast_pence"),
    }


def _told(answer: Answer, table: str, code: str, year: str) -> list[Mapping[str, Any]]:
    rows = answer.rows(table)
    return [row for row in rows if row["organisation"] == code and row["year"] == year]


def _capital(totals: Totals, code: str, year: str, reached: int) -> Cells:
    """Capital as a cost; to date only where it is told to the month that the position reaches."""
    row: Mapping[str, Any] | None = capital_row(totals, code, year)
    if not row:
        return {}
    to_date = row["actual_pence"] if capital_month(totals, code, year) in (reached, None) else None
    return {
        "actual": _cost(to_date),
        "plan_year": _cost(row["plan_pence"]),
        "forecast": _cost(row["forecast_pence"]),
    }


def _cost(pence: int | None) -> int | None:
    """What is spent, as a cost."""
    return None if pence is None else -pence


def _net_risk(answer: Answer, code: str, year: str) -> Cells:
    by_when = {row["when"]: row["net_pence"] for row in _told(answer, "net_risk", code, year)}
    return {
        "forecast": by_when.get("this month"),
        "forecast_last_month": by_when.get("last month"),
    }


def _underlying(answer: Answer, code: str, year: str) -> Cells:
    found = {
        column: answer.get(f"underlying/{code}/{year}/{basis}")
        for column, basis in (("plan_year", "plan"), ("forecast", "forecast"))
    }
    return {
        column: figure.value
        for column, figure in found.items()
        if figure is not None and isinstance(figure.value, int)
    }
