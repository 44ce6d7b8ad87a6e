"""A paper as a Word document: read back, it says what the page says, and a house can dress it."""

from __future__ import annotations

import builtins
import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.papers.board import board_paper
from controltotal.papers.page import page_html
from controltotal.papers.paper import Paper, paper
from controltotal.papers.sections import (
    Cell,
    ChartView,
    Column,
    Note,
    Section,
    TableView,
    TreeView,
    columns,
)
from controltotal.papers.word import BEHIND, paper_word
from controltotal.papers.word_text import Sheet, fitted
from tests.board_results import example
from tests.word_papers import (
    links,
    marks,
    opened,
    page_tables,
    parts,
    styled,
    text_of,
    word_tables,
)

CHART: dict[str, Any] = {
    "data": {"values": [{"a": 1, "b": 2}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "quantitative"}},
}
SURPLUS = Figure("surplus/A/2026-27/plan", -1_230_000_000)
NOTES = TableView(
    "How each number was made",
    columns("number|Number|note", "how|How it was made"),
    [
        {"number": SURPLUS, "how": "income less cost"},
        {"number": Note("to_date.actual", "To date"), "how": "the months"},
    ],
    folded=True,
)
MONEY = TableView(
    "What was spent, £ million",
    columns("name|Organisation", "a|Plan|cell", "b|Actual|cell"),
    [
        {"name": "Together", "a": SURPLUS, "b": Cell(250_000_000, "pence", "to_date.actual")},
        {"name": "\u2003Alder", "a": Cell(None, "pence", "to_date.actual"), "b": None},
    ],
    "Costs in brackets.",
    groups=(("", 1), ("To date", 2)),
)


def of(*sections: Section, paged: bool = True, notices: tuple[str, ...] = ("Fictional.",)) -> Paper:
    return paper("A title", "Item 7", sections, notices, "Made from X, entry 5.", paged=paged)


