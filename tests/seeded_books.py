"""Whole books as a system keeps them, true to the penny, and one slip at a time put into them.

A book has three years of a system: plans of the year, actual months of two closed years and of a
part of the third, a forecast, control totals, and the system's own stated totals. Clean books are
varied as real ones are: seasonal months, large and small bodies, a credit among costs, a second
counterparty, schemes that ramp up, a merger with its months divided, sums to the nearest £0.1m.
`slip` puts one error into a copy and names the rows in which a finding must tell it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

YEARS = ("2024-25", "2025-26", "2026-27")
CLOSED = YEARS[:2]
INCOME = ("patient_care_income", "other_income")
COSTS = ("pay", "non_pay", "drugs", "depreciation")
SHARES = {
    "patient_care_income": 0.9,
    "other_income": 0.1,
    "pay": 0.62,
    "non_pay": 0.24,
    "drugs": 0.11,
    "depreciation": 0.04,
}
SIGN = dict.fromkeys(INCOME, 1) | dict.fromkeys(COSTS, -1)
STEP = {"£": 1, "£k": 1_000, "£m": 100_000}
"""To how many pounds each unit is written here."""
PER = {"£": 1, "£k": 1_000, "£m": 1_000_000}
"""Pounds in one of each unit."""

Row = dict[str, str]
Book = dict[str, list[Row]]

STOPPED_OR_WARNED = ("thousand", "million", "sign", "doubled", "total row")
"""Slips that must be told at their place whatever else the book holds."""
DECIDED = ("turned digits", "wrong code", "shifted month", "lost row")
"""Slips that are told wherever a second figure decides."""


@dataclass(frozen=True)
class Style:
    """How a book is written."""

    unit: str
    seasonal: float
    credit: bool
    second_party: bool
    schemes: bool
    merger: bool
    stated: bool
    months_told: int


@dataclass(frozen=True)
class Slipped:
    """A book with one slip: its kind, the rows of `amounts` that show it (2 is the first)."""

    book: Book
    kind: str
    rows: frozenset[int]
    matters: bool = True
    """Whether it is more than rounding, and a second figure is left to decide."""


def style(draw: random.Random) -> Style:
    """One of the ways in which systems keep their books."""
    return Style(
        unit=draw.choice(("£", "£k", "£k", "£m")),
        seasonal=draw.choice((0.0, 0.05, 0.3)),
        credit=draw.random() < 0.4,
        second_party=draw.random() < 0.4,
        schemes=draw.random() < 0.4,
        merger=draw.random() < 0.3,
        stated=draw.random() < 0.25,
        months_told=draw.randint(4, 11),
    )


def clean(seed: int) -> Book:
    """A book without a slip."""
    draw = random.Random(seed)
    how = style(draw)
    bodies = [f"T{n}" for n in range(1, draw.randint(2, 4) + 1)]
    sizes = {body: draw.choice((40, 90, 250, 400, 900)) * 1_000_000 for body in bodies}
    writer = _Writer(how, draw)
    for body in bodies:
        writer.body(body, sizes[body])
    if how.merger:
        writer.merge(bodies[-1], sizes[bodies[-1]])
    writer.totals()
    return writer.book(bodies)


class _Writer:
    """Writes the rows of a book, and keeps what they add up to."""

    def __init__(self, how: Style, draw: random.Random) -> None:
        self.how, self.draw = how, draw
        self.amounts: list[Row] = []
        self.sums: dict[tuple[str, str, str], int] = {}
        self.plans: dict[tuple[str, str], int] = {}
        self.later: dict[str, Row] = {}
        self.merged = ""

    def put(self, body: str, line: str, year: str, basis: str, pounds: float, **more: str) -> int:
        """One row, and the pounds that it says when rounded to the unit of the book."""
        step = STEP[self.how.unit]
        whole = round(pounds / step) * step
        text = str(Decimal(whole) / PER[self.how.unit])
        row = {"organisation": body, "line": line, "year": year, "basis": basis, **more}
        self.amounts.append({**row, "amount": _plain(text)})
        return whole

    def add(self, year: str, basis: str, month: str, pounds: float) -> None:
        """What the system's stated total is made of, before rounding."""
        key = (year, basis, month)
        self.sums[key] = self.sums.get(key, 0) + round(pounds)

    def body(self, code: str, size: int) -> None:
        """Three years of a body."""
        growth, margin = 1.0, self.draw.uniform(-0.06, 0.02)
        for year in YEARS:
            growth *= self.draw.uniform(1.01, 1.06)
            self.plans[(code, year)] = self.year(code, year, "plan", size * growth, margin)
            drift = margin + self.draw.uniform(-0.02, 0.01)
            told = 12 if year in CLOSED else self.how.months_told
            self.months(code, year, size * growth, drift, range(1, told + 1))
            if year not in CLOSED:
                self.year(code, year, "forecast", size * growth, drift)
        if self.how.schemes:
            self.scheme(code, size)

    def year(self, code: str, year: str, basis: str, size: float, margin: float) -> int:
        """One row for each line of a year; gives the surplus in pounds as written."""
        if self.how.stated:
            exact = size * (margin or 0.001)
            self.add(year, basis, "", exact)
            return self.put(code, "position", year, basis, exact)
        left = 0
        for line, pounds in self.lines(size, margin).items():
            parts = self.parties(line, pounds)
            for party, part in parts:
                exact = part * self.draw.uniform(0.995, 1.005)
                left += SIGN[line] * self.put(code, line, year, basis, exact, **party)
                self.add(year, basis, "", SIGN[line] * exact)
        return left

    def months(self, code: str, year: str, size: float, margin: float, which: range) -> None:
        """One row for each line and month, seasonal as the book is."""
        for month in which if self.how.stated else ():
            exact = size * margin / 12 * self.draw.uniform(0.6, 1.5)
            self.put(code, "position", year, "actual", exact, month=str(month))
            self.add(year, "actual", str(month), exact)
        if self.how.stated:
            return
        for line, pounds in self.lines(size, margin).items():
            for month in which:
                swing = 1 + self.how.seasonal * (1 if month >= 9 else -0.4)
                swing = swing if line in ("pay", "non_pay", "patient_care_income") else 1.0
                for party, part in self.parties(line, pounds):
                    exact = part / 12 * swing * self.draw.uniform(0.97, 1.03)
                    self.put(code, line, year, "actual", exact, month=str(month), **party)
                    self.add(year, "actual", str(month), SIGN[line] * exact)

    def lines(self, size: float, margin: float) -> dict[str, float]:
        """The lines of a year, in pounds; a credit is a small cost below nil."""
        found = {}
        for line, share in SHARES.items():
            cost = 1 if line in INCOME else (1 - margin) / sum(SHARES[one] for one in COSTS)
            found[line] = size * share * cost
        if self.how.credit:
            found["depreciation"] = -size * 0.003
        return found

    def parties(self, line: str, pounds: float) -> Sequence[tuple[Row, float]]:
        """What a line is split into by the other body: some books name two, of any size."""
        if line != "patient_care_income" or not self.how.second_party:
            return [({}, pounds)]
        return [({"counterparty": "C1"}, pounds * 0.5), ({"counterparty": "C2"}, pounds * 0.5)]

    def scheme(self, code: str, size: int) -> None:
        """A scheme that ramps up month by month, as savings do."""
        name = f"{code}-S"
        for month in range(1, 13):
            self.put(
                code, "pay", YEARS[2], "plan", size * 0.0002 * month, month=str(month), scheme=name
            )
        self.later[name] = {
            "id": name,
            "organisation": code,
            "title": "Rostering",
            "recurrence": "recurrent",
            "maturity": "in_progress",
            "start": "2026-04-01",
            "full_year_effect": _plain(str(Decimal(round(size * 0.03)) / PER[self.how.unit])),
        }

    def merge(self, code: str, size: int) -> None:
        """From October of the second year another body takes over, and the months are divided."""
        heir, year = f"{code}X", YEARS[1]
        self.merged = code
        late = [r for r in self.amounts if r["organisation"] == code and _from(r, year, 7)]
        for row in late:
            row["organisation"] = heir
        for row in [r for r in self.amounts if r["organisation"] == code and r["year"] == year]:
            if row["basis"] == "plan":
                self.amounts.remove(row)
                for month, part in enumerate(self.twelfths(row["amount"]), 1):
                    body = code if month < 7 else heir
                    cells = {"organisation": body, "month": str(month), "amount": part}
                    self.amounts.append({**row, **cells})
        for body, one in list(self.plans):
            if body == code and one == YEARS[2]:
                self.plans[(heir, one)] = self.plans.pop((body, one))
            elif body == code and one == year:
                del self.plans[(body, one)]
        for scheme in self.later.values():
            if scheme["organisation"] == code:
                scheme["organisation"] = heir

    def twelfths(self, text: str) -> list[str]:
        """A year's sum by month, to the step of the book; March bears what is odd."""
        per = PER[self.how.unit]
        steps = int(Decimal(text) * per / STEP[self.how.unit])
        each = [int(steps / 12)] * 11
        each.append(steps - sum(each))
        return [_plain(str(Decimal(one * STEP[self.how.unit]) / per)) for one in each]

    def totals(self) -> None:
        """The system's own rows: what it published for each year, basis and month."""
        for (year, basis, month), pounds in list(self.sums.items()):
            more = {"month": month} if month else {}
            self.put("S1", "position", year, basis, pounds, **more)

    def book(self, bodies: Sequence[str]) -> Book:
        """All the tables."""
        unit = self.how.unit
        organisations = [{"code": "S1", "name": "System", "kind": "system"}]
        for code in bodies:
            row = {"code": code, "name": f"Trust {code}", "kind": "provider", "parent": "S1"}
            organisations.append(row | ({"to": "2025-09-30"} if code == self.merged else {}))
        successions = []
        if self.merged:
            heir = f"{self.merged}X"
            row = {"code": heir, "name": f"Trust {heir}", "kind": "provider", "parent": "S1"}
            organisations.append(row | {"from": "2025-10-01"})
            successions = [{"predecessor": self.merged, "successor": heir, "on": "2025-10-01"}]
        organisations += [
            {"code": code, "name": f"Board {code}", "kind": "pool"} for code in ("C1", "C2")
        ]
        per = PER[unit]
        return {
            "book": [
                {"key": "default_unit", "value": unit},
                {"key": "default_year", "value": YEARS[2]},
                {"key": "fictional", "value": "yes"},
            ],
            "organisations": organisations,
            "successions": successions,
            "amounts": self.amounts,
            "schemes": list(self.later.values()),
            "control_totals": [
                {
                    "organisation": body,
                    "year": year,
                    "amount": _plain(str(Decimal(plan) / per)),
                    "status": "accepted",
                    "set_by": "Region",
                    "set_on": f"{int(year[:4])}-03-20",
                }
                for (body, year), plan in sorted(self.plans.items())
            ],
        }


