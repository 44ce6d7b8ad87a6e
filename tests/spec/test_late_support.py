"""A total above a body without the month is not told, with its support as without."""

from __future__ import annotations

from tests.spec.test_to_date import YEAR, asked, late_book, pounds, row


def test_nine_months_of_one_and_eight_of_another_make_no_total_with_support() -> None:
    """Support does not help: a total above a body without the month is not told, with or without."""
    support = {"line": "support_income", "recurrence": "non_recurrent"}
    given = [row("A", "actual", 0.5, n, **support) for n in range(1, 10)]
    book_of = late_book()
    rows = [*book_of["amounts"], *given]
    result = asked({**book_of, "amounts": rows})
    for measure in ("surplus", "surplus_with_support"):
        figure = result.figure(f"{measure}/S/{YEAR}/actual")
        assert figure is not None and figure.value is None and figure.unknown == "incomplete"
    assert pounds(result, f"surplus_with_support/A/{YEAR}/actual") == -11.4 + 4.5
