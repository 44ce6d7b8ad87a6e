"""A book the size of England, made up and always the same.

One nation, 7 regions, 42 systems, 252 organisations (one commissioner and five providers a
system), five years of months, 30 lines, three bases, recurrent and non-recurrent money apart, and
contract lines split by counterparty: about three million rows of `amounts`. To be awkward as real
books are, one row in fifty was never reported (absent, not zero). Rows come body by body, as
returns arrive, contract lines last. Every figure is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

YEARS = ("2022-23", "2023-24", "2024-25", "2025-26", "2026-27")
BASES = ("plan", "actual", "forecast")
RECURRENCES = ("recurrent", "non_recurrent")
REGIONS, SYSTEMS, PROVIDERS_A_SYSTEM = 7, 42, 5
COUNTERPARTIES = 4  # other bodies that a contract line names
INCOME = ("allocation", "patient_care_income", "other_income")
COST = (
    "pay",
    "non_pay",
    "drugs",
    "purchase_of_healthcare",
    "depreciation",
    "finance_costs",
    "other_costs",
)
LOCAL = tuple(f"local_{n:02}" for n in range(1, 21))  # a body's own lines, all costs
LINES = INCOME + COST + LOCAL
CONTRACT_LINES = ("patient_care_income", "purchase_of_healthcare")
ABSENT_SHARE = 0.02
SEED = 2026


@dataclass(frozen=True, slots=True)
class Nation:
    """The tree: `parent` by code, `leaves` in order; codes sort as they are listed."""

    organisations: tuple[tuple[str, str, str], ...]  # code, name, kind
    parent: dict[str, str]
    leaves: tuple[str, ...]


def nation(systems: int = SYSTEMS) -> Nation:
    """The made-up tree of England; fewer systems make a smaller one.

    >>> len(nation().leaves), len(nation().organisations)
    (252, 302)
    """
    bodies = [("ENG", "England (made up)", "nation")]
    parent: dict[str, str] = {}
    for r in range(REGIONS):
        bodies.append((f"R{r}", f"Region {r}", "region"))
        parent[f"R{r}"] = "ENG"
    leaves = []
    for s in range(systems):
        system = f"Q{s:02}"
        bodies.append((system, f"System {s}", "system"))
        parent[system] = f"R{s % REGIONS}"
        for k in range(PROVIDERS_A_SYSTEM + 1):
            code = f"{system}{'CABDE'[k - 1] if k else 'X'}"
            bodies.append((code, f"Body {code}", "provider" if k else "commissioner"))
            parent[code] = system
            leaves.append(code)
    return Nation(tuple(bodies), parent, tuple(leaves))


def amounts(systems: int = SYSTEMS) -> Any:
    """The `amounts` table as a polars frame: about three million rows, signed pence.

    >>> amounts(systems=1).columns[:4]
    ['organisation', 'line', 'year', 'month']
    """
    import polars as pl

    leaves = nation(systems).leaves
    draw = np.random.default_rng(SEED)
    contract = [LINES.index(name) for name in CONTRACT_LINES]
    whole = index_rows(len(leaves), [n for n in range(len(LINES)) if n not in contract], 1)
    contracts = index_rows(len(leaves), contract, COUNTERPARTIES)
    contracts[:, -1] += 1  # counterparty 0 is none
    index = np.concatenate([whole, contracts])
    index = index[draw.random(len(index)) >= ABSENT_SHARE]
    income = index[:, 1] < len(INCOME)
    size = draw.lognormal(mean=16.0, sigma=1.2, size=len(index)).astype(np.int64)
    partner = np.where(index[:, 6] > 0, (index[:, 0] + index[:, 6]) % len(leaves) + 1, 0)

    def text(words: Any, at: Any) -> Any:
        return pl.Series([str(word) for word in words], dtype=pl.String).gather(at)

    nothing = np.zeros(len(index), dtype=np.int64)
    return pl.DataFrame(
        {
            "organisation": text(leaves, index[:, 0]),
            "line": text(LINES, index[:, 1]),
            "year": text(YEARS, index[:, 2]),
            "month": text(range(1, 13), index[:, 3]),
            "basis": text(BASES, index[:, 4]),
            "scenario": text([""], nothing),
            "recurrence": text(RECURRENCES, index[:, 5]),
            "counterparty": text(["", *leaves], partner),
            "scheme": text([""], nothing),
            "pence": np.where(income, size, -size),
            "entry": np.arange(1, len(index) + 1),
        }
    )


def index_rows(bodies: int, lines: Any, counterparties: int) -> Any:
    """Every combination, as (row, 7) of organisation, line, year, month, basis, recurrence, other."""
    axes = (
        np.arange(bodies),
        np.asarray(list(lines)),
        np.arange(len(YEARS)),
        np.arange(12),
        np.arange(len(BASES)),
        np.arange(len(RECURRENCES)),
        np.arange(counterparties),
    )
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
