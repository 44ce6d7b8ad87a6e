"""What is missing: the gap to the control total, what is still to find, underlying, and cash.

gap = control total less surplus without support (with it only where the control total says so);
to_find = gap plus unidentified savings; underlying = surplus less income that does not repeat,
less savings that do not repeat, plus costs that do not repeat, plus the full-year effect of
recurrent schemes still to come.
"""

from __future__ import annotations

from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount
from controltotal.core.calendar import months_of
from controltotal.programme.phasing import in_plan, in_year_effect
from controltotal.workings.totals import Totals, Value, figure_id, unknown

IN_DOUBT = "cannot be told: it would have used"
SUPPORT_UNDECIDED = "cannot be told: the control total does not say whether support counts"


def support_counts(totals: Totals, code: str, year: str, scenario: str) -> bool | None:
    """Whether support counts towards the control total in force; None where nobody says."""
    live, _ = totals.live_control_total(code, year, scenario)
    if live is not None:
        stated = live.includes_support
        return None if stated is None else bool(stated)
    kids = totals.children(code, year)
    said = {support_counts(totals, kid, year, scenario) for kid in kids}
    return said.pop() if len(said) == 1 else None


def gap(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """Control total less surplus; stated bounds where the control total is not known."""
    against = totals.control_scenario(code, year, scenario)
    target = totals.control_total(code, year, against)
    surplus = totals.surplus(code, year, basis, scenario)
    support = totals.support(code, year, basis, scenario)
    counts = support_counts(totals, code, year, against)
    measure = "surplus_with_support" if counts else "surplus"
    counted = totals.with_support(code, year, basis, scenario) if counts else surplus
    ids = (
        figure_id("control_total", code, year, basis, scenario),
        figure_id(measure, code, year, basis, scenario),
    )
    if target.pence is None or counted.pence is None:
        reason = (
            target.rule if not target.known else f"the {measure.replace('_', ' ')} is not known"
        )
        return _stated_gap(totals, code, year, basis, scenario) or unknown(
            f"cannot be told: {reason}", inputs=ids
        )
    if basis == "actual" and counted.months and counted.months != months_needed(year):
        return unknown("cannot be told: the year to date is not a year", inputs=ids)
    if counts is None and (not support.known or support.pence != 0):
        below = _gaps_below(totals, code, year, basis, scenario, against)
        return below or unknown(SUPPORT_UNDECIDED, inputs=ids, entries=support.entries)
    rule = "control total less surplus" + (" with support" if counts else " without support")
    return Value(target.pence - counted.pence, rule, ids)


def _gaps_below(
    totals: Totals, code: str, year: str, basis: str, scenario: str, against: str
) -> Value | None:
    """The gaps of the bodies below added up, where the control total is only their sum.

    Support counts for one of them and not for another, so that neither surplus of the parent is
    the one to measure; the sum of their gaps is. None where the parent's own total is in force,
    where it has support of its own, or where a gap below cannot be told.
    """
    live, _ = totals.live_control_total(code, year, against)
    own = totals.own_support(code, year, basis, scenario)
    parts = {kid: gap(totals, kid, year, basis, scenario) for kid in totals.children(code, year)}
    if live is not None or own.pence != 0 or not parts:
        return None
    if any(part.pence is None for part in parts.values()):
        return None
    inputs = tuple(figure_id("gap", kid, year, basis, scenario) for kid in parts)
    total = sum(part.pence or 0 for part in parts.values())
    return Value(total, "sum of the gaps below, in which support counts as each says", inputs)


def _stated_gap(totals: Totals, code: str, year: str, basis: str, scenario: str) -> Value | None:
    """A gap that a source states, or bounds, where it cannot be worked out."""
    for row in totals.position.facts(code, year, "gap"):
        if (row.scenario or "") != scenario or (row.basis or basis) != basis:
            continue
        if row.qualifier == "over":
            return Value(
                None,
                "known only to be above what the source states",
                (),
                (row.entry,),
                "bounded",
                low=int(row.value),
            )
        if row.qualifier in ("nearly", "up_to"):
            return Value(
                None,
                "known only to be below what the source states",
                (),
                (row.entry,),
                "bounded",
                high=int(row.value),
            )
        return Value(int(row.value), "as the source states it", (), (row.entry,))
    return None


def unidentified(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """Savings without a scheme, positive: as stated, else of the bodies below that state any."""
    own = totals.line_total(code, year, basis, scenario, "savings_unidentified")
    if own.known or own.rule.startswith("cannot be told"):
        return own
    parts = {
        kid: unidentified(totals, kid, year, basis, scenario) for kid in totals.children(code, year)
    }
    known = {kid: part for kid, part in parts.items() if part.known}
    doubtful = [part for part in parts.values() if part.rule.startswith("cannot be told")]
    if doubtful:
        return doubtful[0]
    if not known:
        return unknown("no unidentified savings are stated")
    inputs = tuple(figure_id("savings_unidentified", k, year, basis, scenario) for k in known)
    total = sum(part.pence or 0 for part in known.values())
    return Value(total, "sum of the unidentified savings below", inputs)


def underlying(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """The surplus without what does not repeat, with full-year effects; needs recurrence."""
    kids = totals.children(code, year)
    if kids:
        parts = [underlying(totals, kid, year, basis, scenario) for kid in kids]
        if any(not part.known for part in parts):
            return unknown("cannot be told: recurrence is not known for every body below")
        inputs = tuple(figure_id("underlying", kid, year, basis, scenario) for kid in kids)
        return Value(
            sum(p.pence or 0 for p in parts), "sum of the underlying positions below", inputs
        )
    surplus = totals.surplus(code, year, basis, scenario)
    if not surplus.known or surplus.pence is None:
        return unknown("cannot be told: the surplus is not known")
    if basis == "actual" and surplus.months != months_needed(year):
        return unknown("cannot be told: the year to date is not a year")
    once = _once_only(totals, code, year, basis, scenario)
    if once is None:
        return unknown("cannot be told: recurrence is not stated")
    pence, entries = once
    savings, more = _scheme_adjustment(totals, code, year, basis)
    return Value(
        surplus.pence - pence + savings,
        "surplus less one-off income, plus one-off costs, less one-off savings, "
        "plus full-year effects still to come",
        (figure_id("surplus", code, year, basis, scenario),),
        (*entries, *more),
    )


def _once_only(
    totals: Totals, code: str, year: str, basis: str, scenario: str
) -> tuple[int, tuple[int, ...]] | None:
    """The net of rows that do not repeat; None where recurrence is not stated."""
    lines = totals.position.lines
    found = totals.amounts.series(code, year, basis, scenario)
    parts = {key: rows for key, rows in found.items() if lines[key[0]].added}
    stated_whole = any(key[0] in ("position", "position_with_support") for key in found)
    split = {key: rows for key, rows in found.items() if key[0] == "position" and key[1]}
    if split and not any(key[0] == "position" and not key[1] for key in found):
        parts = split
    recurrences = [key[1] for key in parts]
    if not any(recurrences) or (not stated_whole and not all(recurrences)):
        return None
    once = [rows for key, rows in parts.items() if key[1] == "non_recurrent"]
    signs = {key[0]: lines[key[0]].sign for key in parts}
    if basis == "actual":  # one-off items come in some months only; the surplus has its months
        filled = [(rows[0].line, fill(rows, months_needed(year))) for rows in once]
        entries = tuple(row.entry for _, part in filled for row in part.rows)
        return sum(signs[line] * part.pence for line, part in filled), entries
    value = totals._sum(once, year, basis, signs, "items that do not repeat")
    return (value.pence, value.entries) if value.pence is not None else None


def _scheme_adjustment(totals: Totals, code: str, year: str, basis: str) -> tuple[int, list[int]]:
    """Less one-off savings in the year, plus the full-year effect still to come of recurrent ones."""
    pence, entries = 0, []
    for scheme in totals.position.book.schemes:
        if scheme.organisation != code or not in_plan(scheme):
            continue
        if scheme.maturity == "unidentified":
            continue
        effect = in_year_effect(scheme, year, basis, totals.amounts)
        if not effect:
            continue
        once = scheme.recurrence == "non_recurrent"
        pence += -effect if once else scheme.full_year_effect - effect
        entries.append(scheme.entry)
    return pence, entries


def cash(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """Cash at the end of the period: the last month for actuals, March otherwise."""
    doubt = totals.amounts.in_doubt("amounts", code, year, basis, scenario, ("cash",))
    if doubt:
        return unknown(f"{IN_DOUBT} {', '.join(doubt)}")
    kids = totals.children(code, year)
    stated = totals.amounts.line(code, year, basis, scenario, "cash")
    parts = [cash(totals, kid, year, basis, scenario) for kid in kids]
    if kids and not (stated and any(not part.known for part in parts)):
        if any(not part.known for part in parts):
            return unknown("cannot be told: not every body below reports cash")
        if len({part.months for part in parts}) > 1:
            return unknown("cannot be told: the bodies below do not all report to the same month")
        inputs = tuple(figure_id("cash", kid, year, basis, scenario) for kid in kids)
        total = sum(p.pence or 0 for p in parts)
        return Value(total, "sum of the cash below", inputs, months=parts[0].months)
    balances = cash_by_month(totals, code, year, basis, scenario)
    last = max(months_needed(year))
    if basis == "actual" and balances:
        last = max(balances)
    if last not in balances:
        return unknown("no closing cash is stated")
    row = balances[last]
    reached = frozenset(month for month in months_needed(year) if month <= last)
    return Value(
        row.amount, "closing cash as stated", (), (row.entry,), months=reached, rows=(row,)
    )


def cash_by_month(
    totals: Totals, code: str, year: str, basis: str, scenario: str = ""
) -> dict[int, Amount]:
    """The cash balance at the end of each month that a body states."""
    found: dict[int, Amount] = {}
    for rows in totals.amounts.line(code, year, basis, scenario, "cash"):
        for row in rows:
            month = months_of(row.month or "")[-1]
            if month in months_needed(year) and (month not in found or row.month == str(month)):
                found[month] = row
    return found
