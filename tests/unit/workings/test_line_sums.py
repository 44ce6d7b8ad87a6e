"""One line of a body and all below it: signed, added up, and never summed around one that is silent."""

from __future__ import annotations

import pytest

from controltotal.workings.line_sums import line_of
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

OWN: list[Cells] = [{**TREE[0], "kind": "provider"}, *TREE[1:]]


def line(
    name: str, *rows: Cells, code: str = "S1", tree: list[Cells] = TREE, months: str = ""
) -> Value:
    totals = Workings(position_of(book(*rows, tree=tree))).totals
    some = frozenset(int(month) for month in months.split()) or None
    return line_of(totals, code, YEAR, "plan", name, some)


def test_income_is_positive_and_cost_negative() -> None:
    assert line("pay", amount("T1", "pay", 5), code="T1").pence == -500
    assert line("other_income", amount("T1", "other_income", 5), code="T1").pence == 500


def test_the_line_above_is_the_sum_of_those_below() -> None:
    rows = (amount("T1", "pay", 5), amount("T2", "pay", 1))
    found = line("pay", *rows)
    assert (found.pence, found.rule) == (
        -600,
        "sum of the bodies below, trade between them included",
    )
    assert line("pay", *rows, amount("S1", "pay", 9)).pence == -600  # a system has none of its own
    assert line("pay", *rows, amount("S1", "pay", 9), tree=OWN).pence == -1500


def test_one_that_tells_other_lines_has_none_of_it() -> None:
    rows = (amount("T1", "pay", 5), amount("T2", "drugs", 1))
    assert line("pay", *rows).pence == -500
    assert line("non_pay", *rows).silent


@pytest.mark.parametrize("other", [(), (amount("T2", "position", 1),)])
def test_one_that_tells_no_line_leaves_the_line_above_untold(other: tuple[Cells, ...]) -> None:
    found = line("pay", amount("T1", "pay", 5), *other)
    assert (found.kind, found.missing) == ("incomplete", ("T2",))
    assert "not every body below tells it: T2" in found.rule
    stated = line("pay", amount("T1", "pay", 5), *other, amount("S1", "pay", 9))
    assert (stated.pence, stated.rule) == (
        -900,
        "as stated; the bodies below do not all report",
    )
    assert not line("pay", amount("T1", "pay", 5), amount("S1", "pay", 9), *other, tree=OWN).known


def test_bodies_that_are_not_all_listed_leave_a_line_untold() -> None:
    some: list[Cells] = [{**TREE[0], "complete": "no"}, *TREE[1:]]
    rows = (amount("T1", "pay", 5), amount("T2", "pay", 1))
    found = line("pay", *rows, tree=some)
    assert found.kind == "incomplete" and "some are not listed" in found.rule
    assert line("pay", *rows, amount("S1", "pay", 9), tree=some).pence == -900


def test_months_asked_for_are_those_alone() -> None:
    rows = [amount("T1", "pay", month, month=str(month)) for month in (1, 2, 3)]
    assert line("pay", *rows, code="T1", months="2 3").pence == -500
    assert not line("pay", amount("T1", "pay", 12), code="T1", months="2").known


def test_a_group_is_what_is_stated_whole_or_by_its_parts() -> None:
    parts = (amount("T1", "premises", 5), amount("T1", "clinical_supplies", 4))
    assert line("premises", *parts, code="T1").pence == -500
    found = line("non_pay", *parts, code="T1")
    assert (found.pence, found.rule) == (-900, "what is stated whole and its parts")
    assert len(found.entries) == 2
    assert line("non_pay", parts[0], code="T1").pence == -500
    assert line("non_pay", amount("T1", "non_pay", 2), code="T1").pence == -200
    assert line("non_pay", parts[1], {**parts[0], "amount": "5 €"}, code="T1").pence is None
