"""A councillor asks, the publisher answers, and a review of what is withheld is recorded where it waits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.act_books import system
from tests.quality_pages import words
from tests.service_house import client, served

COUNCILLOR = ("councillor", "R1")
PUBLISHER = ("publisher", "R1")
HELD = {
    "figure": "cash/T1/2026-27/forecast",
    "kind": "withheld",
    "reason": "Commercial interests",
    "review_on": "2026-11-02",
}


@pytest.fixture
def house() -> Any:
    return served({**system(), "grants": [], "withheld": [HELD]})


def posted(browser: Any, path: str, **fields: str) -> Any:
    """A form of a page sent, with the hidden fields of its first form to that page."""
    import re

    text = browser.get(path).content.decode()
    form = text.partition(f'action="{path}"')[2].partition("</form>")[0]
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return browser.post(path, {**dict(hidden), **fields})


def test_a_councillor_asks_from_home_a_scheme_and_a_body_and_the_publisher_answers(
    house: Any,
) -> None:
    councillor, publisher = (
        client(house, "terry", COUNCILLOR),
        client(house, "pat", PUBLISHER),
    )
    home = councillor.get("/").content.decode()
    assert 'href="/ask"' in home and 'href="/questions"' in home
    for path in ("/schemes/SC1", "/organisations/T1"):
        assert (
            f'href="/ask?about={path.rpartition("/")[2]}"' in councillor.get(path).content.decode()
        )
        assert "/ask?about" not in publisher.get(path).content.decode()
    assert "About SC1: " in councillor.get("/ask?about=SC1").content.decode()
    assert posted(councillor, "/ask", text="").status_code == 422
    assert posted(councillor, "/ask", text="Why does the ward close?").status_code == 302
    assert "Q-01: Why does the ward close?" in words(councillor.get("/asked"))
    assert publisher.get("/ask").status_code == 403
    assert "Answer the question" in words(publisher.get("/"))
    assert 'href="/asked#Q-01"' in publisher.get("/").content.decode()
    assert posted(publisher, "/asked", answer="").status_code == 422
    assert posted(publisher, "/asked", answer="It moves to T2.").status_code == 302
    assert "It moves to T2." in words(councillor.get("/asked"))
    (row,) = house.position.book.questions
    assert (row.id, row.by_kind, row.answer) == ("Q-01", "councillor", "It moves to T2.")


def test_a_review_names_the_figure_and_its_body_and_is_recorded_where_it_waits(house: Any) -> None:
    publisher = client(house, "pat", PUBLISHER)
    home = publisher.get("/")
    assert "First, 2026/27, forecast: withheld, and its review is due" in words(home)
    assert 'href="/withheld"' in home.content.decode()
    assert "Overdue" in words(home)
    reason = {"reason": "Commercial interests"}
    wrong = posted(publisher, "/withheld", **reason, review_on="soon")
    assert wrong.status_code == 422 and 'value="soon"' in wrong.content.decode()
    assert posted(publisher, "/withheld", **reason, review_on="1 March 2027").status_code == 302
    (row,) = house.position.book.withheld
    assert (row.review_on.isoformat(), row.reason) == ("2027-03-01", "Commercial interests")
    assert "its review is due" not in words(publisher.get("/"))
