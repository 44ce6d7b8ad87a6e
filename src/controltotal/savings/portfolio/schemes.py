"""An eligible scheme as a candidate: its possible starts and what each would bring to whom.

Expected saving = chance x mean share x the in-year effect expected over its delay, from the chosen
month. A scheme starts in the earliest month that the working papers allow it or any later one; its
own phasing moves with its start. Sums are exact fractions, rounded once to the penny.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from controltotal.book.records import Scheme
from controltotal.core.calendar import add_months, first_full_month, year_start
from controltotal.programme.effects import Effect
from controltotal.programme.phasing import in_plan
from controltotal.savings.portfolio.problem import Candidate, Saving
from controltotal.workings.delivery import MONTHS, Run, months_between, over_delays
from controltotal.workings.terms import Terms


@dataclass(frozen=True, slots=True)
class Prepared:
    """A candidate with what is shown of it: the date of each start, its terms and its row."""

    candidate: Candidate
    dates: tuple[date, ...]
    terms: Terms
    row: Scheme


@dataclass(frozen=True, slots=True)
class Prospect:
    """An eligible scheme before its starts are laid out.

    `effects` say year by year on whom its saving falls, `earliest` is the first month in which it
    can begin (None: any), `runs` that it has begun for good and keeps its own start, `harm` its
    highest residual score.
    """

    row: Scheme
    run: Run
    terms: Terms
    effects: tuple[Effect, ...]
    earliest: date | None
    runs: bool
    harm: int


def prepare(prospect: Prospect, years: Sequence[str]) -> Prepared | str:
    """A scheme as a candidate, or the reason why it cannot start in these years."""
    row, run, terms = prospect.row, prospect.run, prospect.terms
    starts, dates = _starts(prospect, years)
    if not starts:
        return f"its earliest start, {dates[0].isoformat()}, is after the years asked about"
    factor = terms.chance * terms.mean_share
    late = [max(0, start - 1 - run.start) for start in starts]
    courses = _courses(run, len(years))
    candidate = Candidate(
        code=row.id,
        organisation=row.organisation,
        starts=starts,
        savings=_savings(prospect, courses, late, years),
        recurrent=row.recurrence == "recurrent",
        full_year=round(row.full_year_effect * factor),
        to_date=_to_date(prospect, courses, late),
        wte_thousandths=int(Fraction(str(row.capacity_wte or 0)) * 1000),
        investment=row.investment or 0,
        harm=prospect.harm,
        groups=frozenset(g for g in (row.service, *(row.groups or ())) if g),
        places=frozenset(row.places or ()),
        in_plan=in_plan(row),
    )
    return Prepared(candidate, dates, terms, row)


def _courses(run: Run, years: int) -> list[list[int]]:
    """The months of the plan when a scheme is none, one, … months late, until nothing is left."""
    return [run.months(late) for late in range(MONTHS * years - min(run.start, 0) + 1)]


def _savings(
    prospect: Prospect, courses: list[list[int]], late: Sequence[int], years: Sequence[str]
) -> tuple[Saving, ...]:
    """Expected pence by body, year and start; each year's sum is rounded once, then split."""
    factor = prospect.terms.chance * prospect.terms.mean_share
    delay = prospect.terms.delay_months
    found = []
    for n, year in enumerate(years):
        brings = [sum(course[MONTHS * n : MONTHS * (n + 1)]) for course in courses]
        pence = [round(over_delays(delay, months, brings) * factor) for months in late]
        effect = prospect.effects[n]
        if effect.how == "own" and len(effect.shares) == 1:
            found.append(Saving(effect.shares[0][0], year, tuple(pence)))
            continue
        split = [effect.split(one) for one in pence]
        for body in sorted(split[0]):
            found.append(Saving(body, year, tuple(part[body] for part in split)))
    return tuple(found)


def _to_date(prospect: Prospect, courses: list[list[int]], late: Sequence[int]) -> tuple[int, ...]:
    """The expected saving to date at the end of each month, summed over the months."""
    terms = prospect.terms
    worth = terms.chance * terms.mean_share * prospect.effects[0].total
    brings = [
        sum(pence * (len(course) - month) for month, pence in enumerate(course))
        for course in courses
    ]
    return tuple(round(over_delays(terms.delay_months, months, brings) * worth) for months in late)


def _starts(prospect: Prospect, years: Sequence[str]) -> tuple[tuple[int, ...], tuple[date, ...]]:
    """Possible starts as months of the plan, and their dates.

    A scheme that runs already, or a one-off begun before the first year, keeps its own start.
    Where none can be, the dates hold the earliest that there is.
    """
    first, last = year_start(years[0]), MONTHS * len(years)
    row = prospect.row
    earliest = prospect.earliest or first
    begun = months_between(first, earliest) + 1
    if begun > last:
        return (), (earliest,)
    later = list(range(max(1, begun), last + 1))
    if begun < 1:
        later = [begun, *([] if prospect.runs else later)]
    own = first_full_month(row.start) if row.start else None
    dates = tuple(
        row.start if m < 1 and row.start and own == earliest else add_months(first, m - 1)
        for m in later
    )
    return tuple(later), dates
