"""An act is refused for a fault of its own rows, never for one that the book had before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.desk import done
from controltotal.ledger import open_ledger
from controltotal.ledger.entries import put
from tests.ledgers import posting
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
    store.append([posting(drafts)], expected=0)
    store.close()
    return address


def faults(address: str) -> list[int]:
    """How many months nobody can read, by finding."""
    return [len(f.at) for f in verbs.read(address).findings if f.code == "UNKNOWN_MONTH"]


def test_mending_one_of_many_equal_faults_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    address = ledger_of(tmp_path, "spring", "spring", "summer")
    assert faults(address) == [3]

    def mend(bench: Bench) -> None:
        bench.withdraw(bench.entries[1])
        bench.put("amounts", amount("T1", "position", 5, scenario="0", month="4", unit="£"))

    done(address, "mend", mend, {"by": "Keeper", "on": "2026-11-02", "why": "mistyped"})
    assert faults(address) == [2]


def test_more_of_the_same_fault_is_refused_for_all_of_it(tmp_path: Path) -> None:
    address = ledger_of(tmp_path, "spring", "spring")

    def add(bench: Bench) -> None:
        bench.put("amounts", amount("T1", "position", 5, scenario="9", month="spring", unit="£"))
        bench.put("amounts", amount("T9", "position", 5, unit="£"))

    with pytest.raises(ActRefused) as refused:
        done(address, "add", add, {"by": "Keeper", "on": "2026-11-02"})
    told = " ".join(one.what for one in refused.value.refusals)
    assert "spring" in told and "T9" in told
    assert faults(address) == [2]
