"""Parts of a line that the book holds whole are asked about, and added into it by one answer each."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.intake.asking import asking
from controltotal.intake.importing import import_files
from controltotal.intake.levels import is_of_whole
from controltotal.intake.likely import likely
from controltotal.intake.lines import Lines
from controltotal.intake.questions import keys_of

HEAD = "organisation,line,year,month,basis,amount,unit\n"


def book(tmp_path: Path) -> str:
    """A book that holds the non-pay of one trust whole, to month 8."""
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "organisations.csv").write_text("code,name,kind\nT1,Tor Trust,provider\n")
    rows = [f"T1,{line},2026/27,8,actual,900,£k\n" for line in ("non_pay", "agency_pay")]
    (folder / "amounts.csv").write_text(HEAD + "".join(rows))
    return str(folder)


def report(tmp_path: Path) -> Path:
    """A report of month 9 that gives non-pay in two parts."""
    path = tmp_path / "M9.csv"
    path.write_text(
        "Tor Trust,\nMonth 9 2026/27 £000,\n,\nLine,M9 actual\nClinical supplies,400\n"
        "Premises,600\nTotal non-pay,1000\n"
    )
    return path


def test_parts_of_a_whole_are_asked_about_once(tmp_path: Path) -> None:
    done = import_files([report(tmp_path)], book(tmp_path), asking(dry_run=True))
    (question,) = done.files[0].questions
    assert is_of_whole(question)
    assert keys_of(question) == ["lines.Clinical supplies", "lines.Premises"]
    assert "Non-pay, which the book holds whole" in question.message


def test_an_answer_adds_the_rows_into_the_whole(tmp_path: Path) -> None:
    said = ["lines.Clinical supplies=non_pay", "lines.Premises=non_pay"]
    done = import_files([report(tmp_path)], book(tmp_path), asking(said, dry_run=True))
    assert not done.files[0].questions
    (row,) = [put.cells for put in done.files[0].puts]
    assert (row["line"], row["amount"], row["month"]) == ("non_pay", "1000", "9")


def test_a_name_may_hold_a_sign_of_equality() -> None:
    assert asking(["lines.A = B=non_pay"]).asked.lines == {"a=b": "non_pay"}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Agency & locums", "agency_pay"),
        ("Drugs & devices", "drugs"),
        ("Interest and PDC dividend", "finance_costs"),
        ("Cash at bank (month end)", "cash"),
        ("Other", ""),
        ("Medical staff", ""),
    ],
)
def test_the_likely_line_of_a_name(name: str, line: str) -> None:
    held = {"agency_pay", "bank_pay", "substantive_pay", "drugs", "finance_costs", "cash"}
    assert likely(name, Lines(), held).first == line
