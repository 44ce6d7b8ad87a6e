"""Points that may stand for commas, bands of rounding over many rows, and rows of another body."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.book import published as published_rows
from controltotal.book.points import points_in_doubt
from controltotal.book.precision import Precision, written
from controltotal.book.published import check_published
from controltotal.book.records import Amount
from tests.strategies import YEAR


def typed(text: str, pence: int | None, body: str = "T1", number: int = 2, **more: Any) -> Amount:
    texts = {"amount": text, "organisation": body}
    cells = {"organisation": body, "line": "pay", "year": YEAR, "basis": "plan", "unit": "£"}
    return Amount(number, number, texts, None, "", amount=pence, **{**cells, **more})


# -- points ----------------------------------------------------------------------------------------

USUAL = [typed("400,000", 40_000_000, "T2", 3), typed("(500,000)", -50_000_000, "T3", 4)]
"""Of a usual size of £450,000."""


def asked(*rows: Amount, decimal: dict[str, list[str]] | None = None) -> list[int]:
    lost, found = points_in_doubt(rows, "£", decimal or {})
    assert bool(found) is bool(lost)
    return sorted(row.number for row in lost)


def test_a_point_beside_commas_that_would_bring_it_to_their_size_is_asked_about() -> None:
    row = typed("400.000", 40_000)
    lost, (found,) = points_in_doubt([row, *USUAL], "£", {})
    assert lost == [row]
    assert (found.code, found.severity, found.organisation) == ("AMBIGUOUS_NUMBER", "error", "T1")
    assert (found.where, found.found) == ("amounts row 2", "400.000")
    assert found.at[0].column == "amount"


@pytest.mark.parametrize(
    ("rows", "doubted"),
    [
        ([typed("400.000", 40_000)], []),  # alone it is a decimal point
        ([typed("400.00", 40_000), *USUAL], []),  # two figures are no thousands
        ([typed("400.000", 40_000), typed("1.5", 150, number=9), *USUAL], []),  # it writes decimals
        ([typed("400.000", 40_000), typed("1.5", 150, "T9", 9), *USUAL], [2]),
        ([typed("400.000", 40_000), *(typed("400", 40_000, "T4", n) for n in (5, 6))], []),
        ([typed("1.500", 150, number=5), *USUAL], []),  # 1,500 is far from 450,000
        ([typed("15.000", 1_500, number=5), *USUAL], [5]),  # 15,000 is a thirtieth of it
        ([typed("14.999", 1_499, number=5), *USUAL], []),
        ([typed("400.000", 40_000, unit="people"), *USUAL], []),
        ([typed("400.000", 40_000, unit="£k"), *USUAL], []),  # of another unit
        ([typed("400.000", 40_000, unit=None), *USUAL], [2]),  # that of the book
    ],
)
def test_which_points_are_asked_about(rows: list[Amount], doubted: list[int]) -> None:
    assert asked(*rows) == doubted


def test_a_body_known_to_write_decimals_is_not_asked() -> None:
    row = typed("400.000", 40_000)
    assert asked(row, *USUAL, decimal={"£": ["T1"]}) == []
    assert asked(row, *USUAL, decimal={"£k": ["T1"]}) == [2]
    assert asked(row, *USUAL, decimal={"£": ["T2"]}) == [2]


def test_a_point_among_sums_of_its_own_size_stands() -> None:
    """400.000 beside sums of 9,000: as 400 it is nearer than thirty times."""
    small = [typed("9,000", 900_000, "T2", 3), typed("9,000", 900_000, "T3", 4)]
    assert asked(typed("400.000", 40_000), *small) == []
    larger = [typed("12,001", 1_200_100, "T2", 3), typed("12,001", 1_200_100, "T3", 4)]
    assert asked(typed("400.000", 40_000), *larger) == []  # as 400,000 it is 33 times them
    usual = [typed("14,000", 1_400_000, "T2", 3), typed("14,000", 1_400_000, "T3", 4)]
    assert asked(typed("400.000", 40_000), *usual) == [2]


# -- rounding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pence", "told"),
    [
        ("", 0, None),
        ("4.6", 460_000_000, (100_000_000, 1)),
        ("4600", 460_000, (100, 0)),
        ("4.60", 460_000, (100_000, 2)),
        ("(4.6)", -460_000_000, (100_000_000, 1)),
        ("4,600.5", 460_050, (100, 1)),
        ("-.5", -50_000_000, (100_000_000, 1)),
        ("nothing", 5, None),
        ("0.0", 5, None),
    ],
)
def test_the_unit_and_decimals_of_a_sum_as_written(
    text: str, pence: int, told: tuple[int, int] | None
) -> None:
    assert written(typed(text, pence)) == told


@pytest.mark.parametrize(
    ("count", "most"),
    [
        (50, 25.0),  # half a step of each
        (51, 25.0),  # of more never all on one side
        (1_000, 36.5),  # four deviations: 4 x sqrt(1000 / 12) = 36.5
    ],
)
def test_of_many_rows_rounding_does_not_all_go_one_way(count: int, most: float) -> None:
    """Steps of £1 thousand."""
    rows = [typed("5", 500_000, number=n) for n in range(count)]
    precision = Precision(rows)
    assert {precision.step(row) for row in rows[:1]} == {100_000}
    assert precision.meets(int(most * 100_000), 0, rows)
    assert not precision.meets(int(most * 100_000) + 1_500, 0, rows)
    assert precision.meets(7, 7, []) and not precision.meets(7, 8, [])


# -- rows of another body --------------------------------------------------------------------------


def test_rows_taken_from_a_published_row_about_another_body_are_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = SimpleNamespace(name="Old Body")
    rows = [{"ccg_code": "T1"}, {"ccg_code": "T2"}]
    monkeypatch.setattr(published_rows.published, "PUBLISHED", {"allocations.csv": None})
    monkeypatch.setattr(published_rows.published, "published_rows", lambda table: rows)
    monkeypatch.setattr(published_rows.published, "TRUE_ON", {})
    monkeypatch.setattr(
        published_rows.published,
        "speaks_of",
        lambda row, day, year: other if year == YEAR else None,
    )
    monkeypatch.setattr(published_rows.reference, "known_in", lambda code, year: None)

    def taken(place: str, number: int = 2, source: str = "P", **more: Any) -> Amount:
        texts = {"organisation": "T1", "published_row": place, "source": source}
        row = typed("5", 500, number=number, **more)
        return Amount(
            **{
                **{name: getattr(row, name) for name in ("number", "entry", "known", "origin")},
                **{
                    name: getattr(row, name) for name in ("organisation", "year", "basis", "amount")
                },
                "texts": texts,
            }
        )

    source: Any = SimpleNamespace(
        table="sources", texts={"id": "P", "file": "allocations.csv"}, number=9
    )
    good = [
        taken("row 2", 2),
        taken("row 2", 3, year="2025-26"),  # then it spoke of this one
        taken("row 3", 4),  # the row of another code
        taken("row 1", 5),  # a heading
        taken("row 4", 6),  # past the end
        taken("two", 7),
        taken("row 2", 8, source="Q"),
        taken("row 2", 9),
    ]
    findings, stopped = check_published([source, *good])
    assert sorted(row.number for row in stopped) == [2, 9]
    (found,) = findings
    assert (found.code, found.organisation, found.where) == (
        "PUBLISHED_OTHER_BODY",
        "T1",
        "amounts row 2, row 9",
    )
    assert found.message == (
        "2 rows were taken from allocations.csv under T1, where it speaks of Old Body; in 2026/27 T1 "
        "is another body. No figure uses them."
    )
    one, _ = check_published([source, good[0]])
    assert one[0].message.startswith("1 row was taken from") and one[0].message.endswith("uses it.")
    assert check_published(good) == ([], set())
