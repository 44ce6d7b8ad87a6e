"""What waits beside money and schemes: questions from outside, and offices that end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from controltotal.acts.actors import offices
from controltotal.acts.matter import Waiting, body_names
from controltotal.book.row_keys import row_key
from controltotal.core.calendar import CalendarError, parse_year_id, year_label
from controltotal.core.measures import measures
from controltotal.workings.workings import Workings

ANSWERED_IN: Final = timedelta(days=28)
"""Twenty working days: within which a question from outside is answered."""
ENDS_SOON: Final = timedelta(days=14)


def question_matters(workings: Workings, today: date) -> list[Waiting]:
    """Questions from outside without an answer, and withheld figures whose review is due."""
    found = [
        Waiting(
            "question",
            f"Question {row.id}, from a {row.by_kind}",
            f"questions/{row.id}",
            row.on,
            row.on + ANSWERED_IN,
            f"/asked#{row.id}",
            "Answer",
            "the question",
            offices()["reply"],
            "reply",
            "",
            why=row.text,
        )
        for row in workings.position.book.questions
        if not row.answer
    ]
    found += [
        Waiting(
            "review",
            f"{figure_words(workings, row.figure)}: withheld, and its review is due",
            row_key("withheld", row.texts),
            row.review_on,
            row.review_on,
            "/withheld",
            "Review",
            "what is withheld",
            offices()["withhold"],
            "withhold",
            "",
            why=row.reason,
        )
        for row in workings.position.book.withheld
        if row.review_on is not None and row.review_on <= today and row.until is None
    ]
    return found


def figure_words(workings: Workings, id: str) -> str:
    """A figure by its id in the words of people: what it is, of whom, of which year and basis."""
    name, *rest = id.split("/")
    known = measures().get(name)
    words = [known.name if known is not None else name.replace("_", " ").capitalize()]
    names = body_names(workings)
    for part in rest:
        try:
            words.append(names.get(part) or year_label(parse_year_id(part)))
        except CalendarError:
            words.append(part.replace("_", " "))
    return ", ".join(words)


def office_matters(workings: Workings, today: date) -> list[Waiting]:
    """Offices that end within a fortnight; it tells no figure."""
    names = body_names(workings)
    return [
        Waiting(
            "office",
            f"{row.role.replace('_', ' ').capitalize()} at "
            f"{names.get(row.organisation, row.organisation)} ends",
            row_key("grants", row.texts),
            None,
            row.to,
            "/people",
            "Renew or let end",
            "the office",
            offices()["grant"],
            "grant",
            row.organisation,
        )
        for row in workings.position.book.grants
        if row.to is not None and today <= row.to <= today + ENDS_SOON
    ]
