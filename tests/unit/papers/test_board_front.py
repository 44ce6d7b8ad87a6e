"""Page one where no month is told: the year as it was stated, one row for each thing that is known."""

from __future__ import annotations

from controltotal.papers.board_front import front
from controltotal.papers.sections import Section
from tests.board_results import FOCUS, REGISTER, made, numbers

M = 100_000_000
YEAR = "2026-27"


def of(measure: str, basis: str) -> str:
    return f"{measure}/S/{YEAR}/{basis}"


def year(figures: dict[str, int]) -> list[Section]:
    told = made("position", {"performance": []}, figures)
    parts = front({"register": REGISTER, "position": told, "check": made("check", {}, {})}, FOCUS)
    return [part for part in parts if part.title == "The year"]


def test_position_control_total_and_what_is_to_find_stand_by_basis() -> None:
    (part,) = year(
        {
            of("adjusted_surplus", "plan"): -4 * M,
            of("adjusted_surplus", "forecast"): -9 * M,
            of("surplus_with_support", "forecast"): -2 * M,
            of("control_total", "forecast"): 1 * M,
            of("gap", "forecast"): 3 * M,
        }
    )
    (table,) = part.tables
    assert [column.heading for column in table.columns] == ["Measure", "Plan", "Forecast"]
    assert [row["name"] for row in table.rows] == [
        "Adjusted financial performance, excluding deficit support",
        "Adjusted financial performance, including deficit support",
        "Control total",
        "Short of it, or (better)",
    ]
    assert "plan" not in table.rows[1] and table.rows[0]["plan"].value == -4 * M
    every, linked = numbers([part])
    assert every == linked == 5


def test_what_stands_outside_a_control_total_is_not_called_support() -> None:
    impaired = {
        of("adjusted_surplus", "plan"): 1 * M,
        of("adjusted_surplus", "forecast"): -9 * M,
        of("surplus", "plan"): 1 * M,
        of("surplus", "forecast"): -11 * M,
        of("surplus_with_support", "plan"): 1 * M,
        of("surplus_with_support", "forecast"): -11 * M,
    }
    (part,) = year(impaired)
    (table,) = part.tables
    assert [row["name"] for row in table.rows] == [
        "Adjusted financial performance, excluding deficit support",
        "Surplus or (deficit), with what a control total leaves out",
    ]
    (part,) = year(impaired | {of("surplus_with_support", "forecast"): -5 * M})
    assert part.tables[0].rows[1]["name"] == (
        "Surplus or (deficit), with what a control total leaves out, including deficit support"
    )


def test_support_that_moves_nothing_has_no_row_of_its_own() -> None:
    same = {of("adjusted_surplus", "plan"): -4 * M, of("surplus_with_support", "plan"): -4 * M}
    ((table,),) = (part.tables for part in year(same))
    assert len(table.rows) == 1
    more = {**same, of("surplus_with_support", "forecast"): -4 * M}
    ((table,),) = (part.tables for part in year(more))
    assert len(table.rows) == 2


def test_nothing_stated_is_no_table() -> None:
    assert year({}) == []


def test_a_control_total_that_asks_less_since_is_not_raised_late() -> None:
    def late(change: int) -> str:
        day = "2027-01-21"
        tables = {
            "performance": [],
            "levels": [
                {
                    "organisation": "S",
                    "year": YEAR,
                    "notice_days": -295,
                    "set_on": day,
                    "control_total_pence": None,
                },
            ],
            "control_total_changes": [
                {"organisation": "S", "year": YEAR, "day": day, "change_pence": change}
            ],
        }
        results = {
            "register": REGISTER,
            "position": made("position", tables, {}),
            "check": made("check", {}, {}),
        }
        (part,) = [one for one in front(results, FOCUS) if one.id == "imposed"]
        return part.points[0]

    assert "295 days" in late(1_000)
    assert late(-1_000) == "Set or raised after its year began: nothing."
