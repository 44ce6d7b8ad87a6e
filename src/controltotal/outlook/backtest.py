"""How far off a method has been: the test that chooses it and the interval that it earns.

Each method is asked, at every earlier month, for a later month that is already known. The error
is set against the body's monthly income and the months ahead, so that bodies and horizons can be
pooled. The interval for the year's end is the middle eighty per cent of those errors, widened
for the number of cases as conformal prediction asks (Vovk, Gammerman and Shafer, 2005: rank
(n + 1) x 0.9 rather than n x 0.9). Its coverage is measured by leaving each body out in turn.

What it does not show: a shock that has not happened yet, or a year end that is managed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controltotal.outlook.methods import METHODS, Months

FIRST_ORIGIN = 3  # a forecast before three months are known is not tested
CASES_LEAST = 19  # below this the 10th and 90th of a hundred cannot be told from the extremes
INNER = 0.8


@dataclass(frozen=True, slots=True)
class Case:
    """One forecast of the past: error (actual less forecast) over income and months ahead."""

    body: str
    method: str
    origin: int
    end: int
    error: float


@dataclass(frozen=True, slots=True)
class Test:
    """A method's record. `low` and `high` are scaled errors for one month ahead; `coverage` is
    the share of cases inside the interval that the other bodies' cases give."""

    __test__ = False

    method: str
    cases: int
    bodies: int
    absolute: float
    low: float | None
    high: float | None
    coverage: float | None


def cases(series: Mapping[str, Sequence[Months]]) -> list[Case]:
    """Every forecast that can be tested; bodies whose income is not known are left out."""
    found = []
    for body, years in sorted(series.items()):
        for months in years:
            if not months.income:
                continue
            last = len(months.actual)
            for origin in range(FIRST_ORIGIN, last):
                actual = sum(months.actual.values())
                for name, method in METHODS.items():
                    told = method(months.upto(origin), last)
                    if told is not None:
                        error = (actual - told) / (months.income * (last - origin))
                        found.append(Case(body, name, origin, last, error))
    return found


def test(method: str, every: Sequence[Case]) -> Test:
    """A method's record over its cases."""
    own = [case for case in every if case.method == method]
    errors = [case.error for case in own]
    bodies = {case.body for case in own}
    absolute = sum(abs(e) for e in errors) / len(errors) if errors else math.inf
    low, high = interval(errors)
    inside = 0
    tested = 0
    order = sorted(range(len(errors)), key=errors.__getitem__)
    ordered = [errors[place] for place in order]
    places: dict[str, list[int]] = {}
    for rank, place in enumerate(order):
        places.setdefault(own[place].body, []).append(rank)
    for body in bodies:
        ends = ranks(len(errors) - len(places[body]))
        if ends is None:
            continue
        others = [ordered[_among_others(rank, places[body])] for rank in ends]
        mine = [ordered[rank] for rank in places[body]]
        tested += len(mine)
        inside += sum(others[0] <= error <= others[1] for error in mine)
    coverage = inside / tested if tested else None
    return Test(method, len(own), len(bodies), absolute, low, high, coverage)


def interval(errors: Sequence[float], inner: float = INNER) -> tuple[float | None, float | None]:
    """The conformal interval of errors: None, None where there are too few.

    >>> interval([float(n) for n in range(1, 100)])
    (10.0, 90.0)
    >>> interval([1.0, 2.0])
    (None, None)
    """
    ends = ranks(len(errors), inner)
    if ends is None:
        return None, None
    ordered = sorted(errors)
    return ordered[ends[0]], ordered[ends[1]]


def ranks(count: int, inner: float = INNER) -> tuple[int, int] | None:
    """Which errors of so many, in order from nought, are the ends of an interval; None of too few."""
    if count < CASES_LEAST:
        return None
    tail = (1 - inner) / 2
    below = math.floor((count + 1) * tail + 1e-9)
    above = math.ceil((count + 1) * (1 - tail) - 1e-9)
    return below - 1, above - 1


def _among_others(rank: int, mine: Sequence[int]) -> int:
    """The rank among all of the error that has a rank among those of others.

    >>> [_among_others(rank, [0, 2]) for rank in (0, 1, 2)]
    [1, 3, 4]
    """
    for own in mine:
        if own > rank:
            break
        rank += 1
    return rank


def choose(every: Sequence[Case], available: Sequence[str]) -> tuple[str | None, list[Test]]:
    """The method with the least mean absolute error, and every method's record.

    With too few cases nothing is chosen by test: the caller says which it falls back on.
    """
    records = [test(name, every) for name in available]
    fit = [record for record in records if record.cases >= CASES_LEAST]
    if not fit:
        return None, records
    return min(fit, key=lambda record: record.absolute).method, records
