"""A row that nobody could read is never passed over: what would have used it is not told.

A ceiling of harm written as `twelve`, a vote spelt `fro`, a contract without a kind: each leaves the
answer that rests on it unknown, with an error, and no scheme chosen.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

import controltotal
from tests.running import controltotal as run

FAULTS = Path(__file__).parents[1] / "data" / "faults"

BROKEN = {
    "limit": ("overlap-pair", "limits.csv", None, "A,2026/27,harm_ceiling,twelve,count"),
    "margin": ("overlap-pair", "limits.csv", None, "A,2026/27,margin,x,£m"),
    "effect": ("overlap-pair", "effects.csv", None, "X1,A,0.2x"),
    "opportunity": ("overlap-excludes", "opportunities.csv", ",8,", ",8x,"),
    "contract": ("activity-contract", "contracts.csv", ",activity,", ",blok,"),
}
"""By what is broken: book, file, text and what takes its place (no text: a new row)."""
HEADINGS = {
    "limits.csv": "organisation,year,limit,value,unit",
    "effects.csv": "scheme,organisation,share",
}


def broken(tmp_path: Path, name: str, file: str, old: str | None, new: str) -> Path:
    """A copy of a book with one cell that cannot be read."""
    book = tmp_path / "book"
    shutil.copytree(FAULTS / "meaning" / name, book)
    path = book / file
    if old is None:
        path.write_text(f"{HEADINGS[file]}\n{new}\n", "utf-8")
    else:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    return book


@pytest.mark.parametrize("what", BROKEN)
def test_nothing_is_chosen_while_a_row_that_bears_on_it_cannot_be_read(
    tmp_path: Path, what: str
) -> None:
    found = controltotal.portfolio(controltotal.read(broken(tmp_path, *BROKEN[what])))
    assert {figure.status for figure in found.figures} == {"indeterminate"}
    assert not any(row["chosen"] for row in found.tables["schemes"])
    assert found.has_errors and "could not be read" in found.words[0]


@pytest.mark.parametrize("what", ["effect", "opportunity", "contract"])
def test_the_outturn_of_bodies_whose_savings_rest_on_it_is_not_told(
    tmp_path: Path, what: str
) -> None:
    found = controltotal.risk(
        controltotal.read(broken(tmp_path, *BROKEN[what])), draws=20, threads=1
    )
    means = [figure for figure in found.figures if figure.measure == "outturn_mean"]
    assert means and {figure.status for figure in means} == {"indeterminate"}


def test_a_limit_of_another_year_leaves_the_choice_alone(tmp_path: Path) -> None:
    row = "A,2024/25,harm_ceiling,twelve,count"
    book = broken(tmp_path, "overlap-pair", "limits.csv", None, row)
    found = controltotal.portfolio(controltotal.read(book))
    assert found.value("portfolio_saving/S/2026-27/plan") == 1_000_000_000


@pytest.mark.parametrize(("old", "new"), [("for,1", "fro,1"), ("for,1", "for,1x")])
def test_a_vote_that_cannot_be_read_leaves_the_decision_open(
    tmp_path: Path, old: str, new: str
) -> None:
    book = broken(tmp_path, "tied-vote", "votes.csv", old, new)
    found = controltotal.decide(controltotal.read(book))
    assert {figure.status for figure in found.figures} == {"indeterminate"}
    (told,) = found.findings
    assert told.severity == "error" and "votes row 2 could not be read" in told.message


@pytest.mark.parametrize("text", ["X2 and X3", "x2", "X2, X9", "X2/X9"])
@pytest.mark.parametrize("column", ["overlaps", "excludes"])
def test_a_list_that_may_mean_a_scheme_leaves_its_own_uncounted(
    tmp_path: Path, column: str, text: str
) -> None:
    found = controltotal.portfolio(controltotal.read(with_list(tmp_path, column, text)))
    chosen = {row["scheme"]: row["chosen"] for row in found.tables["schemes"]}
    assert chosen == {"X1": False, "X2": True}


@pytest.mark.parametrize("text", ["beds", "Z9", "theatre lists and beds", ""])
@pytest.mark.parametrize("column", ["overlaps", "excludes"])
def test_a_group_or_a_scheme_that_left_is_nobodys_mistake(
    tmp_path: Path, column: str, text: str
) -> None:
    found = controltotal.portfolio(controltotal.read(with_list(tmp_path, column, text)))
    assert all(row["chosen"] for row in found.tables["schemes"])


def with_list(tmp_path: Path, column: str, text: str) -> Path:
    """The book of two schemes, of which X1 names others in a list."""
    book = tmp_path / "book"
    shutil.copytree(FAULTS / "meaning" / "overlap-pair", book)
    path = book / "schemes.csv"
    old = path.read_text("utf-8")
    new = old.replace("overlaps\n", f"{column}\n").replace("O,X2\n", f'O,"{text}"\n')
    assert new != old
    path.write_text(new, "utf-8")
    return book


def workbook(folder: Path) -> Path:
    """A folder with one workbook in it, and no table as CSV."""
    folder.mkdir()
    return Path(shutil.copy(FAULTS / "reading" / "title-rows" / "book.xlsx", folder))


def test_a_folder_with_one_workbook_is_that_book_and_is_not_written_over(tmp_path: Path) -> None:
    file = workbook(tmp_path / "plan")
    before = file.read_bytes()
    assert run("position", file.parent, "--json").out == run("position", file, "--json").out
    over = run("position", file.parent, "--output", file, "--overwrite")
    assert over.code == 2 and "a file of the book itself" in over.err
    assert file.read_bytes() == before and load_workbook(file).sheetnames
    shutil.copy(file, file.with_name("second.xlsx"))
    two = run("check", file.parent)
    assert two.code == 2 and "book.xlsx and second.xlsx" in two.err


def test_a_score_that_no_scale_has_is_an_error() -> None:
    found = controltotal.check(controltotal.read(FAULTS / "safety" / "unsafe-score-14.97"))
    (told,) = [one for one in found.findings if one.severity == "error"]
    assert told.code == "EVIDENCE_IN_DOUBT" and "from 1 to 5" in told.message


def test_a_refusal_without_a_day_is_told_without_one() -> None:
    ran = run("check", FAULTS / "safety" / "unsafe-rejection-for-s1", "--detail")
    assert "9999" not in ran.out and "refused on a day that is not told" in " ".join(
        ran.out.split()
    )


def test_a_quotation_that_holds_none_of_its_numbers_is_told_once() -> None:
    found = controltotal.check(controltotal.read(FAULTS / "reading" / "ytd-vs-control-total"))
    told = [one for one in found.findings if one.code == "QUOTE_WITHOUT_NUMBER"]
    assert len(told) == 1 and "-3.308333" in told[0].message


def test_a_credit_that_calls_itself_one_is_no_slip() -> None:
    found = controltotal.check(controltotal.read(FAULTS / "reading" / "debit-credit-column"))
    assert "SIGN_UNEXPECTED" not in {one.code for one in found.findings}


def two_views(tmp_path: Path, old: str, new: str) -> Path:
    """The book in which two lists look at one body's money, with one text changed."""
    book = tmp_path / "book"
    shutil.copytree(FAULTS / "meaning" / "rapid-two-views", book)
    path = book / "opportunities.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return book


