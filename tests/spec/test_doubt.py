"""Figures that contradict themselves: each small book once gave a wrong figure without a word.

`tests/data/faults/reading/` holds the books. What is right is derived by hand here: the figure is
told when the slip is mended, and until then it cannot be told, and why is said at its place.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from controltotal.accounts.checks import findings
from controltotal.accounts.statement import answer_position
from controltotal.book.asking import years_asked
from controltotal.book.fold import Position, fold
from controltotal.core.finding import Finding
from controltotal.core.result import Result
from controltotal.outlook.outturn import answer_forecast
from controltotal.sources.books import read_book
from controltotal.workings.workings import Workings

BOOKS = Path(__file__).parents[1] / "data" / "faults" / "reading"
PLAIN = {"NO_SOURCE", "QUOTE_WITHOUT_NUMBER", "CONTROL_TOTAL_LATE"}
"""Warnings that every book without sources gets."""


@cache
def position(name: str) -> Position:
    return fold(read_book(str(BOOKS / name)))


@cache
def found(name: str) -> tuple[Finding, ...]:
    said = findings(Workings(position(name)), years_asked(position(name), None))
    return tuple(finding for finding in said if finding.code not in PLAIN)


@cache
def answered(name: str) -> Result:
    return answer_position(Workings(position(name)))


STOPPED = {
    # book: (code, rows named, the figure that nobody can tell until it is mended)
    "gl-sign": ("SIGNS_TURNED", "amounts row 2", "surplus/TRA/2026-27/plan"),
    "typed-brackets": ("SIGNS_TURNED", "amounts row 3, row 4", "surplus/T1/2026-27/plan"),
    "support-income-negative": (
        "SIGNS_TURNED",
        "amounts row 5",
        "surplus_with_support/SYS1/2026-27/actual",
    ),
    "recurrence-total": (
        "TOTAL_BESIDE_PARTS",
        "amounts row 2, row 3, row 4",
        "surplus/SYS1/2026-27/plan",
    ),
    "subtotal-line": (
        "TOTAL_BESIDE_PARTS",
        "amounts row 2, row 3, row 4",
        "surplus/TRA/2026-27/plan",
    ),
    "typed-cum": (
        "CUMULATIVE_MONTHS",
        "amounts " + ", ".join(f"row {n}" for n in range(14, 23)),
        "surplus/T1/2026-27/actual",
    ),
    "typed-ytdblank": ("YEAR_NOT_OVER", "amounts row 3", "surplus/T1/2026-27/actual"),
    "positive-deficit-ct": (
        "CONTROL_TOTAL_SIGN",
        "amounts row 2; control_totals row 2",
        "gap/QOQ/2024-25/plan",
    ),
    "both-counted": (
        "COUNTED_TWICE",
        "amounts row 2, row 3, row 4",
        "surplus/SYS1/2026-27/plan",
    ),
    "both-counted/dated": (  # the bodies' own dates say so too
        "COUNTED_TWICE",
        "amounts row 2, row 3, row 4",
        "surplus/SYS1/2026-27/plan",
    ),
}


@pytest.mark.parametrize("name", STOPPED)
def test_the_slip_is_an_error_at_its_place_and_its_figure_is_not_told(name: str) -> None:
    code, where, figure = STOPPED[name]
    said = [one for one in found(name) if one.severity == "error"]
    assert {one.code for one in said} == {code}
    assert where in [one.where for one in said]
    assert all(one.expected and one.found and one.action for one in said)
    told = answered(name).figure(figure)
    assert told is not None
    assert (told.status, told.value) == ("indeterminate", None)
    rows = {row.where for row in position(name).stopped}
    assert rows and all(row.split()[0] in where for row in rows)


@pytest.mark.parametrize(
    ("name", "figure", "pounds"),
    [
        # what the slip does not touch is told as before
        ("typed-cum", "surplus/T1/2026-27/plan", -6_000_000),
        ("typed-ytdblank", "surplus/T1/2026-27/forecast", -8_000_000),
        ("typed-ytdblank", "gap/T1/2026-27/plan", 0),
        ("positive-deficit-ct", "surplus/QOQ/2024-25/plan", -50_000_000),
        ("support-income-negative", "surplus_with_support/TRA/2026-27/plan", 0),
    ],
)
def test_what_a_slip_does_not_touch_is_told(name: str, figure: str, pounds: int) -> None:
    assert answered(name).value(figure) == pounds * 100


def test_the_remedy_names_the_setting_that_a_person_may_type() -> None:
    action = {name: found(name)[0].action for name in STOPPED}
    assert "signs with the value ledger" in action["gl-sign"]
    assert "signs with the value costs_negative" in action["typed-brackets"]
    assert "months with the value cumulative" in action["typed-cum"]
    assert "YTD9" in action["typed-cum"]
    assert "YTD9" in action["typed-ytdblank"]


def test_a_published_total_within_rounding_stands_beside_the_sum() -> None:
    """Thirteen systems to the nearest £0.1m make 455.0; 454.9 was published."""
    (told,) = found("rounding")
    assert (told.code, told.severity) == ("ROUNDED", "information")
    assert "£(454.9) million as published" in told.message
    figure = answered("rounding").figure("surplus/NAT/2025-26/plan")
    assert figure is not None
    assert figure.as_json() == {
        "id": "surplus/NAT/2025-26/plan",
        "value": -45_500_000_000,
        "unit": "pence",
        "status": "ok",
        "stated": -45_490_000_000,
    }


def test_an_actual_before_march_says_its_month_and_claims_no_gap() -> None:
    words = answered("ytd-vs-control-total").words
    assert (
        "Humber and North Yorkshire, 2024/25, to month 6 (September): a deficit of £19.9 million "
        "without support" in " ".join(words)
    )
    assert answered("ytd-vs-control-total").figure("gap/QOQ/2024-25/actual") is None
    assert found("ytd-vs-control-total") == ()


def test_the_month_that_is_missing_is_named() -> None:
    (told,) = found("missing-month")
    assert told.code == "MONTHS_INCOMPLETE"
    assert "month 3 (June) is missing" in told.message
    forecast = answer_forecast(Workings(position("missing-month")), "2026-27")
    (why,) = [one for one in forecast.findings if one.code == "FORECAST_NO_MONTHS"]
    assert "month 3 (June) is missing" in why.message
    assert "No body has actual months" not in why.message


REMEDIED = {
    # book: (setting, basis, pounds)
    "gl-sign": (("signs", "ledger"), "TRA", "plan", -3_000_000),
    "typed-brackets": (("signs", "costs_negative"), "T1", "plan", -6_000_000),
}


@pytest.mark.parametrize("name", REMEDIED)
def test_the_setting_that_the_remedy_names_mends_the_book(name: str, tmp_path: Path) -> None:
    (key, value), code, basis, pounds = REMEDIED[name]
    shutil.copytree(BOOKS / name, tmp_path / "book")
    with (tmp_path / "book" / "book.csv").open("a") as file:
        file.write(f"{key},{value}\n")
    mended = fold(read_book(str(tmp_path / "book")))
    assert mended.stopped == ()
    assert Workings(mended).totals.surplus(code, "2026-27", basis).pence == pounds * 100


def test_a_setting_that_fits_the_actuals_alone_is_asked_about(tmp_path: Path) -> None:
    """The actuals are running sums and the plan is not: for the whole book it would be wrong."""
    shutil.copytree(BOOKS / "typed-cum", tmp_path / "book")
    with (tmp_path / "book" / "book.csv").open("a") as file:
        file.write("months,cumulative\n")
    asked = fold(read_book(str(tmp_path / "book")))
    (told,) = [one for one in asked.findings if one.severity == "error"]
    assert told.code == "CUMULATIVE_MONTHS"
    assert "remove the setting months" in told.action
