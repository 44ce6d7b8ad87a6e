"""What stood against a scheme and was lowered or taken back: only signatures given after it lift it.

Both directors of T1 sign, on 24 and 25 April, for what stands on those days.
"""

from __future__ import annotations

import pytest

from tests.scheme_books import Book, book
from tests.scheme_ledgers import COUNCIL, ROTA, Ledger, codes
from tests.strategies import position_of

REFUSED = ["QUALITY_REFUSED", "QUALITY_REFUSED"]


def scored(made: Book, *scores: tuple[str, str], domain: str = "safety") -> Book:
    """A domain assessed anew: (day, likelihood), at a consequence of 4 that nothing lowers."""
    first = next(row for row in made["assessments"] if row["domain"] == domain)
    rest = [row for row in made["assessments"] if row["domain"] != domain]
    bare = {k: v for k, v in first.items() if not k.startswith("residual") and k != "mitigation"}
    made["assessments"] = rest + [
        {**bare, "likelihood": likelihood, "consequence": "4", "signed_on": day}
        for day, likelihood in scores
    ]
    return made


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        # 20 refuses it; lowered to 8 before anybody signed: they signed for 8
        ([("2026-04-01", "5"), ("2026-04-20", "2")], []),
        ([("2026-04-01", "5"), ("2026-04-24", "2")], []),  # on the day of the first signature
        ([("2026-04-01", "5"), ("2026-04-25", "2")], REFUSED[:1]),  # the doctor signed for 20
        ([("2026-04-01", "5"), ("2026-04-26", "2")], REFUSED),
        # the severe score came after a mild one, and was lowered after both had signed
        ([("2026-04-01", "2"), ("2026-04-10", "5"), ("2026-04-26", "2")], REFUSED),
        # lowered, severe again when they signed, and lowered after that
        (
            [
                ("2026-04-01", "5"),
                ("2026-04-05", "2"),
                ("2026-04-10", "5"),
                ("2026-04-26", "2"),
            ],
            REFUSED,
        ),
        # lowered twice: what they signed for was lowered already
        ([("2026-04-01", "5"), ("2026-04-20", "3"), ("2026-04-26", "2")], []),
        ([("2026-04-01", "3"), ("2026-04-26", "2")], []),  # 12 never refused it
        ([("2026-04-01", "2"), ("2026-04-10", "3")], []),
    ],
)
def test_a_severe_score_stands_until_both_have_signed_after_it_was_lowered(
    scores: list[tuple[str, str]], why: list[str]
) -> None:
    assert codes(position_of(scored(book("T1"), *scores))) == why


@pytest.mark.parametrize(
    ("likelihood", "consequence", "why"), [("3", "5", REFUSED), ("3", "4", []), ("4", "4", REFUSED)]
)
def test_a_score_of_fifteen_refuses_and_stands_when_it_is_lowered(
    likelihood: str, consequence: str, why: list[str]
) -> None:
    made = scored(book("T1"), ("2026-04-01", likelihood), ("2026-04-26", "2"))
    severe = next(row for row in made["assessments"] if row["signed_on"] == "2026-04-01")
    severe["consequence"] = consequence
    assert codes(position_of(made)) == why


def test_of_two_domains_that_were_lowered_each_is_signed_for() -> None:
    made = scored(book("T1"), ("2026-04-01", "5"), ("2026-04-20", "2"))
    made = scored(made, ("2026-04-01", "5"), ("2026-04-26", "2"), domain="experience")
    assert codes(position_of(made)) == REFUSED


def test_rows_below_the_signatures_carry_no_clock_and_count_by_their_day() -> None:
    made = scored(book("T1"), ("2026-04-01", "5"), ("2026-04-20", "2"))
    made["assessments"] = made.pop("assessments")
    assert codes(position_of(made)) == []


LOWER = {
    "scheme": "T1",
    "profile": "classic",
    "domain": "safety",
    "likelihood": "2",
    "consequence": "4",
}


