"""Many people send at once at a service that runs: none meets an error, and nothing is lost or twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.many_people import many

FEW = 8
MANY = 50


def all_is_there(folder: Path, people: int) -> None:
    """Let so many send at once, and look for what each sent."""
    told = many(folder, people)
    assert told.faults == []
    assert set(told.statuses) <= {200, 302, 303}
    assert told.transfers == {f"LOAD-{number}": 1 for number in range(people)}
    assert told.month_sent
    entries = {id: entry for id, entry in told.receipts.items() if id != "month"}
    assert entries == told.entries, "each receipt is of its own act"
    assert len(set(told.receipts.values())) == people + 1


@pytest.mark.timeout(300)
def test_eight_people_send_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    all_is_there(tmp_path, FEW)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_fifty_people_send_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    all_is_there(tmp_path, MANY)
