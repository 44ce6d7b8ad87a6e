"""The story of the fictional system adds up: the record, the forecast, what slipped and what may come."""

from __future__ import annotations

import pytest

import controltotal
from controltotal.book.fold import Position
from controltotal.core.result import Result
from tests.unit.test_fictional_system import BOOK


@pytest.fixture(scope="module")
def position() -> Position:
    return controltotal.read(BOOK)


@pytest.fixture(scope="module")
def result(position: Position) -> Result:
    return controltotal.position(position)


def test_slipped_savings_stand_in_the_lines_and_the_bridge_tells_what_the_months_told(
    result: Result,
) -> None:
    """Of the system, £: what moved the forecast from plan goes the way that its line goes to date."""
    bridge = {
        row["driver"]: int(str(row["pence"])) // 100_000
        for row in result.tables["bridge"]
        if (row["organisation"], row["year"]) == ("XF-SYS", "2026-27")
        and str(row["from"]).endswith("/plan")
    }
    lines = {
        row["line"]: (
            int(str(row["variance"])) // 100_000,
            int(str(row["variance_year"])) // 100_000,
        )
        for row in result.tables["to_date"]
        if (row["organisation"], row["year"]) == ("XF-SYS", "2026-27") and not row["scheme"]
    }
    assert (bridge["start"], bridge["end"]) == (-45_600, -49_000) and "not_explained" not in bridge
    assert 6_000 < -(bridge["savings_less"] + bridge["savings_more"]) < 9_000
    for line in ("agency_pay", "purchase_of_healthcare", "non_pay", "other_costs"):
        so_far, year = lines[line]
        assert so_far * year > 0 and year * bridge[line] > 0, line
    assert lines["pay"][0] < 0 and lines["pay"][1] < 0 and abs(bridge["pay"]) < 500
    assert lines["agency_pay"][0] == -13_988  # as the README says: £14.0 million
    looked_for = [sum(one) for one in zip(lines["non_pay"], lines["other_costs"], strict=True)]
    assert looked_for == [3_579, 21_469]  # £3.6 million of £21.5 million


def test_chances_spread_from_nil_to_nearly_certain(position: Position) -> None:
    found = controltotal.risk(position, draws=2000)
    told = [
        one.value
        for one in found.figures
        if one.id.startswith("chance_control_total/XF-") and "/2026-27/" in one.id
    ]
    sure = [value for value in told if value is not None]
    assert min(sure) < 0.02 and max(sure) > 0.98
    for low, high in ((0.05, 0.3), (0.3, 0.6), (0.6, 0.9)):
        assert any(low <= value < high for value in sure), (low, high)
