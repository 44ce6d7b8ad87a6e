"""What is told of months that a file says otherwise than the book had them."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.core.finding import FileCell
from controltotal.intake.changes import Changes
from controltotal.intake.restated import restated
from controltotal.intake.scopes import Put
from controltotal.ledger import Entry
from controltotal.ledger.entries import PUT

AT = FileCell("m4.xlsx", "I&E", "C9")
Change = tuple[str, str, str, str, str]  # body, month, basis, before, now


def changed(*rows: Change, unit: str = "£k") -> Changes:
    found = Changes()
    for number, (body, month, basis, before, now) in enumerate(rows, 2):
        cells = {"organisation": body, "line": "pay", "year": "2026-27", "basis": basis}
        cells |= {"month": month}
        old = tuple({**cells, "amount": before, "unit": unit}.items())
        put = Put("amounts", {**cells, "amount": now, "unit": "£k"}, AT, "form")
        found.changed.append((Entry(number, PUT, "amounts", number, old), put))
    return found


def words(*rows: Change, unit: str = "£k", dry_run: bool = False) -> Sequence[str]:
    return restated(changed(*rows, unit=unit), "£k", dry_run=dry_run)


def test_months_are_named_with_their_figures_and_their_money() -> None:
    rows = [("RX1", month, "actual", "100", "90") for month in "123"]
    assert words(*rows) == [
        "April to June differ from what the book had: 3 figures, £30,000 of difference in all."
    ]
    assert words(*rows[:1], dry_run=True) == [
        "April differs from what the book has: 1 figure, £10,000 of difference in all."
    ]


def test_what_goes_up_and_what_goes_down_are_added() -> None:
    rows = [("RX1", "1", "actual", "100", "90"), ("RX1", "2", "actual", "100", "110")]
    (found,) = words(*rows)
    assert found.startswith("April and May differ")
    assert "£20,000" in found


def test_the_plan_is_told_apart_and_a_forecast_is_not_told() -> None:
    plan, forecast = ("RX1", "", "plan", "1", "2"), ("RX1", "", "forecast", "1", "2")
    assert words(plan, forecast) == [
        "The plan of the year differs from what the book had: 1 figure, £1,000 of difference in all."
    ]


def test_of_several_bodies_each_is_named() -> None:
    rows = [(f"RX{n}", "1", "actual", "1", "2") for n in range(8)]
    found = words(*rows, ("RX0", "2", "plan", "1", "2"))
    assert found[0].startswith("RX0: April differs")
    assert found[1].startswith("RX0: the plan of May differs")
    assert len(found) == 7


def test_the_same_money_in_another_unit_or_under_another_mark_is_no_difference() -> None:
    assert words(("RX1", "1", "actual", "100,000", "100"), unit="£") == []
    assert words(("RX1", "1", "actual", "100", "100"), unit="") == []
