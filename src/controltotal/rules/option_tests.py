"""The four tests of an option under the Capped Expenditure Process, in their order.

First a quality impact assessment, then a financial appraisal, then a view of what the option does to
the longer-term strategy; those that go further are put to the people whom they touch, and nothing
progresses before. Whether quality and safety are assured is the one judgement by which every scheme
counts or does not; an option that fails it passes no test of this process either.
Source: North West Evening Mail 2017; domain guide 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from controltotal.book.records import Scheme
from controltotal.programme.evidence import passed
from controltotal.programme.judging import Judgement
from controltotal.rules.reading import Reading

QUALITY: Final = "quality impact assessment"
FINANCE: Final = "financial appraisal"
STRATEGY: Final = "view of the longer-term strategy"
PEOPLE: Final = "engagement of the people touched"
TESTS: Final = (QUALITY, FINANCE, STRATEGY, PEOPLE)
"""The tests in the order in which an option goes through them."""
PROGRAMME: Final = "capped_expenditure"
OF_QUALITY: Final = ("QUALITY_", "SIGNATURE_", "PANEL_", "SCREENING_", "EQUALITY_", "SCHEME_")
"""How the codes of reasons begin that speak of quality and safety."""


@dataclass(frozen=True, slots=True)
class OptionTest:
    """One test of one option: `state` is passed, not passed, not needed or not said."""

    name: str
    state: str
    on: date | None = None
    why: str = ""
    entries: tuple[int, ...] = ()

    @property
    def holds_back(self) -> bool:
        """Whether the option may not progress for it."""
        return self.state not in ("passed", "not needed")


def options_of(reading: Reading, code: str, year: str) -> tuple[Scheme, ...]:
    """The options of a system: the schemes of its bodies that are in the process."""
    bodies = {code, *reading.tree.descendants(code, year)}
    found = [row for body in sorted(bodies) for row in reading.schemes.get(body, ())]
    return tuple(row for row in found if row.programme == PROGRAMME)


def tests_of(reading: Reading, option: Scheme) -> tuple[OptionTest, ...]:
    """The four tests of an option in their order."""
    judgement = reading.workings.judgements[option.id]
    decided = judgement.evidence.latest("G3")
    day = decided.on if decided is not None and passed(decided) else None
    return (
        _quality(judgement, day),
        _finance(judgement, day),
        _strategy(reading, option),
        _people(reading, option, judgement, day),
    )


def _quality(judgement: Judgement, decided: date | None) -> OptionTest:
    """The judgement by which schemes count, as far as it speaks of quality and safety."""
    why = [reason.text for reason in judgement.reasons if reason.code.startswith(OF_QUALITY)]
    rows = judgement.evidence.gates.get("QIA", ())
    on = max((row.on for row in rows), default=None)
    if not why and on is not None and decided is not None and on > decided:
        why = [f"the decision of {decided} came before it"]
    entries = tuple(row.entry for row in (*rows, *judgement.evidence.assessments))
    return OptionTest(QUALITY, "not passed" if why else "passed", on, "; ".join(why), entries)


def _finance(judgement: Judgement, decided: date | None) -> OptionTest:
    row = judgement.evidence.latest("finance")
    if row is None:
        return OptionTest(FINANCE, "not passed", None, "there is none")
    if not passed(row):
        return OptionTest(FINANCE, "not passed", row.on, "it was not approved", (row.entry,))
    if decided is not None and row.on > decided:
        why = f"the decision of {decided} came before it"
        return OptionTest(FINANCE, "not passed", row.on, why, (row.entry,))
    return OptionTest(FINANCE, "passed", row.on, "", (row.entry,))


def _strategy(reading: Reading, option: Scheme) -> OptionTest:
    row = reading.of_scheme.get((option.id, "longer_term_view"))
    if row is None or not row.value:
        entries = (row.entry,) if row is not None else ()
        return OptionTest(STRATEGY, "not passed", None, "there is none", entries)
    return OptionTest(STRATEGY, "passed", None, "", (row.entry,))


def _people(
    reading: Reading, option: Scheme, judgement: Judgement, decided: date | None
) -> OptionTest:
    """People are involved where an option goes further, and before the decision."""
    waits = [r.text for r in judgement.reasons if r.code == "ENGAGEMENT_WAITS"]
    further = reading.of_scheme.get((option.id, "engagement_needed"))
    rows = [r for r in reading.position.book.engagements if r.scheme == option.id]
    entries = tuple(row.entry for row in (further, *rows) if row is not None)
    begun = min((row.from_ for row in rows if row.from_ is not None), default=None)
    if further is None:
        lack = "nobody says whether the option goes further (engagement_needed, yes or no)"
        return OptionTest(PEOPLE, "not said", begun, lack, entries)
    why = []
    if further.value and begun is None:
        why.append("nobody was involved")
    elif further.value and decided is not None and begun is not None and begun > decided:
        why.append(f"people were involved from {begun}, after the decision of {decided}")
    why += waits
    if why:
        return OptionTest(PEOPLE, "not passed", begun, "; ".join(why), entries)
    if not further.value:
        return OptionTest(PEOPLE, "not needed", None, "the option goes no further", entries)
    return OptionTest(PEOPLE, "passed", begun, "", entries)


def test_rows(reading: Reading, code: str, year: str) -> list[dict[str, object]]:
    """The table of the tests: each option through them in order; of a system without any, the tests."""
    options = options_of(reading, code, year)
    rows: list[dict[str, object]] = []
    for option in options:
        for order, test in enumerate(tests_of(reading, option), start=1):
            rows.append(_row(code, year, option.id, option.title, order, test))
    if not options:
        lacking = "no option is published or in the book"
        rows = [
            _row(
                code, year, "", "none published", order, OptionTest(name, "not said", None, lacking)
            )
            for order, name in enumerate(TESTS, start=1)
        ]
    return rows


def _row(
    code: str, year: str, option: str, title: str, order: int, test: OptionTest
) -> dict[str, object]:
    return {
        "organisation": code,
        "year": year,
        "option": option,
        "title": title,
        "order": order,
        "test": test.name,
        "state": test.state,
        "on": test.on.isoformat() if test.on else "",
        "why": test.why,
    }
