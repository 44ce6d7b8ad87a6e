"""Other cases of rules within their dates, drawn by a seed, thirty of each kind, with honest counter-cases.

Each is worked here in plain whole numbers, apart from the program: an overspend repaid, written off and left;
quarters of support and the months that they look at; sections, prices and funds on the first and the last day of
their time; two sums a penny apart in one sentence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from controltotal.core.money import format_pounds, pounds_apart
from controltotal.core.parameters import packaged_parameters
from controltotal.core.result import Result
from controltotal.rules.answer import answer_rules
from controltotal.rules.form import percents_apart, told
from controltotal.rules.reconcile import reconcile
from controltotal.workings.workings import Workings
from tests.strategies import position_of

Row = dict[str, str]
MILLION = 100_000_000
CASES = range(30)


def answered(**tables: list[Row]) -> Result:
    return answer_rules(Workings(position_of(tables)))


def rows_of(result: Result) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(r["organisation"], r["year"], r["rule"]): dict(r) for r in result.tables["rules"]}


def fact(code: str, year: str, name: str, value: object, unit: str = "", **more: str) -> Row:
    row = {"organisation": code, "year": year, "fact": name, "value": str(value), **more}
    return {**row, "unit": unit} if unit else row


def amount(
    code: str, year: str, line: str, pence: int, basis: str = "actual", month: str = ""
) -> Row:
    row = {"organisation": code, "year": year, "line": line, "basis": basis, "unit": "£"}
    if month:
        row["month"] = month
    return {**row, "amount": f"{pence / 100:.2f}"}


# -- repayment -------------------------------------------------------------------------------------


def fold(owed: int, allocations: list[int], surpluses: list[int]) -> list[tuple[int, int, int]]:
    """Repaid, written off and left, year by year: 0.5% of the allocation, two balanced years."""
    left, rows = owed, []
    for index, allocation in enumerate(allocations):
        paid = min(left, (allocation + 100) // 200)
        left -= paid
        gone = left if index == 1 and all(s >= 0 for s in surpluses[:2]) else 0
        left -= gone
        rows.append((paid, gone, left))
    return rows


@pytest.mark.parametrize("seed", CASES)
def test_an_overspend_is_repaid_written_off_or_left_and_never_more(seed: int) -> None:
    chance = random.Random(seed)
    years = ["2024-25", "2025-26", "2026-27", "2027-28"]
    owed = chance.choice([1, 99, 5 * MILLION, 45 * MILLION, chance.randrange(1, 90 * MILLION)])
    allocations = [chance.randrange(100 * MILLION, 5000 * MILLION) for _ in years]
    surpluses = [chance.choice([0, 1, -1, MILLION, -MILLION]) for _ in years]
    kind = chance.choice(["system", "commissioner"])
    sign = chance.choice([1, -1])
    result = answered(
        organisations=[{"code": "S", "name": "Sea", "kind": kind}],
        amounts=[
            amount("S", y, "allocation", a, "plan") for y, a in zip(years, allocations, strict=True)
        ]
        + [amount("S", y, "position", s) for y, s in zip(years, surpluses, strict=True)],
        facts=[fact("S", years[0], "overspend_balance", f"{sign * owed / 100:.2f}", "£")],
    )
    found, total = rows_of(result), 0
    expected = fold(owed, allocations[:2], surpluses)
    for year, (paid, gone, left) in zip(years, expected, strict=False):
        repaid = found["S", year, "overspend_repayment"]
        assert (repaid["status"], repaid["value"]) == ("met", paid)
        assert repaid["consequence_pence"] == -paid
        assert result.value(f"rule/S/{year}/overspend_repayment/left") == left
        off = found["S", year, "overspend_write_off"]
        assert off["value"] == gone
        total += paid + gone
    assert total + expected[-1][2] == owed
    balanced = all(s >= 0 for s in surpluses[:2])
    met = balanced or expected[-1][2] == 0
    assert found["S", "2025-26", "overspend_write_off"]["status"] == ("met" if met else "breached")
    for year in years[2:]:
        assert found["S", year, "overspend_repayment"]["status"] == "indeterminate"
        assert ("S", year, "overspend_write_off") not in found


@pytest.mark.parametrize("asked", [1, 2])
def test_what_is_written_off_is_not_repaid_again(asked: int) -> None:
    """A book that asks one year of balance: 45 less 20 leaves 25, all of it written off; then nothing."""
    result = answered(
        organisations=[{"code": "S", "name": "Sea", "kind": "system"}],
        amounts=[
            amount("S", y, "allocation", 4000 * MILLION, "plan") for y in ("2024-25", "2025-26")
        ]
        + [amount("S", y, "position", 0) for y in ("2024-25", "2025-26")],
        facts=[fact("S", "2024-25", "overspend_balance", 45, "£m")],
        parameters=[
            {
                "name": "repayment_write_off_years",
                "value": str(asked),
                "from": "2024-04-01",
                "authority": "local agreement",
                "mark": "C",
            }
        ],
    )
    repaid = [result.value(f"rule/S/{y}/overspend_repayment") for y in ("2024-25", "2025-26")]
    gone = [result.value(f"rule/S/{y}/overspend_write_off") for y in ("2024-25", "2025-26")]
    assert repaid == ([20 * MILLION, 0] if asked == 1 else [20 * MILLION, 20 * MILLION])
    assert gone == ([25 * MILLION, 0] if asked == 1 else [0, 5 * MILLION])
    assert sum(v or 0 for v in repaid) + (25 if asked == 1 else 5) * MILLION == 45 * MILLION


def test_a_repayment_does_not_wait_for_a_result_that_only_the_write_off_needs() -> None:
    """The position of 2025/26 is not stated: 20 is repaid all the same, and what is left is not told."""
    result = answered(
        organisations=[{"code": "S", "name": "Sea", "kind": "system"}],
        amounts=[
            amount("S", y, "allocation", 4000 * MILLION, "plan") for y in ("2024-25", "2025-26")
        ]
        + [amount("S", "2024-25", "position", 0)],
        facts=[fact("S", "2024-25", "overspend_balance", 45, "£m")],
    )
    assert result.value("rule/S/2025-26/overspend_repayment") == 20 * MILLION
    assert result.value("rule/S/2025-26/overspend_repayment/left") is None
    assert result.value("rule/S/2025-26/overspend_write_off") is None


# -- support ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", CASES)
def test_a_quarter_of_support_looks_at_the_month_before_it(seed: int) -> None:
    """Months 3, 6 and 9 decide the second to the fourth quarter; month 12 and the first quarter, nothing."""
    chance = random.Random(seed)
    year = "2025-26"
    limit = 4 * chance.randrange(1, 90) * MILLION + chance.randrange(4)
    plan = [chance.randrange(-9, 9) * MILLION for _ in range(12)]
    actual = [p + chance.choice([0, 0, 1, -1, MILLION, -MILLION]) for p in plan]
    result = answered(
        organisations=[{"code": "T", "name": "Ash", "kind": "provider"}],
        amounts=[
            amount("T", year, "position", pence, basis, str(month + 1))
            for basis, series in (("plan", plan), ("actual", actual))
            for month, pence in enumerate(series)
        ],
        facts=[fact("T", year, "deficit_support_limit", f"{limit / 100:.2f}", "£")],
    )
    each = [limit // 4 + (1 if q < limit % 4 else 0) for q in range(4)]
    kept = [True] + [sum(actual[:m]) >= sum(plan[:m]) for m in (3, 6, 9)]
    paid = [sum_ if on else 0 for sum_, on in zip(each, kept, strict=True)]
    got = [result.value(f"rule/T/{year}/deficit_support/Q{q}") for q in range(1, 5)]
    assert got == paid
    row = rows_of(result)["T", year, "deficit_support"]
    assert (row["value"], row["status"]) == (sum(paid), "met" if all(kept) else "breached")
    assert row["consequence_pence"] == sum(paid) - limit


@pytest.mark.parametrize("year", ["2023-24", "2024-25", "2025-26", "2026-27"])
def test_quarters_bind_in_2025_26_alone(year: str) -> None:
    rows = rows_of(
        answered(
            organisations=[{"code": "T", "name": "Ash", "kind": "provider"}],
            amounts=[amount("T", year, "position", 0)],
            facts=[fact("T", year, "deficit_support_limit", 40, "£m")]
            + [fact("T", year, "on_plan", 0, month=f"Q{q}") for q in range(1, 5)],
        )
    )
    found = rows.get(("T", year, "deficit_support"))
    assert (found is not None) is (year == "2025-26")
    assert found is None or found["value"] == 10 * MILLION  # the first quarter has no test


@pytest.mark.parametrize(
    ("by_quarter", "by_month", "paid"),
    [("0", None, 0), (None, "0", 0), ("1", "1", 10), ("1", "0", None), ("0", "1", None)],
)
def test_a_review_said_in_two_ways_must_agree(
    by_quarter: str | None, by_month: str | None, paid: int | None
) -> None:
    facts = [fact("T", "2025-26", "deficit_support_limit", 40, "£m")]
    if by_quarter is not None:
        facts.append(fact("T", "2025-26", "on_plan", by_quarter, month="Q4"))
    if by_month is not None:
        facts.append(fact("T", "2025-26", "on_plan", by_month, month="9"))
    result = answered(
        organisations=[{"code": "T", "name": "Ash", "kind": "provider"}],
        amounts=[amount("T", "2025-26", "position", 0)],
        facts=facts,
    )
    found = result.value("rule/T/2025-26/deficit_support/Q4")
    assert found == (None if paid is None else paid * MILLION)


# -- days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", CASES)
def test_a_section_binds_whoever_stood_on_the_first_of_july_2022(seed: int) -> None:
    chance = random.Random(seed)
    ended = date(2022, 6, 30) + timedelta(chance.choice([-60, -1, 0, 1, 2, 60, 270]))
    rows = rows_of(
        answered(
            organisations=[
                {
                    "code": "C",
                    "name": "Cam",
                    "kind": "commissioner",
                    "from": "2013-04-01",
                    "to": ended.isoformat(),
                }
            ],
            amounts=[amount("C", "2022-23", "position", -MILLION)],
        )
    )
    assert (("C", "2022-23", "section_223GC") in rows) is (ended >= date(2022, 7, 1))


PRICED = [f"{y}-{(y + 1) % 100:02d}" for y in range(2013, 2027)]


@pytest.mark.parametrize("year", PRICED)
def test_a_price_is_modified_from_2014_15_to_2022_23(year: str) -> None:
    """A taper of 20 begun in 2019/20 runs 20, 15, 10, 5 and is cut off with the tariff."""
    facts = [
        fact("T", year, "lpm_agreed", 20, "£m"),
        fact("T", year, "lpm_first_year", 20, "£m"),
        fact("T", year, "lpm_by_application", 0),
        fact("T", year, "efficient_unit_cost", 2, "£", group="births"),
        fact("T", year, "deficit_share_before", "0.2"),
    ]
    rows = rows_of(
        answered(
            organisations=[{"code": "T", "name": "Ash", "kind": "provider"}],
            amounts=[amount("T", year, "position", 0)],
            facts=facts,
        )
    )
    found = {name for _, _, name in rows if name.startswith("lpm")}
    every = {"lpm", "lpm_zero_sum", "lpm_tests", "lpm_taper", "lpm_implied_turnover"}
    assert found == (every if "2014-15" <= year <= "2022-23" else set())


def test_a_taper_stops_with_the_tariff() -> None:
    result = answered(
        organisations=[{"code": "T", "name": "Ash", "kind": "provider"}],
        amounts=[amount("T", y, "position", 0) for y in ("2021-22", "2022-23", "2023-24")],
        facts=[fact("T", "2021-22", "lpm_first_year", 20, "£m")],
    )
    parts = {
        row["part"]: row["value"]
        for row in result.tables["rule_parts"]
        if row["rule"] == "lpm_taper" and row["year"] == "2021-22"
    }
    assert parts == {"2021-22": 20 * MILLION, "2022-23": 15 * MILLION}
    assert result.value("rule/T/2022-23/lpm_taper") == 15 * MILLION
    assert result.figure("rule/T/2023-24/lpm_taper") is None
    assert "from 2023/24 no price is modified" in result.trace["rule/T/2021-22/lpm_taper"].rule


@pytest.mark.parametrize("year", ["2018-19", "2019-20", "2020-21"])
def test_a_region_had_a_total_in_2019_20_alone(year: str) -> None:
    rows = rows_of(
        answered(
            organisations=[
                {"code": "R", "name": "Ridge", "kind": "region"},
                {"code": "S", "name": "Sea", "kind": "system", "parent": "R"},
            ],
            amounts=[amount("S", year, "position", 0)],
            control_totals=[
                {
                    "organisation": "R",
                    "year": year,
                    "amount": "0",
                    "unit": "£",
                    "status": "accepted",
                }
            ],
        )
    )
    assert (("R", year, "regional_control_total") in rows) is (year == "2019-20")


@pytest.mark.parametrize("year", ["2015-16", "2016-17", "2019-20", "2020-21", "2024-25"])
def test_a_fund_is_of_2016_17_to_2019_20(year: str) -> None:
    rows = rows_of(
        answered(
            organisations=[{"code": "T", "name": "Ash", "kind": "provider"}],
            amounts=[amount("T", year, "position", 0)],
            facts=[fact("T", year, "fund_offer", 10, "£m")],
        )
    )
    bound = "2016-17" <= year <= "2019-20"
    assert (("T", year, "fund_core") in rows) is bound
    assert (("T", year, "fund_caught_up") in rows) is bound


@pytest.mark.parametrize("day", ["2018-02-27", "2018-02-28"])
def test_a_rule_is_not_used_before_it_was_written(day: str) -> None:
    """The improvement of 1% asked of overspenders is known from 28 February 2018."""
    source = position_of(
        {
            "organisations": [{"code": "C", "name": "Cam", "kind": "commissioner"}],
            "amounts": [
                {**amount("C", y, line, pence, "plan"), "known_on": "2018-01-01"}
                for y, line, pence in (
                    ("2017-18", "position", -9 * MILLION),
                    ("2018-19", "position", -5 * MILLION),
                    ("2018-19", "allocation", 400 * MILLION),
                )
            ],
        },
        day,
    )
    row = rows_of(answer_rules(Workings(source)))["C", "2018-19", "commissioner_improvement"]
    assert row["status"] == ("met" if day == "2018-02-28" else "indeterminate")
    held = source.parameters.values["commissioner_improvement_share"]
    assert bool(held) is (day == "2018-02-28")  # in every room, not only where rules are


def test_no_value_is_known_before_its_source_nor_used_after_its_end() -> None:
    for name, values in packaged_parameters().values.items():
        for value in values:
            known = value.known_on
            assert known is not None
            before = packaged_parameters().known_then(known - timedelta(1)).values[name]
            assert value not in before, name
            assert value in packaged_parameters().known_then(known).values[name], name


# -- words -----------------------------------------------------------------------------------------


def sums() -> Iterator[tuple[int, int]]:
    chance = random.Random(12)
    for size in (1, 99, 12_345, 10_000_000, 99_949_999, 99_950_000, MILLION, 20_511_100_000_000):
        for apart in (0, 1, 100, 4_999_999, 5_000_001):
            yield size, size + apart
            yield -size, -size - apart
    for _ in CASES:
        size = chance.randrange(1, 10**13)
        yield size, size + chance.choice([1, 10**3, 10**6])


@pytest.mark.parametrize(("one", "other"), list(sums()))
def test_different_sums_print_differently_and_equal_ones_alike(one: int, other: int) -> None:
    shown = pounds_apart(one, other)
    assert (shown[0] == shown[1]) is (one == other)
    plain = format_pounds(one), format_pounds(other)
    if one == other or plain[0] != plain[1]:
        assert shown == plain  # no more digits than are needed
    sentence = told("{a} against {b}", a=one, b=other)
    assert sentence == f"{shown[0]} against {shown[1]}"


def test_a_third_sum_gets_the_digits_that_the_first_two_need() -> None:
    assert told("{a} is {b} of {c}", a=MILLION, b=MILLION + 1_000_000, c=7 * MILLION) == (
        "£1.00 million is £1.01 million of £7.00 million"
    )
    assert told("{a} and {b}", a=None, b=0) == "not known and nil"
    assert percents_apart(1, 1) == ("100%", "100%")


LIKE = re.compile(
    r"a deficit of £[\d.,]+(?: (?:million|thousand))?|£[\d.,]+(?: (?:million|thousand))?"
)


@pytest.mark.parametrize("seed", CASES)
def test_a_breach_by_a_penny_can_be_read_off_its_sentence(seed: int) -> None:
    """Limits, set-asides, control totals and funds missed by a penny: no sentence says the same sum twice."""
    chance = random.Random(seed)
    size = chance.randrange(2, 300) * 10 * MILLION
    year = "2018-19"
    own = {"organisation": "C", "year": year, "unit": "£", "status": "accepted"}
    result = answered(
        organisations=[
            {"code": "C", "name": "Cam", "kind": "commissioner", "population": "1000"},
            {"code": "T", "name": "Ash", "kind": "provider"},
            {"code": "ENG", "name": "England", "kind": "nation"},
        ],
        amounts=[
            amount("C", year, "allocation", 200 * size, "plan"),
            amount("C", year, "position", -size - 1),
            amount("C", "2017-18", "position", -3 * size),
        ],
        control_totals=[{**own, "amount": f"{-size / 100:.2f}"}],
        facts=[
            fact("C", year, "set_aside_contingency", f"{(size - 1) / 100:.2f}", "£"),
            fact("C", year, "surplus_drawdown", f"{(size + 1) / 100:.2f}", "£"),
            fact("C", year, "surplus_drawdown_approved", f"{size / 100:.2f}", "£"),
            fact("C", year, "gap_closed", f"{(size - 1) / 100:.2f}", "£", group="cuts"),
            fact("C", year, "gap_to_close", f"{size / 100:.2f}", "£"),
            fact("T", year, "turnover", f"{50 * size / 100:.2f}", "£"),
            fact("T", year, "savings_planned", f"{(size - 1) / 100:.2f}", "£"),
        ],
    )
    seen = 0
    for row in result.tables["rules"]:
        if row["status"] != "breached" or row["consequence_pence"] not in (-1, 1):
            continue
        seen += 1
        name = f"rule/{row['organisation']}/{row['year']}/{row['rule']}"
        for sentence in result.trace[name].rule.split("\n"):
            found = LIKE.findall(sentence)
            assert len(found) == len(set(found)) or "x" in sentence, (name, sentence)
    assert seen >= 5


@pytest.mark.parametrize("seed", CASES)
def test_a_control_total_is_held_against_one_per_cent_where_nothing_was_carried(seed: int) -> None:
    chance = random.Random(seed)
    allocation = chance.randrange(100, 900) * MILLION
    right = allocation // 100
    carried = chance.choice([None, 0, right, -MILLION])
    stated = chance.choice([right, right + 1, 0, right - MILLION])
    facts = (
        [] if carried is None else [fact("C", "2015-16", "opening_balance", carried // 100, "£")]
    )
    own = {"organisation": "C", "year": "2015-16", "unit": "£", "status": "accepted"}
    position = position_of(
        {
            "organisations": [{"code": "C", "name": "Cam", "kind": "commissioner"}],
            "amounts": [amount("C", "2015-16", "allocation", allocation, "plan")],
            "control_totals": [{**own, "amount": f"{stated / 100:.2f}"}],
            "facts": facts,
        }
    )
    found = list(reconcile(Workings(position)))
    assert bool(found) is (not carried and stated != right)
    for finding in found:
        assert finding.expected != finding.found
