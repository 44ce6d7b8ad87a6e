"""The bridge between two books: every difference of a total is a step, and the steps close."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import controltotal
from controltotal import verbs
from controltotal.core.errors import BookError
from tests.running import controltotal as run

FAULTS = "tests/data/faults/meaning"
FIRST, SECOND = f"{FAULTS}/compare-A-B", f"{FAULTS}/compare-A-C"
MILLION = 100_000_000


def book(folder: Path, **tables: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return str(folder)


def steps(first: str, second: str, figure: str) -> list[tuple[object, object, object]]:
    rows = verbs.compare(first, second).tables.get("bridge", ())
    return [(row["step"], row["kind"], row["pence"]) for row in rows if row["figure"] == figure]


def test_a_closed_and_an_opened_body_are_steps_between_two_equal_totals() -> None:
    """(8.0) before and after: A worse by 2.0, B's (3.0) gone, C's (1.0) come."""
    assert steps(FIRST, SECOND, "surplus/S/2022-23/plan") == [
        ("first", "first", -8 * MILLION),
        ("A", "body", -2 * MILLION),
        ("B", "closed", 3 * MILLION),
        ("C", "opened", -1 * MILLION),
        ("second", "second", -8 * MILLION),
    ]


@pytest.mark.parametrize("year", ["2022/23", "2022-23"])
def test_a_year_is_read_as_people_write_it(year: str) -> None:
    result = controltotal.compare(FIRST, SECOND, year=year)
    assert result.value("change/A/2022-23/plan/surplus") == -2 * MILLION
    assert len(result.tables["bridge"]) == 5 + 3  # of S, and of A by its stated position


def test_a_year_or_a_body_of_neither_book_is_refused_and_of_one_is_not() -> None:
    with pytest.raises(BookError, match="says nothing of 1999/00"):
        verbs.compare(FIRST, SECOND, year="1999/00")
    with pytest.raises(BookError, match="no organisation 'Z'"):
        verbs.compare(FIRST, SECOND, organisation="Z")
    gone = verbs.compare(FIRST, SECOND, organisation="B")
    assert {row["second_pence"] for row in gone.tables["changes"]} == {None}


def test_what_changed_appeared_and_went_is_counted() -> None:
    """A and S each: no figure of S changed; B's went and C's appeared, as many as each other."""
    result = verbs.compare(FIRST, SECOND)
    rows = result.tables["changes"]
    of_body = {c: [r for r in rows if f"/{c}/" in str(r["figure"])] for c in "ABCS"}
    assert not of_body["S"]
    assert len(of_body["B"]) == len(of_body["C"]) > 0
    assert result.words[0].startswith(
        f"{len(of_body['A'])} figures changed, {len(of_body['C'])} appeared and "
        f"{len(of_body['B'])} went from "
    )
    assert result.words[1:] == ("Closed: B.", "Opened: C.")


def test_the_same_book_twice_has_nothing_to_say() -> None:
    result = verbs.compare(FIRST, FIRST)
    assert result.words[0].startswith("0 figures changed, 0 appeared and 0 went from ")
    assert not result.tables.get("bridge") and not result.tables.get("changes")


def test_a_body_that_changed_parents_moved_and_did_not_close(tmp_path: Path) -> None:
    money = "organisation,line,year,basis,amount,unit\n" + "".join(
        f"{code},position,2022/23,plan,-{n},£m\n" for n, code in enumerate("ABC", start=1)
    )
    paths = [
        book(
            tmp_path / top,
            organisations="code,name,kind,parent\nN,N,region,\nS,S,system,N\nT,T,system,N\n"
            f"A,A,provider,S\nB,B,provider,{top}\nC,C,provider,T\n",
            amounts=money,
        )
        for top in "ST"
    ]
    kinds = {
        figure: [
            (row["step"], row["kind"]) for row in rows if row["kind"] not in ("first", "second")
        ]
        for figure, rows in groupby(
            verbs.compare(*paths).tables["bridge"], key=lambda row: str(row["figure"])
        )
    }
    assert kinds["surplus/S/2022-23/plan"] == [("B", "moved_out")]
    assert kinds["surplus/T/2022-23/plan"] == [("B", "moved_in")]
    assert kinds["surplus/N/2022-23/plan"] == [("S", "body"), ("T", "body")]


def test_lines_beside_a_stated_position_are_steps_only_where_they_explain_it(
    tmp_path: Path,
) -> None:
    def with_lines(name: str, position: int, pay: int) -> str:
        return book(
            tmp_path / name,
            organisations="code,name,kind\nA,A,provider\n",
            amounts="organisation,line,year,basis,amount,unit\n"
            f"A,position,2022/23,plan,{position},£m\nA,pay,2022/23,plan,{pay},£m\n",
        )

    figure = "surplus/A/2022-23/plan"
    first = with_lines("first", -5, 50)
    assert ("pay", "line", -2 * MILLION) in steps(first, with_lines("all", -7, 52), figure)
    assert [s[:2] for s in steps(first, with_lines("part", -7, 51), figure)] == [
        ("first", "first"),
        ("position", "line"),
        ("second", "second"),
    ]


def test_the_command_line_says_the_same(tmp_path: Path) -> None:
    ran = run("compare", FIRST, SECOND, "--year", "2022/23", "--detail")
    assert ran.code == 0
    assert "Closed: B." in ran.out and "not explained" not in ran.out


positions = st.dictionaries(st.sampled_from("ABCD"), st.integers(-50, 50), min_size=1)


@settings(max_examples=20, deadline=None)
@given(positions, positions)
def test_every_bridge_closes(first: dict[str, int], second: dict[str, int]) -> None:
    with TemporaryDirectory() as folder:
        paths = [
            book(
                Path(folder) / name,
                organisations="code,name,kind,parent\nS,S,system,\n"
                + "".join(f"{code},{code},provider,S\n" for code in found),
                amounts="organisation,line,year,basis,amount,unit\n"
                + "".join(f"{c},position,2022/23,plan,{p},£m\n" for c, p in found.items()),
            )
            for name, found in (("first", first), ("second", second))
        ]
        rows = verbs.compare(*paths).tables.get("bridge", ())
    for _, bridge in groupby(rows, key=lambda row: row["figure"]):
        pence = [int(str(row["pence"])) for row in bridge]
        assert sum(pence[:-1]) == pence[-1]
    of_whole = [row for row in rows if row["figure"] == "surplus/S/2022-23/plan"]
    moved = {c for c in {*first, *second} if first.get(c) != second.get(c)}
    named = {str(row["step"]) for row in of_whole} - {"first", "second"}
    # A body whose position is nil and that closed or opened changes no money, but is a step.
    assert named == moved
