"""Schemes that draw on one thing: what they can save together, and which of them then counts.

Overlap is between pairs: of X1, X2 and X3, where X1 overlaps X2 and X2 overlaps X3, X1 and X3 may
both save in full. Schemes that name one opportunity save together no more than it is worth; a
pair that overlaps saves no more than its opportunities together, or than the larger of the two
where they are not both named. Of schemes that exclude each other one counts: the one that the plan
keeps, else that of the best lawful choice by expected saving. A portfolio and a forecast read the
same groups here, and what is cut is cut by the same share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from controltotal.book.records import Opportunity, Scheme
from controltotal.core.finding import Finding
from controltotal.core.money import format_money

WHOLE = Fraction(1)
TOGETHER_MOST = 300
"""Schemes in one group among which the best choice is searched for."""

LEAVES_MOST = 20_000
"""Choices tried in one group of schemes that bear on each other; then the best so far stands."""
SUBSETS_UP_TO = 4
"""Members of a group up to which every remainder is offered to a portfolio."""


@dataclass(frozen=True, slots=True)
class Cap:
    """What some schemes can save together in a full year, in pence, and why.

    `opportunities` are the rows it is taken from; none where a pair overlaps and not both name one.
    `name` says in words what it is, and `one_opportunity` that all draw on a single one.
    """

    name: str
    schemes: tuple[str, ...]
    pence: int
    opportunities: tuple[Opportunity, ...] = ()
    one_opportunity: bool = False

    @property
    def label(self) -> str:
        """The cap with those that it holds."""
        members = ", ".join(self.schemes)
        joint = "drawn on by" if self.one_opportunity else "of"
        return f"{self.name} {joint} {members}"


@dataclass(frozen=True, slots=True)
class Stake:
    """One scheme in the choice: what it takes of a cap, and what it is expected to bring.

    `size` is the saving of a full year and `worth` that of the year asked about, both expected, in
    pence. `kept` says that the plan holds it.
    """

    row: Scheme
    size: int
    worth: float
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Settled:
    """Which schemes count: the share of each that is left to it, and why others are left out."""

    shares: Mapping[str, Fraction]
    reasons: Mapping[str, str]


def opportunity_share(row: Scheme, opportunities: Mapping[str, Opportunity]) -> Fraction:
    """The share of a scheme that the opportunity it draws on can hold.

    A scheme of £10m on an opportunity of £8m saves £8m: four fifths.
    """
    found = opportunities.get(row.opportunity or "")
    if found is None or row.full_year_effect <= max(0, found.value):
        return WHOLE
    return Fraction(max(0, found.value), row.full_year_effect)


def caps_of(
    sizes: Mapping[str, int],
    rows: Mapping[str, Scheme],
    opportunities: Mapping[str, Opportunity],
) -> list[Cap]:
    """Every cap that binds on some schemes, by name; `sizes` are their full years in pence."""
    found: list[Cap] = []
    drawing: dict[str, list[str]] = {}
    for code in sorted(sizes):
        if rows[code].opportunity in opportunities:
            drawing.setdefault(str(rows[code].opportunity), []).append(code)
    for name, codes in sorted(drawing.items()):
        row = opportunities[name]
        found.append(Cap(f"opportunity {name}", tuple(codes), max(0, row.value), (row,), True))
    for joined in _overlapping({code: rows[code].overlaps or () for code in sorted(sizes)}):
        named = sorted({rows[code].opportunity or "" for code in joined})
        if len(named) == 1 and named[0] in opportunities:
            continue  # the cap of their opportunity says it
        if all(name in opportunities for name in named):
            drawn = tuple(opportunities[name] for name in named)
            found.append(Cap("overlap", joined, netted(drawn), drawn))
        else:
            found.append(Cap("overlap", joined, max(0, *(sizes[code] for code in joined))))
    return [cap for cap in found if sum(max(0, sizes[c]) for c in cap.schemes) > cap.pence]


def _overlapping(overlaps: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Pairs that overlap, whoever states it, and all that name one word that is no scheme.

    >>> _overlapping({"A": ("B",), "B": ("C",), "C": (), "D": ("beds",), "E": ("beds",)})
    [('A', 'B'), ('B', 'C'), ('D', 'E')]
    """
    pairs: set[tuple[str, ...]] = set()
    words: dict[str, set[str]] = {}
    for code, others in overlaps.items():
        for other in others:
            if other in overlaps:
                if other != code:
                    pairs.add(tuple(sorted((code, other))))
            else:
                words.setdefault(other, set()).add(code)
    groups = {tuple(sorted(codes)) for codes in words.values() if len(codes) > 1}
    return sorted(pairs | groups)


def netted(opportunities: Iterable[Opportunity]) -> int:
    """The opportunity of several rows, netted: leaves of one view add up, views do not.

    Between views nothing is known, so the largest view stands: the lower bound of the union.
    """
    by_view: dict[str, int] = {}
    for row in opportunities:
        by_view[row.view] = by_view.get(row.view, 0) + max(0, row.value)
    return max(by_view.values(), default=0)


