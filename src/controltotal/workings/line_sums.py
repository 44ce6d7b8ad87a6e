"""Single lines of account added up the tree, signed, of a year or of some months.

Income is positive and cost negative. A group (pay, non-pay, purchase of healthcare) is what a body
states of it whole and by its parts, so that the lines without a group add up to the surplus made of
them. What stands outside the control total is left out.
"""

from __future__ import annotations

from controltotal.book.amounts import WHOLE
from controltotal.core.kept import kept, kept_from_below
from controltotal.core.lines import Line, holders
from controltotal.workings.own import OwnRows
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value, negative, total, unknown


@kept_from_below
def lines_said(totals: Totals, code: str, year: str, basis: str) -> frozenset[str]:
    """The lines inside the control total of which a body's own rows, or those below, tell."""
    found = own_lines(totals, code, year, basis)
    for kid in totals.children(code, year):
        found |= lines_said(totals, kid, year, basis)
    return found


@kept
def own_lines(totals: OwnRows, code: str, year: str, basis: str) -> frozenset[str]:
    """The lines inside the control total of which a body's own rows of a basis tell."""
    lines = totals.position.lines
    return frozenset(
        name
        for name in totals.amounts.lines(code, year, basis, "")
        if is_told_of(lines[name], name)
    )


def is_told_of(line: Line, name: str) -> bool:
    """Whether a line is one of those that a surplus is made of, inside the control total."""
    return line.added and not line.outside and name not in WHOLE


@kept_from_below
def line_of(
    totals: Totals,
    code: str,
    year: str,
    basis: str,
    line: str,
    months: frozenset[int] | None = None,
) -> Value:
    """One line, signed, of a body and all below it, of a year or of some months.

    A body that tells its lines and not this one has none of it, as its surplus has none; one that
    tells only its position leaves the line above untold. Trade between bodies is not taken out.
    """
    own = _own_line(totals, code, year, basis, line, months)

    def below(kid: str, some: frozenset[int] | None) -> Value:
        return line_of(totals, kid, year, basis, line, some)

    parts = totals.parts(code, year, below, months)
    if not parts:
        return own
    body = totals.tree.organisations[code]
    lost = [kid for kid, part in parts.items() if not part.reported]
    lacking = [
        kid for kid in lost if not (parts[kid].silent and lines_said(totals, kid, year, basis))
    ]
    if lacking or not body.complete:
        if body.is_grouping and own.reported:
            return own._replace(rule="as stated; the bodies below do not all report")
        words = f"not every body below tells it: {', '.join(lacking) or 'some are not listed'}"
        return unknown("incomplete", words, missing=tuple(lacking))
    values = [part for part in parts.values() if part.reported]
    if own.reported and not body.is_grouping:
        values.append(own)
    if not values:
        return own
    return total(values, "sum of the bodies below, trade between them included")


@kept
def parts_of(totals: OwnRows, line: str) -> tuple[str, ...]:
    """The lines of a group, and those that they hold in their turn."""
    lines = totals.position.lines
    return tuple(sorted(name for name in lines if line in holders(name, lines)))


def _own_line(
    totals: OwnRows, code: str, year: str, basis: str, line: str, months: frozenset[int] | None
) -> Value:
    """One line of a body's own rows, signed; a group is what it states whole and by its parts.

    A part of which a row is stopped leaves its group untold: nothing is summed around a hole.
    """
    lines, amounts = totals.position.lines, totals.amounts
    said = own_lines(totals, code, year, basis)
    parts = [
        name
        for name in parts_of(totals, line)
        if name in said or amounts.in_doubt("amounts", code, year, basis, "", {name})
    ]
    names = [line, *parts]
    values = [totals.line_total(code, year, basis, "", name, months) for name in names]
    told = [value for value in values if not value.silent]
    lost = next((value for value in told if not value.reported), None)
    if lost is not None or not told:
        return lost or values[0]
    own = told[0]
    if len(told) > 1:
        entries = tuple(entry for value in told for entry in value.entries)
        own = total(told, "what is stated whole and its parts", entries=entries)
    return own if lines[line].sign == 1 else negative(own, own.rule)
