"""What `check` says of dates and of levels, in the words that a reader of `--json` sees."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.core.finding import Finding
from tests.strategies import Book, amount, control_total, position_of


def told(book: Book, code: str) -> list[Finding]:
    return [f for f in verbs.check(position_of(book)).findings if f.code == code]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"to": "2025-03-31"}, "years between its beginning and 2025-03-31"),
        ({"from": "2027-04-01"}, "years between 2027-04-01 and now"),
        (
            {"from": "2020-04-01", "to": "2022-06-30"},
            "years between 2020-04-01 and 2022-06-30",
        ),
    ],
)
def test_a_body_outside_its_dates_is_told_which_they_are(
    dates: dict[str, str], expected: str
) -> None:
    trust = {"code": "XA1", "name": "Aster Trust", "kind": "provider", "parent": "", **dates}
    book = {"organisations": [trust], "amounts": [amount("XA1", "position", -4)]}
    (found,) = told(book, "OUTSIDE_DATES")
    assert (found.expected, found.found) == (expected, "2026/27")


def _levels(*below: int | None, complete: str = "") -> Book:
    """A system of control total 10 and a trust for each total, which may not be stated."""
    system = {"code": "SYS", "name": "System", "kind": "system", "parent": "", "complete": complete}
    trusts = [
        {"code": f"T{n}", "name": f"Trust {n}", "kind": "provider", "parent": "SYS"}
        for n in range(len(below))
    ]
    totals = [control_total(f"T{n}", value) for n, value in enumerate(below) if value is not None]
    return {
        "organisations": [system, *trusts],
        "control_totals": [control_total("SYS", 10), *totals],
        "amounts": [amount("T0", "position", 0)],
    }


def test_a_control_total_of_a_system_is_set_beside_the_sum_of_those_below() -> None:
    (found,) = told(_levels(4, 3), "CONTROL_TOTALS_DIFFER")
    assert (found.expected, found.found, found.organisation) == ("£7.00", "£10.00", "SYS")
    assert found.message.endswith("differs from the sum of those below by £3.00.")


@pytest.mark.parametrize(
    "book",
    [
        _levels(4, 6),
        _levels(10, 0),
        _levels(4, None),
        _levels(None, None),
        _levels(4, 3, complete="no"),
    ],
    ids=["equal", "one of nil", "one total not stated", "none stated", "not every body is listed"],
)
def test_nothing_is_said_where_nothing_can_differ(book: Book) -> None:
    assert not told(book, "CONTROL_TOTALS_DIFFER")
