"""Which transfers make a case of support, on the smallest book that shows it."""

from __future__ import annotations

import pytest

from controltotal.accounts.statement import answer_position
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, amount, position_of

TREE: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
    {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1"},
]


@pytest.mark.parametrize("status", ["proposed", "agreed", "unknown", "refused", "lapsed"])
def test_support_that_was_refused_or_lapsed_is_no_case(status: str) -> None:
    transfer: Cells = {
        "id": "N",
        "from": "T2",
        "to": "T1",
        "year": YEAR,
        "amount": "6",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": status,
    }
    said: Book = {
        "organisations": TREE,
        "amounts": [amount("T1", "position", -4)],
        "transfers": [transfer],
    }
    cases = answer_position(Workings(position_of(said))).tables["support_cases"]
    assert bool(cases) == (status in ("proposed", "agreed", "unknown"))
