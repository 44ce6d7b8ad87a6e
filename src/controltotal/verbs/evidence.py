"""What bears on a challenge, and what a body inherits: answers that bring several rooms together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controltotal.book.fold import Position
    from controltotal.core.result import Result


def challenge(
    book: str | Path | Position,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Is a control total fair, is it achievable: the figures that bear on it, with their sources."""
    from controltotal.rules.challenge import answer_challenge
    from controltotal.verbs import questions
    from controltotal.verbs.asking import asked

    reading = asked(questions.read(book, as_at), year, organisation)
    return answer_challenge(reading, year, organisation, safe=_safe(reading, year))


def challenge_page(
    book: str | Path | Position,
    output: str,
    organisation: str,
    year: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """The answer to a challenge as a page of its own, written to `output`; gives the answer."""
    from controltotal.papers.challenge_page import challenge_html
    from controltotal.verbs import across, questions

    reading = questions.read(book, as_at)
    one = year or reading.default_year
    found = challenge(reading, one, organisation)
    results = {
        "challenge": found,
        "position": questions.position(reading, one),
        "register": across.register(reading, one),
    }
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(challenge_html(results, organisation, one), encoding="utf-8")
    return found


def history(
    book: str | Path | Position,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """What a body inherits: money, balances and people of those it follows, by shares."""
    from controltotal.accounts.history import answer_history
    from controltotal.verbs import questions
    from controltotal.verbs.asking import asked

    reading = asked(questions.read(book, as_at), year, organisation)
    return answer_history(reading, year, organisation)


def _safe(reading: Position, year: str | None) -> Mapping[tuple[str, str], int]:
    """The most that eligible schemes save in the year, by body: what a portfolio chooses."""
    from controltotal.verbs import questions

    one = year or reading.default_year
    if not reading.book.schemes or not one or len(one) > 7:
        return {}
    found = questions.portfolio(reading, one)
    return {
        (figure.organisation, figure.year): figure.value
        for figure in found.figures
        if figure.measure == "portfolio_saving"
        and not figure.part
        and isinstance(figure.value, int)
    }
