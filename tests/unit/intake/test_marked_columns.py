"""Columns of recurrent and non-recurrent money, with the total of the two or without it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from controltotal.intake.heads import head_of
from controltotal.intake.marked_columns import with_marks
from tests.intake_files import book_of, titled, xlsx
from tests.intake_told import Imported, imported, questions
from tests.running import controltotal

LINES = {
    "Patient care income": (1_000, 50),
    "Other income": (100, 5),
    "Total income": (1_100, 55),
    "Pay": (-700, -10),
    "Drugs": (-200, 0),
    "Total expenditure": (-900, -10),
    "Surplus/(deficit)": (200, 45),
}
Held = dict[tuple[str, str, str, str], str]


def rows(*ways: tuple[int, int]) -> list[list[object]]:
    """Each line with its recurrent and its non-recurrent money as often as each column has of them."""
    return [[name, *(r * once + n * more for once, more in ways)] for name, (r, n) in LINES.items()]


R, NR, BOTH = (1, 0), (0, 1), (1, 1)


def take_in(
    path: Path,
    heads: Sequence[Sequence[object]],
    body: Sequence[Sequence[object]],
    *options: str,
    what: str = "Plan 2026/27",
) -> tuple[Imported, Held]:
    """Import a statement; the answer, and the book's money by line, month, basis and mark."""
    book = book_of("one", path)
    xlsx(path / "sheet.xlsx", {"I&E": titled([*heads, *body], what=what)})
    ran = imported([path / "sheet.xlsx"], book, *options)
    table = book / "amounts.csv"
    lines = table.read_text("utf-8").splitlines() if table.exists() else []
    held: Held = {}
    for row in csv.DictReader(lines):
        key = (row["line"], row.get("month") or "", row["basis"], row.get("recurrence") or "")
        held[key] = row["amount"]
    return ran, held


@pytest.mark.parametrize(
    "heads",
    [
        ("Recurrent", "Non-recurrent", "Total"),
        ("Rec", "Non rec", "Total"),
        ("R", "NR", "Total"),
        ("Plan recurrent £000", "Plan non-recurrent £000", "Plan total £000"),
        ("Recurrent", "Non recurrent", "Plan"),
        ("Underlying", "Non-recurrent", "Plan"),
    ],
    ids=" ".join,
)
def test_parts_go_in_marked_and_their_total_checks_them(
    tmp_path: Path, heads: tuple[str, ...]
) -> None:
    ran, held = take_in(tmp_path, [["Line", *heads]], rows(R, NR, BOTH))
    assert questions(ran) == []
    assert held["patient_care_income", "", "plan", "recurrent"] == "1000"
    assert held["patient_care_income", "", "plan", "non_recurrent"] == "50"
    assert held["pay", "", "plan", "recurrent"] == "700"
    assert {mark for *_, mark in held} == {"recurrent", "non_recurrent"}
    checks = ran.answer["tables"]["reconciled"]
    assert sum(check["total"].endswith(heads[2]) for check in checks) >= 7


def test_the_position_tells_what_is_underlying(tmp_path: Path) -> None:
    heads = [["Line", "Recurrent", "Non-recurrent", "Total"]]
    take_in(tmp_path, heads, rows(R, NR, BOTH))
    ran = controltotal("position", tmp_path / "book", "--json")
    assert '"id": "underlying/XF-FTH/2026-27/plan",\n      "value": 20000000' in ran.out


def test_without_a_total_plain_headings_are_marks(tmp_path: Path) -> None:
    ran, held = take_in(tmp_path, [["Line", "Recurrent", "Non-recurrent"]], rows(R, NR))
    assert questions(ran) == []
    assert held["other_income", "", "plan", "non_recurrent"] == "5"