def _from(row: Mapping[str, str], year: str, month: int) -> bool:
    """Whether a row is of a later year, or of this month or a later one of the year."""
    return row["year"] > year or (row["year"] == year and int(row.get("month") or 0) >= month)


def _plain(text: str) -> str:
    """A decimal without a tail of noughts or an exponent."""
    value = Decimal(text)
    return format(value.normalize(), "f") if value else "0"


# -- slips ---------------------------------------------------------------------------------------


def slip(book: Book, kind: str, seed: int) -> Slipped:
    """A copy of a book with one slip of a kind in it."""
    draw = random.Random(f"{kind} {seed}")
    rows = [dict(row) for row in book["amounts"]]
    numbers = [n for n, row in enumerate(rows) if Decimal(row["amount"]) and "scheme" not in row]
    at = draw.choice(numbers)
    row = rows[at]
    shown = {at + 2}
    value = Decimal(row["amount"])
    matters = True
    unit = next(one["value"] for one in book["book"] if one["key"] == "default_unit")
    if kind in ("thousand", "million"):
        row["amount"] = _plain(str(value * (1000 if kind == "thousand" else 10**6)))
    elif kind == "sign":
        row["amount"] = _plain(str(-value))
        matters = abs(value) * PER[unit] >= 5 * STEP[unit]  # less than that may be rounding
    elif kind == "doubled":
        rows.append(dict(row))
        shown.add(len(rows) + 1)
    elif kind == "total row":
        shown, extra = _total_row(rows, row)
        book = {**book, **{name: [*book.get(name, []), one] for name, one in extra.items()}}
    elif kind == "turned digits":
        turned = _turned(row["amount"])
        matters = abs(Decimal(turned) - value) * PER[unit] >= 10 * STEP[unit]
        row["amount"] = turned
    elif kind == "wrong code":
        codes = sorted({r["organisation"] for r in rows} - {row["organisation"], "S1"})
        row["organisation"] = draw.choice(codes)
    elif kind == "shifted month":
        months = [n for n in numbers if rows[n].get("month", "").isdigit()]
        at = draw.choice(months)
        rows[at]["month"] = str(int(rows[at]["month"]) % 12 + 1)
        shown = {at + 2}
    elif kind == "lost row":
        matters = row["organisation"] != "S1"  # else it is the second figure itself that is lost
        del rows[at]
        shown = {n + 2 for n, r in enumerate(rows) if _beside(r, row)}
    return Slipped({**book, "amounts": rows}, kind, frozenset(shown), matters)


