"""A rule's value against the value that a source states, and the denominators that explain it.

A published control total is often said to be one per cent of an allocation, and is not quite. The
difference is shown with every other stated allocation under which the rule would give the stated
figure to the digits in which it was stated. The rule is cumulative and a control total is of the
year, so that the two are compared only where nothing was brought forward: a body that carries its
one per cent already may plan a year of nil. Source: commissioner business rules, domain guide 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from controltotal.book.fold import Position
from controltotal.book.records import ControlTotal
from controltotal.core.calendar import next_year, year_label, year_start
from controltotal.core.finding import Finding
from controltotal.core.money import PENCE_PER, format_money, own_unit
from controltotal.core.parameters import Parameter, ParameterMissing
from controltotal.rules.reading import stopped_facts
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
        if live is not row or _brought_forward(position, row.organisation, row.year):
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


def _brought_forward(position: Position, code: str, year: str) -> bool:
    """Whether a balance was carried into the year, or a stopped row leaves that open."""
    earlier = next_year(year, -1)
    kept = {(code, year, "opening_balance"), (code, earlier, "cumulative_position")}
    if kept & stopped_facts(position):
        return True
    rows = position.facts(code, year, "opening_balance") or position.facts(
        code, earlier, "cumulative_position"
    )
    return any(row.value for row in rows)


def _difference(
    position: Position, row: ControlTotal, share: Parameter, value: Value, expected: int
) -> Finding:
    allocation, base = value.pence or 0, value.rows
    percent = f"{share.number * 100:f}".rstrip("0").rstrip(".") + "%"
    base_shown, expected_shown, stated_shown, apart = _apart(
        allocation, expected, row.amount, expected - row.amount
    )
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
        message=f"{position.tree.name(row.organisation, row.year)}, {year_label(row.year)}: {percent} of its "
        f"allocation of {base_shown} is {expected_shown}, and the control total "
        f"stated is {stated_shown}: a difference of {apart}{mark}. "
        + (
            f"A denominator that explains it: {hint}."
            if hint
            else "No stated allocation explains it."
        ),
        expected=expected_shown,
        found=stated_shown,
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


def _apart(*pence: int) -> tuple[str, ...]:
    """Sums in millions, with as many digits as keep different ones apart (eight are pence)."""
    for places in range(1, 9):
        shown = tuple(_millions(one, places) for one in pence)
        if len(set(shown)) == len(set(pence)):
            break
    return shown


def _millions(pence: int, places: int = 1) -> str:
    return f"£{format_money(pence, '£m', places)} million"
