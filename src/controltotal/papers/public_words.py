"""Plain words for the public paper: sums of money, who did what, and what the words mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.papers.board_notes import cell
from controltotal.papers.board_rows import to_date_cells
from controltotal.papers.board_words import pounds
from controltotal.papers.sections import Focus, Results

Row = Mapping[str, Any]

WITHHELD: Final = "withheld"
SYSTEMS: Final = ("system", "region", "nation", "cluster", "footprint")
"""Kinds of organisation that are the health service of a place, and are said to be it."""
DRIVERS: Final[Mapping[str, str]] = {
    "pay": "pay for staff",
    "agency_pay": "agency staff",
    "bank_pay": "bank staff",
    "non_pay": "goods and services",
    "drugs": "drugs",
    "other_costs": "other costs",
    "purchase_of_healthcare": "care bought from others",
    "running_costs": "running the office",
    "income": "money coming in",
    "savings_less": "savings that came late or not at all",
    "savings_more": "more savings than planned",
}
"""What made a year better or worse than its plan, as people say it."""
MEANINGS: Final[tuple[tuple[str, str, str], ...]] = (
    ("short", "Short", "More was spent than came in. Also called a deficit."),
    ("plan", "Plan", "What was meant to happen, set out before the year began."),
    ("expect", "Expected", "What those in charge now think will happen. Also called a forecast."),
    (
        "asked",
        "Asked for",
        "The result that someone above set for the year. Also called a control total.",
    ),
    ("saving", "Saving", "Doing the same for less money, or doing less."),
    ("agency", "Agency staff", "Staff hired by the shift from a firm. They cost more."),
    (
        "support",
        "Support",
        "Money that one part of the NHS gives or lends to another. It does not save anything.",
    ),
    ("withheld", "Withheld", "Known, and not shown here. The reason is given."),
    ("quality", "Refused on quality", "Checked by nurses and doctors, and found not safe enough."),
    ("assess", "Under assessment", "An idea that is still being checked. Nobody has agreed to it."),
    ("brackets", "(Brackets)", "Short of money, or worse than the plan."),
)
"""What the words mean: a piece of the word that must be said, the word, and its meaning."""


def who(focus: Focus, code: str = "") -> str:
    """What people call the organisation that a paper is about.

    >>> who(Focus("S", "2026-27", {"S": "Dale"}, {"S": "system"}))
    'The NHS in Dale'
    >>> who(Focus("S", "2026-27", {"S": "Dale care system"}, {"S": "system"}))
    'Dale care system'
    """
    code = code or focus.organisation
    name = focus.name(code)
    said = name.lower()
    place = focus.kinds.get(code) in SYSTEMS and not said.startswith(("nhs", "the "))
    place = place and "system" not in said
    return f"The NHS in {name}" if place else name


def short(pence: int) -> str:
    """Where a year stands, in plain words.

    >>> short(-500_000_000), short(0), short(500_000_000)
    ('£5.0m short', 'with nothing over and nothing short', '£5.0m over')
    """
    if not pence:
        return "with nothing over and nothing short"
    return f"{pounds(pence)} {'short' if pence < 0 else 'over'}"


def against(pence: int, other: str = "planned") -> str:
    """How far from the plan, in plain words.

    >>> against(-500_000_000), against(0), against(2, "asked for")
    ('£5.0m worse than planned', 'just as planned', 'less than £0.1m better than asked for')
    """
    if not pence:
        return f"just as {other}"
    return f"{pounds(pence)} {'worse' if pence < 0 else 'better'} than {other}"


def money(found: Figure | None) -> int | None:
    """The pence of a figure that is told."""
    return found.value if found is not None and isinstance(found.value, int) else None


def hidden(found: Figure | None) -> bool:
    """Whether a figure is withheld, which is not the same as not told."""
    return found is not None and found.status == WITHHELD


def shown(row: Row, table: str, column: str) -> Any:
    """A number of a row; the word *withheld* where it is."""
    return WITHHELD if column in lost(row) else cell(row, table, column)


def shown_to_date(results: Results, row: Row, names: Sequence[str]) -> dict[str, Any]:
    """Numbers of a row of the position to date; the word *withheld* where one is."""
    gone = lost(row)
    cells = to_date_cells(results, row, names)
    return {
        name: WITHHELD if name in gone or hidden_cell(value) else value
        for name, value in cells.items()
    }


def hidden_cell(value: Any) -> bool:
    """Whether a cell is a figure that is withheld."""
    return isinstance(value, Figure) and value.status == WITHHELD


def lost(row: Row) -> set[str]:
    """The columns of a row that are withheld."""
    return set(filter(None, str(row.get("withheld") or "").split(", ")))


def placed(places: str, focus: Focus) -> str:
    """The places of a scheme by name; all council areas of the data are said to be so.

    >>> focus = Focus("S", "", {"A": "Ashby", "B": "Barford"}, {c: "local_authority" for c in "AB"})
    >>> placed("A", focus), placed("A; B", focus)
    ('Ashby', 'All council areas here')
    """
    codes = [code for code in places.split("; ") if code]
    councils = {code for code, kind in focus.kinds.items() if kind == "local_authority"}
    if len(codes) > 1 and councils and councils == set(codes):
        return "All council areas here"
    return ", ".join(focus.name(code) for code in codes)


def meanings(texts: Iterable[str]) -> list[dict[str, str]]:
    """The words that some texts use, each with what it means."""
    said = " ".join(texts).lower()
    return [{"word": word, "meaning": what} for piece, word, what in MEANINGS if piece in said]
