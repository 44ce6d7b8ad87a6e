"""Keeping a portfolio: one act, by a named person, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import acts, verbs
from controltotal.core.errors import BookError
from controltotal.programme.phasing import in_plan
from tests.running import controltotal

BOOK = Path(__file__).parents[3] / "examples" / "fictional-system"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The fictional system as a ledger, with its best portfolio kept."""
    address = f"sqlite:///{tmp_path_factory.mktemp('kept') / 'plan.ledger'}"
    verbs.convert(str(BOOK), address)
    acts.keep_portfolio(address, by="Finance Director A", on="2026-11-20", why="Board decision")
    return address


def test_what_was_chosen_is_the_plan_and_what_was_left_out_is_not(ledger: str) -> None:
    chosen = {row["scheme"]: row for row in verbs.portfolio(BOOK).tables["schemes"]}
    kept = {row.id: row for row in verbs.read(ledger).book.schemes}
    decided = [code for code, row in chosen.items() if row["considered"]]
    assert len(decided) > 50
    for code in decided:
        assert in_plan(kept[code]) == chosen[code]["chosen"], code
    was = {row.id: row for row in verbs.read(BOOK).book.schemes}
    for code in set(kept) - set(decided):
        assert dict(kept[code].texts) == dict(was[code].texts), "a portfolio says nothing of others"


def test_it_is_attributed_and_cannot_be_kept_twice(ledger: str) -> None:
    entry = list(verbs.read(ledger).entries.values())[-1]
    assert (entry.by, entry.on, entry.why) == ("Finance Director A", "2026-11-20", "Board decision")
    # a start that moves takes a scheme out of the count until it is signed again, so what is best
    # beside it may differ once more; then the plan holds the portfolio and there is nothing to keep
    for day in range(21, 26):
        on = f"2026-11-{day}"
        ran = controltotal("act", "keep", ledger, "--as", "Finance Director A", "--on", on)
        if ran.code:
            break
    assert ran.code == 2
    assert "already" in ran.err or ran.err.count("\n") == 1


def test_it_needs_a_name_and_a_ledger() -> None:
    with pytest.raises(BookError, match="ledger"):
        acts.keep_portfolio(str(BOOK), by="Finance Director A", on="2026-11-20")
    with pytest.raises(BookError, match="name"):
        acts.keep_portfolio("sqlite:///nowhere.ledger", by="", on="2026-11-20")
