"""What `share` answers from a book: repayments as they happen, policies, equity and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.sharing.formula import FormulaError, names_in
from controltotal.sharing.loans import (
    INTERIM_REVENUE,
    balances,
    carry,
    published_loans,
    share_repaid,
)
from controltotal.workings.repayment import Succession

Make = Callable[[Mapping[str, str]], Path]

BOOK = "key,value\ntitle,A made-up region\ndefault_unit,£m\ndefault_year,2025-26\nfictional,yes\n"
BODIES = """code,name,kind,parent,population,need_index,deprivation,deprivation_score
R,Region,region,,,,,
A,Ash,system,R,1000000,1.0,0.10,15
B,Beech,system,R,600000,1.1,0.30,28
C,Cedar,system,R,400000,0.9,0.20,20
T,Thorn,system,R,500000,1.0,0.15,24
"""
AMOUNTS = """organisation,line,year,basis,amount
A,allocation,2025-26,plan,1000
B,allocation,2025-26,plan,600
C,allocation,2025-26,plan,400
T,allocation,2025-26,plan,500
A,position,2025-26,plan,30
B,position,2025-26,plan,0
C,position,2025-26,plan,10
T,position,2025-26,plan,-40
"""
TOTALS = """organisation,year,amount,status,set_on
A,2025-26,0,accepted,2025-03-01
B,2025-26,0,accepted,2025-03-01
C,2025-26,0,accepted,2025-03-01
T,2025-26,0,accepted,2025-03-01
"""
TARGETS = """organisation,fact,year,basis,value,unit
A,target_allocation,2025-26,plan,992,£m
B,target_allocation,2025-26,plan,605,£m
C,target_allocation,2025-26,plan,396,£m
T,target_allocation,2025-26,plan,507,£m
"""
REGION = {
    "book": BOOK,
    "organisations": BODIES,
    "amounts": AMOUNTS,
    "control_totals": TOTALS,
    "facts": TARGETS,
}
LENT = "id,from,to,year,amount,kind,mechanism,status,repay_from,repay_years,interest,chance\n"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(tables: Mapping[str, str]) -> Path:
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        return tmp_path

    return write


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


# -- repayments ------------------------------------------------------------------------------------


def test_what_was_paid_stands_beside_the_plan_and_what_was_missed_falls_due_at_the_end(
    make: Make,
) -> None:
    rows = LENT + "T1,A,T,2021-22,9,neighbour_support,resource_transfer,agreed,,3,,\n"
    paid = "transfer,year,kind,amount\nT1,2022-23,repaid,1\nT1,2023-24,written_off,2\n"
    result = verbs.share(make({**REGION, "transfers": rows, "repayments": paid}))
    million = 100_000_000
    assert result.value("repayment/A/2022-23/plan/T1") == 3 * million
    assert result.value("repayment/A/2022-23/actual/T1") == million
    assert result.value("balance_owed/T/2023-24/actual/T1") == 6 * million
    # The instalment agreed for 2024/25, and in the year after it the 3 that were missed.
    assert result.value("repayment/T/2024-25/forecast/T1") == 3 * million
    assert result.value("repayment/T/2025-26/forecast/T1") == 3 * million
    assert result.value("balance_owed/T/2025-26/forecast") == 0


def test_interest_is_a_rate_on_the_opening_balance(make: Make) -> None:
    rows = LENT + "T1,A,T,2024-25,10,neighbour_support,resource_transfer,agreed,2026-27,2,0.02,\n"
    result = verbs.share(make({**REGION, "transfers": rows}))
    assert result.value("interest_due/A/2025-26/plan/T1") == 20_000_000
    assert result.value("interest_due/T/2027-28/plan/T1") == 10_000_000
    assert result.value("balance_owed/T/2025-26/plan/T1") == 1_000_000_000


def test_a_contingent_repayment_is_a_range_with_what_to_expect(make: Make) -> None:
    rows = LENT + "T1,A,T,2024-25,10,neighbour_support,resource_transfer,agreed,,2,,0.15\n"
    result = verbs.share(make({**REGION, "transfers": rows}))
    figure = result.figure("repayment/A/2025-26/plan/T1")
    assert figure is not None and (figure.low, figure.high) == (0, 500_000_000)
    assert result.value("repayment_expected/A/2025-26/plan/T1") == 75_000_000
    assert "REPAYMENT_CONTINGENT" in codes(result)


def test_more_repaid_than_owed_is_an_error_and_no_balance(make: Make) -> None:
    rows = LENT + "T1,A,T,2021-22,9,neighbour_support,resource_transfer,agreed,,3,,\n"
    paid = "transfer,year,kind,amount\nT1,2022-23,repaid,8\nT1,2023-24,repaid,8\n"
    result = verbs.share(make({**REGION, "transfers": rows, "repayments": paid}))
    assert "OVER_REPAID" in codes(result)
    figure = result.figure("balance_owed/A/2023-24/actual/T1")
    assert figure is not None and figure.value is None
    (fault,) = [f for f in result.findings if f.code == "OVER_REPAID"]
    assert fault.where == "repayments row 2, row 3" and fault.severity == "error"


def test_a_balance_left_after_the_term_is_overdue(make: Make) -> None:
    rows = LENT + "T1,A,T,2021-22,9,neighbour_support,resource_transfer,agreed,,2,,\n"
    paid = "transfer,year,kind,amount\nT1,2023-24,repaid,1\n"
    result = verbs.share(make({**REGION, "transfers": rows, "repayments": paid}))
    assert "REPAYMENT_OVERDUE" in codes(result)
    assert result.value("balance_owed/T/2023-24/forecast") == 800_000_000


def test_refused_and_lapsed_support_owes_nothing(make: Make) -> None:
    rows = LENT + "T1,A,T,2024-25,9,neighbour_support,resource_transfer,refused,,3,,\n"
    rows += "T2,B,T,2024-25,9,neighbour_support,resource_transfer,lapsed,,3,,\n"
    result = verbs.share(make({**REGION, "transfers": rows}))
    assert result.figures == ()
    assert [row["status"] for row in result.tables["not_lent"]] == ["refused", "lapsed"]


def test_three_parties_merge_and_others_claims_divide(make: Make) -> None:
    """The neighbours of 2019 in April 2026, as if the support had fallen due from 2026/27."""
    bodies = "code,name,kind,parent\nY,Region,region,\n" + "".join(
        f"{code},{code},system,Y\n" for code in ("QUE", "QHG", "QM7", "QMM", "QJG", "QCE", "QEX")
    )
    heirs = """predecessor,successor,on,share
