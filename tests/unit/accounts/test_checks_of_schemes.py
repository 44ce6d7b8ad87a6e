"""What `check` says of schemes: evidence that lacks, what is late, what counts twice or costs more."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.accounts.checks.register import _Uses
from controltotal.core.finding import Finding
from tests.scheme_books import YEAR, Book, Rows, assessments, book, changed, gates, less, scheme
from tests.strategies import position_of

LATE = "2027-02-28"


def told(made: Book, code: str, as_at: str | None = None) -> list[Finding]:
    found = verbs.check(position_of(made, as_at)).findings
    return [one for one in found if one.code == code]


def said(made: Book, code: str, as_at: str | None = None) -> list[str]:
    return [one.message for one in told(made, code, as_at)]


def own(basis: str, amount: float, month: str = "", **more: str) -> dict[str, str]:
    """A row of money of scheme T1, in £m."""
    row = {
        "organisation": "RX1",
        "line": "pay",
        "recurrence": "recurrent",
        "year": YEAR,
        "month": month,
        "basis": basis,
        "scheme": "T1",
        "amount": str(amount),
        "unit": "£m",
    }
    return {**row, **more}


def with_rows(*rows: dict[str, str], **tables: Rows) -> Book:
    made = book(**tables)
    made["amounts"] += list(rows)
    return made


@pytest.mark.parametrize(
    ("basis", "most", "limit"),
    [
        ("plan", 12, "at most the full-year effect"),
        ("forecast", 18, "at most the full-year effect and half as much"),
    ],
)
def test_a_year_of_more_than_a_scheme_can_bring_is_told(basis: str, most: int, limit: str) -> None:
    assert told(with_rows(own(basis, most)), "PHASING_OVER_FULL_YEAR") == []
    (found,) = told(with_rows(own(basis, most + 1)), "PHASING_OVER_FULL_YEAR")
    assert (found.expected, found.found) == (limit, f"£{most + 1}.0 million")
    assert f"its {basis} in 2026/27 comes to £{most + 1}.0 million" in found.message


def test_a_forecast_that_does_not_know_of_the_slippage_is_told() -> None:
    """Live in December and not October: two months of one late, 4 of the 6 can come."""
    live = [{"scheme": "T1", "title": "Go live", "due": "2026-10-01", "done_on": "2026-12-01"}]
    (found,) = told(
        with_rows(own("forecast", 6), milestones=live), "SLIPPAGE_NOT_IN_FORECAST", LATE
    )
    assert found.message == (
        "Scheme T1 is 2 months late, yet it is forecast to save £6.0 million in 2026/27; moved by "
        "the months it is late, its plan brings £4.0 million."
    )
    assert (found.expected, found.found) == ("£4.0 million", "£6.0 million")
    assert (
        told(with_rows(own("forecast", 4), milestones=live), "SLIPPAGE_NOT_IN_FORECAST", LATE) == []
    )
    assert told(with_rows(own("forecast", 6)), "SLIPPAGE_NOT_IN_FORECAST") == []
    assert told(with_rows(own("plan", 6), milestones=live), "SLIPPAGE_NOT_IN_FORECAST", LATE) == []
    month = [{**live[0], "done_on": "2026-11-20"}]
    (one,) = said(with_rows(own("forecast", 6), milestones=month), "SLIPPAGE_NOT_IN_FORECAST", LATE)
    assert one.startswith("Scheme T1 is 1 month late,")


def test_an_opportunity_that_the_book_does_not_list_is_told_with_one_like_it() -> None:
    listed = [
        {
            "id": "BEDS-1",
            "organisation": "RX1",
            "view": "list",
            "category": "beds",
            "value": "9",
            "unit": "£m",
            "year": YEAR,
        }
    ]

    def named(name: str, rows: Rows) -> list[str]:
        made = book(schemes=[scheme("T1", opportunity=name)], opportunities=rows)
        return said(made, "OPPORTUNITY_UNKNOWN")

    assert named("BEDS-1", listed) == []
    (near,) = named("BEDS-2", listed)
    assert near.endswith("so nothing caps what it saves. Did you mean BEDS-1?")
    (far,) = named("THEATRES", listed)
    assert far == (
        "Scheme T1 draws on THEATRES, which is no opportunity of the book, so nothing caps what it "
        "saves."
    )
    assert named("BEDS-1", [{**listed[0], "unit": "€"}]) == []  # its row could not be read


def test_schemes_that_exclude_each_other_and_both_count_are_told_once() -> None:
    pair = [scheme("T1", excludes="T2"), scheme("T2", full_year_effect="8", excludes="T1")]
    (found,) = told(book("T1", "T2", schemes=pair), "EXCLUSIVE_BOTH_COUNT")
    assert found.message == (
        "Schemes T1 (Beds) and T2 (Beds) exclude each other, and both are in the plan: "
        "savings_plan counts both, so that £4.0 million of 2026/27 is in it twice; a portfolio and "
        "a forecast take one."
    )
    out = [pair[0], {**pair[1], "in_plan": "no"}]
    assert told(book("T1", "T2", schemes=out), "EXCLUSIVE_BOTH_COUNT") == []
    later = [scheme("T1", excludes="T2"), scheme("T2", start="2027-10-01")]
    (nothing,) = said(book("T1", "T2", schemes=later), "EXCLUSIVE_BOTH_COUNT")
    assert nothing.endswith("both are in the plan: a portfolio and a forecast take one.")


def test_a_scheme_that_needs_one_that_does_not_count_is_told() -> None:
    pair = [scheme("T1", requires="T2"), scheme("T2", in_plan="no")]
    (found,) = told(book("T1", "T2", schemes=pair), "REQUIRED_NOT_COUNTED")
    assert found.message == "Scheme T1 counts, but T2, which it requires, does not."
    assert (found.expected, found.found) == ("T2 counts", "it does not")
    unsafe = book("T1", "T2", schemes=[pair[0], scheme("T2")])
    unsafe["gates"] = [row for row in unsafe["gates"] if row["scheme"] == "T1"]
    (both,) = told(unsafe, "REQUIRED_NOT_COUNTED")
    assert both.message == ("Scheme T1 requires T2, which does not count, so neither does T1.")
    assert told(book("T1", "T2", schemes=[pair[0], scheme("T2")]), "REQUIRED_NOT_COUNTED") == []


def contract(kind: str, share: str = "") -> Rows:
    row = {"commissioner": "CB1", "provider": "RX1", "year": YEAR, "kind": kind}
    return [{**row, "variable_share": share} if share else row]


BOUGHT = scheme("T1", organisation="CB1", provider="RX1")


def test_what_a_scheme_is_worth_to_the_system_is_told_where_it_is_nothing_or_less() -> None:
    def worth(effects: Rows | None = None, **tables: Rows) -> dict[str, str]:
        made = book(**{"schemes": [BOUGHT], "effects": effects or [], **tables})
        found = verbs.check(position_of(made)).findings
        codes = ("COSTS_THE_SYSTEM", "ZERO_SUM", "WORTH_NOTHING")
        return {one.code: one.message for one in found if one.code in codes}

    assert worth(contracts=contract("activity")) == {
        "ZERO_SUM": "Scheme T1 brings the system nothing: zero-sum within the system: what Board "
        "gains, Trust loses."
    }
    assert worth(contracts=contract("block")) == {
        "WORTH_NOTHING": "Scheme T1 does not count: nothing is saved under a block contract: the "
        "provider is paid the same."
    }
    loss = [
        {"scheme": "T1", "organisation": "CB1", "share": "0.5"},
        {"scheme": "T1", "organisation": "RX1", "share": "-0.6"},
    ]
    assert worth(loss) == {"COSTS_THE_SYSTEM": "Scheme T1 costs the system more than it saves."}
    assert worth([loss[0], {**loss[1], "share": "-0.4"}]) == {}
    assert worth(loss, schemes=[{**BOUGHT, "in_plan": "no"}]) == {}


def test_a_gate_that_stands_above_one_that_does_not_is_told() -> None:
    skipped = less(gates(), gate="G1")
    (found,) = told(book(gates=skipped), "GATE_SKIPPED")
    assert found.message == "Scheme T1 has passed G3 but not G1."
    assert (found.expected, found.found) == ("G1 before G3", "G3")
    assert told(book(), "GATE_SKIPPED") == []


def test_a_maturity_without_its_evidence_is_told() -> None:
    nobody = book(schemes=[scheme("T1", owner="")])
    (found,) = told(nobody, "MATURITY_NOT_SUPPORTED")
    assert found.message.startswith("Scheme T1 is typed fully developed, but nobody owns it.")
    assert (found.expected, found.found) == ("an owner", "nobody")
    typed = scheme("T1", maturity="fully_developed_delivering")
    (running,) = told(book(schemes=[typed]), "MATURITY_NOT_SUPPORTED")
    assert running.message == (
        "Scheme T1 is typed fully developed delivering, but gate G4 has not been passed. It is "
        "shown as fully developed."
    )
    (both,) = told(book(schemes=[{**typed, "owner": ""}]), "MATURITY_NOT_SUPPORTED")
    assert both.found == "nobody owns it"
    (refused,) = told(book(gates=less(gates(), gate="G3")), "MATURITY_NOT_SUPPORTED")
    assert refused.message.startswith("Scheme T1 is typed fully developed, but ")
    assert told(book(), "MATURITY_NOT_SUPPORTED") == []


def test_one_that_was_decided_without_its_evidence_is_told_at_its_decision() -> None:
    rows = [scheme("T1", maturity="in_progress")]
    unsigned = less(gates(), role="chief_nurse")
    (found,) = told(book(schemes=rows, gates=unsigned), "GATE_WITHOUT_EVIDENCE")
    assert found.message.startswith("Scheme T1 passed gate G3 on 2026-05-12, but ")
    assert told(book(schemes=rows), "GATE_WITHOUT_EVIDENCE") == []
    open_ = less(unsigned, gate="G3")
    assert told(book(schemes=rows, gates=open_), "GATE_WITHOUT_EVIDENCE") == []


def test_a_review_is_overdue_from_the_day_after_it_was_due() -> None:
    made = book(assessments=changed(assessments(), {"domain": "safety"}, review_on="2026-08-31"))
    assert told(made, "REVIEW_OVERDUE", "2026-08-31") == []
    (found,) = told(made, "REVIEW_OVERDUE", "2026-09-01")
    assert found.message == "Scheme T1: the review of its quality was due on 2026-08-31."
    assert found.where == "assessments row 2; schemes row 2"


def test_a_score_that_falls_without_a_cause_is_told_with_its_domain() -> None:
    made = book(assessments=changed(assessments(), {"domain": "safety"}, mitigation=""))
    (found,) = told(made, "MITIGATION_MISSING")
    assert "the score of safety falls and no mitigation is named" in found.message
    assert found.where == "assessments row 2; schemes row 2"
    assert told(book(), "MITIGATION_MISSING") == []


def test_scores_without_a_day_are_told_where_somebody_signed() -> None:
    bare = changed(assessments(), {"domain": "safety"}, signed_on="")
    (found,) = told(book(assessments=bare), "QUALITY_NOT_DATED")
    assert "no day says when safety was assessed" in found.message
    assert told(book(assessments=bare, gates=less(gates(), gate="QIA")), "QUALITY_NOT_DATED") == []
    known = changed(bare, {"domain": "safety"}, known_on="2026-04-20")
    assert told(book(assessments=known), "QUALITY_NOT_DATED") == []


def test_a_domain_that_its_profile_does_not_have_is_told() -> None:
    rows = [*assessments(), {**assessments()[0], "domain": "parking"}]
    (found,) = told(book(assessments=rows), "DOMAIN_UNKNOWN")
    assert found.message == "Scheme T1: the profile classic has no domain parking."
    assert found.found == "parking"
    assert told(book(), "DOMAIN_UNKNOWN") == []


def test_a_consequence_of_five_after_mitigation_goes_to_a_panel() -> None:
    severe = changed(assessments(), {"domain": "safety"}, consequence="5", residual_consequence="5")
    severe = changed(severe, {"domain": "safety"}, likelihood="2", residual_likelihood="1")
    (found,) = told(book(assessments=severe), "PANEL_NEEDED")
    assert "safety keeps a consequence of 5 after mitigation" in found.message
    assert found.severity == "information"
    assert told(book(), "PANEL_NEEDED") == []


def test_rates_that_make_no_sense_are_told() -> None:
    (found,) = told(book(schemes=[scheme("T1", chance="1.2")]), "ELICITATION_RANGE")
    assert "make no sense" in found.message and "chance 1.2" in found.found
    assert told(book(schemes=[scheme("T1", chance="1")]), "ELICITATION_RANGE") == []


def test_the_uses_of_bodies_are_each_body_year_and_month_once() -> None:
    """The trust and the board in their plans, and the trust in one month beside."""
    made = with_rows(own("plan", 1, "3"), own("actual", 1, "3"))
    made["facts"] = [
        {"organisation": "CB1", "fact": "gap", "year": YEAR, "value": "1", "unit": "£m"}
    ]
    uses = _Uses(position_of(made))
    assert list(uses) == [("CB1", YEAR, ""), ("RX1", YEAR, ""), ("RX1", YEAR, "3")]
    assert len(uses) == 3
    assert [len(uses[key]) for key in uses] == [2, 1, 2]


@pytest.mark.parametrize(
    ("value", "group", "where"),
    [("11", "", "Trust"), ("11", "Surgery", "Surgery"), ("12", "", ""), ("", "", "")],
)
def test_schemes_that_together_pass_a_ceiling_of_harm_are_told(
    value: str, group: str, where: str
) -> None:
    """Two of a score of 6 each make 12."""
    made = book("T1", "T2", schemes=[scheme(code, places="P1") for code in ("T1", "T2")])
    limit = {"organisation": "RX1", "year": YEAR, "limit": "harm_ceiling", "value": value}
    made["limits"] = [{**limit, "group": group, "by": "Chief nurse"}] if value else []
    found = told(made, "HARM_OVER_CEILING")
    assert bool(found) is bool(where)
    for one in found:
        assert one.message == (
            f"In 2026/27 2 schemes meet on {where} and score 12 together, over the ceiling of 11, "
            "set by Chief nurse: T1 (6), T2 (6). None of them counts."
        )
        assert (one.expected, one.found) == ("at most 11", "12")
        assert one.where == "limits row 2; schemes row 2, row 3"
