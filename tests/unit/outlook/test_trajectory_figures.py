"""The figures of a path: what is needed, what it is a share of, and what is kept of one year."""

from __future__ import annotations

from fractions import Fraction

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.outlook.paths import Carried, Path
from controltotal.outlook.trajectory import _needed_by_path, _target, _target_read, _way
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

NEXT, AFTER = "2027-28", "2028-29"
IN_DEBT = amount("T1", "position", -90)


def fact(name: str, pounds: int, year: str = NEXT, **more: str) -> Cells:
    row = {"organisation": "T1", "fact": name, "year": year, "value": str(pounds), "unit": "£"}
    return {**row, **more}


def path(*rows: Cells, years: int = 2, **more: object) -> Result:
    tables = {name: more.pop(name) for name in ("facts", "control_totals") if name in more}
    said = book(IN_DEBT, *rows, tree=TREE, **tables)  # type: ignore[arg-type]
    return verbs.trajectory(position_of(said), years=years, **more)  # type: ignore[arg-type]


def pounds(
    result: Result, measure: str, years: str = f"{NEXT} {AFTER}", part: str = ""
) -> list[object]:
    found = [result.value(f"{measure}/T1/{year}/forecast/base{part}") for year in years.split()]
    return [None if value is None else value / 100 for value in found]


def test_the_gap_is_cleared_evenly_and_pressures_widen_it() -> None:
    """90 and pressures of 10 and 20: 60 a year; 90 + 10 - 60 = 40, and 40 + 20 - 60 = 0."""
    result = path(facts=[fact("pressure", 10), fact("pressure", 20, AFTER)])
    assert pounds(result, "saving_needed") == [60, 60]
    assert pounds(result, "trajectory_gap", f"{YEAR} {NEXT} {AFTER}") == [90, 40, 0]
    assert pounds(result, "cumulative_deficit") == [40, 40]
    rows = result.tables["path"]
    assert [(r["year"], r["pressure_pence"], r["saving_needed_pence"]) for r in rows] == [
        (NEXT, 1_000, 6_000),
        (AFTER, 2_000, 6_000),
    ]
    assert {(r["organisation"], r["scenario"], r["measured_to"]) for r in rows} == {
        ("T1", "base", "break-even")
    }
    assert {r["of_which_once_only_pence"] for r in rows} == {0}
    assert not any("price_modification_pence" in r for r in rows)


def test_a_saving_that_does_not_repeat_is_back_the_year_after() -> None:
    """40 a year of which a quarter is once only: 90 less 40 leaves 50, and 10 of it come back."""
    result = path(saving=4_000, non_recurrent=Fraction(1, 4))
    assert pounds(result, "saving_needed") == [40, 40]
    assert pounds(result, "trajectory_gap") == [60, 30]
    assert pounds(result, "cumulative_deficit") == [50, 70]
    assert [r["of_which_once_only_pence"] for r in result.tables["path"]] == [1_000, 1_000]


def test_savings_planned_lead_by_themselves_somewhere() -> None:
    """30 for good and 5 once, then 10 once: 90 - 30 - 5 = 55, and 60 - 10 = 50."""
    planned = [
        fact("savings_planned", 30),
        fact("savings_planned", 5, group="non_recurrent"),
        fact("savings_planned", 10, AFTER, group="non_recurrent"),
    ]
    result = path(facts=planned)
    assert pounds(result, "trajectory_gap", part="/planned") == [55, 50]
    rows = result.tables["path"]
    assert [(r["planned_recurrent_pence"], r["planned_once_only_pence"]) for r in rows] == [
        (3_000, 500),
        (0, 1_000),
    ]


def test_a_share_is_of_the_allocation_else_of_the_income_else_it_is_not_stated() -> None:
    """45 of 900 is a twentieth."""
    nothing = path()
    figure = nothing.figure(f"saving_needed_share/T1/{NEXT}/forecast/base")
    assert figure is not None
    assert (figure.value, figure.unknown, figure.unit) == (None, "not_stated", "share")
    for line in ("allocation", "patient_care_income"):
        shared = path(amount("T1", line, 900)).figure(
            f"saving_needed_share/T1/{NEXT}/forecast/base"
        )
        assert shared is not None and (shared.value, shared.status) == (0.05, "ok")
    told = path(amount("T1", "allocation", 900), amount("T1", "patient_care_income", 450))
    assert told.value(f"saving_needed_share/T1/{NEXT}/forecast/base") == 0.05
    ahead = amount("T1", "patient_care_income", 450, basis="forecast")
    both = path(
        amount("T1", "patient_care_income", 900), ahead, amount("T1", "pay", 1, basis="forecast")
    )
    assert both.value(f"saving_needed_share/T1/{NEXT}/forecast/base") is not None


