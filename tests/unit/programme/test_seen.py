"""What a signature is given to: one digest of the rows that were seen, and what changed since."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.acts import ActRefused, Desk
from controltotal.programme.seen import changes, digest, rows_of
from tests.act_books import desk, do, system

RATED = {"scheme": "SC1", "profile": "classic", "likelihood": "2", "consequence": "2"}
TOLD = (
    ("revise", {"id": "SC1", "title": "Fewer beds"}),
    ("assess", {**RATED, "domain": "safety"}),
    (
        "condition",
        {"scheme": "SC1", "gate": "QIA", "text": "A", "kind": "before_start", "due": "2027-01-31"},
    ),
)
UNTOLD = (
    ("revise", {"id": "SC2", "title": "Chairs"}),
    ("assess", {**RATED, "scheme": "SC2", "domain": "safety"}),
    ("pass", {"scheme": "SC1", "gate": "G4", "evidence": "Actuals"}),
    ("comment", {"about": "T1", "year": "2026-27", "month": "9", "text": "SC1", "kind": "driver"}),
)


@pytest.mark.parametrize(("act", "fields"), TOLD, ids=lambda value: str(value)[:8])
def test_whatever_is_seen_of_a_scheme_changes_its_digest(act: str, fields: dict[str, str]) -> None:
    at = desk()
    before, stood = at.position.ref.entry, digest(at.position.daybook, "SC1")
    do(at, act, **fields)
    assert digest(at.position.daybook, "SC1") != stood
    assert digest(at.position.daybook, "SC1", before) == stood


@pytest.mark.parametrize(("act", "fields"), UNTOLD, ids=lambda value: str(value)[:8])
def test_what_is_said_of_something_else_leaves_it(act: str, fields: dict[str, str]) -> None:
    at = desk()
    stood = digest(at.position.daybook, "SC1")
    do(at, act, **fields)
    assert digest(at.position.daybook, "SC1") == stood


@given(st.lists(st.integers(0, 6), max_size=6))
def test_a_digest_can_be_made_again_at_every_entry_and_changes_lead_from_one_to_the_next(
    order: list[int],
) -> None:
    at, stood = desk(), {}
    for number, choice in enumerate(order):
        stood[at.position.ref.entry] = digest(at.position.daybook, "SC1")
        act, fields = (*TOLD, *UNTOLD)[choice]
        _try(at, act, {**fields, **({"title": f"Title {number}"} if act == "revise" else {})})
    now = digest(at.position.daybook, "SC1")
    for entry, was in stood.items():
        assert digest(at.position.daybook, "SC1", entry) == was
        told = [c for c in changes(at.position.daybook, "SC1", entry) if c.table != "amounts"]
        if was == now:
            assert told == []


def _try(at: Desk, act: str, fields: dict[str, str]) -> None:
    """An act that may be refused, because it says what stands already."""
    with suppress(ActRefused):
        do(at, act, **fields)


def test_changes_are_told_field_by_field_with_the_entry_that_says_them() -> None:
    at = desk()
    since = at.position.ref.entry
    do(at, "revise", id="SC1", title="Fewer beds", service="Medicine")
    do(at, "revise", id="SC1", title="Beds")
    told = changes(at.position.daybook, "SC1", since)
    assert [(c.table, c.column, c.before, c.after) for c in told] == [
        ("schemes", "service", "Surgery", "Medicine")
    ]
    assert told[0].entry.seq == at.position.ref.entry


def test_a_row_that_was_taken_back_and_one_that_is_new_are_changes() -> None:
    at = desk()
    do(at, *("condition",), **TOLD[2][1])
    since = at.position.ref.entry
    row = at.position.book.conditions[0]
    do(at, "withdraw", table="conditions", row=str(row.number))
    do(at, "condition", **{**TOLD[2][1], "text": "B"})
    told = [
        (c.row, c.column, c.before, c.after) for c in changes(at.position.daybook, "SC1", since)
    ]
    assert ("QIA, A", "", "QIA, A", "") in told
    assert ("QIA, B", "due", "", "2027-01-31") in told
    assert all(
        key.startswith(("schemes/", "assessments/", "conditions/"))
        for key in rows_of(at.position.daybook, "SC1")
    )


def test_of_rows_read_together_those_known_after_the_day_are_changes() -> None:
    book = system()
    book["schemes"].append(
        {**book["schemes"][0], "full_year_effect": "18", "known_on": "2026-09-15"}
    )
    at = desk(book)
    last = at.position.ref.entry
    assert changes(at.position.daybook, "SC1", last) == []
    (told,) = changes(at.position.daybook, "SC1", last, date(2026, 4, 25))
    assert (told.column, told.before, told.after) == ("full_year_effect", "12", "18")
    assert changes(at.position.daybook, "SC1", last, date(2026, 9, 15)) == []
