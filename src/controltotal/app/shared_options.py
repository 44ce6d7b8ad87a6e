"""Options and arguments that many commands share, and how each runs its verb."""

from __future__ import annotations

from typing import Annotated, Any, Optional

import typer

Book = Annotated[str, typer.Argument(help="A folder, an .xlsx workbook, or sqlite:///LEDGER.")]
Year = Annotated[Optional[str], typer.Option("--year", help="Financial year, such as 2019/20.")]  # noqa: UP045
Organisation = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--organisation", help="Code of a body: it and those below it."),
]
AsAt = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--as-at", help="A ledger entry or a date: what was known then."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Output = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--output", help="Write to this file instead of the screen."),
]

Ledger = Annotated[str, typer.Argument(help="The ledger: sqlite:///BOOK.ledger or postgresql://…")]
By = Annotated[str, typer.Option("--by", help="Who does it (a role or a name).")]
On = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--on", help="The day of the act, such as 2026-07-01; today where left out."),
]


def answer(question: str, run: Any, as_json: bool, output: str | None, shown: Any = None) -> None:
    """Run a verb, show its result, and leave with the right exit code."""
    from controltotal.app.show import deliver

    raise typer.Exit(deliver(question, run, as_json, output, shown))


def year_option(text: str | None) -> str | None:
    """A year or half as typed, in its canonical form; refuses anything else in one line."""
    if text is None:
        return None
    from controltotal.core.calendar import CalendarError, parse_year_id
    from controltotal.core.errors import BookError

    try:
        return parse_year_id(text)
    except CalendarError as error:
        raise BookError(
            f"--year reads {text!r}", "the command", f"give {error.expected}"
        ) from error
