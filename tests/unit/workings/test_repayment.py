"""Repayment by hand: nothing lent, one year, the day on which a claim passes on, and its last penny."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from controltotal.workings.repayment import (
    REPAID,
    WRITTEN_OFF,
    Claim,
    OverRepaid,
    Payment,
    Succession,
    Support,
    balance_at,
    claims,
    default_from,
    exit_early,
    expected_pence,
    holders,
    interest_due,
    outlook,
    roll_forward,
    schedule,
    shares_of,
)

APRIL = date(2026, 4, 1)
HALF = Fraction(1, 2)
LENT = Support("T1", "G", "R", "2019-20", 900, 3)


def told(rows: tuple) -> list[tuple[str, int, int]]:
    return [(row.year, row.repaid, row.closing) for row in rows]


# -- what is agreed, what happened, what follows ---------------------------------------------------


def test_a_schedule_begins_the_year_after_or_when_agreed_and_waits_until_then() -> None:
    assert told(schedule(LENT)) == [
        ("2020-21", 300, 600),
        ("2021-22", 300, 300),
        ("2022-23", 300, 0),
    ]
    later = Support("T1", "G", "R", "2019-20", 900, 1, first_year="2021-22")
    assert told(schedule(later)) == [("2020-21", 0, 900), ("2021-22", 900, 0)]
    at_once = Support("T1", "G", "R", "2019-20", 900, 1, first_year="2019-20")
    assert told(schedule(at_once)) == [("2019-20", 900, 0)]
    assert told(schedule(Support("T1", "G", "R", "2019-20", 0, 2))) == [
        ("2020-21", 0, 0),
        ("2021-22", 0, 0),
    ]


def test_interest_is_on_what_is_owed_as_the_year_opens() -> None:
    one_percent = Support("T1", "G", "R", "2019-20", 10_000, 2, interest=Fraction(1, 100))
    assert [row.interest for row in schedule(one_percent)] == [100, 50]
    assert (interest_due(150, Fraction(1, 100)), interest_due(250, Fraction(1, 100))) == (2, 2)


def test_nothing_recorded_is_no_history_until_a_year_is_over() -> None:
    assert roll_forward(LENT, []) == ()
    assert roll_forward(LENT, [], "2019-20") == ()  # the year of the loan itself owes nothing yet
    assert told(roll_forward(LENT, [], "2020-21")) == [("2020-21", 0, 900)]


def test_payments_of_one_year_are_added_and_what_is_written_off_is_not_repaid() -> None:
    paid = [
        Payment("T1", "2021-22", REPAID, 100),
        Payment("T1", "2021-22", REPAID, 200),
        Payment("T1", "2021-22", WRITTEN_OFF, 50),
    ]
    before, after = roll_forward(LENT, paid)
    assert (before.year, before.repaid, before.closing) == ("2020-21", 0, 900)
    assert (after.opening, after.repaid, after.written_off, after.closing) == (900, 300, 50, 550)


def test_all_of_it_may_be_repaid_and_a_penny_more_is_refused() -> None:
    (row,) = roll_forward(LENT, [Payment("T1", "2020-21", REPAID, 900)])
    assert row.closing == 0
    both = [Payment("T1", "2020-21", REPAID, 500), Payment("T1", "2020-21", WRITTEN_OFF, 401)]
    with pytest.raises(OverRepaid) as refused:
        roll_forward(LENT, both)
    assert (refused.value.year, refused.value.owed, refused.value.paid) == ("2020-21", 900, 901)
    assert str(refused.value) == "transfer T1: 901 pence paid in 2020-21, 900 owed"


def test_years_after_the_last_payment_owe_nothing() -> None:
    rows = roll_forward(LENT, [Payment("T1", "2020-21", REPAID, 900)], "2022-23")
    assert told(rows)[1:] == [("2021-22", 0, 0), ("2022-23", 0, 0)]


def test_a_repayment_before_the_loan_does_not_bring_the_schedule_forward() -> None:
    rows = outlook(LENT, [Payment("T1", "2018-19", REPAID, 100)])
    assert told(rows)[:3] == [("2018-19", 100, 800), ("2019-20", 0, 800), ("2020-21", 300, 500)]


def test_an_open_year_after_the_term_has_no_instalment_of_its_own() -> None:
    rows = outlook(LENT, [Payment("T1", "2023-24", WRITTEN_OFF, 100)], still_open=True)
    assert told(rows)[-2:] == [("2023-24", 0, 800), ("2024-25", 800, 0)]


def test_a_repayment_in_the_year_of_the_loan_counts() -> None:
    assert told(roll_forward(LENT, [Payment("T1", "2019-20", REPAID, 100)])) == [
        ("2019-20", 100, 800)
    ]


def test_what_was_missed_falls_due_once_the_schedule_is_over() -> None:
    assert outlook(LENT, []) == schedule(LENT)
    missed = outlook(LENT, [Payment("T1", "2020-21", REPAID, 100)])
    assert told(missed) == [
        ("2020-21", 100, 800),
        ("2021-22", 300, 500),
        ("2022-23", 300, 200),
        ("2023-24", 200, 0),
    ]


def test_what_was_paid_early_shortens_the_schedule_from_its_end() -> None:
    assert told(outlook(LENT, [Payment("T1", "2020-21", REPAID, 700)])) == [
        ("2020-21", 700, 200),
        ("2021-22", 200, 0),
    ]


@pytest.mark.parametrize(
    ("payments", "gone", "repaid"),
    [
        ([Payment("T1", "2020-21", REPAID, 100)], "", 300),  # the other 200 are still to come
        ([Payment("T1", "2020-21", REPAID, 400)], "", 400),  # more than agreed stands
        ([Payment("T1", "2020-21", REPAID, 100)], "2020-21", 100),  # the year is over
        ([Payment("T1", "2020-21", WRITTEN_OFF, 800)], "", 100),  # no more than what is left
    ],
)
def test_a_year_that_is_not_over_still_brings_the_rest_of_its_instalment(
    payments: list[Payment], gone: str, repaid: int
) -> None:
    assert outlook(LENT, payments, gone, still_open=True)[0].repaid == repaid


def test_leaving_early_pays_what_is_owed_and_default_loses_it_from_that_year_on() -> None:
    rows = schedule(LENT)
    assert told(exit_early(rows, "2021-22")) == [("2020-21", 300, 600), ("2021-22", 600, 0)]
    assert told(exit_early(rows, "2020-21")) == [("2020-21", 900, 0)]
    assert exit_early(rows, "2030-31") == rows
    losses = [default_from(rows, f"{y}-{y % 100 + 1}") for y in (2020, 2021, 2022, 2023)]
    assert losses == [900, 600, 300, 0]


def test_leaving_early_does_not_pay_what_is_written_off() -> None:
    rows = roll_forward(LENT, [Payment("T1", "2020-21", WRITTEN_OFF, 400)])
    (row,) = exit_early(rows, "2020-21")
    assert (row.repaid, row.written_off, row.closing) == (500, 400, 0)


def test_a_firm_repayment_is_expected_whole() -> None:
    assert [expected_pence(1_000, chance) for chance in (None, 0.0, 0.15, 1.0)] == [
        1_000,
        0,
        150,
        1_000,
    ]


# -- who stands where a body stood -----------------------------------------------------------------


def test_a_succession_holds_from_its_day_and_not_for_a_claim_that_arose_on_it() -> None:
    merged = [Succession("A", "B", APRIL)]
    assert holders("A", date(2026, 3, 31), merged) == {"A": 1}
    assert holders("A", APRIL, merged) == {"B": 1}
    assert holders("A", APRIL, merged, since=date(2026, 3, 31)) == {"B": 1}
    assert holders("A", APRIL, merged, since=APRIL) == {"A": 1}
    assert holders("C", APRIL, merged) == {"C": 1}


def test_two_halves_that_meet_again_on_one_day_go_on_together() -> None:
    """A divides into B and C, both join D and D is renamed E, all on 1 April: E stands for A."""
    day = [
        Succession("A", "B", APRIL, HALF),
        Succession("A", "C", APRIL, HALF),
        Succession("B", "D", APRIL),
        Succession("C", "D", APRIL),
        Succession("D", "E", APRIL),
    ]
    assert holders("A", APRIL, day) == {"E": 1}
    assert holders("B", APRIL, day) == {"E": 1}


def test_halves_that_divide_again_and_meet_are_all_followed() -> None:
    """B gives a half to D and C its all; D is renamed E. Of A's one: E 1/4 + 1/2, and X 1/4."""
    day = [
        Succession("A", "B", APRIL, HALF),
        Succession("A", "C", APRIL, HALF),
        Succession("B", "D", APRIL, HALF),
        Succession("B", "X", APRIL, HALF),
        Succession("C", "D", APRIL),
        Succession("D", "E", APRIL),
    ]
    assert holders("A", APRIL, day) == {"E": Fraction(3, 4), "X": Fraction(1, 4)}


