"""One scheme on one page: what it is, whether it counts, who signed, who is heard, what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from controltotal.core.sentence import Sentence

if TYPE_CHECKING:
    from controltotal.core.result import Result

KEPT = (
    "schemes",
    "quality",
    "quality_domains",
    "engagement",
    "gates",
    "dependencies",
    "milestones",
)


def one_scheme(result: Result, scheme: str) -> Result:
    """The answer about one scheme alone."""
    from controltotal.core.errors import BookError

    tables = {
        name: [row for row in result.tables.get(name, ()) if row["scheme"] == scheme]
        for name in KEPT
    }
    if not tables["schemes"]:
        from difflib import get_close_matches

        known = [row["scheme"] for row in result.tables.get("schemes", ())]
        near = get_close_matches(scheme, known, n=1)
        action = f"did you mean {near[0]}?" if near else "list them with `controltotal scheme list`"
        raise BookError(f"there is no scheme {scheme}", result.book.name, action)
    figures = tuple(f for f in result.figures if f.part == scheme)
    trace = {f.id: result.trace[f.id] for f in figures}
    row = tables["schemes"][0]
    year = str(result.options.get("year", ""))
    sentence = Sentence(row["organisation"], year, "schemes", _sentence(row))
    options = {**result.options, "scheme": scheme}
    return replace(
        result,
        figures=figures,
        tables=tables,
        trace=trace,
        sentences=(sentence,),
        options=options,
    )


def _sentence(row: Mapping[str, Any]) -> str:
    from controltotal.core.money import format_money

    counts = "counts" if row["counted"] else f"does not count: {row['reason']}"
    worth = "" if row["worth"] == "its own body saves it" else f" {row['worth'].capitalize()}."
    return (
        f"{row['scheme']}, {row['title']} ({row['organisation']}), {counts}. In a full year it is "
        f"put at £{format_money(row['full_year_pence'])} million.{worth}"
    )


def scheme_text(result: Result) -> str:
    """The page as text."""
    from controltotal.app.show import aligned, cell_text

    row = result.tables["schemes"][0]
    lines = [*result.words, ""]
    facts = [
        ["programme", row["programme"]],
        ["kind", f"{row['category']}; {row['recurrence']}; {row['cash_type']}"],
        ["owner", row["owner"] or "nobody is named"],
        [
            "maturity",
            row["typed_maturity"]
            if row["typed_maturity"] == row["maturity"]
            else f"typed {row['typed_maturity']}; the evidence supports {row['maturity']}",
        ],
        ["gate", row["gate"] or "none passed"],
        [
            "start",
            f"{row['start'] or 'not stated'}"
            + (f", now expected {row['expected_start']}" if row["slip_months"] else ""),
        ],
        ["plan this year", cell_text("pence", row["plan_pence"])],
        ["actual to date", cell_text("pence", row["actual_pence"])],
        ["forecast this year", cell_text("pence", row["forecast_pence"])],
        ["full-year effect to the system", cell_text("pence", row["system_pence"])],
    ]
    lines += aligned(["", ""], facts, [False, False])[1:]
    for name, heads in (
        (
            "quality",
            (
                "standing",
                "worst_domain",
                "before",
                "after",
                "stage",
                "medical_director",
                "chief_nurse",
                "equality",
                "review_on",
            ),
        ),
        (
            "quality_domains",
            ("domain", "before", "after", "band", "stage", "mitigation", "outcome"),
        ),
        ("gates", ("gate", "on", "next_gate", "missing", "went_back")),
        (
            "engagement",
            ("duty", "from", "to", "notified_on", "status", "outcome", "after_decision"),
        ),
        ("milestones", ("title", "due", "done_on", "late")),
        ("dependencies", ("kind", "other", "state", "kept")),
    ):
        rows = [[cell_text(c, one[c]) for c in heads] for one in result.tables[name]]
        if rows:
            lines += ["", name.replace("_", " ")]
            lines += aligned([h.replace("_", " ") for h in heads], rows, [False] * len(heads))
    return "\n".join(lines) + "\n"


def scheme_html(result: Result, body: str, fictional: bool = False) -> str:
    """The page as one self-contained web page; `body` names whose scheme it is."""
    from controltotal import __version__
    from controltotal.core.calendar import year_label
    from controltotal.papers.page import page_html
    from controltotal.papers.paper import paper
    from controltotal.papers.section_schemes import one_scheme as sections

    row = result.tables["schemes"][0]
    year = year_label(str(result.options["year"]))
    book = result.book
    footer = f"Made by controltotal {__version__} from “{book.name}”, entry {book.entry}, root {book.root}."
    notices = (
        ("This book is fictional. No body, person or figure in it is real.",) if fictional else ()
    )
    page = paper(
        f"{row['scheme']}: {row['title']}",
        f"{body}, {year}",
        sections(result, body),
        notices,
        footer,
    )
    return page_html(page)
