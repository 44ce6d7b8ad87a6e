"""Laws of tables of money: whatever they hold, what is read is what was written, or it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.matrix import read_matrix
from controltotal.intake.model import USED, Asked, Measure, Read, Value
from tests.intake_seen import Heading, month, seen_of

KNOWN = Known(Bodies([Spell("RX1", "Nene Hospitals NHS Trust")]))
SAID = {"organisation": "RX1", "year": "2026/27", "unit": "£", "basis": "plan"}
INCOME = {"Patient care income": "patient_care_income", "Other income": "other_income"}
COSTS = {"Pay": "pay", "Drugs": "drugs", "Premises": "premises", "Depreciation": "depreciation"}
Money = dict[str, list[int]]

HABITS = {"plain": (1, 1, 1), "costs_negative": (1, -1, 1), "ledger": (-1, 1, -1)}
"""The signs of income, costs and the surplus under each habit."""


@st.composite
def statements(draw: st.DrawFn) -> Money:
    """Income and costs by line, for one to six months; every sum is above nil."""
    months = draw(st.integers(1, 6))
    sums = st.lists(st.integers(1, 9_999_999), min_size=months, max_size=months)
    income = draw(st.lists(st.sampled_from(sorted(INCOME)), min_size=1, unique=True))
    costs = draw(st.lists(st.sampled_from(sorted(COSTS)), min_size=1, unique=True))
    return {line: draw(sums) for line in (*income, *costs)}


def sheet(money: Money, habit: str) -> list[list[Value]]:
    """The rows of a statement with its totals, as a table of that habit writes them."""
    income, cost, result = HABITS[habit]
    rows: list[list[Value]] = []

    def put(label: str, sums: Sequence[int], sign: int) -> None:
        rows.append([label, *(sign * pence / 100 for pence in sums)])

    def add(lines: Sequence[str]) -> list[int]:
        return [sum(column) for column in zip(*(money[line] for line in lines), strict=True)]

    earned = [line for line in money if line in INCOME]
    spent = [line for line in money if line in COSTS]
    for line in earned:
        put(line, money[line], income)
    put("Total income", add(earned), income)
    for line in spent:
        put(line, money[line], cost)
    put("Total expenditure", add(spent), cost)
    left = [a - b for a, b in zip(add(earned), add(spent), strict=True)]
    put("Surplus/(deficit)", left, result)
    return rows


def read(rows: Sequence[Sequence[Value]]) -> Read:
    heads: list[Heading] = [("Line", "line")]
    heads += [(f"M{n}", "money", month(n, "")) for n in range(1, len(rows[0]))]
    return read_matrix(seen_of(heads, rows, SAID), Asked(), KNOWN)


def codes(found: Read) -> set[str]:
    return {finding.code for finding in found.findings if finding.severity == "error"}


@given(statements(), st.sampled_from(sorted(HABITS)))
@settings(max_examples=60, deadline=None)
def test_what_is_read_is_what_was_written(money: Money, habit: str) -> None:
    found = read(sheet(money, habit))
    if "IMPORT_CUMULATIVE" in codes(found):
        return
    assert codes(found) == set()
    names = INCOME | COSTS
    told = {(row.cells["line"], int(row.cells["month"])): row.cells["amount"] for row in found.rows}
    pence = {key: round(float(text) * 100) for key, text in told.items()}
    assert pence == {
        (names[line], number): sums[number - 1]
        for line, sums in money.items()
        for number in range(1, len(sums) + 1)
    }
    assert all(check.difference == 0 for check in found.checks)
    assert all(any(slots) for slots in found.slots)


@given(statements(), st.sampled_from(sorted(HABITS)), st.data())
@settings(max_examples=60, deadline=None)
def test_one_figure_that_is_otherwise_stops_it(
    money: Money, habit: str, data: st.DataObject
) -> None:
    rows = sheet(money, habit)
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(1, len(rows[0]) - 1))
    by = data.draw(st.integers(1, 10**6))
    rows[row][column] = round(float(str(rows[row][column])) + by / 100, 2)
    assert codes(read(rows))


@given(statements(), st.sampled_from(sorted(HABITS)))
@settings(max_examples=60, deadline=None)
def test_a_block_read_alone_gives_no_more_than_the_whole(money: Money, habit: str) -> None:
    rows = sheet(money, habit)
    heads: list[Heading] = [("Line", "line"), ("Plan", "money", Measure("plan", "year"))]
    found = read_matrix(seen_of(heads, [r[:2] for r in rows], SAID), Asked(), KNOWN)
    assert codes(found) == set()
    used = sum(slot == USED for slots in found.slots for slot in slots)
    assert used == 2 * len(money)
