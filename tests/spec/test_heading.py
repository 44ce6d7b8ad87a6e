"""Where a year is heading, on books small enough to work out by hand.

The trust of `BOOK` plans break-even by month and is 0.1 better in each of nine months; its forecast
is 0.9. S1 is to save 0.3 a month and is not signed; S2 saves 0.2 a month and is. So nil is left for
January to March: 0.9 of S1 and 0.6 of S2 are in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from controltotal import verbs
from controltotal.book.fold import Position
from tests.answers import Answer, answer_of
from tests.scheme_books import assessments, gates
from tests.strategies import Cells, amount, control_total, position_of

YEAR = "2026-27"
TRUST: list[Cells] = [{"code": "T1", "name": "First", "kind": "provider"}]
K = 1_000 * 100
"""£1,000 in pence."""


def months(basis: str, each: int, last: int, year: str = YEAR) -> list[Cells]:
    return [
        amount("T1", "position", each * 1_000, basis=basis, month=str(month), year=year)
        for month in range(1, last + 1)
    ]


def scheme(code: str, effect: int, **more: str) -> Cells:
    return {
        "id": code,
        "organisation": "T1",
        "title": f"Title of {code}",
        "recurrence": "recurrent",
        "maturity": "fully_developed",
        "start": "2026-04-01",
        "full_year_effect": str(effect * 1_000),
        "owner": "Chief operating officer",
        **more,
    }


SIGNED: Mapping[str, Sequence[Cells]] = {"assessments": assessments("S2"), "gates": gates("S2")}
BOOK: Mapping[str, Sequence[Cells]] = {
    "organisations": TRUST,
    "amounts": [
        *months("plan", 0, 12),
        *months("actual", 100, 9),
        amount("T1", "position", 900_000, basis="forecast"),
    ],
    "control_totals": [control_total("T1", 500_000)],
    "schemes": [scheme("S1", 3_600, maturity="in_progress"), scheme("S2", 2_400)],
    **SIGNED,
}


def ask(verb: str, book: Mapping[str, Sequence[Cells]], **options: Any) -> Answer:
    read: Position = position_of(book)
    return answer_of(getattr(verbs, verb)(read, **options))


def told(book: Mapping[str, Sequence[Cells]]) -> list[str]:
    return list(verbs.risk(position_of(book), draws=400).words)


# -- assured, and bringing nothing more ------------------------------------------------------------

ALIKE = ("S2", "S3", "S4")
OVERLAP: Mapping[str, Sequence[Cells]] = {
    **BOOK,
    "schemes": [
        *BOOK["schemes"],
        scheme("S3", 1_200, overlaps="S2"),
        scheme("S4", 600, requires="S1"),
    ],
    "assessments": [row for code in ALIKE for row in assessments(code)],
    "gates": [row for code in ALIKE for row in gates(code)],
}
"""S3 saves 0.1 a month, signed, of the money of which S2 saves 0.2; S4 0.05, signed, needs S1."""


def walked(found: Answer) -> dict[tuple[str, str], int]:
    return {(row["step"], row["about"]): row["pence"] for row in found.table("steps")}


def test_an_assured_scheme_whose_money_another_saves_is_not_called_unassured() -> None:
    """S1 0.9 in three months is not assured, S4 0.15 cannot count without it, and 0.3
    of the 0.6 of S2 is what S3 saves."""
    found = ask("risk", OVERLAP, draws=400)
    steps = walked(found)
    assert {about for step, about in steps if step == "does not count"} == {"S1"}
    assert steps["same money", "S2"] == -300 * K
    assert -150 * K < steps["kept out", "S4"] < 0, "it is drawn where S1 is"
    cases = {row["case"]: row["pence"] for row in found.table("cases")}
    assert cases["if only what is assured delivers"] == (900 - 900 - 150) * K
    missing = {row["step"]: row["pence"] for row in found.table("missing")}
    assert (missing["uncounted"], missing["kept_out"]) == (900 * K, 150 * K)
    assert (missing["counted"], missing["same_money"]) == ((600 + 300) * K, 300 * K)


def test_words_call_each_by_what_keeps_it_from_counting() -> None:
    said = told(OVERLAP)
    (held,) = [text for text in said if "none of them assured" in text or "not assured" in text][:1]
    assert "S1" in held and "S3" not in held and "S4" not in held
    assert "£150 thousand in it is of 1 scheme that a ceiling of harm or what it needs" in held
    assert any("£300 thousand for the same money as another scheme" in text for text in said)


def test_schemes_that_shut_each_other_out_are_not_the_same_money() -> None:
    rows = [BOOK["schemes"][1], scheme("S3", 1_200, excludes="S2")]
    found = ask("risk", {**OVERLAP, "schemes": rows}, draws=400)
    assert walked(found)["shut out", "S3"] == -300 * K


# -- a year that is over ---------------------------------------------------------------------------


def test_a_year_that_is_over_is_the_record_and_no_simulation() -> None:
    """Twelve months of 0.1: 1.2, with nothing drawn, nothing unchecked, and nothing illustrative."""
    done = {**BOOK, "amounts": [*months("plan", 0, 12), *months("actual", 100, 12)]}
    found = ask("risk", done, draws=400)
    assert found.value("outturn_mean/T1/2026-27/forecast") == 1_200 * K
    assert {one["status"] for one in found.figures.values() if "/2026-27/" in one["id"]} == {"ok"}
    said = told(done)
    assert "the year is recorded" in said[0]
    assert not any("simulation" in text.lower() or "unverified" in text for text in said)


# -- three named cases -----------------------------------------------------------------------------


def test_three_named_cases_are_sums_that_a_person_can_check() -> None:
    """Holds 0.9. Three more months of 0.1 above a plan of nil: 1.2. Without the 0.9 of S1: nil, and
    0.5 short of the control total of 0.5."""
    found = ask("risk", BOOK, draws=400)
    rows = {row["case"]: row for row in found.table("cases")}
    assert {name: row["pence"] for name, row in rows.items()} == {
        "if the forecast holds": 900 * K,
        "if the last three months repeat": 1_200 * K,
        "if only what is assured delivers": 0,
    }
    assert [row["short_pence"] for row in rows.values()] == [-400 * K, -700 * K, 500 * K]
    assert {row["to"] for row in rows.values()} == {"M9"}


def test_the_last_three_months_repeat_as_position_says() -> None:
    found = ask("risk", BOOK, draws=400)
    repeated = next(r for r in found.table("cases") if r["case"].startswith("if the last three"))
    position = ask("position", BOOK)
    assert repeated["pence"] == position.value("if_repeated/T1/2026-27/actual/last_three")


def test_savings_with_no_scheme_yet_deliver_in_no_case_of_what_is_assured() -> None:
    """0.4 without a scheme for the year: a quarter of it, 0.1, lies in the three months ahead."""
    lacking = amount("T1", "savings_unidentified", 400_000, basis="forecast")
    found = ask("risk", {**BOOK, "amounts": [*BOOK["amounts"], lacking]}, draws=400)
    rows = {row["case"]: row["pence"] for row in found.table("cases")}
    assert rows["if only what is assured delivers"] == -100 * K


def test_words_name_the_scheme_that_is_not_assured_with_its_three_months() -> None:
    said = told(BOOK)
    assert any(
        "January to March" in text and "S1" in text and "£900 thousand" in text for text in said
    )
    assert not any("S2" in text for text in said)


def test_no_chance_stands_in_words_where_nobody_stands_behind_the_rates() -> None:
    said = told(BOOK)
    assert "if only what is assured delivers at break-even" in said[0]
    assert not any("chance" in text for text in said[:4])
    assert any("illustrative" in text for text in said)


def adopted(office: str = "Finance committee") -> list[Cells]:
    """The packaged rates of the two maturities of the book, each adopted by an office."""
    levels = {"fully_developed": (0.92, 0.65, 0.9, 1.05, 1), "opportunity": (0.3, 0.1, 0.5, 0.9, 4)}
    names = ("chance", "low", "mode", "high", "delay_months")
    return [
        {
            "name": f"delivery_{name}_{level}",
            "value": str(value),
            "from": "2013-04-01",
            "authority": "local agreement",
            "adopted_by": office,
            "adopted_on": "2026-04-02",
        }
        for level, values in levels.items()
        for name, value in zip(names, values, strict=True)
    ]


def test_rates_that_an_office_adopted_put_the_range_and_the_chance_first() -> None:
    book = {**BOOK, "parameters": adopted()}
    found = ask("risk", book, draws=400)
    row = found.row("rates", organisation="T1")
    assert (row["standing"], row["chance_may_be_told"]) == ("adopted", True)
    first = told(book)[0]
    assert "adopted by Finance committee, 2 April 2026" in first
    assert "of meeting the control total" in first
    assert not any("illustrative" in text for text in told(book))


def test_one_rate_that_nobody_adopted_leaves_all_of_it_an_illustration() -> None:
    rates = [row for row in adopted() if row["name"] != "delivery_mode_opportunity"]
    row = ask("risk", {**BOOK, "parameters": rates}, draws=400).row("rates", organisation="T1")
    assert (row["standing"], row["chance_may_be_told"]) == ("illustrative", False)


def test_rates_of_a_scheme_s_own_row_count_where_an_office_adopts_them() -> None:
    own = {"chance": "0.5", "low": "0.5", "mode": "0.8", "high": "1", "delay_months": "1"}
    book = {**BOOK, "schemes": [scheme("S2", 2_400, **own)]}
    assert (
        ask("risk", book, draws=400).row("rates", organisation="T1")["standing"] == "illustrative"
    )
    office: Cells = {
        "name": "delivery_own_rates",
        "value": "1",
        "from": "2026-04-01",
        "authority": "local agreement",
        "adopted_by": "Director of Finance",
    }
    row = ask("risk", {**book, "parameters": [office]}, draws=400).row("rates", organisation="T1")
    assert (row["standing"], row["by"]) == ("adopted", "Director of Finance")


def finished(count: int) -> dict[str, Sequence[Cells]]:
    """So many schemes of last year, each with its plan and its actual of the whole year."""
    past = [
        scheme(f"P{n}", 12, start="2025-04-01", recurrence="non_recurrent", in_plan="no")
        for n in range(count)
    ]
    rows = [
        amount("T1", "pay", 12_000, basis=basis, scheme=row["id"], year="2025-26")
        for row in past
        for basis in ("plan", "actual")
    ]
    return {"schemes": past, "amounts": rows}


@pytest.mark.parametrize(("count", "standing"), [(29, "illustrative"), (30, "estimated")])
def test_rates_estimated_from_thirty_finished_schemes_may_be_told(
    count: int, standing: str
) -> None:
    past = finished(count)
    rates = [
        {k: v for k, v in row.items() if k not in ("adopted_by", "adopted_on")}
        | {"mark": "I", "from": "2025-04-01"}
        for row in adopted()
    ]
    book = {
        **BOOK,
        "schemes": [*BOOK["schemes"], *past["schemes"]],
        "amounts": [*BOOK["amounts"], *past["amounts"]],
        "parameters": rates,
    }
    row = ask("risk", book, draws=400, year=YEAR).row("rates", organisation="T1")
    assert (row["standing"], row["finished"]) == (standing, count)


# -- one range -------------------------------------------------------------------------------------


def test_forecast_names_the_step_to_its_method_and_tells_no_range_of_its_own() -> None:
    """Plan plus variance: nil, and 0.1 in each of twelve months: 1.2, so the forecast of 0.9 is 0.3
    worse."""
    said = list(verbs.forecast(position_of(BOOK)).words)
    assert any("£300 thousand worse" in text for text in said)
    assert not any("between" in text or "range" in text for text in said)


def test_a_spread_of_the_base_is_a_share_of_it_and_falls_after_the_months_recorded() -> None:
    """A tenth of 0.9 is 0.09; with both schemes certain nothing else varies."""
    sure = {"chance": "1", "low": "1", "mode": "1", "high": "1", "delay_months": "0"}
    spread: Cells = {
        "name": "base_spread",
        "value": "0.1",
        "from": "2026-04-01",
        "authority": "local agreement",
        "adopted_by": "Director of Finance",
    }
    book = {
        **BOOK,
        "schemes": [scheme("S2", 2_400, maturity="fully_developed_delivering", **sure)],
        "parameters": [spread],
    }
    found = ask("risk", book, draws=4_000)
    assert found.value("outturn_sd/T1/2026-27/forecast") == pytest.approx(90 * K, rel=0.05)
    for row in found.table("fan"):
        if row["month"] <= 9:
            assert row["p10_pence"] == row["p90_pence"] == row["month"] * 100 * K
    assert not any("carries no doubt" in text for text in told(book))


def test_a_year_to_date_told_in_one_figure_starts_the_fan_at_its_month() -> None:
    rows = [
        *months("plan", 0, 12),
        amount("T1", "position", 900_000, basis="actual", month="YTD9"),
        amount("T1", "position", 900_000, basis="forecast"),
    ]
    fan = ask("risk", {**BOOK, "amounts": rows}, draws=400).table("fan")
    assert [row["month"] for row in fan] == [9, 10, 11, 12]
    assert fan[0]["p10_pence"] == fan[0]["p90_pence"] == 900 * K


# -- support at risk -------------------------------------------------------------------------------


def supported(month: int, behind: int) -> dict[str, Sequence[Cells]]:
    """A trust with a limit of 40 in 2025/26, so many thousands behind a plan of nil each month."""
    last = "2025-26"
    return {
        "organisations": TRUST,
        "amounts": [*months("plan", 0, 12, last), *months("actual", -behind, month, last)],
        "facts": [
            {
                "organisation": "T1",
                "fact": "deficit_support_limit",
                "year": last,
                "value": "40000",
                "unit": "£k",
            }
        ],
    }


def at_risk(book: Mapping[str, Sequence[Cells]]) -> Mapping[str, Any]:
    (row,) = ask("position", book).table("support_at_risk")
    return row


def test_the_fourth_quarter_looks_at_month_9() -> None:
    """Limit 40, on plan to month 6 as stated, 0.1 behind in each month: at month 9 it is 0.9 short,
    and the 10 of the fourth quarter is withheld; three quarters, 30, were paid."""
    book = supported(9, 100)
    said = [
        {"organisation": "T1", "fact": "on_plan", "year": "2025-26", "month": m, "value": "1"}
        for m in ("3", "6")
    ]
    row = at_risk({**book, "facts": [*book["facts"], *said]})
    assert (row["quarter"], row["looks_at"], row["to"]) == ("Q4", "M9", "M9")
    assert (row["limit_pence"], row["paid_pence"]) == (40_000 * K, 30_000 * K)
    assert (row["at_risk_pence"], row["improvement_pence"]) == (10_000 * K, 900 * K)


def test_a_quarter_ahead_is_at_risk_on_what_is_known_so_far() -> None:
    row = at_risk(supported(8, 100))
    assert (row["quarter"], row["looks_at"], row["to"]) == ("Q4", "M9", "M8")
    assert row["improvement_pence"] == 800 * K
    assert row["paid_pence"] == 10_000 * K  # the first; the second and third were off plan


def test_on_plan_nothing_is_at_risk_and_after_month_9_nothing_is_left_to_lose() -> None:
    assert at_risk(supported(9, 0))["at_risk_pence"] == 0
    row = at_risk(supported(10, 0))
    assert (row["quarter"], row["at_risk_pence"], row["paid_pence"]) == ("", 0, 40_000 * K)


def test_support_of_another_year_hangs_on_its_own_condition() -> None:
    """The forecast of 0.9 against a control total of 1.5 is 0.6 short, and 2.0 hangs on it."""
    transfer: Cells = {
        "id": "D1",
        "from": "N0",
        "to": "T1",
        "year": YEAR,
        "amount": "2000000",
        "kind": "deficit_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
        "condition": "paid where the control total is met",
    }
    book = {
        **BOOK,
        "organisations": [*TRUST, {"code": "N0", "name": "Nation", "kind": "nation"}],
        "control_totals": [control_total("T1", 1_500_000, includes_support="no")],
        "transfers": [transfer],
    }
    row = at_risk(book)
    assert (row["at_risk_pence"], row["improvement_pence"]) == (2_000 * K, 600 * K)


# -- net risk --------------------------------------------------------------------------------------


def risk(code: str, gross: int, chance: float, known: str = "", kind: str = "risk") -> Cells:
    row = {
        "id": code,
        "organisation": "T1",
        "title": code,
        "kind": kind,
        "gross": str(gross * 1_000),
    }
    return {**row, "chance": str(chance)} | ({"known_on": known} if known else {})


def test_net_risk_this_month_and_last() -> None:
    """Now: risks 1.2 and 0.4 at a half and a quarter, a mitigation of 0.3 at a third and a bit, so
    weighted -0.6 - 0.1 + 0.12. In December the first was 0.8 at a half and the second unknown."""
    register = [
        risk("R1", 800, 0.5, "2026-12-10"),
        risk("R1", 1_200, 0.5, "2027-01-12"),
        risk("R2", 400, 0.25, "2027-01-12"),
        risk("M1", 300, 0.4, kind="mitigation"),
    ]
    found = ask("position", {**BOOK, "risks": register})
    now, then = found.table("net_risk")
    assert (now["when"], then["when"]) == ("this month", "last month")
    assert (now["gross_pence"], now["mitigated_pence"]) == (-1_600 * K, 300 * K)
    assert (now["net_pence"], now["weighted_pence"]) == (-1_300 * K, -580 * K)
    assert (now["best_pence"], now["likely_pence"], now["worst_pence"]) == (
        1_200 * K,
        320 * K,
        -700 * K,
    )
    assert (then["gross_pence"], then["weighted_pence"]) == (-800 * K, -280 * K)
    register_rows = found.table("risk_register")
    assert [
        (r["risk"], r["gross_pence"] // K, r["weighted_pence"] // K, r["gross_last_month_pence"])
        for r in register_rows
    ] == [
        ("R1", -1_200, -600, -800 * K),
        ("M1", 300, 120, 300 * K),
        ("R2", -400, -100, None),
    ], "M1 has no day and stood all along; nobody knew R2 a month before"
    likely = ask("risk", {**BOOK, "risks": register}, draws=50)
    assert now["likely_pence"] == likely.value("risk_adjusted/T1/2026-27/forecast")


def test_a_register_without_days_has_no_last_month() -> None:
    found = ask("position", {**BOOK, "risks": [risk("R1", 800, 0.5)]})
    assert [row["when"] for row in found.table("net_risk")] == ["this month"]


# -- cash, capital, suppliers ----------------------------------------------------------------------


def test_cash_capital_and_suppliers_are_told_where_the_book_states_them() -> None:
    rows = [
        *BOOK["amounts"],
        amount("T1", "cash", 500_000, basis="plan", month="9"),
        amount("T1", "cash", 300_000, basis="actual", month="9"),
        amount("T1", "cash", 200_000, basis="forecast", month="12"),
    ]
    fact: Cells = {"organisation": "T1", "year": YEAR}
    facts: list[Cells] = [
        {**fact, "fact": "capital_limit", "value": "900000", "unit": "£"},
        {**fact, "fact": "capital_spend", "basis": "forecast", "value": "1000000", "unit": "£"},
        *(
            {
                **fact,
                "fact": "capital_spend",
                "basis": "actual",
                "month": str(n),
                "value": "50000",
                "unit": "£",
            }
            for n in range(1, 10)
        ),
        {**fact, "fact": "bppc_number", "basis": "actual", "month": "9", "value": "0.91"},
        {**fact, "fact": "bppc_value", "basis": "actual", "month": "9", "value": "0.94"},
    ]
    found = ask("position", {**BOOK, "amounts": rows, "facts": facts})
    assert [
        (r["month"], r["plan_pence"], r["actual_pence"], r["forecast_pence"])
        for r in found.table("cash")
    ] == [(9, 500 * K, 300 * K, None), (12, None, None, 200 * K)]
    (capital,) = found.table("capital")
    assert (capital["actual_pence"], capital["left_pence"]) == (450 * K, -100 * K)
    (prompt,) = found.table("suppliers")
    assert (prompt["number_share"], prompt["value_share"]) == (0.91, 0.94)
    said = " ".join(verbs.position(position_of({**BOOK, "amounts": rows, "facts": facts})).words)
    assert "£300 thousand against a plan of £500 thousand" in said
    assert "£100 thousand over it" in said and "91% by number and 94% by value" in said


def test_what_a_book_does_not_state_has_no_row() -> None:
    found = ask("position", BOOK)
    for table in ("cash", "capital", "suppliers", "net_risk", "support_at_risk"):
        assert found.document["tables"].get(table, []) == []
