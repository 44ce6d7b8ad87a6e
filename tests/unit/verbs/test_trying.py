"""What is tried moves a body by what its scheme moves, to the penny, and nobody else."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.book.fold import fold
from controltotal.core.errors import BookError, Cancelled
from controltotal.core.progress import Progress
from controltotal.verbs.trying import Change, Tried, try_change
from controltotal.workings.workings import Workings
from tests import scheme_books
from tests.fictional_ledger import fictional
from tests.strategies import source_of

YEAR = "2026-27"
TODAY = date(2027, 1, 15)


def _row(code: str, line: str, basis: str, pounds: int, **more: str) -> dict[str, str]:
    cells = {"organisation": code, "line": line, "year": YEAR, "basis": basis}
    return {**cells, "amount": str(pounds), "unit": "£", **more}


@cache
def book() -> Workings:
    """Two trusts: one told by lines and months to December, one by its position; a scheme each."""
    bodies = [{"code": "S1", "name": "System", "kind": "system"}]
    bodies += [
        {"code": c, "name": n, "kind": "provider", "parent": "S1"}
        for c, n in (("T1", "First"), ("T2", "Second"))
    ]
    months = [(str(m), "actual" if m < 10 else "") for m in range(1, 13)]
    amounts = [_row("T2", "position", "forecast", -500), _row("T2", "position", "plan", 0)]
    for month, actual in months:
        for line, pounds in (("patient_care_income", 1000), ("pay", 900), ("non_pay", 150)):
            bases = ["plan", "forecast", *([actual] if actual else [])]
            amounts += [_row("T1", line, basis, pounds, month=month) for basis in bases]
        for code, scheme in (("T1", "SC1"), ("T2", "SC2")):
            saved = 12 if int(month) > 3 else 0
            for basis in ("plan", "forecast"):
                more = {"month": month, "scheme": scheme, "recurrence": "recurrent"}
                amounts.append(_row(code, "pay", basis, saved, **more))
    schemes = [
        scheme_books.scheme("SC1", organisation="T1", start="2026-07-01"),
        scheme_books.scheme("SC2", organisation="T2", start="2026-07-01"),
    ]
    settings = [{"key": "default_year", "value": YEAR}]
    tables = {"book": settings, "organisations": bodies, "amounts": amounts, "schemes": schemes}
    return Workings(fold(source_of(tables)))


def tried(kind: str, scheme: str = "SC1", value: str = "") -> Tried:
    return try_change(book(), Change(kind, scheme, value), today=TODAY)


def by_body(found: Tried, measure: str = "adjusted_surplus") -> dict[str, int]:
    return {one.organisation: one.change for one in found.moved if one.measure == measure}


@given(st.integers(0, 300))
def test_a_share_moves_the_body_and_those_above_by_what_the_scheme_moves(share: int) -> None:
    found = tried("share", value=str(share))
    assert found.saved == 3 * (12 * share - 1200)
    wanted = {"T1": found.saved, "S1": found.saved} if found.saved else {}
    assert by_body(found) == wanted


@given(st.integers(1, 12))
def test_a_start_moves_months_that_are_not_told_and_no_other(month: int) -> None:
    day = date(2026 + (month < 4), month, 1)
    found = tried("start", value=day.isoformat())
    late = {2: 1, 3: 2}.get(month, 0)  # of January, February and March
    assert found.saved == -1200 * late
    assert by_body(found) == ({"T1": -1200 * late, "S1": -1200 * late} if late else {})


def test_a_scheme_that_has_brought_money_does_not_start_on_another_day() -> None:
    found = fictional().position
    change = Change("start", "FTH-03", "1 February 2027")
    what = "cannot start on another day: it has brought money since April 2026, and [0-9]+ months"
    with pytest.raises(BookError, match=what) as refused:
        try_change(Workings(found), change, today=TODAY)
    assert "share" in refused.value.action
    assert try_change(Workings(found), Change("share", "FTH-03", "50"), today=TODAY).saved


def test_a_body_that_is_told_by_its_position_alone_follows_too() -> None:
    found = tried("share", "SC2", "0")
    assert found.saved == -9 * 1200, "no month of it is told: all nine are still to come"
    assert by_body(found) == {"T2": found.saved, "S1": found.saved}


def test_a_transfer_moves_both_sides_and_nothing_between_them() -> None:
    change = Change("transfer", from_="T1", to="T2", amount="£20")
    found = try_change(book(), change, today=TODAY)
    assert by_body(found, "surplus_with_support") == {"T1": -2000, "T2": 2000}
    assert by_body(found) == {} and found.saved is None


def test_what_is_tried_on_stays_as_it_was() -> None:
    before = book().position
    rows = [row.texts for row in before.book.schemes]
    first = tried("share", value="0")
    assert book().position is before and [r.texts for r in before.book.schemes] == rows
    assert tried("share", value="0") == first


def test_a_material_change_says_that_signatures_lapse() -> None:
    assert any("signatures would lapse" in one for one in tried("size", value="£9").words)
    assert not any("signatures" in one for one in tried("share", value="50").words)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (Change("share", "", "50"), "no scheme is named"),
        (Change("share", "SC9", "50"), "there is no scheme SC9"),
        (Change("share", "SC1", "NaN"), "share reads"),
        (Change("share", "SC1", "-1"), "share reads"),
        (Change("size", "SC1", "much"), "size reads"),
        (Change("start", "SC1", "later"), "start reads"),
        (Change("transfer", from_="T1", to="T9", amount="£1"), "there is no organisation T9"),
        (Change("transfer", from_="T1", to="T1", amount="£1"), "one organisation"),
        (Change("transfer", from_="T1", to="T2", amount="nil"), "amount reads"),
        (Change("vote"), "vote cannot be tried"),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one.kind} {one.value or one.amount}",
)
def test_what_cannot_be_tried_is_said(change: Change, what: str) -> None:
    with pytest.raises(BookError, match=what):
        try_change(book(), change, today=TODAY)


def test_it_can_be_stopped() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        try_change(book(), Change("share", "SC1", "3"), today=TODAY, progress=progress)
