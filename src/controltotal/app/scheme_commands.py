"""`controltotal scheme …` shows savings schemes; `controltotal act …` changes them in a ledger.

Every act goes through the same functions as the web pages; what the rules do not allow is refused
in one line and nothing is written.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from controltotal import verbs
from controltotal.app.screen import say
from controltotal.app.shared_options import (
    AsAt,
    Book,
    BookOnly,
    By,
    Detail,
    Json,
    Ledger,
    On,
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
from controltotal.core.calendar import CalendarError, parse_date, parse_year_id
from controltotal.core.errors import BookError
from controltotal.core.legible import one_line
from controltotal.verbs.asking import codes_read

if TYPE_CHECKING:
    from controltotal.core.result import Result

scheme_app = typer.Typer(
    help="Savings schemes: which count, why not, quality, gates, engagement.",
    no_args_is_help=True,
)
act_app = typer.Typer(
    help="Acts on schemes in a ledger: propose, revise, assess, sign, pass or fail a gate, withdraw.",
    no_args_is_help=True,
)

Scheme = Annotated[str, typer.Argument(help="Identifier of the scheme.")]
Why = Annotated[str, typer.Option("--why", help="The reason, kept with the act.")]
Role = Annotated[str, typer.Option("--role", help="In which role.")]


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


def today(on: str | None) -> str:
    """The day of an act: as said, else today; an act cannot be dated ahead."""
    today = datetime.now().astimezone().date()
    try:
        day = parse_date(on) if on else today
    except CalendarError as error:
        raise BookError(f"--on reads {on!r}", "the command", f"give {error.expected}") from error
    if day > today:
        raise BookError(f"{day} is still to come", "the command", "date the act on its own day")
    return day.isoformat()


def _year_of(text: str) -> str:
    """A year as typed, in its canonical form; refuses anything else in one line."""
    try:
        return parse_year_id(text)
    except CalendarError as error:
        raise BookError(
            f"--year reads {text!r}", "the command", f"give {error.expected}"
        ) from error


def do(name: str, *arguments: Any, **options: Any) -> None:
    """Do an act, and say what was written and what follows."""
    acts = import_module("controltotal.acts").ACTS  # loads what choosing needs
    done = acts[name](*arguments, **options)
    entries = (
        f"entry {done.first}" if done.first == done.last else f"entries {done.first} to {done.last}"
    )
    say(f"written as {entries}, root {done.root}\n")
    say("".join(f"note: {one_line(notice)}\n" for notice in done.notices))


@act_app.command()
def propose(
    ledger: Ledger,
    scheme: Scheme,
    organisation: Annotated[str, typer.Option("--organisation", help="Whose saving it is.")],
    title: Annotated[str, typer.Option("--title", help="What is done.")],
    full_year_effect: Annotated[str, typer.Option("--full-year-effect", help="Such as £1.2m.")],
    recurrence: Annotated[str, typer.Option("--recurrence", help="recurrent or non_recurrent.")],
    by: By,
    owner: Annotated[str, typer.Option("--owner", help="Who answers for it.")] = "",
    start: Annotated[str, typer.Option("--start", help="Such as 2026-10-01.")] = "",
    more: Annotated[
        Optional[list[str]], typer.Option("--set", help="Any other column: COLUMN=TEXT.")  # noqa: UP045
    ] = None,
    on: On = None,
    why: Why = "",
) -> None:
    """Propose a scheme."""
    cells = {
        "id": scheme,
        "organisation": organisation,
        "title": title,
        "recurrence": recurrence,
        "full_year_effect": full_year_effect,
        "owner": owner,
        "start": start,
        **_pairs(more),
    }
    do("propose", ledger, cells, by=by, on=today(on), why=why)


def _pairs(texts: list[str] | None) -> dict[str, str]:
    """COLUMN=TEXT options as cells."""
    found = {}
    for text in texts or ():
        column, mark, value = text.partition("=")
        if not mark:
            raise BookError(f"--set reads {text!r}", "the command", "write COLUMN=TEXT")
        found[column.strip()] = value.strip()
    return found


@act_app.command()
def revise(
    ledger: Ledger,
    scheme: Scheme,
    more: Annotated[list[str], typer.Option("--set", help="COLUMN=TEXT; no text empties it.")],
    by: By,
    on: On = None,
    why: Why = "",
) -> None:
    """Change a scheme from a day on; a material change makes its signatures lapse."""
    do("revise", ledger, scheme, _pairs(more), by=by, on=today(on), why=why)


@act_app.command()
def assess(
    ledger: Ledger,
    scheme: Scheme,
    domain: Annotated[str, typer.Option("--domain", help="Domain of the profile.")],
    likelihood: Annotated[int, typer.Option("--likelihood", help="1 to 5.")],
    consequence: Annotated[int, typer.Option("--consequence", help="1 to 5.")],
    by: By,
    residual_likelihood: Annotated[
        Optional[int], typer.Option("--residual-likelihood", help="1 to 5, after mitigation.")  # noqa: UP045
    ] = None,
    residual_consequence: Annotated[
        Optional[int], typer.Option("--residual-consequence", help="1 to 5, after mitigation.")  # noqa: UP045
    ] = None,
    mitigation: Annotated[str, typer.Option("--mitigation", help="What lowers the risk.")] = "",
    profile: Annotated[str, typer.Option("--profile", help="Profile of domains.")] = "nhse_2025",
    outcome: Annotated[str, typer.Option("--outcome", help="approve, adjust, reject, stop.")] = "",
    review_on: Annotated[str, typer.Option("--review-on", help="Day of the next review.")] = "",
    role: Role = "quality_lead",
    on: On = None,
    why: Why = "",
) -> None:
    """Score one domain: likelihood by consequence, before and after mitigation."""
    do(
        "assess",
        ledger,
        scheme,
        profile,
        domain,
        likelihood,
        consequence,
        by=by,
        on=today(on),
        residual_likelihood=residual_likelihood,
        residual_consequence=residual_consequence,
        mitigation=mitigation,
        role=role,
        review_on=review_on,
        outcome=outcome,
        why=why,
    )


@act_app.command()
def sign(
    ledger: Ledger,
    scheme: Scheme,
    by: By,
    role: Annotated[
        str,
        typer.Option("--role", help="medical_director, chief_nurse, equality_lead, finance_lead."),
    ],
    evidence: Annotated[str, typer.Option("--evidence", help="What was seen.")] = "",
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse; say --why.")] = False,
    on: On = None,
    why: Why = "",
) -> None:
    """Sign a scheme in a role, or refuse to; the owner cannot sign, and two people must."""
    do(
        "sign",
        ledger,
        scheme,
        role,
        by=by,
        on=today(on),
        evidence=evidence,
        refuse=refuse,
        why=why,
    )


Gate = Annotated[str, typer.Argument(help="G0 to G5.")]


@act_app.command()
def keep(
    ledger: Ledger,
    by: By,
    objectives: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--objectives", help="As in portfolio, in order, with commas."),
    ] = None,
    years: Annotated[int, typer.Option("--years", help="Years planned together.", min=1)] = 1,
    year: Year = None,
    organisation: Organisation = None,
    on: On = None,
    why: Why = "",
) -> None:
    """Keep the best safe portfolio as the plan: starts and membership of every scheme it decides."""
    do(
        "keep",
        ledger,
        by=by,
        on=today(on),
        why=why,
        year=None if year is None else _year_of(year),
        organisation=organisation,
        years=years,
        objectives=codes_read(objectives or ""),
    )


@act_app.command("pass")
def pass_gate(
    ledger: Ledger,
    scheme: Scheme,
    gate: Gate,
    by: By,
    evidence: Annotated[str, typer.Option("--evidence", help="On what evidence.")],
    role: Role = "",
    on: On = None,
    why: Why = "",
) -> None:
    """Pass a gate; G3 asks for all that safety asks for."""
    do("pass", ledger, scheme, gate, by=by, on=today(on), role=role, evidence=evidence, why=why)


@act_app.command("fail")
def fail_gate(
    ledger: Ledger,
    scheme: Scheme,
    gate: Gate,
    by: By,
    why: Why,
    role: Role = "",
    on: On = None,
) -> None:
    """Fail a gate or go back from it; the reason stays on record."""
    do("fail", ledger, scheme, gate, by=by, on=today(on), why=why, role=role)


@act_app.command()
def withdraw(
    ledger: Ledger,
    by: By,
    why: Why,
    what: Annotated[str, typer.Argument(help="A scheme, or a row such as 'gates row 12'.")],
    on: On = None,
) -> None:
    """Withdraw a scheme with all that speaks of it, or one row."""
    do("withdraw", ledger, what, by=by, on=today(on), why=why)
