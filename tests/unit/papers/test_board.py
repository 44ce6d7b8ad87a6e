"""The board paper as a whole: its length, its links, its words, and its numbers against the answers."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

import controltotal
from controltotal import verbs
from controltotal.core.datafiles import packaged_rows
from controltotal.core.result import Result
from controltotal.core.show import figure_name
from controltotal.papers import board, board_said
from controltotal.papers.board import PAGES, board_paper
from controltotal.papers.page import cell_value, page_html
from controltotal.papers.pdf import paper_pdf

ROOT = Path(__file__).parents[3]
BOOKS = sorted(one.name for one in (ROOT / "examples").iterdir() if one.is_dir())
LINKED = 0.95
"""The share of numeric cells that must lead to how they were made."""
NUMBER = re.compile(r"^\(?£?[\d,]+(\.\d+)?\)?%?$")
CELL = re.compile(r"<t[dh][^>]*class=\"right\"[^>]*>(.*?)</t[dh]>", re.S)
Pages = dict[str, tuple[dict[str, Result], str]]


@pytest.fixture(scope="module")
def pages() -> Pages:
    """The answers about every example, and its paper as a page."""
    made = {}
    for name in BOOKS:
        results = verbs.pack_results(controltotal.read(ROOT / "examples" / name))
        made[name] = (results, page_html(board_paper(results)))
    return made


def seen(page: str) -> str:
    """What a reader sees of a page: no style, no picture, no notes of how numbers were made."""
    text = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<head>.*?</head>", " ", page, flags=re.S)
    text = re.sub(r"<section aria-labelledby=\"how\".*?</section>", " ", text, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", " ", text))


@pytest.mark.parametrize("name", BOOKS)
def test_a_printed_paper_has_at_most_ten_pages(name: str, pages: Pages) -> None:
    data = paper_pdf(board_paper(pages[name][0])).data
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", data)) <= 10
    assert b"pdfuaid" in data or b"PDF/UA" in data


@pytest.mark.parametrize("name", BOOKS)
def test_numbers_lead_to_how_they_were_made(name: str, pages: Pages) -> None:
    """At least 95 of 100 numeric cells are links, and each lands on a note of this page."""
    page = pages[name][1]
    whole = page.partition('id="how"')[0]
    cells = CELL.findall(whole)
    numbers = [c for c in cells if NUMBER.match(unescape(re.sub(r"<[^>]+>", "", c)).strip())]
    linked = [cell for cell in numbers if "<a " in cell]
    assert len(linked) >= LINKED * len(numbers)
    ids = set(re.findall(r"\sid=\"([^\"]+)\"", page))
    assert set(re.findall(r"href=\"#([^\"]+)\"", page)) <= ids
    if name == "fictional-system":
        assert len(numbers) > 300


def test_numbers_of_page_one_and_of_the_organisations_lead_on_to_rows_of_the_data(
    pages: Pages,
) -> None:
    """Each note of a position says which rows it is the sum of, or which organisations'."""
    page = pages["fictional-system"][1]
    notes = dict(re.findall(r"<tr id=\"([^\"]+)\">(.*?)</tr>", page, re.S))
    places = re.findall(r"<a href=\"#((?:how-to_date|how-performance|adjusted_)[^\"]+)\"", page)
    variances = [one for one in places if "variance" in one]  # the difference of two that lead on
    told = [one for one in places if "variance" not in one]
    led = [one for one in told if re.search(r"amounts rows? \d|the sum of ", notes[unescape(one)])]
    assert len(led) > 60 and len(variances) > 10
    own = {one for one in told if "XF" in one}
    assert own <= set(led), own - set(led)


def test_a_draft_has_at_most_ten_pages_as_well(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "Draft: 3 sentences hold figures that have moved since they were written."
    for module in (board, board_said):
        monkeypatch.setattr(module, "standing", lambda results, focus: why)
    data = paper_pdf(board_paper(pages["fictional-system"][0])).data
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", data)) <= 10


@pytest.mark.parametrize("name", BOOKS)
def test_a_linked_figure_is_the_figure_of_the_answer(name: str, pages: Pages) -> None:
    """The text of each link to a figure is that figure's value as a cell shows it."""
    results, page = pages[name]
    figures = {one.id: one for result in results.values() for one in result.figures}
    found = re.findall(r"<a href=\"#([^\"]+)\" title=\"([^\"]*)\">(.*?)</a>", page)
    for address, title, shown in found:
        figure = figures[unescape(address)]
        assert unescape(shown) == cell_value(figure)
        assert unescape(title) == figure_name(figure)
    assert found or name != "fictional-system"


@pytest.mark.parametrize("name", BOOKS)
def test_a_reader_meets_no_name_of_a_column_and_nothing_of_the_program(
    name: str, pages: Pages
) -> None:
    text = seen(pages[name][1])
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", text) == []
    assert not re.search(r"\bNone\b(?! of)|\bnan\b|\bTrue\b|\bFalse\b", text)
    assert not re.search(r"\d{9,}", text.partition("root sha256")[0]), "raw pence"


def test_the_first_page_says_the_year_s_end_the_table_and_what_must_be_true(pages: Pages) -> None:
    text = seen(pages["fictional-system"][1])
    first = text.partition("Where we are, by organisation")[2].partition("2 Where we are")[0]
    said = (
        "expect to end the year",
        "Adjusted financial performance, excluding deficit support",
        "What must be true",
        "The forecast needs each of the last three months",
        "Control total",
        "Since last month",
        "Raised late, imposed, withheld",
    )
    places = [first.find(one) for one in said]
    assert -1 not in places and places == sorted(places)


def test_every_note_says_what_it_is_of() -> None:
    rows = packaged_rows("number_notes.csv")
    keys = [row["number"] for row in rows]
    assert keys == sorted(set(keys))
    assert all(row["name"] and row["meaning"] for row in rows)


def test_the_pages_have_names_of_their_own() -> None:
    names = [about for about, _ in PAGES]
    assert len(names) == len(set(names)) == 10