QUE,QCE,2026-04-01,
QHG,QCE,2026-04-01,
QM7,QCE,2026-04-01,0.79
QM7,QEX,2026-04-01,0.21
"""
    rows = LENT + "".join(
        f"T-{code},{code},QUE,2025-26,5,neighbour_support,resource_transfer,agreed,,3,,\n"
        for code in ("QHG", "QM7", "QMM")
    )
    result = verbs.share(
        make({"book": BOOK, "organisations": bodies, "successions": heirs, "transfers": rows})
    )
    assert result.value("balance_owed/QUE/2025-26/plan") == 1_500_000_000
    # QHG's claim is now on itself and gone; QM7's goes to QEX by 0.21; QMM's stands.
    assert result.figure("repayment/QCE/2026-27/plan/T-QHG") is None
    assert result.value("repayment/QMM/2026-27/plan/T-QMM") == 166_666_667
    assert result.value("repayment/QEX/2026-27/plan/T-QM7") == 35_000_000
    assert result.value("repayment/QCE/2026-27/plan") == 166_666_667 + 35_000_000
    internal = [f for f in result.findings if f.code == "BALANCE_INTERNAL"]
    assert {f.organisation for f in internal} == {"QCE"}


def test_the_published_loans_roll_forward_and_follow_mergers() -> None:
    """Each year's closing is the next year's opening, once balances follow merged trusts."""
    loans = published_loans()
    assert len(loans) == 3570
    assert sum(loan.rounding != 0 for loan in loans) == 45
    interim = [loan for loan in loans if loan.category == INTERIM_REVENUE]
    assert all(loan.rounding == 0 for loan in interim)
    mergers = [  # published successions of trusts with such loans
        Succession("RQQ", "RGN", date(2017, 4, 1)),
        Succession("RR1", "RRK", date(2018, 4, 1)),
        Succession("R1E", "RRE", date(2018, 6, 1)),
        Succession("RGQ", "RDE", date(2018, 7, 1)),
        Succession("RJF", "RTG", date(2018, 7, 1)),
    ]
    for year, then in (("2016-17", "2017-18"), ("2017-18", "2018-19")):
        closing = balances(loans, year, at="closing", category=INTERIM_REVENUE)
        end = date(int(then[:4]), 3, 31)
        carried = carry(closing, mergers, after=end, until=date(end.year + 1, 3, 31))
        opening = balances(loans, then, at="opening", category=INTERIM_REVENUE)
        assert {c: p for c, p in carried.items() if p} == {c: p for c, p in opening.items() if p}
    assert round(float(share_repaid(loans)), 4) == 0.1536


def test_the_packaged_share_repaid_is_that_of_the_loans(make: Make) -> None:
    reading = verbs.read(make(REGION))
    known = reading.parameters.on("support_repaid_share", date(2025, 4, 1))
    assert abs(float(known.number) - float(share_repaid(published_loans()))) < 5e-5


# -- policies --------------------------------------------------------------------------------------


@pytest.fixture
def asked(make: Make) -> Result:
    return verbs.share(make(REGION), "£20m", to="T", repay_years=2)


def test_every_policy_places_the_whole_gap_or_says_why_not(asked: Result) -> None:
    answered = set()
    for policy in {f.part for f in asked.figures if f.measure == "share"}:
        found = [f.value for f in asked.figures if f.measure == "share" and f.part == policy]
        if None not in found:
            assert sum(v for v in found if v is not None) == 2_000_000_000, policy
            answered.add(policy)
    assert answered == {
        "top_slice",
        "equal_call",
        "headroom",
        "distance_from_target",
        "capped",
        "max_min_fair",
        "deprivation_weighted",
        "raise_nationally",
    }
    said = {f.message.split()[2] for f in asked.findings if f.code == "SHARE_INPUT_MISSING"}
    assert said == {"neighbour_support", "rapid_savings"}


def test_a_top_slice_is_taken_from_the_receiver_too_and_held(asked: Result) -> None:
    assert asked.value("share/T/2025-26/plan/top_slice") == 400_000_000
    assert asked.figure("share/T/2025-26/plan/equal_call") is None
    held = [
        row
        for row in asked.tables["support_cases"]
        if row["policy"] == "top_slice" and row["role"] == "held"
    ]
    assert {(row["organisation"], row["pence"]) for row in held} == {("R", 2_000_000_000)}


def test_figures_per_head_and_per_pound_of_allocation(asked: Result) -> None:
    assert asked.value("share_per_head/A/2025-26/plan/top_slice") == pytest.approx(8.0)
    assert asked.value("share_per_weighted_head/B/2025-26/plan/top_slice") == pytest.approx(
        4.8e6 / 660_000
    )
    assert asked.value("share_of_allocation/C/2025-26/plan/top_slice") == pytest.approx(0.008)


def test_repayment_of_each_policy_sums_to_the_receivers(asked: Result) -> None:
    for year in ("2026-27", "2027-28"):
        parts = [asked.value(f"repayment/{code}/{year}/plan/equal_call") for code in "ABC"]
        assert asked.value(f"repayment/T/{year}/plan/equal_call") == sum(p or 0 for p in parts)
    assert asked.value("balance_owed/T/2027-28/plan/equal_call") == 0


def test_equity_without_areas_ranks_whole_bodies(asked: Result) -> None:
    """Burden a head is 6.67, 11.11 and 16.67 in equal calls; most to least deprived B, C, A."""
    people = {"B": 600_000, "C": 400_000, "A": 1_000_000}
    burden = {code: 20e6 / 3 / heads for code, heads in people.items()}
    before, mean, covariance = 0.0, sum(burden[c] * people[c] for c in people) / 2e6, 0.0
    for code, heads in people.items():
        rank = (before + heads / 2) / 2e6
        covariance += heads / 2e6 * (burden[code] - mean) * (rank - 0.5)
        before += heads
    value = asked.value("equity_index/R/2025-26/plan/equal_call")
    assert value == pytest.approx(2 * covariance / mean, abs=1e-8)
    assert value is not None and value < 0, "an equal call weighs on small deprived bodies"


def test_comparison_names_what_each_policy_is_best_and_worst_at(asked: Result) -> None:
    rows = {row["policy"]: row for row in asked.tables["policies_compared"]}
    assert "smallest largest share of allocation" in rows["top_slice"]["best_at"]
    assert not any("score" in key for row in rows.values() for key in row)


def test_a_limit_of_the_book_is_a_ceiling(make: Make) -> None:
    limits = (
        "organisation,year,limit,value,unit\nA,2025-26,share_of_burden,0.25,\n"
        "B,2025-26,share_of_burden,6,£m\n"
    )
    result = verbs.share(make({**REGION, "limits": limits}), "£20m", to="T", policy="equal_call")
    given = [result.value(f"share/{code}/2025-26/plan/equal_call") for code in "ABC"]
    assert given == [500_000_000, 600_000_000, 900_000_000]


def test_what_cannot_be_placed_is_said_and_nothing_is_placed(make: Make) -> None:
    result = verbs.share(make(REGION), "£41m", to="T", policy="headroom")
    assert result.value("share/A/2025-26/plan/headroom") is None
    (fault,) = [f for f in result.findings if f.code == "SHARE_NOT_PLACED"]
    assert "£1.0 million" in fault.message


def test_a_users_formula_divides_the_gap(make: Make) -> None:
    book = make(REGION)
    plain = verbs.share(book, "£20m", to="T", policy="formula: allocation * (1 - 0)")
    assert plain.value("share/A/2025-26/plan/formula") == 1_000_000_000
    tilted = verbs.share(book, "£20m", to="T", policy="formula: allocation * (1 - deprivation)")
    total = 1000 * 0.9 + 600 * 0.7 + 400 * 0.8
    assert tilted.value("share/A/2025-26/plan/formula") == pytest.approx(
        2e9 * 900 / total, rel=1e-5
    )


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "allocation.real", "1 if 1 else 2", "[1]", "allocation(", "x" * 600],
)
def test_a_formula_runs_nothing_else(make: Make, text: str) -> None:
    with pytest.raises((BookError, FormulaError)):
        names_in(text)
        verbs.share(make(REGION), "£1m", to="T", policy=f"formula: {text}")


def test_a_formula_that_divides_by_nil_or_weighs_nobody_is_refused(make: Make) -> None:
    book = make(REGION)
    for text in ("1 / (allocation - allocation)", "0 - allocation"):
        with pytest.raises(BookError):
            verbs.share(book, "£1m", to="T", policy=f"formula: {text}")


def test_one_pot_divides_by_what_each_spends_itself(make: Make) -> None:
    bodies = "code,name,kind,parent\nS,System,system,\nI,Board,commissioner,S\nP,Trust,provider,S\n"
    amounts = """organisation,line,year,basis,counterparty,amount
