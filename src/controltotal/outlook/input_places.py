"""Where the model's inputs stand: the basis of a body, its system, savings without a scheme."""

from __future__ import annotations

from controltotal.outlook.nodes import Arrangement
from controltotal.workings.gaps import unidentified
from controltotal.workings.recorded import UNIDENTIFIED, Money
from controltotal.workings.workings import Workings


def without_scheme(workings: Workings, arrangement: Arrangement, slot: str) -> int | None:
    """Savings without a scheme in a slot's months ahead: its own, or of all below a stated total.

    None where the book speaks of some that cannot be told; nil where it speaks of none.
    """
    base, year, totals = arrangement.base[slot], arrangement.year, workings.totals
    if arrangement.mode[slot] == "stated":
        lacking = unidentified(totals, slot, year, base.basis)
    else:
        lacking = totals.line_total(slot, year, base.basis, "", UNIDENTIFIED)
    lacking = lacking.taken_as_written()
    if not lacking.known and not lacking.silent:
        return None
    money = Money(base.pence, base.basis, base.month, base.figures)
    return workings.recorded.without_scheme(lacking, slot, year, money)


def basis_of(arrangement: Arrangement, code: str) -> str:
    """The basis that the body's base, or the stated total above it, rests on."""
    for node in arrangement.lineage(code):
        if node in arrangement.base:
            return arrangement.base[node].basis
    return "plan"
