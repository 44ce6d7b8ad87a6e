"""Question 5: what could be saved, without counting twice, by a book and by benchmark data.

A book lists opportunities that somebody found (`overlap`); benchmark data show them area by area
(`opportunity`). Both are theoretical, and both come as ranges.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from controltotal.book.fold import Position
from controltotal.core.calendar import year_label
from controltotal.core.errors import BookError
from controltotal.core.result import Answer, Result
from controltotal.savings.opportunity.answer import add_benchmarks
from controltotal.savings.overlap.book import add_book


def answer_opportunities(
    position: Position | None,
    year: str | None = None,
    organisation: str | None = None,
    *,
    data: str | Path | None = None,
    areas: Sequence[str] = (),
    measures: Sequence[str] = (),
    period: str | None = None,
    benchmark: str | None = None,
) -> Result:
    """The opportunities of a book (every year of them) and of benchmark data, where asked for."""
    wants_data = bool(data or areas or measures or period or benchmark)
    if position is None and not wants_data:
        raise BookError(
            "there is nothing to look at",
            "the command",
            "name a book, or benchmark data: --areas QE1 --period 2025 (and --data FOLDER)",
        )
    options = {
        "year": year,
        "organisation": organisation,
        "data": data and Path(data).name,
        "areas": list(areas),
        "measures": list(measures),
        "period": period,
        "benchmark": benchmark,
    }
    answer = Answer(
        "opportunities", position.ref if position else None, {k: v for k, v in options.items() if v}
    )
    if position is not None and not add_book(answer, position, year, organisation):
        answer.words(
            "The book lists no opportunities" + (f" for {year_label(year)}." if year else "."),
            topic="opportunity",
            year=year or "",
        )
    if wants_data:
        add_benchmarks(
            answer, data=data, areas=areas, measures=measures, period=period, benchmark=benchmark
        )
    return answer.result()
