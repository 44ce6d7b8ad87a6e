"""The one schedule of support: mergers, divisions, missed payments, write-offs, months and halves.

Every expected number is worked by hand; pounds in the books, pence in the answers.
"""

from __future__ import annotations

import pytest

from controltotal.accounts.checks import findings
from controltotal.workings.support import Flow, SupportSchedule
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, amount, position_of

NEXT, AFTER, LATER = "2027-28", "2028-29", "2029-30"
BODIES: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    *({"code": c, "name": c, "kind": "provider", "parent": "S1"} for c in ("T1", "T2", "T3", "T4")),
]
LOAN: Cells = {
    "id": "N",
    "from": "T1",
    "to": "T2",
    "year": YEAR,
    "amount": "6",
    "kind": "neighbour_support",
    "mechanism": "resource_transfer",
    "status": "agreed",
    "repay_years": "2",
}


def book(
    *, loan: Cells | None = None, paid: list[Cells] | None = None, rows: list[Cells] | None = None
) -> Book:
    """T1 lends T2 6 in the first year, to be repaid in two instalments of 3."""
    return {
        "organisations": BODIES,
        "amounts": rows or [amount("T1", "position", 0)],
        "transfers": [{**LOAN, **(loan or {})}],
        "repayments": [{"transfer": "N", "kind": "repaid", **one} for one in paid or []],
    }


def workings(said: Book, successions: list[Cells] | None = None) -> Workings:
    return Workings(position_of({**said, "successions": successions or []}))


def schedule(said: Book, successions: list[Cells] | None = None) -> SupportSchedule:
    return workings(said, successions).support


def moved(support: SupportSchedule, year: str, basis: str) -> dict[str, int]:
    """Net pence of each body in a year, of agreed transfers."""
    found: dict[str, int] = {}
    for flow in support.flows(basis, ("agreed",)):
        if flow.year == year:
            found[flow.code] = found.get(flow.code, 0) + flow.pence
    return {code: pence for code, pence in sorted(found.items()) if pence}


def actuals(code: str, year: str, months: int = 12) -> list[Cells]:
    return [
        {**amount(code, "position", 0, basis="actual", month=str(month)), "year": year}
        for month in range(1, months + 1)
    ]


# -- plan, actual and forecast ----------------------------------------------------------------------


def test_support_moves_now_and_is_turned_round_in_the_years_agreed() -> None:
    support = schedule(book())
    assert moved(support, YEAR, "plan") == {"T1": -600, "T2": 600}
    assert moved(support, NEXT, "plan") == {"T1": 300, "T2": -300}
    assert moved(support, AFTER, "plan") == {"T1": 300, "T2": -300}
    assert moved(support, LATER, "plan") == {}


def test_nothing_recorded_is_nothing_paid() -> None:
    support = schedule(book())
    assert moved(support, YEAR, "actual") == {"T1": -600, "T2": 600}
    assert moved(support, NEXT, "actual") == {}
    assert moved(support, NEXT, "forecast") == {"T1": 300, "T2": -300}, "the year is still to come"


def test_a_missed_instalment_stays_owed_and_falls_due_after_the_last() -> None:
    support = schedule(book(rows=actuals("T2", NEXT)))
    assert moved(support, NEXT, "forecast") == {}, "the year is over, and nothing was paid"
    assert moved(support, AFTER, "forecast") == {"T1": 300, "T2": -300}
    assert moved(support, LATER, "forecast") == {"T1": 300, "T2": -300}
    assert moved(support, NEXT, "plan") == {"T1": 300, "T2": -300}, "the plan stays as agreed"
    assert [row.closing for row in support.owed("N", "actual")] == [600]


def test_a_part_payment_leaves_the_rest_for_after_the_last_instalment() -> None:
    support = schedule(book(paid=[{"year": NEXT, "amount": "1"}]))
    paid = {y: moved(support, y, "forecast").get("T1", 0) for y in (NEXT, AFTER, LATER)}
    assert paid == {NEXT: 100, AFTER: 300, LATER: 200}
    assert moved(support, AFTER, "actual") == {}


def test_what_is_paid_early_shortens_the_schedule_from_its_end() -> None:
    support = schedule(book(paid=[{"year": NEXT, "amount": "5"}]))
    paid = {y: moved(support, y, "forecast").get("T1", 0) for y in (NEXT, AFTER, LATER)}
    assert paid == {NEXT: 500, AFTER: 100, LATER: 0}


