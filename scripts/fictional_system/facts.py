"""Cash by month, and the numbers that are not part of a surplus: activity, staff, need, history."""

from __future__ import annotations

from .bodies import BOARD, MERGED, NEIGHBOURS, SYSTEM, TRUSTS
from .book import LAST_ACTUAL, MONTHS, PAST, YEAR, YEARS, Book, split, stream
from .money import TEMPORARY, R, plan_by_month

# Opening balance and planned closing balance, forecast closing balance, £k.
_CASH = {
    BOARD: (4200, 2500, 1800),
    "XF-FTH": (61000, 48000, 39500),
    "XF-ALD": (22400, 17800, 14600),
    "XF-MHT": (38600, 37200, 35100),
    "XF-COM": (19300, 20100, 20400),
    "XF-AMB": (14700, 13900, 11200),
}
_LOW_CASH = (9100, 8300, 7600, 6400, 5700, 4900, 3800, 2900, 1900, 700, -1600, -900)
_LOW_PLAN = (9300, 8900, 8500, 8100, 7700, 7300, 6900, 6500, 6100, 5700, 5300, 5000)

ACTIVITY = (
    ("accident_and_emergency", 1.0, 262),
    ("non_elective", 0.31, 3150),
    ("elective", 0.27, 2240),
    ("outpatient", 2.6, 168),
)
_ATTENDANCES = {"XF-FTH": 15200, "XF-ALD": 8900, "XF-HOL": 7400}
_SEASON = (0.98, 1.0, 0.99, 1.0, 0.96, 0.98, 1.01, 1.02, 1.03, 1.04, 1.0, 0.99)
_STAFF = (
    ("registered_nursing", 0.30),
    ("medical", 0.12),
    ("support_to_clinical", 0.22),
    ("scientific_and_therapeutic", 0.16),
    ("infrastructure", 0.20),
)
_WTE = {
    "XF-FTH": 12900,
    "XF-ALD": 5300,
    "XF-HOL": 3950,
    "XF-MHT": 5600,
    "XF-COM": 2850,
    "XF-AMB": 2500,
    BOARD: 310,
}
# Savings delivered in the three years before, £k.
DELIVERED = {
    BOARD: (48200, 57100, 66400),
    "XF-FTH": (34500, 42700, 51300),
    "XF-ALD": (14100, 17900, 22400),
    "XF-HOL": (9200, 11100, 13800),
    "XF-MHT": (11000, 13400, 16200),
    "XF-COM": (6300, 7700, 9000),
    "XF-AMB": (4400, 5900, 7100),
}
_PRESSURE = {
    BOARD: (71000, 66000, 64000),
    "XF-FTH": (46000, 41000, 39000),
    "XF-ALD": (21000, 0, 0),
    "XF-HOL": (16500, 0, 0),
    MERGED: (0, 33000, 31500),
    "XF-MHT": (16000, 14500, 14000),
    "XF-COM": (9100, 7800, 7600),
    "XF-AMB": (7200, 6600, 6400),
}
UNIDENTIFIED = {
    "2026/27": {
        BOARD: 11400,
        "XF-FTH": 7200,
        "XF-ALD": 3100,
        "XF-HOL": 1600,
        "XF-MHT": 1900,
        "XF-COM": 600,
        "XF-AMB": 1200,
    },
    "2027/28": {
        BOARD: 22500,
        "XF-FTH": 14800,
        MERGED: 11300,
        "XF-MHT": 5200,
        "XF-COM": 2700,
        "XF-AMB": 2500,
    },
    "2028/29": {
        BOARD: 34000,
        "XF-FTH": 24500,
        MERGED: 19700,
        "XF-MHT": 8600,
        "XF-COM": 4400,
        "XF-AMB": 4100,
    },
}
_ONCE = 0.28  # part of the later savings that does not repeat
SAVINGS_LATER = {
    "2027/28": {
        BOARD: 79000,
        "XF-FTH": 60500,
        MERGED: 43800,
        "XF-MHT": 20100,
        "XF-COM": 11200,
        "XF-AMB": 9100,
    },
    "2028/29": {
        BOARD: 76000,
        "XF-FTH": 57500,
        MERGED: 42000,
        "XF-MHT": 19400,
        "XF-COM": 10900,
        "XF-AMB": 8800,
    },
}


