"""Harm that meets in one place: which schemes meet, under which ceiling, and what is said of it."""

from __future__ import annotations

import pytest

from controltotal.workings.harm import Harm, ceilings, cumulative, over_ceiling, touched
from controltotal.workings.workings import Workings
from tests.scheme_books import YEAR, Book, book, scheme
from tests.strategies import position_of

SCORE = 6
"""The highest residual score of each scheme of the small book."""


def limit(
    value: str, organisation: str = "RX1", group: str = "", year: str = YEAR
) -> dict[str, str]:
    row = {"organisation": organisation, "year": year, "limit": "harm_ceiling", "value": value}
    return row | ({"group": group} if group else {})


def two(*limits: dict[str, str], **second: str) -> Workings:
    """Two sound schemes of one trust, the second changed, and ceilings."""
    made: Book = book("T1", "T2", limits=list(limits))
    made["schemes"] = [scheme("T1", places="P1"), scheme("T2", **{"places": "P1", **second})]
    return Workings(position_of(made))


def over(workings: Workings) -> set[str]:
    return set(over_ceiling(workings.savings, YEAR))


@pytest.mark.parametrize(
    ("organisation", "group"),
    [("RX1", ""), ("SYS", ""), ("RX1", "Surgery"), ("SYS", "Surgery"), ("RX1", "P1")],
)
def test_two_schemes_pass_a_ceiling_that_each_keeps_alone(organisation: str, group: str) -> None:
    for ceiling, found in (("11", {"T1", "T2"}), ("12", set[str]())):
        workings = two(limit(ceiling, organisation, group))
        assert over(workings) == found
        assert {s.id for s in workings.savings.counted(YEAR)} == {"T1", "T2"} - found


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"in_plan": "no"}, "it is not in the plan"),
        ({"start": "2027-04-01"}, "it begins after the year"),
        ({"organisation": "CB1"}, "it is of another body"),
    ],
)
def test_only_what_runs_in_the_year_under_the_body_meets(cells: dict[str, str], why: str) -> None:
    assert over(two(limit("11"), **cells)) == set(), why


@pytest.mark.parametrize("place", ["p1", "P 1", "P-1", "Ｐ1"])
def test_a_place_is_one_however_it_is_spelt(place: str) -> None:
    assert over(two(limit("11", "SYS", "P1"), places=place)) == {"T1", "T2"}
    assert over(two(limit("11", "SYS", place))) == {"T1", "T2"}
    assert over(two(limit("11", "SYS", "P1"), places="P11", service="Theatres")) == set()


def test_a_scheme_that_saves_nothing_does_harm_all_the_same() -> None:
    assert over(two(limit("11"), full_year_effect="0")) == {"T1", "T2"}


@pytest.mark.parametrize(("start", "meets"), [("2027-03-31", True), ("2027-04-01", False)])
def test_a_scheme_that_saves_nothing_does_harm_from_its_first_day(start: str, meets: bool) -> None:
    found = over(two(limit("11"), full_year_effect="0", start=start))
    assert found == ({"T1", "T2"} if meets else set())


def test_schemes_without_a_service_or_a_place_meet_nowhere() -> None:
    made: Book = book("T1", "T2")
    made["schemes"] = [scheme("T1", service=""), scheme("T2", service="")]
    workings = Workings(position_of(made))
    assert touched(workings.position.book.schemes[0]) == ()
    assert cumulative(workings.savings, YEAR) == []


def test_a_one_off_that_has_ended_no_longer_meets() -> None:
    assert over(two(limit("11"), recurrence="non_recurrent", start="2025-04-01")) == set()


def test_a_scheme_whose_effect_nobody_can_tell_meets_all_the_same() -> None:
    assert over(two(limit("11"), start="")) == {"T1", "T2"}


def test_a_ceiling_of_another_year_or_place_binds_nobody() -> None:
    assert over(two(limit("11", year="2027-28"))) == set()
    assert over(two(limit("11", group="P2"))) == set()
    assert over(two(limit("11", group="P1"), places="P2")) == set()


