"""Entries: what may be said in a ledger, and which rows stand."""

from __future__ import annotations

import dataclasses

import pytest

from controltotal.ledger import (
    Author,
    Draft,
    Entry,
    LedgerError,
    Narration,
    Posting,
    in_force,
    put,
    withdraw,
)
from controltotal.ledger.entries import check_draft, check_posting, numbered
from tests.ledgers import acted

SAID = Narration("r1", "test")


def three_rows() -> list[Entry]:
    return numbered(
        [
            put("organisations", 2, [("code", "QE1"), ("name", "A system"), ("kind", "system")]),
            put("amounts", 2, [("organisation", "QE1"), ("amount", "(12.3)"), ("unit", "£m")]),
            put("amounts", 3, [("organisation", "QE1"), ("amount", "−4.6")], origin="a.csv||A3"),
        ]
    )


def test_entries_are_numbered_from_one_without_a_gap() -> None:
    assert [entry.seq for entry in three_rows()] == [1, 2, 3]
    assert [entry.seq for entry in numbered([put("lines", 9, [])], 41)] == [42]


def test_an_empty_cell_is_left_out_and_a_nought_is_not() -> None:
    draft = put("amounts", 2, [("amount", "0"), ("month", ""), ("unit", "£")])
    assert draft.cells == (("amount", "0"), ("unit", "£"))


def test_a_withdrawal_takes_a_row_out_of_force_from_its_own_number_on() -> None:
    entries = three_rows()
    entries = acted(entries, [withdraw(entries[1])], by="A. Person", on="2026-05-01")
    assert [entry.seq for entry in in_force(entries)] == [1, 3]
    assert [entry.seq for entry in in_force(entries, upto=3)] == [1, 2, 3]
    assert in_force(entries, upto=0) == []


@pytest.mark.parametrize("kind", ["redacted", "carried", "redact", "withdraw"])
def test_only_a_put_stands(kind: str) -> None:
    entries = three_rows()
    entries[1] = dataclasses.replace(entries[1], kind=kind)
    assert [entry.seq for entry in in_force(entries)] == [1, 3]


def test_an_entry_says_who_when_and_why_from_its_act() -> None:
    said = Narration("r1", "sign", Author("sub-1", "A. Person", "office"), "2026-05-01", "seen")
    entry = Entry(1, "put", "lines", 2, (), narration=said)
    assert (entry.by, entry.on, entry.why) == ("A. Person", "2026-05-01", "seen")


def test_an_entry_gives_back_the_row_that_was_handed_in() -> None:
    drafts = [put("lines", 2, [("line", "pay")], origin="a.csv||A2"), put("lines", 3, [])]
    assert [entry.draft for entry in numbered(drafts)] == drafts


def test_every_field_of_a_narration_is_among_its_texts() -> None:
    fields = [field.name for field in dataclasses.fields(Narration) if field.name != "author"]
    who = [field.name for field in dataclasses.fields(Author)]
    said = Narration(**{name: name for name in fields}, author=Author(*who))
    assert sorted(said.texts) == sorted([*fields, *who])


BAD_DRAFTS = {
    "no table": Draft("put", "", 2),
    "row nought": Draft("put", "amounts", 0),
    "row as text": Draft("put", "amounts", "2"),  # type: ignore[arg-type]
    "row yes": Draft("put", "amounts", True),
    "row too large": Draft("put", "amounts", 2**63),
    "kind": Draft("change", "amounts", 2),
    "kind that is only read": Draft("redacted", "amounts", 2, withdraws=1),
    "table as number": Draft("put", 5, 2),  # type: ignore[arg-type]
    "origin as number": Draft("put", "amounts", 2, (), 5),  # type: ignore[arg-type]
    "put that withdraws": Draft("put", "amounts", 2, withdraws=1),
    "withdraws nothing": Draft("withdraw", "amounts", 2),
    "withdraws below nought": Draft("withdraw", "amounts", 2, withdraws=-1),
    "withdraws text": Draft("withdraw", "amounts", 2, withdraws="1"),  # type: ignore[arg-type]
    "keeps a number below nought": Draft("put", "amounts", 2, number=-1),
    "keeps a number too large": Draft("put", "amounts", 2, number=2**63),
    "cell as number": Draft("put", "amounts", 2, (("amount", 5),)),  # type: ignore[arg-type]
    "cell list": Draft("put", "amounts", 2, [("amount", "5")]),  # type: ignore[arg-type]
    "cell of three": Draft("put", "amounts", 2, (("a", "b", "c"),)),  # type: ignore[arg-type]
    "empty cell": Draft("put", "amounts", 2, (("amount", ""),)),
    "no column": Draft("put", "amounts", 2, (("", "5"),)),
    "column twice": Draft("put", "amounts", 2, (("amount", "5"), ("amount", "5"))),
    "NUL": Draft("put", "amounts", 2, (("amount", "5\0"),)),
    "half a character": Draft("put", "amounts", 2, (("amount", "\ud83d"),)),
}


@pytest.mark.parametrize("name", sorted(BAD_DRAFTS))
def test_a_row_that_a_ledger_cannot_keep_is_refused_with_place_and_advice(name: str) -> None:
    with pytest.raises(LedgerError) as raised:
        check_posting(Posting(SAID, (put("lines", 2, []), BAD_DRAFTS[name])))
    assert raised.value.what.startswith("an entry cannot be recorded")
    assert "row" in raised.value.where
    assert raised.value.action


@pytest.mark.parametrize("name", sorted(BAD_DRAFTS))
def test_rows_of_files_are_refused_alike(name: str) -> None:
    with pytest.raises(LedgerError, match="an entry cannot be recorded"):
        numbered([BAD_DRAFTS[name]])


ONE = (put("lines", 2, []),)
BAD_POSTINGS = {
    "no request": (Posting(Narration("", "test"), ONE), "has no request"),
    "no row": (Posting(SAID, ()), "has no row"),
    "who as number": (Posting(dataclasses.replace(SAID, author=Author(name=5)), ONE), "not text"),  # type: ignore[arg-type]
    "no day": (Posting(dataclasses.replace(SAID, on=None), ONE), "not text"),  # type: ignore[arg-type]
    "NUL in why": (Posting(dataclasses.replace(SAID, why="a\0"), ONE), "NUL"),
    "half a character in who": (
        Posting(dataclasses.replace(SAID, author=Author(name="\udc00")), ONE),
        "not valid Unicode",
    ),
}


@pytest.mark.parametrize("name", sorted(BAD_POSTINGS))
def test_an_act_that_a_ledger_cannot_keep_is_refused(name: str) -> None:
    posting, reason = BAD_POSTINGS[name]
    with pytest.raises(LedgerError, match=reason) as raised:
        check_posting(posting)
    assert raised.value.what.startswith("an act cannot be recorded")
    assert raised.value.action


def test_what_people_write_is_kept() -> None:
    cells = [("amount", "(12.3)"), ("note", "—£’\n\t“x” \U0001f600"), ("é", "0")]
    check_draft(put("amounts", 2**63 - 1, cells))
    check_posting(Posting(dataclasses.replace(SAID, why="naïve — “so”\n"), ONE))
