"""The board pack: every question that a paper shows, asked about its body, and written as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from controltotal.core.errors import BookError
from controltotal.core.files import check_target, write_file
from controltotal.core.period import is_whole_year
from controltotal.core.places import areas, vintage_for
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.papers.board import board_paper
from controltotal.papers.pack import board_pack
from controltotal.papers.page import page_html
from controltotal.papers.paper import Paper, Written
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.workbook import paper_workbook
from controltotal.sharing.occasion import occasion
from controltotal.verbs.agreeing import boundaries, decide, share
from controltotal.verbs.challenging import challenge
from controltotal.verbs.choosing import portfolio
from controltotal.verbs.forecasting import calibrate, forecast, risk
from controltotal.verbs.opening import Book, Moment, code_of, opened, years_read
from controltotal.verbs.saving import opportunities
from controltotal.verbs.standing import check, history, position, register, schemes, trajectory
from controltotal.workings.workings import Workings

Makers = Mapping[str, Callable[[], Result]]
"""By verb: how the answer that a pack shows is made."""

FORMS: Final[Mapping[str, Callable[[Paper], Written]]] = {
    ".html": lambda paper: Written(page_html(paper).encode()),
    ".pdf": paper_pdf,
    ".xlsx": paper_workbook,
}
"""By the ending of a file: how a paper is written in that form."""

Tell = Callable[[str], None]
"""Called with the name of a verb before it answers, so that long work can be shown."""


@years_read
def pack_results(
    book: Book,
    year: str | None = None,
    tell: Tell | None = None,
    organisation: str | None = None,
    late: str | None = None,
    book_only: bool = False,
) -> dict[str, Result]:
    """Every answer that a pack is made from, by verb; `tell(verb)` is called before each.

    With an `organisation` each verb is asked about that body and those below it, so that the paper
    of one body costs that body. What is one whole for everybody is asked whole: the choice of a
    portfolio, which shares limits, who owes whom, and who follows whom. `late` is handed to every
    verb that reads a month.
    `book_only` takes nothing from the packaged published tables.
    """
    workings = opened(book, None, year, organisation, book_only)
    organisation = code_of(workings.position, organisation)
    chosen = year or workings.position.default_year or None
    makers = {
        **_standing(workings, chosen, organisation, late),
        **_ahead(workings, chosen, organisation, later_years=year is None, late=late),
        **governing(workings, chosen),
    }
    results: dict[str, Result] = {}
    for verb, make in makers.items():
        if tell is not None:
            tell(verb)
        results[verb] = make()
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
    if found is not None:
        makers["sharing"] = lambda: share(
            workings,
            found.gap,
            found.givers,
            found.receiver,
            pot=found.pot,
            year=year,
            organisation=found.organisation or None,
        )
    if reading.book.decisions:
        makers["decide"] = lambda: decide(workings)
    vintage = vintage_for(year) if year else "2021"
    if set(reading.tree.organisations) & set(areas(vintage).codes["system"]):
        makers["boundaries"] = lambda: boundaries(workings, vintage=vintage, year=year)
    return makers


@years_read
def report(
    book: Book,
    output: str | Path,
    organisation: str | None = None,
    year: str | None = None,
    as_at: Moment = None,
    tell: Tell | None = None,
    overwrite: bool = False,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    full: bool = False,
) -> Result:
    """The board paper, as one self-contained page, an accessible PDF or a workbook.

    `output` ends in `.html`, `.pdf` or `.xlsx`; another ending is a `BookError`. `organisation` is
    the code of the body that the paper is for (else the system with most to show), `year` its
    financial year. `tell(verb)` is called before each question is answered. A file that is there is
    replaced only with `overwrite`, and a file of the book never is.
    `month` (such as `M6`) makes the paper of that month: every answer in it leaves out the actuals
    after it and takes the forecast known by the end of the month that follows; its notices say so.
    `late` says what is done about a body that has not reported, as in `position`; the notices say
    what stands in, and who chose it.
    `book_only` takes nothing from the packaged published tables. `full` writes the whole pack:
    every organisation, scheme and rule, with the trace of each figure.

    The Result is that of `check`, so that errors are told beside the paper, and says what the
    form of the paper could not carry.

    >>> from tempfile import mkdtemp
    >>> report("examples/nene-2013", f"{mkdtemp()}/pack.html").has_errors
    False
    """
    workings = opened(book, as_at, year, organisation, book_only, month)
    organisation = code_of(workings.position, organisation)
    target = Path(output)
    form = target.suffix.lower()
    if form not in FORMS:
        raise BookError(
            f"a pack cannot be written as {form or 'a file without an ending'}",
            str(output),
            "name a file that ends in .html, .pdf or .xlsx",
        )
    places = (workings.position.place,)
    check_target(target, places, overwrite=overwrite)
    results = pack_results(workings, year, tell, organisation, late=late)
    if tell is not None:
        tell("writing")
    pack = (board_pack if full else board_paper)(results, organisation)
    made = FORMS[form](pack)
    write_file(target, made.data, places, overwrite=overwrite)
    found = results["check"]
    told = tuple(Sentence("", "", "made", text) for text in made.told)
    checked = tuple(one for one in found.sentences if one.topic == "check")
    return replace(found, sentences=(*checked, *told))
