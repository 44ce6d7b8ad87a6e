"""Question 5 from a book: each opportunity, and one total that counts no pound twice.

`opportunity_total/ORG/YEAR/plan/` has four parts. `naive` adds every list; it is shown so that it
can be recognised, never as something to be had. `lower` and `upper` are what the lists can be worth
together at least and at most; `netted` is one figure between them where spend or a crosswalk gives
one, and else only those bounds. All are theoretical, before cashability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from controltotal.book.fold import Position
from controltotal.book.records import Opportunity
from controltotal.core.money import format_money, format_pounds
from controltotal.core.result import Answer
from controltotal.savings.overlap.bounds import share_needed
from controltotal.savings.overlap.conversion import add_conversions
from controltotal.savings.overlap.crosswalk import is_mask
from controltotal.savings.overlap.listed import (
    UNDATED,
    Listed,
    circular,
    disagreeing,
    leaves,
    read_listed,
    said_year,
)
from controltotal.savings.overlap.matrix import add_tables
from controltotal.savings.overlap.together import Shares, Together, together
from controltotal.savings.overlap.unread import add_unknown, bears_on, unread, year_of_row
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings

TOTAL = "opportunity_total"
THEORETICAL = "theoretical, before cashability"
BODIES_FEW = 3  # with more bodies than this, those with one list only stand in the tables
SIDES = {"commissioner": "commissioners", "provider": "providers"}


def add_book(
    answer: Answer, workings: Workings, year: str | None = None, organisation: str | None = None
) -> bool:
    """Add a book's opportunities to an answer, every year of them unless one is asked for."""
    position = workings.position
    listed = read_listed(position.book.opportunities, position.default_year)
    lost = unread(position)
    if year is not None:
        listed = tuple(one for one in listed if one.year == year)
        lost = tuple(row for row in lost if year_of_row(row, position) in ("", year))
    if not listed and not lost:
        return False
    rings = circular(listed)
    if rings:
        _say_circle(answer, listed, rings)
        listed = tuple(one for one in listed if one.id not in rings)
    listed = _nothing_below_nil(answer, listed)
    crosswalk = _crosswalk(answer, position)
    years = {one.year for one in listed} | {year_of_row(row, position) for row in lost} - {""}
    for at in sorted(years):
        rows = [one for one in listed if one.year == at]
        holes = [row for row in lost if year_of_row(row, position) in ("", at)]
        _add_year(answer, workings, at, rows, holes, crosswalk, organisation)
    return True


def _add_year(
    answer: Answer,
    workings: Workings,
    year: str,
    rows: Sequence[Listed],
    holes: Sequence[Opportunity],
    crosswalk: Shares,
    organisation: str | None,
) -> None:
    """A year's opportunities: each, and the total of every body that has any or stands above some."""
    position = workings.position
    asked = None
    if organisation is not None:
        asked = {organisation, *position.tree.descendants(organisation, year)}
    _add_rows(answer, rows, asked)
    own = {one.organisation for one in rows} | {
        row.organisation for row in holes if row.organisation
    }
    bodies = [b for b in _bodies(position, own, year) if asked is None or b in asked]
    for body in bodies:
        missing = bears_on(position, rows, body, year, holes)
        mine = _of_body(position, rows, body, year)
        if missing:
            add_unknown(answer, position, body, year, sorted({r.view for r in mine}), missing)
        else:
            _add_body(answer, workings, body, year, mine, crosswalk, len(bodies) <= BODIES_FEW)
    add_conversions(answer, position, rows, year)


def _add_body(
    answer: Answer,
    workings: Workings,
    body: str,
    year: str,
    rows: Sequence[Listed],
    crosswalk: Shares,
    said: bool,
) -> None:
    """The total of one body; in words where `said`, or where several lists meet."""
    found = _add_total(answer, body, year, rows, crosswalk)
    gap = _add_gap(answer, workings.totals, body, year, found)
    if said or len(found.views) > 1:
        _words(answer, workings.position, body, year, found, gap)


