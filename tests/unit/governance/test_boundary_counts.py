"""Which systems cut through an authority, by counts of a hundred people, and what is said of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from controltotal import verbs
from controltotal.core.places import areas, names
from controltotal.core.result import Answer
from controltotal.governance.answer_boundaries import _exceptions, _moves, overlap
from controltotal.governance.boundaries import (
    Breach,
    Move,
    Overlap,
    breaches,
    money_by_authority,
    moves,
    split_authorities,
)
from tests.small_books import book
from tests.strategies import Cells, amount, control_total, position_of


def laid(*columns: tuple[int, ...]) -> Overlap:
    """Authorities E1, E2 … with people in the systems A, B, C."""
    return Overlap(
        "2021",
        tuple("ABC"[: len(columns[0])]),
        tuple(f"E{n}" for n in range(1, len(columns) + 1)),
        np.array(columns).T,
    )


@pytest.mark.parametrize(
    ("people", "broken"),
    [
        ((98, 2), []),  # two of a hundred outside is no more than the threshold
        ((97, 3), ["A", "B"]),
        ((98, 1, 1), []),
        ((96, 2, 2), ["A"]),  # split, and each of the others holds no more than two
        ((95, 3, 2), ["A", "B"]),
        ((50, 50), ["A", "B"]),
        ((100, 0), []),
        ((0, 97, 3), ["B", "C"]),
    ],
)
def test_a_system_breaches_with_more_than_a_part_and_less_than_all_but_it(
    people: tuple[int, ...], broken: list[str]
) -> None:
    assert [one.system for one in breaches(laid(people), 0.02)] == broken


def test_with_no_threshold_every_part_of_a_split_authority_is_a_breach() -> None:
    found = breaches(laid((99, 1), (100, 0)), 0.0)
    assert found == (Breach("A", "E1", 99, 0.99, 0.01), Breach("B", "E1", 1, 0.01, 0.01))


def test_breaches_come_by_system_and_then_by_authority() -> None:
    found = breaches(laid((3, 97), (97, 3)), 0.02)
    assert [(one.system, one.authority, one.people) for one in found] == [
        ("A", "E1", 3),
        ("A", "E2", 97),
        ("B", "E1", 97),
        ("B", "E2", 3),
    ]
    for threshold in (-0.01, 0.5):
        with pytest.raises(ValueError, match="from 0 to below one half"):
            breaches(laid((3, 97)), threshold)


def test_the_main_system_holds_most_and_of_equal_ones_the_lower_code() -> None:
    found = laid((10, 80, 10), (50, 50, 0), (0, 0, 4))
    assert found.main_system() == {"E1": "B", "E2": "A", "E3": "C"}
    assert found.outside() == {"E1": 0.2, "E2": 0.5, "E3": 0.0}
    assert found.share()[:, 0].tolist() == [0.1, 0.8, 0.1]
    assert split_authorities(found, 0.2) == ("E2",)
    assert split_authorities(found, 0.19) == ("E1", "E2")


def test_money_follows_people_to_the_penny() -> None:
    placed, unknown = money_by_authority({"B": 100, "Z": 5, "A": -7}, laid((1, 2), (1, 1), (0, 0)))
    assert placed["A", "E1"] + placed["A", "E2"] == -7
    assert (placed["B", "E1"], placed["B", "E2"], unknown) == (67, 33, ("Z",))


def test_areas_that_changed_system_are_added_up_by_authority() -> None:
    found = moves("AABBA", "ABAAB", ["E1", "E1", "E2", "E2", "E2"], [5, 7, 9, 2, 3])
    assert found == (Move("A", "B", "E1", 7), Move("A", "B", "E2", 3), Move("B", "A", "E2", 11))


def waived(**cells: str) -> dict[str, Any]:
    row = {
        "rule": "coterminosity",
        "organisation": "QM7",
        "year": "2021-22",
        "by": "Secretary of State",
        "on": "2021-07-22",
        "reason": "kept",
        **cells,
    }
    tree: list[Cells] = [{"code": "QM7", "name": "Herts", "kind": "system"}]
    return _exceptions(position_of(book(tree=tree, waivers=[row])), "2021")


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        ({}, True),
        ({"on": "2021-12-31"}, True),
        ({"on": "2022-01-01"}, False),
        ({"on": "2019-01-01", "until": "2021-04-01"}, True),
        ({"on": "2019-01-01", "until": "2021-03-31"}, False),
        ({"rule": "other"}, False),
    ],
)
def test_an_exception_counts_while_it_is_in_force_in_the_year_of_the_areas(
    cells: dict[str, str], counts: bool
) -> None:
    assert set(waived(**cells)) == ({"QM7"} if counts else set())
    assert _exceptions(None, "2021") == {}


def test_every_system_and_authority_is_told_and_those_in_breach_are_named() -> None:
    result = verbs.boundaries(None, "2021", 0.02)
    places, named = overlap("2021"), names("2021", "system")
    rows = result.tables["breaches"]
    systems = sorted({row["system"] for row in rows})
    assert len(systems) == 19 and result.value("breaches/ENGLAND/2021/boundary") == 19
    told = {f.organisation: f.value for f in result.figures if f.measure == "breach"}
    assert set(told) == set(places.systems)
    assert sorted(code for code, value in told.items() if value == 1) == systems
    assert f"Systems in breach: {'; '.join(named[code] for code in systems)}." in result.words
    split = split_authorities(places, 0.02)
    assert result.words[0] == (
        f"19 of {len(places.systems)} systems breach at 2.0% on the areas of 2021; {len(split)} of "
        f"{len(places.authorities)} upper-tier authorities are split."
    )
    outside = places.outside()
    most = max(split, key=lambda code: outside[code])
    assert result.words[2].startswith(
        "Authorities split, with the share of their people outside their main system: "
        f"{names('2021', 'authority')[most]} {outside[most]:.1%}; "
    )
    row = next(r for r in rows if r["authority"] == most)
    assert row["share_of_authority"] == round(row["people"] / int(
        places.people[:, places.authorities.index(most)].sum()), 8)  # fmt: skip
    assert row["authority_outside_main"] == round(outside[most], 8)
    assert not any(r["excepted"] for r in rows)


def test_an_authority_with_people_in_two_systems_is_told_with_the_part_of_each() -> None:
    result = verbs.boundaries(None, "2021", 0.02)
    places = overlap("2021")
    rows = result.tables["population_split"]
    parted = {code: part for code, part in places.outside().items() if part > 0}
    assert {row["authority"] for row in rows} == set(parted)
    for code in parted:
        own = [row for row in rows if row["authority"] == code]
        column = places.people[:, places.authorities.index(code)]
        assert {row["system"]: row["people"] for row in own} == {
            system: int(held) for system, held in zip(places.systems, column, strict=True) if held
        }
        (main,) = [row for row in own if row["main"]]
        assert main["people"] == max(row["people"] for row in own)
        assert {row["split"] for row in own} == {parted[code] > 0.02}
        assert sum(row["share"] for row in own) == pytest.approx(1, abs=1e-7)
        assert result.value(f"population_split/{code}/2021/boundary") == round(parted[code], 8)
    order = [row["outside_main"] for row in rows]
    assert order == sorted(order, reverse=True)


def test_where_nothing_is_split_no_system_is_named() -> None:
    result = verbs.boundaries(None, "2021", 0.499)
    assert result.value("breaches/ENGLAND/2021/boundary") == 0
    assert len([text for text in result.words if text.startswith("Systems in breach")]) == 0


@pytest.mark.parametrize(
    ("vintage", "told"), [("2020", False), ("2021", False), ("2022", True), ("2024", False)]
)
def test_moves_are_told_from_the_year_before_where_the_areas_are_the_same(
    vintage: str, told: bool
) -> None:
    answer = Answer("boundaries")
    _moves(answer, vintage)
    rows = answer.rows("moves")
    assert bool(rows) is told
    if told:
        before, after = areas("2021"), areas("2022")
        old = [before.codes["system"][n] for n in before.member["system"]]
        new = [after.codes["system"][n] for n in after.member["system"]]
        people = sum(int(p) for a, b, p in zip(old, new, after.people, strict=True) if a != b)
        assert sum(row["people"] for row in rows) == people
        assert {(row["from_vintage"], row["to_vintage"]) for row in rows} == {("2021", "2022")}
        assert all(row["from"] != row["to"] for row in rows)


SYSTEM: list[Cells] = [{"code": "QUE", "name": "Cambridgeshire", "kind": "system"}]


def test_money_of_the_book_is_laid_where_people_live_with_its_rows() -> None:
    position = position_of(
        book(
            amount("QUE", "position", -12),
            tree=SYSTEM,
            control_totals=[control_total("QUE", -9)],
        )
    )
    result = verbs.boundaries(position, "2022")
    for measure, pounds in (("surplus", -12), ("control_total", -9)):
        placed = [f for f in result.figures if f.measure == "money_by_place" and f.part == measure]
        assert sum(int(f.value or 0) for f in placed) == pounds * 100
        rows = [r for r in result.tables["money_by_authority"] if r["measure"] == measure]
        assert {r["authority"] for r in rows} == {f.organisation for f in placed}
        assert sum(r["pence"] for r in rows) == pounds * 100
        trace = result.trace[placed[0].id]
        assert tuple(trace.inputs) == (f"{measure}/QUE/2026-27/plan",)
        assert len(trace.entries) == 1
    assert "Money of the systems in this book (surplus, control total, gap) is laid" in " ".join(
        result.words
    )
    nothing = verbs.boundaries(position_of(book(amount("QUE", "pay", 1), tree=SYSTEM)), "2022")
    assert not any("laid on authorities" in text for text in nothing.words)


def test_what_a_source_says_of_the_number_stands_beside_the_count() -> None:
    fact = {
        "organisation": "QUE",
        "fact": "systems_not_coterminous",
        "year": "2026-27",
        "value": "8",
        "qualifier": "around",
    }
    position = position_of(book(tree=SYSTEM, facts=[fact]))
    (said,) = [t for t in verbs.boundaries(position, "2021").words if t.startswith("As stated")]
    assert said == "As stated: around 8 systems; counted here at 2.0%: 19."
