"""One scheme on one page: what it is, whether it counts, who signed, who is heard, what it brings."""

from __future__ import annotations

import textwrap
from importlib import import_module
from typing import TYPE_CHECKING, Final

from controltotal.app.brief_output import fitted, plain_words, screen_width
from controltotal.app.show import aligned, cell_text, said
from controltotal.core.calendar import year_label
from controltotal.core.version import VERSION

if TYPE_CHECKING:
    from controltotal.core.result import Result


PARTS: Final = {
    "quality": (
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
    "quality_domains": ("domain", "before", "after", "band", "stage", "mitigation", "outcome"),
    "gates": ("gate", "on", "next_gate", "missing", "went_back"),
    "engagement": ("duty", "from", "to", "notified_on", "status", "outcome", "after_decision"),
    "milestones": ("title", "due", "done_on", "late"),
    "dependencies": ("kind", "other", "state", "kept"),
}
"""Tables of a scheme's page, with their columns."""


def scheme_text(result: Result, width: int = 0) -> str:
    """The page as text; within a width, where one is given, and then without low lines in words."""
    lines = [said(result)]
    if width:
        words = [plain_words(text) for text in result.words]
        lines = [*(one for text in words for one in textwrap.wrap(text, width)), ""]
    said_as = plain_words if width else str
    facts = [[said_as(cell) for cell in row] for row in _facts(result)]
    lines += aligned(["", ""], facts, [False, False])[1:]
    for name, heads in PARTS.items():
        rows = [[said_as(cell_text(c, one[c])) for c in heads] for one in result.tables[name]]
        titles = [h.replace("_", " ") for h in heads]
        if rows:
            lines += ["", name.replace("_", " ")]
            lines += _grid(titles, rows, width)
    return "\n".join(lines) + "\n"


def scheme_screen(result: Result) -> str:
    """The page within the width of the screen."""
    return scheme_text(result, screen_width())


def _grid(titles: list[str], rows: list[list[str]], width: int) -> list[str]:
    right = [False] * len(titles)
    return fitted(titles, rows, right, width, ())[0] if width else aligned(titles, rows, right)


def _facts(result: Result) -> list[list[str]]:
    """What a scheme is, line by line."""
    row = result.tables["schemes"][0]
    return [
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
    told = import_module("controltotal.papers.sections").FICTIONAL
    notices = (told,) if fictional else ()
    page = paper(
        f"{row['scheme']}: {row['title']}",
        f"{body}, {year}",
        sections(result, body),
        notices,
        footer,
    )
    written: str = page_html(page)
    return written
