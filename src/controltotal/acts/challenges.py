"""Acts on control totals: a challenge, and the answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.desk import Done, How, done

if TYPE_CHECKING:
    from controltotal.acts.desk import Ledger


def challenge(
    ledger: Ledger, organisation: str, year: str, grounds: str, **how: Unpack[How]
) -> Done:
    """Record a challenge to the control total of a body; it stays open until it is answered."""

    def prepare(desk: Bench) -> None:
        rows = desk.position.book.control_totals
        if not any(row.organisation == organisation for row in rows):
            desk.notices.append(f"the book holds no control total of {organisation} to challenge")
        desk.put(
            "challenges",
            {
                "organisation": organisation,
                "year": year,
                "by": desk.by,
                "on": desk.on.isoformat(),
                "grounds": grounds,
            },
        )

    return done(ledger, "challenge", prepare, how)


def answer_challenge(
    ledger: Ledger, organisation: str, answer: str, outcome: str, **how: Unpack[How]
) -> Done:
    """Answer the latest open challenge of a body; what was asked stays as it was asked."""

    def prepare(desk: Bench) -> None:
        rows = [
            r
            for r in desk.position.book.challenges
            if r.organisation == organisation and not r.answer
        ]
        if not rows:
            what = f"{organisation} has no open challenge"
            raise ActRefused(what, "challenges", "record it first")
        old = max(rows, key=lambda row: (row.on, row.number))
        cells = dict(desk.position.entries[old.entry].cells)
        if desk.on <= old.on:
            desk.withdraw(desk.position.entries[old.entry])
        desk.put(
            "challenges",
            {**cells, "answer": answer, "outcome": outcome, "known_on": desk.on.isoformat()},
        )

    return done(ledger, "answer", prepare, how)
