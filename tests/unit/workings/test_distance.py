"""A distance sets target and allocation of one scenario beside each other, of all commissioners."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.workings import distance as workings_distance
from controltotal.workings.distance import distance
from controltotal.workings.people import people_of
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, amount, position_of

SYSTEM: Cells = {"code": "S1", "name": "System", "kind": "system"}
BODIES: list[Cells] = [
    SYSTEM,
    {"code": "C1", "name": "One", "kind": "commissioner", "parent": "S1", "population": "100"},
    {"code": "C2", "name": "Two", "kind": "commissioner", "parent": "S1"},
    {"code": "T1", "name": "Trust", "kind": "provider", "parent": "S1"},
]


def target(code: str, pounds: int, **more: str) -> Cells:
    fact = {"organisation": code, "fact": "target_allocation", "year": YEAR, "unit": "£"}
    return {**fact, "value": str(pounds), **more}


def told(code: str, amounts: list[Cells], facts: list[Cells]) -> int | None:
    """The distance of a body in pounds."""
    said: Book = {"organisations": BODIES, "amounts": amounts, "facts": facts}
    found = distance(Workings(position_of(said)).totals, code, YEAR)
    return None if found is None else found.pence // 100


def test_a_target_of_a_scenario_is_not_held_against_what_was_paid() -> None:
    paid, set_then = (
        amount("C1", "allocation", 110),
        amount("C1", "allocation", 104, scenario="old"),
    )
    assert told("C1", [paid], [target("C1", 100, scenario="old")]) is None
    assert told("C1", [paid, set_then], [target("C1", 100, scenario="old")]) == 4
    assert told("C1", [paid, set_then], [target("C1", 100)]) == 10


def test_a_system_and_its_trust_have_that_of_all_its_commissioners() -> None:
    amounts = [amount("C1", "allocation", 110), amount("C2", "allocation", 50)]
    one, two = target("C1", 100), target("C2", 55)
    assert told("S1", amounts, [one, two]) == told("T1", amounts, [one, two]) == 5
    assert told("S1", amounts, [one]) is None
    assert told("S1", amounts, [one, target("S1", 150)]) == 10, "its own, where it states one"


def test_people_are_those_of_the_row_else_of_the_year() -> None:
    said: Book = {
        "organisations": BODIES,
        "facts": [
            {"organisation": code, "fact": "population", "year": YEAR, "value": "90"}
            for code in ("C1", "C2")
        ]
        + [{"organisation": "C2", "fact": "need", "year": YEAR, "value": "1.1"}],
    }
    position = position_of(said)
    one, two = (people_of(position, code, YEAR) for code in ("C1", "C2"))
    assert one.population and one.population.value == 100
    assert two.population and two.population.value == 90
    assert two.weighted and round(two.weighted.value, 6) == 99 and len(two.weighted.entries) == 2
    assert people_of(position, "T1", YEAR).population is None


def test_only_a_target_of_a_whole_year_above_nil_is_a_target() -> None:
    paid = [amount("C1", "allocation", 110)]
    assert told("C1", paid, [target("C1", 100), target("C1", 999, month="7")]) == 10
    assert told("C1", paid, [target("C1", 0)]) is None
    assert told("C1", paid, [target("C1", 60), target("C1", 40, group="primary")]) == 10


def test_a_distance_of_another_scenario_says_which() -> None:
    amounts = [amount("C1", "allocation", 104, scenario="old")]
    said: Book = {
        "organisations": BODIES,
        "amounts": amounts,
        "facts": [target("C1", 100, scenario="old")],
    }
    found = distance(Workings(position_of(said)).totals, "C1", YEAR)
    assert found is not None
    assert (found.note, found.rule) == (
        "in the scenario old",
        "allocation and target; in the scenario old",
    )
    assert (found.share, len(found.entries)) == (0.04, 2)
    main: Book = {
        **said,
        "amounts": [amount("C1", "allocation", 104)],
        "facts": [target("C1", 100)],
    }
    plain = distance(Workings(position_of(main)).totals, "C1", YEAR)
    assert plain is not None and (plain.note, plain.rule) == ("", "allocation and target")


def test_a_target_of_one_penny_is_a_target() -> None:
    cents = {**target("C1", 0), "value": "0.01"}
    said: Book = {
        "organisations": BODIES,
        "amounts": [amount("C1", "allocation", 1)],
        "facts": [cents],
    }
    found = distance(Workings(position_of(said)).totals, "C1", YEAR)
    assert found is not None and (found.target, found.pence) == (1, 99)


@pytest.mark.parametrize(
    ("known", "fact", "asked"),
    [
        (date(2026, 4, 1), "target_allocation", True),  # on the first day of the year
        (date(2026, 3, 1), "target_allocation", True),
        (date(2026, 4, 2), "target_allocation", False),
        (None, "target_allocation", False),
        (date(2026, 3, 1), "population", False),
    ],
)
def test_a_year_ahead_is_told_where_its_target_was_published_before_the_year(
    known: date | None, fact: str, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the years of the book none after the one asked for; of those without a distance nothing."""
    ahead = SimpleNamespace(fact=fact, known=known, year="2028-29")
    position = SimpleNamespace(years=("2027-28", YEAR, "2024-25", "2025-26"), taken_facts=[ahead])
    totals: Any = SimpleNamespace(position=position)
    monkeypatch.setattr(
        workings_distance, "distance", lambda _, code, year: None if year == "2025-26" else year
    )
    years = ["2024-25", YEAR, *(["2028-29"] if asked else [])]
    assert workings_distance.distances(totals, "C1", YEAR) == years