PARTS = ("naive", "lower", "upper", "netted")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kOA2,4,", "kOA2,4x,", {"B"}),
        ("OA2,W,A,kOA2,4,£m,2022/23", "OA2,W,A,kOA2,4,£m,22-nope", {"B"}),
        ("OB,V,B,kOB,10,", "OB,V,B,kOB,ten,", {"A"}),
        ("OA,V,A,kOA,10,", "OA,V,A,,,", {"B"}),
    ],
)
def test_a_total_of_opportunities_is_never_summed_around_a_hole(
    tmp_path: Path, old: str, new: str, told: set[str]
) -> None:
    """Of A, B and the system above them only the body whose rows were all read has a total."""
    book = two_views(tmp_path, old, new)
    found = controltotal.opportunities(controltotal.read(book))
    for body in ("A", "B", "S"):
        for part in PARTS:
            figure = found.figure(f"opportunity_total/{body}/2022-23/plan/{part}")
            assert figure is not None
            assert (figure.status == "indeterminate") is (body not in told), figure
    assert found.has_errors
    assert any("could not be read" in text for text in found.words)


def test_savings_are_divided_by_no_opportunity_that_nobody_could_read(tmp_path: Path) -> None:
    book = two_views(tmp_path, "kOA2,4,", "kOA2,4x,")
    found = controltotal.share(
        controltotal.read(book), "£2m", from_="A,B", to="S", policy="rapid_savings"
    )
    shares = [figure for figure in found.figures if figure.measure == "share"]
    assert shares and {figure.value for figure in shares} == {None}


def test_a_book_whose_only_opportunity_cannot_be_read_does_not_say_that_it_has_none(
    tmp_path: Path,
) -> None:
    book = two_views(tmp_path, "OA,V,A,kOA,10,", "OA,V,A,kOA,x,")
    path = book / "opportunities.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")
    found = controltotal.opportunities(controltotal.read(book))
    assert found.figure("opportunity_total/A/2022-23/plan/lower").status == "indeterminate"  # type: ignore[union-attr]
    assert run("opportunities", book).code == 1


@pytest.mark.parametrize(("named", "hint"), [("OA9", "Did you mean OA"), ("zzz", "")])
def test_a_scheme_that_draws_on_an_opportunity_nobody_listed_is_told(
    tmp_path: Path, named: str, hint: str
) -> None:
    book = two_views(tmp_path, "OB", "OB")
    path = book / "schemes.csv"
    path.write_text(path.read_text("utf-8").replace(",OA,", f",{named},"), "utf-8")
    found = controltotal.check(controltotal.read(book))
    (told,) = [one for one in found.findings if one.code == "OPPORTUNITY_UNKNOWN"]
    assert told.found == named and told.severity == "warning"
    assert ("Did you mean" in told.message) is bool(hint) and hint in told.message


@pytest.mark.parametrize("new", ["OB", "OA2"])
def test_a_scheme_whose_opportunity_is_listed_is_not(tmp_path: Path, new: str) -> None:
    book = two_views(tmp_path, "kOA,10,", "kOA,10x,")
    path = book / "schemes.csv"
    for named in ("OA", new):
        path.write_text(path.read_text("utf-8").replace(",OA,", f",{named},"), "utf-8")
        found = controltotal.check(controltotal.read(book))
        assert "OPPORTUNITY_UNKNOWN" not in {one.code for one in found.findings}
