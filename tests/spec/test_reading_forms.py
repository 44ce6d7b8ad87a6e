"""Books that once gave a wrong figure without a word, for the form in which they were typed.

Each stands in `tests/data/faults`; what is right is the figure that a person would work out by
hand from what the cells say, or a refusal that names the cause.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import controltotal

FAULTS = Path(__file__).parents[1] / "data" / "faults"
K = 100_000  # pence in £1k

READ = {
    # £2m, not £2,000: Month and Unit are month and unit
    "reading/heading-case": ("surplus/TRA/2026-27/actual", -2_000 * K),
    # control_totals.CSV and transfers.CSV are there
    "reading/uppercase-ext": ("control_total/TRA/2026-27/plan", 0),
    "reading/semicolon": ("surplus/TRA/2026-27/plan", -3_000 * K),
    "reading/utf16": ("surplus/TRA/2026-27/plan", -3_000 * K),
    "reading/sep-line": ("surplus/TRA/2026-27/plan", -3_000 * K),
    "reading/title-rows/book.xlsx": ("surplus/TRA/2026-27/plan", -3_000 * K),
    # 400,000.00012345 and 403,000.333… to the penny, and 1,234.565
    "reading/computed-decimals/book.xlsx": (
        "surplus/TRA/2026-27/plan",
        40_000_000_012 - 40_300_033_333 - 123_456_500,
    ),
    # the hidden 9,000 and 50,000 are in it
    "reading/hidden-rows/book.xlsx": ("surplus/TRA/2026-27/plan", -62_000 * K),
}
TOLD = {
    "reading/uppercase-ext": {"SUPPORT_UNDECIDED"},  # the transfer is read: 5,000 from TRB to TRA
    "reading/title-rows/book.xlsx": {"TITLE_ROWS"},
    "reading/computed-decimals/book.xlsx": {"ROUNDED_TO_PENNY"},
    "reading/hidden-rows/book.xlsx": {"HIDDEN_READ"},
}
STOPPED = {
    "reading/near-headings": ("NEAR_HEADING", "control_total/TRA/2026-27/plan/worst case"),
    "reading/pound-sign": ("AMBIGUOUS_NUMBER", "surplus/TRA/2026-27/plan"),
    "reading/pound-sign/book.xlsx": ("AMBIGUOUS_NUMBER", "surplus/TRA/2026-27/plan"),
    "safety/repeated-cell.xlsx": ("NOT_READ", "surplus/PRV/2026-27/plan"),
    "safety/default-unit-twice": ("NOT_READ", "surplus/PRV/2026-27/plan"),
}


def position(book: str) -> tuple[int, set[str], dict[str, tuple[int | None, str]]]:
    ran = controltotal("position", FAULTS / book, "--json")
    found = json.loads(ran.out)
    figures = {f["id"]: (f["value"], f["status"]) for f in found["figures"]}
    return ran.code, {f["code"] for f in found["findings"]}, figures


@pytest.mark.parametrize("book", READ)
def test_what_people_write_is_read(book: str) -> None:
    code, told, figures = position(book)
    figure, pence = READ[book]
    assert (code, figures[figure]) == (0, (pence, "ok"))
    assert TOLD.get(book, set()) <= told


def test_a_merged_month_is_the_month_of_each_of_its_rows() -> None:
    code, told, figures = position("reading/merged-month/book.xlsx")
    assert code == 0 and "MERGED_READ" in told
    assert "MONTHS_INCOMPLETE" in told, "pay of month 2 and non-pay of month 1 are not there"
    assert figures["surplus/TRA/2026-27/actual"] == (None, "indeterminate")


@pytest.mark.parametrize("book", STOPPED)
def test_what_nobody_can_tell_is_asked(book: str) -> None:
    code, told, figures = position(book)
    cause, figure = STOPPED[book]
    assert code == 1 and cause in told
    assert figures.get(figure, (None, "indeterminate")) == (None, "indeterminate")


def test_a_cell_in_the_last_corner_is_refused_in_one_line() -> None:
    ran = controltotal("check", FAULTS / "safety" / "stray-cell.xlsx")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "XFD1048576" in ran.err and "stray-cell.xlsx" in ran.err
