"""Thirty books of each kind of contradiction, and honest ones beside them that pass unhindered.

What is right is worked out from how the book was made, never by the program.
"""

from __future__ import annotations

import random
from itertools import accumulate

import pytest

from tests.doubt_books import (
    ACTUAL,
    CASES,
    MONTHS,
    PLAN,
    K,
    book,
    drawn,
    passes,
    row,
    said,
    stopped,
)
from tests.strategies import YEAR, Book, Cells, position_of

# -- signs -----------------------------------------------------------------------------------------


def statement(draw: random.Random) -> dict[str, int]:
    """Income and costs of a body in £k; the costs come to about the income."""
    size = draw.choice((30_000, 120_000, 700_000))
    lines = ["pay", "non_pay", "drugs", "depreciation", "finance_costs"]
    costs = {
        line: draw.randint(size // 40, size // 4) for line in draw.sample(lines, draw.randint(2, 5))
    }
    income = sum(costs.values()) + draw.randint(-size // 50, size // 50)
    return {"patient_care_income": income * 9 // 10, "other_income": income // 10, **costs}


def spread(draw: random.Random, value: int) -> list[tuple[int, int]]:
    """A year's sum as one row (month 0) or twelve."""
    if draw.random() < 0.5:
        return [(0, value)]
    return [(month, value // 12) for month in MONTHS]


@pytest.mark.parametrize("case", CASES)
def test_every_cost_in_brackets_is_told(case: int) -> None:
    draw = drawn(case, "brackets")
    rows = []
    for line, value in statement(draw).items():
        cost = not line.endswith("income")
        for month, part in spread(draw, value):
            rows.append(row("T1", line, f"({part})" if cost else part, month=month))
    told = stopped(book(*rows), "SIGNS_TURNED", PLAN)
    assert "costs_negative" in told.action


@pytest.mark.parametrize("case", CASES)
def test_income_with_ledger_signs_is_told(case: int) -> None:
    draw = drawn(case, "ledger")
    rows = []
    for line, value in statement(draw).items():
        sign = -1 if line.endswith("income") else 1
        rows += [row("T1", line, sign * part, month=month) for month, part in spread(draw, value)]
    told = stopped(book(*rows), "SIGNS_TURNED", PLAN)
    assert "ledger" in told.action


@pytest.mark.parametrize("case", CASES)
def test_one_credit_among_costs_passes(case: int) -> None:
    """A stated position confirms what the lines make: the credit is meant."""
    draw = drawn(case, "credit")
    lines = statement(draw)
    credit = draw.choice([line for line in lines if not line.endswith("income")])
    lines[credit] = -draw.randint(1, lines[credit])
    surplus = sum(v if k.endswith("income") else -v for k, v in lines.items())
    lines["patient_care_income"] -= surplus  # the body breaks even, with its credit
    rows = [row("T1", line, value) for line, value in lines.items()]
    rows.append(row("T1", "position", 0))
    passes(book(*rows), PLAN, 0)
    assert "SIGN_UNEXPECTED" not in {one.code for one in position_of(book(*rows)).findings}


# -- totals beside parts -----------------------------------------------------------------------------

LABEL = {"counterparty": ("T2", "T3", "C9"), "recurrence": ("recurrent", "non_recurrent")}


def split(draw: random.Random, label: str) -> list[tuple[str, int]]:
    words = LABEL[label]
    count = draw.randint(2, len(words))
    return [(word, draw.randint(2_000, 90_000)) for word in words[:count]]


@pytest.mark.parametrize("case", CASES)
def test_a_total_beside_its_parts_is_told(case: int) -> None:
    draw = drawn(case, "beside")
    label = draw.choice(sorted(LABEL))
    line = draw.choice(("pay", "patient_care_income", "drugs"))
    other = "pay" if line == "patient_care_income" else "patient_care_income"
    months = draw.choice(([0], list(MONTHS), [1, 2, 3, 4, 5, 6]))
    basis = "plan" if len(months) != 6 else "actual"
    rows, size = [], 0
    for month in months:
        parts = split(draw, label)
        size += sum(value for _, value in parts)
        rows += [row("T1", line, value, basis, month=month, **{label: w}) for w, value in parts]
        rows.append(row("T1", line, sum(value for _, value in parts), basis, month=month))
        rows.append(row("T1", other, sum(value for _, value in parts), basis, month=month))
    draw.shuffle(rows)
    told = stopped(book(*rows), "TOTAL_BESIDE_PARTS", f"surplus/T1/{YEAR}/{basis}")
    assert f"without {label}" in told.message


@pytest.mark.parametrize("case", CASES)
def test_a_row_that_is_no_total_of_the_others_passes(case: int) -> None:
    """A second counterparty may come to as much as the first; a row without one is others'."""
    draw = drawn(case, "others")
    one = draw.randint(2_000, 9_000)
    others = draw.choice((one, 2 * one + draw.randint(3, 900), one // 2))
    rows = [
        row("T1", "patient_care_income", one, counterparty="T2"),
        row("T1", "patient_care_income", one, counterparty="T3"),
        row("T1", "patient_care_income", others),
        row("T1", "pay", 2 * one + others),
    ]
    passes(book(*rows), PLAN, 0)


@pytest.mark.parametrize("case", CASES)
def test_a_line_that_adds_up_the_others_is_told(case: int) -> None:
    draw = drawn(case, "own line")
    lines = statement(draw)
    kind = draw.choice(("income", "cost"))
    some = [line for line in lines if line.endswith("income") == (kind == "income")]
    name = draw.choice(("total_lines", "all_of_it", "turnover"))
    whole = sum(lines[line] for line in some)
    rows = [row("T1", line, value) for line, value in lines.items()]
    rows.insert(draw.randrange(len(rows)), row("T1", name, whole))
    own: list[Cells] = [{"line": name, "name": name.replace("_", " "), "kind": kind}]
    told = stopped(book(*rows, lines=own), "TOTAL_BESIDE_PARTS", PLAN)
    assert name in told.message


@pytest.mark.parametrize("case", CASES)
def test_a_line_of_the_books_own_that_differs_is_a_line_like_others(case: int) -> None:
    draw = drawn(case, "own plain")
    lines = statement(draw)
    costs = sum(value for line, value in lines.items() if not line.endswith("income"))
    extra = draw.choice((costs + draw.randint(5, 999), costs // 3, draw.randint(1, 99)))
    lines["patient_care_income"] = costs + extra - lines["other_income"]
    rows = [row("T1", line, value) for line, value in {**lines, "hosted": extra}.items()]
    own: list[Cells] = [{"line": "hosted", "name": "Hosted services", "kind": "cost"}]
    passes(book(*rows, lines=own), PLAN, 0)


GROUPS = {
    "pay": ("substantive_pay", "bank_pay", "agency_pay"),
    "non_pay": ("clinical_supplies", "premises"),
    "purchase_of_healthcare": ("acute", "community", "continuing_care", "prescribing"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_group_stated_whole_and_by_parts_is_told(case: int) -> None:
    """One of the two alone passes, and so does a line to which the book gives another group."""
    draw = drawn(case, "group")
    head = draw.choice(sorted(GROUPS))
    parts = draw.sample(GROUPS[head], draw.randint(1, len(GROUPS[head])))
    values = {part: draw.randint(100, 9_000) for part in parts}
    whole = draw.choice((sum(values.values()), sum(values.values()) + draw.randint(1, 9_000)))
    income = row("T1", "patient_care_income", whole)
    both = [income, row("T1", head, whole), *(row("T1", part, v) for part, v in values.items())]
    told = stopped(book(*both), "TOTAL_BESIDE_PARTS", PLAN)
    assert head in told.message and parts[0] in told.message
    passes(book(*both[:2]), PLAN, 0)
    passes(book(row("T1", "allocation", sum(values.values())), *both[2:]), PLAN, 0)
    own: list[Cells] = [
        {"line": part, "name": part, "kind": "cost", "group": "hosted"} for part in parts
    ]
    extra = row("T1", "other_income", sum(values.values()) + 7)
    passes(book(*both, extra, row("T1", "drugs", 7), lines=own), PLAN, 0)


# -- months ------------------------------------------------------------------------------------------


def profile(draw: random.Random) -> list[int]:
    """Twelve months of a deficit in £k, even or seasonal, each of its own."""
    each = draw.choice((300, 1_500, 9_000))
    winter = draw.choice((1.0, 1.0, 1.6))
    return [
        -round(each * (winter if month >= 9 else 1.0) * draw.uniform(0.9, 1.1)) for month in MONTHS
    ]


@pytest.mark.parametrize("case", CASES)
def test_running_sums_beside_a_plan_or_a_year_are_told(case: int) -> None:
    draw = drawn(case, "running")
    plan = profile(draw)
    upto = draw.randint(3, 12)
    drift = draw.uniform(0.85, 1.3)
    running = list(accumulate(round(value * drift) for value in plan[:upto]))
    rows = [row("T1", "position", v, "actual", month=m) for m, v in enumerate(running, 1)]
    by_year = upto == 12 and draw.random() < 0.5
    if by_year:
        rows.append(row("T1", "position", running[-1], "actual"))
    else:
        rows += [row("T1", "position", value, month=m) for m, value in enumerate(plan, 1)]
    told = stopped(book(*rows), "CUMULATIVE_MONTHS", ACTUAL)
    assert "months with the value cumulative" in told.action


@pytest.mark.parametrize("case", CASES)
def test_months_of_their_own_pass(case: int) -> None:
    """Seasonal, growing worse, and better than planned: none is a running sum."""
    draw = drawn(case, "single")
    plan = profile(draw)
    upto = draw.randint(3, 12)
    worse = draw.choice((0.0, 0.03, -0.02))
    actual = [
        round(v * (1 + worse * m) * draw.uniform(0.9, 1.2)) for m, v in enumerate(plan[:upto])
    ]
    rows = [row("T1", "position", value, month=m) for m, value in enumerate(plan, 1)]
    rows += [row("T1", "position", v, "actual", month=m) for m, v in enumerate(actual, 1)]
    passes(book(*rows), ACTUAL, sum(actual) * K)


@pytest.mark.parametrize("case", CASES)
def test_a_steady_climb_alone_only_warns_and_a_scheme_that_ramps_up_is_not_told(case: int) -> None:
    draw = drawn(case, "climb")
    each, upto = draw.randint(200, 4_000), draw.randint(6, 12)
    climb = [round(each * m * draw.uniform(0.97, 1.03)) for m in range(1, upto + 1)]
    rows = [row("T1", "position", -v, "actual", month=m) for m, v in enumerate(climb, 1)]
    position = position_of(book(*rows))
    assert [one.code for one in said(position)] == ["LOOKS_CUMULATIVE"]
    assert position.stopped == ()
    scheme: Cells = {
        "id": "A1",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "start": "2026-04-01",
        "full_year_effect": str(each * 200),
    }
    savings = [row("T1", "pay", v, month=m, scheme="A1") for m, v in enumerate(climb, 1)]
    passes(book(*savings, row("T1", "position", 0), schemes=[scheme]), PLAN, 0)


@pytest.mark.parametrize("case", CASES)
def test_a_year_to_date_that_names_no_month_is_asked_about(case: int) -> None:
    draw = drawn(case, "year")
    plan, actual = -draw.randint(1_000, 90_000), -draw.randint(1_000, 90_000)
    rows = [row("T1", "position", plan), row("T1", "position", actual, "actual")]
    rows.append(row("T1", "position", round(actual * 4 / 3), "forecast"))
    months = draw.randint(1, 11) if draw.random() < 0.5 else 0
    day = "2027-05-20" if months else f"2026-{draw.randint(4, 12):02}-20"
    total = {"organisation": "T1", "year": YEAR, "status": "accepted", "set_by": "NHSE"}
    control: list[Cells] = [{**total, "amount": str(plan), "set_on": day}]
    rows += [row("T1", "cash", 1, "actual", month=m) for m in range(1, months + 1)]
    told = stopped(book(*rows, control_totals=control), "YEAR_NOT_OVER", ACTUAL)
    assert (f"YTD{months}" if months else "YTD9") in told.action


@pytest.mark.parametrize("case", CASES)
def test_a_year_that_is_over_passes(case: int) -> None:
    draw = drawn(case, "over")
    actual = -draw.randint(1_000, 90_000)
    rows = [row("T1", "position", actual, "actual"), row("T1", "position", actual + 5, "forecast")]
    total = {"organisation": "T1", "year": YEAR, "status": "accepted", "set_by": "NHSE"}
    day = f"2027-{draw.randint(4, 9):02}-01"
    if draw.random() < 0.5:  # or the actual itself became known after the year
        rows[0] = {**rows[0], "known_on": day}
        day = "2026-03-20"
    control: list[Cells] = [{**total, "amount": str(actual), "set_on": day}]
    passes(book(*rows, control_totals=control), ACTUAL, actual * K)


@pytest.mark.parametrize("case", CASES)
def test_the_missing_months_are_named(case: int) -> None:
    draw = drawn(case, "missing")
    lost = draw.randint(1, 10)
    rows = [
        row("T1", "position", -draw.randint(100, 120), "actual", month=m)
        for m in range(1, 12)
        if m != lost
    ]
    (told,) = said(position_of(book(*rows)))
    assert told.code == "MONTHS_INCOMPLETE"
    assert f"month {lost} (" in told.message and "is missing" in told.message


# -- control totals ------------------------------------------------------------------------------------


def control_book(plan: int, control: int, by_lines: bool) -> Book:
    rows = [row("T1", "position", plan)]
    if by_lines:
        rows = [row("T1", "patient_care_income", 90_000), row("T1", "pay", 90_000 - plan)]
    total = {"organisation": "T1", "year": YEAR, "status": "accepted", "set_by": "NHSE"}
    return book(*rows, control_totals=[{**total, "amount": str(control), "set_on": "2026-03-20"}])


@pytest.mark.parametrize("case", CASES)
def test_a_deficit_without_its_sign_is_told(case: int) -> None:
    draw = drawn(case, "control")
    plan = -draw.randint(50, 9_000)
    said_in = control_book(plan, -plan, draw.random() < 0.5)
    stopped(said_in, "CONTROL_TOTAL_SIGN", f"gap/T1/{YEAR}/plan")


@pytest.mark.parametrize("case", CASES)
def test_a_control_total_that_asks_for_more_passes(case: int) -> None:
    draw = drawn(case, "honest control")
    plan = draw.choice((-1, 1)) * draw.randint(50, 9_000)
    control = draw.choice((plan, 0, abs(plan) + draw.randint(9, 99), plan + draw.randint(9, 30)))
    control += 7 if control == -plan else 0
    passes(
        control_book(plan, control, draw.random() < 0.5),
        f"gap/T1/{YEAR}/plan",
        (control - plan) * K,
    )