def _say_circle(answer: Answer, listed: Sequence[Listed], rings: Sequence[str]) -> None:
    where = ", ".join(one.where for one in listed if one.id in rings)
    answer.finding(
        code="OPPORTUNITY_CIRCLE",
        severity="error",
        organisation="",
        where=where,
        message="opportunities contain each other in a circle",
        expected="each parent above its children",
        found=", ".join(rings),
        action="correct the column parent; these rows are left out",
    )


def _nothing_below_nil(answer: Answer, listed: tuple[Listed, ...]) -> tuple[Listed, ...]:
    """A saving below nil is a cost, and no opportunity: such rows are said and left out."""
    for one in listed:
        if one.value < 0:
            answer.finding(
                code="OPPORTUNITY_NEGATIVE",
                severity="error",
                organisation=one.organisation,
                where=one.where,
                message=f"{one.id} is below nil, so it is no saving and is left out",
                expected="a value of nil or more",
                found=format_money(one.value, "£m"),
                action="write savings as positive amounts; a cost is no opportunity",
            )
    return tuple(one for one in listed if one.value >= 0)


def _crosswalk(answer: Answer, position: Position) -> Shares:
    """Shares by link; a category whose shares come to more than the whole is left out and said."""
    found: dict[tuple[str, str, str, str], float] = {}
    sums: dict[tuple[str, str, str], float] = {}
    wheres: dict[tuple[str, str, str], list[str]] = {}
    below: set[tuple[str, str, str]] = set()
    for row in position.book.crosswalk:
        key = (row.view_a, row.category_a, row.view_b)
        share = float(row.share)
        wheres.setdefault(key, []).append(row.where)
        sums[key] = sums.get(key, 0.0) + share
        if share < 0:
            below.add(key)
        found[(*key, row.category_b)] = share
    masks = _masks(answer, found, wheres)
    for key, total in sums.items():
        if key in below or (total > 1 + 1e-9 and (key[0], key[2]) not in masks):
            what = "hold one below nil" if key in below else "are more than its whole money"
            answer.finding(
                code="CROSSWALK_SHARE",
                severity="error",
                organisation="",
                where=", ".join(wheres[key]),
                message=f"the shares of {key[1]} in {key[2]} {what}",
                expected="shares from 0 to 1 that come to 1 at most",
                found=f"{total:g}",
                action="correct the shares; this category is left out of the crosswalk",
            )
            found = {link: s for link, s in found.items() if link[:3] != key}
    return found


def _masks(
    answer: Answer, found: Shares, wheres: dict[tuple[str, str, str], list[str]]
) -> set[tuple[str, str]]:
    """Pairs of lists for which the crosswalk only says what is possible (0 or 1), and says so."""
    pairs: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    for (a, category_a, b, category_b), share in found.items():
        pairs.setdefault((a, b), {})[category_a, category_b] = share
    masks = {pair for pair, links in pairs.items() if is_mask(links)}
    for a, b in sorted(masks):
        places = [w for key, rows in wheres.items() if (key[0], key[2]) == (a, b) for w in rows]
        answer.finding(
            code="CROSSWALK_FITTED",
            severity="information",
            organisation="",
            where=", ".join(places),
            message=f"{a} and {b}: shares of 1 in several cells only say what is possible, so the shared "
            "money is fitted to both lists' spending",
            expected="shares that come to 1 at most, where they are known",
            found="only 0 and 1",
            action="give the shares if they are known; a fitted table moves no bound",
        )
    return masks


