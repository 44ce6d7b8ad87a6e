"""A large table of amounts read as columns says of every book what reading it cell by cell says.

Whole books are drawn from the number of a case and read in both ways: values, stopped rows, rows that
gave way, findings with their text, order and places, and what the verbs answer. The reader of cells
is the one that is right. A failure names a book that anybody can make again:
`write(drawn(731, PLANTS), folder)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import controltotal
from controltotal.book.amount_table import AT_ONCE, AmountTable
from controltotal.book.columns import BlockRead
from controltotal.book.doubt import parts
from controltotal.book.doubt.screen import Screen
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from tests.column_books import drawn, write
from tests.column_cells import plain
from tests.column_doubts import PLANTS
from tests.column_told import AS_COLUMNS, BY_CELLS, MOMENTS, Asked, Both, read_from
from tests.seeded_books import DECIDED, STOPPED_OR_WARNED, clean, slip

CASES = range(2_000)
SOAKED = range(2_000, 52_000)
ANSWERED = range(0, 2_000, 20)
"""Books of which the answers of verbs are compared too."""
SLIPS = (*STOPPED_OR_WARNED, *DECIDED)
TOLD = (
    "SIGNS_TURNED",
    "TOTAL_BESIDE_PARTS",
    "CUMULATIVE_MONTHS",
    "LOOKS_CUMULATIVE",
    "YEAR_NOT_OVER",
    "YEAR_DIFFERS_FROM_MONTHS",
    "CONTROL_TOTAL_SIGN",
    "COUNTED_TWICE",
    "PART_YEARS",
    "SCALE",
    "DUPLICATE",
    "AMBIGUOUS_NUMBER",
    "UNKNOWN_ORGANISATION",
    "UNKNOWN_LINE",
    "UNKNOWN_SCHEME",
    "UNKNOWN_SOURCE",
    "UNKNOWN_YEAR",
    "UNKNOWN_MONTH",
    "UNKNOWN_BASIS",
    "UNKNOWN_WORD",
    "UNKNOWN_UNIT",
    "UNKNOWN_DATE",
    "MISSING_VALUE",
    "SPREADSHEET_ERROR",
    "FORMULA_WITHOUT_VALUE",
    "SCALED_CELL",
    "UNPRINTABLE",
    "SLASH_IN_CODE",
    "UNLISTED_COLUMN",
)
"""What must be found in some book that was read as columns."""
SCREENED = (
    "turned",
    "_with_support",
    "_split",
    "own_totals",
    "own_results",
    "total_bodies",
    "groups",
    "cumulative",
    "looks_cumulative",
    "year_not_over",
    "_of_body",
    "year_differs",
    "_months",
    "_years",
    "_bodies",
    "_beyond_income",
)
"""The checks that have a screen."""

HELD_BACK = (
    "below_nil",
    "of_bodies",
    "with_lines",
    "without_month",
    "beyond_income",
    "running",
    "climbing",
    "uneven_months",
    "uneven_years",
    "split",
)
"""The screens that the checks share."""


def some_moments(case: int) -> Sequence[Asked]:
    """Every tenth book is read as at other moments too."""
    return MOMENTS if case % 10 == 0 else ()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Two thousand books, each read in both ways."""
    return Both(tmp_path_factory.mktemp("columns")).compare(CASES, some_moments)


def test_every_book_says_the_same_either_way(both: Both) -> None:
    assert both.differences == {}


def test_most_books_are_read_as_columns_and_some_go_back_to_cells(both: Both) -> None:
    assert both.as_columns > both.books / 2, both
    assert both.back_to_cells > both.books / 20, both


def test_some_rows_are_odd_and_most_are_not(both: Both) -> None:
    assert both.rows / 100 < both.odd < both.rows / 2, (both.rows, both.odd)


@pytest.mark.parametrize("code", TOLD)
def test_it_is_found_in_some_book_of_columns_and_not_in_most(both: Both, code: str) -> None:
    assert 0 < both.codes[code] < both.as_columns / 2, both.codes


@pytest.mark.parametrize("check", SCREENED)
def test_its_screen_lets_something_through_and_holds_something_back(both: Both, check: str) -> None:
    assert both.through[check] > 0
    assert both.held[check] > 0


def test_books_of_thousands_of_rows_say_the_same_either_way(tmp_path: Path) -> None:
    larger = Both(tmp_path, many=900).compare(range(8), some_moments)
    assert larger.differences == {}
    assert larger.as_columns > 2
    assert larger.rows > AT_ONCE * larger.as_columns


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_fifty_thousand_more_books_say_the_same_either_way(tmp_path: Path) -> None:
    assert Both(tmp_path).compare(SOAKED, some_moments).differences == {}


