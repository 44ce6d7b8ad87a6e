"""An act is refused for a fault of its own rows, never for one that the book had before it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controltotal.acts.desk import ActRefused, open_desk
from controltotal.ledger import open_ledger
from controltotal.ledger.entries import put
from tests.strategies import amount

BODY = [("code", "T1"), ("name", "First"), ("kind", "provider")]


def ledger_of(folder: Path, *months: str) -> str:
    """A ledger of one body with a row for each of these months."""
    address = f"sqlite:///{folder}/plan.ledger"
    rows = [
        amount("T1", "position", 5, scenario=str(n), month=m, unit="£")
        for n, m in enumerate(months)
    ]
    drafts = [put("organisations", 2, BODY)]
    drafts += [put("amounts", n, row.items()) for n, row in enumerate(rows, start=2)]
    store = open_ledger(address[len("sqlite:///") :])
    store.append(drafts, expected=0)
    store.close()
    return address


def test_mending_one_of_many_equal_faults_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    address = ledger_of(tmp_path, "spring", "spring", "summer")
    with open_desk(address, "Keeper", date(2026, 11, 2), "a month was mistyped") as desk:
        assert [len(f.at) for f in desk.position.findings if f.code == "UNKNOWN_MONTH"] == [3]
        desk.withdraw(desk.entries[1])
        desk.put("amounts", amount("T1", "position", 5, scenario="0", month="4", unit="£"))
        desk.finish()
    with open_desk(address, "Keeper", date(2026, 11, 3), "look") as desk:
        assert [len(f.at) for f in desk.position.findings if f.code == "UNKNOWN_MONTH"] == [2]


def test_one_more_of_the_same_fault_is_refused(tmp_path: Path) -> None:
    address = ledger_of(tmp_path, "spring", "spring")
    with open_desk(address, "Keeper", date(2026, 11, 2), "another month") as desk:
        desk.put("amounts", amount("T1", "position", 5, scenario="9", month="spring", unit="£"))
        with pytest.raises(ActRefused) as refused:
            desk.finish()
    assert "spring" in str(refused.value)
