"""Sums that run evenly and instalments, by hand: nil, one part, a half penny and a sum below nil."""

from __future__ import annotations

import pytest

from controltotal.core.money import (
    LARGEST_PENCE,
    MoneyError,
    _plain_pence,
    apportion,
    evenly,
    format_money,
    format_pounds,
    instalments,
    own_unit,
    page_money,
    page_unit,
    parse_money,
    position_words,
    shown_in,
    split_direction,
)


@pytest.mark.parametrize(
    ("pence", "parts", "each"),
    [
        (0, 3, [0, 0, 0]),
        (5, 1, [5]),
        (1, 2, [1, 0]),  # a half penny is run as a penny
        (3, 2, [2, 1]),
        (1, 3, [0, 1, 0]),  # 1/3 is nil so far, 2/3 is one
        (2, 3, [1, 0, 1]),
        (-1, 2, [-1, 0]),
        (-2, 3, [-1, 0, -1]),
        (7, 7, [1] * 7),
    ],
)
def test_what_runs_evenly_has_run_its_share_to_the_nearest_penny(
    pence: int, parts: int, each: list[int]
) -> None:
    assert evenly(pence, parts) == each


@pytest.mark.parametrize(
    ("pence", "parts", "each"),
    [(0, 2, [0, 0]), (5, 1, [5]), (5, 3, [2, 2, 1]), (-5, 3, [-2, -2, -1]), (2, 4, [1, 1, 0, 0])],
)
def test_the_earlier_instalments_carry_the_odd_pennies(
    pence: int, parts: int, each: list[int]
) -> None:
    assert instalments(pence, parts) == each


@pytest.mark.parametrize("divide", [evenly, instalments])
def test_a_sum_has_one_part_at_least(divide) -> None:
    assert divide(1, 1) == [1]
    with pytest.raises(ValueError, match="at least one"):
        divide(1, 0)


def test_weights_of_nil_bear_nothing_and_cannot_all_be_nil() -> None:
    assert apportion(3, {"A": 0, "B": 1}) == {"A": 0, "B": 3}
    assert apportion(3, {"B": 1, "A": 1}) == {"B": 1, "A": 2}  # the odd penny by code
    assert apportion(10, {"A": 1, "B": 2}) == {"A": 3, "B": 7}  # to the largest remainder
    assert apportion(-10, {"A": 1, "B": 2}) == {"A": -3, "B": -7}
    assert apportion(-1, {"B": 1, "A": 1}) == {"B": 0, "A": -1}
    assert apportion(0, {"A": 1}) == {"A": 0}
    with pytest.raises(ValueError, match="all be nil"):
        apportion(3, {"A": 0})
    with pytest.raises(ValueError, match="nil or more"):
        apportion(3, {"A": -1, "B": 2})


def test_a_sum_is_at_most_a_trillion_pounds() -> None:
    assert parse_money("1,000,000,000,000") == parse_money("1000", "£bn") == LARGEST_PENCE
    assert LARGEST_PENCE == 10**12 * 100
    for text in ("1,000,000,000,000.01", "1000000000000.01", "(1000000000000.01)", "1000.1bn"):
        with pytest.raises(MoneyError, match="below one trillion"):
            parse_money(text)


@pytest.mark.parametrize(("unit", "pence"), [("£", 10**2), ("£k", 10**5), ("£m", 10**8)])
def test_one_of_each_unit_is_so_many_pence(unit: str, pence: int) -> None:
    assert parse_money("1", unit) == pence
    assert parse_money("1", "£bn") == 10**11


def test_a_page_has_one_decimal_of_a_million_and_none_of_a_thousand() -> None:
    assert page_money(-1_234_500_000) == "(12.3)"
    with shown_in("£k"):
        assert page_money(-1_234_550_000) == "(12,346)"
    assert page_unit() == "£m"


def test_a_text_longer_than_any_sum_is_refused_and_shown_in_part() -> None:
    assert parse_money("0" * 59 + "1") == 100
    with pytest.raises(MoneyError, match="at most 60 characters") as refused:
        parse_money("0" * 60 + "1")
    assert refused.value.found == "0" * 60 + "…"


@pytest.mark.parametrize("unit", ["£", "£k", "£m", "£bn"])
@pytest.mark.parametrize("text", ["-", "\u2013", "£-", " \u2014 ", "£ -"])
def test_a_dash_alone_is_nil_in_any_unit(text: str, unit: str) -> None:
    assert parse_money(text, unit) == 0


