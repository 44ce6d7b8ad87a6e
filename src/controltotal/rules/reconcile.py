"""A rule's value against the value that a source states, and the denominators that explain it.

A published control total is often said to be one per cent of an allocation, and is not quite. The
difference is shown with every other stated allocation under which the rule would give the stated
figure to the digits in which it was stated. A body may speak of another sum than its allocation,
such as the money that it has to purchase local services: that is held beside it and never for it.
The rule is cumulative and a control total is of the
year, so that the two are compared only where nothing was brought forward: a body that carries its
one per cent already may plan a year of nil. Source: commissioner business rules, domain guide 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from controltotal.book.amount_table import chosen
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
BUDGET = "purchasing_budget"
"""The fact that holds what a commissioner says it has to purchase local services."""


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
        base = _denominator(position, row, share, totals.allocation(row.organisation, row.year))
        if base is None or base.value.pence is None:
            continue
        expected = _share_of(base.value.pence, share)
        if expected != row.amount:
            yield _difference(position, row, share, base, expected)


@dataclass(frozen=True, slots=True)
class _Base:
    """A sum of which a control total may be a share, and what it is called."""

    value: Value
    called: str


def _denominator(
    position: Position, row: ControlTotal, share: Parameter, allocation: Value
) -> _Base | None:
    """The sum to hold the control total against: what the body speaks of, where that does not fit.

    Where a body names the money that it has to purchase local services and the share of it is not
    the control total, that is what a reader will try first; else its allocation.
    """
    said = [
        fact
        for fact in position.facts(row.organisation, row.year, BUDGET)
        if isinstance(fact.value, int) and not fact.scenario
    ]
    if said and not _rounds_to(_share_of(int(said[0].value), share), row):
        fact = said[0]
        value = Value(int(fact.value), "as stated", (), (fact.entry,), rows=(fact,))
        hedge = f" ({fact.qualifier})" if fact.qualifier else ""
        called = f"the {{}}{hedge} that it says it has to purchase local services"
        return _Base(value, called)
    if allocation.pence is None:
        return None
    return _Base(allocation, "its allocation of {}")


def _share_of(pence: int, share: Parameter) -> int:
    return int((pence * share.number).to_integral_value(ROUND_HALF_UP))


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
    position: Position, row: ControlTotal, share: Parameter, base: _Base, expected: int
) -> Finding:
    allocation = base.value.pence or 0
    percent = f"{share.number * 100:f}".rstrip("0").rstrip(".") + "%"
    base_shown, expected_shown, stated_shown, apart = _apart(
        allocation, expected, row.amount, expected - row.amount
    )
    explaining = [
        (other.amount, other)
        for other in chosen(position.book.amounts, line=lambda line: line == "allocation")
        if (other.organisation, other.year) == (row.organisation, row.year)
        and other.amount != allocation
        and _rounds_to(int(other.amount * share.number), row)
    ]
    hint = "; ".join(
        f"{percent} of {_millions(pence)} ({other.scenario or 'its allocation'}) is "
        f"{_millions(int(pence * share.number), 2)}, which rounds to what is stated"
        for pence, other in explaining
    )
    where = [
        row.where,
        *(r.where for r in base.value.rows),
        *(other.where for _, other in explaining),
    ]
    mark = "" if share.verified else " (parameter not verified)"
    return Finding(
        code="RECONCILE_DIFF",
        severity="warning",
        organisation=row.organisation,
        where="; ".join(where),
        message=f"{position.tree.name(row.organisation, row.year)}, {year_label(row.year)}: {percent} of "
        f"{base.called.format(base_shown)} is {expected_shown}, and the control total "
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