def test_blocks_of_plan_and_forecast_each_have_their_marks(tmp_path: Path) -> None:
    heads = [
        ["", "Plan", "", "", "Forecast", "", "", "Variance"],
        ["Line", "R", "NR", "Total", "R", "NR", "Total", ""],
    ]
    body = [[name, r, n, r + n, r, 2 * n, r + 2 * n, n] for name, (r, n) in LINES.items()]
    ran, held = take_in(tmp_path, heads, body, what="2026/27")
    assert questions(ran) == []
    assert held["pay", "", "plan", "non_recurrent"] == "10"
    assert held["pay", "", "forecast", "non_recurrent"] == "20"


def test_months_each_have_their_marks_and_their_total(tmp_path: Path) -> None:
    heads = [
        ["", "Apr", "", "", "May", "", ""],
        ["Line", "R", "NR", "Total", "R", "NR", "Total"],
    ]
    ran, held = take_in(tmp_path, heads, rows(R, NR, BOTH, R, NR, BOTH))
    assert questions(ran) == []
    assert {month for _, month, *_ in held} == {"1", "2"}
    assert held["drugs", "2", "plan", "recurrent"] == "200"


def test_a_total_that_differs_from_the_two_is_itemised(tmp_path: Path) -> None:
    body = rows(R, NR, BOTH)
    body[3][3] = -711
    ran, held = take_in(tmp_path, [["Line", "Recurrent", "Non-recurrent", "Total"]], body)
    assert [one["code"] for one in questions(ran)] == ["IMPORT_TOTAL"]
    assert not held


def test_one_of_the_two_beside_a_whole_is_asked_and_the_advice_works(tmp_path: Path) -> None:
    heads = [["Line", "Total", "Non-recurrent"]]
    ran, held = take_in(tmp_path, heads, rows(BOTH, NR))
    (question,) = questions(ran)
    assert '--set "headings.Non-recurrent="' in question["action"]
    (tmp_path / "again").mkdir()
    advice = ("--set", "headings.Non-recurrent=")
    ran, held = take_in(tmp_path / "again", heads, rows(BOTH, NR), *advice)
    assert questions(ran) == []
    assert held["pay", "", "plan", ""] == "710"


def test_a_part_that_is_said_to_be_the_plan_is_never_counted_beside_the_whole(
    tmp_path: Path,
) -> None:
    said = ("--set", "headings.Non-recurrent=plan year")
    ran, held = take_in(tmp_path, [["Line", "Total", "Non-recurrent"]], rows(BOTH, NR), *said)
    assert [one["code"] for one in questions(ran)] == ["IMPORT_HEADING"]
    assert not held


def test_both_parts_said_to_be_the_plan_keep_their_marks(tmp_path: Path) -> None:
    names = ("Recurrent", "Non-recurrent")
    said = [text for name in names for text in ("--set", f"headings.{name}=plan year")]
    ran, held = take_in(tmp_path, [["Line", *names, "Total"]], rows(R, NR, BOTH), *said)
    assert questions(ran) == []
    assert held["pay", "", "plan", "non_recurrent"] == "10"


def test_marked_money_of_the_year_beside_quarters_is_asked(tmp_path: Path) -> None:
    heads = [["Line", "Recurrent", "Non-recurrent", "Q1", "Q2", "Q3", "Q4", "Total"]]
    ran, held = take_in(tmp_path, heads, rows(R, NR, R, NR, (0, 0), (0, 0), BOTH))
    assert [one["code"] for one in questions(ran)] == ["IMPORT_HEADING"]
    assert not held


def test_a_heading_may_be_said_to_be_recurrent(tmp_path: Path) -> None:
    said = ("--set", "headings.Base=recurrent", "--set", "headings.One-time items=non-recurrent")
    heads = [["Line", "Base", "One-time items", "Total"]]
    ran, held = take_in(tmp_path, heads, rows(R, NR, BOTH), *said)
    assert questions(ran) == []
    assert held["pay", "", "plan", "non_recurrent"] == "10"


def test_a_mark_with_words_more_is_none() -> None:
    heads = [head_of(n, [text]) for n, text in enumerate(("Recurrent savings", "Non-recurrent"), 1)]
    assert not any(head.mark for head in with_marks(heads))
