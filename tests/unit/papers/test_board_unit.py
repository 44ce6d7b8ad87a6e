"""The unit of a page: £ thousand for a small body, in cells, sentences, charts and every form."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

import controltotal
from controltotal.core.figure import Figure
from controltotal.core.money import format_money, format_pounds, page_unit, shown_in
from controltotal.core.show import value_text
from controltotal.papers.board_unit import in_unit, unit_for
from controltotal.papers.charts_frame import Frame
from controltotal.papers.paper import paper
from controltotal.papers.sections import Cell, Section, TableView, columns
from tests.pdf_words import words_of

LINES = {"patient_care_income": 412_345, "pay": 301_210, "non_pay": 110_087}
"""Pounds of a month's plan, line by line."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community trust of five million a year, nine months told."""
    place = tmp_path_factory.mktemp("small")
    (place / "book.csv").write_text(
        "key,value\nname,A small trust\ndefault_unit,£\ndefault_year,2026/27\nhome,T1\n"
    )
    (place / "organisations.csv").write_text("code,name,kind\nT1,Ash Community,provider\n")
    rows = ["organisation,line,year,month,basis,amount"]
    for month in range(1, 13):
        for line, plan in LINES.items():
            actual = plan + (7_919 * month if line == "pay" else 0)
            rows.append(f"T1,{line},2026/27,{month},plan,{plan}")
            rows += [f"T1,{line},2026/27,{month},actual,{actual}"] if month < 10 else []
            rows.append(f"T1,{line},2026/27,{month},forecast,{actual if month < 10 else plan}")
    (place / "amounts.csv").write_text("\n".join(rows) + "\n")
    (place / "control_totals.csv").write_text(
        "organisation,year,amount,status,set_by,set_on\nT1,2026/27,-110000,accepted,Region,2026-03-20\n"
    )
    return place


def written(folder: Path, form: str) -> bytes:
    target = folder.parent / f"small{form}"
    controltotal.report(folder, target, overwrite=True)
    return target.read_bytes()


def test_a_page_of_a_small_body_has_one_unit(folder: Path) -> None:
    page = written(folder, ".html").decode()
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.S)
    assert "£ thousand" in text and "£ million" not in text
    assert not re.search(r"£\(?[\d,.]+\)?(m|\s+million)\b", text), "no sentence in another unit"
    result = controltotal.position(folder)
    name = "adjusted_surplus/T1/2026-27/forecast"
    value = result.figure(name)
    assert value is not None and isinstance(value.value, int)
    shown = format_money(value.value, "£k", 0)
    assert f'href="#{name}"' in page and shown in text
    assert f"£{format_money(abs(value.value), '£k', 0)}k" in text, "the headline says the same"
    assert page_unit() == "£m", "and afterwards all is as before"


def test_every_form_of_it_has_the_same_unit(folder: Path) -> None:
    pdf = " ".join(word.text for page in words_of(written(folder, ".pdf")) for word in page)
    document = Document(io.BytesIO(written(folder, ".docx")))
    word = " ".join(p.text for p in document.paragraphs)
    for said in (pdf, word):
        assert "£ thousand" in said and "£ million" not in said
    book = load_workbook(io.BytesIO(written(folder, ".xlsx")), data_only=False)
    sheet = book["1 The answer"]
    formats = {c.number_format for row in sheet.iter_rows() for c in row if c.data_type == "n"}
    assert "#,##0;(#,##0);0" in formats and "#,##0.0;(#,##0.0);0.0" not in formats


def cells(*pence: int) -> Section:
    rows = [{"name": "x", "pence": Cell(one, "pence", "to_date.plan")} for one in pence]
    return Section(
        "a", "A", tables=(TableView("T, £ million", columns("name|N", "pence|P|cell"), rows),)
    )


@pytest.mark.parametrize(
    ("pence", "unit"),
    [
        ((123_456_00, 9_999_999_99), "£k"),
        ((123_456_00, 10_000_000_00), "£m"),  # the largest is not small
        ((4_600_000_00, -300_000_00), "£m"),  # published in millions: thousands would be invented
        ((0,), "£m"),
    ],
)
def test_a_small_body_is_told_by_its_largest_sum(pence: tuple[int, ...], unit: str) -> None:
    assert unit_for(paper("x", "y", [cells(*pence)])) == unit


def test_titles_name_the_unit_and_what_is_worked_out_is_the_same() -> None:
    part = cells(123_456_00)
    assert in_unit(part) == part
    with shown_in("£k"):
        assert in_unit(part).tables[0].title == "T, £ thousand"
        assert Frame().pounds(123_456_00) == "£123k" and Frame().words == "£ thousand"
        assert value_text(-123_456_00, "pence") == "£(123)k"
        assert value_text(200_00, "pence") == "£200"
        assert format_pounds(4_613_000_00) == "£4,613 thousand"
        figure = Figure("gap/T1/2026-27/plan", 123_456_00)
        assert figure.value == 123_456_00
    assert value_text(-123_456_00, "pence") == "£(0.1)m"


def test_another_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="£m or £k"), shown_in("£bn"):
        pass


def test_a_sum_under_the_unit_of_its_page_is_told_in_thousands_and_then_in_pounds() -> None:
    sums = (6_000_00, -42_345_67, 999_00, 12_05, -5_00)
    told = [value_text(pence, "pence") for pence in sums]
    assert told == ["£6k", "£(42)k", "£999", "£12.05", "£(5)"]
