"""What support would do under every mechanism, whatever a transfer's own: the table of cases."""

from __future__ import annotations

from collections.abc import Callable

from controltotal.book.fold import Position
from controltotal.book.records import Transfer
from controltotal.workings.support import MECHANISMS


def support_cases(
    position: Position, surplus_of: Callable[[str, str], int | None]
) -> list[dict[str, object]]:
    """The table of support cases: every group of transfers under every mechanism.

    A group is the transfers to one body in one year of one kind. `surplus_of(code, year)` gives
    a surplus in pence or None. Receiver and region are shown as positions; a giver as the change
    from its own plan: before savings are made, and after.
    """
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
