"""Where the base of a forecast stands: whose own money, and what adds up to what.

The base is taken body by body at the leaves: the forecast where there is one, else the plan. A
grouping is the sum of the bodies below when all of them are known; where they are not, a stated
total stands for it, and then what happens to the bodies below must be added to that total too.
Nothing is summed around a hole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from controltotal.core.unknown import Unknown
from controltotal.workings.totals import Totals, figure_id
from controltotal.workings.value import Value

BASES = ("forecast", "plan")


@dataclass(frozen=True, slots=True)
class Base:
    """The money that an organisation starts from: pence, and the basis that says so."""

    pence: int
    basis: str
    figure: str
    entries: tuple[int, ...] = ()


@dataclass(slots=True)
class Arrangement:
    """Which nodes can be told, and the slots of money they are made of.

    `base` holds each slot's money; `mode` says of every node `own`, `sum`, `stated` or
    `unknown`; `why` says what is missing where a node cannot be told.
    """

    year: str
    base: dict[str, Base] = field(default_factory=dict)
    mode: dict[str, str] = field(default_factory=dict)
    why: dict[str, Unknown] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)

    def known(self, node: str) -> bool:
        """Whether the node's position can be told."""
        return self.mode.get(node, "unknown") != "unknown"

    def lineage(self, code: str) -> tuple[str, ...]:
        """The node and all above it."""
        found = [code]
        while (parent := self.parents.get(found[-1])) is not None:
            found.append(parent)
        return tuple(found)

    def path(self, slot: str) -> tuple[str, ...]:
        """The nodes whose sum a slot is part of, itself first."""
        found = [slot]
        for node in self.lineage(slot)[1:]:
            if self.mode[node] != "sum":
                break
            found.append(node)
        return tuple(found)

    def slots_for(self, code: str) -> tuple[str, ...]:
        """The slots that money falling on a body reaches: its own, and stated totals above.

        Money on a grouping whose bodies are summed gets a slot of its own beside them.
        """
        lineage = self.lineage(code)
        found = [code] if self.mode.get(code) in ("own", "sum", "stated") else []
        return (*found, *(n for n in lineage[1:] if self.mode[n] == "stated"))


def arrange(totals: Totals, year: str) -> Arrangement:
    """The arrangement of every organisation that exists in a year."""
    found = Arrangement(year)
    tree = totals.tree
    for code in tree.organisations:
        if tree.exists(code, year):
            found.parents[code] = tree.parent(code, year)
    for code in found.parents:
        _resolve(totals, year, code, found)
    return found


def base_of(totals: Totals, code: str, year: str) -> tuple[str, Value] | None:
    """A body's surplus on the first basis that knows it: forecast, else plan."""
    for basis in BASES:
        value = totals.surplus(code, year, basis)
        if value.known:
            return basis, value
    return None


def _resolve(totals: Totals, year: str, code: str, found: Arrangement) -> bool:
    if code in found.mode:
        return found.known(code)
    kids = totals.children(code, year)
    organisation = totals.tree.organisations[code]
    told = [_resolve(totals, year, kid, found) for kid in kids]
    if kids and all(told) and organisation.complete:
        found.mode[code] = "sum"
        if not organisation.is_grouping:
            _own_money(totals, year, code, found)
        return True
    stated = base_of(totals, code, year)
    if stated is None or (stated[1].inputs and not stated[1].entries):
        found.mode[code] = "unknown"
        missing = [kid for kid, known in zip(kids, told, strict=True) if not known]
        which = f" ({', '.join(missing)})" if missing else " or not all listed"
        found.why[code] = (
            Unknown("incomplete", f"the bodies below are not all known{which}")
            if kids
            else Unknown("not_stated", "there is no forecast and no plan")
        )
        return False
    basis, value = stated
    found.mode[code] = "stated" if kids else "own"
    found.base[code] = _base(code, year, basis, value)
    return True


def _own_money(totals: Totals, year: str, code: str, found: Arrangement) -> None:
    """A provider with bodies below it has money of its own beside theirs."""
    for basis in BASES:
        own = totals.own_surplus(code, year, basis, "")
        if own.known:
            found.base[code] = _base(code, year, basis, own)
            return


def _base(code: str, year: str, basis: str, value: Value) -> Base:
    assert value.pence is not None
    return Base(value.pence, basis, figure_id("surplus", code, year, basis), value.entries)
