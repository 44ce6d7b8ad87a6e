"""Small books in which one question once had two answers, each with the one that is right.

Every expected number is worked by hand from the rows of its book (`tests/data/faults/meaning`);
the working stands beside it. Money in comments is in millions of pounds, deficits in brackets.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import controltotal as package
from tests.answers import MILLION, Answer, answer, m
from tests.running import controltotal

BOOKS = Path(__file__).parents[1] / "data" / "faults" / "meaning"


def ask(verb: str, book: str, *options: str) -> Answer:
    """A verb's answer about one of the books."""
    return answer(*verb.split(), BOOKS / book, *options)


def schemes_start(found: Answer) -> dict[str, str | None]:
    """The start of each scheme of a portfolio, None where it is not chosen."""
    return {row["scheme"]: row["start"] for row in found.table("schemes")}


def test_every_book_here_is_asked_about() -> None:
    text = Path(__file__).read_text("utf-8")
    assert [
        b.name for b in sorted(BOOKS.iterdir()) if b.is_dir() and f'"{b.name}"' not in text
    ] == []


# -- support and repayment -------------------------------------------------------------------------
# succession: B lends A 2.0 in 2022/23, to be repaid in 2023/24. N follows A on 1 April 2023.
# 2023/24: N (1.0) - 2.0 repaid = (3.0); B (1.0) + 2.0 received = 1.0; S (3.0) + 1.0 = (2.0).
# The control totals are nil and include support: gaps N 3.0, B (1.0), S 2.0.


def test_the_successor_of_the_borrower_repays_and_the_system_makes_no_money() -> None:
    found = ask("position", "succession")
    with_support = {c: found.value(f"surplus_with_support/{c}/2023-24/plan") for c in "BNS"}
    assert with_support == {"B": m(1), "N": m(-3), "S": m(-2)}
    assert {c: found.value(f"gap/{c}/2023-24/plan") for c in "BNS"} == {
        "B": m(-1),
        "N": m(3),
        "S": m(2),
    }


def test_the_year_of_the_loan_is_as_it_was_before_the_merger() -> None:
    found = ask("position", "succession")
    # A (1.0) + 2.0 = 1.0; B (1.0) - 2.0 = (3.0); S (2.0)
    with_support = {c: found.value(f"surplus_with_support/{c}/2022-23/plan") for c in "ABS"}
    assert with_support == {"A": m(1), "B": m(-3), "S": m(-2)}


def test_position_and_share_say_the_same_of_a_repayment_after_a_merger() -> None:
    position, share = ask("position", "succession"), ask("share", "succession")
    paid = share.value("repayment/N/2023-24/plan/t")
    assert paid == m(2)
    alone = position.value("surplus/N/2023-24/plan")
    assert position.value("surplus_with_support/N/2023-24/plan") == alone - paid


# repaid-less-than-planned: A lends B 2.0 in 2022/23, all due in 2023/24; 0.5 is recorded.
# plan 2023/24: A (1.0) + 2.0 = 1.0; B (1.0) - 2.0 = (3.0). actual: A (1.0) + 0.5; B (1.0) - 0.5.


def test_what_was_recorded_does_not_rewrite_what_was_agreed() -> None:
    found = ask("position", "repaid-less-than-planned")
    plan = {c: found.value(f"surplus_with_support/{c}/2023-24/plan") for c in "ABS"}
    actual = {c: found.value(f"surplus_with_support/{c}/2023-24/actual") for c in "ABS"}
    assert plan == {"A": m(1), "B": m(-3), "S": m(-2)}
    assert actual == {"A": m(-0.5), "B": m(-1.5), "S": m(-2)}


def test_share_owes_nil_by_the_plan_and_one_and_a_half_million_by_the_record() -> None:
    found = ask("share", "repaid-less-than-planned")
    owed = {b: found.value(f"balance_owed/B/2023-24/{b}") for b in ("plan", "actual", "forecast")}
    # Missed is not forgiven: 2.0 - 0.5 = 1.5 stays owed after the last instalment.
    assert owed == {"plan": 0, "actual": m(1.5), "forecast": m(1.5)}


