"""Codes that look like those of the register and are not what a book takes them for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core import reference

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
    assert said.startswith(
        "In 2018/19 the code RAJ is not Mid and South Essex NHS Foundation Trust"
    )
    assert told(tmp_path, rows, "RAJ", "2020/21") == ""


def test_codes_of_a_books_own_are_left_in_peace(tmp_path: Path) -> None:
    rows = REGION + "X-NORTH,Our own part,system,Y62\nBCT,Better Care Together,system,Y62\n"
    assert told(tmp_path, rows, "BCT") == ""


@pytest.mark.parametrize("folder", sorted(p.name for p in EXAMPLES.iterdir() if p.is_dir()))
def test_no_example_is_told_of(folder: str) -> None:
    found = verbs.check(verbs.read(str(EXAMPLES / folder))).findings
    assert [one.message for one in found if one.code == "BOUNDARY_MISMATCH"] == []


@pytest.mark.parametrize(
    ("count", "listed"),
    [
        (1, "91Z has the form"),
        (8, "91Z, 92Z, 93Z, 94Z, 95Z, 96Z, 97Z, 98Z have the form"),
        (9, "91Z, 92Z, 93Z, 94Z, 95Z, 96Z, 97Z, 98Z … have the form"),
    ],
)
def test_codes_that_the_register_does_not_know_are_told_together(
    tmp_path: Path, count: int, listed: str
) -> None:
    """Where the book has as many that it knows: a book of real bodies."""
    real = ["RTX", "RXL", "RXN", "RXR", "RW6", "RM3", "RMC", "RRF", "RWW"][:count]
    made_up = [f"9{n}Z" for n in range(1, 10)][:count]
    rows = "".join(f"{code},A trust,provider,\n" for code in (*real, *made_up))
    assert listed in told(tmp_path, rows, real[0])
    if count > 1:
        fewer = "".join(f"{code},A trust,provider,\n" for code in (*real[1:], *made_up))
        assert "form of a code" not in told(tmp_path, fewer, real[1])


def known_to(
    tmp_path: Path, codes: list[str], years: list[str], fictional: str = "no"
) -> list[str]:
    """Where the check says that the register is known to a day only."""
    (tmp_path / "book.csv").write_text(f"key,value\nfictional,{fictional}\n", encoding="utf-8")
    rows = "".join(f"{code},A trust,provider,\n" for code in codes)
    (tmp_path / "organisations.csv").write_text(HEAD + rows, encoding="utf-8")
    lines = [f"{code},position,{year},plan,-3,£m" for code in codes for year in years]
    text = "organisation,line,year,basis,amount,unit\n" + "\n".join(lines) + "\n"
    (tmp_path / "amounts.csv").write_text(text, encoding="utf-8")
    found = verbs.check(verbs.read(str(tmp_path))).findings
    return [
        f"{f.where} | {f.found} | {f.organisation}" for f in found if f.code == "REGISTER_KNOWN_TO"
    ]


def test_years_after_the_register_are_told_of_the_bodies_that_it_knows(tmp_path: Path) -> None:
    assert known_to(tmp_path, ["RTX", "X-1"], ["2035/36", "2034/35", "2020/21"]) == [
        "RTX | 2034/35, 2035/36 | RTX"
    ]
    assert known_to(tmp_path, ["X-1"], ["2035/36"]) == []
    assert known_to(tmp_path, ["RTX"], ["2020/21"]) == []
    assert known_to(tmp_path, ["RTX"], ["2035/36"], "yes") == []
    many = ["RTX", "RXL", "RXN", "RXR", "RW6", "RM3", "RMC", "RRF", "RWW"]
    assert known_to(tmp_path, many[:8], ["2035/36"]) == [
        f"{'; '.join(sorted(many[:8]))} | 2035/36 | "
    ]
    assert known_to(tmp_path, many, ["2035/36"]) == [
        f"{'; '.join(sorted(many)[:8])} … | 2035/36 | "
    ]


@pytest.mark.parametrize(
    ("day", "told_of"), [("2030-03-31", True), ("2030-04-01", False), ("2030-04-02", False)]
)
def test_a_year_that_begins_on_the_last_day_known_is_known(
    day: str, told_of: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "known_to", lambda kind: date.fromisoformat(day))
    assert bool(known_to(tmp_path, ["RTX"], ["2030/31"])) is told_of