SMALL = of(
    Section("answer", "1 The answer", ("We end in deficit.",), tables=(MONEY,), lead=True),
    Section(
        "part",
        "A part",
        ("Words.",),
        points=("one", "two"),
        charts=(ChartView("chart-a", "It rises", CHART, "A bar of two"),),
        tables=(replace(MONEY, title="Behind it", folded=True),),
        level=3,
    ),
    Section("second", "2 Where we are", ("More.",)),
    Section("how", "How each number was made", tables=(NOTES,)),
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
    assert "Made from X, entry 5." in text_of(foot)
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


def wide(columns: int = 12) -> TableView:
    """A table that does not fit an upright page in letters that a person reads."""
    heads = tuple(Column(f"c{i}", f"Heading{i} of length", "text") for i in range(columns))
    return TableView("Wide", heads, [{f"c{i}": "immunisations" for i in range(columns)}] * 3)


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


def test_a_first_page_of_its_own_stays_the_first() -> None:
    base = opened(template())
    base.sections[0].different_first_page_header_footer = True
    buffer = io.BytesIO()
    base.save(buffer)
    made = of(Section("a", "A", tables=(wide(),)), paged=False)
    document = opened(paper_word(made, buffer.getvalue()).data)
    firsts = [one.different_first_page_header_footer for one in document.sections]
    assert firsts == [True, False, False]


# ---------------------------------------------------------------------------- templates


def template(*, styles: bool = True) -> bytes:
    """A house's template: its page, its letters, its header, some words of its own."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(20), Cm(28)
    section.left_margin = section.right_margin = Cm(3)
    section.header.paragraphs[0].text = "House of Alder"
    document.add_paragraph("Write here")
    font = document.styles["Heading 2"].font
    font.name, font.size = "Georgia", Pt(19)
    if not styles:
        root = document.styles.element
        for one in list(root.findall(qn("w:style"))):
            if one.get(qn("w:styleId")) in ("ListBullet", "Caption", "Subtitle", "Heading3"):
                root.remove(one)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_house_keeps_its_page_and_its_styles() -> None:
    written = paper_word(SMALL, template())
    document = opened(written.data)
    [section], size = document.sections, opened(template()).sections[0]
    assert (section.page_width, section.left_margin) == (size.page_width, size.left_margin)
    assert [p.text for p in section.header.paragraphs] == ["House of Alder", "Fictional."]
    assert document.styles["Heading 2"].font.name == "Georgia"
    assert styled(document, "Heading 2")[0] == "1 The answer"
    assert "Write here" not in text_of(document.element.body)
    assert max(sum(c.width or 0 for c in table.columns) for table in document.tables) <= Cm(14)
    assert written.told == (
        "The text of the template itself was left out; its page and styles were used.",
        "The template has no style called Lead, Chart, Table text, Table number, Table heading, "
        "Note, Tree, Number link, Paper table: ours stand in their place.",
    )
    assert written.data == paper_word(SMALL, template()).data
    [language] = document.styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "en-GB"


def test_what_a_template_lacks_is_ours_and_a_list_stays_a_list() -> None:
    written = paper_word(SMALL, template(styles=False))
    assert "Heading 3, Subtitle, Lead, List bullet, Caption" in written.told[1]
    document = opened(written.data)
    assert styled(document, "List Bullet") == ["one", "two"]
    style = document.styles["List Bullet"].element
    number = style.find(f".//{qn('w:numId')}").get(qn("w:val"))
    numbering = document.part.numbering_part.element
    assert number in [one.get(qn("w:numId")) for one in numbering.findall(qn("w:num"))]
    assert styled(document, "Heading 3") == ["A part", "A part"]


def test_a_paper_of_ours_is_a_template_that_lacks_nothing() -> None:
    first = paper_word(SMALL)
    again = paper_word(SMALL, first.data)
    assert again.told == (
        "The text of the template itself was left out; its page and styles were used.",
    )
    assert word_tables(opened(again.data))[0].rows == word_tables(opened(first.data))[0].rows


def test_a_template_of_word_ends_in_dotx_too() -> None:
    data = template()
    main = b"wordprocessingml.document.main+xml"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, blob in parts(data).items():
            blob = (
                blob.replace(main, main.replace(b".document.", b".template."))
                if "Types" in name
                else blob
            )
            archive.writestr(name, blob)
    assert (
        opened(paper_word(SMALL, buffer.getvalue()).data).styles["Heading 2"].font.name == "Georgia"
    )


def test_a_first_page_of_its_own_says_what_the_paper_is_too() -> None:
    document = opened(template())
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].first_page_header.paragraphs[0].text = "First"
    buffer = io.BytesIO()
    document.save(buffer)
    [section] = opened(paper_word(SMALL, buffer.getvalue()).data).sections
    assert [p.text for p in section.first_page_header.paragraphs] == ["First", "Fictional."]


def test_a_page_number_of_the_house_is_not_put_twice() -> None:
    made = paper_word(SMALL, paper_word(SMALL).data)
    foot = opened(made.data).sections[0].footer._element
    assert [one.get(qn("w:instr")).strip() for one in foot.iter(qn("w:fldSimple"))] == [
        "PAGE",
        "NUMPAGES",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"no file of Word", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_template_is_told_in_one_line(data: bytes) -> None:
    with pytest.raises(BookError, match="no Word document that can be read"):
        paper_word(SMALL, data)


def test_a_template_with_macros_is_refused() -> None:
    buffer = io.BytesIO(template())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    with pytest.raises(BookError, match="holds macros"):
        paper_word(SMALL, buffer.getvalue())


def test_a_workbook_is_no_template() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(BookError, match="no Word document"):
        paper_word(SMALL, buffer.getvalue())


def test_without_the_library_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "docx":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BookError, match=r"pip install controltotal\[office\]"):
        paper_word(SMALL)


# ---------------------------------------------------------------------------- whole papers


@pytest.mark.parametrize("name", ["east-of-england-2019", "nene-2013"])
def test_a_word_paper_says_what_the_page_says(name: str) -> None:
    made = board_paper(example(name))
    document = opened(paper_word(made).data)
    told = {(one.title, str(one.rows)) for one in word_tables(document)}
    page = {(one.title, str(one.rows)) for one in page_tables(page_html(made))}
    assert told == page
    assert links(document) and links(document) <= set(marks(document))
