"""Clinicians' words are gone for the public wherever an answer says them, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from controltotal.core.clinical_words import without_clinical_words
from controltotal.core.result import Answer, BookRef, Result


def answer(**tables: Sequence[dict[str, Any]]) -> Result:
    made = Answer("schemes", BookRef("made"), {})
    for name, rows in tables.items():
        made.table(name, rows)
    return made.result()


def reason(text: str, **tables: Sequence[dict[str, Any]]) -> str:
    """What the public reads of a reason."""
    told = without_clinical_words({"schemes": answer(schemes=[{"reason": text}], **tables)})
    return str(told["schemes"].tables["schemes"][0]["reason"])


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("a condition of G3 is not met: Beds; and rotas.", "a condition of G3 is not met"),
        (
            "a condition of QIA was due on 2026-08-01: Beds kept",
            "a condition of QIA was due on 2026-08-01",
        ),
        ("gate G3 was failed on 2026-08-01: unsafe", "gate G3 was failed on 2026-08-01"),
        (
            "gate G3 was passed on 2026-07-01 and failed on 2026-08-01, for its outcome reads 'perhaps': no",
            "gate G3 was passed on 2026-07-01 and failed on 2026-08-01, for its outcome reads 'perhaps'",
        ),
        ("a condition to be met: Beds (due 1 August 2026)", "a condition to be met"),
        ("not assessed for: safe, caring", "not assessed for: safe, caring"),
        ("gate G3 has not been passed", "gate G3 has not been passed"),
    ],
)
def test_words_that_no_table_tells_go_with_all_behind_them(told: str, shown: str) -> None:
    assert reason(told) == shown


def test_words_that_a_table_tells_go_alone() -> None:
    conditions = [{"text": "Beds kept"}]
    told = "a condition of G3 is not met: Beds kept; drawn as if it were assessed"
    assert reason(told, conditions=conditions) == (
        "a condition of G3 is not met; drawn as if it were assessed"
    )
    assert reason("the ward: Beds keptical", conditions=conditions) == "the ward: Beds keptical"


def test_why_one_refused_and_why_a_gate_went_back_are_not_said() -> None:
    told = answer(
        refused=[{"by": "Chief Nurse", "why": "Two falls a week"}],
        gates=[{"went_back": ["G2 on 2026-05-01: reject", "G3 on 2026-06-01: Not staffed"]}],
        schemes=[{"reason": "Its outcome: reject"}],
        conditions=[{"text": "Beds kept"}],
    )
    shown = without_clinical_words({"schemes": told})["schemes"].tables
    assert list(shown["refused"]) == [{"by": "Chief Nurse", "why": ""}]
    assert list(shown["gates"][0]["went_back"]) == ["G2 on 2026-05-01", "G3 on 2026-06-01"]
    assert "conditions" not in shown
    assert shown["schemes"][0]["reason"] == "Its outcome: reject", "a word is nobody's own"