def test_support_of_september_is_not_in_the_actuals_of_april() -> None:
    """The book has April's actuals; the transfer of 2.0 is of month 6."""
    found = ask("position", "transfer-after-the-month")
    told = {c: found.value(f"surplus_with_support/{c}/2022-23/actual") for c in "ABS"}
    assert told == {"A": m(-1), "B": m(-1), "S": m(-2)}


def test_a_negative_transfer_is_refused_and_never_turned_round() -> None:
    found = ask("position", "negative-transfer")
    errors = [f for f in found.findings if f["severity"] == "error"]
    assert any("transfers row 2" in f["where"] for f in errors)
    for code in "AB":
        # Not turned round: neither A 1.0 nor B (3.0). It is nothing, or cannot be told.
        assert found.value(f"surplus_with_support/{code}/2022-23/plan") in (m(-1), None)
        assert found.value(f"surplus_with_support/{code}/2023-24/plan") in (m(-1), None)
    assert ask("check", "negative-transfer").code == 1
    assert ask("share", "negative-transfer").told("repayment") == {}


# -- parents and their children --------------------------------------------------------------------
# A 5.0 and B 1.0; S states 7.0. The children make the parent: 6.0, and the 7.0 is a finding.


@pytest.mark.parametrize(
    ("book", "measure"),
    [
        ("unidentified-parent-differs", "savings_unidentified"),
        ("cash-parent-differs", "cash"),
    ],
)
def test_a_system_holds_what_its_bodies_hold_and_a_stated_total_that_differs_is_told(
    book: str, measure: str
) -> None:
    found = ask("position", book)
    told = {code: found.value(f"{measure}/{code}/2022-23/plan") for code in "ABS"}
    assert told == {"A": m(5), "B": m(1), "S": m(6)}
    said = [f for f in found.findings if f["organisation"] == "S" and "amounts row 6" in f["where"]]
    assert said, "the stated total of 7.0 is told"
    words = " ".join(f"{f['message']} {f['expected']} {f['found']}" for f in said)
    assert "£6.0 million" in words and "£7.0 million" in words


def test_what_a_system_has_to_find_is_what_its_bodies_have_to_find() -> None:
    """Each deficit is 3.0 against nil: A 3.0 + 5.0, B 3.0 + 1.0, S 6.0 + 6.0."""
    found = ask("position", "unidentified-parent-differs")
    told = {code: found.value(f"to_find/{code}/2022-23/plan") for code in "ABS"}
    assert told == {"A": m(8), "B": m(4), "S": m(12)}


def test_a_body_that_moves_in_march_is_not_a_year_of_its_new_system() -> None:
    """A moves from S to S2 on 1 March 2023 and gives one figure for the year: no split is known."""
    found = ask("position", "moves-in-march")
    for parent in ("S", "S2"):
        figure = found.figures[f"surplus/{parent}/2022-23/plan"]
        assert (figure["value"], figure["status"]) == (None, "indeterminate")
    assert found.value("gap/S/2022-23/plan") is None
    assert found.value("surplus/A/2022-23/plan") == m(-10)
    assert found.value("surplus/B/2022-23/plan") == m(-1)
    severities = {f["severity"] for f in found.findings if f["code"] == "MOVED_IN_YEAR"}
    assert severities == {"warning"}


# -- what a scheme brings, to whom and when --------------------------------------------------------
# activity-contract: X of C saves 12.0 a year from 1 October 2026, so 6.0 in 2026/27, on an
# activity contract with P: what C gains P loses, and no cost is released. Everything is certain
# (chance 1, share 1, no delay), X is in the plan and eligible.


