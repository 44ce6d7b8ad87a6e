"""Which of several schemes count, why the others do not, and what is said of what they share."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from controltotal.book.records import Scheme
from controltotal.core.finding import Finding
from controltotal.workings import groups
from controltotal.workings.groups import (
    Cap,
    Settled,
    Stake,
    _bearing_on_each_other,
    caps_of,
    exclusive_pairs,
    said_of,
    settle,
)
from tests.scheme_books import scheme
from tests.strategies import position_of

BODIES = [{"code": "RX1", "name": "Trust", "kind": "provider"}]


def rows(**cells: Mapping[str, str]) -> dict[str, Scheme]:
    made = {
        "organisations": BODIES,
        "schemes": [scheme(code, **more) for code, more in cells.items()],
    }
    return {row.id: row for row in position_of(made).book.schemes}


def settled(
    worth: Mapping[str, float],
    found: Mapping[str, Scheme],
    *,
    kept: str = "",
    size: Mapping[str, int] | None = None,
    caps: list[Cap] | None = None,
) -> Settled:
    """Each is as large as it is worth unless a size is given."""
    sizes = {code: (size or {}).get(code, round(pence)) for code, pence in worth.items()}
    stakes = {c: Stake(found[c], sizes[c], float(pence), c in kept) for c, pence in worth.items()}
    return settle(stakes, caps_of(sizes, found, {}) if caps is None else caps)


def test_of_two_that_exclude_each_other_the_one_worth_more_counts_and_is_named() -> None:
    found = settled({"A": 10, "B": 12}, rows(A={"excludes": "B"}, B={}))
    assert found.shares == {"B": 1}
    assert found.reasons == {"A": "excluded by B, which is worth more"}


def test_of_several_that_exclude_it_the_one_worth_most_is_named() -> None:
    """A (9) is excluded by B (5) and C (6), which save 11 together."""
    found = settled({"A": 9, "B": 5, "C": 6}, rows(A={"excludes": "B; C"}, B={}, C={}))
    assert found.shares == {"B": 1, "C": 1}
    assert found.reasons == {"A": "excluded by C, which is part of the best choice"}
    alike = settled({"A": 9, "B": 6, "C": 6}, rows(A={"excludes": "B; C"}, B={}, C={}))
    assert alike.reasons["A"].startswith("excluded by C")


def test_what_the_plan_keeps_goes_first_and_among_them_the_best() -> None:
    """A (5) and B (6) are kept and exclude each other; C (20) excludes B and is not."""
    found = settled(
        {"A": 5, "B": 6, "C": 20}, rows(A={"excludes": "B"}, B={"excludes": "C"}, C={}), kept="AB"
    )
    assert found.shares == {"B": 1}
    assert found.reasons == {
        "A": "excluded by B, which is worth more",
        "C": "excluded by B, which is in the plan",
    }


def test_a_scheme_that_costs_money_counts_where_nothing_forbids_it() -> None:
    """A (-5) is needed by B (3): together they are one more scheme than none, and B is a gain."""
    pair = rows(A={}, B={"requires": "A"})
    assert settled({"A": -5, "B": 3}, pair).shares == {"A": 1, "B": 1}
    rivals = rows(A={"excludes": "B"}, B={})
    assert settled({"A": -5, "B": 3}, rivals).shares == {"B": 1}
    assert settled({"A": -5, "B": -6}, rivals).shares in ({"A": 1}, {"B": 1})


def test_a_need_outside_the_group_is_not_met() -> None:
    found = settled({"A": 5, "B": 4}, rows(A={"requires": "Z", "excludes": "B"}, B={}))
    assert found.shares == {"B": 1}
    alone = settled({"A": 5, "B": 0}, rows(A={"requires": "Z", "excludes": "B"}, B={}))
    assert alone.shares == {"B": 1}


def test_a_chain_of_needs_falls_together() -> None:
    """C needs B, which needs A, which excludes D (20): D alone is worth more than the three."""
    chain = rows(A={"excludes": "D"}, B={"requires": "A"}, C={"requires": "B"}, D={})
    found = settled({"A": 5, "B": 5, "C": 5, "D": 20}, chain)
    assert found.shares == {"D": 1}
    assert found.reasons == {
        "A": "excluded by D, which is worth more",
        "B": "needs A, which does not count",
        "C": "needs B, which does not count",
    }
    other = settled({"A": 5, "B": 5, "C": 15, "D": 20}, chain)
    assert other.shares == {"A": 1, "B": 1, "C": 1}


def test_what_is_left_of_a_cap_goes_to_the_best_rate_first() -> None:
    """Of 12 both want 10: A is worth 2 for each, B 1; A whole, and a fifth of B."""
    both = rows(A={}, B={})
    cap = [Cap("overlap", ("A", "B"), 12)]
    found = settled({"A": 20, "B": 10}, both, size={"A": 10, "B": 10}, caps=cap)
    assert found.shares == {"A": 1, "B": Fraction(1, 5)}
    full = settled(
        {"A": 20, "B": 10}, both, size={"A": 10, "B": 10}, caps=[Cap("overlap", ("A", "B"), 20)]
    )
    assert full.shares == {"A": 1, "B": 1}
    none = settled(
        {"A": 20, "B": 10}, both, size={"A": 10, "B": 10}, caps=[Cap("overlap", ("A", "B"), 10)]
    )
    assert none.shares == {"A": 1}
    nothing = settled(
        {"A": 20, "B": 10}, both, size={"A": 10, "B": 10}, caps=[Cap("overlap", ("A", "B"), 0)]
    )
    assert nothing.shares == {}
    assert nothing.reasons["A"] == "nothing is left to it of the overlap of A, B"


def test_a_scheme_without_a_saving_takes_nothing_of_a_cap() -> None:
    both = rows(A={}, B={})
    cap = [Cap("overlap", ("A", "B"), 10)]
    found = settled({"A": 20, "B": 0}, both, size={"A": 10, "B": 0}, caps=cap)
    assert found.shares == {"A": 1, "B": 1}


def test_in_a_very_large_group_the_best_rate_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """By rate A (10 of size 5) goes before B (12 of size 12), although B is worth more."""
    pair = rows(A={"excludes": "B"}, B={})
    worth, size = {"A": 10.0, "B": 12.0}, {"A": 5, "B": 12}
    assert settled(worth, pair, size=size).shares == {"B": 1}
    monkeypatch.setattr(groups, "TOGETHER_MOST", 2)
    assert settled(worth, pair, size=size).shares == {"B": 1}  # two are not too many
    monkeypatch.setattr(groups, "TOGETHER_MOST", 1)
    assert settled(worth, pair, size=size).shares == {"A": 1}


def test_schemes_bear_on_each_other_by_exclusion_need_and_cap() -> None:
    every = rows(
        A={"excludes": "D"}, B={"requires": "E"}, C={}, D={}, E={}, F={}, G={"requires": "Z"}
    )
    caps = [Cap("overlap", ("C", "F"), 1), Cap("opportunity", ("F", "B"), 1)]
    found = _bearing_on_each_other(every, exclusive_pairs(every), caps)
    assert found == [("A", "D"), ("B", "C", "E", "F"), ("G",)]
    alone = _bearing_on_each_other(rows(A={}, B={}), frozenset(), [])
    assert alone == [("A",), ("B",)]


def test_pairs_that_exclude_each_other_are_told_once_and_nobody_excludes_itself() -> None:
    every = rows(A={"excludes": "B; Z; A"}, B={"excludes": "A"}, C={})
    assert exclusive_pairs(every) == {frozenset({"A", "B"})}


def test_what_is_shared_is_said_once_for_each_cap() -> None:
    """A and B draw 5 and 4 on an opportunity of 8; C and D overlap, and name none."""
    made = {
        "organisations": BODIES,
        "schemes": [
            scheme("A", opportunity="O"),
            scheme("B", opportunity="O"),
            scheme("C", overlaps="D"),
            scheme("D"),
        ],
        "opportunities": [
            {
                "id": "O",
                "view": "list",
                "organisation": "RX1",
                "category": "beds",
                "value": "8",
                "unit": "£m",
                "year": "2026-27",
            }
        ],
    }
    book = position_of(made).book
    found = {row.id: row for row in book.schemes}
    million = 100_000_000
    sizes = {"A": 5 * million, "B": 4 * million, "C": 3 * million, "D": 2 * million}
    told: list[Finding] = said_of(
        caps_of(sizes, found, {o.id: o for o in book.opportunities}), found
    )
    assert [(one.code, one.message, one.organisation) for one in told] == [
        (
            "OPPORTUNITY_DRAWN_TWICE",
            "Schemes A, B draw on opportunity O; together they count for no more than £8.0 million a "
            "year.",
            "RX1",
        ),
        (
            "OVERLAP_WITHOUT_OPPORTUNITY",
            "Schemes C, D overlap, but not all name an opportunity that could cap them; together "
            "they count for no more than the largest of them.",
            "RX1",
        ),
    ]
    assert (told[0].where, told[1].where) == ("opportunities row 2", "schemes row 4")
    assert (told[0].severity, told[1].severity) == ("information", "warning")
