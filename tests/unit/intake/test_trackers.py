"""Savings trackers of several houses become schemes and phasing, worked by hand to the penny."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from controltotal.core.vocabulary import folded
from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.model import UNNAMED, Asked, Measure, Read, Value
from controltotal.intake.trackers import read_tracker
from tests.intake_seen import Heading, month, seen_of

KNOWN = Known(Bodies([Spell("RX1", "Dale NHS Trust")]), fresh=False)
CLAIMS = {"organisation": "Dale", "year": "2026/27", "unit": "£k"}
PLAN = [(f"M{n}", "money", month(n)) for n in range(1, 13)]
TOTAL: Heading = ("2026/27 total", "money", Measure("plan", "total"))
LABELS: list[Heading] = [
    ("Ref", "scheme_id"),
    ("Scheme", "title"),
    ("Division", "directorate"),
    ("R/NR", "recurrence"),
    ("Status", "maturity"),
    ("RAG", "rag"),
    ("FYE", "full_year_effect"),
]


def read(
    headings: Sequence[Heading],
    rows: Sequence[Sequence[Value]],
    claims: Mapping[str, str] | None = None,
    asked: Asked | None = None,
) -> Read:
    seen = seen_of(headings, rows, CLAIMS if claims is None else claims)
    return read_tracker(seen, asked or Asked(), KNOWN)


def codes(found: Read) -> list[str]:
    return sorted({f.code for f in found.findings if f.severity == "error"})


def schemes(found: Read) -> dict[str, dict[str, str]]:
    return {r.cells["id"]: dict(r.cells) for r in found.rows if r.table == "schemes"}


def money(found: Read, basis: str = "plan") -> dict[tuple[str, str], str]:
    return {
        (r.cells["scheme"], r.cells.get("month", "")): r.cells["amount"]
        for r in found.rows
        if r.table == "amounts" and r.cells["basis"] == basis
    }


def unnamed(found: Read) -> list[str]:
    """The cells of which nothing became."""
    seen = found.seen
    return [
        seen.grid.at(seen.first + row, seen.left + column).cell
        for row, slots in enumerate(found.slots)
        for column, fate in enumerate(slots)
        if fate == UNNAMED and seen.grid.value(seen.first + row, seen.left + column) is not None
    ]


def test_a_tracker_with_subtotals_and_a_grand_total_needs_no_question() -> None:
    twelve: list[Value] = [10.0] * 12
    body: list[list[Value]] = [
        ["S1", "Close ward 7", "Surgery", "R", "In delivery", "G", 150, *twelve, 120],
        ["S2", "Skill mix", "Surgery", "NR", "Idea", "R", 120, *twelve, 120],
        [None, "Surgery total", None, None, None, None, 270, *[20] * 12, 240],
        [
            "M1",
            "Biosimilars",
            "Medicine",
            "Recurrent",
            "Plans in progress",
            "A",
            66,
            *[5.5] * 12,
            66,
        ],
        [None, "Medicine total", None, None, None, None, 66, *[5.5] * 12, 66],
        [None, "Grand Total", None, None, None, None, 336, *[25.5] * 12, 306],
    ]
    found = read([*LABELS, *PLAN, TOTAL], body)
    assert not codes(found)
    assert schemes(found)["S1"] == {
        "id": "S1",
        "organisation": "RX1",
        "title": "Close ward 7",
        "directorate": "Surgery",
        "recurrence": "recurrent",
        "maturity": "fully_developed_delivering",
        "full_year_effect": "150",
        "unit": "£k",
    }
    assert schemes(found)["S2"]["recurrence"] == "non_recurrent"
    assert schemes(found)["M1"]["maturity"] == "in_progress"
    assert money(found)["M1", "12"] == "5.5"
    assert len(money(found)) == 36
    assert found.totals == ["Surgery total", "Medicine total", "Grand Total"]
    assert all(check.agrees for check in found.checks)
    assert len(found.checks) == 3 * 14 + 3
    assert not unnamed(found)
    lines = [dict(r.cells) for r in found.rows if r.table == "lines"]
    assert lines == [
        {"line": "savings", "name": "Savings whose line is not stated", "kind": "position"}
    ]


def test_a_subtotal_and_a_year_that_differ_are_asked_with_their_cells() -> None:
    body: list[list[Value]] = [
        ["S1", "Beds", "Surgery", "R", "Idea", "G", 120, *[10] * 12, 121],
        [None, "Total", None, None, None, None, 130, *[10] * 12, 121],
    ]
    found = read([*LABELS, *PLAN, TOTAL], body)
    assert codes(found) == ["IMPORT_TOTAL"]
    cells = {cell.cell for f in found.findings for cell in f.in_files if f.severity == "error"}
    assert cells == {"T2", "G3"}


def test_twelfths_of_a_sum_make_the_sum_to_the_penny() -> None:
    twelfth = 100 / 12
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", 100, *[twelfth] * 12, 100]]
    found = read([*LABELS, *PLAN, TOTAL], body, {**CLAIMS, "unit": "£"})
    assert not codes(found)
    pence = [round(float(text) * 100) for text in money(found).values()]
    assert sum(pence) == 10_000


BLOCKS: list[Heading] = [
    *LABELS,
    *((f"Plan M{n}", "money", month(n)) for n in (1, 2, 3)),
    *((f"Actual M{n}", "money", month(n, "actual")) for n in (1, 2)),
    ("Actual M3", "money", month(3, "actual")),
    ("YTD plan", "money", Measure("plan", "to_date", 2)),
    ("YTD actual", "money", Measure("actual", "to_date", 2)),
    ("YTD variance", "money", Measure("variance", "to_date", 2)),
    ("FOT", "money", Measure("forecast", "year")),
    ("%", "money", Measure("percent", "year")),
]


def block_row(ref: str, variance: float = -3) -> list[Value]:
    return [
        ref,
        f"T {ref}",
        "",
        "R",
        "Idea",
        "",
        120,
        10,
        10,
        10,
        8,
        9,
        0,
        20,
        17,
        variance,
        95,
        0.5,
    ]


def test_plan_actual_and_forecast_stand_side_by_side() -> None:
    found = read(BLOCKS, [block_row("S1"), block_row("S2")], {**CLAIMS, "month": "2"})
    assert not codes(found)
    assert money(found)["S1", "3"] == "10"
    assert money(found, "actual") == {
        ("S1", "1"): "8",
        ("S1", "2"): "9",
        ("S2", "1"): "8",
        ("S2", "2"): "9",
    }
    assert money(found, "forecast") == {("S1", ""): "95", ("S2", ""): "95"}
    reasons = [left.reason for left in found.left]
    assert "a percentage" in reasons and "a month that has not been, left at nil" in reasons
    assert sum(c.total == "YTD variance" for c in found.checks) == 2


def test_a_variance_and_a_year_to_date_that_differ_are_asked() -> None:
    wrong = block_row("S2", -4)
    wrong[14] = 18
    found = read(BLOCKS, [block_row("S1"), wrong, block_row("S3")], {**CLAIMS, "month": "2"})
    assert codes(found) == ["IMPORT_TO_DATE", "IMPORT_VARIANCE"]


def test_noughts_after_no_named_month_are_asked() -> None:
    assert codes(read(BLOCKS, [block_row("S1")])) == ["IMPORT_MONTH"]


def test_a_full_year_effect_that_nobody_states_is_told_and_the_plan_of_the_year_stands() -> None:
    headings = [*LABELS[:6], *PLAN, TOTAL]
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", *[10] * 12, 120]]
    found = read(headings, body)
    assert not codes(found)
    assert schemes(found)["S1"]["full_year_effect"] == "120"
    told = [f for f in found.findings if f.severity == "warning"]
    assert [f.code for f in told] == ["IMPORT_UNKNOWN"]
    said = read(headings, body, asked=Asked(headings={folded("full year effect"): "plan"}))
    assert not [f for f in said.findings if f.severity == "warning"]


def test_without_a_plan_of_the_whole_year_the_full_year_effect_is_asked_for() -> None:
    headings = [*LABELS[:6], *PLAN[:6]]
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", *[10] * 6]]
    found = read(headings, body)
    assert codes(found) == ["IMPORT_HEADING"]
    assert '--set "headings.full year effect=plan"' in found.findings[-1].action
    assert not schemes(found)


def test_one_scheme_without_its_effect_is_asked_where_it_has_money_and_listed_where_not() -> None:
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", None, *[10] * 12, 120],
        ["S2", "An idea", "", "R", "Idea", "", None, *[None] * 13],
        ["S3", "Known", "", "R", "Idea", "", 5, *[None] * 13],
    ]
    found = read([*LABELS, *PLAN, TOTAL], body)
    assert codes(found) == ["IMPORT_CELL"]
    assert [f.severity for f in found.findings if f.code == "IMPORT_UNKNOWN"] == ["warning"]
    assert set(schemes(found)) == {"S3"}


def test_unidentified_savings_are_a_scheme_of_that_maturity() -> None:
    body: list[list[Value]] = [
        ["S1", "Beds", "Surgery", "R", "Idea", "", 10],
        [None, "Unidentified", "Surgery", "", "", "", 40],
        [None, "Total", None, None, None, None, 50],
    ]
    found = read(LABELS, body)
    assert not codes(found)
    assert schemes(found)["surgery-unidentified"]["maturity"] == "unidentified"


def test_words_that_are_not_known_stay_unknown_and_are_listed() -> None:
    body: list[list[Value]] = [
        ["S1", "Beds", "", "sometimes", "Green", "G", 10],
        ["S2", "Drugs", "", "", "", "", 10],
    ]
    found = read(LABELS, body)
    assert not codes(found)
    assert {s["recurrence"] for s in schemes(found).values()} == {"unknown"}
    assert {s["maturity"] for s in schemes(found).values()} == {"unknown"}
    told = [f for f in found.findings if f.code == "IMPORT_UNKNOWN"]
    assert any("sometimes" in f.found for f in told)


def test_two_rows_of_one_reference_are_asked() -> None:
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", 10],
        ["s1", "Drugs", "", "R", "Idea", "", 10],
    ]
    assert codes(read(LABELS, body)) == ["IMPORT_REPEATED"]


def test_without_references_titles_are_taken_where_they_differ() -> None:
    body: list[list[Value]] = [
        ["Beds", "A", "R", "Idea", "", 10],
        ["Beds", "B", "R", "Idea", "", 10],
    ]
    found = read(LABELS[1:], body)
    assert not codes(found)
    assert set(schemes(found)) == {"a-beds", "b-beds"}
    same: list[list[Value]] = [
        ["Beds", "A", "R", "Idea", "", 10],
        ["Beds", "A", "R", "Idea", "", 1],
    ]
    assert codes(read(LABELS[1:], same)) == ["IMPORT_HEADING"]


def test_a_row_of_money_without_a_reference_is_a_total_if_it_is_one_and_asked_if_not() -> None:
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", 10],
        ["S2", "Drugs", "", "R", "Idea", "", 20],
        [None, "Surgery", "", "", "", "", 30],
        [None, "Something else", "", "", "", "", 7],
    ]
    found = read(LABELS, body)
    assert codes(found) == ["IMPORT_CELL"]
    assert found.totals == ["Surgery"]
    answer = Asked(totals={folded("Something else"): "row"})
    assert "something-else" in schemes(read(LABELS, body, asked=answer))


def test_headings_of_rows_are_their_directorate() -> None:
    headings: list[Heading] = [LABELS[0], LABELS[1], LABELS[3], LABELS[6]]
    body: list[list[Value]] = [
        [None, "Surgery", None, None],
        ["S1", "Beds", "R", 10],
        [None, "Medicine", None, None],
        ["S2", "Drugs", "R", 20],
        [None, "Total Medicine", None, 20],
    ]
    found = read(headings, body)
    assert not codes(found)
    assert [s["directorate"] for s in schemes(found).values()] == ["Surgery", "Medicine"]


def test_the_line_of_a_saving_is_its_type() -> None:
    headings: list[Heading] = [
        *LABELS,
        ("Type", "category"),
        ("Plan", "money", Measure("plan", "year")),
    ]
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", 10, "Pay: rosters", 5],
        ["S2", "Gloves", "", "R", "Idea", "", 10, "Non-pay: procurement", 5],
        ["S3", "Parking", "", "R", "Idea", "", 10, "Income", 5],
        ["S4", "Else", "", "R", "Idea", "", 10, "Transformation", 5],
    ]
    found = read(headings, body)
    assert not codes(found)
    lines = [r.cells["line"] for r in found.rows if r.table == "amounts"]
    assert lines == ["pay", "non_pay", "other_income", "savings"]


def test_savings_below_nil_are_asked_and_turned_where_the_person_says_so() -> None:
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", -10]]
    assert codes(read(LABELS, body)) == ["IMPORT_SIGNS"]
    found = read(LABELS, body, asked=Asked(costs="costs_negative"))
    assert schemes(found)["S1"]["full_year_effect"] == "10"


def test_months_that_hold_those_before_them_are_asked_and_parted() -> None:
    run: list[Value] = [10 * n for n in range(1, 13)]
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", 120, *run, 120],
        ["S2", "Drugs", "", "R", "Idea", "", 120, *run, 120],
    ]
    assert codes(read([*LABELS, *PLAN, TOTAL], body)) == ["IMPORT_CUMULATIVE"]
    found = read([*LABELS, *PLAN, TOTAL], body, asked=Asked(months="cumulative"))
    assert not codes(found)
    assert set(money(found).values()) == {"10"}


def test_a_forecast_beside_actual_months_and_months_ahead_is_all_of_them() -> None:
    headings: list[Heading] = [
        *LABELS,
        *((f"Actual M{n}", "money", month(n, "actual")) for n in range(1, 7)),
        *((f"FOT M{n}", "money", month(n, "forecast")) for n in range(7, 13)),
        ("FOT", "money", Measure("forecast", "year")),
    ]
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", 120, *[9] * 6, *[11] * 6, 120]]
    found = read(headings, body, {**CLAIMS, "month": "6"})
    assert not codes(found)
    assert money(found, "forecast")["S1", ""] == "120"
    assert money(found, "forecast")["S1", "7"] == "11"


def test_a_plan_that_stands_twice_is_asked() -> None:
    headings: list[Heading] = [
        *LABELS,
        ("Original plan", "money", Measure("plan", "year")),
        ("Revised plan", "money", Measure("plan", "year")),
    ]
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", 120, 100, 90]]
    assert codes(read(headings, body)) == ["IMPORT_HEADING"]
    answer = Asked(headings={folded("Original plan"): ""})
    assert money(read(headings, body, asked=answer)) == {("S1", ""): "90"}


def test_sums_that_cannot_be_read_are_asked() -> None:
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", "TBC"]]
    assert codes(read(LABELS, body)) == ["IMPORT_CELL"]


def test_two_thousand_schemes_take_seconds() -> None:
    body: list[list[Value]] = [
        [f"S{n}", f"Scheme {n}", "Surgery", "R", "Idea", "G", n, *[n / 16] * 12, n * 0.75]
        for n in range(2000)
    ]
    start = time.process_time()
    found = read([*LABELS, *PLAN, TOTAL], body)
    assert time.process_time() - start < 4
    assert not codes(found)
    assert len(found.rows) == 1 + 2000 * 13


def test_a_row_for_each_of_plan_and_actual_is_one_scheme() -> None:
    headings: list[Heading] = [
        *LABELS,
        ("Plan / actual", "basis"),
        *((f"M{n}", "money", month(n, "")) for n in (1, 2)),
        ("Total", "money", Measure("", "total")),
    ]
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", 120, "Plan", 10, 10, 20],
        ["S1", "Beds", "", "R", "Idea", "", None, "Actual", 9, 8, 17],
        ["S1", "Beds", "", "R", "Idea", "", None, "Variance", -1, -2, -3],
        ["S2", "Drugs", "", "R", "Idea", "", 60, "Plan", 5, 5, 10],
        ["S2", "Drugs", "", "R", "Idea", "", None, "Actual", 5, 6, 11],
        [None, "Total", None, None, None, None, None, "Plan", 15, 15, 30],
        [None, "Total", None, None, None, None, None, "Actual", 14, 14, 28],
    ]
    found = read(headings, body, {**CLAIMS, "month": "2"})
    assert not codes(found)
    assert set(schemes(found)) == {"S1", "S2"}
    assert money(found)["S1", "2"] == "10"
    assert money(found, "actual")["S2", "2"] == "6"
    assert all(check.agrees for check in found.checks)
    twice = [*body, body[0]]
    assert codes(read(headings, twice, {**CLAIMS, "month": "2"})) == ["IMPORT_REPEATED"]


def test_an_effect_in_another_unit_than_the_year_is_asked() -> None:
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", 120_000, *[10] * 12, 120],
        ["S2", "Drugs", "", "R", "Idea", "", 60_000, *[5] * 12, 60],
    ]
    assert codes(read([*LABELS, *PLAN, TOTAL], body)) == ["IMPORT_SCALE"]


def test_a_row_for_each_month_is_one_scheme() -> None:
    headings: list[Heading] = [
        *LABELS,
        ("Month", "month"),
        ("Plan", "money", Measure("plan", "")),
        ("Actual", "money", Measure("actual", "")),
    ]
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", 120, "M1", 10, 9],
        ["S1", "Beds", "", "R", "Idea", "", 120, "M2", 11, None],
    ]
    found = read(headings, body)
    assert not codes(found)
    assert money(found) == {("S1", "1"): "10", ("S1", "2"): "11"}
    assert money(found, "actual") == {("S1", "1"): "9"}
    body[1][6] = 130
    assert codes(read(headings, body)) == ["IMPORT_REPEATED"]


def test_totals_above_their_schemes_are_found_by_their_sums() -> None:
    body: list[list[Value]] = [
        [None, "Surgery", None, None, None, None, 30],
        ["S1", "Beds", "", "R", "Idea", "", 10],
        ["S2", "Drugs", "", "R", "Idea", "", 20],
        [None, "Medicine", None, None, None, None, 5],
        ["S3", "Gloves", "", "R", "Idea", "", 5],
    ]
    found = read(LABELS, body)
    assert not codes(found)
    assert found.totals == ["Surgery", "Medicine"]
    assert set(schemes(found)) == {"S1", "S2", "S3"}


def test_a_total_that_bears_a_reference_is_no_scheme() -> None:
    rows: list[list[Value]] = [
        ["S1", "Beds", "", "R", "Idea", "", 12, *[1] * 12, 12],
        ["S2", "Drugs", "", "R", "Idea", "", 24, *[2] * 12, 24],
        ["S3", "Taxis", "", "R", "Idea", "", 12, *[1] * 12, 12],
    ]
    said: list[Value] = ["S9", "Total", "", "", "", "", 48, *[4] * 12, 48]
    found = read([*LABELS, *PLAN, TOTAL], [*rows, said])
    assert not codes(found)
    assert set(schemes(found)) == {"S1", "S2", "S3"}
    silent: list[Value] = ["S9", "All of them", "", "", "", "", 48, *[4] * 12, 48]
    assert codes(read([*LABELS, *PLAN, TOTAL], [*rows, silent])) == ["IMPORT_TOTAL"]
    answer = Asked(totals={folded("All of them"): "total"})
    assert len(schemes(read([*LABELS, *PLAN, TOTAL], [*rows, silent], asked=answer))) == 3


def test_a_scheme_without_a_reference_is_no_total_of_the_one_above_it() -> None:
    """Equal to one row alone is no proof of a total: it is asked."""
    twelve: list[Value] = [1.0] * 12
    body: list[list[Value]] = [
        ["S1", "Beds", "", "R", "", "", 12, *twelve],
        [None, "Drugs", "", "R", "", "", 12, *twelve],
    ]
    assert codes(read([*LABELS, *PLAN], body)) == ["IMPORT_CELL"]
