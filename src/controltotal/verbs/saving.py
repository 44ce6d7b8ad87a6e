"""What could be saved, without counting twice: question 5."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from controltotal.core.progress import Progress
from controltotal.core.result import Result
from controltotal.savings.answer import answer_opportunities
from controltotal.verbs.asking import codes_read
from controltotal.verbs.long import long
from controltotal.verbs.opening import Book, Moment, code_of, named, opened, years_read


@long
@years_read
def opportunities(
    book: Book | None = None,
    year: str | None = None,
    organisation: str | None = None,
    as_at: Moment = None,
    *,
    data: str | Path | None = None,
    areas: str | Sequence[str] = (),
    measures: str | Sequence[str] = (),
    period: str | None = None,
    benchmark: str | None = None,
    book_only: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Question 5, what could be saved without counting twice: a book's own lists, and benchmarks.

    `data` is a folder of benchmark files; without it the packaged extract answers where `areas`
    (codes), `measures` (names) or a `period` (`2025`, `2024/25`, `2025-03`) are asked for. Areas
    and measures are lists, or text with commas. `benchmark` is `best5of10`, `median`, `quartile`,
    `decile` or `national`. `year` and `organisation` narrow what a book lists.
    `book_only` takes nothing from the packaged published tables.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds each opportunity in pence, from benchmarks with `low` and `high`, and totals
    net of overlap between their bounds.

    >>> opportunities("examples/fictional-system").verb
    'opportunities'
    """
    workings = None if book is None else opened(book, as_at, None, organisation, book_only)
    if workings is not None:
        organisation = code_of(workings.position, organisation)
    found = answer_opportunities(
        workings,
        year,
        organisation,
        data=data,
        areas=codes_read(areas),
        measures=codes_read(measures),
        period=period,
        benchmark=benchmark,
    )
    return found if workings is None else named(found, workings)
