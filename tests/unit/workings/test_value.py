"""Sums with what they rest on: of numbers, of bounds, and of what cannot be told."""

from __future__ import annotations

import pytest

from controltotal.core.unknown import Unknown
from controltotal.workings.rates import exit_rate, exit_run_rate
from controltotal.workings.value import (
    Ends,
    Value,
    added_ends,
    bound,
    bounded,
    by_rule,
    joined,
    less,
    negative,
    total,
    unknown,
    untold,
)
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of

FIVE, THREE = Value(5, "five"), Value(-3, "three")
LOST = unknown("stopped", "it could not be read")
MOST = bounded(Value(10, "written"), (None, 10))
LEAST = bounded(Value(4, "written"), (4, None))


@pytest.mark.parametrize(
    ("pence", "word", "sign", "ends"),
    [
        (100, "over", 1, (100, None)),
        (100, "up_to", 1, (None, 100)),
        (-100, "over", 1, (None, -100)),  # a cost of over a hundred
        (-100, "up_to", 1, (-100, None)),
        (0, "over", 1, (0, None)),
        (0, "up_to", 1, (None, 0)),
        (0, "over", -1, (None, 0)),  # a cost of more than nothing
        (0, "up_to", -1, (0, None)),
        (100, "over", -1, (100, None)),
        (0, "over", 0, (0, None)),
    ],
)
def test_the_ends_of_an_amount_that_is_a_bound(
    pence: int, word: str, sign: int, ends: Ends
) -> None:
    assert bound(pence, word, sign) == ends


def test_a_value_is_known_reported_or_silent() -> None:
    silent = unknown("not_stated", "nothing is reported", bare=True)
    told = [(v.known, v.reported, v.silent, v.kind) for v in (FIVE, MOST, LOST, silent)]
    assert told == [
        (True, True, False, ""),
        (False, True, False, ""),
        (False, False, False, "stopped"),
        (False, False, True, "not_stated"),
    ]
    assert Value(0, "nil").known and Value(0, "nil").reported
    assert (silent.rule, LOST.rule) == (
        "nothing is reported",
        "cannot be told: it could not be read",
    )
    assert (LOST.status, LOST.pence) == ("indeterminate", None)


def test_a_bounded_value_is_taken_as_written_by_those_that_need_a_number() -> None:
    assert (MOST.status, MOST.pence, MOST.low, MOST.high, MOST.written) == (
        "bounded",
        None,
        None,
        10,
        10,
    )
    taken = MOST.taken_as_written()
    assert (taken.pence, taken.status, taken.low, taken.high) == (10, "ok", None, None)
    assert (MOST.as_written, FIVE.as_written, LOST.as_written) == (10, 5, None)
    assert FIVE.taken_as_written() is FIVE and LOST.taken_as_written() is LOST
    stated = Value(None, "", status="bounded", low=4)
    assert stated.taken_as_written() is stated  # of which nothing was written


@pytest.mark.parametrize(
    ("value", "ends"),
    [
        (FIVE, (5, 5)),
        (MOST, (None, 10)),
        (LOST, (None, None)),
        (Value(5, "", qualifier="over"), (5, None)),
        (Value(5, "", qualifier="around; up_to"), (None, 5)),
        (Value(5, "", qualifier="around"), (5, 5)),
        (Value(5, "", qualifier="over; up_to"), (None, None)),
    ],
)
def test_the_ends_of_a_value(value: Value, ends: Ends) -> None:
    assert value.ends == ends


def test_numbers_add_up_and_their_words_are_joined_each_once() -> None:
    parts = [FIVE._replace(qualifier="implied"), THREE._replace(qualifier="around; implied")]
    found = total(parts, "sum", inputs=("a",), entries=(1, 2), months=frozenset({1}))
    assert (found.pence, found.rule, found.inputs, found.entries) == (2, "sum", ("a",), (1, 2))
    assert (found.qualifier, found.status, found.months) == ("around; implied", "ok", {1})
    assert joined([FIVE, THREE]) == ""
    assert total([], "none").pence == 0


