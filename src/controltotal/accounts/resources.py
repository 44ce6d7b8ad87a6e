"""Cash by month, capital against its limit, and how promptly suppliers are paid.

Each table holds what the book states and nothing else: a body or month without it has no row, and
a total stands only where every body below states the same month. None of it is part of a surplus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from controltotal.book.asking import bodies_asked
from controltotal.book.records import Fact
from controltotal.core.calendar import month_words, year_label
from controltotal.core.kept import kept_from_below
from controltotal.core.money import format_pounds
from controltotal.core.period import is_whole_year
from controltotal.core.result import Answer
from controltotal.workings.gaps import cash_by_month
from controltotal.workings.totals import Totals

BASES = ("plan", "actual", "forecast")
MONTHS = 12
CAPITAL = ("capital_spend", "capital_limit")
PROMPT = ("bppc_number", "bppc_value")
Row = dict[str, object]


def put_resources(
    answer: Answer, totals: Totals, years: Sequence[str], organisation: str | None
) -> None:
    """The tables `cash`, `capital` and `suppliers`, and a sentence of the bodies asked for that have
    none of those asked above them."""
    for year in filter(is_whole_year, years):
        asked = bodies_asked(totals.position, year, organisation)
        for code in asked:
            label = f"{totals.tree.name(code)}, {year_label(year)}"
            cash, capital = cash_rows(totals, code, year), capital_row(totals, code, year)
            prompt = supplier_rows(totals, code, year)
            answer.table("cash", cash)
            answer.table("capital", [capital] if capital else [])
            answer.table("suppliers", prompt)
            if year != totals.position.default_year or totals.tree.parent(code, year) in asked:
                continue
            told = [cash_words(cash), capital_words(capital), supplier_words(prompt)]
            for text in filter(None, told):
                answer.words(f"{label}: {text}.", topic="beside", about=code, year=year)


def cash_rows(totals: Totals, code: str, year: str) -> list[Row]:
    """Cash at the end of each month that any basis tells, in pence; None where one does not."""
    told = {basis: balances(totals, code, year, basis) for basis in BASES}
    months = sorted({month for one in told.values() for month in one})
    return [
        {
            "organisation": code,
            "year": year,
            "month": month,
            **{f"{basis}_pence": told[basis].get(month) for basis in BASES},
        }
        for month in months
    ]


@kept_from_below
def balances(totals: Totals, code: str, year: str, basis: str) -> dict[int, int]:
    """Cash by month: a body's own, with that of all below it where every one tells the month."""
    if totals.amounts.in_doubt("amounts", code, year, basis, "", ("cash",)):
        return {}
    own = {m: row.amount for m, row in cash_by_month(totals, code, year, basis).items()}
    kids = [balances(totals, kid, year, basis) for kid in totals.children(code, year)]
    if not kids or not totals.tree.organisations[code].complete:
        return own
    shared = set.intersection(*(set(one) for one in kids))
    grouping = totals.tree.organisations[code].is_grouping
    below = {month: sum(one[month] for one in kids) for month in shared}
    if grouping:
        return {**own, **below}
    return {month: own[month] + below[month] for month in shared & set(own)}


def cash_words(rows: Sequence[Row]) -> str:
    """Cash at the last month recorded against plan, and where the forecast ends."""
    recorded = [row for row in rows if row["actual_pence"] is not None]
    ends = [row for row in rows if row["month"] == MONTHS and row["forecast_pence"] is not None]
    if not recorded:
        return ""
    last = recorded[-1]
    month, pence = last["month"], last["actual_pence"]
    assert isinstance(month, int) and isinstance(pence, int)
    text = f"cash at the end of {month_words(month)} was {_sum(pence)}"
    if isinstance(plan := last["plan_pence"], int):
        text += f" against a plan of {_sum(plan)}"
    if ends and month < MONTHS and isinstance(end := ends[0]["forecast_pence"], int):
        text += f"; the forecast for March is {_sum(end)}"
    return text


