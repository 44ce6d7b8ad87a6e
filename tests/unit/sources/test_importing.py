"""Importing published tables: once, beside what says otherwise, and never half."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.accounts.exceptions.listing import exceptions
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.sources.convert import new_book
from controltotal.sources.importing import import_file
from controltotal.sources.published import recognise
from controltotal.sources.published_reports import code_of, scenario
from controltotal.workings.workings import Workings
from tests.running import controltotal

ALLOCATIONS = "financial_year,ccg_code,ccg_name,allocation_k,ons_population\n"
LOANS = "financial_year,ods_code,trust_name,loan_category,opening_k,drawn_k,repaid_k,closing_k,interest_k\n"


def table(folder: Path, text: str, name: str = "table.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture(params=["book", "book.xlsx", "sqlite:///{}/book.ledger"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    address = str(request.param)
    address = address.format(tmp_path) if "://" in address else str(tmp_path / address)
    new_book(address, "A test")
    return address


def codes(result: Result) -> list[str]:
    return [finding.code for finding in result.findings]


def test_a_table_is_imported_once_in_every_form_of_book(book: str, tmp_path: Path) -> None:
    file = table(tmp_path, ALLOCATIONS + "2019/20,15E,BIRMINGHAM AND SOLIHULL,1706826,1179731\n")
    first = import_file(file, book)
    assert "1 row read, 5 rows added" in first.words[0]
    again = import_file(file, book)
    assert "0 rows added; 2 were in the book already" in again.words[0]
    reading = verbs.read(book)
    (row,) = reading.book.amounts
    assert (row.organisation, row.year, row.amount) == ("15E", "2019-20", 170_682_600_000)
    assert row.other["published_row"] == "row 2"
    assert reading.tree.name("15E") == "NHS Birmingham and Solihull CCG"
    assert not verbs.check(reading).has_errors


def test_what_says_otherwise_stands_beside_it(book: str, tmp_path: Path) -> None:
    import_file(table(tmp_path, ALLOCATIONS + "2019/20,15E,X,1706826,\n"), book)
    found = import_file(table(tmp_path, ALLOCATIONS + "2019-20,15E,X,1700000,\n", "b.csv"), book)
    assert codes(found) == ["IMPORT_CONFLICT"]
    rows = {row.scenario: row.amount for row in verbs.read(book).book.amounts}
    assert rows == {None: 170_682_600_000, "published-allocations": 170_000_000_000}


def test_the_same_value_in_another_unit_is_the_same(tmp_path: Path) -> None:
    new_book(str(tmp_path / "b"), "A test")
    (tmp_path / "b" / "organisations.csv").write_text(
        "code,name,kind\n15E,NHS Birmingham and Solihull CCG,commissioner\n"
    )
    (tmp_path / "b" / "amounts.csv").write_text(
        "organisation,line,year,basis,amount,unit\n15E,allocation,2019/20,plan,1706.826,£m\n"
    )
    found = import_file(
        table(tmp_path, ALLOCATIONS + "2019/20,15E,X,1706826,\n"), str(tmp_path / "b")
    )
    assert "1 was in the book already" in found.words[0]
    assert codes(found) == []


def test_a_cell_that_cannot_be_read_leaves_its_row_out_and_says_so(tmp_path: Path) -> None:
    new_book(str(tmp_path / "b"), "A test")
    text = ALLOCATIONS + "2019/20,15E,X,n/a,\n2019,06H,Y,5,\n2019/20,,Z,5,\n2019/20,01K,W,5,\n"
    found = import_file(table(tmp_path, text), str(tmp_path / "b"))
    left = [f for f in found.findings if f.code == "IMPORT_ROW_LEFT_OUT"]
    assert [f.where for f in left] == ["table.csv row 2", "table.csv row 3", "table.csv row 4"]
    assert [row.organisation for row in verbs.read(tmp_path / "b").book.amounts] == ["01K"]


def test_a_total_that_disagrees_stops_until_a_person_accepts_it(book: str, tmp_path: Path) -> None:
    text = LOANS + "2016/17,RGT,A trust,interim_revenue_support,100,50,10,150,\n"
    file = table(tmp_path, text)
    found = import_file(file, book)
    assert codes(found) == ["IMPORT_TOTAL"] and found.has_errors
    assert "nothing was imported" in found.words[0]
    assert not verbs.read(book).book.facts
    assert controltotal("import", file, "--into", book).code == 1
    accepted = import_file(file, book, "Director of Finance")
    assert "4 of facts" in accepted.words[0]
    source = verbs.read(book).sources["published-loans"]
    assert source.accepted_by == "Director of Finance"
    listed = exceptions(Workings(verbs.read(book))).tables["exceptions"]
    assert [r["by"] for r in listed if r["kind"] == "differences_accepted"] == [source.accepted_by]


def test_rounded_thousands_are_told_and_stop_nothing(tmp_path: Path) -> None:
    new_book(str(tmp_path / "b"), "A test")
    text = LOANS + "2018/19,RGT,A trust,normal_course_capital,100,50,10,141,2\n"
    found = import_file(table(tmp_path, text), str(tmp_path / "b"))
    assert codes(found) == ["IMPORT_ROUNDING"]
    assert len(verbs.read(tmp_path / "b").book.facts) == 5


def test_years_that_do_not_meet_are_told(tmp_path: Path) -> None:
    new_book(str(tmp_path / "b"), "A test")
    text = LOANS + (
        "2016/17,RGT,A trust,interim_revenue_support,100,0,0,100,\n"
        "2017/18,RGT,A trust,interim_revenue_support,90,0,0,90,\n"
    )
    found = import_file(table(tmp_path, text), str(tmp_path / "b"))
    assert [f.where for f in found.findings] == ["financial_year 2017/18"]


def test_a_dry_run_adds_nothing(book: str, tmp_path: Path) -> None:
    file = table(tmp_path, ALLOCATIONS + "2019/20,15E,X,1706826,\n")
    assert "would be added" in import_file(file, book, dry_run=True).words[0]
    assert not verbs.read(book).book.amounts


def test_a_folder_keeps_what_it_had_byte_for_byte(tmp_path: Path) -> None:
    folder = tmp_path / "b"
    new_book(str(folder), "A test")
    mine = 'code,name,kind,colour\nXX1,"A ""quoted"" name",provider,blue\n'
    (folder / "organisations.csv").write_text(mine)
    (folder / "README.md").write_text("mine")
    file = table(tmp_path, ALLOCATIONS + "2019/20,15E,X,1706826,\n")
    import_file(file, str(folder))
    with (folder / "organisations.csv").open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert rows[0]["name"] == 'A "quoted" name' and rows[0]["colour"] == "blue"
    assert rows[1]["code"] == "15E"
    assert (folder / "README.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no published table has these columns"),
        ("", "the file is empty"),
        (ALLOCATIONS + "2019/20,15E\n", "row 2 has 2 cells and the heading 5"),
        ('financial_year,"ccg_code\n', "the file is not CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(
    text: str, said: str, tmp_path: Path
) -> None:
    new_book(str(tmp_path / "b"), "A test")
    with pytest.raises(BookError, match=said):
        import_file(table(tmp_path, text), str(tmp_path / "b"))


def test_a_file_or_book_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ran = controltotal("import", tmp_path / "none.csv", "--into", tmp_path / "b")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    file = table(tmp_path, ALLOCATIONS + "2019/20,15E,X,1,\n")
    ran = controltotal("import", file, "--into", tmp_path / "b")
    assert ran.code == 2 and "there is no book here" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "published"), "needs a body"),
        (("--from", "published", "--organisation", "ZZZ"), "no commissioner, trust or system"),
        (("--from", "elsewhere"), "--from reads 'elsewhere'"),
    ],
)
def test_a_published_book_without_a_known_body_is_refused(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    ran = controltotal("new", tmp_path / "b", *words)
    assert ran.code == 2 and said in ran.err
    assert not (tmp_path / "b").exists()


def test_a_reported_name_is_matched_by_its_place() -> None:
    assert code_of("Humber and North Yorkshire", "system") == "QOQ"
    assert code_of("King's College Hospital NHS FT", "provider") == "RJZ"
    assert (
        scenario({"source_url": "https://www.hsj.co.uk/a/b", "as_at": "month 4"}) == "hsj-month-4"
    )
    with pytest.raises(ValueError, match="no body"):
        code_of("Atlantis", "system")


def test_tables_are_known_by_their_columns() -> None:
    assert (
        recognise(
            ("snapshot", "ods_code", "name", "region_ods", "open_date", "close_date"), "x"
        ).name
        == "trusts"
    )
    assert recognise(("old_ods", "old_name", "new_ods", "new_name"), "x").name == "mergers-2020"
