"""Templates of the service: a frame, parts and sections of papers that a strict content policy allows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from controltotal.core.figure import Figure
from controltotal.papers.sections import Section, TableView, columns
from controltotal.service.section_parts import FILTERS, GLOBALS, figure_address, picture

FIGURE = Figure("gap/QX 1/2026-27/plan", -490_000_000)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
PAGE: dict[str, Any] = {
    "title": "Month 9",
    "system": "Fenmarch",
    "who": "Asha",
    "nav": [("/", "Home", True), ("/papers", "Papers", False)],
    "trail": [("/", "Home")],
    "notices": ["These data are fictional."],
    "entry": 8,
    "follows": True,
    "reference": "Reference: entry 8, root abc",
    "csrf": Markup('<input type="hidden" name="csrfmiddlewaretoken" value="t">'),
}
EVERY_PART = """
{% from "parts.html.j2" import button, link_button, text_input, money_input, date_input, password_input,
   textarea, select, radios, checkboxes, file_upload, summary_list, tag, warning, inset, details, table,
   pagination, waiting, steps, clash, progress, refresh, empty with context %}
{{ button(w) }}{{ link_button(w, "/x", more=w) }}{{ text_input("a", w, w, w, w) }}{{ money_input("b", w, w) }}
{{ date_input("c", w, w) }}{{ password_input("d", w) }}{{ textarea("e", w, w, w, w, most=9) }}
{{ textarea("f", w, w) }}{{ select("g", w, [(w, w)], w) }}{{ radios("h", w, [(w, w, w)], w, w, w) }}
{{ checkboxes("i", w, [(w, w, w)], [w]) }}{{ file_upload("j", w, w, w) }}
{{ summary_list([(w, w), (w, w, "/x", w)]) }}{{ tag(w, "stop") }}{{ warning(w) }}{{ inset(w) }}{{ empty(w) }}
{% call details(w) %}{{ w }}{% endcall %}
{{ table([w, {"words": w, "right": true, "sort": "/x", "order": "ascending"}], [[{"words": w, "href": "/x", "title": w}, w]], w) }}
{{ table([w], [], w, w) }}{{ pagination(w, "/x", "/y") }}{{ steps([w, (w, true)], w) }}
{{ waiting([{"title": w, "why": w, "due": w, "late": true, "href": "/x", "act": w, "tag": (w, "care")}]) }}
{{ clash([{"field": w, "base": w, "theirs": w, "yours": "own"}], w, w) }}
{{ progress({"words": w, "share": 0.5, "href": "/job"}) }}{{ refresh() }}
"""


def environment() -> Environment:
    made = Environment(
        loader=ChoiceLoader(
            [PackageLoader("controltotal.service"), PackageLoader("nhsuk_frontend_jinja")]
        ),
        undefined=ChainableUndefined,
        autoescape=True,
    )
    made.filters.update(FILTERS)
    made.globals.update(GLOBALS, static=lambda path: f"/static/{path}")
    return made


def framed(body: str = "", base: str = "base.html.j2", **given: Any) -> str:
    page = {**PAGE, **given.pop("page", {})}
    source = f'{{% extends "{base}" %}}{{% block content %}}{body}{{% endblock %}}'
    return environment().from_string(source).render(page=page, **given)


def test_a_title_says_words_then_system_then_product_and_an_error_first() -> None:
    assert "<title>Month 9 – Fenmarch – controltotal</title>" in framed()
    wrong = framed(page={"errors": [("#amount", "Amount: write £1.2m")]})
    assert "<title>Error: Month 9 – Fenmarch – controltotal</title>" in wrong
    assert re.search(r'<a href="#amount"\s*>\s*Amount: write £1.2m', wrong)


def test_nobody_signed_in_sees_no_navigation_search_or_session() -> None:
    outside = framed(page={"who": ""})
    assert "Main" not in outside
    assert "/search" not in outside
    assert "<dialog" not in outside
    assert "/sign-out" not in outside
    assert "These data are fictional." in outside


def test_a_session_is_warned_of_at_13_of_15_minutes_and_signing_out_is_a_form() -> None:
    page = framed()
    assert 'data-warn="780" data-end="900"' in page
    assert page.count('<form method="post" action="/sign-out"><input type="hidden"') == 2
    assert 'data-head="/head" data-entry="8"' in page
    assert "data-head" not in framed(page={"follows": False})


@pytest.mark.parametrize("words", ["plain words", HOSTILE], ids=["plain", "hostile"])
def test_no_page_has_script_or_style_of_its_own_whatever_it_says(words: str) -> None:
    page = framed(
        EVERY_PART,
        w=words,
        page={
            "title": words,
            "system": words,
            "who": words,
            "office": words,
            "done": words,
            "reference": words,
            "notices": [words],
            "errors": [("#" + words, words)],
            "nav": [(words, words, True)],
            "trail": [(words, words)],
            "account": [(words, words)],
        },
    )
    tags = re.findall(r"<[a-z][^>]*>", page)
    assert not [tag for tag in tags if re.search(r"\s(style|on[a-z]+|hx-on[^=]*)=", _outside(tag))]
    assert not re.search(r"<style|<img", page)
    assert re.findall(r"<script[^>]*>", page) == [
        '<script src="/static/htmx.min.js" defer>',
        '<script src="/static/service.js" type="module">',
    ]


def _outside(tag: str) -> str:
    """A tag without what stands in its quotes."""
    return re.sub(r"\"[^\"]*\"|'[^']*'", '""', tag)


def test_a_number_of_a_section_leads_to_the_page_of_its_figure() -> None:
    table = TableView("Gap", columns("name|Body", "gap|Gap|figure"), [{"name": "A", "gap": FIGURE}])
    part = Section("gap", "The gap", ("It grew.",), (FIGURE,), tables=(table,))
    body = '{% from "parts.html.j2" import sections %}{{ sections([part], page) }}'
    page = framed(body, part=part)
    assert page.count('href="/figures/gap/QX%201/2026-27/plan"') == 2
    own = framed(body, part=part, page={"address": lambda key: f"/f?id={key}"})
    assert own.count('href="/f?id=gap/QX 1/2026-27/plan?value=-490000000"') == 2, "with its value"


def test_a_drawing_keeps_its_greatest_width_without_a_style() -> None:
    drawn = '<svg viewBox="0 0 620 90" style="max-width:620px" role="img"><path d="M0 0"/></svg>'
    assert "style" not in picture(drawn)
    assert 'width="620"' in picture(drawn)


def test_the_note_of_a_column_has_a_page_of_its_own() -> None:
    assert figure_address("how-to_date-plan") == "/numbers/how-to_date-plan"
