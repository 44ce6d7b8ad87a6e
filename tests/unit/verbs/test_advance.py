"""`advance`: a book as it would be, in any of its forms, with nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

import controltotal
from controltotal.core.errors import BookError

GAP = {"organisation": "T1", "line": "position", "year": "2026/27", "basis": "plan", "unit": "£"}
TABLES = {
    "book.csv": "key,value\ndefault_unit,£\nfictional,yes\n",
    "organisations.csv": "code,name,kind\nT1,First,provider\n",
    "amounts.csv": "organisation,line,year,basis,amount\nT1,position,2026/27,plan,-100\n",
}
SURPLUS = "surplus/T1/2026-27/plan"


def book(folder: Path) -> Path:
    """A folder with one plan."""
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def surplus(position: controltotal.Position) -> int:
    """The surplus of the plan, in pence."""
    return int(controltotal.position(position).value(SURPLUS) or 0)


@pytest.mark.parametrize("form", ["folder", "workbook", "ledger"])
def test_a_row_more_and_one_less_give_the_figures_of_such_a_book(tmp_path: Path, form: str) -> None:
    address = str(book(tmp_path))
    if form != "folder":
        target = tmp_path / ("plan.xlsx" if form == "workbook" else "plan.ledger")
        controltotal.convert(address, target)
        address = str(target)
    before = controltotal.read(address)
    tried = controltotal.advance(before, [("amounts", {**GAP, "amount": "-70"})], [("amounts", 2)])
    assert (surplus(before), surplus(tried)) == (-10_000, -7_000)
    assert tried.ref.root == "" and before.ref.root
    assert surplus(controltotal.read(address)) == -10_000


def test_with_both_rows_neither_is_used_and_it_is_said(tmp_path: Path) -> None:
    tried = controltotal.advance(book(tmp_path), [("amounts", {**GAP, "amount": "-70"})])
    assert [one.code for one in tried.findings] == ["DUPLICATE"]
    assert len(tried.book.amounts) == 0


def test_a_later_word_on_the_row_is_the_one_that_holds(tmp_path: Path) -> None:
    later = {**GAP, "amount": "-70", "known_on": "2026-06-01"}
    assert surplus(controltotal.advance(book(tmp_path), [("amounts", later)])) == -7_000


def test_trying_again_on_what_was_tried_adds_up(tmp_path: Path) -> None:
    once = controltotal.advance(book(tmp_path), [("organisations", {"code": "T2", "name": "B"})])
    twice = controltotal.advance(once, [("organisations", {"code": "T3", "name": "C"})])
    assert [row.number for row in twice.stopped] == [3, 4], "their kind is not told"
    assert twice.ref.entry == once.ref.entry + 1


def test_what_is_published_of_real_bodies_is_taken_anew() -> None:
    real = controltotal.read("examples/nene-2013")
    allocation = {"organisation": "04G", "fact": "allocation", "year": "2013/14", "value": "1"}
    tried = controltotal.advance(real, [("facts", {**allocation, "unit": "£m"})])
    alone = controltotal.advance(controltotal.read("examples/nene-2013", book_only=True))
    assert set(tried.taken) <= set(real.taken) and not tried.book_only
    assert alone.book_only and not alone.taken


def test_with_nothing_more_it_is_the_book_itself(tmp_path: Path) -> None:
    position = controltotal.read(book(tmp_path))
    same = controltotal.advance(position)
    assert same.ref == position.ref and same.book is position.book


@pytest.mark.parametrize(
    ("rows", "less", "said"),
    [
        ([("sums", {"a": "1"})], [], "there is no table 'sums'"),
        ([], [("amounts", 9)], "there is no amounts row 9"),
        ([("amounts", {"amount": "1\0"})], [], "NUL"),
    ],
)
def test_what_is_no_row_is_refused(tmp_path: Path, rows: list, less: list, said: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(BookError, match=said):
        controltotal.advance(book(tmp_path), rows, less)


def test_only_a_book_as_it_stands_can_be_tried_on(tmp_path: Path) -> None:
    then = controltotal.read(book(tmp_path), as_at="2026-05-01")
    with pytest.raises(BookError, match="as it stands"):
        controltotal.advance(then)
