"""What is missing: the gap to the control total, what is still to find, underlying, and cash.

gap = control total less surplus without support (with it only where the control total says so);
to_find = gap plus unidentified savings; underlying = surplus less income that does not repeat,
less savings that do not repeat, plus costs that do not repeat, plus the full-year effect of
recurrent schemes still to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount
from controltotal.core.calendar import months_of
from controltotal.core.kept import kept
from controltotal.programme.phasing import in_plan, in_year_effect
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.value import Value, bounded, less, total, unknown, untold

UNIDENTIFIED = "savings_unidentified"
SUM_BELOW = "sum of the unidentified savings below"
LINES_ADDED_UP = (UNIDENTIFIED, "cash")
"""Lines of which a parent's figure is made of those below, as a surplus is."""


def support_counts(totals: Totals, code: str, year: str, scenario: str) -> bool | None:
    """Whether support counts towards the control total in force; None where nobody says."""
    live, _ = totals.live_control_total(code, year, scenario)
    if live is not None:
        stated = live.includes_support
        return None if stated is None else bool(stated)
    said = _said_below(totals, code, year, scenario)
    return said.pop() if len(said) == 1 else None


def _said_below(totals: Totals, code: str, year: str, scenario: str) -> set[bool | None]:
    """What the bodies below say of support, where the control total is only their sum."""
    live, _ = totals.live_control_total(code, year, scenario)
    kids = () if live is not None else totals.children(code, year)
    return {support_counts(totals, kid, year, scenario) for kid in kids}


@kept
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
    if not target.known or not counted.reported:
        stated = _stated_gap(totals, code, year, basis, scenario)
        if stated is not None:
            return stated
        if not target.known:
            return untold(target, inputs=ids)
        return untold(counted, f"the {measure.replace('_', ' ')} is not known", inputs=ids)
    if basis == "actual" and counted.months and counted.months != months_needed(year):
        return unknown("part_year", "the year to date is not a year", inputs=ids)
    if counts is None and _support_matters(totals, code, year, against, support):
        below = _gaps_below(totals, code, year, basis, scenario, against)
        words = "the control total does not say whether support counts"
        return below or unknown("undecided", words, inputs=ids, entries=support.entries)
    rule = "control total less surplus" + (" with support" if counts else " without support")
    return less(target, counted, rule, inputs=ids)


def _support_matters(totals: Totals, code: str, year: str, against: str, support: Value) -> bool:
    """Whether a gap depends on what nobody says: whether support counts.

    What one body gave another is nil above both, and counts for one of them all the same.
    """
    differ = len(_said_below(totals, code, year, against)) > 1
    return differ or not support.known or support.pence != 0


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
    if any(not part.reported for part in parts.values()):
        return None
    inputs = tuple(figure_id("gap", kid, year, basis, scenario) for kid in parts)
    rule = "sum of the gaps below, in which support counts as each says"
    return total(list(parts.values()), rule, inputs=inputs)


def _stated_gap(totals: Totals, code: str, year: str, basis: str, scenario: str) -> Value | None:
    """A gap that a source states, or bounds, where it cannot be worked out."""
    for row in totals.position.facts(code, year, "gap"):
        if (row.scenario or "") != scenario or (row.basis or basis) != basis:
            continue
        pence = int(row.value)
        stated = Value(
            pence,
            "as the source states it",
            entries=(row.entry,),
            qualifier=row.qualifier or "",
        )
        if row.qualifier == "over":
            rule = "known only to be above what the source states"
            return bounded(replace(stated, rule=rule), (pence, None))
        if row.qualifier in ("nearly", "up_to"):
            rule = "known only to be below what the source states"
            return bounded(replace(stated, rule=rule), (None, pence))
        return stated
    return None


def _is_grouping(totals: Totals, code: str) -> bool:
    """Whether a body has no money of its own but that of the bodies below it."""
    organisation = totals.tree.organisations.get(code)
    return organisation is not None and organisation.is_grouping


def _of_those_below(
    totals: Totals, code: str, own: Value, parts: Mapping[str, Value], inputs: tuple[str, ...]
) -> Value | None:
    """What the bodies below make of a line of their parent, by the law of the surplus.

    Those that all report make the parent, with its own money where it has some; where some are
    missing a stated total stands (None). Otherwise None.
    """
    organisation = totals.tree.organisations.get(code)
    if organisation is None or not organisation.complete:
        return None
    if not parts or any(not part.known for part in parts.values()):
        return None
    values = list(parts.values())
    if own.known and not organisation.is_grouping:
        values.append(own)
    entries = own.entries if own in values else ()
    months = frozenset.intersection(*(value.months for value in values))
    return total(values, "", inputs=inputs, entries=entries, months=months)


@kept
def unidentified(
    totals: Totals,
    code: str,
    year: str,
    basis: str,
    scenario: str = "",
    months: frozenset[int] | None = None,
) -> Value:
    """Savings without a scheme, positive: of the bodies below that all state them, else as stated.

    Where some of those below state none and no total is stated, it is the sum of those that do.
    """
    own = totals.line_total(code, year, basis, scenario, UNIDENTIFIED, months)
    parts = totals.parts(
        code, year, lambda kid, some: unidentified(totals, kid, year, basis, scenario, some), months
    )
    grouping = _is_grouping(totals, code)
    inputs = tuple(figure_id(UNIDENTIFIED, kid, year, basis, scenario) for kid in parts)
    own_in_doubt = not own.known and not own.silent
    if own_in_doubt and not grouping:
        return own
    made = _of_those_below(totals, code, own, parts, inputs)
    if made is not None:
        return replace(made, rule=SUM_BELOW)
    if own_in_doubt or (own.known and (grouping or not parts)):
        return own
    return _as_far_as_stated(own, dict(zip(inputs, parts.values(), strict=True)))


