"""A challenge of one trust, every figure worked by hand, and whom a book asks about."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.core.result import Result
from controltotal.rules.challenge import answer_challenge, asked_of
from controltotal.workings.workings import Workings
from tests.small_books import TREE
from tests.strategies import YEAR, Cells, amount, control_total, position_of

BEFORE = "2025-26"


def fact(name: str, value: str, year: str = YEAR, code: str = "T1", **more: str) -> Cells:
    row = {"organisation": code, "year": year, "fact": name, "value": value, "unit": "£"}
    return {**row, **more}


CLAIM: Cells = {
    "organisation": "T1",
    "year": YEAR,
    "by": "Board",
    "on": "2026-04-20",
    "grounds": "fair share: we are old",
}
PROMISE: Cells = {
    "id": "P1",
    "organisation": "T1",
    "year": YEAR,
    "by": "Chair",
    "on": "2026-05-02",
    "text": "We will do it",
    "due": "2026-12-31",
    "measure": "saving",
}
SET = {"includes_support": "no"}
TABLES: dict[str, list[Cells]] = {
    "organisations": TREE,
    "amounts": [
        amount("T1", "position", -10),
        amount("T1", "savings_unidentified", 4),
        amount("T1", "position", -20, year=BEFORE),
        amount("T1", "position", -30, year=BEFORE, basis="actual"),
    ],
    "control_totals": [
        {**control_total("T1", -9), "set_on": "2026-01-01", **SET},
        {**control_total("T1", -4), "set_on": "2026-05-01", **SET},
    ],
    "facts": [
        fact("savings_planned", "15"),
        fact("savings_planned", "20", BEFORE),
        fact("savings_delivered", "12", BEFORE),
        fact("savings_delivered", "13", "2024-25"),
        fact("loans_drawn", "7", BEFORE),
        fact("turnover", "600"),
        fact("savings_delivered", "9", BEFORE, "T2"),
        fact("turnover", "300", BEFORE, "T2"),
    ],
    "challenges": [{**CLAIM, "answer": "so are others", "outcome": "kept"}],
    "promises": [PROMISE],
}


def told(
    safe: dict[tuple[str, str], int] | None = None, organisation: str | None = "T1", **more: Any
) -> Result:
    return answer_challenge(Workings(position_of({**TABLES, **more})), YEAR, organisation, safe)


def test_every_figure_of_a_challenge_and_what_it_rests_on() -> None:
    """Planned 15 and a gap of 10 less 4 are 21 asked, of a turnover of 600; and so on."""
    result = told({("T1", YEAR): 300})
    figures = {
        one.id.replace("/T1/", "/").removesuffix("/plan"): one.value for one in result.figures
    }
    assert figures == {
        f"saving_asked/{YEAR}": 2_100,
        f"money_of_the_year/{YEAR}": 60_000,
        f"saving_asked_share/{YEAR}": 0.035,
        f"savings_planned/{YEAR}": 1_500,
        f"planned_over_delivered/{YEAR}": 0.25,  # 15 of 12
        f"control_total_raised/{YEAR}": 500,  # from (9) to (4)
        "saving_delivered/2024-25": 1_300,
        f"saving_delivered/{BEFORE}": 1_200,
        f"delivered_of_plan/{BEFORE}": 0.6,  # 12 of 20
        f"best_delivered/{YEAR}": 1_300,
        f"variance_to_plan/{BEFORE}": -1_000,  # (30) against (20)
        f"loans_drawn/{BEFORE}": 700,
        f"others_delivered/{YEAR}": 0.03,  # 9 of 300
        f"notice_days/{YEAR}": -30,  # 1 May
        f"safe_maximum/{YEAR}": 300,
    }
    trace = {
        one: result.trace[f"{one.split('/')[0]}/T1/{one.split('/')[1]}/plan"] for one in figures
    }
    assert trace[f"saving_asked_share/{YEAR}"].inputs == (
        f"saving_asked/T1/{YEAR}/plan",
        f"money_of_the_year/T1/{YEAR}/plan",
    )
    assert trace[f"planned_over_delivered/{YEAR}"].inputs == (
        f"savings_planned/T1/{YEAR}/plan",
        f"saving_delivered/T1/{BEFORE}/plan",
    )
    assert trace[f"best_delivered/{YEAR}"].rule == "best of 2 years: 2024/25"
    assert trace[f"others_delivered/{YEAR}"].rule == "median over 1 years of 1 bodies"
    assert trace[f"safe_maximum/{YEAR}"].inputs == (f"portfolio_saving/T1/{YEAR}/plan",)


def test_each_figure_has_its_row_with_its_year_and_note() -> None:
    rows = told({("T1", YEAR): 300}).tables["evidence"]
    assert {(row["what"], row["of_year"], row["note"]) for row in rows} == {
        ("Control total raised by", YEAR, ""),
        ("Saving asked", YEAR, ""),
        ("Savings planned", YEAR, ""),
        ("Savings planned above those delivered the year before", YEAR, ""),
        ("Money of the year", YEAR, ""),
        ("Saving asked as a share", YEAR, ""),
        ("Saving delivered", "2024-25", ""),
        ("Saving delivered", BEFORE, ""),
        ("Last year's saving delivered of that planned", BEFORE, ""),
        ("Best year's saving", YEAR, ""),
        ("Actual less plan", BEFORE, ""),
        ("Loans drawn", BEFORE, "cash lent, never income"),
        ("What comparable bodies delivered", YEAR, ""),
        ("Days of notice", YEAR, "below nil: days into the year"),
        ("Safe maximum of the schemes in the book", YEAR, ""),
    }
    assert all(row["organisation"] == "T1" and row["year"] == YEAR for row in rows)


def test_the_two_sentences_are_told_of_the_body_and_stand_in_a_table() -> None:
    result = told({("T1", YEAR): 300})
    fair = (
        "A trust has no fair share of its own, and that of its commissioners is not known here; "
        "“fair share: we are old” is set against “so are others”."
    )
    achievable = (
        "The £21 asked is 3.50% of the money of the year, against 3.00%, the median of 1 years of "
        "1 comparable bodies in this book; it is more than the £13 of its best year, 2024/25; it "
        "delivered 60.0% of its plan in 2025/26; it ended 2025/26 £10 worse than planned; it drew "
        "£7 of loans in 2025/26; £4 of it has no scheme; it is to be met by 31 December 2026; it "
        "was set 30 days into the year, with 334 days left to make it; the schemes in the book can "
        "safely save £3, £18 less than asked."
    )
    assert result.words[:2] == (
        f"First, 2026/27. Fair? {fair}",
        f"First, 2026/27. Achievable? {achievable}",
    )
    assert result.said("T1", "challenge", year=YEAR)[:2] == result.words[:2]
    assert [(row["question"], row["sentence"]) for row in result.tables["sentences"]] == [
        ("fair", fair),
        ("achievable", achievable),
    ]


def test_claims_promises_and_challenges_stand_as_the_book_records_them() -> None:
    result = told()
    (claim,) = result.tables["claims"]
    assert dict(claim) == {
        "organisation": "T1",
        "year": YEAR,
        "claim": "fair share: we are old",
        "by": "Board",
        "against_it": "so are others",
        "where": "challenges row 2",
    }
    (promise,) = result.tables["promises"]
    assert dict(promise) == {
        "organisation": "T1",
        "year": YEAR,
        "by": "Chair",
        "text": "We will do it",
        "due": "2026-12-31",
        "where": "promises row 2",
    }
    (recorded,) = result.tables["challenges"]
    assert (recorded["answer"], recorded["outcome"], recorded["on"]) == (
        "so are others",
        "kept",
        "2026-04-20",
    )
    assert not [f for f in result.findings if f.code == "CHALLENGE_UNANSWERED"]
    open_one = told(challenges=[CLAIM])
    (said,) = [f for f in open_one.findings if f.code == "CHALLENGE_UNANSWERED"]
    assert (said.organisation, said.where) == ("T1", "challenges row 2")
    assert open_one.tables["claims"][0]["against_it"] == "no answer in the book"
    rows = [CLAIM, {**CLAIM, "organisation": "T2"}, {**CLAIM, "year": BEFORE}]
    assert len(told(challenges=rows).tables["challenges"]) == 1


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, "it is to be met by 31 December 2026"),
        ({"due": "2027-03-31"}, ""),  # the last day of the year goes without saying
        ({"measure": ""}, ""),  # of nothing that can be measured
        ({"due": ""}, ""),
        ({"organisation": "T2"}, ""),
        ({"year": BEFORE}, ""),
    ],
)
def test_a_day_by_which_it_is_to_be_met_is_told_where_it_is_before_the_end(
    change: dict[str, str], due: str
) -> None:
    words = told(promises=[{**PROMISE, **change}]).words[1]
    assert ("it is to be met by" in words) is bool(due)
    assert due in words


def test_savings_of_schemes_so_far_count_in_what_is_safe() -> None:
    """Without schemes nothing has been saved, and what is safe is the choice alone."""
    assert told({("T2", YEAR): 300}).figure(f"safe_maximum/T1/{YEAR}/plan") is None
    none = told({("T1", YEAR): 0})
    assert none.value(f"safe_maximum/T1/{YEAR}/plan") == 0
    assert "can safely save £0, £21 less than asked" in none.words[1]


def test_savings_planned_without_a_gap_are_not_the_saving_asked() -> None:
    """No control total and no plan: 15 are planned, a quarter above the 12 of the year before."""
    facts = [fact("savings_planned", "15"), fact("savings_delivered", "12", BEFORE)]
    result = told(amounts=[], control_totals=[], facts=facts, challenges=[], promises=[])
    assert result.figure(f"saving_asked/T1/{YEAR}/plan") is None
    assert "savings of £15 are planned, and no gap is known" in result.words[1]
    assert (
        "the savings planned are 25.0% more than those delivered in 2025/26, £12" in result.words[1]
    )
    rows = {row["what"]: row["note"] for row in result.tables["evidence"]}
    assert rows["Savings planned"] == "not the saving asked"
    assert rows["Savings planned above those delivered the year before"] == ""
    hedged = told(
        amounts=[],
        control_totals=[],
        facts=[{**facts[0], "qualifier": "over"}, facts[1]],
    )
    assert "are about 25.0% more" in hedged.words[1]
    notes = {row["what"]: row["note"] for row in hedged.tables["evidence"]}
    assert notes["Savings planned above those delivered the year before"] == (
        "of two hedged sums, so that it is near and not exact"
    )


# -- whom ------------------------------------------------------------------------------------------

MORE: list[Cells] = [
    {"code": "R", "name": "Region", "kind": "region"},
    {"code": "S1", "name": "System", "kind": "system", "parent": "R"},
    *(
        {"code": code, "name": code, "kind": "provider", "parent": "S1"}
        for code in ("T1", "T2", "T3", "T4")
    ),
    {"code": "L", "name": "Council", "kind": "local_authority", "parent": "S1"},
]
ASKED: dict[str, list[Cells]] = {
    "book": [{"key": "default_year", "value": YEAR}, {"key": "default_unit", "value": "£"}],
    "organisations": MORE,
    "amounts": [
        amount("T1", "pay", 1),
        amount("T2", "pay", 1, year=BEFORE),  # of another year, and nothing is asked of it
        amount("L", "pay", 1),
    ],
    "control_totals": [control_total("T2", 0, year="2024-25")],
    "challenges": [{**CLAIM, "organisation": "T3", "year": BEFORE}],
    "facts": [
        fact("gap", "3", code="T4"),
        fact("turnover", "3", code="S1"),  # asks nothing of anybody
        fact("gap", "3", BEFORE, "S1"),
    ],
}


@pytest.mark.parametrize(
    ("year", "organisation", "asked"),
    [
        (None, None, [("T1", YEAR), ("T2", "2024-25"), ("T3", BEFORE), ("T4", YEAR)]),
        (YEAR, None, [("T1", YEAR), ("T4", YEAR)]),
        (BEFORE, None, [("T3", BEFORE)]),
        ("2023-24", None, [("S1", "2023-24")]),  # nobody: the systems of the book
        (None, "R", [("R", YEAR)]),
        (BEFORE, "T1", [("T1", BEFORE)]),
    ],
)
def test_bodies_are_asked_about_that_have_something_asked_or_money_in_the_year(
    year: str | None, organisation: str | None, asked: list[tuple[str, str]]
) -> None:
    assert asked_of(position_of(ASKED), year, organisation) == asked


def test_without_systems_every_body_of_the_kinds_is_asked_about() -> None:
    alone = {
        "book": ASKED["book"],
        "organisations": [
            {"code": "R", "name": "Region", "kind": "region"},
            {"code": "T", "name": "Trust", "kind": "provider", "parent": "R"},
            {"code": "C", "name": "Board", "kind": "commissioner", "parent": "R"},
        ],
    }
    assert asked_of(position_of(alone), None, None) == [("C", YEAR), ("T", YEAR)]
    nobody = {**alone, "organisations": alone["organisations"][:1]}
    position = position_of(nobody)
    assert asked_of(position, None, None) == []
    words = answer_challenge(Workings(position)).words
    assert words == (
        "No body of this book has a control total, a plan or a challenge, so that nothing is asked "
        "of anybody here.",
    )
