"""What a number of an answer's table rests on: other numbers of the same kind, figures, and rows.

A figure has a trace; a cell of a table has none, but its row says whose it is, of which year, line
and month. From these it is found what the cell is made of, by the same workings that made it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from controltotal.accounts.eliminations import pairs
from controltotal.accounts.made_of import Part, Rests, Row, entries_of
from controltotal.accounts.resources import CAPITAL, PROMPT
from controltotal.accounts.scheme_ground import Ground
from controltotal.accounts.scheme_rests import of_harm, of_maturity, of_refused, of_waiting
from controltotal.accounts.workforce import PARTS as PEOPLE
from controltotal.book.record import Record
from controltotal.core.entries import together
from controltotal.core.schema import tables
from controltotal.programme.phasing import in_plan
from controltotal.workings.month import MONTHS, months_to
from controltotal.workings.totals import figure_id
from controltotal.workings.workings import Workings

LINES: Final = {"excluding_support": "", "pay": "pay", "agency_pay": "agency_pay"}
"""Rows of table `performance` that are a position to date: each with its line."""
DIFFERENCES: Final = {
    "month_variance": ("month_actual", "month_plan"),
    "variance": ("actual", "plan"),
    "variance_year": ("forecast", "plan_year"),
    "variance_pence": ("actual_pence", "planned_pence"),
    "variance_year_pence": ("forecast_pence", "plan_year_pence"),
}
"""Columns that are one column of the same row less another."""
BASIS: Final = {
    "planned_pence": "plan",
    "plan_pence": "plan",
    "plan_year_pence": "plan",
    "actual_pence": "actual",
    "forecast_pence": "forecast",
    "recurrent_share": "forecast",
    "wte_plan": "plan",
    "wte_actual": "actual",
}
"""The basis of the rows on which a column rests."""
IN_BOOK: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "actions": ("actions", {"id": "action"}),
    "promises": ("promises", {"id": "promise"}),
    "risk_register": ("risks", {"id": "risk"}),
    "drivers": ("risks", {"id": "driver"}),
    "transfers": ("transfers", {"id": "id"}),
    "repayments": ("transfers", {"id": "transfer"}),
    "levels": ("control_totals", {"organisation": "organisation", "year": "year"}),
    "control_totals": ("control_totals", {"organisation": "organisation", "year": "year"}),
    "control_total_changes": ("control_totals", {"organisation": "organisation", "year": "year"}),
    "rules": ("control_totals", {"organisation": "organisation", "year": "year"}),
}
"""Tables whose numbers are rows of the data: the table there, and its columns by those of the row."""


def cell_rests(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """What the number in a column of an answer's row rests on; nothing where nobody can tell."""
    made = MAKERS.get(table)
    rests = (
        made(workings, table, column, row) if made else Rests(entries=_rows(workings, table, row))
    )
    return rests


# -- the month, the year to date and the year ------------------------------------------------------


