"""The position as its control total measures it: with support where that counts, and never by guess."""

from __future__ import annotations

import pytest

from controltotal.workings.measured import (
    measured,
    passed_on,
    support_counts,
    support_that_counts,
)
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

POSITION = amount("T1", "position", -5)
SUPPORT = amount("T1", "support_income", 9)
UNREAD = amount("T1", "support_income", 9, unit="€")


def totals(*rows: Cells, **says: str) -> Totals:
    """Of two trusts whose control totals of nil say whether support counts, or do not."""
    set_for = [
        control_total(code, 0, **({"includes_support": word} if word else {}))
        for code, word in says.items()
    ]
    return Workings(position_of(book(*rows, tree=TREE, control_totals=set_for))).totals


@pytest.mark.parametrize(
    ("says", "rows", "pounds", "kind", "counts", "why"),
    [
        ("yes", (), None, "not_stated", None, "not_stated"),
        ("yes", (POSITION,), -5, "", 0, ""),
        ("yes", (POSITION, SUPPORT), 4, "", 9, ""),
        ("yes", (POSITION, UNREAD), None, "stopped", None, "stopped"),
        ("yes", (SUPPORT,), None, "not_stated", None, "not_stated"),
        ("no", (POSITION, SUPPORT), -5, "", 0, ""),
        ("no", (POSITION, UNREAD), -5, "", 0, ""),
        ("", (POSITION,), -5, "", 0, ""),
        ("", (POSITION, SUPPORT), None, "undecided", None, "undecided"),
        ("", (POSITION, UNREAD), None, "undecided", None, "undecided"),
        ("", (SUPPORT,), None, "undecided", None, "not_stated"),
    ],
)
def test_support_counts_where_the_control_total_says_so(
    says: str, rows: tuple[Cells, ...], pounds: int | None, kind: str, counts: int | None, why: str
) -> None:
    known = totals(*rows, T1=says)
    found = measured(known, "T1", YEAR, "plan")
    assert (found.pence, found.kind) == (None if pounds is None else pounds * 100, kind)
    part = support_that_counts(known, "T1", YEAR, "plan")
    assert (part.pence, part.kind) == (None if counts is None else counts * 100, why)


def test_without_a_control_total_support_is_left_out() -> None:
    for rows in ((POSITION,), (POSITION, SUPPORT), (POSITION, UNREAD)):
        assert measured(totals(*rows), "T1", YEAR, "plan").pence == -500


SECOND = (amount("T2", "position", 3), amount("T2", "support_income", 4))


@pytest.mark.parametrize(
    ("first", "second", "says", "pounds"),
    [
        ("yes", "yes", True, -5 + 9 + 3 + 4),
        ("no", "no", False, -5 + 3),
        ("yes", "no", None, -5 + 9 + 3),  # each as its own says
        ("no", "yes", None, -5 + 3 + 4),
        ("", "", None, None),
        ("yes", "", None, None),
    ],
)
def test_a_system_is_measured_as_those_below_it_are(
    first: str, second: str, says: bool | None, pounds: int | None
) -> None:
    known = totals(POSITION, SUPPORT, *SECOND, T1=first, T2=second)
    assert support_counts(known, "S1", YEAR, "") is says
    found = measured(known, "S1", YEAR, "plan")
    assert found.pence == (None if pounds is None else pounds * 100)
    if pounds is None:
        assert found.kind == "undecided"


def test_a_control_total_of_its_own_decides_for_a_system() -> None:
    known = totals(POSITION, SUPPORT, *SECOND, S1="no", T1="yes", T2="yes")
    assert support_counts(known, "S1", YEAR, "") is False
    assert measured(known, "S1", YEAR, "plan").pence == (-5 + 3) * 100


def test_what_a_system_gave_to_those_inside_it_is_passed_on_until_it_has_a_total_of_its_own() -> (
    None
):
    """40 from the system to First, and 5 from outside to it."""
    tree: list[Cells] = [*TREE, {"code": "N", "name": "Centre", "kind": "nation"}]
    transfers = [
        {
            "id": f"N{number}",
            "from": giver,
            "to": "T1",
            "year": YEAR,
            "amount": pounds,
            "kind": "neighbour_support",
            "mechanism": "resource_transfer",
            "status": "agreed",
        }
        for number, (giver, pounds) in enumerate((("S1", "40"), ("N", "5")))
    ]
    rows = [amount(code, "position", 0) for code in ("T1", "T2")]

    def passed(code: str, *totals: Cells) -> int:
        made = book(*rows, tree=tree, transfers=transfers, control_totals=list(totals))
        return passed_on(Workings(position_of(made)).totals, code, YEAR, "plan")

    assert (passed("S1"), passed("T1"), passed("N")) == (-4_000, 0, 0)
    assert passed("S1", control_total("S1", 1)) == 0
    assert passed("S1", control_total("T1", 1)) == -4_000