def test_under_an_activity_contract_the_provider_loses_what_the_commissioner_gains() -> None:
    found = ask("position", "activity-contract")
    told = found.told("savings_plan")
    assert told == {"C/2026-27/plan": m(6), "P/2026-27/plan": m(-6), "S/2026-27/plan": 0}


def test_the_portfolio_sees_the_same_effect_of_an_activity_contract() -> None:
    found = ask("portfolio", "activity-contract")
    told = found.told("portfolio_saving")
    assert told == {"C/2026-27/plan": m(6), "P/2026-27/plan": m(-6), "S/2026-27/plan": 0}


def test_risk_sees_the_same_effect_of_an_activity_contract() -> None:
    """Plans of (6.0) each that hold X: without it C (12.0) and P nil; with it (6.0) and (6.0)."""
    found = ask("risk", "activity-contract")
    told = {code: found.value(f"outturn_mean/{code}/2026-27/forecast") for code in "CPS"}
    assert told == {"C": m(-6), "P": m(-6), "S": m(-12)}
    assert found.row("schemes", scheme="X")["counted"] is True


def test_portfolio_and_risk_start_from_the_same_plan_without_the_scheme() -> None:
    """(6.0) less 6.0 is (12.0) for C; (6.0) plus the 6.0 it would lose is nil for P."""
    rows = ask("portfolio", "activity-contract").table("control_totals")
    before = {row["organisation"]: row["before_schemes"] for row in rows}
    assert before == {"C": m(-12), "P": 0, "S": m(-12)}


def test_the_register_of_schemes_sees_the_same_effect_of_an_activity_contract() -> None:
    found = ask("scheme list", "activity-contract")
    part = "2026-27/plan/fully_developed"
    told = found.told("savings_pipeline")
    assert told == {f"C/{part}": m(6), f"P/{part}": m(-6), f"S/{part}": 0}
    assert found.value("scheme_value/C/2026-27/plan/X") == 0


# portfolio-ignores-delay: A is (6.0); X of 12.0 a year from 1 October is not in the plan and
# starts late by a geometric number of months of mean 6, so q = 6/7 is the chance of each month
# more. Of the six months of the year, month n is saved where the delay is under n months:
# 1.0 x (6 - (q + ... + q^6)) = 6 q^6 = 2.379417 (the delays capped at 12 bring nothing either).

DELAYED = 6 * MILLION * 6**6 / 7**6


def test_a_portfolio_expects_a_late_scheme_to_be_late() -> None:
    found = ask("portfolio", "portfolio-ignores-delay")
    saving = found.value("portfolio_saving/A/2026-27/plan")
    assert saving == pytest.approx(DELAYED, abs=6)  # a penny a month
    assert found.value("shortfall/A/2026-27/plan") == m(6) - saving


def test_portfolio_and_risk_expect_the_same_of_a_late_scheme() -> None:
    figure = ask("risk", "portfolio-ignores-delay").figures["outturn_mean/A/2026-27/forecast"]
    saving = ask("portfolio", "portfolio-ignores-delay").value("portfolio_saving/A/2026-27/plan")
    assert figure["low"] <= m(-6) + saving <= figure["high"]


def test_a_scheme_starts_no_sooner_than_the_one_it_requires_in_every_verb() -> None:
    """X1 from April requires X2 from October: 6.0 + 6.0 = 12.0 against (15.0)."""
    found = ask("portfolio", "requires-later-start")
    assert schemes_start(found) == {"X1": "2026-10-01", "X2": "2026-10-01"}
    assert found.value("portfolio_saving/A/2026-27/plan") == m(12)
    assert found.value("shortfall/A/2026-27/plan") == m(3)
    risk = ask("risk", "requires-later-start")
    assert risk.value("outturn_mean/A/2026-27/forecast") == m(-3)
    assert risk.value("chance_control_total/A/2026-27/forecast") == 0


