"""A house dresses a paper as its own: its page, header, footer and styles, whatever else it lacks."""

from __future__ import annotations

import io
import sys
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from controltotal.core.errors import BookError
from controltotal.papers.sections import (
    Section,
)
from controltotal.papers.word import paper_word
from tests.word_papers import SMALL, of, opened, parts, styled, text_of, wide, word_tables


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
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(BookError, match="the extra office") as refused:
        paper_word(SMALL)
    assert refused.value.action == 'install it with `pip install "controltotal[office]"`'


def test_a_first_page_of_its_own_stays_the_first() -> None:
    base = opened(template())
    base.sections[0].different_first_page_header_footer = True
    buffer = io.BytesIO()
    base.save(buffer)
    made = of(Section("a", "A", tables=(wide(),)), paged=False)
    document = opened(paper_word(made, buffer.getvalue()).data)
    firsts = [one.different_first_page_header_footer for one in document.sections]
    assert firsts == [True, False, False]
