"""The way back from a gap: the deficit is the deficit, and schemes in the plan go on by themselves."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.outlook.trajectory import _moves, _put_planned, best_saving, never_fell
from controltotal.workings.workings import Workings
from tests.running import controltotal
from tests.small_books import TREE, book
from tests.strategies import amount, position_of

FAULTS = Path("tests/data/faults/meaning")
TO_TOTAL, FLOW = FAULTS / "trajectory-control-total", FAULTS / "trajectory-flow"
LANCASHIRE = "examples/lancashire-south-cumbria-2021"
MILLION = 100_000_000


def millions(result: Result, measure: str, code: str, years: str) -> list[float]:
    found = [result.value(f"{measure}/{code}/{year}/forecast/base") for year in years.split()]
    return [float(value) / MILLION for value in found if value is not None]


def copied(source: Path, target: Path, **tables: str) -> str:
    shutil.copytree(source, target, dirs_exist_ok=True)
    for name, text in tables.items():
        (target / f"{name}.csv").write_text(text, "utf-8")
    return str(target)


def test_the_deficit_to_be_funded_is_the_deficit_not_the_gap_to_a_control_total() -> None:
    """(100) against (70): 30 to clear in three tens leaves deficits of 90, 80 and 70: 240."""
    result = verbs.trajectory(str(TO_TOTAL))
    years = "2023-24 2024-25 2025-26"
    assert millions(result, "saving_needed", "A", years) == [10, 10, 10]
    assert millions(result, "trajectory_gap", "A", years) == [20, 10, 0]
    assert millions(result, "cumulative_deficit", "A", years) == [90, 170, 240]
    assert "to the control total over the 3 years asked" in result.words[0]
    assert "£240.0 million of deficit must still be funded" in result.words[0]


def test_to_break_even_the_gap_is_the_deficit() -> None:
    """(100) to nil in three steps of 33.333 leaves 66.667 + 33.333 + 0 = 100.000."""
    result = verbs.trajectory(str(TO_TOTAL), to="break-even")
    assert result.value("trajectory_gap/A/2022-23/forecast/base") == 100 * MILLION
    total = result.value("cumulative_deficit/A/2025-26/forecast/base")
    assert total == pytest.approx(100 * MILLION, abs=2)
    assert "to break-even over the 3 years asked" in result.words[0]


def test_lancashire_to_its_control_total_must_fund_471_and_not_180() -> None:
    """(277) against (97): 60 a year leaves 217 + 157 + 97 = 471."""
    result = verbs.trajectory(LANCASHIRE, from_="2020/21", to="control_total")
    years = "2021-22 2022-23 2023-24"
    assert millions(result, "trajectory_gap", "QE1", years) == [120, 60, 0]
    assert millions(result, "cumulative_deficit", "QE1", years) == [217, 374, 471]


def test_a_body_in_surplus_short_of_its_control_total_has_no_deficit_to_fund(
    tmp_path: Path,
) -> None:
    """A surplus of 10 where 15 is asked: 5 to find, and nothing to be funded."""
    amounts = "organisation,line,year,basis,amount,unit\nA,position,2022/23,plan,10,£m\n"
    asked = "organisation,year,amount,unit,status\nA,2022/23,15,£m,accepted\n"
    book = copied(TO_TOTAL, tmp_path, amounts=amounts, control_totals=asked)
    result = verbs.trajectory(book)
    assert millions(result, "trajectory_gap", "A", "2022-23") == [5]
    assert millions(result, "cumulative_deficit", "A", "2025-26") == [0]
    assert "meanwhile there is no deficit to be funded" in result.words[0]


def test_a_control_total_that_is_a_deficit_and_is_met_still_leaves_it_to_be_funded(
    tmp_path: Path,
) -> None:
    """(60) where (70) is allowed: nothing to save, and 60 a year for three years is 180."""
    amounts = "organisation,line,year,basis,amount,unit\nA,position,2022/23,plan,-60,£m\n"
    result = verbs.trajectory(copied(TO_TOTAL, tmp_path, amounts=amounts))
    assert millions(result, "saving_needed", "A", "2023-24 2024-25 2025-26") == [0, 0, 0]
    assert millions(result, "cumulative_deficit", "A", "2025-26") == [180]
    assert result.words[0].endswith(
        "is met in 2022/23 with a deficit; over the 3 years after it £180.0 million of deficit "
        "must still be funded."
    )


def test_one_off_savings_fall_away_and_part_year_savings_reach_their_full_year() -> None:
    """(100) holds 6 of X (12 a year from October) and 8 of Z, which does not repeat.

    By itself the next year is (100) + 6 - 8 = (102): 34 a year, and 68 + 34 + 0 to be funded.
    """
    result = verbs.trajectory(str(FLOW))
    years = "2027-28 2028-29 2029-30"
    assert millions(result, "saving_needed", "A", years) == [34, 34, 34]
    assert millions(result, "trajectory_gap", "A", years) == [68, 34, 0]
    assert millions(result, "cumulative_deficit", "A", years) == [68, 102, 102]
    rows = result.tables["path"]
    assert {(row["flow_through_pence"], row["ended_pence"]) for row in rows} == {
        (6 * MILLION, 8 * MILLION)
    }
    assert "bring £6.0 million more than in 2026/27, and £8.0 million of" in result.words[1]
    trace = result.trace["trajectory_gap/A/2027-28/forecast/base"]
    assert "with what schemes in the plan bring more or less" in trace.rule
    assert trace.entries  # the two schemes


@pytest.mark.parametrize(("moved", "said"), [((0, 0), False), ((0, 3), True), ((2, 3), True)])
def test_a_path_moves_where_any_year_ahead_does(moved: tuple[int, int], said: bool) -> None:
    """Phased by its own rows a scheme may bring more in the second year ahead alone."""
    ahead = [SimpleNamespace(flow_through=pence, ended=0) for pence in moved]
    assert _moves(SimpleNamespace(carried=ahead)) is said  # type: ignore[arg-type]


def test_what_an_unsigned_scheme_would_bring_more_is_not_counted(tmp_path: Path) -> None:
    """Without X's signatures its 6 more do not count, and Z's 8 still fall away: (108), 36 a year."""
    gates = (FLOW / "gates.csv").read_text("utf-8").splitlines()
    kept = [line for line in gates if not line.startswith("X,QIA")]
    book = copied(FLOW, tmp_path, gates="\n".join(kept) + "\n")
    result = verbs.trajectory(book)
    assert millions(result, "saving_needed", "A", "2027-28 2029-30") == [36, 36]
    assert result.tables["path"][0]["flow_through_pence"] == 0


def test_a_one_off_saving_that_began_in_october_runs_for_its_twelve_months(
    tmp_path: Path,
) -> None:
    """8 from October: 4 in the first year, 4 in the second, nothing after: only then (4) is lost."""
    schemes = (FLOW / "schemes.csv").read_text("utf-8")
    schemes = schemes.replace("2026-04-01,8", "2026-10-01,8")
    result = verbs.trajectory(copied(FLOW, tmp_path, schemes=schemes))
    ended = [row["ended_pence"] for row in result.tables["path"]]
    assert ended == [0, 4 * MILLION, 4 * MILLION]


def test_the_target_is_one_of_two_on_the_command_line_and_in_python() -> None:
    with pytest.raises(BookError, match="--to reads 'nil'"):
        verbs.trajectory(str(TO_TOTAL), to="nil")
    assert controltotal("trajectory", TO_TOTAL, "--to", "breakeven").code == 0


@pytest.mark.parametrize(
    ("delivered", "told"),
    [
        ((("2024-25", 10), ("2025-26", 12)), "at most £12"),
        ((("2024-25", 40), ("2025-26", 12)), ""),  # it has done more than it needs
        ((), ""),  # nothing is known of what it has done
    ],
)
def test_a_saving_larger_than_any_made_before_is_told_at_its_row(
    delivered: tuple[tuple[str, int], ...], told: str
) -> None:
    """A hundred to clear in three steps of 33.34."""
    facts = [
        {
            "organisation": "T1",
            "year": year,
            "fact": "savings_delivered",
            "value": str(pounds),
            "unit": "£",
        }
        for year, pounds in delivered
    ]
    said = book(amount("T1", "position", -100), **({"facts": facts} if facts else {}))
    found = verbs.trajectory(position_of(said)).findings
    named = [one for one in found if one.code == "UNPRECEDENTED"]
    assert [one.expected for one in named] == ([told] if told else [])
    for one in named:
        assert (one.where, one.detail, one.found) == ("facts row 3", "facts.csv, A3", "£33.34")
        assert one.message == (
            "First would need to save £33.34 in a year; the most it has done is £12, in 2025/26."
        )


def test_where_planned_savings_lead_and_what_is_planned_once_counts_once() -> None:
    """100 turns by 1 and 2: 10 a year saved for good and 5 once, then 3 once alone."""
    path = SimpleNamespace(
        gap=100, years=("2026-27", "2027-28"), turns=(1, 2), planned=[(10, 5), (0, 3)]
    )
    told: list[tuple[str, int, str]] = []

    def put(
        measure: str, year: str, pence: int, rule: str, inputs: list[str], part: str = ""
    ) -> str:
        told.append((year, pence, part))
        return measure

    _put_planned(put, path, "before")  # type: ignore[arg-type]
    assert told == [("2026-27", 86, "planned"), ("2027-28", 90, "planned")]
    told.clear()
    _put_planned(put, SimpleNamespace(**{**vars(path), "planned": [(0, 0)] * 2}), "before")  # type: ignore[arg-type]
    assert told == []


def test_the_best_year_so_far_is_of_whole_years_and_of_the_body_itself() -> None:
    saved = {"fact": "savings_delivered", "organisation": "T1", "unit": "£"}
    rows = [
        {**saved, "year": "2023-24", "value": "7"},
        {**saved, "year": "2024-25", "value": "5"},
        {**saved, "year": "2024-25", "value": "4", "group": "recurrent"},
        {**saved, "year": "2025-26", "value": "8"},
        {**saved, "year": "2022-23", "value": "99", "month": "7"},
        {**saved, "year": "2022-23", "value": "99", "organisation": "T2"},
    ]
    totals = Workings(position_of(book(amount("T1", "position", 0), tree=TREE, facts=rows))).totals
    best = {year: best_saving(totals, "T1", year) for year in ("2022-23", "2023-24", "2024-25")}
    assert best["2022-23"] is None
    assert best["2023-24"] is not None and best["2023-24"][:2] == (700, "2023-24")
    assert best["2024-25"] is not None and best["2024-25"][:2] == (900, "2024-25")


@pytest.mark.parametrize(("value", "told"), [("no", True), ("yes", False)])
def test_a_spending_that_never_fell_is_said_by_a_fact(value: str, told: bool) -> None:
    fact = {"fact": "spending_ever_fell", "organisation": "T1", "year": "2025-26", "value": value}
    totals = Workings(
        position_of(book(amount("T1", "position", 0), tree=TREE, facts=[fact]))
    ).totals
    assert (never_fell(totals, "T1") is not None) is told
    assert never_fell(totals, "T2") is None
