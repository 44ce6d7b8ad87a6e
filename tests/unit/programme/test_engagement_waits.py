"""What a scheme waits for: whom it must hear, by when, and whether they were answered."""

from __future__ import annotations

import pytest

from controltotal.programme.duties import duty_called
from controltotal.programme.eligibility import Judgements
from controltotal.programme.engagement import lacks_notification, waits_for
from tests.scheme_books import Rows, book, scheme
from tests.strategies import position_of

DECIDED = "2026-05-12"


def heard(duty: str = "council", **cells: str) -> dict[str, str]:
    row = {"scheme": "T1", "duty": duty, "from": "2026-03-01", "to": "2026-04-01"}
    return {**row, "outcome": "Agreed by the committee", **cells}


def waits(*rows: dict[str, str], gates: Rows | None = None, **cells: str) -> list[str]:
    """What the scheme waits for, that was decided on 12 May."""
    made = book(schemes=[scheme(**cells)], engagements=list(rows))
    if gates is not None:
        made["gates"] = gates
    position = position_of(made)
    found = Judgements(position)["T1"]
    return waits_for(found.evidence, position.reading_date)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({}, ""),
        ({"to": DECIDED}, ""),
        ({"to": "2026-05-13"}, "it ends on 2026-05-13, after the decision"),
        ({"from": "2026-05-13", "to": ""}, "it ends on 2026-05-13, after the decision"),
        ({"from": "", "to": ""}, "no day says when it was held"),
        ({"outcome": ""}, "it has not been answered"),
        ({"outcome": "awaiting reply"}, "it says: awaiting reply"),
        ({"outcome": "none"}, "it says: none"),
    ],
)
def test_an_engagement_stands_that_was_over_and_answered_by_the_decision(
    cells: dict[str, str], why: str
) -> None:
    found = waits(heard(**cells))
    assert found == ([f"consultation of the council ({why})"] if why else [])


def test_without_a_decision_it_is_over_by_the_day_of_the_reading() -> None:
    kept = [row for row in book()["gates"] if row["gate"] != "G3"]
    assert waits(heard(), gates=kept) == []
    (later,) = waits(heard(to="2027-03-30"), gates=kept)
    assert later.startswith("consultation of the council (it ends on 2027-03-30")


def test_a_duty_that_nobody_knows_is_waited_for_as_one_of_law() -> None:
    assert waits(heard("moon")) == []
    (found,) = waits(heard("moon", outcome=""))
    assert found == "'moon', which is no duty that is known (it has not been answered)"


@pytest.mark.parametrize(
    ("affects", "rows", "found"),
    [
        ("staff", [], []),
        ("posts", [], ["staff side (none is recorded)"]),
        ("posts", [heard("staff side")], []),
        ("posts", [heard("staff side", outcome="")], ["staff side (it has not been answered)"]),
        (
            "posts",
            [heard("staff side", outcome="They opposed it")],
            ["staff side (it said: They opposed it)"],
        ),
        ("staff", [heard("staff side", outcome="")], []),  # only practice asks for it
        (
            "staff",
            [heard("staff side", outcome="They opposed it")],
            ["staff side (it said: They opposed it)"],
        ),
        ("staff", [heard("staff side", outcome="Nobody opposed it")], []),
    ],
)
def test_staff_are_heard_where_posts_go_and_a_no_is_heard_wherever_it_is_said(
    affects: str, rows: Rows, found: list[str]
) -> None:
    assert waits(*rows, affects=affects) == found


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [
        ([heard(to="2024-01-30")], False),
        ([heard(to="2024-01-31")], True),
        ([heard(**{"from": "2024-01-31", "to": ""})], True),
        ([heard(**{"from": "", "to": ""})], True),
        ([heard(), heard("patient groups", notified_on="2026-04-01")], True),
        ([heard(), heard("sch10A", notified_on="2026-04-01")], False),
        ([heard(), heard("sch10A")], True),  # nobody says on which day
        ([heard("staff side")], False),
        ([], False),
    ],
)
def test_a_council_consulted_since_the_change_of_law_needs_a_notification(
    rows: Rows, lacks: bool
) -> None:
    position = position_of(book(engagements=rows))
    assert lacks_notification(position.book.engagements) is lacks


@pytest.mark.parametrize(
    ("written", "duty"),
    [
        ("scrutinyy", "council_consultation"),  # one letter too many of eight or more
        ("staff sid", "staff_side"),
        ("healthwach", "patient_groups"),
        ("council", "council_consultation"),
        ("councils", ""),  # a short name is not guessed at, and what is not known is waited for
        ("s2422", ""),
        ("s.242 and s.244", ""),  # two duties in one cell are neither
        ("s.242 of the Act", "public_involvement"),
    ],
)
def test_a_slip_in_a_long_name_of_a_duty_is_read_and_a_short_one_is_not(
    written: str, duty: str
) -> None:
    found = duty_called(written)
    assert (found.duty if found else "") == duty
