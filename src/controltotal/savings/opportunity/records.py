"""Which benchmark records can be used: a number over a number that it can lie over.

Money over nobody, a credit for a month, more than all of something or a denominator a thousand
times its own other months are slips of the pen or of a form, and a rate made from them is somebody's
false opportunity, or everybody's false benchmark. Such a record is not used, and each is told with
its area and month; the area then lacks the month and is left out of the period. Small denominators
are real and stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controltotal.core.finding import Finding
from controltotal.savings.opportunity.catalogue import Measure

if TYPE_CHECKING:
    import polars as pl

TIMES = 300
"""So many times its usual size, or as small a part of it, a month's number is in another unit."""
TIMES_OTHERS = 100
"""The same against other areas, of the denominator and of the rate at once: areas differ in size."""
MONTHS_ENOUGH = 4
"""Fewer months than this do not say what is usual for an area."""
AREAS_ENOUGH = 8
"""Fewer areas than this do not say what is usual for a measure."""
SHARES = ("percent", "per cent", "%", "share", "proportion")
LISTED = 12
"""Areas and months named in one finding; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of record that cannot be used: what is wrong, what was expected and what to do."""

    message: str
    expected: str
    action: str


FAULTS: Mapping[str, Fault] = {
    "absent": Fault(
        "without a numerator or a denominator",
        "a number over a number",
        "Add the missing number at its source; nil only where it was nil.",
    ),
    "below": Fault(
        "with a denominator below nil",
        "a denominator of nil or more",
        "Correct the denominator at its source.",
    ),
    "nobody": Fault(
        "with something over a denominator of nil",
        "a denominator above nil, or nothing over nil",
        "Correct the denominator at its source: money spent on nobody has no rate.",
    ),
    "credit": Fault(
        "with a numerator below nil",
        "what was spent or counted in the month",
        "Put the credit into the months that it corrects, or take it out.",
    ),
    "more": Fault(
        "with more than all there is",
        "a part of the denominator, at most all of it",
        "Correct the numerator or the denominator: a share of more than 100% is none.",
    ),
    "size": Fault(
        f"with a denominator at least {TIMES} times its usual size, or as small a part of it",
        "a denominator like that of the area's other months",
        "Correct the unit of the month: pounds for thousands, or people for thousands of people.",
    ),
    "scale": Fault(
        f"with a denominator at least {TIMES_OTHERS} times that of other areas (or as small a part of it) "
        "and a rate that differs as much",
        "a denominator and a rate of the size of other areas",
        "Correct the unit of the area: pounds for thousands, or people for thousands of people.",
    ),
}


def usable(
    rows: pl.DataFrame, measures: Mapping[str, Measure], where: str
) -> tuple[pl.DataFrame, list[Finding]]:
    """The records, empty where they cannot be used, and a finding for each measure and fault."""
    import polars as pl

    judged = rows.with_columns(fault=_fault(measures))
    screened = [
        code for code, one in measures.items() if one.screen
    ]  # they have a test of their own
    for look in (_size(screened), _scale(screened)):
        judged = judged.with_columns(fault=pl.coalesce("fault", look))
    nobody = (pl.col("fault") == "absent").fill_null(value=False).all().over("measure", "month")
    bad = judged.filter(pl.col("fault").is_not_null() & ~nobody)  # else nobody collected it then
    sound = pl.when(pl.col("fault").is_null())
    kept = judged.with_columns(
        numerator=sound.then("numerator"), denominator=sound.then("denominator")
    )
    return kept.select(rows.columns), list(_findings(bad, measures, where))


def _fault(measures: Mapping[str, Measure]) -> pl.Expr:
    """What is wrong with a record in itself, the first cause first."""
    import polars as pl

    num, den = pl.col("numerator").fill_nan(None), pl.col("denominator").fill_nan(None)
    parts = [code for code, one in measures.items() if one.unit.lower() in SHARES]
    most = pl.when(den == 1).then(100.0).otherwise(den)
    return (
        pl.when(num.is_null() | den.is_null() | num.is_infinite() | den.is_infinite())
        .then(pl.lit("absent"))
        .when(den < 0)
        .then(pl.lit("below"))
        .when((den == 0) & (num != 0))
        .then(pl.lit("nobody"))
        .when(num < 0)
        .then(pl.lit("credit"))
        .when(pl.col("measure").is_in(parts) & (num > most))
        .then(pl.lit("more"))
        .otherwise(None)
    )


def _sound(values: pl.Expr) -> pl.Expr:
    """Values of records with nothing wrong so far, over a denominator above nil."""
    import polars as pl

    return pl.when(pl.col("fault").is_null() & (pl.col("denominator") > 0)).then(values)


def _size(screened: list[str]) -> pl.Expr:
    """A month whose denominator is another size than the area's others."""
    import polars as pl

    size = _sound(pl.col("denominator"))
    usual, months = (
        size.median().over("measure", "area"),
        size.count().over("measure", "area"),
    )
    odd = (size >= usual * TIMES) | (size * TIMES <= usual)
    enough = (months >= MONTHS_ENOUGH) & ~pl.col("measure").is_in(screened)
    return pl.when(odd & enough).then(pl.lit("size"))


def _scale(screened: list[str]) -> pl.Expr:
    """An area whose denominator and rate are both another size than those of the others."""
    import polars as pl

    size = _sound(pl.col("denominator"))
    rate = pl.when(pl.col("numerator") > 0).then(
        _sound(pl.col("numerator") / pl.col("denominator"))
    )
    month = ("measure", "month")
    usual, common, areas = (
        size.median().over(month),
        rate.median().over(month),
        rate.count().over(month),
    )
    large = (size >= usual * TIMES_OTHERS) & (rate * TIMES_OTHERS <= common)
    small = (size * TIMES_OTHERS <= usual) & (rate >= common * TIMES_OTHERS)
    enough = (areas >= AREAS_ENOUGH) & ~pl.col("measure").is_in(screened)
    return pl.when((large | small) & enough).then(pl.lit("scale"))


def _findings(bad: pl.DataFrame, measures: Mapping[str, Measure], where: str) -> Iterator[Finding]:
    for kind, fault in FAULTS.items():
        for code, measure in measures.items():
            found = bad.filter((bad["fault"] == kind) & (bad["measure"] == code))
            if not found.height:
                continue
            found = found.sort("area", "month")
            areas = found["area"].unique().to_list()
            named = [
                f"{area} {month:%Y-%m}: {_text(num)} over {_text(den)}"
                for area, month, num, den in found.select(
                    "area", "month", "numerator", "denominator"
                ).iter_rows()
            ]
            more = f" and {len(named) - LISTED} more" if named[LISTED:] else ""
            records = "1 record" if len(named) == 1 else f"{len(named)} records"
            yield Finding(
                code="BENCHMARK_RECORD",
                severity="warning",
                organisation=str(areas[0]) if len(areas) == 1 else "",
                where=f"{where} {code}",
                message=f"{measure.name}: {records} {fault.message} "
                f"{'is' if len(named) == 1 else 'are'} not used: "
                f"{'; '.join(named[:LISTED])}{more}.",
                expected=fault.expected,
                found=f"{'; '.join(named[:LISTED])}{more}",
                action=fault.action,
            )


def _text(value: float | None) -> str:
    """A number as a person would type it.

    >>> _text(-40000.0), _text(0.5), _text(None)
    ('-40,000', '0.5', 'nothing')
    """
    if value is None or value != value:
        return "nothing"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"
