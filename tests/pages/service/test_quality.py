"""A chief nurse's week in a browser: the list, one scheme signed with a condition, the plan, the minute."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live_service import NARROW, WIDE, Service, grave_faults, sideways

pytestmark = pytest.mark.pages
SIGNER = "nurse-xf-fth"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_of_schemes_and_quality_are_sound(
    service: Service, browser: Any, size: dict[str, int]
) -> None:
    at = service.signed_in(browser, SIGNER, size)
    pages = ("/schemes", "/schemes/FTH-51", "/schemes/FTH-51/sign", "/quality", "/quality/minute")
    for path in pages:
        at.goto(path)
        assert grave_faults(at.page) == [], path
        assert sideways(at.page) == 0, path
        at.calm()
    at.page.context.close()


def test_a_nurse_signs_with_a_condition_by_keyboard_and_the_minute_tells_it(
    fresh_service: Service, browser: Any
) -> None:
    at = fresh_service.signed_in(browser, SIGNER)
    page = at.page
    at.goto("/quality")
    page.locator('a[href="/schemes/FTH-52/sign"]').press("Enter")
    page.get_by_label("Approve with conditions", exact=True).press("Space")
    page.locator("#text").fill("Waits watched each week")
    page.locator("#kind").select_option("while_running")
    page.locator("#due").fill("31 May 2027")
    page.get_by_role("button", name="Sign this scheme").press("Enter")
    page.wait_for_url("**/schemes/FTH-52")
    assert "Receipt: entry" in page.locator("main").inner_text()
    assert "Both directors have signed, and the scheme counts." in page.locator("main").inner_text()
    rows = [row for row in fresh_service.position().book.gates if row.scheme == "FTH-52"]
    assert (rows[-1].role, rows[-1].outcome) == ("chief_nurse", "approve_with_conditions")
    page.goto(f"{page.url.partition('/schemes')[0]}/quality/minute")
    assert "Waits watched each week" in page.locator("main").inner_text()
    at.calm()
    page.context.close()