def test_a_scheme_starts_no_sooner_than_its_engagement_ends_in_every_verb(tmp_path: Path) -> None:
    """Engagement to 30 September: six of twelve months of 12.0 are 6.0 against (15.0).

    The book as typed hears patients under s.14Z45 after its decision, so by law nothing counts until
    the decision is taken again; where the engagement is good practice, it only moves the start.
    """
    typed = ask("portfolio", "engagement-delays")
    assert schemes_start(typed) == {"X1": None}
    assert typed.value("shortfall/A/2026-27/plan") == m(15)
    shutil.copytree(BOOKS / "engagement-delays", tmp_path / "book")
    path = tmp_path / "book" / "engagements.csv"
    path.write_text(path.read_text("utf-8").replace("s14Z45", "Healthwatch"), "utf-8")
    found = answer("portfolio", tmp_path / "book")
    assert schemes_start(found) == {"X1": "2026-10-01"}
    assert found.value("portfolio_saving/A/2026-27/plan") == m(6)
    assert found.value("shortfall/A/2026-27/plan") == m(9)
    risk = answer("risk", tmp_path / "book")
    assert risk.value("outturn_mean/A/2026-27/forecast") == m(-9)


def test_of_exclusive_schemes_every_verb_takes_the_lawful_choice_that_saves_most() -> None:
    """X1 (10) or X2 (12), X2 or X3 (9): X1 and X3 save 19.0, more than X2 alone; (15.0) + 19.0."""
    found = ask("portfolio", "exclusives-chain")
    assert found.value("portfolio_saving/A/2026-27/plan") == m(19)
    risk = ask("risk", "exclusives-chain")
    counted = {row["scheme"] for row in risk.table("schemes") if row["counted"]}
    assert counted == {"X1", "X3"}
    assert risk.value("outturn_mean/A/2026-27/forecast") == m(4)


# -- overlap ---------------------------------------------------------------------------------------


def test_two_overlapping_schemes_save_no_more_than_the_larger_in_every_verb() -> None:
    """X1 of 10.0 and X2 of 6.0 overlap and name no opportunity: 10.0 against (15.0)."""
    found = ask("portfolio", "overlap-pair")
    assert found.value("portfolio_saving/A/2026-27/plan") == m(10)
    assert found.value("shortfall/A/2026-27/plan") == m(5)
    risk = ask("risk", "overlap-pair")
    assert risk.value("outturn_mean/A/2026-27/forecast") == m(-5)
    assert risk.value("chance_control_total/A/2026-27/forecast") == 0


def test_schemes_that_overlap_with_a_third_do_not_overlap_with_each_other() -> None:
    """X1 (10) overlaps X2 (6) and X2 overlaps X3 (9): X1 and X3 together save 19.0."""
    found = ask("portfolio", "overlap-chain")
    assert found.value("portfolio_saving/A/2026-27/plan") == m(19)
    assert found.value("shortfall/A/2026-27/plan") == 0
    starts = schemes_start(found)
    assert starts["X1"] and starts["X3"]
    risk = ask("risk", "overlap-chain")
    # All three drawn: the pair X1, X2 is 10.0 and X2 beside X3 adds nothing: (15.0) + 19.0.
    assert risk.value("outturn_mean/A/2026-27/forecast") == m(4)


def test_a_scheme_larger_than_its_opportunity_saves_the_opportunity() -> None:
    """X1 of 10.0 draws on O1 of 8.0, X2 of 6.0 on O2 of 3.0 in another view, and they overlap.

    X1 alone saves 8.0; both save between 8.0 (one inside the other) and 11.0 (apart).
    """
    found = ask("portfolio", "overlap-excludes")
    assert schemes_start(found)["X1"] is not None
    saving = found.value("portfolio_saving/A/2026-27/plan")
    assert m(8) <= saving <= m(11)
    assert found.value("shortfall/A/2026-27/plan") == m(15) - saving
    risk = ask("risk", "overlap-excludes")
    assert risk.value("outturn_mean/A/2026-27/forecast") == m(-15) + saving


