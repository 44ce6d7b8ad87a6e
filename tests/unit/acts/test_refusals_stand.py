"""No refusal goes by taking back the row that says it: both directors sign after it, or none does."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal import acts
from controltotal.book.fold import Position, fold
from controltotal.ledger.entries import put
from controltotal.ledger.source import BookSource
from controltotal.ledger.store import MemoryStore
from controltotal.programme.eligibility import Judgements, eligible
from tests.ledgers import memory, posting
from tests.scheme_books import Book, book
from tests.strategies import source_of

PANEL = {"gate": "QIA", "on": "2026-05-20", "by": "Panel", "role": "panel", "outcome": "reject"}


def ledger(made: Book) -> MemoryStore:
    return memory(source_of(made))


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


def signed_again(store: MemoryStore) -> None:
    acts.sign(store, "T1", "medical_director", by="Dr A. Ash", on="2026-06-10")
    acts.sign(store, "T1", "chief_nurse", by="B Birch", on="2026-06-11")


def test_a_request_for_more_stands_though_its_row_is_withdrawn() -> None:
    asked = {**PANEL, "outcome": "more_information"}
    store = ledger(with_gate(**asked))
    acts.withdraw(store, "gates row 8", by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == ("MORE_INFORMATION", "MORE_INFORMATION")
    signed_again(store)
    assert codes(store) == ()


def severe() -> Book:
    """A score of 20 for safety, assessed before both directors signed."""
    made = book("T1")
    made["assessments"][0].update(likelihood="5", consequence="4", mitigation="")
    made["assessments"][0].update(residual_likelihood="", residual_consequence="")
    return made


def mild(store: MemoryStore, on: str) -> None:
    acts.assess(store, "T1", "classic", "safety", 2, 2, by="Quality lead", on=on)


def test_a_score_lowered_after_both_signed_waits_until_both_sign_again() -> None:
    store = ledger(severe())
    assert codes(store) == ("QUALITY_REJECTED",)
    mild(store, "2026-06-01")
    assert codes(store) == ("QUALITY_REFUSED", "QUALITY_REFUSED")
    out = next(one for one in eligible(position(store))[1] if one.id == "T1")
    assert out.rejected and out.reasons[0] == (
        "Patient safety: a residual score of 20 refused it and was lowered on 2026-06-01, and the "
        "medical director has not signed after that"
    )
    acts.sign(store, "T1", "medical_director", by="Dr A. Ash", on="2026-06-10")
    assert codes(store) == ("QUALITY_REFUSED",)
    acts.sign(store, "T1", "chief_nurse", by="B Birch", on="2026-06-11")
    assert codes(store) == ()


def test_a_severe_score_whose_row_is_withdrawn_waits_likewise() -> None:
    made = severe()
    made["assessments"].append(
        {**made["assessments"][1], "domain": "Safety", "signed_on": "2026-04-10"}
    )
    store = ledger(made)
    acts.withdraw(store, "assessments row 2", by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == ("QUALITY_REFUSED", "QUALITY_REFUSED")
    signed_again(store)
    assert codes(store) == ()


def test_a_severe_score_corrected_on_its_day_before_anybody_signed_is_no_matter() -> None:
    made = severe()
    made["gates"] = [row for row in made["gates"] if row["gate"] not in ("QIA", "G3")]
    made["assessments"] = made["assessments"][1:]
    store = ledger(made)
    acts.assess(store, "T1", "classic", "safety", 5, 4, by="Quality lead", on="2026-06-01")
    mild(store, "2026-06-01")
    signed_again(store)
    acts.pass_gate(store, "T1", "G3", by="Executive", on="2026-06-12", evidence="paper")
    assert codes(store) == ()


CONDITION = {"scheme": "T1", "gate": "G3", "text": "Rota agreed", "due": "2026-05-01"}


@pytest.mark.parametrize(
    ("kind", "code"), [("before_start", "CONDITION_UNMET"), ("while_running", "CONDITION_OVERDUE")]
)
def test_a_condition_stands_though_its_row_is_withdrawn(kind: str, code: str) -> None:
    made = book("T1", conditions=[{**CONDITION, "kind": kind}])
    store = ledger(made)
    acts.withdraw(store, "conditions row 2", by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == (code,)
    judged = Judgements(position(store))["T1"]
    assert judged.stops_after == (date(2026, 5, 1) if kind == "while_running" else None)
    signed_again(store)
    judged = Judgements(position(store))["T1"]
    assert codes(store) == () and judged.stops_after is None


def test_a_withdrawn_condition_says_what_ends_it_and_a_met_row_does() -> None:
    made = book("T1", conditions=[{**CONDITION, "kind": "before_start"}])
    store = ledger(made)
    acts.withdraw(store, "conditions row 2", by="Finance", on="2026-06-01", why="in error")
    out = next(one for one in eligible(position(store))[1] if one.id == "T1")
    assert out.reason == (
        "a condition of G3 is not met: Rota agreed (its row was withdrawn on 2026-06-01, and it "
        "stands until both directors have signed after that)"
    )
    rows = {**CONDITION, "kind": "before_start", "met_on": "2026-06-02"}
    store.append(
        [posting([put("conditions", 3, rows.items())], by="Finance", on="2026-06-02", why="met")],
        len(store.read()),
    )
    assert codes(store) == ()


def test_a_condition_of_the_start_turned_into_one_while_running_stays() -> None:
    made = book("T1", conditions=[{**CONDITION, "kind": "before_start"}])
    store = ledger(made)
    acts.withdraw(store, "conditions row 2", by="Finance", on="2026-06-01", why="in error")
    rows = {**CONDITION, "kind": "while_running", "due": "2027-03-01"}
    store.append(
        [posting([put("conditions", 3, rows.items())], by="Finance", on="2026-06-02", why="kind")],
        len(store.read()),
    )
    assert codes(store) == ("CONDITION_UNMET",)
    signed_again(store)
    assert codes(store) == ()


def test_a_consultation_that_was_not_held_waits_though_its_row_is_withdrawn() -> None:
    heard = {"scheme": "T1", "duty": "council_consultation", "from": "2026-05-20"}
    store = ledger(book("T1", engagements=[heard]))
    assert codes(store) == ("ENGAGEMENT_WAITS",)
    acts.withdraw(store, "engagements row 2", by="Finance", on="2026-06-01", why="in error")
    assert codes(store) == ("ENGAGEMENT_WAITS",)
    out = next(one for one in eligible(position(store))[1] if one.id == "T1")
    assert "its row was withdrawn on 2026-06-01" in out.reason
    signed_again(store)
    assert codes(store) == ()
