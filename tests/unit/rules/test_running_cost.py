"""What a board spends on running itself: the fact where it is stated, else the line, and it is said."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.rules.duties import board_running_cost
from controltotal.rules.form import Outcome
from controltotal.rules.reading import Reading
from controltotal.workings.workings import Workings
from tests.strategies import position_of

YEAR = "2025-26"


def outcome(*rows: tuple[str, str, str], fact: str = "") -> Outcome:
    """The rule of a board given £20m; `rows` are basis, month and £m of the line."""
    made: dict[str, list[dict[str, Any]]] = {
        "organisations": [{"code": "B", "name": "Board", "kind": "commissioner"}],
        "facts": [
            {"organisation": "B", "fact": "running_cost_allocation", "year": YEAR, "value": "20"}
        ],
        "amounts": [
            {"organisation": "B", "line": "running_costs", "year": YEAR, "basis": b, "amount": a}
            | ({"month": m} if m else {})
            for b, m, a in rows
        ],
    }
    if fact:
        made["facts"].append(
            {"organisation": "B", "fact": "running_cost", "year": YEAR, "value": fact}
        )
    for row in (*made["facts"], *made["amounts"]):
        row["unit"] = "£m"
    reading = Reading(Workings(position_of(made)))
    return reading.outcome(board_running_cost, "B", YEAR)


@pytest.mark.parametrize(
    ("rows", "basis", "status"),
    [
        ([("plan", "", "19")], "plan", "met"),
        ([("plan", "", "19"), ("forecast", "", "21")], "forecast", "breached"),
        ([("forecast", "", "21"), ("actual", "", "20")], "actual", "met"),
        ([("plan", "", "19"), ("actual", "1", "9")], "plan", "met"),
    ],
)
def test_the_line_is_read_where_no_fact_states_it(
    rows: list[tuple[str, str, str]], basis: str, status: str
) -> None:
    found = outcome(*rows)
    assert found.status == status
    assert f"the line running_costs of the {basis}, as no fact states it" in found.trace.rule


def test_the_fact_stands_where_it_is_stated() -> None:
    found = outcome(("plan", "", "19"), fact="22")
    assert found.status == "breached" and "running_costs" not in found.trace.rule


def test_without_either_or_with_a_line_that_cannot_be_read_it_is_not_told() -> None:
    assert outcome().status == "indeterminate"
    assert outcome(("plan", "", "19"), ("forecast", "", "2x")).status == "indeterminate"