def test_a_sum_with_a_bound_is_one() -> None:
    found = total([FIVE, MOST], "sum")
    assert (found.pence, found.status, found.low, found.high, found.written) == (
        None,
        "bounded",
        None,
        15,
        15,
    )
    both = total([LEAST, LEAST, THREE], "sum")
    assert (both.low, both.high, both.written) == (5, None, 5)
    apart = total([LEAST, MOST], "sum")
    assert (apart.pence, apart.status, apart.kind) == (None, "indeterminate", "bounded_apart")
    assert apart.rule == "cannot be told: only bounds are known, and they leave no end"
    unwritten = total([FIVE, Value(None, "", status="bounded", low=-3)], "sum")
    assert (unwritten.low, unwritten.high, unwritten.written) == (2, None, None)
    between = Value(None, "", status="bounded", low=1, high=2, written=1)
    assert added_ends([between, FIVE]) == (6, 7)
    assert added_ends([between, MOST]) == (None, 12)


def test_a_value_turned_round_has_its_ends_changed_over() -> None:
    found = negative(MOST._replace(low=2, rows=(), entries=(7,), missing=("A",)), "minus")
    assert (found.pence, found.low, found.high, found.written) == (None, -10, -2, -10)
    assert (found.rule, found.entries, found.missing, found.status) == (
        "minus",
        (7,),
        ("A",),
        "bounded",
    )
    assert negative(FIVE, "minus").pence == -5
    assert negative(MOST, "").low == -10 and negative(MOST, "").high is None
    assert negative(LEAST, "").high == -4 and negative(LEAST, "").low is None
    lost = negative(LOST, "minus")
    assert (lost.rule, lost.kind, lost.pence) == (LOST.rule, "stopped", None)


def test_one_less_another() -> None:
    assert less(FIVE, THREE, "less").pence == 8
    found = less(FIVE, MOST, "less", inputs=("a", "b"))
    assert (found.low, found.high, found.inputs) == (-5, None, ("a", "b"))


def test_a_value_by_another_rule_rests_on_what_it_is_given() -> None:
    own = MOST._replace(months=frozenset({1}), missing=("A",), qualifier="up_to", entries=(3,))
    found = by_rule(own, ("a",), "the same")
    assert found == own._replace(inputs=("a",), rule="the same")
    assert by_rule(LOST, ("a",), "the same").rule == LOST.rule
    assert by_rule(FIVE, (), "the same").rule == "the same"


def test_what_another_leaves_untold_has_its_kind_and_own_words() -> None:
    assert untold(LOST).unknown == Unknown("stopped", "it could not be read")
    assert untold(LOST, "support is not known").unknown == Unknown(
        "stopped", "support is not known"
    )
    bare = untold(Value(None, "the rule"))
    assert bare.unknown == Unknown("not_told", "the rule")
    assert untold(LOST, inputs=("a",)).inputs == ("a",)


# -- the rate of the last quarter -------------------------------------------------------------------


def test_a_year_at_the_rate_of_its_last_quarter_without_what_comes_once() -> None:
    last = {9: 500, 10: -100, 11: -130, 12: -100}
    assert exit_run_rate(last, {}) == -1_320
    assert exit_run_rate(last, {9: 7, 11: -30}) == -1_200
    for month in (10, 11, 12):
        assert exit_run_rate({m: p for m, p in last.items() if m != month}, {}) is None


def months(basis: str, pounds: int, last: int = 12) -> list[Cells]:
    return [amount("T1", "position", pounds, basis=basis, month=str(m)) for m in range(1, last + 1)]


def test_the_rate_is_of_the_actual_months_else_of_those_forecast() -> None:
    def rate(*rows: Cells) -> Value:
        return exit_rate(Workings(position_of(book(*rows))).totals, "T1", YEAR)

    both = rate(*months("actual", -2), *months("forecast", -3))
    assert both.pence == -2_400 and "(actual)" in both.rule
    assert both.inputs == (f"adjusted_surplus/T1/{YEAR}/actual",)
    ahead = rate(*months("actual", -2, 11), *months("forecast", -3))
    assert ahead.pence == -3_600 and "(forecast)" in ahead.rule
    assert rate(*months("actual", -2, 11)).kind == "months_missing"
