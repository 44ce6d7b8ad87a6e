"""Chance, share and delay of a scheme: its own, else those of its maturity, and what makes no sense."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from controltotal.core.finding import Finding
from controltotal.core.parameters import Parameter, Parameters
from controltotal.workings.terms import FIELDS, Terms, terms
from tests.small_books import book
from tests.strategies import Cells, amount, position_of

DAY = date(2026, 4, 1)
DEFAULTS = {"chance": "0.8", "low": "0.5", "mode": "0.9", "high": "1", "delay_months": "2"}
LOWEST = {"chance": "0.1", "low": "0", "mode": "0.3", "high": "0.9", "delay_months": "6"}


def default(name: str, value: str, mark: str = "R") -> Parameter:
    return Parameter(name, value, "", date(2020, 4, 1), None, "book", "book", mark)


def found(
    maturity: str = "in_progress",
    *,
    pipeline: bool = False,
    without: str = "",
    unverified: str = "",
    **cells: str,
) -> tuple[Terms | None, list[Finding]]:
    """The terms of a scheme beside these defaults, and what is said of them."""
    given = [
        default(f"delivery_{name}_{level}", value, "K" if name == unverified else "R")
        for level, of in (("in_progress", DEFAULTS), ("opportunity", LOWEST))
        for name, value in of.items()
        if name != without
    ]
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
        **cells,
    }
    (row,) = position_of(book(amount("T1", "position", 0), schemes=[scheme])).book.schemes
    told: list[Finding] = []
    parameters = Parameters({}).with_values([*given, default("delivery_width_least", "0.2")])
    return terms(row, maturity, parameters, DAY, told, pipeline=pipeline), told


def values(given: Terms | None) -> dict[str, str] | None:
    if given is None:
        return None
    return {name: str(float(getattr(given, name))) for name in FIELDS}


def as_numbers(texts: dict[str, str]) -> dict[str, str]:
    return {name: str(float(texts[name])) for name in FIELDS}


def test_what_a_scheme_leaves_empty_is_that_of_its_maturity() -> None:
    given, told = found()
    assert values(given) == as_numbers(DEFAULTS) and told == []
    assert given is not None and not given.own
    assert len(given.rates) == len(given.parameters) == 5
    own, _ = found(chance="0.4", delay_months="0")
    assert values(own) == as_numbers({**DEFAULTS, "chance": "0.4", "delay_months": "0"})
    assert own is not None and own.own and len(own.rates) == 3
    assert own.mean_share == (Fraction("0.5") + 4 * Fraction("0.9") + 1) / 6


def test_a_maturity_that_nobody_knows_is_the_lowest() -> None:
    assert values(found("hoped_for")[0]) == as_numbers(LOWEST)
    assert values(found("opportunity")[0]) == as_numbers(LOWEST)


def test_in_a_pipeline_a_scheme_has_the_chance_of_its_maturity_whatever_it_states() -> None:
    given, _ = found(pipeline=True, chance="1", low="0.6")
    assert values(given) == as_numbers({**DEFAULTS, "low": "0.6"})


def codes(told: list[Finding]) -> list[str]:
    return [one.code for one in told]


@pytest.mark.parametrize(
    ("cells", "code", "expected"),
    [
        ({"low": "0.95"}, "ELICITATION_ORDER", "low <= mode <= high"),
        ({"mode": "1.1"}, "ELICITATION_ORDER", "low <= mode <= high"),
        ({"chance": "1.01"}, "ELICITATION_RANGE", "between 0 and 1"),
        ({"chance": "-0.01"}, "ELICITATION_RANGE", "between 0 and 1"),
        ({"delay_months": "-1"}, "ELICITATION_RANGE", "0 or more"),
    ],
)
def test_what_cannot_be_is_an_error_and_there_are_no_terms(
    cells: Cells, code: str, expected: str
) -> None:
    given, told = found(**cells)
    assert given is None
    assert [(one.code, one.severity, one.expected) for one in told] == [(code, "error", expected)]


def test_it_is_said_where_a_default_stands_in_an_order_that_cannot_be() -> None:
    part = "(those left empty take the default of the maturity)"
    (some,) = found(low="0.95")[1]
    assert part in some.message
    (every,) = found(low="0.9", mode="0.8", high="1")[1]
    assert part not in every.message


@pytest.mark.parametrize(
    "cells",
    [
        {"chance": "0"},
        {"chance": "1"},
        {"delay_months": "0"},
        {"low": "0.9"},
        {"mode": "1"},
        {"mode": "0.5"},
        {"low": "0.7", "high": "0.95"},
    ],
)
def test_the_ends_of_what_can_be_are_taken(cells: Cells) -> None:
    given, told = found(**cells)
    assert given is not None and told == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"low": "0.9", "mode": "0.9", "high": "0.9"}, ["ELICITATION_POINT"]),
        ({"low": "0.8", "mode": "0.9", "high": "0.95"}, ["ELICITATION_NARROW"]),
        ({"low": "0.75", "mode": "0.9", "high": "1"}, []),
        ({"low": "0.9", "mode": "0.95"}, []),  # the high is not the scheme's own
        ({"high": "0.95"}, []),
    ],
)
def test_a_range_that_is_a_point_or_too_narrow_is_doubted_and_taken(
    cells: Cells, said: list[str]
) -> None:
    given, told = found(**cells)
    assert given is not None
    assert codes(told) == said


def test_without_a_default_there_are_no_terms_unless_the_scheme_has_its_own() -> None:
    given, told = found(without="mode")
    assert (given, codes(told)) == (None, ["DELIVERY_DEFAULT_MISSING"])
    own, nothing = found(without="mode", mode="0.9")
    assert own is not None and nothing == []


def test_terms_are_verified_where_every_default_they_rest_on_is() -> None:
    checked = [
        given is not None and given.verified
        for given, _ in (found(), found(unverified="mode"), found(unverified="mode", mode="0.9"))
    ]
    assert checked == [True, False, True]
