"""A pack of a hostile book in a real browser: no dialog, no request, nothing of it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from tests.hostile_books import load, save, spoilt
from tests.pages.test_pack_pages import browser  # noqa: F401  (a fixture)

ROOT = Path(__file__).parents[2]
BOOKS = {
    "xss-decision-name": ROOT / "tests" / "data" / "faults" / "safety" / "xss-decision-name",
    "spoilt": ROOT / "tests" / "errors" / "forty",
}


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", BOOKS)
def test_no_dialog_and_no_request(
    name: str,
    full: bool,
    browser: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    book = BOOKS[name]
    if name == "spoilt":
        book = save(spoilt(load(book)), tmp_path / "book")
    target = tmp_path / "pack.html"
    verbs.report(book, target, full=full)
    page = browser.new_page()
    asked: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(target.as_uri())
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    assert asked == [target.as_uri()] and dialogs == []
    assert page.evaluate("document.scripts.length") == 0
    refused = page.evaluate(
        """() => new Promise(done => {
            document.addEventListener('securitypolicyviolation', e => done(e.violatedDirective));
            const one = document.createElement('script');
            one.textContent = 'window.ran = true';
            document.head.append(one);
            setTimeout(() => done(window.ran ? 'it ran' : 'silence'), 500);
        })"""
    )
    assert refused.startswith("script-src"), "the page's own policy forbids every script"
    page.close()
