"""A paper as a page: each number of its sentences leads to where the page says how it was made."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.sourced import Part, Source, by_key, sourced
from controltotal.papers.board import board_paper
from controltotal.papers.board_notes import said_in
from controltotal.papers.page import page_html, said_id
from controltotal.papers.paper import paper
from controltotal.papers.sections import Section

NENE = Path(__file__).parents[3] / "examples" / "nene-2013"
SAID = re.compile(r'<(?:p|li)(?: class="lead")?>(.*?)</(?:p|li)>')
TO = re.compile(r'<a href="#([^"]+)">')
COUNT = Source(how="how many are late", parts=(Part("First", shown="to month 8"),))


@pytest.fixture(scope="module")
def page() -> str:
    return page_html(board_paper(verbs.pack_results(verbs.read(NENE))))


def test_numbers_in_sentences_lead_to_their_notes(page: str) -> None:
    anchors = {html.unescape(one) for one in re.findall(r' id="([^"]+)"', page)}
    to = [html.unescape(one) for text in SAID.findall(page) for one in TO.findall(text)]
    assert len(to) > 10
    assert set(to) <= anchors, "every link leads to something on the page"
    assert any("/" in one for one in to), "some to figures"
    assert any(one.startswith("how-said-") for one in to), "some to what a sentence works out"


def test_a_sentence_without_a_note_on_its_page_has_no_link() -> None:
    said = f"It is {by_key('£3.4m', 'gap/A/2026-27/plan')} short, {sourced('2', COUNT)} are late."
    text = page_html(paper("Title", "", [Section("one", "One", (said,))]))
    assert "It is £3.4m short, 2 are late." in text


def test_equal_numbers_of_other_sources_have_notes_of_their_own() -> None:
    other = Source(how="how many are early")
    part = Section("one", "One", (f"{sourced('2', COUNT)} and {sourced('2', other)}.",))
    assert said_in([part]) == [("2", COUNT), ("2", other)]
    assert said_id("2", COUNT) != said_id("2", other)
