"""Made-up systems under the regime: one to sixty bodies over one to six years, with every input stated.

The shape (bodies, years, first year, seed) is drawn by Hypothesis; the numbers follow from the seed, in
whole thousands of pounds, so that every share of them is whole pence. Each fact stands once, on one
basis, so that nothing can fall back on something else when a row is taken away.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

from hypothesis import strategies as st

from controltotal.core.calendar import next_year

Cells = dict[str, str]
Book = dict[str, list[Cells]]
FIRST_YEARS = [next_year("2013-14", n) for n in range(14)]
STANDARDS = ("rtt", "accident_and_emergency", "cancer")
QUARTERS = ("Q1", "Q2", "Q3", "Q4")


@st.composite
def regimes(draw: st.DrawFn, bodies: int = 60, years: int = 6) -> Book:
    """A system with its bodies under the regime."""
    count = draw(st.integers(1, bodies))
    first = draw(st.sampled_from(FIRST_YEARS))
    span = [next_year(first, n) for n in range(draw(st.integers(1, years)))]
    return regime(count, span, draw(st.integers(0, 2**20)))


def regime(count: int, span: list[str], seed: int) -> Book:
    """The book of a system of `count` bodies: the first is its board, the others are trusts."""
    chance = random.Random(seed)
    codes = [f"B{n:02d}" for n in range(count)]
    organisations = [
        {"code": "REG", "name": "Region", "kind": "region"},
        {"code": "SYS", "name": "System", "kind": "system", "parent": "REG"},
    ]
    for number, code in enumerate(codes):
        kind = "provider" if number else "commissioner"
        organisations.append(
            {"code": code, "name": code, "kind": kind, "parent": "SYS", "population": "100000"}
        )
    book: Book = {
        "organisations": organisations,
        "amounts": [],
        "control_totals": [],
        "facts": [],
        "contracts": [],
        "schemes": schemes(codes, span, chance),
        "parameters": [
            {
                "name": "commissioner_running_cost_per_head",
                "value": "25",
                "from": "2013-04-01",
                "authority": "national policy",
                "mark": "R",
            }
        ],
    }
    for year in span:
        for code in codes:
            one_body(book, code, year, code == codes[0], chance)
            if code != codes[0]:
                book["contracts"].append(
                    {
                        "commissioner": codes[0],
                        "provider": code,
                        "year": year,
                        "kind": "activity",
                        "baseline": thousands(chance, 1, 900),
                    }
                )
    add(book, "SYS", span[0], "deficit_support_limit", 4 * chance.randrange(1, 90) * 1000, "£")
    for quarter in QUARTERS:
        add(book, "SYS", span[0], "on_plan", chance.randrange(2), "count", month=quarter)
    return book


def one_body(book: Book, code: str, year: str, board: bool, chance: random.Random) -> None:
    """What one body states of one year."""
    own = {"organisation": code, "year": year, "basis": "plan"}
    result = chance.randrange(-900, 900) * 1000
    book["amounts"].append({**own, "line": "position", "amount": str(result)})
    target = chance.randrange(-900, 500) * 1000
    book["control_totals"].append(
        {
            "organisation": code,
            "year": year,
            "amount": str(target),
            "status": "accepted",
            "set_on": f"{year[:4]}-03-20",
            "set_by": "region",
        }
    )
    if board:
        book["amounts"].append(
            {**own, "line": "allocation", "amount": str(chance.randrange(90, 900) * 1_000_000)}
        )
        for fact in (
            "opening_balance",
            "resource",
            "spend",
            "set_aside_contingency",
            "set_aside_headroom",
            "headroom_uncommitted",
            "running_cost",
            "overspend_balance",
        ):
            if fact != "overspend_balance" or year == book["amounts"][0]["year"]:
                add(book, code, year, fact, chance.randrange(1, 9000) * 1000, "£")
        return
    add(book, code, year, "turnover", chance.randrange(90, 900) * 1_000_000, "£")
    add(book, code, year, "savings_planned", chance.randrange(1, 40_000) * 1000, "£")
    add(book, code, year, "fund_offer", chance.randrange(1, 20_000) * 1000, "£")
    add(book, code, year, "lpm_agreed", chance.randrange(1, 20_000) * 1000, "£")
    for quarter in QUARTERS:
        add(book, code, year, "finance_met", chance.randrange(2), "count", month=quarter)
        for standard in STANDARDS:
            add(
                book,
                code,
                year,
                "access_met",
                chance.randrange(2),
                "count",
                month=quarter,
                group=standard,
            )


def add(book: Book, code: str, year: str, fact: str, value: int, unit: str, **more: str) -> None:
    row = {"organisation": code, "fact": fact, "year": year, "basis": "actual", **more}
    book["facts"].append({**row, "value": str(value), "unit": unit})


def thousands(chance: random.Random, low: int, high: int) -> str:
    return str(chance.randrange(low, high) * 1000)


def schemes(codes: list[str], span: list[str], chance: random.Random) -> list[Cells]:
    """A scheme or none a body, starting in some month of some year."""
    found = []
    for code in codes:
        if chance.random() < 0.3:
            month = chance.randrange(1, 13)
            found.append(
                {
                    "id": f"S-{code}",
                    "organisation": code,
                    "title": "A scheme",
                    "maturity": "in_progress",
                    "recurrence": chance.choice(("recurrent", "non_recurrent")),
                    "start": f"{chance.choice(span)[:4]}-{month:02d}-01",
                    "full_year_effect": str(12 * chance.randrange(1, 900) * 1000),
                }
            )
    return found


def tenfold(book: Mapping[str, list[Cells]]) -> Book:
    """The same book with all money ten times as much, sums a head and per cent of money included."""
    grown: Book = {}
    for table, rows in book.items():
        grown[table] = [dict(row) for row in rows]
        for row in grown[table]:
            for column in ("amount", "baseline", "full_year_effect"):
                if column in row:
                    row[column] = str(int(row[column]) * 10)
            if table == "facts" and row["unit"] == "£":
                row["value"] = str(int(row["value"]) * 10)
            if table == "parameters":
                row["value"] = "250"
    return grown
