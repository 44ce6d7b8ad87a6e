"""Reports as finance departments send them, in a new ledger: on a page without a word of the book's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.running import controltotal

Rows = Sequence[Sequence[object]]

MONTH_9: Rows = [
    ["Financial position to Month 9 2026/27"],
    [],
    ["", "In month", "", "", "Year to date", "", "", "Full year", "", ""],
    ["£'000", *["Plan", "Actual", "Var"] * 2, "Plan", "Forecast", "Var"],
    ["Income"],
    ["NHS clinical income", 50000, 50400, 400, 450000, 451200, 1200, 600000, 602000, 2000],
    ["Other operating income", 4000, 3900, -100, 36000, 35500, -500, 48000, 47500, -500],
    ["Total income", 54000, 54300, 300, 486000, 486700, 700, 648000, 649500, 1500],
    ["Expenditure"],
    ["Pay", -34000, -35000, -1000, -306000, -311000, -5000, -408000, -414000, -6000],
    ["Drugs", -5000, -5200, -200, -45000, -46100, -1100, -60000, -61500, -1500],
    ["Clinical supplies", -6000, -6100, -100, -54000, -55200, -1200, -72000, -73500, -1500],
    ["Other non-pay", -7000, -6900, 100, -63000, -62500, 500, -84000, -83600, 400],
    ["Total expenditure", -52000, -53200, -1200, -468000, -474800, -6800, -624000, -632600, -8600],
    ["EBITDA", 2000, 1100, -900, 18000, 11900, -6100, 24000, 16900, -7100],
    ["Depreciation", -1500, -1500, 0, -13500, -13400, 100, -18000, -17900, 100],
    ["PDC dividend", -400, -400, 0, -3600, -3600, 0, -4800, -4800, 0],
    ["Surplus/(deficit)", 100, -800, -900, 900, -5100, -6000, 1200, -5800, -7000],
    [],
    ["Note: figures exclude deficit support funding"],
]
BOARD: Rows = [
    ["NHS Norfolk and Waveney ICB"],
    ["Month 8 Finance Report 2025/26 - Expenditure summary"],
    ["£m"],
    ["Category", "YTD", "", "", "Forecast", "", ""],
    ["", "Plan", "Actual", "Variance", "Plan", "Outturn", "Variance"],
    ["Revenue Resource Limit", 1200.0, 1200.0, 0, 1800.0, 1800.0, 0],
    ["Acute Services", 640.2, 645.1, -4.9, 960.3, 966.0, -5.7],
    ["Mental Health Services", 120.4, 121.0, -0.6, 180.6, 181.5, -0.9],
    ["Community Services", 110.1, 109.8, 0.3, 165.2, 165.0, 0.2],
    ["Continuing Care", 70.5, 74.2, -3.7, 105.8, 110.9, -5.1],
    ["Prescribing", 130.3, 132.9, -2.6, 195.5, 199.0, -3.5],
    ["Primary Care", 40.0, 39.5, 0.5, 60.0, 59.6, 0.4],
    ["Delegated Primary Care", 80.0, 80.1, -0.1, 120.0, 120.0, 0],
    ["Running Costs", 8.5, 8.1, 0.4, 12.6, 12.0, 0.6],
    ["Total Expenditure", 1200.0, 1210.7, -10.7, 1800.0, 1814.0, -14.0],
    ["Surplus / (Deficit)", 0, -10.7, -10.7, 0, -14.0, -14.0],
]
SYSTEM: Rows = [
    ["Norfolk and Waveney ICS: financial performance M8 2025/26, £m"],
    ["", "Year to date", "", "", "Forecast outturn", "", "", "Efficiencies YTD", ""],
    [
        "Organisation",
        *["Plan", "Actual", "Variance", "Plan", "Forecast", "Variance"],
        "Plan",
        "Actual",
    ],
    ["Norfolk and Norwich University Hospitals NHS FT", -10.2, -14.5, -4.3, 0, 0, 0, 22.1, 18.0],
    ["The Queen Elizabeth Hospital King's Lynn NHS FT", -5.1, -6.0, -0.9, 0, -2.0, -2.0, 8.0, 7.1],
    ["James Paget University Hospitals NHS FT", -2.0, -1.5, 0.5, 0, 0, 0, 7.0, 7.5],
    ["NHS Norfolk and Waveney ICB", 0, -10.7, -10.7, 0, -14.0, -14.0, 15.0, 11.0],
    ["ICS Total", -17.3, -32.7, -15.4, 0, -16.0, -16.0, 52.1, 43.6],
]
COVER: Rows = [
    ["James Paget University Hospitals NHS Foundation Trust"],
    ["Finance Report"],
    ["Month 8 2026/27"],
]
INCOME: Rows = [
    ["Statement of Comprehensive Income 2026/27 (£'000)"],
    ["", "Actual", "", "Forecast", "", "Full Year", "Full Year", ""],
    ["", "Apr", "May", "Jun", "Jul", "Forecast", "Plan", "Variance"],
    ["Income from patient care activities", 100, 110, 120, 130, 460, 450, 10],
    ["Employee expenses"],
    ["Substantive staff", 40, 41, 42, 43, 166, 160, -6],
    ["Bank staff", 5, 5, 5, 5, 20, 22, 2],
    ["Total pay", 45, 46, 47, 48, 186, 182, -4],
    ["Operating expenses excluding pay"],
    ["Drugs costs", 20, 21, 22, 23, 86, 88, 2],
    ["Clinical negligence", 6, 6, 6, 6, 24, 24, 0],
    ["Other", 7, 8, 9, 10, 34, 30, -4],
    ["Total non-pay", 33, 35, 37, 39, 144, 142, -2],
    ["Surplus/(deficit) for the period", 22, 29, 36, 43, 130, 126, 4],
]
SHEETS: Rows = [
    ["Statement of Financial Position at 31 July 2026 £'000"],
    ["", "31 March 2026", "31 July 2026"],
    ["Property, plant and equipment", 120000, 121500],
    ["Cash and cash equivalents", 8200, 5100],
]
PEOPLE: Rows = [
    ["Workforce WTE"],
    ["", "Plan WTE", "Actual WTE", "Variance"],
    ["Substantive", 3000, 2950, 50],
]


@pytest.fixture
def book(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/book.ledger"
    assert controltotal("new", address).code == 0
    return address


def workbook(path: Path, sheets: Mapping[str, Rows], merged: Sequence[str] = ()) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for area in merged if rows is INCOME else ():
            sheet.merge_cells(area)
    made.save(path)
    return path


def taken(book: str, file: Path, *options: str) -> dict[str, Any]:
    ran = controltotal("import", file, "--into", book, *options, "--json")
    found: dict[str, Any] = json.loads(ran.out)
    assert ran.code == 0, found["findings"]
    checked = json.loads(controltotal("check", book, "--json").out)["findings"]
    assert {finding["severity"] for finding in checked} <= {"information"}
    assert all(row["difference_pence"] == 0 for row in found["tables"]["reconciled"])
    return found


def surpluses(book: str, code: str) -> dict[str, float]:
    """The surplus of a body by basis, in millions."""
    found = json.loads(controltotal("position", book, "--json").out)["figures"]
    return {
        figure["id"].split("/")[-1]: figure["value"] / 10**8
        for figure in found
        if figure["id"].startswith(f"surplus/{code}/")
    }


def test_a_month_report_is_on_a_page(book: str, tmp_path: Path) -> None:
    file = workbook(tmp_path / "M9 finance report.xlsx", {"Month 9": MONTH_9})
    taken(book, file, "--set", "organisation=RX1")
    again = taken(book, file)
    assert all(
        not row["added"] + row["changed"] + row["withdrawn"] for row in again["tables"]["imported"]
    )
    assert surpluses(book, "RX1") == {"plan": 1.2, "actual": -5.1, "forecast": -5.8}


def test_a_board_and_its_system_are_told_apart(book: str, tmp_path: Path) -> None:
    taken(book, workbook(tmp_path / "ICB M8.xlsx", {"ICB": BOARD}))
    taken(book, workbook(tmp_path / "system M8.xlsx", {"System": SYSTEM}))
    assert surpluses(book, "QMM") == {"plan": 0.0, "actual": -32.7, "forecast": -16.0}
    assert surpluses(book, "QMM-ICB")["actual"] == -10.7


def test_a_pack_is_read_by_its_cover(book: str, tmp_path: Path) -> None:
    sheets = {"Cover": COVER, "SOCI": INCOME, "Balance sheet": SHEETS, "Workforce": PEOPLE}
    file = workbook(tmp_path / "pack.xlsx", sheets, ("B2:C2", "D2:E2"))
    found = taken(book, file)
    assert not any(
        row["added"] + row["withdrawn"] for row in taken(book, file)["tables"]["imported"]
    )
    assert {row["organisation"] for row in found["tables"]["received"]} == {"RGP"}
    assert surpluses(book, "RGP") == {"plan": 0.126, "actual": 0.051, "forecast": 0.13}
    reasons = {row["sheet"]: row["reason"] for row in found["tables"]["left_out"]}
    assert "balance sheet" in reasons["Balance sheet"]
    assert reasons["Workforce"] == "people, not money"


def test_lines_of_its_own_are_the_same_the_second_time(book: str, tmp_path: Path) -> None:
    rows: Rows = [
        ["James Paget University Hospitals NHS Foundation Trust, plan 2026/27, £000"],
        ["", "M1", "M2"],
        ["NHS clinical income", 900, 910],
        ["Education and training", 40, 41],
        ["Other operating income", 60, 59],
        ["Interest receivable", 5, 6],
        ["Total other operating income", 105, 106],
        ["Total income", 1005, 1016],
    ]
    file = workbook(tmp_path / "plan.xlsx", {"Plan": rows})
    taken(book, file)
    assert not any(
        row["added"] + row["withdrawn"] for row in taken(book, file)["tables"]["imported"]
    )
