"""Who gains and who loses from a scheme, and what that is worth to the system.

A scheme's value to the system is the commissioner's saving, less the provider's lost income, plus
the cost that the provider releases. Rows of `effects` state it; without them the contract with the
provider does: under a pure block the commissioner pays the same whatever is done, so it saves
nothing; where activity is paid for, what the commissioner saves its provider loses. Released cost
counts only where effects state it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from controltotal.book.fold import Position
from controltotal.book.records import Contract, Scheme, SchemeEffect
from controltotal.book.tree import Tree
from controltotal.core.calendar import year_start
from controltotal.core.kept import kept
from controltotal.core.money import apportion
from controltotal.core.period import year_in

VARIABLE = {"block": Fraction(0), "activity": Fraction(1)}


@dataclass(frozen=True, slots=True)
class Effect:
    """Shares of a scheme's saving by body (a loss is negative), how they are known, and entries.

    `how` is own (its own body saves), effects, block, activity, blended, or unknown (a provider is
    named but no contract says how it is paid, so the saving counts for its own body alone).
    """

    shares: tuple[tuple[str, Fraction], ...]
    how: str
    entries: tuple[int, ...] = ()

    @property
    def total(self) -> Fraction:
        """What one pound of the scheme's saving is worth to the system, in pounds."""
        return sum((share for _, share in self.shares), Fraction(0))

    @property
    def moves(self) -> bool:
        """Whether anybody gains or loses: a saving taken from another is nil to the system alone.

        >>> Effect((("C", Fraction(1)), ("P", Fraction(-1))), "activity").moves
        True
        """
        return any(share for _, share in self.shares)

    def split(self, pence: int) -> Mapping[str, int]:
        """A saving by body; the whole is the system's value, rounded once, to the penny.

        >>> Effect((("C", Fraction(1)), ("T", Fraction(-13, 20))), "effects").split(200_000_000)
        {'C': 200000000, 'T': -130000000}
        """
        if len(self.shares) == 1:
            ((code, share),) = self.shares
            return {code: round(pence * share)} if share else {}
        found: dict[str, int] = {}
        for sign in (1, -1):
            part = {code: abs(s) for code, s in self.shares if s * sign > 0}
            if part:
                whole = round(pence * sum(part.values()))
                found |= {code: sign * p for code, p in apportion(whole, part).items()}
        return {code: found[code] for code, _ in self.shares if code in found}

    def on_heirs(self, tree: Tree, year: str) -> Effect:
        """The effect on those who exist in a year: a merged body's part falls on its heirs."""
        if all(tree.exists(code, year) for code, _ in self.shares):
            return self
        whole = 10**12
        found: dict[str, Fraction] = {}
        for code, share in self.shares:
            carried: Mapping[str, int] = {code: whole}
            if not tree.exists(code, year):
                carried = tree.carry(code, whole, year_start(year_in(year)))
            for heir, part in carried.items():
                found[heir] = found.get(heir, Fraction(0)) + share * Fraction(part, whole)
        return Effect(tuple(found.items()), self.how, self.entries)

    def words(self, names: Mapping[str, str] | None = None) -> str:
        """What the scheme is worth to the system, in words."""
        total, worth = self.total, f"{float(self.total):.2f} in the pound to the system"
        if self.how == "own":
            return "its own body saves it"
        if self.how == "block":
            return "nothing is saved under a block contract: the provider is paid the same"
        if self.how == "unknown":
            return "no contract says how the provider is paid, so its loss is not counted"
        if total == 0:
            gain = ", ".join((names or {}).get(c, c) for c, s in self.shares if s > 0)
            lose = ", ".join((names or {}).get(c, c) for c, s in self.shares if s < 0)
            return f"zero-sum within the system: what {gain} gains, {lose} loses"
        return f"worth {worth}"


class Effects:
    """The effect of every scheme of a position."""

    def __init__(self, position: Position) -> None:
        self.position = position

    @cached_property
    def _stated(self) -> Mapping[str, tuple[SchemeEffect, ...]]:
        found: dict[str, list[SchemeEffect]] = {}
        for row in self.position.book.effects:
            found.setdefault(row.scheme, []).append(row)
        return {code: tuple(rows) for code, rows in found.items()}

    @cached_property
    def _contracts(self) -> Mapping[tuple[str, str, str], Contract]:
        return {
            (row.commissioner, row.provider, row.year): row for row in self.position.book.contracts
        }

    @kept
    def of(self, scheme: Scheme, year: str) -> Effect:
        """On whom a scheme's saving falls in a year."""
        own = scheme.organisation
        stated = self._stated.get(scheme.id)
        if stated:
            shares = tuple((row.organisation, Fraction(str(row.share))) for row in stated)
            return Effect(shares, "effects", tuple(row.entry for row in stated))
        provider = scheme.provider
        if not provider or provider == own:
            return Effect(((own, Fraction(1)),), "own")
        contract = self._contracts.get((own, provider, year_in(year)))
        kind = contract.kind if contract else ""
        share = VARIABLE.get(kind)
        if kind == "blended" and contract is not None and contract.variable_share is not None:
            share = Fraction(str(contract.variable_share))
        if contract is None or share is None:
            return Effect(((own, Fraction(1)),), "unknown")
        return Effect(((own, share), (provider, -share)), kind, (contract.entry,))
