"""Who pays, who decides and who sits where: questions 8 and 9."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from controltotal.core.progress import Progress
from controltotal.core.result import Result
from controltotal.governance.answer import answer_decide
from controltotal.governance.answer_boundaries import answer_boundaries
from controltotal.savings.answer import opportunity_shown
from controltotal.sharing.answer import Request, answer_share, payers_of
from controltotal.sharing.book import opportunity_left
from controltotal.sharing.occasion import Occasion
from controltotal.verbs.asking import codes_read
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, Moment, code_of, named, opened, years_read
from controltotal.verbs.saving import opportunities
from controltotal.workings.workings import Workings


@long
@years_read
def share(
    book: Book,
    gap: int | str | None = None,
    from_: str | Sequence[str] = (),
    to: str | None = None,
    policy: str = "all",
    repay_years: int | None = None,
    pot: bool = False,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    no_spare: bool = False,
    benchmarks: str | None = None,
    *,
    progress: Progress | None = None,
) -> Result:
    """Question 8, who pays and is it fair: a gap under named policies, or what transfers owe.

    `gap` is the sum to divide: whole pence, or text such as `"£25m"`; without it the Result holds
    what every transfer still owes. `from_` are the codes of those who pay (a list, or text with
    commas), `to` the code of the body that receives; `policy` is `all`, names with commas, or
    `formula: …`. `repay_years` is the term over which it is paid back; `pot` lets all bodies below
    share one pot. Bodies in special measures bear nothing, and it is said, unless `no_spare`.
    `benchmarks` is a period (`2016/17`, `2025`): rapid savings then rest on what benchmark data show
    of the payers, where the book lists no opportunities.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds `share/ORG/YEAR/plan/POLICY` in pence (positive: what the payer bears), exact
    to the penny, with repayments, share a head (pounds) and `equity_index`. A policy that lacks
    what it needs has the value None and a finding.

    >>> result = share("examples/east-of-england-2019", "£25m", to="QUE")
    >>> result.verb
    'share'
    """
    workings = opened(book, as_at, year, organisation, book_only)
    organisation = code_of(workings.position, organisation)
    request = Request(
        year=year or "",
        givers=codes_read(from_),
        receiver=to or "",
        policy=policy,
        repay_years=repay_years,
        pot=pot,
        organisation=organisation or "",
        spare=not no_spare,
        benchmarks=benchmarks or "",
    )
    left = {} if gap is None else _opportunities(workings, request)
    found = answer_share(workings, gap, request, opportunities=left)
    return named(found, workings)


def share_of_book(workings: Workings, found: Occasion, year: str) -> Result:
    """The gap that a book itself has to share, under every policy: its shares rest on its entries."""
    workings = opened(workings, None, year, found.organisation or None)
    request = Request(
        year=year,
        givers=found.givers,
        receiver=found.receiver,
        pot=found.pot,
        organisation=found.organisation,
        entries=found.entries,
        figures=found.figures,
    )
    left = _opportunities(workings, request)
    return named(answer_share(workings, found.gap, request, opportunities=left), workings)


def _opportunities(workings: Workings, request: Request) -> dict[str, int]:
    """Opportunity of each body not yet in its plan: by the benchmarks asked for, else the book's."""
    position, policy = workings.position, request.policy
    year = request.year or position.default_year
    if policy not in ("", "all") and "rapid" not in policy and "opportunity" not in policy:
        return {}
    if request.benchmarks:
        asked = payers_of(position, replace(request, year=year))
        codes = (*asked, *((request.receiver,) if request.receiver else ()))
        shown = opportunities(areas=codes, measures="pounds", period=request.benchmarks)
        return opportunity_shown(codes, shown)
    if not position.book.opportunities:
        return {}
    return opportunity_left(position, year, opportunities(workings, year=year))


@long
@years_read
def decide(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """Question 9, who decides and who is bound: outcome, dissent and exact voting power.

    `year` narrows to decisions of a financial year, `organisation` to those of one body.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds votes for and against (weights), Banzhaf and Shapley-Shubik power (shares that
    sum to 1), and the tables `votes` and `bound`.

    >>> decide("examples/fictional-system").verb
    'decide'
    """
    workings = opened(book, as_at, None, organisation, book_only)
    organisation = code_of(workings.position, organisation)
    return named(answer_decide(workings, year, organisation), workings)


@long
@years_read
def boundaries(
    book: Book | None = None,
    vintage: str = "2021",
    threshold: float = 0.02,
    year: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """Question 9, who sits where: systems against upper-tier authorities, and money by place.

    `vintage` is the year of the boundaries: `2020`, `2021`, `2022` or `2024`; `threshold` the share
    of an authority's people from which a split counts. With a `book`, its money is laid on places.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds counts of breaches and the people on the wrong side of each.

    >>> boundaries(vintage="2021").verb
    'boundaries'
    """
    workings = None if book is None else opened(book, as_at, book_only=book_only)
    found = answer_boundaries(workings, vintage, threshold, year)
    return found if workings is None else named(found, workings)
