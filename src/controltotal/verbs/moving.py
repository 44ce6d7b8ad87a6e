"""What money between two bodies does to them: position and control total, with it and without it.

Tried in memory: nothing is written, whatever becomes of the proposal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from controltotal.accounts.checks.transfers import total_before
from controltotal.book.records import Transfer
from controltotal.core.errors import BookError
from controltotal.verbs.opening import advance
from controltotal.workings.cases import support_cases
from controltotal.workings.gaps import gap
from controltotal.workings.repayment import OverRepaid, YearOwed
from controltotal.workings.support import has_term
from controltotal.workings.workings import Workings

BASES: Final = ("plan", "forecast")
ADJUSTED: Final = "adjusted_surplus"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a body stands in a year on a basis, in pence; None where it cannot be told.

    `gap` is what is missing to the control total: positive is a shortfall.
    """

    organisation: str
    year: str
    basis: str
    without_support: int | None
    with_support: int | None
    control_total: int | None
    gap: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """A body on a basis before and after: alone, its support changes both position and gap."""

    before: Standing
    after: Standing

    @property
    def change(self) -> int | None:
        """By how much its position with support changes, in pence; None where it cannot be told."""
        one, other = self.before.with_support, self.after.with_support
        return None if one is None or other is None else other - one


@dataclass(frozen=True, slots=True)
class Moved:
    """What a transfer does: to its sides and to the bodies above both, its cases, its schedule.

    `cases` are those of the table `support_cases` of its group; `years` its repayment as
    agreed, `actual` as recorded (both empty without a term).
    """

    effects: tuple[Effect, ...]
    cases: tuple[Mapping[str, object], ...]
    years: Sequence[YearOwed]
    actual: Sequence[YearOwed]


def standing(workings: Workings, code: str, year: str, basis: str) -> Standing:
    """Where a body stands in a year on a basis. Pence.

    >>> from controltotal import read
    >>> found = standing(Workings(read("examples/fictional-system")), "XF-FTH", "2026-27", "plan")
    >>> found.with_support, found.control_total, found.gap
    (0, 0, 0)
    """
    totals = workings.totals
    return Standing(
        code,
        year,
        basis,
        totals.adjusted(code, year, basis).pence,
        totals.with_support(code, year, basis, measure=ADJUSTED).pence,
        totals.control_total(code, year).pence,
        gap(totals, code, year, basis).pence,
    )


def moved(workings: Workings, cells: Mapping[str, str], today: date) -> Moved:
    """What a transfer does once both sides have agreed, beside the book without it.

    `cells` are those of its row as they are written; a transfer of that id which the book has already
    is left out first. BookError where a cell cannot be read.
    """
    without = _tried(workings, cells, "lapsed", today)
    with_it = _tried(workings, cells, "agreed", today)
    id = cells["id"]
    row = next((one for one in with_it.position.book.transfers if one.id == id), None)
    if row is None:
        raise _unreadable(workings, with_it)
    effects = tuple(
        Effect(
            _as_it_was(standing(without, code, row.year, basis), with_it, row),
            standing(with_it, code, row.year, basis),
        )
        for code in _whom(with_it, row)
        for basis in BASES
    )
    return Moved(effects, _cases(with_it, row), *_years(with_it, row))


def _as_it_was(found: Standing, workings: Workings, row: Transfer) -> Standing:
    """Where a side stood, against the control total that it had before that moved with the transfer."""
    sign = {row.from_: -1, row.to: 1}.get(found.organisation)
    then = total_before(workings.totals, found.organisation, row, sign) if sign else None
    if then is None or then.status != "accepted" or found.control_total is None:
        return found
    moved = then.amount - found.control_total
    gap = None if found.gap is None else found.gap + moved
    return replace(found, control_total=then.amount, gap=gap)


def _unreadable(workings: Workings, tried: Workings) -> BookError:
    """What is wrong with a row that stands in no book."""
    known = {one.message for one in workings.position.findings}
    for one in tried.position.findings:
        if one.severity == "error" and one.message not in known:
            return BookError(one.message, one.place, one.action)
    return BookError("it cannot be read", "transfers", "look at what was given")


def _tried(workings: Workings, cells: Mapping[str, str], status: str, today: date) -> Workings:
    """The book with a transfer in some status from today on; as it is, where that changes nothing."""
    position = workings.position
    own = [row for row in position.book.transfers if row.id == cells["id"]]
    counts = [row.status == "agreed" for row in own]
    if (status == "agreed") == any(counts):
        return workings
    said = {**cells, "status": status, "known_on": today.isoformat()}
    # what was said on the same day is taken back, which reads the book anew
    less = [("transfers", row.number) for row in own if row.known and row.known >= today]
    rows = [("transfers", {name: text for name, text in said.items() if text})]
    return Workings(advance(position, rows, less))


def _whom(workings: Workings, row: Transfer) -> tuple[str, ...]:
    """Both sides, and the body nearest above both."""
    tree = workings.tree
    above = [tree.ancestors(code, row.year) for code in (row.from_, row.to)]
    both = [code for code in above[0] if code in above[1]]
    return (row.from_, row.to, *both[:1])


def _cases(workings: Workings, row: Transfer) -> tuple[Mapping[str, object], ...]:
    totals = workings.totals
    group = f"{row.kind}-{row.to}-{row.year}"
    found = support_cases(
        workings.position, lambda code, year: totals.surplus(code, year, "plan").pence
    )
    return tuple(one for one in found if one["group"] == group)


def _years(workings: Workings, row: Transfer) -> tuple[Sequence[YearOwed], Sequence[YearOwed]]:
    """The schedule as agreed, and as recorded."""
    support = workings.support
    if row.id not in support.loans or not has_term(row):
        return (), ()
    try:
        actual = support.owed(row.id, "actual") if support.recorded(row.id) else ()
    except OverRepaid:  # `check` tells of it
        actual = ()
    return support.owed(row.id, "plan"), actual