def test_a_score_that_an_act_lowers_is_not_dated_back_to_before_they_signed() -> None:
    """It names 20 April; it was entered after both had signed."""
    ledger = Ledger(scored(book("T1"), ("2026-04-01", "5")))
    ledger.put("assessments", 90, "2026-06-01", **LOWER, signed_on="2026-04-20")
    assert ledger.codes() == REFUSED
    assert ledger.signed("2026-06-10").codes() == []


def test_a_severe_row_taken_back_is_so_from_the_day_of_its_act() -> None:
    """Another severe score of the domain is left, of which both knew; it is lowered in May."""
    made = scored(book("T1"), ("2026-04-01", "5"), ("2026-04-10", "5"))
    ledger = Ledger(made)
    number = len(made["assessments"]) + 1
    ledger.put("assessments", 90, "2026-05-20", **LOWER, signed_on="2026-05-20")
    ledger.signed("2026-05-21").withdraw("assessments", number, "2026-06-01")
    assert ledger.codes() == [], "both signed after it was lowered"
    assert ledger.codes("2026-05-31") == []


def severe_then_gone(*left: tuple[str, str], on: str = "2026-06-01") -> Ledger:
    """A severe score of 10 April whose row is taken back on 1 June, and what is left beside it."""
    made = scored(book("T1"), ("2026-04-10", "5"), *left)
    number = 2 + next(n for n, row in enumerate(made["assessments"]) if row["likelihood"] == "5")
    return Ledger(made).withdraw("assessments", number, on)


@pytest.mark.parametrize(
    ("left", "why"),
    [
        ([("2026-04-01", "2")], REFUSED),  # what was said before it lowered nothing
        ([("2026-04-20", "2")], []),  # lowered before they signed
        ([("2026-04-26", "2")], REFUSED),
    ],
)
def test_a_severe_row_taken_back_stands_unless_it_was_lowered_before_they_signed(
    left: list[tuple[str, str]], why: list[str]
) -> None:
    assert severe_then_gone(*left).codes() == why


@pytest.mark.parametrize("on", ["2026-06-01", "2026-06-01T10:30:00+01:00"])
def test_a_severe_row_taken_back_stands_until_both_have_signed_after_its_act(on: str) -> None:
    ledger = severe_then_gone(("2026-04-01", "2"), on=on)
    assert ledger.signed("2026-05-31").codes() == REFUSED, "dated before the act"
    assert ledger.signed("2026-06-02", "chief_nurse").codes() == REFUSED[:1]
    assert ledger.signed("2026-06-02", "medical_director").codes() == []


def test_an_act_without_a_day_is_signed_for_on_no_day() -> None:
    ledger = Ledger(book("T1", conditions=[{**ROTA, "kind": "before_start"}]))
    ledger.withdraw("conditions", 2, "sometime").signed("2027-01-10")
    assert ledger.codes() == ["CONDITION_UNMET"]


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        ("before_start", None, ["CONDITION_UNMET"]),
        ("while_running", None, ["CONDITION_OVERDUE"]),
        # the same condition, met: nothing is owed
        ("before_start", {"kind": "before_start", "met_on": "2026-06-02"}, []),
        # one of the start is not replaced by one that may be met later
        ("before_start", {"kind": "while_running", "due": "2027-03-01"}, ["CONDITION_UNMET"]),
        # one while it runs is replaced by one of the start, which is the stricter
        ("while_running", {"kind": "before_start", "met_on": "2026-06-02"}, []),
        # another text, gate or scheme is another condition
        (
            "before_start",
            {"kind": "before_start", "met_on": "2026-06-02", "text": "Other"},
            ["CONDITION_UNMET"],
        ),
        (
            "before_start",
            {"kind": "before_start", "met_on": "2026-06-02", "gate": "G2"},
            ["CONDITION_UNMET"],
        ),
        (
            "before_start",
            {"kind": "before_start", "met_on": "2026-06-02", "scheme": "T2"},
            ["CONDITION_UNMET"],
        ),
        (
            "before_start",
            {"kind": "before_start", "met_on": "2026-06-02", "text": "ROTA agreed"},
            [],
        ),
    ],
)
def test_what_takes_the_place_of_a_condition_that_was_taken_back(
    first: str, then: dict[str, str] | None, why: list[str]
) -> None:
    ledger = Ledger(book("T1", "T2", conditions=[{**ROTA, "kind": first}]))
    ledger.withdraw("conditions", 2, "2026-06-01")
    if then:
        ledger.put("conditions", 90, "2026-06-02", **{**ROTA, **then})
    assert ledger.codes() == why


