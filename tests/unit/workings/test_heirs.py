"""Successions that do not make a whole: more than all of a body, or a part of a closed one left."""

from __future__ import annotations

from fractions import Fraction

import pytest

from controltotal.workings.heirs import Undivided, undivided
from tests.small_books import book
from tests.strategies import Cells, amount, position_of

DAY, NEXT = "2026-10-01", "2027-10-01"


def tree(closed: str) -> list[Cells]:
    """A and two that may follow it."""
    rows = [{"code": code, "name": code, "kind": "provider"} for code in ("A", "B", "C")]
    return [{**rows[0], "to": closed} if closed else rows[0], *rows[1:]]


def found(*shares: tuple[str, str, str], closed: str = "2026-09-30") -> list[Undivided]:
    """Successors of A with the share of each and its day."""
    rows: list[Cells] = [
        {"predecessor": "A", "successor": heir, "share": share, "on": on}
        for heir, share, on in shares
    ]
    said = book(amount("B", "position", 1), tree=tree(closed), successions=rows)
    return list(undivided(position_of(said).tree))


def test_shares_that_make_the_whole_are_no_finding() -> None:
    assert found(("B", "0.4", DAY), ("C", "0.6", DAY)) == []
    assert found(("B", "", DAY)) == []
    assert found(("B", "0", DAY), ("C", "1", DAY)) == []  # a share of nothing is one


@pytest.mark.parametrize("closed", ["2026-09-30", ""])
def test_more_than_the_whole_is_passed_on_whether_or_not_the_body_closed(closed: str) -> None:
    (one,) = found(("B", "0.6", DAY), ("C", "0.6", DAY), closed=closed)
    assert (one.code, one.share, one.closed) == ("A", Fraction(6, 5), False)
    assert one.where == "successions row 2, row 3"
    (both,) = found(("B", "", DAY), ("C", "0.1", DAY), closed=closed)
    assert both.share == Fraction(11, 10)


def test_a_share_below_nil_is_told_though_the_sum_is_one() -> None:
    (one,) = found(("B", "1.5", DAY), ("C", "-0.5", DAY))
    assert (one.share, one.closed) == (1, False)


def test_a_part_of_a_closed_body_that_nobody_takes_is_told() -> None:
    (one,) = found(("B", "0.4", DAY), ("C", "0.5", DAY))
    assert (one.share, one.closed) == (Fraction(9, 10), True)


@pytest.mark.parametrize("closed", ["2027-03-31", ""])
def test_a_body_that_goes_on_may_pass_a_part(closed: str) -> None:
    assert found(("B", "0.4", DAY), closed=closed) == []


def test_of_several_days_only_the_last_must_leave_nothing() -> None:
    """A passes four tenths while it stands, and on its last day the rest: all of what is left."""
    two = (("B", "0.4", "2026-06-01"), ("C", "0.9", DAY))
    (one,) = found(*two)
    assert (one.on.isoformat(), one.share, one.closed) == (DAY, Fraction(9, 10), True)
    assert found(two[0], ("C", "1", DAY)) == []
    later = found(("B", "0.4", DAY), ("C", "1", NEXT))  # closed on both days: the last one counts
    assert later == []
    assert found(("C", "1", NEXT), ("B", "0.4", DAY)) == []
