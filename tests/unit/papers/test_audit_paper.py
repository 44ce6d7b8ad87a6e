"""The paper for audit: every exception in it, nil told from unknown, each number linked, ten pages."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal.core.result import Result
from controltotal.papers.audit_paper import audit_paper
from controltotal.papers.page import page_html
from controltotal.papers.paper import Paper
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.sections import Section
from controltotal.verbs.auditing import audit
from tests.board_results import FOCUS, REGISTER, example, made, numbers, words
from tests.pdf_words import overlaps, words_of

EXAMPLES = Path(__file__).parents[3] / "examples"
VERBS = ("position", "check", "register")
SNAKE = re.compile(r"\b[a-z]+_[a-z_]+\b|\bNone\b(?! of)|\bnan\b|\bTrue\b|\bFalse\b")


@cache
def answers(name: str, seed: int = 1) -> dict[str, Result]:
    """The answers of an example that a short paper for audit needs, and `audit`."""
    found = {verb: example(name)[verb] for verb in VERBS}
    return {**found, "audit": audit(EXAMPLES / name, found, seed=seed)}


@cache
def of(name: str) -> Paper:
    return audit_paper(answers(name))


def shown(paper: Paper) -> list[Section]:
    """The parts that a printed paper has."""
    return [part for part in paper.sections if part.id not in ("how", "sample-whole")]


def named(paper: Paper, name: str) -> Section:
    return next(part for part in paper.sections if part.id == name)


PARTED = "\ufffe"
"""What stands in a word that is parted at its hyphen, whose two halves are read as one box."""
NAMES = ("fictional-system", "east-of-england-2019", "kent-medway-2025", "nene-2013")


@pytest.mark.parametrize("name", NAMES)
def test_every_exception_stands_in_the_paper_under_its_kind(name: str) -> None:
    audited = answers(name)["audit"]
    kinds: dict[str, int] = {}
    for row in audited.tables["exceptions"]:
        kinds[row["kind"]] = kinds.get(row["kind"], 0) + 1
    told = {
        part.id.removeprefix("exceptions-"): len(part.tables[-1].rows)
        for part in of(name).sections
        if part.id.startswith("exceptions-")
    }
    assert told == kinds


@pytest.mark.parametrize("name", NAMES)
def test_the_first_page_counts_each_kind_once_and_tells_nil_from_unknown(name: str) -> None:
    counts = answers(name)["audit"].tables["exception_counts"]
    rows = named(of(name), "answer").tables[0].rows
    assert [row["name"] for row in rows] == [row["name"] for row in counts]
    for row, told in zip(rows, counts, strict=True):
        assert row["count"].value == told["count"]
        states = {"some": "listed below", "none": "none", "unknown": "cannot be told"}
        assert row["state"] == states[told["state"]]
        assert row["unseen"] or told["state"] != "unknown"


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_linked_and_words_are_people_s(name: str) -> None:
    every, linked = numbers(shown(of(name)))
    assert linked == every > 0
    parts = [part for part in shown(of(name)) if not part.id.startswith("sample-")]
    text = words(parts)  # evidence is quoted as it stands
    assert SNAKE.findall(text) == []
    assert not re.search(r"\bbook\b|\bbody\b|\bbodies\b|\bfindings?\b", text)


def test_each_figure_of_the_sample_is_that_of_its_answer_with_its_evidence() -> None:
    results = answers("fictional-system")
    rows = results["audit"].tables["sample"]
    figures = {one.id: one for verb in VERBS for one in results[verb].figures}
    shown_rows = [
        row
        for part in of("fictional-system").sections
        if part.id in ("sample-sure", "sample-drawn")
        for row in part.tables[0].rows
    ]
    assert [row["value"] for row in shown_rows] == [figures[row["figure"]] for row in rows]
    assert len(rows) == 25 and all(row["evidence"] and row["rule"] for row in shown_rows)
    sure = [row["figure"] for row in rows if row["how"] == "headline"]
    assert "adjusted_surplus/XF-SYS/2026-27/forecast" in sure
    assert "control_total/XF-SYS/2026-27/plan" in sure


def test_another_seed_draws_others_and_the_same_seed_the_same() -> None:
    def drawn(seed: int) -> list[str]:
        found = audit(
            EXAMPLES / "nene-2013", {v: example("nene-2013")[v] for v in VERBS}, seed=seed
        )
        return [row["figure"] for row in found.tables["sample"] if row["how"] == "drawn"]

    assert drawn(1) == drawn(1)
    some = {tuple(drawn(seed)) for seed in range(5)}
    assert len(some) > 1 or not drawn(1)


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_the_page_lands(name: str) -> None:
    page = page_html(of(name))
    ids = set(re.findall(r"\sid=\"([^\"]+)\"", page))
    links = set(re.findall(r"href=\"#([^\"]+)\"", page))
    assert links and links <= ids
    root = answers(name)["audit"].book.root
    assert root in unescape(page), "the reference is on the paper"


@pytest.mark.parametrize("name", NAMES)
def test_a_printed_paper_for_audit_has_at_most_ten_pages(name: str) -> None:
    data = paper_pdf(of(name)).data
    pages = words_of(data)
    assert 1 <= len(pages) <= 10
    over = [pair for page in pages for pair in overlaps(page) if PARTED not in "".join(pair)]
    assert over == []


def test_a_sample_of_no_figures_is_refused_in_one_line() -> None:
    with pytest.raises(controltotal.BookError, match="a sample of 0 figures"):
        audit(EXAMPLES / "nene-2013", {}, size=0)


def test_a_paper_without_any_exception_says_nil_and_has_no_table_of_them() -> None:
    counts: list[dict[str, Any]] = [
        {"kind": "waivers", "name": "Rules waived", "state": "none", "count": 0},
        {"kind": "rows_withdrawn", "name": "Rows taken back", "state": "unknown", "count": None},
    ]
    tables = {
        "exceptions": [],
        "exception_counts": [{**row, "unseen": "no daybook", "meaning": "m"} for row in counts],
        "sample": [],
        "sample_method": [{"seed": 1, "size": 0, "sure": 0, "drawn_from": 0, "ids_sha256": "e3"}],
        "parameters_used": [],
        "rules_used": [],
    }
    results = {
        "register": made("register", {**REGISTER.tables, "book": []}),
        "position": made("position", {}),
        "check": made("check", {}),
        "audit": made("audit", tables),
    }
    paper = audit_paper(results, FOCUS.organisation)
    parts = [part.id for part in paper.sections]
    assert "exceptions" not in parts and "sample" not in parts and "answer" in parts
    text = words(paper.sections)
    assert "none" in text and "cannot be told" in text
