"""The command line: one command a question; words, then a table, or one JSON document.

Exit 0: done; 1: done, with findings of severity error; 2: could not be done (one line: what,
where, what to do). No traceback reaches a user. Heavy imports wait for their command.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Annotated, Optional

import typer
from typer.main import get_command_name

from controltotal import verbs
from controltotal.app import (
    across_commands,
    governance_commands,
    import_commands,
    ledger_commands,
    service_commands,
)
from controltotal.app.failures import INTERRUPTED, guarded
from controltotal.app.interrupts import leave_at_once
from controltotal.app.opportunity_output import write_pages
from controltotal.app.scheme_commands import scheme_app
from controltotal.app.screen import say
from controltotal.app.shared_options import (
    AsAt,
    Basis,
    Book,
    BookOnly,
    Detail,
    Json,
    LateBodies,
    MonthTo,
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
from controltotal.app.show import Target
from controltotal.core.user_folder import drawings_kept
from controltotal.core.version import VERSION

if TYPE_CHECKING:
    from controltotal.core.result import Result

app = typer.Typer(
    name="controltotal",
    help="The money of a health system: ten questions, every figure explained.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"controltotal {VERSION}\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The money of a health system: ten questions, every figure explained."""


Years = Annotated[int, typer.Option("--years", min=1, max=30, help="Years to clear it in.")]


@app.command()
def check(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    month: MonthTo = None,
    late: LateBodies = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Does it add up? Every fault at once: where, expected, found, what to do."""
    answer(
        "check",
        lambda: verbs.check(
            book, year, organisation, as_at, month=month, late=late, book_only=book_only
        ),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit, sort),
    )


@app.command()
def position(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Refuse parameters that nobody has verified or adopted."),
    ] = False,
    regime: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--regime", help="What if: system (balance together) or body (each alone)."),
    ] = None,
    threshold: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--threshold",
            help="Capped expenditure, 2017/18: choose systems from this gap: 16%, £50m.",
        ),
    ] = None,
    number: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            "--number", min=1, help="Capped expenditure, 2017/18: choose so many systems."
        ),
    ] = None,
    month: MonthTo = None,
    late: LateBodies = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    basis: Basis = None,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Where are we? Surplus, control total, gap, underlying, cash, and the rules that bind."""
    answer(
        "position",
        lambda: verbs.position(
            book,
            year,
            organisation,
            as_at,
            strict=strict,
            regime=regime,
            threshold=threshold,
            number=number,
            month=month,
            late=late,
            book_only=book_only,
        ),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit, sort, basis),
    )


@app.command()
def forecast(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    month: MonthTo = None,
    late: LateBodies = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Where are we heading? The outturn by named methods, tested, beside the official forecast."""
    answer(
        "forecast",
        lambda: verbs.forecast(
            book, year, organisation, as_at, month=month, late=late, book_only=book_only
        ),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit, sort),
    )


@app.command()
def calibrate(
    book: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="A book whose own past schemes are fitted; may be left out."),
    ] = None,
    as_at: AsAt = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """How far off are plans? Public record and own past schemes: rates, coverage, reliability."""
    answer(
        "calibrate",
        lambda: verbs.calibrate(book, as_at, book_only),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit),
    )


@app.command()
def risk(
    book: Book,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Number of draws.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed: equal seeds, equal bytes.")] = 1,
    threads: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--threads", min=1, help="Threads (else all); no figure depends on them."),
    ] = None,
    independent: Annotated[
        bool,
        typer.Option(
            "--independent", help="Let each scheme vary by itself, without a shared cause."
        ),
    ] = False,
    pipeline: Annotated[
        bool, typer.Option("--pipeline", help="What if those not yet assessed delivered too.")
    ] = False,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    month: MonthTo = None,
    late: LateBodies = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Will it deliver? Mean, range and chance of every control total, and what drives the risk."""

    def run() -> Result:
        return verbs.risk(
            book,
            draws,
            seed,
            threads,
            independent,
            pipeline,
            year,
            organisation,
            as_at,
            month=month,
            late=late,
            book_only=book_only,
        )

    answer("risk", run, json, written(output, overwrite, book), look=looked_at(detail, unit, sort))


@app.command()
def trajectory(
    book: Book,
    years: Years = 3,
    start: Annotated[Optional[str], typer.Option("--from", help="Starting year.")] = None,  # noqa: UP045
    to: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--to", help="breakeven or control_total."),
    ] = None,
    saving: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--saving", help="Ask what this saving a year would do, such as £100m."),
    ] = None,
    non_recurrent: Annotated[
        float, typer.Option("--non-recurrent", min=0, max=1, help="Share that does not repeat.")
    ] = 0.0,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    month: MonthTo = None,
    late: LateBodies = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """How long to clear it? The gap year by year, and what must be funded meanwhile."""
    answer(
        "trajectory",
        lambda: verbs.trajectory(
            book,
            years,
            start,
            to,
            organisation,
            year,
            saving,
            non_recurrent,
            as_at,
            month=month,
            late=late,
            book_only=book_only,
        ),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit, sort),
    )