I,allocation,2025-26,plan,,100
P,patient_care_income,2025-26,plan,I,60
P,other_income,2025-26,plan,,20
P,pay,2025-26,plan,,80
"""
    book = make({"book": BOOK, "organisations": bodies, "amounts": amounts})
    strict = verbs.share(book, "£6m", policy="top_slice")
    assert strict.value("share/P/2025-26/plan/top_slice") is None
    pot = verbs.share(book, "£6m", policy="top_slice", pot=True)
    assert pot.value("share/I/2025-26/plan/top_slice") == 200_000_000  # 40 of 120
    assert pot.value("share/P/2025-26/plan/top_slice") == 400_000_000


@pytest.mark.parametrize(
    "options",
    [
        {"to": "NOBODY"},
        {"to": "T", "from_": ("T",)},
        {"from_": ("A", "A")},
        {"policy": "fairness"},
        {"repay_years": 0},
        {"repay_years": 51},
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    make: Make, options: dict[str, object]
) -> None:
    with pytest.raises(BookError):
        verbs.share(make(REGION), 100, **options)  # type: ignore[arg-type]


def test_order_of_rows_changes_no_figure(make: Make, tmp_path: Path) -> None:
    first = {f.id: f.value for f in verbs.share(make(REGION), "£20m", to="T").figures}
    head, *rows = BODIES.strip().split("\n")
    turned = {**REGION, "organisations": "\n".join([head, *reversed(rows)]) + "\n"}
    second = {f.id: f.value for f in verbs.share(make(turned), "£20m", to="T").figures}
    assert first == second


def test_equal_inputs_give_equal_bytes(make: Make) -> None:
    book = make(REGION)
    texts = {verbs.share(book, "£20m", to="T", repay_years=3).to_json() for _ in range(3)}
    assert len(texts) == 1
    assert json.loads(texts.pop())["verb"] == "share"


def test_rapid_savings_takes_what_is_not_yet_in_the_plan(make: Make) -> None:
    """A has 7 + 5 listed and schemes for 9 of the 7 and 2 of the 5: 3 left. B has 6 left of 6."""
    lists = """id,view,organisation,category,value,year,parent
