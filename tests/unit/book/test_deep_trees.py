"""A tree of any depth, and a circle of any length, is read in time with its size."""

from __future__ import annotations

import time
from typing import Any

import pytest

from controltotal import verbs
from controltotal.book.tree import circles
from tests.strategies import Book, amount, control_total, position_of

DEEP = 400
LEVELS = 10_000


def chain(levels: int, closed: bool = False) -> Book:
    """Groupings one below another, a trust at the bottom; closed, the top is below the bottom."""
    bodies = [
        {
            "code": f"B{n}",
            "name": f"Body {n}",
            "kind": "provider" if n == levels - 1 else "cluster",
            "parent": f"B{n - 1}" if n else (f"B{levels - 1}" if closed else ""),
        }
        for n in range(levels)
    ]
    bottom = f"B{levels - 1}"
    return {
        "organisations": bodies,
        "amounts": [amount(bottom, "position", -400)],
        "control_totals": [control_total(bottom, -100)],
    }


def test_what_the_lowest_body_says_reaches_the_top() -> None:
    found = verbs.position(position_of(chain(DEEP)))
    assert found.value("surplus/B0/2026-27/plan") == -40_000
    assert found.value("control_total/B0/2026-27/plan") == -10_000
    assert found.value("gap/B0/2026-27/plan") == 30_000


@pytest.mark.parametrize(
    "verb", ["check", "trajectory", "forecast", "risk", "share", "decide", "history", "challenge"]
)
def test_every_verb_answers_on_four_hundred_levels(verb: str) -> None:
    ask: Any = getattr(verbs, verb)
    ask(position_of(chain(DEEP)))


def test_walks_of_a_tree_agree_with_what_they_say() -> None:
    tree = position_of(
        {
            "organisations": [
                {"code": code, "name": code, "kind": "cluster", "parent": parent}
                for code, parent in (
                    ("A", ""),
                    ("B", "A"),
                    ("C", "B"),
                    ("D", "A"),
                    ("E", "C"),
                    ("F", ""),
                )
            ]
        }
    ).tree
    year = "2026-27"
    assert tree.descendants("A", year) == ("B", "C", "E", "D")
    assert tree.leaves("A", year) == ("E", "D") and tree.leaves("F", year) == ("F",)
    assert tree.inside("B", year, ["E", "D", "B", "Z"]) == ("B", "E")
    assert tree.inside("Z", year, ["E"]) == () == tree.descendants("Z", year)
    assert tree.depth(year) == 4
    order = tree.lowest_first(year)
    assert sorted(order) == list("ABCDEF")
    assert all(order.index(kid) < order.index("A") for kid in "BCDE")


def test_a_circle_is_found_with_what_hangs_on_it_left_out() -> None:
    links = {"A": "B", "B": "C", "C": "A", "D": "A", "E": "D", "F": "F", "G": "H"}
    assert circles(links) == ("A", "B", "C", "F")


def test_ten_thousand_bodies_in_a_circle_are_told_in_one_line() -> None:
    began = time.process_time()
    found = verbs.check(position_of(chain(LEVELS, closed=True))).findings
    (circle,) = [f for f in found if f.code == "PARENT_CYCLE"]
    assert "and 9,990 more" in circle.message and len(circle.message) < 400
    assert time.process_time() - began < 30, "in time with its size, whatever else runs"


@pytest.mark.soak
@pytest.mark.parametrize("closed", [False, True])
def test_ten_thousand_levels_are_answered(closed: bool) -> None:
    position = position_of(chain(LEVELS, closed))
    assert verbs.check(position).findings
    assert verbs.position(position).figures
