"""Income, cost and cash of every body: plan and forecast by month, actual to December.

The accounting idea: each body's budget is a set of lines with a known surplus, so the last
line (non-pay, or the board's other costs) is the balance; trade between two bodies is made
once and written on both sides; forecast months that have happened are the actual ones.
All figures are whole thousands of pounds.
"""

from __future__ import annotations

from collections.abc import Iterable

from .bodies import BOARD, MERGED, MERGING, POOL, TRUSTS
from .book import BEFORE, LAST_ACTUAL, MONTHS, RETURNED_ON, YEAR, Book, split, stream

Key = tuple[str, str, str]  # line, recurrence, counterparty
R, N = "recurrent", "non_recurrent"
INCOME = ("allocation", "patient_care_income", "other_income")

# Surplus or (deficit) without support, by body: the stated plan, and the forecast at month 9.
PLAN = {
    "2026/27": {
        BOARD: -6000,
        "XF-FTH": -18000,
        "XF-ALD": -12000,
        "XF-HOL": -10000,
        "XF-MHT": 0,
        "XF-COM": 400,
        "XF-AMB": 0,
        POOL: 0,
    },
    "2027/28": {
        BOARD: 0,
        "XF-FTH": -6000,
        MERGED: -14000,
        "XF-MHT": 0,
        "XF-COM": 0,
        "XF-AMB": 0,
        POOL: 0,
    },
    "2028/29": {
        BOARD: 0,
        "XF-FTH": -9000,
        MERGED: -11000,
        "XF-MHT": 0,
        "XF-COM": 0,
        "XF-AMB": 0,
        POOL: 0,
    },
}
FORECAST = {
    BOARD: -4300,
    "XF-FTH": -18300,
    "XF-ALD": -11600,
    "XF-HOL": -17100,
    "XF-MHT": 600,
    "XF-COM": 1500,
    "XF-AMB": 200,
    POOL: 0,
}
# The forecast of the month before, and how far each body is from its plan to date.
FORECAST_BEFORE = FORECAST | {"XF-FTH": -17400, "XF-HOL": -15600, "XF-MHT": 200, "XF-AMB": 0}
AHEAD = {
    BOARD: -1500,
    "XF-FTH": -5200,
    "XF-ALD": -2400,
    "XF-HOL": -5800,
    "XF-MHT": 400,
    "XF-COM": 1300,
    "XF-AMB": -900,
    POOL: 0,
}
# What was brought to date of the measures that the forecast looks to for the year's end.
MENDED = {BOARD: 1400, "XF-FTH": 1600, "XF-ALD": 900, "XF-MHT": 200, "XF-COM": 100, "XF-AMB": 300}
_MENDING = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 0.0, 0.0, 0.0]
_GOES_ON = 0.25  # how much of the pressure to date goes on in the months left
_NOISE = 0.002
SUPPORT = {
    "2026/27": {"XF-FTH": 18000, "XF-ALD": 12000, "XF-HOL": 10000},
    "2027/28": {"XF-FTH": 6000, MERGED: 14000},
}
SUPPORT_WITHHELD = ("XF-HOL",)  # off plan at month 9: nothing in months 10 to 12

