"""What a system under the Capped Expenditure Process was told, and what it might answer.

The thirteen areas were told to balance within the year under one cap, because they overspent. Beside
each thing that they were told stands what the figures of the book would let them answer, or what they
would have to ask for. Nothing here says who is right. Source: domain guide 7.
"""

from __future__ import annotations

from controltotal.core.reference import day_words
from controltotal.core.result import Answer
from controltotal.rules.capped_expenditure import deadline, in_its_year
from controltotal.rules.capped_ranking import one_system
from controltotal.rules.challenge_words import Gathered, achievable_parts, money, near_words, share
from controltotal.rules.option_tests import TESTS, options_of, tests_of
from controltotal.rules.reading import Reading


def put_capped(answer: Answer, known: Gathered, reading: Reading, code: str, year: str) -> None:
    """The table `told_and_answer` of a system in the process; nothing for anybody else."""
    if not in_its_year(reading, code, year):
        return
    due = known.due or deadline(year)
    rows = (
        (
            f"Balance by {day_words(due)}, under one cap over commissioners and providers",
            _notice(known),
        ),
        (
            "It was chosen for the largest gap of planned spend to allocation",
            _choice(reading, code, year),
        ),
        ("It has overspent its fair share", _share(known)),
        ("The savings planned are not enough", "; ".join(achievable_parts(known))),
        ("Consider all available options", _options(reading, code, year)),
    )
    answer.table(
        "told_and_answer",
        [
            {"organisation": code, "year": year, "told": told, "may_answer": reply}
            for told, reply in rows
        ],
    )


def _notice(known: Gathered) -> str:
    """How late it came: as recorded, else as the process itself did."""
    if known.notice is not None and known.notice < 0:
        return f"it was set {-known.notice} days into the year, with {known.days_left} days left"
    if known.notice is not None:
        return f"it was set {known.notice} days before the year"
    return "the process began in April 2017, in the year that it binds; ask on what day it was set"


def _choice(reading: Reading, code: str, year: str) -> str:
    """Its own gap, or what to ask for; no threshold was ever published."""
    row = one_system(reading, code, year)
    if row.gap is None or row.share is None:
        return f"{row.lack}; ask for them, and for the threshold, which was never published"
    text = f"its gap is {money(row.gap)} ({share(float(row.share))} of its allocation)"
    return f"{text}; ask for the threshold, which was never published"


def _share(known: Gathered) -> str:
    if known.distance is not None:
        side = "above" if known.distance > 0 else "below"
        return f"its allocation is {share(abs(known.distance))} {side} fair share"
    if known.near:
        return f"no distance from target is known of its own area; {near_words(known)}"
    return "no distance from target is known of it: ask for the one that was used"


def _options(reading: Reading, code: str, year: str) -> str:
    """How many options pass the tests through which each has to go, in order."""
    options = options_of(reading, code, year)
    tests = ", ".join(TESTS)
    if not options:
        return f"no option is published; each needs, in order: {tests}; nothing progresses before"
    through = sum(
        not any(test.holds_back for test in tests_of(reading, option)) for option in options
    )
    return f"{through} of {len(options)} options pass every test in order: {tests}"
