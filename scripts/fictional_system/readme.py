"""The README of the fictional book: what it is, what to look for, and that none of it is real."""

from __future__ import annotations

from .book import Book
from .scheme import Scheme

_HEAD = """# Fenmarch and Alderwick: a fictional integrated care system

**Everything here is invented.** No body, place, person, scheme or figure is real, and none
stands for one. Only the orders of magnitude follow published ones: a system of about 1.8 million
people, an allocation of about £3.6 billion a year, savings of about 7% of it, plans that balance
only with deficit support.

The book is written by `scripts/make_fictional_system.py` with a fixed seed; running it again
gives the same bytes:

    python scripts/make_fictional_system.py examples/fictional-system

Money is in thousands of pounds. It covers plans for 2026/27 by month and for 2027/28 and 2028/29
by year, actuals to month 9 (December 2026), forecasts by month, and three years of history.

## The story

The board and its six trusts plan a deficit of £45.6 million in 2026/27 before support: £40.0
million of deficit support and £6.0 million lent by the neighbour board bring them to balance.
By December agency staff have cost £14.0 million more than planned, and savings are £3.6 million
behind, about half of it in schemes that should have begun. The forecast is a deficit of £49.0
million: it looks for £21.5 million from non-pay and from the board's reserves, of which £3.6
million had come by December, and so needs a last quarter better than any so far. Savings of
£{planned:.1f} million are planned ({share:.1%} of the allocation), of which £{unidentified:.1f}
million have no scheme.
The most ever delivered is £186.2 million. The two smaller acute trusts merge on 1 April 2027.
Support halves in 2027/28 and ends in 2028/29, when the plans still lack £20.0 million.

## Who is who

| code | body |
|---|---|
"""


def render(book: Book, schemes: list[Scheme], planned: int, unidentified: int) -> str:
    """The README in Markdown."""
    out = [
        _HEAD.format(
            planned=(planned + unidentified) / 1000,
            share=(planned + unidentified) / 3_602_000,
            unidentified=unidentified / 1000,
        ).rstrip()
    ]
    for row in book.rows["organisations"]:
        out.append(f"| {row['code']} | {row['name'].replace(' (fictional)', '')} |")
    out += ["", "Codes hold a hyphen, which no real organisation code does.", ""]
    out += [
        "## What to look for",
        "",
        "These are deliberate. Anything else that a check finds is a fault.",
        "",
    ]
    out += ["| what | where | why |", "|---|---|---|"]
    out += [f"| {what} | {ids} | {why} |" for what, ids, why in book.cases]
    stages: dict[str, int] = {}
    for scheme in schemes:
        stages[scheme.maturity] = stages.get(scheme.maturity, 0) + 1
    out += [
        "",
        f"## The {len(schemes)} schemes by typed maturity",
        "",
        "| maturity | schemes |",
        "|---|---|",
    ]
    out += [f"| {stage} | {count} |" for stage, count in sorted(stages.items())]
    out += [
        "",
        "A scheme of maturity `unidentified` names the same money as the line",
        "`savings_unidentified` and is not counted in the plan, so nothing counts twice.",
        "",
        "Licence: CC0 1.0.",
        "",
    ]
    return "\n".join(out)
