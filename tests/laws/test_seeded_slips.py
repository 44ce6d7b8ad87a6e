"""Whole books with one slip in each: how many are told, and how often a true book is doubted.

Slips of scale and sign, rows doubled and totals added must be told at their place in 99 of 100;
turned digits, wrong codes, shifted months and lost rows wherever a second figure decides, and the
rate is printed. Of 200 true books at most one may be doubted. `make soak` measures them all; the
first tenth is measured here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pytest

from controltotal.accounts.checks import findings
from controltotal.book.asking import years_asked
from controltotal.core.finding import Finding
from controltotal.workings.workings import Workings
from tests.seeded_books import DECIDED, STOPPED_OR_WARNED, Book, Slipped, clean, slip
from tests.strategies import position_of

CLEAN, SLIPS = 200, 60
NO_DOUBT = {"NO_SOURCE"}
"""What is said of every book without sources, and is no doubt about its figures."""


def doubts(book: Book) -> list[Finding]:
    """Errors and warnings that a person would read."""
    position = position_of(book)
    said = findings(Workings(position), years_asked(position, None))
    return [one for one in said if one.severity != "information" and one.code not in NO_DOUBT]


def rows_named(where: str) -> set[int]:
    """The rows of amounts that a finding names, runs of them included.

    >>> sorted(rows_named("amounts row 2, row 4 to row 6; sources row 9"))
    [2, 4, 5, 6]
    """
    table = next((part for part in where.split(";") if part.strip().startswith("amounts")), "")
    runs = re.findall(r"row (\d+)(?: to row (\d+))?", table)
    return {row for first, last in runs for row in range(int(first), int(last or first) + 1)}


def is_told(slipped: Slipped) -> bool:
    """Whether an error or a warning names a row of the slip; of a true book there is none.

    Where a second figure must decide, it is that one's place that is named.
    """
    told = doubts(slipped.book)
    if slipped.kind in DECIDED:
        return bool(told)
    return any(rows_named(one.where) & slipped.rows for one in told)


def measured(seeds: Iterable[int]) -> dict[str, tuple[int, int]]:
    """By kind of slip: how many that matter were told, of how many."""
    told: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for seed in seeds:
        true = clean(seed)
        for kind in (*STOPPED_OR_WARNED, *DECIDED):
            slipped = slip(true, kind, seed)
            if slipped.matters:
                of[kind] += 1
                told[kind] += is_told(slipped)
    for kind, count in of.items():
        print(f"{kind}: {told[kind]} of {count} told")
    return {kind: (told[kind], count) for kind, count in of.items()}


def holds(rates: dict[str, tuple[int, int]]) -> None:
    """99 of 100 of what must be told; 95 of 100 of what a second figure decides."""
    for kind, (told, count) in rates.items():
        least = 0.99 if kind in STOPPED_OR_WARNED else 0.95
        assert told >= least * count, (kind, told, count)


@pytest.mark.parametrize("seed", range(CLEAN // 10))
def test_a_true_book_is_not_doubted(seed: int) -> None:
    assert doubts(clean(seed)) == []


def test_slips_are_told_at_their_place() -> None:
    holds(measured(range(SLIPS // 10)))


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_of_two_hundred_true_books_at_most_one_is_doubted() -> None:
    alarms = {seed: found for seed in range(CLEAN) if (found := doubts(clean(seed)))}
    print(f"{len(alarms)} of {CLEAN} true books doubted")
    assert len(alarms) <= 1, alarms


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_every_kind_of_slip_is_told_at_its_rate() -> None:
    holds(measured(range(SLIPS)))