def test_what_comes_round_to_its_holder_stays_there() -> None:
    assert holders("A", APRIL, [Succession("A", "B", APRIL), Succession("B", "A", APRIL)]) == {
        "A": 1
    }


def test_a_chain_over_the_years_is_followed_in_order_of_time() -> None:
    later = date(2027, 4, 1)
    chain = [Succession("B", "C", later), Succession("A", "B", APRIL)]
    assert holders("A", APRIL, chain) == {"B": 1}
    assert holders("A", later, chain) == {"C": 1}


@pytest.mark.parametrize(
    ("heirs", "shares"),
    [
        ([("B", HALF)], {"B": HALF, "A": HALF}),
        ([("B", HALF), ("C", HALF)], {"B": HALF, "C": HALF}),
        ([("B", HALF), ("B", HALF)], {"B": 1}),
        ([("B", Fraction(1)), ("C", Fraction(1))], {"B": HALF, "C": HALF}),  # scaled
        ([("B", Fraction(0))], {"A": 1}),
        ([("A", HALF)], {"A": 1}),
    ],
)
def test_shares_of_successors_are_one_together(
    heirs: list[tuple[str, Fraction]], shares: dict[str, Fraction]
) -> None:
    rows = [Succession("A", heir, APRIL, share) for heir, share in heirs]
    assert shares_of("A", rows) == shares


