"""A body that changes parent within a year: by its months where they are given, else untold."""

from __future__ import annotations

from controltotal.accounts.checks import findings
from controltotal.workings import gaps
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, amount, control_total, position_of


def book(
    *rows: Cells, until: str = "2026-09-30", since: str = "2026-10-01", **more: list[Cells]
) -> Book:
    """T1 belongs to S1 until September and to S2 from October; T2 is of S1 all the year."""
    organisations: list[Cells] = [
        {"code": "S1", "name": "System", "kind": "system"},
        {"code": "S2", "name": "Other", "kind": "system"},
        {"code": "T1", "name": "Mover", "kind": "provider", "parent": "S1", "to": until},
        {"code": "T1", "name": "Mover", "kind": "provider", "parent": "S2", "from": since},
        {"code": "T2", "name": "Stayer", "kind": "provider", "parent": "S1"},
    ]
    return {"organisations": organisations, "amounts": list(rows), **more}


def totals(said: Book) -> Totals:
    return Workings(position_of(said)).totals


def monthly(line: str = "position", basis: str = "plan", last: int = 12) -> list[Cells]:
    """1 in April, 2 in May … of T1."""
    return [
        amount("T1", line, month, month=str(month), basis=basis) for month in range(1, last + 1)
    ]


def test_a_body_that_moves_is_split_by_its_months() -> None:
    said = book(*monthly(), amount("T2", "position", 100))
    told = totals(said)
    assert told.surplus("S1", YEAR, "plan").pence == 100 * (100 + 1 + 2 + 3 + 4 + 5 + 6)
    assert told.surplus("S2", YEAR, "plan").pence == 100 * (7 + 8 + 9 + 10 + 11 + 12)
    assert told.surplus("T1", YEAR, "plan").pence == 7800
    assert "MOVED_IN_YEAR" not in {f.code for f in findings(Workings(position_of(said)), [YEAR])}


def test_halves_split_a_move_between_them() -> None:
    halves = [amount("T1", "position", 5, month="H1"), amount("T1", "position", 7, month="H2")]
    told = totals(book(*halves, amount("T2", "position", 0)))
    assert told.surplus("S1", YEAR, "plan").pence == 500
    assert told.surplus("S2", YEAR, "plan").pence == 700
    assert told.surplus("S1", f"{YEAR}-H1", "plan").kind == "incomplete", "T2 gives no half"
    assert told.surplus("S2", f"{YEAR}-H2", "plan").pence == 700


def test_one_figure_for_the_year_leaves_both_parents_untold_and_the_body_as_it_was() -> None:
    said = book(amount("T1", "position", -10), amount("T2", "position", -1))
    told = totals(said)
    assert {told.surplus(code, YEAR, "plan").kind for code in ("S1", "S2")} == {"moved_in_year"}
    assert told.surplus("T1", YEAR, "plan").pence == -1000
    (moved,) = [
        f for f in findings(Workings(position_of(said)), [YEAR]) if f.code == "MOVED_IN_YEAR"
    ]
    assert moved.severity == "warning"
    assert "System and Other" in moved.message


def test_a_move_within_a_month_cannot_be_split() -> None:
    rows = [*monthly(), amount("T2", "position", 0)]
    told = totals(book(*rows, until="2026-09-14", since="2026-09-15"))
    assert {told.surplus(code, YEAR, "plan").kind for code in ("S1", "S2")} == {"moved_in_year"}


def test_an_actual_to_a_month_before_the_move_is_all_with_the_first_parent() -> None:
    rows = [*monthly(basis="actual", last=3)]
    rows += [amount("T2", "position", 0, basis="actual", month=str(m)) for m in (1, 2, 3)]
    told = totals(book(*rows))
    assert told.surplus("S1", YEAR, "actual").pence == 100 * (1 + 2 + 3)
    assert told.surplus("S2", YEAR, "actual").pence == 0


def test_what_else_the_body_brings_moves_with_it() -> None:
    rows = [*monthly("savings_unidentified"), amount("T2", "savings_unidentified", 100)]
    told = totals(book(*rows))
    assert gaps.unidentified(told, "S1", YEAR, "plan").pence == 100 * (100 + 21)
    assert gaps.unidentified(told, "S2", YEAR, "plan").pence == 100 * 57


def test_support_of_a_month_goes_to_the_parent_of_that_month() -> None:
    lent: Cells = {
        "id": "N",
        "from": "T2",
        "to": "T1",
        "year": YEAR,
        "month": "9",
        "amount": "6",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    told = totals(book(*monthly(), amount("T2", "position", 0), transfers=[lent]))
    assert told.support("S1", YEAR, "plan").pence == -600
    assert told.support("S2", YEAR, "plan").pence == 600
    year = {**lent, "month": ""}
    vague = totals(book(*monthly(), amount("T2", "position", 0), transfers=[year]))
    assert vague.support("S2", YEAR, "plan").kind == "moved_in_year"


def test_a_control_total_of_a_body_that_moved_makes_neither_parents() -> None:
    said = book(
        *monthly(),
        amount("T2", "position", 0),
        control_totals=[control_total("T1", 0), control_total("T2", 0)],
    )
    told = totals(said)
    assert {told.control_total(code, YEAR).kind for code in ("S1", "S2")} == {"moved_in_year"}


def test_a_body_has_closed_within_a_year_or_half_where_it_does_not_stand_at_its_end() -> None:
    tree: list[Cells] = [
        {"code": "A", "name": "A", "kind": "provider", "to": "2026-08-31"},
        {"code": "B", "name": "B", "kind": "provider", "to": "2026-12-31"},
        {"code": "C", "name": "C", "kind": "provider"},
    ]
    said: Book = {"organisations": tree, "amounts": [amount("C", "position", 1)]}
    totals = Workings(position_of(said)).totals
    assert totals._closed("ABC", "2026-27") == {"A", "B"}
    assert totals._closed("ABC", "2026-27-H1") == {"A"}
    assert totals._closed("BC", "2026-27-H1") == set()
