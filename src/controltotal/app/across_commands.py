"""The commands that run across the questions: explain, compare, convert, new, report, demo."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from controltotal import verbs
from controltotal.app.demo import run_demo
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
from controltotal.app.show import explained, explained_shortly, said
from controltotal.core.legible import one_line

if TYPE_CHECKING:
    from controltotal.core.result import Result

app = typer.Typer()


@app.command()
def explain(
    book: Book,
    figure: Annotated[str, typer.Argument(help="A figure id, such as gap/QE1/2020-21/plan.")],
    every: Annotated[bool, typer.Option("--all", help="List every ledger entry.")] = False,
    gap: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--gap", help="The gap of the share that showed it, as it was typed."),
    ] = None,
    givers: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--from", help="With --gap: codes of those who pay."),
    ] = None,
    receiver: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--to", help="With --gap: code of the body that receives."),
    ] = None,
    policy: Annotated[str, typer.Option("--policy", help="With --gap: policies.")] = "all",
    repay_years: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--repay-years", help="With --gap: years over which it is paid back."),
    ] = None,
    pot: Annotated[bool, typer.Option("--pot", help="With --gap: one pot.")] = False,
    benchmarks: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--benchmarks", help="With --gap: period of benchmark data."),
    ] = None,
    no_spare: Annotated[
        bool, typer.Option("--no-spare", help="With --gap: special measures are not spared.")
    ] = False,
    draws: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--draws", min=1, help="Of a figure of risk: the draws that showed it."),
    ] = None,
    seed: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--seed", min=0, help="Of a figure of risk: the seed that showed it."),
    ] = None,
    as_at: AsAt = None,
    month: MonthTo = None,
    late: LateBodies = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Where does a figure come from? Rule, parameters, inputs, entries, cells, quotations.

    A share of a gap that was typed is found with the options of that `share`, a figure of `risk`
    with its draws and seed.
    """

    answer(
        "explain",
        lambda: verbs.explain(
            book,
            figure,
            as_at,
            gap=gap,
            from_=givers or (),
            to=receiver,
            policy=policy,
            repay_years=repay_years,
            pot=pot,
            no_spare=no_spare,
            benchmarks=benchmarks,
            draws=draws,
            seed=seed,
            month=month,
            late=late,
            book_only=book_only,
        ),
        json,
        written(output, overwrite, book),
        partial(explained, most=None if every else 4) if every or detail else explained_shortly,
    )


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A book, or BOOK@DATE.")],
    second: Annotated[str, typer.Argument(help="A book, or BOOK@DATE.")],
    year: Year = None,
    organisation: Organisation = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    unit: Unit = None,
    sort: Sort = False,
    basis: Basis = None,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """What changed between two books or two dates, as a bridge with its residual named."""
    answer(
        "compare",
        lambda: verbs.compare(first, second, year, organisation, book_only),
        json,
        written(output, overwrite, first.partition("@")[0], second.partition("@")[0]),
        look=looked_at(detail, unit, sort, basis),
    )


@app.command()
def convert(
    book: Book,
    target: Annotated[
        str, typer.Argument(help="A folder, an .xlsx file, or a ledger: sqlite:///PATH.")
    ],
    history: Annotated[
        bool, typer.Option("--history", help="Add the table `entries`: the whole daybook.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", "--force", help="Replace a book that we made.")
    ] = False,
    safe: Annotated[
        bool, typer.Option("--safe", help="Keep still what a spreadsheet would run as a formula.")
    ] = False,
    json: Json = False,
) -> None:
    """A book in another form, every row in force carried without loss."""
    answer(
        "convert", lambda: verbs.convert(book, target, history, overwrite, safe), json, None, said
    )


@app.command()
def new(
    book: Annotated[str, typer.Argument(help="A folder, .xlsx file or ledger to make.")],
    title: Annotated[str, typer.Option("--title", help="Title of the book.")] = "",
    source: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--from", help="published: fill it from the published tables."),
    ] = None,
    organisation: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--organisation", help="Code of a body, system or region, or ENGLAND."),
    ] = None,
    year: Year = None,
    json: Json = False,
) -> None:
    """An empty book of three tables, ready to fill in; or one filled with what is published."""
    answer("new", lambda: verbs.new(book, title, source, organisation, year), json, None, said)


@app.command()
def report(
    book: Book,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            help="What to write: .html, .pdf, .xlsx, .docx, .return.csv, .csv.zip or .parquet.zip.",
        ),
    ],
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    overwrite: Overwrite = False,
    month: MonthTo = None,
    late: LateBodies = None,
    book_only: BookOnly = False,
    full: Annotated[
        bool, typer.Option("--full", help="With its appendices: every organisation, scheme, rule.")
    ] = False,
    for_: Annotated[
        str, typer.Option("--for", help="board, organisation, public or audit.")
    ] = "board",
    template: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--template", help="A Word document whose styles a .docx takes."),
    ] = None,
    seed: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--seed", help="What draws the sample of figures for audit (else 1)."),
    ] = None,
    json: Json = False,
) -> None:
    """A paper for a board, an organisation, the public or audit, or its data, as a file."""

    def run() -> Result:
        found = verbs.report(
            book,
            output,
            organisation,
            year,
            as_at,
            overwrite,
            month,
            late,
            book_only,
            full,
            for_,
            template,
            seed,
        )
        return replace(found, verb="report", options={**found.options, "output": output})

    answer("report", run, json, None, lambda found: f"wrote {one_line(output)}\n{said(found)}")


@app.command()
def demo(
    output: Annotated[str, typer.Option("--output", help="Folder for the packs.")] = "out",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace packs that are there.")
    ] = False,
) -> None:
    """Read the example books, print where each stands, and write their packs."""
    raise typer.Exit(run_demo(output, overwrite))
