"""The ten questions, one function each: they introduce the rooms to each other and hold no rule.

Every verb takes a `Position` (or the address of a book) and gives a `Result`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from controltotal.verbs.asking import asked as _asked
from controltotal.verbs.asking import years_read

if TYPE_CHECKING:
    from controltotal.book.fold import Position
    from controltotal.core.result import Result


def read(book: str | Path | Position, as_at: str | int | date | None = None) -> Position:
    """The Position of a book in any form, as at an entry or a date (else as it stands)."""
    from controltotal.book.fold import Position as Folded
    from controltotal.book.fold import fold
    from controltotal.sources.books import read_book

    if isinstance(book, Folded):
        return book
    return fold(read_book(book), as_at)


@years_read
def check(
    book: str | Path | Position,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 1, does it add up: every finding of a book at once, and nothing else."""
    return _found(_asked(read(book, as_at), year, organisation), year, organisation)


@lru_cache(maxsize=4)
def _found(reading: Position, year: str | None, organisation: str | None) -> Result:
    """The findings of a reading; kept, because `position` and the pack tell them too."""
    from controltotal.accounts.checks import findings
    from controltotal.book.asking import years_asked
    from controltotal.core.result import Answer
    from controltotal.outlook.trajectory import answer_trajectory
    from controltotal.rules.reconcile import reconcile
    from controltotal.workings.totals import Totals

    totals = Totals(reading)
    given = {"year": year, "organisation": organisation}
    answer = Answer("check", reading.ref, {k: v for k, v in given.items() if v})
    answer.add_findings(findings(reading, totals, years_asked(reading, year)))
    answer.add_findings(reconcile(reading, totals))
    if reading.book.waivers:
        from controltotal.rules.answer import unknown_waivers

        answer.add_findings(unknown_waivers(reading))
    answer.add_findings(answer_trajectory(reading, organisation=organisation).findings)
    if reading.book.repayments:  # more repaid than owed, or owed after the term
        from controltotal.sharing.owed import answer_owed

        owed = Answer("share", reading.ref)
        answer_owed(owed, reading)
        told = owed.result().findings
        answer.add_findings(f for f in told if f.severity != "information")
    return _only(answer.result(), reading, year, organisation)


def _only(result: Result, reading: Position, year: str | None, organisation: str | None) -> Result:
    """A check asked for one body keeps the findings of that body, those below, and of no body."""
    from dataclasses import replace

    if organisation is None:
        kept = result.findings
    else:
        years = [year] if year else list(reading.years)
        below = {organisation}
        for one in years:
            below |= set(reading.tree.descendants(organisation, one))
        kept = tuple(f for f in result.findings if not f.organisation or f.organisation in below)
    errors = sum(f.severity == "error" for f in kept)
    warnings = sum(f.severity == "warning" for f in kept)
    words = (
        f"{reading.ref.name}: {errors} error{'s' if errors != 1 else ''} and {warnings} "
        f"warning{'s' if warnings != 1 else ''}."
        + ("" if kept else " Nothing was found that does not add up.")
    )
    return replace(result, findings=kept, words=(words,))


@years_read
def position(
    book: str | Path | Position,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
    *,
    strict: bool = False,
    regime: str | None = None,
) -> Result:
    """Question 2, where are we: surplus, control total, gap, underlying and cash at every level.

    The rules that bind each body stand beside them. `strict` leaves out what rests on parameters
    that nobody has verified; `regime` asks what `system` or `body` balance would say in any year.
    """
    from controltotal.accounts.statement import answer_position
    from controltotal.core.result import Answer
    from controltotal.rules.answer import answer_rules
    from controltotal.workings.totals import Totals

    reading = _asked(read(book, as_at), year, organisation)
    totals = Totals(reading)
    found = answer_position(reading, year, organisation, totals)
    refusing = {"strict": True} if strict else {}
    options = {**found.options, **refusing, **({"regime": regime} if regime else {})}
    answer = Answer("position", reading.ref, options)
    answer.include(found)
    answer.include(
        answer_rules(reading, year, organisation, strict=strict, regime=regime or "", totals=totals)
    )
    answer.add_findings(_found(reading, year, organisation).findings)
    return answer.result()


def _whole_year(reading: Position, year: str | None) -> str:
    """The year asked for, else the book's own; a half or none at all is refused."""
    from controltotal.core.calendar import CalendarError, parse_year
    from controltotal.core.errors import BookError

    try:
        return parse_year(year or reading.default_year)
    except CalendarError as error:
        raise BookError(
            f"no year to answer for: {year}" if year else "the book names no year",
            reading.ref.name,
            "give a whole financial year, such as 2026/27",
        ) from error


