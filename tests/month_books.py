"""A fictional trust's own monthly report as its finance makes it, and a desk of the fictional system.

The report has a title, a month a column, totals of its own and a surplus: nothing of it is a form of ours.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from functools import cache

from controltotal.acts import Desk
from tests.act_books import again
from tests.fictional_ledger import BOOK, fictional
from tests.service_house import grant

CODE = "XF-FTH"
TODAY = date(2027, 2, 10)
INCOME = {
    "patient_care_income": "Patient care income",
    "other_income": "Other operating income",
}
COST = {
    "substantive_pay": "Substantive pay",
    "bank_pay": "Bank",
    "agency_pay": "Agency",
    "drugs": "Drugs",
    "non_pay": "Non-pay",
    "depreciation": "Depreciation",
    "finance_costs": "Finance costs",
}
MONTHS = (
    *("April", "May", "June", "July", "August", "September"),
    *("October", "November", "December", "January", "February", "March"),
)


OFFICES = (
    ("robin", "trust_finance", CODE),
    ("morgan", "trust_finance", CODE),
    ("kerry", "trust_finance", "XF-ALD"),
    ("chris", "system_finance", "XF-SYS"),
)
"""Who holds which office at it, as `service_house.person` gives them."""


@cache
def _desk() -> Desk:
    one = fictional(TODAY)
    for username, role, organisation in OFFICES:
        grant(one, username, role, organisation)
    return one


def desk() -> Desk:
    """A desk at a ledger of the fictional system of its own, at which some hold offices."""
    return again(_desk())


@cache
def _sums() -> Mapping[tuple[str, str, int], int]:
    """£ thousand of the trust by line, basis and month."""
    found: dict[tuple[str, str, int], int] = {}
    with (BOOK / "amounts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            own = row["organisation"] == CODE and row["year"] == "2026/27"
            if own and not (row["scheme"] or row["scenario"]) and row["month"].isdecimal():
                key = (row["line"], row["basis"], int(row["month"]))
                found[key] = found.get(key, 0) + int(row["amount"])
    return found


def told(line: str, month: int, more: Mapping[tuple[str, int], int] | None = None) -> int:
    """£ thousand of a line in a month: the actual, of months to come the plan; with what is added."""
    sums = _sums()
    basis = "actual" if (line, "actual", month) in sums else "plan"
    return sums.get((line, basis, month), 0) + (more or {}).get((line, month), 0)


def table(
    to: int,
    more: Mapping[tuple[str, int], int] | None = None,
    name: str = "Fenmarch Teaching Hospitals",
) -> list[list[object]]:
    """The report to a month, row by row; `more` is added to a line of a month."""
    months = range(1, to + 1)
    rows: list[list[object]] = [
        [name],
        [f"Finance report 2026/27, month {to} ({MONTHS[to - 1]})"],
        ["£000"],
        [],
        ["", *(f"M{month} actual" for month in months), "YTD actual"],
    ]
    surplus = [0] * (to + 1)
    for lines, total, sign in ((INCOME, "Total income", 1), (COST, "Total expenditure", -1)):
        sums = [0] * (to + 1)
        for line, title in lines.items():
            each = [told(line, month, more) for month in months]
            each.append(sum(each))
            rows.append([title, *each])
            sums = [one + other for one, other in zip(sums, each, strict=True)]
        rows.append([total, *sums])
        surplus = [one + sign * other for one, other in zip(surplus, sums, strict=True)]
    rows.append(["Surplus/(deficit)", *surplus])
    return rows


def workbook(
    to: int,
    more: Mapping[tuple[str, int], int] | None = None,
    name: str = "Fenmarch Teaching Hospitals",
) -> bytes:
    """The report as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "I&E"
    for row in table(to, more, name):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
