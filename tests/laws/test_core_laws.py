"""Laws of the core: exact money, shares that make the whole, a calendar without gaps, bridges."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from controltotal.core.calendar import (
    PERIODS,
    CalendarError,
    add_months,
    first_full_month,
    month_of,
    month_start,
    next_year,
    parse_date,
    parse_month,
    parse_year,
    parse_year_id,
    year_end,
    year_label,
    year_of,
    year_start,
)
from controltotal.core.money import (
    LARGEST_PENCE,
    PENCE_PER,
    MoneyError,
    apportion,
    evenly,
    exact_text,
    format_money,
    format_pounds,
    instalments,
    parse_money,
    parse_number,
)

pence = st.integers(-LARGEST_PENCE, LARGEST_PENCE)
units = st.sampled_from(sorted(PENCE_PER))
weights = st.dictionaries(
    st.text("ABCDE", min_size=1, max_size=3),
    st.one_of(st.integers(0, 10**9), st.fractions(0, 1000), st.floats(0, 1e6, allow_nan=False)),
    min_size=1,
    max_size=12,
)


# -- money ----------------------------------------------------------------------------------------


@given(pence, units)
def test_what_is_written_is_read_back_to_the_penny(sum_pence: int, unit: str) -> None:
    assert parse_money(exact_text(sum_pence, unit), unit) == sum_pence


@given(pence, units, st.sampled_from(("(%s)", "-%s", "\u2212%s", "%s-", "\u2013%s", "- %s")))
def test_every_way_of_writing_a_deficit_is_one_number(sum_pence: int, unit: str, form: str) -> None:
    text = exact_text(abs(sum_pence), unit)
    whole, point, rest = text.partition(".")
    for shown in (text, f"{int(whole):,}{point}{rest}"):
        assert parse_money(form % shown, unit) == -abs(sum_pence)


@given(pence, units, st.integers(0, 4))
def test_what_is_shown_is_within_half_a_step_and_has_its_sign(
    sum_pence: int, unit: str, places: int
) -> None:
    shown = parse_number(format_money(sum_pence, unit, places))
    exact = Decimal(sum_pence) / PENCE_PER[unit]
    assert abs(shown - exact) <= Decimal(1).scaleb(-places) / 2
    assert shown * sum_pence >= 0


@given(st.text("0123456789.,()-−£kmb n\u00a0'+%e/", max_size=12), units)
def test_any_text_is_one_sum_or_is_refused_with_what_was_expected(text: str, unit: str) -> None:
    try:
        found = parse_money(text, unit)
    except MoneyError as refused:
        assert refused.expected and refused.found == text
    else:
        assert isinstance(found, int) and abs(found) <= LARGEST_PENCE
        assert parse_money(f" {text} ", unit) == found


@pytest.mark.parametrize(
    "text",
    [
        "1,23",
        "1.234,5",
        "12.3.4",
        "(-5)",
        "--5",
        "5%",
        "£5e3",
        "1/2",
        "",
        "()",
        "1,2345",
        "٤٢",
        "0.001",
        "nan",
        "inf",
        "12.3 (est)",
        "5-6",
        "1.00000000000000000000000000000000001",
    ],
)
def test_the_ambiguous_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        parse_money(text)


@pytest.mark.parametrize(
    ("sum_pence", "text"),
    [
        (None, "not known"),
        (0, "£0"),
        (9_999_999, "£99,999.99"),
        (10_000_000, "£100 thousand"),
        (99_900_000, "£999 thousand"),
        (100_000_000, "£1.0 million"),
        (-460_000_000, "a deficit of £4.6 million"),
    ],
)
def test_the_unit_of_a_sum_in_words_fits_its_size(sum_pence: int | None, text: str) -> None:
    assert format_pounds(sum_pence) == text


def test_units_that_contradict_are_refused() -> None:
    for text, unit in (("4.6k", "£m"), ("£4.6", "£m"), ("4.6", "€"), ("4.6bn", "£m")):
        with pytest.raises(MoneyError):
            parse_money(text, unit)
    assert parse_money("£4.6m", "£m") == parse_money("4.6", "£m") == 460_000_000


@given(pence, weights)
def test_a_share_out_sums_to_the_whole_and_no_share_is_a_penny_off(
    total: int, shares: dict[str, int | float | Fraction]
) -> None:
    assume(any(shares.values()))
    parts = apportion(total, shares)
    whole = sum(Fraction(w) for w in shares.values())
    assert sum(parts.values()) == total
    assert list(parts) == list(shares)
    for code, part in parts.items():
        assert abs(part - total * Fraction(shares[code]) / whole) < 1
        assert shares[code] or not part


@given(pence, weights, st.integers(2, 9))
def test_shares_depend_on_proportions_alone(
    total: int, shares: dict[str, int | float | Fraction], factor: int
) -> None:
    assume(any(shares.values()))
    larger = {code: Fraction(weight) * factor for code, weight in shares.items()}
    assert apportion(total, larger) == apportion(total, shares)
    assert apportion(-total, shares) == {c: -p for c, p in apportion(total, shares).items()}


@given(st.integers(0, 10**6), st.lists(st.sampled_from("ABCDEFGH"), min_size=1, unique=True))
def test_odd_pennies_of_equal_weights_fall_to_the_lower_codes(total: int, codes: list[str]) -> None:
    parts = apportion(total, dict.fromkeys(codes, 1))
    assert [parts[c] for c in sorted(codes)] == instalments(total, len(codes))


@given(pence, st.integers(1, 60))
def test_instalments_make_the_sum_and_never_grow(total: int, count: int) -> None:
    parts = instalments(total, count)
    assert sum(parts) == total and len(parts) == count
    sizes = [abs(part) for part in parts]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] - sizes[-1] <= 1


@given(pence, st.integers(1, 60))
def test_what_runs_evenly_has_run_its_share_to_the_nearest_penny(total: int, count: int) -> None:
    parts = evenly(total, count)
    assert sum(parts) == total and len(parts) == count
    for done in range(count + 1):
        assert abs(sum(parts[:done]) - Fraction(total * done, count)) <= Fraction(1, 2)


# -- calendar -------------------------------------------------------------------------------------

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@given(days)
def test_every_day_falls_in_one_year_and_month(day: date) -> None:
    year = year_of(day)
    assert year_start(year) <= day <= year_end(year)
    first = month_start(year, month_of(day))
    assert first == day.replace(day=1)
    assert add_months(first, 1) > day >= first
    half = f"{year}-H{1 if month_of(day) <= 6 else 2}"
    assert year_start(half) <= day <= year_end(half)


@given(days, st.integers(-40, 40))
def test_years_follow_each_other_without_a_gap(day: date, count: int) -> None:
    year = year_of(day)
    assert next_year(next_year(year, count), -count) == year
    assert year_end(year) + timedelta(days=1) == year_start(next_year(year))
    assert parse_year(year) == parse_year(year_label(year)) == parse_year_id(year) == year
    assert parse_year(f"{year[:4]}/{int(year[:4]) + 1}") == year


@given(days)
def test_a_partial_date_is_its_last_day(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    end_of_month = parse_date(f"{day.year}-{day.month:02d}")
    assert end_of_month == add_months(day, 1) - timedelta(days=1)
    assert parse_date(str(day.year)) == date(day.year, 12, 31)
    assert first_full_month(day) in (day, add_months(day, 1)) and first_full_month(day).day == 1


@given(st.text("0123456789/-HQM ", max_size=10))
def test_a_year_month_or_date_is_read_or_refused(text: str) -> None:
    for read in (parse_year, parse_month, parse_date, parse_year_id):
        try:
            found = read(text)
        except CalendarError as refused:
            assert refused.expected
        else:
            if read in (parse_year, parse_year_id):
                assert year_start(str(found)) < year_end(str(found))


def test_years_that_could_be_two_are_refused() -> None:
    for text in (
        "2019",
        "FY20",
        "19/21",
        "2019/21",
        "2019-2021",
        "2019/2",
        "0000/01",
        "9999/00",
        "1066/67",
    ):
        with pytest.raises(CalendarError):
            parse_year(text)


def test_periods_nest_and_cover_the_year() -> None:
    for parts in (("H1", "H2"), ("Q1", "Q2", "Q3", "Q4"), [str(m) for m in range(1, 13)]):
        assert tuple(m for part in parts for m in PERIODS[part]) == PERIODS[""]
    sets = [set(m) for period, m in PERIODS.items() if not period.startswith("YTD")]
    assert all(a <= b or b <= a or a.isdisjoint(b) for a in sets for b in sets)
