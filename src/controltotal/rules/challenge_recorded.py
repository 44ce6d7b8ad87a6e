"""What a book records around a challenge: claims on both sides, what was asked by a day, and answers.

These are rows shown as they stand, beside the figures; nothing is weighed here.
"""

from __future__ import annotations

from controltotal.book.fold import Position
from controltotal.core.calendar import year_end
from controltotal.core.result import Answer
from controltotal.rules.challenge_evidence import claims
from controltotal.rules.challenge_words import Gathered


def put_claims(answer: Answer, known: Gathered, position: Position, code: str, year: str) -> None:
    """The claims of what is fair that the book holds of a body, with what is said against each."""
    found = claims(position, code, year)
    known.claims = tuple((row.grounds, row.answer or "") for row in found)
    answer.table(
        "claims",
        [
            {
                "organisation": code,
                "year": year,
                "claim": row.grounds,
                "by": row.by,
                "against_it": row.answer or "no answer in the book",
                "where": row.where,
            }
            for row in found
        ],
    )


def put_promised(answer: Answer, known: Gathered, position: Position, code: str, year: str) -> None:
    """What was asked of the body by a day, and what was promised in public, as the book records it."""
    rows = [row for row in position.book.promises if (row.organisation, row.year) == (code, year)]
    asked = [row.due for row in rows if row.due and row.measure and row.due != year_end(year)]
    known.due = min(asked, default=known.due)  # the last day of the year goes without saying
    answer.table(
        "promises",
        [
            {
                "organisation": code,
                "year": year,
                "by": row.by,
                "text": row.text,
                "due": row.due.isoformat() if row.due else "",
                "where": row.where,
            }
            for row in rows
        ],
    )


def put_recorded(
    answer: Answer, position: Position, year: str | None, organisation: str | None
) -> None:
    """The challenges that the book records, and what became of them."""
    rows = [
        row
        for row in position.book.challenges
        if (organisation is None or row.organisation == organisation)
        and (year is None or row.year == year)
    ]
    answer.table(
        "challenges",
        [
            {
                "organisation": row.organisation,
                "year": row.year,
                "by": row.by,
                "on": row.day("on"),
                "grounds": row.grounds,
                "answer": row.answer or "",
                "outcome": row.outcome or "",
                "where": row.where,
            }
            for row in rows
        ],
    )
    for row in rows:
        if not row.answer:
            answer.finding(
                code="CHALLENGE_UNANSWERED",
                severity="warning",
                organisation=row.organisation,
                where=row.where,
                message=f"A challenge of {row.day('on')} by {row.by} has no answer in the book.",
                expected="an answer and an outcome",
                found="neither",
                action="Record the answer given, and the outcome.",
                detail=row.detail,
            )
