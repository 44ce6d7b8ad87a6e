"""An eligible scheme as a candidate: its possible starts and what each would bring to whom.

Expected saving = chance x mean share x the in-year effect expected over its delay, from the chosen
month. A scheme starts in the earliest month that the working papers allow it or any later one; its
own phasing moves with its start. Sums are exact fractions, rounded once to the penny.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from controltotal.book.records import Scheme
from controltotal.core.calendar import add_months, first_full_month, year_start
from controltotal.programme.effects import Effect
from controltotal.programme.phasing import in_plan
from controltotal.savings.portfolio.problem import Candidate, Saving
from controltotal.workings.delivery import (
    MONTHS,
    Run,
    ahead,
    keeps_start,
    months_between,
    over_delays,
)
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
    can begin (None: any), `running` that it saves already, `harm` its highest residual score,
    `month` the last month recorded of the first year, `held` the part of it that its opportunity
    can hold.
    """

    row: Scheme
    run: Run
    terms: Terms
    effects: tuple[Effect, ...]
    earliest: date | None
    running: bool
    harm: int
    month: int = 0
    held: Fraction = Fraction(1)

    @property
    def full_year(self) -> int:
        """The expected saving of twelve months, in pence; nil once a condition has stopped it."""
        if self.run.until is not None:
            return 0
        factor = self.terms.chance * self.terms.mean_share * self.held
        return round(self.row.full_year_effect * factor)


def prepare(
    prospect: Prospect, years: Sequence[str], cuts: Sequence[Fraction] = ()
) -> Prepared | str:
    """A scheme as a candidate, or the reason why it cannot start in these years.

    `cuts` are parts of it that others may leave to it; each is a choice more, at its earliest start.
    """
    row, run, terms = prospect.row, prospect.run, prospect.terms
    starts, dates = _starts(prospect, years)
    if not starts:
        return f"its earliest start, {dates[0].isoformat()}, is after the years asked about"
    whole = len(starts)
    starts, dates = (*starts, *starts[:1] * len(cuts)), (*dates, *dates[:1] * len(cuts))
    late = [
        (max(0, start - 1 - run.start), prospect.held * cut)
        for start, cut in zip(starts, (*[Fraction(1)] * whole, *cuts), strict=True)
    ]
    courses = _courses(prospect, starts[0], len(years))
    candidate = Candidate(
        code=row.id,
        organisation=row.organisation,
        starts=starts,
        savings=_savings(prospect, courses, late, years),
        recurrent=row.recurrence == "recurrent",
        full_year=prospect.full_year,
        to_date=_to_date(prospect, courses, late),
        wte_thousandths=int(Fraction(str(row.capacity_wte or 0)) * 1000),
        investment=row.investment or 0,
        harm=prospect.harm,
        groups=frozenset(g for g in (row.service, *(row.groups or ())) if g),
        places=frozenset(row.places or ()),
        in_plan=in_plan(row),
        whole=whole,
    )
    return Prepared(candidate, dates, terms, row)


def _courses(prospect: Prospect, start: int, years: int) -> list[list[int]]:
    """The months of the plan when a scheme is none, one, … months late, until nothing is left.

    Nothing falls in a month that is recorded; a scheme that goes on from its own start brings what
    its months after that hold.
    """
    run, month = prospect.run, prospect.month
    if month and start <= month:
        run = replace(run, own=tuple(ahead(run.months(), month)))
    count = MONTHS * years - min(run.start, 0) + 1
    return [ahead(run.months(late), month) for late in range(count)]


def _savings(
    prospect: Prospect,
    courses: list[list[int]],
    late: Sequence[tuple[int, Fraction]],
    years: Sequence[str],
) -> tuple[Saving, ...]:
    """Expected pence by body, year and start; each year's sum is rounded once, then split."""
    factor = prospect.terms.chance * prospect.terms.mean_share
    delay = prospect.terms.delay_months
    found = []
    for place, year in enumerate(years):
        months = slice(MONTHS * place, MONTHS * (place + 1))
        brings = [sum(course[months]) for course in courses]
        pence = [round(over_delays(delay, n, brings) * factor * part) for n, part in late]
        effect = prospect.effects[place]
        if effect.how == "own" and len(effect.shares) == 1:
            found.append(Saving(effect.shares[0][0], year, tuple(pence)))
            continue
        split = [effect.split(one) for one in pence]
        for body in sorted(split[0]):
            found.append(Saving(body, year, tuple(part[body] for part in split)))
    return tuple(found)


def _to_date(
    prospect: Prospect, courses: list[list[int]], late: Sequence[tuple[int, Fraction]]
) -> tuple[int, ...]:
    """The expected saving to date at the end of each month, summed over the months."""
    terms = prospect.terms
    worth = terms.chance * terms.mean_share * prospect.effects[0].total
    brings = [
        sum(pence * (len(course) - month) for month, pence in enumerate(course))
        for course in courses
    ]
    return tuple(
        round(over_delays(terms.delay_months, n, brings) * worth * part) for n, part in late
    )


def _starts(prospect: Prospect, years: Sequence[str]) -> tuple[tuple[int, ...], tuple[date, ...]]:
    """Possible starts as months of the plan, and their dates.

    A scheme that runs already, or a one-off begun before the first year, keeps its own start.
    Where none can be, the dates hold the earliest that there is.
    """
    first, last = year_start(years[0]), MONTHS * len(years)
    row = prospect.row
    earliest = prospect.earliest or first
    begun = months_between(first, earliest) + 1
    one_off = row.recurrence == "non_recurrent"
    keeps = begun < 1 and (prospect.running or one_off)
    if prospect.month:
        late = begun - 1 - prospect.run.start
        keeps = keeps_start(prospect.run, prospect.month, prospect.running, late)
    opens = max(1, begun, prospect.month + 1)
    if keeps:
        later = [begun]
    elif begun > last or opens > last:
        return (), (max(earliest, add_months(first, opens - 1)),)
    else:
        later = list(range(opens, last + 1))
        if begun < 1 and not prospect.month:
            later = [begun, *later]
    own = first_full_month(row.start) if row.start else None
    dates = tuple(
        row.start if m < 1 and row.start and own == earliest else add_months(first, m - 1)
        for m in later
    )
    return tuple(later), dates
