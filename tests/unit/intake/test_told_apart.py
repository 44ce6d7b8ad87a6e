"""Rows that names bring to one line, and that the totals of the file keep apart."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.core.lines import Line
from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.lines import Lines
from controltotal.intake.matrix import read_matrix
from controltotal.intake.model import Asked, Read, Value
from tests.intake_seen import Heading, month, seen_of

BODIES = Bodies([Spell("RX1", "Nene Hospitals NHS Trust")])
SAID = {"organisation": "RX1", "year": "2026/27", "unit": "£", "basis": "plan"}
HABITS = {"plain": (1, 1, 1), "costs_negative": (1, -1, 1), "ledger": (-1, 1, -1)}
"""The signs of income, costs and the surplus under each habit."""
INCOME = ("Patient care income", "Other income", "Education and training", "Private patients")
COSTS = ("Pay", "Drugs", "Depreciation", "Amortisation", "Premises", "Premises costs")
FINANCE = ("Interest receivable", "Finance income", "Interest received")
BELOW = ("PDC dividend", "Interest payable", "Finance costs", "Other operating income")


def read(rows: Sequence[Sequence[Value]], known: Known | None = None) -> Read:
    heads: list[Heading] = [("Line", "line")]
    heads += [(f"M{n}", "money", month(n, "")) for n in range(1, len(rows[0]))]
    return read_matrix(seen_of(heads, rows, SAID), Asked(), known or Known(BODIES))


def sheet(money: dict[str, int], habit: str = "costs_negative") -> list[list[Value]]:
    """A statement of one month with its totals of income and of costs, finance items and the surplus."""
    income, cost, result = HABITS[habit]
    signs = {**dict.fromkeys(INCOME, 1), **dict.fromkeys(FINANCE, 1), "Other operating income": 1}
    rows: list[list[Value]] = []
    for names, total in ((INCOME, "Total income"), (COSTS, "Total operating expenditure")):
        some = [name for name in money if name in names]
        way = income if names is INCOME else cost
        rows += [[name, way * money[name] / 100] for name in some]
        rows.append([total, way * sum(money[name] for name in some) / 100])
    for name in money:
        if name not in INCOME + COSTS:
            rows.append([name, (income if name in signs else cost) * money[name] / 100])
    left = sum(signs.get(name, -1) * pence for name, pence in money.items())
    rows.append(["Surplus/(deficit)", result * left / 100])
    return rows


def held(found: Read) -> dict[str, int]:
    """The book's money by line, in pence; no line may come twice."""
    rows = [row for row in found.rows if row.table == "amounts"]
    assert len({row.cells["line"] for row in rows}) == len(rows)
    return {row.cells["line"]: round(float(row.cells["amount"]) * 100) for row in rows}


def kinds(found: Read) -> dict[str, str]:
    """The kind of each line of the book, its own and the packaged ones."""
    own = {r.cells["line"]: r.cells["kind"] for r in found.rows if r.table == "lines"}
    return {name: own.get(name) or Lines().all[name].kind for name in held(found)}


def codes(found: Read) -> set[str]:
    return {finding.code for finding in found.findings if finding.severity == "error"}


USUAL = {
    "Patient care income": 900_000,
    "Other income": 40_000,
    "Pay": 800_000,
    "Drugs": 90_000,
    "PDC dividend": 20_000,
    "Interest receivable": 5_400,
}


@pytest.mark.parametrize("habit", sorted(HABITS))
def test_interest_received_beneath_total_income_takes_from_the_costs(habit: str) -> None:
    found = read(sheet(USUAL, habit))
    assert codes(found) == set()
    assert held(found)["interest_receivable"] == -5_400
    assert held(found)["other_income"] == 40_000
    assert kinds(found)["interest_receivable"] == "cost"


@pytest.mark.parametrize("habit", sorted(HABITS))
def test_next_month_it_is_the_line_of_the_book(habit: str) -> None:
    first = read(sheet(USUAL, habit))
    own = [
        Line(r.cells["line"], r.cells["name"], r.cells["kind"], True, r.cells["group"])
        for r in first.rows
        if r.table == "lines"
    ]
    again = read(sheet(USUAL, habit), Known(BODIES, Lines(own)))
    assert codes(again) == set()
    assert held(again) == held(first)
    assert not [row for row in again.rows if row.table == "lines"]


