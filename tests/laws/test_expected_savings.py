"""A portfolio and a forecast expect the same of a scheme: to the penny, body by body, any delay."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings

from controltotal.outlook.candidates import candidates
from controltotal.outlook.closed_forms import source_moments
from controltotal.outlook.inputs import build_inputs
from controltotal.savings.portfolio.build import Asked, build
from controltotal.workings.workings import Workings
from tests.reckoning_books import FIRST, Programme, programmes
from tests.strategies import position_of

PENNIES = 13  # one for each month, and one for the rounding of the whole
few = settings(max_examples=max(20, settings().max_examples // 3))


def by_risk(workings: Workings) -> dict[str, dict[str, float]]:
    """What each scheme that counts is expected to bring to each body, without a single draw."""
    judged = workings.judgements
    every = candidates(judged.eligible(), judged.ineligible(), pipeline=False)
    inputs = build_inputs(workings, every, year=FIRST, later_years=False, independent=True)
    if inputs.model is None:
        return {}
    return {
        source.name: {body: source_moments(source)[0] * part for body, part in source.parts}
        for source in inputs.model.sources
    }


def by_portfolio(workings: Workings) -> dict[str, Mapping[str, int]]:
    """The same of each scheme that may be chosen, at its earliest start."""
    built = build(workings, workings.judgements.eligible(), {}, Asked((FIRST,)))
    return {
        code: {part.body: part.pence[0] for part in found.candidate.savings}
        for code, found in built.prepared.items()
    }


@few
@given(programmes())
def test_a_scheme_is_expected_to_bring_the_same_by_both(made: Programme) -> None:
    workings = Workings(position_of(made.book))
    drawn, chosen = by_risk(workings), by_portfolio(workings)
    assert drawn.keys() == chosen.keys() == made.counted.keys()
    for code, found in drawn.items():
        for body in {*found, *chosen[code]}:
            told = chosen[code].get(body, 0)
            assert found.get(body, 0.0) == pytest.approx(told, abs=PENNIES), (code, body)


@few
@given(programmes())
def test_both_start_from_one_base(made: Programme) -> None:
    workings = Workings(position_of(made.book))
    judged = workings.judgements
    every = candidates(judged.eligible(), judged.ineligible(), pipeline=False)
    inputs = build_inputs(workings, every, year=FIRST, later_years=False, independent=True)
    assert inputs.model is not None
    for slot, pence in inputs.model.base.items():
        if inputs.arrangement.mode[slot] != "sum":
            assert workings.bases.of(slot, FIRST).pence == pence[0], slot