def test_a_payment_in_a_month_leaves_the_rest_of_its_year_to_come() -> None:
    """1 of 3 is paid in June; the other 2 fall due by March, and then nothing is late."""
    support = schedule(book(paid=[{"year": NEXT, "month": "3", "amount": "1"}]))
    paid = {y: moved(support, y, "forecast").get("T1", 0) for y in (NEXT, AFTER, LATER)}
    assert paid == {NEXT: 300, AFTER: 300, LATER: 0}
    assert moved(support, NEXT, "actual") == {"T1": 100, "T2": -100}


def test_a_write_off_moves_no_money_and_is_owed_no_more() -> None:
    paid: list[Cells] = [{"year": NEXT, "amount": "4", "kind": "written_off"}]
    support = schedule(book(paid=paid))
    assert moved(support, NEXT, "actual") == {}
    assert moved(support, AFTER, "forecast") == {"T1": 200, "T2": -200}
    assert moved(support, LATER, "forecast") == {}


def test_more_repaid_than_lent_leaves_what_was_recorded_untold_and_the_plan_as_it_was() -> None:
    said = book(paid=[{"year": NEXT, "amount": "9"}])
    made = workings(said)
    for basis in ("actual", "forecast"):
        assert made.totals.support("T1", NEXT, basis).kind == "stopped"
    assert made.totals.support("T1", NEXT, "plan").pence == 300
    assert "OVER_REPAID" in {found.code for found in findings(made, [NEXT])}


# -- mechanisms -------------------------------------------------------------------------------------


def test_a_position_improvement_moves_nothing() -> None:
    support = schedule(book(loan={"mechanism": "position_improvement"}))
    assert support.flows("plan", ("agreed",)) == []


def test_a_slice_is_held_until_it_is_placed() -> None:
    top: Cells = {"mechanism": "allocation_reduction", "kind": "top_slice", "repay_years": ""}
    support = schedule(book(loan=top))
    assert moved(support, YEAR, "plan") == {"T1": -600, "T2": 600}
    assert moved(support, NEXT, "plan") == {}


def test_a_transfer_of_unknown_status_is_untold_in_its_year_and_those_of_its_repayment() -> None:
    totals = workings(book(loan={"status": "unknown"})).totals
    assert [totals.support("T1", y, "plan").kind for y in (YEAR, NEXT)] == ["undecided"] * 2
    assert totals.support("T1", LATER, "plan").pence == 0


# -- mergers and divisions --------------------------------------------------------------------------


def succeeds(old: str, new: str, on: str, share: str = "") -> Cells:
    row: Cells = {"predecessor": old, "successor": new, "on": on}
    return {**row, "share": share} if share else row


def test_the_instalments_of_a_merged_borrower_stand_with_its_successor() -> None:
    support = schedule(book(), [succeeds("T2", "T3", "2028-04-01")])
    assert moved(support, NEXT, "plan") == {"T1": 300, "T2": -300}
    assert moved(support, AFTER, "plan") == {"T1": 300, "T3": -300}


def test_what_a_body_would_owe_itself_is_extinguished() -> None:
    merged = [succeeds("T1", "T3", "2027-04-01"), succeeds("T2", "T3", "2027-04-01")]
    support = schedule(book(), merged)
    assert moved(support, NEXT, "plan") == {} == moved(support, AFTER, "plan")


def test_a_division_divides_claims_by_its_shares_to_the_penny() -> None:
    """3.00 divided as 0.35 and 0.65 is 1.05 and 1.95."""
    parts = [
        succeeds("T1", "T3", "2027-04-01", "0.35"),
        succeeds("T1", "T4", "2027-04-01", "0.65"),
    ]
    support = schedule(book(), parts)
    assert moved(support, NEXT, "plan") == {"T2": -300, "T3": 105, "T4": 195}


def test_an_instalment_falls_due_on_the_last_day_of_its_year() -> None:
    """A merger in October: what falls due on 31 March is the successor's, paid or received."""
    support = schedule(book(), [succeeds("T1", "T3", "2027-10-01")])
    assert moved(support, NEXT, "plan") == {"T2": -300, "T3": 300}
    (first, _) = support.instalments("N", "plan")
    assert [claim.creditor for claim in first.repaid] == ["T3"]
    assert [claim.creditor for claim in first.standing] == ["T3"]


def test_a_stopped_transfer_leaves_the_successor_untold_too() -> None:
    said = book(loan={"amount": "1,23"})
    totals = workings(said, [succeeds("T2", "T3", "2027-04-01")]).totals
    assert totals.support("T3", NEXT, "plan").kind == "stopped"
    assert totals.support("T3", YEAR, "plan").pence == 0
    assert totals.support("T4", NEXT, "plan").pence == 0


