"""What `check` says of totals and control totals: what differs, what is late, what is undecided."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal import verbs
from controltotal.core.finding import Finding
from tests.small_books import TREE, book
from tests.strategies import Book, Cells, amount, control_total, position_of


def told(said: Book, code: str) -> list[Finding]:
    return [one for one in verbs.check(position_of(said)).findings if one.code == code]


def of(*rows: Cells, code: str, tree: list[Cells] = TREE, **tables: list[Cells]) -> list[Finding]:
    return told(book(*rows, tree=tree, **tables), code)


@pytest.mark.parametrize(
    ("set_on", "days"),
    [("2026-03-31", None), ("2026-04-01", None), ("2026-04-02", 1), ("2026-05-01", 30)],
)
def test_a_control_total_is_late_from_the_second_day_of_its_year(
    set_on: str, days: int | None
) -> None:
    found = of(
        amount("T1", "position", 1),
        control_totals=[control_total("T1", 5, set_on=set_on)],
        code="CONTROL_TOTAL_LATE",
    )
    assert [one.message for one in found] == (
        []
        if days is None
        else [
            f"The control total of First for 2026/27 was set on {set_on}, {days} days after its year "
            f"began (notice_days {-days})."
        ]
    )
    assert all(one.expected == f"a date before {date(2026, 4, 1)}" for one in found)


def test_a_refused_control_total_is_never_late() -> None:
    late = {"set_on": "2026-06-01"}
    for status, count in (("accepted", 1), ("proposed", 1), ("rejected", 0)):
        row = control_total("T1", 5, **late, status=status)
        assert (
            len(of(amount("T1", "position", 1), control_totals=[row], code="CONTROL_TOTAL_LATE"))
            == count
        )


def test_two_control_totals_of_one_day_are_both_told() -> None:
    two = [control_total("T1", 5), control_total("T1", 7, set_by="nation")]
    (found,) = of(amount("T1", "position", 1), control_totals=two, code="TWO_CONTROL_TOTALS")
    assert (found.found, found.where) == (
        "£5.00 and £7.00",
        "control_totals row 2, row 3",
    )
    later = [two[0], control_total("T1", 7, set_on="2026-02-01", set_by="nation")]
    assert of(amount("T1", "position", 1), control_totals=later, code="TWO_CONTROL_TOTALS") == []


SUPPORT = amount("T1", "support_income", 3)


def undecided(*rows: Cells, **more: str) -> list[str]:
    found = of(
        amount("T1", "position", 1),
        *rows,
        control_totals=[control_total("T1", 5, **more)],
        code="SUPPORT_UNDECIDED",
    )
    return [one.where for one in found]


def test_it_is_said_where_support_may_count_and_nobody_says() -> None:
    assert undecided(SUPPORT) == ["control_totals row 2; amounts row 3"]
    assert undecided() == []
    assert undecided(SUPPORT, includes_support="no") == []
    assert undecided(SUPPORT, includes_support="yes") == []
    assert undecided(amount("T1", "support_income", 0)) == []
    ahead = [amount("T1", "position", 2, basis="forecast"), {**SUPPORT, "basis": "forecast"}]
    assert undecided(*ahead) == ["control_totals row 2; amounts row 4"]
    assert undecided({**SUPPORT, "scenario": "low"}) == []


# -- parents and the bodies below -------------------------------------------------------------------

LONG: list[Cells] = [
    {"code": "R1", "name": "Region", "kind": "region"},
    {**TREE[0], "parent": "R1"},
    *TREE[1:],
    {"code": "S2", "name": "Other", "kind": "system", "parent": "R1"},
    {"code": "T3", "name": "Third", "kind": "provider", "parent": "S2"},
]


def silent(*rows: Cells, tree: list[Cells] = LONG) -> list[tuple[str, str]]:
    return [
        (one.organisation, one.found) for one in of(*rows, tree=tree, code="CHILDREN_INCOMPLETE")
    ]


def position(code: str, pounds: int = 1, **more: str) -> Cells:
    return amount(code, "position", pounds, **more)


def test_a_body_that_does_not_report_is_told_at_its_parent_once() -> None:
    """Of Second nothing is said: the system tells it, and the region above it does not again."""
    assert silent(position("T1"), position("T3")) == [("S1", "nothing from T2")]
    assert silent(position("T1"), position("T2"), position("T3")) == []


def test_where_a_whole_branch_is_silent_the_one_above_tells_it() -> None:
    assert silent(position("T1"), position("T2")) == [("R1", "nothing from S2")]
    assert silent(position("T3")) == [("R1", "nothing from S1")]


def test_a_total_that_is_stated_stands_and_what_lacks_below_it_is_told() -> None:
    """Where nothing is said below a whole that lists all of its bodies, too."""
    assert silent(position("S1"), position("T1"), tree=TREE) == [("S1", "nothing from T2")]
    assert silent(position("S1"), tree=TREE) == [("S1", "nothing from T1, T2")]
    open_list = [{**TREE[0], "complete": "no"}, *TREE[1:]]
    assert silent(position("S1"), tree=open_list) == []
    assert silent(position("S1"), position("T1"), tree=open_list) == [("S1", "nothing from T2")]
    (found,) = of(position("S1"), position("T1"), code="CHILDREN_INCOMPLETE")
    assert "(T2); the stated total stands." in found.message
    (lost,) = of(position("T1"), code="CHILDREN_INCOMPLETE")
    assert "(T2); no total can be told." in lost.message


def test_a_body_ahead_of_the_others_is_told_and_the_month_that_all_have_told() -> None:
    months = [position(code, month="1", basis="actual") for code in ("T1", "T2")]
    assert silent(*months, tree=TREE) == []
    later = [*months, position("T1", month="2", basis="actual")]
    (found,) = of(*later, tree=TREE, code="CHILDREN_INCOMPLETE")
    assert "only T1 told month 2" in found.message and "--month M1" in found.action
    (gap,) = of(
        *months, position("T1", month="3", basis="actual"), tree=TREE, code="CHILDREN_INCOMPLETE"
    )
    assert "not every body below reports" in gap.message, "a gap is none of being ahead"


def test_a_stated_total_differs_from_the_sum_by_more_than_rounding() -> None:
    """1 and 2 are 3 to the pound; typed in millions of a decimal 3.1 may be their rounding."""
    rows = [position("T1"), position("T2", 2)]
    (found,) = of(*rows, position("S1", 5), code="STATED_TOTAL_DIFFERS")
    assert (found.expected, found.found, found.organisation) == ("£3.00", "£5.00", "S1")
    assert found.message == (
        "System, 2026/27 plan: the stated total differs from the sum of the bodies below by £(2.00)."
    )
    assert of(*rows, position("S1", 3), code="STATED_TOTAL_DIFFERS") == []
    assert of(rows[0], position("S1", 5), code="STATED_TOTAL_DIFFERS") == []


def rough(code: str, millions: str) -> Cells:
    return {**position(code), "amount": millions, "unit": "£m"}


def test_a_total_within_rounding_is_told_as_rounded() -> None:
    """1.04 and 2.04 as typed to a tenth are 1.0 and 2.0, and their sum may print as 3.1."""
    rows = [rough("T1", "1.0"), rough("T2", "2.0")]
    (found,) = of(*rows, rough("S1", "3.1"), code="ROUNDED")
    assert (found.expected, found.found, found.severity) == (
        "£3.0 million",
        "£3.1 million",
        "information",
    )
    assert of(*rows, rough("S1", "3.1"), code="STATED_TOTAL_DIFFERS") == []
    assert of(*rows, rough("S1", "3.0"), code="ROUNDED") == []
    assert of(*rows, rough("S1", "4.0"), code="ROUNDED") == []


def monthly(code: str, pounds: int, *odd: tuple[int, int], last: int = 12) -> list[Cells]:
    values = dict.fromkeys(range(1, last + 1), pounds) | dict(odd)
    return [position(code, value, month=str(month)) for month, value in values.items()]


def test_the_months_of_a_total_that_differ_are_told_each_and_not_the_year_again() -> None:
    rows = [*monthly("T1", 1), *monthly("T2", 2)]
    found = of(*rows, *monthly("S1", 3, (4, 5), (9, 1)), code="STATED_TOTAL_DIFFERS")
    assert [(one.expected, one.found) for one in found] == [("£3.00", "£5.00"), ("£3.00", "£1.00")]
    assert ["month 4:" in found[0].message, "month 9:" in found[1].message] == [True, True]
    assert of(*rows, *monthly("S1", 3), code="STATED_TOTAL_DIFFERS") == []
    one_lacks = of(
        *rows[:12], *monthly("T2", 2, last=6), *monthly("S1", 9), code="STATED_TOTAL_DIFFERS"
    )
    assert len(one_lacks) == 6  # of the months that all of them state


def test_a_position_is_set_beside_its_lines_where_both_tell_the_same_months() -> None:
    lines = [amount("T1", "patient_care_income", 10), amount("T1", "pay", 7)]
    (found,) = of(position("T1", 5), *lines, code="POSITION_DIFFERS_FROM_LINES")
    assert (found.expected, found.found, found.where) == ("£3.00", "£5.00", "amounts row 2")
    assert of(position("T1", 3), *lines, code="POSITION_DIFFERS_FROM_LINES") == []
    part = [{**row, "month": "1", "basis": "actual"} for row in lines]
    whole = [position("T1", 5, month=str(m), basis="actual") for m in (1, 2)]
    assert of(*whole, *part, code="POSITION_DIFFERS_FROM_LINES") == []
    assert len(of(whole[0], *part, code="POSITION_DIFFERS_FROM_LINES")) == 1


@pytest.mark.parametrize(("last", "count"), [(11, 1), (12, 0)])
def test_a_plan_of_fewer_than_twelve_months_tells_no_year(last: int, count: int) -> None:
    for line in ("position", "pay"):
        rows = [amount("T1", line, 1, month=str(month)) for month in range(1, last + 1)]
        more = [amount("T1", "patient_care_income", 2, month=str(m)) for m in range(1, last + 1)]
        every = rows if line == "position" else [*rows, *more]
        assert len(of(*every, code="MONTHS_INCOMPLETE")) == count
    actual = [position("T1", 1, month=str(m), basis="actual") for m in range(1, last + 1)]
    assert of(*actual, code="MONTHS_INCOMPLETE") == []


def test_one_line_that_lacks_a_month_leaves_the_year_untold_though_others_are_whole() -> None:
    rows = [amount("T1", "patient_care_income", 2, month=str(m)) for m in range(1, 13)]
    rows += [amount("T1", "pay", 1, month=str(m)) for m in range(1, 12)]
    (found,) = of(*rows, code="MONTHS_INCOMPLETE")
    assert found.organisation == "T1" and "so the year cannot be told." in found.message


def test_a_position_with_support_that_nobody_records_tells_no_surplus() -> None:
    whole = amount("T1", "position_with_support", 4)
    assert [one.organisation for one in of(whole, code="SUPPORT_NOT_RECORDED")] == ["T1"]
    assert of(whole, SUPPORT, code="SUPPORT_NOT_RECORDED") == []
    assert of(whole, position("T1", 1), code="SUPPORT_NOT_RECORDED") == []


def trade(payee: int | None, payer: int | None) -> list[Finding]:
    rows = []
    if payee is not None:
        rows.append(amount("T1", "patient_care_income", payee, counterparty="T2"))
    if payer is not None:
        rows.append(amount("T2", "purchase_of_healthcare", payer, counterparty="T1"))
    return of(*rows, code="CONTRACT_MISMATCH")


def test_two_that_state_their_trade_differently_are_told() -> None:
    found = trade(9, 7)
    assert trade(9, 9) == trade(9, None) == trade(None, 7) == []
    for one in found:
        assert (one.expected, one.found, one.organisation) == ("£7.00", "£9.00", "T1")
        assert "the difference is £2.00." in one.message


def test_the_line_of_a_parent_is_set_beside_what_those_below_make() -> None:
    rows = [position("T1"), position("T2")]
    lacking = [amount("T1", "savings_unidentified", 2), amount("T2", "savings_unidentified", 3)]
    (found,) = of(
        *rows, *lacking, amount("S1", "savings_unidentified", 9), code="LINE_TOTAL_DIFFERS"
    )
    assert (found.expected, found.found, found.organisation) == ("£5.00", "£9.00", "S1")
    assert found.where == "amounts row 6"
    assert (
        of(*rows, *lacking, amount("S1", "savings_unidentified", 5), code="LINE_TOTAL_DIFFERS")
        == []
    )
