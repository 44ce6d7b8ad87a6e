"""Whole books of every odd kind, drawn from the number of a case and written to a folder.

A book has a tree of bodies, lines of its own, sources, schemes, control totals and settings, and
amounts as many people write them: some of them wrong, some that contradict each other, some that
only nearly do. `tests.column_doubts` plants what contradicts, `tests.column_cells` what is odd.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tests.column_cells import odd_cells, written

Row = dict[str, str]

YEARS = ("2024/25", "2025/26", "2026/27")
INCOME = ("patient_care_income", "other_income", "allocation", "support_income")
COSTS = ("pay", "non_pay", "drugs", "depreciation", "agency_pay", "reserves", "premises")
BESIDES = ("position", "cash", "savings_unidentified", "impairments", "position_with_support")
BASES = ("plan", "actual", "forecast")
PER = {"£": 1, "£k": 1_000, "£m": 1_000_000, "£bn": 1_000_000_000}
"""Pounds in one of each unit."""


@dataclass
class Draft:
    """A book while it is drawn: the rows of its tables, and in which unit its sums are written.

    `step` is the last place to which they are told.
    """

    draw: random.Random
    unit: str
    step: str = "0.001"
    tables: dict[str, list[Row]] = field(default_factory=dict)
    amounts: list[Row] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        """Whether something happens that does in this share of cases."""
        return self.draw.random() < share

    def add(self, table: str, **cells: str) -> None:
        """One row of a table other than amounts."""
        self.tables.setdefault(table, []).append({k.rstrip("_"): v for k, v in cells.items()})

    def body(self, parent: str = "S1", kind: str = "provider", name: str = "", **more: str) -> str:
        """A new body of its own, so that what is planted on it stands alone."""
        code = f"B{len(self.bodies):02}"
        self.bodies.append(code)
        self.add(
            "organisations",
            code=code,
            name=name or f"Trust {code}",
            kind=kind,
            parent=parent,
            **more,
        )
        return code

    def put(self, body: str, line: str, pounds: float, **more: str) -> Row:
        """A row of amounts, its sum in the unit of the book."""
        row = {"organisation": body, "line": line, "year": YEARS[2], "basis": "plan", **more}
        row["amount"] = self.text(pounds)
        self.amounts.append(row)
        return row

    def text(self, pounds: float) -> str:
        """A sum as the book writes it, to the last place that it tells."""
        value = Decimal(round(pounds)) / PER[self.unit or "£k"]
        shown = value.quantize(Decimal(self.step)).normalize()
        return f"{shown:f}" if shown else "0"

    def thousands(self, least: int, most: int) -> int:
        """A sum in pounds, of whole thousands."""
        return self.draw.randint(least, most) * 1_000


def drawn(
    case: int, plants: Sequence[Callable[[Draft], None]] = (), many: int = 0
) -> dict[str, bytes]:
    """The files of a book, by their names; of a larger one where so many things are planted."""
    draw = random.Random(f"columns {case}")
    unit = draw.choice(("£k", "£k", "£", "£m", "£m", ""))
    draft = Draft(draw, unit, draw.choice(("0.001", "0.001", "0.1", "1")))
    _settings(draft)
    _tree(draft)
    _others(draft)
    for _ in range(draw.choice((0, 1, 1, 2))):
        _statements(draft)
    if case % 50 == 7:
        _many_labels(draft)
    few = draw.choice((0, 1, 2, 3, 4, 5))
    for plant in draw.choices(plants, k=many) if many else draw.sample(plants, few):
        plant(draft)
    if draft.chance(0.2):
        draw.shuffle(draft.amounts)
    rate = draw.choice((0.0, 0.0, 0.01, 0.03, 0.1, 0.4))
    odd_cells(draw, draft.amounts, rate)
    return written(draw, draft.tables, draft.amounts)


def write(files: dict[str, bytes], folder: Path) -> Path:
    """A book as a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def _settings(draft: Draft) -> None:
    """What the book says of itself."""
    draw = draft.draw
    if draft.unit or draft.chance(0.3):
        draft.add("book", key="default_unit", value=draft.unit or "thousands of pounds")
    draft.add("book", key="fictional", value="yes" if draft.chance(0.9) else "no")
    if draft.chance(0.15):
        signs = draw.choice(("ledger", "costs_negative", "plain", "Costs negative", "red"))
        draft.add("book", key="signs", value=signs)
    if draft.chance(0.08):
        months = draw.choice(("cumulative", "single", "Cumulative", "both"))
        draft.add("book", key="months", value=months)
    if draft.chance(0.3):
        draft.add(
            "book", key="default_year", value=draw.choice(("2026/27",) * 6 + ("2025-26", "FY27"))
        )
    if draft.chance(0.05):
        draft.add("book", key="default_unit", value="£m", known_on="2026-05-01")