@pytest.mark.parametrize("text", ["(-5)", "-(5)", "--5", "-5-", "££5", "££-", "5mk", "5.", "."])
def test_two_signs_two_pounds_or_two_units_are_no_sum(text: str) -> None:
    with pytest.raises(MoneyError):
        parse_money(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5CR", ("5", "CR")),
        ("12 dr", ("12", "DR")),
        ("1,000.50 Cr", ("1,000.50", "CR")),
        ("CR", ("", "CR")),
        ("5XCR", ("5XCR", "")),  # the end of a word is no side
        ("5 XDR", ("5 XDR", "")),
        ("X 5 CR", ("X 5", "CR")),
        ("CR 5", ("CR 5", "")),
    ],
)
def test_the_side_of_a_sum_stands_alone_at_its_end(text: str, found: tuple[str, str]) -> None:
    assert split_direction(text) == found


@pytest.mark.parametrize(
    ("text", "unit"),
    [("1.2m", "£m"), ("(3) k", "£k"), ("about m", ""), ("GBP 5", ""), ("5", ""), ("(-5)m", "")],
)
def test_a_sum_names_its_own_unit_only_where_it_is_one(text: str, unit: str) -> None:
    assert own_unit(text) == unit


def test_tenths_and_hundredths_are_pence() -> None:
    assert [parse_money(text) for text in ("1.1", "1.21", "0.01", "1.10")] == [110, 121, 1, 110]
    assert parse_money("1.1", "£m") == 110_000_000


@pytest.mark.parametrize(
    ("pence", "places", "shown"),
    [(1, 8, "0.00000001"), (-6, 7, "(0.0000001)"), (0, 8, "0.00000000"), (10**11, 0, "1,000")],
)
def test_a_sum_of_a_penny_in_millions_is_written_out_in_its_decimals(
    pence: int, places: int, shown: str
) -> None:
    """A penny is a hundred-millionth of a million; it is never written as 1E-8."""
    assert format_money(pence, "£m", places) == shown


@pytest.mark.parametrize(
    ("text", "unit", "pence"),
    [
        ("15", "£", 1_500),
        ("1.5", "£", 150),
        ("0.01", "£", 1),
        ("0.001", "£", None),  # a tenth of a penny
        ("0.001", "£k", 100),
        ("1.", "£", None),
        (".5", "£", None),
        ("", "£", None),
        ("-5", "£", None),
        ("٤٢", "£", None),
        ("1000000000000", "£", LARGEST_PENCE),
        ("1000000000000.01", "£", None),
        ("000000000000015", "£", 1_500),  # fifteen figures
        ("0000000000000015", "£", None),
        ("15.0000000000000", "£", 1_500),
    ],
)
def test_plain_figures_are_read_at_once_and_all_else_the_long_way(
    text: str, unit: str, pence: int | None
) -> None:
    assert _plain_pence(text, unit) == pence


def test_an_error_repeats_no_more_than_sixty_characters_of_a_text() -> None:
    assert MoneyError("x" * 60, "a number").found == "x" * 60
    assert MoneyError("x" * 61, "a number").found == "x" * 60 + "…"
    assert str(MoneyError("x", "a number")) == "expected a number, found 'x'"


@pytest.mark.parametrize(
    ("pence", "million", "thousand"),
    [
        (49_999, "£499.99", "£499.99"),
        (50_000, "£500", "£1 thousand"),  # on a page of thousands half of one is one
        (9_999_999, "£99,999.99", "£100 thousand"),
        (10_000_000, "£100 thousand", "£100 thousand"),
        (99_949_999, "£999 thousand", "£999 thousand"),
        (99_950_000, "£1.0 million", "£1,000 thousand"),
        (-100_000_000, "a deficit of £1.0 million", "a deficit of £1,000 thousand"),
    ],
)
def test_a_sum_in_words_changes_its_unit_at_these_sizes(
    pence: int, million: str, thousand: str
) -> None:
    assert format_pounds(pence) == million
    with shown_in("£k"):
        assert format_pounds(pence) == thousand


def test_a_position_is_a_surplus_a_deficit_or_nothing() -> None:
    assert [position_words(one) for one in (None, 0, 1, -1)] == [
        "what cannot be told",
        "break-even",
        "a surplus of £0.01",
        "a deficit of £0.01",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a number"),
        ("1.2E+05", "the number in full"),
        ("about", "a number, or an empty cell where it is not known"),
        ("1,23", "commas between groups of three digits"),
        ("1.234.567", "one decimal point and commas for thousands"),
        ("1.234,5", "one decimal point and commas for thousands"),
        ("12 people", "a number such as"),
        ("0.001", "a whole number of pence"),
    ],
)
def test_what_is_no_sum_says_what_should_have_stood_there(text: str, expected: str) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_money(text)
    assert refused.value.expected.startswith(expected)