def test_interest_received_within_total_income_is_income() -> None:
    rows: list[list[Value]] = [
        ["Patient care income", 9_000],
        ["Other income", 400],
        ["Interest receivable", 54],
        ["Total income", 9_454],
        ["Pay", -9_000],
        ["Surplus/(deficit)", 454],
    ]
    found = read(rows)
    assert codes(found) == set()
    assert held(found)["interest_receivable"] == 5_400
    assert kinds(found)["interest_receivable"] == "income"


def test_where_no_total_of_income_stands_it_is_other_income() -> None:
    rows: list[list[Value]] = [
        ["Patient care income", 9_000],
        ["Interest receivable", 54],
        ["Pay", -9_000],
        ["Surplus/(deficit)", 54],
    ]
    assert held(read(rows))["other_income"] == 5_400


def test_two_names_of_one_line_are_two_lines_and_the_very_name_keeps_it() -> None:
    money = {"Patient care income": 9_000, "Pay": 800, "Amortisation": 30, "Depreciation": 70}
    found = read(sheet(money))
    assert codes(found) == set()
    assert (held(found)["depreciation"], held(found)["amortisation"]) == (70, 30)


def test_rows_that_a_person_says_are_one_line_are_added_and_every_cell_is_cited() -> None:
    rows = sheet({"Patient care income": 9_000, "Pay": 800, "Depreciation": 70, "Amortisation": 30})
    heads: list[Heading] = [("Line", "line"), ("M1", "money", month(1, ""))]
    asked = Asked(lines={"amortisation": "depreciation"})
    found = read_matrix(seen_of(heads, rows, SAID), asked, Known(BODIES))
    row = next(r for r in found.rows if r.cells["line"] == "depreciation")
    assert row.cells["amount"] == "1"
    places = [(row.row, *row.columns), *row.beside]
    assert [found.seen.grid.text(r, 0) for r, _ in places] == ["Depreciation", "Amortisation"]
    assert found.seen.grid.each([(8, 3), (22, 3)]).cell == "D9, D23"
    assert found.seen.grid.each([(n, 3) for n in range(8, 23)]).cell == "D9 to D23"


def test_where_the_rest_breaks_even_the_surplus_is_the_interest_and_it_is_no_income() -> None:
    money = {"Patient care income": 9, "Other income": 1, "Pay": 6, "Drugs": 4}
    found = read(sheet({**money, "Interest receivable": 5}, "plain"))
    assert codes(found) == set()
    assert (kinds(found)["interest_receivable"], held(found)["interest_receivable"]) == ("cost", -5)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, int]:
    """Income, costs and items of finance, one of the last at most of each side."""
    sums = st.integers(1, 9_999_999)
    names = [
        *draw(st.lists(st.sampled_from(INCOME), min_size=2, unique=True)),
        *draw(st.lists(st.sampled_from(COSTS), min_size=2, unique=True)),
        *draw(st.lists(st.sampled_from(FINANCE), max_size=2, unique=True)),
        *draw(st.lists(st.sampled_from(BELOW), max_size=2, unique=True)),
    ]
    return {name: draw(sums) for name in names}


@given(statements(), st.sampled_from(sorted(HABITS)))
@settings(max_examples=80, deadline=None)
def test_what_the_book_has_of_the_lines_of_a_total_is_that_total(
    money: dict[str, int], habit: str
) -> None:
    found = read(sheet(money, habit))
    if codes(found):
        return
    signs = {"income": 1, "cost": -1}
    of = {row.row: row.cells["line"] for row in found.rows if row.table == "amounts"}
    by_label = {found.seen.grid.text(row, 0): line for row, line in of.items()}
    for names in (INCOME, COSTS):
        some = [name for name in money if name in names]
        assert sum(held(found)[by_label[name]] for name in some) == sum(money[x] for x in some)
    left = sum(signs.get(kinds(found)[line], 0) * pence for line, pence in held(found).items())
    surplus = round(float(str(sheet(money)[-1][1])) * 100)
    assert left == surplus
    below = money.get("Other operating income", 0)
    incomes = sum(p for line, p in held(found).items() if kinds(found)[line] == "income")
    assert incomes == sum(money[x] for x in money if x in INCOME) + below
