"""The page on chosen schemes: said in words, drawn, and listed, from a Result alone."""

from __future__ import annotations

from pathlib import Path

from controltotal import verbs
from controltotal.papers.section_portfolio import portfolio
from controltotal.papers.sections import Focus
from controltotal.papers.svg import drawn
from tests.laws.portfolio_books import made_book

FOCUS = Focus("QSY", "2026-27", {"QSY": "System", "RAA": "Trust A", "RBB": "Trust B"}, {})


def test_the_page_shows_what_the_answer_says(tmp_path: Path) -> None:
    shown = 0
    for seed in range(6):
        result = verbs.portfolio(made_book(seed).write(tmp_path / str(seed)))
        section = portfolio({"portfolio": result}, FOCUS)
        chosen = [row for row in result.tables["schemes"] if row["chosen"]]
        if not chosen:
            assert section.empty
            continue
        assert section.words == tuple(result.words)
        assert {f.measure for f in section.figures} >= {"portfolio_saving", "portfolio_bound"}
        for view in section.charts:
            svg = drawn(view)
            assert svg.startswith("<svg") and "<script" not in svg
        listed = next(t for t in section.tables if "could be chosen" in t.title)
        assert sum(bool(row["chosen"]) for row in listed.rows) == len(chosen)
        shown += 1
    assert shown > 2


def test_no_answer_no_page() -> None:
    assert portfolio({}, FOCUS).empty
