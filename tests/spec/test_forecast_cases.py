"""Worked cases of forecasting: straight lines, run rates, scenarios, activity, back-tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.outlook.activity import CostParts, cost_change
from controltotal.outlook.backtest import interval
from controltotal.outlook.methods import METHODS, Months

EXAMPLES = Path(__file__).parents[2] / "examples"
MILLION = 100_000_000


def book(folder: Path, **tables: str) -> Path:
    """A book on disk from small texts, one a table."""
    for name, text in tables.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def value(result: Result, figure: str) -> float | None:
    found = result.value(figure)
    return None if found is None else found / MILLION


SYSTEM = """code,name,kind,parent
QAA,System,system,
RAA,One,provider,QAA
RBB,Two,provider,QAA"""


def test_straight_line_of_month_two(tmp_path: Path) -> None:
    """North Central London at month 2: (39.3167) x 12 / 2 = (235.9)."""
    address = book(
        tmp_path,
        organisations="code,name,kind\nQMJ,North Central London,system",
        amounts="""organisation,line,year,month,basis,amount,unit
            QMJ,position,2024/25,1,actual,-20.0,£m
            QMJ,position,2024/25,2,actual,-19.3166666,£m""",
    )
    result = verbs.forecast(address)
    figure = value(result, "outturn/QMJ/2024-25/forecast/straight_line")
    assert figure == pytest.approx(-235.9, abs=0.01)
    assert result.figure("outturn/QMJ/2024-25/forecast/phased_plan").status == "indeterminate"  # type: ignore[union-attr]


def test_a_straight_line_needs_only_the_year_to_date(tmp_path: Path) -> None:
    """Provider sector at quarter 2 of 2015/16: (1,616) x 12 / 6 = (3,232); it came to (2,450)."""
    address = book(
        tmp_path,
        organisations="code,name,kind\nENG,Providers,nation",
        amounts="""organisation,line,year,month,basis,amount,unit
            ENG,position,2015/16,H1,actual,-1616,£m""",
    )
    result = verbs.forecast(address)
    assert value(result, "outturn/ENG/2015-16/forecast/straight_line") == -3232
    assert value(result, "outturn/ENG/2015-16/forecast/run_rate") is None  # needs months
    assert "xmr" not in result.tables or not result.tables["xmr"]


def test_every_method_by_hand_and_the_system_adds_up(tmp_path: Path) -> None:
    months = "\n".join(
        f"RAA,position,2026/27,{m},plan,,{-1 if m <= 6 else 1},£m" for m in range(1, 13)
    )
    address = book(
        tmp_path,
        organisations=SYSTEM,
        amounts=f"""organisation,line,year,month,basis,recurrence,amount,unit
            {months}
            RAA,position,2026/27,1,actual,,-2,£m
            RAA,position,2026/27,2,actual,,-1,£m
            RAA,position,2026/27,3,actual,,-3,£m
            RBB,position,2026/27,1,actual,,1,£m
            RBB,position,2026/27,2,actual,,1,£m
            RAA,position,2026/27,,forecast,,-8,£m""",
        control_totals="""organisation,year,amount,unit,status
            RAA,2026/27,-3,£m,accepted""",
    )
    result = verbs.forecast(address, "2026-27")
    one = "outturn/RAA/2026-27/forecast/"
    assert value(result, one + "straight_line") == -6 * 4
    assert value(result, one + "run_rate") == -6 - 2 * 9
    assert value(result, one + "phased_plan") == -6 + (-3 + 6)
    assert (
        value(result, one + "plan_plus_variance") == 0 + -3 * 4
    )  # plan nil, variance (3) by month 3
    assert value(result, one + "official") == -8
    assert value(result, "forecast_difference/RAA/2026-27/forecast/straight_line") == -8 + 24
    assert value(result, "run_rate_required/RAA/2026-27/forecast") == pytest.approx(
        (-3 + 6) / 9, abs=1e-6
    )
    assert result.figure("ask_multiple/RAA/2026-27/forecast") is None  # the signs differ
    assert value(result, "outturn/RBB/2026-27/forecast/straight_line") == 12
    assert value(result, "outturn/QAA/2026-27/forecast/straight_line") == -24 + 12
    assert value(result, "outturn/QAA/2026-27/forecast/phased_plan") is None  # RBB has no plan
    assert "FORECAST_FEW_CASES" in [f.code for f in result.findings]
    assert result.figure(one + "straight_line").low is None  # type: ignore[union-attr]


def test_the_range_of_scenarios_in_lancashire_and_south_cumbria() -> None:
    result = verbs.forecast(EXAMPLES / "lancashire-south-cumbria-2021")
    official = result.figure("outturn/QE1/2021-22/forecast/official")
    assert official is not None
    assert (official.value, official.low, official.high) == (
        -300 * MILLION,
        -340 * MILLION,
        -240 * MILLION,
    )
    for scenario, pounds in (("low", -240), ("high", -340), ("advised", -300)):
        assert value(result, f"outturn/QE1/2021-22/forecast/official/{scenario}") == pounds


def test_the_pack_of_lancashire_and_south_cumbria_shows_both_ends_and_the_advice(
    tmp_path: Path,
) -> None:
    verbs.report(EXAMPLES / "lancashire-south-cumbria-2021", str(tmp_path / "pack.html"), full=True)
    page = (tmp_path / "pack.html").read_text("utf-8")
    place = page.index('id="forecast"')
    section = page[place : page.index("</section>", place)]
    assert all(text in section for text in ("(240.0)", "(340.0)", "(300.0)", "advised"))


def test_nene_stays_where_it_is_when_patient_numbers_stay() -> None:
    """Cost 639.027 (its allocation, of which 660 "to purchase local services" is not a part) + 8.6.

    Half of the 647.627 is marginal: each 1% moves 3.238135.
    """
    result = verbs.forecast(EXAMPLES / "nene-2013")
    assert value(result, "outturn/04G/2013-14/forecast/activity") == -8.6
    rows = {row["change"]: row for row in result.tables["activity"]}
    assert rows[0.0]["pence"] == -860_000_000
    step = round(647.627 * MILLION * 0.5 * 0.01)
    for percent in (1, 2, 3):
        assert rows[percent / 100]["pence"] == -860_000_000 - percent * step
        assert rows[-percent / 100]["pence"] == -860_000_000 + percent * step
    up = result.figure("outturn/04G/2013-14/forecast/activity/up_1")
    assert up is not None and up.status == "unverified"  # the parts are defaults nobody has checked


def test_stated_parts_of_cost_are_used_and_checked(tmp_path: Path) -> None:
    tables = {
        "organisations": "code,name,kind\nRAA,One,provider",
        "amounts": """organisation,line,year,basis,amount,unit
            RAA,patient_care_income,2026/27,plan,100,£m
            RAA,pay,2026/27,plan,110,£m""",
    }
    facts = """organisation,fact,year,value
        RAA,fixed_share,2026/27,{}
        RAA,semi_fixed_share,2026/27,0.3
        RAA,marginal_share,2026/27,0.2
        RAA,semi_fixed_step,2026/27,0.02"""
    result = verbs.forecast(book(tmp_path, **tables, facts=facts.format(0.5)))
    rows = {row["change"]: row["pence"] / MILLION for row in result.tables["activity"]}
    assert rows[0.01] == pytest.approx(-10 - 110 * 0.2 * 0.01)
    assert rows[0.02] == pytest.approx(-10 - 110 * (0.2 * 0.02 + 0.3 * 0.02))  # a step is taken
    up = result.figure("outturn/RAA/2026-27/forecast/activity/up_1")
    assert up is not None and up.status == "ok"
    wrong = verbs.forecast(book(tmp_path, **tables, facts=facts.format(0.6)))
    assert "ACTIVITY_PARTS" in [f.code for f in wrong.findings] and wrong.has_errors
    assert "activity" not in wrong.tables


def test_activity_to_date_is_weighted_by_what_each_kind_costs(tmp_path: Path) -> None:
    """Plan 12 x (100 x £1,000 + 1,000 x £10): by month 2 elective is 10% up, contacts level."""
    plan = "\n".join(
        f"RAA,activity,2026/27,{m},plan,{group},{units},"
        for m in range(1, 13)
        for group, units in (("elective", 100), ("contacts", 1000))
    )
    actual = "\n".join(
        f"RAA,activity,2026/27,{m},actual,{group},{units},"
        for m in (1, 2)
        for group, units in (("elective", 110), ("contacts", 1000))
    )
    address = book(
        tmp_path,
        organisations="code,name,kind\nRAA,One,provider",
        amounts="organisation,line,year,basis,amount,unit\nRAA,position,2026/27,plan,-1,£m",
        facts=f"""organisation,fact,year,month,basis,group,value,unit
            RAA,unit_cost,2026/27,,plan,elective,1000,£
            RAA,unit_cost,2026/27,,plan,contacts,10,£
            {plan}
            {actual}""",
    )
    result = verbs.forecast(address)
    cost = 12 * (100 * 1000 + 1000 * 10) * 100
    change = (110 * 1000 + 1000 * 10) / (100 * 1000 + 1000 * 10) - 1
    parts = CostParts(0.3, 0.2, 0.5, 0.05)
    assert result.value("outturn/RAA/2026-27/forecast/activity") == -MILLION - cost_change(
        cost, change, parts
    )


def test_too_few_cases_give_no_interval_and_enough_give_the_conformal_one() -> None:
    assert interval([0.0] * 18) == (None, None)
    # 19 cases: ranks floor(20 x 0.1) = 2 and ceil(20 x 0.9) = 18
    assert interval([float(n) for n in range(1, 20)]) == (2.0, 18.0)


@pytest.mark.parametrize("method", METHODS)
def test_a_steady_year_is_forecast_exactly_by_every_method(method: str) -> None:
    level = dict.fromkeys(range(1, 13), -100)
    known = Months(dict.fromkeys(range(1, 5), -100), plan=level, income=1000)
    assert METHODS[method](known, 12) == -1200
    assert METHODS[method](known.upto(2), 4) == -400


def test_the_fictional_system_prints_coverage_with_its_cases() -> None:
    result = verbs.forecast(EXAMPLES / "fictional-system", organisation="XF-SYS")
    chosen = [row for row in result.tables["backtest"] if row["chosen"]]
    assert len(chosen) == 1
    assert chosen[0]["cases"] >= 19 and 0.6 <= chosen[0]["coverage"] <= 1.0
    method = chosen[0]["method"]
    parent = value(result, f"outturn/XF-SYS/2026-27/forecast/{method}")
    below = [
        f.value
        for f in result.figures
        if f.measure == "outturn"
        and f.part == method
        and f.organisation != "XF-SYS"
        and f.value is not None
    ]
    assert parent is not None and sum(v for v in below if isinstance(v, int)) / MILLION == parent
    # one range in words: where a book has schemes it is that of `risk`, and the cases are a table
    assert not any("past cases" in text for text in result.words)
    assert any("the forecast in the book" in text for text in result.words)
