"""Stated figures: the neighbours at summary level, earlier years, ranges, and the contracts.

A stated total is what a body reported as a whole; it has no lines beneath it.
"""

from __future__ import annotations

from .bodies import BOARD, NEIGHBOURS, POOL, RESERVE, REST, SYSTEM
from .book import LAST_ACTUAL, MONTHS, PAST, YEAR, Book, stream
from .money import (
    CONTRACT_KIND,
    FORECAST,
    MISMATCH,
    PLAN,
    Key,
    N,
    R,
    budget,
    put,
)

# Neighbours, at summary level: what the board pays each trust, the trust's other income, plan
# and forecast surplus for 2026/27, then the plans for the two years after.
_NEAR = {
    "XF-WHA": (612000, 140000, 0, -2100, 0, 0),
    "XF-WMH": (318000, 61000, 300, 250, 0, 0),
    "XF-SHA": (588000, 121000, -3000, -5600, 0, 0),
    "XF-SGH": (341000, 66000, 0, -1400, 0, 0),
    "XF-SCM": (402000, 74000, 500, 600, 0, 0),
}
_NEAR_BOARD = {"XF-WIC": (2000000, 0, 400, 0, 0), "XF-SIC": (2800000, 0, -2500, 0, 0)}


def put_neighbours(book: Book) -> None:
    for board, trusts in NEIGHBOURS.values():
        for basis, year, at in (
            ("plan", YEAR, 0),
            ("forecast", YEAR, 1),
            ("plan", "2027/28", 2),
            ("plan", "2028/29", 3),
        ):
            source = "SRC-M9" if basis == "forecast" else "SRC-PLAN" if year == YEAR else "SRC-MTP"
            growth = 1 + 0.02 * (int(year[:4]) - 2026)
            bought = 0
            for trust in trusts:
                paid, other, *results = _NEAR[trust]
                paid, other = round(paid * growth), round(other * growth)
                bought += paid
                costs = paid + other - results[at]
                lines: dict[Key, int] = {
                    ("patient_care_income", R, board): paid,
                    ("other_income", R, ""): other,
                    ("pay", R, ""): round(costs * 0.63),
                    ("non_pay", R, ""): costs - round(costs * 0.63),
                }
                for key, amount in lines.items():
                    put(book, trust, key, "", basis, amount, source, year)
                put(
                    book, board, ("purchase_of_healthcare", R, trust), "", basis, paid, source, year
                )
            allocation, *results = _NEAR_BOARD[board]
            allocation = round(allocation * growth)
            put(book, board, ("allocation", R, ""), "", basis, allocation, source, year)
            rest = allocation - bought - results[at]
            put(book, board, ("other_costs", R, ""), "", basis, rest, source, year)
        for body in (board, *trusts):
            rng = stream("near", body)
            final = (_NEAR_BOARD.get(body) or _NEAR[body][1:])[2]
            for month in MONTHS[:LAST_ACTUAL]:
                amount = round(final / 12) + rng.randint(-60, 60)
                put(book, body, ("position", "", ""), month, "actual", amount, "SRC-M9")


# Stated results of earlier years, £k: plan and actual for 2023/24, 2024/25 and 2025/26.
_HISTORY = {
    BOARD: (-2000, -900, 0, -2300, 0, -4900),
    "XF-FTH": (-6000, -9200, -9000, -14800, -14000, -21300),
    "XF-ALD": (-4000, -5100, -6000, -8300, -9000, -12600),
    "XF-HOL": (-5000, -8700, -7000, -10900, -9000, -13800),
    "XF-MHT": (0, 900, 0, 200, 0, -600),
    "XF-COM": (500, 800, 400, 700, 0, 300),
    "XF-AMB": (0, -400, 0, -1100, 0, -1500),
    POOL: (0, 0, 0, 0, 0, 0),
    "XF-WIC": (0, 300, 0, -100, 0, 200),
    "XF-WHA": (0, 400, 0, -700, 0, -1200),
    "XF-WMH": (0, 100, 200, 300, 300, 200),
    "XF-SIC": (0, -500, 0, -900, 0, -1800),
    "XF-SHA": (-2000, -3100, -2500, -3900, -3000, -4700),
    "XF-SGH": (0, 200, 0, -300, 0, -800),
    "XF-SCM": (0, 400, 300, 500, 400, 500),
    RESERVE: (0, 0, 0, 0, 0, 0),
    REST: (-40000, -61000, -55000, -72000, -60000, -88000),
}
STATED_FORECAST = -46000
# The least and the greatest deficit that the board was told of, and the support paid with each.
RANGE = {
    BOARD: (-3100, -9000),
    "XF-FTH": (-17600, -24600),
    "XF-ALD": (-11100, -14900),
    "XF-HOL": (-15600, -18800),
    "XF-MHT": (1100, -500),
    "XF-COM": (1800, 900),
    "XF-AMB": (500, -1300),
    POOL: (0, 0),
}
RANGE_SUPPORT = {"XF-FTH": (18000, 13500), "XF-ALD": (12000, 9000), "XF-HOL": (10000, 7500)}


