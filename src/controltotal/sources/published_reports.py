"""Figures of systems, trusts and commissioners read from public pages, each with its page.

Such pages contradict each other and change from month to month, so that every figure stands under a
scenario made of the page's site and the moment it speaks of: nothing overrides anything. What a
site says of a plan, a result or a control total of a body becomes that; national figures and all
else are facts. Names are matched with the register by their words of place; what matches no body, or
two, is left out and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from controltotal.core import reference
from controltotal.core.published import REPORTED, TITLES
from controltotal.sources.published_form import (
    Cells,
    Form,
    PublishedRow,
    Unreadable,
    number_text,
    year_text,
)

Rows = Iterator[tuple[str, Cells]]
KINDS: Final[Mapping[str, str]] = {
    "ICS": "system",
    "STP": "system",
    "trust": "provider",
    "CCG": "commissioner",
}
UNITS: Final[Mapping[str, str]] = {"GBP m": "£m", "GBP": "£", "%": "", "count": "count"}
POSITIONS: Final[Mapping[str, str]] = {
    "planned surplus/(deficit)": "plan",
    "reported surplus/(deficit)": "actual",
    "forecast surplus/(deficit)": "forecast",
}
FACTS: Final[Mapping[str, str]] = {
    "efficiency savings target": "savings_planned",
    "QIPP plan": "savings_planned",
    "QIPP plan (gross)": "savings_planned",
    "QIPP delivered (gross)": "savings_delivered",
    "savings target": "savings_planned",
    "distance from target": "distance_from_target",
    "population": "population",
    "year-to-date surplus/(deficit)": "surplus_to_date",
    "year-to-date variance from plan": "variance_to_date",
    "efficiency savings delivered to date": "savings_delivered_to_date",
}
ENDED: Final = frozenset({"year end", "near year end", "accounts (TAC)"})


def slug(text: str, join: str = "-") -> str:
    """Small letters, digits and a joining sign.

    >>> slug("plan, spring 2022"), slug("surplus/(deficit)", "_")
    ('plan-spring-2022', 'surplus_deficit')
    """
    return join.join(re.findall(r"[a-z0-9]+", text.lower()))


def scenario(row: PublishedRow) -> str:
    """The site and the moment: what tells one report from another.

    >>> scenario({"source_url": "https://www.hsj.co.uk/x", "as_at": "month 4"})
    'hsj-month-4'
    """
    host = re.sub(r"^https?://(www\.)?", "", row["source_url"]).partition("/")[0]
    return "-".join(part for part in (slug(host.partition(".")[0]), slug(row["as_at"])) if part)


@lru_cache(maxsize=4)
def _by_words(kind: str) -> Mapping[frozenset[str], frozenset[str]]:
    """Codes of one kind of body by the words of place of each of their names."""
    found: dict[frozenset[str], set[str]] = {}
    for code in reference.codes():
        for spell in reference.spells(code):
            if spell.kind == kind:
                words = reference.place_words(spell.name) - {"social"}
                found.setdefault(words, set()).add(code)
    return {words: frozenset(codes) for words, codes in found.items()}


def code_of(name: str, kind: str) -> str:
    """The code of a body by name; refused where no body or more than one has these words.

    >>> code_of("Lancashire and South Cumbria", "system")
    'QE1'
    """
    words = reference.place_words(name.replace("NHS FT", "NHS Foundation Trust"))
    codes = _by_words(kind).get(words, frozenset())
    if kind == "system":
        codes = frozenset(code for code in codes if code.startswith("Q")) or codes
    if len(codes) != 1:
        told = "no body" if not codes else ", ".join(sorted(codes))
        raise Unreadable(
            "organisation", f"the name of one {kind} in the register", f"{name}: {told}"
        )
    return next(iter(codes))


def value_and_unit(row: PublishedRow) -> tuple[str, str]:
    """A value in a unit of the book: pounds, a share of a hundred, or a plain number."""
    text, unit = number_text(row, "value"), row["unit"]
    if unit == "million":
        return format(Decimal(text) * 1_000_000, "f").removesuffix(".00"), "people"
    if unit not in UNITS:
        raise Unreadable("unit", "GBP m, GBP, %, million or count", unit)
    return (f"{text}%" if unit == "%" else text), UNITS[unit]


def reported(row: PublishedRow, number: int) -> Rows:
    """One figure of a public page."""
    level, measure, year = row["level"], row["measure"], year_text(row)
    value, unit = value_and_unit(row)
    source = f"published-reported-{number}"
    told = (row["organisation"], row["as_at"], row["note"])
    common = {
        "scenario": scenario(row),
        "source": source,
        "note": "; ".join(t for t in told if t),
    }
    known = {"organisation": "ENGLAND"}
    if level != "national":
        known = {"organisation": code_of(row["organisation"], KINDS[level])}
        yield (
            "organisations",
            {"code": known["organisation"], "name": row["organisation"], "kind": KINDS[level]},
        )
    else:
        yield "organisations", {"code": "ENGLAND", "name": "England", "kind": "nation"}
    yield (
        "sources",
        {
            "id": source,
            "title": f"Public page: {row['organisation']}, {measure}",
            "publisher": row["source_url"].partition("//")[2].partition("/")[0],
            "file": "reported_system_figures.csv",
            "page": row["source_url"],
            "licence": "a fact; the page is its publisher's copyright",
            "note": row["reliability"],
        },
    )
    ended = measure == "surplus/(deficit)" and row["as_at"] in ENDED
    basis = "actual" if ended else POSITIONS.get(measure, "")
    if level != "national" and unit == "£m" and basis:
        yield (
            "amounts",
            {
                **known,
                "line": "position",
                "year": year,
                "basis": basis,
                "amount": value,
                "unit": unit,
                **common,
            },
        )
    elif level != "national" and unit == "£m" and measure == "allocation":
        yield (
            "amounts",
            {
                **known,
                "line": "allocation",
                "year": year,
                "basis": "plan",
                "amount": value,
                "unit": unit,
                **common,
            },
        )
    elif level != "national" and measure.startswith("control total"):
        yield (
            "control_totals",
            {
                **known,
                "year": year,
                "amount": value,
                "unit": unit,
                "status": "accepted" if "agreed" in measure else "unknown",
                "set_by": "not stated",
                **common,
            },
        )
    else:
        named = FACTS.get(measure, slug(measure, "_"))
        group = slug(row["organisation"]) if level == "national" else ""
        yield (
            "facts",
            {
                **known,
                "fact": named,
                "year": year,
                "value": value,
                "unit": unit,
                "group": group,
                **common,
            },
        )


REPORTS = (
    Form(
        "reported",
        *TITLES[REPORTED],
        frozenset(
            (
                "organisation",
                "level",
                "financial_year",
                "as_at",
                "measure",
                "value",
                "unit",
                "reliability",
                "source_url",
            )
        ),
        reported,
        licence="facts; each page is its publisher's copyright",
    ),
)