# What the board pays each trust in a year, and how each trust's other lines stand.
CONTRACT = {
    "XF-FTH": 762000,
    "XF-ALD": 352000,
    "XF-HOL": 248000,
    "XF-MHT": 301000,
    "XF-COM": 118000,
    "XF-AMB": 92000,
}
CONTRACT_KIND = {
    "XF-FTH": ("blended", "0.2"),
    "XF-ALD": ("activity", "1"),
    "XF-HOL": ("block", "0"),
    "XF-MHT": ("block", "0"),
    "XF-COM": ("block", "0"),
    "XF-AMB": ("blended", "0.1"),
    MERGED: ("blended", "0.2"),
}
MISMATCH, MISMATCH_MONTH = 2400, 10
POOL_CARE = 38000
_TRUST_LINES = (
    ("patient_care_income", R, ""),
    ("other_income", R, ""),
    ("other_income", N, ""),
    ("substantive_pay", R, ""),
    ("substantive_pay", N, ""),
    ("non_pay", N, ""),
    ("drugs", R, ""),
    ("depreciation", R, ""),
    ("finance_costs", R, ""),
)
_TRUST = {
    "XF-FTH": (318000, 96000, 34000, 722000, 7000, 4000, 153000, 41000, 19000),
    "XF-ALD": (61000, 29000, 17000, 289000, 4000, 2000, 47000, 15500, 7200),
    "XF-HOL": (42000, 19000, 13000, 214000, 4500, 1500, 33000, 11800, 6900),
    "XF-MHT": (86000, 14000, 9000, 301000, 3000, 1200, 6400, 9600, 3100),
    "XF-COM": (42000, 9500, 3000, 142000, 1500, 500, 4200, 5400, 1700),
    "XF-AMB": (99000, 4200, 3500, 131000, 1800, 700, 1100, 9800, 2400),
}
_WINTER = [0.97, 0.98, 0.98, 0.99, 0.98, 0.99, 1.0, 1.01, 1.03, 1.05, 1.02, 1.0]
_EASING = [1.03, 1.03, 1.02, 1.02, 1.01, 1.0, 1.0, 0.99, 0.99, 0.98, 0.97, 0.96]
_RISING = [0.95, 0.96, 0.97, 0.98, 0.99, 1.0, 1.0, 1.01, 1.02, 1.03, 1.04, 1.05]
_SHAPE = {
    "pay": _EASING,
    "substantive_pay": _EASING,
    "agency_pay": _EASING,
    "non_pay": _EASING,
    "drugs": _RISING,
}
# Of a trust's pay, what it plans to spend on bank and agency staff.
TEMPORARY = {
    "XF-FTH": (0.062, 0.021),
    "XF-ALD": (0.071, 0.034),
    "XF-HOL": (0.078, 0.052),
    "XF-MHT": (0.080, 0.030),
    "XF-COM": (0.055, 0.018),
    "XF-AMB": (0.040, 0.006),
}


def is_income(line: str) -> bool:
    return line in INCOME


def surplus(lines: dict[Key, list[int]]) -> list[int]:
    """Income less cost by month."""
    months = len(next(iter(lines.values())))
    return [
        sum(v[m] if is_income(k[0]) else -v[m] for k, v in lines.items()) for m in range(months)
    ]


def budget(body: str, year: str) -> dict[Key, int]:
    """A body's lines for the year, balanced so that its surplus is the stated plan."""
    step = int(year[:4]) - 2026
    growth = 1 + 0.021 * step
    if body == MERGED:
        parts = [_trust_lines(old, step, growth) for old in MERGING]
        lines = {key: sum(part.get(key, 0) for part in parts) for key in parts[0] | parts[1]}
    elif body == BOARD:
        lines = _board_lines(year, growth)
    elif body == POOL:
        lines = {
            ("other_income", R, BOARD): round(82000 * growth),
            ("other_income", R, ""): 46000,
            ("purchase_of_healthcare", R, "XF-COM"): round(POOL_CARE * growth),
            ("purchase_of_healthcare", R, ""): 52000,
        }
    else:
        lines = _trust_lines(body, step, growth)
    balance = {BOARD: "other_costs", POOL: "other_costs"}.get(body, "non_pay")
    so_far = sum(v if is_income(k[0]) else -v for k, v in lines.items())
    lines[(balance, R, "")] = so_far - PLAN[year][body]
    assert lines[(balance, R, "")] > 0, (body, year, lines)
    return lines


def _trust_lines(body: str, step: int, growth: float) -> dict[Key, int]:
    lines: dict[Key, int] = {("patient_care_income", R, BOARD): round(CONTRACT[body] * growth)}
    if body == "XF-COM":
        lines[("patient_care_income", R, POOL)] = round(POOL_CARE * growth)
    for key, amount in zip(_TRUST_LINES, _TRUST[body], strict=True):
        factor = growth if key[1] == R else (1.0, 0.6, 0.3)[step]
        if key[0] == "substantive_pay" and key[1] == R:
            factor = 1 + 0.012 * step  # growth less the savings planned
        lines[key] = round(amount * factor)
    pay = ("substantive_pay", R, "")
    whole = lines[pay]
    for line, share in zip(("bank_pay", "agency_pay"), TEMPORARY[body], strict=True):
        lines[(line, R, "")] = round(whole * share)
        lines[pay] -= lines[(line, R, "")]
    return lines


def _board_lines(year: str, growth: float) -> dict[Key, int]:
    step = int(year[:4]) - 2026
    lines: dict[Key, int] = {
        ("allocation", R, ""): round(3540000 * growth),
        ("allocation", N, ""): (62000, 40000, 24000)[step],
        ("other_costs", R, POOL): round(82000 * growth),
        ("purchase_of_healthcare", R, ""): round(418000 * growth),
        ("continuing_care", R, ""): round(182000 * growth),
        ("drugs", R, ""): round(346000 * growth),
        ("primary_care", R, ""): round(602000 * growth),
        ("pay", R, ""): round(21000 * growth),
        ("running_costs", R, ""): 13000,
        ("other_costs", N, ""): (30000, 18000, 10000)[step],
    }
    merged = year != YEAR
    for trust in TRUSTS:
        to = MERGED if merged and trust in MERGING else trust
        key = ("purchase_of_healthcare", R, to)
        lines[key] = lines.get(key, 0) + round(CONTRACT[trust] * growth)
    return lines


