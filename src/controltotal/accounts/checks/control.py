"""Control totals that do not fit: two in force, late ones, and levels that do not add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from controltotal.accounts.checks.totals import details, money, places
from controltotal.book.record import Record
from controltotal.core.calendar import days_between, year_label, year_start
from controltotal.core.finding import Finding
from controltotal.workings.measured import support_counts
from controltotal.workings.totals import Totals

Key = tuple[str, str, str]


def _keys(totals: Totals) -> list[Key]:
    return sorted(totals._control_rows)


def two_in_force(totals: Totals) -> Iterator[Finding]:
    """Two accepted control totals of one date."""
    for code, year, scenario in _keys(totals):
        _, doubled = totals.live_control_total(code, year, scenario)
        if doubled:
            amounts = " and ".join(money(row.amount) for row in doubled)
            yield Finding(
                code="TWO_CONTROL_TOTALS",
                severity="error",
                organisation=code,
                where=places(doubled),
                message=f"{totals.tree.name(code)} has two control totals in force for "
                f"{year_label(year)}: {amounts}.",
                expected="one accepted control total, or a date that tells which is later",
                found=amounts,
                action="Withdraw one, or give each the date on which it was set.",
                detail=details(doubled),
            )


def late(totals: Totals) -> Iterator[Finding]:
    """A control total set after its year began, with the notice in days (negative: too late)."""
    for code, year, scenario in _keys(totals):
        rows = totals.control_rows(code, year, scenario)
        accepted = {row.amount for row in rows if row.status == "accepted"}
        for row in rows:
            if row.set_on is None or row.status not in ("accepted", "proposed"):
                continue
            if row.status == "proposed" and row.amount in accepted:
                continue  # one total, told as it was accepted
            notice_days = days_between(row.set_on, year_start(year))
            if notice_days < 0:
                latest = " at the latest" if row.set_on_at_latest else ""
                yield Finding(
                    code="CONTROL_TOTAL_LATE",
                    severity="warning",
                    organisation=code,
                    where=row.where,
                    message=f"The control total of {totals.tree.name(code)} for {year_label(year)} was set "
                    f"on {row.set_on}{latest}, {-notice_days} days after its year began "
                    f"(notice_days {notice_days}).",
                    expected=f"a date before {year_start(year)}",
                    found=str(row.set_on),
                    action="Record who decided and why; it bears on whether the total is fair.",
                    detail=row.detail,
                )


def levels(totals: Totals, years: Iterable[str]) -> Iterator[Finding]:
    """A parent's control total that differs from the sum of its children's."""
    for year in years:
        for code, organisation in totals.tree.organisations.items():
            live, _ = totals.live_control_total(code, year)
            kids = totals.children(code, year)
            parts = [totals.control_total(kid, year) for kid in kids]
            if live is None or not kids or any(not part.known for part in parts):
                continue
            if not organisation.complete:
                continue
            total = sum(part.pence or 0 for part in parts)
            if total == live.amount:
                continue
            rows: list[Record] = [live, *(row for part in parts for row in part.rows)]
            yield Finding(
                code="CONTROL_TOTALS_DIFFER",
                severity="warning",
                organisation=code,
                where=places(rows),
                message=f"{organisation.name}, {year_label(year)}: its control total differs from the sum "
                f"of those below by {money(live.amount - total)}.",
                expected=money(total),
                found=money(live.amount),
                action="Say who holds the difference, or change one of the totals.",
                detail=details([live]),
            )


def support_undecided(totals: Totals, years: Iterable[str]) -> Iterator[Finding]:
    """A control total that does not say whether support counts, where there is support."""
    for year in years:
        for code in totals.tree.organisations:
            live, _ = totals.live_control_total(code, year)
            if live is None or support_counts(totals, code, year, "") is not None:
                continue
            for basis in sorted({b for b, s in totals.reports(code, year) if not s}):
                support = totals.support(code, year, basis)
                if support.pence == 0:
                    continue
                rows = [
                    f"{e.table} row {e.row}"
                    for n in support.entries
                    if (e := totals.position.entries.get(n))
                ]
                yield Finding(
                    code="SUPPORT_UNDECIDED",
                    severity="warning",
                    organisation=code,
                    where="; ".join([live.where, *rows]),
                    message=f"{totals.tree.name(code)} has support in {year_label(year)} {basis}, and its "
                    "control total does not say whether support counts: the gap cannot be told.",
                    expected="includes_support yes or no",
                    found="empty",
                    action="Fill in includes_support on the control total.",
                    detail=live.detail,
                )
