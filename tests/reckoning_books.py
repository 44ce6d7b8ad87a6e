"""Generated books in which one thing is asked about by several verbs.

`lending` draws two years of a region whose bodies lend, repay, merge, divide and report months;
`programmes` draws a year of savings schemes with effects on others, contracts, delays, chances and
one scheme that waits for another. Money is in pounds and divides by twelve and by four, so that
what a person works out by hand is whole pence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from hypothesis import strategies as st

from tests.scheme_books import assessments, gates
from tests.strategies import Cells, control_total

FIRST, SECOND = "2026-27", "2027-28"
PARENTS = {"S1": "R0", "S2": "R0", "C1": "S1", "P1": "S1", "P2": "S1", "C2": "S2", "P3": "S2"}
MERGERS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "none": (),
    "renamed": (("P1", "PX", "1"),),
    "merged": (("P1", "PX", "1"), ("P2", "PX", "1")),
    "divided": (("P1", "PX", "0.6"), ("P1", "PY", "0.4")),
    "into a neighbour": (("P1", "P3", "1"),),
}
"""Who follows whom on 1 April 2027: predecessor, successor, share."""

Book = dict[str, list[Cells]]
pounds = st.integers(-900, 900).map(lambda n: n * 1_200)
sums = st.integers(1, 300).map(lambda n: n * 1_200)


def kind_of(code: str) -> str:
    """The kind of a body, by its first letter."""
    return {"R": "region", "S": "system", "C": "commissioner", "P": "provider"}[code[0]]


def region(merger: str = "none") -> tuple[list[Cells], list[Cells], dict[str, list[str]]]:
    """Organisations, successions, and the bodies with money of their own in each year."""
    links = MERGERS[merger]
    gone = {old for old, _, _ in links}
    new = [code for code in dict.fromkeys(heir for _, heir, _ in links) if code not in PARENTS]
    rows: list[Cells] = [{"code": "R0", "name": "R0", "kind": "region"}]
    for code, parent in PARENTS.items():
        row = {"code": code, "name": code, "kind": kind_of(code), "parent": parent}
        rows.append({**row, "to": "2027-03-31"} if code in gone else row)
    for code in new:
        row = {"code": code, "name": code, "kind": "provider", "parent": "S1"}
        rows.append({**row, "from": "2027-04-01"})
    follow: list[Cells] = [
        {"predecessor": old, "successor": heir, "on": "2027-04-01", "share": share}
        for old, heir, share in links
    ]
    leaves = [code for code in PARENTS if code[0] in "CP"]
    later = [code for code in leaves if code not in gone] + new
    return rows, follow, {FIRST: leaves, SECOND: later}


def amount(code: str, line: str, pounds: int, **more: str) -> Cells:
    """A row of amounts in pounds; the first year's plan unless told otherwise."""
    row = {"organisation": code, "line": line, "year": FIRST, "basis": "plan"}
    return {**row, **more, "amount": str(pounds)}


# -- lending ---------------------------------------------------------------------------------------


@st.composite
def lending(draw: st.DrawFn) -> Book:
    """Support agreed in the first year, and what of it was repaid or written off in the second.

    The second year has plans, and actuals of its first six months or of all twelve.
    """
    rows, follow, bodies = region(draw(st.sampled_from(sorted(MERGERS))))
    amounts = [
        amount(code, "position", draw(pounds), year=year)
        for year, codes in bodies.items()
        for code in codes
    ]
    months = draw(st.sampled_from((0, 6, 12)))
    for code in bodies[SECOND]:
        each = draw(pounds) // 12
        amounts += [
            amount(code, "position", each, year=SECOND, basis="actual", month=str(month))
            for month in range(1, months + 1)
        ]
    lent = [draw(loans(f"T{n}", bodies[FIRST])) for n in range(draw(st.integers(0, 3)))]
    repaid = [row for loan in lent for row in draw(repayments(loan, months))]
    return {
        "organisations": rows,
        "successions": follow,
        "amounts": amounts,
        "transfers": lent,
        "repayments": repaid,
    }


@st.composite
def loans(draw: st.DrawFn, name: str, bodies: Sequence[str]) -> Cells:
    """One transfer of the first year; only money that moves is ever repaid."""
    giver, receiver = draw(st.permutations(list(bodies)))[:2]
    row = {
        "id": name,
        "from": giver,
        "to": receiver,
        "year": FIRST,
        "amount": str(draw(sums)),
        "kind": "neighbour_support",
        "mechanism": draw(st.sampled_from(("resource_transfer",) * 3 + ("position_improvement",))),
        "status": draw(st.sampled_from(("agreed",) * 4 + ("proposed", "refused"))),
    }
    years = draw(st.integers(0, 2))
    if years and row["mechanism"] == "resource_transfer":
        row |= {"repay_years": str(years), "repay_from": SECOND}
    return row


