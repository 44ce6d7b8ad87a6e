"""The commands that run across the questions: explain, compare, convert, new, report, demo."""

from __future__ import annotations

from typing import Annotated, Any, Optional

import typer

from controltotal.app.shared_options import (
    AsAt,
    Book,
    Json,
    Organisation,
    Output,
    Year,
    answer,
    year_option,
)

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
    as_at: AsAt = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """Where does a figure come from? Rule, parameters, inputs, entries, cells, quotations.

    A share of a gap that was typed is found with the options of that `share`.
    """
    from functools import partial

    from controltotal import verbs
    from controltotal.app.options import codes_option
    from controltotal.app.show import explained

    def explaining() -> Any:
        reading = verbs.read(book, as_at)
        if gap is None:
            return verbs.explain(reading, figure)
        of_year = figure.split("/")[2] if figure.count("/") > 1 else None
        first = None if figure.startswith(("repayment/", "balance_owed/")) else of_year
        shared = verbs.share(
            reading,
            gap,
            codes_option(givers),
            receiver or "",
            policy,
            repay_years,
            pot,
            first,
        )
        return verbs.explain(reading, figure, within=shared)

    answer(
        "explain",
        explaining,
        json,
        output,
        partial(explained, most=None if every else 4),
    )


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A book, or BOOK@DATE.")],
    second: Annotated[str, typer.Argument(help="A book, or BOOK@DATE.")],
    year: Year = None,
    organisation: Organisation = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """What changed between two books or two dates, as a bridge with its residual named."""
    from controltotal import verbs

    answer(
        "compare",
        lambda: verbs.compare(first, second, year_option(year), organisation),
        json,
        output,
    )


@app.command()
def convert(
    book: Book,
    target: Annotated[str, typer.Argument(help="A folder, an .xlsx file or sqlite:///LEDGER.")],
    history: Annotated[bool, typer.Option("--history", help="Add the table entries.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a book that we made.")] = False,
    json: Json = False,
) -> None:
    """A book in another form, every row in force carried without loss."""
    from controltotal import verbs

    rows = verbs.convert(book, target, history, force)
    if json:
        given: dict[str, object] = {"history": True} if history else {}
        answer(
            "convert",
            lambda: _made("convert", target, given, [{"target": target, "rows": rows}]),
            True,
            None,
        )
    print(f"{rows} rows carried to {target}")


def _made(verb: str, book: str, options: dict[str, object], rows: list[dict[str, object]]) -> Any:
    """What was made, as a document: the book that stands now, and a table of what was written."""
    from controltotal import verbs
    from controltotal.core.result import Answer

    told = Answer(verb, verbs.read(book).ref, options)
    told.table("made", rows)
    return told.result()


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
        typer.Option("--organisation", help="Code of a commissioner, trust or system."),
    ] = None,
    json: Json = False,
) -> None:
    """An empty book of three tables, ready to fill in; or one filled with what is published."""
    from controltotal.app.options import choice

    if choice("--from", source, ("published",)):
        from controltotal.app.import_commands import make_published

        told = make_published(book, organisation, title)
        given = {"from": "published", "organisation": organisation}
        if json:
            answer("new", lambda: _made("new", book, dict(given), [{"made": book}]), True, None)
        for line in told:
            print(line)
        return
    from controltotal.sources.convert import new_book

    files = [str(made) for made in new_book(book, title)]
    if json:
        answer("new", lambda: _made("new", book, {}, [{"made": f} for f in files]), True, None)
    for made in files:
        print(f"made {made}")
    print(f"Fill in organisations, amounts and control_totals, then: controltotal check {book}")


@app.command()
def report(
    book: Book,
    output: Annotated[
        str, typer.Option("--output", help="The pack to write: .html, .pdf or .xlsx.")
    ],
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    json: Json = False,
) -> None:
    """The board pack, as one self-contained page, an accessible PDF or a workbook."""
    from controltotal import verbs
    from controltotal.app.progress import telling

    with telling("Making the pack") as tell:
        found = verbs.report(
            verbs.read(book, as_at), output, organisation, year_option(year), tell=tell
        )
    if json:
        from dataclasses import replace

        given = {**found.options, "output": output}
        answer("report", lambda: replace(found, verb="report", options=given), True, None)
    print(f"wrote {output}")
    for text in found.words:
        print(text)
    raise typer.Exit(1 if found.has_errors else 0)


@app.command()
def demo(
    output: Annotated[str, typer.Option("--output", help="Folder for the packs.")] = "out",
) -> None:
    """Read the example books, print where each stands, and write their packs."""
    from controltotal.app.demo import run_demo

    raise typer.Exit(run_demo(output))
