"""Laws of cells: every written form of a thing says that thing, and what could be two is refused.

`parse(format(x)) = x` for every form that is read, in every unit, sign and form of book; equal texts
have equal meaning in all rows; and equal faults are one finding with every place.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.core.calendar import (
    MONTH_NAMES,
    CalendarError,
    dated_month,
    month_start,
    parse_date,
    parse_month,
    parse_year,
    year_end,
    year_start,
)
from controltotal.core.finding import Finding, Place, gathered, grouped
from controltotal.core.money import (
    PENCE_PER,
    MoneyError,
    canonical_unit,
    exact_text,
    parse_money,
)
from controltotal.core.schema import tables
from controltotal.core.vocabulary import meant
from tests.small_books import book
from tests.strategies import YEAR, amount, position_of

UNITS = {
    "£": ("£", "GBP", "gbp", "Pounds", ""),
    "£k": (
        "£k",
        "£K",
        "£ k",
        "k",
        "£000",
        "£'000",
        "£000s",
        "000s",
        "£,000",
        "GBP 000",
        "thousands",
    ),
    "£m": ("£m", "£M", "m", "£ million", "£mn", "GBPm", "Millions"),
    "£bn": ("£bn", "£Bn", "bn", "£ billion", "BN"),
}
OWN = {"£": ("",), "£k": ("k", "K", " thousand"), "£m": ("m", "M", " million"), "£bn": ("bn", "Bn")}
BELOW: tuple[Callable[[str], str], ...] = (
    lambda n: f"({n})",
    lambda n: f"-{n}",
    lambda n: f"{n}-",
    lambda n: f"\u2212{n}",
    lambda n: f"\u2013{n}",
    lambda n: f" ( {n} ) ",
)
GROUPS = (",", "", " ", "\u00a0", "\u2009", "\u202f")


def in_groups(text: str, mark: str) -> str:
    whole, point, part = text.partition(".")
    return f"{int(whole):,}".replace(",", mark) + point + part


@given(
    st.integers(0, 10**12),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(GROUPS),
    st.sampled_from((None, *range(len(BELOW)))),
)
def test_a_sum_is_one_number_however_it_is_written(
    pence: int, unit: str, mark: str, below: int | None
) -> None:
    written = in_groups(exact_text(pence, unit), mark)
    text = written if below is None else BELOW[below](written)
    assert parse_money(text, unit) == (pence if below is None else -pence)
    for own in OWN[unit]:
        for pound in ("", "£", "GBP "):
            shown = f"{pound}{written}{own}"
            if unit != "£" or pound:
                assert parse_money(shown if below is None else f"({shown})") == (
                    pence if below is None else -pence
                )


@pytest.mark.parametrize("unit", UNITS)
def test_every_way_of_writing_a_unit(unit: str) -> None:
    for text in UNITS[unit]:
        assert canonical_unit(text) == (unit if text else "")
        rows = [{**amount("T1", "position", 0), "amount": "1.5", "unit": text}] if text else []
        for row in position_of(book(*rows)).book.amounts:
            assert row.amount == PENCE_PER[unit] * 3 // 2


@pytest.mark.parametrize("text", ["€", "£q", "p", "k£k", "££", "people", "kg", "m2", "£tn", "$m"])
def test_what_is_no_unit(text: str) -> None:
    assert canonical_unit(text) == ""


@pytest.mark.parametrize("text", ["-", "\u2013", "\u2212", "\u2014", "£-", " £ - ", "- "])
def test_a_dash_alone_is_nil(text: str) -> None:
    assert parse_money(text, "£k") == 0


@pytest.mark.parametrize(
    "text",
    [
        "400.000,00",
        "n/a",
        "N/A",
        "TBC",
        "nil",
        "1E10",
        "1.234E+03",
        "(-5)",
        "-(5)",
        "--5",
        "5--",
        "££5",
        "£5£",
        "1,23",
        "1.2.3",
        "5km",
        "5mk",
        "1k2",
        "1,000CRDR",
        "CR",
        "5%%",
        "()",
        "(£)",
        "£",
        "k",
        "m",
        "5pounds",
        "∞",
        "٤٢",
        "1/2",
        "5:00",
        "''",
        "12,34,567",
        "1,,000",
        ".",
    ],
)
def test_what_could_be_two_numbers_or_none_is_refused(text: str) -> None:
    for unit in ("£", "£k"):
        with pytest.raises(MoneyError) as refused:
            parse_money(text, unit)
        assert refused.value.expected


def test_a_sum_names_its_unit_once_or_in_the_same_words() -> None:
    assert parse_money("4.6M", "£m") == parse_money("4.6", "£m")
    for text, unit in (("5k", "£m"), ("£5m", "£k"), ("£5", "£m"), ("£400,000", "£k")):
        with pytest.raises(MoneyError):
            parse_money(text, unit)
    beside = {**amount("T1", "position", 0), "amount": "£1.2m", "unit": "£"}
    assert [f.code for f in position_of(book(beside)).findings] == ["AMBIGUOUS_NUMBER"]
    alone = {**amount("T1", "position", 0), "amount": "£1.2m"}
    assert position_of(book(alone)).book.amounts[0].amount == 120_000_000


@pytest.mark.parametrize("text", ["9" * 5000, "-" * 5000, "1" + ",000" * 400, "9" * 16 + "bn"])
def test_a_huge_number_is_refused_in_one_line(text: str) -> None:
    position = position_of(book({**amount("T1", "position", 0), "amount": text}))
    (finding,) = position.findings
    assert (finding.code, len(position.stopped)) == ("AMBIGUOUS_NUMBER", 1)
    assert len(finding.message) < 300


@given(st.dates(date(1970, 4, 1), date(2069, 3, 31)))
def test_a_day_is_one_day_however_it_is_written(day: date) -> None:
    month = day.strftime("%b")
    for text in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        day.strftime("%d/%m/%Y"),
        day.strftime("%d-%m-%Y"),
        day.strftime("%d.%m.%Y"),
        f"{day.day} {month} {day.year}",
        f"{day.day}-{month}-{day.year % 100:02d}",
        f"{day.day}th {day.strftime('%B')} {day.year}",
        f"{day.isoformat()} 14:30:00",
    ):
        assert parse_date(text) == day, text


@pytest.mark.parametrize(
    "text",
    ["03/27/2026", "31/04/2026", "27/03/26", "46108", "20260327", "27/03-2026", "Spring 2026"],
)
def test_a_day_that_could_be_another_or_none_is_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        parse_date(text)


@given(st.integers(1970, 2068))
def test_a_year_is_one_year_however_it_is_written(first: int) -> None:
    short, last = f"{first % 100:02d}", f"{(first + 1) % 100:02d}"
    for text in (
        f"{first}/{last}",
        f"{first}-{last}",
        f"{first}\u2013{last}",
        f"{first}/{first + 1}",
        f"{short}/{last}",
        f"FY{short}/{last}",
        f"fy {first}-{last}",
        f" {first} / {last} ",
    ):
        assert parse_year(text) == f"{first}-{last}"
    for text in (f"FY{last}", f"FY{first}", str(first), f"{first}/{short}", f"{first}-11-01"):
        with pytest.raises(CalendarError):
            parse_year(text)


@given(st.integers(1, 12), st.integers(2000, 2050))
def test_a_month_is_one_month_however_it_is_written(month: int, first: int) -> None:
    year = f"{first}-{(first + 1) % 100:02d}"
    name, calendar = MONTH_NAMES[month - 1], month_start(year, month).year
    for text in (str(month), f"{month:02d}", f"M{month}", f"m{month:02d}", f"{month}.0", name):
        assert dated_month(text) == (str(month), "")
    for text in (
        f"{name[:3]}-{calendar % 100:02d}",
        f"{name} {calendar}",
        f"{name[:3].upper()} {calendar}",
        month_start(year, month).isoformat(),
        month_start(year, month).strftime("%d/%m/%Y"),
    ):
        assert dated_month(text) == (str(month), year), text
    to_date = "1" if month == 1 else f"YTD{month}"
    for text in (f"YTD{month}", f"YTD M{month:02d}", f"M{month} YTD", f"{name} YTD"):
        assert parse_month(text) == to_date


@pytest.mark.parametrize(
    "text", ["13", "0", "P02", "Period 3", "YTD", "Q5", "H3", "4.5", "2026", "-1"]
)
def test_a_period_that_could_be_another_or_none_is_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        parse_month(text)


@given(st.integers(1, 12), st.integers(-1, 1))
def test_a_month_of_another_year_than_its_row_stops_it(month: int, years: int) -> None:
    start = month_start(YEAR, month)
    text = f"{MONTH_NAMES[month - 1][:3]}-{(start.year + years) % 100:02d}"
    position = position_of(book(amount("T1", "position", 5, month=text)))
    right = year_start(YEAR) <= start.replace(year=start.year + years) <= year_end(YEAR)
    assert right == (years == 0)
    assert [f.code for f in position.findings] == ([] if right else ["UNKNOWN_MONTH"])


def spellings(word: str) -> list[str]:
    apart = word.replace("_", " ")
    return [
        word.upper(),
        apart,
        apart.capitalize(),
        apart.replace(" ", "-"),
        apart.title(),
        apart * 1,
    ]


def test_every_word_of_every_vocabulary_is_read_in_all_its_spellings() -> None:
    for table in tables().values():
        for column in table.columns.values():
            if column.type != "vocabulary":
                continue
            words = [meant(word, column.vocabulary) for word in column.vocabulary]
            assert words == list(column.vocabulary), "no two words are one when folded"
            for word in column.vocabulary:
                assert {meant(s, column.vocabulary, column.name) for s in spellings(word)} == {word}


def pointed(decimals: bool, seed: int) -> list[dict[str, str]]:
    """A column where one body writes commas and another points, as thousands or as decimals."""
    draw = random.Random(seed)
    size = draw.randint(100, 900)
    commas = [f"{draw.randint(100, 900)},{draw.randint(0, 999):03d}" for _ in range(4)]
    points = [f"{size}.{draw.randint(0, 999):03d}" for _ in range(3)]
    if decimals:
        points.append(f"{size}.5")
    texts = [("T1", text) for text in commas] + [("T2", text) for text in points]
    return [
        {**amount(body, "position", 0, scenario=str(n)), "amount": text, "unit": "£k"}
        for n, (body, text) in enumerate(texts)
    ]


@pytest.mark.parametrize("seed", range(30))
def test_points_for_thousands_stop_and_honest_decimals_pass(seed: int) -> None:
    tree = [{"code": c, "name": c, "kind": "provider"} for c in ("T1", "T2")]
    thousands = position_of(book(*pointed(False, seed), tree=tree))
    assert [f.code for f in thousands.findings] == ["AMBIGUOUS_NUMBER"]
    assert {row.texts["organisation"] for row in thousands.stopped} == {"T2"}
    alone = [row for row in pointed(False, seed) if row["organisation"] == "T2"]
    for said in (pointed(True, seed), alone):
        assert position_of(book(*said, tree=tree)).findings == ()


@given(st.lists(st.sampled_from(("a", "b", "c")), min_size=1, max_size=300))
def test_equal_faults_are_one_finding_with_every_place(texts: list[str]) -> None:
    faults = [
        Finding(
            code="UNKNOWN_WORD",
            severity="error",
            organisation=f"T{n % 3}",
            where=f"amounts row {n}",
            message=f"basis reads {text!r}; expected plan.",
            expected="plan",
            found=text,
            action="Write plan.",
            at=(Place("amounts", n, "basis", n),),
        )
        for n, text in enumerate(texts, start=2)
    ]
    (one,) = grouped(faults)
    assert [place.row for place in one.places] == list(range(2, len(texts) + 2))
    assert len(one.place) < 150 and len(one.message) < 200
    if len(texts) > 10:
        assert one.place.endswith(f"and {len(texts) - 10} more")
    alike = [replace(fault, at=(), found="x") for fault in faults]
    told = gathered(alike)
    assert len(told) == (1 if len(texts) > 10 else len(texts))
    assert [p.row for f in told for p in f.places] == [p.row for p in one.places]
    assert len(grouped(faults, each_text=True)) == len(set(texts))
    assert sum(len(f.places) for f in grouped(faults, each_text=True)) == len(texts)
