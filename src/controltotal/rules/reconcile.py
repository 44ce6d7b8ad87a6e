"""A rule's value against the value that a source states, and the denominators that explain it.

A published control total is often said to be one per cent of an allocation, and is not quite. The
difference is shown with every other stated allocation under which the rule would give the stated
figure to the digits in which it was stated. Source: commissioner business rules, domain guide 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from controltotal.book.fold import Position
from controltotal.book.records import ControlTotal
from controltotal.core.calendar import year_label, year_start
from controltotal.core.finding import Finding
from controltotal.core.money import PENCE_PER, format_money, own_unit
from controltotal.core.parameters import Parameter, ParameterMissing
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings

RULE = "commissioner_surplus_share"


def reconcile(workings: Workings) -> Iterator[Finding]:
    """Findings where a commissioner's stated control total is not the rule's share of allocation."""
    position, totals = workings.position, workings.totals
    for row in position.book.control_totals:
        if row.status != "accepted" or position.tree.kind(row.organisation) != "commissioner":
            continue
        live, _ = totals.live_control_total(row.organisation, row.year, row.scenario or "")
        if live is not row:
            continue
        try:
            share = position.parameters.on(RULE, year_start(row.year))
        except ParameterMissing:
            continue
        allocation = totals.allocation(row.organisation, row.year)
        if allocation.pence is None:
            continue
        expected = int((allocation.pence * share.number).to_integral_value(ROUND_HALF_UP))
        if expected != row.amount:
            yield _difference(position, row, share, allocation, expected)


def _difference(
    position: Position, row: ControlTotal, share: Parameter, value: Value, expected: int
) -> Finding:
    allocation, base = value.pence or 0, value.rows
    percent = f"{share.number * 100:f}".rstrip("0").rstrip(".") + "%"
    explaining = [
        (other.amount, other)
        for other in position.book.amounts
        if (other.organisation, other.year, other.line)
        == (row.organisation, row.year, "allocation")
        and other.amount != allocation
        and _rounds_to(int(other.amount * share.number), row)
    ]
    hint = "; ".join(
        f"{percent} of {_millions(pence)} ({other.scenario or other.where}) is "
        f"{_millions(int(pence * share.number), 2)}, which is {_millions(row.amount)} as stated"
        for pence, other in explaining
    )
    where = [row.where, *(r.where for r in base), *(other.where for _, other in explaining)]
    mark = "" if share.verified else " (parameter not verified)"
    return Finding(
        code="RECONCILE_DIFF",
        severity="warning",
        organisation=row.organisation,
        where="; ".join(where),
        message=f"{position.tree.name(row.organisation)}, {year_label(row.year)}: {percent} of its "
        f"allocation of {_millions(allocation)} is {_millions(expected)}, and the control total "
        f"stated is {_millions(row.amount)}: a difference of "
        f"{_millions(expected - row.amount)}{mark}. "
        + (
            f"A denominator that explains it: {hint}."
            if hint
            else "No stated allocation explains it."
        ),
        expected=_millions(expected),
        found=_millions(row.amount),
        action="Ask which allocation the rule was applied to, and record it.",
        detail=row.detail,
    )


def _rounds_to(pence: int, stated: ControlTotal) -> bool:
    """Whether a value is the stated amount, rounded to the digits in which it was stated."""
    text = stated.texts.get("amount", "")
    per = PENCE_PER.get(own_unit(text) or stated.unit or "")
    if per is None:
        return bool(pence == stated.amount)
    places = sum(letter.isdigit() for letter in text.partition(".")[2])
    shown = (Decimal(pence) / per).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return bool(int(shown * per) == stated.amount)


def _millions(pence: int, places: int = 1) -> str:
    return f"£{format_money(pence, '£m', places)} million"
