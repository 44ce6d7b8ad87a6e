"""Whether a sum repeats: read in any usual word, never lost in silence, never counted under two marks."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.sources.convert import new_book

MONTHS = ("Apr", "May", "Jun")
LINES = {"Patient care income": 900, "Other operating income": 50, "Pay": 600, "Premises": 30}
MARKS = {"Other operating income": "NR", "Pay": "R", "Premises": "Non-recurrent"}
ONCE, EVERY = "non_recurrent", "recurrent"
KNOWN = {("other_income", ONCE): 153, ("pay", EVERY): 1803, ("premises", ONCE): 93}


@pytest.fixture(params=["folder", "ledger"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    folder = f"{tmp_path}/book"
    address = folder if request.param == "folder" else f"sqlite:///{tmp_path}/book.ledger"
    new_book(address, "A test")
    return address


def file(
    folder: Path,
    name: str,
    marks: Mapping[str, str] | None,
    more: Sequence[Sequence[object]] = (),
    *,
    months: Sequence[str] = MONTHS,
    first: str = "Line",
    heading: str = "R/NR",
    added: int = 0,
) -> str:
    """A statement in thousands, months across; without a column of marks where there are none."""
    rows: list[list[object]] = [["Income and expenditure 2026/27, actual, £000"]]
    labels = [first, *([heading] if marks is not None else [])]
    rows.append([*labels, *months])
    for line, usual in LINES.items():
        own = [line, *([marks.get(line, "")] if marks is not None else [])]
        rows.append([*own, *(usual + number + added for number in range(len(months)))])
    rows += [list(row) for row in more]
    with (path := folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return str(path)


def imported(path: str, book: str, *more: str) -> Result:
    return verbs.import_(path, book, set=["organisation=RX1", *more])


def codes(result: Result, *severities: str) -> list[str]:
    return [one.code for one in result.findings if not severities or one.severity in severities]


def held(book: str) -> dict[tuple[str, str], int]:
    """What a book holds by line and mark, in thousands, without what is not marked."""
    found: dict[tuple[str, str], int] = {}
    for row in verbs.read(book).book.amounts:
        if row.recurrence:
            label = (row.line, row.recurrence)
            found[label] = found.get(label, 0) + abs(row.amount or 0) // 100_000
    return found


def whole(book: str) -> int:
    return sum(abs(row.amount or 0) for row in verbs.read(book).book.amounts) // 100_000


def test_marks_are_read_in_every_usual_word_and_an_unknown_word_is_told(
    book: str, tmp_path: Path
) -> None:
    result = imported(file(tmp_path, "a", {**MARKS, "Patient care income": "partly"}), book)
    assert held(book) == KNOWN
    assert codes(result) == ["IMPORT_UNKNOWN"]
    assert "partly" in result.findings[0].found


def test_yes_under_non_recurrent_is_once(book: str, tmp_path: Path) -> None:
    yes = {"Other operating income": "Y", "Pay": "N", "Premises": "yes"}
    imported(file(tmp_path, "a", yes, heading="Non-recurrent?"), book)
    assert held(book) == KNOWN


@pytest.mark.parametrize("marks", [None, {}], ids=["no column", "an empty column"])
def test_a_file_that_does_not_say_leaves_the_marks_of_the_book(
    book: str, tmp_path: Path, marks: Mapping[str, str] | None
) -> None:
    imported(file(tmp_path, "a", MARKS), book)
    result = imported(file(tmp_path, "b", marks), book, "drift=yes")
    assert held(book) == KNOWN and codes(result) == []
    imported(file(tmp_path, "c", marks, added=1), book, "drift=yes")
    assert held(book) == {key: thousands + 3 for key, thousands in KNOWN.items()}


def test_a_mark_that_changes_is_told_though_the_money_does_not(book: str, tmp_path: Path) -> None:
    imported(file(tmp_path, "a", MARKS), book)
    before = whole(book)
    result = imported(file(tmp_path, "b", {**MARKS, "Premises": "R"}), book)
    (told,) = result.findings
    assert (told.code, told.severity) == ("IMPORT_MARKS", "warning")
    assert "premises, 3 periods, actual: non-recurrent, now recurrent" in told.message
    assert held(book) == {
        **{k: v for k, v in KNOWN.items() if k[0] != "premises"},
        ("premises", EVERY): 93,
    }
    assert whole(book) == before


def test_marks_that_the_book_did_not_have_are_put_in_place(book: str, tmp_path: Path) -> None:
    imported(file(tmp_path, "a", None), book)
    before = whole(book)
    result = imported(file(tmp_path, "b", MARKS), book, "drift=yes")
    assert codes(result) == ["IMPORT_MARKS"] and result.findings[0].severity == "information"
    assert held(book) == KNOWN and whole(book) == before


@pytest.mark.parametrize("first", [MARKS, None], ids=["marked otherwise", "not marked"])
def test_another_hand_s_sum_never_stands_beside_the_file_s_under_another_mark(
    book: str, tmp_path: Path, first: Mapping[str, str] | None
) -> None:
    imported(file(tmp_path, "a", first), book)
    before = whole(book)
    other = file(tmp_path, "b", dict.fromkeys(LINES, "R"), first="Account")
    assert codes(imported(other, book), "error") == ["IMPORT_HELD"]
    assert whole(book) == before
    assert "IMPORT_MARKS" in codes(imported(other, book, "replace=yes"))
    assert whole(book) == before and {mark for _, mark in held(book)} == {EVERY}


def test_a_year_to_date_of_one_mark_stands_in_the_months_of_that_mark(
    book: str, tmp_path: Path
) -> None:
    rows = [["Other operating income", "R", 10, 10, 10]]
    imported(file(tmp_path, "a", MARKS, rows), book)
    before = whole(book)
    sums = {line: sum(usual + number for number in range(3)) for line, usual in LINES.items()}
    path = tmp_path / "b.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(
            [
                ["Income and expenditure 2026/27, actual, £000"],
                ["Line", "R/NR", "YTD M3"],
                *([line, MARKS.get(line, ""), sums[line]] for line in LINES),
                ["Other operating income", "R", 30],
            ]
        )
    result = imported(str(path), book)
    assert codes(result) == [] and whole(book) == before


def test_a_sum_that_the_book_has_in_marked_parts_withdraws_none_of_them(
    book: str, tmp_path: Path
) -> None:
    imported(file(tmp_path, "a", MARKS, [["Premises", "R", 10, 10, 10]]), book)
    result = imported(file(tmp_path, "b", None, added=10), book, "drift=yes")
    assert "IMPORT_WITHDRAW" not in codes(result)
    assert held(book)["premises", ONCE] == 93


def test_sums_that_lose_a_mark_are_told(book: str, tmp_path: Path) -> None:
    imported(file(tmp_path, "a", MARKS), book)
    more = file(tmp_path, "b", None, months=(*MONTHS, "Jul"))
    (told,) = imported(more, book, "drift=yes").findings
    assert told.code == "IMPORT_DETAIL" and len(told.in_files) == 2
    assert "other income, month 4, actual" in told.message and "run rate" in told.message


def test_words_under_basis_that_nobody_knows_are_asked_and_the_title_does_not_speak_for_them(
    book: str, tmp_path: Path
) -> None:
    path = file(tmp_path, "a", dict.fromkeys(LINES, "Outlook"), heading="Basis")
    assert codes(imported(path, book), "error") == ["IMPORT_BASIS"]
    short = file(tmp_path, "b", dict.fromkeys(LINES, "Bud"), heading="Basis")
    assert codes(imported(short, book), "error") == []
    assert {row.basis for row in verbs.read(book).book.amounts} == {"plan"}


def test_rows_that_repeat_are_one_question_and_postings_can_be_said(
    book: str, tmp_path: Path
) -> None:
    path = tmp_path / "postings.csv"
    rows = [["Pay", f"{month:02d}/2026", 10 + n] for n in range(3) for month in range(4, 7)]
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(
            [["Actual 2026/27"], ["Account", "Fiscal period", "Amount £"], *rows]
        )
    (question,) = [one for one in imported(str(path), book).findings if one.severity == "error"]
    assert question.code == "IMPORT_REPEATED" and "--as ledger" in question.action
    verbs.import_(str(path), book, set=["organisation=RX1"], as_="ledger")
    assert [row.amount for row in verbs.read(book).book.amounts] == [3300, 3300, 3300]
