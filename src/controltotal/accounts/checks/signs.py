"""Signs as typed: amounts are written positive, and the kind of the line says which way they count.

A cost copied from accounts in brackets would count as money gained. It may be meant (a credit),
so the money counts as written and a warning says how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from controltotal.accounts.checks.totals import details, money, places
from controltotal.book.amount_table import below_nil
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import Amount
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding
from controltotal.core.lines import ADJUSTING, NET_FINANCE, SAVINGS, packaged_lines
from controltotal.workings.totals import Totals

POSITIVE = {
    "transfers": "amount",
    "repayments": "amount",
    "risks": "gross",
    "schemes": "full_year_effect",
}
"""Tables whose money is written positive, with its column."""


def unexpected(totals: Totals) -> Iterator[Finding]:
    """Amounts below nil that count the other way: one finding for each group of rows.

    Where a stated position confirms what the lines add up to, the sign is meant and nothing is said.
    """
    position = totals.position
    groups: dict[tuple[str, str, str], list[Amount]] = {}
    for row in below_nil(position.book.amounts):
        if row.direction:
            continue  # a side of the ledger that is named is meant
        if _one_way(position, row) and not _confirmed(totals, row):
            groups.setdefault((row.organisation, row.line, row.year), []).append(row)
    for (code, line_name, year), rows in sorted(groups.items()):
        what = WHAT[position.lines[line_name].kind]
        yield _finding(code, rows, f"{line_name} of {year_label(year)}", "amount", what)
    for table, column in POSITIVE.items():
        for record in position.rows(table):
            if record.cell(column) < 0:
                yield _finding(
                    record.body, [record], f"{column} of {table}", column, "its meaning turns round"
                )


WHAT = {
    "cost": "a cost below nil adds to the surplus",
    "income": "income below nil takes from the surplus",
    "position": "a saving below nil is a loss",
}
"""What a sum below nil does, by the kind of its line."""


def _one_way(position: Position, row: Amount) -> bool:
    """Whether an amount is written positive, whatever it does to the surplus."""
    line = position.lines[row.line]
    saving = bool(row.scheme) or row.line == "savings_unidentified"
    if line.group in (NET_FINANCE, ADJUSTING) or (line.group, line.kind) == (SAVINGS, "cost"):
        # they take from what other lines hold
        return False
    return saving or (line.kind in ("cost", "income") and not line.outside)


def _confirmed(totals: Totals, row: Amount) -> bool:
    """Whether a stated position of the body, or of one above it, is what its lines make."""
    if row.scheme or not totals.position.lines[row.line].added:
        return False
    year, basis, scenario = row.year, row.basis, row.scenario or ""
    stated = totals.stated(row.organisation, year, basis, scenario, "position")
    made = totals.from_lines(row.organisation, year, basis, scenario, inside=True)
    if stated is not None:
        return made.known and totals.agrees(stated, made)
    told = {
        above: totals.own_adjusted(above, year, basis, scenario)
        for above in totals.tree.ancestors(row.organisation, year)
        if totals.children(above, year)
    }
    above = next((code for code, value in told.items() if value.known), None)
    return above is not None and totals.agrees(
        told[above],
        totals.adjusted(above, year, basis, scenario),
        totals.rows_below(above, year, basis, scenario),
    )


def _finding(code: str, rows: Sequence[Record], name: str, column: str, what: str) -> Finding:
    total = sum(row.cell(column) for row in rows)
    return Finding(
        code="SIGN_UNEXPECTED",
        severity="warning",
        organisation=code,
        where=places(rows),
        message=f"{name} is written as {money(total)}: {what}.",
        expected="a positive sum; the kind of the row gives the sign",
        found=money(total),
        action="Write it without brackets or minus, unless a credit is meant.",
        detail=details(rows),
    )


def lines_changed(position: Position) -> Iterator[Finding]:
    """A line of the book that bears the name of a packaged line and another kind."""
    for row in position.book.lines:
        known = packaged_lines().get(row.line)
        if known is not None and known.kind != row.kind:
            yield Finding(
                code="LINE_CHANGED",
                severity="error",
                organisation="",
                where=row.where,
                message=f"{row.line} is a packaged line of kind {known.kind}; the book calls it "
                f"{row.kind}, and that was not followed.",
                expected=known.kind,
                found=str(row.kind),
                action="Give the book's own line another name.",
                detail=row.detail,
            )
