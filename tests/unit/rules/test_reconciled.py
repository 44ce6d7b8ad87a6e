"""A commissioner's control total beside one per cent of its allocation, and what explains a difference."""

from __future__ import annotations

import pytest

from controltotal.core.finding import Finding
from controltotal.rules.reconcile import _apart, reconcile
from controltotal.workings.workings import Workings
from tests.strategies import Cells, position_of

YEAR = "2016-17"
BOARDS: list[Cells] = [
    {"code": "C", "name": "Ash CCG", "kind": "commissioner"},
    {"code": "P", "name": "Bay Trust", "kind": "provider"},
]


def allocation(millions: str, **more: str) -> Cells:
    row = {"organisation": "C", "line": "allocation", "year": YEAR, "basis": "plan"}
    return {**row, "amount": millions, "unit": "£m", **more}


def total(millions: str, **more: str) -> Cells:
    row = {"organisation": "C", "year": YEAR, "status": "accepted", "unit": "£m"}
    return {**row, "amount": millions, **more}


def fact(name: str, value: str, **more: str) -> Cells:
    row = {"organisation": "C", "year": YEAR, "fact": name, "value": value, "unit": "£m"}
    return {**row, **more}


def told(stated: Cells, *amounts: Cells, facts: tuple[Cells, ...] = ()) -> list[Finding]:
    said = {"organisations": BOARDS, "control_totals": [stated], "amounts": list(amounts)}
    return list(reconcile(Workings(position_of({**said, "facts": list(facts)}))))


@pytest.mark.parametrize(
    ("stated", "apart"),
    [("2.67", False), ("2.68", True), ("2.66", True), ("2.6699", True)],
)
def test_one_per_cent_of_267_is_2_67_to_the_penny(stated: str, apart: bool) -> None:
    assert bool(told(total(stated), allocation("267"))) is apart


def test_a_half_penny_is_rounded_up() -> None:
    """One per cent of £1.50 is 1.5 pence."""
    one = allocation("1.50", unit="£")
    assert told(total("0.02", unit="£"), one) == []
    assert told(total("0.01", unit="£"), one)


def test_a_difference_is_told_with_both_sums_and_where_they_stand() -> None:
    (found,) = told(total("2.6"), allocation("267"))
    assert (found.code, found.severity, found.organisation) == ("RECONCILE_DIFF", "warning", "C")
    assert found.where == "control_totals row 2; amounts row 2"
    assert found.message == (
        "Ash CCG, 2016/17: 1% of its allocation of £267.0 million is £2.7 million, and the "
        "control total stated is £2.6 million: a difference of £0.1 million (parameter not "
        "verified). No stated allocation explains it."
    )
    assert (found.expected, found.found) == ("£2.7 million", "£2.6 million")


@pytest.mark.parametrize(
    ("other", "stated", "explains"),
    [
        ("264", "2.6", True),  # 2.64 rounds to 2.6
        ("265", "2.6", False),  # 2.65 rounds to 2.7
        ("264", "2.64", True),
        ("264", "2.60", False),  # two places were stated
        ("264", "3", True),  # to the whole million
        ("267", "2.6", False),  # the one it was held against
    ],
)
def test_another_allocation_explains_what_it_rounds_to_in_the_digits_stated(
    other: str, stated: str, explains: bool
) -> None:
    (found,) = told(total(stated), allocation("267"), allocation(other, scenario="opening"))
    said = f"A denominator that explains it: 1% of £{other}.0 million (opening) is £2.64 million"
    assert (said in found.message) is explains
    assert ("No stated allocation explains it" in found.message) is not explains
    assert found.where == "control_totals row 2; amounts row 2" + (
        "; amounts row 3" if explains else ""
    )


def test_a_total_without_a_unit_is_explained_only_to_the_penny() -> None:
    """In the unit of the book, pounds: one per cent of 26,400 is 264."""
    for stated, explains in (("264", True), ("263", False)):
        (found,) = told(
            total(stated, unit=""),
            allocation("26700", unit=""),
            allocation("26400", unit="", scenario="opening"),
        )
        assert ("A denominator that explains it" in found.message) is explains


def test_an_allocation_of_another_year_or_body_explains_nothing() -> None:
    others = (
        allocation("264", year="2015-16"),
        allocation("264", organisation="P"),
        allocation("264", line="pay", scenario="opening"),
    )
    (found,) = told(total("2.64"), allocation("267"), *others)
    assert "No stated allocation explains it" in found.message


@pytest.mark.parametrize(
    ("carried", "told_of"),
    [
        (fact("opening_balance", "1"), False),
        (fact("opening_balance", "0"), True),
        (fact("cumulative_position", "1", year="2015-16"), False),
        (fact("cumulative_position", "1"), True),  # at the end of the year itself
        (fact("cumulative_position", "0", year="2015-16"), True),
        (fact("opening_balance", "some"), False),  # nobody could read it: it may be a balance
        (fact("opening_balance", "1", organisation="P"), True),
    ],
)
def test_a_total_is_held_against_the_rule_only_where_nothing_was_brought_forward(
    carried: Cells, told_of: bool
) -> None:
    assert bool(told(total("2.6"), allocation("267"), facts=(carried,))) is told_of


@pytest.mark.parametrize(
    ("stated", "tells"),
    [
        ({}, True),
        ({"status": "proposed"}, False),
        ({"organisation": "P"}, False),  # the rule is of commissioners
        ({"year": "2030-31"}, False),  # no such share is in force
    ],
)
def test_only_accepted_totals_of_commissioners_in_years_of_the_rule_are_asked(
    stated: dict[str, str], tells: bool
) -> None:
    year = stated.get("year", YEAR)
    rows = [allocation("267", organisation=code, year=year) for code in "CP"]
    assert bool(told(total("2.6", **stated), *rows)) is tells
    assert told(total("2.6")) == []  # without an allocation there is nothing to hold it against


def test_what_a_body_says_it_can_spend_is_tried_first_where_it_does_not_fit() -> None:
    """One per cent of 250 is 2.5, not 2.6; of 260 it is, so that the allocation is asked."""
    (found,) = told(total("2.6"), allocation("267"), facts=(fact("purchasing_budget", "250"),))
    assert "1% of the £250.0 million that it says it has to purchase local services is" in (
        found.message
    )
    assert found.where == "control_totals row 2; facts row 2"
    (hedged,) = told(
        total("2.6"),
        allocation("267"),
        facts=(fact("purchasing_budget", "250", qualifier="around"),),
    )
    assert "£250.0 million (around) that it says" in hedged.message
    (fits,) = told(total("2.6"), allocation("267"), facts=(fact("purchasing_budget", "260"),))
    assert "its allocation of" in fits.message
    (alone,) = told(total("2.6"), facts=(fact("purchasing_budget", "250"),))
    assert "purchase local services" in alone.message


def test_sums_have_as_many_digits_as_keep_different_ones_apart() -> None:
    assert _apart(100_000_000, 200_000_000) == ("£1.0 million", "£2.0 million")
    assert _apart(100_000_000, 101_000_000) == ("£1.00 million", "£1.01 million")
    assert _apart(1, 2) == ("£0.00000001 million", "£0.00000002 million")
    assert _apart(100_000_000, 100_000_000) == ("£1.0 million", "£1.0 million")