# -- claims ----------------------------------------------------------------------------------------


def test_an_odd_penny_of_a_divided_claim_is_somebodys() -> None:
    halves = [Succession("G", "G1", APRIL, HALF), Succession("G", "G2", APRIL, HALF)]
    assert claims(LENT, 101, APRIL, halves) == (
        Claim("T1", "G1", "R", 51),
        Claim("T1", "G2", "R", 50),
    )


def test_a_claim_on_oneself_is_internal() -> None:
    merged = [Succession("G", "N", APRIL), Succession("R", "N", APRIL)]
    (claim,) = claims(LENT, 100, APRIL, merged)
    assert claim.internal
    assert not claims(LENT, 100, APRIL)[0].internal


def test_a_merger_in_the_year_before_the_support_is_not_followed() -> None:
    """A succession on the first day of the year of the support came before it."""
    on_the_day = [Succession("G", "N", date(2019, 4, 1))]
    the_day_after = [Succession("G", "N", date(2019, 4, 2))]
    assert claims(LENT, 1, APRIL, on_the_day)[0].creditor == "G"
    assert claims(LENT, 1, APRIL, the_day_after)[0].creditor == "N"


def test_a_balance_stands_from_the_first_day_and_an_instalment_is_paid_on_the_last() -> None:
    def owed(day: date) -> list[int]:
        return [claim.pence for claim in balance_at(LENT, schedule(LENT), day)]

    assert owed(date(2019, 3, 31)) == []
    assert owed(date(2019, 4, 1)) == [900]
    assert owed(date(2021, 3, 30)) == [900]
    assert owed(date(2021, 3, 31)) == [600]
    assert owed(date(2023, 3, 31)) == [0]


def test_a_balance_without_a_schedule_is_what_was_lent_and_divides_with_its_heirs() -> None:
    halves = [Succession("R", "R1", APRIL, HALF), Succession("R", "R2", APRIL, HALF)]
    assert balance_at(LENT, (), APRIL, halves) == (
        Claim("T1", "G", "R1", 450),
        Claim("T1", "G", "R2", 450),
    )


def test_a_balance_holds_what_is_written_off_until_the_end_of_that_year() -> None:
    rows = roll_forward(LENT, [Payment("T1", "2020-21", WRITTEN_OFF, 400)])
    assert [claim.pence for claim in balance_at(LENT, rows, date(2021, 3, 30))] == [900]
    assert [claim.pence for claim in balance_at(LENT, rows, date(2021, 3, 31))] == [500]
