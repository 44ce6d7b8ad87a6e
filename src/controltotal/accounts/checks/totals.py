"""Do totals agree with their parts: parents with children, years with months, one side with another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from controltotal.accounts.eliminations import pairs
from controltotal.book.amounts import WHOLE
from controltotal.book.record import Record
from controltotal.book.telling import details as details
from controltotal.book.telling import money as money
from controltotal.book.telling import places as places
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding
from controltotal.core.period import is_whole_year
from controltotal.workings import gaps
from controltotal.workings.own import ENTIRE
from controltotal.workings.plain import is_plain
from controltotal.workings.totals import ADJUSTED, Totals
from controltotal.workings.value import Value

MONTHS: Final = 12


def children_incomplete(
    totals: Totals, years: Iterable[str], organisation: str | None = None
) -> list[Finding]:
    """A warning where a parent's children do not all report."""
    found = []
    tree = totals.tree
    for year in years:
        for code in tree.organisations:
            if (
                organisation
                and code != organisation
                and organisation not in tree.ancestors(code, year)
            ):
                continue
            for basis, scenario in sorted(totals.reports(code, year)):
                if not scenario and is_plain(totals, code, year, basis):
                    continue  # everybody below reports
                value = totals.surplus(code, year, basis, scenario)
                if not value.missing or (scenario and not value.known):
                    continue
                if not _tells(totals, code, year, basis, scenario):
                    continue
                silent = [r for r in totals.position.book.organisations if r.code in value.missing]
                found.append(_incomplete(totals, (code, year, basis), value, value.rows or silent))
    return found


def _incomplete(
    totals: Totals, figure: tuple[str, str, str], value: Value, rows: Sequence[Record]
) -> Finding:
    """What is told of a parent below which some report nothing, or not as many months as others."""
    code, year, basis = figure
    names = ", ".join(value.missing)
    told = {kid: _last_month(totals, kid, year) for kid in totals.children(code, year)}
    months = set(told.values())
    if basis == "actual" and not value.known and len(months) > 1 and 0 not in months:
        last, common = max(months), min(months)
        ahead = ", ".join(kid for kid, month in told.items() if month == last)
        message = f"only {ahead} told month {last}, so that no total of it can be told yet"
        expected, lacking = f"month {last} of every body below", f"not yet from {names}"
        action = f"Wait for the others; to month {common}, which all have told, ask with --month M{common}."
    else:
        stands = "the stated total stands" if value.known else "no total can be told"
        message = f"not every body below reports ({names}); {stands}"
        expected, lacking = "a surplus for every body below", f"nothing from {names}"
        action = (
            "Add their rows, or mark the parent complete: no; if one did not stand "
            "then, write its days in from and to of the table organisations."
        )
    return Finding(
        code="CHILDREN_INCOMPLETE",
        severity="warning",
        organisation=code,
        where=places(rows),
        message=f"{totals.tree.name(code)}, {year_label(year)} {basis}: {message}.",
        expected=expected,
        found=lacking,
        action=action,
        detail=details(rows),
    )


def _last_month(totals: Totals, code: str, year: str) -> int:
    """The month to which the actuals of a body are told without a gap; nought where to none."""
    months = totals.surplus(code, year, "actual").months
    last = max(months, default=0)
    return last if months == frozenset(range(1, last + 1)) else 0


def _tells(totals: Totals, code: str, year: str, basis: str, scenario: str) -> bool:
    """Whether children of a body that do not report are told here, and not further down alone.

    A stated total stands by itself above bodies of which nothing is said, where their list says that
    it is not whole. Where no total is stated, a child that lacks one of its own is told there, once,
    and not again at every level above it.
    """
    value, kids = totals.surplus(code, year, basis, scenario), totals.children(code, year)
    some = any(totals.surplus(kid, year, basis, scenario).known for kid in kids)
    if value.known:
        return some or totals.tree.organisations[code].complete
    if not some:
        return False
    lost = set(value.missing) & set(kids)
    return any(not _told_below(totals, kid, year, basis, scenario) for kid in lost)


