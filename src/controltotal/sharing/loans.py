"""The published loans to trusts: what support with repayment came to in practice.

3,570 loans of the Department of Health and Social Care, 2016/17 to 2018/19, in whole pence. Each
rolls forward: opening + drawn - repaid = closing. In 45 capital loans of 2018/19 the published
thousands differ by one; that difference is kept beside the loan, never spread. Balances follow
trusts through mergers. Source: data/geography/README.md (financial assistance under section 40 of
the National Health Service Act 2006).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import Final

from controltotal.core.calendar import parse_year
from controltotal.core.money import apportion
from controltotal.workings.repayment import Succession, holders

PENCE_IN_THOUSAND: Final = 100_000
INTERIM_REVENUE: Final = "interim_revenue_support"


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan in one year, in pence; ``rounding`` is what the published thousands leave over."""

    year: str
    trust: str
    category: str
    opening: int
    drawn: int
    repaid: int
    closing: int

    @property
    def rounding(self) -> int:
        """Opening + drawn - repaid - closing: nil, or one thousand pounds either way."""
        return self.opening + self.drawn - self.repaid - self.closing


@lru_cache(maxsize=1)
def published_loans() -> tuple[Loan, ...]:
    """All 3,570 rows, in the order published.

    >>> len(published_loans()), sum(loan.rounding != 0 for loan in published_loans())
    (3570, 45)
    """
    import polars as pl

    name = "trust_loans_2016_17_to_2018_19.parquet"
    frame = pl.read_parquet((files("controltotal") / "data" / "geography" / name).read_bytes())
    columns = ["financial_year", "ods_code", "loan_category"]
    money = ["opening_k", "drawn_k", "repaid_k", "closing_k"]
    found = []
    for row in frame.select(columns + money).iter_rows():
        pence = []
        for thousands in row[3:]:
            assert thousands == int(thousands), "published in whole thousands"
            pence.append(int(thousands) * PENCE_IN_THOUSAND)
        loan = Loan(parse_year(row[0]), row[1], row[2], *pence)
        assert abs(loan.rounding) <= PENCE_IN_THOUSAND
        found.append(loan)
    return tuple(found)


def balances(loans: Iterable[Loan], year: str, *, at: str, category: str = "") -> dict[str, int]:
    """What each trust owed at the ``opening`` or ``closing`` of a year, of one kind or all.

    >>> owed = balances(published_loans(), "2018-19", at="closing", category=INTERIM_REVENUE)
    >>> sum(owed.values()) // 100_000
    10144201
    """
    assert at in ("opening", "closing"), at
    found: dict[str, int] = {}
    for loan in loans:
        if loan.year == year and category in ("", loan.category):
            pence = loan.opening if at == "opening" else loan.closing
            found[loan.trust] = found.get(loan.trust, 0) + pence
    return found


def carry(
    owed: Mapping[str, int], successions: Sequence[Succession], *, after: date, until: date
) -> dict[str, int]:
    """Balances with whoever stands for each trust at ``until``, exact to the penny.

    >>> merger = Succession("RQQ", "RGN", date(2017, 4, 1))
    >>> carry({"RQQ": 3, "RGN": 4}, [merger], after=date(2017, 3, 31), until=date(2017, 4, 1))
    {'RGN': 7}
    """
    found: dict[str, int] = {}
    for trust, pence in sorted(owed.items()):
        heirs = holders(trust, until, successions, since=after)
        for heir, part in apportion(pence, heirs).items():
            found[heir] = found.get(heir, 0) + part
    assert sum(found.values()) == sum(owed.values()), "a succession loses no penny"
    return found


def share_repaid(loans: Iterable[Loan], category: str = INTERIM_REVENUE) -> Fraction:
    """Repaid over drawn, over all years: how much of such support came back.

    >>> round(float(share_repaid(published_loans())), 3)
    0.154
    """
    chosen = [loan for loan in loans if category in ("", loan.category)]
    return Fraction(sum(loan.repaid for loan in chosen), sum(loan.drawn for loan in chosen))
