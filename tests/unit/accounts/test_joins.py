"""Codes that look like those of the register and are not what a book takes them for."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import verbs

EXAMPLES = Path(__file__).parents[3] / "examples"
HEAD = "code,name,kind,parent\n"
REGION = "Y61,East of England,region,\nY62,North West,region,\n"


def told(tmp_path: Path, rows: str, of: str, year: str = "2020/21", fictional: str = "no") -> str:
    """What the check says of the codes of a book, with one amount of a body of it."""
    (tmp_path / "book.csv").write_text(f"key,value\nfictional,{fictional}\n", encoding="utf-8")
    (tmp_path / "organisations.csv").write_text(HEAD + rows, encoding="utf-8")
    text = f"organisation,line,year,basis,amount,unit\n{of},position,{year},plan,-3,£m\n"
    (tmp_path / "amounts.csv").write_text(text, encoding="utf-8")
    found = verbs.check(verbs.read(str(tmp_path))).findings
    return "\n".join(one.message for one in found if one.code == "BOUNDARY_MISMATCH")


WRONG = {
    "another region": (
        REGION + "QE1,Lancashire and South Cumbria,system,Y61\n",
        "QE1",
        "Lancashire and South Cumbria (QE1) stands under East of England (Y61); by the register it is in "
        "North West (Y62).",
    ),
    "small letters": (REGION + "01k,NHS Morecambe Bay CCG,commissioner,Y62\n", "01k", "01K is NHS"),
    "a letter for a nought": (REGION + "O1K,A CCG,commissioner,Y62\n", "O1K", "01K is NHS"),
    "made up": (REGION + "99Z,A CCG,commissioner,Y62\n", "99Z", "99Z has the form of a code"),
    "a trust as a commissioner": (
        REGION
        + "RTX,University Hospitals of Morecambe Bay NHS Foundation Trust,commissioner,Y62\n",
        "RTX",
        "is entered as a commissioner; by the register the code is that of a provider",
    ),
}


@pytest.mark.parametrize("slip", WRONG)
def test_a_wrong_join_is_told(tmp_path: Path, slip: str) -> None:
    rows, of, words = WRONG[slip]
    assert words in told(tmp_path, rows, of)
    assert told(tmp_path, rows, of, fictional="yes") == ""


def test_a_name_of_after_a_merger_is_not_that_of_a_year_before(tmp_path: Path) -> None:
    rows = "RAJ,Mid and South Essex NHS Foundation Trust,provider,\n"
    said = told(tmp_path, rows, "RAJ", "2018/19")
    assert "RAJ is Southend University Hospital NHS Foundation Trust in 2018/19" in said
    assert told(tmp_path, rows, "RAJ", "2020/21") == ""


def test_codes_of_a_books_own_are_left_in_peace(tmp_path: Path) -> None:
    rows = REGION + "X-NORTH,Our own part,system,Y62\nBCT,Better Care Together,system,Y62\n"
    assert told(tmp_path, rows, "BCT") == ""


@pytest.mark.parametrize("folder", sorted(p.name for p in EXAMPLES.iterdir() if p.is_dir()))
def test_no_example_is_told_of(folder: str) -> None:
    found = verbs.check(verbs.read(str(EXAMPLES / folder))).findings
    assert [one.message for one in found if one.code == "BOUNDARY_MISMATCH"] == []
