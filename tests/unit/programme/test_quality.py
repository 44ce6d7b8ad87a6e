"""The quality register: the band of a score, the order of the domains, and where a scheme stands."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.programme import quality
from controltotal.programme.eligibility import Judgements
from controltotal.programme.judging import Judgement
from tests.scheme_books import Rows, book, changed, gates, less, scheme
from tests.strategies import position_of

NURSE = {"gate": "QIA", "role": "chief_nurse"}


def judged(**tables: Rows) -> Judgement:
    return Judgements(position_of(book(**tables)))["T1"]


def assessed(*cells: dict[str, str]) -> Rows:
    """The four domains, the first of them changed one after another."""
    rows = book()["assessments"]
    return [{**row, **more} for row, more in zip(rows, [*cells, {}, {}, {}, {}], strict=False)]


def left(likelihood: str, consequence: str) -> dict[str, str]:
    return {"residual_likelihood": likelihood, "residual_consequence": consequence}


@pytest.mark.parametrize(
    ("cells", "band"),
    [
        (left("1", "3"), "low"),
        (left("2", "2"), "moderate"),
        (left("2", "4"), "high"),
        (left("3", "5"), "extreme"),
        (left("6", "1"), "not scored"),
    ],
)
def test_the_band_of_what_is_left(cells: dict[str, str], band: str) -> None:
    found = quality.scores(judged(assessments=assessed(cells)).evidence)
    assert next(one.band for one in found if one.domain == "safety") == band


def test_domains_stand_worst_first_and_alike_by_what_they_were_and_by_name() -> None:
    """Left 8, 6, 6, 6; of the last three the safety of the workforce was 12 before, the others 9."""
    six, twelve = left("2", "3"), {**left("2", "3"), "likelihood": "4"}
    found = quality.scores(judged(assessments=assessed(six, left("2", "4"), six, twelve)).evidence)
    assert [one.domain for one in found] == [
        "effectiveness",
        "workforce_safety",
        "experience",
        "safety",
    ]


def test_a_domain_that_is_not_scored_stands_last() -> None:
    """It was 9 before and nobody can say what is left; another was 1 and is 1."""
    one = {**left("1", "1"), "likelihood": "1", "consequence": "1"}
    found = quality.scores(judged(assessments=assessed(left("6", "1"), one)).evidence)
    assert [one.domain for one in found][-2:] == ["effectiveness", "safety"]


def test_a_domain_that_no_profile_knows_is_scored_at_the_bars_of_the_framework() -> None:
    def own(likelihood: str, consequence: str) -> quality.Score:
        row = {**book()["assessments"][0], **left(likelihood, consequence), "domain": "purse"}
        row |= {"likelihood": likelihood, "consequence": consequence}
        found = quality.scores(judged(assessments=[*assessed(), row]).evidence)
        return next(one for one in found if one.domain == "purse")

    stages = {("1", "4"): "screened", ("2", "4"): "full assessment", ("3", "4"): "panel"}
    stages |= {("1", "5"): "panel", ("3", "5"): "rejected"}
    assert {score: own(*score).stage for score in stages} == stages
    assert own("2", "4").why == "score 8 before mitigation" and own("1", "4").why == ""
    assert own("3", "4").why == "residual score 12"
    assert own("1", "5").why == "a residual consequence of 5"


def test_of_several_reviews_the_earliest_is_told() -> None:
    days = ("2026-06-20", "2026-06-01", "2026-07-01")
    one = judged(assessments=assessed(*({"review_on": day} for day in days))).evidence
    assert quality.next_review(one) == date(2026, 6, 1)
    assert quality.overdue(one, date(2026, 6, 30)) == date(2026, 6, 1)
    assert quality.next_review(judged().evidence) is None


@pytest.mark.parametrize(
    ("tables", "standing"),
    [
        ({"schemes": [scheme(), scheme(service="Wards", known_on="2026-06-01")]}, "lapsed"),
        ({"schemes": [scheme(owner="B Birch")]}, "not validly signed"),
        ({"assessments": assessed({"likelihood": "6"})}, "not fully assessed"),
        ({"assessments": assessed()[1:]}, "not fully assessed"),
        ({"assessments": []}, "not fully assessed"),
        ({"gates": less(gates(), **NURSE)}, "not signed"),
        # what is worse goes before what is less
        (
            {"assessments": assessed()[1:], "gates": changed(gates(), NURSE, by="TBC")},
            "not validly signed",
        ),
        (
            {"assessments": assessed()[1:], "gates": less(gates(), **NURSE)},
            "not fully assessed",
        ),
    ],
)
def test_where_a_scheme_stands(tables: dict[str, Rows], standing: str) -> None:
    assert quality.standing(judged(**tables)) == standing


def test_what_was_scored_after_the_first_signature_was_not_signed_for() -> None:
    """The first signature is of 24 April; an undated score has the day on which it became known."""
    cells = ({"signed_on": "2026-04-25"}, {"signed_on": "2026-04-24"})
    undated = {"signed_on": "", "known_on": "2026-04-30"}
    rows = [{k: v for k, v in row.items() if v} for row in assessed(*cells, undated)]
    found = quality.rescored(judged(assessments=rows))
    assert [row.domain for row in found] == ["safety", "experience"]
