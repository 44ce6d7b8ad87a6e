"""One scheme on one page: what it is, whether it counts, who signed, who is heard, its way so far."""

from __future__ import annotations

from typing import Any, Final

from controltotal.core.calendar import year_label
from controltotal.core.result import Result
from controltotal.core.version import VERSION
from controltotal.papers.page import page_html, shown_ids
from controltotal.papers.paper import paper
from controltotal.papers.section_more import every_figure
from controltotal.papers.sections import FICTIONAL, Focus, Section, TableView, columns

KIND: Final = ("category", "recurrence", "cash_type")
MONEY: Final = {
    "plan_pence": "Planned this year",
    "actual_pence": "Saved to date",
    "forecast_pence": "Forecast this year",
    "full_year_pence": "Twelve months once live",
    "system_pence": "Twelve months, to the system",
    "investment_pence": "Cost of delivery",
}
PARTS: Final = (
    (
        "quality_domains",
        "Quality, worst domain first",
        (
            "domain|Domain",
            "before|Before|number",
            "after|After|number",
            "band|Band",
            "stage|Goes to",
            "mitigation|What lowers the risk",
            "outcome|Outcome",
            "review_on|Review on",
        ),
    ),
    (
        "quality",
        "Signatures",
        (
            "standing|Standing",
            "medical_director|Medical director",
            "chief_nurse|Chief nurse",
            "equality|Equality",
            "overdue|Review overdue?|yesno",
        ),
    ),
    (
        "engagement",
        "Who is heard",
        (
            "duty|Duty",
            "from|From",
            "to|To",
            "notified_on|Notified on",
            "status|Status",
            "outcome|Outcome",
            "after_decision|After the decision?|yesno",
        ),
    ),
    (
        "gates",
        "Gates",
        (
            "gate|Gate now",
            "on|Since",
            "next_gate|Next",
            "missing|Still asked for",
            "went_back|When it went back",
        ),
    ),
    (
        "milestones",
        "Milestones",
        ("title|Milestone", "due|Due", "done_on|Done", "late|Late?|yesno"),
    ),
    ("dependencies", "Links", ("kind|Kind", "other|Scheme", "state|State", "kept|Kept?|yesno")),
)
"""Tables of a scheme's page: each with its title and its columns."""


def scheme_sections(result: Result) -> list[Section]:
    """The page of a scheme, from an answer that holds the rows of this one alone."""
    row = result.tables["schemes"][0]
    facts = [{"what": what, "said": said} for what, said in _facts(result, row).items() if said]
    money = [{"what": what, "pence": row[key]} for key, what in MONEY.items()]
    tables = (
        TableView("What it is", columns("what|What", "said|Answer"), facts),
        TableView("Money, £ million", columns("what|What", "pence|Amount|money"), money),
    )
    title = f"{row['scheme']}: {row['title']}"
    top = Section("scheme", title, result.words, result.figures, tables=tables)
    evidence = tuple(
        TableView(title, columns(*heads), result.tables[key])
        for key, title, heads in PARTS
        if result.tables.get(key)
    )
    return [top, Section("evidence", "Evidence", tables=evidence)]


def _facts(result: Result, row: Any) -> dict[str, str]:
    """What a scheme is, line by line."""
    typed, shown = (row[name].replace("_", " ") for name in ("typed_maturity", "maturity"))
    late = f", now expected {row['expected_start']}" if row["slip_months"] else ""
    return {
        "Organisation": result.names.get(row["organisation"], row["organisation"]),
        "Programme": row["programme"],
        "Kind": "; ".join(filter(None, (row[name].replace("_", " ") for name in KIND))),
        "Owner": row["owner"] or "nobody is named",
        "Gate": row["gate"] or "none passed",
        "Maturity": _maturity(typed, shown),
        "Start": f"{row['start'] or 'not stated'}{late}",
        "Worth to the system": row["worth"],
    }


def _maturity(typed: str, shown: str) -> str:
    """How far a scheme is: as it was entered, and what its evidence supports where that is less."""
    if typed == shown:
        return shown
    return f"entered as “{typed}”; the evidence so far supports “{shown}”"


def scheme_html(result: Result, fictional: bool = False) -> str:
    """The page as one self-contained web page, each of its figures explained."""
    row, book = result.tables["schemes"][0], result.book
    made = scheme_sections(result)
    made.append(every_figure({"schemes": result}, Focus("", "", {}, {}), shown_ids(made)))
    body = result.names.get(row["organisation"], row["organisation"])
    return page_html(
        paper(
            f"{row['scheme']}: {row['title']}",
            f"{body}, {year_label(str(result.options['year']))}",
            made,
            (FICTIONAL,) if fictional else (),
            f"Made by controltotal {VERSION} from “{book.name}”, entry {book.entry}, root {book.root}.",
        )
    )
