"""The search page: what is found by kind with where it leads, and a near word offered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service_house import client, served


@pytest.fixture
def browser() -> Any:
    """A reader of the small system."""
    return client(served(), "vic", ("auditor", "R1"))


def text(browser: Any, query: str) -> str:
    answer = browser.get("/search", {"q": query})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_body_and_a_scheme_lead_to_their_pages_and_a_figure_is_looked_up(browser: Any) -> None:
    assert 'href="/organisations/T1"' in text(browser, "first")
    assert 'href="/schemes/SC1"' in text(browser, "sc1")
    page = text(browser, "surplus first 2026/27")
    assert 'href="/figures/surplus%2FT1%2F2026-27%2Fplan"' in page


def test_a_misspelling_is_offered_as_a_link(browser: Any) -> None:
    assert 'Did you mean <a href="/search?q=stationery">stationery</a>' in text(
        browser, "stationary"
    )


def test_what_is_typed_is_shown_as_text_and_nothing_found_says_what_to_do(browser: Any) -> None:
    page = text(browser, "<script>zzqq</script>")
    assert "<script>zzqq" not in page
    assert "All organisations" in text(browser, "zzzqqq")
    assert "All organisations" not in text(browser, "")
