"""What is missing: the gap to the control total, what is still to find, underlying, and cash.

gap = control total less the position as it measures it (`measured`); to_find = gap plus
unidentified savings; underlying = adjusted surplus less income that does not repeat, less savings
that do not repeat, plus costs that do not repeat, plus the full-year effect of recurrent schemes
still to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from controltotal.book.amounts import Label
from controltotal.book.cube import Even
from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount
from controltotal.core.calendar import months_of
from controltotal.core.kept import kept, kept_from_below
from controltotal.programme.phasing import in_plan, in_year_effect
from controltotal.workings.measured import MEASURED, measured
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.value import (
    Value,
    added_ends,
    bounded,
    less,
    negative,
    total,
    unknown,
    untold,
)

Once = tuple[int, Sequence[int]]
"""What does not repeat, in pence, and the entries that it rests on."""

UNIDENTIFIED = "savings_unidentified"
SUM_BELOW = "sum of the unidentified savings below"
LINES_ADDED_UP = (UNIDENTIFIED, "cash")
"""Lines of which a parent's figure is made of those below, as a surplus is."""


@kept
def gap(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """Control total less the position that it measures; stated bounds where it is not known."""
    against = totals.control_scenario(code, year, scenario)
    target = totals.control_total(code, year, against)
    position = measured(totals, code, year, basis, scenario)
    ids = (
        figure_id("control_total", code, year, basis, scenario),
        figure_id(MEASURED, code, year, basis, scenario),
    )
    undecided = (
        position.kind == "undecided" and totals.adjusted(code, year, basis, scenario).reported
    )
    if not target.known or not (position.reported or undecided):
        stated = _stated_gap(totals, code, year, basis, scenario)
        if stated is not None:
            return stated
        return untold(position if target.known else target, inputs=ids)
    if basis == "actual" and position.months and position.months != months_needed(year):
        return unknown("part_year", "the year to date is not a year", inputs=ids)
    if undecided:
        return untold(position, inputs=ids, entries=position.entries)
    return less(target, position, "control total less the position as it measures it", inputs=ids)


def gap_breakeven(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """Minus the adjusted surplus: what is missing to break-even, support left out."""
    adjusted = totals.adjusted(code, year, basis, scenario)
    ids = (figure_id(ADJUSTED, code, year, basis, scenario),)
    return negative(adjusted, "minus the adjusted surplus")._replace(inputs=ids, entries=())


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
            return bounded(stated._replace(rule=rule), (pence, None))
        if row.qualifier in ("nearly", "up_to"):
            most = "at most" if row.qualifier == "up_to" else "below"
            rule = f"known only to be {most} what the source states"
            return bounded(stated._replace(rule=rule), (None, pence))
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


@kept_from_below
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
        return made._replace(rule=SUM_BELOW)
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


def to_find(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """Gap plus unidentified savings; the gap alone where none are stated."""
    missing = gap(totals, code, year, basis, scenario)
    lacking = unidentified(totals, code, year, basis, scenario)
    if not lacking.known and not lacking.silent:
        return lacking
    ids = [figure_id("gap", code, year, basis, scenario)]
    parts = [missing]
    rule = "the gap; nothing unidentified is stated"
    if lacking.known:
        ids.append(figure_id(UNIDENTIFIED, code, year, basis, scenario))
        parts.append(lacking)
        rule = "gap plus unidentified savings"
    if not missing.reported:
        return missing._replace(inputs=tuple(ids), entries=())
    found = total(parts, rule, inputs=tuple(ids))
    return bounded(found, added_ends(parts)) if found.known and found.bounds_said else found


@kept_from_below
def underlying(totals: Totals, code: str, year: str, basis: str, scenario: str = "") -> Value:
    """The adjusted surplus without what does not repeat, with full-year effects; needs recurrence."""
    kids = totals.children(code, year)
    if totals.moved(code, year):
        surplus = totals.adjusted(code, year, basis, scenario)
        words = "a body below belonged here for a part of the year"
        return unknown("moved_in_year", words) if surplus.reported else untold(surplus)
    if kids:
        parts = [underlying(totals, kid, year, basis, scenario) for kid in kids]
        if any(not part.reported for part in parts):
            return unknown("incomplete", "recurrence is not known for every body below")
        inputs = tuple(figure_id("underlying", kid, year, basis, scenario) for kid in kids)
        return total(parts, "sum of the underlying positions below", inputs=inputs)
    surplus = totals.adjusted(code, year, basis, scenario)
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
        "adjusted surplus less one-off income, plus one-off costs, less one-off savings, "
        "plus full-year effects still to come",
        inputs=(figure_id(ADJUSTED, code, year, basis, scenario),),
        entries=(*entries, *more) if more else entries,
    )


def _once_from_cube(totals: Totals, of: Label, even: Even) -> Once | None:
    """The same of an even statement that states no position."""
    lines = totals.position.lines
    signs = {n: lines[n].sign for n in even.lines if lines[n].added and not lines[n].outside}
    cube = totals.amounts.cube
    said = cube.recurrences(even, signs) if cube is not None else set()
    stated_whole = "position_with_support" in even.lines
    if not said - {""} or (not stated_whole and "" in said):
        return None
    apart = totals.amounts.even(*of, once=True)
    mine = {name: sign for name, sign in signs.items() if apart and name in apart.lines}
    if not mine:
        return 0, ()
    rule, needed = "items that do not repeat", months_needed(of[1])
    value = totals.sum_once(of, needed, mine, rule)
    if value is None or value.pence is None:
        return _once_of_rows(totals, *of)
    return value.pence, value.entries


def _once_only(totals: Totals, code: str, year: str, basis: str, scenario: str) -> Once | None:
    """The net of rows that do not repeat, and their entries; None where recurrence is not stated."""
    even = totals.amounts.even(code, year, basis, scenario)
    if even is not None and "position" not in even.lines:
        return _once_from_cube(totals, (code, year, basis, scenario), even)
    return _once_of_rows(totals, code, year, basis, scenario)


def _once_of_rows(totals: Totals, code: str, year: str, basis: str, scenario: str) -> Once | None:
    """The same of a statement of which the rows are asked."""
    lines = totals.position.lines
    found = totals.amounts.series(code, year, basis, scenario)
    parts = {
        key: rows
        for key, rows in found.items()
        if lines[key[0]].added and not lines[key[0]].outside
    }
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


@kept_from_below
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
    return made._replace(rule="sum of the cash below")


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
