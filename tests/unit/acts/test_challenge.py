"""A challenge is an act: recorded, answered once, and readable as it was on any day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controltotal import acts, verbs
from controltotal.core.finding import Finding
from controltotal.sources.convert import convert_book

EXAMPLE = Path(__file__).parents[3] / "examples" / "birmingham-solihull-2019"


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/book.ledger"
    convert_book(str(EXAMPLE), address)
    return address


def record(ledger: str, organisation: str = "15E", on: str = "2019-06-20") -> acts.Done:
    return acts.challenge(
        ledger, organisation, "2019/20", "No scheme and late", by="The governing body", on=on
    )


def challenges(ledger: str, as_at: date | None = None) -> list[tuple[object, object]]:
    rows = verbs.read(ledger, as_at).book.challenges
    return [(row.answer, row.outcome) for row in rows]


def _challenged(ledger: str) -> tuple[Finding, ...]:
    """What `challenge` finds in the book itself."""
    return verbs.challenge(ledger, book_only=True).findings


def test_a_challenge_stays_open_until_it_is_answered(ledger: str) -> None:
    assert not record(ledger).notices
    assert [f.code for f in _challenged(ledger)] == ["CHALLENGE_UNANSWERED"]
    acts.answer_challenge(
        ledger, "15E", "The region is short", "rejected", by="Regional director", on="2019-07-10"
    )
    assert challenges(ledger) == [("The region is short", "rejected")]
    assert challenges(ledger, date(2019, 6, 30)) == [(None, None)]
    assert not _challenged(ledger)


def test_an_answer_of_the_same_day_takes_its_place(ledger: str) -> None:
    record(ledger)
    acts.answer_challenge(ledger, "15E", "Yes", "upheld", by="Regional director", on="2019-06-20")
    assert challenges(ledger) == [("Yes", "upheld")]
    assert not verbs.check(ledger).has_errors


def test_what_cannot_be_challenged_or_answered_is_refused_or_said(ledger: str) -> None:
    with pytest.raises(acts.ActRefused, match="has no open challenge"):
        acts.answer_challenge(ledger, "15E", "Yes", "upheld", by="Director", on="2019-06-20")
    assert "no control total of QHL" in record(ledger, "QHL").notices[0]
    with pytest.raises(acts.ActRefused, match="not in the table organisations"):
        record(ledger, "ZZZ")
    with pytest.raises(acts.ActRefused, match="name of who does it"):
        acts.challenge(ledger, "15E", "2019/20", "x", by=" ", on="2019-06-20")