def _add_rows(answer: Answer, rows: Sequence[Listed], asked: set[str] | None) -> None:
    """Each opportunity as a figure, and what is wrong with its tree."""
    leaf = {one.id for one in leaves(rows)}
    for one in rows:
        if asked is not None and one.organisation not in asked:
            continue
        rule = "as the list states it; theoretical"
        if one.id not in leaf:
            rule = "as the list states it; contains others, so it is never added"
        answer.figure(
            f"opportunity/{one.organisation}/{one.year}/plan/{one.id}",
            one.value,
            low=one.low,
            high=one.high,
            rule=rule,
            entries=(one.entry,),
        )
        answer.table(
            "opportunities",
            [
                {
                    "id": one.id,
                    "view": one.view,
                    "organisation": one.organisation,
                    "year": one.year,
                    "category": one.category,
                    "value": one.value,
                    "low": one.low,
                    "high": one.high,
                    "spend": one.spend,
                    "leaf": "yes" if one.id in leaf else "no",
                    "parent": one.parent,
                    "disjoint": one.group,
                    "reason": one.reason if one.group else "",
                    "label": THEORETICAL,
                }
            ],
        )
    for parent, total in disagreeing(rows):
        answer.finding(
            code="OPPORTUNITY_PARENT",
            severity="warning",
            organisation=parent.organisation,
            where=parent.where,
            message=f"{parent.id} is not the sum of the opportunities it contains; its parts are used",
            expected=format_pounds(parent.value),
            found=format_pounds(total),
            action="add what is missing, or correct the parent",
        )
    known = {one.id for one in rows}
    for one in rows:
        if one.parent and one.parent not in known:
            answer.finding(
                code="OPPORTUNITY_PARENT",
                severity="warning",
                organisation=one.organisation,
                where=one.where,
                message=f"{one.id} names a parent that is not in the list of its year",
                expected="the id of another opportunity",
                found=one.parent,
                action="correct the column parent",
            )


def _bodies(position: Position, own: set[str], year: str) -> tuple[str, ...]:
    """Bodies with opportunities (`own`), and those above them in which several bodies meet."""
    above: dict[str, set[str]] = {}
    for body in own:
        for ancestor in position.tree.ancestors(body, year):
            above.setdefault(ancestor, set()).add(body)
    return tuple(sorted(own | {code for code, bodies in above.items() if len(bodies) > 1}))


def _of_body(
    position: Position, rows: Sequence[Listed], body: str, year: str
) -> tuple[Listed, ...]:
    """A body's own rows; else those of the bodies below it, buyers and providers kept apart.

    A commissioner's saving on a provider's bill and the provider's own cost saving are one pound
    in two ledgers: they enter as different views, which may overlap.
    """
    own = tuple(one for one in rows if one.organisation == body)
    if own:
        return own
    below = set(position.tree.descendants(body, year))
    inside = [one for one in rows if one.organisation in below]
    return tuple(
        replace(
            one,
            view=f"{one.view}, {SIDES.get(position.tree.kind(one.organisation), 'bodies below')}",
            category=f"{one.organisation} {one.category}",
        )
        for one in inside
    )


def _add_total(
    answer: Answer, body: str, year: str, rows: Sequence[Listed], crosswalk: Shares
) -> Together:
    """The parts of one body's total, and the tables behind them."""
    found = together(rows, crosswalk)
    leaf = leaves(rows)
    inputs = [f"opportunity/{one.organisation}/{year}/plan/{one.id}" for one in leaf]
    entries = [one.entry for one in rows]
    name = f"{TOTAL}/{body}/{year}/plan"
    total, bounds = found.total, f"overlap unknown between views; {THEORETICAL}"
    for view, pence in found.views.items():
        of_view = [i for i, one in zip(inputs, leaf, strict=True) if one.view == view]
        rule = f"sum of one list's leaves, taken as disjoint; {THEORETICAL}"
        answer.figure(f"{name}/view/{view}", pence, rule=rule, inputs=of_view)
    answer.figure(
        f"{name}/naive",
        found.naive,
        inputs=inputs,
        entries=entries,
        rule="every list added: counts shared pounds twice, not achievable",
    )
    answer.figure(
        f"{name}/lower",
        total.lower,
        inputs=inputs,
        entries=entries,
        rule=f"largest view in each disjoint group; {bounds}",
    )
    answer.figure(
        f"{name}/upper",
        total.upper,
        inputs=inputs,
        entries=entries,
        rule=f"most that the views can be worth together; {bounds}",
    )
    answer.figure(
        f"{name}/netted",
        total.netted,
        status="ok" if total.netted is not None else "bounded",
        low=total.lower,
        high=total.upper,
        inputs=(f"{name}/lower", f"{name}/upper"),
        entries=entries,
        rule=f"shared money saved once, a + b - ab/M; {THEORETICAL}"
        if total.netted is not None
        else f"only bounds: no spend and no crosswalk say how the lists meet; {THEORETICAL}",
    )
    for view in found.faults:
        answer.finding(
            code="OPPORTUNITY_SPEND",
            severity="warning",
            organisation=body,
            where=f"opportunities, view {view}",
            message="a list would save more than the money it looks at, so its spend is not used",
            expected="savings below spend",
            found=format_pounds(found.views[view]),
            action="correct the spend or the values",
        )
    add_tables(answer, body, year, rows, found)
    return found


