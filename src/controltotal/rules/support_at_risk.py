"""Support that may yet be withheld: how much, on which position, and what would keep it.

In 2025/26 deficit support is paid a quarter at a time, each on the position before it: the fourth
quarter looks at month 9, the third at month 6, the second at month 3. In other years a transfer
hangs on its own condition, and what is asked is the year's end against the control total. Source:
domain guide 12; NHSE month 9 2025/26 para 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from controltotal.book.asking import bodies_asked, years_asked
from controltotal.book.records import Transfer
from controltotal.core.calendar import month_words, year_label
from controltotal.core.money import format_pounds, instalments
from controltotal.core.period import is_whole_year
from controltotal.core.result import Answer, Result
from controltotal.rules.case import Case
from controltotal.rules.deficit_support import (
    deficit_support,
    limit_of_the_year,
    on_plan,
    reviewed_month,
)
from controltotal.rules.form import Missing
from controltotal.rules.fund import QUARTERS
from controltotal.rules.reading import Reading
from controltotal.workings import gaps
from controltotal.workings.conditional import needs_plan
from controltotal.workings.month import months_to
from controltotal.workings.workings import Workings

BY_QUARTER = "2025-26"
KIND = "deficit_support"
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Review:
    """A quarter ahead and the review before it, in pence: `position` and `plan` are to `month`.

    >>> Review("Q4", 9, 9, -300, -100, 1_000).at_risk, Review("Q4", 9, 9, -300, -100, 1_000).short
    (1000, 200)
    """

    quarter: str
    looks_at: int
    month: int
    position: int | None
    plan: int | None
    sum_: int
    kept: bool | None = None

    @property
    def short(self) -> int | None:
        """What would keep it: how far the position is below its plan, nil where it is not."""
        if self.position is None or self.plan is None:
            return None
        return max(self.plan - self.position, 0)

    @property
    def at_risk(self) -> int | None:
        """What is withheld if the review finds what is known now; nil where it would be paid."""
        kept = (
            self.kept if self.kept is not None else None if self.short is None else not self.short
        )
        return None if kept is None else 0 if kept else self.sum_


def answer_support_at_risk(
    workings: Workings, year: str | None = None, organisation: str | None = None
) -> Result:
    """The table `support_at_risk` of every body whose support hangs on its position."""
    position = workings.position
    answer = Answer("position", position.ref, {})
    reading = Reading(workings)
    for one in filter(is_whole_year, years_asked(position, year)):
        for code in bodies_asked(position, one, organisation):
            for row in _rows(reading, workings, code, one):
                answer.table("support_at_risk", [row])
                text = _words(workings.tree.name(code), row)
                if text:
                    answer.words(text, topic="position", about=code, year=one)
    return answer.result()


def _rows(reading: Reading, workings: Workings, code: str, year: str) -> Iterator[Row]:
    given = [
        row
        for row in workings.position.book.transfers
        if (row.to, row.year, row.status) == (code, year, "agreed")
        and row.condition
        and row.mechanism != "position_improvement"
        and (row.kind == KIND or needs_plan(row))
    ]
    if year == BY_QUARTER:
        case = Case(reading, deficit_support, code, year)
        limit = _limit(case, [row for row in given if row.kind == KIND])
        if limit is not None:
            yield _by_quarter(case, workings, limit)
        given = [row for row in given if row.kind != KIND]
    for row in given:
        yield _by_year(workings, code, row)


def _limit(case: Case, given: list[Transfer]) -> int | None:
    """The limit as stated, else what such transfers come to; None where there is neither."""
    try:
        return limit_of_the_year(case)
    except Missing:
        return sum(row.amount for row in given) if given else None


def _by_quarter(case: Case, workings: Workings, limit: int) -> Row:
    code, year = case.code, case.year
    month = workings.month.reached(code, year) or 0
    sums = dict(zip(QUARTERS, instalments(limit, len(QUARTERS)), strict=True))
    ahead = [quarter for quarter in QUARTERS if reviewed_month(quarter) >= max(month, 1)]
    begun = [quarter for quarter in QUARTERS if quarter not in ahead]
    row = {
        "organisation": code,
        "year": year,
        "transfer": "",
        "limit_pence": limit,
        "paid_pence": _paid(case, begun, sums),
    }
    if not ahead:
        return row | _ahead(Review("", 0, month, None, None, 0, kept=True))
    looks_at, quarter = reviewed_month(ahead[0]), ahead[0]
    to = min(month, looks_at)
    actual, plan = (
        workings.month.value(code, year, basis, months_to(to)).pence if to else None
        for basis in ("actual", "plan")
    )
    return row | _ahead(
        Review(quarter, looks_at, to, actual, plan, sums[quarter], _said(case, quarter))
    )


def _said(case: Case, quarter: str) -> bool | None:
    """What the book says of the review itself; None where it says nothing yet."""
    told = {
        bool(row.value)
        for when in (quarter, str(reviewed_month(quarter)))
        if (row := case.row("on_plan", month=when)) is not None
    }
    return told.pop() if len(told) == 1 else None


def _paid(case: Case, quarters: list[str], sums: dict[str, int]) -> int | None:
    """What the quarters begun have paid; None where the review of one cannot be told."""
    paid = 0
    try:
        for quarter in quarters:
            again = case.row("support_regained", month=quarter)
            if on_plan(case, quarter) or (again is not None and again.value):
                paid += sums[quarter]
    except Missing:
        return None
    return paid


def _ahead(review: Review) -> Row:
    return {
        "quarter": review.quarter,
        "looks_at": f"M{review.looks_at}" if review.looks_at else "",
        "to": f"M{review.month}" if review.month else "",
        "position_pence": review.position,
        "plan_pence": review.plan,
        "at_risk_pence": review.at_risk,
        "improvement_pence": review.short,
        "condition": "",
    }


def _by_year(workings: Workings, code: str, row: Transfer) -> Row:
    """A transfer that hangs on the year's end: the forecast against the control total."""
    totals, year = workings.totals, row.year
    basis = "forecast" if totals.adjusted(code, year, "forecast").known else "plan"
    gap = gaps.gap(totals, code, year, basis).pence
    total = totals.control_total(code, year).pence
    short = None if gap is None else max(gap, 0)
    asks = needs_plan(row)
    return {
        "organisation": code,
        "year": year,
        "transfer": row.id,
        "limit_pence": row.amount,
        "paid_pence": None,
        "quarter": "",
        "looks_at": "",
        "to": "",
        "position_pence": None if gap is None or total is None else total - gap,
        "plan_pence": total,
        "at_risk_pence": None if short is None or not asks else row.amount if short else 0,
        "improvement_pence": short if asks else None,
        "condition": row.condition or "",
    }


def _words(name: str, row: Row) -> str:
    """What is at risk and what would keep it; empty where nothing is."""
    at_risk, short = row["at_risk_pence"], row["improvement_pence"]
    if not isinstance(at_risk, int) or not at_risk:
        return ""
    label = f"{name}, {year_label(str(row['year']))}"
    if not row["quarter"]:
        return (
            f"{label}: support of {format_pounds(at_risk)} hangs on its control total, of which "
            f"it is {format_pounds(_int(short))} short."
        )
    looks_at, to = int(str(row["looks_at"])[1:]), int(str(row["to"] or "M0")[1:])
    which = f"the position to {month_words(looks_at)}"
    text = f"{label}: {format_pounds(at_risk)} of support in {row['quarter']} hangs on {which}"
    if not isinstance(short, int) or not short:
        return f"{text}, which the review found off plan."
    since = "" if to == looks_at else f"; to {month_words(to)}"
    return f"{text}{since}, {format_pounds(short)} short of plan: so much better would keep it."


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
