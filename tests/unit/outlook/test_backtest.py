"""How far off a method has been: cases of the past, their interval, and how often it held."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from controltotal.outlook import backtest
from controltotal.outlook.backtest import CASES_LEAST, Case, cases, choose, interval, ranks
from controltotal.outlook.methods import METHODS, Months


def of(errors: Sequence[float], body: str = "T1", method: str = "run_rate") -> list[Case]:
    return [Case(body, method, 3, 4, error) for error in errors]


def test_each_month_after_the_third_is_asked_for_the_last() -> None:
    """10 a month, then 20 twice: from three months the line says 50 and from four 62.5 of 70.

    Over an income of 100, 20 are off by 0.1 a month of two, and 7.50 by 0.075 of one.
    """
    year = Months({1: 1_000, 2: 1_000, 3: 1_000, 4: 2_000, 5: 2_000}, income=10_000)
    found = cases({"T1": [year]})
    line = [case for case in found if case.method == "straight_line"]
    assert line == [
        Case("T1", "straight_line", 3, 5, 0.1),
        Case("T1", "straight_line", 4, 5, 0.075),
    ]
    assert {case.method for case in found} == {"straight_line", "run_rate"}  # there is no plan
    planned = Months(year.actual, dict.fromkeys(range(1, 13), 1_000), income=10_000)
    assert {case.method for case in cases({"T1": [planned]})} == set(METHODS)


def test_a_body_without_income_or_with_three_months_has_no_case() -> None:
    three = {1: 1, 2: 1, 3: 1}
    assert cases({"T1": [Months(three, income=5)]}) == []
    assert cases({"T1": [Months({**three, 4: 1})]}) == []
    assert cases({"T1": [Months({**three, 4: 1}, income=0)]}) == []
    assert len(cases({"T1": [Months({**three, 4: 1}, income=5)] * 2})) == 4


@pytest.mark.parametrize(
    ("count", "ends"),
    [(18, None), (19, (1, 17)), (29, (2, 26)), (30, (2, 27)), (99, (9, 89)), (100, (9, 90))],
)
def test_the_ends_of_an_interval_are_the_tenth_and_the_ninetieth_of_a_hundred(
    count: int, ends: tuple[int, int] | None
) -> None:
    assert ranks(count) == ends
    told = interval([float(n) for n in range(count, 0, -1)])
    assert told == ((None, None) if ends is None else (ends[0] + 1, ends[1] + 1))


def plainly(every: Sequence[Case]) -> float | None:
    """How often the interval of the other bodies' errors held: body by body, and error by error."""
    held = []
    for body in sorted({case.body for case in every}):
        others = sorted(case.error for case in every if case.body != body)
        ends = ranks(len(others))
        if ends is not None:
            low, high = others[ends[0]], others[ends[1]]
            held += [low <= case.error <= high for case in every if case.body == body]
    return sum(held) / len(held) if held else None


def test_coverage_is_how_often_the_interval_of_the_others_held() -> None:
    errors = [((17 * n) % 101 - 50) / 7 for n in range(60)]
    every = [
        *of(errors[:20], "A"),
        *of([2 * e for e in errors[20:40]], "B"),
        *of([e + 3 for e in errors[40:]], "C"),
        *of([99.0], "C", "straight_line"),
    ]
    record = backtest.test("run_rate", every)
    assert (record.cases, record.bodies) == (60, 3)
    assert record.coverage == plainly([case for case in every if case.method == "run_rate"])
    assert 0.5 < (record.coverage or 0) < 1
    assert record.absolute == pytest.approx(sum(abs(c.error) for c in every[:60]) / 60)
    assert (record.low, record.high) == interval([case.error for case in every[:60]])


def test_of_one_body_nobody_can_say_how_often_it_held() -> None:
    record = backtest.test("run_rate", of([float(n) for n in range(40)]))
    assert record.coverage is None and record.low is not None
    nothing = backtest.test("run_rate", [])
    assert (nothing.cases, nothing.absolute, nothing.low) == (0, math.inf, None)


def test_the_method_that_was_least_off_is_chosen_where_there_are_cases_enough() -> None:
    names = ("straight_line", "run_rate")
    near = of([0.1] * CASES_LEAST, method="run_rate")
    far = of([-0.2] * CASES_LEAST, method="straight_line")
    chosen, records = choose([*near, *far], names)
    assert chosen == "run_rate"
    assert [record.method for record in records] == list(names)
    assert choose([*near[1:], *far], names)[0] == "straight_line"  # one case short
    assert choose([*near[1:], *far[1:]], names)[0] is None
