"""What is left of a score, and the bar at which a domain that no profile knows refuses a scheme."""

from __future__ import annotations

import pytest

from controltotal.programme.eligibility import Judgements
from controltotal.programme.scores import lowered_without_cause, residual
from tests.scheme_books import book
from tests.strategies import position_of


@pytest.mark.parametrize(
    ("likelihood", "consequence", "refused"),
    [("3", "5", True), ("5", "3", True), ("2", "5", False), ("4", "3", False), ("4", "4", True)],
)
def test_a_domain_of_ones_own_is_refused_at_fifteen(
    likelihood: str, consequence: str, refused: bool
) -> None:
    made = book()
    first = made["assessments"][0]
    score = {"residual_likelihood": likelihood, "residual_consequence": consequence}
    made["assessments"].append({**first, **score, "domain": "purse"})
    codes = [one.code for one in Judgements(position_of(made))["T1"].reasons]
    assert ("QUALITY_REJECTED" in codes) is refused


@pytest.mark.parametrize(
    ("first", "left", "mitigation", "found", "without_cause"),
    [
        (("4", "4"), ("2", "3"), "Weekly review", (2, 3), False),
        (("4", "4"), ("2", "3"), "", (4, 4), True),  # nobody says what lowers it
        (("4", "4"), ("2", "5"), "", (4, 5), True),  # what rises needs no mitigation
        (("4", "4"), ("4", "5"), "", (4, 5), False),
        (("4", "4"), ("", ""), "", (4, 4), False),
        (("2", "2"), ("4", "5"), "Weekly review", (4, 5), False),
        (("4", "3"), ("", "2"), "Weekly review", (4, 2), False),
        (("4", "3"), ("2", ""), "TBC", (4, 3), True),
    ],
)
def test_a_score_is_lowered_only_by_a_mitigation_that_is_named(
    first: tuple[str, str],
    left: tuple[str, str],
    mitigation: str,
    found: tuple[int, int],
    without_cause: bool,
) -> None:
    made = book()
    cells = {"likelihood": first[0], "consequence": first[1], "mitigation": mitigation}
    cells |= {"residual_likelihood": left[0], "residual_consequence": left[1]}
    row = {k: v for k, v in {**made["assessments"][0], **cells}.items() if v}
    made["assessments"] = [row, *made["assessments"][1:]]
    read = position_of(made).book.assessments[0]
    score = residual(read)
    assert score is not None and (score.likelihood, score.consequence) == found
    assert lowered_without_cause(read) is without_cause
