"""Is a control total fair, is it achievable: the figures that bear on it, and the page for a hearing."""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.core.errors import BookError
from controltotal.core.files import check_target, write_file
from controltotal.core.period import is_whole_year
from controltotal.core.progress import Progress
from controltotal.core.result import Result
from controltotal.papers.challenge_page import challenge_html
from controltotal.rules.challenge import answer_challenge
from controltotal.savings.portfolio.answer import chosen_savings
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, Moment, code_of, named, opened, years_read
from controltotal.verbs.standing import position, register
from controltotal.workings.workings import Workings


@long
@years_read
def challenge(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """Is a control total fair, is it achievable: the figures that bear on it, with their sources.

    `organisation` is the code of the body whose control total is challenged (else every body that
    has one), `year` the financial year.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds distance from fair share, the saving asked, what was delivered before, days of
    notice and the safe maximum of the schemes, each with where it stands, and two sentences that
    say no more than the figures do. What is not known is absent, never nil.

    >>> challenge("examples/nene-2013", organisation="04G").verb
    'challenge'
    """
    workings = opened(book, as_at, year, organisation, book_only)
    organisation = code_of(workings.position, organisation)
    found = answer_challenge(workings, year, organisation, safe=_safe(workings, year))
    return named(found, workings)


@long
@years_read
def challenge_page(
    book: Book,
    output: str,
    organisation: str | None = None,
    year: str | None = None,
    as_at: Moment = None,
    overwrite: bool = False,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """The answer to a challenge as a page of its own, written to `output`; gives the answer.

    A file that is there is replaced only with `overwrite`, and one of the book never is.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    if organisation is None:
        raise BookError("a page is of one body", "the command", "add --organisation with its code")
    workings = opened(book, as_at, None, organisation, book_only)
    organisation = code_of(workings.position, organisation) or ""
    places = (workings.position.place,)
    check_target(output, places, overwrite=overwrite)
    one = year or workings.position.default_year
    found = challenge(workings, one, organisation)
    results = {
        "challenge": found,
        "position": position(workings, one),
        "register": register(workings, one),
    }
    page = challenge_html(results, organisation, one)
    write_file(output, page.encode(), places, overwrite=overwrite)
    return found


def _safe(workings: Workings, year: str | None) -> Mapping[tuple[str, str], int]:
    """The most that eligible schemes save in the year, by body: what a portfolio chooses."""
    reading = workings.position
    one = year or reading.default_year
    if not reading.book.schemes or not one or not is_whole_year(one):
        return {}
    saved = chosen_savings(workings, one)
    return {(code, one): pence for code, pence in saved.items()}
