"""Exceptions of a ledger: acts of one person and of two, dated back, and rows taken back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal import acts
from controltotal.accounts.exceptions.listing import exceptions
from controltotal.book.fold import fold
from controltotal.core.result import Result
from controltotal.ledger import open_ledger
from controltotal.ledger.entries import put, withdraw
from controltotal.ledger.source import BookSource
from controltotal.workings.workings import Workings
from tests import scheme_books
from tests.ledgers import memory, posting
from tests.strategies import source_of

EXAMPLE = Path(__file__).parents[3] / "examples" / "fictional-system"
SCHEME = {
    "id": "AUD-01",
    "organisation": "XF-ALD",
    "title": "One store for two sites",
    "recurrence": "recurrent",
    "full_year_effect": "£0.4m",
    "owner": "Director of estates",
    "start": "2027-02-01",
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The fictional system as a ledger, with acts of which some are out of order."""
    address = f"sqlite:///{tmp_path_factory.mktemp('audit') / 'book.ledger'}"
    controltotal.convert(EXAMPLE, address)
    with closing(open_ledger(address)) as store:
        desk = acts.Desk(store, lambda: date(2027, 3, 1))
        acts.propose(desk, SCHEME, by="A. Ash", on="2027-01-04", why="idea")
        acts.pass_gate(desk, "AUD-01", "G0", by="B Birch", on="2027-01-05", evidence="idea")
        # an act on 20 January comes first: what says 14 January after it is dated six days back
        acts.challenge(desk, "XF-COM", "2026/27", "Late", by="Chair, Levels", on="2027-01-20")
        acts.pass_gate(desk, "AUD-01", "G1", by="Alice Ash", on="2027-01-14", evidence="outline")
    _plan_changed(address)
    return address


def _plan_changed(address: str) -> None:
    """A plan that a person changed in May, told on 23 January, and a row of it taken back for good."""
    store = open_ledger(address, must_exist=True)
    entries = store.read()
    own = [
        one
        for one in entries
        if one.table == "amounts"
        and dict(one.cells).get("organisation") == "XF-AMB"
        and dict(one.cells).get("line") == "non_pay"
        and dict(one.cells).get("basis") == "plan"
        and dict(one.cells).get("year") == "2026/27"
    ]
    changed, gone = own[:2]
    cells = {**dict(changed.cells), "amount": str(int(dict(changed.cells)["amount"]) + 100)}
    more = {"by": "E Elm", "on": "2027-01-23", "why": "plan corrected"}
    row = max(one.row for one in entries if one.table == "amounts") + 1
    rows = [withdraw(changed), put("amounts", row, cells.items()), withdraw(gone)]
    store.append([posting(rows, **more)], len(entries))
    store.close()


@pytest.fixture(scope="module")
def found(ledger: str) -> Result:
    return exceptions(Workings(controltotal.read(ledger)))


def listed(found: Result, kind: str, organisation: str) -> list[Mapping[str, Any]]:
    return [
        row
        for row in found.tables["exceptions"]
        if (row["kind"], row["organisation"]) == (kind, organisation)
    ]


def state(found: Result, kind: str) -> str:
    return str(next(r["state"] for r in found.tables["exception_counts"] if r["kind"] == kind))


def test_who_wrote_a_scheme_and_passed_its_gate_is_one_person_however_spelt(found: Result) -> None:
    told = [row["detail"] for row in listed(found, "one_person", "XF-ALD")]
    mine = [text for text in told if "gate" in text]
    assert mine == ["gate G1 passed by Alice Ash, who wrote what it says"], "another passed G0"


def test_an_act_after_a_later_one_was_not_recorded_on_the_day_it_says(found: Result) -> None:
    (gate,) = listed(found, "dated_before", "XF-ALD")
    assert (gate["on"], gate["recorded_on"], gate["by"]) == (
        "2027-01-14",
        "2027-01-20",
        "Alice Ash",
    )
    assert "G1" in gate["subject"]


def small(*days: str) -> Result:
    """A small ledger in which a challenge is raised, another is, and the first is answered."""
    store = memory(source_of(scheme_books.book()))
    first, second, third = days
    acts.challenge(store, "RX1", "2026/27", "Late", by="D Dale", on=first)
    acts.challenge(store, "CB1", "2026/27", "Unfair", by="D Dale", on=second)
    acts.answer_challenge(store, "RX1", "No", "rejected", by="Dora Dale", on=third)
    acts.answer_challenge(store, "CB1", "No", "rejected", by="Region", on=third)
    return exceptions(Workings(fold(BookSource("b", store.read(), (), {}, {}))), "2026-27")


