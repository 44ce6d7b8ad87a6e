"""Unidentified savings and cash follow the law of the surplus; bounds go up the tree after signs."""

from __future__ import annotations

import pytest

from controltotal.accounts.checks import findings
from controltotal.accounts.statement import answer_position
from controltotal.workings import gaps
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, amount, control_total, position_of

TREE: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
    {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1"},
]
OWN: list[Cells] = [{**TREE[0], "kind": "provider"}, *TREE[1:]]


def book(*rows: Cells, tree: list[Cells] = TREE, totals: tuple[Cells, ...] = ()) -> Book:
    return {"organisations": tree, "amounts": list(rows), "control_totals": list(totals)}


def worked(said: Book) -> Workings:
    return Workings(position_of(said))


def codes(said: Book) -> set[str]:
    return {found.code for found in findings(worked(said), [YEAR])}


LOOK = {"savings_unidentified": gaps.unidentified, "cash": gaps.cash}


@pytest.mark.parametrize("line", LOOK)
def test_children_that_all_report_make_the_parent_and_the_stated_total_is_told(line: str) -> None:
    said = book(amount("T1", line, 5), amount("T2", line, 1), amount("S1", line, 7))
    assert LOOK[line](worked(said).totals, "S1", YEAR, "plan").pence == 600
    assert "LINE_TOTAL_DIFFERS" in codes(said)


@pytest.mark.parametrize("line", LOOK)
def test_a_stated_total_that_agrees_is_not_told(line: str) -> None:
    said = book(amount("T1", line, 5), amount("T2", line, 1), amount("S1", line, 6))
    assert "LINE_TOTAL_DIFFERS" not in codes(said)


@pytest.mark.parametrize("line", LOOK)
def test_where_some_are_missing_the_stated_total_stands(line: str) -> None:
    said = book(amount("T1", line, 5), amount("S1", line, 7))
    assert LOOK[line](worked(said).totals, "S1", YEAR, "plan").pence == 700
    assert "LINE_TOTAL_DIFFERS" not in codes(said)


@pytest.mark.parametrize("line", LOOK)
def test_a_body_with_money_of_its_own_adds_it_to_that_of_those_below(line: str) -> None:
    rows = (amount("T1", line, 5), amount("T2", line, 1), amount("S1", line, 7))
    assert LOOK[line](worked(book(*rows, tree=OWN)).totals, "S1", YEAR, "plan").pence == 1300


def test_unidentified_savings_that_only_some_state_are_those() -> None:
    totals = worked(book(amount("T1", "savings_unidentified", 5))).totals
    assert gaps.unidentified(totals, "S1", YEAR, "plan").pence == 500
    assert gaps.unidentified(totals, "T2", YEAR, "plan").silent


# -- bounds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pounds", "qualifier", "ends"),
    [
        (-1, "up_to", (-100, None)),  # a deficit of at most 1
        (-1, "over", (None, -100)),  # a deficit of more than 1
        (1, "up_to", (None, 100)),
        (1, "over", (100, None)),
        (0, "over", (0, None)),
    ],
)
def test_a_position_known_to_a_bound_is_bounded_after_its_sign(
    pounds: int, qualifier: str, ends: tuple[int | None, int | None]
) -> None:
    said = book(amount("T1", "position", pounds, qualifier=qualifier), amount("T2", "position", 2))
    totals = worked(said).totals
    found = totals.surplus("T1", YEAR, "plan")
    assert (found.pence, found.status, found.ends) == (None, "bounded", ends)
    up = tuple(None if end is None else end + 200 for end in ends)
    assert totals.surplus("S1", YEAR, "plan").ends == up


def test_a_cost_of_up_to_some_sum_bounds_the_surplus_from_below() -> None:
    """Income 10 and cost of at most 4: a surplus of at least 6."""
    rows = (
        amount("T1", "patient_care_income", 10),
        amount("T1", "pay", 4, qualifier="up_to"),
    )
    assert worked(book(*rows)).totals.surplus("T1", YEAR, "plan").ends == (600, None)


def test_bounds_on_both_sides_leave_nothing_to_tell() -> None:
    rows = (
        amount("T1", "position", -1, qualifier="up_to"),
        amount("T2", "position", -1, qualifier="over"),
    )
    found = worked(book(*rows)).totals.surplus("S1", YEAR, "plan")
    assert (found.status, found.kind) == ("indeterminate", "bounded_apart")


def test_gap_variance_and_what_is_to_find_are_bounded_with_it() -> None:
    """Deficit up to 1, control total 0, unidentified 2: gap up to 1, to find up to 3."""
    rows = (
        amount("T1", "position", -1, qualifier="up_to"),
        amount("T1", "savings_unidentified", 2),
    )
    result = answer_position(worked(book(*rows, totals=(control_total("T1", 0),))))
    told = {m: result.figure(f"{m}/T1/{YEAR}/plan") for m in ("gap", "variance", "to_find")}
    assert {m: (f.low, f.high) for m, f in told.items() if f} == {
        "gap": (None, 100),
        "variance": (-100, None),
        "to_find": (None, 300),
    }
    assert {f.qualifier for f in told.values() if f} == {"up_to"}


def test_unidentified_savings_of_up_to_a_sum_are_as_written_and_bound_what_is_to_find() -> None:
    rows = (
        amount("T1", "position", -1),
        amount("T1", "savings_unidentified", 2, qualifier="up_to"),
    )
    result = answer_position(worked(book(*rows, totals=(control_total("T1", 0),))))
    lacking = result.figure(f"savings_unidentified/T1/{YEAR}/plan")
    to_find = result.figure(f"to_find/T1/{YEAR}/plan")
    assert lacking is not None and (lacking.value, lacking.qualifier) == (200, "up_to")
    assert to_find is not None and (to_find.value, to_find.high) == (None, 300)


def test_what_is_around_a_sum_is_as_written_and_says_so() -> None:
    said = book(amount("T1", "position", -1, qualifier="around"), amount("T2", "position", 1))
    result = answer_position(worked(said))
    figure = result.figure(f"surplus/S1/{YEAR}/plan")
    assert figure is not None and (figure.value, figure.qualifier) == (0, "around")


@pytest.mark.parametrize(
    ("target", "qualifier", "status"),
    [
        (-2, "up_to", "met"),  # a deficit of at most 1 is within one of 2
        (-1, "over", "breached"),  # more than 1 is worse than 1, and 1 itself would meet it
        (0, "up_to", "indeterminate"),
        (-2, "over", "indeterminate"),
    ],
)
def test_a_rule_answers_where_the_whole_interval_falls_on_one_side(
    target: int, qualifier: str, status: str
) -> None:
    from controltotal.rules.answer import answer_rules

    rows = (amount("T1", "position", -1, qualifier=qualifier),)
    totals = (control_total("T1", target),)
    rules = answer_rules(worked(book(*rows, totals=totals))).tables["rules"]
    found = {r["status"] for r in rules if r["rule"] == "own_control_total" and r["year"] == YEAR}
    assert found == {status}


def test_an_engine_starts_from_what_was_written() -> None:
    """A deficit of up to 1 has no number in `position`; what risk and portfolio start from is 1."""
    said = book(amount("T1", "position", -1, qualifier="up_to"), amount("T2", "position", 2))
    found = worked(said).totals.surplus("S1", YEAR, "plan")
    assert (found.pence, found.as_written, found.taken_as_written().pence) == (None, 100, 100)
    money = worked(said).recorded.money("T1", YEAR)
    assert getattr(money, "pence", None) == -100
