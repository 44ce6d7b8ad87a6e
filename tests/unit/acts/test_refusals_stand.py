"""No refusal goes by taking back the row that says it: both directors sign after it, or none does."""

from __future__ import annotations

import pytest

from controltotal import acts
from controltotal.book.fold import Position, fold
from controltotal.ledger.source import BookSource
from controltotal.ledger.store import MemoryStore
from controltotal.programme.eligibility import eligible
from tests.scheme_books import Book, book
from tests.strategies import source_of

PANEL = {"gate": "QIA", "on": "2026-05-20", "by": "Panel", "role": "panel", "outcome": "reject"}


def ledger(made: Book) -> MemoryStore:
    return MemoryStore(source_of(made).entries)


def position(store: MemoryStore) -> Position:
    return fold(BookSource("b", store.read(), (), {}, {}))


def codes(store: MemoryStore) -> tuple[str, ...]:
    """Why T1 does not count; nothing where it does."""
    return next((one.codes for one in eligible(position(store))[1] if one.id == "T1"), ())


def with_gate(**row: str) -> Book:
    made = book("T1")
    made["gates"].append({"scheme": "T1", **row})
    return made


def last_row(made: Book, table: str) -> str:
    return f"{table} row {len(made[table]) + 1}"


@pytest.mark.parametrize("scheme", ["T1", "t1"])
def test_a_panels_rejection_stands_though_its_row_is_withdrawn(scheme: str) -> None:
    made = with_gate(**{**PANEL, "scheme": scheme})
    store = ledger(made)
    acts.withdraw(store, last_row(made, "gates"), by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == ("QUALITY_REFUSED", "QUALITY_REFUSED")
    for day, role, by in (
        ("10", "medical_director", "Dr A. Ash"),
        ("11", "chief_nurse", "B Birch"),
    ):
        assert "QUALITY_REFUSED" in codes(store)
        acts.sign(store, "T1", role, by=by, on=f"2026-06-{day}")
    assert codes(store) == ()


def test_a_gate_that_was_failed_stays_failed_until_it_is_passed_again() -> None:
    made = with_gate(gate="G3", on="2026-05-20", by="Executive", outcome="failed")
    store = ledger(made)
    acts.withdraw(store, last_row(made, "gates"), by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == ("GATE_FAILED",)
    acts.pass_gate(store, "T1", "G3", by="Executive", on="2026-06-02", evidence="second paper")
    assert codes(store) == ()


def test_a_domain_that_was_rejected_stays_so_though_its_row_is_withdrawn() -> None:
    made = book("T1")
    made["assessments"].append(
        {**made["assessments"][0], "outcome": "reject", "signed_on": "2026-05-20"}
    )
    store = ledger(made)
    assert "QUALITY_REJECTED" in codes(store)
    row = last_row(made, "assessments")
    acts.withdraw(store, row, by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == ("QUALITY_REFUSED", "QUALITY_REFUSED")


def test_a_pass_or_a_mild_score_that_is_taken_back_is_gone() -> None:
    made = with_gate(gate="EQIA", on="2026-05-20", by="Equality lead", outcome="approve")
    store = ledger(made)
    acts.withdraw(store, last_row(made, "gates"), by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == () and len(position(store).unsaid) == 1
    acts.withdraw(store, "gates row 7", by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == ("GATE_MISSING",)


def test_a_rejection_taken_back_is_not_known_before_its_day() -> None:
    made = with_gate(**PANEL)
    store = ledger(made)
    acts.withdraw(store, last_row(made, "gates"), by="Finance", on="2026-06-01", why="in error")
    good, _ = eligible(position(store), "2026-05-19")
    assert [one.id for one in good] == ["T1"]
    assert eligible(position(store), "2026-05-20")[0] == ()