def _tree(draft: Draft) -> None:
    """Nation, region and systems; bodies come as they are needed."""
    draft.add("organisations", code="R1", name="Region", kind="region")
    draft.add("organisations", code="S1", name="System one", kind="system", parent="R1")
    draft.add("organisations", code="S2", name="System two", kind="system", parent="R1")
    draft.add("organisations", code="C1", name="Board one", kind="commissioner", parent="S1")
    if draft.chance(0.2):
        draft.add("organisations", code="A/B", name="With a slash", kind="pool", parent="S2")
    if draft.chance(0.1):
        draft.add("organisations", code="S1", name="System one", kind="system", parent="R1")
    if draft.chance(0.1):
        draft.add("organisations", code="C2", name="Board two", kind="board", parent="S2")


def _others(draft: Draft) -> None:
    """Lines of the book's own, sources, schemes and control totals."""
    draw = draft.draw
    if draft.chance(0.85):
        draft.add("lines", line="total_costs", name="Total costs", kind="cost")
        draft.add("lines", line="research", name="Research", kind="income", group="income")
        draft.add("lines", line="bought_in", name="Bought in", kind="cost", group="cost")
        draft.add("lines", line="left_over", name="Left over", kind="income")
        draft.add("lines", line="surplus_own", name="Surplus", kind="income")
    if draft.chance(0.1):
        draft.add("lines", line="agency_pay", name="Agency", kind="cost", group="agency")
    for number in range(draw.choice((0, 2, 3))):
        day = draw.choice(("2026-01-10", "2026-07", "", "12 Mar 2026", "soon"))
        months = {"months": draw.choice(("cumulative", "single"))} if draft.chance(0.05) else {}
        draft.add(
            "sources", id=f"P{number}", title="Paper", publisher="Board", published_on=day, **months
        )
    for number in range(draw.choice((0, 0, 2))):
        draft.add(
            "schemes",
            id=f"X-{number}",
            organisation="S1",
            title="Rostering",
            recurrence="recurrent",
            maturity=draw.choice(("in_progress", "opportunity")),
            start="2026-06-01",
            full_year_effect=draft.text(draft.thousands(100, 900)),
        )


def _statements(draft: Draft) -> None:
    """One to three bodies with a statement or several of them, in one of the usual forms."""
    draw = draft.draw
    for _ in range(draw.choice((1, 1, 2))):
        parent = draw.choice(("S1", "S1", "S2", "S9" if draft.chance(0.1) else "S2"))
        kind = draw.choice(("provider", "provider", "commissioner", "pool"))
        body = draft.body(parent, kind)
        lines = draw.sample(INCOME, draw.randint(1, 2)) + draw.sample(COSTS, draw.randint(1, 3))
        lines += draw.sample(BESIDES, draw.choice((0, 0, 1)))
        lines += draw.sample(("research", "bought_in"), draw.choice((0, 0, 1)))
        size = draw.choice((40, 400, 4_000, 90_000)) * 10_000
        for year in draw.sample(YEARS, draw.choice((1, 1, 2))):
            for basis in draw.sample(BASES, draw.choice((1, 1, 2, 3))):
                form = draw.choice(("year",) * 4 + ("months", "quarters", "some", "mixed"))
                for line in lines:
                    _line(draft, body, line, size, form, year=year, basis=basis)
        if draft.chance(0.4):
            _control(draft, body, size)


