"""`controltotal import FILE --into BOOK`, and what published money answers: challenge and history."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from controltotal import verbs
from controltotal.app.shared_options import (
    AsAt,
    Book,
    BookOnly,
    Detail,
    Json,
    Organisation,
    Output,
    Overwrite,
    Sort,
    Unit,
    Year,
    answer,
    looked_at,
    written,
)
from controltotal.app.show import said
from controltotal.core.legible import one_line

if TYPE_CHECKING:
    pass


def import_table(
    file: Annotated[str, typer.Argument(help="A published table, .csv or .csv.gz.")],
    into: Annotated[str, typer.Option("--into", help="The book that takes it.")],
    accepted_by: Annotated[
        str,
        typer.Option("--accepted-by", help="Who accepts a total that disagrees with its rows."),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be added, and add nothing.")
    ] = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """A published table into a book, once, each row with its source."""
    answer(
        "import",
        lambda: verbs.import_(file, into, accepted_by, dry_run),
        json,
        written(output, overwrite, into, file),
    )


def challenge(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Is a control total fair, is it achievable? The figures that bear on it, with sources.

    With --output NAME.html and a body, the answer is a page of its own.
    """
    if output and output.lower().endswith(".html"):
        page = output
        answer(
            "challenge",
            lambda: verbs.challenge_page(
                book, page, organisation, year, as_at, overwrite, book_only
            ),
            False,
            None,
            lambda found: f"wrote {one_line(page)}\n{said(found)}",
        )
    answer(
        "challenge",
        lambda: verbs.challenge(book, year, organisation, as_at, book_only),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit, sort),
    )


def history(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    book_only: BookOnly = False,
    key: Annotated[
        str | None,
        typer.Option(
            "--key", help="Of one row instead, such as schemes/ALD-01: every change of it."
        ),
    ] = None,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """What does a body inherit? Money, balances and people of those it follows, by shares."""
    run = partial(verbs.history, book, year, organisation, as_at, book_only, key)
    answer(
        "history", run, json, written(output, overwrite, book), look=looked_at(detail, unit, sort)
    )
