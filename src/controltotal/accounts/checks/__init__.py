"""Question 1, does it add up: every check of a book, all findings at once.

Each check is a small function that yields findings; none changes anything. Codes with their
meaning and what to do are rows of `data/codes.csv`, and each has a place in the error gallery.
"""

from __future__ import annotations

from collections.abc import Iterable

from controltotal.accounts.checks import (
    bodies,
    control,
    evidence,
    joins,
    register,
    schemes,
    signs,
    totals,
    transfers,
)
from controltotal.core.finding import Finding
from controltotal.workings.workings import Workings


def findings(workings: Workings, years: Iterable[str]) -> list[Finding]:
    """Everything wrong or doubtful in a position: form first, then meaning."""
    position, figures, years = workings.position, workings.totals, tuple(years)
    of_schemes = schemes.schemes(workings)
    return [
        *_less_told_better(position.findings, of_schemes),
        *bodies.parents(position.tree, years),
        *bodies.successions(position.tree),
        *bodies.outside(position),
        *signs.lines_changed(position),
        *signs.unexpected(figures),
        *register.boundaries(position),
        *register.known_to(position),
        *joins.joins(position),
        *totals.months_incomplete(figures, years),
        *totals.position_against_lines(figures),
        *totals.support_not_recorded(figures),
        *totals.stated_totals(figures, years),
        *totals.rounded_totals(figures, years),
        *totals.whole_totals(figures, years),
        *totals.line_totals(figures, years),
        *totals.moved_in_year(figures, years),
        *totals.children_incomplete(figures, years),
        *totals.contract_mismatches(figures, years),
        *control.two_in_force(figures),
        *control.late(figures),
        *control.levels(figures, years),
        *control.support_undecided(figures, years),
        *transfers.closed_ends(figures),
        *transfers.unpaired(figures),
        *transfers.hidden_beneficiary(figures),
        *transfers.recorded_twice(figures),
        *transfers.over_repaid(figures),
        *transfers.without_month(figures),
        *evidence.without_source(position),
        *evidence.quotes(position),
        *evidence.promises(figures),
        *of_schemes,
    ]


def _less_told_better(read: Iterable[Finding], of_schemes: Iterable[Finding]) -> list[Finding]:
    """What reading found, less cells of a scheme of which more is said: whom the row refuses."""
    told = {
        (place.table, place.row)
        for one in of_schemes
        if one.code == "REFUSAL_OF_NO_SCHEME"
        for place in one.places
    }
    return [
        one
        for one in read
        if one.code not in ("UNKNOWN_SCHEME", "MISSING_VALUE")
        or not one.at
        or not all(
            place.column == "scheme" and (place.table, place.row) in told for place in one.at
        )
    ]
