"""Rows that a later file names otherwise: asked about, before anything of theirs goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from controltotal import read, verbs
from tests.intake_files import FTH, book_of, xlsx

Rows = Mapping[str, Sequence[int]]
HEADS = ["£000", "Annual plan", "YTD actual", "Forecast"]
BEFORE: Rows = {"Patient income": (1200, 800, 1210), "Pay": (700, 470, 710)}
OTHER = (300, 200, 310)


def sheet(folder: Path, month: int, rows: Rows) -> Path:
    """A statement of a month: income, pay, and rows of non-pay under a proven total."""
    of_rest = [sums for name, sums in rows.items() if name not in BEFORE]
    rest = [sum(sums) for sums in zip(*of_rest, strict=True)]
    income, pay = rows["Patient income"], rows["Pay"]
    result = [a - b - c for a, b, c in zip(income, pay, rest, strict=True)]
    lines = [
        [f"Trust report, month {month} 2026/27"],
        HEADS,
        ["NHS clinical income", *income],
        ["Pay", *pay],
        *([name, *sums] for name, sums in rows.items() if name not in BEFORE),
        ["Total non-pay", *rest],
        ["Surplus/(deficit)", *result],
    ]
    return xlsx(folder / f"m{month}.xlsx", {"Report": lines})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.joinpath("files").mkdir()
    return tmp_path / "files"


def sent(folder: Path, book: str | Path, month: int, rows: Rows, *said: str) -> verbs.Result:
    given = [f"organisation={FTH}", *said]
    on = f"2026-{month + 4:02}-10"
    return verbs.import_(sheet(folder, month, {**BEFORE, **rows}), str(book), set=given, on=on)


def asked(ran: verbs.Result) -> list[str]:
    return [f"{one.message} {one.action}" for one in ran.findings if one.code == "IMPORT_LINE"]


def money(book: Path) -> list[tuple[object, ...]]:
    rows = read(book).book.amounts
    return [(row.line, row.basis, row.month, row.amount, row.known) for row in rows]


FIRST: Rows = {"Site services": OTHER, "Energy": (40, 30, 40)}


@pytest.mark.parametrize("ledger", [False, True])
def test_a_row_under_a_new_name_is_asked_about_and_nothing_is_written(
    ledger: bool, tmp_path: Path, folder: Path
) -> None:
    book = tmp_path / "a.ledger" if ledger else book_of("one", tmp_path)
    if ledger:
        verbs.convert(str(book_of("one", tmp_path)), str(book))
    assert not asked(sent(folder, book, 5, FIRST))
    before = money(book)
    renamed: Rows = {"Site services (incl. waste)": (300, 240, 312), "Energy": (40, 36, 40)}
    (told,) = asked(sent(folder, book, 6, renamed))
    assert "“Site services (incl. waste)” is no line of the book, and “Site services”" in told
    assert money(book) == before

    answer = told.partition('--set "')[2].partition('"')[0]
    assert answer == "lines.Site services (incl. waste)=site_services"
    assert not asked(sent(folder, book, 6, renamed, answer))
    held = {
        (basis, month): pence
        for line, basis, month, pence, _ in money(book)
        if line == "site_services"
    }
    assert held == {
        ("plan", None): 30_000_000,
        ("forecast", None): 31_200_000,
        ("actual", "YTD5"): 20_000_000,
        ("actual", "6"): 4_000_000,
    }
    assert not asked(sent(folder, book, 7, {**renamed, "Energy": (40, 37, 40)}))


def test_it_is_another_where_somebody_says_so(tmp_path: Path, folder: Path) -> None:
    book = book_of("one", tmp_path)
    sent(folder, book, 5, FIRST)
    other: Rows = {"Hotel services": (300, 240, 312), "Energy": (40, 36, 40)}
    (told,) = asked(sent(folder, book, 6, other))
    assert "“Hotel services”" in told
    assert not asked(sent(folder, book, 6, other, "withdraw=yes"))
    lines = {row.line for row in read(book).book.amounts if row.basis == "plan"}
    assert "hotel_services" in lines
    assert "site_services" not in lines


def test_the_same_money_under_wholly_another_name_is_asked_about(
    tmp_path: Path, folder: Path
) -> None:
    book = book_of("one", tmp_path)
    sent(folder, book, 5, FIRST)
    found = sent(folder, book, 6, {"Hotel contract": (300, 240, 312), "Energy": (40, 36, 40)})
    assert [one.found for one in found.findings if one.code == "IMPORT_LINE"] == [
        "“Hotel contract”, with the same plan"
    ]


def test_a_new_row_beside_all_that_were_there_is_no_question(tmp_path: Path, folder: Path) -> None:
    book = book_of("one", tmp_path)
    sent(folder, book, 5, FIRST)
    more: Rows = {
        "Site services": OTHER,
        "Site services of hubs": (10, 5, 10),
        "Energy": (40, 36, 40),
    }
    assert not asked(sent(folder, book, 6, more))
