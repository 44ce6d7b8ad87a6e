"""A board paper made, followed and frozen in a browser, by keyboard and without scripts; a change tried."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live_service import NARROW, WIDE, Service, grave_faults, sideways

pytestmark = pytest.mark.pages

PAPER = "/papers/XF-SYS/2027-01-28"
LONG = 240_000
"""Milliseconds in which a busy machine makes a paper."""


def sound(page: Any) -> None:
    assert not grave_faults(page)
    assert sideways(page) <= 0


def test_a_paper_is_drafted_followed_said_anew_and_frozen(
    fresh_service: Service, browser: Any
) -> None:
    found = fresh_service.signed_in(browser, "system")
    page = found.page
    page.click("nav >> text=Papers")
    page.click("text=Integrated care board, 28 January 2027")
    sound(page)
    page.click("text=Draft the paper")
    page.wait_for_url(f"{found.address}{PAPER}", timeout=LONG)
    page.click("text=Read the draft, and follow its numbers")
    sound(page)
    page.click("section[aria-labelledby=performance] td a >> nth=0")
    assert "/figures/" in page.url or "/numbers/" in page.url
    assert page.locator("h2", has_text="How it is made").count() == 1
    sound(page)
    found.goto(PAPER)
    page.click("text=Change or agree >> nth=0")
    sound(page)
    page.fill("textarea[name=text]", "We end the year at {forecast|words}.")
    page.click("text=Look at it with its numbers")
    assert page.locator("text=We end the year at £49.0m in deficit.").count() >= 1
    page.click("text=Record this sentence")
    assert "Receipt: entry" in page.inner_text("main")
    said = [row.text for row in fresh_service.position().book.commentary]
    assert "We end the year at {forecast|words}." in said
    page.click("text=Freeze as a draft at entry")
    page.wait_for_url(f"{found.address}{PAPER}#frozen", timeout=LONG)
    with page.expect_download() as got:
        page.click("text=PDF")
    assert got.value.suggested_filename.endswith(".pdf")
    sound(page)
    found.calm()


def test_a_change_is_tried_by_keyboard_without_scripts_on_a_phone(
    fresh_service: Service, browser: Any
) -> None:
    before = fresh_service.position().ref
    found = fresh_service.signed_in(browser, "programme", NARROW, java_script_enabled=False)
    found.goto("/try")
    page = found.page
    page.focus("input[name=kind][value=share]")
    page.keyboard.press("Space")
    page.select_option("select[name=scheme]", "FTH-02")
    page.fill("input[name=value]", "50")
    with page.expect_navigation(timeout=LONG):
        page.keyboard.press("Enter")
    assert "£423 thousand less" in page.inner_text("main")
    page.click("text=Keep a link for seven days")
    assert "Kept for seven days" in page.inner_text("main")
    assert fresh_service.position().ref == before, "nothing of it is in the ledger"
    found.calm()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "phone"])
def test_questions_figures_and_trying_read_well(
    service: Service, browser: Any, size: dict[str, int]
) -> None:
    found = service.signed_in(browser, "auditor", size)
    for path in (
        "/questions",
        "/questions/position?year=2026%2F27&organisation=XF-FTH",
        "/questions/share",
        "/figures/gap/XF-SYS/2026-27/forecast",
        "/figures/surplus/XF-FTH/2026-27/forecast",
        "/papers",
        PAPER,
        "/try",
    ):
        found.goto(path)
        sound(found.page)
    found.calm()
