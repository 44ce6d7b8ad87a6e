"""What a transfer does: both sides by its sum, nobody above both, and the book itself not at all."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from controltotal.core.errors import BookError
from controltotal.verbs.moving import moved, standing
from controltotal.verbs.opening import advance, read
from controltotal.workings.workings import Workings

TODAY = date(2026, 11, 30)
NEW = {
    "id": "N1",
    "from": "XF-FTH",
    "to": "XF-ALD",
    "year": "2026/27",
    "amount": "£1.5m",
    "kind": "other",
    "mechanism": "resource_transfer",
    "repay_from": "2027/28",
    "repay_years": "2",
}


@cache
def workings() -> Workings:
    return Workings(read("examples/fictional-system"))


def texts(id: str) -> dict[str, str]:
    return dict(next(row for row in workings().position.book.transfers if row.id == id).texts)


def test_a_proposal_moves_both_sides_by_its_sum_and_nothing_above_both() -> None:
    root = workings().position.ref.root
    found = moved(workings(), NEW, TODAY)
    changes = {(one.after.organisation, one.after.basis): one.change for one in found.effects}
    assert changes == {
        ("XF-FTH", "plan"): -150_000_000,
        ("XF-FTH", "forecast"): -150_000_000,
        ("XF-ALD", "plan"): 150_000_000,
        ("XF-ALD", "forecast"): 150_000_000,
        ("XF-SYS", "plan"): 0,
        ("XF-SYS", "forecast"): 0,
    }
    for one in found.effects:
        assert one.before.without_support == one.after.without_support
        assert (one.before.gap or 0) - (one.after.gap or 0) == one.change
        assert one.before == standing(
            workings(), one.before.organisation, "2026-27", one.before.basis
        )
    assert [(row.year, row.repaid) for row in found.years] == [
        ("2027-28", 75_000_000),
        ("2028-29", 75_000_000),
    ]
    assert workings().position.ref.root == root
    assert "N1" not in {row.id for row in workings().position.book.transfers}


@pytest.mark.parametrize(("id", "pence"), [("T-02", 600_000_000), ("T-03", 400_000_000)])
def test_one_that_is_agreed_is_set_beside_the_book_without_it(id: str, pence: int) -> None:
    found = moved(workings(), texts(id), TODAY)
    assert found.effects[1].change == -pence  # the giver's forecast
    assert found.effects[3].change == pence
    agreed = id == "T-02"
    now = standing(workings(), "XF-ICB", "2026-27", "forecast")
    assert found.effects[3].after == now if agreed else found.effects[3].before == now


def test_its_cases_are_those_of_its_own_group_and_its_years_what_was_recorded() -> None:
    found = moved(workings(), texts("T-01"), TODAY)
    assert {one["group"] for one in found.cases} == {"neighbour_support-XF-ICB-2023-24"}
    assert [(row.repaid, row.written_off) for row in found.actual] == [
        (100_000_000, 0),
        (60_000_000, 40_000_000),
    ]


def test_a_row_that_cannot_be_read_is_refused_in_words() -> None:
    with pytest.raises(BookError):
        moved(workings(), {**NEW, "amount": "lots"}, TODAY)


def test_where_control_totals_moved_with_it_what_was_short_before_is_as_it_was() -> None:
    """Both ends keep their gap: the giver's total fell, and the receiver's rose, by what moved."""
    before = {one.before.organisation: one.before for one in moved(workings(), NEW, TODAY).effects}
    said = {"year": "2026/27", "status": "accepted", "set_by": "XF-NHS", "set_on": "2026-11-30"}
    sums = {"XF-FTH": -150_000_000, "XF-ALD": 150_000_000}
    now = {code: (before[code].control_total or 0) + change for code, change in sums.items()}
    more = {"unit": "£", "includes_support": "yes"}
    totals = [
        ("control_totals", said | more | {"organisation": code, "amount": str(pence // 100)})
        for code, pence in now.items()
    ]
    agreed = NEW | {"status": "agreed", "known_on": "2026-11-20"}
    book = advance(workings().position, [("transfers", agreed), *totals], [])
    for one in moved(Workings(book), agreed, TODAY).effects:
        code = one.before.organisation
        if code in sums:
            assert one.after.control_total == now[code]
            assert one.before.control_total == before[code].control_total
            if one.before.basis == "forecast":
                assert one.before.gap == one.after.gap == before[code].gap