def test_one_opportunity_is_saved_once_however_many_schemes_draw_on_it() -> None:
    """X1 of 10.0 and X2 of 6.0 draw on O1 of 12.0: 12.0 against (15.0), and the answer says so."""
    found = ask("portfolio", "opportunity-drawn-twice")
    assert found.value("portfolio_saving/A/2026-27/plan") == m(12)
    assert found.value("shortfall/A/2026-27/plan") == m(3)
    said = [f["message"] for f in found.findings]
    said += [row["reason"] for row in found.table("schemes")]
    said += [str(row) for row in found.table("binding")]
    assert any("O1" in text for text in said), "that O1 caps them is said"
    risk = ask("risk", "opportunity-drawn-twice")
    assert risk.value("outturn_mean/A/2026-27/forecast") == m(-3)


# -- limits and margins ----------------------------------------------------------------------------


def test_a_limit_in_pounds_on_what_a_body_bears_is_kept_by_the_portfolio() -> None:
    """A may bear 8.0. X1 of 10.0 and X2 of 6.0 a year may start later: X1 from July brings 7.5
    and X2 from March 0.5, which is 8.0, the most that is lawful; (15.0) leaves 7.0."""
    found = ask("portfolio", "burden-in-money")
    assert "LIMIT_UNIT" not in found.codes
    assert found.value("portfolio_saving/A/2026-27/plan") == m(8)
    assert found.value("shortfall/A/2026-27/plan") == m(7)


def test_a_margin_that_is_missed_is_part_of_the_shortfall() -> None:
    """(15.0) + 16.0 = 1.0, and 5.0 of margin was to be kept over nil: 4.0 short."""
    found = ask("portfolio", "margin-not-met")
    assert found.value("portfolio_saving/A/2026-27/plan") == m(16)
    assert found.value("shortfall/A/2026-27/plan") == m(4)
    assert found.row("control_totals", organisation="A")["shortfall"] == m(4)


# -- a figure known within bounds, a vote, a name ---------------------------------------------------


def test_a_deficit_of_up_to_one_million_is_bounded_and_breaches_nothing() -> None:
    """A's deficit is up to 1.0, its control total nil: surplus (1.0) or better, gap 1.0 or less."""
    found = ask("position", "qualifier")
    for measure in ("surplus", "variance"):
        figure = found.figures[f"{measure}/A/2022-23/plan"]
        assert (figure["value"], figure["status"], figure["low"]) == (None, "bounded", m(-1))
    gap = found.figures["gap/A/2022-23/plan"]
    assert (gap["value"], gap["status"], gap["high"]) == (None, "bounded", m(1))
    # B is exactly (1.0), so the system is (2.0) or better.
    system = found.figures["surplus/S/2022-23/plan"]
    assert (system["value"], system["status"], system["low"]) == (None, "bounded", m(-2))
    rule = found.row("rules", organisation="A", rule="own_control_total")
    assert rule["status"] != "breached"


def test_a_tie_never_passes() -> None:
    """One for, one against, and a half written down as the threshold: more than half is needed."""
    found = ask("decide", "tied-vote")
    assert found.value("votes_for/D/2022-23/decision/share") == 0.5
    assert found.row("decisions", decision="D")["outcome"] not in ("passed", "", None)
    assert "D was passed" not in controltotal("decide", BOOKS / "tied-vote", "--detail").out


def test_the_pack_of_one_trust_does_not_open_with_the_deficit_of_another(tmp_path: Path) -> None:
    """Norfolk Coast is (1.0); Norfolk Coast Hospitals, whose name begins alike, is (50.0)."""
    book, page = BOOKS / "prefix", tmp_path / "pack.html"
    ran = controltotal("report", book, "--full", "--organisation", "T2", "--output", page)
    assert ran.code == 0
    text = page.read_text("utf-8")
    summary = re.search(r'<h2 id="answer"[^>]*>(.*?)<h2', text, re.S)
    assert summary is not None
    assert "Norfolk Coast Hospitals" not in summary[1]
    assert "£50.0" not in summary[1] and "£(50.0)" not in summary[1]
    assert "£1.0m" in summary[1]


