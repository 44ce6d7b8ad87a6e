"""The file of one month of a trust that was drawn, and every fact that it says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from tests.drawn_trackers import MONTHS, STATES, House, Scheme
from tests.intake_files import Line, xlsx

HELD: Final = {1: "1", 3: "Q1", 6: "H1", 9: "Q4", 11: "12"}
"""The months of a plan to date that a book can hold beside the plan of the year."""


@dataclass
class Tracker:
    """A file of a trust and what it says."""

    style: str
    unit: str
    sheets: dict[str, list[Line]] = field(default_factory=dict)
    schemes: dict[str, dict[str, object]] = field(default_factory=dict)
    amounts: dict[tuple[str, str, str], int] = field(default_factory=dict)
    gates: set[tuple[str, str, date]] = field(default_factory=set)
    hidden: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, str]] = field(default_factory=list)

    def write(self, path: Path) -> Path:
        """The tracker as a workbook."""

        def then(book: Any, sheets: dict[str, Any]) -> None:
            for sheet in sheets.values():
                for column in self.hidden:
                    sheet.set_column(column, column, None, None, {"hidden": True})

        return xlsx(path, self.sheets, then)


Column = tuple[str, str, Any]
"""The upper and the lower heading, and what stands in it of a scheme: pence, or a text in a tuple."""


class Sheets:
    """The file of one month of a house."""

    def __init__(self, house: House) -> None:
        self.house, self.random = house, random.Random(house.order)
        self.labels, self.money = self._labels(), self._money()

    def _labels(self) -> list[Column]:
        h = self.house
        heads, has = h.heads, h.has
        yes = heads["recurs"] == "Recurrent (Y/N)"
        found: list[Column] = []
        if h.where in ("column", "first"):
            found.append(("", heads["division"], lambda s: (s.division,)))
        if h.ids:
            number = h.ids == "{}"
            found.append(("", heads["id"], lambda s: (int(s.id) if number else s.id,)))
        found.append(("", heads["title"], lambda s: (s.title,)))
        if self.random.random() < 0.2 and h.where != "first":
            found = [*found[:-2], *found[-2:][::-1]]
        rest: list[Column] = []
        if has["owner"]:
            rest.append(("", heads["owner"], lambda s: (s.owner,)))
        if has["manager"]:
            rest.append(("", heads["manager"], lambda s: (s.manager,)))
        if has["recurs"]:
            words = {"R": "Y", "NR": "N"} if yes else {"R": "R", "NR": "NR"}
            rest.append(("", heads["recurs"], lambda s: (words[s.recurs],)))
        if has["state"]:
            rest.append(("", heads["state"], lambda s: (s.state,)))
        if has["rag"]:
            rest.append(("", heads["rag"], lambda s: (["Red", "Amber", "Green"][s.plan[-1] % 3],)))
        if has["start"]:
            as_text = self.random.random() < 0.4
            rest.append(
                ("", heads["start"], lambda s: (f"{s.start:%b-%y}" if as_text else s.start,))
            )
        self.random.shuffle(rest)
        return [*found, *rest, *self._evidence(), *self._aside()]

    def _evidence(self) -> list[Column]:
        h = self.house
        found: list[Column] = []
        if h.has["qia"]:
            found.append(("", "QIA complete", lambda s: ("Yes" if s.gates else "No",)))

        def day(gate: str) -> Any:
            shown = "%d/%m/%Y" if h.gate_text else ""
            return lambda s: (
                (s.gates[gate].strftime(shown) if shown else s.gates[gate])
                if gate in s.gates
                else None,
            )

        if h.has["gates"]:
            found += [("", h.heads["gate"].format(n), day(f"G{n}")) for n in (1, 2, 3)]
        return found

    def _aside(self) -> list[Column]:
        texts = {
            "Comments": "On track. Agreed with {} last week.",
            "Milestones": "Business case to group",
            "KPI": "Length of stay",
            "Workstream notes": "See plan",
            "BRAG": "B",
        }

        def text(name: str) -> Any:
            if name == "Risk score":
                return lambda s: (len(s.title) % 25 + 1,)
            return lambda s: (texts[name].format(s.manager),)

        return [("", name, text(name)) for name in self.house.others]

    # -- money --

    def _month(self, n: int) -> object:
        year = 26 if n < 9 else 27
        long = date(2026, 1 + (n + 3) % 12, 1).strftime("%B")
        return {
            "Apr": MONTHS[n],
            "Apr-26": f"{MONTHS[n]}-{year}",
            "Apr 26": f"{MONTHS[n]} {year}",
            "date": date(2000 + year, 1 + (n + 3) % 12, 1),
            "M1": f"M{n + 1}",
            "April": long,
            "Month 1": f"Month {n + 1}",
        }[self.house.told]

    def _of(self, basis: str, months: Sequence[int]) -> list[Column]:
        h = self.house

        def one(n: int) -> Any:
            return lambda s: getattr(s, basis)[n]

        if h.told != "date" and h.has["wide"] and h.style != "rows":
            return [("", f"{self._month(n)} {h.heads[basis]}", one(n)) for n in months]
        return [(h.heads[basis], self._month(n), one(n)) for n in months]

    def _money(self) -> list[Column]:
        h = self.house
        heads, m, every = h.heads, h.month, range(12)
        effect: list[Column] = [("", heads["effect"], self._effect)] if h.has["effect"] else []
        plan, actual, forecast = heads["plan"], heads["actual"], heads["forecast"]

        def upto(basis: str) -> Any:
            return lambda s: sum(getattr(s, basis)[:m])

        def year(s: Scheme) -> int:
            return sum(s.plan)

        def outturn(s: Scheme) -> int:
            return sum(s.actual[:m]) + sum(s.forecast[m:])

        def less(one: Any, other: Any) -> Any:
            return lambda s: one(s) - other(s)

        date_to = [
            ("Year to date", plan, upto("plan")),
            ("Year to date", actual, upto("actual")),
            ("Year to date", heads["variance"], less(upto("actual"), upto("plan"))),
        ]
        full = [
            ("Full year", plan, year),
            ("Full year", forecast, outturn),
            ("Full year", heads["variance"], less(outturn, year)),
        ]
        match h.style:
            case "plan by month":
                return [*self._of("plan", every), (plan, heads["total"], year), *effect]
            case "plan and actual by month":
                found = [*self._of("plan", every), (plan, heads["total"], year)]
                found += [
                    *self._of("actual", range(m)),
                    (actual, "YTD", upto("actual")),
                ]
                return [*found, *effect]
            case "month by month":
                found = []
                for n in range(m):
                    found += self._three(n)
                return [*effect, *found, *date_to, *full]
            case "to date":
                return [*effect, *date_to, *full, *self._percent(upto)]
            case "in month":
                return [*self._three(m - 1, "In month"), *date_to, *full, *effect]
            case "quarters":
                return [*self._quarters(), (plan, heads["total"], year), *effect]
            case "year":
                return [
                    ("", heads["year plan"], year),
                    ("", heads["year forecast"], outturn),
                    *effect,
                ]
            case "rows":
                return [*effect, ("", "Basis", None), *self._of("plan", every)]
        told = [*self._of("actual", range(m)), *self._of("forecast", range(m, 12))]
        expected = ("", heads["year forecast"], outturn)
        return [("", heads["year plan"], year), *told, expected, *effect]

    def _three(self, n: int, upper: str = "") -> list[Column]:
        heads = self.house.heads
        above = upper or self._month(n)
        return [
            (above, heads["plan"], lambda s: s.plan[n]),
            (above, heads["actual"], lambda s: s.actual[n]),
            (above, heads["variance"], lambda s: s.actual[n] - s.plan[n]),
        ]

    def _quarters(self) -> list[Column]:
        def one(n: int) -> Any:
            return lambda s: sum(s.plan[3 * n : 3 * n + 3])

        return [(self.house.heads["plan"], f"Q{n + 1}", one(n)) for n in range(4)]

    def _percent(self, upto: Any) -> list[Column]:
        if not self.house.has["percent"]:
            return []
        return [
            ("", "% delivered", lambda s: (f"{100 * upto('actual')(s) // upto('plan')(s)}%",))
            if all(upto("plan")(s) for s in self.house.schemes)
            else ("", "% delivered", lambda _: ("n/a",))
        ]

    def _effect(self, s: Scheme) -> object:
        once = self.house.once
        return (
            s.effect
            if s.recurs == "R" or once == "same" or not self.house.has["recurs"]
            else ((once,))
        )

    # -- rows --

    def cell(self, stands: Any, s: Scheme) -> object:
        """What is written of a scheme in a column."""
        found = stands(s)
        if isinstance(found, tuple):
            return found[0]
        return self.number(found)

    def number(self, pence: int) -> object:
        """A sum in the unit of the house."""
        h = self.house
        if not pence:
            return h.nil
        value = pence / h.worth
        whole = int(value) if value == int(value) else round(value, 3)
        if h.texts:
            text = f"{abs(whole):,}"
            return f"({text})" if whole < 0 else text
        return whole

    def rows_of(self, s: Scheme, first: bool) -> list[list[object]]:
        """The rows of a scheme: one, or one of each basis."""
        h = self.house
        labels = [self.cell(stands, s) for _, _, stands in self.labels]
        if h.where == "first" and not first:
            labels[0] = None
        if h.style != "rows":
            return [[*labels, *(self.cell(stands, s) for _, _, stands in self.money)]]
        found = []
        for basis in ("plan", "actual", "forecast"):
            reach = {"plan": range(12), "actual": range(h.month), "forecast": range(h.month, 12)}
            effect = [self.cell(self._effect, s) if basis == "plan" else None]
            sums = [
                self.number(getattr(s, basis)[n]) if n in reach[basis] else None for n in range(12)
            ]
            begin = [*labels, *(effect if h.has["effect"] else []), h.heads[basis]]
            found.append([*begin, *sums])
        return found

    def total(self, label: str, some: Sequence[Scheme]) -> list[object]:
        """A row of sums, its label under the title."""
        h = self.house
        at = (
            0
            if h.total_first
            else next(n for n, (_, head, _) in enumerate(self.labels) if head == h.heads["title"])
        )
        row: list[object] = [None] * len(self.labels)
        row[at] = label
        for _, _, stands in self.money:
            found = [stands(s) for s in some]
            if all(isinstance(one, int) for one in found):
                row.append(self.number(sum(found)))
            elif any(isinstance(one, int) for one in found):
                row.append(self.number(sum(one for one in found if isinstance(one, int))))
            else:
                row.append(None)
        return row

    def headings(self) -> list[Line]:
        """One row of headings, or two."""
        h = self.house
        every = [*self.labels, *self.money]
        unit = f" {h.unit}" if h.unit_at == "heading" else ""
        uppers = [upper for upper, _, _ in every]
        wanted = any(uppers)
        lower: list[object] = []
        for n, (_, text, _) in enumerate(every):
            money = n >= len(self.labels) and text != "Basis" and not str(text).startswith("%")
            lower.append(f"{text}{unit}" if money and unit and isinstance(text, str) else text)
        if h.style == "rows":
            wanted = False
        if not wanted:
            return [lower]
        shown: list[object] = []
        for n, upper in enumerate(uppers):
            again = n and uppers[n - 1] == upper and h.upper == "once"
            shown.append(None if again or not upper else upper)
        return [shown, lower]


def _above(house: House) -> list[Line]:
    lines: list[Line] = [[one] for one in house.titles]
    if house.unit_at == "title":
        lines[0] = [f"{lines[0][0]} ({house.unit})"]
    elif house.unit_at == "above" or any(
        isinstance(text, date) for text in Sheets(house).headings()[-1]
    ):
        lines.append([f"All figures in {house.unit}"])
    return [*lines, []]


def _body(house: House, sheets: Sheets, some: Sequence[Scheme]) -> list[Line]:
    """The rows of some schemes with the totals of their divisions."""
    lines: list[Line] = []
    for division in dict.fromkeys(s.division for s in some):
        own = [s for s in some if s.division == division]
        if house.where == "sections":
            lines.append([division])
        for n, s in enumerate(own):
            lines += sheets.rows_of(s, not n)
        if house.subtotals and house.where != "sheets" and house.style != "rows":
            lines.append(sheets.total(house.heads["sub"].format(division), own))
        if house.blank_rows:
            lines.append([])
    if house.grand and house.style != "rows":
        lines.append(sheets.total(house.heads["grand"], some))
    return lines


def _below(house: House, width: int) -> list[Line]:
    match house.below:
        case "notes":
            return [[], ["Notes"], ["1. Values are net of implementation costs."]]
        case "key":
            return [[], ["RAG key"], ["Green", "On track"], ["Amber", "Some risk"], ["Red", "Off"]]
    return []


def _summary(house: House) -> list[Line]:
    """A second small table below: the year of each division."""
    lines: list[Line] = [[], [], ["Summary by division", "Plan"]]
    sums = {d: sum(sum(s.plan) for s in house.schemes if s.division == d) for d in house.divisions}
    lines += [[d, one / house.worth] for d, one in sums.items()]
    return [*lines, ["Total", sum(sums.values()) / house.worth]]


def _shifted(house: House, sheets: Sheets, lines: Sequence[Line]) -> list[Line]:
    """With an empty column at the left, and another between labels and money."""
    found = [list(line) for line in lines]
    labels = len(sheets.labels)
    if house.blank_column:
        found = [[*line[:labels], None, *line[labels:]] for line in found]
    return [[None, *line] for line in found] if house.left else list(found)


def drawn_tracker(house: House) -> Tracker:
    """The file of a house as it stands, and what it says."""
    sheets = Sheets(house)
    made = Tracker(house.style, house.unit)
    above = _above(house)
    groups = {"CIP tracker": house.schemes}
    if house.where == "sheets":
        groups = {d: [s for s in house.schemes if s.division == d] for d in house.divisions}
    for name, some in groups.items():
        lines = [*sheets.headings(), *_body(house, sheets, some)]
        below = _below(house, 2)
        if house.below == "summary" and house.where != "sheets" and house.style != "rows":
            below = _summary(house)
        made.sheets[name] = [*above, *_shifted(house, sheets, lines), *below]
    for s in house.schemes:
        _truth(house, s, made)
    return made


def _truth(house: House, s: Scheme, made: Tracker) -> None:
    has, m, ref = house.has, house.month, s.id or s.title
    year = sum(s.plan)
    plain = has["effect"] and (s.recurs == "R" or house.once == "same" or not has["recurs"])
    recurs = {"R": "recurrent", "NR": "non_recurrent"}[s.recurs] if has["recurs"] else "unknown"
    made.schemes[ref] = {
        "title": s.title,
        "recurrence": recurs,
        "maturity": STATES[s.state] if has["state"] else "unknown",
        "full_year_effect": s.effect if plain else year,
        "directorate": s.division if house.where != "none" else None,
        "owner": s.owner if has["owner"] else None,
        "start": s.start if has["start"] else None,
    }
    if has["gates"]:
        made.gates |= {(ref, gate, on) for gate, on in s.gates.items()}

    def months(basis: str, some: Sequence[int]) -> None:
        for n in some:
            made.amounts[ref, basis, str(n + 1)] = getattr(s, basis)[n]

    told, every = range(m), range(12)
    outturn = sum(s.actual[:m]) + sum(s.forecast[m:])
    whole = {(ref, "plan", ""): year, (ref, "forecast", ""): outturn}
    match house.style:
        case "plan by month":
            months("plan", every)
        case "plan and actual by month":
            months("plan", every)
            months("actual", told)
        case "month by month":
            months("plan", told)
            months("actual", told)
            made.amounts |= whole
        case "to date" | "in month":
            made.amounts |= whole
            made.amounts[ref, "actual", f"YTD{m}"] = sum(s.actual[:m])
            if m in HELD:
                before = sum(s.plan[:m])
                made.amounts[ref, "plan", HELD[m]] = year - before if m in (9, 11) else before
        case "quarters":
            for n in range(4):
                made.amounts[ref, "plan", f"Q{n + 1}"] = sum(s.plan[3 * n : 3 * n + 3])
        case "year":
            made.amounts |= whole
        case "rows":
            months("plan", every)
            months("actual", told)
            months("forecast", range(m, 12))
        case _:
            made.amounts |= whole
            months("actual", told)
            months("forecast", range(m, 12))
