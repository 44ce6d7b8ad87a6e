"""Options and arguments that many commands share, and how each runs its verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

from controltotal.app.show import Target, deliver

if TYPE_CHECKING:
    from controltotal.core.result import Result

Book = Annotated[
    str, typer.Argument(help="A folder, an .xlsx workbook, or a ledger: sqlite:///PATH.")
]
Year = Annotated[Optional[str], typer.Option("--year", help="Financial year, such as 2019/20.")]  # noqa: UP045
Organisation = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--organisation", help="Code of a body: it and those below it."),
]
AsAt = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--as-at", help="A ledger entry or a date: what was known then."),
]
MonthTo = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--month", help="To this month, as it was reported: M6, September, Sep-26."),
]
LateBodies = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--late", help='Who has not reported: wait, "exclude: WHO" or "last: WHO" (who chose it).'
    ),
]
BookOnly = Annotated[
    bool,
    typer.Option("--book-only", help="Take nothing from the packaged published tables."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Output = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--output", help="Write to this file instead of the screen."),
]

Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace the file of --output if it is there.")
]

Ledger = Annotated[str, typer.Argument(help="The ledger: sqlite:///BOOK.ledger or postgresql://…")]
By = Annotated[str, typer.Option("--by", help="Who does it (a role or a name).")]
On = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--on", help="The day of the act, such as 2026-07-01; today where left out."),
]


def written(output: str | None, overwrite: bool, *books: str | None) -> Target | None:
    """Where an answer on these books is written; None is the screen."""
    return Target(output, overwrite, tuple(one for one in books if one)) if output else None


def answer(
    question: str,
    run: Callable[[], Result],
    as_json: bool,
    target: Target | None,
    shown: Callable[[Result], str] | None = None,
) -> NoReturn:
    """Run a verb, show its result (`shown`: as its own text), and leave with the right exit code."""
    raise typer.Exit(deliver(question, run, as_json, target, shown))
