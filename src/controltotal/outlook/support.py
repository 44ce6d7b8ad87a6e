"""Support that hangs on the outcome: paid when the receiver keeps to its plan, else withheld.

Support is never part of the surplus. Beside it, each draw asks of every conditional transfer
whether its receiver meets its control total; where it does not, the money stays with the giver,
and the position with support falls a second time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from controltotal.book.records import Transfer
from controltotal.outlook.streams import hashes, stream_key
from controltotal.workings.totals import Totals

ON_PLAN = re.compile(r"control total|on plan|plan (is|be)? ?(met|kept)|meets? (its|the) plan", re.I)


@dataclass(frozen=True, slots=True)
class Conditional:
    """A transfer that may not be paid: amount in pence, its chance, whether it needs the plan."""

    row: Transfer
    pence: int
    chance: float
    needs_plan: bool


def conditional_transfers(totals: Totals, year: str) -> tuple[list[Conditional], list[Transfer]]:
    """Agreed transfers of a year that hang on something; and those whose condition is not known."""
    found, unread = [], []
    for row in totals.position.book.transfers:
        if row.year != year or row.status != "agreed":
            continue
        if row.mechanism in ("position_improvement", "unknown"):
            continue
        text = row.condition or ""
        needs_plan = bool(ON_PLAN.search(text))
        if text and not needs_plan:
            unread.append(row)
        chance = 1.0 if row.chance is None else float(row.chance)
        if needs_plan or chance < 1.0:
            found.append(Conditional(row, row.amount, chance, needs_plan))
    return found, unread


def paid(
    one: Conditional,
    *,
    seed: int,
    surplus: Callable[[str], np.ndarray],
    control_total: int | None,
    support: int,
    counts: bool,
) -> np.ndarray:
    """In which draws a transfer is paid: (draw,) bool.

    `surplus` gives a body's position without support; `support` is all it is due in the year;
    `counts` says whether the control total includes it.
    """
    position = surplus(one.row.to)
    happens = np.ones(len(position), dtype=bool)
    if one.chance < 1.0:
        bits = hashes(stream_key(seed, f"transfer {one.row.id}"), 0, len(position))
        happens = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53 < one.chance
    if one.needs_plan and control_total is not None:
        happens = happens & (position + (support if counts else 0) >= control_total)
    return happens
