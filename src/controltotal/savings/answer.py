"""Question 5: what could be saved, without counting twice, by a book and by benchmark data.

A book lists opportunities that somebody found (`overlap`); benchmark data show them area by area
(`opportunity`). Both are theoretical, and both come as ranges.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from controltotal.core.calendar import year_label
from controltotal.core.errors import BookError
from controltotal.core.late import Late
from controltotal.core.result import Answer, Result
from controltotal.savings.overlap.book import add_book
from controltotal.workings.workings import Workings

if TYPE_CHECKING:
    from controltotal.savings.opportunity import answer as benchmarks
    from controltotal.savings.opportunity import catalogue as measured
    from controltotal.savings.opportunity import peers
else:  # loaded where benchmark data are asked for
    benchmarks = Late("controltotal.savings.opportunity.answer")
    measured = Late("controltotal.savings.opportunity.catalogue")
    peers = Late("controltotal.savings.opportunity.peers")


def answer_opportunities(
    workings: Workings | None,
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
    if workings is None and not wants_data:
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
        "opportunities",
        workings.position.ref if workings else None,
        {k: v for k, v in options.items() if v},
    )
    if workings is not None and not add_book(answer, workings, year, organisation):
        answer.words(
            "The book lists no opportunities" + (f" for {year_label(year)}." if year else "."),
            topic="opportunity",
            year=year or "",
        )
    if wants_data:
        benchmarks.add_benchmarks(
            answer, data=data, areas=areas, measures=measures, period=period, benchmark=benchmark
        )
    return answer.result()


def opportunity_shown(codes: Sequence[str], shown: Result) -> dict[str, int]:
    """What benchmarks show of each body with its areas and trusts, in pence, nil at least.

    `shown` answers `opportunities` for these bodies. A body of which the data say nothing is left
    out: nothing is known of it, which is not nil.
    """
    facts = peers.area_facts(measured.catalogue(None))
    net = {
        figure.organisation: figure.value
        for figure in shown.figures
        if (figure.measure, figure.part) == ("opportunity_total", "netted")
        and isinstance(figure.value, int)
    }
    found: dict[str, int] = {}
    for code in codes:
        parts = {*facts.areas_of(code), *facts.trusts_of(code)} & net.keys()
        if parts:
            found[code] = max(0, sum(net[part] for part in parts))
    return found
