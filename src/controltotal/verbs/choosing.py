"""Which schemes, safely: question 6, and two choices side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from controltotal.core.progress import Progress
from controltotal.core.result import Result
from controltotal.savings.portfolio.answer import DEFAULT_OBJECTIVES, answer_portfolio
from controltotal.savings.portfolio.keep import compare_portfolios
from controltotal.verbs.asking import YEARS_MOST, codes_read, refuse_outside
from controltotal.verbs.late_bodies import AGAINST_TOTALS, untouched
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, Moment, code_of, named, opened, years_read
from controltotal.workings.workings import Workings


@long
@years_read
def portfolio(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    *,
    years: int = 1,
    objectives: str | Sequence[str] = (),
    gap: float = 0.01,
    fairness: Fraction | float | None = None,
    against: str | Sequence[str] | None = None,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Question 6, which schemes, safely: the best eligible schemes and starts, with a certificate.

    `years` are planned together from `year` (else the book's own). `objectives` stand in their
    order, as a list or as text with commas: `recurrent_saving`, `saving`, `least_harm`,
    `fewest_schemes`, `earliest_balance`. `gap` is the share of the best value that a large book
    may leave unproved; `fairness` how far above its fair share of the savings a body may go (0.25:
    a quarter). `against` names other objectives, to see the two choices side by side.
    `month` (such as `M6`) leaves out the actuals after it and takes the forecast known by the end
    of the month that follows; with `as_at` both hold.
    `late` is taken as `position` takes it and named in the answer; a choice is set
    against control totals, which nothing that stands in ever sees.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds `portfolio_saving`, `shortfall` and `portfolio_bound` in pence, and the table
    `schemes`: every scheme of the book, chosen with its start or left out with its reason. A scheme
    without its passed gates is never chosen.

    >>> chosen = portfolio("examples/fictional-system")
    >>> all(row["eligible"] for row in chosen.tables["schemes"] if row["chosen"])
    True
    """
    refuse_outside("--years", years, 1, YEARS_MOST)
    workings = opened(book, as_at, year, organisation, book_only, month)
    organisation = code_of(workings.position, organisation)
    if against is not None:
        both = (codes_read(objectives), codes_read(against))
        choices = {",".join(one) or "as usual": one for one in both}
        two = _side_by_side(workings, choices, year, organisation, years, gap, fairness)
        return untouched(two, late, AGAINST_TOTALS)
    found = answer_portfolio(
        workings,
        year,
        organisation,
        years=years,
        objectives=codes_read(objectives) or DEFAULT_OBJECTIVES,
        gap=gap,
        fairness=None if fairness is None else Fraction(str(fairness)),
    )
    return named(untouched(found, late, AGAINST_TOTALS), workings)


@long
@years_read
def portfolios(
    book: Book,
    choices: Mapping[str, Sequence[str]],
    year: str | None = None,
    organisation: str | None = None,
    *,
    years: int = 1,
    gap: float = 0.01,
    fairness: Fraction | float | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Portfolios of one book side by side: `choices` names the objectives of each, in order.

    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    workings = opened(book, None, None, organisation, book_only)
    organisation = code_of(workings.position, organisation)
    return _side_by_side(workings, choices, year, organisation, years, gap, fairness)


def _side_by_side(
    workings: Workings,
    choices: Mapping[str, Sequence[str]],
    year: str | None,
    organisation: str | None,
    years: int,
    gap: float,
    fairness: Fraction | float | None,
) -> Result:
    found = compare_portfolios(
        {
            name: portfolio(
                workings,
                year,
                organisation,
                years=years,
                objectives=objectives,
                gap=gap,
                fairness=fairness,
            )
            for name, objectives in choices.items()
        }
    )
    return named(found, workings)