def exclusive_pairs(rows: Mapping[str, Scheme]) -> frozenset[frozenset[str]]:
    """Pairs of schemes of which one may count; exclusion holds both ways whoever states it."""
    return frozenset(
        frozenset((code, other))
        for code, row in rows.items()
        for other in row.excludes or ()
        if other in rows and other != code
    )


def remainders(code: str, sizes: Mapping[str, int], cap: Cap, order: Sequence[str]) -> list[int]:
    """What may be left of a cap to one of its schemes beside others that take theirs whole.

    All that can be of a small group; of a larger one what is left after those that come first in
    `order`, with or without one of them. Only what is above nil and below its own size.

    >>> pair = Cap("opportunity O1", ("X1", "X2"), 12)
    >>> remainders("X2", {"X1": 10, "X2": 6}, pair, ["X1", "X2"])
    [2]
    """
    others = [one for one in order if one in cap.schemes and one != code]
    taken: set[int] = set()
    if len(cap.schemes) <= SUBSETS_UP_TO:
        for count in range(1, len(others) + 1):
            taken |= {sum(sizes[c] for c in some) for some in combinations(others, count)}
    else:
        for count in range(1, len(others) + 1):
            first = sum(sizes[c] for c in others[:count])
            taken |= {first} | {first - sizes[c] for c in others[:count]}
    left = {cap.pence - pence for pence in taken}
    return sorted((one for one in left if 0 < one < sizes[code]), reverse=True)


def settle(stakes: Mapping[str, Stake], caps: Sequence[Cap]) -> Settled:
    """Which schemes count beside each other: the kept choice first, then the best by saving.

    Schemes that bear on each other are chosen together, exactly in all but very large groups; one
    that bears on no other always counts.
    """
    rows = {code: stake.row for code, stake in stakes.items()}
    pairs = exclusive_pairs(rows)
    shares: dict[str, Fraction] = {}
    for group in _bearing_on_each_other(rows, pairs, caps):
        if len(group) == 1:
            shares[group[0]] = WHOLE
            continue
        shares |= _Choice(group, stakes, caps, pairs).best()
    return Settled(shares, _reasons(stakes, caps, pairs, shares))


def _reasons(
    stakes: Mapping[str, Stake],
    caps: Sequence[Cap],
    pairs: frozenset[frozenset[str]],
    shares: Mapping[str, Fraction],
) -> dict[str, str]:
    """Why each scheme that does not count is left out."""
    found: dict[str, str] = {}
    for code, stake in stakes.items():
        if code in shares:
            continue
        against = sorted(o for pair in pairs if code in pair for o in pair - {code} if o in shares)
        lacking = [other for other in stake.row.requires or () if other not in shares]
        if against:
            kept = max(against, key=lambda one: (stakes[one].worth, one))
            found[code] = f"excluded by {kept}, which is {_better(stakes[kept], stake)}"
        elif lacking:
            found[code] = f"needs {lacking[0]}, which does not count"
        else:
            full = next((cap for cap in caps if code in cap.schemes), None)
            found[code] = (
                f"nothing is left to it of the {full.label}"
                if full
                else "what it excludes or needs leaves no room for it"
            )
    return found


def _better(kept: Stake, left: Stake) -> str:
    if kept.worth > left.worth:
        return "worth more"
    return "in the plan" if kept.kept and not left.kept else "part of the best choice"


def _bearing_on_each_other(
    rows: Mapping[str, Scheme], pairs: Iterable[frozenset[str]], caps: Iterable[Cap]
) -> list[tuple[str, ...]]:
    """Schemes joined by exclusion, a cap or a need, each group in order."""
    head = {code: code for code in rows}

    def top(code: str) -> str:
        while head[code] != code:
            code = head[code]
        return code

    needs = ((code, n) for code, row in rows.items() for n in row.requires or () if n in rows)
    for joined in (*pairs, *(cap.schemes for cap in caps), *needs):
        first, *others = sorted(joined)
        for other in others:
            low, high = sorted((top(first), top(other)))
            head[high] = low
    found: dict[str, list[str]] = {}
    for code in sorted(rows):
        found.setdefault(top(code), []).append(code)
    return [tuple(codes) for _, codes in sorted(found.items())]


