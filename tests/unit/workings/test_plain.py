"""Sums of plain bodies from arrays: to the penny what the totals judge body by body."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest

from controltotal.book.fold import fold
from controltotal.verbs.standing import position
from controltotal.workings.line_sums import line_of
from controltotal.workings.month import BASES, months_to
from controltotal.workings.month_lines import cells_of, line_cells
from controltotal.workings.plain import Plain, by_line, own_lines_of, plain
from controltotal.workings.series import monthly_surplus
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.column_told import AS_COLUMNS, BY_CELLS, book_read

YEAR = "2026-27"
BODIES = """code,name,kind,parent
S1,System,system,
T1,Trust one,provider,S1
T2,Trust two,provider,S1
"""
CASES = range(40)


def book(folder: Path, rows: list[str], bodies: str = BODIES, size: int = AS_COLUMNS) -> Workings:
    header = "organisation,line,year,month,basis,recurrence,amount"
    (folder / "amounts.csv").write_text("\n".join((header, *rows)) + "\n", "utf-8")
    (folder / "organisations.csv").write_text(bodies, "utf-8")
    (folder / "book.csv").write_text("key,value\ndefault_unit,£\nfictional,yes\n", "utf-8")
    return Workings(fold(book_read(folder, size)))


def told(code: str, basis: str = "plan", last: int = 12) -> list[str]:
    """10 earned and 6 paid a month, of which 1 does not come again."""
    lines = (
        ("other_income", "recurrent", 10),
        ("pay", "recurrent", 5),
        ("pay", "non_recurrent", 1),
    )
    return [
        f"{code},{line},{YEAR},{month},{basis},{recurrence},{pounds}"
        for line, recurrence, pounds in lines
        for month in range(1, last + 1)
    ]


def found(workings: Workings, basis: str = "plan") -> Plain:
    sums = plain(workings.totals, YEAR, basis)
    assert sums is not None
    return sums


def test_a_system_of_plain_bodies_is_their_sum_by_month_and_line(tmp_path: Path) -> None:
    workings = book(tmp_path, [*told("T1"), *told("T2")])
    sums = found(workings)
    assert sums.last == {"S1": 12, "T1": 12, "T2": 12}
    assert sums.covers("S1", months_to(3)) and not sums.covers("S1", {1, 3})
    assert sums.surplus("S1", months_to(3)) == 2 * 3 * 400
    assert sums.not_repeated("S1", {4, 5}) == 2 * 2 * -100
    assert sums.by_line("S1", {12}) == {"other_income": 2_000, "pay": -1_200}
    assert own_lines_of(workings.totals, "S1", YEAR, "plan") == {}
    assert own_lines_of(workings.totals, "T1", YEAR, "plan") == {
        "other_income": 12_000,
        "pay": -7_200,
    }


def test_bodies_that_reach_other_months_are_plain_and_their_system_is_not(tmp_path: Path) -> None:
    workings = book(tmp_path, [*told("T1", "actual", 5), *told("T2", "actual", 4)])
    assert found(workings, "actual").last == {"S1": 0, "T1": 5, "T2": 4}
    assert by_line(workings.totals, "S1", YEAR, "actual", months_to(4)) is None


def test_a_system_with_rows_of_its_own_or_an_unlisted_body_is_judged(tmp_path: Path) -> None:
    stated = f"S1,position,{YEAR},,plan,,99"
    workings = book(tmp_path, [*told("T1"), *told("T2"), stated])
    assert "S1" not in found(workings).last
    header, system, *trusts = BODIES.splitlines()
    bodies = (
        "\n".join((f"{header},complete", f"{system},no", *(f"{one}," for one in trusts))) + "\n"
    )
    assert "S1" not in found(book(tmp_path, [*told("T1"), *told("T2")], bodies)).last


def test_a_position_that_is_stated_or_rows_that_are_cells_are_judged(tmp_path: Path) -> None:
    stated = [f"T1,position,{YEAR},{month},plan,,4" for month in range(1, 13)]
    assert set(found(book(tmp_path, [*told("T1"), *stated, *told("T2")])).last) == {"S1", "T2"}
    cells = book(tmp_path, told("T1"), size=BY_CELLS).totals
    assert plain(cells, YEAR, "plan") is None
    assert by_line(cells, "T1", YEAR, "plan", months_to(12)) is None
    assert by_line(cells, "T1", YEAR, "forecast", months_to(12)) == {}, "nobody has a forecast"


TREE = """code,name,kind,parent,from,to
N1,Nation,nation,,,
S1,System one,system,N1,,
S2,System two,system,N1,,
T1,Trust one,provider,S1,,
T2,Trust two,provider,S1,,
T3,Trust three,provider,S2,,
T4,Trust four,provider,S2,,{closed}
"""
YEARS = (YEAR, "2025-26")
LINES = ("other_income", "patient_care_income", "bank_pay", "agency_pay", "drugs", "impairments")


def made(case: int) -> tuple[list[str], str]:
    """Rows and bodies of a book of which most bodies are plain, and something is not as it should be."""
    draw = random.Random(f"plain {case}")
    rows: list[str] = []
    reach = {year: draw.choice((3, 7, 9, 12)) for year in YEARS}
    bases = draw.choice((("plan", "actual"), ("plan", "actual", "forecast"), ("plan",)))
    for code, year, basis in product(("T1", "T2", "T3", "T4"), YEARS, bases):
        last = reach[year] if basis == "actual" else 12
        last = draw.choice((last,) * 12 + (5, 0))
        for line in draw.choice((LINES, LINES[:5], LINES[:4])):
            once = draw.choice(("recurrent",) * 4 + ("non_recurrent",))
            size = draw.randint(50, 59) if "income" in line else draw.randint(20, 24)
            for month in range(1, last + 1):
                pounds = size + draw.randint(0, 2)
                rows.append(f"{code},{line},{year},{month},{basis},{once},{pounds}")
    odd = (
        f"T1,position,{YEAR},,plan,,99",
        f"S1,other_income,{YEAR},2,plan,,9",
        f"S2,position,{YEAR},,plan,,99",
        f"T2,pay,{YEAR},Q2,plan,,9",
        f"T3,cash,{YEAR},4,plan,,9",
        f"T3,pay,{YEAR},4,plan,recurrent,twelve",
        f"T4,support_income,{YEAR},4,plan,,9",
    )
    rows += draw.sample(odd, draw.choice((0, 0, 1, 2)))
    closed = draw.choice(("", "", "2026-09-30"))
    return rows, TREE.format(closed=closed)


def differences(totals: Totals, sums: Plain, code: str, basis: str) -> list[str]:
    """Where the arrays say another thing of a plain body than its rows."""
    wrong, year = [], sums.year
    last = sums.last[code]
    for some in (
        months_to(last),
        frozenset({last}),
        frozenset(range(2, last + 1)) or frozenset({1}),
    ):
        if sums.surplus(code, some) != totals.adjusted(code, year, basis, "", some).pence:
            wrong.append(f"{code} {basis} {sorted(some)}")
        lines = sums.by_line(code, some)
        for line in totals.position.lines:
            if lines.get(line) != line_of(totals, code, year, basis, line, some).pence:
                wrong.append(f"{code} {basis} {line} {sorted(some)}")
        once = sum(
            monthly_surplus(totals, one, year, basis, once=True).get(month, 0)
            for one in totals.tree.leaves(code, year)
            for month in some
        )
        if sums.not_repeated(code, some) != once:
            wrong.append(f"{code} {basis} once {sorted(some)}")
    return wrong


@pytest.mark.parametrize("case", CASES)
def test_arrays_say_what_the_rows_of_a_book_say(case: int, tmp_path: Path) -> None:
    workings = book(tmp_path, *made(case))
    totals, month = workings.totals, workings.month
    for year, basis in product(workings.position.years, BASES):
        sums = plain(totals, year, basis)
        for code, last in sums.last.items() if sums else ():
            assert sums is not None
            assert not last or differences(totals, sums, code, basis) == []
    for year, code in product(workings.position.years, totals.tree.organisations):
        cells = line_cells(month, code, year)
        assert cells == {line: cells_of(month.to_date(code, year, line)) for line in cells}


@pytest.mark.parametrize("case", CASES)
def test_a_position_from_arrays_is_that_of_rows_one_by_one(case: int, tmp_path: Path) -> None:
    told = []
    for size in (AS_COLUMNS, BY_CELLS):
        workings = book(tmp_path, *made(case), size)
        document = position(workings).document()
        told.append({name: document[name] for name in ("figures", "findings", "tables", "trace")})
    assert told[0] == told[1]


def test_most_of_the_books_that_are_made_have_plain_bodies_and_parents(tmp_path: Path) -> None:
    some = [plain(book(tmp_path, *made(case)).totals, YEAR, "plan") for case in CASES]
    plainly = [{code for code, last in sums.last.items() if last} for sums in some if sums]
    assert sum("T1" in one for one in plainly) > len(CASES) / 3
    assert sum("N1" in one for one in plainly) > 2
