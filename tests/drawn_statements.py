"""Income and expenditure sheets as any house lays them out, drawn at random, with what they say.

Lines are called as trusts call them, most by no name of the book; totals, subtotals, results below
the line, support and memorandum rows stand where a house puts them or not at all; columns are months,
blocks, stretches to date or recurrent and non-recurrent parts; costs are written positive or negative.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from tests.intake_files import xlsx

MONTHS: Final = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
INCOME: Final = (
    "Patient care income",
    "NHS clinical income",
    "Other operating income",
    "Education and training income",
    "Research income",
    "Private patient income",
    "Car parking and other income",
)
PAY: Final = (
    "Medical staff",
    "Nursing staff",
    "Other clinical staff",
    "Non-clinical staff",
    "Agency staff",
    "Bank staff",
)
NON_PAY: Final = (
    "Drugs",
    "Clinical supplies and services",
    "Premises and utilities",
    "Outsourcing",
    "Clinical negligence premium",
    "General supplies",
    "Other operating costs",
    "Consultancy",
)
BELOW: Final = ("Depreciation", "Interest receivable", "Interest payable", "PDC dividend")
"""Rows beneath EBITDA; interest receivable alone is income."""
SUPPORT: Final = "Deficit support funding"
STYLES: Final = ("months", "told and expected", "to date", "in month", "parts", "blocks")
UNITS: Final = {"£000": (0, 100_000), "£m": (3, 100_000_000), "£": (2, 100), "£k": (0, 100_000)}
"""By unit: the places behind the point, and its worth in pence."""


class When(NamedTuple):
    """Of what a column is: basis, period as the book writes it, and the part of money that repeats."""

    basis: str
    period: str
    part: str = ""


@dataclass
class Statement:
    """A sheet and, by basis and period, its surplus without support and its support, in pence."""

    style: str
    unit: str
    rows: list[list[object]] = field(default_factory=list)
    truth: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """The sheet as a workbook."""
        return xlsx(path, {"I&E": self.rows})


class _Draw:
    """One house: which rows it has, how it calls them, and what stands in them."""

    def __init__(self, seed: object) -> None:
        self.random = r = random.Random(f"statement {seed}")
        self.style, self.unit = r.choice(STYLES), r.choice(list(UNITS))
        self.places, self.worth = UNITS[self.unit]
        self.month = r.randint(3, 11)
        self.income = r.sample(INCOME, r.randint(2, 4))
        self.pay, self.non_pay = r.sample(PAY, r.randint(2, 4)), r.sample(NON_PAY, r.randint(3, 5))
        self.ebitda = r.random() < 0.6
        self.below = r.sample(BELOW, r.randint(1, 4)) if self.ebitda else []
        self.support = [SUPPORT] if r.random() < 0.4 else []
        self.sign = -1 if r.random() < 0.4 else 1
        """How costs are written."""
        self.whens = self._whens()
        self.sums: dict[tuple[str, When], int] = {}
        self.memo = 0
        for name in (*self.income, *self.pay, *self.non_pay, *self.below, *self.support):
            usual = r.randint(1_000, 20_000 if name in self.income else 8_000)
            for when in self.whens:
                length = self.month if when.period.startswith("YTD") else 1 if when.period else 12
                step = 10**self.places * (1000 if self.unit == "£" else 1)
                number = usual * length * r.randint(900, 1100) * step // 1000
                self.sums[name, when] = number // 1000 if self.unit == "£m" else number

    def _whens(self) -> list[When]:
        every = range(1, 13)
        year, date = "", f"YTD{self.month}"
        match self.style:
            case "months":
                return [When("plan", str(n)) for n in every]
            case "told and expected":
                return [When("actual" if n <= self.month else "forecast", str(n)) for n in every]
            case "to date":
                return [When("actual", date), When("plan", year), When("forecast", year)]
            case "in month":
                alone = [When("plan", str(self.month)), When("actual", str(self.month))]
                return [*alone, When("actual", date), When("plan", year), When("forecast", year)]
            case "parts":
                return [When("plan", year, "recurrent"), When("plan", year, "non_recurrent")]
        return [When(basis, str(n)) for basis in ("plan", "actual") for n in every[: self.month]]

    def of(self, names: Sequence[str], when: When) -> int:
        return sum(self.sums[name, when] for name in names)

    def result(self, names: Sequence[str], when: When) -> int:
        """Income less costs of some rows."""
        income = [n for n in names if n in INCOME or n in (SUPPORT, BELOW[1])]
        return self.of(income, when) - self.of([n for n in names if n not in income], when)

    def table(self) -> list[tuple[str, Callable[[When], int] | None, int]]:
        """Rows: label, what stands in a column, and which way more of it is better."""
        r, costs = self.random, (*self.pay, *self.non_pay)
        account = (*self.income, *costs, *self.below)
        rows: list[tuple[str, Callable[[When], int] | None, int]] = []

        def cost(names: Sequence[str]) -> Callable[[When], int]:
            return lambda when: self.sign * self.of(names, when)

        def lines(names: Sequence[str]) -> None:
            for name in names:
                plain = name in INCOME or name == BELOW[1]
                found = (
                    (lambda n: lambda when: self.of([n], when)) if plain else (lambda n: cost([n]))
                )
                rows.append((name, found(name), 1 if plain else self.sign * -1))

        if r.random() < 0.7:
            rows.append((r.choice(["Income", "INCOME"]), None, 0))
        lines(self.income)
        rows.append(
            (r.choice(["Total income", "Income total"]), lambda w: self.of(self.income, w), 1)
        )
        if r.random() < 0.7:
            rows.append(("Expenditure", None, 0))
        subtotals = r.random() < 0.6
        lines(self.pay)
        if subtotals:
            label = r.choice(["Total pay", "Pay total", "Pay costs"])
            rows.append((label, cost(self.pay), -self.sign))
        lines(self.non_pay)
        if subtotals:
            rows.append(
                (r.choice(["Total non-pay", "Non pay total"]), cost(self.non_pay), -self.sign)
            )
        label = r.choice(["Total expenditure", "Total operating expenditure", "Total costs"])
        rows.append((label, cost(costs), -self.sign))
        if self.ebitda:
            rows.append(("EBITDA", lambda w: self.result((*self.income, *costs), w), 1))
            lines(self.below)
        bottom = "Surplus/(deficit) before support" if self.support else "Surplus/(deficit)"
        rows.append((bottom, lambda w: self.result(account, w), 1))
        if self.support:
            whole = (*account, SUPPORT)
            rows.append((SUPPORT, lambda w: self.of([SUPPORT], w), 1))
            rows.append(("Surplus/(deficit) after support", lambda w: self.result(whole, w), 1))
        if r.random() < 0.3:
            label = r.choice(["Efficiencies included above", "of which agency"])
            rows += [("Memorandum", None, 0), (label, lambda _: 500, 1)]
        return rows


Column = tuple[str, str, Callable[[Callable[[When], int], int], int]]
"""The upper and the lower heading, and what stands in it of a row that is better one way."""


def _columns(d: _Draw) -> list[Column]:
    whens = d.whens

    def one(upper: str, lower: str, when: When) -> Column:
        return upper, lower, lambda row, _: row(when)

    def total(upper: str, lower: str, some: Sequence[When]) -> Column:
        return upper, lower, lambda row, _: sum(map(row, some))

    def less(upper: str, first: When, second: When) -> Column:
        return upper, "Variance", lambda row, better: better * (row(first) - row(second))

    if d.style == "months":
        months = [one("", MONTHS[n], when) for n, when in enumerate(whens)]
        return [*months, total("", "Full year", whens)]
    if d.style == "told and expected":
        named = {"actual": "Actual", "forecast": "Forecast"}
        months = [one(named[w.basis], MONTHS[n], w) for n, w in enumerate(whens)]
        upper = d.random.choice(["Total", "Forecast", ""])
        return [*months, total(upper, d.random.choice(["Full year", "2026/27"]), whens)]
    if d.style in ("to date", "in month"):
        actual, plan, forecast = whens[-3:]
        year = [one("Full year", "Plan", plan), one("Full year", "Forecast", forecast)]
        alone = []
        if d.style == "in month":
            alone = [one("In month", "Plan", whens[0]), one("In month", "Actual", whens[1])]
            alone.append(less("In month", whens[1], whens[0]))
        date = one("Year to date", "Actual", actual)
        return [*alone, date, *year, less("Full year", forecast, plan)]
    if d.style == "parts":
        second = d.random.choice(["Non-recurrent", "Non recurrent", "NR"])
        parts = [one("Plan 2026/27", "Recurrent", whens[0]), one("Plan 2026/27", second, whens[1])]
        return [*parts, total("Plan 2026/27", "Total", whens)]
    found: list[Column] = []
    for basis in ("plan", "actual"):
        some = [w for w in whens if w.basis == basis]
        found += [one(basis.title(), MONTHS[n], when) for n, when in enumerate(some)]
        found.append(total(basis.title(), "Year to date", some))
    return found


def drawn_statement(seed: object) -> Statement:
    """The sheet of a seed."""
    d = _Draw(seed)
    made = Statement(d.style, d.unit)
    columns, scale = _columns(d), 10**d.places
    what = "Plan 2026/27" if d.style in ("months", "parts") else f"Month {d.month} 2026/27"
    made.rows += [[f"Income and expenditure, {what}"], [d.unit], []]
    if any(upper for upper, _, _ in columns):
        made.rows.append(["", *(upper for upper, _, _ in columns)])
    made.rows.append(["", *(lower for _, lower, _ in columns)])
    for label, row, better in d.table():
        cells = [stands(row, better) / scale for _, _, stands in columns] if row else []
        made.rows.append([label, *(int(one) if not d.places else one for one in cells)])
    for when in d.whens:
        found = made.truth.setdefault((when.basis, when.period), [0, 0])
        account = (*d.income, *d.pay, *d.non_pay, *d.below)
        found[0] += d.result(account, when) * d.worth // scale
        found[1] += d.of(d.support, when) * d.worth // scale
    if d.style == "told and expected":
        sums: Mapping[tuple[str, str], list[int]] = dict(made.truth)
        made.truth["forecast", ""] = [sum(one[n] for one in sums.values()) for n in range(2)]
    return made
