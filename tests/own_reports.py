"""Reports of a fictional trust in lay-outs of its own: parts of lines that the ledger holds whole.

Its surplus includes support, its costs stand in sections with totals, its names are nobody else's.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from tests.month_books import MONTHS, told

Figures = list[int]
AGENCY, DRUGS, SUPPLIES = "Agency & locums", "Drugs & devices", "Clinical supplies"
PREMISES = "Premises, energy & other running costs"
NAMES = {
    "patient_care_income": "NHS clinical income - all commissioners",
    "other_income": "Education, R&D and other operating income",
    "support_income": "Deficit support funding",
    "substantive_pay": "Permanent staff",
    "bank_pay": "Bank staff",
    "agency_pay": AGENCY,
    "drugs": DRUGS,
    "depreciation": "Depreciation",
    "finance_costs": "Interest and PDC dividend",
    "cash": "Cash at bank (month end)",
}
"""What the trust calls its lines."""


def table(to: int, more: Mapping[tuple[str, int], int] | None = None) -> list[list[object]]:
    """The report to a month: a month a column, sections with totals, the surplus with support."""
    rows: list[list[object]] = [
        ["Fenmarch Teaching Hospitals - income and expenditure report"],
        [f"Month {to}, 2026/27    all figures £000"],
        [],
        ["", *MONTHS[:to], "YTD actual"],
    ]

    def figures(line: str) -> Figures:
        return [told(line, month, more) for month in range(1, to + 1)]

    def put(title: str, each: Figures) -> Figures:
        rows.append([title, *each, sum(each)])
        return each

    def section(title: str, parts: Sequence[tuple[str, Figures]]) -> Figures:
        rows.append([title.upper()])
        every = [put(*part) for part in parts]
        return put(f"Total {title}", [sum(each) for each in zip(*every, strict=True)])

    def named(*lines: str) -> list[tuple[str, Figures]]:
        return [(NAMES[line], figures(line)) for line in lines]

    whole = figures("non_pay")
    supplies = [value * 44 // 100 for value in whole]
    rest = [one - other for one, other in zip(whole, supplies, strict=True)]
    income = section("income", named("patient_care_income", "other_income", "support_income"))
    pay = section("pay", named("substantive_pay", "bank_pay", "agency_pay"))
    other = section("non-pay", [*named("drugs"), (SUPPLIES, supplies), (PREMISES, rest)])
    below = [put(*one) for one in named("depreciation", "finance_costs")]
    columns = zip(income, pay, other, *below, strict=True)
    put("Net surplus/(deficit)", [first - sum(costs) for first, *costs in columns])
    put(*named("cash")[0])
    return rows


def workbook(to: int, more: Mapping[tuple[str, int], int] | None = None) -> bytes:
    """The report as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "I&E summary"
    for row in table(to, more):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
