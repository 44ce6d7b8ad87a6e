"""Books in which an unsafe scheme once counted: what is right of each, and why.

Each is a made-up book of one trust and one scheme, S1, of £1.2m a year. `savings_plan` must be nil
(or unknown), no verb may count it, and its reason must be the one that a chief nurse would give.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import controltotal
from controltotal.workings.workings import Workings

FAULTS = Path(__file__).parents[1] / "data" / "faults"
EXAMPLE = Path(__file__).parents[2] / "examples" / "fictional-system"

RIGHT = {
    "unsafe-500-per-cent": ("ELICITATION_RANGE", "make no sense"),
    "unsafe-domain-spelled-twice": ("SCHEME_UNREADABLE", "assessments row 2 could not be read"),
    "unsafe-effects-x10": ("SCHEME_UNREADABLE", "more than the whole of it"),
    "unsafe-gate-in-9999": ("SCHEME_UNREADABLE", "after the book's last year"),
    "unsafe-later-rejection-loses": ("QUALITY_REJECTED", "residual score 25"),
    "unsafe-one-person-two-spellings": ("SIGNATURE_TWICE", "may be one person"),
    "unsafe-owner-signed-then-owner-changed": ("SIGNATURE_OF_OWNER", "is the owner"),
    "unsafe-panel-rejection-ignored": ("QUALITY_REFUSED", "refused on 2026-04-11"),
    "unsafe-rejection-for-s1": ("QUALITY_REFUSED", "has not signed after that"),
    "unsafe-score-14.97": ("QUALITY_SCORE_UNKNOWN", "not from 1 to 5"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_an_unsafe_scheme_of_a_book_as_typed_does_not_count(name: str) -> None:
    workings = Workings(controltotal.read(FAULTS / "safety" / name))
    savings = workings.savings
    code, words = RIGHT[name]
    reasons = savings.excluded("2026-27")["S1"].reasons
    assert any(found == code and words in text for found, text in reasons), reasons
    value = savings.plan("PRV", "2026-27", "plan")
    assert value is not None and not value.pence
    assert not any(r["chosen"] for r in controltotal.portfolio(workings).tables["schemes"])
    counted = controltotal.risk(workings, draws=20, threads=1).tables["schemes"]
    assert not any(row["counted"] for row in counted)


def test_every_unsafe_book_is_answered() -> None:
    assert {folder.name for folder in (FAULTS / "safety").glob("unsafe-*")} == set(RIGHT)


def test_staff_side_refused_or_struck_out_leaves_a_scheme_waiting(tmp_path: Path) -> None:
    """ALD-02 heard its staff after the decision and they refused; the row of ALD-01 is gone."""
    shutil.copytree(EXAMPLE, tmp_path / "book")
    changed = FAULTS / "mission" / "staff-side-refused" / "engagements.csv"
    shutil.copy(changed, tmp_path / "book" / "engagements.csv")
    before = Workings(controltotal.read(EXAMPLE)).savings
    after = Workings(controltotal.read(tmp_path / "book")).savings
    assert set(before.by_id) - set(after.by_id) == {"ALD-01", "ALD-02"}
    texts = {code: after.refused[code].reason for code in ("ALD-01", "ALD-02")}
    assert texts["ALD-01"] == "it is waiting for engagement with staff side (none is recorded)"
    assert "it ends on 2026-07-20, after the decision" in texts["ALD-02"]
