"""`controltotal scheme …`: one page of the scheme register each, as functions of the same names.

>>> from controltotal import scheme
>>> scheme.show("examples/fictional-system", "ICB-01").tables["schemes"][0]["scheme"]
'ICB-01'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from controltotal.core.errors import BookError
from controltotal.core.money import format_money
from controltotal.core.progress import Progress
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, Moment
from controltotal.verbs.standing import schemes

OF_ONE = (
    "schemes",
    "delivery",
    "delivery_to_date",
    "quality",
    "quality_domains",
    "engagement",
    "gates",
    "dependencies",
    "milestones",
)


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
    result = schemes(book, year, None, as_at, book_only)
    tables = {
        name: [row for row in result.tables.get(name, ()) if row["scheme"] == scheme]
        for name in OF_ONE
    }
    if not tables["schemes"]:
        known = [row["scheme"] for row in result.tables.get("schemes", ())]
        near = get_close_matches(scheme, known, n=1)
        action = f"did you mean {near[0]}?" if near else "list them with `controltotal scheme list`"
        raise BookError(f"there is no scheme {scheme}", result.book.name, action)
    figures = tuple(f for f in result.figures if f.part == scheme)
    row = tables["schemes"][0]
    year = str(result.options.get("year", ""))
    return replace(
        result,
        figures=figures,
        tables=tables,
        trace={f.id: result.trace[f.id] for f in figures},
        sentences=(Sentence(row["organisation"], year, "schemes", _sentence(row)),),
        options={**result.options, "scheme": scheme},
    )


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


def _sentence(row: Mapping[str, Any]) -> str:
    counts = "counts" if row["counted"] else f"does not count: {row['reason']}"
    worth = "" if row["worth"] == "its own body saves it" else f" {row['worth'].capitalize()}."
    return (
        f"{row['scheme']}, {row['title']} ({row['organisation']}), {counts}. In a full year it is "
        f"put at £{format_money(row['full_year_pence'])} million.{worth}"
    )
