"""What `check` says of transfers: ends that are gone, totals that did not move, support told twice."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.accounts.checks.transfers import _received, unmoved
from controltotal.core.finding import Finding
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Book, Cells, amount, control_total, position_of

NEXT = "2027-28"
WIDE: list[Cells] = [*TREE, {"code": "R1", "name": "Region", "kind": "region"}]


def lent(number: int = 1, **more: str) -> Cells:
    row = {
        "id": f"N{number}",
        "from": "T1",
        "to": "T2",
        "year": YEAR,
        "amount": "3",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    return {**row, **more}


def said(*transfers: Cells, rows: tuple[Cells, ...] = (), **tables: list[Cells]) -> Book:
    told = rows or (amount("T1", "position", 1), amount("T2", "position", 1))
    tree = tables.pop("tree", WIDE)
    return book(*told, tree=tree, transfers=list(transfers), **tables)


def told(made: Book, code: str) -> list[Finding]:
    return [one for one in verbs.check(position_of(made)).findings if one.code == code]


def test_an_end_that_does_not_exist_in_the_year_is_told_and_one_to_itself() -> None:
    tree = [WIDE[0], WIDE[1], {**WIDE[2], "to": "2026-03-31"}, WIDE[3]]
    (gone,) = told(said(lent(), tree=tree), "TRANSFER_BODY")
    assert (gone.organisation, gone.found) == ("T2", "T2")
    assert gone.message == "Transfer N1 is to Second, which does not exist in 2026/27."
    (back,) = told(said(lent(**{"from": "T2", "to": "T1"}), tree=tree), "TRANSFER_BODY")
    assert back.message.startswith("Transfer N1 is from Second,")
    (itself,) = told(said(lent(to="T1")), "TRANSFER_BODY")
    assert (itself.message, itself.expected) == (
        "Transfer N1 goes from a body to itself.",
        "two bodies",
    )
    assert told(said(lent()), "TRANSFER_BODY") == []


def changed(code: str, *pounds: int, **more: str) -> list[Cells]:
    return [
        control_total(code, value, set_on=f"2026-0{n}-20", **more)
        for n, value in enumerate(pounds, start=1)
    ]


@pytest.mark.parametrize(
    ("first", "second", "lacking"),
    [
        ((10, 7), (5, 8), None),
        ((10, 6), (5, 9), None),  # by more than it
        ((10, 8), (5, 8), "T1"),
        ((10, 7), (5, 7), "T2"),
        ((10,), (5,), "T1 and T2"),
        ((7, 10), (5, 8), "T1"),  # the wrong way
        ((10, 9, 7), (5, 6, 8), None),  # in steps
        ((), (), "T1 and T2"),
    ],
)
def test_a_transfer_moves_the_control_totals_of_both_ends(
    first: tuple[int, ...], second: tuple[int, ...], lacking: str | None
) -> None:
    totals = [*changed("T1", *first), *changed("T2", *second)]
    found = told(said(lent(), control_totals=totals), "UNPAIRED_TRANSFER")
    assert bool(found) is (lacking is not None)
    for one in found:
        assert f"control total beside it ({lacking}): if none was made, First fails" in one.message


@pytest.mark.parametrize(
    ("known", "asked"), [("2026-01-01", False), ("2026-02-20", False), ("2026-02-21", True)]
)
def test_a_control_total_that_was_set_before_a_transfer_was_known_did_not_move_with_it(
    known: str, asked: bool
) -> None:
    totals = [*changed("T1", 10, 7), *changed("T2", 5, 8)]
    found = told(said(lent(known_on=known), control_totals=totals), "UNPAIRED_TRANSFER")
    assert bool(found) is asked


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({}, True),
        ({"status": "proposed"}, True),
        ({"status": "refused"}, False),
        ({"mechanism": "cash"}, False),
        ({"kind": "deficit_support"}, False),
        ({"from": "R1"}, False),
        ({"to": "R1"}, True),
    ],
)
def test_which_transfers_must_move_control_totals(cells: dict[str, str], asked: bool) -> None:
    found = told(said(lent(**cells)), "UNPAIRED_TRANSFER")
    assert bool(found) is asked


def totals_of(*rows: Cells, transfers: list[Cells] | None = None) -> Totals:
    made = said(*(transfers or []), control_totals=list(rows))
    return Workings(position_of(made)).totals


def unmoved_with(status: str, pounds: str = "3", **ends: str) -> list[str]:
    """The ends that did not move, where T1 has a second control total of a status."""
    rows = [*changed("T1", 10), control_total("T1", 7, set_on="2026-03-20", status=status)]
    totals = totals_of(*rows, transfers=[lent(amount=pounds, **ends)])
    return unmoved(totals, totals.position.book.transfers[0])


def test_refused_control_totals_move_nothing() -> None:
    assert unmoved_with("rejected") == ["from", "to"]
    assert unmoved_with("proposed") == ["to"]
    assert unmoved_with("proposed", "3.01") == ["from", "to"]
    assert unmoved_with("proposed", **{"from": "T2", "to": "T1"}) == ["from", "to"]


def raised(*transfers: Cells, pounds: tuple[int, ...] = (5, 9), **more: str) -> list[Finding]:
    made = said(*transfers, control_totals=changed("T1", *pounds, **more))
    return told(made, "BENEFICIARY_NOT_DISCLOSED")


def test_a_body_asked_for_more_is_told_where_nobody_says_who_benefits() -> None:
    (found,) = raised()
    assert (found.organisation, found.where) == ("T1", "control_totals row 2, row 3")
    assert "was raised by £4.00, and nobody says who benefits." in found.message
    assert raised(pounds=(9, 5)) == raised(pounds=(5, 5)) == []
    (last,) = raised(pounds=(5, 7, 10))
    assert "was raised by £3.00" in last.message  # the last step
    assert raised(lent()) == []
    assert raised(lent(**{"from": "T2", "to": "T1"})) == []
    assert len(raised(lent(year=NEXT))) == 1
    assert len(raised(lent(**{"from": "T2", "to": "R1"}))) == 1


def test_what_a_body_received_is_of_its_year() -> None:
    found = totals_of(transfers=[lent()])
    assert _received(found, "T2", YEAR) and not _received(found, "T1", YEAR)
    assert not _received(found, "T2", NEXT)


def test_support_told_as_income_and_as_a_transfer_is_told_twice() -> None:
    rows = (
        amount("T1", "position", 1),
        amount("T2", "position", 1),
        amount("T2", "support_income", 3),
    )
    (found,) = told(said(lent(), rows=rows), "SUPPORT_TWICE")
    assert (found.organisation, found.found) == ("T2", "2 rows")
    assert found.message == "Second has £3.00 both as transfer N1 and as support income."
    other = (*rows[:2], amount("T2", "support_income", 4))
    assert told(said(lent(), rows=other), "SUPPORT_TWICE") == []


def actuals(code: str, last: int) -> list[Cells]:
    return [amount(code, "position", 1, month=str(m), basis="actual") for m in range(1, last + 1)]


@pytest.mark.parametrize(
    ("first", "second", "cells", "ends"),
    [
        (5, 0, {}, "First to month 5 (August)"),
        (5, 3, {}, "First to month 5 (August) and Second to month 3 (June)"),
        (12, 11, {}, "Second to month 11 (February)"),
        (12, 12, {}, ""),
        (0, 0, {}, ""),
        (5, 0, {"month": "3"}, ""),
        (5, 0, {"status": "proposed"}, ""),
        (5, 0, {"mechanism": "position_improvement"}, ""),
    ],
)
def test_support_without_its_month_stands_whole_in_a_part_of_the_year(
    first: int, second: int, cells: dict[str, str], ends: str
) -> None:
    rows = (amount("T1", "position", 1), *actuals("T1", first), *actuals("T2", second))
    found = told(said(lent(**cells), rows=rows), "SUPPORT_NOT_BY_MONTH")
    assert bool(found) is bool(ends)
    for one in found:
        assert one.message.endswith(f"stands in the actuals with support of {ends}.")
        assert one.organisation == ("T1" if first < 12 else "T2")