def _as_far_as_stated(own: Value, parts: Mapping[str, Value]) -> Value:
    """A body's own unidentified savings, and those below that are stated, by figure.

    One below that cannot be told leaves the sum untold; one that says nothing is left out.
    """
    doubtful = [part for part in parts.values() if not part.known and not part.silent]
    if doubtful:
        return doubtful[0]
    known = {name: part for name, part in parts.items() if part.known}
    if own.known:
        return total([own, *known.values()], SUM_BELOW, entries=own.entries) if known else own
    if not known:
        return unknown("not_stated", "no unidentified savings are stated", bare=True)
    return total(list(known.values()), SUM_BELOW, inputs=tuple(known))


@kept
def underlying(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """The surplus without what does not repeat, with full-year effects; needs recurrence."""
    kids = totals.children(code, year)
    if totals.moved(code, year):
        surplus = totals.surplus(code, year, basis, scenario)
        words = "a body below belonged here for a part of the year"
        return unknown("moved_in_year", words) if surplus.reported else untold(surplus)
    if kids:
        parts = [underlying(totals, kid, year, basis, scenario) for kid in kids]
        if any(not part.reported for part in parts):
            return unknown("incomplete", "recurrence is not known for every body below")
        inputs = tuple(figure_id("underlying", kid, year, basis, scenario) for kid in kids)
        return total(parts, "sum of the underlying positions below", inputs=inputs)
    surplus = totals.surplus(code, year, basis, scenario)
    if not surplus.reported:
        return untold(surplus, "the surplus is not known")
    if basis == "actual" and surplus.months != months_needed(year):
        return unknown("part_year", "the year to date is not a year")
    once = _once_only(totals, code, year, basis, scenario)
    if once is None:
        return unknown("not_stated", "recurrence is not stated")
    pence, entries = once
    savings, more = _scheme_adjustment(totals, code, year, basis)
    return total(
        [surplus, Value(savings - pence, "")],
        "surplus less one-off income, plus one-off costs, less one-off savings, "
        "plus full-year effects still to come",
        inputs=(figure_id("surplus", code, year, basis, scenario),),
        entries=(*entries, *more),
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
    rule, needed = "items that do not repeat", months_needed(year)
    value = totals.sum_of(once, needed, basis, signs, rule, as_written=True)
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


@kept
def cash(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """Cash at the end of the period: the last month for actuals, March otherwise.

    Bodies below that all report make the parent; else a stated total stands.
    """
    own = _own_cash(totals, code, year, basis, scenario)
    kids = totals.children(code, year)
    parts = {kid: cash(totals, kid, year, basis, scenario) for kid in kids}
    grouping = _is_grouping(totals, code)
    if not parts or (not grouping and not own.known and not own.silent):
        return own
    inputs = tuple(figure_id("cash", kid, year, basis, scenario) for kid in kids)
    made = _of_those_below(totals, code, own, parts, inputs)
    if made is None:
        stopped = [part for part in parts.values() if part.kind == "stopped"]
        if grouping and (own.known or not own.silent):
            return own
        words = "not every body below reports cash"
        return untold(stopped[0], words) if stopped else unknown("incomplete", words)
    reached = {part.months for part in parts.values()}
    reached |= {own.months} if own.known and not grouping else set()
    if len(reached) > 1:
        return unknown("incomplete", "the bodies below do not all report to the same month")
    return replace(made, rule="sum of the cash below")


def _own_cash(totals: Totals, code: str, year: str, basis: str, scenario: str) -> Value:
    """The closing cash that a body's own rows state."""
    doubt = totals.amounts.in_doubt("amounts", code, year, basis, scenario, ("cash",))
    if doubt:
        return unknown("stopped", f"it would have used {', '.join(doubt)}")
    balances = cash_by_month(totals, code, year, basis, scenario)
    last = max(months_needed(year))
    if basis == "actual" and balances:
        last = max(balances)
    if last not in balances:
        return unknown("not_stated", "no closing cash is stated", bare=True)
    row = balances[last]
    reached = frozenset(month for month in months_needed(year) if month <= last)
    return Value(
        row.amount,
        "closing cash as stated",
        (),
        (row.entry,),
        months=reached,
        rows=(row,),
        qualifier=row.qualifier or "",
    )


def stated_and_made(
    totals: Totals, line: str, code: str, year: str, basis: str, scenario: str
) -> tuple[Value, Value] | None:
    """A grouping's stated total of a line and what those below make of it, where both are known."""
    if not _is_grouping(totals, code):
        return None
    if line == "cash":
        stated = _own_cash(totals, code, year, basis, scenario)
        made = cash(totals, code, year, basis, scenario)
    else:
        stated = totals.line_total(code, year, basis, scenario, line)
        made = unidentified(totals, code, year, basis, scenario)
    same_months = line != "cash" or stated.months == made.months
    summed = bool(made.inputs) and made.known
    return (stated, made) if stated.known and summed and same_months else None


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
