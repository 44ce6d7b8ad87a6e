"""Thirty books of each kind of contradiction, and honest ones beside them that pass unhindered.

Each case is drawn from its number, so that a failure names a book that anybody can make again.
What is right is worked out from how the book was made, never by the program.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

import pytest

from controltotal.accounts.checks import findings
from controltotal.accounts.statement import answer_position
from controltotal.book.asking import years_asked
from controltotal.book.fold import Position
from controltotal.core.finding import Finding
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, position_of

CASES = range(30)
MONTHS = range(1, 13)
TREE: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
    {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1"},
    {"code": "T3", "name": "Third", "kind": "provider", "parent": "S1"},
]
ALONE: list[Cells] = [
    {"code": "T1", "name": "First", "kind": "provider"},
    *({"code": code, "name": code, "kind": "pool"} for code in ("T2", "T3", "C9")),
]
TOLD = {
    "SIGNS_TURNED",
    "TOTAL_BESIDE_PARTS",
    "CUMULATIVE_MONTHS",
    "LOOKS_CUMULATIVE",
    "YEAR_NOT_OVER",
    "YEAR_DIFFERS_FROM_MONTHS",
    "CONTROL_TOTAL_SIGN",
    "COUNTED_TWICE",
    "PART_YEARS",
    "SCALE",
    "STATED_TOTAL_DIFFERS",
    "POSITION_DIFFERS_FROM_LINES",
    "MONTHS_INCOMPLETE",
    "CHILDREN_INCOMPLETE",
}


def drawn(case: int, kind: str) -> random.Random:
    return random.Random(f"{kind} {case}")


def row(code: str, line: str, value: object, basis: str = "plan", **more: object) -> Cells:
    cells = {"organisation": code, "line": line, "year": YEAR, "basis": basis, "amount": str(value)}
    return cells | {name: str(cell) for name, cell in more.items() if cell}


def book(*amounts: Cells, unit: str = "£k", **tables: Sequence[Cells]) -> Book:
    settings = [{"key": "default_unit", "value": unit}, {"key": "fictional", "value": "yes"}]
    return {"book": settings, "organisations": ALONE, "amounts": amounts, **tables}


def said(position: Position) -> list[Finding]:
    found = findings(Workings(position), years_asked(position, None))
    return [one for one in found if one.code in TOLD]


def stopped(said_in: Book, code: str, figure: str) -> Finding:
    """The one error of a code, with the figure that it leaves untold."""
    position = position_of(said_in)
    errors = [one for one in said(position) if one.severity == "error"]
    assert [one.code for one in errors] == [code], errors
    told = answer_position(Workings(position)).figure(figure)
    assert told is not None and (told.value, told.status) == (None, "indeterminate"), told
    assert position.stopped
    return errors[0]


def passes(said_in: Book, figure: str, pounds: float) -> None:
    """Nothing is told, and the figure is what was meant, in the pounds of the book's own unit."""
    position = position_of(said_in)
    assert said(position) == []
    assert position.stopped == ()
    told = answer_position(Workings(position)).figure(figure)
    assert told is not None and told.value == round(pounds * 100), told


PLAN, ACTUAL = f"surplus/T1/{YEAR}/plan", f"surplus/T1/{YEAR}/actual"
K = 1_000


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


# -- mergers -------------------------------------------------------------------------------------------


def merger(rows: Sequence[Cells], day: str, *, dated: bool, stood: str = "") -> Book:
    spells: list[Cells] = [dict(one) for one in TREE]
    if dated:
        end = {"2026-07-01": "2026-06-30", "2026-10-01": "2026-09-30"}[day]
        spells = [{**one, "to": end} if one["code"] in ("T1", "T2") else one for one in spells]
        spells[-1] = {**spells[-1], "from": day}
    if stood:
        spells[-1] = {**spells[-1], "from": stood}
    follow: list[Cells] = [
        {"predecessor": old, "successor": "T3", "on": day} for old in ("T1", "T2")
    ]
    return {**book(*rows, successions=follow), "organisations": spells}


SYSTEM = f"surplus/S1/{YEAR}/plan"


