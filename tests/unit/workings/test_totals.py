"""Surpluses, support and control totals, rule by rule, on the smallest books that show it."""

from __future__ import annotations

import pytest

from controltotal.accounts.statement import answer_position
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book, codes, figure, surplus
from tests.strategies import YEAR, Cells, amount, control_total, position_of

# -- the surplus of one body ----------------------------------------------------------------------


def test_a_stated_position_is_the_whole_and_its_lines_are_detail() -> None:
    said = book(
        amount("T1", "position", -4),
        amount("T1", "patient_care_income", 100),
        amount("T1", "pay", 104),
    )
    assert surplus(said) == -4


def test_a_cost_is_written_positive_and_counts_against() -> None:
    assert surplus(book(amount("T1", "patient_care_income", 100), amount("T1", "pay", 60))) == 40


def test_a_cost_typed_negative_counts_as_a_credit_and_is_said() -> None:
    said = book(
        amount("T1", "patient_care_income", 100, source="A"),
        amount("T1", "pay", -60),
        amount("T1", "drugs", 10),
    )
    assert surplus(said) == 150
    assert "SIGN_UNEXPECTED" in codes(position_of(said))


def test_income_alone_or_cost_alone_is_not_a_surplus() -> None:
    assert surplus(book(amount("T1", "patient_care_income", 100))) is None
    assert surplus(book(amount("T1", "pay", 100))) is None


@pytest.mark.parametrize(
    "row",
    [
        amount("T1", "support_income", 9),
        amount("T1", "cash", 9),
        amount("T1", "savings_unidentified", 9),
        amount("T1", "pay", 9, scheme="A1"),
    ],
    ids=["support", "cash", "unidentified", "scheme"],
)
def test_what_is_never_part_of_a_surplus(row: Cells) -> None:
    scheme: Cells = {
        "id": "A1",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "9",
    }
    lines = (amount("T1", "patient_care_income", 100), amount("T1", "pay", 60))
    assert surplus(book(*lines, row, schemes=[scheme])) == 40


def test_lines_of_the_book_count_by_their_kind() -> None:
    own: list[Cells] = [
        {"line": "parking", "name": "Parking", "kind": "income"},
        {"line": "fuel", "name": "Fuel", "kind": "cost"},
        {"line": "reserve", "name": "Reserve", "kind": "position"},
    ]
    rows = (amount("T1", "parking", 10), amount("T1", "fuel", 4), amount("T1", "reserve", 99))
    assert surplus(book(*rows, lines=own)) == 6
    doubtful: list[Cells] = [own[0], {**own[1], "kind": "unknown"}]
    assert surplus(book(*rows[:2], lines=doubtful)) is None


def test_recurrences_of_a_position_make_it_and_a_row_without_one_is_the_whole() -> None:
    split = (
        amount("T1", "position", -6, recurrence="recurrent"),
        amount("T1", "position", 2, recurrence="non_recurrent"),
    )
    assert surplus(book(*split)) == -4
    assert surplus(book(*split, amount("T1", "position", -5))) == -5
    assert figure(book(*split), f"underlying/T1/{YEAR}/plan") == (-6, "ok")
    assert figure(book(amount("T1", "position", -5)), f"underlying/T1/{YEAR}/plan")[0] is None


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([str(m) for m in range(1, 13)], 12),
        (["Q1", "Q2", "Q3", "Q4"], 4),
        (["H1", "H2"], 2),
        (["H1", "Q3", "10", "11", "12"], 5),
        (["Q1", "Q2", "Q3"], None),
        (["H1"], None),
        ([str(m) for m in range(1, 12)], None),
        (["", "H1"], 1),
    ],
)
def test_a_year_is_its_row_or_all_of_its_parts(periods: list[str], expected: int | None) -> None:
    rows = [
        amount("T1", "position", 1, month=period) if period else amount("T1", "position", 1)
        for period in periods
    ]
    assert surplus(book(*rows)) == expected


def test_scenarios_bases_and_years_are_never_mixed() -> None:
    said = book(
        amount("T1", "position", 1),
        amount("T1", "position", 2, basis="forecast"),
        amount("T1", "position", 3, scenario="low"),
        amount("T1", "position", 4, year="2027/28"),
    )
    assert surplus(said) == 1
    assert surplus(said, basis="forecast") == 2
    assert surplus(said, year="2027-28") == 4
    assert figure(said, f"surplus/T1/{YEAR}/plan/low") == (3, "ok")


