"""How what was taken from published tables is told, and when a grouping takes a number, by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.book.records import Amount, Fact
from controltotal.book.taken import (
    _is_asked,
    _is_distance,
    _may_add,
    _of_table,
    _record,
    _says,
    _some,
    published_places,
    taken_told,
)
from controltotal.core import published
from controltotal.core.published_inputs import Input

TABLE = "ccg_allocations_2013_14_to_2019_20.csv"
WEIGHTED = "icb_weighted_populations.csv"
TITLE = published.TITLES[TABLE].title


def one(name: str = "allocation", year: str = "2019-20", **more: Any) -> Input:
    given: dict[str, Any] = {
        "value": 500_000,
        "unit": "£k",
        "table": TABLE,
        "rows": (85,),
        "of": ("15E",),
        "known": date(2019, 1, 10),
    }
    return Input(name, year, **{**given, **more})


def position(*rows: Any, years: tuple[str, ...] = ("2019-20",), tree: Any = None) -> Any:
    return SimpleNamespace(taken={row.entry: row for row in rows}, years=years, tree=tree)


# -- rows ------------------------------------------------------------------------------------------


def test_a_line_is_taken_as_an_amount_of_the_plan_and_all_else_as_a_fact() -> None:
    row = _record("15E", one(scenario="opening", note="as set"), -3)
    assert isinstance(row, Amount)
    assert (row.organisation, row.line, row.year, row.basis, row.amount, row.unit) == (
        "15E",
        "allocation",
        "2019-20",
        "plan",
        500_000,
        "£k",
    )
    assert (row.number, row.entry, row.scenario, row.known) == (
        85,
        -3,
        "opening",
        date(2019, 1, 10),
    )
    assert row.texts == {
        "organisation": "15E",
        "line": "allocation",
        "year": "2019-20",
        "basis": "plan",
        "scenario": "opening",
        "amount": "5",
        "unit": "£k",
        "note": "as set",
    }
    assert row.where == f"{TABLE} row 85"
    fact = _record("QHL", one("need", value=1.05, unit="index", rows=(2, 3)), -4)
    assert isinstance(fact, Fact)
    assert (fact.fact, fact.value, fact.scenario) == ("need", 1.05, None)
    assert fact.texts["value"] == "1.05" and "basis" not in fact.texts
    assert fact.where == f"{TABLE} row 2, row 3"


# -- what is told ----------------------------------------------------------------------------------


def test_nothing_is_told_where_nothing_was_taken() -> None:
    assert taken_told(position(), []) is None


def test_one_finding_tells_of_whom_what_and_from_which_table() -> None:
    first = _record("15E", one(), -1)
    target = _record("15E", one("target_allocation", rows=(86,)), -2)
    (rows, found) = (first, taken_told(position(first, target), [-1, -2, -2]))
    assert rows is first and found is not None
    assert (found.code, found.severity, found.organisation) == (
        "TAKEN_FROM_PUBLISHED",
        "information",
        "15E",
    )
    assert found.where == f"{TABLE} row 85, row 86"
    assert found.message == (
        "The book does not state these, so that they are taken as published: allocation, target "
        f"allocation of 15E in 2019/20 from {TABLE} ({TITLE})."
    )
    assert found.found == "2 published numbers" and found.organisations == ()
    single = taken_told(position(first), [-1])
    assert single is not None and single.found == "1 published number"


def test_several_bodies_tables_and_sums_are_told_apart() -> None:
    rows = [
        _record("15E", one(), -1),
        _record("QHL", one(rows=(85, 90), scenario="opening"), -2),
        _record("QHL", one("need", table=WEIGHTED, rows=(7,), value=1.0, unit="index"), -3),
    ]
    found = taken_told(position(*rows), [-1, -2, -3])
    assert found is not None
    assert (found.organisation, found.organisations) == ("", ("15E", "QHL"))
    assert (
        f"allocation of 15E and allocation (opening) of QHL in 2019/20 from {TABLE} ({TITLE}, those "
        "of several bodies added up)"
    ) in found.message
    assert f"; need of QHL in 2019/20 from {WEIGHTED} (" in found.message
    alone = _of_table(TABLE, rows[:1])
    assert alone == f"allocation of 15E in 2019/20 from {TABLE} ({TITLE})"


@pytest.mark.parametrize(("count", "more"), [(12, ""), (13, " and 1 more"), (20, " and 8 more")])
def test_a_dozen_names_are_said_and_the_others_counted(count: int, more: str) -> None:
    names = tuple(f"N{n}" for n in range(count))
    assert _some(names) == ", ".join(names[:12]) + more


def test_published_places_are_told_by_table_and_of_whom() -> None:
    rows = published.published_rows(TABLE)
    own = next(n for n, row in enumerate(rows) if row.get("ccg_code"))
    code = rows[own]["ccg_code"]
    place = own + 2
    mine = _record(code, one(rows=(place,)), -1)
    whole = _record("QHL", one(rows=(place,)), -2)
    asked = position(mine, whole)
    assert published_places(asked, [-1, 7]) == f"published: {TABLE} row {place}"
    assert published_places(asked, [-2]) == f"published: {TABLE} row {place} ({code})"
    assert published_places(asked, [7]) == ""


# -- what is taken ---------------------------------------------------------------------------------


def test_a_book_states_an_input_by_any_of_its_names_or_in_a_row_that_nobody_can_read() -> None:
    target = one("target_allocation")
    for name in ("target_allocation", "distance_from_target", ""):
        for year in ("2019-20", ""):
            assert _says(frozenset({("15E", name, year)}), "15E", target)
    assert not _says(frozenset({("15E", "target_allocation", "2018-19")}), "15E", target)
    assert not _says(frozenset({("QHL", "target_allocation", "2019-20")}), "15E", target)
    assert not _says(frozenset({("15E", "allocation", "2019-20")}), "15E", target)
    beside = one(scenario="opening")  # the allocation beside which a target was set
    said = frozenset({("15E", "target_allocation", "2019-20")})
    assert _says(said, "15E", beside) and not _says(said, "15E", one())


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"year": "2019-20"}, True),
        ({"year": "2018-19"}, False),
        ({"year": "2015-16", "name": "target_allocation"}, True),  # a distance stands for later
        ({"year": "2015-16", "scenario": "opening"}, True),
        ({"year": "2015-16", "name": "target_allocation", "known": date(2020, 3, 31)}, True),
        ({"year": "2015-16", "name": "target_allocation", "known": date(2020, 4, 1)}, False),
        ({"year": "2015-16", "name": "population"}, False),
    ],
)
def test_a_question_may_need_what_is_of_its_years_or_known_to_speak_of_them(
    given: dict[str, Any], asked: bool
) -> None:
    assert _is_asked(position(), "15E", one(**given)) is asked
    assert _is_distance(one("target_allocation")) and _is_distance(one(scenario="opening"))
    assert not _is_distance(one())


@pytest.mark.parametrize(
    ("of", "below", "said", "name", "adds"),
    [
        (("S",), {"C1": "commissioner"}, (), "allocation", True),  # its own
        (("C1", "C2"), {}, (), "allocation", True),
        (("C1", "C2"), {"C1": "commissioner"}, (), "allocation", True),  # of some of its parts
        (("C1", "C2"), {"C1": "commissioner", "C2": "commissioner"}, (), "allocation", False),
        (("C1", "C2"), {"C1": "commissioner", "C2": "commissioner"}, (), "need", True),
        (("C1", "C2"), {"C1": "commissioner", "P": "provider"}, (), "allocation", True),
        (("C1",), {"C3": "commissioner"}, (), "allocation", False),  # one that is no part of it
        (("C1", "C2"), {"C1": "commissioner"}, ("C1",), "allocation", False),
    ],
)
def test_a_grouping_takes_a_number_unless_it_is_made_of_what_is_listed_below(
    of: tuple[str, ...], below: dict[str, str], said: tuple[str, ...], name: str, adds: bool
) -> None:
    tree = SimpleNamespace(
        descendants=lambda code, year: tuple(below), kind=lambda code: below[code]
    )
    stated = frozenset((code, name, "2019-20") for code in said)
    body: Any = SimpleNamespace(code="S")
    assert _may_add(position(tree=tree), stated, body, one(name, of=of)) is adds
