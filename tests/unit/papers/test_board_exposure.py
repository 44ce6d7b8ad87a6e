"""The page on risk, cash, capital and bills: equal to the answers, and nothing made up."""

from __future__ import annotations

from controltotal.core.money import format_money
from controltotal.papers.board_exposure import exposure_page
from controltotal.papers.charts_cash import cash_by_month
from controltotal.papers.paper import paper
from controltotal.papers.sections import Section
from tests.board_results import FOCUS, REGISTER, example, focus, made, numbers, words

M = 100_000_000
YEAR = "2026-27"


def net(body: str, when: str, gross: int, mitigated: int, weighted: int, **more: object):
    forecast = -49 * M
    return {
        "organisation": body,
        "year": YEAR,
        "when": when,
        "gross_pence": gross,
        "mitigated_pence": mitigated,
        "net_pence": gross + mitigated,
        "weighted_pence": weighted,
        "contingency_pence": 0,
        "forecast_pence": forecast,
        "best_pence": forecast + mitigated,
        "likely_pence": forecast + weighted,
        "worst_pence": forecast + gross,
        **more,
    }


def cash(body: str, month: int, plan: int | None, actual: int | None, forecast: int | None):
    return {
        "organisation": body,
        "year": YEAR,
        "month": month,
        "plan_pence": plan,
        "actual_pence": actual,
        "forecast_pence": forecast,
    }


def risk(name: str, body: str, gross: int, **more: object):
    return {
        "risk": name,
        "organisation": body,
        "year": YEAR,
        "title": f"Risk {name}",
        "kind": "risk" if gross < 0 else "mitigation",
        "gross_pence": gross,
        "chance": 0.5,
        "weighted_pence": gross // 2,
        "gross_last_month_pence": None,
        "owner": "",
        **more,
    }


def by_hand(**tables: list[dict[str, object]]) -> list[Section]:
    return exposure_page({"register": REGISTER, "position": made("position", tables)}, FOCUS)


def test_net_risk_now_and_a_month_before() -> None:
    rows = [
        net("S", "this month", -18 * M, 9 * M, -2 * M),
        net("S", "last month", -25 * M, 9 * M, -7 * M),
        net("A", "this month", -3 * M, 0, -1 * M),
        net("Z", "this month", -99 * M, 0, -9 * M),
    ]
    lead, risks = by_hand(net_risk=rows)
    assert lead.words == (
        "Risks of £18.0m less mitigations of £9.0m are £9.0m net, £2.0m worse by their chances; a "
        "month before £16.0m net.",
    )
    table, by_body = risks.tables
    assert [row["when"] for row in table.rows] == ["This month", "Last month"]
    assert [table.rows[0][key].value for key in ("best", "likely", "worst")] == [
        -40 * M,
        -51 * M,
        -67 * M,
    ]
    assert "contingency" not in {column.key for column in table.columns}
    assert by_body.folded and [row["body"] for row in by_body.rows] == ["Alder"]
    assert by_body.rows[0]["before"] is None, "nothing tells its month before"


def test_a_register_without_mitigations_says_so() -> None:
    lead, _ = by_hand(net_risk=[net("S", "this month", -3 * M, 0, -1 * M)])
    assert lead.words == (
        "Risks of £3.0m stand beside the forecast, with no mitigation, £1.0m worse by their chances.",
    )


def test_risks_come_before_mitigations_and_what_is_cut_is_counted() -> None:
    rows = [risk(f"M{n}", "B", (90 - n) * M) for n in range(4)]
    rows += [risk(f"R{n}", "A", (n - 80) * M) for n in range(9)]
    _, risks = by_hand(
        net_risk=[net("S", "this month", -3 * M, 0, -1 * M)],
        risk_register=[*rows, risk("Z1", "Z", -99 * M)],
    )
    _, printed, whole = risks.tables
    assert [row["title"] for row in printed.rows[:2]] == ["Risk R0", "Risk R1"]
    assert len(printed.rows) == 10 and printed.note == "Risks in brackets. And 3 more."
    assert whole.folded and len(whole.rows) == 13


def test_who_runs_out_of_cash_is_a_headline() -> None:
    rows = [
        cash("A", 1, 5 * M, 3 * M, 3 * M),
        cash("A", 12, 4 * M, None, -2 * M),
        cash("B", 1, 9 * M, 9 * M, None),
        cash("Z", 1, 1 * M, 1 * M, None),
    ]
    low = {"organisation": "A", "year": YEAR, "basis": "forecast", "scenario": "", "month": 12}
    lead, resources = by_hand(
        cash=rows, cash_below_nil=[{**low, "month_name": "March", "pence": -2 * M}]
    )
    assert lead.words == ("Alder is forecast to be £2.0m overdrawn at the end of March.",)
    (table,) = resources.tables
    assert [row["body"] for row in table.rows] == ["Alder", "Beech"], "the least cash first"
    assert table.rows[1].get("cash_forecast") is None, "absent is not nil"
    assert {title for title, _ in table.groups} == {"", "Cash now", "Cash at the year’s end"}
    (view,) = resources.charts
    assert view.title == "Alder is forecast to be £2.0m overdrawn at the end of March"
    assert view.narrow is not None


def test_the_chart_of_cash_tells_every_number_and_draws_no_hole_as_nil() -> None:
    rows = [cash("A", m, (10 - m) * M, (9 - m) * M if m != 3 else None, None) for m in range(1, 7)]
    view = cash_by_month(rows, "Alder")
    assert view is not None
    assert view.title == "Alder held £3.0m at the end of September, against £4.0m planned"
    assert "recorded: April 8.0; May 7.0; July 5.0; August 4.0; September 3.0" in view.alternative
    drawn = [
        [row["x"] for row in layer["data"]["values"]]
        for layer in view.chart["layer"]
        if layer["mark"]["type"] == "line" and layer["mark"].get("strokeWidth") == 3
    ]
    assert drawn == [[1, 2], [4, 5, 6]], "the line breaks where a month is not told"
    assert cash_by_month([cash("A", 1, 5 * M, None, None)], "Alder") is None, "a plan alone"


def test_no_risk_and_no_cash_no_page() -> None:
    assert by_hand() == []


def test_the_page_of_the_fictional_system_equals_its_answers() -> None:
    results = example()
    told = focus(results)
    parts = exposure_page(results, told)
    (risks, resources) = parts[1:]
    now = risks.tables[0].rows[0]
    (row,) = [
        row
        for row in results["position"].tables["net_risk"]
        if (row["organisation"], row["when"]) == (told.organisation, "this month")
    ]
    for kind in ("gross", "mitigated", "net", "weighted", "best", "worst"):
        assert now[kind].value == row[f"{kind}_pence"]
    assert "likely" not in now, "beside a simulation there is one range of what is likely"
    (fan,) = [
        row
        for row in results["risk"].tables["fan"]
        if (row["organisation"], row["month"]) == (told.organisation, 12)
    ]
    for end in ("p10_pence", "p50_pence", "p90_pence"):
        assert format_money(fan[end]) in risks.tables[0].note
    shown = resources.tables[0].rows[0]
    value = results["position"].value(f"cash/XF-HOL/{told.year}/forecast")
    assert shown["cash_forecast"].value == value
    every, linked = numbers(parts)
    assert every == linked > 100
    said = words(parts)
    assert "Saltmere" not in said and "_" not in said and "None" not in said
    assert paper("x", "y", parts).pictures, "each chart is drawn"