def test_a_basis_that_nobody_knows_is_shown_apart() -> None:
    assert figure(
        book(amount("T1", "position", 1, basis="unknown")), f"surplus/T1/{YEAR}/unknown"
    ) == (1, "ok")


# -- halves ---------------------------------------------------------------------------------------


def test_halves_are_figures_of_their_own_and_do_not_disturb_others() -> None:
    said = book(
        amount("T1", "position", -3, month="H1"),
        amount("T1", "position", -1, month="H2"),
        amount("T2", "position", -5),
        tree=TREE,
        control_totals=[control_total("T1", -2, month="H1"), control_total("T1", -4)],
    )
    assert figure(said, f"surplus/T1/{YEAR}-H1/plan") == (-3, "ok")
    assert figure(said, f"gap/T1/{YEAR}-H1/plan") == (1, "ok")
    assert figure(said, f"gap/T1/{YEAR}/plan") == (0, "ok")
    assert figure(said, f"surplus/S1/{YEAR}/plan") == (-9, "ok")
    ids = {f.id for f in answer_position(Workings(position_of(said))).figures}
    assert f"gap/T2/{YEAR}-H1/plan" not in ids
    assert "MONTHS_INCOMPLETE" not in codes(position_of(said))


def test_a_half_may_be_asked_for_where_months_make_it() -> None:
    rows = [amount("T1", "position", 1, month=str(m)) for m in range(1, 13)]
    found = answer_position(Workings(position_of(book(*rows))), f"{YEAR}-H2")
    assert found.value(f"surplus/T1/{YEAR}-H2/plan") == 600


