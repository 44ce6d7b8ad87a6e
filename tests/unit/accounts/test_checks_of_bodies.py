"""What `check` says of bodies: parents, dates, who followed, and what is told better elsewhere."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from controltotal import verbs
from controltotal.accounts.checks import _less_told_better
from controltotal.core.finding import Finding
from tests.small_books import book
from tests.strategies import YEAR, Book, Cells, amount, position_of


def told(said: Book, code: str) -> list[Finding]:
    return [one for one in verbs.check(position_of(said)).findings if one.code == code]


def body(code: str, **more: str) -> Cells:
    return {"code": code, "name": f"Body {code}", "kind": "provider", **more}


SYSTEMS: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    {"code": "S2", "name": "Other", "kind": "system"},
]


def of(*rows: Cells, code: str, year: str = YEAR) -> list[Finding]:
    return told(book(amount("T1", "position", 1, year=year), tree=[*SYSTEMS, *rows]), code)


def test_a_parent_that_is_not_listed_is_told_and_one_that_is_is_not() -> None:
    (found,) = of(body("T1", parent="S9"), body("T2", parent="S1"), code="PARENT_MISSING")
    assert (found.organisation, found.found, found.severity) == ("T1", "S9", "error")
    assert found.message == "The parent of Body T1 is S9, which is not listed."
    assert found.where == "organisations row 4"
    assert of(body("T1"), code="PARENT_MISSING") == []


@pytest.mark.parametrize(
    ("until", "then", "parent", "twice"),
    [
        ("2026-09-30", "2026-10-01", "S2", False),
        ("2026-10-01", "2026-10-01", "S2", True),  # one day under both
        ("2026-12-31", "2026-10-01", "S2", True),
        ("2026-12-31", "2026-10-01", "S1", False),  # under the same twice
        ("2026-12-31", "2026-10-01", "", True),
    ],
)
def test_two_parents_at_once_are_told(until: str, then: str, parent: str, twice: bool) -> None:
    spells = [body("T1", parent="S1", to=until), body("T1", parent=parent, **{"from": then})]
    for rows in (spells, spells[::-1]):  # in whichever order they are written
        found = of(*rows, code="TWO_PARENTS")
        assert bool(found) is twice
        for one in found:
            assert one.message == f"Body T1 has two parents at once: S1 and {parent or 'none'}."


def ring(count: int) -> list[Cells]:
    return [body(f"A{n:02d}", parent=f"A{(n + 1) % count:02d}") for n in range(count)]


def test_bodies_above_each_other_in_a_circle_are_told_once_and_ten_are_named() -> None:
    (two,) = of(body("T1"), *ring(2), code="PARENT_CYCLE")
    assert two.message == "These bodies stand above each other in a circle: A00, A01."
    assert two.found == "A00 -> A01" and two.organisation == "A00"
    (ten,) = of(body("T1"), *ring(10), code="PARENT_CYCLE")
    assert ten.message.endswith("A08, A09.") and " more" not in ten.message
    (more,) = of(body("T1"), *ring(12), code="PARENT_CYCLE")
    assert more.message.endswith("A08, A09 and 2 more.")


def test_a_parent_that_does_not_exist_in_a_year_is_told_with_its_dates() -> None:
    ended = {**SYSTEMS[0], "to": "2026-03-31"}
    tree = [ended, body("T1", parent="S1")]
    rows = [amount("T1", "position", 1, year=year) for year in ("2025-26", YEAR, "2027-28")]
    (found,) = [
        one
        for one in told(book(*rows, tree=tree), "PARENT_MISSING")
        if "does not exist" in one.message
    ]
    assert found.message.endswith("which does not exist in 2026/27, 2027/28.")
    assert found.found == "years between its beginning and 2026-03-31"
    assert found.where == "organisations row 2, row 3"


def test_the_dates_of_a_body_are_from_its_first_spell_to_its_last() -> None:
    spells = [
        body("T1", parent="S1", **{"from": "2015-04-01", "to": "2018-03-31"}),
        body("T1", parent="S2", **{"from": "2018-04-01", "to": "2020-03-31"}),
    ]
    (found,) = of(*spells, code="OUTSIDE_DATES")
    assert found.expected == "years between 2015-04-01 and 2020-03-31"
    assert found.where == "amounts row 2; organisations row 4, row 5"


def followed(*shares: tuple[str, str], to: str = "2026-09-30") -> list[Finding]:
    rows = [body("T1", to=to), body("T2"), body("T3")]
    heirs = [
        {"predecessor": "T1", "successor": heir, "share": share, "on": "2026-10-01"}
        for heir, share in shares
    ]
    said = book(amount("T2", "position", 1), tree=[*SYSTEMS, *rows], successions=heirs)
    return told(said, "SUCCESSION_SHARES")


def test_successors_that_take_more_or_less_than_the_whole_are_told() -> None:
    (less,) = followed(("T2", "0.4"), ("T3", "0.5"))
    assert less.message == (
        "The successors of Body T1 take 0.9 of it, and it has closed: nobody stands for the rest."
    )
    assert less.expected == "shares that add up to 1, because nothing is left of the body"
    assert (less.found, less.action) == ("0.9", "Name who took the rest, or correct the shares.")
    (more,) = followed(("T2", "0.6"), ("T3", "0.5"))
    assert more.message == "The successors of Body T1 take 1.1 of it."
    assert more.expected == "shares between 0 and 1 that add up to 1 at most"
    assert more.action == "Correct the shares; an empty share is all of it."
    assert followed(("T2", "0.4"), ("T3", "0.6")) == []


def place(table: str, row: int, column: str = "scheme") -> Any:
    return SimpleNamespace(table=table, row=row, column=column)


def read(code: str, *at: Any) -> Any:
    return SimpleNamespace(code=code, at=at, places=at)


BETTER = read("REFUSAL_OF_NO_SCHEME", place("gates", 2, ""), place("gates", 3, ""))


@pytest.mark.parametrize(
    ("finding", "stays"),
    [
        (read("UNKNOWN_SCHEME", place("gates", 2)), False),
        (read("MISSING_VALUE", place("gates", 2), place("gates", 3)), False),
        (read("MISSING_VALUE", place("gates", 2), place("gates", 4)), True),
        (read("MISSING_VALUE", place("gates", 2, "on")), True),
        (read("MISSING_VALUE", place("effects", 2)), True),
        (read("UNKNOWN_DATE", place("gates", 2)), True),
        (read("MISSING_VALUE"), True),
    ],
)
def test_a_cell_of_which_more_is_said_is_not_told_for_itself(finding: Any, stays: bool) -> None:
    """Rows 2 and 3 of the gates refuse a scheme that nobody can tell."""
    assert _less_told_better([finding], [BETTER]) == ([finding] if stays else [])
    assert _less_told_better([finding], []) == [finding]
    other = read("GATE_SKIPPED", place("gates", 2, ""), place("gates", 3, ""))
    assert _less_told_better([finding], [other]) == [finding]
