"""Portfolios side by side and what keeping one would change, by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.core.result import Answer, BookRef, Result
from controltotal.savings.portfolio.keep import Change, changes_to_keep, compare_portfolios

BOOK = BookRef("book", 9, "sha256:0")
"""What both rest on."""
OTHER = BookRef("book", 10, "sha256:1")


def row(code: str, start: str | None, harm: int | None = 4, considered: bool = True) -> Any:
    return {
        "scheme": code,
        "chosen": start is not None,
        "start": start,
        "harm": harm,
        "considered": considered,
    }


def portfolio(saving: int | None, *rows: Any, book: BookRef = BOOK, words: str = "Said.") -> Result:
    answer = Answer("portfolio", book, {})
    if saving is not None:
        for measure in ("portfolio_saving", "portfolio_bound", "shortfall", "plan_surplus"):
            answer.figure(f"{measure}/T1/2026-27/plan", saving, rule="as given")
    answer.table("schemes", rows)
    answer.table("certificate", [{"order": 0, "value": saving}])
    if words:
        answer.words(words, topic="portfolio")
    return answer.result()


MOST = portfolio(500, row("A", "2026-04-01"), row("B", "2026-05-01", 6), row("C", None, None))
FEW = portfolio(300, row("A", "2026-06-01"), row("B", None, 6), row("C", None, None), words="")


def test_figures_stand_side_by_side_and_one_that_only_one_has_is_empty_for_the_other() -> None:
    found = compare_portfolios({"most": MOST, "none": portfolio(None, words="")})
    assert [dict(one) for one in found.tables["side_by_side"]] == [
        {"figure": f"{measure}/T1/2026-27/plan", "most_pence": 500, "none_pence": None}
        for measure in ("portfolio_bound", "portfolio_saving", "shortfall")
    ]


def test_chosen_schemes_and_their_harm_are_counted() -> None:
    found = compare_portfolios({"most": MOST, "few": FEW})
    assert [dict(one) for one in found.tables["counts"]] == [
        {"count": "residual harm of the chosen schemes", "most": 10, "few": 4},
        {"count": "schemes chosen", "most": 2, "few": 1},
    ]
    harmless = compare_portfolios({"one": portfolio(1, row("A", "2026-04-01", None))})
    assert harmless.tables["counts"][0]["one"] == 0


def test_each_scheme_shows_its_start_in_each_and_whether_they_differ() -> None:
    found = compare_portfolios({"most": MOST, "few": FEW})
    assert [dict(one) for one in found.tables["schemes"]] == [
        {"scheme": "A", "most": "2026-04-01", "few": "2026-06-01", "differs": True},
        {"scheme": "B", "most": "2026-05-01", "few": "", "differs": True},
        {"scheme": "C", "most": "", "few": "", "differs": False},
    ]
    assert found.words == ("most: Said.", "2 schemes differ between the portfolios.")
    same = compare_portfolios({"most": MOST, "again": MOST})
    assert same.words == (
        "most: Said.",
        "again: Said.",
        "The portfolios choose the same schemes and starts.",
    )


def test_the_document_is_of_the_book_that_both_rest_on_and_names_what_it_compares() -> None:
    found = compare_portfolios({"most": MOST, "few": FEW})
    assert (found.verb, found.book) == ("portfolio", BOOK)
    assert found.options == {"compared": ["most", "few"]}
    assert [dict(one) for one in found.tables["certificates"]] == [
        {"portfolio": "most", "order": 0, "value": 500},
        {"portfolio": "few", "order": 0, "value": 300},
    ]


def test_portfolios_of_two_books_or_none_are_not_compared() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        compare_portfolios({})
    with pytest.raises(ValueError, match="different books"):
        compare_portfolios({"most": MOST, "other": portfolio(1, book=OTHER)})


@pytest.mark.parametrize(
    ("planned", "start", "picked", "cells", "moves"),
    [
        (False, date(2026, 4, 1), "2026-04-01", {"in_plan": "yes"}, False),
        (True, date(2026, 4, 1), "2026-04-01", None, False),
        (True, date(2026, 3, 15), "2026-04-01", None, False),  # its first full month is April
        (True, date(2026, 4, 1), "2026-05-01", {"start": "2026-05-01"}, True),
        (True, None, "2026-05-01", {"start": "2026-05-01"}, True),
        (False, None, "2026-05-01", {"in_plan": "yes", "start": "2026-05-01"}, True),
        (True, date(2026, 4, 1), None, {"in_plan": "no"}, False),
        (False, date(2026, 4, 1), None, None, False),
    ],
)
def test_keeping_a_portfolio_changes_what_stands_in_the_plan_and_starts_that_move(
    planned: bool, start: date | None, picked: str | None, cells: dict[str, str] | None, moves: bool
) -> None:
    scheme = SimpleNamespace(id="A", in_plan=planned, start=start, maturity="in_progress")
    position: Any = SimpleNamespace(book=SimpleNamespace(schemes=[scheme]))
    notice = "its start moves, so its clinical signatures must be given again" if moves else ""
    expected = () if cells is None else (Change("A", cells, notice),)
    assert changes_to_keep(position, portfolio(1, row("A", picked))) == expected


def test_what_could_not_be_chosen_stays_as_it_is_and_the_others_come_in_order() -> None:
    schemes = [
        SimpleNamespace(id=code, in_plan=False, start=date(2026, 4, 1), maturity="in_progress")
        for code in "CBAD"
    ]
    position: Any = SimpleNamespace(book=SimpleNamespace(schemes=schemes))
    rows = (row("A", "2026-04-01"), row("B", "2026-04-01", considered=False))
    found = changes_to_keep(position, portfolio(1, *rows, row("C", "2026-04-01")))
    assert [one.scheme for one in found] == ["A", "C"]
