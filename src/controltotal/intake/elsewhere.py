"""What the rest of a workbook says of a table: whose it is, and whether a book has a place for it.

A pack has a cover that names the body and the month, and sheets (balance sheet, cash flow, people)
that hold no surplus. The first is taken over by tables that say nothing themselves, where the whole
workbook names one body alone; the second are left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from controltotal.intake.claims import of_cover
from controltotal.intake.ground import words_above
from controltotal.intake.model import Claim, Grid, Seen

NOWHERE: Final = (-1, -1)
_OF_SURPLUS: Final = re.compile(
    r"\b(?:income|expenditure|surplus|deficit|i\s?&\s?e|soci|sci|comprehensive|budget)\b",
    re.IGNORECASE,
)
_OTHER: Final = (
    (
        re.compile(
            r"\b(?:balance sheet|statements? of financial position|sofp|sfp)\b", re.IGNORECASE
        ),
        "a balance sheet, of which a book holds the cash alone",
    ),
    (
        re.compile(r"\bcash\s?flows?\b", re.IGNORECASE),
        "a cash flow, which is no part of the surplus",
    ),
    (
        re.compile(
            r"\bcapital (?:program(?:me)?s?|plans?|expenditure|spend|schemes?|budget|projects?)\b|\bcapex\b"
            r"|^capital$",
            re.IGNORECASE,
        ),
        "capital, which is no part of the surplus",
    ),
    (
        re.compile(
            r"\b(?:aged (?:debt(?:ors?)?|creditors?)|bppc|better payment practice)\b", re.IGNORECASE
        ),
        "debts and payments, which are no part of the surplus",
    ),
)


def with_cover(sheets: Sequence[tuple[Grid, list[Seen]]]) -> list[tuple[Grid, list[Seen]]]:
    """The tables of a workbook, each with what its cover and its other sheets say of all of them."""
    said = of_cover(grid for grid, _ in takewhile(lambda one: not one[1], sheets))
    if not any(claim.what == "organisation" for claim in said):
        said += _one_body([seen for _, found in sheets for seen in found])
    return [
        (grid, [replace(seen, claims=(*seen.claims, *said)) for seen in found])
        for grid, found in sheets
    ]


def _one_body(tables: Sequence[Seen]) -> tuple[Claim, ...]:
    """The body that the titles of some tables name, where they all name one."""
    claims = [
        claim
        for seen in tables
        for claim in seen.claims
        if claim.what == "organisation" and claim.place[0] >= 0
    ]
    if len({" ".join(claim.value.casefold().split()) for claim in claims}) != 1:
        return ()
    return (replace(claims[0], place=NOWHERE),)


def of_no_place(seen: Seen) -> str:
    """Why a book has no place for a table of money; empty where it may have one.

    Only the name of the sheet and the words above the table are believed.
    """
    money = [head.measure for head in seen.heads if head.means == "money"]
    people = [m for m in money if m.fact or m.unit == "wte"]
    if people and all(m in people or m.unit == "%" or m.basis in _CHECKS for m in money):
        return "people, not money"
    words = words_above(seen)
    if any(map(_OF_SURPLUS.search, words)):
        return ""
    return next((why for shape, why in _OTHER if any(map(shape.search, words))), "")


_OF_SAVINGS: Final = re.compile(
    r"\b(?:efficienc(?:y|ies)|savings?|cost improvements?|cips?|qipp|crip)\b", re.IGNORECASE
)


def of_capital(seen: Seen) -> bool:
    """Whether a list of schemes is of what is built or bought: its title says so, and nothing of savings."""
    words = words_above(seen)
    return "capital" in of_no_place(seen) and not any(map(_OF_SAVINGS.search, words))


_CHECKS: Final = frozenset({"variance", "percent", "movement"})
