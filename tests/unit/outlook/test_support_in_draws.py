"""Support beside the draws: paid where its condition is met, withheld where not, and what counts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from controltotal.core.result import Answer
from controltotal.outlook.candidates import candidates
from controltotal.outlook.inputs import build_inputs
from controltotal.outlook.simulation import Draws
from controltotal.outlook.simulation import run as draw
from controltotal.outlook.support import Conditional, Support, conditional_transfers, paid
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

THREE: list[Cells] = [
    *TREE,
    {"code": "N", "name": "Centre", "kind": "commissioner"},
]


def lent(number: int, to: str = "T1", pounds: int = 40, giver: str = "N", **more: str) -> Cells:
    row = {
        "id": f"N{number}",
        "from": giver,
        "to": to,
        "year": YEAR,
        "amount": str(pounds),
        "kind": "deficit_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    return {**row, **more}


MET = {"condition": "control total met"}


def workings(*rows: Cells, **tables: Any) -> Workings:
    told = [
        amount("T1", "position", -100),
        amount("T2", "position", 30),
        amount("N", "position", 0),
    ]
    return Workings(position_of(book(*told, *rows, tree=THREE, **tables)))


def drawn(found: Workings, **own: list[int]) -> tuple[Support, Answer]:
    """The support of a book in four draws; `own` are pounds of a body where they vary."""
    judged = found.judgements
    every = candidates(judged.eligible(), judged.ineligible(), pipeline=False)
    inputs = build_inputs(found, every, year=YEAR, later_years=False, independent=True)
    assert inputs.model is not None
    made = draw(inputs.model, draws=4, threads=1)
    money = made.own.copy()
    for code, pounds in own.items():
        money[made.model.organisations.index(code), 0] = [p * 100 for p in pounds]
    varied = Draws(made.model, made.seed, made.arrays, money, made.courses, 1)
    answer = Answer("risk")
    return Support(answer, found.totals, varied, inputs), answer


def pounds(value: np.ndarray | int | None) -> list[int] | int | None:
    if value is None:
        return None
    return value // 100 if isinstance(value, int) else [int(one) // 100 for one in value]


def test_transfers_that_hang_on_something_are_told_apart_from_those_nobody_can_read() -> None:
    rows = [
        lent(1),
        lent(2, **MET),
        lent(3, chance="0.5"),
        lent(4, condition="if it snows"),
        lent(5, condition="if it snows", chance="0.5"),
        lent(6, chance="1"),
        lent(7, **MET, status="proposed"),
        lent(8, **MET, year="2027-28"),
        lent(9, **MET, mechanism="position_improvement"),
    ]
    found, unread = conditional_transfers(workings(transfers=rows).totals, YEAR)
    assert [(one.row.id, one.pence, one.chance, one.needs_plan) for one in found] == [
        ("N2", 4_000, 1.0, True),
        ("N3", 4_000, 0.5, False),
        ("N5", 4_000, 0.5, False),
    ]
    assert [row.id for row in unread] == ["N4", "N5"]


def test_a_condition_that_cannot_be_simulated_is_said_at_its_row() -> None:
    _, answer = drawn(workings(transfers=[lent(1, condition="if it snows")]))
    (finding,) = answer.result().findings
    assert (finding.code, finding.organisation, finding.found) == (
        "CONDITION_NOT_MODELLED",
        "T1",
        "if it snows",
    )


def when(position: list[int], **more: Any) -> list[bool]:
    """In which draws support of 40 is paid that hangs on a control total of (70)."""
    options = {"control_total": -70, "support": 40, "counts": True, "chance": 1.0, "needs": True}
    options |= more
    row: Any = SimpleNamespace(to="T1", id="N1")
    one = Conditional(row, 40, options["chance"], options["needs"])
    return paid(
        one,
        seed=1,
        surplus=lambda code: np.array(position),
        control_total=options["control_total"],
        support=options["support"],
        counts=options["counts"],
    ).tolist()


def test_it_is_paid_where_the_receiver_keeps_to_its_plan() -> None:
    """(110) with 40 is (70); (111) misses it. Where support does not count (70) itself is needed."""
    assert when([-110, -111, -70, 0]) == [True, False, True, True]
    assert when([-110, -71, -70, 0], counts=False) == [False, False, True, True]
    assert when([-110, -111], control_total=None) == [True, True]
    assert when([-110, -111], needs=False) == [True, True]


def test_by_its_chance_it_is_paid_in_about_so_many_draws() -> None:
    ever = when([0] * 10_000, chance=0.25)
    assert abs(sum(ever) - 2_500) < 200
    assert not any(when([0] * 100, chance=0.0))
    both = when([-111] * 10_000, chance=0.25)
    assert not any(both)


TOTALS = [control_total("T1", -70, includes_support="yes")]


def test_what_is_withheld_leaves_the_receiver_and_goes_back_to_the_giver() -> None:
    found = workings(transfers=[lent(1, **MET)], control_totals=TOTALS)
    support, _ = drawn(found, T1=[-100, -110, -111, -200])
    assert pounds(support.of("T1", YEAR)) == [40, 40, 0, 0]
    assert pounds(support.of("N", YEAR)) == [-40, -40, 0, 0]
    assert pounds(support.of("S1", YEAR)) == [40, 40, 0, 0]
    assert support.of("T2", YEAR) == 0
    assert pounds(support.counted("T1", YEAR)) == [40, 40, 0, 0]
    assert pounds(support.aim("T1", YEAR)) == [-110, -110, -70, -70]
    assert support.aim("T2", YEAR) is None


def test_support_between_two_below_a_body_never_leaves_it() -> None:
    found = workings(transfers=[lent(1, giver="T2", **MET)], control_totals=TOTALS)
    support, _ = drawn(found, T1=[-100, -200, -100, -200])
    assert support.of("S1", YEAR) == 0
    assert pounds(support.of("T2", YEAR)) == [-40, 0, -40, 0]


def test_another_year_has_what_is_agreed_for_it() -> None:
    rows = [lent(1, **MET), lent(2, pounds=7, year="2027-28")]
    support, _ = drawn(workings(transfers=rows, control_totals=TOTALS), T1=[-200] * 4)
    assert support.of("T1", "2027-28") == 700


def test_where_the_receiver_cannot_be_told_neither_end_is() -> None:
    said = [amount("T1", "position", 1), amount("N", "position", 0)]
    found = Workings(
        position_of(book(*said, tree=THREE, transfers=[lent(1, to="T2", **MET), lent(2)]))
    )
    support, _ = drawn(found)
    assert support.of("N", YEAR) is None
    assert support.of("T2", YEAR) is None
    assert support.of("T1", YEAR) == 4_000


def test_a_parent_with_a_purse_adds_its_own_support_to_that_of_those_below() -> None:
    board: list[Cells] = [{**TREE[0], "kind": "commissioner"}, *TREE[1:], THREE[3]]
    rows = [amount(code, "position", 0) for code in ("S1", "T1", "T2", "N")]
    lends = [lent(1), lent(2, to="S1", pounds=5), lent(3, to="T2", pounds=2)]
    found = Workings(position_of(book(*rows, tree=board, transfers=lends)))
    support, _ = drawn(found)
    assert support.of("S1", YEAR) == 4_700
    assert support.of("N", YEAR) == -4_700


@pytest.mark.parametrize(
    ("first", "second", "system", "counted"),
    [
        ("yes", "no", None, 4_000),  # its control total is the sum of theirs
        ("no", "no", None, 0),
        ("yes", "", None, None),
        ("yes", "yes", None, 4_900),
        ("yes", "no", "yes", 4_900),
        ("yes", "no", "no", 0),
        ("yes", "no", "", None),
    ],
)
def test_what_counts_of_a_system_is_what_counts_below_where_its_total_is_their_sum(
    first: str, second: str, system: str | None, counted: int | None
) -> None:
    """First has 40 and Second 9 of support."""

    def said(code: str, word: str) -> Cells:
        return control_total(code, -70, **({"includes_support": word} if word else {}))

    targets = [said("T1", first), said("T2", second)]
    targets += [said("S1", system)] if system is not None else []
    rows = [lent(1), lent(2, to="T2", pounds=9)]
    support, _ = drawn(workings(transfers=rows, control_totals=targets))
    assert support.counted("S1", YEAR) == counted
