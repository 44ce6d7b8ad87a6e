"""What keeps a paper for a meeting in public from being final: what of its data the public may not see."""

from __future__ import annotations

import pytest

from controltotal.accounts.held_back import held_back, keeps_from_final
from controltotal.book.fold import fold
from tests.act_books import system
from tests.strategies import source_of

MEETING = {"organisation": "S1", "meeting": "Board", "on": "2026-12-10"}


@pytest.mark.parametrize(
    ("figure", "kind", "session", "held"),
    [
        ("surplus/T2/2026-27/plan", "withheld", "public", True),
        ("surplus/T2/2026-27/plan", "refused", "", True),
        ("surplus/T2/2026-27/plan", "withheld", "private", False),
        ("surplus/T2/2026-27/plan", "no_reply", "public", False),
        ("surplus/T3/2026-27/plan", "withheld", "public", False),
    ],
)
def test_what_the_public_may_not_see_keeps_a_paper_from_being_final(
    figure: str, kind: str, session: str, held: bool
) -> None:
    row = {"figure": figure, "kind": kind, "reason": "A contract", "review_on": "2027-01-15"}
    book = {**system(), "papers": [{**MEETING, "session": session}], "withheld": [row]}
    position = fold(source_of(book))
    text = keeps_from_final(position, "S1", "2026-27", "2026-12-10")
    assert bool(text) is held
    if held:
        assert "Second: Surplus" in text and "15 January 2027" in text
    assert not keeps_from_final(position, "S1", "2026-27", "2026-12-11"), "no meeting on that day"
    assert len(held_back(position, "S1", "2026-27")) == int(
        figure[8:10] == "T2" and kind != "no_reply"
    )
