"""`controltotal import FILE --into BOOK`, and what published money answers: challenge and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from controltotal.app.shared_options import Book, Json, Ledger, On, Output, year_option

if TYPE_CHECKING:
    from controltotal.core.result import Result


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


def challenge(
    book: Book,
    year: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--year", help="Financial year, such as 2019/20."),
    ] = None,
    organisation: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--organisation", help="Code of the body whose control total is challenged."),
    ] = None,
    as_at: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--as-at", help="A ledger entry or a date: what was known then."),
    ] = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """Is a control total fair, is it achievable? The figures that bear on it, with sources.

    With --output NAME.html and a body, the answer is a page of its own.
    """
    from controltotal import verbs
    from controltotal.app.show import deliver

    if output and output.lower().endswith(".html"):
        _write_page(book, output, organisation, year_option(year), as_at)
        return
    raise typer.Exit(
        deliver(
            "challenge",
            lambda: verbs.challenge(verbs.read(book, as_at), year_option(year), organisation),
            json,
            output,
            _challenge_text,
        )
    )


def act_challenge(
    ledger: Ledger,
    organisation: Annotated[str, typer.Argument(help="Body whose control total is challenged.")],
    year: Annotated[str, typer.Option("--year", help="Financial year, such as 2019/20.")],
    grounds: Annotated[str, typer.Option("--grounds", help="Why it is challenged.")],
    by: Annotated[str, typer.Option("--by", help="Who challenges (a role or a name).")],
    on: On = None,
) -> None:
    """Record a challenge to a control total."""
    from controltotal.app.scheme_commands import _act, _today

    _act("challenge", ledger, organisation, year, grounds, by=by, on=_today(on))


def act_answer(
    ledger: Ledger,
    organisation: Annotated[str, typer.Argument(help="Body whose challenge is answered.")],
    answer: Annotated[str, typer.Option("--answer", help="The answer given.")],
    outcome: Annotated[str, typer.Option("--outcome", help="upheld, rejected or in part.")],
    by: Annotated[str, typer.Option("--by", help="Who answers (a role or a name).")],
    on: On = None,
) -> None:
    """Answer the open challenge of a body."""
    from controltotal.app.scheme_commands import _act, _today

    _act("answer", ledger, organisation, answer, outcome, by=by, on=_today(on))


def _write_page(
    book: str, output: str, organisation: str | None, year: str | None, as_at: str | None
) -> None:
    """The page of one body, and its two sentences."""
    from controltotal.core.errors import BookError
    from controltotal.verbs.evidence import challenge_page

    if organisation is None:
        raise BookError("a page is of one body", "the command", "add --organisation with its code")
    found = challenge_page(book, output, organisation, year, as_at)
    print(f"wrote {output}")
    for text in found.words:
        print(text)


def history(
    book: Book,
    year: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--year", help="Financial year, such as 2019/20."),
    ] = None,
    organisation: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--organisation", help="Code of the body that inherits."),
    ] = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """What does a body inherit? Money, balances and people of those it follows, by shares."""
    from controltotal import verbs
    from controltotal.app.show import deliver

    raise typer.Exit(
        deliver(
            "history",
            lambda: verbs.history(book, year_option(year), organisation),
            json,
            output,
        )
    )


def _challenge_text(result: Result) -> str:
    """The answer as text; its sentences stand at the head and not again in a table."""
    from dataclasses import replace

    from controltotal.app.show import terminal_text

    tables = {name: rows for name, rows in result.tables.items() if name != "sentences"}
    return terminal_text(replace(result, tables=tables))


def make_published(book: str, organisation: str | None, title: str) -> tuple[str, ...]:
    """A book of everything published of a commissioner, trust or system; what to say of it."""
    from controltotal.core.errors import BookError
    from controltotal.sources.published_books import new_published_book

    if not organisation:
        raise BookError(
            "--from published needs a body",
            "the command",
            "add --organisation with the code of a commissioner, trust or system, such as QMM",
        )
    name, rows = new_published_book(book, organisation, title)
    return (
        f"made {book}: {rows:,} rows published of {name}",
        f"See where it stands: controltotal position {book}",
    )
