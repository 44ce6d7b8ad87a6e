"""One scheme on one page: what it is, whether it counts, who signed, who is heard, what it brings."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from controltotal.app.show import aligned, cell_text, said
from controltotal.core.calendar import year_label
from controltotal.core.version import VERSION

if TYPE_CHECKING:
    from controltotal.core.result import Result


def scheme_text(result: Result) -> str:
    """The page as text."""
    row = result.tables["schemes"][0]
    lines = [said(result)]
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
    page_html = import_module("controltotal.papers.page").page_html
    paper = import_module("controltotal.papers.paper").paper
    sections = import_module("controltotal.papers.section_schemes").one_scheme
    row = result.tables["schemes"][0]
    year = year_label(str(result.options["year"]))
    book = result.book
    footer = (
        f"Made by controltotal {VERSION} from “{book.name}”, entry {book.entry}, root {book.root}."
    )
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
    written: str = page_html(page)
    return written
