"""A year that nobody tells by month: what each organisation says of it, on one basis of support."""

from __future__ import annotations

from controltotal.core.figure import Figure
from controltotal.papers.board_where import where
from controltotal.papers.sections import Section
from tests.board_results import EXAMPLES, FOCUS, REGISTER, made, numbers, words
from tests.running import controltotal

M = 100_000_000
YEAR = "2026-27"


def page(figures: dict[str, int]) -> list[Section]:
    told = made("position", {"to_date": []}, figures)
    return where({"register": REGISTER, "position": told}, FOCUS)


def of(measure: str, body: str, basis: str) -> str:
    return f"{measure}/{body}/{YEAR}/{basis}"


WITH = "surplus_with_support"
BOTH = {
    of(WITH, "A", "plan"): -4 * M,
    of(WITH, "A", "actual"): -3 * M,
    of(WITH, "B", "plan"): 1 * M,
    of(WITH, "B", "actual"): -5 * M,
    of(WITH, "Z", "actual"): -9 * M,
}


def test_the_largest_deficit_of_the_surest_basis_comes_first() -> None:
    (part,) = page(BOTH)
    assert part.words == (
        "2 of 2 organisations are in deficit with support, by the actual: Beech the most by £5.0m.",
    )
    (table,) = part.tables
    assert [column.heading for column in table.columns] == ["Organisation", "Plan", "Actual"]
    assert [row["name"] for row in table.rows] == ["Beech", "Alder"]
    assert "with support" in table.title and "Zelkova" not in words([part])
    every, linked = numbers([part])
    assert every == linked == 4


def test_control_totals_and_what_all_make_together_stand_beside_where_they_are_told() -> None:
    more = {of(WITH, "S", "actual"): -8 * M, of("control_total", "B", "actual"): 0}
    (part,) = page({**BOTH, **more, of("gap", "B", "actual"): 5 * M})
    (table,) = part.tables
    assert [column.heading for column in table.columns][3:] == [
        "Control total",
        "Short of it, or (better)",
    ]
    beech, alder, together = table.rows
    assert isinstance(beech["gap"], Figure) and beech["gap"].value == 5 * M
    assert "gap" not in alder and together["actual"].value == -8 * M


def test_what_is_told_without_support_is_not_mixed_with_what_is_told_with_it() -> None:
    one = {of("adjusted_surplus", "A", "actual"): 2 * M}
    (part,) = page({**BOTH, **one})
    assert "with support" in part.tables[0].title  # one body without support is no comparison
    (part,) = page({**BOTH, **one, of("adjusted_surplus", "B", "actual"): 0})
    assert "without support" in part.tables[0].title
    assert part.words == ("None of 2 organisations is in deficit without support, by the actual.",)
    assert [row["actual"].value for row in part.tables[0].rows] == [0, 2 * M]


def test_one_organisation_alone_makes_no_page() -> None:
    assert page({of(WITH, "A", "actual"): -3 * M}) == []


def test_a_screen_shows_what_is_told_with_support_where_nothing_else_is() -> None:
    text = controltotal("position", EXAMPLES / "real-system-2018").out
    assert "2018/19, with support, £m" in text
    line = next(line for line in text.splitlines() if "King's Lynn" in line)
    assert line.split()[-2:] == ["(9.7)", "(35.7)"]
