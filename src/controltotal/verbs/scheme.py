"""`controltotal scheme …`: one page of the scheme register each, as functions of the same names.

>>> from controltotal import scheme
>>> scheme.show("examples/fictional-system", "ICB-01").tables["schemes"][0]["scheme"]
'ICB-01'
"""

from __future__ import annotations

from dataclasses import replace

from controltotal.core.progress import Progress
from controltotal.core.result import Result
from controltotal.verbs.long import long
from controltotal.verbs.one_scheme import of_one
from controltotal.verbs.opening import Book, Moment
from controltotal.verbs.standing import schemes


@long
def list_(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """Every scheme: typed and supported maturity, gate, money (pence), whether it counts, why not.

    Beside it, each scheme by month and to date: planned, actual, forecast.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    pages = ("schemes", "schemes_not_counted", "delivery", "delivery_to_date")
    return _page(pages, book, year, organisation, as_at, book_only)


@long
def quality(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """The quality register: scores, signatures, overdue reviews, lapsed, rejected, harm together.

    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    return _page(("quality", "quality_domains", "harm"), book, year, organisation, as_at, book_only)


@long
def gates(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """The gate each scheme has reached, when it went back, and what the next gate asks for.

    Options under the Capped Expenditure Process stand first, each through its four tests in order.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    pages = ("option_tests", "gates", "milestones", "dependencies")
    return _page(pages, book, year, organisation, as_at, book_only)


@long
def engagement(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """Who is involved in which change, when, and whether before the decision.

    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    return _page(("engagement",), book, year, organisation, as_at, book_only)


@long
def phasing(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """Plan, actual and forecast of each body's schemes by month, and of each scheme to date, in pence.

    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    return _page(("phasing", "delivery_to_date"), book, year, organisation, as_at, book_only)


@long
def show(
    book: Book,
    scheme: str,
    year: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """One scheme: what it is, whether it counts, who signed, who is heard, what it brings.

    `scheme` is its identifier; one that the book does not have is a `BookError` that names the
    nearest.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    return of_one(schemes(book, year, None, as_at, book_only), scheme)


def _page(
    kept: tuple[str, ...],
    book: Book,
    year: str | None,
    organisation: str | None,
    as_at: Moment,
    book_only: bool,
) -> Result:
    """The answer about schemes with the tables of one page."""
    found = schemes(book, year, organisation, as_at, book_only)
    return replace(found, tables={name: found.tables.get(name, ()) for name in kept})
