"""What leaves doubt about a scheme: days after the book's years, lists that name nobody, more than the whole."""

from __future__ import annotations

import pytest

from controltotal.programme.doubts import _digit, phased_over
from controltotal.programme.eligibility import Judgements
from tests.scheme_books import YEAR, Rows, book, scheme
from tests.strategies import position_of


def doubts(**tables: Rows) -> list[str]:
    made = book(**tables)
    found = Judgements(position_of(made))["T1"]
    return [one.text for one in found.reasons]


def over(*rows: tuple[str, str], basis: str = "plan", **more: str) -> list[tuple[str, int, int]]:
    """Which schemes bring more than they can, of rows of savings in £m by month."""
    made = book()
    made["amounts"] += [
        {
            "organisation": "RX1",
            "line": "pay",
            "recurrence": "recurrent",
            "year": YEAR,
            "month": month,
            "basis": basis,
            "scheme": "T1",
            "amount": value,
            "unit": "£m",
            **more,
        }
        for month, value in rows
    ]
    found = phased_over(position_of(made))
    return [(code, pence, full) for code, _, _, pence, full in found]


EVEN = [(str(month), "1") for month in range(1, 12)]
WHOLE = 1_200_000_000


def test_a_plan_holds_the_effect_of_twelve_months_and_what_rounding_adds() -> None:
    """Twelve rows in whole thousands may be half a thousand out each: £6,000 of £12 million."""
    assert over(*EVEN, ("12", "1")) == []
    assert over(*EVEN, ("12", "1.006")) == []
    assert over(*EVEN, ("12", "1.007")) == [("T1", WHOLE + 700_000, WHOLE)]
    assert over(*EVEN, ("12", "1.00601")) == [("T1", WHOLE + 601_000, WHOLE)]  # pounds are shown
    assert over(("", "12")) == []
    assert over(("", "12.001")) == [("T1", WHOLE + 100_000, WHOLE)]  # one row rounds nothing
    assert over(("", "-12.001")) == [("T1", -WHOLE - 100_000, WHOLE)]


def test_a_forecast_may_hold_half_as_much_again_and_an_actual_is_not_asked() -> None:
    assert over(("", "18"), basis="forecast") == []
    assert over(("", "18.001"), basis="forecast") == [("T1", 1_800_100_000, WHOLE)]
    assert over(("", "30"), basis="actual") == []
    assert over(("", "30"), scenario="best") == []


def test_effects_give_bodies_at_most_the_whole_each_and_together() -> None:
    def shared(*shares: str) -> bool:
        rows = [
            {"scheme": "T1", "organisation": body, "share": share}
            for body, share in zip(("RX1", "CB1", "SYS"), shares, strict=False)
        ]
        return "its effects give bodies more than the whole of it" in doubts(effects=rows)

    assert not shared("1") and not shared("0.4", "0.6") and not shared("-1", "1")
    assert shared("1.01", "-0.5") and shared("0.5", "0.51") and shared("0.9", "-1.1")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"excludes": "T2"}, ""),
        ({"excludes": "gone"}, ""),  # one that has left the book is nobody's mistake
        ({"excludes": "t2"}, "excludes says t2, which is no scheme and may mean T2"),
        (
            {"excludes": "T2 and T3"},
            "excludes says T2 and T3, which is no scheme and may mean T2 and T3",
        ),
        ({"excludes": "T2,T3"}, "excludes says T2,T3, which is no scheme and may mean T2 and T3"),
        ({"excludes": "t1"}, ""),  # itself
        ({"overlaps": "t2"}, "overlaps says t2, which is no scheme and may mean T2"),
    ],
)
def test_a_list_that_names_no_scheme_where_one_is_meant(cells: dict[str, str], told: str) -> None:
    found = [
        text
        for text in doubts(schemes=[scheme("T1", **cells), scheme("T2"), scheme("T3")])
        if "may mean" in text
    ]
    assert found == ([f"{told} (a list is parted by ;)"] if told else [])


def test_a_word_that_several_schemes_share_names_a_group() -> None:
    both = [scheme("T1", overlaps="t3"), scheme("T2", overlaps="t3"), scheme("T3")]
    assert not [text for text in doubts(schemes=both) if "overlaps says" in text]


@pytest.mark.parametrize(
    ("day", "doubted"), [("2026-05-12", False), ("2027-03-31", False), ("2027-04-01", True)]
)
def test_nobody_signed_after_the_last_year_of_the_book(day: str, doubted: bool) -> None:
    for table in ("gates", "assessments"):
        rows = book()[table]
        column = "on" if table == "gates" else "signed_on"
        found = doubts(**{table: [*rows[:-1], {**rows[-1], column: day}]})
        assert any("after the book's last year" in text for text in found) is doubted


@pytest.mark.parametrize(
    ("pence", "digit"),
    [
        (1, 1),
        (25, 1),
        (10, 10),
        (-340, 10),
        (8_340_000, 10_000),
        (100_000, 100_000),
        (5_000_000_000, 100_000),
        (1_200_001, 1),
    ],
)
def test_the_last_digit_shown_of_a_sum_is_at_most_a_thousand_pounds(pence: int, digit: int) -> None:
    assert _digit(pence) == digit