def _of_position(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """A column of the position to date: of two others, of the bodies below, or of rows."""
    code, year = str(row["organisation"]), str(row["year"])
    if table == "performance" and row["row"] not in LINES:
        return _of_page_one(workings, table, column, row)
    if column in DIFFERENCES:
        return _difference(workings, table, column, row)
    line = LINES[row["row"]] if table == "performance" else str(row.get("line") or "")
    scheme = str(row.get("scheme") or "")
    if scheme:
        told = workings.month.scheme(scheme, code, year)
        return Rests(entries=tuple(getattr(told, column).entries)) if told else Rests()
    return _summed(workings, code, year, line, column)


def _summed(workings: Workings, code: str, year: str, line: str, column: str) -> Rests:
    """A sum of the position to date: the same sum of each body below, and all their rows."""
    month = workings.month
    value = getattr(month.to_date(code, year, line), column)
    parts, entries = [], [tuple(value.entries)]
    for kid in month.totals.children(code, year) if not value.entries else ():
        told = getattr(month.to_date(kid, year, line), column)
        if told.pence is not None:
            of = {"organisation": kid, "year": year, "line": line, "scheme": ""}
            parts.append(Part(f"to_date.{column}", of, told.pence))
        entries.append(_summed(workings, kid, year, line, column).entries)
    return Rests(tuple(parts), (), tuple(together(entries)))


def _difference(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """One column less another: both, and the rows of both."""
    both = DIFFERENCES[column]
    parts = tuple(Part(f"{table}.{one}", row, row.get(one)) for one in both)
    under = [cell_rests(workings, table, one, row).entries for one in both]
    return Rests(parts, (), tuple(together(under)))


def _of_page_one(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """A row of page one that is no position: its support, cash, capital, savings or register."""
    if column in DIFFERENCES:
        return _difference(workings, table, column, row)
    code, year, what = str(row["organisation"]), str(row["year"]), row["row"]
    basis = "plan" if "plan" in column else "forecast" if "forecast" in column else "actual"
    if what == "including_support":
        with_it = figure_id("surplus_with_support", code, year, basis)
        without = {**row, "row": "excluding_support"}
        under = cell_rests(workings, table, column, without).entries
        inputs = () if column.startswith("month") or column == "plan" else (with_it,)
        bare = getattr(workings.month.to_date(code, year), column).pence
        of = {**_of_body(row), "line": "", "scheme": ""}
        return Rests((Part(f"to_date.{column}", of, bare),), inputs, under)
    if what == "underlying":
        return Rests((), (figure_id("underlying", code, year, basis),))
    if what in ("cash", "capital"):
        month = str(row["month"]) if column.startswith("month") else str(MONTHS)
        like = {**row, "month": month if what == "cash" else ""}
        return MAKERS[str(what)](workings, str(what), f"{basis}_pence", like)
    if what == "net_risk":
        return Rests(entries=_register(workings, code, year))
    lasting = what == "efficiencies_recurrent"
    return Rests(entries=_savings(workings, code, year, basis, lasting=lasting))


def _of_body(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("organisation", "year") if name in row}


def _of_month(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """A month of the record, or of the cost of a line."""
    code, year, month = str(row["organisation"]), str(row["year"]), int(row["month"] or 0)
    if table == "months":
        some, basis, line = months_to(month), BASIS.get(column, "actual"), ""
    else:
        some = frozenset({month}) if column == "pence" else months_to(month)
        basis, line = "actual", str(row.get("line") or "")
    tree = workings.month.tree
    bodies = (code, *tree.descendants(code, year))
    values = (workings.month.value(one, year, basis, some, line) for one in bodies)
    return Rests(entries=tuple(together(value.entries for value in values)))


def _of_bridge(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """A step between plan and forecast: both ends, and the line that moved."""
    ends = tuple(str(row[end]) for end in ("from", "to") if row.get(end))
    code, year, driver = str(row["organisation"]), str(row["year"]), str(row["driver"])
    if row.get("kind") != "driver" or driver not in workings.position.lines:
        return Rests((), ends)
    both = [_summed(workings, code, year, driver, one) for one in ("forecast", "plan_year")]
    of = {**_of_body(row), "line": driver, "scheme": ""}
    told = workings.month.to_date(code, year, driver)
    parts = tuple(
        Part(f"to_date.{one}", of, getattr(told, one).pence) for one in ("forecast", "plan_year")
    )
    return Rests(parts, ends, tuple(together(one.entries for one in both)))


# -- what bodies state beside the surplus ----------------------------------------------------------


def _inside(workings: Workings, row: Row) -> set[str]:
    code, year = str(row["organisation"]), str(row["year"])
    return {code, *workings.month.tree.descendants(code, year)}


def _of_cash(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """The balances of a month that a body, and those below it, state."""
    year, month, basis = str(row["year"]), str(row["month"]), BASIS[column]
    amounts = workings.month.totals.amounts
    found = [
        one.entry
        for code in sorted(_inside(workings, row))
        for rows in amounts.line(code, year, basis, "", "cash")
        for one in rows
        if (one.month or "").removeprefix("M") == month
    ]
    return Rests(entries=tuple(found))


def _of_facts(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """Facts that a body, and those below it, state of capital, bills or people."""
    year, month = str(row["year"]), str(row.get("month") or "")
    if table == "capital":
        facts: set[str] = {CAPITAL[1] if column == "limit_pence" else CAPITAL[0]}
        month = ""
    elif table == "suppliers":
        facts = {PROMPT[0] if column == "number_share" else PROMPT[1]}
    else:
        facts = {fact for fact, line in PEOPLE.items() if line == row.get("line")}
    basis = "" if column == "limit_pence" else BASIS.get(column, "actual")
    found = [
        one.entry
        for code in sorted(_inside(workings, row))
        for fact in facts
        for one in workings.position.facts(code, year, fact)
        if not basis or (one.basis or basis) == basis
        if not month or (one.month or "") == month
    ]
    return Rests(entries=tuple(found))


def _register(workings: Workings, code: str, year: str) -> tuple[int, ...]:
    inside = {code, *workings.month.tree.descendants(code, year)}
    return tuple(one.entry for one in workings.position.book.risks if one.organisation in inside)


def _of_register(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """The risks and mitigations of a body and those below it."""
    return Rests(entries=_register(workings, str(row["organisation"]), str(row["year"])))


# -- savings ---------------------------------------------------------------------------------------


def _savings(
    workings: Workings,
    code: str,
    year: str,
    basis: str,
    taken: Callable[[Record], bool] = lambda row: True,
    *,
    lasting: bool = False,
) -> tuple[int, ...]:
    """The rows of a basis of the schemes of a body's plan, and of those below it."""
    ground = Ground(workings.savings, year)
    amounts = workings.month.totals.amounts
    schemes = [row for row in ground.under(code) if in_plan(row) and taken(row)]
    return tuple(
        one.entry
        for scheme in schemes
        if not lasting or scheme.recurrence == "recurrent"
        for one in amounts.of_scheme.get(scheme.id, ())
        if one.year == year and one.basis == basis and not one.scenario
    )


def _of_pair(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """What two bodies state of their trade with each other: the rows of both sides."""
    names = ("payer", "payee", "basis", "scenario")
    wanted = tuple(str(row.get(one) or "") for one in names)
    found = pairs(workings.month.totals, str(row["year"]))
    own = [one for one in found if tuple(getattr(one, name) for name in names) == wanted]
    return Rests(entries=entries_of(some for one in own for some in one.rows))


def _of_least_cash(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """Cash of the month in which it is least: its balances."""
    return _of_cash(workings, "cash", f"{row['basis']}_pence", row)


def _of_savings(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """Savings of schemes by kind."""
    if column in DIFFERENCES:
        return _difference(workings, table, column, row)
    code, year = str(row["organisation"]), str(row["year"])

    def taken(scheme: Any) -> bool:
        category = " ".join((scheme.category or "not stated").split())
        group = category.partition(":")[0].strip()
        return row["group"] in ("", group) and row["category"] in ("", category)

    return Rests(entries=_savings(workings, code, year, BASIS.get(column, "plan"), taken))


def _of_scheme(workings: Workings, table: str, column: str, row: Row) -> Rests:
    """What a scheme that waits is to save: its own rows, and its row in the register of schemes."""
    own = (one.entry for one in workings.position.book.schemes if one.id == row["scheme"])
    rows = workings.month.totals.amounts.of_scheme.get(str(row["scheme"]), ())
    planned = (one.entry for one in rows if one.basis == "plan" and one.year == row["year"])
    return Rests(entries=(*own, *planned) if column == "plan_pence" else tuple(own))


def _rows(workings: Workings, table: str, row: Row) -> tuple[int, ...]:
    """The rows of the data that a row of an answer is, by its key."""
    if table not in IN_BOOK:
        return ()
    name, columns = IN_BOOK[table]
    known = tables()[name].columns
    wanted = {mine: str(row[its]) for mine, its in columns.items() if row.get(its)}
    if len(wanted) < len(columns) or not set(wanted) <= set(known):
        return ()
    return tuple(_matching(workings.position.rows(name), wanted))


def _matching(rows: Iterable[Record], wanted: Mapping[str, str]) -> Iterable[int]:
    for row in rows:
        if all(str(row.cell(column) or "") == text for column, text in wanted.items()):
            yield row.entry


MAKERS: Final[Mapping[str, Callable[[Workings, str, str, Row], Rests]]] = {
    "to_date": _of_position,
    "performance": _of_position,
    "months": _of_month,
    "control_chart": _of_month,
    "bridge": _of_bridge,
    "cash": _of_cash,
    "capital": _of_facts,
    "suppliers": _of_facts,
    "workforce": _of_facts,
    "net_risk": _of_register,
    "savings_by_category": _of_savings,
    "savings_by_maturity": of_maturity,
    "awaited": _of_scheme,
    "awaited_by": of_waiting,
    "refused": of_refused,
    "harm": of_harm,
    "eliminations": _of_pair,
    "cash_below_nil": _of_least_cash,
}
"""By table of an answer: how it is found what its numbers rest on."""