def plan_by_month(body: str) -> dict[Key, list[int]]:
    """The plan of 2026/27 phased over its months; trade is phased alike on both sides."""
    out: dict[Key, list[int]] = {}
    for key, amount in budget(body, YEAR).items():
        flat = key[2] or key[0] in ("allocation", "patient_care_income")
        shape = [1.0] * 12 if flat else _SHAPE.get(key[0], [1.0] * 12)
        if {key[2], body} & {"XF-ALD"} and key[2]:
            shape = _WINTER  # paid by activity
        out[key] = split(amount, shape)
    if body == "XF-FTH":
        out[("patient_care_income", R, BOARD)][MISMATCH_MONTH - 1] += MISMATCH
        out[("non_pay", R, "")][MISMATCH_MONTH - 1] += MISMATCH
    return out


def trade_outturn() -> dict[tuple[str, str], list[int]]:
    """What is really paid by month between two bodies: one list for both sides."""
    board = plan_by_month(BOARD)
    paid: dict[tuple[str, str], list[int]] = {}
    for trust in TRUSTS:
        rng = stream("trade", trust)
        spread = {"XF-ALD": 0.012, "XF-FTH": 0.003, "XF-AMB": 0.002}.get(trust, 0.0)
        planned = board[("purchase_of_healthcare", R, trust)]
        paid[(BOARD, trust)] = [p + round(p * rng.uniform(-spread / 2, spread)) for p in planned]
    paid[(BOARD, POOL)] = board[("other_costs", R, POOL)]
    paid[(POOL, "XF-COM")] = plan_by_month(POOL)[("purchase_of_healthcare", R, "XF-COM")]
    return paid


def forecast_by_month(
    body: str, paid: dict[tuple[str, str], list[int]], slips: dict[str, list[int]]
) -> dict[Key, list[int]]:
    """Months 1 to 9 as they happened, 10 to 12 as expected; the year ends at the forecast.

    Savings that slip stand in the lines that they were to lower; agency pay (at the board,
    packages of care) bears what else went wrong, and the last quarter is to mend it.
    """
    rng = stream("outturn", body)
    out: dict[Key, list[int]] = {}
    for key, planned in plan_by_month(body).items():
        if key[2]:
            pair = (key[2], body) if is_income(key[0]) else (body, key[2])
            out[key] = list(paid[pair])
        elif key[0] in ("allocation", "depreciation", "finance_costs") or key[1] == N:
            out[key] = list(planned)
        else:
            out[key] = [p + round(p * rng.uniform(-_NOISE, _NOISE)) for p in planned]
    for line, months in slips.items():
        key = (line, R, "") if (line, R, "") in out else ("substantive_pay", R, "")
        sign = -1 if is_income(line) else 1
        out[key] = [p + sign * less for p, less in zip(out[key], months, strict=True)]
    pressed, balance = _pressed_lines(body)
    for place, brought in enumerate(split(MENDED.get(body, 0), _MENDING)):
        out[balance][place] -= brought
    planned_ytd = sum(surplus(plan_by_month(body))[:LAST_ACTUAL])
    was = sum(out[pressed][:LAST_ACTUAL])
    _press(out, pressed, planned_ytd + AHEAD[body], range(LAST_ACTUAL))
    over = sum(out[pressed][:LAST_ACTUAL]) - was
    for month in range(LAST_ACTUAL, 12):
        out[pressed][month] += round(over / LAST_ACTUAL * _GOES_ON)
    done = sum(surplus(out)[:LAST_ACTUAL])
    _press(out, balance, FORECAST[body] - done, range(LAST_ACTUAL, 12))
    return out


def forecast_before(body: str, now: dict[Key, list[int]]) -> dict[Key, list[int]]:
    """The forecast of the month before: month 9 as planned then, and the year's end as told then."""
    plan = plan_by_month(body)
    out = {key: list(values) for key, values in now.items()}
    for key, values in out.items():
        if not key[2]:
            values[BEFORE] = plan[key][BEFORE]
    _, balance = _pressed_lines(body)
    done = sum(surplus(out)[:BEFORE])
    _press(out, balance, FORECAST_BEFORE[body] - done, range(BEFORE, 12))
    return out