# -- risk in the year ------------------------------------------------------------------------------
# risk-month9: nine months of 0.1 are recorded, 0.9; the forecast for the year is 0.9, so nil for
# January to March; the control total is nil. S1 (3.6 a year, in the plan, not signed) was to save
# 0.3 in each of the three months ahead: without it they are (0.9), with it whole nil, and what it
# delivers is never negative. So the year ends at nil or better whatever is drawn.


def test_nine_recorded_months_are_not_taken_back_by_an_unsigned_scheme() -> None:
    found = ask("risk", "risk-month9")
    assert found.value("outturn_p10/T1/2026-27/forecast") >= 0
    assert found.value("outturn_mean/T1/2026-27/forecast") >= 0
    # every draw meets it, and no number of draws shows that a thing always happens
    assert 0.999 < found.value("chance_control_total/T1/2026-27/forecast") < 1


def test_a_chance_that_rests_on_an_unsigned_scheme_says_so_and_names_it() -> None:
    found = ask("risk", "risk-month9")
    assert found.figures["chance_control_total/T1/2026-27/forecast"]["status"] == "unverified"
    assert any("S1" in str(row) for row in found.table("steps"))


def test_a_forecast_names_the_unsigned_scheme_it_counts_on_and_its_three_months() -> None:
    """Nine months of 0.1 stay in the fan, and the 0.9 of S1 in the three months ahead is told."""
    said = " ".join(controltotal("risk", BOOKS / "risk-month9", "--detail").out.split())
    assert (
        "counts in January to March on S1 E-rostering (£900 thousand), which is not assured" in said
    )
    assert "if only what is assured delivers at break-even" in said
    rows = ask("risk", "risk-month9").table("fan")
    assert [row["p50_pence"] for row in rows[:9]] == [m(0.1) * n for n in range(1, 10)]


# -- how long, and meanwhile -----------------------------------------------------------------------


def test_on_the_way_to_a_control_total_the_whole_deficit_must_be_funded() -> None:
    """(100.0) to a control total of (70.0) in three years: gaps 20, 10 and nil are deficits of
    90, 80 and 70, which are 90, 170 and 240 together."""
    found = ask("trajectory", "trajectory-control-total")
    gaps = [found.value(f"trajectory_gap/A/{y}/forecast/base") for y in ("2023-24", "2024-25")]
    assert [*gaps, found.value("trajectory_gap/A/2025-26/forecast/base")] == [m(20), m(10), 0]
    deficits = found.told("cumulative_deficit")
    assert deficits == {
        "A/2023-24/forecast/base": m(90),
        "A/2024-25/forecast/base": m(170),
        "A/2025-26/forecast/base": m(240),
    }


def test_a_body_in_surplus_has_no_deficit_to_be_funded_whatever_its_target(tmp_path: Path) -> None:
    """The same body at a surplus of 5.0 with a control total of 10.0: 5.0 short, and no deficit."""
    shutil.copytree(BOOKS / "trajectory-control-total", tmp_path / "book")
    for name, old, new in (("amounts", "plan,-100", "plan,5"), ("control_totals", ",-70,", ",10,")):
        table = tmp_path / "book" / f"{name}.csv"
        assert old in table.read_text("utf-8")
        table.write_text(table.read_text("utf-8").replace(old, new), "utf-8")
    found = answer("trajectory", tmp_path / "book")
    assert found.value("trajectory_gap/A/2022-23/forecast/base") == m(5)
    assert set(found.told("cumulative_deficit").values()) == {0}


