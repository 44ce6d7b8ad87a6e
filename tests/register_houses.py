"""Houses that keep a register of risks and opportunities: their words, their columns and their rows.

Drawn at random for `drawn_registers`, which lays them on sheets.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Final, NamedTuple

from tests.intake_files import FTH, MONTHS, Cell

STYLES: Final = (
    *("plain", "sections", "kinds", "inline", "own chance", "words", "range"),
    *("below", "sheets", "beside", "months", "baf", "net by risk"),
    *("system", "under", "weighted alone"),
)
RISKS: Final = (
    "Winter beds stay open past March",
    "Agency premium above plan",
    "Energy prices rise",
    "Pay award above what is funded",
    "Drug price growth",
    "Elective activity below plan",
    "Industrial action cover",
    "CIP slippage",
    "Insourcing contract overspend",
    "Continuing healthcare growth",
    "Loss of a research contract",
)
CHANCES_UP: Final = (
    "Land sale completes",
    "Release of the annual leave accrual",
    "VAT recovery on the new building",
    "Rates rebate",
    "Additional elective income",
    "Biosimilar switch",
    "Vacancy control",
)
DONE: Final = ("Virtual ward", "Rate card", "Stock review", "Contract renewed", "Weekly panel")
OFFICES: Final = (
    "Chief Operating Officer",
    "Director of Finance",
    "Chief Nurse",
    "Medical Director",
    "Director of Estates",
)
PEOPLE: Final = (
    "Priya Venkataraman",
    "Gareth Llewelyn-Pugh",
    "Oluwaseun Adebayo",
    "Siobhan O'Dowd",
)
UNITS: Final = {"£000": (0, 100_000), "£m": (2, 100_000_000), "£": (0, 100), "£k": (0, 100_000)}
"""By unit: the places behind the point, and its worth in pence."""
SHARES: Final = (5, 10, 20, 25, 30, 40, 50, 60, 75, 80, 90, 100)


class Fact(NamedTuple):
    """What a book must say of a risk or an opportunity."""

    kind: str
    gross: int
    chance: float
    owner: str
    mitigates: str = ""
    body: str = FTH


class Entry(NamedTuple):
    """A row of a register before it is written: gross in the smallest place of its unit."""

    ref: str
    title: str
    kind: str
    gross: int
    share: int
    worth: int
    own: int
    done: str
    owner: str
    body: str = FTH


BODIES: Final = {
    "XF-FTH": "Fenmarch Teaching Hospitals (fictional)",
    "XF-ALD": "Alderwick Hospitals (fictional)",
    "XF-HOL": "Hollowmere General Hospital (fictional)",
    "XF-COM": "Levels Community Health (fictional)",
}


Shows = Callable[[Entry], object]
Column = tuple[str, str, Shows, bool]
"""The upper and the lower heading, what stands in it of a row, and whether totals add it."""


class House:
    """One house: its words, its columns, and its rows of one month."""

    def __init__(self, seed: object) -> None:
        self.random = r = random.Random(f"register {seed}")
        self.style, self.unit = r.choice(STYLES), r.choice(list(UNITS))
        self.places, self.worth = UNITS[self.unit]
        self.has_refs, self.as_text = r.random() < 0.8, r.random() < 0.15
        self.numbered = r.choice(["R{}", "FR-{:02d}", "{}", "BAF {}", "2026-{:03d}"])
        self.net_way = r.choice(["certain", "as risk"])
        self.people, self.owners = r.random() < 0.3, r.random() < 0.6
        self.minus = r.choice(["", "", "", "risks", "worth"])
        self.percent = r.choice(["share", "text", "number", "format"])
        titles = r.sample(RISKS, r.randint(4, 8))
        ups = r.sample(CHANCES_UP, r.randint(2, 5))
        self.entries = [self._entry(n, t, "risk") for n, t in enumerate(titles, 1)]
        if self.has_ups:
            many = len(self.entries)
            self.entries += [self._entry(many + n, t, "mitigation") for n, t in enumerate(ups, 1)]
        if self.style == "kinds" and r.random() < 0.5:
            r.shuffle(self.entries)
        if self.style == "under":
            self.entries = self._under()
        self.closed = (
            {e.title for e in self.entries if r.random() < 0.3} if r.random() < 0.08 else set()
        )
        self.unknown = (
            r.choice(self.entries).title if r.random() < 0.05 and self.style != "range" else ""
        )
        """A row whose value is yet to be found."""

    def _under(self) -> list[Entry]:
        """Each risk with its mitigations in the rows beneath it."""
        found: list[Entry] = []
        ups = [e for e in self.entries if e.kind != "risk"]
        for e in self.entries:
            if e.kind == "risk":
                found.append(e)
                for n in range(self.random.randint(0, 2)):
                    if ups:
                        found.append(ups.pop()._replace(ref=f"{e.ref}.{n + 1}"))
        return found

    @property
    def has_ups(self) -> bool:
        """Whether opportunities have rows of their own."""
        return self.style in _BOTH

    def _entry(self, number: int, title: str, kind: str) -> Entry:
        r = self.random
        step = {"£": 1000, "£m": 5}.get(self.unit, 10)
        gross = r.randint(5, 300) * step
        inline = self.style in ("inline", "own chance", "net by risk") and r.random() < 0.7
        owner = r.choice(PEOPLE if self.people else OFFICES) if self.owners else ""
        return Entry(
            self.numbered.format(number),
            title,
            kind,
            gross,
            r.choice(SHARES),
            gross * r.choice((10, 20, 40)) // 100 if inline else 0,
            r.choice((50, 70, 80, 100)),
            r.choice(DONE) if inline or self.style == "words" else "",
            owner,
            r.choice(list(BODIES)) if self.style == "system" else FTH,
        )

    # -- how cells are written

    def money(self, number: Fraction | int) -> object:
        """A sum as the house writes it."""
        shown = Fraction(number) / 10**self.places
        if self.as_text:
            if not shown:
                return "-"
            text = f"{abs(float(shown)):,.{self.places}f}"
            whole = Fraction(number).denominator == 1
            text = text if whole else f"{abs(float(shown)):,.{self.places + 2}f}"
            return f"({text})" if shown < 0 else text
        return int(shown) if shown.denominator == 1 else float(shown)

    def signed(self, one: Entry, number: Fraction | int) -> Fraction | int:
        """A risk below nil where the house writes it so."""
        return -number if self.minus == "risks" and one.kind == "risk" else number

    def share(self, share: int) -> object:
        """A chance as the house writes it."""
        match self.percent:
            case "text":
                return f"{share}%"
            case "number":
                return share
            case "format":
                return Cell(share / 100, "0%")
        return share / 100

    # -- columns

    def _chance_heading(self) -> str:
        if self.percent == "number":
            return self.random.choice(["Likelihood %", "Probability (%)", "Likelihood (%)"])
        return self.random.choice(["Likelihood", "Probability", "Chance", "Probability %"])

    def _front(self) -> list[Column]:
        r, found = self.random, list[Column]()
        if self.has_refs:
            heading = r.choice(["Ref", "Risk ref", "ID", "No.", "Risk ID"])
            found.append(("", heading, lambda e: e.ref, False))
        if r.random() < 0.3:
            day = r.choice(["12/05/2026", "01/06/2026"])
            found.append(("", "Date raised", lambda _: day, False))
        title = r.choice(["Risk", "Description", "Risk description", "Risk / opportunity", "Title"])
        found.append(("", title, lambda e: e.title, False))
        if self.style == "system":
            by_name = r.random() < 0.5
            found.insert(
                r.choice([0, len(found)]),
                (
                    "",
                    r.choice(["Organisation", "Trust", "Provider", "Body"]),
                    lambda e: BODIES[e.body] if by_name else e.body,
                    False,
                ),
            )
        if self.style in ("kinds", "under"):
            heading = r.choice(["Type", "Risk/Opportunity", "R/O", "Risk or opportunity", ""])
            words = r.choice(
                [("Risk", "Opportunity"), ("R", "O"), ("Risk", "Opp"), ("RISK", "MITIGATION")]
            )
            heading = heading or "Category"
            found.append(("", heading, lambda e: words[e.kind != "risk"], False))
        if self.style == "baf":
            found += [
                ("", "Strategic objective", lambda _: "Sustainable finances", False),
                ("", "L", lambda e: 1 + e.share // 25, False),
                ("", "C", lambda e: 4, False),
                ("", "Inherent score", lambda e: 4 * (1 + e.share // 25), False),
            ]
        if self.owners and r.random() < 0.5:
            found.append(self._owner())
        return found

    def _owner(self) -> Column:
        heading = self.random.choice(["Owner", "Risk owner", "Lead", "Executive lead"])
        return ("", heading, lambda e: e.owner, False)

    def _value(self) -> list[Column]:
        """Columns of gross, chance, weighted, mitigations and what they leave."""
        r, upper = self.random, self.random.choice(["", "", "Value", f"Value {self.unit}"])
        unit = r.choice(["", "", f" {self.unit}", f" ({self.unit})"])
        names = ["Gross", "Gross value", "Gross risk", "Full value", "Financial impact", "Value"]
        if self.style in ("inline", "own chance", "net by risk"):
            names = names[:3]

        def gross(e: Entry) -> object:
            if e.title == self.unknown:
                return "TBC"
            return self.money(self.signed(e, e.gross))

        def weighted(e: Entry) -> object:
            return self.money(self.signed(e, Fraction(e.gross * e.share, 100)))

        first: Column = (upper, r.choice(names) + unit, gross, True)
        chance: Column = (
            "",
            self._chance_heading(),
            lambda e: self.share(e.share),
            False,
        )
        if self.style == "range":
            return self._range(upper, unit, chance)
        if self.style == "months":
            return [*self._months(first), chance]
        found = [first, chance]
        if self.style == "weighted alone":
            found.pop()
        if r.random() < 0.6 or self.style == "weighted alone":
            word = r.choice(["Weighted", "Weighted value", "Risk adjusted", "Expected value"])
            found.append((upper, word + unit, weighted, True))
        if self.style in ("inline", "own chance", "net by risk"):
            found += self._inline(upper, unit)
        return found

    def _months(self, first: Column) -> list[Column]:
        """Values by month, which make the value of the year."""

        def part(at: int) -> Shows:
            def shows(e: Entry) -> object:
                each = e.gross // 12
                number = each if at < 11 else e.gross - 11 * each
                return self.money(self.signed(e, number))

            return shows

        return [first, *(("", name, part(at), True) for at, name in enumerate(MONTHS))]

    def _range(self, upper: str, unit: str, chance: Column) -> list[Column]:
        r = self.random
        words = r.choice(
            [
                ("Best case", "Likely case", "Worst case"),
                ("Best", "Most likely", "Worst"),
                ("Low", "Mid", "High"),
            ]
        )

        def end(times: int) -> Shows:
            return lambda e: self.money(self.signed(e, Fraction(e.gross * times, 100)))

        ends = [(upper, w + unit, end(t), True) for w, t in zip(words, (50, 100, 150), strict=True)]
        if r.random() < 0.3:
            ends.reverse()
        return [*ends, chance]

    def _net(self, e: Entry) -> Fraction:
        """What mitigations leave of a risk."""
        if self.style == "own chance":
            return Fraction(e.gross * e.share - e.worth * e.own, 100)
        if self.net_way == "certain":
            return Fraction(e.gross * e.share, 100) - e.worth
        return Fraction((e.gross - e.worth) * e.share, 100)

    def _inline(self, upper: str, unit: str) -> list[Column]:
        r = self.random
        turned = -1 if self.minus == "worth" else 1
        found: list[Column] = []
        if r.random() < 0.5:
            found.append(("", "Mitigating action", lambda e: e.done, False))
        found.append(
            (
                upper,
                r.choice(["Mitigation", "Mitigation value", "Value of mitigation"]) + unit,
                lambda e: self.money(turned * e.worth) if e.worth else "",
                True,
            )
        )
        if self.style == "own chance":
            found.append(
                ("", "Mitigation likelihood", lambda e: self.share(e.own) if e.worth else "", False)
            )
        net = r.choice(["Net risk", "Residual risk", "Net exposure"])
        found.append((upper, net + unit, lambda e: self.money(self.signed(e, self._net(e))), True))
        return found

    def _aside(self) -> list[Column]:
        r = self.random
        found: list[Column] = []
        if self.style == "words":
            heading = r.choice(["Mitigation", "Mitigating actions", "Actions"])
            found.append(("", heading, lambda e: e.done, False))
        if self.style == "baf":
            found += [
                ("", "Key controls", lambda _: "Monthly review", False),
                ("", "Gaps in control", lambda _: "None known", False),
                ("", "Residual score", lambda e: 2 * (1 + e.share // 25), False),
                ("", "Target score", lambda _: 4, False),
            ]
        some: list[Column] = [
            ("", "RAG", lambda e: "Red" if e.share > 50 else "Amber", False),
            ("", "Status", lambda e: "Closed" if e.title in self.closed else "Open", False),
            ("", "Trend", lambda _: "Up", False),
            ("", "Confidence", lambda _: "Medium", False),
            ("", "Date closed", lambda _: "", False),
            ("", "Gross last month", lambda e: self.money(self.signed(e, e.gross + 10)), True),
            ("", "Original value", lambda e: self.money(self.signed(e, e.gross + 20)), True),
            ("", "In forecast", lambda _: self.money(0), True),
            ("", "Year", lambda _: "2026/27", False),
            ("", "Recurrent", lambda _: "NR", False),
            ("", "Division", lambda e: ("Medicine", "Surgery")[e.share % 2], False),
            ("", "Raised by", lambda e: PEOPLE[e.share % 4], False),
            ("", "Comments", lambda _: "As last month", False),
            ("", "Review date", lambda _: "31/07/2026", False),
            ("", "Last month", lambda e: self.money(self.signed(e, e.gross + 10)), True),
            ("", "Movement", lambda e: self.money(self.signed(e, -10)), True),
            ("", "Score", lambda e: 1 + e.share // 5, False),
            ("", "Category", lambda _: "Finance", False),
        ]
        if self.style in ("kinds", "under"):
            some.pop()
        return [*found, *(one for one in some if r.random() < 0.18)]

    def columns(self) -> list[Column]:
        """All columns, drawn once."""
        front = self._front()
        owner = [] if not self.owners or any(o[1] in _OWNERS for o in front) else [self._owner()]
        every = [*front, *self._value(), *owner, *self._aside()]
        if self.closed and not any(c[1] == "Status" for c in every):
            self.closed = set()
        if self.random.random() < 0.12:
            at = self.random.randint(len(front), len(every) - 1)
            every.insert(at, ("", "", lambda _: "", False))
        if self.random.random() < 0.12:
            word = self.random.choice(["Gross value", "Value", "Likelihood", "Working"])
            every.append(("hide", word, lambda e: e.gross // 3, False))
        return every


_BOTH: Final = ("sections", "kinds", "range", "below", "sheets", "beside", "months", "under")
_OWNERS: Final = ("Owner", "Risk owner", "Lead", "Executive lead")