def _line(draft: Draft, body: str, line: str, size: int, form: str, **more: str) -> None:
    """A line of a statement, by the year, by month or by quarter, or uneven."""
    draw = draft.draw
    if draft.chance(0.08):
        more["counterparty"] = draw.choice(("C1", "S2", "C9"))
    if draft.chance(0.08):
        more["recurrence"] = draw.choice(("recurrent", "non_recurrent", "Non-recurrent"))
    if draft.chance(0.05):
        more["scenario"] = draw.choice(("worst case", "Board, as agreed"))
    if draft.chance(0.06):
        more["scheme"] = draw.choice(("X-0", "x_0", "X-1", "X-7"))
    if draft.chance(0.1):
        more["source"] = draw.choice(("P0", "P1", "P7"))
    if draft.chance(0.05):
        more["qualifier"] = draw.choice(("over", "up_to", "around", "implied"))
    months = list(range(1, 13))
    if form == "some" or (form == "mixed" and draft.chance(0.5)):
        months = months[: draw.randint(1, 11)]
    if form in ("year", "mixed"):
        draft.put(body, line, size * draw.uniform(0.8, 1.2), **more)
    if form == "quarters":
        for quarter in ("Q1", "Q2", "Q3", "Q4"):
            draft.put(body, line, size / 4 * draw.uniform(0.9, 1.1), month=quarter, **more)
    if form in ("months", "some") or (form == "mixed" and draft.chance(0.5)):
        for month in months:
            draft.put(body, line, size / 12 * draw.uniform(0.9, 1.1), month=str(month), **more)


def _many_labels(draft: Draft) -> None:
    """More distinct texts in every column, and more days, than a small number holds."""
    draw = random.Random(len(draft.amounts))
    days = [
        f"20{year}-{month:02}-{day:02}"
        for year in (25, 26)
        for month in range(1, 13)
        for day in range(1, 8)
    ]
    for number in range(160):
        draft.add("lines", line=f"own_{number}", name=f"Own {number}", kind="cost")
        draft.add(
            "sources", id=f"M{number}", title="Paper", publisher="B", published_on=days[number]
        )
        draft.add(
            "schemes",
            id=f"Y-{number}",
            organisation="S1",
            title="Rostering",
            recurrence="recurrent",
            maturity="in_progress",
            full_year_effect="1",
        )
    bodies = [draft.body(draw.choice(("S1", "S2"))) for _ in range(160)]
    for number, body in enumerate(bodies):
        more = {"scenario": f"case {number}"} if draw.random() < 0.5 else {}
        if draw.random() < 0.6:
            more["source"] = f"M{number}"
        if draw.random() < 0.6:
            more["known_on"] = draw.choice(days)
        if draw.random() < 0.4:
            more["scheme"] = f"Y-{number}"
        if draw.random() < 0.4:
            more["counterparty"] = draw.choice(bodies)
        for year in draw.sample(YEARS, 2):
            size = draft.thousands(100, 9_000)
            draft.put(body, f"own_{number}", size, year=year, basis=draw.choice(BASES), **more)
            draft.put(body, draw.choice(COSTS), size, year=year, month=str(draw.randint(1, 12)))


def _control(draft: Draft, body: str, size: int) -> None:
    """A control total, now and then of another year or scenario, or refused."""
    draw = draft.draw
    draft.add(
        "control_totals",
        organisation=body,
        year=draw.choice(YEARS),
        amount=draft.text(size * draw.uniform(-0.05, 0.02)),
        status=draw.choice(("accepted", "accepted", "proposed", "agreed")),
        set_by="region",
        set_on="2026-03-20",
        includes_support=draw.choice(("yes", "no", "")),
    )
