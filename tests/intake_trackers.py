"""Trackers of savings in six house styles, of any size, from invented schemes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tests.intake_files import DATED, FTH, FTH_NAME, MONTHS, NUMBERED, Line, Truth, flat

TITLES: Final = (
    "Fewer agency nurses", "Theatre lists that start on time", "One stores contract", "Biosimilars",
    "Light and heat", "Outpatient letters by e-mail", "Bank rates", "Beds closed in summer",
    "Loan stock of implants", "Private rooms", "Taxi contract", "Waste segregation",
)  # fmt: skip
WHERE: Final = ("Surgery", "Medicine", "Women and children", "Estates", "Corporate")
OWNERS: Final = ("Director of Nursing", "Chief Operating Officer", "Director of Estates")
STATES: Final = {
    "Fully developed": "fully_developed",
    "Plans in progress": "in_progress",
    "Opportunity": "opportunity",
}
RECURS: Final = {"R": "recurrent", "NR": "non_recurrent"}
UNIT: Final = 100_000


@dataclass(frozen=True)
class Scheme:
    """An invented scheme, its money in thousands by month."""

    id: str
    title: str
    where: str
    owner: str
    recurs: str
    state: str
    plan: tuple[int, ...]
    actual: tuple[int, ...]
    full_year: int


def schemes(seed: object, count: int, prefix: str = "FTH") -> list[Scheme]:
    """Schemes in the order of their directorates; `actual` has nine months."""
    generator = random.Random(f"schemes {seed}")
    found = []
    for number in range(1, count + 1):
        plan = tuple(generator.randrange(0, 60) for _ in range(12))
        found.append(
            Scheme(
                f"{prefix}-{number:03}",
                f"{TITLES[number % len(TITLES)]} {number}",
                WHERE[(number - 1) * len(WHERE) // count],
                generator.choice(OWNERS),
                generator.choice(tuple(RECURS)),
                generator.choice(tuple(STATES)),
                plan,
                tuple(max(0, one + generator.randrange(-9, 6)) for one in plan[:9]),
                sum(plan) + generator.randrange(1, 90),
            )
        )
    return found


def truth_of(
    found: Sequence[Scheme],
    *,
    plan: bool = True,
    actual: bool = False,
    fields: Sequence[str] = ("title", "recurrence"),
    org: str = FTH,
    truth: Truth | None = None,
) -> Truth:
    """What a tracker of these says."""
    truth = truth or Truth()
    for one in found:
        every = {
            "title": one.title,
            "organisation": org,
            "recurrence": RECURS[one.recurs],
            "maturity": STATES[one.state],
            "full_year_effect": one.full_year * UNIT,
            "directorate": one.where,
        }
        truth.schemes[one.id] = {name: every[name] for name in fields}
        for basis, months in (
            ("plan", one.plan if plan else ()),
            ("actual", one.actual if actual else ()),
        ):
            for month, number in enumerate(months, 1):
                truth.put("", month, basis, number * UNIT, org, one.id)
    return truth


Style = tuple[dict[str, list[Line]], Truth]
TITLE: Final[list[Line]] = [[FTH_NAME], ["Savings tracker 2026/27"], ["£000"], []]


def total(name: str, rows: Sequence[Line], labels: int) -> list[object]:
    """A row of sums behind its label columns."""
    numbers = [sum(column) for column in zip(*(row[labels:] for row in rows), strict=True)]
    return [name, *[""] * (labels - 1), *numbers]


def programme_office(found: Sequence[Scheme]) -> Style:
    """One row a scheme, the plan by month, its total, the full-year effect, a total below."""
    head = ["ID", "Scheme", "Directorate", "Exec lead", "R/NR", "RAG", "Status"]
    rows: list[Line] = [
        [
            *(one.id, one.title, one.where, one.owner, one.recurs, "Amber", one.state),
            *one.plan,
            sum(one.plan),
            one.full_year,
        ]
        for one in found
    ]
    lines = [[*head, *NUMBERED, "Total", "FYE"], *rows, total("Total", rows, len(head))]
    fields = ("title", "recurrence", "maturity", "full_year_effect", "directorate")
    return {"Tracker": [*TITLE, ["Plan"], *lines]}, truth_of(found, fields=fields)


def side_by_side(found: Sequence[Scheme]) -> Style:
    """Plan and actual by month under two heading rows, with a subtotal to each directorate."""
    labels = ["Scheme ID", "Scheme name", "Division", "Recurrent / Non-recurrent"]
    lines: list[Line] = [[*[""] * 4, "Plan", *[""] * 12, "Actual"]]
    lines.append([*labels, *DATED, "Plan total", *DATED[:9], "YTD actual"])
    rows: list[Line] = []
    for where in dict.fromkeys(one.where for one in found):
        part: list[Line] = [
            [
                one.id,
                one.title,
                one.where,
                one.recurs,
                *one.plan,
                sum(one.plan),
                *one.actual,
                sum(one.actual),
            ]
            for one in found
            if one.where == where
        ]
        lines += [*part, total(f"{where} total", part, 4)]
        rows += part
    return {"CIP": [*TITLE, *lines, total("Grand total", rows, 4)]}, truth_of(found, actual=True)


def in_pounds(found: Sequence[Scheme]) -> Style:
    """Other words for everything, in pounds, without a code of state."""
    head = ["Scheme ref", "Project title", "Care group", "Recurrent (Y/N)"]
    rows: list[Line] = [
        [
            one.id,
            one.title,
            one.where,
            "Y" if one.recurs == "R" else "N",
            *(n * 1000 for n in (*one.plan, sum(one.plan), one.full_year)),
        ]
        for one in found
    ]
    months = [f"{month} plan" for month in MONTHS]
    lines = [[*head, *months, "In-year plan 2026/27", "Full year effect"], *rows]
    lines.append(total("TOTAL CIP", rows, 4))
    titles: list[Line] = [[FTH_NAME], ["Cost improvement programme 2026/27"], ["All values in £"]]
    fields = ("title", "recurrence", "full_year_effect", "directorate")
    return {"CIP 26-27": [*titles, *lines]}, truth_of(found, fields=fields)


def long(found: Sequence[Scheme]) -> Style:
    """A row to a scheme and month, plan and actual beside each other."""
    lines: list[Line] = [
        ["Scheme ID", "Scheme title", "R/NR", "FYE £k", "Month", "Plan £k", "Actual £k"]
    ]
    for one in found:
        lines += [
            [
                one.id,
                one.title,
                one.recurs,
                one.full_year,
                NUMBERED[n],
                one.plan[n],
                one.actual[n] if n < 9 else "",
            ]
            for n in range(12)
        ]
    return {"Data": [*TITLE[:2], *lines]}, truth_of(found, actual=True)


def of_directorates(found: Sequence[Scheme]) -> Style:
    """A sheet to a directorate, each with its total."""
    sheets: dict[str, list[Line]] = {}
    for where in dict.fromkeys(one.where for one in found):
        rows: list[Line] = [
            [one.id, one.title, one.recurs, *one.plan, sum(one.plan), one.full_year]
            for one in found
            if one.where == where
        ]
        head = ["Ref", "Scheme", "R/NR", *NUMBERED, "Total", "FYE"]
        sheets[where] = [
            *TITLE,
            ["Plan"],
            [f"Directorate: {where}"],
            head,
            *rows,
            total("Total", rows, 3),
        ]
    return sheets, truth_of(found)


def by_year(found: Sequence[Scheme]) -> Style:
    """No months: plan, actual and variance to date, plan, forecast outturn and variance."""
    truth = truth_of(found, plan=False)
    head = ["Scheme ID", "Scheme", "R/NR", "YTD plan", "YTD actual", "YTD variance"]
    lines: list[Line] = [[*head, "Annual plan", "FOT", "FOT variance", "% delivered"]]
    rows: list[Line] = []
    for one in found:
        plan, actual, year = sum(one.plan[:9]), sum(one.actual), sum(one.plan)
        outturn = actual + sum(one.plan[9:])
        truth.put("", "YTD9", "actual", actual * UNIT, FTH, one.id)
        truth.put("", "", "plan", year * UNIT, FTH, one.id)
        truth.put("", "", "forecast", outturn * UNIT, FTH, one.id)
        truth.put("", "Q4", "plan", (year - plan) * UNIT, FTH, one.id)
        rows.append(
            [
                one.id,
                one.title,
                one.recurs,
                plan,
                actual,
                actual - plan,
                year,
                outturn,
                outturn - year,
            ]
        )
    shares = [[*row, round(row[4] / max(1, row[3]), 3)] for row in rows]
    title: list[Line] = [*TITLE[:1], ["Savings tracker 2026/27, month 9"], *TITLE[2:]]
    return {"M9": [*title, *lines, *shares, total("Total", rows, 3)]}, truth


def by_division(found: Sequence[Scheme]) -> Style:
    """A division in the first of its rows, a year to month 6, the forecast in its two parts."""
    fields = ("title", "directorate", "recurrence")
    truth = truth_of(found, plan=False, fields=fields)
    lines: list[Line] = [
        [
            "Division",
            "Scheme ID",
            "Scheme",
            "Year to date",
            "",
            "",
            "Full year",
            "",
            "Forecast split",
            "",
        ],
        [
            "",
            "",
            "",
            "Plan",
            "Actual",
            "Variance",
            "Plan",
            "Forecast",
            "Recurrent",
            "Non-recurrent",
        ],
    ]
    every: list[Line] = []
    for where in dict.fromkeys(one.where for one in found):
        rows: list[Line] = []
        for number, one in enumerate(two for two in found if two.where == where):
            plan, actual, year = sum(one.plan[:6]), sum(one.actual[:6]), sum(one.plan)
            outturn = year - number - 2
            repeats = {"R": outturn, "NR": 0}[one.recurs] if number % 2 else outturn // 2
            sums = (plan, actual, actual - plan, year, outturn, repeats, outturn - repeats)
            rows.append([where if not number else "", one.id, one.title, *sums])
            for month, basis, pounds in (("YTD6", "actual", actual), ("", "plan", year)):
                truth.put("", month, basis, pounds * UNIT, FTH, one.id)
            truth.put("", "H1", "plan", plan * UNIT, FTH, one.id)
            truth.put("", "", "forecast", outturn * UNIT, FTH, one.id)
            if not number % 2:
                truth.schemes[one.id]["recurrence"] = "unknown"
        lines += [*rows, total(f"{where} subtotal", rows, 3)]
        every += rows
    title: list[Line] = [*TITLE[:1], ["Efficiency programme 2026/27, month 6"], *TITLE[2:]]
    return {"M6": [*title, *lines, total("Trust total", every, 3)]}, truth


STYLES: Final = {
    "by division": by_division,
    "programme office": programme_office,
    "side by side": side_by_side,
    "in pounds": in_pounds,
    "long": long,
    "a sheet to a directorate": of_directorates,
    "by year": by_year,
}


def renamed(one: Scheme, title: str) -> Scheme:
    """The same scheme under another title."""
    return replace(one, title=title)


__all__ = ["STYLES", "TITLE", "UNIT", "Scheme", "flat", "renamed", "schemes", "total", "truth_of"]
