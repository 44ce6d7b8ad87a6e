"""Which gap a board would want to see shared: support that is recorded, else a system's gap."""

from __future__ import annotations

from dataclasses import dataclass, field

from controltotal.workings.gaps import gap
from controltotal.workings.totals import figure_id
from controltotal.workings.workings import Workings


@dataclass(frozen=True, slots=True)
class Occasion:
    """A gap in pence with who gives and receives, or the body whose members share one pot.

    ``entries`` of the ledger and ``figures`` are what the gap comes from: whoever knows a share of it
    and how it was divided knows what they say.
    """

    gap: int
    givers: tuple[str, ...] = ()
    receiver: str = ""
    organisation: str = ""
    pot: bool = False
    entries: tuple[int, ...] = field(default=(), compare=False)
    figures: tuple[str, ...] = field(default=(), compare=False)


def occasion(workings: Workings, year: str) -> Occasion | None:
    """The gap to show for a year, or ``None`` where there is nothing to share.

    Support from several bodies to one comes first, then the gap of the topmost system that has
    one and members to share it.
    """
    position, tree = workings.position, workings.position.tree
    by_receiver: dict[str, dict[str, int]] = {}
    entries: dict[str, tuple[int, ...]] = {}
    for row in position.book.transfers:
        lent = row.status in ("proposed", "agreed") and row.kind == "neighbour_support"
        if row.year == year and lent:
            givers = by_receiver.setdefault(row.to, {})
            givers[row.from_] = givers.get(row.from_, 0) + row.amount
            entries[row.to] = (*entries.get(row.to, ()), row.entry)
    for receiver, givers in sorted(by_receiver.items()):
        if len(givers) > 1 and receiver not in givers:
            beside = {*tree.children(tree.parent(receiver, year) or "", year)} - {receiver}
            # All those beside it: then they pay without being named, as when the gap is typed.
            named = () if beside == set(givers) else tuple(sorted(givers))
            whole = sum(givers.values())
            return Occasion(whole, named, receiver, entries=entries[receiver])
    totals = workings.totals
    for code, organisation in tree.organisations.items():
        if organisation.kind != "system" or len(tree.children(code, year)) < 2:
            continue
        found = gap(totals, code, year, "plan")
        if found.pence is not None and found.pence > 0:
            rests = (figure_id("gap", code, year, "plan"),)
            return Occasion(found.pence, organisation=code, pot=True, figures=rests)
    return None
