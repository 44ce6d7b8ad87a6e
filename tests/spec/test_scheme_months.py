"""A scheme's month to date: told where it is reported, beside its plan where it is not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.spec.test_to_date import MILLION, a, asked, b, book, row


def scheme_row(reported: Iterable[int], planned: Iterable[int], **said: str) -> dict[str, float]:
    """The row of a scheme of 1.0 a month planned that made 0.6 in each month reported, in £m."""
    scheme = {"line": "pay", "scheme": "X", "recurrence": "recurrent"}
    rows = [row("A", "plan", 1, n, **scheme) for n in planned]
    rows += [row("A", "actual", 0.6, n, **scheme) for n in reported]
    about = {"id": "X", "organisation": "A", "title": "Rosters", "maturity": "in_progress"}
    about |= {"recurrence": "recurrent", "full_year_effect": "12", "unit": "£m", **said}
    result = asked(book(*a(), *rows, *b(), schemes=[about]))
    (found,) = [r for r in result.tables["to_date"] if r["scheme"] == "X"]
    return {k: v / MILLION for k, v in found.items() if isinstance(v, int) and k != "month"}


@pytest.mark.parametrize(
    ("reported", "planned", "month", "actual"),
    [
        ((7, 8), range(7, 13), None, None),  # December is not reported: no nil
        ((7, 9), range(7, 13), 0.6, None),  # November is not
        ((), range(7, 13), None, None),
        ((7, 8, 9), range(7, 13), 0.6, 1.8),
        ((1, 2), range(1, 3), 0.0, 1.2),  # over in May: nothing more is due
        ((7, 8, 9), (), 0.6, 1.8),  # in no plan: from the first that is told
        ((7, 8), (), None, None),
    ],
)
def test_a_month_of_a_scheme_that_nobody_reported_is_no_nil(
    reported: tuple[int, ...], planned: Iterable[int], month: float | None, actual: float | None
) -> None:
    found = scheme_row(reported, planned)
    assert (found.get("month_actual"), found.get("actual")) == (month, actual)
    due = len([n for n in planned if n <= 9])
    if due:
        assert found["plan"] == due
        told = None if actual is None else actual - due
        assert found.get("variance") == (None if told is None else pytest.approx(told))
