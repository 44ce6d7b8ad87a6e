"""The commands of questions 8 and 9: who pays, who decides, and who sits where."""

from __future__ import annotations

from typing import Annotated, Optional

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

app = typer.Typer()


@app.command()
def share(
    book: Book,
    gap: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--gap", help='Sum to divide, such as "£25m"; without it, what is owed.'),
    ] = None,
    givers: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--from", help="Codes of those who pay, separated by commas."),
    ] = None,
    receiver: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--to", help="Code of the body that receives."),
    ] = None,
    policy: Annotated[
        str, typer.Option("--policy", help='all, names with commas, or "formula: ...".')
    ] = "all",
    repay_years: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--repay-years", help="Years over which it is paid back."),
    ] = None,
    pot: Annotated[bool, typer.Option("--pot", help="All bodies below share one pot.")] = False,
    benchmarks: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--benchmarks", help="Period of benchmark data on which rapid savings rest, as 2016/17."
        ),
    ] = None,
    no_spare: Annotated[
        bool, typer.Option("--no-spare", help="Ask bodies in special measures like the others.")
    ] = False,
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
    """Who pays, and is it fair? A gap under ten policies side by side; or what transfers owe."""
    answer(
        "share",
        lambda: verbs.share(
            book,
            gap,
            givers or (),
            receiver,
            policy,
            repay_years,
            pot,
            year,
            organisation,
            as_at,
            book_only,
            no_spare,
            benchmarks,
        ),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, unit, sort),
    )


@app.command()
def decide(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Who decides, and who is bound? Outcome, dissent, delegation and voting power."""
    answer(
        "decide",
        lambda: verbs.decide(book, year, organisation, as_at, book_only),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, None, sort),
    )


@app.command()
def boundaries(
    book: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(help="A book whose money is laid on places; may be left out."),
    ] = None,
    vintage: Annotated[str, typer.Option("--vintage", help="2020, 2021, 2022 or 2024.")] = "2021",
    threshold: Annotated[
        float, typer.Option("--threshold", help="Share from which a split counts.")
    ] = 0.02,
    year: Year = None,
    as_at: AsAt = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    sort: Sort = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Who sits where? Systems against upper-tier authorities, breaches and splits."""
    answer(
        "boundaries",
        lambda: verbs.boundaries(
            book,
            vintage,
            threshold,
            year,
            as_at,
            book_only,
        ),
        json,
        written(output, overwrite, book),
        look=looked_at(detail, None, sort),
    )
