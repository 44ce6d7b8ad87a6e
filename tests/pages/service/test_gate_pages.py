"""Sign-in, account, people, ledger and findings in a browser: by keyboard, on a phone, without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.live_service import NARROW, WIDE, Service, grave_faults, sideways

pytestmark = pytest.mark.pages
PAGES = ("/account", "/people", "/ledger", "/ledger/100", "/findings")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "wide"])
@pytest.mark.parametrize("name", ["system", "administrator"])
def test_pages_are_accessible_and_fit(
    service: Service, browser: Any, name: str, size: dict[str, int]
) -> None:
    at = service.signed_in(browser, name, size)
    for path in PAGES if name == "system" else ("/account", "/people"):
        at.goto(path)
        assert grave_faults(at.page) == [], path
        assert sideways(at.page) == 0, path
    at.calm()
    at.page.context.close()


def test_an_administrator_gives_an_office_without_scripts(service: Service, browser: Any) -> None:
    at = service.signed_in(browser, "administrator", java_script_enabled=False)
    before = service.position().ref.entry
    at.goto("/people")
    page = at.page
    page.select_option("#subject", index=1)
    page.select_option("#role", "auditor")
    page.select_option("#organisation", index=1)
    page.fill("#to", "2099-12-31")
    page.fill("#why", "a deputy for the test")
    page.click("text=Give the office")
    page.wait_for_url(f"{service.address}/people")
    assert "Receipt: entry" in page.inner_text("main")
    rows = service.position().book.grants
    assert service.position().ref.entry > before
    assert any(row.role == "auditor" and str(row.to) == "2099-12-31" for row in rows)
    at.page.context.close()


def test_a_refused_office_keeps_what_was_typed(service: Service, browser: Any) -> None:
    at = service.signed_in(browser, "administrator")
    at.expected = {422}
    at.goto("/people")
    at.page.fill("#why", "because of leave")
    at.page.click("text=Give the office")
    assert "There is a problem" in at.page.inner_text("main")
    assert at.page.title().startswith("Error: ")
    assert at.page.input_value("#why") == "because of leave"
    at.calm()
    at.page.context.close()


def test_a_token_is_made_and_ended(service: Service, browser: Any) -> None:
    at = service.signed_in(browser, "auditor")
    at.goto("/account")
    at.page.fill("#title", "our own ledger")
    at.page.click("text=Make the token")
    assert len(at.page.inner_text("#token")) > 30
    at.goto("/account")
    assert at.page.query_selector("#token") is None
    at.page.click("text=End this token: our own ledger")
    assert "programs that send it are refused" in at.page.inner_text("main")
    at.calm()
    at.page.context.close()


def test_an_auditor_verifies_the_ledger_and_follows_an_entry(
    service: Service, browser: Any
) -> None:
    at = service.signed_in(browser, "auditor")
    at.goto("/ledger")
    at.page.click("text=Verify the ledger now")
    assert re.search(r"verified\s+to entry [\d,]+", at.page.inner_text("main"), re.I)
    at.page.select_option("#table", "schemes")
    at.page.click("text=Show entries")
    at.page.click("table tbody tr:first-child th a")
    assert at.page.inner_text("h1").startswith("Entry ")
    assert "verified" in at.page.inner_text("main").lower()
    at.calm()
    at.page.context.close()


def test_signing_out_ends_the_session(service: Service, browser: Any) -> None:
    at = service.signed_in(browser, "councillor")
    at.page.click(".ct-account summary")
    at.page.click(".ct-account__panel button")
    at.page.wait_for_url(re.compile("/sign-in"))
    at.goto("/account")
    assert "/sign-in" in at.page.url
    at.calm()
    at.page.context.close()
