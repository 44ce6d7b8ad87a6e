"""Three approaches to a region's gap in one table: top slice, a neighbour's help, rapid savings.

The three that regions were reported to use in 2019. For each: who pays, how much, when, whether it
is paid back, and what cannot be told. A top slice takes an allocation away and gives nothing back;
help is lent and returns; a rapid savings scheme pays nothing to anybody and is worth what it saves.
Under each of them the region gains only what is saved. Source: domain guide, section 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controltotal.book.fold import Position
from controltotal.core.calendar import next_year, year_label
from controltotal.core.money import format_pounds, instalments
from controltotal.core.result import Answer
from controltotal.sharing.policy import BELOW, INPUT_WORDS, Shares

APPROACHES: Final[Mapping[str, str]] = {
    "top_slice": "Top slice",
    "neighbour_support": "A neighbour's help",
    "rapid_savings": "Rapid savings schemes",
}

MOST_NAMED: Final = 8
"""Payers named in one cell; of more the first are named."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose gap of which year is shared, and over how many years help is paid back."""

    year: str
    receiver: str
    repay_years: int


def answer_approaches(
    answer: Answer, position: Position, asked: Asked, given: Sequence[Shares]
) -> None:
    """The table ``approaches``, where all three were worked out; nothing else is computed here."""
    by_policy = {shares.policy: shares for shares in given}
    if not by_policy.keys() >= APPROACHES.keys():
        return
    rows: list[dict[str, object]] = []
    for policy, name in APPROACHES.items():
        shares = by_policy[policy]
        borne = [pence for pence in _borne(shares) if pence]
        rows.append(
            {
                "approach": name,
                "policy": policy,
                "who_pays": _who(policy, shares, asked.receiver),
                "least_pence": min(borne, default=None),
                "most_pence": max(borne, default=None),
                "when": _when(policy, asked.year),
                "repaid": _repaid(policy, shares, asked),
                "not_known": _not_known(policy, shares, position, asked),
            }
        )
    answer.table("approaches", rows)


def _borne(shares: Shares) -> Sequence[int]:
    """What each bears; where all together do not reach the whole, what each could bear at most."""
    return shares.at_most if shares.pence is None else shares.pence.tolist()


def _who(policy: str, shares: Shares, receiver: str) -> str:
    """Who bears it, in a few words; those who bear nothing are counted apart."""
    given = {code: p for code, p in shares.by_code().items() if code not in shares.spared}
    pay = [code for code, pence in given.items() if pence or shares.pence is None]
    if not pay:
        return "nobody is named" if policy == "neighbour_support" else "nobody"
    whom = f"{len(pay)} bodies" if len(pay) > 1 else "1 body"
    codes = (
        ", ".join(pay) if len(pay) <= MOST_NAMED else f"{', '.join(pay[:MOST_NAMED])} and others"
    )
    also = ", the receiver too" if receiver in pay else ""
    none = f"; spared: {', '.join(shares.spared)}" if shares.spared else ""
    return f"{whom}{also} ({codes}){none}"


def _when(policy: str, year: str) -> str:
    """When the money goes."""
    label = year_label(year)
    return {
        "top_slice": f"{label}, when allocations are cut",
        "neighbour_support": f"{label}, when the help is given",
    }.get(policy, f"{label}, as far as savings are made by its end")


def _repaid(policy: str, shares: Shares, asked: Asked) -> str:
    """Whether anything comes back, and how much a year."""
    if policy == "top_slice":
        return "no: what is cut is not lent"
    if policy == "rapid_savings":
        return "no: nothing is lent; it lasts where the savings recur"
    first, last = next_year(asked.year), next_year(asked.year, asked.repay_years)
    term = f"yes: {year_label(first)} to {year_label(last)}"
    if shares.pence is None:
        return term
    lent = {pence for code, pence in shares.by_code().items() if pence and code != asked.receiver}
    if len(lent) != 1:
        return term
    return f"{term}, {_pounds(instalments(lent.pop(), asked.repay_years)[0])} a year to each"


def _pounds(pence: int) -> str:
    """Millions with two places, where a third of a round sum is told; else as everywhere.

    >>> _pounds(166_666_667), _pounds(500_000_000)
    ('£1.67 million', '£5.0 million')
    """
    return format_pounds(pence, 2 if pence % 10_000_000 else 1)


def _not_known(policy: str, shares: Shares, position: Position, asked: Asked) -> str:
    """What a reader cannot be told."""
    unknown = []
    if shares.pence is None:
        for name, codes in shares.missing.items():
            unknown.append(f"{INPUT_WORDS[name]} of {', '.join(codes)}")
        if shares.short and shares.reason == BELOW:
            unknown.append(f"where the other {format_pounds(shares.short)} would come from")
        elif not unknown:
            unknown.append(shares.reason)
    if policy == "top_slice":
        unknown.append("what services would stop")
    if policy == "rapid_savings":
        unknown.append("how much of it can be made within the year")
    if policy == "neighbour_support":
        unknown += _of_the_loan(position, asked)
    return "; ".join(unknown)


def _of_the_loan(position: Position, asked: Asked) -> list[str]:
    """What the transfers of the book leave open: interest, the mechanism, agreement."""
    rows = [
        row
        for row in position.book.transfers
        if (row.to, row.year, row.kind) == (asked.receiver, asked.year, "neighbour_support")
    ]
    if not rows:
        return ["interest", "whether the receiver can pay it back"]
    open_ = []
    if all(row.interest is None for row in rows):
        open_.append("interest")
    if any(row.status == "proposed" for row in rows):
        open_.append("whether it is agreed")
    return [*open_, "whether the receiver can pay it back"]
