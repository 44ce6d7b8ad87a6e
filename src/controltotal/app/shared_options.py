"""Options and arguments that many commands share, and how each runs its verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

from controltotal.app.show import Target, answer_text, deliver, terminal_text
from controltotal.papers.look import Look

if TYPE_CHECKING:
    from controltotal.core.result import Result

Book = Annotated[
    str, typer.Argument(help="A folder, an .xlsx workbook, or a ledger: sqlite:///PATH.")
]
Year = Annotated[Optional[str], typer.Option("--year", help="Financial year, such as 2019/20.")]  # noqa: UP045
Organisation = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--organisation", help="Code or name of a body: it and those below it."),
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
Detail = Annotated[
    bool, typer.Option("--detail", help="Show everything, not the first screen alone.")
]
Unit = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--unit", help="Show the table in £k or £m; else by its largest sum."),
]
Sort = Annotated[
    bool, typer.Option("--sort", help="Largest problem first among those under one body.")
]
Basis = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--basis", help="Show plan, forecast or actual alone."),
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
On = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--on", help="The day of the act, such as 2026-07-01; today where left out."),
]


def written(output: str | None, overwrite: bool, *books: str | None) -> Target | None:
    """Where an answer on these books is written; None is the screen."""
    return Target(output, overwrite, tuple(one for one in books if one)) if output else None


def looked_at(
    detail: bool,
    unit: str | None,
    sort: bool = False,
    basis: str | None = None,
) -> Callable[[], Look]:
    """How an answer is to be shown; what cannot be read is refused when the command runs."""
    return lambda: Look(detail, unit or "", sort, basis or "")


def answer(
    question: str,
    run: Callable[[], Result],
    as_json: bool,
    target: Target | None,
    shown: Callable[[Result], str] = terminal_text,
    look: Callable[[], Look] | None = None,
) -> NoReturn:
    """Run a verb, show its result, and leave with the right exit code.

    With a `look` it is the answer to a question, shown in brief or whole as its view says; else
    `shown` says what was done.
    """
    if look is None:
        raise typer.Exit(deliver(question, run, as_json, target, shown))
    seen = look

    def text(result: Result) -> str:
        return answer_text(result, seen())

    raise typer.Exit(deliver(question, run, as_json, target, text, lambda: seen().options))
