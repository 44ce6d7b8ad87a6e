"""Worked cases of schemes: the deliberate ones of the fictional system, and who gains and loses."""

from __future__ import annotations

from pathlib import Path

import pytest

import controltotal
from controltotal.book.fold import Position
from controltotal.core.result import Result
from controltotal.programme.eligibility import EligibleScheme, IneligibleError
from tests.scheme_books import YEAR, assessments, book, gates, scheme
from tests.strategies import position_of

BOOK = Path(__file__).parents[2] / "examples" / "fictional-system"


@pytest.fixture(scope="module")
def fictional() -> Position:
    return controltotal.read(BOOK)


@pytest.fixture(scope="module")
def position(fictional: Position) -> Result:
    return controltotal.position(fictional)  # type: ignore[no-any-return, operator]


@pytest.fixture(scope="module")
def schemes(fictional: Position) -> Result:
    return controltotal.schemes(fictional)  # type: ignore[no-any-return]


NOT_COUNTED = {
    "COM-51": ("GATE_MISSING", "gate G3 has not been passed"),
    "ALD-56": ("QUALITY_REJECTED", "Safe: residual score 16"),
    "AMB-51": ("QUALITY_REJECTED", "Safety of the workforce: residual score 16"),
    "FTH-51": ("SIGNATURE_LAPSED", "from £2.4m to £3.6m"),
    "ALD-51": ("HARM_CEILING", "over the ceiling of 24"),
    "ALD-52": ("HARM_CEILING", "over the ceiling of 24"),
    "ALD-53": ("HARM_CEILING", "over the ceiling of 24"),
    "ALD-54": ("HARM_CEILING", "over the ceiling of 24"),
    "ALD-55": ("HARM_CEILING", "over the ceiling of 24"),
    "ICB-51": ("WORTH_NOTHING", "nothing is saved under a block contract"),
    "COM-52": ("SIGNATURE_OF_OWNER", "is the owner"),
    "HOL-51": ("SIGNATURE_MISSING", "the chief nurse has not signed"),
    "FTH-52": ("SIGNATURE_TWICE", "signed as medical director and as chief nurse"),
    "MHT-52": ("QUALITY_DOMAIN_MISSING", "Equitable"),
    "ICB-53": ("GATE_FAILED", "failed on 2026-10-05"),
}


@pytest.mark.parametrize("scheme", NOT_COUNTED)
def test_no_deliberate_case_counts_and_each_is_listed_with_its_reason(
    scheme: str, position: Result, schemes: Result
) -> None:
    code, words = NOT_COUNTED[scheme]
    listed = {row["scheme"]: row for row in position.tables["schemes_not_counted"]}
    assert code in listed[scheme]["codes"] and words in listed[scheme]["reason"]
    row = next(r for r in schemes.tables["schemes"] if r["scheme"] == scheme)
    assert not row["counted"] and row["in_plan"]


def test_the_counted_saving_is_the_plan_less_those_that_do_not_count(
    position: Result, schemes: Result
) -> None:
    """Told again from the table: planned months of what counts. ICB-52 is worth 35p in the pound,
    and what MHT-51 saves one body another loses."""
    counted = [row for row in schemes.tables["schemes"] if row["counted"] and row["in_plan"]]
    whole = sum(row["plan_pence"] for row in counted)
    plans = {row["scheme"]: row["plan_pence"] for row in counted}
    lost = round(plans["ICB-52"] * 0.65) + plans["MHT-51"]
    assert position.value("savings_plan/XF-SYS/2026-27/plan") == whole - lost
    bodies = ("XF-ICB", "XF-FTH", "XF-ALD", "XF-HOL", "XF-MHT", "XF-COM", "XF-AMB")
    parts = [position.value(f"savings_plan/{code}/2026-27/plan") or 0 for code in bodies]
    assert sum(parts) == position.value("savings_plan/XF-SYS/2026-27/plan")


def test_savings_follow_a_merger(position: Result) -> None:
    ids = {figure.id for figure in position.figures}
    assert "savings_plan/XF-AHH/2027-28/plan" in ids
    assert "savings_plan/XF-ALD/2027-28/plan" not in ids


