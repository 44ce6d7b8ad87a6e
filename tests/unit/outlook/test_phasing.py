"""A scheme's months over several years: own rows first, then on at its full-year effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.outlook.model import months_left
from controltotal.outlook.phasing import scheme_steps
from controltotal.verbs import read
from controltotal.workings.workings import Workings

YEARS = ("2026-27", "2027-28")


def told(
    folder: Path, scheme: str, amounts: str = "", years: tuple[str, ...] = YEARS
) -> tuple[list[float], list[int]] | None:
    (folder / "organisations.csv").write_text("code,name,kind\nRAA,One,provider\n", "utf-8")
    head = "id,organisation,title,recurrence,maturity,start,full_year_effect,unit\n"
    (folder / "schemes.csv").write_text(head + scheme + "\n", "utf-8")
    lines = "organisation,line,year,month,basis,scheme,amount,unit\n" + amounts
    (folder / "amounts.csv").write_text(lines, "utf-8")
    totals = Workings(read(folder)).totals
    row = totals.position.book.schemes[0]
    found = scheme_steps(row, years, ["plan"] * len(years), totals.amounts)
    if found is None:
        return None
    steps, planned = found
    return [sum(r * months_left(m, y) for m, r in steps) for y in range(len(years))], planned


def test_a_start_within_a_month_counts_from_the_next(tmp_path: Path) -> None:
    found = told(tmp_path, "S1,RAA,A,recurrent,fully_developed,2026-09-02,1200,£")
    assert found is not None and found[0] == pytest.approx([60_000, 120_000])
    assert found[1] == [60_000, 120_000]


def test_what_does_not_repeat_ends_after_twelve_months(tmp_path: Path) -> None:
    found = told(tmp_path, "S1,RAA,A,non_recurrent,fully_developed,2026-10-01,1200,£")
    assert found is not None and found[0] == pytest.approx([60_000, 60_000])


def test_own_months_come_first_and_then_it_goes_on(tmp_path: Path) -> None:
    rows = "RAA,pay,2026/27,11,plan,S1,30,£\nRAA,pay,2026/27,12,plan,S1,50,£\n"
    found = told(tmp_path, "S1,RAA,A,recurrent,fully_developed,2026-10-01,1200,£", rows)
    assert found is not None
    assert found[0] == pytest.approx([8_000, 120_000]) and found[1] == [8_000, 120_000]


def test_without_a_start_own_months_are_enough(tmp_path: Path) -> None:
    rows = "RAA,pay,2026/27,Q4,plan,S1,90,£\n"
    found = told(tmp_path, "S1,RAA,A,recurrent,fully_developed,,1200,£", rows)
    assert found is not None and found[0] == pytest.approx([9_000, 120_000])


def test_without_either_nothing_can_be_told(tmp_path: Path) -> None:
    assert told(tmp_path, "S1,RAA,A,recurrent,fully_developed,,1200,£") is None


def test_odd_pence_make_the_year_exactly(tmp_path: Path) -> None:
    found = told(tmp_path, "S1,RAA,A,recurrent,fully_developed,2026-09-01,1.00,£", years=YEARS[:1])
    assert found is not None and found[0] == pytest.approx([found[1][0]], abs=1e-9)


def test_compiling_works_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    from controltotal.outlook.compiled import compiled, user_cache

    asked = []

    def njit(**options: object) -> object:
        asked.append(options.get("cache", False))
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(numba, "njit", njit)
    assert compiled(lambda x: x + 1)(1) == 2 and asked == [True, False]
    monkeypatch.setenv("CONTROLTOTAL_CACHE", "/somewhere/else")
    assert str(user_cache()) == str(Path("/somewhere/else/compiled"))
