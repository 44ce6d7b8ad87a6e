"""Support kept apart: what is lent, given or taken between bodies, and how it is turned round.

A resource transfer moves money now and back in the repayment years; a position improvement moves
nothing; an allocation reduction takes from the giver and is held until a second row places it.
Support is never improvement: a surplus excludes it, and the region gains only by savings made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controltotal.book.fold import Position
from controltotal.book.periods import months_needed
from controltotal.book.records import Repayment, Transfer
from controltotal.core.calendar import months_of, next_year
from controltotal.core.money import instalments

MECHANISMS = ("resource_transfer", "position_improvement", "allocation_reduction")


@dataclass(frozen=True, slots=True)
class Flow:
    """One movement of money in a year: pence is what `code` gains (negative: gives)."""

    code: str
    year: str
    pence: int
    row: Transfer


def flows(position: Position, statuses: Iterable[str]) -> list[Flow]:
    """Every movement of transfers of these statuses, repayments turned round included."""
    wanted = set(statuses)
    paid: dict[str, list[Repayment]] = {}
    for repayment in position.book.repayments:
        paid.setdefault(repayment.transfer, []).append(repayment)
    found: list[Flow] = []
    for row in position.book.transfers:
        if row.status not in wanted or row.mechanism in ("position_improvement", "unknown"):
            continue
        found += _pair(row, row.year, row.amount)
        for year, pence in _returns(row, paid.get(row.id, [])):
            found += _pair(row, year, -pence)
    return found


def falls_in(flow: Flow, year: str) -> bool | None:
    """Whether a movement of a year falls in a half of it; None where nobody says."""
    if len(year) == 7:
        return True
    if flow.year != flow.row.year:
        return None
    months, needed = set(months_of(flow.row.month or "")), months_needed(year)
    return True if months <= needed else None if months & needed else False


def undecided(position: Position) -> set[tuple[str, str]]:
    """Bodies and years whose support cannot be told: a transfer of unknown mechanism or status."""
    return {
        (end, row.year)
        for row in position.book.transfers
        for end in (row.from_, row.to)
        if "unknown" in (row.mechanism, row.status)
    }


def _pair(row: Transfer, year: str, pence: int) -> list[Flow]:
    return [Flow(row.from_, year, -pence, row), Flow(row.to, year, pence, row)]


def _returns(row: Transfer, paid: list[Repayment]) -> list[tuple[str, int]]:
    """Repayments by year: as made where rows say so, else in equal yearly instalments.

    Without a first year, repayment starts in the year after. What rows record in a year stands
    for that year; the rest of the balance falls in the scheduled years after the last of them.
    """
    made: dict[str, int] = {}
    for repayment in paid:
        if repayment.kind == "repaid":
            made[repayment.year] = made.get(repayment.year, 0) + repayment.amount
    settled = sum(r.amount for r in paid)
    years = int(row.repay_years or 0)
    first = row.repay_from or next_year(row.year)
    last_row = max((r.year for r in paid), default="")
    ahead = [y for y in (next_year(first, n) for n in range(years)) if y > last_row]
    rest = row.amount - settled
    scheduled = zip(ahead, instalments(rest, len(ahead)), strict=True) if ahead and rest > 0 else ()
    return sorted([*made.items(), *scheduled])


def support_cases(position: Position, surplus_of: object) -> list[dict[str, object]]:
    """The table of support cases: every group of transfers under every mechanism.

    A group is the transfers to one body in one year of one kind. `surplus_of(code, year)` gives
    a surplus in pence or None. Receiver and region are shown as positions; a giver as the change
    from its own plan: before savings are made, and after.
    """
    assert callable(surplus_of)
    groups: dict[tuple[str, str, str], list[Transfer]] = {}
    for row in position.book.transfers:
        if row.status in ("proposed", "agreed", "unknown") and row.mechanism:
            groups.setdefault((row.to, row.year, row.kind), []).append(row)
    table: list[dict[str, object]] = []
    for (receiver, year, kind), rows in sorted(groups.items()):
        name = f"{kind}-{receiver}-{year}"
        total = sum(row.amount for row in rows)
        region = _common_region(position, receiver, rows, year)
        at_receiver = surplus_of(receiver, year)
        at_region = surplus_of(region, year) if region else None
        for mechanism in MECHANISMS:
            moves = mechanism == "resource_transfer"
            for stage in ("before", "after"):
                made = stage == "after"
                for row in sorted(rows, key=lambda r: (r.from_, r.id)):
                    gives = mechanism != "position_improvement"
                    pence = (-row.amount if gives else 0) + (row.amount if made else 0)
                    table.append(_case(name, mechanism, stage, "giver", row.from_, pence))
                got = None if at_receiver is None else at_receiver + (total if moves else 0)
                table.append(_case(name, mechanism, stage, "receiver", receiver, got))
                whole = None if at_region is None else at_region + (total if made else 0)
                if region:
                    table.append(_case(name, mechanism, stage, "region", region, whole))
    return table


def _case(
    group: str, mechanism: str, stage: str, role: str, organisation: str, pence: int | None
) -> dict[str, object]:
    return {
        "group": group,
        "mechanism": mechanism,
        "stage": stage,
        "role": role,
        "organisation": organisation,
        "pence": pence,
    }


def _common_region(
    position: Position, receiver: str, rows: list[Transfer], year: str
) -> str | None:
    """The region above the receiver, else the nearest body above receiver and givers alike."""
    tree = position.tree
    if tree.kind(receiver) == "region":
        return receiver
    region = tree.region_of(receiver, year)
    if region and tree.kind(region) == "region":
        return region
    above = [set(tree.ancestors(row.from_, year)) for row in rows]
    shared = [a for a in tree.ancestors(receiver, year) if all(a in others for others in above)]
    return shared[0] if shared else region
