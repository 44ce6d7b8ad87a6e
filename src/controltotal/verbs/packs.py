"""Every question that a paper shows, asked about the body that it is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from controltotal.core.period import is_whole_year
from controltotal.core.places import names, vintage_for
from controltotal.core.progress import Progress, parts
from controltotal.core.result import Result
from controltotal.sharing.occasion import occasion
from controltotal.verbs.agreeing import boundaries, decide, share, share_of_book
from controltotal.verbs.challenging import challenge
from controltotal.verbs.choosing import portfolio
from controltotal.verbs.forecasting import calibrate, forecast, risk
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, code_of, opened, years_read
from controltotal.verbs.saving import opportunities
from controltotal.verbs.standing import check, history, position, register, schemes, trajectory
from controltotal.verbs.wording import wording
from controltotal.workings.workings import Workings

Makers = Mapping[str, Callable[[], Result]]
"""By verb: how the answer that a pack shows is made."""


@long
@years_read
def pack_results(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    *,
    progress: Progress | None = None,
) -> dict[str, Result]:
    """Every answer that a pack is made from, by verb.

    With an `organisation` each verb is asked about that body and those below it, so that the paper
    of one body costs that body. What is one whole for everybody is asked whole: the choice of a
    portfolio, which shares limits, who owes whom, and who follows whom. `late` is handed to every
    verb that reads a month.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    workings = opened(book, None, year, organisation, book_only)
    organisation = code_of(workings.position, organisation)
    chosen = year or workings.position.default_year or None
    makers: dict[str, Callable[[], Result]] = {
        **_standing(workings, chosen, organisation, late),
        **_ahead(workings, chosen, organisation, later_years=year is None, late=late),
        **governing(workings, chosen),
    }
    results: dict[str, Result] = {}
    makers["wording"] = lambda: wording(workings, chosen, organisation, late, results)
    for verb in parts(makers, str):
        results[verb] = makers[verb]()
    return results


def _standing(
    workings: Workings, year: str | None, organisation: str | None, late: str | None
) -> Makers:
    """Where the book stands."""
    said = workings.position.book
    makers: dict[str, Callable[[], Result]] = {
        "position": lambda: position(workings, organisation=organisation, late=late),
        "check": lambda: check(workings, organisation=organisation, late=late),
        "trajectory": lambda: trajectory(workings, organisation=organisation, late=late),
        "register": lambda: register(workings, year),
    }
    if said.schemes:
        makers["schemes"] = lambda: schemes(workings, year, organisation)
    if said.transfers:
        makers["share"] = lambda: share(workings)
    if said.control_totals or said.challenges:
        makers["challenge"] = lambda: challenge(workings, year, organisation)
    if said.successions:
        makers["history"] = lambda: history(workings)
    return makers


def _ahead(
    workings: Workings,
    year: str | None,
    organisation: str | None,
    *,
    later_years: bool,
    late: str | None,
) -> Makers:
    """Where it is heading, and what could be chosen."""
    said = workings.position.book
    makers: dict[str, Callable[[], Result]] = {"calibrate": lambda: calibrate(workings)}
    if year:
        makers["forecast"] = lambda: forecast(workings, year, organisation, late=late)
    if year and (said.schemes or said.risks):
        asked = None if later_years else year
        makers["risk"] = lambda: risk(workings, year=asked, organisation=organisation, late=late)
    if said.schemes and year and is_whole_year(year):
        makers["portfolio"] = lambda: portfolio(workings, year, late=late)
    if said.opportunities:
        makers["opportunities"] = lambda: opportunities(workings)
    return makers


def governing(workings: Workings, year: str | None) -> Makers:
    """Who pays, who decides and who sits where, for a book that has something to say on it."""
    reading = workings.position
    makers: dict[str, Callable[[], Result]] = {}
    found = occasion(workings, year) if year else None
    if found is not None and year:
        makers["sharing"] = lambda: share_of_book(workings, found, year)
    if reading.book.decisions:
        makers["decide"] = lambda: decide(workings)
    vintage = vintage_for(year) if year else "2021"
    if not names(vintage, "system").keys().isdisjoint(reading.tree.organisations):
        makers["boundaries"] = lambda: boundaries(workings, vintage=vintage, year=year)
    return makers
