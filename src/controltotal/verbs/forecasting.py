"""Where the money is heading and how sure that is: the outturn, the spread, and past accuracy.

Questions 3 and 7. They load the engines that draw and fit, and the arrays under them.
"""

from __future__ import annotations

from controltotal.core.progress import Progress
from controltotal.core.result import Result
from controltotal.outlook.calibrate import answer_calibrate
from controltotal.outlook.candidates import candidates
from controltotal.outlook.delivery import RiskOptions, answer_risk
from controltotal.outlook.outturn import answer_forecast
from controltotal.outlook.shapes import DISTRIBUTIONS
from controltotal.verbs.asking import one_of, refuse_outside
from controltotal.verbs.late_bodies import with_late
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, Moment, code_of, named, opened, whole_year, years_read
from controltotal.workings.workings import Workings

DRAWS_MOST = 10_000_000
"""Most years that may be drawn: more would not fit in memory, and would say no more."""
SEED_MOST = 2**128
"""Seeds lie below this."""
TOLD_APART = ("quantiles", "fan", "steps", "cases")
"""Tables of `risk` that tell late bodies apart; the others stand beside a control total or are of
schemes."""


@long
@years_read
def forecast(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    *,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Question 3, where are we heading: the outturn by every method that applies, reconciled.

    `year` is a whole financial year (else the book's own), `organisation` a code: it and those
    below it.
    `month` (such as `M6`) leaves out the actuals after it and takes the forecast known by the end
    of the month that follows; with `as_at` both hold.
    `late` says what is done about a body that has not reported, as in `position`: what is made
    so carries `stand_in` and is set beside no control total.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds `outturn/ORG/YEAR/forecast/METHOD` in pence with `low` and `high`, run rates,
    and what each method missed by when it was tested on months already known. A half year is a
    `BookError`.

    >>> forecast("examples/nene-2013").options["year"]
    '2013-14'
    """
    workings = opened(book, as_at, year, organisation, book_only, month)
    organisation = code_of(workings.position, organisation)
    whole = whole_year(workings.position, year)

    def ask(papers: Workings) -> Result:
        return answer_forecast(papers, whole, organisation)

    return named(with_late(workings, whole, late, ask, "activity"), workings)


@long
@years_read
def calibrate(
    book: Book | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """How far off plans are: the public record, and a book's own past schemes.

    Without a `book` the public record alone answers. The Result holds rates of delivery (shares,
    0 to 1), how often intervals held what happened, and how many cases that rests on.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    >>> calibrate().verb
    'calibrate'
    """
    if book is None:
        return answer_calibrate(None)
    workings = opened(book, as_at, book_only=book_only)
    return named(answer_calibrate(workings), workings)


@long
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
    as_at: Moment = None,
    distribution: str = "pert",
    *,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Question 7, will it deliver: the distribution at every level, chances, and what drives it.

    `draws` is how many years are drawn; equal `seed`s give equal bytes on any number of `threads`.
    `independent` lets schemes vary each for itself; `pipeline` asks what if those not yet assessed
    delivered too. `distribution` of a scheme's delivery is `pert` or `triangular`. `year` is a
    whole financial year (else the book's own), `organisation` a code: it and those below it.
    `tell(done, draws)` is called as the draws go on.
    `month` (such as `M6`) asks what was to be expected then: the record is to that month, and the
    forecast is the one known by the end of the month that follows; with `as_at` both hold.
    `late` says what is done about a body that has not reported, as in `position`: what is made
    so carries `stand_in` and is set beside no control total.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds mean, standard deviation, tenth, fiftieth and ninetieth percentile in pence,
    the chance of meeting each control total (0 to 1), and the tables `drivers` and `steps`.

    >>> risk("examples/nene-2013", draws=100).options["draws"]
    100
    """
    refuse_outside("--draws", draws, 1, DRAWS_MOST)
    refuse_outside("--seed", seed, 0, SEED_MOST)
    one_of("--distribution", distribution, tuple(DISTRIBUTIONS))
    workings = opened(book, as_at, year, organisation, book_only, month)
    organisation = code_of(workings.position, organisation)
    whole = whole_year(workings.position, year)
    options = RiskOptions(
        whole,
        year is None,
        organisation,
        draws,
        seed,
        threads,
        independent,
        pipeline,
        distribution,
    )

    def ask(papers: Workings) -> Result:
        good, bad = papers.judgements.eligible(), papers.judgements.ineligible()
        return answer_risk(papers, candidates(good, bad, pipeline=pipeline), options)

    return named(with_late(workings, whole, late, ask, *TOLD_APART), workings)
