"""An answer in a notebook: what a terminal says first, in the same words, order and unit of money."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.result import BookRef, Result
from controltotal.core.sentence import Sentence
from controltotal.papers.answer import Ask
from controltotal.papers.answers import VIEWS, question

EXAMPLES = Path(__file__).parents[3] / "examples"
ASKED = ("position", "check", "trajectory", "challenge", "history", "decide", "share", "forecast")
TAG = re.compile(r"<[^>]+>")


@cache
def opened(book: str) -> Any:
    return verbs.opened(EXAMPLES / book)


@pytest.mark.parametrize("book", ["nene-2013", "lancashire-south-cumbria-2021"])
@pytest.mark.parametrize("verb", ASKED)
def test_a_notebook_says_what_the_terminal_says(book: str, verb: str) -> None:
    result = getattr(verbs, verb)(opened(book))
    page, answer = result._repr_html_(), VIEWS[question(result)](Ask(result))
    assert f"<strong>{answer.words[0]}</strong>" in unescape(page)
    for table in answer.tables:
        assert f"<caption><span>{table.title}</span></caption>" in unescape(page)
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        assert len(re.findall("<tr", body)) == len(table.rows)
    words = unescape(TAG.sub(" ", page))
    assert "None" not in words and not re.search(r"(?<![\w£.,/-])\d{7,}(?![\w.,/-])", words)


@pytest.mark.parametrize("verb", ["position", "trajectory"])
def test_every_number_leads_to_how_it_was_made(verb: str) -> None:
    page = getattr(verbs, verb)(opened("nene-2013"))._repr_html_()
    leads = set(re.findall(r'href="#([^"]+)"', page))
    assert leads and leads <= set(re.findall(r'id="([^"]+)"', page))
    assert page.count("<svg") == 1 and "<details>" in page


def test_a_page_of_schemes_is_known_by_what_it_holds() -> None:
    book = opened("nene-2013")
    for name in ("list_", "quality", "gates", "engagement", "phasing"):
        assert question(getattr(verbs.scheme, name)(book)) == f"schemes {name.strip('_')}"


def test_what_was_done_is_said_and_nothing_that_a_book_says_is_markup() -> None:
    told = (Sentence("", "", "made", "wrote <b>x</b>"),)
    page = Result("convert", BookRef(), {}, sentences=told)._repr_html_()
    assert "wrote &lt;b&gt;x&lt;/b&gt;" in page and "<b>" not in page