def test_a_challenge_answered_by_whoever_raised_it() -> None:
    found = small("2026-06-01", "2026-06-02", "2026-06-20")
    (one,) = listed(found, "one_person", "RX1")
    assert "raised by D Dale and answered by Dora Dale" in one["detail"]
    assert not listed(found, "one_person", "CB1")
    assert state(found, "dated_before") == "none", "an answer dates no challenge back"


@pytest.mark.parametrize(("second", "late"), [("2026-06-05", 0), ("2026-06-04", 1)])
def test_five_days_before_are_none_and_six_are_one(second: str, late: int) -> None:
    found = small("2026-06-10", second, "2026-06-20")
    assert len(listed(found, "dated_before", "CB1")) == late
    assert not listed(found, "dated_before", "RX1")


def test_a_plan_changed_by_an_act_is_listed_with_who_did_it(found: Result) -> None:
    rows = listed(found, "plan_changed", "XF-AMB")
    assert {row["by"] for row in rows} == {"E Elm"} and {row["on"] for row in rows} == {
        "2027-01-23"
    }
    (row,) = rows
    assert row["amount_pence"] is None, "what was taken back is no nil"
    assert "nothing that is stated" in row["detail"] and len(row["entries"]) == 4


def test_what_was_taken_back_is_listed_whether_or_not_another_stands_there(found: Result) -> None:
    told = [row["detail"] for row in listed(found, "rows_withdrawn", "XF-AMB")]
    assert len(told) == 2 and all("plan corrected" in text for text in told)
    assert sum("another stands in its place" in text for text in told) == 1
    assert state(found, "rows_withdrawn") == "some"


def test_a_daybook_says_which_rows_have_no_writer(found: Result) -> None:
    told = {row["kind"]: row["unseen"] for row in found.tables["exception_counts"]}
    assert "rows were read from files" in told["one_person"]


def test_what_the_folder_shows_the_ledger_shows_too(found: Result) -> None:
    folder = exceptions(Workings(controltotal.read(EXAMPLE)))
    mine = {(r["kind"], r["organisation"], r["detail"]) for r in folder.tables["exceptions"]}
    theirs = {(r["kind"], r["organisation"], r["detail"]) for r in found.tables["exceptions"]}
    assert mine <= theirs and mine


def test_as_at_a_day_before_the_acts_nothing_of_them_is_told(ledger: str) -> None:
    then = exceptions(Workings(controltotal.read(ledger, "2027-01-05")))
    assert state(then, "rows_withdrawn") == "none", (
        "there is a daybook, and nothing was taken back yet"
    )
    assert not [r for r in listed(then, "one_person", "XF-ALD") if "gate" in r["detail"]]


def test_rows_that_nobody_could_read_are_listed_too_once_they_are_taken_back() -> None:
    store = memory(source_of(scheme_books.book()))
    more = {"by": "A Ash", "on": "2026-06-01", "why": "typed"}
    wrong = {
        "amounts": {"organisation": "RX1", "line": "pay", "year": "soon", "amount": "many"},
        "schemes": {"organisation": "RX1"},
        "gates": {"scheme": "T9", "gate": "G3"},
        "submissions": {"organisation": "RX1"},
        "control_totals": {"amount": "?"},
    }
    last = len(store.read())
    rows = [put(name, 90, row.items()) for name, row in wrong.items()]
    store.append([posting(rows, **more)], last)
    put_there = store.read()[last:]
    gone = posting(map(withdraw, put_there), **{**more, "why": "wrong"})
    store.append([gone], last + len(wrong))
    found = exceptions(Workings(fold(BookSource("b", store.read(), (), {}, {}))), "2026-27")
    told = [r for r in found.tables["exceptions"] if r["kind"] == "rows_withdrawn"]
    assert sorted(row["where"].split(" row")[0] for row in told) == sorted(wrong)
    assert all("None" not in row["subject"] + row["detail"] for row in told)
    assert not [r for r in found.tables["exceptions"] if r["kind"] == "plan_changed"]
