"""`controltotal scheme …` shows savings schemes: which count, why not, quality, gates, engagement."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from controltotal import verbs
from controltotal.app.screen import say
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
from controltotal.app.show import Target, scheme_text
from controltotal.core.legible import one_line

if TYPE_CHECKING:
    from controltotal.core.result import Result

scheme_app = typer.Typer(
    help="Savings schemes: which count, why not, quality, gates, engagement.",
    no_args_is_help=True,
)
Scheme = Annotated[str, typer.Argument(help="Identifier of the scheme.")]


PAGES = {
    "list": "Every scheme: typed and supported maturity, gate, money, whether it counts and why not.",
    "quality": "The quality register: scores, signatures, overdue reviews, lapsed, rejected, harm together.",
    "gates": "The gate each scheme has reached, when it went back, and what the next gate asks for.",
    "engagement": "Who is involved in which change, when, and whether before the decision.",
    "phasing": "Plan, actual and forecast by month.",
}
"""The pages of all schemes, each with what it shows."""


def _page(name: str, shows: str) -> None:
    """A command that answers one page of schemes."""

    def command(
        book: Book,
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
        verb = getattr(verbs.scheme, "list_" if name == "list" else name)
        answer(
            "schemes",
            partial(verb, book, year, organisation, as_at, book_only),
            json,
            written(output, overwrite, book),
            look=looked_at(detail, unit, sort),
        )

    scheme_app.command(name, help=shows)(command)


for one in PAGES.items():
    _page(*one)


@scheme_app.command()
def show(
    book: Book,
    scheme: Scheme,
    year: Year = None,
    as_at: AsAt = None,
    book_only: BookOnly = False,
    detail: Detail = False,
    json: Json = False,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """One scheme on one page (with --output NAME.html, as a web page)."""
    run = partial(verbs.scheme.show, book, scheme, year, as_at, book_only)
    if output and output.endswith(".html") and not json:
        target = Target(output, overwrite, (book,))
        target.check()
        _write_page(run(), book, target, as_at)
        return
    answer(
        "schemes",
        run,
        json,
        written(output, overwrite, book),
        partial(scheme_text, wide=detail),
    )


def _write_page(found: Result, book: str, target: Target, as_at: str | None) -> None:
    """One scheme as a web page that says where the book is fictional."""
    settings = verbs.register(book, None, as_at).tables["book"]
    fictional = any(r["key"] == "fictional" and r["value"].lower() == "yes" for r in settings)
    page: str = import_module("controltotal.papers.scheme_page").scheme_html(found, fictional)
    target.write(page.encode())
    say(f"wrote {one_line(target.path)}\n")