OA,unit_cost,A,all,12,2025-26,
OA1,unit_cost,A,one,7,2025-26,OA
OA2,unit_cost,A,two,5,2025-26,OA
OB,unit_cost,B,all,6,2025-26,
"""
    schemes = """id,organisation,title,recurrence,maturity,in_plan,full_year_effect,opportunity
S1,A,One,recurrent,fully_developed,yes,9,OA1
S2,A,Two,recurrent,in_progress,yes,2,OA2
S3,A,Three,recurrent,opportunity,no,1,OA2
"""
    book = make({**REGION, "opportunities": lists, "schemes": schemes})
    result = verbs.share(book, "£6m", from_=("A", "B"), policy="rapid_savings")
    assert result.value("share/A/2025-26/plan/rapid_savings") == 200_000_000
    assert result.value("share/B/2025-26/plan/rapid_savings") == 400_000_000
    short = verbs.share(book, "£10m", from_=("A", "B"), policy="rapid_savings")
    assert short.value("share/A/2025-26/plan/rapid_savings") is None


def test_an_allocation_is_not_summed_around_a_hole(make: Make) -> None:
    bodies = """code,name,kind,parent
S1,One,system,
S2,Two,system,
I1,First,commissioner,S1
I2,Second,commissioner,S1
I3,Third,commissioner,S2
"""
    amounts = "organisation,line,year,basis,amount\nI1,allocation,2025-26,plan,60\n"
    amounts += "I3,allocation,2025-26,plan,40\n"
    book = make({"book": BOOK, "organisations": bodies, "amounts": amounts})
    result = verbs.share(book, "£1m", from_=("S1", "S2"), policy="top_slice")
    assert result.value("share/S2/2025-26/plan/top_slice") is None
    (fault,) = [f for f in result.findings if f.code == "SHARE_INPUT_MISSING"]
    assert fault.organisation == "S1"


def test_an_allocation_below_nil_is_not_sliced(make: Make) -> None:
    wrong = AMOUNTS.replace("C,allocation,2025-26,plan,400", "C,allocation,2025-26,plan,-400")
    result = verbs.share(make({**REGION, "amounts": wrong}), "£1m", to="T", policy="top_slice")
    assert result.value("share/A/2025-26/plan/top_slice") is None and result.findings


def test_check_tells_of_more_repaid_than_owed(make: Make) -> None:
    rows = LENT + "T1,A,T,2021-22,9,neighbour_support,resource_transfer,agreed,,3,,\n"
    paid = "transfer,year,kind,amount\nT1,2022-23,repaid,10\n"
    result = verbs.check(make({**REGION, "transfers": rows, "repayments": paid}))
    assert "OVER_REPAID" in codes(result) and result.has_errors


def test_a_repayment_without_a_term_has_no_schedule_and_says_so(make: Make) -> None:
    rows = LENT + "T1,A,T,2024-25,9,neighbour_support,resource_transfer,agreed,2026-27,,,\n"
    rows += "T2,B,T,2024-25,9,neighbour_support,resource_transfer,agreed,,2.5,,\n"
    result = verbs.share(make({**REGION, "transfers": rows}))
    faults = [f for f in result.findings if f.code == "REPAYMENT_TERM_MISSING"]
    assert [f.where for f in faults] == ["transfers row 2", "transfers row 3"]
    assert result.figures == ()


def test_early_exit_saves_interest_and_a_default_loses_what_is_left(make: Make) -> None:
    rows = LENT + "T1,A,T,2024-25,9,neighbour_support,resource_transfer,agreed,,3,0.01,\n"
    result = verbs.share(make({**REGION, "transfers": rows}))
    second = result.tables["exit_or_default"][1]
    assert second["year"] == "2026-27"
    assert second["exit_pays"] == second["default_loses"] == 600_000_000
    assert second["interest_saved"] == 3_000_000  # 1% of the 3 left in the third year


def test_a_receiver_that_bears_a_part_itself_is_moved_by_the_rest(asked: Result) -> None:
    """Of 20, T bears 4 of its own: 16 come to it, and its (40) stands at (24) before savings."""
    rows = [row for row in asked.tables["support_cases"] if row["policy"] == "top_slice"]

    def at(mechanism: str, stage: str, role: str = "receiver") -> set[int]:
        return {
            row["pence"] // 1_000_000_00
            for row in rows
            if (row["mechanism"], row["stage"], row["role"]) == (mechanism, stage, role)
        }

    assert at("resource_transfer", "before") == {-40 + 16 - 4}
    assert at("resource_transfer", "after") == {-40 + 16}
    assert at("position_improvement", "before") == {-40}
    assert at("position_improvement", "after") == {-40 + 4}
    assert at("allocation_reduction", "before") == {-40 - 4}
    assert at("allocation_reduction", "after") == {-40}
    assert at("resource_transfer", "before", "region") == {0}
    assert at("resource_transfer", "after", "region") == {20}


def test_measures_of_deprivation_that_disagree_are_both_said(make: Make) -> None:
    """A bears least a head: least deprived by share in the worst fifth, and most by score."""
    bodies = BODIES.replace("0.10,15", "0.10,40").replace("0.20,20", "0.40,12")
    found = verbs.share(make({**REGION, "organisations": bodies}), "£18m", policy="equal_call")
    said = [f for f in found.findings if f.code == "EQUITY_MEASURES_DISAGREE"]
    assert len(said) == 1 and "less deprived bodies by mean score" in said[0].message
    agreed = verbs.share(make(REGION), "£18m", policy="equal_call")
    assert "EQUITY_MEASURES_DISAGREE" not in codes(agreed)


def test_a_payer_without_people_leaves_the_burden_a_head_untold(make: Make) -> None:
    bodies = BODIES.replace("B,Beech,system,R,600000", "B,Beech,system,R,")
    found = verbs.share(make({**REGION, "organisations": bodies}), "£18m", policy="equal_call")
    (said,) = [f for f in found.findings if f.code == "EQUITY_INPUT_MISSING"]
    assert said.message == "Burden a head cannot be told for B: no population is known."
    assert found.value("equity_index/R/2025-26/plan/equal_call") is None
