"""Lines typed with the sign that they have in accounts, and not with that of their kind.

Amounts are written positive and the kind of the line says which way they count. Where every cost
of a body is in brackets, or its income negative as in a ledger, the surplus would be wrong by
twice the sum. A single credit among costs is lawful and passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from controltotal.book.doubt.typed import Fault, Typed, fault
from controltotal.book.records import Amount
from controltotal.book.telling import money
from controltotal.core.calendar import year_label

if TYPE_CHECKING:
    from controltotal.book.doubt.screen import Mask, Screen

LINES_THAT_DECIDE: Final = 3
"""So many different lines of one kind that are all negative were not typed so by chance."""
A_TENTH: Final = 10
"""A whole kind below nil that is more than this part of the other kind is no credit."""
SUPPORT: Final = "support_income"

REMEDY: Final = {
    "cost": "Write costs without brackets or minus; or, if the whole book is written so, put the "
    "setting signs with the value costs_negative into the table book.",
    "income": "Write income without brackets or minus; or, if the whole book has ledger signs "
    "(income negative, cost positive), put the setting signs with the value ledger into the "
    "table book.",
}


@dataclass
class Turned:
    """What of a body was found turned about: rows, lines and years."""

    rows: list[Amount] = field(default_factory=list)
    lines: dict[str, None] = field(default_factory=dict)
    years: dict[str, None] = field(default_factory=dict)

    def add(self, rows: list[Amount]) -> None:
        """More rows of the same kind."""
        self.rows += rows
        self.lines |= dict.fromkeys(row.line for row in rows)
        self.years |= dict.fromkeys(row.year for row in rows)


def turned(typed: Typed) -> Iterator[Fault]:
    """A whole kind of a body typed below nil, told once for all its years and bases."""
    found: dict[tuple[str, str], Turned] = {}
    for (code, _, _, _), rows in typed.statements_where(lambda screen: screen.below_nil()):
        kinds = _by_kind(typed, rows)
        for kind, other in (("income", "cost"), ("cost", "income")):
            if _is_turned(kinds[kind], kinds[other]):
                lines = kinds[kind]
                below = [row for row in rows if row.line in lines]
                found.setdefault((code, kind), Turned()).add(below)
    for (code, kind), which in sorted(found.items()):
        yield _fault(typed, code, kind, which)
    yield from _support(typed)


def _by_kind(typed: Typed, rows: list[Amount]) -> Mapping[str, dict[str, int]]:
    """The net sum of each line that makes a surplus, by kind; nil left out."""
    kinds: dict[str, dict[str, int]] = {"income": {}, "cost": {}}
    for row in rows:
        line = typed.lines[row.line]
        if line.added and line.kind in kinds and not typed.either_sign(row.line):
            sums = kinds[line.kind]
            sums[row.line] = sums.get(row.line, 0) + row.amount
    return {kind: {line: net for line, net in sums.items() if net} for kind, sums in kinds.items()}


def _is_turned(lines: Mapping[str, int], others: Mapping[str, int]) -> bool:
    """Whether all the lines of a kind are below nil, and not as one small credit may be."""
    if not lines or max(lines.values()) > 0:
        return False
    if len(lines) >= LINES_THAT_DECIDE:
        return True
    size = sum(abs(net) for net in others.values())
    return bool(others) and A_TENTH * -sum(lines.values()) >= size


def _fault(typed: Typed, code: str, kind: str, which: Turned) -> Fault:
    years = ", ".join(year_label(year) for year in sorted(which.years))
    names = ", ".join(which.lines)
    every = "cost" if kind == "cost" else "income"
    return fault(
        "SIGNS_TURNED",
        code,
        which.rows,
        message=f"{typed.name(code)}, {years}: all its {every} ({names}) is written below nil, so "
        "that it would count the other way.",
        expected="positive amounts; the kind of the line gives the sign",
        found=money(sum(row.amount for row in which.rows)),
        action=REMEDY[kind],
    )


def _with_support(screen: Screen) -> Mask:
    """The statements of support, where any of it is below nil."""
    rows = screen.of_lines({SUPPORT})
    none = screen.of_bodies(())
    return screen.with_lines({SUPPORT}) if (screen.table.pence[rows] < 0).any() else none


def _support(typed: Typed) -> Iterator[Fault]:
    """Support that is income on one basis and negative on another of the same year."""
    sums: dict[tuple[str, str], dict[str, list[Amount]]] = {}
    for (code, year, basis, scenario), rows in typed.statements_where(_with_support):
        some = [row for row in rows if row.line == SUPPORT and row.amount]
        if some and not scenario:
            sums.setdefault((code, year), {})[basis] = some
    for (code, year), bases in sorted(sums.items()):
        net = {basis: sum(row.amount for row in rows) for basis, rows in bases.items()}
        for basis, rows in bases.items():
            above = [other for other, pence in net.items() if pence > 0]
            if net[basis] < 0 and above:
                yield fault(
                    "SIGNS_TURNED",
                    code,
                    rows,
                    message=f"{typed.about(code, year, basis)}: support income is written as "
                    f"{money(net[basis])}, and as {money(net[above[0]])} in the {above[0]}.",
                    expected="support received, written positive",
                    found=money(net[basis]),
                    action="Write support received without brackets or minus; what was paid back "
                    "is a row of the table repayments.",
                )