def test_the_ceiling_of_a_council_is_of_its_place_whoever_saves() -> None:
    made: Book = book("T1", "T2", limits=[limit("11", "LA1")])
    made["organisations"].append({"code": "LA1", "name": "Council", "kind": "local_authority"})
    made["schemes"] = [
        scheme("T1", places="LA1"),
        scheme("T2", places="LA1", organisation="CB1", service="Clinics"),
    ]
    assert over(Workings(position_of(made))) == {"T1", "T2"}
    made["schemes"][1]["places"] = "P9"
    assert over(Workings(position_of(made))) == set()


def test_a_body_that_was_merged_meets_under_its_successor() -> None:
    made: Book = book("T1", "T2", limits=[limit("11", "RX2", year="2027-28")])
    made["organisations"][1]["to"] = "2027-04-01"
    made["organisations"].append(
        {"code": "RX2", "name": "New trust", "kind": "provider", "parent": "SYS"}
        | {"from": "2027-04-01"}
    )
    made["successions"] = [{"predecessor": "RX1", "successor": "RX2", "on": "2027-04-01"}]
    assert set(over_ceiling(Workings(position_of(made)).savings, "2027-28")) == {"T1", "T2"}


@pytest.mark.parametrize(
    ("successor", "on", "meets"),
    [
        ("RX1", "2026-04-01", True),
        ("RX1", "2026-10-01", False),  # in the year they were two bodies
        ("RX3", "2026-04-01", False),  # it went to somebody else
    ],
)
def test_a_body_meets_under_its_successor_from_the_year_that_begins_with_it(
    successor: str, on: str, meets: bool
) -> None:
    made: Book = book("T1", "T2", limits=[limit("11")])
    for code in ("RX2", "RX3"):
        row = {"code": code, "name": code, "kind": "provider", "parent": "SYS"}
        made["organisations"].append(row)
    made["schemes"][1] = scheme("T2", organisation="RX2")
    made["successions"] = [{"predecessor": "RX2", "successor": successor, "on": on}]
    assert over(Workings(position_of(made))) == ({"T1", "T2"} if meets else set())


def test_the_reason_says_who_meets_where_and_how_high() -> None:
    workings = two(limit("11", group="Surgery"))
    told = over_ceiling(workings.savings, YEAR)["T1"]
    assert told == (
        "2 schemes on Surgery together score 12, over the ceiling of 11; its own score is 6"
    )
    assert "2 schemes on Trust together" in over_ceiling(two(limit("11")).savings, YEAR)["T2"]


def test_harm_is_summed_where_nobody_set_a_ceiling_and_the_worst_comes_first() -> None:
    workings = two(limit("20"))
    found = cumulative(workings.savings, YEAR)
    assert [(h.organisation, h.group, h.score, h.over) for h in found] == [
        ("", "P1", 12, False),
        ("RX1", "", 12, False),
        ("RX1", "Surgery", 12, False),
    ]
    assert [h.limit is None for h in found] == [True, False, True]
    apart = cumulative(two(service="Clinics", places="P2").savings, YEAR)
    assert apart == []
    passed = cumulative(two(limit("11", group="P1")).savings, YEAR)
    assert passed[0].over and passed[0].group == "P1"
    assert [h.group for h in passed].count("P1") == 2, "the ceiling, and the place across bodies"


def test_of_what_meets_under_no_ceiling_the_most_harm_comes_first() -> None:
    """Three schemes of surgery come to 18, and two of them at P1 to 12."""
    made: Book = book("T1", "T2", "T3")
    places = {"T1": "P1", "T2": "P1", "T3": "P2"}
    made["schemes"] = [scheme(code, places=place) for code, place in places.items()]
    found = cumulative(Workings(position_of(made)).savings, YEAR)
    assert [(harm.group, harm.score) for harm in found] == [("Surgery", 18), ("P1", 12)]


def test_a_ceiling_is_passed_above_it_and_what_is_touched_is_named_once() -> None:
    at = Harm("RX1", "", YEAR, (("A", 6), ("B", 6)), 12.0)
    assert at.score == 12 and not at.over
    assert Harm("RX1", "", YEAR, (("A", 6), ("B", 7)), 12.0).over
    assert not Harm("RX1", "", YEAR, (("A", 25),)).over
    row = two(groups="carers;Surgery").position.book.schemes[1]
    assert touched(row) == ("Surgery", "P1", "carers")
    assert len(ceilings(two().savings, YEAR)) == 0
