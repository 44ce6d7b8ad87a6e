"""Each kind of exception in a hand-made book, with a case beside it that must not be listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from controltotal.accounts.exceptions.listing import exceptions
from controltotal.core.datafiles import packaged_rows
from controltotal.core.result import Result
from controltotal.workings.workings import Workings
from tests import scheme_books
from tests.small_books import book
from tests.strategies import YEAR, Book, Cells, amount, control_total, position_of

SYSTEM: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
    {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1"},
]
PLAN = amount("T1", "position", 0)


def asked(made: Book, organisation: str | None = None, year: str | None = YEAR) -> Result:
    return exceptions(Workings(position_of(made)), year, organisation)


def listed(result: Result, kind: str) -> list[Mapping[str, Any]]:
    return [row for row in result.tables["exceptions"] if row["kind"] == kind]


def count(result: Result, kind: str) -> Mapping[str, Any]:
    return next(row for row in result.tables["exception_counts"] if row["kind"] == kind)


def of(kind: str, *amounts: Cells, **tables: Sequence[Cells]) -> list[Mapping[str, Any]]:
    """The exceptions of a kind in a book of one trust."""
    return listed(asked({**book(*(amounts or (PLAN,))), **tables}), kind)


def handed_in(**more: str) -> Cells:
    row = {"organisation": "T1", "year": YEAR, "entry": "1", "by": "A Ash", "on": "2026-07-15"}
    return {**row, **more}


# -- hand-ins --------------------------------------------------------------------------------------


def test_a_month_reopened_is_listed_with_who_did_it_and_one_that_was_not_is_not() -> None:
    again = {"reopened_by": "Region", "reopened_on": "2026-07-20", "reason": "Agency left out"}
    rows = [handed_in(month="3", **again), handed_in(month="4")]
    (found,) = of("months_reopened", submissions=rows)
    assert (found["month"], found["by"], found["on"]) == ("3", "Region", "2026-07-20")
    assert found["where"] == "submissions row 2" and "Agency left out" in found["detail"]
    assert found["subject"] == "Return of month 3" and found["organisation"] == "T1"


def test_without_hand_ins_reopening_is_not_known_and_with_one_it_is_nil() -> None:
    kind = "months_reopened"
    nothing, some = asked(book(PLAN)), asked({**book(PLAN), "submissions": [handed_in()]})
    assert (count(nothing, kind)["state"], count(nothing, kind)["count"]) == ("unknown", None)
    assert (count(some, kind)["state"], count(some, kind)["count"]) == ("none", 0)


@pytest.mark.parametrize(
    ("by", "approved", "same"),
    [
        ("A Ash", "Alice Ash", True),
        ("A Ash", "A. ASH", True),
        ("A Ash", "B Birch", False),
        ("Finance officer, First", "Chief executive, First", False),
        ("A Ash", "", False),
    ],
)
def test_a_hand_in_approved_by_whoever_handed_it_in(by: str, approved: str, same: bool) -> None:
    rows = [handed_in(month="3", by=by, **({"approved_by": approved} if approved else {}))]
    assert len(of("one_person", submissions=rows)) == same


def test_a_hand_in_that_names_no_approver_is_said_and_is_not_nil() -> None:
    result = asked({**book(PLAN), "submissions": [handed_in()]})
    told = count(result, "one_person")
    assert told["state"] == "unknown"
    assert "1 of 1 hand-ins name nobody who approved them" in told["unseen"]


# -- people of a scheme ----------------------------------------------------------------------------


def gate(gate: str, by: str, role: str = "", on: str = "2026-05-12") -> Cells:
    row = {"scheme": "T1", "gate": gate, "on": on, "by": by}
    return {**row, **({"role": role} if role else {})}


def of_scheme(*gates: Cells, **changes: str) -> list[Mapping[str, Any]]:
    made = scheme_books.book()
    made["schemes"] = [scheme_books.scheme(**changes)]
    made["gates"] = [dict(row) for row in gates]
    made["assessments"][0]["assessor"] = "C Cole"
    return listed(asked(made), "one_person")


@pytest.mark.parametrize(
    ("gates", "told"),
    [
        ([gate("G3", "Chief operating officer")], "owns it"),
        ([gate("QIA", "C. Cole", "chief_nurse")], "assessed it"),
        ([gate("QIA", "A Ash", "medical_director"), gate("QIA", "A Ash", "chief_nurse")], "also"),
    ],
)
def test_who_owns_assesses_or_signs_twice_is_listed(gates: list[Cells], told: str) -> None:
    (found,) = of_scheme(*gates)
    assert told in found["detail"] and "Beds (T1)" in found["subject"]
    assert found["organisation"] == "RX1"


def test_two_people_who_neither_own_nor_assess_are_no_exception() -> None:
    assert not of_scheme(
        gate("QIA", "Dr A. Ash", "medical_director"),
        gate("QIA", "B Birch", "chief_nurse"),
        gate("EQIA", "C Cole", "equality_lead"),
        gate("G3", "Executive"),
    )


def test_a_gate_that_its_owner_failed_is_no_approval() -> None:
    failed = {**gate("G3", "Chief operating officer"), "outcome": "reject"}
    assert not of_scheme(failed)


# -- dates -----------------------------------------------------------------------------------------


def waiver(known: str = "", on: str = "2026-05-01") -> Cells:
    row = {"rule": "individual_break_even", "organisation": "T1", "year": YEAR, "by": "Region"}
    return {**row, "on": on, **({"known_on": known} if known else {})}


@pytest.mark.parametrize(
    ("known", "late"), [("2026-05-05", 0), ("2026-05-06", 0), ("2026-05-07", 1)]
)
def test_dated_more_than_five_days_before_it_was_recorded(known: str, late: int) -> None:
    result = asked({**book(PLAN), "waivers": [waiver(known)]})
    assert len(listed(result, "dated_before")) == late
    assert count(result, "dated_before")["state"] == ("some" if late else "none")
    assert all(row["recorded_on"] == known for row in listed(result, "dated_before"))


def test_an_act_that_does_not_say_when_it_was_recorded_is_not_known() -> None:
    told = count(asked({**book(PLAN), "waivers": [waiver()]}), "dated_before")
    assert (told["state"], told["count"]) == ("unknown", None)
    assert "1 dated act" in told["unseen"]


def test_of_several_days_in_a_row_the_latest_counts() -> None:
    again = handed_in(month="3", reopened_on="2026-08-20", reopened_by="R", known_on="2026-08-21")
    assert not of("dated_before", submissions=[again])


def test_an_answer_that_became_known_later_dates_no_challenge_back() -> None:
    row = {"organisation": "T1", "year": YEAR, "by": "Chair", "on": "2026-05-01", "grounds": "Late"}
    answered = {**row, "answer": "No", "outcome": "rejected", "known_on": "2026-07-01"}
    assert not of("dated_before", challenges=[answered])
    assert len(of("dated_before", challenges=[{**row, "known_on": "2026-07-01"}])) == 1


# -- plans, forecasts, control totals --------------------------------------------------------------


def versions(basis: str, first: str, then: str, **more: str) -> list[Cells]:
    rows = [amount("T1", "pay", 100, basis=basis, known_on=first, **more)]
    return [*rows, amount("T1", "pay", 130, basis=basis, known_on=then, **more)]


@pytest.mark.parametrize(
    ("then", "late"), [("2026-03-31", 0), ("2026-04-01", 0), ("2026-04-02", 1)]
)
def test_a_plan_changed_after_the_first_of_april(then: str, late: int) -> None:
    found = of("plan_changed", *versions("plan", "2026-03-01", then))
    assert len(found) == late
    for row in found:
        assert row["amount_pence"] == -3000, "more pay is worse"
        assert row["where"] == "amounts row 2, row 3" and row["on"] == then


def test_the_months_of_a_line_are_one_exception_and_its_year_is_not_counted_twice() -> None:
    rows = [
        *versions("plan", "2026-03-01", "2026-05-01", month="6"),
        *versions("plan", "2026-03-01", "2026-05-01", month="7"),
        *versions("plan", "2026-03-01", "2026-05-01"),
    ]
    (found,) = of("plan_changed", *rows)
    assert found["amount_pence"] == -6000 and found["month"] == "6, 7"


def test_a_plan_written_anew_with_the_same_sum_changes_nothing() -> None:
    rows = [amount("T1", "pay", 100, known_on=day) for day in ("2026-03-01", "2026-06-01")]
    assert not of("plan_changed", *rows)


PAPER: Cells = {
    "organisation": "T1",
    "meeting": "Board",
    "on": "2027-01-28",
    "known_on": "2027-01-21",
}


@pytest.mark.parametrize(
    ("then", "late"),
    [("2027-01-18", 0), ("2027-01-19", 1), ("2027-01-21", 1), ("2027-01-22", 0)],
)
def test_a_forecast_changed_in_the_last_two_days_before_a_paper(then: str, late: int) -> None:
    rows = versions("forecast", "2027-01-15", then)
    result = asked({**book(PLAN, *rows), "papers": [PAPER]})
    assert len(listed(result, "forecast_late")) == late
    assert count(result, "forecast_late")["state"] == ("some" if late else "none")


def test_the_forecast_of_a_new_month_is_no_late_change_and_one_of_the_same_round_is() -> None:
    rows = [handed_in(month="8", on="2026-12-15"), handed_in(month="9", on="2027-01-15")]
    every = {"submissions": rows}
    assert not of("forecast_late", PLAN, *versions("forecast", "2026-12-15", "2027-01-15"), **every)
    assert of("forecast_late", PLAN, *versions("forecast", "2027-01-02", "2027-01-14"), **every)


def test_without_a_hand_in_or_a_paper_nobody_knows_what_was_late() -> None:
    result = asked(book(PLAN, *versions("forecast", "2027-01-15", "2027-01-20")))
    assert count(result, "forecast_late")["state"] == "unknown"


def test_the_hand_in_of_another_body_closes_nothing() -> None:
    rows = [handed_in(organisation="T2", month="9", on="2027-01-21")]
    made = book(PLAN, *versions("forecast", "2027-01-15", "2027-01-20"), tree=SYSTEM)
    assert not listed(asked({**made, "submissions": rows}), "forecast_late")


@pytest.mark.parametrize(
    ("on", "late"), [("2026-03-31", 0), ("2026-04-01", 0), ("2026-04-02", 1), ("2026-06-30", 1)]
)
def test_a_control_total_changed_after_the_first_of_april(on: str, late: int) -> None:
    totals = [control_total("T1", 100), control_total("T1", 250, set_on=on)]
    found = of("control_total_changed", control_totals=totals)
    assert len(found) == late
    for row in found:
        assert (
            row["amount_pence"] == 15_000 and row["by"] == "region" and "changed" in row["detail"]
        )


def test_a_first_control_total_that_was_set_late_is_listed_without_a_change() -> None:
    totals = [control_total("T1", 100, set_on="2026-05-28")]
    (found,) = of("control_total_changed", control_totals=totals)
    assert found["amount_pence"] is None and found["detail"].startswith("set 57 days")


def test_a_proposal_and_a_refusal_change_no_control_total() -> None:
    totals = [
        control_total("T1", 100),
        control_total("T1", 200, set_on="2026-06-01", status="proposed"),
        control_total("T1", 200, set_on="2026-06-08", status="refused"),
    ]
    assert not of("control_total_changed", control_totals=totals)


# -- what a book states of itself ------------------------------------------------------------------


def test_balances_on_which_two_differ_are_listed_and_those_that_agree_are_not() -> None:
    def traded(income: int, cost: int) -> Book:
        own = [amount(c, line, 500) for c in ("T1", "T2") for line in ("other_income", "pay")]
        sides = [
            amount("T1", "patient_care_income", income, counterparty="T2"),
            amount("T2", "non_pay", cost, counterparty="T1"),
        ]
        return book(*own, *sides, tree=SYSTEM)

    (found,) = listed(asked(traded(300, 290)), "balances_differ")
    assert found["amount_pence"] == -1000 and found["organisation"] == "T1"
    assert count(asked(traded(300, 300)), "balances_differ")["state"] == "none"
    assert count(asked(book(PLAN)), "balances_differ")["state"] == "unknown"


def test_a_difference_accepted_names_who_accepted_it() -> None:
    source = {"id": "A", "title": "Return", "accepted_by": "Deputy finance director"}
    (found,) = of("differences_accepted", sources=[source, {"id": "B", "title": "Other"}])
    assert found["by"] == "Deputy finance director" and found["where"] == "sources row 2"


def test_parameters_adopted_are_listed_and_local_ones_that_nobody_adopted_are_not() -> None:
    row = {"name": "share_cap", "value": "0.02", "from": "2026-04-01", "authority": "Board"}
    adopted = {**row, "adopted_by": "Finance committee", "adopted_on": "2026-03-26"}
    (found,) = of("parameters_adopted", parameters=[adopted])
    assert found["by"] == "Finance committee" and found["on"] == "2026-03-26"
    assert not of("parameters_adopted", parameters=[row])


def test_waivers_of_the_year_are_listed_and_those_of_another_are_not() -> None:
    other = {**waiver(), "year": "2025-26", "on": "2025-05-01"}
    (found,) = of("waivers", waivers=[waiver(), other])
    assert found["year"] == YEAR and found["subject"] == "individual break even"


def test_what_is_withheld_and_what_is_shown_in_bands() -> None:
    row = {"figure": f"cash/T1/{YEAR}/forecast", "kind": "refused", "reason": "Commercial"}
    (found,) = of("redactions", withheld=[{**row, "exemption": "s.43", "decided_by": "Panel"}])
    assert "refused to whoever asked under s.43: Commercial" in found["detail"]
    assert (found["organisation"], found["by"]) == ("T1", "Panel")
    made = scheme_books.book()
    made["schemes"] = [scheme_books.scheme(commercial="yes")]
    assert len(listed(asked(made), "redactions")) == 1


def lapsing(*more: Cells, value: str = "14") -> list[Mapping[str, Any]]:
    made = scheme_books.book()
    later = scheme_books.scheme(full_year_effect=value, known_on="2026-06-01")
    made["schemes"] = [scheme_books.scheme(), later]
    made["gates"] = [*made["gates"], *(dict(row) for row in more)]
    return listed(asked(made), "signatures_lapsed")


def test_signatures_that_lapsed_are_listed_with_whether_they_were_renewed() -> None:
    found = lapsing(gate("QIA", "B Birch", "chief_nurse", "2026-06-20"))
    told = {row["detail"].split(" by ")[0]: row["detail"] for row in found}
    assert len(found) == 2 and all(row["on"] == "2026-06-01" for row in found)
    assert told["QIA signed as medical director"].endswith("not renewed")
    assert told["QIA signed as chief nurse"].endswith("renewed by B Birch on 2026-06-20")


def test_a_change_of_a_tenth_lapses_no_signature() -> None:
    assert not lapsing(value="13.2")


# -- counts ----------------------------------------------------------------------------------------


def test_every_kind_is_counted_once_in_the_order_of_the_list() -> None:
    counts = asked(book(PLAN)).tables["exception_counts"]
    assert [row["kind"] for row in counts] == [r["kind"] for r in packaged_rows("exceptions.csv")]
    assert all(row["unseen"] for row in counts if row["state"] == "unknown"), "it says why"


def test_a_folder_keeps_no_daybook_and_says_so() -> None:
    told = count(asked(book(PLAN)), "rows_withdrawn")
    assert (told["state"], told["count"]) == ("unknown", None)
    assert told["unseen"] == "the data keep no daybook"


def test_exceptions_of_others_are_left_out_where_one_body_is_asked_about() -> None:
    rows = [
        handed_in(organisation=code, reopened_by="R", reopened_on="2026-07-20")
        for code in ("T1", "T2")
    ]
    made = {**book(PLAN, tree=SYSTEM), "submissions": rows}
    assert [row["organisation"] for row in listed(asked(made, "T2"), "months_reopened")] == ["T2"]
    assert len(listed(asked(made, "S1"), "months_reopened")) == 2
    assert count(asked(made, "T2"), "months_reopened")["count"] == 1


def test_earlier_forecasts_in_a_file_say_nothing_of_earlier_plans() -> None:
    """A dated forecast gave way to a later one; a plan that was written over left no trace."""
    forecasts = versions("forecast", "2026-11-01", "2026-12-01")
    found = count(asked(book(PLAN, *forecasts)), "plan_changed")
    assert (found["state"], found["count"]) == ("unknown", None)
    assert "keeps no earlier row" in found["unseen"]
    kept = count(asked(book(*versions("plan", "2026-03-01", "2026-03-09"))), "plan_changed")
    assert (kept["state"], kept["count"]) == ("none", 0)


def test_no_control_total_set_late_does_not_tell_that_none_was_written_over() -> None:
    found = count(
        asked({**book(PLAN), "control_totals": [control_total("T1", 0)]}), "control_total_changed"
    )
    assert found["state"] == "none" and "keeps no earlier row" in found["unseen"]
