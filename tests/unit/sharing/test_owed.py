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


@pytest.mark.parametrize(("chance", "shown"), [("", ""), ("0.25", 0.25), ("0", 0.0)])
def test_the_chance_of_a_repayment_stands_in_its_rows(
    chance: str, shown: object, tmp_path: Path
) -> None:
    """Of six lent, three come back in each of two years."""
    rows = owed(tmp_path, loan("N", "A", "2", chance=chance)).tables["repayments"]
    kept = ("year", "opening", "repaid", "closing", "chance", "giver", "receiver", "extinguished")
    assert [tuple(row[name] for name in kept) for row in rows] == [
        ("2027-28", 6e8, 3e8, 3e8, shown, "A", "T", False),
        ("2028-29", 3e8, 3e8, 0, shown, "A", "T", False),
    ]


def test_what_came_back_in_practice_is_of_the_day_of_the_latest_support_without_a_chance(
    tmp_path: Path,
) -> None:
    """A book may adopt another share from a day on: it holds for support of that year."""
    start = "For comparison, what trusts paid back to the Department of Health and Social Care"
    words = [one for one in owed(tmp_path, loan("N", "A", "2")).words if one.startswith(start)]
    assert len(words) == 1 and " was 15% of the interim support " in words[0]
    own = "name,value,from,authority,mark,adopted_by,adopted_on\n"
    own += "support_repaid_share,0.5,2026-04-01,own,A,Board,2026-01-01\n"
    (tmp_path / "parameters.csv").write_text(own, "utf-8")
    words = [one for one in owed(tmp_path, loan("N", "A", "2")).words if one.startswith(start)]
    assert len(words) == 1 and " was 50% of the interim support " in words[0]
    by_chance = owed(tmp_path, loan("N", "A", "2", chance="0.25")).words
    assert not [one for one in by_chance if one.startswith(start)]


REPAID = "transfer,year,kind,amount\n"


@pytest.mark.parametrize(
    ("paid", "overdue"),
    [
        ("N,2027-28,repaid,3\nN,2028-29,repaid,3\n", ""),  # as agreed
        ("N,2027-28,repaid,3\n", ""),  # the last year is not told yet
        ("N,2028-29,repaid,5\n", "£1.0 million"),
        ("N,2027-28,repaid,3\nN,2029-30,repaid,1\n", "£2.0 million"),
        ("N,2028-29,repaid,5\nN,2029-30,written_off,1\n", ""),
    ],
)
def test_what_is_left_when_the_last_year_agreed_has_gone_by_is_overdue(
    paid: str, overdue: str, tmp_path: Path
) -> None:
    """Six lent, to come back in 2027/28 and 2028/29."""
    (tmp_path / "repayments.csv").write_text(REPAID + paid, "utf-8")
    result = owed(tmp_path, loan("N", "A", "2"))
    found = [one for one in result.findings if one.code == "REPAYMENT_OVERDUE"]
    assert [one.found for one in found] == ([overdue] if overdue else [])
    for one in found:
        assert one.organisation == "T" and one.severity == "warning"
        assert one.message == (
            f"{overdue} lent by A is still owed after 2028/29, the last year agreed."
        )


def test_the_first_year_of_all_that_comes_back_is_said(tmp_path: Path) -> None:
    later = loan("M", "B", "2").replace("2027-28", "2029-30")
    words = owed(tmp_path, later, loan("N", "A", "2")).words
    said = "System T pays back £12.0 million to 2 bodies over 2 years from 2027/28."
    assert f"By the terms in the book {said}" in words


def test_an_early_exit_pays_what_is_left_and_a_default_loses_it(tmp_path: Path) -> None:
    rows = owed(tmp_path, loan("N", "A", "3")).tables["exit_or_default"]
    assert [(row["year"], row["exit_pays"], row["default_loses"]) for row in rows] == [
        ("2027-28", 6e8, 6e8),
        ("2028-29", 4e8, 4e8),
        ("2029-30", 2e8, 2e8),
    ]
    assert {row["interest_saved"] for row in rows} == {0}


def test_only_the_bodies_asked_about_are_shown_and_refused_support_is_listed(
    tmp_path: Path,
) -> None:
    both = [loan("N", "A", "2"), loan("M", "B", "2", "refused")]
    result = owed(tmp_path, *both)
    assert {one.organisation for one in result.figures} == {"A", "T"}
    (row,) = result.tables["not_lent"]
    assert (row["transfer"], row["giver"], row["status"], row["pence"]) == (
        "M",
        "B",
        "refused",
        6e8,
    )
    alone = verbs.share(tmp_path, organisation="A")
    assert {one.organisation for one in alone.figures} == {"A"}
    region = verbs.share(tmp_path, organisation="R")
    assert {one.organisation for one in region.figures} == {"A", "T"}