def _told_below(totals: Totals, code: str, year: str, basis: str, scenario: str) -> bool:
    """Whether what a body lacks is told of it or of one below it."""
    missing = totals.surplus(code, year, basis, scenario).missing
    if not missing:
        return False
    lost = set(missing) & set(totals.children(code, year))
    return _tells(totals, code, year, basis, scenario) or any(
        _told_below(totals, kid, year, basis, scenario) for kid in lost
    )


def rounded_totals(totals: Totals, years: Iterable[str]) -> Iterator[Finding]:
    """A stated total that differs from the sum of its parts by no more than rounding."""
    for year in years:
        for code, organisation in totals.tree.organisations.items():
            if not organisation.is_grouping:
                continue
            for basis, scenario in sorted(totals.amounts.bases(code, year)):
                stated = totals.stated_beside(ADJUSTED, code, year, basis, scenario)
                if stated is None:
                    continue
                made = totals.adjusted(code, year, basis, scenario)
                own = totals.own_adjusted(code, year, basis, scenario)
                rows = [*own.rows, *totals.rows_below(code, year, basis, scenario)]
                yield Finding(
                    code="ROUNDED",
                    severity="information",
                    organisation=code,
                    where=places(rows),
                    message=f"{organisation.name}, {year_label(year)} {basis}: the bodies below add "
                    f"up to {money(made.pence)}, {money(stated)} as published; the difference is "
                    "within rounding.",
                    expected=money(made.pence),
                    found=money(stated),
                    action="Nothing: the sum is used, and the stated total is kept beside it.",
                    detail=details(own.rows),
                )


def stated_totals(totals: Totals, years: Iterable[str]) -> Iterator[Finding]:
    """A parent's stated total that differs from the sum of its children, in a month or the year."""
    for year in years:
        for code, organisation in totals.tree.organisations.items():
            if not organisation.is_grouping or not totals.children(code, year):
                continue
            for basis, scenario in sorted(totals.amounts.bases(code, year)):
                about = f"{organisation.name}, {year_label(year)} {basis}"
                by_month = list(_months_that_differ(totals, code, year, basis, scenario))
                for month, said, sum_of, own_rows in by_month:
                    yield _differs(code, f"{about}, month {month}", said, sum_of, own_rows)
                stated = totals.own_adjusted(code, year, basis, scenario)
                made = totals.adjusted(code, year, basis, scenario)
                if by_month or not stated.known or not made.known or made.missing:
                    continue
                below = [*totals.rows_below(code, year, basis, scenario)]
                if not totals.agrees(stated, made, below):
                    rows = [*stated.rows, *below]
                    yield _differs(code, about, stated.pence or 0, made.pence or 0, rows)


def _differs(code: str, about: str, stated: int, made: int, rows: Sequence[Record]) -> Finding:
    return Finding(
        code="STATED_TOTAL_DIFFERS",
        severity="error",
        organisation=code,
        where=places(rows),
        message=f"{about}: the stated total differs from the sum of the bodies below by "
        f"{money(made - stated)}.",
        expected=money(made),
        found=money(stated),
        action="Correct the stated total or the rows below; the sum is used meanwhile.",
        detail=details(rows[:1]),
    )


def _months_that_differ(
    totals: Totals, code: str, year: str, basis: str, scenario: str
) -> Iterator[tuple[int, int, int, list[Record]]]:
    """Months of a parent's stated total that are not what the bodies below state for them.

    Gives month, stated, made and the rows of both. A month that a body leaves out tells nothing.
    """
    if not is_whole_year(year) or totals.moved(code, year):
        return
    series = totals.amounts.line(code, year, basis, scenario, "position")
    rows = {
        int(row.month): row for one in series for row in one if row.month and row.month.isdigit()
    }
    if len(series) != 1:
        return
    for month, row in sorted(rows.items()):
        parts = [
            totals.adjusted(kid, year, basis, scenario, frozenset({month}))
            for kid in totals.children(code, year)
            if month in totals.tree.months_stood(kid, year)
        ]
        if not parts or any(not part.known or not part.rows for part in parts):
            continue
        made = sum(part.pence or 0 for part in parts)
        below = [row, *(one for part in parts for one in part.rows)]
        if not totals.position.precision.meets(row.amount, made, below):
            yield month, row.amount, made, below


