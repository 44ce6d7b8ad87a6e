"""The packaged tables of published money, row by row as text, just as they were published.

A row is the publisher's own; nothing is added up or corrected here. A code in it means what it meant
on the day on which the table was true (`speaks_of`), which need not be what it means in the year of
the figure: allocations of 2019/20 were set in January 2016. Reading them needs nothing but
the standard library, save the loans, which are packed with the reference geography.
Source: data/published/README.md and data/geography/README.md.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from controltotal.core.calendar import parse_year, year_start
from controltotal.core.reference import KnownBody, other_body

ALLOCATIONS = "ccg_allocations_2013_14_to_2019_20.csv"
DISTANCES = "ccg_dft_2019_20_indicative.csv"
DISTANCES_2013 = "ccg_dft_2013_14_partial.csv"
TRUST_PLANS = "trust_plan_vs_actual_2018_19.csv"
LOANS = "trust_dhsc_loans_2016_17_to_2018_19.csv"
BOARDS = "icb_weighted_populations.csv"
PLACES = "icb_place_weighted_populations.csv"
REPORTED = "reported_system_figures.csv"
AREAS = "deprivation.csv"
PUBLISHED = (ALLOCATIONS, DISTANCES, DISTANCES_2013, TRUST_PLANS, LOANS, BOARDS, PLACES, REPORTED)

PublishedRow = Mapping[str, str]
"""A row of a published table by heading, as text."""


class Title(NamedTuple):
    """What a published table is called, and who published it."""

    title: str
    publisher: str


TITLES: Final[Mapping[str, Title]] = {
    ALLOCATIONS: Title("Allocations of commissioners, 2013/14 to 2019/20", "NHS England"),
    DISTANCES: Title(
        "Five-year allocations of January 2016: distance from target, 2019/20", "NHS England"
    ),
    DISTANCES_2013: Title("Allocations 2013/14, Annex A", "NHS England"),
    TRUST_PLANS: Title("Year-end report on the provider sector 2018/19", "NHS Improvement"),
    LOANS: Title(
        "Loans to trusts under section 40 of the National Health Service Act 2006",
        "Department of Health and Social Care",
    ),
    BOARDS: Title("Weighted populations of boards", "NHS England"),
    PLACES: Title("Weighted populations of boards by council district", "NHS England"),
    AREAS: Title(
        "People and deprivation of places, systems and regions, from small areas",
        "Office for National Statistics; Ministry of Housing, Communities and Local Government",
    ),
    REPORTED: Title("Figures of systems read from public pages", "as named in each source"),
}
"""By table: its title and publisher."""

TRUE_ON = {DISTANCES: date(2016, 1, 31)}
"""Tables whose codes are those of another day than the first one of the year that they speak of."""


def speaks_of(
    row: Mapping[str, str], true_on: date | None = None, year: str = ""
) -> KnownBody | None:
    """The body of a published row, where it is another one than bore its code in a year.

    `true_on` is the day of the table (by default the first of the row's year), `year` that of the
    figure (by default the row's own). None where the row is about the body that bears the code, and
    in tables that are not about commissioners.

    >>> speaks_of(published_rows(DISTANCES)[39], TRUE_ON[DISTANCES]).name
    'NHS Lancashire North CCG'
    """
    code, name = row.get("ccg_code", ""), row.get("ccg_name", "")
    if not code or "financial_year" not in row:
        return None
    year = year or parse_year(row["financial_year"])
    return other_body(code, name, true_on or year_start(year), year)


@lru_cache(maxsize=len(PUBLISHED))
def published_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a published table; row 2 of the table is the first.

    >>> len(published_rows(ALLOCATIONS)), published_rows(ALLOCATIONS)[0]["allocation_k"]
    (1438, '130681')
    """
    if name == LOANS:
        return _loans()
    packed = (files("controltotal") / "data" / "published" / f"{name}.gz").read_bytes()
    text = gzip.decompress(packed).decode("utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


def _loans() -> tuple[Mapping[str, str], ...]:
    import polars as pl

    name = LOANS.replace("trust_dhsc", "trust").replace(".csv", ".parquet")
    frame = pl.read_parquet((files("controltotal") / "data" / "geography" / name).read_bytes())
    rows = frame.with_columns(pl.all().cast(pl.String).fill_null("")).to_dicts()
    return tuple(rows)
