"""The dated tree, one question at a time: who exists, who is above, who moved, and who stands for whom."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.book.tree import Stay, Tree
from tests.strategies import Cells, position_of

YEAR, BEFORE, AFTER = "2026-27", "2025-26", "2027-28"


def tree(*rows: Cells, successions: list[Cells] | None = None) -> Tree:
    tables: dict[str, list[Cells]] = {"organisations": list(rows)}
    if successions:
        tables["successions"] = successions
    return position_of(tables).tree


def one(code: str, parent: str = "", kind: str = "provider", **more: str) -> Cells:
    return {"code": code, "name": more.pop("name", code), "kind": kind, "parent": parent, **more}


PLAIN = [
    one("N", kind="nation", name="Nation"),
    one("R", "N", "region"),
    one("S", "R", "system"),
    one("A", "S", name="Ash"),
    one("B", "S", complete="no"),
    one("X", "R"),
    one("Z", kind="pool"),
]


# -- who -------------------------------------------------------------------------------------------


def test_names_and_kinds_of_those_that_are_listed_and_of_those_that_are_not() -> None:
    found = tree(*PLAIN)
    assert (found.name("A"), found.name("nobody"), found.name("nobody", YEAR)) == (
        "Ash",
        "nobody",
        "nobody",
    )
    assert (found.kind("S"), found.kind("nobody")) == ("system", "")
    assert {code: body.is_grouping for code, body in found.organisations.items()} == {
        "N": True,
        "R": True,
        "S": True,
        "A": False,
        "B": False,
        "X": False,
        "Z": False,
    }
    assert [found.organisations[code].complete for code in "AB"] == [True, False]


def test_a_body_bears_the_name_that_it_had_in_a_year() -> None:
    found = tree(
        one("A", name="Ash", to="2026-03-31"), one("A", name="Oak", **{"from": "2026-04-01"})
    )
    assert [found.name("A", year) for year in (BEFORE, YEAR, f"{BEFORE}-H2", "")] == [
        "Ash",
        "Oak",
        "Ash",
        "Oak",
    ]


@pytest.mark.parametrize(
    ("dates", "years"),
    [
        ({}, (True, True, True)),
        ({"from": "2026-04-01"}, (False, True, True)),
        ({"from": "2027-03-31"}, (False, True, True)),
        ({"to": "2026-03-31"}, (True, False, False)),
        ({"to": "2026-04-01"}, (True, True, False)),
        ({"from": "2026-06-01", "to": "2026-06-30"}, (False, True, False)),
    ],
)
def test_a_body_exists_in_a_year_that_any_day_of_it_touches(
    dates: dict[str, str], years: tuple[bool, bool, bool]
) -> None:
    found = tree(one("A", **dates))
    assert tuple(found.exists("A", year) for year in (BEFORE, YEAR, AFTER)) == years
    assert not found.exists("B", YEAR)
    assert found.roots(YEAR) == (("A",) if years[1] else ())


# -- above and below -------------------------------------------------------------------------------


def test_a_tree_is_walked_up_and_down() -> None:
    found = tree(*PLAIN)
    assert found.parent("A", YEAR) == "S" and found.parent("N", YEAR) is None
    assert found.children("S", YEAR) == ("A", "B") and found.children("A", YEAR) == ()
    assert found.descendants("R", YEAR) == ("S", "A", "B", "X")
    assert found.descendants("A", YEAR) == found.descendants("nobody", YEAR) == ()
    assert found.ancestors("A", YEAR) == ("S", "R", "N")
    assert found.leaves("R", YEAR) == ("A", "B", "X") and found.leaves("A", YEAR) == ("A",)
    assert found.inside("S", YEAR, ["X", "B", "S", "A", "nobody"]) == ("S", "A", "B")
    assert found.inside("nobody", YEAR, ["A"]) == ()
    assert found.roots(YEAR) == ("N", "Z")
    assert found.depth(YEAR) == 4
    order = found.lowest_first(YEAR)
    assert sorted(order) == sorted("NRSABXZ")
    assert all(order.index(low) < order.index(high) for low, high in found.links(YEAR).items())
    assert found.nearest("A", YEAR, "region") == "R" and found.nearest("A", YEAR, "nation") == "N"
    assert found.nearest("R", YEAR, "region") is None
    assert found.nearest("A", YEAR, "cluster") is None
    assert found.region_of("A", YEAR) == "R"
    assert found.region_of("R", YEAR) == "N"  # the topmost above, where no region is
    assert found.region_of("N", YEAR) is None
    assert found.too_deep(YEAR) == ()


def test_the_parent_in_a_year_is_that_of_the_last_spell_in_it() -> None:
    rows = [one("S", kind="system"), one("T", kind="system")]
    moved = [one("A", "S", to="2026-09-30"), one("A", "T", **{"from": "2026-10-01"})]
    found = tree(*rows, *moved)
    assert [found.parent("A", year) for year in (BEFORE, YEAR, AFTER)] == ["S", "T", "T"]
    assert found.parent("A", f"{YEAR}-H1") == "S"
    assert found.last_links() == {"A": "T"}
    assert tree(*rows, *moved[::-1]).parent("A", YEAR) == "T"


def test_a_parent_that_is_not_listed_is_none_and_a_circle_hangs_on_nobody() -> None:
    found = tree(one("A", "S"), one("B", "C"), one("C", "B"), one("D", "B"))
    assert found.links(YEAR) == {"D": "B"}
    assert found.raw_links(YEAR) == {"B": "C", "C": "B", "D": "B"}
    assert found.children("B", YEAR) == ("D",)
    assert found.depth(YEAR) == 2


# -- moves within a year ---------------------------------------------------------------------------


def stays(*rows: Cells, year: str = YEAR) -> dict[str, tuple[Stay, ...]]:
    return tree(one("S", kind="system"), one("T", kind="system"), *rows).moves(year)


FIRST, SECOND = frozenset(range(1, 7)), frozenset(range(7, 13))


def test_a_body_that_changes_parent_stays_under_each_for_its_months() -> None:
    moved = [one("A", "S", to="2026-09-30"), one("A", "T", **{"from": "2026-10-01"})]
    assert stays(*moved) == {"A": (Stay("S", FIRST), Stay("T", SECOND))}
    assert stays(*moved, year=BEFORE) == {} and stays(*moved, year=f"{YEAR}-H1") == {}
    back = [
        one("A", "S", to="2026-06-30"),
        one("A", "T", **{"from": "2026-07-01", "to": "2026-09-30"}),
        one("A", "S", **{"from": "2026-10-01"}),
    ]
    assert stays(*back) == {
        "A": (Stay("S", frozenset({1, 2, 3}) | SECOND), Stay("T", frozenset({4, 5, 6})))
    }
    assert stays(*back, year=f"{YEAR}-H1") == {
        "A": (Stay("S", frozenset({1, 2, 3})), Stay("T", frozenset({4, 5, 6})))
    }


def test_a_move_within_a_month_leaves_no_month_to_tell() -> None:
    moved = [one("A", "S", to="2026-10-14"), one("A", "T", **{"from": "2026-10-15"})]
    assert stays(*moved) == {"A": (Stay("S", None), Stay("T", None))}
    second = [one("A", "S", to="2026-10-01"), one("A", "T", **{"from": "2026-10-02"})]
    assert stays(*second) == {"A": (Stay("S", None), Stay("T", None))}


def test_spells_under_one_parent_or_at_odds_are_no_move() -> None:
    same = [one("A", "S", to="2026-09-30"), one("A", "S", **{"from": "2026-10-01"})]
    assert stays(*same) == {}
    odds = [one("A", "S", to="2026-10-01"), one("A", "T", **{"from": "2026-10-01"})]
    assert stays(*odds) == {}
    assert stays(one("A", "S")) == {}


# -- months and successions ------------------------------------------------------------------------


def follows(old: str, new: str, on: str, share: str = "") -> Cells:
    row = {"predecessor": old, "successor": new, "on": on}
    return {**row, "share": share} if share else row


@pytest.mark.parametrize(
    ("dates", "months"),
    [
        ({}, range(1, 13)),
        ({"from": "2026-07-01"}, range(4, 13)),
        ({"from": "2026-07-31"}, range(4, 13)),
        ({"to": "2026-07-01"}, range(1, 5)),
        ({"to": "2026-06-30"}, range(1, 4)),
        ({"from": "2027-03-31"}, (12,)),
        ({"from": "2027-04-01"}, ()),
    ],
)
def test_a_body_stands_in_every_month_that_its_dates_touch(
    dates: dict[str, str], months: object
) -> None:
    assert tree(one("A", **dates)).months_stood("A", YEAR) == set(months)  # type: ignore[call-overload]


def test_one_that_passed_on_the_whole_of_itself_stood_until_then() -> None:
    found = tree(one("A"), one("B"), successions=[follows("A", "B", "2026-10-01")])
    assert found.months_stood("A", YEAR) == FIRST
    assert found.months_stood("A", AFTER) == set(range(1, 13))  # its dates say so
    assert found.months_stood("B", YEAR, 7) == SECOND  # nothing of it is earlier
    assert found.months_stood("B", YEAR, 6) == set(range(1, 13))  # its own money is
    assert found.months_stood("B", YEAR) == set(range(1, 13))
    mid = tree(one("A"), one("B"), successions=[follows("A", "B", "2026-10-15")])
    assert mid.months_stood("A", YEAR) == set(range(1, 8))
    assert mid.months_stood("B", YEAR, 7) == SECOND


def test_one_that_passed_on_a_part_goes_on() -> None:
    part = [follows("A", "B", "2026-10-01", "0.4")]
    found = tree(one("A"), one("B"), one("C"), successions=part)
    assert found.months_stood("A", YEAR) == set(range(1, 13))
    assert not found.passed_on("A", AFTER)
    both = [*part, follows("A", "C", "2026-10-01", "0.6")]
    gone = tree(one("A"), one("B"), one("C"), successions=both)
    assert gone.months_stood("A", YEAR) == FIRST
    assert (gone.passed_on("A", YEAR), gone.passed_on("A", f"{YEAR}-H2")) == (False, True)
    assert gone.passed_on("A", AFTER) and not gone.passed_on("B", AFTER)


# -- balances --------------------------------------------------------------------------------------


def test_a_balance_follows_every_succession_up_to_a_day() -> None:
    found = tree(
        one("A"),
        one("B"),
        one("C"),
        successions=[follows("A", "B", "2026-10-01"), follows("B", "C", "2027-04-01")],
    )
    assert found.carry("A", 7, date(2026, 9, 30)) == {"A": 7}
    assert found.carry("A", 7, date(2026, 10, 1)) == {"B": 7}
    assert found.carry("A", 7, date(2027, 4, 1)) == {"C": 7}
    assert found.carry("A", 7, date(2027, 4, 1), date(2026, 10, 1)) == {"A": 7}
    assert found.carry("A", 7, date(2027, 4, 1), date(2026, 9, 30)) == {"C": 7}


def test_a_body_that_divides_keeps_what_its_heirs_do_not_take() -> None:
    parts = [follows("A", "B", "2026-10-01", "0.25"), follows("A", "C", "2026-10-01", "0.5")]
    found = tree(one("A"), one("B"), one("C"), successions=parts)
    assert found.carry("A", 100, date(2027, 1, 1)) == {"B": 25, "C": 50, "A": 25}
    assert found.carry("A", 7, date(2027, 1, 1)) == {"B": 2, "C": 3, "A": 2}
    assert sum(found.carry("A", -7, date(2027, 1, 1)).values()) == -7
    whole = tree(one("A"), one("B"), one("C"), successions=[follows("A", "B", "2026-10-01")])
    assert whole.carry("A", 100, date(2027, 1, 1)) == {"B": 100}


def test_an_heir_may_pass_it_on_the_same_day_and_what_comes_round_stays() -> None:
    day = "2026-10-01"
    chain = tree(
        one("A"), one("B"), one("C"), successions=[follows("A", "B", day), follows("B", "C", day)]
    )
    assert chain.carry("A", 7, date(2026, 10, 1)) == {"C": 7}
    ring = tree(one("A"), one("B"), successions=[follows("A", "B", day), follows("B", "A", day)])
    assert ring.carry("A", 7, date(2026, 10, 1)) == {"A": 7}
