"""A local price modification and the transfers that pay it: rule and money meet, and the path falls.

The trust's first year is 20, tapering 15, 10, 5, nil; two commissioners buy 200 and 100 of its care.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.workings.local_price import borne_by, price_due, price_paid
from tests.answers import MILLION, answer
from tests.strategies import Book, Cells, position_of

FAULT = Path(__file__).parents[1] / "data" / "faults" / "mission" / "lpm-taper-against-transfer"
YEARS = ("2015-16", "2016-17")


def test_what_is_paid_meets_what_is_due() -> None:
    """2015/16: 20 due, 3.3 and 6.7 paid, of which 13.3 and 6.7 were due; 2016/17: 15 due and paid."""
    found = [f for f in answer("check", FAULT).findings if f["code"] == "LPM_NOT_AS_DUE"]
    assert len(found) == 1
    text = found[0]["message"]
    assert "for 2015/16 of £10.0 million in all, and £20.0 million is due" in text
    assert "Board X £3.3 million and not £13.3 million" in text
    assert "Board Y" not in text  # 6.7 is 6.67 as it was typed
    assert found[0]["where"] == "transfers row 2, row 3"


def test_a_taper_is_due_until_it_ends_and_until_the_tariff_does() -> None:
    position = verbs.read(FAULT)
    due = [price_due(position, "T", f"{year}-{(year + 1) % 100:02d}") for year in range(2014, 2021)]
    assert due == [None, *(n * MILLION for n in (20, 15, 10, 5, 0, 0))]
    assert price_due(position, "T", "2023-24") == 0
    assert price_due(position, "X", "2015-16") is None  # nothing is said of a commissioner
    assert borne_by(position, "T", "2015-16", 20 * MILLION) == {
        "X": 1_333_333_333,
        "Y": 666_666_667,
    }
    assert borne_by(position, "T", "2019-20", 20 * MILLION) == {}  # no contracts of that year
    assert price_paid(position, "T", "2016-17") == {"X": 10 * MILLION, "Y": 5 * MILLION}


def path_book(includes: str) -> Book:
    """The trust at (20) without support and (5) with 15 of it, of a control total of nil."""
    rows: list[Cells] = [
        {
            "organisation": "T",
            "line": "position",
            "year": "2016-17",
            "basis": "plan",
            "amount": "-20",
        },
        {
            "organisation": "X",
            "line": "position",
            "year": "2016-17",
            "basis": "plan",
            "amount": "10",
        },
        {
            "organisation": "Y",
            "line": "position",
            "year": "2016-17",
            "basis": "plan",
            "amount": "5",
        },
    ]
    return {
        "organisations": [
            {"code": "S", "name": "Bay", "kind": "system"},
            {"code": "T", "name": "Trust", "kind": "provider", "parent": "S"},
            {"code": "X", "name": "North", "kind": "commissioner", "parent": "S"},
            {"code": "Y", "name": "South", "kind": "commissioner", "parent": "S"},
        ],
        "amounts": [row | {"unit": "£m"} for row in rows],
        "facts": [
            {
                "organisation": "T",
                "fact": "lpm_first_year",
                "year": "2015-16",
                "basis": "plan",
                "value": "20",
                "unit": "£m",
            }
        ],
        "contracts": [
            {
                "commissioner": code,
                "provider": "T",
                "year": "2016-17",
                "kind": "activity",
                "baseline": baseline,
                "unit": "£m",
            }
            for code, baseline in (("X", "200"), ("Y", "100"))
        ],
        "transfers": [
            {
                "id": code,
                "from": code,
                "to": "T",
                "year": "2016-17",
                "amount": amount,
                "unit": "£m",
                "kind": "local_price_modification",
                "status": "agreed",
                "mechanism": "resource_transfer",
            }
            for code, amount in (("X", "10"), ("Y", "5"))
        ],
        "control_totals": [
            {
                "organisation": code,
                "year": "2016-17",
                "amount": "0",
                "unit": "£m",
                "status": "accepted",
                "includes_support": includes,
            }
            for code in ("T", "X", "Y")
        ],
    }


def test_the_path_falls_with_the_taper() -> None:
    """The trust is 5 short with 15 of support. It falls to 10, 5 and nil, so that it is 10, 15 and 20
    short before savings: 20 over three years. Its deficit without support stays 20 before savings."""
    found = verbs.trajectory(position_of(path_book("yes")), years=3, from_="2016-17")
    third = [666_666_667, 666_666_667, 666_666_666]
    gap, left, deficit = 5 * MILLION, [], 0
    for saving in third:
        gap += 5 * MILLION - saving
        left.append(gap)
        deficit += 20 * MILLION - sum(third[: len(left)])
    years = ("2017-18", "2018-19", "2019-20")
    for year, saving, after in zip(years, third, left, strict=True):
        assert found.value(f"saving_needed/T/{year}/forecast/base") == saving
        assert found.value(f"trajectory_gap/T/{year}/forecast/base") == after
    assert left[-1] == 0
    assert found.value("cumulative_deficit/T/2019-20/forecast/base") == deficit
    rows = [r for r in found.tables["path"] if r["organisation"] == "T"]
    assert [r["price_modification_pence"] for r in rows] == [-n * MILLION for n in (5, 10, 15)]
    assert "moves by its taper: £(5.0)m in 2017/18 and £(15.0)m in 2019/20" in " ".join(found.words)


def test_commissioners_pay_that_much_less() -> None:
    """North is at nil with 10 given: by its two thirds it gives 6.67, 3.33 and nil."""
    position = position_of(path_book("yes"))
    found = verbs.trajectory(position, years=3, from_="2016-17", saving=0)
    gaps = [
        found.value(f"trajectory_gap/X/{y}/forecast/base")
        for y in ("2017-18", "2018-19", "2019-20")
    ]
    assert gaps == [-333_333_333, -666_666_667, -1_000_000_000]


@pytest.mark.parametrize("includes", ["no"])
def test_a_total_without_support_has_no_support_to_lose(includes: str) -> None:
    found = verbs.trajectory(position_of(path_book(includes)), years=3, from_="2016-17")
    assert found.value("trajectory_gap/T/2016-17/forecast/base") == 20 * MILLION
    assert "price_modification_pence" not in found.tables["path"][0]
