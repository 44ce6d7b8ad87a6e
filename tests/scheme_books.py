"""A small book of one trust and one scheme that may count, to be spoilt in one way at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Rows = list[dict[str, str]]
Book = dict[str, Rows]

DOMAINS = ("safety", "effectiveness", "experience", "workforce_safety")
YEAR = "2026-27"


def scheme(code: str = "T1", **changes: str) -> dict[str, str]:
    """A scheme of £12 million a year from 1 October 2026."""
    return {
        "id": code,
        "organisation": "RX1",
        "title": "Beds",
        "service": "Surgery",
        "recurrence": "recurrent",
        "maturity": "fully_developed",
        "start": "2026-10-01",
        "full_year_effect": "12",
        "unit": "£m",
        "owner": "Chief operating officer",
        **changes,
    }


def assessments(
    code: str = "T1", profile: str = "classic", domains: Sequence[str] = DOMAINS
) -> Rows:
    """Every domain scored 3 x 3 before and 2 x 3 after."""
    return [
        {
            "scheme": code,
            "profile": profile,
            "domain": domain,
            "likelihood": "3",
            "consequence": "3",
            "residual_likelihood": "2",
            "residual_consequence": "3",
            "mitigation": "Reviewed each week",
            "signed_on": "2026-04-20",
        }
        for domain in domains
    ]


def gates(code: str = "T1") -> Rows:
    """Every gate to G3, with both signatures before the decision."""
    found = [
        ("G0", "2026-03-02", "Programme office", ""),
        ("G1", "2026-03-20", "Programme board", ""),
        ("QIA", "2026-04-24", "Dr A. Ash", "medical_director"),
        ("QIA", "2026-04-25", "B Birch", "chief_nurse"),
        ("G2", "2026-05-01", "Programme board", ""),
        ("G3", "2026-05-12", "Executive", ""),
    ]
    return [
        {"scheme": code, "gate": gate, "on": on, "by": by, "role": role}
        for gate, on, by, role in found
    ]


def book(*codes: str, **tables: Rows) -> Book:
    """A trust under a system, with one sound scheme for each code (T1 where none is named)."""
    names = codes or ("T1",)
    return {
        "organisations": [
            {"code": "SYS", "name": "System", "kind": "system"},
            {"code": "RX1", "name": "Trust", "kind": "provider", "parent": "SYS"},
            {"code": "CB1", "name": "Board", "kind": "commissioner", "parent": "SYS"},
        ],
        "amounts": [
            {
                "organisation": code,
                "line": "position",
                "year": YEAR,
                "basis": "plan",
                "amount": "0",
                "unit": "£m",
            }
            for code in ("RX1", "CB1")
        ],
        "schemes": [scheme(code) for code in names],
        "assessments": [row for code in names for row in assessments(code)],
        "gates": [row for code in names for row in gates(code)],
        **tables,
    }


def changed(rows: Rows, where: Mapping[str, str], **changes: str) -> Rows:
    """The rows, those that match changed."""
    return [
        {**row, **changes} if all(row.get(k) == v for k, v in where.items()) else row
        for row in rows
    ]


def less(rows: Rows, **where: str) -> Rows:
    """The rows without those that match."""
    return [row for row in rows if any(row.get(k) != v for k, v in where.items())]


Spoil = Callable[[Book], Any]
