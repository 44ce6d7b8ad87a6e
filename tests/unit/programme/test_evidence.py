"""What was known of a scheme on a day: versions that were taken back, conditions that were turned."""

from __future__ import annotations

import pytest

from controltotal.programme.eligibility import Judgements
from tests.scheme_books import book, scheme
from tests.scheme_ledgers import ROTA, Ledger, codes
from tests.strategies import position_of

LAPSED = ["SIGNATURE_LAPSED", "SIGNATURE_LAPSED"]


def test_a_version_that_was_taken_back_is_known_from_its_own_day() -> None:
    """On 20 May it was to bring £24m; on 1 June that row is taken back. Both signed for £12m."""
    versions = [scheme(), scheme(full_year_effect="24", known_on="2026-05-20")]
    ledger = Ledger(book("T1", schemes=versions)).withdraw("schemes", 3, "2026-06-01")
    assert ledger.codes("2026-05-19") == []
    assert ledger.codes("2026-05-20") == LAPSED
    assert ledger.codes() == LAPSED


def test_a_version_without_a_day_that_was_taken_back_was_always_known() -> None:
    """Both signed for £12m; the row of £24m took its place on 1 June."""
    ledger = Ledger(book("T1")).withdraw("schemes", 2, "2026-06-01")
    ledger.put("schemes", 2, "2026-06-01", **scheme(full_year_effect="24"))
    assert ledger.codes("2026-06-01") == LAPSED
    assert ledger.codes() == LAPSED


@pytest.mark.parametrize("day", ["2026-06-01", "2026-06-01T10:30:00+01:00"])
def test_a_signature_dated_back_to_before_a_change_does_not_stand(day: str) -> None:
    """The value is doubled on 1 June; both sign afterwards, and write 26 April or 2 June."""
    ledger = Ledger(book("T1")).withdraw("schemes", 2, day)
    ledger.put("schemes", 2, day, **scheme(full_year_effect="24"))
    assert ledger.signed("2026-04-26").codes() == LAPSED
    assert ledger.signed("2026-06-02").codes() == []


def test_a_change_that_was_taken_back_lapses_a_signature_dated_before_it() -> None:
    """Doubled on 1 June and put back on 2 June: who writes 26 April signed before both."""
    ledger = Ledger(book("T1")).withdraw("schemes", 2, "2026-06-01")
    ledger.put("schemes", 2, "2026-06-01", **scheme(full_year_effect="24"))
    ledger.withdraw("schemes", 2, "2026-06-02").put("schemes", 2, "2026-06-02", **scheme())
    assert ledger.signed("2026-04-26").codes() == LAPSED
    assert ledger.signed("2026-06-03").codes() == []


def test_a_rejected_domain_that_was_taken_back_is_known_from_its_own_day() -> None:
    made = book("T1")
    first = made["assessments"][0]
    made["assessments"].append({**first, "outcome": "reject", "signed_on": "2026-05-20"})
    ledger = Ledger(made).withdraw("assessments", 6, "2026-06-01")
    assert ledger.codes("2026-05-19") == []
    assert ledger.codes("2026-05-20") == ["QUALITY_REFUSED", "QUALITY_REFUSED"]


@pytest.mark.parametrize("first", ["2026-05-01", "2026-05-20"])
def test_of_two_assessments_signed_on_one_day_the_one_known_later_stands(first: str) -> None:
    """A consequence of 5 is left by the one that is known from 20 May, wherever it is written."""
    made = book("T1")
    safety, *rest = made["assessments"]
    severe = {"residual_likelihood": "1", "residual_consequence": "5"}
    mild = {**safety, "known_on": "2026-05-01"}
    rows = [mild, {**safety, **severe, "known_on": "2026-05-20"}]
    if first == "2026-05-20":
        rows.reverse()
    made["assessments"] = [*rows, *rest]
    assert codes(position_of(made)) == ["PANEL_NEEDED"]
    assert codes(position_of(made), "2026-05-19") == []


def test_a_scheme_is_read_as_it_stood_on_the_day() -> None:
    """Where no day is asked for, what is recorded after the last gate is known all the same."""
    versions = [scheme(), scheme(full_year_effect="12.5", known_on="2026-06-01")]
    position = position_of(book("T1", schemes=versions))
    values = {
        day: Judgements(position, day)["T1"].evidence.row.full_year_effect
        for day in ("2026-05-31", "2026-06-01", None)
    }
    assert values == {"2026-05-31": 1_200_000_000, "2026-06-01": 1_250_000_000, None: 1_250_000_000}


def test_a_condition_is_read_as_it_stood_on_the_day() -> None:
    """It was met on 13 May; nobody knew before 1 June."""
    row = {**ROTA, "kind": "before_start"}
    rows = [row, {**row, "met_on": "2026-05-13", "known_on": "2026-06-01"}]
    position = position_of(book("T1", conditions=rows))
    assert codes(position, "2026-05-31") == ["CONDITION_UNMET"]
    assert codes(position, "2026-06-01") == []


def test_the_assessment_signed_last_stands_whichever_became_known_last() -> None:
    """16 of 20 April was known on 1 May; 4 of 1 April became known on 20 May, and lowers nothing."""
    made = book("T1")
    safety, *rest = made["assessments"]
    severe = {"residual_likelihood": "4", "residual_consequence": "4", "likelihood": "4"}
    severe |= {"consequence": "4", "signed_on": "2026-04-20", "known_on": "2026-05-01"}
    mild = {**safety, "signed_on": "2026-04-01", "known_on": "2026-05-20"}
    for spelt in ("safety", " Safety", "SAFETY"):
        for rows in ([mild, {**safety, **severe}], [{**safety, **severe}, mild]):
            rows[0] = {**rows[0], "domain": spelt}
            made["assessments"] = [*rows, *rest]
            assert codes(position_of(made)) == ["QUALITY_REJECTED"]


def test_of_one_day_the_assessment_that_refuses_stands_whichever_became_known_last() -> None:
    """Both are signed on 20 April; the mild one became known on 20 May."""
    made = book("T1")
    safety, *rest = made["assessments"]
    severe = {"residual_likelihood": "4", "residual_consequence": "4", "likelihood": "4"}
    severe |= {"consequence": "4", "known_on": "2026-05-01"}
    made["assessments"] = [{**safety, **severe}, {**safety, "known_on": "2026-05-20"}, *rest]
    assert codes(position_of(made)) == ["QUALITY_REJECTED"]
