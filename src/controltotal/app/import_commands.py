"""`controltotal import FILE --into BOOK`, and what published money answers: challenge and history."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

Book = Annotated[str, typer.Argument(help="A folder, an .xlsx workbook, or sqlite:///LEDGER.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Output = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--output", help="Write to this file instead of the screen."),
]


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
) -> None:
    """A published table into a book, once, each row with its source."""
    from controltotal.app.show import deliver
    from controltotal.sources.importing import import_file

    raise typer.Exit(
        deliver("import", lambda: import_file(file, into, accepted_by, dry_run), json, output)
    )


def make_published(book: str, organisation: str | None, title: str) -> None:
    """A book of everything published of a commissioner, trust or system."""
    from controltotal.core.errors import BookError
    from controltotal.sources.published_books import new_published_book

    if not organisation:
        raise BookError(
            "--from published needs a body", "the command",
            "add --organisation with the code of a commissioner, trust or system, such as QMM",
        )  # fmt: skip
    name, rows = new_published_book(book, organisation, title)
    print(f"made {book}: {rows:,} rows published of {name}")
    print(f"See where it stands: controltotal position {book}")
