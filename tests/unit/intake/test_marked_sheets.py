"""A sum that one sheet states whole and another by whether it repeats: it counts once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from controltotal.core.finding import Finding
from controltotal.intake.heads import head_of
from controltotal.intake.joining import joined
from controltotal.intake.known import Known
from controltotal.intake.marked_columns import with_marks
from controltotal.intake.model import Read, Row
from tests.intake_files import MONTHS, book_of, titled, xlsx
from tests.intake_reads import amounts, seen
from tests.intake_told import imported, questions
from tests.running import controltotal

R, NR = "recurrent", "non_recurrent"
Sums = Mapping[tuple[str, str, str], int]


def sheet(name: str, sums: Sums, basis: str = "forecast") -> Read:
    """A sheet by line, time and mark; of an actual month where the time begins with `a`."""
    read = amounts({}, of=seen(sheet=name))
    for place, ((line, month, mark), number) in enumerate(sums.items()):
        cells = {"organisation": "RX1", "line": line, "year": "2026/27", "unit": "£000"}
        cells |= {"month": month.lstrip("a"), "recurrence": mark, "amount": str(number)}
        cells["basis"] = "actual" if month.startswith("a") else basis
        read.rows.append(Row("amounts", cells, 1 + place, (1,)))
    return read


def settled(*reads: Read) -> list[Finding]:
    return [one for one in joined(reads, Known()) if one.severity == "error"]


def held(*reads: Read) -> list[tuple[str, str, str]]:
    return [
        (c["line"], c["month"], c.get("recurrence", ""))
        for read in reads
        for c in (row.cells for row in read.rows)
    ]


def parts(line: str, recurrent: int, once: int, month: str = "") -> Sums:
    return {(line, month, R): recurrent, (line, month, NR): once}


def test_parts_that_make_a_whole_go_in_and_it_is_checked_and_left_out() -> None:
    whole, split = sheet("Plan", {("drugs", "", ""): 100}), sheet("R", parts("drugs", 90, 10))
    (found,) = joined((whole, split), Known())
    assert (found.code, found.severity) == ("IMPORT_LEFT", "information")
    assert held(whole, split) == [("drugs", "", R), ("drugs", "", NR)]
    assert whole.checks[-1].agrees and whole.checks[-1].expected == 10_000_000
    assert "counts in its place" in whole.left[-1].reason


def test_lines_that_a_sheet_does_not_mark_stay_as_they_are() -> None:
    whole = sheet("Plan", {("drugs", "", ""): 100, ("bank_pay", "", ""): 5})
    split = sheet("R", {**parts("drugs", 90, 10), ("capital", "", R): 1})
    assert settled(whole, split) == []
    assert held(whole) == [("bank_pay", "", "")]


def test_parts_that_differ_are_asked_once_and_may_be_accepted() -> None:
    whole = sheet("Plan", {("drugs", "", ""): 100, ("bank_pay", "", ""): 7})
    split = sheet("R", {**parts("drugs", 90, 11), **parts("bank_pay", 9, -3)})
    (found,) = settled(whole, split)
    assert found.code == "IMPORT_TOTAL"
    assert "drugs by -£1,000, bank pay by £1,000" in found.message
    assert "--accept" in found.action and "--sheet" in found.action
    assert held(whole) == [] and len(held(split)) == 4


def test_one_mark_alone_is_no_difference_but_a_question() -> None:
    whole, split = (
        sheet("Plan", {("drugs", "", ""): 100}),
        sheet("One-offs", {("drugs", "", NR): 9}),
    )
    (found,) = settled(whole, split)
    assert found.code == "IMPORT_VERSIONS" and "non-recurrent money of 1 sums" in found.message
    assert '--sheet "Plan" keeps what is whole' in found.action
    assert '--sheet "One-offs" keeps the marks' in found.action


def test_one_mark_that_is_the_whole_is_proven() -> None:
    whole, split = sheet("Plan", {("drugs", "", ""): 100}), sheet("R", {("drugs", "", R): 100})
    assert settled(whole, split) == []
    assert held(whole, split) == [("drugs", "", R)]


def test_months_beside_the_parts_of_their_year_are_asked() -> None:
    months = {("drugs", str(n), ""): 10 for n in range(1, 13)}
    for sums, month, basis in (
        (months, "", "plan"),
        (dict(list(months.items())[:8]), "YTD8", "actual"),
    ):
        whole, split = (
            sheet("Months", sums, basis),
            sheet("R", parts("drugs", 70, 10, month), basis),
        )
        (found,) = settled(whole, split)
        assert found.code == "IMPORT_VERSIONS"
        assert found.found.startswith(f"drugs of 1 to {len(sums)} ")
        assert len(held(whole)) == len(sums)


def test_marked_months_make_an_unmarked_year() -> None:
    months = {("drugs", str(n), R): 10 for n in range(1, 13)} | {("drugs", "3", NR): 1}
    whole = sheet("Year", {("drugs", "", ""): 121})
    months |= {("drugs", str(n), NR): 0 for n in range(1, 13) if n != 3}
    assert settled(whole, sheet("Months", months)) == []
    assert held(whole) == []


@pytest.mark.parametrize("year", [{("drugs", "", ""): 120}, {}], ids=["with the year", "without"])
def test_months_to_come_of_a_forecast_give_way_to_the_parts_of_its_year(year: Sums) -> None:
    past = {("drugs", f"a{n}", ""): 10 for n in range(1, 9)}
    rest = {("drugs", str(n), ""): 10 for n in range(9, 13)}
    trend, split = sheet("Trend", {**past, **rest, **year}), sheet("R", parts("drugs", 100, 20))
    assert settled(trend, split) == []
    assert held(trend) == [("drugs", str(n), "") for n in range(1, 9)]


def test_months_to_come_that_do_not_make_the_year_are_asked() -> None:
    past = {("drugs", f"a{n}", ""): 10 for n in range(1, 9)}
    rest = {("drugs", str(n), ""): 11 for n in range(9, 13)}
    trend, split = sheet("Trend", {**past, **rest}), sheet("R", parts("drugs", 100, 20))
    assert [one.code for one in settled(trend, split)] == ["IMPORT_VERSIONS"]


def test_a_position_may_say_what_of_it_repeats() -> None:
    whole, split = sheet("Plan", {("position", "", ""): 1}), sheet("R", parts("position", 5, -3))
    assert settled(whole, split) == []
    assert len(held(whole, split)) == 3


def test_a_group_is_held_against_its_lines_whether_marked_or_not() -> None:
    lines = {("substantive_pay", "", ""): 70, ("bank_pay", "", ""): 30}
    detail, group = sheet("Lines", lines), sheet("R", parts("pay", 90, 10))
    found = joined((detail, group), Known())
    assert [(one.code, one.severity) for one in found] == [("IMPORT_LEFT", "warning")]
    assert '--sheet "R"' in found[0].action
    assert len(held(detail)) == 2 and held(group) == []
    wrong = sheet("R", parts("pay", 90, 11))
    assert [one.code for one in settled(sheet("Lines", lines), wrong)] == ["IMPORT_TOTAL"]


def test_a_group_without_marks_is_the_sum_of_lines_with_them() -> None:
    lines = {**parts("substantive_pay", 60, 10), **parts("bank_pay", 10, 20)}
    whole, detail = sheet("Plan", {("pay", "", ""): 100}), sheet("R", lines)
    assert settled(whole, detail) == []
    assert held(whole) == [] and len(held(detail)) == 4


@pytest.mark.parametrize(
    "over", ["of which", "Of which:", "o/w", "Split between", "Recurrent / non-recurrent split"]
)
def test_words_over_the_parts_say_that_they_are_parts(over: str) -> None:
    heads = [["Plan", "Total FOT"], ["Plan", over, "Recurrent"], ["Plan", over, "Non-recurrent"]]
    found = with_marks([head_of(n, texts) for n, texts in enumerate(heads)])
    assert [head.mark for head in found] == ["", R, NR]


def test_parts_are_of_the_basis_and_time_of_the_column_that_they_split() -> None:
    heads = [
        ["2026/27 plan"],
        ["of which", "R"],
        ["of which", "NR"],
        ["Forecast year"],
        ["o/w R"],
        ["o/w NR"],
    ]
    found = with_marks([head_of(n, texts) for n, texts in enumerate(heads)])
    assert [head.mark for head in found] == ["", R, NR, "", R, NR]
    assert [head.measure.basis for head in found] == ["plan"] * 3 + ["forecast"] * 3
    assert len({replace(head.measure, unit="") for head in found[:3]}) == 1


LINES = {"Patient care income": (1_000, 40), "Substantive pay": (600, 24), "Drugs": (350, -12)}


def file_of(path: Path, heads: Sequence[Sequence[object]], **more: int) -> Path:
    """A trend of twelve months, eight of them actual, and a sheet of what repeats of its year."""
    months = [f"{m} {'A' if n < 8 else 'F'}" for n, m in enumerate(MONTHS)]
    trend: list[list[object]] = [["Line", *months, "FOT"]]
    split = [list(row) for row in heads]
    for name, (year, once) in LINES.items():
        trend.append([name, *([year] * 12), year * 12])
        total = year * 12 + more.get(name.split()[0], 0)
        split.append([name, total, total - once, once])
    made = path / "both.xlsx"
    xlsx(
        made, {"Trend": titled(trend, what="2026/27"), "Underlying": titled(split, what="2026/27")}
    )
    return made


@pytest.mark.parametrize(
    "heads",
    [
        [["Line", "FOT", "Recurrent", "Non-recurrent"]],
        [
            ["", "Forecast outturn", "of which", "of which"],
            ["Line", "Total FOT", "Recurrent", "Non-recurrent"],
        ],
        [["Line", "Forecast year", "of which R", "of which NR"]],
    ],
    ids=["plain", "of which above", "of which in it"],
)
def test_a_file_of_a_trend_and_its_underlying_view_goes_in_once(
    tmp_path: Path, heads: Sequence[Sequence[object]]
) -> None:
    book = book_of("one", tmp_path)
    ran = imported([file_of(tmp_path, heads)], book)
    assert questions(ran) == []
    checked = controltotal("check", str(book), "--json")
    assert "TOTAL_BESIDE_PARTS" not in checked.out
    told = json.loads(controltotal("position", str(book), "--json").out)
    figures = {one["id"]: one["value"] for one in told["figures"]}
    assert figures["underlying/XF-FTH/2026-27/forecast"] == (50 * 12 - 28) * 100_000
    rows = (book / "amounts.csv").read_text("utf-8").splitlines()
    assert sum(",forecast," in row for row in rows) == 2 * len(LINES)
    assert sum(",actual," in row for row in rows) == 8 * len(LINES)


def test_a_file_whose_views_differ_is_asked_with_answers_that_work(tmp_path: Path) -> None:
    book = book_of("one", tmp_path)
    made = file_of(tmp_path, [["Line", "FOT", "Recurrent", "Non-recurrent"]], Drugs=5)
    (asked,) = questions(imported([made], book))
    assert asked["code"] == "IMPORT_TOTAL"
    answers = (
        '--set "headings.Recurrent=" --set "headings.Non-recurrent="',
        '--sheet "Underlying"',
    )
    assert all(answer in asked["action"] for answer in answers)
    assert questions(imported([made], book, "--sheet", "Underlying", "--dry-run")) == []
