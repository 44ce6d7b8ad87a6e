"""Where the base of a forecast stands: whose own money, and what adds up to what.

The base is taken body by body at the leaves: what is recorded, and for what lies ahead the
forecast where there is one, else the plan. A
grouping is the sum of the bodies below when all of them are known; where they are not, a stated
total stands for it, and then what happens to the bodies below must be added to that total too.
Nothing is summed around a hole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from controltotal.book.record import Record
from controltotal.core.kept import DEEP
from controltotal.core.keys import key
from controltotal.core.unknown import Unknown
from controltotal.workings.recorded import BASES, NOTHING, Money, Recorded
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value


@dataclass(frozen=True, slots=True)
class Base:
    """The money that an organisation starts from: pence, and the basis of what lies ahead.

    `month` is the last month recorded, and nil where the whole year lies ahead.
    """

    pence: int
    basis: str
    figures: tuple[str, ...]
    entries: Sequence[int] = ()
    month: int = 0


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


def arrange(recorded: Recorded, year: str) -> Arrangement:
    """The arrangement of every organisation that exists in a year."""
    found = Arrangement(year)
    tree = recorded.totals.tree
    for code in tree.organisations:
        if tree.exists(code, year):
            found.parents[code] = tree.parent(code, year)
    deep = tree.depth(year) > DEEP  # then each after those that it is made of
    for code in tree.lowest_first(year) if deep else found.parents:
        if code in found.parents:
            _resolve(recorded, year, code, found)
    return found


def base_of(totals: Totals, code: str, year: str) -> tuple[str, Value] | None:
    """A body's surplus on the first basis that knows it: forecast, else plan."""
    for basis in BASES:
        value = totals.adjusted(code, year, basis).taken_as_written()
        if value.known:
            return basis, value
    return None


def _resolve(recorded: Recorded, year: str, code: str, found: Arrangement) -> bool:
    if code in found.mode:
        return found.known(code)
    totals = recorded.totals
    kids = totals.children(code, year)
    organisation = totals.tree.organisations[code]
    told = [_resolve(recorded, year, kid, found) for kid in kids]
    if kids and all(told) and organisation.complete:
        found.mode[code] = "sum"
        if not organisation.is_grouping:
            money = recorded.money(code, year, own=True)
            if not isinstance(money, Unknown):
                found.base[code] = _base(money)
        return True
    money = recorded.money(code, year)
    if isinstance(money, Unknown):
        found.mode[code] = "unknown"
        missing = [kid for kid, known in zip(kids, told, strict=True) if not known]
        found.why[code] = money
        if kids and money == NOTHING:
            which = f" ({', '.join(missing)})" if missing else " or not all listed"
            found.why[code] = Unknown("incomplete", f"the bodies below are not all known{which}")
        return False
    found.mode[code] = "stated" if kids else "own"
    found.base[code] = _base(money)
    return True


def _base(money: Money) -> Base:
    return Base(money.pence, money.basis, money.figures, money.entries, money.month)


def bodies_of(totals: Totals, row: Record) -> set[str]:
    """The bodies whose outturn a row would have moved: its own, and those of schemes that use it."""
    text, schemes = row.texts.get, totals.position.book.schemes
    if row.table in ("schemes", "risks", "effects"):
        owners = {one.id: one.organisation for one in schemes}
        return {text("organisation", ""), owners.get(text("scheme", ""), "")}
    if row.table == "opportunities":
        named = key(text("id", ""))
        return {one.organisation for one in schemes if key(one.opportunity or "") == named}
    if row.table == "contracts":
        pair = (text("commissioner", ""), text("provider", ""))
        used = any((one.organisation, one.provider) == pair for one in schemes)
        return set(pair) if used else set()
    return set()


def system_of(totals: Totals, code: str, year: str) -> str:
    """The system that a body is part of, or nothing."""
    for node in (code, *totals.tree.ancestors(code, year)):
        if totals.tree.kind(node) == "system":
            return node
    return ""
