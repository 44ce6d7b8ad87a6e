"""Agreeing money between organisations in a browser: with scripts and without, on a phone and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live_service import NARROW, Service, Watched, grave_faults, sideways

pytestmark = pytest.mark.pages


def is_fit(at: Watched) -> None:
    """The page as it stands has no grave fault, is no wider than its screen and asked nobody else."""
    assert grave_faults(at.page) == []
    assert sideways(at.page) == 0
    at.calm()


def fill(page: Any) -> None:
    page.select_option("#from", "XF-FTH")
    page.select_option("#to", "XF-ALD")
    page.fill("#amount", "£1.5m")
    page.select_option("#kind", "neighbour_support")
    page.check("input[name=mechanism][value=resource_transfer]")
    page.select_option("#repay_from", "2027-28")
    page.fill("#repay_years", "2")


def agree(at: Watched) -> None:
    at.page.fill("#agree-on", "19 January 2027")
    with at.page.expect_navigation():
        at.page.click("text=Agree to the transfer")
    assert "Agreed. Receipt: entry" in at.page.inner_text("main")


def test_two_boards_agree_on_a_phone_without_scripts(fresh_service: Service, browser: Any) -> None:
    ours = fresh_service.signed_in(browser, "finance-xf-fth", NARROW, java_script_enabled=False)
    ours.goto("/transfers/new")
    fill(ours.page)
    ours.page.click("text=Show what it would do")
    assert "£1.50 million from Fenmarch Teaching Hospitals" in ours.page.inner_text("main")
    assert "N/A" not in ours.page.inner_text("main")
    id = ours.page.input_value("#id")
    assert id not in {row.id for row in fresh_service.position().book.transfers}
    ours.page.click("button[value=propose]")
    ours.page.wait_for_url(f"**/transfers/{id}")
    assert "Proposed. Receipt: entry" in ours.page.inner_text("main")
    agree(ours)
    theirs = fresh_service.signed_in(browser, "director-xf-ald", NARROW, java_script_enabled=False)
    assert "from Fenmarch Teaching Hospitals" in theirs.page.inner_text("main")
    theirs.page.click("text=Agree or refuse the transfer")
    theirs.page.wait_for_url(f"**/transfers/{id}")
    agree(theirs)
    (row,) = [one for one in fresh_service.position().book.transfers if one.id == id]
    assert (row.status, row.amount) == ("agreed", 150_000_000)
    assert row.known is not None  # both boards approved before it was written down
    assert str(row.known) > "2027-01-19"
    for at in (ours, theirs):
        at.calm()
        at.page.context.close()


def test_a_draft_is_kept_as_one_types_and_nobody_else_finds_it(
    fresh_service: Service, browser: Any
) -> None:
    ours = fresh_service.signed_in(browser, "finance-xf-ald")
    ours.goto("/transfers/new")
    fill(ours.page)
    ours.page.click("text=Save the draft")
    ours.page.wait_for_selector("text=Your organisation alone sees it")
    ours.page.fill("#amount", "£2.5m")
    ours.page.wait_for_selector("text=Draft saved at")
    ours.page.reload()
    assert ours.page.input_value("#amount") == "£2.5m"
    address = ours.page.url.removeprefix(ours.address)
    is_fit(ours)
    theirs = fresh_service.signed_in(browser, "finance-xf-fth")
    theirs.expected.add(404)
    assert theirs.goto(address).status == 404
    theirs.goto("/transfers")
    assert "Being prepared" not in theirs.page.inner_text("main")
    theirs.calm()
    for at in (ours, theirs):
        at.page.context.close()


@pytest.mark.parametrize("size", [None, NARROW], ids=["wide", "phone"])
def test_home_lists_transfers_organisations_and_search_are_fit_to_use(
    service: Service, browser: Any, size: dict[str, int] | None
) -> None:
    at = service.signed_in(browser, "region", size)
    pages = ("/", "/transfers", "/transfers/T-03", "/transfers/T-02", "/transfers/new")
    for path in (*pages, "/organisations", "/organisations/XF-ALD", "/search?q=gap+aldrwick"):
        assert at.goto(path).status == 200
        is_fit(at)
    at.page.context.close()
    for name in ("system", "nurse", "programme", "administrator", "auditor", "councillor"):
        one = service.signed_in(browser, name, size)
        is_fit(one)
        one.page.context.close()


def test_a_transfer_is_refused_by_keyboard_alone(fresh_service: Service, browser: Any) -> None:
    at = fresh_service.signed_in(browser, "system")
    at.goto("/transfers/T-03")
    at.page.focus("details summary:has-text('Refuse it')")
    at.page.keyboard.press("Enter")
    at.page.keyboard.press("Tab")
    at.page.keyboard.type("The board of 26 March did not agree")
    at.page.keyboard.press("Tab")
    at.page.keyboard.press("Enter")
    at.page.wait_for_selector("text=Refused. Receipt: entry")
    (row,) = [one for one in fresh_service.position().book.transfers if one.id == "T-03"]
    assert row.status == "refused"
    at.calm()
    at.page.context.close()
