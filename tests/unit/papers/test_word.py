"""A paper as a Word document: read back, it says what the page says, and a house can dress it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.papers.board import board_paper
from controltotal.papers.page import page_html
from controltotal.papers.paper import Paper, paper
from controltotal.papers.sections import (
    Column,
    Section,
    TableView,
    TreeView,
    columns,
)
from controltotal.papers.word import BEHIND, paper_word
from controltotal.papers.word_text import Sheet, fitted
from tests.board_results import example
from tests.word_papers import (
    MONEY,
    NOTES,
    SMALL,
    SURPLUS,
    links,
    marks,
    of,
    opened,
    page_tables,
    parts,
    styled,
    text_of,
    wide,
    word_tables,
)


def test_a_paper_has_headings_captions_and_a_list_of_word() -> None:
    document = opened(paper_word(SMALL).data)
    assert styled(document, "Heading 1") == ["A title"]
    assert styled(document, "Heading 2") == [
        "1 The answer",
        "2 Where we are",
        BEHIND,
        "How each number was made",
    ]
    assert styled(document, "Heading 3") == ["A part", "A part"]
    assert styled(document, "Caption") == [
        "Table 1: What was spent, £ million",
        "Chart 1: It rises",
        "Table 2: Behind it",
        "Table 3: How each number was made",
    ]
    assert styled(document, "Lead") == ["We end in deficit."]
    assert styled(document, "List Bullet") == ["one", "two"]


def test_a_table_is_one_of_word() -> None:
    table = opened(paper_word(SMALL).data).tables[0]
    rows = table._tbl.findall(qn("w:tr"))
    heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
    assert heads == [True, True, False, False]
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
    assert [[text_of(cell) for cell in row.findall(qn("w:tc"))] for row in rows] == [
        ["", "To date"],
        ["Organisation", "Plan", "Actual"],
        ["Together", "(12.3)", "2.5"],
        ["Alder", "", ""],
    ]
    spans = [one.get(qn("w:val")) for one in rows[0].iter(qn("w:gridSpan"))]
    assert spans == ["2"]
    styles = [p.style.name for cell in table.rows[2].cells for p in cell.paragraphs if p.style]
    assert styles == ["Table text", "Table number", "Table number"]
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == MONEY.title


def test_numbers_lead_to_their_notes_in_the_same_file() -> None:
    document = opened(paper_word(SMALL).data)
    assert links(document) == {"how_1", "how_2"} == set(marks(document))
    row = document.tables[0]._tbl.findall(qn("w:tr"))[2]
    assert [one.get(qn("w:anchor")) for one in row.iter(qn("w:hyperlink"))] == ["how_1", "how_2"]
    assert len(marks(document)) == 2


def test_a_number_without_a_note_is_no_link() -> None:
    document = opened(paper_word(of(Section("a", "A", tables=(MONEY,)))).data)
    assert not links(document) and not marks(document)
    assert "(12.3)" in text_of(document.tables[0]._tbl)


def test_each_page_begins_anew_and_a_pack_runs_on() -> None:
    def breaks(one: Paper) -> list[str]:
        return [
            p.text
            for p in opened(paper_word(one).data).paragraphs
            if p._p.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None
        ]

    assert breaks(SMALL) == ["2 Where we are", BEHIND, "How each number was made"]
    assert breaks(replace(SMALL, paged=False)) == []


def test_a_pack_keeps_its_tables_in_place() -> None:
    document = opened(paper_word(replace(SMALL, paged=False)).data)
    assert BEHIND not in styled(document, "Heading 2")
    assert [told.title for told in word_tables(document)] == [
        MONEY.title,
        "Behind it",
        NOTES.title,
    ]


def test_a_chart_is_a_picture_with_words() -> None:
    data = paper_word(SMALL).data
    body = opened(data).element.body
    [named] = list(body.iter(qn("wp:docPr")))
    assert named.get("descr") == "A bar of two"
    [picture] = [blob for name, blob in parts(data).items() if name.endswith(".png")]
    assert picture.startswith(b"\x89PNG")


def test_every_page_says_what_the_paper_is() -> None:
    document = opened(paper_word(SMALL).data)
    [section] = document.sections
    assert [p.text for p in section.header.paragraphs] == ["Fictional."]
    foot = section.footer._element
    assert "Made from X, entry 5." not in text_of(foot), "said once, at the end"
    assert document.paragraphs[-1].text == "Made from X, entry 5."
    fields = [one.get(qn("w:instr")).strip() for one in foot.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    told = document.core_properties
    assert (told.title, told.subject, told.language) == ("A title", "Item 7", "en-GB")
    assert (round(Cm(21.0).pt), round(Cm(29.7).pt)) == (
        round((section.page_width or 0) / 12700),
        round((section.page_height or 0) / 12700),
    )


def test_figures_and_trees_stand_in_a_paper() -> None:
    tree = TreeView("Who is below whom", "System\n  Alder (12.3)")
    document = opened(
        paper_word(of(Section("a", "A", figures=(SURPLUS,), tree=tree), paged=False)).data
    )
    [told] = word_tables(document)
    assert told.rows[1] == ["Surplus or (deficit) without support, 2026/27, plan", "£(12.3)m"]
    assert styled(document, "Tree") == ["System   Alder (12.3)"]


def test_the_same_paper_gives_the_same_bytes() -> None:
    first = paper_word(SMALL).data
    assert first == paper_word(SMALL).data
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"2020-01-01T00:00:00Z" in parts(first)["docProps/core.xml"]


ELEMENTS = [
    "body",
    "p",
    "pPr",
    "pStyle",
    "r",
    "rPr",
    "t",
    "br",
    "sz",
    "szCs",
    "tbl",
    "tblPr",
    "tblStyle",
    "tblW",
    "tblLayout",
    "tblLook",
    "tblCaption",
    "tblGrid",
    "gridCol",
    "tr",
    "trPr",
    "cantSplit",
    "tblHeader",
    "tc",
    "tcPr",
    "tcW",
    "vAlign",
    "jc",
    "keepNext",
    "fldSimple",
    "hyperlink",
    "bookmarkStart",
    "bookmarkEnd",
    "sectPr",
    "pgSz",
    "pgMar",
    "headerReference",
    "footerReference",
    "pageBreakBefore",
]
"""All that a paper without charts is made of."""
HOSTILE = (
    "=cmd|'/c calc'!A0",
    "<w:p/><script>alert(1)</script>&amp;&#x41;",
    "]]> <!-- \"'",
    "{ HYPERLINK http://x.example }",
    "\u202egnp.exe\u202c עברית العربية",
    "👩🏽‍⚕️ 病院 e\u0301",
    "\ud800 \x00\x07\x1b[31m \ufffe",
    "line\r\nline\n\nline",
    "x" * 40_000,
    "many words " * 3_000,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_book_says_is_text_and_nothing_else(text: str) -> None:
    table = TableView(
        text, (Column("a", text), Column("b", text, "cell")), [{"a": text, "b": SURPLUS}], text
    )
    hostile = paper(
        text,
        text,
        (Section("a", text, (text,), tables=(table, NOTES), points=(text,)),),
        (text,),
        text,
    )
    data = paper_word(hostile).data
    document = opened(data)
    body = document.element.body
    said = hostile.sections[0].words[0]
    assert " ".join(said.splitlines()) in {text_of(p._p) for p in document.paragraphs}
    assert {one.tag for one in body.iter() if isinstance(one.tag, str)} <= {
        qn(f"w:{name}") for name in ELEMENTS
    }
    fields = [one.get(qn("w:instr")) for one in body.iter(qn("w:fldSimple"))]
    assert set(fields) == {" SEQ Table \\* ARABIC "}
    assert all(one.get(qn("r:id")) is None for one in body.iter(qn("w:hyperlink")))
    rels = parts(data)["word/_rels/document.xml.rels"]
    assert b"External" not in rels


@settings(max_examples=25)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60), min_size=1, max_size=4))
def test_any_text_can_be_read_back(texts: list[str]) -> None:
    rows = [{"a": text} for text in texts]
    made = of(Section("a", "A", tables=(TableView("T", (Column("a", "A"),), rows),)))
    [told] = word_tables(opened(paper_word(made).data))
    expected = [
        re.sub("\r\n|\r|\n", " ", row["a"]).lstrip("\u2003").replace("\u200b", "")
        for row in made.sections[0].tables[0].rows
    ]
    assert [row[0] for row in told.rows[1:]] == expected


def test_a_long_cell_may_run_over_pages() -> None:
    table = TableView("T", columns("a|A"), [{"a": "word " * 2000}, {"a": "short"}])
    rows = (
        opened(paper_word(of(Section("a", "A", tables=(table,)))).data)
        .tables[0]
        ._tbl.findall(qn("w:tr"))
    )
    kept = [row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows]
    assert kept == [True, False, True]


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 60), st.integers(1, 30)), min_size=1, max_size=16
    )
)
def test_a_table_never_leaves_its_page(shape: list[tuple[bool, int, int]]) -> None:
    made = [
        Column(str(i), "H" * head, "cell" if right else "text")
        for i, (right, _, head) in enumerate(shape)
    ]
    texts = [["9" * long for _, long, _ in shape]]
    widths, size = fitted(made, [c.heading for c in made], texts, Sheet({}, 9900, 16))
    assert sum(widths) <= 9900 and all(width > 0 for width in widths) and 12 <= size <= 16


def test_numbers_of_a_wide_table_stay_whole_in_smaller_letters() -> None:
    made = [Column("name", "Name"), *(Column(str(i), "Plan", "cell") for i in range(14))]
    texts = [["Fenmarch Teaching Hospitals", *["(1,394.3)"] * 14]]
    widths, size = fitted(made, [c.heading for c in made], texts, Sheet({}, 9900, 16))
    assert size < 16 and sum(widths) <= 9900
    assert min(widths[1:]) >= 9 * 0.45 * size * 10


def test_a_table_too_wide_for_its_page_is_turned_with_its_page() -> None:
    sections = (
        Section("a", "A", ("before",), tables=(wide(),)),
        Section("b", "B", ("after",), tables=(replace(MONEY, groups=()),)),
    )
    document = opened(paper_word(of(*sections, paged=False)).data)
    shapes = [(one.page_width or 0) > (one.page_height or 0) for one in document.sections]
    assert shapes == [False, True, False]
    assert all(
        [p.text for p in one.header.paragraphs] == ["Fictional."] for one in document.sections
    )
    sizes = {int(one.get(qn("w:val"))) for one in document.tables[0]._tbl.iter(qn("w:sz"))}
    assert min(sizes or {16}) >= 13


# ---------------------------------------------------------------------------- whole papers


@pytest.mark.parametrize("name", ["east-of-england-2019", "nene-2013"])
def test_a_word_paper_says_what_the_page_says(name: str) -> None:
    made = board_paper(example(name))
    document = opened(paper_word(made).data)
    told = {(one.title, str(one.rows)) for one in word_tables(document)}
    page = {(one.title, str(one.rows)) for one in page_tables(page_html(made))}
    assert told == page
    assert links(document) and links(document) <= set(marks(document))