def whole_totals(totals: Totals, years: Iterable[str]) -> Iterator[Finding]:
    """A parent's stated whole position that differs from the sum of the surpluses below."""
    for year in years:
        for code, organisation in totals.tree.organisations.items():
            if not organisation.is_grouping or not totals.children(code, year):
                continue
            for basis, scenario in sorted(totals.amounts.bases(code, year)):
                stated = totals.stated(code, year, basis, scenario, ENTIRE)
                made = totals.surplus(code, year, basis, scenario)
                if stated is None or not stated.known or not made.known or made.missing:
                    continue
                below = totals.rows_below(code, year, basis, scenario)
                if not totals.agrees(stated, made, below):
                    yield Finding(
                        code="STATED_TOTAL_DIFFERS",
                        severity="error",
                        organisation=code,
                        where=places(stated.rows),
                        message=f"{organisation.name}, {year_label(year)} {basis}: the whole position "
                        "stated, with what stands outside the control total, differs from the sum of "
                        f"the bodies below by {money((made.pence or 0) - (stated.pence or 0))}.",
                        expected=money(made.pence),
                        found=money(stated.pence),
                        action="Correct the stated total or the rows below; the sum is used meanwhile.",
                        detail=details(stated.rows),
                    )


def line_totals(totals: Totals, years: Iterable[str]) -> Iterator[Finding]:
    """A parent's stated unidentified savings or cash that differ from what those below make."""
    for year in years:
        for code in totals.tree.organisations:
            for basis, scenario in sorted(totals.amounts.bases(code, year)):
                for line in gaps.LINES_ADDED_UP:
                    both = gaps.stated_and_made(totals, line, code, year, basis, scenario)
                    if both is None or totals.agrees(*both):
                        continue
                    stated, made = both
                    name = totals.position.lines[line].name
                    yield Finding(
                        code="LINE_TOTAL_DIFFERS",
                        severity="warning",
                        organisation=code,
                        where=places(stated.rows),
                        message=f"{totals.tree.name(code)}, {year_label(year)} {basis}: {name} is "
                        f"stated as {money(stated.pence)}, and the bodies below make "
                        f"{money(made.pence)}.",
                        expected=money(made.pence),
                        found=money(stated.pence),
                        action="Correct the stated total or the rows below; the sum is used meanwhile.",
                        detail=details(stated.rows),
                    )


def moved_in_year(
    totals: Totals, years: Iterable[str], organisation: str | None = None
) -> list[Finding]:
    """A body that changed parent within a year and whose money is not given by month."""
    found: dict[Finding, None] = {}
    for year in years:
        for body, stays in totals.tree.moves(year).items():
            parents = [stay.parent for stay in stays if stay.parent]
            seen = {body, *parents, *(a for p in parents for a in totals.tree.ancestors(p, year))}
            if organisation and organisation not in seen:
                continue
            for basis, scenario in sorted(totals.reports(body, year)):
                lost = [
                    parent
                    for parent in parents
                    if totals.surplus(parent, year, basis, scenario).kind == "moved_in_year"
                ]
                whole = totals.surplus(body, year, basis, scenario)
                if not lost or not whole.reported:
                    continue
                names = " and ".join(totals.tree.name(parent) for parent in parents)
                rows = [r for r in totals.position.book.organisations if r.code == body]
                found[
                    Finding(
                        code="MOVED_IN_YEAR",
                        severity="warning",
                        organisation=body,
                        where=places([*rows, *whole.rows]),
                        message=f"{totals.tree.name(body)} belonged to {names} in {year_label(year)}, "
                        f"and its {basis} is not told by month: theirs cannot be told.",
                        expected="months that tell what belongs to whom",
                        found="one figure for the year",
                        action="Give the months of the year, or state it under one parent.",
                        detail=details(whole.rows),
                    )
                ] = None
    return list(found)


