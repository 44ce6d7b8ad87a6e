"""`controltotal import FILE… --into BOOK`, and what published money answers: challenge and history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from controltotal import verbs
from controltotal.app.import_dialogue import asked_on_screen, import_text
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
    from controltotal.core.result import Result


def import_table(
    file: Annotated[
        list[str],
        typer.Argument(help="Workbooks, CSV files, published tables, or folders of them."),
    ],
    into: Annotated[str, typer.Option("--into", help="The book that takes them.")],
    set: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--set", help="What the file does not say: organisation=RX1, year=2026/27 …"),
    ] = None,
    sheet: Annotated[str, typer.Option("--sheet", help="This sheet alone.")] = "",
    as_: Annotated[
        str, typer.Option("--as", help="What it is of: amounts, schemes, control_totals, risks …")
    ] = "",
    map: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--map", help="The mapping to read it by, a .toml file."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    accept: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--accept", help='Who accepts a difference, and why: "WHO: REASON".'),
    ] = None,
    include_hidden: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--include-hidden", help='Who reads hidden sheets, and why: "WHO: REASON".'),
    ] = None,
    on: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--on", help="The day on which it became known; else that of the file, or today."
        ),
    ] = None,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Anybody's workbook into a book: seen, mapped, reconciled to the penny, and committed."""

    def run(answers: Sequence[str]) -> Result:
        return verbs.import_(
            file,
            into,
            accept,
            dry_run,
            set=[*(set or ()), *answers],
            sheet=sheet,
            as_=as_,
            map=map,
            include_hidden=include_hidden,
            on=on,
        )

    answer(
        "import",
        lambda: asked_on_screen(run, talks=not (json or output or dry_run)),
        json,
        written(output, overwrite, into, *file),
        import_text,
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
