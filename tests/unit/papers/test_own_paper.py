"""An organisation's own paper: its position first, then how the system uses it, in ten pages."""

from __future__ import annotations

from functools import cache
from typing import Any

import pypdfium2
import pytest

from controltotal.core.result import Result
from controltotal.papers.own_paper import OWN_PAGES, organisation_paper
from controltotal.papers.own_uses import uses_page
from controltotal.papers.pdf import paper_pdf
from tests.board_results import FOCUS, REGISTER, example, made, numbers, words

YEAR = "2026-27"


@cache
def whole() -> dict[str, Result]:
    return dict(example())


def own(**tables: list[dict[str, Any]]) -> dict[str, Result]:
    """What the answers say of the system S, made by hand."""
    register = {**REGISTER.tables, **{k: v for k, v in tables.items() if k in IN_REGISTER}}
    position = {k: v for k, v in tables.items() if k in IN_POSITION}
    return {
        "register": made("register", register),
        "position": made("position", position),
        "decide": made("decide", {k: tables.get(k, []) for k in ("bound", "decisions")}),
    }


IN_REGISTER = ("transfers", "challenges", "papers")
IN_POSITION = ("control_totals", "control_total_changes", "levels")


def transfer(**more: Any) -> dict[str, Any]:
    row = {"id": "T1", "from": "S", "to": "Z", "year": YEAR, "amount_pence": 400_000_000}
    row |= {"kind": "neighbour_support", "status": "agreed", "repay_from": "2027-28"}
    return {**row, "repay_years": 3.0, "condition": "both move", **more}


def test_it_says_what_is_given_and_who_changed_the_control_total() -> None:
    change = {"organisation": "S", "year": YEAR, "day": "2026-05-28", "set_by": "the region"}
    change |= {"from_pence": 0, "to_pence": 250_000_000, "change_pence": 250_000_000}
    total = {"organisation": "S", "year": YEAR, "pence": 250_000_000, "status": "accepted"}
    total |= {"set_by": "the region", "set_on": "2026-05-28", "in_force": True, "imposed": True}
    bound = [
        {
            "decision": "D1",
            "organisation": "S",
            "vote": "against",
            "bound": True,
            "why": "outvoted",
        },
        {
            "decision": "D2",
            "organisation": "Z",
            "vote": "against",
            "bound": True,
            "why": "outvoted",
        },
    ]
    results = own(
        transfers=[transfer(), transfer(id="T2", status="lapsed", amount_pence=900_000_000)],
        control_total_changes=[change],
        control_totals=[total],
        bound=bound,
        decisions=[{"decision": "D1", "title": "Share it"}],
        challenges=[
            {"organisation": "S", "year": YEAR, "by": "The chair", "on": "2026-06-01"}
            | {"grounds": "Too late", "answer": "", "outcome": ""}
        ],
    )
    parts = uses_page(results, FOCUS)
    assert parts[0].words == (
        "It gives Zelkova £4.0m of support, agreed.",
        "Its control total was changed by the region on 28 May 2026: £2.5m more is asked.",
        "It must follow 1 decision that it voted against: Share it.",
    )
    said = words(parts)
    assert "The chair challenged it on 1 June 2026: Too late. Answer: none yet (open)." in said
    assert "in force, imposed" in said and "both move" in said
    every, linked = numbers(parts)
    assert every == linked == 3


def test_of_what_is_not_told_nothing_is_said() -> None:
    assert uses_page(own(), FOCUS) == []
    late = {"organisation": "S", "year": YEAR, "notice_days": -57, "set_on": "2026-05-28"}
    late |= {"set_by": "the region", "control_total_pence": 1}
    parts = uses_page(own(levels=[late]), FOCUS)
    assert parts[0].words == (
        "Its control total was set by the region on 28 May 2026, 57 days into its year.",
    )


@pytest.mark.parametrize("code", ["XF-HOL", "XF-SIC"])
def test_at_most_ten_pages_its_own_position_first(code: str) -> None:
    paper = organisation_paper(whole(), code)
    titles = [one.title for one in paper.sections if one.level == 2]
    assert titles[0] == "1 The answer" and titles[1] == "2 How the system uses this organisation"
    assert len(titles) <= len(OWN_PAGES) + 2
    with pypdfium2.PdfDocument(paper_pdf(paper).data) as document:
        assert len(document) <= 10
    every, linked = numbers(paper.sections)
    assert linked >= 0.95 * every
