"""The ten questions, one function each: they introduce the rooms to each other and hold no rule.

Every verb takes a `Position` (or the address of a book) and gives a `Result`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from controltotal.accounts.checks import findings
from controltotal.accounts.statement import answer_position
from controltotal.book.asking import years_asked
from controltotal.book.fold import Position, fold
from controltotal.core.result import Answer, Result
from controltotal.core.sentence import Sentence
from controltotal.outlook.trajectory import answer_trajectory
from controltotal.rules.answer import answer_rules, unknown_waivers
from controltotal.rules.reconcile import reconcile
from controltotal.sharing.owed import answer_owed
from controltotal.sources.books import read_book
from controltotal.verbs.asking import asked as _asked
from controltotal.verbs.asking import years_read
from controltotal.workings.workings import Workings

Book = str | Path | Position | Workings
"""What a verb may be asked about: the address of a book, a reading of it, or its working papers."""


def read(book: Book, as_at: str | int | date | None = None) -> Position:
    """The Position of a book in any form, as at an entry or a date (else as it stands)."""
    if isinstance(book, Workings):
        return book.position
    if isinstance(book, Position):
        return book
    return fold(read_book(book), as_at)


def opened(
    book: Book,
    as_at: str | int | date | None = None,
    year: str | None = None,
    organisation: str | None = None,
) -> Workings:
    """The working papers of a book that has the year and body asked for; given ones are kept."""
    workings = book if isinstance(book, Workings) else Workings(read(book, as_at))
    _asked(workings.position, year, organisation)
    return workings


@years_read
def check(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 1, does it add up: every finding of a book at once, and nothing else."""
    return _found(opened(book, as_at, year, organisation), year, organisation)


def _found(workings: Workings, year: str | None, organisation: str | None) -> Result:
    """The findings of a reading; made once, because `position` and the paper tell them too."""
    label = ("check", year, organisation)
    return workings.once(label, lambda: _findings(workings, year, organisation))


def _findings(workings: Workings, year: str | None, organisation: str | None) -> Result:
    reading = workings.position
    given = {"year": year, "organisation": organisation}
    answer = Answer("check", reading.ref, {k: v for k, v in given.items() if v})
    answer.add_findings(findings(workings, years_asked(reading, year)))
    answer.add_findings(reconcile(workings))
    answer.add_findings(unknown_waivers(reading))
    answer.add_findings(answer_trajectory(workings, organisation=organisation).findings)
    if reading.book.repayments:  # more repaid than owed, or owed after the term
        owed = Answer("share", reading.ref)
        answer_owed(owed, workings)
        told = owed.result().findings
        answer.add_findings(f for f in told if f.severity != "information")
    return _only(answer.result(), reading, year, organisation)


def _only(result: Result, reading: Position, year: str | None, organisation: str | None) -> Result:
    """A check asked for one body keeps the findings of that body, those below, and of no body."""
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
    text = (
        f"{reading.ref.name}: {errors} error{'s' if errors != 1 else ''} and {warnings} "
        f"warning{'s' if warnings != 1 else ''}."
        + ("" if kept else " Nothing was found that does not add up.")
    )
    sentence = Sentence(organisation or "", year or "", "check", text)
    return replace(result, findings=kept, sentences=(sentence,))


@years_read
def position(
    book: Book,
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
    workings = opened(book, as_at, year, organisation)
    found = answer_position(workings, year, organisation)
    refusing = {"strict": True} if strict else {}
    options = {**found.options, **refusing, **({"regime": regime} if regime else {})}
    answer = Answer("position", workings.position.ref, options)
    answer.include(found)
    answer.include(answer_rules(workings, year, organisation, strict=strict, regime=regime or ""))
    answer.add_findings(_found(workings, year, organisation).findings)
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
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 3, where are we heading: the outturn by every method that applies, reconciled."""
    from controltotal.outlook.outturn import answer_forecast

    workings = opened(book, as_at, year, organisation)
    return answer_forecast(workings, _whole_year(workings.position, year), organisation)


def calibrate(book: Book | None = None, as_at: str | int | date | None = None) -> Result:
    """How wide honest intervals are: the public record, and a book's own past schemes."""
    from controltotal.outlook.calibrate import answer_calibrate

    return answer_calibrate(None if book is None else opened(book, as_at))


@years_read
def risk(
    book: Book,
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

    workings = opened(book, as_at, year, organisation)
    reading = workings.position
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
    return answer_risk(workings, candidates(good, bad, pipeline=pipeline), options, tell)


@years_read
def trajectory(
    book: Book,
    years: int = 3,
    start: str | None = None,
    to: str | None = None,
    organisation: str | None = None,
    year: str | None = None,
    saving: int | str | None = None,
    non_recurrent: Fraction = Fraction(0),
    as_at: str | int | date | None = None,
) -> Result:
    """Question 4, how long to clear it: the gap year by year and the saving needed each year."""
    return answer_trajectory(
        opened(book, as_at, start, organisation),
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
    book: Book,
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

    `gap` is in pence, or text such as "£25m" (without a unit, in that of the book); `givers` and
    `to` are codes.
    """
    from controltotal.sharing.answer import answer_share
    from controltotal.sharing.book import opportunity_left

    workings = opened(book, as_at, year, organisation)
    reading = workings.position
    left: dict[str, int] = {}
    asked = policy in ("", "all") or "rapid" in policy or "opportunity" in policy
    if gap is not None and asked and reading.book.opportunities:
        one = year or reading.default_year
        left = opportunity_left(reading, one, opportunities(workings, year=one))
    return answer_share(
        workings,
        gap,
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
    book: Book,
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
        opened(book, as_at, year, organisation),
        year,
        organisation,
        years=years,
        objectives=tuple(objectives) or DEFAULT_OBJECTIVES,
        gap=gap,
        fairness=fairness,
    )


def portfolios(
    book: Book,
    choices: Mapping[str, Sequence[str]],
    year: str | None = None,
    organisation: str | None = None,
    *,
    years: int = 1,
) -> Result:
    """Portfolios of one book side by side: `choices` names the objectives of each, in order."""
    from controltotal.savings.portfolio.keep import compare_portfolios

    workings = opened(book)
    return compare_portfolios(
        {
            name: portfolio(workings, year, organisation, years=years, objectives=objectives)
            for name, objectives in choices.items()
        }
    )


@years_read
def opportunities(
    book: Book | None = None,
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

    workings = None if book is None else opened(book, as_at, None, organisation)
    return answer_opportunities(
        workings,
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
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 9, who decides and who is bound: outcome, dissent and exact voting power."""
    from controltotal.governance.answer import answer_decide

    return answer_decide(opened(book, as_at, None, organisation), year, organisation)


@years_read
def boundaries(
    book: Book | None = None,
    vintage: str = "2021",
    threshold: float = 0.02,
    year: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Question 9, who sits where: systems against upper-tier authorities, and money by place."""
    from controltotal.governance.answer_boundaries import answer_boundaries

    workings = None if book is None else opened(book, as_at)
    return answer_boundaries(workings, vintage, threshold, year)
