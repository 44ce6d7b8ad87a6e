"""Acts with anything in their fields: refused in words, or done; never a fault of our own, never half."""

from __future__ import annotations

import random

import pytest

from controltotal import acts
from controltotal.core.errors import BookError
from controltotal.ledger import LedgerError, verify
from tests.ledgers import memory
from tests.scheme_books import book
from tests.strategies import source_of

LIKELY = {
    "organisation": "RX1",
    "year": "2026/27",
    "scheme": "T1",
    "amount": "5",
    "value": "5",
    "gross": "5",
    "chance": "0.5",
    "kind": "risk",
    "unit": "£m",
}
"""What a person would write: half of the fields are so, or nothing would ever be done."""
TEXTS = [
    *(
        "RX1",
        "CB1",
        "T1",
        "2026",
        "M9",
        "13",
        "-1",
        "1e400",
        "=1+1",
        "31/02/2026",
        "yes",
        "G0",
        "QIA",
    ),
    *(
        "nan",
        "inf",
        "१२",
        "1;2;3",
        "9" * 30,
        "chief_nurse",
        "safe",
        "plan",
        "pay",
        "a/b%c",
        "💥",
        "T-1",
    ),
    *(
        "deficit_support",
        "resource_transfer",
        "position",
        "majority",
        "for",
        "margin",
        "surplus/RX1",
    ),
    *("", "\n", "\0", "\ud800", "x" * 5_000, "a\u202eb", "<script>"),
]
DAYS = ["2026-06-01", "2026-05-01", "some day", None, "2199-01-01"]
PEOPLE = ["A. Ash", "B Birch", "", None, "\0"]
SEEN = [None, {"risks/R1": 3}, {"\ud800": -1}]


@pytest.mark.parametrize("seed", range(4))
def test_an_act_is_done_whole_or_refused_in_words(seed: int) -> None:
    dice = random.Random(seed)
    desk = acts.Desk(memory(source_of(book())))
    done = 0
    for number in range(400):
        name = dice.choice(list(acts.ACTS))
        form = acts.ACTS[name].form
        fields = {
            field: LIKELY[field] if field in LIKELY and dice.random() < 0.8 else dice.choice(TEXTS)
            for field in form.fields
            if field in form.required or dice.random() < 0.4
        }
        if dice.random() < 0.1:
            fields[dice.choice(TEXTS)] = dice.choice(TEXTS)
        before = desk.store.last()
        why, on, who = dice.choice(["", "why", "\0"]), dice.choice(DAYS), dice.choice(PEOPLE)
        request = dice.choice(["", f"request {number % 60}"])
        try:
            told = acts.act(name, desk, fields, why, on, who, request, dice.choice(SEEN))
        except (BookError, LedgerError) as refused:
            assert str(refused) and desk.store.last() == before, (name, fields)
        else:
            done += 1
            assert told.repeated or told.last == desk.store.last()[0]
    assert done, "some were done"
    assert verify(desk.store.whole()) is None
    assert desk.position.ref.entry == desk.store.last()[0]