def test_support_of_a_year_is_not_told_by_half() -> None:
    transfer: Cells = {
        "id": "N",
        "from": "T2",
        "to": "T1",
        "year": YEAR,
        "amount": "6",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    rows = (amount("T1", "position", -3, month="H1"), amount("T1", "position", -1, month="H2"))
    whole = Workings(position_of(book(*rows, tree=TREE, transfers=[transfer]))).totals
    assert whole.support("T1", YEAR, "plan").pence == 600
    assert whole.support("T1", f"{YEAR}-H1", "plan").pence is None
    in_half = Workings(
        position_of(book(*rows, tree=TREE, transfers=[{**transfer, "month": "Q1"}]))
    ).totals
    assert in_half.support("T1", f"{YEAR}-H1", "plan").pence == 600
    assert in_half.support("T1", f"{YEAR}-H2", "plan").pence == 0


# -- parents --------------------------------------------------------------------------------------


def test_a_stated_total_stands_only_where_children_are_missing() -> None:
    stated = amount("S1", "position", -10)
    both = (amount("T1", "position", -4), amount("T2", "position", -5))
    assert surplus(book(stated, *both, tree=TREE), "S1") == -9
    assert "STATED_TOTAL_DIFFERS" in codes(position_of(book(stated, *both, tree=TREE)))
    one = book(stated, both[0], tree=TREE)
    assert surplus(one, "S1") == -10
    assert "CHILDREN_INCOMPLETE" in codes(position_of(one))
    assert surplus(book(both[0], tree=TREE), "S1") is None


def test_a_parent_marked_not_complete_is_as_stated() -> None:
    tree: list[Cells] = [{**TREE[0], "complete": "no"}, *TREE[1:]]
    both = (amount("T1", "position", -4), amount("T2", "position", -5))
    assert surplus(book(*both, tree=tree), "S1") is None
    assert surplus(book(amount("S1", "position", -99), *both, tree=tree), "S1") == -99


def test_pools_and_councils_count_only_where_they_report() -> None:
    tree: list[Cells] = [*TREE, {"code": "P1", "name": "Pool", "kind": "pool", "parent": "S1"}]
    both = (amount("T1", "position", -4), amount("T2", "position", -5))
    assert surplus(book(*both, tree=tree), "S1") == -9
    assert surplus(book(*both, amount("P1", "position", 2), tree=tree), "S1") == -7
    assert surplus(book(*both, amount("P1", "position", 2, unit="€"), tree=tree), "S1") is None


def test_a_body_with_money_of_its_own_and_bodies_below_adds_both() -> None:
    tree: list[Cells] = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    both = (amount("T1", "position", -4), amount("T2", "position", -5))
    assert surplus(book(*both, amount("S1", "position", 1), tree=tree), "S1") == -8
    assert surplus(book(*both, tree=tree), "S1") == -9
    half_told = book(*both, amount("S1", "patient_care_income", 1), tree=tree)
    assert surplus(half_told, "S1") is None, "its own money is a hole, not a nil"


def test_a_body_counts_where_its_last_spell_of_the_year_puts_it() -> None:
    tree: list[Cells] = [
        TREE[0],
        {"code": "S2", "name": "Other", "kind": "system"},
        {**TREE[1], "from": "2020-04-01", "to": "2026-09-30"},
        {**TREE[1], "parent": "S2", "from": "2026-10-01"},
    ]
    position = position_of(book(amount("T1", "position", 5), tree=tree))
    assert position.tree.parent("T1", "2025-26") == "S1"
    assert position.tree.parent("T1", YEAR) == "S2"
    assert position.tree.parent("T1", f"{YEAR}-H1") == "S1"
    for system in ("S1", "S2"):  # a whole year's figure does not tell what fell to which of them
        told = Workings(position).totals.surplus(system, YEAR, "plan")
        assert (told.pence, told.kind) == (None, "moved_in_year")
    assert "TWO_PARENTS" not in codes(position) and "MOVED_IN_YEAR" in codes(position)


def test_elimination_takes_the_smaller_side_and_leaves_every_surplus() -> None:
    tree: list[Cells] = [TREE[0], {**TREE[1], "kind": "commissioner"}, TREE[2]]
    rows = (
        amount("T1", "purchase_of_healthcare", 50, counterparty="T2"),
        amount("T1", "allocation", 60),
        amount("T2", "pay", 40),
        amount("T2", "patient_care_income", 52, counterparty="T1"),
    )
    position = position_of(book(*rows, tree=tree))
    result = answer_position(Workings(position))
    (row,) = result.tables["eliminations"]
    assert (row["parent"], row["income_pence"], row["cost_pence"]) == ("S1", 5200, 5000)
    assert (row["eliminated_pence"], row["difference_pence"]) == (5000, 200)
    assert result.value(f"surplus/S1/{YEAR}/plan") == 1000 + 1200
    assert "CONTRACT_MISMATCH" in codes(position)


def traded(line: str, code: str, other: str, each: int, months: range) -> list[Cells]:
    return [
        {**amount(code, line, each, counterparty=other), "basis": "actual", "month": str(month)}
        for month in months
    ]


@pytest.mark.parametrize("paid", [range(1, 10), range(1, 9)])
def test_trade_is_compared_over_the_months_that_both_bodies_tell(paid: range) -> None:
    """T2 has told eight months, T1 nine: 20 a month are 160 on both sides, whatever the ninth says."""
    tree: list[Cells] = [TREE[0], {**TREE[1], "kind": "commissioner"}, TREE[2]]
    rows = [
        *traded("allocation", "T1", "", 60, range(1, 10)),
        *traded("purchase_of_healthcare", "T1", "T2", 20, paid),
        *traded("pay", "T2", "", 10, range(1, 9)),
        *traded("patient_care_income", "T2", "T1", 20, range(1, 9)),
    ]
    position = position_of(book(*rows, tree=tree))
    (row,) = answer_position(Workings(position)).tables["eliminations"]
    assert (row["income_pence"], row["difference_pence"]) == (16000, 0)
    assert "CONTRACT_MISMATCH" not in codes(position)


def test_trade_that_one_side_forgets_in_a_month_it_tells_still_differs() -> None:
    """T1 tells nine months and pays in eight of them; T2 expects nine: 180 against 160."""
    tree: list[Cells] = [TREE[0], {**TREE[1], "kind": "commissioner"}, TREE[2]]
    rows = [
        *traded("allocation", "T1", "", 60, range(1, 10)),
        *traded("purchase_of_healthcare", "T1", "T2", 20, range(1, 9)),
        *traded("patient_care_income", "T2", "T1", 20, range(1, 10)),
    ]
    position = position_of(book(*rows, tree=tree))
    (row,) = answer_position(Workings(position)).tables["eliminations"]
    assert row["difference_pence"] == 2000
    assert "CONTRACT_MISMATCH" in codes(position)


@pytest.mark.parametrize("period", ["YTD9", "Q3"])
def test_trade_that_shares_no_month_by_itself_says_nothing(period: str) -> None:
    """T2 tells eight months; what T1 pays in a stretch with the ninth cannot be told of the eighth."""
    tree: list[Cells] = [TREE[0], {**TREE[1], "kind": "commissioner"}, TREE[2]]
    (cost,) = traded("purchase_of_healthcare", "T1", "T2", 180, range(9, 10))
    rows = [
        {**cost, "month": period},
        *traded("patient_care_income", "T2", "T1", 20, range(1, 9)),
    ]
    position = position_of(book(*rows, tree=tree))
    assert not answer_position(Workings(position)).tables.get("eliminations")
    assert "CONTRACT_MISMATCH" not in codes(position)


# -- support --------------------------------------------------------------------------------------


def test_a_position_with_support_needs_the_support_recorded() -> None:
    said = book(amount("T1", "position_with_support", 1))
    assert surplus(said) is None
    assert figure(said, f"surplus_with_support/T1/{YEAR}/plan") == (1, "ok")
    assert (
        surplus(book(amount("T1", "position_with_support", 1), amount("T1", "support_income", 5)))
        == -4
    )


def test_a_system_stated_with_support_takes_off_the_support_of_its_bodies() -> None:
    rows = (amount("S1", "position_with_support", 1), amount("T1", "support_income", 5))
    assert surplus(book(*rows, tree=TREE), "S1") == -4


def test_a_body_with_others_below_takes_off_its_own_support_alone() -> None:
    """Its 1 holds 2 of its own support; the 5 of a body below are none of it."""
    tree: list[Cells] = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    own = (amount("S1", "position_with_support", 1), amount("S1", "support_income", 2))
    said = book(*own, amount("T1", "support_income", 5), tree=tree)
    assert Workings(position_of(said)).totals.own_surplus("S1", YEAR, "plan").pence == -100


def test_with_support_a_system_adds_bodies_that_tell_only_so_and_those_worked_out() -> None:
    """First states 1 with support that is not recorded; Second has 3 and no support."""
    rows = (amount("T1", "position_with_support", 1), amount("T2", "position", 3))
    totals = Workings(position_of(book(*rows, tree=TREE))).totals
    assert totals.with_support("S1", YEAR, "plan").pence == 400
    own = Workings(position_of(book(*rows, amount("S1", "support_income", 6), tree=TREE))).totals
    assert own.with_support("S1", YEAR, "plan").pence == 1_000
    lacking = Workings(position_of(book(rows[0], tree=TREE))).totals
    assert lacking.with_support("S1", YEAR, "plan").pence is None


# -- control totals -------------------------------------------------------------------------------


def targets(*rows: Cells) -> Totals:
    return Workings(
        position_of(book(amount("T1", "position", 0), control_totals=list(rows)))
    ).totals


def test_the_latest_known_accepted_control_total_is_live() -> None:
    first, second = control_total("T1", 1), control_total("T1", 5, set_on="2026-06-05")
    assert targets(first, second).control_total("T1", YEAR).pence == 500
    assert targets(second, first).control_total("T1", YEAR).pence == 500
    proposed = control_total("T1", 9, set_on="2026-07-01", status="proposed")
    assert targets(first, proposed).control_total("T1", YEAR).pence == 100


def test_a_later_withdrawal_ends_a_control_total_and_none_takes_its_place() -> None:
    first = control_total("T1", 1)
    ended = control_total("T1", 1, set_on="2026-05-01", status="withdrawn")
    assert targets(first, ended).control_total("T1", YEAR).pence is None
    again = control_total("T1", 2, set_on="2026-06-01")
    assert targets(first, ended, again).control_total("T1", YEAR).pence == 200
    before = control_total("T1", 1, set_on="2025-12-01", status="withdrawn")
    assert targets(first, before).control_total("T1", YEAR).pence == 100


def test_two_of_one_date_leave_it_untold() -> None:
    twice = targets(control_total("T1", 1), control_total("T1", 2, set_by="system"))
    assert twice.control_total("T1", YEAR).pence is None
    assert "TWO_CONTROL_TOTALS" in codes(twice.position)


def test_a_control_total_of_a_month_is_not_the_year_s() -> None:
    said = targets(control_total("T1", 1, month="7"))
    assert said.control_total("T1", YEAR).pence is None
    assert [f.code for f in said.position.findings] == ["UNKNOWN_MONTH"]


def test_a_parent_without_one_has_the_sum_of_all_its_children_s() -> None:
    rows = [control_total("T1", -4), control_total("T2", -1)]
    said = book(amount("T1", "position", 0), tree=TREE, control_totals=rows)
    value = Workings(position_of(said)).totals.control_total("S1", YEAR)
    assert value.pence == -500 and value.rule.startswith("derived")
    lacking = {**said, "control_totals": rows[:1]}
    assert Workings(position_of(lacking)).totals.control_total("S1", YEAR).pence is None


def test_a_stopped_repayment_leaves_the_support_untold() -> None:
    transfer: Cells = {
        "id": "N",
        "from": "T2",
        "to": "T1",
        "year": "2025-26",
        "amount": "6",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
        "repay_years": "2",
    }
    paid: Cells = {"transfer": "N", "year": YEAR, "kind": "repaid", "amount": "1,23"}
    totals = Workings(
        position_of(
            book(amount("T1", "position", 0), tree=TREE, transfers=[transfer], repayments=[paid])
        )
    ).totals
    assert totals.support("T1", YEAR, "actual").pence is None
    assert totals.support("T1", YEAR, "forecast").pence is None
    assert totals.support("T1", YEAR, "plan").pence == -300, "what was agreed does not rest on it"
    assert totals.support("T1", "2025-26", "forecast").pence == 600


def test_an_allocation_is_summed_only_where_every_commissioner_states_one() -> None:
    tree: list[Cells] = [
        TREE[0],
        TREE[1],
        {"code": "C1", "name": "C", "kind": "commissioner", "parent": "S1"},
        {"code": "C2", "name": "D", "kind": "commissioner", "parent": "S1"},
    ]
    one, two = amount("C1", "allocation", 5), amount("C2", "allocation", 7)
    assert (
        Workings(position_of(book(one, two, tree=tree))).totals.allocation("S1", YEAR).pence == 1200
    )
    assert Workings(position_of(book(one, tree=tree))).totals.allocation("S1", YEAR).pence is None


def test_no_control_total_is_derived_where_children_are_not_all_listed() -> None:
    tree: list[Cells] = [{**TREE[0], "complete": "no"}, *TREE[1:]]
    rows = [control_total("T1", -4), control_total("T2", -1)]
    said = book(amount("T1", "position", 0), tree=tree, control_totals=rows)
    assert Workings(position_of(said)).totals.control_total("S1", YEAR).pence is None


def offered(*pounds: int, **more: str) -> Totals:
    """T2 offers T1 such sums; nothing of it is agreed."""
    rows = [
        {
            "id": f"N{number}",
            "from": "T2",
            "to": "T1",
            "year": YEAR,
            "amount": str(one),
            "kind": "neighbour_support",
            "mechanism": "resource_transfer",
            "status": "proposed",
            **more,
        }
        for number, one in enumerate(pounds)
    ]
    said = book(amount("T1", "position", 0), amount("T2", "position", 0), tree=TREE, transfers=rows)
    return Workings(position_of(said)).totals


def test_what_is_offered_is_added_up_and_nets_to_nil_above_both_ends() -> None:
    found = offered(5, 2)
    assert found.proposed("T1", YEAR, "plan").pence == 700
    assert found.proposed("T2", YEAR, "plan").pence == -700
    assert found.proposed("S1", YEAR, "plan").pence == 0
    assert len(found.proposed("T1", YEAR, "plan").entries) == 2
    assert offered(5, status="agreed").proposed("T1", YEAR, "plan").pence == 0


def test_a_whole_that_could_not_be_read_is_not_passed_over_for_its_lines() -> None:
    """A position with a sum that nobody can read leaves the surplus untold, though lines tell one."""
    lines = (amount("T1", "patient_care_income", 9), amount("T1", "pay", 4))
    spoilt = {**amount("T1", "position", 5), "unit": "€"}
    found = Workings(position_of(book(*lines, spoilt))).totals.surplus("T1", YEAR, "plan")
    assert (found.pence, found.kind) == (None, "stopped")
    told = Workings(position_of(book(*lines))).totals.surplus("T1", YEAR, "plan")
    assert told.pence == 500


def supported(*rows: Cells, complete: str = "") -> tuple[int | None, str]:
    """The system's surplus with support in pounds, or why it cannot be told."""
    tree = [{**TREE[0], "complete": complete}, *TREE[1:]] if complete else TREE
    found = Workings(position_of(book(*rows, tree=tree))).totals.with_support("S1", YEAR, "plan")
    return (None if found.pence is None else found.pence // 100), found.kind


def test_with_support_a_system_is_the_sum_of_all_of_its_bodies_or_what_is_stated() -> None:
    """First tells only a position that holds its support, so that without it nobody knows."""
    first, second = amount("T1", "position_with_support", 5), amount("T2", "position", 3)
    assert supported(first, second) == (8, "")
    assert supported(first) == (None, "incomplete")
    assert supported(second) == (None, "incomplete")
    stated = amount("S1", "position_with_support", 9)
    assert supported(first, stated) == (9, "")
    assert supported(first, second, stated) == (8, "")
    assert supported(first, second, complete="no") == (None, "incomplete")
    assert supported(first, second, stated, complete="no") == (9, "")