def _total_row(rows: list[Row], row: Row) -> tuple[set[int], dict[str, Row]]:
    """A total added beside its parts: of costs as a line, or of trusts as a body."""
    same = [
        r
        for r in rows
        if all(r.get(k) == row.get(k) for k in ("year", "basis", "month"))
        and "scheme" not in r
        and r["organisation"] != "S1"
    ]
    costs = [r for r in same if r["line"] in COSTS and r["organisation"] == same[0]["organisation"]]
    whole = sum(Decimal(r["amount"]) for r in costs or same)
    added = {**same[0], "amount": _plain(str(whole))}
    added.pop("counterparty", None)
    if costs:
        rows.append(added | {"line": "total_costs"})
        extra = {"lines": {"line": "total_costs", "name": "Total costs", "kind": "cost"}}
    else:
        rows.append(added | {"organisation": "TT"})
        body = {"code": "TT", "name": "All trusts", "kind": "provider", "parent": "S1"}
        extra = {"organisations": body}
    return {len(rows) + 1}, extra


def _turned(text: str) -> str:
    """Two neighbouring digits changed about, the first pair that differ."""
    digits = list(text)
    for place in range(len(digits) - 1):
        one, two = digits[place], digits[place + 1]
        if one.isdigit() and two.isdigit() and one != two:
            digits[place], digits[place + 1] = two, one
            return "".join(digits)
    return text


def _beside(one: Row, lost: Row) -> bool:
    return all(one.get(k) == lost.get(k) for k in ("organisation", "year", "basis"))