# -- months and halves ------------------------------------------------------------------------------


def test_an_actual_holds_the_support_of_the_months_that_it_covers() -> None:
    rows = [*actuals("T1", YEAR, 5), *actuals("T2", YEAR, 5)]
    for month, expected in (("5", 600), ("6", 0), ("Q1", 600), ("Q3", 0)):
        totals = workings(book(loan={"month": month}, rows=rows)).totals
        assert totals.support("T2", YEAR, "actual").pence == expected, month
    astride = workings(book(loan={"month": "Q2"}, rows=rows)).totals
    assert astride.support("T2", YEAR, "actual").kind == "part_year"


def test_support_without_a_month_is_the_years_and_not_told_by_half() -> None:
    rows = [*actuals("T1", YEAR, 5), *actuals("T2", YEAR, 5)]
    totals = workings(book(rows=rows)).totals
    assert totals.support("T2", YEAR, "actual").pence == 600
    assert totals.support("T2", f"{YEAR}-H1", "plan").kind == "part_year"


def test_a_repayment_of_a_month_is_told_by_half() -> None:
    totals = workings(book(paid=[{"year": NEXT, "month": "8", "amount": "1"}])).totals
    assert totals.support("T1", f"{NEXT}-H1", "actual").pence == 0
    assert totals.support("T1", f"{NEXT}-H2", "actual").pence == 100


def test_a_system_counts_support_below_it_to_its_own_month() -> None:
    """Both bodies report to May, and the transfer is of June: the system holds neither end."""
    rows = [*actuals("T1", YEAR, 2), *actuals("T2", YEAR, 2)]
    totals = workings(book(loan={"month": "3"}, rows=rows)).totals
    assert totals.support("S1", YEAR, "actual").pence == 0
    assert totals.own_support("T1", YEAR, "actual").pence == 0


@pytest.mark.parametrize(
    ("asked", "falls"),
    [({4, 5, 6}, True), (set(range(1, 13)), True), ({6, 7}, None), ({1, 2, 3}, False)],
)
def test_money_of_a_quarter_falls_in_months_that_hold_all_of_it(
    asked: set[int], falls: bool | None
) -> None:
    row = schedule(book()).rows["N"]
    second = Flow("T1", YEAR, 1, row, frozenset({4, 5, 6}))
    assert second.falls_in(frozenset(asked), part=True) is falls
    assert second.falls_in(frozenset(asked), part=False) is falls
    some_time = Flow("T1", YEAR, 1, row)
    assert some_time.falls_in(frozenset(asked), part=True) is None
    assert some_time.falls_in(frozenset(asked), part=False) is True


# -- no penny made ----------------------------------------------------------------------------------


def test_the_sum_over_all_bodies_is_nil_in_every_year_and_on_every_basis() -> None:
    said = book(
        loan={"amount": "6.01", "repay_years": "3"},
        paid=[{"year": NEXT, "month": "2", "amount": "0.77"}],
    )
    parts = [
        succeeds("T1", "T3", "2027-10-01", "0.333"),
        succeeds("T1", "T4", "2027-10-01", "0.667"),
        succeeds("T2", "T3", "2029-04-01", "0.5"),
    ]
    support = schedule(said, parts)
    for basis in ("plan", "actual", "forecast"):
        found = support.flows(basis, ("agreed",))
        for year in {flow.year for flow in found}:
            assert sum(flow.pence for flow in found if flow.year == year) == 0, (basis, year)


def test_a_division_without_shares_leaves_an_end_open_from_its_day_on() -> None:
    """The borrower is followed by two in July 2028, and nobody says how they divide what it owes."""
    heirs = [succeeds("T2", "T3", "2028-07-01"), succeeds("T2", "T4", "2028-07-01")]
    support = schedule(book(), heirs)
    (name,) = support.loans
    places = support.not_divided(name)
    assert len(places) == 1 and "successions" in places[0]
    assert support.not_divided(name, "2027-28") == ()
    assert support.not_divided(name, "2028-29") == places
    assert support.not_divided(name, "2028-29-H1") == places
    assert support.not_divided(name, "2029-30") == places
    before = [succeeds("T2", "T3", "2026-04-01"), succeeds("T2", "T4", "2026-04-01")]
    earlier = schedule(book(), before)
    assert earlier.not_divided(name) == ()  # it was lent to what stood then


PARTED = [
    succeeds("T2", "T3", "2027-04-01", "0.5"),
    succeeds("T2", "T4", "2027-04-01", "0.5"),
]


