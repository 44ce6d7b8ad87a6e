"""A block as a row of a database: nothing is lost, and what is none is said."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from controltotal.ledger import Author, ChainBroken, Draft, Link, Narration, Posting, put
from controltotal.ledger.entries import WITHDRAW
from controltotal.ledger.row import COLUMNS, link_of, request_key, row_of
from tests.ledgers import FIXED

SAID = Narration(
    "r1", "send", Author("sub", "A. “P”", "office"), "2026-05-01", "—\n'\\", "a.csv||A2"
)


def block(*drafts: Draft) -> Link:
    (link,) = FIXED.seal([Posting(SAID, drafts)])
    return link


@pytest.mark.parametrize(
    "link",
    [
        block(put("lines", 2, [])),
        block(put("lines", 2, [("line", "£ \t\x01\U0001f600")], origin="a.csv|x|A2")),
        block(put("lines", 2, [("a", "b"), ("c", "d")]), replace(put("lines", 3, []), number=7)),
        block(Draft(WITHDRAW, "lines", 2, withdraws=5)),
        replace(block(put("lines", 2, [])), salt="", body=None),
    ],
)
def test_a_block_survives_as_a_row(link: Link) -> None:
    row = row_of(link)
    assert len(row) == len(COLUMNS.split(", "))
    assert {type(value) for value in row} == {int, str}
    assert link_of(row, "here") == link


def test_the_body_of_a_block_is_one_text_in_the_order_of_the_page() -> None:
    body = row_of(block(put("lines", 2, [("line", "pay")], origin="a||A2")))[-1]
    assert body == (
        '["r1","send","sub","A. “P”","office","2026-05-01","—\\n\'\\\\","a.csv||A2",'
        '[[2,["line","pay"],"a||A2",0,0]]]'
    )


@pytest.mark.parametrize("body", ["[", "5", "null", "[]", '["r1"]', '["","","","","","","","",5]'])
def test_a_body_that_is_none_is_said_at_its_entry(body: str) -> None:
    row = (*row_of(block(put("lines", 2, [])))[:-1], body)
    with pytest.raises(ChainBroken, match="cannot be read") as raised:
        link_of(row, "here")
    assert (raised.value.seq, raised.value.where) == (1, "here")


def test_a_request_is_known_by_the_hash_of_its_text() -> None:
    assert request_key("é") == hashlib.sha256("é".encode()).hexdigest()
