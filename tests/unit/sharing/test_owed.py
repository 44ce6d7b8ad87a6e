"""What is said of support that is to be paid back: by whom, over which term, and what lacks one."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result

BOOK = "key,value\ndefault_unit,£m\ndefault_year,2026-27\nfictional,yes\n"
BODIES = "code,name,kind,parent\nR,Region,region,\n" + "".join(
    f"{code},System {code},system,R\n" for code in "ABT"
)
HEAD = "id,from,to,year,amount,kind,mechanism,status,repay_from,repay_years,chance\n"


def loan(code: str, giver: str, years: str, status: str = "agreed", chance: str = "") -> str:
    kind = f"neighbour_support,resource_transfer,{status}"
    return f"{code},{giver},T,2026-27,6,{kind},2027-28,{years},{chance}\n"


def owed(folder: Path, *loans: str) -> Result:
    tables = {"book": BOOK, "organisations": BODIES, "transfers": HEAD + "".join(loans)}
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return verbs.share(folder)


@pytest.mark.parametrize(
    ("loans", "said"),
    [
        (
            [loan("N", "A", "2")],
            "System T pays back £6.0 million to 1 body over 2 years from 2027/28.",
        ),
        (
            [loan("N", "A", "2"), loan("M", "B", "3")],
            "System T pays back £12.0 million to 2 bodies over 2 to 3 years from 2027/28.",
        ),
        (
            [loan("N", "A", "2"), loan("M", "A", "2", "proposed")],
            "System T would pay back £12.0 million to 1 body over 2 years from 2027/28 if the "
            "proposed support is agreed.",
        ),
    ],
)
def test_who_pays_back_how_much_and_over_how_long(
    loans: list[str], said: str, tmp_path: Path
) -> None:
    assert f"By the terms in the book {said}" in owed(tmp_path, *loans).words


@pytest.mark.parametrize(("years", "found"), [("", "an empty cell"), ("1.5", "1.5")])
def test_a_repayment_without_a_term_of_whole_years_has_no_schedule(
    years: str, found: str, tmp_path: Path
) -> None:
    result = owed(tmp_path, loan("N", "A", years))
    (told,) = [one for one in result.findings if one.code == "REPAYMENT_TERM_MISSING"]
    assert (told.organisation, told.found) == ("T", found)
    assert "The book holds no transfer that is to be paid back." in result.words
    assert not [f for f in result.figures if f.measure == "balance_owed"]


def test_a_repayment_by_chance_lies_between_nothing_and_the_whole(tmp_path: Path) -> None:
    """3 in each of two years, and one chance in four: 0.75 is to be expected."""
    result = owed(tmp_path, loan("N", "A", "2", chance="0.25"))
    paid = result.figure("repayment/A/2027-28/plan/N")
    assert paid is not None and (paid.value, paid.low, paid.high) == (3e8, 0, 3e8)
    assert result.value("repayment_expected/A/2027-28/plan/N") == 75_000_000
    (told,) = [one.message for one in result.findings if one.code == "REPAYMENT_CONTINGENT"]
    assert told == "Repayment of transfer N has a chance of 25%."
    firm = owed(tmp_path, loan("N", "A", "2")).figure("repayment/A/2027-28/plan/N")
    assert firm is not None and (firm.value, firm.low, firm.high) == (3e8, None, None)