def test_a_year_is_over_once_any_who_stands_for_an_end_has_told_all_of_it() -> None:
    one_told = [*actuals("T3", NEXT), *actuals("T4", NEXT, 5)]
    assert schedule(book(rows=one_told), PARTED).gone("N") == NEXT
    neither = [*actuals("T3", NEXT, 11), *actuals("T4", NEXT, 5)]
    assert schedule(book(rows=neither), PARTED).gone("N") == ""
    before = [{**row, "year": "2025-26"} for row in actuals("T1", YEAR)]
    assert schedule(book(rows=before)).gone("N") == ""


def test_the_error_of_a_transfer_names_its_own_repayments() -> None:
    said = book(paid=[{"year": NEXT, "amount": "9"}, {"year": AFTER, "amount": "1"}])
    said = {
        **said,
        "transfers": [*said["transfers"], {**LOAN, "id": "M"}],
        "repayments": [*said["repayments"], {**said["repayments"][1], "transfer": "M"}],
    }
    (found,) = schedule(said).over_repaid_findings()
    assert found.where == "repayments row 2, row 3"
    assert (found.expected, found.found) == ("at most £6", "£9")


def test_a_repayment_rests_on_the_mergers_of_its_ends_since_it_was_lent() -> None:
    """Of four mergers only that of the borrower falls between the loan and the second instalment."""
    follow = [
        succeeds("T4", "T1", "2026-04-01"),
        succeeds("T3", "T4", "2027-06-01"),
        succeeds("T2", "S1", "2028-06-01"),
        succeeds("T1", "T4", "2029-06-01"),
    ]
    support = schedule(book(), follow)
    entry = support.rows["N"].entry
    merged = support.successions[2].entry
    rests = {flow.year: flow.entries for flow in support.flows("plan", ("agreed",))}
    assert rests == {YEAR: (entry,), NEXT: (entry,), AFTER: (entry, merged)}


def test_the_line_of_a_transfer_is_its_ends_and_those_who_follow_them() -> None:
    follow = [succeeds("T2", "T3", "2028-04-01"), succeeds("T4", "T1", "2026-04-01")]
    assert schedule(book(), follow)._line("N") == {"T1", "T2", "T3"}


def test_who_divides_what_is_only_proposed_leaves_no_support_untold() -> None:
    heirs = [succeeds("T2", "T3", "2028-07-01"), succeeds("T2", "T4", "2028-07-01")]
    assert schedule(book(), heirs).doubt("T3", AFTER, "plan") != ()
    assert schedule(book(), heirs).doubt("T3", NEXT, "plan") == ()
    proposed = book(loan={"status": "proposed"})
    assert schedule(proposed, heirs).doubt("T3", AFTER, "plan") == ()


@pytest.mark.parametrize(
    ("loan", "pounds", "told"),
    [
        ({}, 6, ["plan"]),
        ({}, 5, []),
        ({"status": "proposed"}, 6, []),
        ({"mechanism": "position_improvement"}, 6, []),
    ],
)
def test_income_that_equals_a_transfer_agreed_and_moved_is_told_twice(
    loan: Cells, pounds: int, told: list[str]
) -> None:
    support = schedule(book(loan=loan, rows=[amount("T2", "support_income", pounds)]))
    found = support.told_twice(support.rows["N"])
    assert list(found) == told
    assert all(row.line == "support_income" for rows in found.values() for row in rows)


def test_the_year_of_a_loan_is_over_with_its_own_march() -> None:
    """Either end tells it; a year before the loan says nothing of it."""

    def gone(*rows: Cells) -> str:
        return schedule(book(rows=[amount("T1", "position", 0), *rows])).gone("N")

    assert gone() == ""
    assert gone(*actuals("T1", YEAR, 11)) == ""
    assert gone(*actuals("T1", YEAR)) == gone(*actuals("T2", YEAR)) == YEAR
    assert gone(*actuals("T3", YEAR)) == ""
    assert gone(*actuals("T1", "2025-26")) == ""
    assert gone(*actuals("T1", YEAR), *actuals("T2", NEXT, 3)) == YEAR


def test_a_loan_is_read_with_every_term_that_the_book_gives() -> None:
    more = {"repay_from": "2028-29", "interest": "0.015", "chance": "0.8", "condition": "On plan"}
    (lent,) = schedule(book(loan=more)).loans.values()
    assert (lent.giver, lent.receiver, lent.year) == ("T1", "T2", YEAR)
    assert (lent.first_year, lent.condition, float(lent.interest)) == ("2028-29", "On plan", 0.015)
    (plain,) = schedule(book()).loans.values()
    assert (plain.first_year, plain.condition, plain.interest) == ("", "", 0)