def _add_gap(
    answer: Answer, totals: Totals, body: str, year: str, found: Together
) -> dict[str, Any] | None:
    """Set the range against the body's deficit: what finding half of it would take."""
    if year == UNDATED:
        return None
    for basis in ("forecast", "plan"):
        surplus = totals.adjusted(body, year, basis)
        if surplus.pence is not None and surplus.pence < 0:
            break
    else:
        return None
    gap = -surplus.pence
    most, least = share_needed(gap // 2, found.total)
    row = {
        "organisation": body,
        "year": year,
        "basis": basis,
        "gap": gap,
        "half": gap // 2,
        "left_if_half_is_found": gap - gap // 2,
        "share_needed_of_upper": most,
        "share_needed_of_lower": least,
    }
    answer.table("gap", [row])
    return row


def _words(
    answer: Answer,
    position: Position,
    body: str,
    year: str,
    found: Together,
    gap: dict[str, Any] | None,
) -> None:
    """The range first, then what it rests on."""
    total = found.total
    lists = " and ".join(f"{view} ({format_pounds(pence)})" for view, pence in found.views.items())
    name = position.tree.name(body)
    if len(found.views) == 1:
        answer.words(
            f"{name}, {said_year(year)}: {lists} is the only list; theoretical, before anybody "
            "has judged what can be done safely or turned into cash.",
            topic="opportunity",
            about=body,
            year=year,
        )
        _gap_words(answer, body, gap)
        return
    middle = (
        f", {format_pounds(total.netted)} where shared money is saved once"
        if (total.netted is not None)
        else ""
    )
    answer.words(
        f"{name}, {said_year(year)}: {lists} look at the same money. Together they are worth at "
        f"least {format_pounds(total.lower)} and at most {format_pounds(total.upper)}{middle}: "
        "theoretical, before anybody has judged what can be done safely or turned into cash. "
        f"{_plain_sum(found)}",
        topic="opportunity",
        about=body,
        year=year,
    )
    stated = [group for group in found.groups if group]
    if stated:
        text = f"Taken as different money, by somebody's word: {', '.join(stated)}."
        answer.words(text, topic="overlap", about=body, year=year)
    _gap_words(answer, body, gap)


def _plain_sum(found: Together) -> str:
    """That the lists added up are no target, and what the sum is."""
    summed = format_pounds(found.naive)
    if found.naive == found.total.upper:
        return (
            f"The upper bound of {summed} is the plain sum of the lists: it holds only if they share "
            "no pound, and is no target."
        )
    return f"The plain sum of the lists, {summed}, counts shared pounds twice and is no target."


def _gap_words(answer: Answer, body: str, row: dict[str, Any] | None) -> None:
    """What finding half of a deficit would take."""
    if row is None or row["share_needed_of_upper"] is None or row["share_needed_of_lower"] is None:
        return
    most, least = row["share_needed_of_upper"], row["share_needed_of_lower"]
    needed = f"{most:.0%} of this opportunity"
    if most != least:
        needed += f" if nothing overlaps and {least:.0%} if the lists overlap fully"
    answer.words(
        f"Finding half of the {format_pounds(row['gap'])} deficit of {said_year(row['year'])}, "
        f"{format_pounds(row['half'])}, would take {needed}"
        + (" (more than there is)" if least > 1 else "")
        + f"; {format_pounds(row['left_if_half_is_found'])} would remain.",
        topic="gap",
        about=body,
        year=row["year"],
    )