@st.composite
def repayments(draw: st.DrawFn, loan: Cells, months: int) -> list[Cells]:
    """What was recorded of a loan in the second year: nothing, a part, a part forgiven, or all."""
    if not loan.get("repay_years") or loan["status"] != "agreed" or not months:
        return []
    lent = int(loan["amount"])
    parts = draw(
        st.sampled_from(
            ((), (("repaid", 4),), (("repaid", 1), ("written_off", 2)), (("repaid", 2),) * 2)
        )
    )
    # Two rows of one month and kind would be one row stated twice.
    days = draw(st.permutations(range(1, months + 1)))
    return [
        {
            "transfer": loan["id"],
            "year": SECOND,
            "month": str(month),
            "kind": kind,
            "amount": str(lent * quarters // 4),
        }
        for (kind, quarters), month in zip(parts, days, strict=False)
    ]


# -- programmes ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Planned:
    """One scheme as it was made: what it saves, from when, how surely, and for whom."""

    code: str
    organisation: str
    start: int
    full_year: int
    in_plan: bool
    safe: bool
    chance: float
    shares: tuple[float, float, float]
    delay: int
    effects: Mapping[str, float] = field(default_factory=dict)
    provider: str = ""
    requires: str = ""

    @property
    def parts(self) -> Mapping[str, float]:
        """The share of its saving that each body gains; what one loses is negative."""
        if self.effects:
            return self.effects
        own = {self.organisation: 1.0}
        return own | {self.provider: -1.0} if self.provider else own

    def in_year(self, start: int | None = None) -> int:
        """Pence saved in the year if all goes as planned, from a month (1: April)."""
        return self.full_year * 100 * (13 - (start or self.start)) // 12

    def expected(self, start: int) -> float:
        """Pence expected in the year: chance x mean share x the in-year effect over its delay.

        The delay is geometric: of n months left, month k is saved where it is under k months.
        """
        q = self.delay / (1 + self.delay)
        months = sum(1 - q**k for k in range(1, 14 - start))
        low, mode, high = self.shares
        return self.chance * (low + 4 * mode + high) / 6 * self.full_year * 100 / 12 * months

    @property
    def row(self) -> Cells:
        """The row of the book."""
        low, mode, high = self.shares
        year = 2026 if self.start < 10 else 2027
        return {
            "id": self.code,
            "organisation": self.organisation,
            "title": self.code,
            "recurrence": "recurrent",
            "maturity": "fully_developed",
            "in_plan": "yes" if self.in_plan else "no",
            "start": f"{year}-{(self.start + 2) % 12 + 1:02}-01",
            "full_year_effect": str(self.full_year),
            "low": str(low),
            "mode": str(mode),
            "high": str(high),
            "chance": str(self.chance),
            "delay_months": str(self.delay),
            "provider": self.provider,
            "requires": self.requires,
            "owner": "Chief operating officer",
        }


@dataclass(frozen=True)
class Programme:
    """A book with its schemes, and the plan and unidentified savings of each body in pence."""

    book: Book
    schemes: tuple[Planned, ...]
    plan: Mapping[str, int]
    unidentified: Mapping[str, int]

    @property
    def counted(self) -> dict[str, int]:
        """The schemes that may count, each with the month in which it can start.

        One that requires another needs it, and starts no sooner.
        """
        by_code = {scheme.code: scheme for scheme in self.schemes}
        found = {}
        for scheme in self.schemes:
            first = by_code.get(scheme.requires)
            if scheme.safe and (first is None or first.safe):
                found[scheme.code] = max(scheme.start, first.start if first else 0)
        return found

    def before(self, body: str) -> int:
        """The plan of a body in pence without any scheme and without savings nobody has found."""
        held = sum(
            scheme.in_year() * scheme.parts.get(body, 0)
            for scheme in self.schemes
            if scheme.in_plan
        )
        return round(self.plan[body] - held) - self.unidentified.get(body, 0)

    def expected(self, body: str) -> float:
        """What the schemes that count are expected to bring to a body, in pence."""
        return sum(
            scheme.expected(self.counted[scheme.code]) * scheme.parts.get(body, 0)
            for scheme in self.schemes
            if scheme.code in self.counted
        )


@st.composite
def planned(draw: st.DrawFn, code: str, unsafe: bool) -> Planned:
    """One scheme: its own, with effects on others, or on an activity contract."""
    body = draw(st.sampled_from(("C1", "P1", "P3")))
    kinds = ("own", "effects", "contract") if body == "C1" else ("own", "own", "effects")
    kind = draw(st.sampled_from(kinds))
    other = "P2" if body != "P2" else "P1"
    effects = {}
    if kind == "effects":
        effects = draw(st.sampled_from(({body: 1.0, other: -0.5}, {body: 0.5, other: 0.25})))
    return Planned(
        code,
        body,
        draw(st.sampled_from((3, 7, 12))),
        draw(sums),
        draw(st.booleans()),
        not unsafe and draw(st.integers(0, 3)) > 0,
        draw(st.sampled_from((1.0, 1.0, 0.5))),
        draw(st.sampled_from(((1.0, 1.0, 1.0), (0.5, 0.75, 1.0)))),
        draw(st.sampled_from((0, 0, 2, 6))),
        effects,
        "P2" if kind == "contract" else "",
    )


def evidence(schemes: Sequence[Planned]) -> Book:
    """The rows of schemes with their evidence; an unsafe one has not passed its gate."""
    return {
        "schemes": [scheme.row for scheme in schemes],
        "assessments": [row for scheme in schemes for row in assessments(scheme.code)],
        "gates": [
            row
            for scheme in schemes
            for row in gates(scheme.code)
            if scheme.safe or row["gate"] != "G3"
        ],
    }


@st.composite
def programmes(draw: st.DrawFn, unsafe: bool = False) -> Programme:
    """A year of one region with up to four schemes; `unsafe`: none of them has passed its gate."""
    rows, _, bodies = region()
    schemes = [draw(planned(f"X{n}", unsafe)) for n in range(1, draw(st.integers(1, 4)) + 1)]
    if len(schemes) > 1 and draw(st.booleans()):
        second = {**vars(schemes[1]), "requires": schemes[0].code}
        schemes[1] = Planned(**second)
    plan = {code: draw(pounds) for code in bodies[FIRST]}
    amounts = [amount(code, "position", value) for code, value in plan.items()]
    sought = draw(st.dictionaries(st.sampled_from(bodies[FIRST]), sums, max_size=2))
    amounts += [amount(code, "savings_unidentified", n) for code, n in sought.items()]
    contracts: list[Cells] = [
        {
            "commissioner": "C1",
            "provider": "P2",
            "year": FIRST,
            "kind": "activity",
            "baseline": "9000000",
        }
    ]
    book: Book = {
        "organisations": rows,
        "amounts": amounts,
        "contracts": contracts,
        **evidence(schemes),
        "effects": [
            {"scheme": scheme.code, "organisation": body, "share": str(share)}
            for scheme in schemes
            for body, share in scheme.effects.items()
        ],
        # More than any scheme can bring, so that every scheme is wanted.
        "control_totals": [control_total(code, 90_000_000) for code in bodies[FIRST]],
    }
    return Programme(
        book,
        tuple(schemes),
        {code: value * 100 for code, value in plan.items()},
        {code: value * 100 for code, value in sought.items()},
    )


# -- tangles ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tangle:
    """Certain schemes of P1 of which some exclude each other and two may overlap."""

    book: Book
    schemes: tuple[Planned, ...]
    excludes: frozenset[frozenset[str]]
    overlap: frozenset[str]

    @property
    def best(self) -> int:
        """The most that a lawful choice saves in the year, in pence, by trying every choice.

        Two that overlap name no opportunity, so together they save no more than the larger.
        """
        most = 0
        for size in range(len(self.schemes) + 1):
            for choice in combinations(self.schemes, size):
                codes = {scheme.code for scheme in choice}
                if any(pair <= codes for pair in self.excludes):
                    continue
                saving = sum(scheme.in_year() for scheme in choice)
                if self.overlap and self.overlap <= codes:
                    saving -= min(s.in_year() for s in choice if s.code in self.overlap)
                most = max(most, saving)
        return most


@st.composite
def tangles(draw: st.DrawFn) -> Tangle:
    """Three to five schemes near each other in size, so that two lesser ones may be worth more than
    the largest; no two sums of them are equal, so that one choice is the best."""
    rows, _, bodies = region()
    sizes = draw(st.permutations([4_800 * n for n in (6, 9, 11, 12, 13)]))
    schemes = tuple(
        Planned(f"X{n}", "P1", 7, size, False, True, 1.0, (1.0, 1.0, 1.0), 0)
        for n, size in enumerate(sizes[: draw(st.integers(3, 5))], start=1)
    )
    codes = [scheme.code for scheme in schemes]
    pairs = [frozenset(pair) for pair in combinations(codes, 2)]
    excludes = draw(st.frozensets(st.sampled_from(pairs), max_size=4))
    overlap = draw(
        st.sampled_from([pair for pair in pairs if pair not in excludes] or [frozenset()])
    )
    overlap = overlap if draw(st.booleans()) else frozenset()
    book: Book = {
        "organisations": rows,
        "amounts": [amount(code, "position", 0) for code in bodies[FIRST]],
        **evidence(schemes),
        "control_totals": [control_total(code, 90_000_000) for code in bodies[FIRST]],
    }
    book["schemes"] = [
        {
            **row,
            "excludes": ";".join(sorted(_others(excludes, row["id"]))),
            "overlaps": ";".join(sorted(_others({overlap}, row["id"]))),
        }
        for row in book["schemes"]
    ]
    return Tangle(book, schemes, excludes, overlap)


def _others(pairs: Collection[frozenset[str]], code: str) -> set[str]:
    """Those that are paired with a scheme and come after it: each pair is written once."""
    return {other for pair in pairs if code in pair for other in pair if other > code}
