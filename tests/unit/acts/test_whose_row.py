"""Whose a row is: nobody puts another body's row as their own, gives itself an office, opens a month."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.acts import Actor, ActRefused, Grant, NotPermitted, RowClash, act
from controltotal.acts.actors import actor_of
from controltotal.book.sent_months import SentMonths
from tests.act_books import DAY, YEAR, desk, do, local, officer

EARLIER = "2026-11-01"
ACTION = {"id": "A1", "title": "Fewer agency shifts"}
RISK = {
    "id": "K1",
    "title": "Pay award",
    "kind": "risk",
    "gross": "5",
    "unit": "£",
    "chance": "0.5",
}
MONEY = {
    "id": "X",
    "from_": "T1",
    "to": "T2",
    "year": YEAR,
    "amount": "100",
    "unit": "£",
    "kind": "neighbour_support",
    "mechanism": "resource_transfer",
}


def test_a_programme_office_does_not_take_the_scheme_of_another_body() -> None:
    at = desk()
    with pytest.raises(NotPermitted, match="T1, T2"):
        do(at, "revise", officer("programme_office", "T2"), id="SC1", organisation="T2")
    do(at, "revise", officer("programme_office", "S1"), id="SC1", organisation="T2")
    assert next(row for row in at.position.book.schemes if row.id == "SC1").organisation == "T2"


@pytest.mark.parametrize(("name", "row"), [("action", ACTION), ("risk", RISK)])
def test_finance_does_not_take_a_row_of_another_body_by_its_identifier(
    name: str, row: dict[str, str]
) -> None:
    at = desk()
    do(at, name, officer("trust_finance", "T1"), on=EARLIER, organisation="T1", **row)
    with pytest.raises(NotPermitted, match="T1, T2"):
        do(at, name, officer("trust_finance", "T2"), organisation="T2", **{**row, "title": "Mine"})
    do(at, name, officer("trust_finance", "T1"), organisation="T1", **{**row, "title": "Ours"})


def test_an_administrator_does_not_undo_that_their_own_office_was_ended() -> None:
    at = desk()
    office = {"name": "Ada Alder", "organisation": "R1", "from": "2026-04-01"}
    for subject, role in (("A", "administrator"), ("B", "administrator"), ("A", "publisher")):
        act("grant", at, {"subject": subject, "role": role, **office}, "why", DAY, local())
    ends = {"subject": "A", "role": "publisher"}
    done = act("revoke", at, ends, "why", DAY, actor_of(at.position, "B"))
    ada = actor_of(at.position, "A")
    with pytest.raises(ActRefused, match="nobody gives an office to themselves"):
        act("undo", at, {"entry": str(done.last)}, "why", DAY, ada)
    today = date(2026, 11, 30)
    assert [one.role for one in ada.grants if one.holds(today)] == ["administrator"]
    act("undo", at, {"entry": str(done.last)}, "why", DAY, actor_of(at.position, "B"))


def test_the_row_that_closes_a_month_is_not_erased() -> None:
    at = desk()
    done = do(at, "submit_month", "Ann Ash", organisation="T1", year=YEAR, month="9", on=EARLIER)
    erase = {"entry": str(done.last), "ground": "court_order", "second": "pub"}
    with pytest.raises(ActRefused, match="closes the figures of a month"):
        act("redact", at, erase, "why", DAY, local())
    late = {"line": "position", "basis": "actual", "amount": "-150", "unit": "£"}
    do(at, "adjust_month", organisation="T1", year=YEAR, month="9", **late)
    act("redact", at, erase, "why", DAY, local())
    with pytest.raises(ActRefused, match="was sent on"):
        do(at, "submit_month", "Ann Ash", organisation="T1", year=YEAR, month="9")


@pytest.mark.parametrize("basis", ["Actual", "Actuals", "actual figure"])
def test_what_a_scheme_has_brought_is_not_phased_however_it_is_spelled(basis: str) -> None:
    cells = {"scheme": "SC1", "line": "position", "year": YEAR, "month": "9"}
    with pytest.raises(ActRefused):
        do(desk(), "phase", **cells, amount="5", unit="£", basis=basis)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("to", "T1"),
        ("repay_years", "1000000000"),
        ("repay_years", "-3"),
        ("repay_years", "2.5"),
        ("id", "new"),
        ("id", "../T-1"),
        ("id", "a?b"),
        ("id", "T\u202e1"),
        ("id", "T" * 100),
    ],
    ids=str,
)
def test_a_transfer_that_cannot_be_is_not_proposed(column: str, text: str) -> None:
    giver = Actor("s", "C. Cedar", (Grant("trust_finance", "T1", date(2026, 4, 1)),))
    with pytest.raises(ActRefused) as told:
        do(desk(), "propose_transfer", giver, **{**MONEY, column: text})
    assert [one.column for one in told.value.refusals] == [column]


@pytest.mark.parametrize(
    "actor",
    [officer("administrator", "R1"), Actor("nobody", "N. Nobody")],
    ids=["administrator", "without an office"],
)
@pytest.mark.parametrize("name", ["revise", "grant", "redact"])
def test_a_forged_word_of_what_was_seen_shows_nothing_of_the_book(actor: Actor, name: str) -> None:
    at = desk()
    do(at, "revise", id="SC1", title="Secret beds")
    forged = {"schemes/SC1": 3, f"amounts/T1/position/{YEAR}//plan////": 2}
    fields = {"id": "SC1", "title": "x"} if name == "revise" else {"entry": "3"}
    with pytest.raises(ActRefused) as told:
        act(name, at, fields, "why", DAY, actor, seen=forged)
    error = told.value
    said = repr((vars(error), error.refusals))
    assert "Secret" not in said and "T1" not in said and "amounts row" not in said


def test_what_was_seen_is_told_of_its_own_row_alone() -> None:
    at = desk()
    do(at, "revise", on=EARLIER, id="SC1", title="Ward beds")
    fields = {"id": "SC1", "title": "Wards"}
    office = officer("programme_office", "T1")
    with pytest.raises(RowClash) as told:
        act("revise", at, fields, "why", DAY, office, seen={"schemes/SC1": 2})
    assert told.value.base is None
    assert told.value.theirs is not None and told.value.theirs["title"] == "Ward beds"


def test_a_row_of_the_whole_year_does_not_stand_over_the_months_that_were_sent() -> None:
    at = desk()
    do(at, "submit_month", "Ann Ash", organisation="T1", year=YEAR, month="9", on=EARLIER)
    months = SentMonths(row.texts for row in at.position.book.submissions)
    row = {"organisation": "T1", "year": "26/27", "basis": "Actuals", "line": "position"}
    closed = months.closing(row)
    assert closed is not None and closed.month == 9
    assert months.closing({**row, "month": "10"}) is None
    assert months.closing({**row, "year": "2025-26"}) is None
    year = {**row, "basis": "actual", "amount": "-1500", "unit": "£"}
    done = do(at, "adjust_month", officer("trust_finance", "T1"), why="Audited accounts", **year)
    assert any("late adjustment" in text for text in done.notices)
    assert at.position.book.submissions[-1].late_reason == "Audited accounts"