def test_what_went_back_and_came_again_counts_and_went_back_is_on_record(schemes: Result) -> None:
    row = next(r for r in schemes.tables["schemes"] if r["scheme"] == "FTH-54")
    assert row["counted"]
    back = next(r for r in schemes.tables["gates"] if r["scheme"] == "FTH-54")["went_back"]
    assert back == ["G3 on 2026-07-06: Supplier withdrew: back to design"]


def test_the_quality_register_names_what_is_overdue_lapsed_rejected_and_for_a_panel(
    schemes: Result,
) -> None:
    register = {row["scheme"]: row for row in schemes.tables["quality"]}
    assert {code for code, row in register.items() if row["standing"] == "rejected"} == {
        "ALD-56",
        "AMB-51",
    }
    assert {code for code, row in register.items() if row["standing"] == "lapsed"} == {"FTH-51"}
    assert {code for code, row in register.items() if row["overdue"]} == {"MHT-53"}
    assert {code for code, row in register.items() if row["stage"] == "panel"} == {"FTH-53"}


def test_harm_meets_on_one_ward(schemes: Result) -> None:
    over = [row for row in schemes.tables["harm"] if row["over"]]
    assert [(row["group"], row["score"], row["ceiling"]) for row in over] == [
        ("Alderwick Ward 12", 40, 24.0)
    ]
    assert schemes.value("harm/XF-ALD/2026-27/plan/Alderwick Ward 12") == 40


def test_engagement_after_the_decision_is_seen(schemes: Result) -> None:
    late = {row["scheme"] for row in schemes.tables["engagement"] if row["after_decision"]}
    assert late == {"ICB-54"}


def test_checks_find_the_deliberate_schemes_and_no_other(fictional: Position) -> None:
    found = controltotal.check(fictional).findings
    codes = {
        "MATURITY_NOT_SUPPORTED",
        "HARM_OVER_CEILING",
        "REVIEW_OVERDUE",
        "ZERO_SUM",
        "WORTH_NOTHING",
        "ENGAGEMENT_AFTER_DECISION",
    }
    about = [
        f
        for f in found
        if f.where.split()[0] in ("schemes", "assessments", "gates", "engagements", "limits")
    ]
    assert {f.code for f in about} == codes
    assert sum(f.code == "MATURITY_NOT_SUPPORTED" for f in about) == 10


def test_the_fictional_forecast_by_slippage_agrees_with_the_one_stated(
    fictional: Position, schemes: Result
) -> None:
    """Months late are those between the first month planned and the first one forecast."""

    def first(scheme: str, basis: str) -> int:
        rows = [r for r in fictional.book.amounts if (r.scheme, r.basis) == (scheme, basis)]
        return min(int(r.month) for r in rows if r.amount)

    late = [row for row in schemes.tables["schemes"] if row["slip_months"]]
    assert len(late) == 4 and {row["slip_months"] for row in late} == {1, 2}
    for row in late:
        name = str(row["scheme"])
        assert first(name, "forecast") - first(name, "plan") == row["slip_months"], name


# -- who gains and who loses ----------------------------------------------------------------------


def two(**changes: str) -> dict[str, object]:
    """A commissioner's scheme that takes work from the trust: £2.0 million from 1 April."""
    row = scheme(organisation="CB1", start="2026-04-01", full_year_effect="2.0", **changes)
    early = [{**g, "on": g["on"].replace("2026", "2025")} for g in gates()]
    soon = [{**a, "signed_on": "2025-04-20"} for a in assessments()]
    return {"schemes": [row], "gates": early, "assessments": soon}


def plan(made: object) -> dict[str, float | None]:
    found = controltotal.position(made)  # type: ignore[operator]
    figures = {
        code: found.figure(f"savings_plan/{code}/{YEAR}/plan") for code in ("SYS", "CB1", "RX1")
    }
    return {
        code: None if figure.value is None else figure.value / 100_000_000
        for code, figure in figures.items()
        if figure is not None
    }