def put_cash(book: Book) -> None:
    """Cash at each month's end; one trust falls below nil in February 2027."""
    for body, (opening, plan_end, forecast_end) in _CASH.items():
        rng = stream("cash", body)
        plan = [opening + (plan_end - opening) * m // 12 for m in MONTHS]
        outturn = [
            opening
            + (forecast_end - opening) * m // 12
            + (0 if m == 12 else rng.randint(-opening // 60, opening // 60))
            for m in MONTHS
        ]
        _cash(book, body, opening, plan, outturn)
    _cash(book, "XF-HOL", 9700, list(_LOW_PLAN), list(_LOW_CASH))
    book.case(
        "Cash below nil",
        "XF-HOL, forecast 2026/27, month 11",
        "Hollowmere runs out of cash in February 2027: (1.6) million at the month's end.",
    )
    for year, bodies in UNIDENTIFIED.items():
        for body, amount in bodies.items():
            source = "SRC-PLAN" if year == YEAR else "SRC-MTP"
            book.put(
                "amounts",
                organisation=body,
                line="savings_unidentified",
                year=year,
                basis="plan",
                amount=amount,
                source=source,
            )
            if year == YEAR:
                book.put(
                    "amounts",
                    organisation=body,
                    line="savings_unidentified",
                    year=year,
                    basis="forecast",
                    amount=round(amount * 0.1),
                    source="SRC-M9",
                )


def _cash(book: Book, body: str, opening: int, plan: list[int], outturn: list[int]) -> None:
    book.put(
        "facts",
        organisation=body,
        fact="opening_balance",
        year=YEAR,
        basis="actual",
        value=opening,
        unit="£k",
        source="SRC-ACC",
    )
    for basis, values, source in (
        ("plan", plan, "SRC-PLAN"),
        ("actual", outturn[:LAST_ACTUAL], "SRC-M9"),
        ("forecast", outturn, "SRC-M9"),
    ):
        for month, amount in enumerate(values, start=1):
            book.put(
                "amounts",
                organisation=body,
                line="cash",
                year=YEAR,
                month=month,
                basis=basis,
                amount=amount,
                source=source,
            )


def put_facts(book: Book, planned: dict[str, int]) -> None:
    """Savings past and planned, pressures, target allocations, activity, unit cost, staff."""
    _savings(book, planned)
    for body, values in _PRESSURE.items():
        for year, value in zip(YEARS, values, strict=True):
            if value:
                _fact(book, body, "pressure", year, "plan", value, "£k", _plan_source(year))
    for step, year in enumerate(YEARS):
        total = sum(values[step] for values in _PRESSURE.values())
        _fact(book, SYSTEM, "pressure", year, "plan", total, "£k", _plan_source(year))
    targets = {
        BOARD: (3655000, 1908000),
        "XF-WIC": (1952000, 1001000),
        "XF-SIC": (2846000, 1478000),
        "XF-SYS": (3655000, 1908000),
        "XF-WES": (1952000, 1001000),
        "XF-SAL": (2846000, 1478000),
        "XF-REG": (8453000, 4387000),
        "XF-RST": (17860000, 9010000),
    }
    for body, (target, weighted) in targets.items():
        for step, year in enumerate(YEARS):
            grown = round(target * (1 + 0.021 * step))
            _fact(book, body, "target_allocation", year, "plan", grown, "£k", _plan_source(year))
        _fact(book, body, "weighted_population", YEAR, "plan", weighted, "people", "SRC-PLAN")
    for body, offer in (("XF-FTH", 18000), ("XF-ALD", 12000), ("XF-HOL", 10000)):
        _fact(book, body, "fund_offer", YEAR, "plan", offer, "£k", "SRC-PLAN")
        for quarter, met in zip(
            ("Q1", "Q2"), ((1, 1) if body == "XF-ALD" else (1, 0)), strict=True
        ):
            book.put(
                "facts",
                organisation=body,
                fact="access_met",
                year=YEAR,
                month=quarter,
                basis="actual",
                value=met,
                unit="count",
                source="SRC-M9",
            )
    _activity(book)
    _staff(book)
    _temporary(book)
    _capital(book)


def _plan_source(year: str) -> str:
    return "SRC-PLAN" if year == YEAR else "SRC-MTP"


def _fact(
    book: Book,
    body: str,
    fact: str,
    year: str,
    basis: str,
    value: object,
    unit: str,
    source: str,
    month: object = "",
    group: str = "",
) -> None:
    book.put(
        "facts",
        organisation=body,
        fact=fact,
        year=year,
        month=month,
        basis=basis,
        group=group,
        value=value,
        unit=unit,
        source=source,
    )


def _savings(book: Book, planned: dict[str, int]) -> None:
    for body, values in DELIVERED.items():
        for year, value in zip(PAST, values, strict=True):
            _fact(book, body, "savings_delivered", year, "actual", value, "£k", "SRC-ACC")
            ambition = round(value * stream("ambition", body, year).uniform(1.08, 1.3), -2)
            _fact(book, body, "savings_planned", year, "plan", round(ambition), "£k", "SRC-ACC")
    for step, year in enumerate(PAST):
        total = sum(values[step] for values in DELIVERED.values())
        _fact(book, SYSTEM, "savings_delivered", year, "actual", total, "£k", "SRC-ACC")
    for body, identified in planned.items():
        value = identified + UNIDENTIFIED[YEAR][body]
        _fact(book, body, "savings_planned", YEAR, "plan", value, "£k", "SRC-TRK")
    total = sum(planned.values()) + sum(UNIDENTIFIED[YEAR].values())
    _fact(book, SYSTEM, "savings_planned", YEAR, "plan", total, "£k", "SRC-TRK")
    for year, bodies in SAVINGS_LATER.items():
        once = {body: round(value * _ONCE, -2) for body, value in bodies.items()}
        bodies = bodies | {SYSTEM: sum(bodies.values())}
        once[SYSTEM] = sum(once.values())
        for body, value in bodies.items():
            for group, part in (("recurrent", value - once[body]), ("non_recurrent", once[body])):
                _fact(book, body, "savings_planned", year, "plan", part, "£k", "SRC-MTP", "", group)


def _activity(book: Book) -> None:
    for body, attendances in _ATTENDANCES.items():
        rng = stream("activity", body)
        for group, ratio, cost in ACTIVITY:
            unit_cost = round(cost * rng.uniform(0.96, 1.12))
            _fact(book, body, "unit_cost", YEAR, "plan", unit_cost, "£", "SRC-PLAN", "", group)
            for month in MONTHS:
                planned = round(attendances * ratio * _SEASON[month - 1])
                _fact(
                    book, body, "activity", YEAR, "plan", planned, "count", "SRC-PLAN", month, group
                )
                if month <= LAST_ACTUAL:
                    seen = round(planned * rng.uniform(0.99, 1.05))
                    _fact(
                        book,
                        body,
                        "activity",
                        YEAR,
                        "actual",
                        seen,
                        "count",
                        "SRC-M9",
                        month,
                        group,
                    )


def _staff(book: Book) -> None:
    for body, total in _WTE.items():
        rng = stream("staff", body)
        for group, part in _STAFF:
            planned = round(total * part * 0.985)
            _fact(book, body, "workforce", YEAR, "plan", planned, "wte", "SRC-PLAN", "", group)
            for month in MONTHS[:LAST_ACTUAL]:
                seen = round(total * part * (1 - 0.0012 * month) * rng.uniform(0.997, 1.003))
                _fact(book, body, "workforce", YEAR, "actual", seen, "wte", "SRC-M9", month, group)


# Capital limit and plan of the year, £k; spent so far of what was planned to date; invoices paid.
_CAPITAL = {
    BOARD: (3200, 0.71, 0.96, 0.98),
    "XF-FTH": (46500, 0.78, 0.91, 0.93),
    "XF-ALD": (18200, 0.84, 0.94, 0.95),
    "XF-HOL": (11400, 0.66, 0.72, 0.79),
    "XF-MHT": (9800, 0.93, 0.95, 0.96),
    "XF-COM": (5600, 0.88, 0.96, 0.97),
    "XF-AMB": (12900, 1.04, 0.93, 0.95),
}
_CAPITAL_SHAPE = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.6, 2.0]


def _temporary(book: Book) -> None:
    """Own, bank and agency staff by month, and the most that may be spent on agency staff."""
    for body, (bank, agency) in TEMPORARY.items():
        rng = stream("temporary", body)
        whole = _WTE[body]
        plan = {"wte_bank": bank * 1.05, "wte_agency": agency * 0.6}
        plan["wte_substantive"] = 0.985 - sum(plan.values())
        for fact in ("wte_substantive", "wte_bank", "wte_agency"):
            more = {"wte_substantive": 1.0, "wte_bank": 1.06, "wte_agency": 1.22}[fact]
            for month in MONTHS:
                planned = round(whole * plan[fact] * (1 - 0.0006 * month), 1)
                _fact(book, body, fact, YEAR, "plan", planned, "wte", "SRC-PLAN", month)
                if month <= LAST_ACTUAL:
                    seen = round(planned * more * rng.uniform(0.985, 1.015), 1)
                    _fact(book, body, fact, YEAR, "actual", seen, "wte", "SRC-M9", month)
        ceiling = sum(plan_by_month(body)[("agency_pay", R, "")])
        _fact(book, body, "agency_ceiling", YEAR, "plan", ceiling, "£k", "SRC-PLAN")


def _capital(book: Book) -> None:
    """Capital by month against its limit, and how many suppliers were paid within 30 days."""
    for body, (limit, pace, number, value) in _CAPITAL.items():
        rng = stream("capital", body)
        _fact(book, body, "capital_limit", YEAR, "plan", limit, "£k", "SRC-PLAN")
        for month, planned in zip(MONTHS, split(limit, _CAPITAL_SHAPE), strict=True):
            _fact(book, body, "capital_spend", YEAR, "plan", planned, "£k", "SRC-PLAN", month)
            if month > LAST_ACTUAL:
                continue
            spent = round(planned * pace * rng.uniform(0.85, 1.15))
            _fact(book, body, "capital_spend", YEAR, "actual", spent, "£k", "SRC-M9", month)
            for fact, share in (("bppc_number", number), ("bppc_value", value)):
                seen = round(min(1.0, share * rng.uniform(0.98, 1.02)), 3)
                _fact(book, body, fact, YEAR, "actual", seen, "share", "SRC-M9", month)


assert set(DELIVERED) == {BOARD, *TRUSTS} and len(NEIGHBOURS) == 2