@pytest.mark.parametrize("case", CASES)
def test_a_year_stated_by_both_sides_of_a_merger_is_told(case: int) -> None:
    draw = drawn(case, "merger")
    day = draw.choice(("2026-07-01", "2026-10-01"))
    one, two = (draw.choice((-1, 1)) * draw.randint(500, 40_000) for _ in range(2))
    how = draw.choice(("year", "year and months", "months"))
    rows = [row("T1", "position", one), row("T2", "position", two)]
    if how == "year":
        rows.append(row("T3", "position", one + two))
    elif how == "year and months":
        own = [draw.randint(-900, 900) for _ in range(12)][int(day[5:7]) - 4 :]
        months = range(int(day[5:7]) - 3, 13)
        rows += [row("T3", "position", v, month=m) for m, v in zip(months, own, strict=True)]
        rows.append(row("T3", "position", one + two + sum(own)))
    else:
        rows = [
            row(code, "position", value // 12, month=m)
            for code, value in (("T1", one), ("T2", two), ("T3", one + two))
            for m in MONTHS
        ]
    stopped(merger(rows, day, dated=draw.random() < 0.5), "COUNTED_TWICE", SYSTEM)


@pytest.mark.parametrize("case", CASES)
def test_a_merger_with_its_months_divided_passes(case: int) -> None:
    draw = drawn(case, "divided")
    day = draw.choice(("2026-07-01", "2026-10-01"))
    first = int(day[5:7]) - 3
    stood = "2015-04-01" if draw.random() < 0.3 else ""
    rows, total = [], 0
    for code, months in (
        ("T1", range(1, first)),
        ("T2", range(1, first)),
        ("T3", MONTHS if stood else range(first, 13)),
    ):
        for month in months:
            value = -draw.randint(100, 900)
            total += value
            rows.append(row(code, "position", value, month=month))
    passes(merger(rows, day, dated=draw.random() < 0.5, stood=stood), SYSTEM, total * K)


@pytest.mark.parametrize("case", CASES)
def test_a_year_of_a_body_that_ended_is_that_of_its_months(case: int) -> None:
    draw = drawn(case, "ended")
    months = [-draw.randint(100, 900) for _ in range(6)]
    rows = [row("T1", "position", v, month=m) for m, v in enumerate(months, 1)]
    rows += [row("T3", "position", -7, month=m) for m in range(7, 13)]
    rows.append(row("T2", "position", -9, month="H1"))
    told = merger([*rows, row("T1", "position", sum(months))], "2026-10-01", dated=True)
    assert position_of(told).stopped == ()
    off = sum(months) + draw.choice((-1, 1)) * draw.randint(20, 900)
    other = merger([*rows, row("T1", "position", off)], "2026-10-01", dated=draw.random() < 0.5)
    stopped(other, "YEAR_DIFFERS_FROM_MONTHS", SYSTEM)


@pytest.mark.parametrize("case", CASES)
def test_parts_of_a_year_on_both_sides_of_a_merger_are_added_and_told(case: int) -> None:
    draw = drawn(case, "parts")
    one, two = (-draw.randint(500, 40_000) for _ in range(2))
    three = (one + two) * 2 - draw.randint(9, 99)
    rows = [
        row(code, "position", v)
        for code, v in zip(("T1", "T2", "T3"), (one, two, three), strict=True)
    ]
    position = position_of(merger(rows, "2026-10-01", dated=draw.random() < 0.5))
    assert [one.code for one in said(position)] == ["PART_YEARS"]
    figure = answer_position(Workings(position)).figure(SYSTEM)
    assert figure is not None and figure.value == (one + two + three) * 100_000


# -- scale ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_slip_of_unit_is_told_at_its_row(case: int) -> None:
    draw = drawn(case, "scale")
    line = draw.choice(("pay", "drugs", "patient_care_income"))
    factor = draw.choice((1000, 1000, 10**6))
    each, wrong = draw.randint(2_000, 60_000), draw.randint(1, 12)
    each = each // 100 if factor > 1000 else each  # above £1 trillion a sum is refused outright
    rows = [
        row(
            "T1",
            line,
            round(each * draw.uniform(0.8, 1.2)) * (factor if m == wrong else 1),
            month=m,
        )
        for m in MONTHS
    ]
    position = position_of(book(*rows))
    (told,) = said(position)
    assert (told.code, told.severity, told.where) == (
        "SCALE",
        "warning",
        f"amounts row {wrong + 1}",
    )
    assert position.stopped == ()


@pytest.mark.parametrize("case", CASES)
def test_uneven_months_and_bodies_of_every_size_pass(case: int) -> None:
    draw = drawn(case, "uneven")
    large, small = draw.randint(40_000, 90_000), draw.randint(40, 90)
    rows = []
    for code, each in (("T1", large), ("T2", small)):
        swing = [draw.choice((0.7, 1.0, 1.8)) for _ in MONTHS]
        rows += [
            row(code, "pay", round(each * s), month=m) for m, s in zip(MONTHS, swing, strict=True)
        ]
        rows += [
            row(code, "patient_care_income", round(each * s), month=m)
            for m, s in zip(MONTHS, swing, strict=True)
        ]
    rows.append(row("T1", "other_income", draw.choice((1, 9)), recurrence="non_recurrent"))
    rows.append(row("T1", "other_costs", rows[-1]["amount"], recurrence="non_recurrent"))
    passes(book(*rows), PLAN, 0)


# -- rounding ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_rounded_total_is_kept_beside_the_sum_and_another_is_an_error(case: int) -> None:
    draw = drawn(case, "rounding")
    exact = [draw.randint(-90_000_000, 9_000_000) for _ in range(3)]
    shown = [f"{value / 1e6:.1f}" for value in exact]
    rows = [row(f"T{n}", "position", text) for n, text in enumerate(shown, 1)]
    made = sum(round(float(text) * 10) for text in shown)
    stated = round(sum(exact) / 1e5)
    whole = position_of(
        book(*rows, row("S1", "position", f"{stated / 10:.1f}"), unit="£m", organisations=TREE)
    )
    codes = [one.code for one in findings(Workings(whole), [YEAR]) if one.code != "NO_SOURCE"]
    figure = answer_position(Workings(whole)).figure(SYSTEM)
    assert figure is not None and figure.value == made * 10_000_000
    assert codes == ([] if stated == made else ["ROUNDED"])
    assert figure.stated == (None if stated == made else stated * 10_000_000)
    off = made + draw.choice((-1, 1)) * draw.randint(3, 90)  # four halves of a step may be rounding
    other = position_of(
        book(*rows, row("S1", "position", f"{off / 10:.1f}"), unit="£m", organisations=TREE)
    )
    assert [one.code for one in said(other)] == ["STATED_TOTAL_DIFFERS"]