@years_read
def forecast(
    book: str | Path | Position,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 3, where are we heading: the outturn by every method that applies, reconciled."""
    from controltotal.outlook.outturn import answer_forecast
    from controltotal.workings.totals import Totals

    reading = _asked(read(book, as_at), year, organisation)
    return answer_forecast(Totals(reading), _whole_year(reading, year), organisation)


def calibrate(
    book: str | Path | Position | None = None, as_at: str | int | date | None = None
) -> Result:
    """How wide honest intervals are: the public record, and a book's own past schemes."""
    from controltotal.outlook.calibrate import answer_calibrate
    from controltotal.workings.totals import Totals

    return answer_calibrate(None if book is None else Totals(read(book, as_at)))


@years_read
def risk(
    book: str | Path | Position,
    draws: int = 10_000,
    seed: int = 1,
    threads: int | None = None,
    independent: bool = False,
    pipeline: bool = False,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
    distribution: str = "pert",
    tell: Callable[[int, int], None] | None = None,
) -> Result:
    """Question 7, will it deliver: the distribution at every node, chances, and what drives it.

    `tell(done, draws)` is called as the draws go on.
    """
    from controltotal.outlook.candidates import candidates
    from controltotal.outlook.delivery import RiskOptions, answer_risk
    from controltotal.programme.eligibility import eligible
    from controltotal.workings.totals import Totals

    reading = _asked(read(book, as_at), year, organisation)
    good, bad = eligible(reading)
    options = RiskOptions(
        _whole_year(reading, year),
        year is None,
        organisation,
        draws,
        seed,
        threads,
        independent,
        pipeline,
        distribution,
    )
    return answer_risk(Totals(reading), candidates(good, bad, pipeline=pipeline), options, tell)


@years_read
def trajectory(
    book: str | Path | Position,
    years: int = 3,
    start: str | None = None,
    to: str | None = None,
    organisation: str | None = None,
    year: str | None = None,
    saving: int | None = None,
    non_recurrent: Fraction = Fraction(0),
    as_at: str | int | date | None = None,
) -> Result:
    """Question 4, how long to clear it: the gap year by year and the saving needed each year."""
    from controltotal.outlook.trajectory import answer_trajectory

    return answer_trajectory(
        _asked(read(book, as_at), start, organisation),
        years=years,
        start=start,
        to=to,
        organisation=organisation,
        year=year,
        saving=saving,
        non_recurrent=non_recurrent,
    )


@years_read
def share(
    book: str | Path | Position,
    gap: int | str | None = None,
    givers: Sequence[str] = (),
    to: str = "",
    policy: str = "all",
    repay_years: int | None = None,
    pot: bool = False,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 8, who pays and is it fair: a gap under named policies, or what transfers owe.

    `gap` is in pence, or text such as "£25m"; `givers` and `to` are codes.
    """
    from controltotal.core.money import parse_money
    from controltotal.sharing.answer import answer_share
    from controltotal.sharing.book import opportunity_left

    reading = _asked(read(book, as_at), year, organisation)
    pence = parse_money(gap) if isinstance(gap, str) else gap
    left: dict[str, int] = {}
    asked = policy in ("", "all") or "rapid" in policy or "opportunity" in policy
    if pence is not None and asked and reading.book.opportunities:
        one = year or reading.default_year
        left = opportunity_left(reading, one, opportunities(reading, year=one))
    return answer_share(
        reading,
        pence,
        givers=givers,
        receiver=to,
        policy=policy,
        repay_years=repay_years,
        pot=pot,
        year=year,
        organisation=organisation,
        opportunities=left,
    )


@years_read
def portfolio(
    book: str | Path | Position,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
    *,
    years: int = 1,
    objectives: Sequence[str] = (),
    gap: float = 0.01,
    fairness: Fraction | None = None,
) -> Result:
    """Question 6, which schemes, safely: the best eligible schemes and starts, with a certificate.

    `objectives` in their stated order; `gap` is what a large book may leave unproved; `fairness`
    how far above its fair share of the savings a body may go.
    """
    from controltotal.savings.portfolio.answer import DEFAULT_OBJECTIVES, answer_portfolio

    return answer_portfolio(
        _asked(read(book, as_at), year, organisation),
        year,
        organisation,
        years=years,
        objectives=tuple(objectives) or DEFAULT_OBJECTIVES,
        gap=gap,
        fairness=fairness,
    )


def portfolios(
    book: str | Path | Position,
    choices: Mapping[str, Sequence[str]],
    year: str | None = None,
    organisation: str | None = None,
    *,
    years: int = 1,
) -> Result:
    """Portfolios of one book side by side: `choices` names the objectives of each, in order."""
    from controltotal.savings.portfolio.keep import compare_portfolios

    reading = read(book)
    return compare_portfolios(
        {
            name: portfolio(reading, year, organisation, years=years, objectives=objectives)
            for name, objectives in choices.items()
        }
    )


@years_read
def opportunities(
    book: str | Path | Position | None = None,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
    *,
    data: str | Path | None = None,
    areas: Sequence[str] = (),
    measures: Sequence[str] = (),
    period: str | None = None,
    benchmark: str | None = None,
) -> Result:
    """Question 5, what could be saved without counting twice: by a book's lists, by benchmarks.

    `data` is a folder of benchmark files; without it the packaged extract answers when areas,
    measures or a period are asked for.
    """
    from controltotal.savings.answer import answer_opportunities

    reading = None if book is None else _asked(read(book, as_at), None, organisation)
    return answer_opportunities(
        reading,
        year,
        organisation,
        data=data,
        areas=areas,
        measures=measures,
        period=period,
        benchmark=benchmark,
    )


@years_read
def decide(
    book: str | Path | Position,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 9, who decides and who is bound: outcome, dissent and exact voting power."""
    from controltotal.governance.answer import answer_decide

    return answer_decide(_asked(read(book, as_at), None, organisation), year, organisation)


@years_read
def boundaries(
    book: str | Path | Position | None = None,
    vintage: str = "2021",
    threshold: float = 0.02,
    year: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 9, who sits where: systems against upper-tier authorities, and money by place."""
    from controltotal.governance.answer_boundaries import answer_boundaries

    reading = None if book is None else read(book, as_at)
    return answer_boundaries(reading, vintage, threshold, year)