def _pressed_lines(body: str) -> tuple[Key, Key]:
    """What bears the pressure of the year, and where the forecast looks to mend it."""
    if body == BOARD:
        return ("continuing_care", R, ""), ("other_costs", R, "")
    if body == POOL:
        return ("other_costs", R, ""), ("other_costs", R, "")
    return ("agency_pay", R, ""), ("non_pay", R, "")


def _press(lines: dict[Key, list[int]], key: Key, target: int, months: range) -> None:
    """Move one cost line so that the surplus of these months is the target."""
    over = sum(surplus(lines)[m] for m in months) - target
    sign = 1 if over >= 0 else -1
    for month, part in zip(months, split(abs(over), [1.0] * len(months)), strict=True):
        lines[key][month] += sign * part


def put_amounts(book: Book, slips: dict[str, dict[str, list[int]]]) -> None:
    """All money rows except those of schemes, whose slippage by body, line and month is given."""
    paid = trade_outturn()
    for body in (BOARD, *TRUSTS, POOL):
        plan, outturn = plan_by_month(body), forecast_by_month(body, paid, slips.get(body, {}))
        assert sum(surplus(plan)) == PLAN[YEAR][body] and sum(surplus(outturn)) == FORECAST[body]
        _put_months(book, body, "plan", plan, MONTHS, "SRC-PLAN")
        before = forecast_before(body, outturn)
        assert sum(surplus(before)) == FORECAST_BEFORE[body]
        _put_months(book, body, "actual", outturn, MONTHS[:BEFORE], "SRC-M8")
        _put_months(book, body, "actual", outturn, (LAST_ACTUAL,), "SRC-M9")
        _put_months(book, body, "forecast", before, MONTHS, "SRC-M8")
        _put_changed(book, body, before, outturn)
        for key in (("substantive_pay", R, ""), ("non_pay", R, ""), ("allocation", R, "")):
            if key in plan:
                put(book, body, key, "", "plan", sum(plan[key]), "SRC-PLAN")
                put(book, body, key, "", "forecast", sum(before[key]), "SRC-M8")
                if sum(outturn[key]) != sum(before[key]):
                    _again(book, body, key, "", sum(outturn[key]))
        _put_support(book, body)
    for year in ("2027/28", "2028/29"):
        for body in PLAN[year]:
            for key, amount in budget(body, year).items():
                put(book, body, key, "", "plan", amount, "SRC-MTP", year)
            support = SUPPORT.get(year, {}).get(body)
            if support:
                put(book, body, ("support_income", N, ""), "", "plan", support, "SRC-MTP", year)


def put(
    book: Book,
    body: str,
    key: Key,
    month: object,
    basis: str,
    amount: int,
    source: str,
    year: str = YEAR,
    scenario: str = "",
    known_on: str = "",
) -> None:
    line, recurrence, counterparty = key
    book.put(
        "amounts",
        organisation=body,
        line=line,
        year=year,
        month=month,
        basis=basis,
        scenario=scenario,
        recurrence=recurrence,
        counterparty=counterparty,
        amount=amount,
        source=source,
        known_on=known_on,
    )


def _put_months(
    book: Book,
    body: str,
    basis: str,
    lines: dict[Key, list[int]],
    months: Iterable[int],
    source: str,
) -> None:
    months = tuple(months)
    for key, values in lines.items():
        for month in months:
            put(book, body, key, month, basis, values[month - 1], source)


def _put_changed(
    book: Book, body: str, before: dict[Key, list[int]], now: dict[Key, list[int]]
) -> None:
    """What the return of this month says otherwise than the one before."""
    for key, values in now.items():
        for month in MONTHS:
            if values[month - 1] != before[key][month - 1]:
                _again(book, body, key, month, values[month - 1])


def _again(book: Book, body: str, key: Key, month: object, amount: int) -> None:
    """A forecast that this month's return gives otherwise."""
    put(book, body, key, month, "forecast", amount, "SRC-M9", known_on=RETURNED_ON)


def _put_support(book: Book, body: str) -> None:
    agreed = SUPPORT[YEAR].get(body)
    if not agreed:
        return
    key = ("support_income", N, "")
    for month, part in zip(MONTHS, split(agreed, [1.0] * 12), strict=True):
        put(book, body, key, month, "plan", part, "SRC-PLAN")
        if month <= LAST_ACTUAL:
            source = "SRC-M9" if month == LAST_ACTUAL else "SRC-M8"
            put(book, body, key, month, "actual", part, source)
        lost = body in SUPPORT_WITHHELD and month >= 10
        put(book, body, key, month, "forecast", 0 if lost else part, "SRC-M8")
