"""Worked cases of delivery risk: small books whose answers can be said by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result

EXAMPLES = Path(__file__).parents[2] / "examples"
MILLION = 100_000_000
DOMAINS = ("safety", "effectiveness", "experience", "workforce_safety")
SYSTEM = """code,name,kind,parent
QAA,System,system,
RAA,One,provider,QAA
RBB,Two,provider,QAA"""


def evidence(*schemes: str) -> dict[str, str]:
    """Gates, signatures and assessments that make schemes eligible."""
    gates = ["scheme,gate,on,by,role,outcome"]
    assessments = [
        "scheme,profile,domain,likelihood,consequence,residual_likelihood,residual_consequence,signed_on"
    ]
    for scheme in schemes:
        gates += [
            f"{scheme},G3,2026-03-01,Panel,panel,passed",
            f"{scheme},QIA,2026-02-01,Dr A,medical_director,passed",
            f"{scheme},QIA,2026-02-02,Nurse B,chief_nurse,passed",
        ]
        assessments += [f"{scheme},classic,{domain},2,2,1,2,2026-02-01" for domain in DOMAINS]
    return {"gates": "\n".join(gates), "assessments": "\n".join(assessments)}


def book(folder: Path, **tables: str) -> Path:
    for name, text in tables.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


HEADING = (
    "id,organisation,title,recurrence,maturity,in_plan,start,full_year_effect,unit,low,mode,high,"
    "chance,delay_months,excludes,requires,category,owner\n"
)
CERTAIN = "1,1,1,1,0"


def money(result: Result, figure: str) -> float | None:
    value = result.value(figure)
    return None if value is None else value / MILLION


PLAN = """organisation,line,year,basis,amount,unit
    RAA,position,2026/27,plan,-10,£m
    RBB,position,2026/27,plan,-20,£m"""


def test_a_certain_scheme_in_the_plan_leaves_the_plan_and_a_control_total_is_met_to_the_penny(
    tmp_path: Path,
) -> None:
    address = book(
        tmp_path,
        organisations=SYSTEM,
        amounts=PLAN,
        **evidence("S1"),
        schemes=HEADING
        + f"S1,RAA,Bank staff,recurrent,fully_developed,yes,2026-07-15,10000000.01,£,{CERTAIN},,,pay,Head of pay",
        control_totals="organisation,year,amount,unit,status\nRAA,2026/27,-10,£m,accepted\nRBB,2026/27,-20,£m,accepted",
    )
    result = verbs.risk(address, draws=500)
    for node, pounds in (("RAA", -10), ("RBB", -20), ("QAA", -30)):
        for measure in ("outturn_mean", "outturn_p10", "outturn_p50", "outturn_p90"):
            assert money(result, f"{measure}/{node}/2026-27/forecast") == pounds
        assert result.value(f"outturn_sd/{node}/2026-27/forecast") == 0
        assert result.value(f"chance_control_total/{node}/2026-27/forecast") == 1.0
        assert result.figure(f"outturn_mean/{node}/2026-27/forecast").status == "ok"  # type: ignore[union-attr]


def test_a_scheme_without_its_gates_is_taken_out_of_the_plan_and_adds_nothing(
    tmp_path: Path,
) -> None:
    """Plan (10) counts on 12 a year from October: 6 in the year, none of which may count."""
    tables = {
        "organisations": SYSTEM,
        "amounts": PLAN,
        "schemes": HEADING
        + f"S1,RAA,Bank staff,recurrent,fully_developed,yes,2026-10-01,12,£m,{CERTAIN},,,pay,Head",
        "control_totals": "organisation,year,amount,unit,status,set_on\nRAA,2026/27,-10,£m,accepted,2026-04-01",
    }
    result = verbs.risk(book(tmp_path, **tables), draws=200)
    assert money(result, "outturn_mean/RAA/2026-27/forecast") == -16
    assert result.value("chance_control_total/RAA/2026-27/forecast") == 0.0
    assert money(result, "expected_shortfall/RAA/2026-27/forecast") == 6
    row = result.tables["schemes"][0]
    assert row["counted"] is False and "G3" in row["reason"]
    asked = verbs.risk(book(tmp_path, **tables), draws=20_000, pipeline=True)
    told = asked.tables["schemes"][0]
    assert told["counted"] and not told["eligible"]
    # what the evidence supports is an opportunity: it starts three times in ten
    mean = money(asked, "outturn_mean/RAA/2026-27/forecast")
    assert mean == pytest.approx(-16 + told["chance"] * 6, abs=4 * 6 * 0.5 / math.sqrt(20_000))
    assert told["chance"] == 0.3


def test_a_scheme_that_is_not_in_the_plan_comes_on_top(tmp_path: Path) -> None:
    address = book(
        tmp_path,
        organisations=SYSTEM,
        amounts=PLAN,
        **evidence("S1"),
        schemes=HEADING
        + f"S1,RAA,New idea,non_recurrent,fully_developed,no,2026-12-01,12,£m,{CERTAIN},,,pay,Head",
    )
    result = verbs.risk(address, draws=100)
    assert money(result, "outturn_mean/RAA/2026-27/forecast") == -6
    assert result.figure("chance_control_total/RAA/2026-27/forecast").status == "indeterminate"  # type: ignore[union-attr]


def test_expected_saving_is_chance_times_mean_share_times_in_year_effect(tmp_path: Path) -> None:
    """0.5 x (0.2 + 4 x 0.8 + 1.0) / 6 x 9 = 0.5 x 4.4 / 6 x 9 = 3.3; base (10) - 9 = (19)."""
    address = book(
        tmp_path,
        organisations=SYSTEM,
        amounts=PLAN,
        **evidence("S1"),
        schemes=HEADING
        + "S1,RAA,Drugs,recurrent,fully_developed,yes,2026-07-01,12,£m,0.2,0.8,1.0,0.5,0,,,drugs,Head",
    )
    result = verbs.risk(address, draws=100_000, independent=True)
    found = money(result, "outturn_mean/RAA/2026-27/forecast")
    spread = money(result, "outturn_sd/RAA/2026-27/forecast")
    assert found is not None and spread is not None
    assert abs(found - (-19 + 3.3)) < 4 * spread / math.sqrt(100_000)
    mean = 4.4 / 6
    variance = 0.5 * ((mean - 0.2) * (1.0 - mean) / 7 + mean**2) - (0.5 * mean) ** 2
    assert spread == pytest.approx(9 * math.sqrt(variance), rel=0.01)
    assert money(result, "outturn_p10/RAA/2026-27/forecast") == -19


def test_of_two_that_exclude_each_other_only_the_better_counts(tmp_path: Path) -> None:
    address = book(
        tmp_path,
        organisations=SYSTEM,
        amounts=PLAN,
        **evidence("S1", "S2", "S3"),
        schemes=HEADING
        + f"S1,RAA,One way,recurrent,fully_developed,no,2026-04-01,5,£m,{CERTAIN},S2,,pay,Head\n"
        + f"S2,RAA,Other way,recurrent,fully_developed,no,2026-04-01,7,£m,{CERTAIN},,,pay,Head\n"
        + f"S3,RAA,Needs the first,recurrent,fully_developed,no,2026-04-01,1,£m,{CERTAIN},,S1,pay,Head",
    )
    result = verbs.risk(address, draws=100)
    assert money(result, "outturn_mean/RAA/2026-27/forecast") == -10 + 7
    reasons = {row["scheme"]: row["reason"] for row in result.tables["schemes"]}
    assert "S2" in reasons["S1"] and "S1" in reasons["S3"] and reasons["S2"] == ""


def test_unidentified_savings_are_taken_out_and_forecasts_come_before_plans(tmp_path: Path) -> None:
    address = book(
        tmp_path,
        organisations=SYSTEM,
        **evidence("S1"),
        amounts="""organisation,line,year,basis,amount,unit
            RAA,position,2026/27,plan,0,£m
            RAA,position,2026/27,forecast,-3,£m
            RAA,savings_unidentified,2026/27,forecast,2,£m
            RBB,position,2026/27,plan,-20,£m
            RBB,savings_unidentified,2026/27,plan,4,£m""",
        schemes=HEADING
        + f"S1,RBB,Beds,recurrent,fully_developed,no,2026-04-01,1,£m,{CERTAIN},,,pay,Head",
    )
    result = verbs.risk(address, draws=50)
    assert money(result, "outturn_mean/RAA/2026-27/forecast") == -5
    assert money(result, "outturn_mean/RBB/2026-27/forecast") == -23
    assert money(result, "outturn_mean/QAA/2026-27/forecast") == -28
    assert set(result.trace["outturn_mean/QAA/2026-27/forecast"].inputs) == {
        "adjusted_surplus/RAA/2026-27/forecast",
        "adjusted_surplus/RBB/2026-27/plan",
    }


def test_who_gains_and_who_loses_falls_where_effects_say(tmp_path: Path) -> None:
    """The commissioner saves 2.0, the trust loses 2.0 and releases 0.7: the system gains 0.7."""
    address = book(
        tmp_path,
        **evidence("S1"),
        organisations=SYSTEM + "\n15E,Board,commissioner,QAA",
        amounts=PLAN + "\n15E,position,2026/27,plan,0,£m",
        schemes=HEADING
        + f"S1,15E,Fewer referrals,recurrent,fully_developed,no,2026-04-01,2,£m,{CERTAIN},,,pay,Head",
        effects="scheme,organisation,share\nS1,15E,1\nS1,RAA,-0.65",
    )
    result = verbs.risk(address, draws=50)
    assert money(result, "outturn_mean/15E/2026-27/forecast") == 2
    assert money(result, "outturn_mean/RAA/2026-27/forecast") == -11.3
    assert money(result, "outturn_mean/QAA/2026-27/forecast") == pytest.approx(-30 + 0.7)


def test_the_register_moves_the_outturn_and_the_risk_adjusted_forecast(tmp_path: Path) -> None:
    """Forecast (8.6), risks 12.0, mitigations 6.8, contingency 3.3, by chance: (10.5)."""
    address = book(
        tmp_path,
        organisations="code,name,kind\n04G,Nene,commissioner",
        amounts="organisation,line,year,basis,amount,unit\n04G,position,2013/14,forecast,-8.6,£m",
        risks="""id,organisation,title,kind,gross,unit,chance
            R1,04G,Activity,risk,20,£m,0.6
            M1,04G,Reserve,mitigation,8.5,£m,0.8""",
        facts="organisation,fact,year,basis,value,unit\n04G,contingency,2013/14,forecast,3.3,£m",
    )
    result = verbs.risk(address, draws=100_000)
    assert money(result, "risk_adjusted/04G/2013-14/forecast") == pytest.approx(-8.6 - 1.9)
    found = money(result, "outturn_mean/04G/2013-14/forecast")
    assert found == pytest.approx(-8.6 - 12.0 + 6.8, abs=4 * 10.4 / math.sqrt(100_000))
    assert result.figure("outturn_mean/04G/2013-14/forecast").status == "ok"  # type: ignore[union-attr]
    low = money(result, "outturn_p10/04G/2013-14/forecast")
    assert low == pytest.approx(-28.6)  # the risk comes without the mitigation: 0.6 x 0.2 = 12%


def test_base_uncertainty_is_nil_unless_given(tmp_path: Path) -> None:
    tables = {
        "organisations": SYSTEM,
        "amounts": PLAN,
        "facts": "organisation,fact,year,value,unit\nRAA,forecast_standard_deviation,2026/27,3,£m",
    }
    result = verbs.risk(book(tmp_path, **tables), draws=50_000)
    assert money(result, "outturn_sd/RAA/2026-27/forecast") == pytest.approx(3, rel=0.02)
    assert result.value("outturn_sd/RBB/2026-27/forecast") == 0
    assert money(result, "outturn_p10/QAA/2026-27/forecast") == pytest.approx(
        -30 - 1.2816 * 3, abs=0.1
    )


def test_support_withheld_when_off_plan_falls_a_second_time(tmp_path: Path) -> None:
    """Without the saving of 5 the trust is off plan, and its support of 4 is not paid."""
    address = book(
        tmp_path,
        organisations="code,name,kind,parent\nENG,England,nation,\nRAA,One,provider,ENG\nNHE,Centre,commissioner,ENG",
        amounts="organisation,line,year,basis,amount,unit\nRAA,position,2026/27,plan,-4,£m\nNHE,position,2026/27,plan,4,£m",
        **evidence("S1"),
        schemes=HEADING
        + "S1,RAA,Beds,recurrent,fully_developed,yes,2026-04-01,5,£m,1,1,1,0.5,0,,,pay,Head",
        transfers="""id,from,to,year,amount,unit,kind,mechanism,status,condition
            T1,NHE,RAA,2026/27,4,£m,deficit_support,resource_transfer,agreed,control total met""",
        control_totals="organisation,year,amount,unit,status,includes_support\nRAA,2026/27,0,£m,accepted,yes",
    )
    result = verbs.risk(address, draws=20_000)
    chance = result.value("chance_control_total/RAA/2026-27/forecast")
    assert chance == pytest.approx(0.5, abs=0.015)
    assert chance is not None
    without = money(result, "outturn_mean/RAA/2026-27/forecast")
    assert without == pytest.approx(-9 + 5 * chance)
    supported = money(result, "outturn_mean/RAA/2026-27/forecast/with_support")
    assert supported == pytest.approx(-9 + (5 + 4) * chance)
    assert money(result, "outturn_mean/NHE/2026-27/forecast/with_support") == pytest.approx(
        4 - 4 * chance
    )
    assert result.figure("outturn_mean/ENG/2026-27/forecast/with_support") is None or money(
        result, "outturn_mean/ENG/2026-27/forecast/with_support"
    ) == pytest.approx(without + 4)


def test_what_cannot_be_told_is_not_told(tmp_path: Path) -> None:
    address = book(
        tmp_path,
        organisations=SYSTEM,
        amounts=PLAN,
        **evidence("S1", "S2"),
        schemes=HEADING
        + f"S1,RAA,No start,recurrent,fully_developed,yes,,5,£m,{CERTAIN},,,pay,Head\n"
        + f"S2,RBB,Fine,recurrent,fully_developed,yes,2026-04-01,5,£m,{CERTAIN},,,pay,Head",
    )
    result = verbs.risk(address, draws=50)
    for node in ("RAA", "QAA"):
        assert result.figure(f"outturn_mean/{node}/2026-27/forecast").status == "indeterminate"  # type: ignore[union-attr]
    assert money(result, "outturn_mean/RBB/2026-27/forecast") == -20
    assert "SCHEME_WITHOUT_START" in [f.code for f in result.findings]


def test_a_stated_total_moves_with_the_schemes_of_bodies_that_do_not_report(tmp_path: Path) -> None:
    address = book(
        tmp_path,
        **evidence("S1", "S2"),
        organisations="""code,name,kind,parent,complete
            QAA,System,system,,no
            RAA,One,provider,QAA,""",
        amounts="organisation,line,year,basis,amount,unit\nQAA,position,2026/27,plan,-30,£m",
        schemes=HEADING
        + f"S1,RAA,On top,recurrent,fully_developed,no,2026-04-01,5,£m,{CERTAIN},,,pay,Head\n"
        + "S2,RAA,In the plan,recurrent,fully_developed,yes,2026-04-01,2,£m,1,1,1,0,0,,,pay,Head",
    )
    result = verbs.risk(address, draws=50)
    assert money(result, "outturn_mean/QAA/2026-27/forecast") == -30 + 5 - 2
    assert result.figure("outturn_mean/RAA/2026-27/forecast").status == "indeterminate"  # type: ignore[union-attr]


def test_a_merged_body_leaves_its_schemes_to_its_successor(tmp_path: Path) -> None:
    address = book(
        tmp_path,
        **evidence("S1"),
        organisations="""code,name,kind,parent,from,to
            RAA,Old,provider,,2018-04-01,2025-03-31
            RBB,New,provider,,2025-04-01,""",
        successions="predecessor,successor,on,share\nRAA,RBB,2025-04-01,1",
        amounts="organisation,line,year,basis,amount,unit\nRBB,position,2026/27,plan,-30,£m",
        schemes=HEADING
        + f"S1,RAA,Beds,recurrent,fully_developed,no,2026-04-01,5,£m,{CERTAIN},,,pay,Head",
    )
    result = verbs.risk(address, draws=50)
    assert money(result, "outturn_mean/RBB/2026-27/forecast") == -25


@pytest.mark.parametrize(
    ("terms", "code", "told"),
    [
        ("0.9,0.5,1.0,0.9,0", "ELICITATION_ORDER", False),
        ("0.5,0.8,1.0,1.4,0", "ELICITATION_RANGE", False),
        ("0.5,0.8,1.0,0.9,-1", "ELICITATION_RANGE", False),
        ("0.9,0.9,0.9,0.9,0", "ELICITATION_POINT", True),
        ("0.9,0.95,1.0,0.9,0", "ELICITATION_NARROW", True),
    ],
)
def test_terms_that_make_no_sense_or_seldom_hold(
    tmp_path: Path, terms: str, code: str, told: bool
) -> None:
    address = book(
        tmp_path,
        organisations=SYSTEM,
        amounts=PLAN,
        **evidence("S1"),
        schemes=HEADING
        + f"S1,RAA,Beds,recurrent,fully_developed,yes,2026-04-01,5,£m,{terms},,,pay,Head",
    )
    result = verbs.risk(address, draws=50)
    assert code in [f.code for f in result.findings]
    assert (result.value("outturn_mean/RAA/2026-27/forecast") is not None) is told


def test_defaults_are_marked_and_adopting_them_verifies(tmp_path: Path) -> None:
    tables = {
        "organisations": SYSTEM,
        "amounts": PLAN,
        **evidence("S1"),
        "schemes": HEADING
        + "S1,RAA,Beds,recurrent,fully_developed,yes,2026-04-01,5,£m,,,,,,,,pay,Head",
    }
    result = verbs.risk(book(tmp_path, **tables), draws=50, independent=True)
    figure = result.figure("outturn_mean/RAA/2026-27/forecast")
    assert figure is not None and figure.status == "unverified"
    assert any("delivery_chance_fully_developed" in p for p in result.trace[figure.id].parameters)
    assert any("unverified" in text for text in result.words)
    names = {"chance": "0.92", "low": "0.65", "mode": "0.9", "high": "1.05", "delay_months": "1"}
    rows = [
        f"delivery_{name}_fully_developed,{value},2013-04-01,local agreement,Director of Finance,2026-04-02"
        for name, value in names.items()
    ]
    adopted = "name,value,from,authority,adopted_by,adopted_on\n" + "\n".join(rows)
    again = verbs.risk(book(tmp_path, **tables, parameters=adopted), draws=50, independent=True)
    assert again.figure(figure.id).status == "ok"  # type: ignore[union-attr]


def test_equal_asks_give_equal_bytes_whatever_the_threads() -> None:
    address = EXAMPLES / "fictional-system"
    one = verbs.risk(address, draws=3000, threads=1).to_json()
    two = verbs.risk(address, draws=3000, threads=2).to_json()
    other = verbs.risk(address, draws=3000, seed=2).to_json()
    assert one == two != other


def test_deleting_a_scheme_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    rows = [
        f"S{n},{'RAA' if n % 2 else 'RBB'},Scheme,recurrent,fully_developed,no,2026-04-01,5,£m,0.2,0.8,1.1,0.7,1,,,pay,Head"
        for n in range(4)
    ]
    names = [f"S{n}" for n in range(4)]
    tables = {"organisations": SYSTEM, "amounts": PLAN, **evidence(*names)}
    whole = verbs.risk(book(tmp_path, **tables, schemes=HEADING + "\n".join(rows)), draws=2000)
    fewer = {"organisations": SYSTEM, "amounts": PLAN, **evidence(*names[:3])}
    less = verbs.risk(book(tmp_path, **fewer, schemes=HEADING + "\n".join(rows[:3])), draws=2000)
    for measure in ("outturn_mean", "outturn_sd", "outturn_p10"):
        figure = f"{measure}/RBB/2026-27/forecast"  # the one deleted was the other body's
        assert whole.value(figure) == less.value(figure)
    assert whole.value("outturn_mean/RAA/2026-27/forecast") != less.value(
        "outturn_mean/RAA/2026-27/forecast"
    )


def test_the_fictional_system_has_a_chance_at_every_level_and_words_for_it() -> None:
    result = verbs.risk(EXAMPLES / "fictional-system", draws=2000)
    tree = verbs.read(EXAMPLES / "fictional-system").tree
    told = {
        f.organisation
        for f in result.figures
        if f.measure == "chance_control_total" and f.value is not None
    }
    assert {tree.kind(code) for code in told} >= {"provider", "commissioner", "system", "region"}
    assert any("half of the risk" in text for text in result.words)
    first = next(text for text in result.words if "integrated care system" in text)
    assert "if only what is assured delivers" in first and "if the forecast holds" in first
    assert not any("of meeting the control total" in text for text in result.words)
    drivers = [row for row in result.tables["drivers"] if row["organisation"] == "XF-SYS"]
    assert sum(row["variance_share"] for row in drivers) == pytest.approx(1.0, abs=1e-3)
    assert len([row for row in result.tables["fan"] if row["organisation"] == "XF-SYS"]) == 12
    counted = {row["scheme"] for row in result.tables["schemes"] if row["counted"]}
    assert all(row["eligible"] for row in result.tables["schemes"] if row["scheme"] in counted)


def test_a_book_without_anything_uncertain_says_so() -> None:
    result = verbs.risk(EXAMPLES / "nene-2013")
    assert {f.status for f in result.figures} == {"indeterminate"}
    assert [f.code for f in result.findings] == ["RISK_NOTHING_UNCERTAIN"]
