"""What bears on a challenge, and what a body inherits: answers that bring several rooms together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from controltotal.verbs.questions import Book

if TYPE_CHECKING:
    from controltotal.core.result import Result
    from controltotal.workings.workings import Workings


def challenge(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """Is a control total fair, is it achievable: the figures that bear on it, with their sources."""
    from controltotal.rules.challenge import answer_challenge
    from controltotal.verbs import questions

    workings = questions.opened(book, as_at, year, organisation)
    return answer_challenge(workings, year, organisation, safe=_safe(workings, year))


def challenge_page(
    book: Book,
    output: str,
    organisation: str,
    year: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """The answer to a challenge as a page of its own, written to `output`; gives the answer."""
    from controltotal.papers.challenge_page import challenge_html
    from controltotal.verbs import across, questions

    workings = questions.opened(book, as_at)
    one = year or workings.position.default_year
    found = challenge(workings, one, organisation)
    results = {
        "challenge": found,
        "position": questions.position(workings, one),
        "register": across.register(workings, one),
    }
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(challenge_html(results, organisation, one), encoding="utf-8")
    return found


def history(
    book: Book,
    year: str | None = None,
    organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:
    """What a body inherits: money, balances and people of those it follows, by shares."""
    from controltotal.accounts.history import answer_history
    from controltotal.verbs import questions

    workings = questions.opened(book, as_at, year, organisation)
    return answer_history(workings, year, organisation)


def _safe(workings: Workings, year: str | None) -> Mapping[tuple[str, str], int]:
    """The most that eligible schemes save in the year, by body: what a portfolio chooses."""
    from controltotal.savings.portfolio.answer import safe_savings

    reading = workings.position
    one = year or reading.default_year
    if not reading.book.schemes or not one or len(one) > 7:
        return {}
    return {(code, one): pence for code, pence in safe_savings(workings, one).items()}
