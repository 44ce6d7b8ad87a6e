"""The two sentences of a challenge, whole, at each edge of what is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controltotal.rules.challenge_words import Gathered, achievable, fair, money, near_words, share

M = 100_000_000
"""£1 million in pence."""
UNTOLD = "What is asked cannot be told from the figures"
UNSAFE = "whether schemes can safely make it cannot be told from this book"


def test_a_share_has_two_places_below_a_tenth_and_one_from_there() -> None:
    assert [share(one) for one in (0.0999, 0.1, -0.0999, -0.1)] == [
        "9.99%",
        "10.0%",
        "-9.99%",
        "-10.0%",
    ]
    assert money(-M) == money(M) == "£1.0 million"


# -- fair? ------------------------------------------------------------------------------------------


def judged(distance: float, **more: Any) -> str:
    """The sentence of an allocation so far from its target, by £30 million."""
    size = -30 * M if distance < 0 else 30 * M
    given = {"distance": distance, "distance_pence": size, "distance_year": "2019-20"}
    return fair(Gathered(**{**given, **more}))


NEAR = (
    "Its allocation for 2019/20 was within half of one per cent of fair share ({}), so that "
    "distance from target speaks neither for nor against it."
)
BELOW = "Its allocation for 2019/20 was £30.0 million ({}) below fair share, so that"


@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (0.0, NEAR.format("0.00%")),
        (-0.00499, NEAR.format("-0.50%")),
        (0.00499, NEAR.format("0.50%")),
        (-0.005, f"{BELOW.format('0.50%')} on this measure it has less than a fair share."),
        (
            0.005,
            "Its allocation for 2019/20 was £30.0 million (0.50%) above fair share, so that on "
            "this measure it has more than a fair share.",
        ),
    ],
)
def test_within_half_of_one_per_cent_nothing_is_said_for_or_against(
    distance: float, said: str
) -> None:
    assert judged(distance) == said


def test_a_saving_asked_is_held_beside_what_is_lacking() -> None:
    """30 is four times 7.5; of a trust it is the money of others."""
    assert judged(-0.02, asked=15 * M // 2) == (
        "Its allocation for 2019/20 was £30.0 million (2.00%) below fair share, 4.0 times the "
        "saving asked, so that the saving is asked of a body with less than a fair share of the "
        "money."
    )
    assert judged(-0.02, asked=15 * M // 2, is_trust=True) == (
        "The allocations of the commissioners of its system for 2019/20 were £30.0 million (2.00%) "
        "below fair share, so that the saving is asked where there is less than a fair share of "
        "the money."
    )
    assert judged(0.02, asked=15 * M // 2, is_trust=True).endswith(
        "above fair share, so that on this measure there is more than a fair share."
    )
    assert judged(-0.02, is_trust=True).endswith("on this measure there is less than a fair share.")
    assert judged(-0.02, asked=0).endswith("on this measure it has less than a fair share.")


@pytest.mark.parametrize(
    ("years", "sum_of", "said"),
    [
        (1, -M, "less than a fair share."),
        (2, -M, "fair share; over the 2 years known it is £1.0 million below."),
        (3, M, "fair share; over the 3 years known it is £1.0 million above."),
        (2, 0, "fair share; over the 2 years known it is £0 above."),
    ],
)
def test_the_years_known_are_summed_where_there_are_several(
    years: int, sum_of: int, said: str
) -> None:
    assert judged(-0.02, years_known=years, cumulative=sum_of).endswith(said)


def test_a_note_claims_and_deprivation_stand_beside_the_distance() -> None:
    """A half is two and a half times a fifth; a claim without an answer is not set against any."""
    beside = {
        "claims": (("We are old", "So are others"), ("We are far", "")),
        "deprivation": 0.5,
        "deprivation_of": "Ash",
    }
    about = (
        "“We are old” is set against “So are others”; 50.0% of the people of Ash live in the most "
        "deprived fifth of England's areas, 2.5 times the share of England"
    )
    assert judged(0.02, distance_note="as published", **beside) == (
        "Its allocation for 2019/20, as published, was £30.0 million (2.00%) above fair share, so "
        f"that on this measure it has more than a fair share; {about}."
    )
    unknown = "Whether it is fair cannot be told from distance from target, which is not known here"
    assert fair(Gathered(**beside)) == f"{unknown}; {about}."
    assert fair(Gathered()) == f"{unknown}."


def test_without_a_distance_it_is_said_whose_is_lacking() -> None:
    areas = (("Cumbria", "2019-20", 0.0383), ("Kent", "2018-19", -0.01), ("Bay", "2018-19", 0.0))
    near = (
        "that of Cumbria for 2019/20 is 3.83% above fair share, that of Kent for 2018/19 is 1.00% "
        "below fair share, that of Bay for 2018/19 is 0.00% below fair share"
    )
    assert near_words(Gathered(near=areas)) == near
    assert fair(Gathered(near=areas)) == (
        "Whether it is fair cannot be told: no distance from target is known of its own area; "
        f"{near}."
    )
    trust = "A trust has no fair share of its own, and that of its commissioners is not known here."
    assert fair(Gathered(is_trust=True)) == trust
    assert fair(Gathered(is_trust=True, near=areas)) == trust


# -- achievable? ------------------------------------------------------------------------------------


def said(**known: Any) -> str:
    """What is said of 10 asked of 500 and of what is known beside it."""
    return achievable(Gathered(**{"asked": 10 * M, "asked_share": 0.02, **known}))


ASKED = "The £10.0 million asked is 2.00% of the money of the year"


def test_the_saving_asked_is_a_share_beside_what_others_delivered() -> None:
    assert said() == f"{ASKED}; {UNSAFE}."
    others = {"others": 0.031, "others_words": "what trusts delivered"}
    assert said(**others) == f"{ASKED}, against 3.10%, what trusts delivered; {UNSAFE}."
    bare = "The £10.0 million asked has no stated money of the year to be a share of"
    assert said(asked_share=None, **others) == f"{bare}; {UNSAFE}."
    assert said(asked=0, asked_share=0.0) == (
        f"The £0 asked is 0.00% of the money of the year; {UNSAFE}."
    )


@pytest.mark.parametrize(
    ("best", "word"), [(9 * M, "more than"), (10 * M, "no more than"), (11 * M, "no more than")]
)
def test_the_best_year_is_the_measure_of_what_is_more(best: int, word: str) -> None:
    year = f"it is {word} the £{best // M}.0 million of its best year, 2017/18"
    assert said(best=best, best_year="2017-18") == f"{ASKED}; {year}; {UNSAFE}."


def test_what_was_delivered_missed_and_lent_is_told_in_order() -> None:
    found = said(
        last_share=0.96,
        last_year="2018-19",
        variance=-3 * M,
        variance_year="2018-19",
        trusts_worse=0.25,
        lent=7 * M,
        lent_year="2017-18",
        unidentified=4 * M,
        due=date(2020, 1, 5),
        notice=-65,
        days_left=300,
        safe=6 * M,
    )
    assert found == (
        f"{ASKED}; it delivered 96.0% of its plan in 2018/19; it ended 2018/19 £3.0 million worse "
        "than planned (25.0% of trusts in England missed their plan by more); it drew £7.0 million "
        "of loans in 2017/18; £4.0 million of it has no scheme; it is to be met by 5 January 2020; "
        "it was set 65 days into the year, with 300 days left to make it; the schemes in the book "
        "can safely save £6.0 million, £4.0 million less than asked."
    )
    assert said(unidentified=0) == said()


@pytest.mark.parametrize(
    ("variance", "side", "beside"),
    [(-M, "worse", True), (0, "better", False), (M, "better", False)],
)
def test_trusts_that_missed_by_more_are_told_only_where_it_missed(
    variance: int, side: str, beside: bool
) -> None:
    found = said(variance=variance, variance_year="2018-19", trusts_worse=0.25)
    assert f" {side} than planned" in found
    assert ("missed their plan by more" in found) is beside
    alone = said(variance=variance, variance_year="2018-19")
    assert "missed their plan by more" not in alone


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"notice": 1}, "it was set 1 days before the year"),
        ({"notice": 0}, "it was set 0 days before the year"),
        ({"notice": -1}, "it was set 1 days into the year"),
        (
            {"notice": -1, "days_left": 0},
            "it was set 1 days into the year, with 0 days left to make it",
        ),
        (
            {"notice": -1, "days_left": 9, "at_latest": True},
            "it was set 1 days into the year at the latest, with at least 9 days left to make it",
        ),
    ],
)
def test_notice_is_told_before_the_year_or_into_it(known: dict[str, Any], words: str) -> None:
    assert said(**known) == f"{ASKED}; {words}; {UNSAFE}."


@pytest.mark.parametrize(
    ("safe", "words"),
    [
        (9 * M, "£9.0 million, £1.0 million less than asked"),
        (10 * M, "£10.0 million, which covers it"),
        (11 * M, "£11.0 million, which covers it"),
    ],
)
def test_what_schemes_can_safely_save_covers_what_is_asked_or_lacks_something(
    safe: int, words: str
) -> None:
    assert said(safe=safe) == f"{ASKED}; the schemes in the book can safely save {words}."
    alone = achievable(Gathered(safe=safe))
    assert alone == f"{UNTOLD}; the schemes in the book can safely save {money(safe)}."


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, UNTOLD),
        (
            {"planned": "£23.0 million"},
            "What is asked is not published: savings of £23.0 million are planned, and no gap is "
            "known",
        ),
        (
            {
                "planned": "£23.0 million",
                "not_enough": True,
                "growth": 0.0,
                "before": "£23.0 million",
                "before_year": "2018-19",
            },
            "What is asked is not published: savings of £23.0 million are planned and said not to "
            "be enough; the savings planned are 0.00% more than those delivered in 2018/19, "
            "£23.0 million",
        ),
        (
            {
                "planned": "£20.0 million",
                "growth": -0.2,
                "hedged": True,
                "before": "£25.0 million",
                "before_year": "2018-19",
            },
            "What is asked is not published: savings of £20.0 million are planned, and no gap is "
            "known; the savings planned are about 20.0% less than those delivered in 2018/19, "
            "£25.0 million",
        ),
    ],
)
def test_where_nobody_says_what_is_asked_the_savings_planned_are_told(
    known: dict[str, Any], words: str
) -> None:
    assert achievable(Gathered(**known)) == f"{words}; {UNSAFE}."
