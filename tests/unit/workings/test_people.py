"""The people of a body: its own row first, then a fact of the year, a plan before other bases."""

from __future__ import annotations

import pytest

from controltotal.workings.people import People, people_of, whole_year_fact
from tests.strategies import YEAR, Cells, amount, position_of


def people(*facts: Cells, **row: str) -> People:
    body = {"code": "T1", "name": "First", "kind": "system", **row}
    given: Cells = {"organisation": "T1", "year": YEAR}
    said = {
        "organisations": [body],
        "amounts": [amount("T1", "position", 0)],
        "facts": [{**given, **fact} for fact in facts],
    }
    return people_of(position_of(said), "T1", YEAR)


def values(found: People) -> dict[str, float | None]:
    return {name: told.value if told else None for name, told in found.by_input.items()}


def test_what_nobody_says_is_absent() -> None:
    assert values(people()) == dict.fromkeys(
        ("population", "weighted_population", "deprivation", "score")
    )


def test_the_row_of_a_body_comes_before_a_fact() -> None:
    fact = {"fact": "population", "value": "2000"}
    own = people(fact, population="1000")
    assert own.population is not None and own.population.value == 1_000
    other = people(fact)
    assert other.population is not None and other.population.value == 2_000


def test_weighted_people_are_stated_or_people_by_need() -> None:
    assert values(people(population="1000", need_index="1.2"))["weighted_population"] == 1_200
    stated = {"fact": "weighted_population", "value": "1500"}
    assert (
        values(people(stated, population="1000", need_index="1.2"))["weighted_population"] == 1_500
    )
    found = people(population="1000", need_index="1.2")
    assert found.weighted is not None and found.population is not None and found.need is not None
    assert found.weighted.entries == (*found.population.entries, *found.need.entries)
    assert values(people(need_index="1.2"))["weighted_population"] is None
    assert values(people(population="1000"))["weighted_population"] is None


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ([{"basis": "actual", "value": "1"}, {"basis": "plan", "value": "2"}], 2),
        ([{"basis": "actual", "value": "1"}, {"basis": "forecast", "value": "3"}], 3),
        ([{"value": "4"}, {"basis": "actual", "value": "1"}], 1),
        ([{"month": "7", "value": "5"}], None),
        ([{"scenario": "high", "value": "5"}], None),
        ([{"group": "Children", "value": "5"}], None),
        ([{"year": "2027-28", "value": "5"}], None),
    ],
)
def test_a_fact_is_of_the_whole_year_and_of_nothing_else(
    facts: list[Cells], value: float | None
) -> None:
    rows = [{"organisation": "T1", "year": YEAR, "fact": "population", **fact} for fact in facts]
    said = {
        "organisations": [{"code": "T1", "name": "First", "kind": "system"}],
        "amounts": [amount("T1", "position", 0)],
        "facts": rows,
    }
    found = whole_year_fact(position_of(said), "T1", YEAR, "population")
    assert (None if found is None else float(found.value)) == value