def history(body: str) -> dict[str, tuple[int, int]]:
    """Plan and actual surplus of a body in each earlier year."""
    values = _HISTORY[body]
    return {year: (values[2 * i], values[2 * i + 1]) for i, year in enumerate(PAST)}


def put_stated(book: Book) -> None:
    position = ("position", "", "")
    for body in _HISTORY:
        for year, (plan, actual) in history(body).items():
            put(book, body, position, "", "plan", plan, "SRC-ACC", year)
            put(book, body, position, "", "actual", actual, "SRC-ACC", year)
    for year, plan in ((YEAR, -30000), ("2027/28", -10000), ("2028/29", 0)):
        source = "SRC-PLAN" if year == YEAR else "SRC-MTP"
        put(book, REST, position, "", "plan", plan, source, year)
        allotted = round(17_900_000 * (1 + 0.021 * (int(year[:4]) - 2026)))
        put(book, REST, ("allocation", R, ""), "", "plan", allotted, source, year)
        put(book, RESERVE, position, "", "plan", 0, source, year)
    for body, outturn, by_month in ((REST, -52000, -4100), (RESERVE, 0, 0)):
        put(book, body, position, "", "forecast", outturn, "SRC-M9")
        for month in MONTHS[:LAST_ACTUAL]:
            put(book, body, position, month, "actual", by_month, "SRC-M9")
    for year in PLAN:
        source = "SRC-PLAN" if year == YEAR else "SRC-MTP"
        put(book, SYSTEM, position, "", "plan", sum(PLAN[year].values()), source, year)
    put(book, SYSTEM, position, "", "forecast", STATED_FORECAST, "SRC-M9")
    for case, at in (("low", 0), ("high", 1)):
        for body, outturns in RANGE.items():
            put(book, body, position, "", "forecast", outturns[at], "SRC-BRD9", YEAR, case)
        for body, paid in RANGE_SUPPORT.items():
            key = ("support_income", N, "")
            put(book, body, key, "", "forecast", paid[at], "SRC-BRD9", YEAR, case)
    put(book, "XF-FTH", position, "", "forecast", -24500, "SRC-INT", YEAR, "internal")
    gap = abs(sum(FORECAST.values()) - STATED_FORECAST) / 1000
    book.case(
        "A stated total that differs from its parts",
        "XF-SYS, forecast 2026/27",
        f"The system reported (46.0); its bodies sum to ({-sum(FORECAST.values()) / 1000:.1f}), "
        f"£{gap:.1f} million apart: the return went in before the teaching trust revised.",
    )
    book.case(
        "A range about the forecast",
        "XF-SYS and its bodies, forecast 2026/27, scenarios low and high",
        "The board was told of a deficit between 44.0 and 68.2 million; the forecast is 49.0.",
    )
    book.case(
        "An official and an internal forecast",
        "XF-FTH, forecast 2026/27, scenario internal",
        "The trust reports (18.3) and expects (24.5). Both are kept; the second is withheld.",
    )


def put_contracts(book: Book) -> None:
    for year in PLAN:
        for body in PLAN[year]:
            if body not in CONTRACT_KIND:
                continue
            kind, variable = CONTRACT_KIND[body]
            lines = budget(BOARD, year)
            book.put(
                "contracts",
                commissioner=BOARD,
                provider=body,
                year=year,
                kind=kind,
                baseline=lines[("purchase_of_healthcare", R, body)],
                variable_share=variable,
                source="SRC-CON",
            )
    for board, trusts in NEIGHBOURS.values():
        for trust in trusts:
            book.put(
                "contracts",
                commissioner=board,
                provider=trust,
                year=YEAR,
                kind="block",
                baseline=_NEAR[trust][0],
                variable_share="0",
                source="SRC-CON",
            )
    book.case(
        "A contract on which the two sides differ",
        "XF-ICB and XF-FTH, plan 2026/27, month 10",
        f"The trust plans £{MISMATCH / 1000:.1f} million more winter income than the board.",
    )
