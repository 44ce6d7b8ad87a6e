"""`controltotal scheme …` shows savings schemes; `controltotal act …` changes them in a ledger.

Every act goes through the same functions as the web pages; what the rules do not allow is refused
in one line and nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from controltotal.app.shared_options import (
    AsAt,
    Book,
    By,
    Json,
    Ledger,
    On,
    Organisation,
    Output,
    Year,
    answer,
    year_option,
)

if TYPE_CHECKING:
    from collections.abc import Callable

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

TABLES = {
    "list": ("schemes", "schemes_not_counted"),
    "quality": ("quality", "quality_domains", "harm"),
    "gates": ("gates", "milestones", "dependencies"),
    "engagement": ("engagement",),
    "phasing": ("phasing",),
}


def _show(
    question: str,
    book: str,
    year: str | None,
    organisation: str | None,
    as_at: str | None,
    json: bool,
    output: str | None,
    change: Callable[[Result], Result] | None = None,
    shown: Callable[[Result], str] | None = None,
) -> None:
    """Run the verb, keep the tables of the question, show them and leave."""
    from dataclasses import replace

    from controltotal import verbs

    def run() -> Result:
        found = verbs.schemes(verbs.read(book, as_at), year_option(year), organisation)
        if change is not None:
            return change(found)
        tables = {name: found.tables.get(name, ()) for name in TABLES[question]}
        return replace(found, tables=tables)

    answer("schemes", run, json, output, shown)


@scheme_app.command("list")
def list_schemes(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """Every scheme: typed and supported maturity, gate, money, whether it counts and why not."""
    _show("list", book, year, organisation, as_at, json, output, None, None if json else _listed)


@scheme_app.command()
def quality(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """The quality register: scores, signatures, overdue reviews, lapsed, rejected, harm together."""
    _show("quality", book, year, organisation, as_at, json, output)


@scheme_app.command()
def gates(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """The gate each scheme has reached, when it went back, and what the next gate asks for."""
    _show("gates", book, year, organisation, as_at, json, output)


@scheme_app.command()
def engagement(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """Who is involved in which change, when, and whether before the decision."""
    _show("engagement", book, year, organisation, as_at, json, output)


@scheme_app.command()
def phasing(
    book: Book,
    year: Year = None,
    organisation: Organisation = None,
    as_at: AsAt = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """Plan, actual and forecast by month."""
    _show("phasing", book, year, organisation, as_at, json, output)


@scheme_app.command()
def show(
    book: Book,
    scheme: Scheme,
    year: Year = None,
    as_at: AsAt = None,
    json: Json = False,
    output: Output = None,
) -> None:
    """One scheme on one page (with --output NAME.html, as a web page)."""
    from controltotal.app.scheme_page import one_scheme, scheme_html, scheme_text

    if output and output.endswith(".html") and not json:
        from pathlib import Path

        from controltotal import verbs

        reading = verbs.read(book, as_at)
        found = one_scheme(verbs.schemes(reading, year_option(year)), scheme)
        body = reading.tree.name(found.tables["schemes"][0]["organisation"])
        fictional = reading.text("fictional").lower() == "yes"
        Path(output).write_text(scheme_html(found, body, fictional), encoding="utf-8")
        print(f"wrote {output}")
        raise typer.Exit(0)
    _show(
        "list",
        book,
        year,
        None,
        as_at,
        json,
        output,
        lambda found: one_scheme(found, scheme),
        scheme_text,
    )


def _listed(result: Result) -> str:
    """A list fit for a terminal: the whole record is in the JSON document."""
    from controltotal.app.show import aligned, cell_text

    columns = (
        "scheme",
        "organisation",
        "title",
        "typed_maturity",
        "gate",
        "plan_pence",
        "forecast_pence",
        "counted",
        "reason",
    )
    heads = (
        "scheme",
        "body",
        "title",
        "typed maturity",
        "gate",
        "plan",
        "forecast",
        "counts",
        "why not",
    )
    rows = []
    for row in result.tables["schemes"]:
        typed = row["typed_maturity"]
        shown = typed if typed == row["maturity"] else f"{typed} (shown as {row['maturity']})"
        cells = dict(row, typed_maturity=shown)
        rows.append([cell_text(c, cells[c])[:60] for c in columns])
    lines = [*result.words, "", *aligned(heads, rows, [c.endswith("pence") for c in columns])]
    return "\n".join(lines) + "\n"


def _today(on: str | None) -> str:
    """The day of an act: as said, else today; an act cannot be dated ahead."""
    from datetime import datetime

    from controltotal.core.calendar import CalendarError, parse_date
    from controltotal.core.errors import BookError

    today = datetime.now().astimezone().date()
    try:
        day = parse_date(on) if on else today
    except CalendarError as error:
        raise BookError(f"--on reads {on!r}", "the command", f"give {error.expected}") from error
    if day > today:
        raise BookError(f"{day} is still to come", "the command", "date the act on its own day")
    return day.isoformat()


def _act(name: str, *arguments: Any, **options: Any) -> None:
    """Do an act, and say what was written and what follows."""
    from controltotal.acts import ACTS

    done = ACTS[name](*arguments, **options)
    entries = (
        f"entry {done.first}" if done.first == done.last else f"entries {done.first} to {done.last}"
    )
    print(f"written as {entries}, root {done.root}")
    for notice in done.notices:
        print(f"note: {notice}")


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
    _act("propose", ledger, cells, by=by, on=_today(on), why=why)


def _pairs(texts: list[str] | None) -> dict[str, str]:
    """COLUMN=TEXT options as cells."""
    from controltotal.core.errors import BookError

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
    _act("revise", ledger, scheme, _pairs(more), by=by, on=_today(on), why=why)


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
    _act(
        "assess",
        ledger,
        scheme,
        profile,
        domain,
        likelihood,
        consequence,
        by=by,
        on=_today(on),
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
    _act(
        "sign",
        ledger,
        scheme,
        role,
        by=by,
        on=_today(on),
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
    from controltotal.app.options import codes_option

    _act(
        "keep",
        ledger,
        by=by,
        on=_today(on),
        why=why,
        year=year_option(year),
        organisation=organisation,
        years=years,
        objectives=codes_option(objectives),
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
    _act("pass", ledger, scheme, gate, by=by, on=_today(on), role=role, evidence=evidence, why=why)


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
    _act("fail", ledger, scheme, gate, by=by, on=_today(on), why=why, role=role)


@act_app.command()
def withdraw(
    ledger: Ledger,
    by: By,
    why: Why,
    what: Annotated[str, typer.Argument(help="A scheme, or a row such as 'gates row 12'.")],
    on: On = None,
) -> None:
    """Withdraw a scheme with all that speaks of it, or one row."""
    _act("withdraw", ledger, what, by=by, on=_today(on), why=why)