def test_the_board_saves_2_the_trust_loses_2_and_releases_point_7() -> None:
    made = book(**two())  # type: ignore[arg-type]
    made["effects"] = [
        {"scheme": "T1", "organisation": "CB1", "share": "1"},
        {"scheme": "T1", "organisation": "RX1", "share": "-0.65"},  # -2.0 of income, +0.7 of cost
    ]
    assert plan(position_of(made)) == {"SYS": 0.7, "CB1": 2.0, "RX1": -1.3}
    found = controltotal.schemes(position_of(made))
    assert found.value(f"scheme_value/CB1/{YEAR}/plan/T1") == 70_000_000


@pytest.mark.parametrize(("kind", "share"), [("block", ""), ("activity", ""), ("blended", "0.2")])
def test_without_released_cost_a_contract_gives_the_system_nothing(kind: str, share: str) -> None:
    made = book(**two(provider="RX1"))  # type: ignore[arg-type]
    made["contracts"] = [
        {
            "commissioner": "CB1",
            "provider": "RX1",
            "year": YEAR,
            "kind": kind,
            "variable_share": share,
        }
    ]
    found = controltotal.position(position_of(made))  # type: ignore[operator]
    left_out = found.tables["schemes_not_counted"]
    assert [row["codes"] for row in left_out] == ([["WORTH_NOTHING"]] if kind == "block" else [])
    # what the board gains the trust loses: 2.0 where activity is paid for, a fifth of it if blended
    moved = {"block": 0.0, "activity": 2.0, "blended": 0.4}[kind]
    told = {code: pence or 0.0 for code, pence in plan(position_of(made)).items()}
    assert told == {"SYS": 0.0, "CB1": moved} | ({"RX1": -moved} if moved else {})


def test_what_a_neighbour_loses_counts_in_its_plan_and_is_nil_to_the_system(
    position: Result,
) -> None:
    """MHT-51 moves cost from one body to another, so it counts and leaves the system where it was."""
    listed = {row["scheme"] for row in position.tables["schemes_not_counted"]}
    assert "MHT-51" not in listed


def test_a_block_with_released_cost_is_worth_what_is_released() -> None:
    """Effects are heard before the contract: the board saves nothing, the trust releases 0.7."""
    made = book(**two(provider="RX1"))  # type: ignore[arg-type]
    made["contracts"] = [{"commissioner": "CB1", "provider": "RX1", "year": YEAR, "kind": "block"}]
    made["effects"] = [{"scheme": "T1", "organisation": "RX1", "share": "0.35"}]
    assert plan(position_of(made)) == {"SYS": 0.7, "CB1": 0.0, "RX1": 0.7}


def test_a_scheme_row_that_cannot_be_read_leaves_no_sum_around_the_hole() -> None:
    made = book("T1", "T2")
    made["schemes"][1]["full_year_effect"] = "about 3"
    assert plan(position_of(made)) == {"SYS": None, "RX1": None}


def test_unidentified_savings_are_a_line_of_their_own() -> None:
    made = book()
    made["amounts"].append(
        {
            "organisation": "RX1",
            "line": "savings_unidentified",
            "year": YEAR,
            "basis": "plan",
            "amount": "5",
            "unit": "£m",
        }
    )
    found = controltotal.position(position_of(made))  # type: ignore[operator]
    assert found.value(f"savings_plan/RX1/{YEAR}/plan") == 600_000_000
    assert found.value(f"savings_unidentified/RX1/{YEAR}/plan") == 500_000_000


# -- engagement, before and after the law changed ---------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "outcome", "notified", "found"),
    [
        ("2023-11-01", "2024-01-30", "", "", set()),
        ("2023-11-01", "2024-01-31", "", "", {"NOTIFICATION_MISSING"}),
        ("2024-02-01", "2024-03-01", "", "", {"NOTIFICATION_MISSING"}),
        ("2024-02-01", "2024-03-01", "", "2024-02-01", set()),
        ("2024-02-01", "2024-03-01", "urgent for safety", "", set()),
    ],
)
def test_notification_is_due_from_31_january_2024_on(
    begins: str, ends: str, outcome: str, notified: str, found: set[str]
) -> None:
    made = book()
    made["engagements"] = [
        {
            "scheme": "T1",
            "duty": "council_consultation",
            "from": begins,
            "to": ends,
            "outcome": outcome,
        }
    ]
    if notified:
        made["engagements"].append(
            {"scheme": "T1", "duty": "secretary_of_state_notification", "notified_on": notified}
        )
    assert {f.code for f in controltotal.check(position_of(made)).findings} & {
        "NOTIFICATION_MISSING",
        "DUTY_NOT_IN_FORCE",
    } == found


