"""Do the bodies make sense: dates, parents and successions, as the book itself tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Final

from controltotal.accounts.checks.totals import details, places
from controltotal.book.fold import Position
from controltotal.book.tree import Tree, circles
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding
from controltotal.core.reference import followers
from controltotal.workings.heirs import undivided

CIRCLE_SHOWN: Final = 10
"""Bodies of a circle that are named; a circle of thousands is said with its number."""


def parents(tree: Tree, years: Iterable[str] = ()) -> Iterator[Finding]:
    """A parent that is missing in a year, a circle of parents, or two parents at once."""
    for code, organisation in tree.organisations.items():
        for spell in organisation.spells:
            if spell.parent is not None and spell.parent not in tree.organisations:
                yield Finding(
                    code="PARENT_MISSING",
                    severity="error",
                    organisation=code,
                    where=spell.row.where,
                    message=f"The parent of {organisation.name} is {spell.parent}, which is not listed.",
                    expected="a code in organisations",
                    found=spell.parent,
                    action="Add the parent, or correct its code.",
                    detail=spell.row.detail,
                )
        ordered = sorted(organisation.spells, key=lambda s: s.start)
        for first, second in pairwise(ordered):
            if second.start <= first.until and first.parent != second.parent:
                yield Finding(
                    code="TWO_PARENTS",
                    severity="error",
                    organisation=code,
                    where=places([first.row, second.row]),
                    message=f"{organisation.name} has two parents at once: {first.parent or 'none'} and "
                    f"{second.parent or 'none'}.",
                    expected="one parent at a time",
                    found=f"{first.parent} and {second.parent}",
                    action="End the first spell in `to` before the second begins.",
                    detail=details([first.row, second.row]),
                )
    yield from _closed_parents(tree, years)
    seen: set[tuple[str, ...]] = set()
    for links in [tree.raw_links(year) for year in years] or [tree.last_links()]:
        inside = circles(links)
        if not inside or inside in seen:
            continue
        seen.add(inside)
        shown = inside[:CIRCLE_SHOWN]
        rows = [tree.organisations[code].row for code in shown]
        more = f" and {len(inside) - len(shown):,} more" if len(inside) > len(shown) else ""
        yield Finding(
            code="PARENT_CYCLE",
            severity="error",
            organisation=inside[0],
            where=places(rows),
            message=f"These bodies stand above each other in a circle: {', '.join(shown)}{more}.",
            expected="a tree",
            found=" -> ".join(shown) + more,
            action="Correct the parent of one of them.",
            detail=details(rows),
        )


def _closed_parents(tree: Tree, years: Iterable[str]) -> Iterator[Finding]:
    """A body whose parent does not exist in a year in which it does."""
    found: dict[tuple[str, str], list[str]] = {}
    for year in years:
        for code, parent in tree.raw_links(year).items():
            if not tree.exists(parent, year):
                found.setdefault((code, parent), []).append(year)
    for (code, parent), missing in sorted(found.items()):
        spell = tree.organisations[code].spell(missing[0])
        assert spell is not None
        rows = [spell.row, *(s.row for s in tree.organisations[parent].spells)]
        said = ", ".join(year_label(year) for year in missing)
        yield Finding(
            code="PARENT_MISSING",
            severity="error",
            organisation=code,
            where=places(rows),
            message=f"The parent of {tree.name(code)} is {tree.name(parent)}, which does not exist in "
            f"{said}.",
            expected=f"a parent that exists in {said}",
            found=_dates(tree, parent),
            action="Give the body the parent that it had then, in a row of its own.",
            detail=details(rows),
        )


def successions(tree: Tree) -> Iterator[Finding]:
    """Shares that pass on more than the whole, or less of a closed body, or a body after itself."""
    for one in undivided(tree):
        lost = one.closed
        yield Finding(
            code="SUCCESSION_SHARES",
            severity="error",
            organisation=one.code,
            where=places(one.rows),
            message=f"The successors of {tree.name(one.code)} take {float(one.share):g} of it"
            + (", and it has closed: nobody stands for the rest." if lost else "."),
            expected="shares that add up to 1, because nothing is left of the body"
            if lost
            else "shares between 0 and 1 that add up to 1 at most",
            found=f"{float(one.share):g}",
            action="Name who took the rest, or correct the shares."
            if lost
            else "Correct the shares; an empty share is all of it.",
            detail=details(one.rows),
        )


def outside(position: Position) -> Iterator[Finding]:
    """Figures for a body in a year in which it did not exist."""
    tree = position.tree
    uses = {(code, year) for code, year, _ in position.uses()}
    fictional = position.is_fictional
    for code, year in sorted(use for use in uses if not tree.exists(*use)):
        rows = position.money_of(code, year)
        heirs = "" if fictional else followers(code)
        spells = [spell.row for spell in tree.organisations[code].spells]
        yield Finding(
            code="OUTSIDE_DATES",
            severity="error",
            organisation=code,
            where=places([*rows, *spells]),
            message=f"{tree.name(code)} has figures for {year_label(year)}, outside its dates.",
            expected=_dates(tree, code),
            found=year_label(year),
            action="Correct the year, the dates of the body, or use its successor"
            + (f": {heirs}." if heirs else "."),
            detail=details(rows),
        )


def _dates(tree: Tree, code: str) -> str:
    spells = tree.organisations[code].spells
    first, last = min(s.start for s in spells), max(s.until for s in spells)
    start = "its beginning" if first == date.min else first.isoformat()
    end = "now" if last == date.max else last.isoformat()
    return f"years between {start} and {end}"