# -- what the verbs answer -------------------------------------------------------------------------

Ask = Callable[[Path], Result]
EVERYWHERE: dict[str, Ask] = {
    "check": controltotal.check,
    "position": controltotal.position,
}
IN_TURN: dict[str, Ask] = {
    "risk": lambda book: controltotal.risk(book, draws=100, seed=1),
    "portfolio": controltotal.portfolio,
    "trajectory": controltotal.trajectory,
    "forecast": controltotal.forecast,
    "history": controltotal.history,
    "schemes": controltotal.schemes,
    "share": lambda book: controltotal.share(book, "£25m", from_="B00", to="S1"),
    "challenge": lambda book: controltotal.challenge(book, organisation="B00"),
    "explain": lambda book: controltotal.explain(book, "surplus/B00/2026-27/plan"),
    "month": lambda book: controltotal.position(book, month="M6"),
    "day": lambda book: controltotal.position(book, as_at="2026-06-01"),
    "register": lambda book: controltotal.check(book, organisation="B00"),
}
"""One of these is asked of each book."""


def answered(ask: Ask, book: Path, size: int) -> str:
    """The document that a verb prints, or the line with which it refuses."""
    with read_from(size):
        try:
            return ask(book).to_json()
        except BookError as error:
            return f"refused: {error}"


def alike(book: Path, names: Sequence[str]) -> None:
    """These verbs answer the same of a book read in both ways."""
    for name in names:
        ask = {**EVERYWHERE, **IN_TURN}[name]
        assert answered(ask, book, AS_COLUMNS) == answered(ask, book, BY_CELLS), name


@pytest.mark.parametrize("case", ANSWERED)
def test_verbs_answer_the_same_either_way(case: int, tmp_path: Path) -> None:
    try:
        book = write(drawn(case, PLANTS), tmp_path)
        with read_from(AS_COLUMNS):
            read = controltotal.read(book)
    except BookError:
        return  # nothing can be asked of it
    if not isinstance(read.book.amounts, AmountTable):
        return
    alike(book, (*EVERYWHERE, list(IN_TURN)[case // 20 % len(IN_TURN)]))


@pytest.mark.parametrize("seed", range(12))
def test_verbs_answer_the_same_of_a_book_as_a_system_keeps_it(seed: int, tmp_path: Path) -> None:
    told = clean(seed)
    if seed % 3:
        told = slip(told, SLIPS[seed % len(SLIPS)], seed).book
    files = {f"{name}.csv": plain(rows).encode() for name, rows in told.items() if rows}
    names = list(IN_TURN)
    alike(write(files, tmp_path), (*EVERYWHERE, names[seed % len(names)], "month"))


# -- the comparison can fail -----------------------------------------------------------------------


def forgets_brackets(read: BlockRead) -> None:
    """As if brackets round a sum said nothing."""
    texts = read.block.single["amount"]
    brackets = texts.str.contains(r"^\([0-9]{1,9}\)$").fill_null(False).to_numpy()
    digits = texts.str.replace_all(r"[^0-9]", "").fill_null("0")
    for place in np.flatnonzero(brackets):
        read.pence[place] = int(digits[int(place)]) * 100
    read.plain |= brackets


def test_a_mask_that_forgets_brackets_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = BlockRead._read_sums
    monkeypatch.setattr(BlockRead, "_read_sums", lambda read: (right(read), forgets_brackets(read)))
    assert Both(tmp_path).compare(range(400), first=True).differences


def test_a_mask_that_forgets_rows_stated_twice_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BlockRead, "refuse_twice", lambda read, others: list(others))
    assert Both(tmp_path).compare(range(400), first=True).differences


@pytest.mark.parametrize("screen", HELD_BACK)
def test_a_screen_that_holds_everything_back_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, screen: str
) -> None:
    right = getattr(Screen, screen)
    none = (lambda found: found[:0]) if screen == "split" else (lambda found: found & False)
    monkeypatch.setattr(Screen, screen, lambda self, *given: none(right(self, *given)))
    assert Both(tmp_path).compare(CASES, first=True).differences


def test_a_screen_of_own_lines_that_holds_everything_back_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = parts.may_have_totals
    monkeypatch.setattr(parts, "may_have_totals", lambda *given: right(*given) & False)
    assert Both(tmp_path).compare(CASES, first=True).differences
