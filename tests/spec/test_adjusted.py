"""A control total is measured without impairments and the like: the book of the list of faults.

Every expected number is worked by hand; money in comments is in millions, deficits in brackets.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.answers import Answer, answer, m
from tests.running import controltotal

BOOK = Path(__file__).parents[1] / "data" / "faults" / "reading" / "adjusted"
YEAR = "2026-27/actual"


def with_rows(tmp_path: Path, table: str, *rows: str) -> Path:
    """The book with rows added to a table; the first row given may replace its heading."""
    book = tmp_path / "book"
    if not book.exists():
        shutil.copytree(BOOK, book)
    path = book / f"{table}.csv"
    path.write_text(path.read_text("utf-8") + "\n".join(rows) + "\n", "utf-8")
    return book


def position(book: Path) -> Answer:
    return answer("position", book)


def test_impairments_and_ifrs_16_are_in_the_surplus_and_not_in_the_gap() -> None:
    """400 - 400 - 30 - 12 = (42.0); without the 30 and the 12 it is nil, as the control total asks."""
    found = position(BOOK)
    told = {name: found.value(f"{name}/TRA/{YEAR}") for name in ("surplus", "adjusted_surplus")}
    assert told == {"surplus": m(-42), "adjusted_surplus": 0}
    for measure in ("measured", "gap", "variance", "gap_breakeven", "to_find"):
        assert found.value(f"{measure}/TRA/{YEAR}") == 0
    # TRB states a position of nil, which is the position as its control total measures it.
    assert found.value(f"surplus/SYS1/{YEAR}") == m(-42)
    assert found.value(f"adjusted_surplus/SYS1/{YEAR}") == found.value(f"gap/SYS1/{YEAR}") == 0


def test_the_sentence_says_both_positions_and_why_they_differ() -> None:
    said = " ".join(controltotal("position", BOOK, "--detail").out.split())
    assert "a deficit of £42.0 million without support" in said
    assert "break-even as the control total measures it (without what stands outside it)" in said


def test_every_figure_of_the_adjusted_position_walks_back_to_its_rows() -> None:
    found = answer("explain", BOOK, f"gap/TRA/{YEAR}")
    shown = {row["id"] for row in found.table("tree")}
    assert {f"measured/TRA/{YEAR}", f"adjusted_surplus/TRA/{YEAR}"} <= shown
    walked = str(found.table("tree"))
    assert "amounts row 2" in walked and "amounts row 3" in walked
    assert "amounts row 4" not in walked, "the impairment is in no figure of the gap"


@pytest.mark.parametrize(("said", "gap"), [("", 0), ("yes", 0), ("no", 30)])
def test_a_packaged_line_keeps_its_meaning_unless_the_book_says_otherwise(
    tmp_path: Path, said: str, gap: float
) -> None:
    """A book may say that impairments count: then 30 of the 42 are still to be found."""
    book = with_rows(tmp_path, "amounts")
    (book / "lines.csv").write_text(
        f"line,name,kind,outside_control_total\nimpairments,Impairments,cost,{said}\n", "utf-8"
    )
    found = position(book)
    assert found.value(f"gap/TRA/{YEAR}") == m(gap)
    assert found.value(f"surplus/TRA/{YEAR}") == m(-42)


def test_a_line_of_the_books_own_may_stand_outside_the_control_total(tmp_path: Path) -> None:
    book = with_rows(tmp_path, "amounts", "TRA,gift,2026/27,actual,5000")
    (book / "lines.csv").write_text(
        "line,name,kind,outside_control_total\ngift,Gift of a scanner,income,yes\n", "utf-8"
    )
    found = position(book)
    assert found.value(f"surplus/TRA/{YEAR}") == m(-37)
    assert found.value(f"adjusted_surplus/TRA/{YEAR}") == 0


def test_either_sign_is_lawful_outside_the_control_total(tmp_path: Path) -> None:
    """A reversal of an impairment is written negative, and nobody is warned of it."""
    found = answer("check", with_rows(tmp_path, "amounts", "TRA,disposals,2026/27,actual,-3000"))
    assert "SIGN_UNEXPECTED" not in found.codes
    assert position(tmp_path / "book").value(f"surplus/TRA/{YEAR}") == m(-39)


def test_a_whole_position_is_not_the_one_that_the_control_total_measures(tmp_path: Path) -> None:
    """TRB: whole (8.0), and nil as its control total measures it."""
    found = position(with_rows(tmp_path, "amounts", "TRB,position_whole,2026/27,actual,-8000"))
    assert found.value(f"surplus/TRB/{YEAR}") == m(-8)
    assert found.value(f"adjusted_surplus/TRB/{YEAR}") == found.value(f"gap/TRB/{YEAR}") == 0
    assert found.value(f"surplus/SYS1/{YEAR}") == m(-50)


def test_a_whole_position_alone_does_not_say_what_is_measured(tmp_path: Path) -> None:
    """Without the lines outside, nobody knows what of (8.0) the control total measures."""
    book = with_rows(tmp_path, "amounts")
    rows = (book / "amounts.csv").read_text("utf-8")
    (book / "amounts.csv").write_text(rows.replace("TRB,position,", "TRB,position_whole,"), "utf-8")
    found = position(book)
    assert found.value(f"surplus/TRB/{YEAR}") == 0
    for measure in ("adjusted_surplus", "measured", "gap"):
        assert found.figures[f"{measure}/TRB/{YEAR}"]["status"] == "indeterminate"
    assert found.value(f"gap/SYS1/{YEAR}") is None
    found = position(with_rows(tmp_path, "amounts", "TRB,impairments,2026/27,actual,2000"))
    assert found.value(f"adjusted_surplus/TRB/{YEAR}") == m(2)


def test_an_impairment_of_one_month_leaves_no_hole_in_the_others(tmp_path: Path) -> None:
    """Nine months of 1.0, and an impairment of 3.0 in December: 6.0 whole and 9.0 as measured."""
    book = with_rows(tmp_path, "amounts")
    months = [
        f"TRB,{line},2026/27,actual,{value},{month}"
        for month in range(1, 10)
        for line, value in (("patient_care_income", 6000), ("pay", 5000))
    ]
    rows = ["organisation,line,year,basis,amount,month", *months]
    rows.append("TRB,impairments,2026/27,actual,3000,9")
    (book / "amounts.csv").write_text("\n".join(rows) + "\n", "utf-8")
    found = position(book)
    assert found.value(f"surplus/TRB/{YEAR}") == m(6)
    assert found.value(f"adjusted_surplus/TRB/{YEAR}") == m(9)


def test_a_year_of_impairments_says_nothing_of_nine_months(tmp_path: Path) -> None:
    """The whole surplus to December cannot be told; the adjusted one can."""
    book = with_rows(tmp_path, "amounts")
    months = [
        f"TRB,{line},2026/27,actual,{value},{month}"
        for month in range(1, 10)
        for line, value in (("patient_care_income", 6000), ("pay", 5000))
    ]
    rows = ["organisation,line,year,basis,amount,month", *months]
    rows.append("TRB,impairments,2026/27,actual,3000,")
    (book / "amounts.csv").write_text("\n".join(rows) + "\n", "utf-8")
    found = position(book)
    assert found.value(f"surplus/TRB/{YEAR}") is None
    assert found.value(f"adjusted_surplus/TRB/{YEAR}") == m(9)


def test_an_impairment_of_the_month_after_is_not_yet_to_date(tmp_path: Path) -> None:
    """Nine months of 1.0 and an impairment of January: 9.0 to December, support of January not yet."""
    book = with_rows(tmp_path, "amounts")
    months = [
        f"TRB,{line},2026/27,actual,{value},{month}"
        for month in range(1, 10)
        for line, value in (("patient_care_income", 6000), ("pay", 5000))
    ]
    rows = ["organisation,line,year,basis,amount,month", *months]
    rows.append("TRB,impairments,2026/27,actual,3000,10")
    (book / "amounts.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (book / "transfers.csv").write_text(
        "id,from,to,year,month,amount,kind,mechanism,status\n"
        "T,TRA,TRB,2026/27,10,2000,neighbour_support,resource_transfer,agreed\n",
        "utf-8",
    )
    found = position(book)
    assert found.value(f"surplus/TRB/{YEAR}") == m(9)
    assert found.value(f"surplus_with_support/TRB/{YEAR}") == m(9)


def test_a_stopped_impairment_leaves_the_surplus_untold_and_the_gap_told(tmp_path: Path) -> None:
    book = with_rows(tmp_path, "amounts")
    rows = (book / "amounts.csv").read_text("utf-8")
    stopped = rows.replace(
        "TRA,impairments,2026/27,actual,30000", "TRA,impairments,2026/27,actual,x"
    )
    (book / "amounts.csv").write_text(stopped, "utf-8")
    found = position(book)
    assert found.figures[f"surplus/TRA/{YEAR}"]["status"] == "indeterminate"
    assert found.value(f"gap/TRA/{YEAR}") == 0


def test_a_system_that_states_its_position_is_compared_with_what_is_measured(
    tmp_path: Path,
) -> None:
    """Nil stated is the sum of what is measured; a whole position of (42.0) is that of the whole."""
    book = with_rows(
        tmp_path,
        "amounts",
        "SYS1,position,2026/27,actual,0",
        "SYS1,position_whole,2026/27,actual,-42000",
    )
    assert "STATED_TOTAL_DIFFERS" not in answer("check", book).codes
    book = with_rows(tmp_path, "amounts")
    rows = (book / "amounts.csv").read_text("utf-8").replace("actual,-42000", "actual,-41000")
    (book / "amounts.csv").write_text(rows, "utf-8")
    said = [f for f in answer("check", book).findings if f["code"] == "STATED_TOTAL_DIFFERS"]
    assert [f["where"] for f in said] == ["amounts row 8"]


def test_the_pack_draws_what_the_control_total_measures(tmp_path: Path) -> None:
    page = tmp_path / "pack.html"
    assert controltotal("report", BOOK, "--full", "--output", page).code == 0
    text = page.read_text("utf-8")
    assert "As the control total measures it" in text
    assert "The largest deficit" not in text, "nobody has a deficit that a control total measures"


def test_a_pack_draws_no_position_without_support_beside_a_total_that_includes_it(
    tmp_path: Path,
) -> None:
    """TRA gets 6.0 of TRB, and its control total of 6.0 includes it: it is met, and so drawn."""
    book = with_rows(tmp_path, "amounts")
    (book / "control_totals.csv").write_text(
        "organisation,year,amount,status,set_by,set_on,includes_support\n"
        "TRA,2026/27,6000,accepted,Region,2026-03-20,yes\n"
        "TRB,2026/27,-6000,accepted,Region,2026-03-20,yes\n",
        "utf-8",
    )
    (book / "transfers.csv").write_text(
        "id,from,to,year,amount,kind,mechanism,status\n"
        "T,TRB,TRA,2026/27,6000,neighbour_support,resource_transfer,agreed\n",
        "utf-8",
    )
    rows = (book / "amounts.csv").read_text("utf-8").replace(",actual,", ",plan,")
    (book / "amounts.csv").write_text(rows, "utf-8")
    found = position(book)
    assert found.value("measured/TRA/2026-27/plan") == m(6)
    assert found.value("measured/TRB/2026-27/plan") == m(-6)
    assert found.value("gap/TRA/2026-27/plan") == found.value("gap/TRB/2026-27/plan") == 0
    page = tmp_path / "pack.html"
    assert controltotal("report", book, "--full", "--output", page).code == 0
    bodies = page.read_text("utf-8").partition("Bars of surplus or deficit")[2]
    assert "Trust A 6.0 against 6.0; Trust B (6.0) against (6.0)" in bodies
