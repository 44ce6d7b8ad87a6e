"""The whole journey in a browser: the file is dropped, checked, sent, approved; then the next month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from controltotal.accounts.months_sent import standing
from controltotal.workings.workings import Workings
from tests.live_service import NARROW, Service, Watched, grave_faults, sideways
from tests.month_books import workbook

pytestmark = pytest.mark.pages
MONTH = "/months/XF-FTH/2026-27/M{}"
YEAR = "2026-27"


def looked(at: Watched, where: str = "") -> None:
    """Fail for what may be on no page: grave faults of access, a page wider than its screen."""
    if where:
        at.goto(where)
    assert grave_faults(at.page) == []
    assert sideways(at.page) <= 0
    at.calm()


def state(service: Service, month: int) -> str:
    return standing(Workings(service.position()), "XF-FTH", YEAR, month).state


def sent(at: Watched, folder: Path, month: int) -> None:
    """A month from its page to its receipt, by the file that was made already."""
    file = folder / f"Finance report month {month}.xlsx"
    file.write_bytes(workbook(month))
    at.goto(MONTH.format(month))
    at.page.set_input_files("input[type=file]", str(file))
    at.page.get_by_role("button", name="Check the figures").click()
    at.page.wait_for_url("**/check")
    looked(at)
    assert "question" not in at.page.inner_text("main")
    at.page.get_by_role("button", name=f"Send month {month} to the director").click()
    at.page.wait_for_url("**/sent?entry=*")
    assert "Receipt: entry" in at.page.inner_text("main")
    looked(at)


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no scripts"])
def test_a_month_is_sent_approved_and_followed_by_the_next(
    fresh_service: Service, browser: Any, tmp_path: Path, script: bool
) -> None:
    month = 10 if script else 11
    finance = fresh_service.signed_in(browser, "finance-xf-fth", java_script_enabled=script)
    director = fresh_service.signed_in(browser, "director-xf-fth", java_script_enabled=script)
    if not script:
        finance.goto("/months")
        finance.calm()
        walk_without_scripts(finance, tmp_path, month)
    else:
        looked(finance, "/months")
        looked(finance, MONTH.format(month))
        sent(finance, tmp_path, month)
    assert state(fresh_service, month) == "sent"
    director.goto(MONTH.format(month))
    with director.page.expect_navigation():
        director.page.get_by_role("button", name=f"Approve month {month}").click()
    assert "Approved" in director.page.inner_text("main")
    director.calm()
    assert state(fresh_service, month) == "approved"


def walk_without_scripts(at: Watched, folder: Path, month: int) -> None:
    """The same without scripts, where axe cannot run."""
    file = folder / f"Finance report month {month}.xlsx"
    file.write_bytes(workbook(month))
    at.goto(MONTH.format(month))
    at.page.set_input_files("input[type=file]", str(file))
    at.page.get_by_role("button", name="Check the figures").click()
    at.page.get_by_role("button", name=f"Send month {month} to the director").click()
    assert "Receipt: entry" in at.page.inner_text("main")
    at.calm()


def test_the_pages_fit_a_phone(fresh_service: Service, browser: Any) -> None:
    at = fresh_service.signed_in(browser, "region", NARROW)
    for where in ("/months", MONTH.format(6), MONTH.format(12)):
        looked(at, where)