@app.command()
def opportunities(
    book: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="A book that lists opportunities; may be left out."),
    ] = None,
    data: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--data", help="Folder of benchmark files; else the packaged extract."),
    ] = None,
    areas: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--areas", help="Codes of areas or systems, separated by commas."),
    ] = None,
    measures: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--measures", help="Names of measures with commas, or pounds."),
    ] = None,
    period: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--period", help="2025, 2024/25 or a month, 2025-03."),
    ] = None,
    benchmark: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--benchmark", help="best5of10, median, quartile, decile or national."),
    ] = None,
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
    """What could be saved, without counting twice? Gaps to benchmarks as honest ranges."""

    def run() -> Result:
        return verbs.opportunities(
            book,
            year,
            organisation,
            as_at,
            data=data,
            areas=areas or (),
            measures=measures or (),
            period=period,
            benchmark=benchmark,
            book_only=book_only,
        )

    if output and not json and output.lower().endswith((".html", ".xlsx")):
        target = Target(output, overwrite, (book,) if book else ())
        raise typer.Exit(write_pages(run, target, organisation))
    answer(
        "opportunities",
        run,
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit, sort),
    )


@app.command()
def portfolio(
    book: Book,
    years: Annotated[int, typer.Option("--years", help="Years planned together.", min=1)] = 1,
    objectives: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--objectives",
            help="In order, with commas: recurrent_saving, saving, least_harm, fewest_schemes, "
            "earliest_balance.",
        ),
    ] = None,
    gap: Annotated[
        float, typer.Option("--gap", help="What a large book may leave unproved.", min=0, max=1)
    ] = 0.01,
    fairness: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option("--fairness", help="How far above its fair share a body may go: 0.25.", min=0),
    ] = None,
    against: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--against", help="Other objectives, to see the two side by side."),
    ] = None,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    month: MonthTo = None,
    late: LateBodies = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Which schemes, safely? The best eligible schemes and starts, and what cannot be met."""
    answer(
        "portfolio",
        lambda: verbs.portfolio(
            book,
            year,
            organisation,
            as_at,
            years=years,
            objectives=objectives or (),
            gap=gap,
            fairness=fairness,
            against=against,
            month=month,
            late=late,
            book_only=book_only,
        ),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit, sort),
    )


app.registered_commands.extend(governance_commands.app.registered_commands)
app.registered_commands.extend(across_commands.app.registered_commands)
app.command("import")(import_commands.import_table)
app.command("challenge")(import_commands.challenge)
app.command("history")(import_commands.history)
app.registered_commands.extend(ledger_commands.app.registered_commands)
app.registered_commands.extend(service_commands.app.registered_commands)
app.add_typer(scheme_app, name="scheme")
app.add_typer(service_commands.user_app, name="user")


def _leave_out_others(asked: str) -> None:
    """Leave out every command but the one asked for: making ready the others takes time for nothing.

    Where it is none of them (an option, a group, a word mistyped) all stay.
    """
    alone = [
        one
        for one in app.registered_commands
        if one.callback and asked == (one.name or get_command_name(one.callback.__name__))
    ]
    if alone:
        app.registered_commands, app.registered_groups = alone, []


def main() -> None:
    """The entry point: no traceback reaches a user.

    A command keeps what it reads until it ends, so the collector looks for waste less often, and
    what is still kept at the end is left to the system: looking through it took a third of a second.
    """
    gc.set_threshold(1_000_000, 50, 50)
    _leave_out_others("".join(sys.argv[1:2]))
    with drawings_kept():
        code = guarded(app, os.environ)
    gc.freeze()
    if code == INTERRUPTED:
        leave_at_once(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