class _Choice:
    """The best lawful choice of one group, by trying those that can still be the best."""

    def __init__(
        self,
        group: tuple[str, ...],
        stakes: Mapping[str, Stake],
        caps: Sequence[Cap],
        pairs: frozenset[frozenset[str]],
    ) -> None:
        self.stakes = stakes
        self.order = sorted(group, key=lambda c: (not stakes[c].kept, -stakes[c].worth, c))
        self.caps = [cap for cap in caps if cap.schemes[0] in group]
        self.against: dict[str, set[str]] = {code: set() for code in group}
        for pair in pairs:
            if pair <= self.against.keys():
                first, second = pair
                self.against[first].add(second)
                self.against[second].add(first)
        self.leaves = 0
        self.found: tuple[tuple[float, float, int], dict[str, Fraction]] | None = None

    def best(self) -> dict[str, Fraction]:
        """The share of each scheme that counts."""
        if len(self.order) > TOGETHER_MOST:  # nobody's programme: by best rate, not by search
            self._settle([])
        else:
            self._try(0, [])
        return self.found[1] if self.found else {}

    def _gain(self, code: str) -> float:
        return max(0.0, self.stakes[code].worth)

    def _value(self, shares: Mapping[str, Fraction]) -> tuple[float, float, int]:
        """What a choice saves: of schemes that the plan keeps first, then all, then their number."""
        gains = {code: self._gain(code) * float(share) for code, share in shares.items()}
        kept = sum(pence for code, pence in gains.items() if self.stakes[code].kept)
        return round(kept, 2), round(sum(gains.values()), 2), len(shares)

    def _room(self, code: str, shares: Mapping[str, Fraction]) -> int:
        """What the caps of a scheme leave to it."""
        size = self.stakes[code].size
        for cap in self.caps:
            if code in cap.schemes:
                taken = sum(
                    round(self.stakes[c].size * shares[c]) for c in cap.schemes if c in shares
                )
                size = min(size, cap.pence - taken)
        return max(0, size)

    def _try(self, place: int, whole: list[str]) -> None:
        if self.leaves >= LEAVES_MOST:
            return
        if place == len(self.order):
            self.leaves += 1
            self._settle(whole)
            return
        if self.found is not None and not self._may_better(place, whole):
            return
        code = self.order[place]
        shares = dict.fromkeys(whole, WHOLE)
        size = self.stakes[code].size
        if not self.against[code] & set(whole) and (size <= 0 or self._room(code, shares) == size):
            self._try(place + 1, [*whole, code])
        if (
            self.against[code]
            or any(code in cap.schemes for cap in self.caps)
            or self.stakes[code].row.requires
        ):
            self._try(place + 1, whole)

    def _may_better(self, place: int, whole: Sequence[str]) -> bool:
        """Whether a choice begun so can still be the best: everything lawful beside it, whole."""
        barred = set().union(*(self.against[code] for code in whole)) if whole else set()
        most = dict.fromkeys((c for c in self.order if c not in barred), WHOLE)
        return self.found is None or self._value(most) > self.found[0]

    def _settle(self, whole: Sequence[str]) -> None:
        """Give what is left of the caps to the others, best rate first, and keep the best."""
        shares = dict.fromkeys(whole, WHOLE)
        rest = [c for c in self.order if c not in shares and self.stakes[c].size > 0]
        for code in sorted(rest, key=lambda c: (-self._gain(c) / self.stakes[c].size, c)):
            if self.against[code] & shares.keys():
                continue
            room = self._room(code, shares)
            if room > 0:
                shares[code] = Fraction(room, self.stakes[code].size)
        while True:
            lacking = [
                code
                for code in shares
                if any(n not in shares for n in self.stakes[code].row.requires or ())
            ]
            if not lacking:
                break
            for code in lacking:
                del shares[code]
        value = self._value(shares)
        if self.found is None or value > self.found[0]:
            self.found = (value, shares)


def said_of(caps: Sequence[Cap], rows: Mapping[str, Scheme]) -> list[Finding]:
    """That schemes draw on one opportunity, or overlap, and are capped: one finding for each cap."""
    return [_capped(cap) if cap.opportunities else _unpriced(cap, rows) for cap in caps]


def _capped(cap: Cap) -> Finding:
    codes, row = ", ".join(cap.schemes), cap.opportunities[0]
    names = ", ".join(one.id for one in cap.opportunities)
    which = "opportunity" if len(cap.opportunities) == 1 else "opportunities"
    return Finding(
        code="OPPORTUNITY_DRAWN_TWICE",
        severity="information",
        organisation=row.organisation,
        where=", ".join(one.where for one in cap.opportunities),
        message=f"Schemes {codes} draw on {which} {names}; together they count for no more than "
        f"£{format_money(cap.pence)} million a year.",
        expected="schemes worth no more than what they draw on",
        found=codes,
        action="Lower their effects, or name another opportunity.",
        detail=row.detail,
    )


def _unpriced(cap: Cap, rows: Mapping[str, Scheme]) -> Finding:
    row = rows[cap.schemes[0]]
    return Finding(
        code="OVERLAP_WITHOUT_OPPORTUNITY",
        severity="warning",
        organisation=row.organisation,
        where=row.where,
        message=f"Schemes {', '.join(cap.schemes)} overlap, but not all name an opportunity that "
        "could cap them; together they count for no more than the largest of them.",
        expected="an opportunity for each",
        found="none",
        action="Name the opportunity that each draws on.",
        detail=row.detail,
    )
