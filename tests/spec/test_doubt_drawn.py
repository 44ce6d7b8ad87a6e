"""Slips as people make them, each drawn thirty times, and the honest books that look like them.

Every slip once gave a wrong figure without a word. A book with the slip is stopped or told of; the
same book put right, or one that only resembles it, passes and gives the figure worked out here.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from controltotal.book.fold import fold
from controltotal.sources.books import read_book
from tests.small_books import TREE, book, codes, surplus
from tests.strategies import Book, Cells, position_of
from tests.typed_workbooks import workbook

SEEDS = range(30)
ABOUT_MONEY = {
    "CUMULATIVE_MONTHS",
    "LOOKS_CUMULATIVE",
    "NEAR_HEADING",
    "PART_YEARS",
    "SCALE",
    "TOTAL_BESIDE_PARTS",
}


def row(line: str, amount: int, month: str = "", basis: str = "plan", **more: str) -> Cells:
    """One amount of the first trust; a body, a label or another column by its name."""
    cells = {"organisation": "T1", "line": line, "year": "2026/27", "month": month}
    return {**cells, "basis": basis, "amount": str(amount), **more}


def told(said: Book) -> list[str]:
    """Codes of findings that are about how a book was typed."""
    return [code for code in codes(position_of(said)) if code in ABOUT_MONEY]


def lines(*named: tuple[str, str, str]) -> list[Cells]:
    return [{"line": line, "name": name, "kind": kind} for line, name, kind in named]


def parted(total: int, parts: int, draw: random.Random) -> list[int]:
    """A sum in parts that are none of them nil."""
    cuts = sorted(draw.sample(range(1, total), parts - 1))
    return [later - before for before, later in zip([0, *cuts], [*cuts, total], strict=True)]


# -- totals beside their parts -------------------------------------------------------------------


def contracts(draw: random.Random, months: Iterable[int], *, twice: bool) -> list[Cells]:
    """Income by month, counterparty and recurrence, and one row of it all for the year."""
    each = {"S1": draw.randrange(300, 900), "T2": draw.randrange(20, 90)}
    made = [
        row("patient_care_income", pounds, str(month), counterparty=party, recurrence="recurrent")
        for month in months
        for party, pounds in each.items()
    ]
    whole = sum(each.values()) * len(list(months))
    return [*made, row("patient_care_income", whole if twice else whole // 10)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_without_labels_beside_the_months_that_make_it_stops(seed: int) -> None:
    rows = contracts(random.Random(seed), range(1, 13), twice=True)
    said = book(*rows, row("pay", 5000), tree=TREE)
    assert told(said) == ["TOTAL_BESIDE_PARTS"]
    assert surplus(said) is None
    mended = book(*rows[:-1], row("pay", 5000), tree=TREE)
    assert told(mended) == []
    assert surplus(mended) == int(str(rows[-1]["amount"])) - 5000


@pytest.mark.parametrize("seed", SEEDS)
def test_other_income_of_the_year_beside_contracts_by_month_is_its_own(seed: int) -> None:
    rows = contracts(random.Random(seed), range(1, 13), twice=False)
    said = book(*rows, row("pay", 5000), tree=TREE)
    assert told(said) == []
    assert surplus(said) == sum(int(str(one["amount"])) for one in rows) - 5000


@pytest.mark.parametrize("seed", SEEDS)
def test_a_subtotal_among_other_lines_stops_and_without_it_the_lines_make_the_surplus(
    seed: int,
) -> None:
    draw = random.Random(seed)
    staff = parted(draw.randrange(4000, 9000), draw.randrange(2, 5), draw)
    named = [(f"grade_{n}", f"Grade {n}", "cost") for n in range(len(staff))]
    own = lines(*named, ("staff_subtotal", "Staff: subtotal", "cost"), ("rent", "Rent", "cost"))
    parts = [row(line, pounds) for (line, _, _), pounds in zip(named, staff, strict=True)]
    beside = [row("patient_care_income", sum(staff)), row("drugs", draw.randrange(500, 900))]
    whole = row("staff_subtotal", sum(staff))
    placed = [whole, *parts] if draw.random() < 0.3 else [*parts, whole]
    said = book(*beside, *placed, row("rent", 77), lines=own)
    assert told(said) == ["TOTAL_BESIDE_PARTS"]
    assert surplus(said) is None
    mended = book(*beside, *parts, row("rent", 77), lines=own)
    assert told(mended) == []
    assert surplus(mended) == -int(str(beside[1]["amount"])) - 77
    other = book(
        *beside, *parts, row("staff_subtotal", sum(staff) + 13), row("rent", 77), lines=own
    )
    assert "TOTAL_BESIDE_PARTS" not in told(other)  # one that differs is a line of its own


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_lines_leave_is_no_line_and_a_reserve_that_makes_ends_meet_is_one(
    seed: int,
) -> None:
    draw = random.Random(seed)
    income, left = draw.randrange(8000, 12000), draw.randrange(40, 900)
    cost = income + left * draw.choice((1, -1))
    rows = [row("patient_care_income", income), row("pay", cost - 200), row("drugs", 200)]
    own = lines(("bottom_line", "Bottom line", "income"), ("held_back", "Held back", "cost"))
    said = book(*rows, row("bottom_line", income - cost), lines=own)
    assert told(said) == ["TOTAL_BESIDE_PARTS"]
    assert surplus(said) is None
    assert surplus(book(*rows, lines=own)) == income - cost
    meets = book(*rows, row("held_back", income - cost), lines=own)
    assert "TOTAL_BESIDE_PARTS" not in told(meets)
    assert surplus(meets) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_total_among_the_bodies_stops_and_a_body_of_that_name_does_not(seed: int) -> None:
    draw = random.Random(seed)
    first, second = draw.randrange(-900, -20), draw.randrange(20, 900)
    tree = [*TREE, {"code": "T9", "name": "Total", "kind": "provider", "parent": "S1"}]
    rows = [row("position", first), row("position", second, organisation="T2")]
    said = book(*rows, row("position", first + second, organisation="T9"), tree=tree)
    assert told(said) == (["TOTAL_BESIDE_PARTS"] if first + second else [])
    assert surplus(said, "S1") is None or not first + second
    assert surplus(book(*rows, tree=TREE), "S1") == first + second
    own = book(*rows, row("position", first + second + 1, organisation="T9"), tree=tree)
    assert told(own) == []
    assert surplus(own, "S1") == 2 * (first + second) + 1


# -- running sums --------------------------------------------------------------------------------


def quarters(pounds: Iterable[int], basis: str = "plan") -> list[Cells]:
    return [row("position", one, f"Q{n}", basis) for n, one in enumerate(pounds, start=1)]


@pytest.mark.parametrize("seed", SEEDS)
def test_quarters_that_are_running_sums_stop_and_the_setting_takes_them_apart(seed: int) -> None:
    draw = random.Random(seed)
    way = draw.choice((1, -1))
    planned = [way * draw.randrange(280, 320) for _ in range(4)]
    made = [way * draw.randrange(280, 320) for _ in range(draw.choice((3, 4)))]
    running = [sum(made[: n + 1]) for n in range(len(made))]
    said = book(*quarters(planned), *quarters(running, "actual"))
    assert told(said) == ["CUMULATIVE_MONTHS"]
    assert surplus(said, basis="actual") is None
    assert surplus(said) == sum(planned)
    plain = book(*quarters(planned), *quarters(made, "actual"))
    assert told(plain) == []
    assert surplus(plain, basis="actual") == sum(made)
    planned_so_far = [sum(planned[: n + 1]) for n in range(4)]
    apart = book(
        *quarters(planned_so_far),
        *quarters(running, "actual"),
        book=[
            {"key": "default_unit", "value": "£"},
            {"key": "fictional", "value": "yes"},
            {"key": "months", "value": "cumulative"},
        ],
    )
    assert told(apart) == []
    assert surplus(apart, basis="actual") == sum(made)
    assert surplus(apart) == sum(planned)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_few_months_that_are_running_sums_of_a_plan_are_told_of(seed: int) -> None:
    draw = random.Random(seed)
    usual, months = draw.randrange(900, 1100), draw.choice((2, 3, 4))
    made = [usual + draw.randrange(-30, 30) for _ in range(months)]
    plan = row("patient_care_income", 12 * usual)
    running = [
        row("patient_care_income", sum(made[:month]), str(month), "actual")
        for month in range(1, months + 1)
    ]
    assert told(book(plan, *running)) == ["LOOKS_CUMULATIVE"]
    single = [
        row("patient_care_income", one, str(month), "actual")
        for month, one in enumerate(made, start=1)
    ]
    assert told(book(plan, *single)) == []
    growing = [
        row("patient_care_income", one * month // 12, str(month), "actual")
        for month, one in enumerate(made, start=1)
    ]
    assert told(book(plan, *growing)) == []  # a service that begins: far below what was planned


# -- scale ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_trust_a_thousand_times_smaller_than_its_neighbour_is_told_of(seed: int) -> None:
    draw = random.Random(seed)
    first, second = draw.randrange(200, 900), draw.randrange(200, 900)
    rows = [
        row("patient_care_income", first * 1_000_000),
        row("pay", first * 1_000_000),
        row("patient_care_income", second * 1_000, organisation="T2"),
        row("pay", second * 1_000, organisation="T2"),
    ]
    assert told(book(*rows, tree=TREE)) == ["SCALE"]
    small = [row("patient_care_income", 4_100_000, organisation="T2"), row("pay", 1)]
    assert told(book(*rows[:1], small[0], tree=TREE)) == []  # a hospice is small


# -- headings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["period", "Month No", "Reporting Period", "QTR", "Mth", "ytd"])
@pytest.mark.parametrize("month", ["3", "M3", "Jun", "YTD3", "Q1"])
def test_months_under_another_heading_stop_and_a_note_does_not(heading: str, month: str) -> None:
    cells = {key: text for key, text in row("position", -5, basis="actual").items() if text}
    said = book({**cells, heading: month})
    assert told(said) == ["NEAR_HEADING"]
    assert surplus(said, basis="actual") is None
    note = book({**cells, heading: "as reported to the board"})
    assert told(note) == []
    assert surplus(note, basis="actual") == -5
    beside = book({**cells, "month": "3", heading: month}, {**cells, "month": "1"})
    assert told(beside) == []


@pytest.mark.parametrize("unit", ["£m", "£000", "£'000s", "millions", "bn"])
def test_units_under_another_heading_stop_and_a_currency_does_not(unit: str) -> None:
    cells = {key: text for key, text in row("position", -5).items() if text}
    said = book({**cells, "Scale": unit})
    assert told(said) == ["NEAR_HEADING"]
    assert surplus(said) is None
    for note in ("GBP", "£", "k", "sterling"):
        assert told(book({**cells, "Scale": note})) == []
        assert surplus(book({**cells, "Scale": note})) == -5


def test_the_side_of_the_ledger_says_that_a_credit_is_meant() -> None:
    rows = [row("patient_care_income", 300, direction="C"), row("pay", 290, direction="D")]
    said = book(*rows, row("non_pay", 5, direction="Cr"))
    assert surplus(said) == 15
    assert "SIGN_UNEXPECTED" not in codes(position_of(said))


# -- a sum shown as a share ----------------------------------------------------------------------


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "0.0%;[Red]-0.0%"])
def test_a_sum_shown_as_a_share_is_refused_as_in_a_csv_file(
    tmp_path: Path, number_format: str
) -> None:
    def shown(made: Any, sheets: dict[str, Any]) -> None:
        sheets["amounts"].write(3, 5, 0.305, made.add_format({"num_format": number_format}))

    position = fold(read_book(str(workbook(tmp_path / "book.xlsx", shown))))
    said = [one for one in position.findings if one.severity == "error"]
    assert [(one.code, one.found) for one in said] == [("AMBIGUOUS_NUMBER", "30.5%")]


# -- bodies that followed one another ------------------------------------------------------------


def test_a_body_that_had_ended_is_not_waited_for() -> None:
    rows = [row("position", -5, organisation="T2")]
    ended: list[Cells] = [{"predecessor": "T1", "successor": "T2", "on": "2026-04-01"}]
    said = book(*rows, tree=TREE, successions=ended)
    assert surplus(said, "S1") == -5
    assert "CHILDREN_INCOMPLETE" not in codes(position_of(said))
    later: list[Cells] = [{**ended[0], "on": "2026-10-01"}]
    assert surplus(book(*rows, tree=TREE, successions=later), "S1") is None
    in_part: list[Cells] = [{**ended[0], "share": "0.5"}]
    assert surplus(book(*rows, tree=TREE, successions=in_part), "S1") is None


def test_a_year_of_the_successor_beside_months_of_those_it_followed_is_told_of() -> None:
    followed: list[Cells] = [{"predecessor": "T1", "successor": "T2", "on": "2026-10-01"}]
    months = [row("position", -1, str(month)) for month in range(1, 7)]
    year = row("position", -36, organisation="T2")
    assert told(book(*months, year, tree=TREE, successions=followed)) == ["PART_YEARS"]
    stood = [TREE[0], TREE[1], {**TREE[2], "from": "2010-04-01"}]
    assert told(book(*months, year, tree=stood, successions=followed)) == []
