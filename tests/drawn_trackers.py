"""Trusts and how each keeps its tracker of savings, drawn at random; their files are in `drawn_tracker_sheets`.

Headings, rows of title, units, totals, sections, sheets by division, extra columns, how nil and text
are written and how months are told differ from one seed to the next; so does what the money is of.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Final

from tests.intake_files import FTH_NAME

MONTHS: Final = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
STYLES: Final = (
    "plan by month",
    "plan and actual by month",
    "month by month",
    "to date",
    "in month",
    "quarters",
    "rows",
    "year",
    "told and expected",
)
TITLES: Final = (
    "Agency nursing reduction",
    "Theatre productivity",
    "Procurement - stationery & consumables",
    "Biosimilars",
    "LED lighting",
    "Outpatient letters (digital)",
    "Bank rate harmonisation",
    "Skill mix review, Ward 7",
    "Implant consignment stock",
    "Private patient income",
    "Taxi contract",
    "Waste segregation",
    "E-rostering",
    "Total hip replacement pathway",
    "Vacancy control",
    "Medicines optimisation",
    "Estates rationalisation",
    "Coding and counting",
)
DIVISIONS: Final = (
    "Surgery",
    "Medicine",
    "Women & Children",
    "Estates and Facilities",
    "Corporate",
    "Clinical Support",
    "Community",
)
POSTS: Final = ("Director of Nursing", "Chief Operating Officer", "Director of Estates")
NAMES: Final = ("Jane Threlkeld", "Omar Haddadine", "Priya Venkatraman", "Tom Ollerenshaw")
STATES: Final = {
    "Fully developed": "fully_developed",
    "Plans in progress": "in_progress",
    "Opportunity": "opportunity",
    "In delivery": "fully_developed_delivering",
}
UNITS: Final = {"£000": 100_000, "£k": 100_000, "£": 100, "£m": 100_000_000, "£'000": 100_000}
OTHERS: Final = ("Comments", "Milestones", "KPI", "Risk score", "Workstream notes", "BRAG")


@dataclass
class Scheme:
    """An invented scheme; its money in pence by month."""

    id: str
    title: str
    division: str
    recurs: str
    state: str
    owner: str
    manager: str
    start: date
    gates: dict[str, date]
    plan: list[int]
    actual: list[int]
    forecast: list[int]
    effect: int


class House:
    """How one trust keeps its tracker: drawn once, and kept from month to month."""

    def __init__(self, seed: object) -> None:
        self.random = r = random.Random(f"tracker {seed}")
        self.style, self.unit = r.choice(STYLES), r.choice(list(UNITS))
        self.worth = UNITS[self.unit]
        self.month = r.randint(2, 11)
        self.where = r.choice(("column", "column", "sections", "sheets", "none", "first"))
        self.divisions = r.sample(DIVISIONS, r.randint(2, 4))
        self.ids = r.choice(("CIP{:03}", "EFF-26-{:02}", "{}", "S/{:02}", "1.{:02}", ""))
        self.subtotals = self.where != "none" and r.random() < 0.6
        self.grand = r.random() < 0.8
        self.unit_at = r.choice(("above", "title", "heading"))
        self.told = r.choice(("Apr", "Apr-26", "date", "M1", "April", "Month 1", "Apr 26"))
        self.nil = r.choice((0, "-", None, "–"))
        self.texts = r.random() < 0.15
        self.has = {
            name: r.random() < chance
            for name, chance in {
                "recurs": 0.85,
                "state": 0.7,
                "rag": 0.6,
                "owner": 0.5,
                "manager": 0.4,
                "start": 0.4,
                "gates": 0.35,
                "effect": 0.7,
                "qia": 0.25,
                "percent": 0.3,
                "wide": 0.3,
            }.items()
        }
        self.others = r.sample(OTHERS, r.randint(0, 2))
        self.heads = self._heads()
        self.schemes = self._schemes()
        self.titles = self._titles()
        self.upper = r.choice(("once", "each"))
        self.below = r.choice(("", "notes", "key", "summary"))
        self.beside = r.random() < 0.1
        self.blank_rows = r.random() < 0.3
        self.blank_column = r.random() < 0.15
        self.left = r.random() < 0.2
        self.hides = r.random() < 0.15
        self.once = r.choice((0, None, "same"))
        self.gate_text = r.random() < 0.4
        self.total_first = r.random() < 0.5
        self.order = r.random()

    def _heads(self) -> dict[str, str]:
        pick = self.random.choice
        return {
            "id": pick(["Ref", "Scheme ID", "CIP Ref", "Scheme No.", "ID", "Project ref"]),
            "title": pick(["Scheme", "Scheme name", "Project title", "Scheme title", "CIP scheme"]),
            "division": pick(["Division", "Care Group", "Directorate", "Business unit"]),
            "recurs": pick(["R/NR", "Recurrent / Non-recurrent", "Rec/Non-rec", "Recurrent (Y/N)"]),
            "state": pick(["Status", "Scheme status", "Maturity", "Development status"]),
            "rag": pick(["RAG", "RAG rating", "RAG status", "Delivery RAG"]),
            "owner": pick(["Exec lead", "SRO", "Executive lead", "Senior responsible owner"]),
            "manager": pick(["Project manager", "Scheme lead", "Project lead", "Finance lead"]),
            "start": pick(["Start date", "Start", "Planned start date"]),
            "gate": pick(["Gate {}", "Gateway {} date", "G{} date", "Gate {} passed"]),
            "effect": pick(["FYE", "Full year effect", "Full Year Effect (FYE)", "FYE value"]),
            "plan": pick(["Plan", "Plan", "Target", "Budget"]),
            "actual": pick(["Actual", "Actual", "Delivered", "Achieved"]),
            "forecast": pick(["Forecast", "FOT", "Forecast outturn"]),
            "variance": pick(["Variance", "Var", "Variance to plan"]),
            "total": pick(["Total", "Full year", "2026/27 total", "Annual total", "In-year total"]),
            "year plan": pick(["Annual plan", "Full year plan", "Plan 2026/27", "In-year plan"]),
            "year forecast": pick(["FOT", "Forecast outturn", "Full year forecast"]),
            "grand": pick(["Total", "Grand total", "TOTAL CIP", "Trust total"]),
            "sub": pick(["{} total", "Total {}", "{} subtotal", "Sub-total {}"]),
        }

    def scheme(self, number: int, division: str, taken: set[str]) -> Scheme:
        """A new scheme."""
        r = self.random
        title = r.choice([one for one in TITLES if one not in taken])
        taken.add(title)
        step = self.worth // (1000 if self.unit == "£m" else 1)
        step = step * 1000 if self.unit == "£" and r.random() < 0.5 else step
        large = 1 if step >= 100_000 else 1000
        first = r.choice((0, 0, 0, 3, 6))
        plan = [0 if n < first else r.randint(1, 60) * step * large for n in range(12)]
        actual = [max(0, one * r.randint(60, 115) // 100 // step * step) for one in plan]
        ahead = [max(0, one * r.randint(80, 110) // 100 // step * step) for one in plan]
        recurs = r.choice(("R", "R", "NR"))
        gates = {}
        for n in range(1, 1 + r.randint(0, 3)):
            gates[f"G{n}"] = date(2026, n + r.randint(0, 2), r.randint(13, 28))
        return Scheme(
            self.ids.format(number),
            title,
            division,
            recurs,
            r.choice(list(STATES)),
            r.choice(POSTS),
            r.choice(NAMES),
            date(2026, 4 + first, 1),
            gates,
            plan,
            actual,
            ahead,
            sum(plan) + r.randint(0, 40) * step * large,
        )

    def _schemes(self) -> list[Scheme]:
        taken: set[str] = set()
        found: list[Scheme] = []
        for division in self.divisions:
            for _ in range(self.random.randint(2, 4)):
                found.append(self.scheme(len(found) + 1, division, taken))
        return found

    def a_month_on(self) -> Scheme | None:
        """The next month: a scheme more, the first called otherwise, of many the last gone."""
        self.titles = [
            text.replace(f"Month {self.month}", f"Month {self.month + 1}") for text in self.titles
        ]
        self.month += 1
        taken = {one.title for one in self.schemes}
        number, many = len(self.schemes), 12
        gone = self.schemes.pop() if number >= many else None
        self.schemes.append(self.scheme(number + 2, self.divisions[-1], taken))
        if self.ids:
            self.schemes[0].title += " (phase 2)"
        return gone

    def _titles(self) -> list[str]:
        pick = self.random.choice
        what = pick(["CIP tracker", "Efficiency programme", "Savings tracker", "CIP Programme"])
        month = f"Month {self.month}"
        return pick([[f"{what} 2026/27 - {month}"], [FTH_NAME, f"{what} 2026/27", month]])