def test_a_council_referred_until_30_january_2024() -> None:
    for day, wrong in (("2024-01-30", False), ("2024-01-31", True)):
        made = book()
        made["engagements"] = [{"scheme": "T1", "duty": "council_referral", "from": day, "to": day}]
        codes = {f.code for f in controltotal.check(position_of(made)).findings}
        assert ("DUTY_NOT_IN_FORCE" in codes) is wrong


def test_the_earliest_start_follows_from_the_engagement() -> None:
    made = book()
    made["engagements"] = [
        {"scheme": "T1", "duty": "public_involvement", "from": "2026-04-01", "to": "2026-11-15"}
    ]
    found = controltotal.schemes(position_of(made))
    assert found.tables["engagement"][0]["earliest_start"] == "2026-11-16"
    assert "START_BEFORE_ENGAGEMENT" in {
        f.code for f in controltotal.check(position_of(made)).findings
    }


def test_engaging_first_and_deciding_again_mends_it() -> None:
    made = book()
    made["engagements"] = [
        {"scheme": "T1", "duty": "staff_side", "from": "2026-05-20", "to": "2026-06-20"}
    ]
    codes = {f.code for f in controltotal.check(position_of(made)).findings}
    assert "ENGAGEMENT_AFTER_DECISION" in codes
    made["gates"].append({"scheme": "T1", "gate": "G3", "on": "2026-07-01", "by": "Executive"})
    codes = {f.code for f in controltotal.check(position_of(made)).findings}
    assert "ENGAGEMENT_AFTER_DECISION" not in codes


# -- reading dates ----------------------------------------------------------------------------------


def test_a_scheme_counts_from_its_decision_and_until_it_is_changed() -> None:
    made = book()
    made["schemes"][0]["known_on"] = "2026-03-01"
    made["schemes"].append(scheme(full_year_effect="20", known_on="2026-08-01"))
    for day, expected in (
        ("2026-05-11", 0),
        ("2026-05-12", 600_000_000),
        ("2026-07-31", 600_000_000),
        ("2026-08-01", 0),
    ):
        found = controltotal.position(position_of(made, as_at=day))  # type: ignore[operator]
        assert found.value(f"savings_plan/RX1/{YEAR}/plan") == expected, day
    with pytest.raises(IneligibleError):
        EligibleScheme(position_of(made), "T1")


def test_savings_plan_can_be_explained(fictional: Position) -> None:
    found = controltotal.explain(fictional, "savings_plan/XF-ALD/2026-27/plan")
    kinds = {row["kind"] for row in found.tables["tree"]}
    assert {"figure", "entry"} <= kinds


@pytest.mark.parametrize("table", ["amounts", "effects", "contracts"])
def test_nothing_is_summed_around_a_row_of_a_scheme_that_cannot_be_read(table: str) -> None:
    made = book(**two(provider="RX1"))  # type: ignore[arg-type]
    made["contracts"] = [
        {
            "commissioner": "CB1",
            "provider": "RX1",
            "year": YEAR,
            "kind": "blended",
            "variable_share": "0.5",
        }
    ]
    made["effects"] = [{"scheme": "T1", "organisation": "CB1", "share": "0.5"}]
    made["amounts"].append(
        {
            "organisation": "CB1",
            "line": "non_pay",
            "year": YEAR,
            "month": "1",
            "basis": "plan",
            "scheme": "T1",
            "amount": "0.1",
            "unit": "£m",
        }
    )
    assert plan(position_of(made))["CB1"] is not None
    column = {"amounts": "amount", "effects": "share", "contracts": "variable_share"}[table]
    made[table][-1][column] = "#REF!"
    assert plan(position_of(made))["CB1"] is None
    assert plan(position_of(made))["SYS"] is None
