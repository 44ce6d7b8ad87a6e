"""The fictional system in each form that programs and houses read: all of it, as the page has it."""

from __future__ import annotations

import re

from docx.oxml.ns import qn

from controltotal.core.figure import Figure
from controltotal.core.public import public
from controltotal.papers.board import board_paper
from controltotal.papers.data_package import csv_zip, parquet_zip
from controltotal.papers.page import page_html
from controltotal.papers.sections import Cell
from controltotal.papers.word import paper_word
from tests.board_results import example
from tests.data_packages import (
    checked,
    checked_parquet,
    figures_differ,
    return_differs,
    tables_differ,
    unknown_columns,
)
from tests.word_papers import (
    links,
    marks,
    opened,
    page_tables,
    paragraphs_of,
    tables_of,
    word_tables,
)

WIDEST_MM = 178
"""How much of a page of ours is for text."""


def test_word_shows_every_number_as_the_page_does_and_leads_to_how_it_was_made() -> None:
    made = board_paper(example())
    document = opened(paper_word(made).data)
    told = {(one.title, str(one.rows)) for one in word_tables(document)}
    assert told == {(one.title, str(one.rows)) for one in page_tables(page_html(made))}
    body = document.element.body
    shown = [
        value
        for section in made.sections
        for table in section.tables
        for row in table.rows
        for value in row.values()
        if isinstance(value, Figure | Cell)
        and (isinstance(value, Figure) or value.value is not None)
    ]
    notes = sum(len(table.rows) for table in made.sections[-1].tables)
    linked = len(list(body.iter(qn("w:hyperlink"))))
    assert linked >= 0.95 * (len(shown) - notes)
    assert links(document) <= set(marks(document)) and len(marks(document)) == notes
    described = [one.get("descr") for one in body.iter(qn("wp:docPr"))]
    assert len(described) == sum(len(one.charts) for one in made.sections) and all(described)
    captions = [p.text for p in paragraphs_of(document) if p.style and p.style.name == "Caption"]
    assert len(captions) == len(tables_of(document)) + len(described)


def test_no_table_of_a_word_paper_leaves_its_page_or_needs_small_letters() -> None:
    document = opened(paper_word(board_paper(example())).data)
    for table in [*document.tables, *tables_of(document)]:
        assert sum(column.width or 0 for column in table.columns) <= WIDEST_MM * 36_000
        sizes = {int(one.get(qn("w:val"))) for one in table._tbl.iter(qn("w:sz"))}
        assert not sizes or min(sizes) >= 14, "letters of at least seven points"


def test_a_package_of_the_fictional_system_is_its_answers() -> None:
    answers = example()
    data = csv_zip(answers).data
    read = checked(data)
    assert tables_differ(read, answers) == []
    assert figures_differ(read["figures"], answers) == []
    assert {column for _, column in unknown_columns(data)} <= {"note"}
    frames = checked_parquet(parquet_zip(answers).data)
    assert set(frames) == set(read) - {"dictionary"}
    assert frames["figures"]["value_pence"].sum() == sum(
        row["value_pence"] or 0 for row in read["figures"]
    )
    assert not any(re.search("[A-Z ]", name.partition("-")[2]) for name in frames)


def test_every_value_of_the_return_is_that_of_the_answer() -> None:
    assert return_differs(example()) == []


def test_a_package_for_the_public_holds_what_the_public_is_told_and_no_more() -> None:
    told = public(dict(example()))
    data = csv_zip(told).data
    read = checked(data)
    assert tables_differ(read, told) == [] and figures_differ(read["figures"], told) == []
    assert {column for _, column in unknown_columns(data)} <= {"note"}
    withheld = [row for row in read["figures"] if row["status"] == "withheld"]
    assert withheld and all(row["value"] is row["value_pence"] is None for row in withheld)