def position_against_lines(totals: Totals) -> Iterator[Finding]:
    """A stated position that differs from the lines given as its detail, where they are whole."""
    for code, year in sorted(totals.amounts.bodies()):
        for basis, scenario in sorted(totals.amounts.bases(code, year)):
            stated = totals.stated(code, year, basis, scenario, "position")
            if stated is None or not stated.known:
                continue
            lines = totals.from_lines(code, year, basis, scenario, inside=True)
            same_months = lines.known and lines.months == stated.months
            if same_months and not totals.agrees(stated, lines):
                yield Finding(
                    code="POSITION_DIFFERS_FROM_LINES",
                    severity="warning",
                    organisation=code,
                    where=places(stated.rows),
                    message=f"{year_label(year)} {basis}: the stated position differs from its lines by "
                    f"{money((stated.pence or 0) - (lines.pence or 0))}.",
                    expected=money(lines.pence),
                    found=money(stated.pence),
                    action="Complete the lines or correct the position; the stated position is used.",
                    detail=details(stated.rows),
                )


def support_not_recorded(totals: Totals) -> Iterator[Finding]:
    """A stated position that includes support which the book does not record."""
    for code, year in sorted(totals.amounts.bodies()):
        for basis, scenario in sorted(totals.amounts.bases(code, year)):
            stated = totals.stated(code, year, basis, scenario, "position_with_support")
            if stated is None or not stated.known:
                continue
            if totals.surplus(code, year, basis, scenario).known:
                continue
            yield Finding(
                code="SUPPORT_NOT_RECORDED",
                severity="warning",
                organisation=code,
                where=places(stated.rows),
                message=f"{totals.tree.name(code)}, {year_label(year)} {basis}: the stated position "
                "includes support, and the support is not recorded, so the surplus without it "
                "cannot be told.",
                expected="a support_income row or an agreed transfer",
                found="none",
                action="Add the support received, or a position row without it.",
                detail=details(stated.rows),
            )


def _tells_the_year(totals: Totals, code: str, year: str, basis: str, scenario: str) -> bool:
    """Whether every line of a body, none of which states a position, plainly tells all months."""
    even = totals.amounts.even(code, year, basis, scenario)
    return even is not None and even.last == MONTHS and {ENTIRE, *WHOLE}.isdisjoint(even.lines)


def months_incomplete(totals: Totals, years: Iterable[str]) -> Iterator[Finding]:
    """A plan or forecast given for fewer than twelve months: no year can be made of it."""
    for year in years:
        if not is_whole_year(year):
            continue  # told once, for the whole year
        for code in totals.tree.organisations:
            for basis, scenario in sorted(totals.amounts.bases(code, year)):
                if _tells_the_year(totals, code, year, basis, scenario):
                    continue
                value = totals.own_surplus(code, year, basis, scenario)
                if value.kind != "months_missing" or value.unknown is None:
                    continue
                yield Finding(
                    code="MONTHS_INCOMPLETE",
                    severity="warning",
                    organisation=code,
                    where=places(value.rows),
                    message=f"{year_label(year)} {basis}: {value.unknown.words}, "
                    "so the year cannot be told.",
                    expected="twelve months or one row for the year",
                    found=value.rule,
                    action="Add the missing months.",
                    detail=details(value.rows),
                )


def contract_mismatches(totals: Totals, years: Iterable[str]) -> Iterator[Finding]:
    """Two bodies that state different figures for the trade between them."""
    for year in years:
        for pair in pairs(totals, year):
            if pair.income is None or pair.cost is None or pair.income == pair.cost:
                continue
            tree = totals.tree
            yield Finding(
                code="CONTRACT_MISMATCH",
                severity="warning",
                organisation=pair.payee,
                where=places(pair.rows),
                message=f"{year_label(year)} {pair.basis}: {tree.name(pair.payee)} expects "
                f"{money(pair.income)} from {tree.name(pair.payer)}, which expects to pay "
                f"{money(pair.cost)}; the difference is {money(pair.income - pair.cost)}.",
                expected=money(pair.cost),
                found=money(pair.income),
                action="Agree the contract value; the difference is never netted away.",
                detail=details(pair.rows),
            )
