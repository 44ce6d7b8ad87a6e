"""The command line: one command a question; words, then a table, or one JSON document.

Exit 0: done; 1: done, with findings of severity error; 2: could not be done (one line: what,
where, what to do). No traceback reaches a user. Heavy imports wait for their command.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any, Optional

import typer

app = typer.Typer(
    name="controltotal",
    help="The money of a health system: ten questions, every figure explained.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

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


def answer(question: str, run: Any, as_json: bool, output: str | None) -> None:
    """Run a verb, show its result, and leave with the right exit code."""
    from controltotal.app.show import deliver

    raise typer.Exit(deliver(question, run, as_json, output))


def year_option(text: str | None) -> str | None:
    """A year or half as typed, in its canonical form; refuses anything else in one line."""
    if text is None:
        return None
    from controltotal.core.calendar import CalendarError, parse_year_id
    from controltotal.sources.raw import BookError

    try:
        return parse_year_id(text)
    except CalendarError as error:
        raise BookError(
            f"--year reads {text!r}", "the command", f"give {error.expected}"
        ) from error


def _version(wanted: bool) -> None:
    if wanted:
        from controltotal import __version__

        print(f"controltotal {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The money of a health system: ten questions, every figure explained."""


@app.command()
def position(
    book: Book, year: Year = None, organisation: Organisation = None, as_at: AsAt = None,
    json: Json = False, output: Output = None,
) -> None:  # fmt: skip
    """Where are we? Surplus, control total, gap, underlying and cash at every level."""
    from controltotal import verbs

    answer(
        "position",
        lambda: verbs.position(verbs.read(book, as_at), year_option(year), organisation),
        json, output,
    )  # fmt: skip


def main() -> None:
    """The entry point: no traceback reaches a user."""
    from controltotal.app.failures import guarded

    sys.exit(guarded(app, os.environ))


if __name__ == "__main__":
    main()