def test_a_path_holds_what_ends_with_the_year_and_what_flows_into_the_next() -> None:
    """(100.0) with a one-off 8.0 that ends and with 6.0 of 12.0 that began in October: the next
    year opens at (100.0) - 8.0 + 6.0 = (102.0), and that is what three years must clear."""
    found = ask("trajectory", "trajectory-flow")
    needed = found.told("saving_needed")
    assert len(needed) == 3
    assert sum(needed.values()) == m(102)
    assert found.value("trajectory_gap/A/2029-30/forecast/base") == 0


# -- what changed ----------------------------------------------------------------------------------
# A-B: A (5.0), B (3.0). A-C: A (7.0), C (1.0). S is (8.0) in both: A (2.0) worse, B closed and
# took its (3.0) away, C opened with (1.0); -2.0 + 3.0 - 1.0 = nil.

FIRST, SECOND = BOOKS / "compare-A-B", BOOKS / "compare-A-C"


@pytest.mark.parametrize("year", ["2022/23", "2022-23"])
def test_compare_knows_a_year_as_people_write_it(year: str) -> None:
    found = package.compare(FIRST, SECOND, year=year)
    told = {figure.id: figure.value for figure in found.figures}
    assert told["change/A/2022-23/plan/surplus"] == m(-2)


def test_equal_totals_have_a_bridge_in_which_closing_and_opening_are_steps() -> None:
    found = answer("compare", FIRST, SECOND)
    rows = {row["pence"]: str(row) for row in found.table("bridge") if "S" in words_of(row)}
    assert rows.keys() >= {m(-2), m(3), m(-1)}
    assert "B" in words_of(rows[m(3)]) and "clos" in rows[m(3)]
    assert "C" in words_of(rows[m(-1)]) and "open" in rows[m(-1)]
    assert "not explained" not in " ".join(rows.values())


def words_of(row: object) -> set[str]:
    """The words of a row of a table, ids taken apart."""
    return set(re.findall(r"\w+", str(row)))


# -- rules and shares ------------------------------------------------------------------------------


def test_the_offer_to_a_trust_is_part_of_the_cap_of_its_system() -> None:
    """520 allocation + 40 other income + 6 offered to P - 0 of C + 20 of P = 586; 605 planned."""
    found = ask("position", "joint-cap-provider-offer")
    assert found.row("rules", organisation="S", rule="joint_cap")["value"] == m(586)
    assert found.row("rules", organisation="S", rule="joint_gap")["value"] == m(19)


def test_savings_already_in_the_plan_lower_the_share_in_every_view() -> None:
    """A has 10 in one view and 4 in another, and X takes 6 of the 10; B has 10 in the first view.

    Left to draw on: A 10 - 6 = 4, B 10. Of a gap of 3.0: A 3.0 x 4/14 = 0.857, B 2.143. (The
    second view may be the same money again, so it is not added.)
    """
    words = ("--gap", "£3m", "--from", "A,B", "--policy", "rapid_savings")
    found = ask("share", "rapid-two-views", *words)
    assert found.value("share/A/2022-23/plan/rapid_savings") == 85_714_286
    assert found.value("share/B/2022-23/plan/rapid_savings") == 214_285_714


def test_an_infeasible_pace_of_change_shows_no_allocations_that_exceed_the_pot() -> None:
    """The least that each may have (3.6% more, or 95% of target) is 645.428 + 482.776 + 472.729 +
    668.220 + 638.694 = 2,907.847 and the pot is 2,486.264: 421.583 short, and it says so."""
    found = ask("position", "pace-infeasible")
    rule = found.row("rules", organisation="N", rule="pace_feasible")
    assert rule["status"] == "breached"
    assert rule["consequence_pence"] == pytest.approx(-421.583 * MILLION, abs=MILLION / 1000)
    closings = [
        found.value(f"rule/C{number}/2019-20/pace_of_change")
        for number in range(5)
        if f"rule/C{number}/2019-20/pace_of_change" in found.figures
    ]
    assert sum(pence for pence in closings if pence is not None) <= 248_626_390_663
