"""A finding about a scheme, as every check of schemes words it."""

from __future__ import annotations

from controltotal.accounts.checks.totals import details, places
from controltotal.book.record import Record
from controltotal.core.finding import Finding


def finding(
    code: str,
    row: Record,
    message: str,
    expected: str,
    found: str,
    action: str,
    *more: Record,
    severity: str = "warning",
) -> Finding:
    """A finding with the places of its rows, a warning unless it says otherwise."""
    rows = [row, *more]
    return Finding(
        code=code,
        severity=severity,
        organisation=row.texts.get("organisation", ""),
        where=places(rows),
        message=message,
        expected=expected,
        found=found,
        action=action,
        detail=details(rows),
    )
