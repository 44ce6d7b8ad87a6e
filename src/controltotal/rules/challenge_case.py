"""One body and year that is challenged: what is found of it goes into one answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from controltotal.core.result import Answer
from controltotal.rules.challenge_evidence import Found
from controltotal.rules.challenge_words import Gathered
from controltotal.workings.totals import Totals, figure_id


@dataclass(slots=True)
class Case:
    """One body and year: the figures put so far, and the rows of the page."""

    answer: Answer
    totals: Totals
    code: str
    year: str
    known: Gathered = field(default_factory=Gathered)

    def put(
        self,
        measure: str,
        found: Found | None,
        what: str,
        *,
        year: str = "",
        part: str = "",
        note: str = "",
    ) -> int | float | None:
        """Add a figure and its row; nothing where it is not known."""
        if found is None:
            return None
        year = year or self.year
        name = figure_id(measure, self.code, year, "plan", part)
        value = found.value if found.known else None
        if not self.answer.has(name):
            self.answer.figure(
                name,
                value,
                found.unit,
                "ok" if found.known else "bounded",
                low=found.low,
                rule=found.rule,
                inputs=found.inputs,
                entries=found.entries,
                qualifier=found.qualifier,
            )
        self.answer.table(
            "evidence",
            [
                {
                    "organisation": self.code,
                    "year": self.year,
                    "what": what,
                    "figure": name,
                    "of_year": year,
                    "value": value,
                    "unit": found.unit,
                    "source": found.rule,
                    "note": note,
                }
            ],
        )
        return value
