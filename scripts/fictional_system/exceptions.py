"""What an auditor finds: hand-ins of month 6, one approved by whoever handed it in, and late words.

Nothing here moves a figure: a late change of forecast is an earlier version of a row that stands.
"""

from __future__ import annotations

from .bodies import SHORT
from .book import RETURNED_ON, YEAR, Book

HANDED_IN = ("XF-ICB", "XF-FTH", "XF-ALD", "XF-HOL", "XF-MHT", "XF-COM", "XF-AMB")
APPROVED_ALONE = "XF-ALD"
"""The trust whose return of month 6 was approved by whoever handed it in."""
REOPENED = "XF-FTH"
CHANGED_ON = "2027-01-20"
"""The day before the paper for January's board was finished."""
CHANGED = {"organisation": "XF-HOL", "line": "non_pay", "basis": "forecast"}
"""The trust and line whose forecast of March, and with it of the year, was changed."""
BEFORE = 180
"""By how much less the trust had forecast five days before, in £k."""


def put_exceptions(book: Book) -> None:
    """Months handed in, a late change of forecast, a difference accepted, a waiver written down late."""
    _months(book)
    _late_change(book)
    for row in book.rows["sources"]:
        if row["id"] == "SRC-TRK9":
            row["accepted_by"] = f"Deputy Chief Finance Officer, {SHORT['XF-ICB']}"
    for row in book.rows["waivers"]:
        row["known_on"] = "2026-04-02"
    book.case(
        "Exceptions for an auditor",
        "XF-ALD, XF-FTH, XF-HOL, SRC-TRK9",
        "Alderwick's return of month 6 has one preparer and approver; Fenmarch Teaching's was "
        "reopened; Hollowmere changed its forecast of non-pay the day before the paper; the "
        "tracker's totals disagree with its rows by an accepted difference; the waiver was written "
        "down 13 days after it was given.",
    )


def _months(book: Book) -> None:
    for body in HANDED_IN:
        officer = f"Chief Finance Officer, {SHORT[body]}"
        again = body == REOPENED
        book.put(
            "submissions",
            organisation=body,
            year=YEAR,
            month=6,
            entry="1",
            by=officer,
            approved_by=officer if body == APPROVED_ALONE else f"Chief Executive, {SHORT[body]}",
            on="2026-10-16",
            reopened_by="Eastmarch regional team" if again else "",
            reopened_on="2026-10-27" if again else "",
            reason="Agency invoices of September left out" if again else "",
        )


def _late_change(book: Book) -> None:
    rows: list[dict[str, str]] = []
    for row in book.rows["amounts"]:
        own = all(row.get(column) == text for column, text in CHANGED.items())
        if own and row.get("known_on") == RETURNED_ON and row.get("month") in (None, "12"):
            rows.append({**row, "amount": str(int(row["amount"]) - BEFORE)})
            row["known_on"] = CHANGED_ON
        rows.append(row)
    book.rows["amounts"] = rows
