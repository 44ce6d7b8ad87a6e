"""Support that may yet be withheld, by hand: of 2025/26 a quarter at a time, else on the year's end."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.core.result import Result
from controltotal.rules.support_at_risk import Review, answer_support_at_risk
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import Cells, amount, control_total, position_of

QUARTERLY, NEXT = "2025-26", "2026-27"


def flow(**more: str) -> Cells:
    """Support of 1,000 for First, on a condition."""
    return {
        "id": "G1",
        "from": "S1",
        "to": "T1",
        "year": QUARTERLY,
        "amount": "1000",
        "unit": "£",
        "kind": "deficit_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
        "condition": "on plan",
        **more,
    }


def answered(*rows: Cells, flows: tuple[Cells, ...], **tables: list[Cells]) -> Result:
    said = book(*rows, tree=TREE, transfers=list(flows), **tables)
    return answer_support_at_risk(Workings(position_of(said)))


def quarterly(to: int, a_month: int = -12, **tables: list[Cells]) -> Result:
    """First plans (10) a month, and so many months are told."""
    rows = [
        amount("T1", "position", value, basis=basis, month=str(month), year=QUARTERLY)
        for basis, value, last in (("plan", -10, 12), ("actual", a_month, to))
        for month in range(1, last + 1)
    ]
    return answered(*rows, flows=(flow(),), **tables)


def row(result: Result) -> dict[str, Any]:
    (found,) = result.tables["support_at_risk"]
    return dict(found)


@pytest.mark.parametrize(
    ("to", "quarter", "looks_at", "reached", "short"),
    [
        (1, "Q2", "M3", "M1", 2),
        (3, "Q2", "M3", "M3", 6),
        (4, "Q3", "M6", "M4", 8),
        (6, "Q3", "M6", "M6", 12),
        (7, "Q4", "M9", "M7", 14),
        (9, "Q4", "M9", "M9", 18),
    ],
)
def test_a_quarter_hangs_on_the_position_before_it(
    to: int, quarter: str, looks_at: str, reached: str, short: int
) -> None:
    found = row(quarterly(to))
    assert (found["quarter"], found["looks_at"], found["to"]) == (quarter, looks_at, reached)
    assert (found["position_pence"], found["plan_pence"]) == (-1_200 * to, -1_000 * to)
    assert (found["at_risk_pence"], found["improvement_pence"]) == (25_000, short * 100)
    assert (found["limit_pence"], found["paid_pence"]) == (100_000, 25_000)  # the first is paid
    kept = row(quarterly(to, -10))
    assert (kept["at_risk_pence"], kept["improvement_pence"]) == (0, 0)
    assert kept["paid_pence"] == 25_000 * (int(quarter[1]) - 1)


@pytest.mark.parametrize("to", [10, 12])
def test_after_the_last_review_nothing_hangs_on_anything(to: int) -> None:
    result = quarterly(to, -10)
    found = row(result)
    assert (found["quarter"], found["looks_at"], found["to"]) == ("", "", f"M{to}")
    assert (found["at_risk_pence"], found["paid_pence"], found["improvement_pence"]) == (
        0,
        100_000,
        None,
    )
    assert result.words == ()


def test_before_the_first_month_nobody_knows() -> None:
    result = quarterly(0)
    found = row(result)
    assert (found["quarter"], found["to"], found["position_pence"]) == ("Q2", "", None)
    assert found["at_risk_pence"] is None and result.words == ()


def test_the_words_say_what_would_keep_it() -> None:
    assert quarterly(7).words == (
        "First, 2025/26: £250 of support in Q4 hangs on the position to month 9 (December); to "
        "month 7 (October), £14 short of plan: so much better would keep it.",
    )
    assert quarterly(9).words == (
        "First, 2025/26: £250 of support in Q4 hangs on the position to month 9 (December), £18 "
        "short of plan: so much better would keep it.",
    )


def reviewed(value: str, to: int = 6, a_month: int = -12, **more: str) -> Result:
    fact = {
        "organisation": "T1",
        "year": QUARTERLY,
        "month": "Q3",
        "fact": "on_plan",
        "value": value,
        **more,
    }
    return quarterly(to, a_month, facts=[fact])


def test_what_the_review_itself_found_goes_before_what_the_months_say() -> None:
    off = reviewed("0", a_month=-10)
    assert row(off)["at_risk_pence"] == 25_000
    assert off.words[0].endswith("month 6 (September), which the review found off plan.")
    assert row(reviewed("1"))["at_risk_pence"] == 0
    assert row(reviewed("1", month="6"))["at_risk_pence"] == 0  # by its month as by its quarter


@pytest.mark.parametrize(
    ("condition", "total", "at_risk", "short"),
    [
        ("on plan", -100, 100_000, 2_000),
        ("on plan", -120, 0, 0),
        ("on plan", -130, 0, 0),
        ("new wards open", -100, None, None),  # it hangs on something else
    ],
)
def test_in_other_years_support_hangs_on_the_years_end(
    condition: str, total: int, at_risk: int | None, short: int | None
) -> None:
    one = flow(year=NEXT, condition=condition)
    totals = [control_total("T1", total, includes_support="no")]
    result = answered(amount("T1", "position", -120), flows=(one,), control_totals=totals)
    found = row(result)
    assert (found["at_risk_pence"], found["improvement_pence"]) == (at_risk, short)
    assert (found["position_pence"], found["plan_pence"]) == (-12_000, total * 100)
    assert (found["transfer"], found["condition"], found["quarter"]) == ("G1", condition, "")
    told = "First, 2026/27: support of £1,000 hangs on its control total, of which it is £20 short."
    assert result.words == ((told,) if at_risk else ())
    ahead = amount("T1", "position", -140, basis="forecast")
    later = answered(amount("T1", "position", -120), ahead, flows=(one,), control_totals=totals)
    assert row(later)["position_pence"] == -14_000


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({}, True),
        ({"status": "proposed"}, False),
        ({"condition": ""}, False),
        ({"mechanism": "position_improvement"}, False),
        ({"kind": "other"}, True),  # on plan, whatever it is called
        ({"kind": "other", "condition": "new wards open"}, False),
        ({"to": "T2"}, False),
    ],
)
def test_which_support_hangs_on_a_position(cells: dict[str, str], asked: bool) -> None:
    result = answered(amount("T1", "position", -120), flows=(flow(year=NEXT, **cells),))
    rows = [r for r in result.tables.get("support_at_risk", ()) if r["organisation"] == "T1"]
    assert bool(rows) is asked


def test_a_review_withholds_all_of_its_quarter_or_nothing() -> None:
    assert Review("Q4", 9, 9, -100, -100, 7).at_risk == 0
    assert Review("Q4", 9, 9, -101, -100, 7).at_risk == 7
    assert Review("Q4", 9, 9, None, -100, 7).at_risk is None
    assert Review("Q4", 9, 9, -50, -100, 7).short == 0
    assert Review("Q4", 9, 9, -101, -100, 7, kept=True).at_risk == 0
    assert Review("Q4", 9, 9, None, None, 7, kept=False).at_risk == 7
