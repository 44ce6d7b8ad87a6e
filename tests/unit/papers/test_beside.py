"""What stands beside a chart on a printed page, and pages that follow each other."""

from __future__ import annotations

from controltotal.papers.beside import beside_of, is_short
from controltotal.papers.paper import paper
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.sections import ChartView, Section, TableView, columns
from controltotal.papers.vega import chart, mark, number
from tests.pdf_words import words_of

BARS = chart(mark("bar", {"x": number("a")}), rows=[{"a": 1}, {"a": 2}], width=400, height=200)
TALL = {"c": '<svg viewBox="0 0 640 320"></svg>'}
CHART = Section("drawn", "Drawn", charts=(ChartView("c", "A bar", BARS, "a bar"),), level=3)
SHORT = Section("short", "Short", ("A line of it.",), level=3)


def text(name: str, words: str, level: int = 3) -> Section:
    return Section(name, name, (words,), level=level)


def test_short_parts_stand_beside_a_chart_until_they_are_as_high_as_it() -> None:
    long = text("long", "word " * 200)
    assert beside_of(CHART, [SHORT, text("next", "Another."), long], TALL) == [
        SHORT,
        text("next", "Another."),
    ]
    assert beside_of(CHART, [long, SHORT], TALL) == [], "the order of parts stays"
    assert beside_of(CHART, [text("page", "New.", level=2)], TALL) == []
    assert beside_of(SHORT, [SHORT], TALL) == [], "only beside a chart"


def test_a_part_that_needs_the_whole_width_stands_below() -> None:
    heads = columns("a|A", "b|B", "c|C", "d|D", "e|E", "f|F")
    wide = Section("wide", "Wide", tables=(TableView("T", heads, [{"a": "x"}]),), level=3)
    assert beside_of(CHART, [wide, SHORT], TALL) == []
    assert beside_of(CHART, [CHART], TALL) == [], "nor a second chart"


def test_a_table_of_names_and_numbers_fits_beside_its_own_chart() -> None:
    rows = [{"a": "x", "b": 1}]
    table = TableView("T", columns("a|A", "b|B|number"), rows)
    assert is_short(Section("s", "S", charts=CHART.charts, tables=(table,)))
    many = TableView("T", columns("a|A", "b|B|number"), rows * 12)
    assert not is_short(Section("s", "S", charts=CHART.charts, tables=(many,)))


def test_page_one_stands_alone_and_short_pages_follow_each_other() -> None:
    parts = [text(f"page {n}", "Few words.", level=2) for n in range(4)]
    pages = words_of(paper_pdf(paper("A paper", "of it", parts, paged=True)).data)
    said = [" ".join(word.text for word in page) for page in pages]
    assert len(said) == 2
    assert "page 0" in said[0] and "page 1" not in said[0]
    assert all(f"page {n}" in said[1] for n in (1, 2, 3))