def capital_row(totals: Totals, code: str, year: str) -> Row | None:
    """Capital spent to date, forecast and planned beside its limit, in pence; None without any."""
    found = {basis: _spent(totals, code, year, basis) for basis in BASES}
    limits = [row for row in totals.position.facts(code, year, CAPITAL[1]) if _plain(row)]
    limit = int(limits[-1].value) if limits else None
    if limit is None and all(one is None for one in found.values()):
        return None
    ahead = found["forecast"] if found["forecast"] is not None else found["plan"]
    return {
        "organisation": code,
        "year": year,
        **{f"{basis}_pence": found[basis] for basis in BASES},
        "limit_pence": limit,
        "left_pence": limit - ahead if limit is not None and ahead is not None else None,
    }


def capital_month(totals: Totals, code: str, year: str) -> int | None:
    """The last month of which capital spent is told; None where no month is."""
    rows = totals.position.facts(code, year, CAPITAL[0])
    told = [row.month for row in rows if row.basis == "actual" and _plain(row)]
    return max((int(month) for month in told if month and month.isdigit()), default=None)


def _plain(row: Fact) -> bool:
    return not row.scenario and not row.scheme and not row.group


def _spent(totals: Totals, code: str, year: str, basis: str) -> int | None:
    """Capital spent on a basis: the year's row, else its months (of an actual, those so far)."""
    rows = [
        row
        for row in totals.position.facts(code, year, CAPITAL[0])
        if (row.basis or "plan") == basis and _plain(row)
    ]
    whole = [row for row in rows if not row.month]
    if whole:
        return int(whole[-1].value)
    months = {int(row.month): int(row.value) for row in rows if row.month and row.month.isdigit()}
    needed = max(months, default=0) if basis == "actual" else MONTHS
    if not months or set(months) != set(range(1, needed + 1)):
        return None
    return sum(months.values())


def capital_words(row: Row | None) -> str:
    """Capital against its limit."""
    if row is None or not isinstance(limit := row["limit_pence"], int):
        return ""
    parts = []
    if isinstance(spent := row["actual_pence"], int):
        parts.append(f"{_sum(spent)} of capital is spent of a limit of {_sum(limit)}")
    else:
        parts.append(f"the capital limit is {_sum(limit)}")
    if isinstance(ahead := row["forecast_pence"], int):
        over = ahead - limit
        way = "within it" if over <= 0 else f"{_sum(over)} over it"
        parts.append(f"the forecast is {_sum(ahead)}, {way}")
    return "; ".join(parts)


def supplier_rows(totals: Totals, code: str, year: str) -> list[Row]:
    """The share of bills paid in time, by number and by value, of each month that states one."""
    told: dict[tuple[str, str], float] = {}
    for fact in PROMPT:
        for row in totals.position.facts(code, year, fact):
            if _plain(row) and (row.basis or "actual") == "actual":
                told[row.month or "", fact] = float(row.value)
    months = sorted({month for month, _ in told}, key=lambda m: (not m, _number(m)))
    return [
        {
            "organisation": code,
            "year": year,
            "month": month,
            "number_share": told.get((month, PROMPT[0])),
            "value_share": told.get((month, PROMPT[1])),
        }
        for month in months
    ]


def _number(month: str) -> int:
    return int(month) if month.isdigit() else 0


def supplier_words(rows: Sequence[Row]) -> str:
    """How promptly suppliers were paid at the last month stated."""
    if not rows:
        return ""
    last = rows[-1]
    parts = [
        f"{share:.0%} by {word}"
        for word, share in (("number", last["number_share"]), ("value", last["value_share"]))
        if isinstance(share, float)
    ]
    month = _number(str(last["month"]))
    when = f" to {month_words(month)}" if month else " in the year"
    return f"bills paid in time{when}: {_listed(parts)}"


def _listed(parts: Iterable[str]) -> str:
    return " and ".join(parts)


def _sum(pence: int) -> str:
    if pence < 0:
        return f"{format_pounds(-pence)} overdrawn"
    return format_pounds(pence) if pence else "nil"
