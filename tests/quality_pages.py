"""A small system in which quality is at work, and browsers of those who work on it.

SC1 waits for the chief nurse alone; SC2 is not assessed; SC3 touches nobody; SC4 counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from tests import scheme_books
from tests.act_books import system
from tests.strategies import Book


def book() -> Book:
    """The tables of the system."""
    made = {**system(), "grants": []}
    four = scheme_books.scheme("SC4", organisation="T1", title="Clinics", full_year_effect="6")
    unsigned = [row for row in scheme_books.gates("SC1") if row["role"] != "chief_nurse"]
    return {
        **made,
        "schemes": [*made["schemes"], four],
        "assessments": [*scheme_books.assessments("SC1"), *scheme_books.assessments("SC4")],
        "gates": [*unsigned, *scheme_books.gates("SC4")],
    }


def hidden(page: Any, action: str, mark: str = "") -> dict[str, Any]:
    """What the form of a page holds already that is sent to an address and bears a text."""
    text = page.content.decode()
    for form in re.findall(r"<form[^>]*>.*?</form>", text, re.S):
        if f'action="{action}"' in form and mark in form:
            found: dict[str, Any] = {}
            for tag in re.findall(r'<input type="hidden"[^>]*>', form):
                name, value = (re.search(rf'{of}="([^"]*)"', tag) for of in ("name", "value"))
                if name and value:
                    found.setdefault(name[1], []).append(unescape(value[1]))
            for name, options in re.findall(
                r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S
            ):
                chosen = re.search(r'value="([^"]*)"[^>]*selected', options)
                found[name] = [chosen[1] if chosen else ""]
            return {key: all if key == "seen" else all[0] for key, all in found.items()}
    raise LookupError(f"no form is sent to {action}")


def signing(browser: Any, scheme: str, outcome: str, **more: str) -> Any:
    """Open the page of a scheme to sign, and send a signature."""
    at = f"/schemes/{scheme}/sign"
    fields = hidden(browser.get(at), at, 'name="signed"')
    return browser.post(at, {**fields, "outcome": outcome, **more})


def words(page: Any) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style).*?</\1>", "", page.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def counted(house: Any) -> Mapping[str, bool]:
    """Which schemes count."""
    return {row["scheme"]: row["counted"] for row in house.answer("schemes").tables["schemes"]}
