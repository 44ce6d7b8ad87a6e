"""A tree of any depth, and a circle of any length, is read in time with its size."""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal import verbs
from controltotal.book.tree import MOST_LEVELS, circles, deeper_than
from controltotal.workings.workings import Workings
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


@pytest.mark.parametrize("verb", ["check", "position"])
def test_ten_thousand_levels_are_told_and_no_figure_rests_on_them(verb: str) -> None:
    began = time.process_time()
    found = getattr(verbs, verb)(position_of(chain(LEVELS)))
    told = [f for f in found.findings if f.code == "TREE_TOO_DEEP"]
    assert [(f.severity, f.found) for f in told] == [("error", "9,000 bodies deeper")]
    assert "The first is Body 1000." in told[0].message
    known = [figure.id for figure in found.figures if figure.value is not None]
    assert all(name.startswith("control_total/B9999/") for name in known)
    assert time.process_time() - began < 30, "in time with its size, whatever else runs"


def test_a_thousand_levels_are_summed_and_one_more_is_told() -> None:
    for levels, value in ((MOST_LEVELS, -40_000), (MOST_LEVELS + 1, None)):
        position = position_of(chain(levels))
        told = [f.code for f in position.findings if f.code == "TREE_TOO_DEEP"]
        assert told == ([] if value else ["TREE_TOO_DEEP"])
        for top in ("B0", "B998"):
            assert Workings(position).totals.surplus(top, "2026-27", "plan").pence == value


def test_a_body_beside_the_deep_chain_keeps_its_figures() -> None:
    book = chain(MOST_LEVELS + 1)
    beside = [
        {"code": "SYS", "name": "A system", "kind": "system", "parent": ""},
        {"code": "TRU", "name": "A trust", "kind": "provider", "parent": "SYS"},
    ]
    book["organisations"] = [*book["organisations"], *beside]
    book["amounts"] = [*book["amounts"], amount("TRU", "position", 250)]
    totals = Workings(position_of(book)).totals
    assert totals.surplus("SYS", "2026-27", "plan").pence == 25_000
    top = totals.surplus("B0", "2026-27", "plan")
    assert top.pence is None and top.missing == ("B1",)


@given(st.integers(1, 12), st.integers(1, 12), st.randoms(use_true_random=False))
def test_deeper_than_counts_the_bodies_above(size: int, most: int, chance: Random) -> None:
    links = {f"N{n}": f"N{chance.randrange(n)}" for n in range(1, size)}

    def above(code: str) -> int:
        return 1 + above(links[code]) if code in links else 0

    assert deeper_than(links, most) == {code for code in links if above(code) >= most}


@pytest.mark.soak
def test_ten_thousand_bodies_in_a_circle_are_answered() -> None:
    position = position_of(chain(LEVELS, closed=True))
    assert verbs.check(position).findings
    assert verbs.position(position).figures
