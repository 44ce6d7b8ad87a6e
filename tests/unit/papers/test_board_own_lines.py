"""Lines of the data's own that other lines hold stand below these, and the column is seen to add."""

from __future__ import annotations

import csv
import html
import re
import shutil
import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import load_workbook

from controltotal.core.result import Result
from controltotal.papers.board import board_paper
from controltotal.papers.board_lines import lines
from controltotal.papers.data_package import csv_zip
from controltotal.papers.page import page_html
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.sections import INDENT, TableView
from controltotal.papers.word import paper_word
from controltotal.papers.workbook import paper_workbook
from tests.board_results import EXAMPLES, example, focus
from tests.pdf_words import words_of

OWN = {"locums": ("Locums", "agency_pay", 7), "ward_help": ("Ward help", "pay", 11)}
"""Lines of the data's own: the name, the line that holds each, and £ thousand in a month."""
BODY = "XF-FTH"


@cache
def results() -> Mapping[str, Result]:
    """The answers of the fictional system, one of whose trusts has two lines of its own inside others."""
    with TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        shutil.copytree(EXAMPLES / "fictional-system", book)
        with (book / "lines.csv").open("a", encoding="utf-8") as file:
            file.writelines(f"{one},{name},cost,{held},\n" for one, (name, held, _) in OWN.items())
        with (book / "amounts.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        like = [
            row
            for row in rows
            if (row["organisation"], row["line"], row["year"]) == (BODY, "agency_pay", "2026/27")
            and not (row["scheme"] or row["scenario"])
        ]
        more = [
            {**row, "line": one, "amount": str(size)}
            for one, (_, _, size) in OWN.items()
            for row in like
        ]
        with (book / "amounts.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows([*rows, *more])
        made = example(str(book))
        return {verb: made[verb] for verb in ("register", *made)}


@pytest.mark.parametrize("code", [BODY, "XF-SYS"])
def test_the_column_adds_to_the_position_and_what_is_inside_a_line_is_set_in(code: str) -> None:
    table = table_of(code)
    place, parts = next(iter(table.totals.items()))
    assert table.rows[place]["name"] == "Position, without support"
    for column in ("plan", "actual", "forecast", "month_actual", "variance"):
        told = [row[column].value for row in table.rows]
        assert sum(told[one] for one in parts) == told[place], column
    named = [str(row["name"]) for row in table.rows]
    start = named.index("Pay")
    below = [one for one in named[start:] if one.startswith(INDENT)]
    assert below == [
        f"{INDENT}of which Agency pay",
        f"{INDENT * 2}of which Locums",
        f"{INDENT}of which Ward help",
    ]
    assert not {place for place, one in enumerate(named) if one.startswith(INDENT)} & set(parts)
    assert "“Of which” is inside the line above it" in table.note


def test_what_holds_a_line_has_its_money_however_deep_it_stands() -> None:
    rows = {
        row["line"]: row
        for row in results()["position"].tables["to_date"]
        if row["organisation"] == BODY and not row["scheme"]
    }
    parts = ("substantive_pay", "bank_pay", "agency_pay", "ward_help")
    assert rows["pay"]["actual"] == sum(rows[one]["actual"] for one in parts)
    assert -rows["locums"]["actual"] == 9 * 7 * 100_000
    assert rows["locums"]["part_of"] == "agency_pay" and rows["ward_help"]["part_of"] == "pay"
    assert "part_of" not in rows["pay"] and "part_of" not in rows["bank_pay"]


def table_of(code: str) -> TableView:
    made = results()
    return lines(made, focus(made, code))[0].tables[0]


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf", "csv"])
def test_every_form_sets_them_in(form: str) -> None:
    told = FORMS[form]()
    assert ("of which Locums" in told and "of which Ward help" in told) or form == "csv", form
    if form == "csv":
        assert re.search(r"(?m)^XF-FTH,.*,locums,.*,agency_pay$", told)


def _page() -> str:
    text = page_html(board_paper(results()))
    assert re.search(r'class="in2">\s*of which Locums', text)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def _word() -> str:
    with zipfile.ZipFile(BytesIO(paper_word(board_paper(results())).data)) as file:
        return html.unescape(re.sub(r"<[^>]+>", "", file.read("word/document.xml").decode()))


def _workbook() -> str:
    book = load_workbook(BytesIO(paper_workbook(board_paper(results())).data))
    cells = {str(cell.value): cell.alignment.indent for one in book for row in one for cell in row}
    assert cells["of which Locums"] == 2 and cells["of which Ward help"] == 1
    return " ".join(cells)


def _pdf() -> str:
    words = [one for page in words_of(paper_pdf(board_paper(results())).data) for one in page]
    texts = [one.text for one in words]
    deep, near = (words[texts.index(one) - 2].left for one in ("Locums", "Ward"))
    assert deep > near, "what stands deeper is set in further"
    return " ".join(texts)


def _csv() -> str:
    with zipfile.ZipFile(BytesIO(csv_zip(results()).data)) as file:
        return file.read("position-to_date.csv").decode().replace("\r", "")


FORMS = {"html": _page, "docx": _word, "xlsx": _workbook, "pdf": _pdf, "csv": _csv}