def test_each_figure_rests_on_the_one_before_it() -> None:
    result = path()
    gap, need = "trajectory_gap/T1/{}/forecast/base", f"saving_needed/T1/{NEXT}/forecast/base"
    assert result.trace[gap.format(YEAR)].inputs == (f"gap_breakeven/T1/{YEAR}/plan",)
    assert result.trace[need].inputs == (gap.format(YEAR),)
    assert result.trace[gap.format(NEXT)].inputs == (gap.format(YEAR), need)
    deficit = result.trace[f"cumulative_deficit/T1/{NEXT}/forecast/base"]
    assert deficit.inputs == (gap.format(NEXT),)
    assert deficit.rule == "gaps of the years after the start, added up"
    with_total = path(control_totals=[control_total("T1", -20)])
    rule = with_total.trace[f"cumulative_deficit/T1/{NEXT}/forecast/base"].rule
    assert rule == "deficits of the years after the start, added up"


def test_of_one_year_ahead_its_figures_alone_are_kept_with_their_trace() -> None:
    said = position_of(book(IN_DEBT, tree=TREE))
    result = verbs.trajectory(said, years=2, from_=YEAR, year=NEXT)
    ids = {figure.id for figure in result.figures}
    assert ids == {
        f"{measure}/T1/{NEXT}/forecast/base"
        for measure in (
            "saving_needed",
            "saving_needed_share",
            "trajectory_gap",
            "cumulative_deficit",
        )
    }
    assert set(result.trace) == ids
    with pytest.raises(BookError, match="no path reaches 2029/30"):
        verbs.trajectory(said, years=2, from_=YEAR, year="2029-30")
    whole = verbs.trajectory(said, years=2, from_=YEAR, year=YEAR)
    assert len(whole.figures) == 9


def test_those_below_a_body_are_asked_with_it() -> None:
    rows = [IN_DEBT, amount("T2", "position", -6)]
    said = position_of(book(*rows, tree=TREE))
    for asked, codes in (("T1", {"T1"}), ("S1", {"S1", "T1", "T2"})):
        result = verbs.trajectory(said, organisation=asked)
        assert {figure.organisation for figure in result.figures} == codes


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (None, None),
        ("break-even", "breakeven"),
        ("Break even ", "breakeven"),
        ("breakeven", "breakeven"),
        ("control total", "control_total"),
        ("CONTROL-TOTAL", "control_total"),
    ],
)
def test_a_target_is_read_as_people_write_it(typed: str | None, read: str | None) -> None:
    assert _target_read(typed) == read


def way(target: str = "control total", scenario: str = "") -> Path:
    """From (90) in a year; 70 away from what it is measured by."""
    return Path("T1", YEAR, scenario, -9_000, 7_000, target, "", (0,), ((0, 0),), (Carried(),), ())


def test_the_way_to_a_control_total_is_said_from_and_to() -> None:
    assert _target(way()) == "the control total" and _target(way("break-even")) == "break-even"
    assert _way(way()) == " (from a deficit of £90 to a deficit of £20)"
    assert _way(way("break-even")) == ""


def test_what_is_needed_is_said_of_the_main_path_and_of_those_that_differ() -> None:
    low, high, same = (way(scenario=name) for name in ("low", "high_case", "same"))
    over = {way(): 5_000, low: 9_000, high: 7_000, same: 5_000}
    assert _needed_by_path(over) == "£50 (£70 on high case, £90 on low)"
    assert _needed_by_path({way(): 5_000}) == "£50"
    assert _needed_by_path({low: 9_000, high: 7_000}) == "£70 on high case, £90 on low"


def test_turns_of_a_path_are_pressures_less_what_schemes_bring_more_than_the_year_before() -> None:
    """Schemes bring 10 more in the first year ahead and 6 in the second, of which prices are (4)
    and (5): beside the year before 6, and then (5)."""
    ahead = (Carried(10, 0), Carried(8, 2))
    found = Path("T1", YEAR, "", 0, 0, "break-even", "", (3, 4), ((0, 0),) * 2, ahead, (), (-4, -5))
    assert [one.net for one in ahead] == [10, 6]
    assert found.turns == (3 - 6, 4 - (1 - 6))
    assert found.years == (NEXT, AFTER)
    bare = Path("T1", YEAR, "", 0, 0, "break-even", "", (3, 4), ((0, 0),) * 2, ahead, ())
    assert bare.prices_by_year == (0, 0) and bare.turns == (3 - 10, 4 - (6 - 10))