def test_a_condition_taken_back_twice_is_signed_for_after_the_second_time() -> None:
    ledger = Ledger(book("T1", conditions=[{**ROTA, "kind": "before_start"}]))
    ledger.withdraw("conditions", 2, "2026-06-01")
    ledger.put("conditions", 2, "2026-06-02", **ROTA, kind="before_start").signed("2026-06-03")
    assert ledger.codes() == ["CONDITION_UNMET"]
    ledger.withdraw("conditions", 2, "2026-06-04")
    assert ledger.codes() == ["CONDITION_UNMET"]
    assert ledger.signed("2026-06-05").codes() == []


@pytest.mark.parametrize(("first", "second"), [(2, 3), (3, 2)])
def test_of_two_rows_of_one_condition_the_one_taken_back_last_is_signed_for(
    first: int, second: int
) -> None:
    rows = [
        {**ROTA, "kind": "before_start", "text": text} for text in ("Rota agreed", "Rota-agreed")
    ]
    ledger = Ledger(book("T1", conditions=rows))
    ledger.withdraw("conditions", first, "2026-06-01").signed("2026-06-03")
    ledger.withdraw("conditions", second, "2026-06-04")
    assert ledger.codes() == ["CONDITION_UNMET"]
    assert ledger.signed("2026-06-05").codes() == []


def test_one_signature_before_a_condition_was_taken_back_lifts_nothing() -> None:
    ledger = Ledger(book("T1", conditions=[{**ROTA, "kind": "before_start"}]))
    ledger.withdraw("conditions", 2, "2026-06-01").signed("2026-06-02", "chief_nurse")
    assert ledger.codes() == ["CONDITION_UNMET"]
    assert ledger.signed("2026-06-01", "medical_director").codes() == []


def test_a_condition_taken_back_is_not_known_before_its_day() -> None:
    row = {**ROTA, "kind": "before_start", "known_on": "2026-05-25"}
    ledger = Ledger(book("T1", conditions=[row])).withdraw("conditions", 2, "2026-06-01")
    assert ledger.codes("2026-05-24") == []
    assert ledger.codes("2026-05-25") == ["CONDITION_UNMET"]
    assert ledger.codes() == ["CONDITION_UNMET"]


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (None, ["ENGAGEMENT_WAITS"]),
        ({"duty": "Reg. 23"}, []),  # the same duty in other words
        ({"duty": "s.14Z45"}, ["ENGAGEMENT_WAITS"]),  # another duty
        ({"scheme": "T2"}, ["ENGAGEMENT_WAITS"]),
    ],
)
def test_what_takes_the_place_of_an_engagement_that_was_taken_back(
    then: dict[str, str] | None, why: list[str]
) -> None:
    held = {"from": "2026-03-01", "to": "2026-04-01", "outcome": "Agreed"}
    ledger = Ledger(book("T1", "T2", engagements=[COUNCIL]))
    ledger.withdraw("engagements", 2, "2026-06-01")
    if then is not None:
        ledger.put("engagements", 90, "2026-06-02", **{**COUNCIL, **held, **then})
    assert ledger.codes() == why
    assert ledger.signed("2026-06-10").codes() == []


def test_a_duty_that_nobody_knows_is_told_apart_by_its_word() -> None:
    row = {**COUNCIL, "duty": "moon_watch"}
    held = {"from": "2026-03-01", "to": "2026-04-01", "outcome": "Agreed"}
    ledger = Ledger(book("T1", engagements=[row])).withdraw("engagements", 2, "2026-06-01")
    assert ledger.codes() == ["ENGAGEMENT_WAITS"]
    ledger.put("engagements", 90, "2026-06-02", **{**row, **held, "duty": "sun_watch"})
    assert ledger.codes() == ["ENGAGEMENT_WAITS"]
    ledger.put("engagements", 91, "2026-06-02", **{**row, **held, "duty": "Moon watch"})
    assert ledger.codes() == []
