"""Where each body would stand with no scheme at all: the money a portfolio starts from.

Body by body at the leaves: what is recorded, then the forecast where there is one, else the plan,
less what each scheme in it was to bring in the months ahead and less the unidentified savings of
those months, since both are counted again only if chosen or found. A parent is the sum of its
bodies; where they do not all report, its stated total stands, less the same for everybody below.
Source: the book's design, section 4, Schemes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from controltotal.book.records import Scheme
from controltotal.book.tree import Tree
from controltotal.core.entries import together
from controltotal.core.kept import kept_from_below
from controltotal.core.unknown import Unknown
from controltotal.programme.effects import Effects
from controltotal.programme.phasing import in_plan
from controltotal.workings.gaps import unidentified
from controltotal.workings.measured import own_passed_on, support_counts
from controltotal.workings.recorded import BASES, NOTHING, Money, Recorded
from controltotal.workings.totals import Totals, figure_id


@dataclass(frozen=True, slots=True)
class Base:
    """A body's position without any scheme; `pence` None where it cannot be told, with why.

    `with_support` adds agreed support on the same basis; `basis` is forecast, plan or mixed;
    `planned` is what was taken out of each scheme, in pence.
    """

    pence: int | None
    with_support: int | None = None
    basis: str = ""
    why: str = ""
    inputs: tuple[str, ...] = ()
    entries: Sequence[int] = ()
    planned: tuple[tuple[str, int], ...] = ()


@dataclass
class Bases:
    """Bases of every organisation, worked out when asked."""

    totals: Totals
    effects: Effects
    recorded: Recorded
    _by_body: dict[str, dict[str, list[Scheme]]] = field(default_factory=dict)

    @property
    def tree(self) -> Tree:
        """The dated tree of organisations."""
        return self.totals.tree

    @kept_from_below
    def of(self, code: str, year: str) -> Base:
        """The base of a body or grouping in a year."""
        return self._work_out(code, year)

    def basis_of(self, code: str, year: str) -> str:
        """The basis that a body's own money ahead is taken from: forecast, else plan."""
        for basis in BASES:
            if self.totals.adjusted(code, year, basis).known:
                return basis
        return "plan"

    def _work_out(self, code: str, year: str) -> Base:
        totals = self.totals
        kids = totals.children(code, year)
        organisation = totals.tree.organisations[code]
        parts = [self.of(kid, year) for kid in kids]
        if kids and organisation.complete and all(part.pence is not None for part in parts):
            own = None if organisation.is_grouping else self._own(code, year)
            return self._sum(kids, year, parts, own)
        missing = [kid for kid, part in zip(kids, parts, strict=True) if part.pence is None]
        return self._stated(code, year, kids, missing)

    def _sum(self, kids: tuple[str, ...], year: str, parts: list[Base], own: Base | None) -> Base:
        """A parent as the sum of its bodies, and of its own money if it is more than a group."""
        if own is not None and own.pence is not None:
            parts = [*parts, own]
        pence = sum(part.pence or 0 for part in parts)
        supported = (
            sum(part.with_support or 0 for part in parts)
            if all(part.with_support is not None for part in parts)
            else None
        )
        bases = {part.basis for part in parts}
        inputs = tuple(i for part in parts for i in part.inputs)
        entries = together(part.entries for part in parts)
        planned = tuple(one for part in parts for one in part.planned)
        basis = bases.pop() if len(bases) == 1 else "mixed"
        return Base(pence, supported, basis, "", inputs, entries, planned)

    def _own(self, code: str, year: str) -> Base:
        """The own money of a body that also has bodies below it."""
        money = self.recorded.money(code, year, own=True)
        if isinstance(money, Unknown):
            return Base(0, 0, "plan")
        return self._less_schemes(code, year, money, (code,))

    def _stated(self, code: str, year: str, kids: tuple[str, ...], missing: list[str]) -> Base:
        """A body's stated surplus, or a grouping's total where its bodies do not all tell."""
        money = self.recorded.money(code, year)
        if not isinstance(money, Unknown):
            inside = (code, *self.totals.tree.descendants(code, year))
            return self._less_schemes(code, year, money, inside)
        why = money.words
        if kids and money == NOTHING:
            which = f": {', '.join(missing)}" if missing else ""
            why = f"the bodies below are not all known{which}"
        return Base(None, why=why)

    def _less_schemes(self, code: str, year: str, money: Money, inside: tuple[str, ...]) -> Base:
        """Take out what lies ahead and the plan counts on: its schemes and unidentified savings."""
        used, pence = list[int](), money.pence
        planned: list[tuple[str, int]] = []
        for scheme in self._planned(inside, year):
            effect = self.recorded.planned(scheme, year, money.basis)
            if effect is None:
                return Base(
                    None,
                    why=f"scheme {scheme.id} is in the plan and has no start",
                    entries=(scheme.entry,),
                )
            if effect:
                split = self.effects.of(scheme, year).on_heirs(self.totals.tree, year).split(effect)
                here = sum(part for body, part in split.items() if body in inside)
                planned.append((scheme.id, here))
                pence -= here
                used.append(scheme.entry)
        lacking = unidentified(self.totals, code, year, money.basis).taken_as_written()
        if not lacking.known and not lacking.silent:
            why = f"its savings without a scheme cannot be told: {lacking.rule}"
            return Base(None, why=why, entries=lacking.entries)
        pence -= self.recorded.without_scheme(lacking, code, year, money)
        used += lacking.entries
        inputs = list(money.figures)
        if lacking.known:
            inputs.append(figure_id("savings_unidentified", code, year, money.basis))
        support = self.totals.support(code, year, money.basis)
        supported = None if support.pence is None else pence + support.pence
        entries = together((money.entries, used))
        return Base(pence, supported, money.basis, "", tuple(inputs), entries, tuple(planned))

    def _planned(self, inside: tuple[str, ...], year: str) -> list[Scheme]:
        """Schemes that the plan counts on and that fall on some of these bodies, in order."""
        if year not in self._by_body:
            by_body: dict[str, list[Scheme]] = {}
            for scheme in self.totals.position.book.schemes:
                effect = self.effects.of(scheme, year).on_heirs(self.totals.tree, year)
                for body, share in effect.shares if in_plan(scheme) else ():
                    if share:
                        by_body.setdefault(body, []).append(scheme)
            self._by_body[year] = by_body  # whole, for another thread may ask meanwhile
        by_body = self._by_body[year]
        found = {row.number: row for body in inside for row in by_body.get(body, ())}
        return [found[number] for number in sorted(found)]

    @kept_from_below
    def counted(self, code: str, year: str) -> tuple[int | None, str]:
        """The base that a control total is measured against, support in or out; or why unknown."""
        base = self.of(code, year)
        if base.pence is None:
            return None, base.why
        counts = support_counts(self.totals, code, year, "")
        if counts:
            why = "" if base.with_support is not None else "the support is not known"
            return base.with_support, why
        if counts is None:
            below = self._counted_below(code, year)
            if below is not None:
                return below, ""
        if counts is None and base.with_support != base.pence:
            return None, "the control total does not say whether support counts"
        return base.pence, ""

    def _counted_below(self, code: str, year: str) -> int | None:
        """What counts for each body below added up, where the control total is only their sum."""
        live, _ = self.totals.live_control_total(code, year, "")
        children = self.totals.children(code, year)
        own = self.totals.own_support(code, year, "plan").pence
        elsewhere = own != own_passed_on(self.totals, code, year, "plan")
        if live is not None or not children or elsewhere:
            return None
        found = [self.counted(kid, year)[0] for kid in children]
        return None if None in found else sum(part for part in found if part is not None)
