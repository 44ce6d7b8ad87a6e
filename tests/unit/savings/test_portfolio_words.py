"""A portfolio in sentences, whole: what is missed first, who misses how much, what is chosen and met."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal import verbs
from tests import scheme_books
from tests.strategies import YEAR, Cells, control_total, position_of

SURE = {"low": "1", "mode": "1", "high": "1", "chance": "1", "delay_months": "0"}


def scheme(code: str, body: str, **more: str) -> dict[str, str]:
    """A certain scheme of £12 million a year from April, not in the plan."""
    april = {"organisation": body, "start": "2026-04-01", "in_plan": "no"}
    return scheme_books.scheme(code, **{**SURE, **april, **more})


def words(
    plans: dict[str, int],
    totals: dict[str, int],
    *schemes: dict[str, str],
    years: int = 1,
    **tables: list[Cells],
) -> tuple[str, ...]:
    """What is said of trusts with plans and control totals in £ million."""
    made: dict[str, Any] = scheme_books.book(*"ABC", schemes=list(schemes))
    trusts = [
        {"code": code, "name": f"Trust {code}", "kind": "provider", "parent": "SYS"}
        for code in plans
    ]
    made["organisations"] = [{"code": "SYS", "name": "System", "kind": "system"}, *trusts]
    made["amounts"] = [
        {"organisation": code, "line": "position", "year": YEAR, "basis": "plan"}
        | {"amount": str(value), "unit": "£m"}
        for code, value in plans.items()
    ]
    made["control_totals"] = [
        {**control_total(code, 0), "amount": str(value), "unit": "£m", "includes_support": "no"}
        for code, value in totals.items()
    ]
    asked = position_of({**made, **tables})
    return verbs.portfolio(asked, year=YEAR, years=years).words


NOT = "is not achievable with schemes that have passed their gates"
CHOSEN = (
    "{} of {} schemes are chosen, expected to save £{} million in {}; no safe choice that meets as "
    "much of the control totals can save more than £{} million."
)
ALL_MET = "Every control total that can be measured is met, risk margins included."
BARRED = "1 scheme has not passed the gates and cannot be chosen at any price."


def test_where_all_is_met_the_choice_is_said_and_that_it_is_met() -> None:
    assert words({"T1": -10}, {"T1": 0}, scheme("A", "T1"), scheme("D", "T1")) == (
        CHOSEN.format(1, 2, "12.0", "2026/27", "12.0"),
        ALL_MET,
        BARRED,
    )
    two = words({"T1": -10}, {"T1": 0}, *(scheme(code, "T1") for code in "ADE"))
    assert two[-1] == "2 schemes have not passed the gates and cannot be chosen at any price."


def test_what_is_missed_comes_first_and_then_body_by_body() -> None:
    """First lacks 20 of which a scheme brings 12; Second lacks 5 and Third 6."""
    found = words({"T1": -20, "T2": -5, "T3": -6}, {"T1": 0, "T2": 0, "T3": 0}, scheme("A", "T1"))
    assert found == (
        f"The control total of Trust T1 for 2026/27 {NOT}; £8.0 million remains.",
        "What remains, body by body: Trust T3 £6.0 million; Trust T2 £5.0 million.",
        CHOSEN.format(1, 1, "12.0", "2026/27", "12.0"),
    )


def test_a_total_of_its_own_comes_before_one_that_is_made_of_others() -> None:
    own = words({"T1": -20, "T2": -5}, {"SYS": 0, "T1": 0}, scheme("A", "T1"))
    assert own[0] == f"The control total of System for 2026/27 {NOT}; £13.0 million remains."
    assert own[1] == "What remains, body by body: Trust T1 £8.0 million."
    made = words({"T1": -20, "T2": -5}, {"T1": 0, "T2": 0}, scheme("A", "T1"))
    assert made[0].startswith("The control total of Trust T1 for 2026/27")


@pytest.mark.parametrize(
    ("count", "more"),
    [(7, "."), (8, "; and 1 more body."), (9, "; and 2 more bodies.")],
)
def test_six_bodies_are_named_and_the_others_counted(count: int, more: str) -> None:
    trusts = [f"T{n}" for n in range(count)]
    found = words(
        {code: -10 - n for n, code in enumerate(trusts)},
        dict.fromkeys(trusts, 0),
        scheme("D", "T0"),
    )
    said = found[1].removeprefix("What remains, body by body: ")
    assert said.count(" million") == 6 and said.endswith(f"million{more}")
    # the largest first, less the one that was said before
    largest = max(10 + n for n in range(count))
    assert f"£{largest}.0 million remains" in found[0]
    assert said.startswith(f"Trust T{count - 2} £{largest - 1}.0 million")


def test_two_years_name_the_year_of_what_remains() -> None:
    later = [
        {"organisation": "T1", "line": "position", "year": "2027-28", "basis": "plan"}
        | {"amount": "-40", "unit": "£m"},
        {"organisation": "T1", "line": "position", "year": YEAR, "basis": "plan"}
        | {"amount": "-20", "unit": "£m"},
    ]
    totals = [
        {**control_total("T1", 0), "year": year, "includes_support": "no"}
        for year in (YEAR, "2027-28")
    ]
    found = words({"T1": -20}, {}, scheme("A", "T1"), years=2, amounts=later, control_totals=totals)
    assert found[0] == f"The control total of Trust T1 for 2027/28 {NOT}; £28.0 million remains."
    assert found[1] == "What remains, body by body: Trust T1 in 2026/27 £8.0 million."
    assert found[2] == CHOSEN.format(1, 1, "24.0", "2026/27 to 2027/28", "24.0")


def test_what_schemes_could_meet_and_the_choice_misses_is_said_to_be_missed_by_the_choice() -> None:
    """Each could meet its own with a scheme; the purse of the system holds one of the two."""
    purse = {"organisation": "SYS", "year": YEAR, "limit": "investment", "value": "1", "unit": "£m"}
    both = [scheme("A", "T1", investment="1"), scheme("B", "T2", investment="1")]
    found = words({"T1": -10, "T2": -10}, {"T1": 0, "T2": 0}, *both, limits=[purse])
    assert "is not met by the best safe choice found; £10.0 million remains." in found[0]


def test_without_a_total_or_with_a_floor_alone_that_is_said() -> None:
    none = "No control total in force could be measured, so none was asked for."
    assert words({"T1": -10}, {}, scheme("A", "T1"))[1:] == (none,)
    floor = {
        "organisation": "T1",
        "year": YEAR,
        "limit": "saving_floor",
        "value": "13",
        "unit": "£m",
    }
    missed = "A saving floor is not covered; the tables say which."
    assert words({"T1": -10}, {}, scheme("A", "T1"), limits=[floor])[1:] == (none, missed)
    met = "Every control total that can be measured is met."
    with_total = words({"T1": -10}, {"T1": 0}, scheme("A", "T1"), limits=[floor])
    assert with_total[1:] == (met, missed)
