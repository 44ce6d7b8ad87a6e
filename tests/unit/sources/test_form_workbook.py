"""The form that people fill in: it stands beside a new workbook, helps, adds up and is never lost."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from controltotal.core.errors import BookError
from controltotal.core.lines import packaged_lines
from controltotal.sources.form_workbook import HEADING, PARTED, form_beside, write_form
from tests.filled_forms import fill, rows_of
from tests.running import controltotal

SHEETS = ["Start here", "Plan", "Actual", "Forecast", "Savings", "Risks", "Control total"]


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.xlsx"
    write_form(path)
    return path


def test_a_new_workbook_has_its_form_beside_it(tmp_path: Path) -> None:
    book = tmp_path / "mine.xlsx"
    ran = controltotal("new", book, "--title", "Ours")
    assert ran.code == 0, ran.err
    assert form_beside(str(book)) in ran.out.replace("\n", "") + ran.out
    assert openpyxl.load_workbook(form_beside(str(book))).sheetnames == SHEETS
    assert controltotal("check", book).code == 0


def test_the_tables_of_a_new_workbook_list_their_words_and_say_what_they_mean(
    tmp_path: Path,
) -> None:
    assert controltotal("new", tmp_path / "mine.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "mine.xlsx")["amounts"]
    headings = [cell.value for cell in sheet[1]]
    said = {
        str(one.sqref).rstrip("0123456789:"): one for one in sheet.data_validations.dataValidation
    }
    assert len(said) == len(headings)
    lists = [one.formula1 for one in said.values() if one.type == "list"]
    assert '"plan,actual,forecast,unknown"' in lists
    assert all(one.prompt for one in said.values())


def test_a_form_that_somebody_may_have_filled_is_not_written_over(form: Path) -> None:
    before = form.read_bytes()
    with pytest.raises(BookError):
        write_form(form)
    assert form.read_bytes() == before


def test_where_the_form_cannot_stand_there_is_no_book_either(tmp_path: Path) -> None:
    (tmp_path / "mine-to-fill-in.xlsx").write_bytes(b"of somebody")
    assert controltotal("new", tmp_path / "mine.xlsx").code == 2
    assert [one.name for one in tmp_path.iterdir()] == ["mine-to-fill-in.xlsx"]


def test_two_forms_are_the_same_bytes(form: Path, tmp_path: Path) -> None:
    write_form(tmp_path / "other.xlsx")
    assert (tmp_path / "other.xlsx").read_bytes() == form.read_bytes()


def test_every_line_stands_once_and_none_beside_its_parts(form: Path) -> None:
    sheet = openpyxl.load_workbook(form)["Plan"]
    labels = [row[0].value for row in sheet.iter_rows(min_row=HEADING + 2)]
    end = labels.index("END")
    totals = {"Total income", "Total expenditure", "Surplus/(deficit)", None}
    names = [label for label in labels[:end] if label not in totals]
    lines = [one for one in packaged_lines().values() if one.added and one.line not in PARTED]
    assert sorted(names) == sorted(one.name for one in lines)


def test_words_are_chosen_from_lists_and_money_is_a_number(form: Path) -> None:
    book = openpyxl.load_workbook(form)
    kinds = {
        name: {one.type for one in book[name].data_validations.dataValidation} for name in SHEETS
    }
    assert kinds["Start here"] == {"list"} and kinds["Plan"] == {"decimal"}
    assert {"list", "decimal"} <= kinds["Savings"] and "list" in kinds["Risks"]
    lists = [
        one.formula1
        for one in book["Savings"].data_validations.dataValidation
        if one.type == "list"
    ]
    assert any("non recurrent" in one for one in lists)
    assert all(len(one) <= 257 for one in lists)


def test_it_adds_itself_up_and_says_whether_its_totals_agree(form: Path) -> None:
    rows = rows_of(form, "Plan")
    income, drugs = rows["Patient care income"], rows["Drugs"]
    typed: dict[str, dict[str, object]] = {
        "Start here": {"A4": "XF-FTH", "A6": "2026/27"},
        "Plan": {f"B{income}": 100, f"C{income}": 50, f"B{drugs}": 30},
    }
    plan = fill(form, typed)["Plan"]
    assert (plan["A2"], plan["A3"]) == ("XF-FTH", "2026/27")
    assert (plan[f"N{income}"], plan[f"N{drugs}"], plan[f"N{income + 1}"]) == (150, 30, "")
    surplus = rows["Surplus/(deficit)"]
    assert (plan[f"B{surplus}"], plan[f"C{surplus}"], plan[f"N{surplus}"]) == (70, 50, 120)
    assert plan["A6"] == "The totals agree."


def test_a_typed_total_is_told(form: Path) -> None:
    shown = fill(form, {"Plan": {"B9": 100, "N9": 99}})
    assert shown["Plan"]["A6"].startswith("The totals do not agree")
