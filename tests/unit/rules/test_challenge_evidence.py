"""The evidence of a challenge, one function at a time, on the smallest books that show each."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.rules import challenge_evidence as evidence
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

BEFORE = "2025-26"


def totals(*rows: Cells, as_at: date | None = None, **tables: list[Cells]) -> Totals:
    return Workings(position_of(book(*rows, tree=TREE, **tables), as_at)).totals


def fact(name: str, value: str, code: str = "T1", year: str = YEAR, **more: str) -> Cells:
    return {"organisation": code, "year": year, "fact": name, "value": value, **more}


def planned(value: str, **more: str) -> Totals:
    return totals(facts=[fact("savings_planned", value, **more)])


@pytest.mark.parametrize(
    ("gap", "to_find", "pence", "rule"),
    [
        (300, 900, 1_300, "savings planned plus the gap"),
        (0, 900, 1_000, "savings planned, which meet it"),
        (-50, 900, 1_000, "savings planned, which meet it"),
        (None, 900, 900, "what is still to find"),  # without a gap nobody knows what is asked
        (None, 0, None, ""),
        (None, None, None, ""),
    ],
)
def test_the_saving_asked_is_what_is_planned_and_what_is_missing(
    gap: int | None, to_find: int | None, pence: int | None, rule: str
) -> None:
    found = evidence.asked(planned("10", unit="£"), "T1", YEAR, "plan", gap, to_find)
    assert (found and found.value, found.rule if found else "") == (pence, rule)
    if found and gap is not None:
        assert found.inputs == (f"gap/T1/{YEAR}/plan",) and len(found.entries) == 1
    elif found:
        assert found.inputs == (f"to_find/T1/{YEAR}/plan",)


def test_what_is_still_to_find_is_asked_where_no_saving_is_planned() -> None:
    for gap in (None, 300):
        found = evidence.asked(totals(), "T1", YEAR, "plan", gap, 7)
        assert found is not None and found.value == 7


def test_delivered_savings_are_those_of_earlier_years_in_money() -> None:
    rows = [
        fact("savings_delivered", "5", year=year, unit="£") for year in ("2024-25", BEFORE, YEAR)
    ]
    rows.append(fact("savings_delivered", "9", code="T2", year=BEFORE, unit="£"))
    known = totals(facts=rows)
    found = evidence.delivered(known, "T1", YEAR)
    assert {year: one.value for year, one in found.items()} == {"2024-25": 500, BEFORE: 500}
    assert list(evidence.delivered(known, "T1", BEFORE)) == ["2024-25"]
    assert evidence.others_delivered(known, "T1", YEAR) == []  # of nothing that it is a share of


def test_what_others_of_its_kind_delivered_is_a_share_of_their_turnover() -> None:
    rows = [
        fact("savings_delivered", "5", code=c, year=BEFORE, unit="£") for c in ("T1", "T2", "S1")
    ]
    rows += [fact("turnover", "50", code=c, year=BEFORE, unit="£") for c in ("T1", "T2", "S1")]
    found = evidence.others_delivered(totals(facts=rows), "T1", YEAR)
    assert [(code, year, float(share)) for code, year, share in found] == [("T2", BEFORE, 0.1)]


def test_a_saving_is_a_share_of_turnover_else_of_income() -> None:
    turned = evidence.whole_of(totals(facts=[fact("turnover", "50", unit="£")]), "T1", YEAR)
    assert turned is not None and turned.value == 5_000
    income = evidence.whole_of(totals(amount("T1", "other_income", 7)), "T1", YEAR)
    assert income is not None and (income.value, income.rule) == (700, "income of the plan")
    assert evidence.whole_of(totals(amount("T1", "pay", 7)), "T1", YEAR) is None
    allocated = totals(
        amount("S1", "allocation", 80), facts=[fact("turnover", "50", "S1", unit="£")]
    )
    found = evidence.whole_of(allocated, "S1", YEAR)
    assert found is not None and (found.value, found.rule) == (8_000, "allocation as stated")


def test_claims_are_those_of_a_body_and_year_that_speak_of_its_fair_share() -> None:
    def claim(code: str, year: str, grounds: str, answer: str = "") -> Cells:
        row = {"organisation": code, "year": year, "by": f"{grounds} {answer}"}
        return {**row, "on": "2026-05-01", "grounds": grounds, "answer": answer}

    known = totals(
        challenges=[
            claim("T1", YEAR, "We are UNDERFUNDED"),
            claim("T1", YEAR, "It is too late", "it is a Fair Share all the same"),
            claim("T1", YEAR, "It is too late"),
            claim("T2", YEAR, "We are underfunded"),
            claim("T1", BEFORE, "They are overfunded"),
        ]
    )
    found = evidence.claims(known.position, "T1", YEAR)
    assert [row.grounds for row in found] == ["We are UNDERFUNDED", "It is too late"]
    assert len(evidence.claims(known.position, "T1", BEFORE)) == 1


def test_distances_of_other_areas_are_those_with_a_name() -> None:
    rows = [
        fact("distance_from_target", "0.02", group="Kent", note="published"),
        fact("distance_from_target", "-0.01"),
        fact("turnover", "9", group="Kent", unit="£"),
        fact("distance_from_target", "0.03", code="T2", group="Essex"),
    ]
    (one,) = evidence.near_distances(totals(facts=rows), "T1")
    assert one[:2] == ("Kent", YEAR) and one[3] == "published"
    assert (one[2].value, one[2].unit) == (0.02, "share")


@pytest.mark.parametrize(
    ("months", "pence"), [(("",), -300), (tuple(map(str, range(1, 13))), None), (("1", "2"), None)]
)
def test_a_variance_is_that_of_the_whole_year(months: tuple[str, ...], pence: int | None) -> None:
    done = [amount("T1", "position", -5, basis="actual", month=month) for month in months]
    found = evidence.variance(totals(amount("T1", "position", -2), *done), "T1", YEAR)
    if len(months) == 12:
        assert found is not None and found.value == -6_000 + 200
    else:
        assert (found and found.value) == pence


def test_notice_is_the_days_between_the_setting_and_the_year() -> None:
    live = control_total("T1", 0, set_on="2026-03-30")
    found = evidence.notice(totals(control_totals=[live]), "T1", YEAR)
    assert found is not None and (found.value, found.unit) == (2, "count")
    late = evidence.notice(totals(control_totals=[{**live, "set_on": "2026-04-11"}]), "T1", YEAR)
    assert late is not None and late.value == -10
    undated = {key: cell for key, cell in live.items() if key != "set_on"}
    assert evidence.notice(totals(control_totals=[undated]), "T1", YEAR) is None
    assert evidence.notice(totals(control_totals=[live]), "T2", YEAR) is None


def test_a_control_total_is_raised_above_the_one_accepted_before() -> None:
    first = control_total("T1", -9, set_on="2026-01-20")
    again = control_total("T1", -4, set_on="2026-03-01")
    found = evidence.raised(totals(control_totals=[first, again]), "T1", YEAR)
    assert found is not None and (found.value, len(found.entries)) == (500, 2)
    assert evidence.raised(totals(control_totals=[first]), "T1", YEAR) is None
    assert evidence.raised(totals(), "T1", YEAR) is None
    proposed = {**first, "status": "proposed"}
    assert evidence.raised(totals(control_totals=[proposed, again]), "T1", YEAR) is None


def test_a_system_before_there_were_systems_is_one_of_a_later_day() -> None:
    known = totals()
    assert evidence.named(known, "T1", YEAR) == "First"
    assert evidence.named(known, "XX9", YEAR) == "XX9"
    assert evidence.named(known, "QE1", "2022-23").startswith("NHS ")
    assert evidence.named(known, "QE1", "2015-16").startswith("what was later ")
    assert not evidence.named(known, "QE1", "2016-17").startswith("what was later")
