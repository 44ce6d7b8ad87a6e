"""Where we are heading, and what could be done: equal to the answers, and nothing made up."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.papers.board_ahead import ahead
from controltotal.papers.board_heading import heading
from controltotal.papers.board_notes import notes
from controltotal.papers.paper import paper
from controltotal.papers.sections import Section
from tests.board_results import FOCUS, REGISTER, example, focus, made, numbers, words

M = 100_000_000
YEAR = "2026-27"
BODY = {"organisation": "S", "year": YEAR}


def case(name: str, pounds: int | None, short: int | None) -> dict[str, Any]:
    return {
        **BODY,
        "case": name,
        "to": "M9",
        "pence": None if pounds is None else pounds * M,
        "short_pence": None if short is None else short * M,
        "rule": "a plain sum",
    }


def month(to: int, plan: int, actual: int | None, **more: int | None) -> dict[str, Any]:
    told = {"forecast_pence": None, "asked_pence": None, **more}
    return {
        **BODY,
        "month": to,
        "plan_pence": plan * M,
        "actual_pence": None if actual is None else actual * M,
        **told,
    }


MONTHS = [
    *(month(m, -m, -2 * m) for m in range(1, 10)),
    month(10, -10, None),
    month(11, -11, None),
    month(12, -12, None, forecast_pence=-14 * M, asked_pence=-11 * M),
]
FAN = [
    {
        **BODY,
        "month": m,
        **{f"{q}_pence": (-2 * m + k * max(0, m - 9)) * M for q, k in (("p10", -2), ("p25", -1), ("p50", 0), ("p75", 1), ("p90", 2))},
    }
    for m in range(1, 13)
]  # fmt: skip
STEPS = [
    {**BODY, "step": step, "pence": pence * M}
    for step, pence in (
        ("forecast", -14),
        ("does not count", -3),
        ("risk register", -7),
        ("mean", -24),
    )
]


def page(
    risk: dict[str, list[dict[str, Any]]], figures: dict[str, int] | None = None, **tables: Any
) -> list[Section]:
    return heading(
        {
            "register": REGISTER,
            "position": made("position", tables, figures),
            "risk": made("risk", risk),
        },
        FOCUS,
    )


def rates(told: bool) -> list[dict[str, Any]]:
    return [{**BODY, "standing": "illustrative", "chance_may_be_told": told}]


def test_cases_come_first_then_the_record_with_the_simulation() -> None:
    cases = [case("if the forecast holds", -14, 3), case("if it repeats", -24, 13)]
    first, record, steps = page(
        {"cases": cases, "fan": FAN, "rates": rates(False), "step_sums": STEPS},
        {f"control_total/S/{YEAR}/forecast": 1 * M},
        months=MONTHS,
    )
    assert first.words == (
        "If the forecast holds the year ends at a deficit of £14.0m; if it repeats it ends at a "
        "deficit of £24.0m.",
    )
    assert [r["short"].value for r in first.tables[0].rows] == [3 * M, 13 * M]
    (view,) = record.charts
    assert view.title == (
        "Illustrative: the forecast is £10.0m better than the middle of the simulation, and better "
        "than nine in ten of its years"
    )
    assert "The line is the control total less support, (11.0)." in view.alternative
    assert record.words[0].startswith("The simulation is illustrative")
    table = record.tables[0]
    assert [r["p50_pence"].value for r in table.rows][7:11] == [None, None, -20 * M, -22 * M]
    assert [r["pence"].value // M for r in steps.tables[0].rows] == [-14, -3, -7, -24]


def test_adopted_rates_are_not_called_illustrative() -> None:
    same = {f"control_total/S/{YEAR}/forecast": -11 * M}
    (first, record) = page({"fan": FAN, "rates": rates(True), "cases": []}, same, months=MONTHS)
    assert first.words == () and record.words == ()
    assert record.charts[0].title.startswith("The forecast is £10.0m better")
    assert "The line is the control total, (11.0)." in record.charts[0].alternative


def test_no_distance_to_a_control_total_is_made_up() -> None:
    (first,) = page(
        {"cases": [case("if the forecast holds", -14, None), case("other", None, None)]}
    )
    assert "short" not in {column.key for column in first.tables[0].columns}
    assert [r["name"] for r in first.tables[0].rows] == ["If the forecast holds"]
    assert page({"cases": [case("other", None, None)]}) == []


def test_a_book_without_a_simulation_has_its_record() -> None:
    parts = heading({"register": REGISTER, "position": made("position", {"months": MONTHS})}, FOCUS)
    assert [part.id for part in parts] == ["heading", "record"]
    assert parts[1].charts[0].title == (
        "To December there is a deficit of £18.0m, £9.0m worse than plan; the year is forecast to "
        "end at a deficit of £14.0m"
    )


def test_four_sources_of_doubt_the_largest_first() -> None:
    drivers = [
        {
            **BODY,
            "driver": f"R{n}",
            "title": f"Risk {n}",
            "owner": "A",
            "mean_pence": -n * M,
            "variance_share": n / 20,
        }
        for n in range(6)
    ]
    *_, doubt = page({"cases": [case("if the forecast holds", -14, None)], "drivers": drivers})
    told = [(r["name"], r["owner"], r["share"].value) for r in doubt.tables[0].rows]
    assert told == [(f"Risk {n}", "Alder", n / 20) for n in (5, 4, 3, 2)]
    assert doubt.tables[0].note == "5 risks, mitigations and schemes vary."


# -- what could be done --------------------------------------------------------------------------------------


def step(name: str, pounds: int) -> dict[str, Any]:
    return {**BODY, "step": name, "pence": pounds * M, "from_verb": "portfolio"}


CHOSEN = [step("gap", 5), step("to_find", 5), step("counted", 20), step("before_schemes", 25)]
CHOSEN += [step("chosen", -15), step("shortfall", 10)]


def total(body: str, saving: int, shortfall: int) -> dict[str, Any]:
    return {"organisation": body, "year": YEAR, "saving": saving * M, "shortfall": shortfall * M}


def test_the_list_is_no_decision_and_what_remains_is_told_by_organisation() -> None:
    portfolio = made(
        "portfolio",
        {
            "missing": CHOSEN,
            "control_totals": [
                total("A", 9, 0),
                total("B", 6, 12),
                total("Z", 1, 99),
                total("S", 15, 10),
            ],
        },
        {f"portfolio_saving/S/{YEAR}/plan": 15 * M, f"shortfall/S/{YEAR}/plan": 10 * M},
    )
    results = {"register": REGISTER, "position": made("position", {}), "portfolio": portfolio}
    first, gap, remains = ahead(results, FOCUS)
    assert first.words == (
        "The modelled list, on which no decision has been made, would save £15.0m and leave £10.0m "
        "to find.",
        "That is more than the gap of £5.0m, because the forecast already counts on £20.0m from the "
        "assured schemes that the list is chosen from.",
    )
    assert gap.charts[0].title == "The modelled list would save £15.0m and leave £10.0m to find"
    assert [r["pence"].value // M for r in gap.tables[0].rows] == [5, 5, 10]
    assert [r["words"] for r in gap.tables[0].rows] == [
        "The forecast, with all that it counts on, is this far short of the control total.",
        "The forecast counts on £20.0m from assured schemes in the months left; the modelled list "
        "would bring £15.0m.",
        "Still to be found after all of it.",
    ]
    told = [
        (r["name"], r["saving"].value // M, r["shortfall"].value // M)
        for r in remains.tables[0].rows
    ]
    assert told == [("Beech", 6, 12), ("Alder", 9, 0), ("Together", 15, 10)]
    assert "it is not the sum" in remains.tables[0].note
    assert "no decision has been made" in remains.tables[0].note


def test_opportunities_are_a_range_and_never_one_sum() -> None:
    stem = f"opportunity_total/S/{YEAR}/plan"
    found = made(
        "opportunities",
        {},
        {
            f"{stem}/view/unit_cost, providers": 8 * M,
            f"{stem}/view/pathways": 3 * M,
            f"{stem}/lower": 8 * M,
            f"{stem}/upper": 11 * M,
            f"{stem}/naive": 11 * M,
            f"opportunity_total/Z/{YEAR}/plan/lower": 99 * M,
        },
    )
    results = {"register": REGISTER, "position": made("position", {}), "opportunities": found}
    first, compared = ahead(results, FOCUS)
    assert first.words == ("No list has been modelled.",)
    assert [(r["name"], r["value"].value // M) for r in compared.tables[0].rows] == [
        ("Unit cost, providers", 8),
        ("Pathways", 3),
        ("Together at least", 8),
        ("Together at most", 11),
    ]
    alone = made("opportunities", {}, {f"{stem}/view/pathways": 3 * M, f"{stem}/lower": 3 * M})
    _, compared = ahead({**results, "opportunities": alone}, FOCUS)
    assert [r["name"] for r in compared.tables[0].rows] == ["Pathways"]
    assert "same money" not in compared.tables[0].note
    results = {"register": REGISTER, "position": made("position", {"missing": CHOSEN})}
    assert ahead(results, FOCUS) == [], "a gap alone is told on other pages"


@pytest.mark.parametrize("make", [heading, ahead])
def test_the_pages_of_the_fictional_system_equal_its_answers(make: Any) -> None:
    results = example()
    told = focus(results)
    parts = make(results, told)
    every, linked = numbers(parts)
    assert every == linked > 20
    said = words(parts)
    assert "Saltmere" not in said and "_" not in said and "None" not in said
    assert "(fictional)" not in said and "chance" not in said
    assert paper("x", "y", parts).pictures and notes(results, parts)
    if make is heading:
        record = next(part for part in parts if part.id == "record").tables[0].rows
        for shown, row in zip(record, results["position"].tables["months"], strict=True):
            assert shown["actual_pence"].value == row["actual_pence"]
