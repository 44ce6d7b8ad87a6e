"""Every question put to benchmark records, as ibis expressions in one file.

The same expressions run on DuckDB (the default, no server) and on Spark: nothing here names an
engine. They take and give tables, never numbers; statistics that need a whole country at once
(noise, shrinkage, tests) follow in `expected` on dense arrays.

Records are brought to one shape first: measure, area, month, numerator, denominator. A rate is the
sum of numerators over the sum of denominators, never a mean of rates.

Sources: NHS England, Similar 10 CCGs method (April 2021); RightCare and Model Hospital forms of
opportunity; price per unit: Croker and others, BMJ Open 2018;8:e019643; cost per weighted activity
unit: Model Health System articles 1824067 and 1824010.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir


CAP_SD = 5  # Similar 10: a variable counts no further than five standard deviations above its mean


# ------------------------------------------------------------------------- records to one shape


def long_records(
    table: ir.Table, *, measure: str, area: str, month: str, numerator: str, denominator: str
) -> ir.Table:
    """A table with one row for each measure, area and month, under the common names."""
    return table.select(
        measure=table[measure].cast("string"),
        area=table[area].cast("string"),
        month=table[month].cast("date"),
        numerator=table[numerator].cast("float64"),
        denominator=table[denominator].cast("float64"),
    )


def wide_records(
    table: ir.Table, columns: Sequence[tuple[str, str, str]], *, area: str, year: str
) -> ir.Table:
    """A table with a row for each area and year, and numerators and denominators as columns.

    `columns`: (measure, numerator column, denominator column). A year `2014-15` becomes its
    first of April.
    """
    import ibis

    start = (table[year].cast("string").left(4) + "-04-01").cast("date")
    parts = [
        table.select(
            measure=ibis.literal(measure),
            area=table[area].cast("string"),
            month=start,
            numerator=table[numerator].cast("float64"),
            denominator=table[denominator].cast("float64"),
        )
        for measure, numerator, denominator in columns
    ]
    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def within(
    records: ir.Table, measures: Sequence[str], first: datetime.date, last: datetime.date
) -> ir.Table:
    """The records of these measures from the month `first` to the month `last`."""
    wanted = records.measure.isin(list(measures)) & records.month.between(first, last)
    return records.filter(wanted)


def period_rates(records: ir.Table) -> ir.Table:
    """Rate of each measure and area over all its records: measure, area, numerator, …, rate.

    Areas whose denominator sums to nil have no rate and are left out.
    """
    sums = records.group_by("measure", "area").agg(
        numerator=records.numerator.sum(),
        denominator=records.denominator.sum(),
        months=records.month.nunique(),
    )
    sums = sums.filter(sums.denominator > 0)
    return sums.mutate(rate=sums.numerator / sums.denominator)


# ------------------------------------------------------------------------------------ peers


def standard_scores(
    inputs: ir.Table, weights: ir.Table, *, area: str, variables: Sequence[str]
) -> ir.Table:
    """Each variable capped at mean + 5 sd, square-rooted, standardised: area, variable, z, weight.

    Standard deviations are of the population (all areas are there).
    """
    import ibis

    long = inputs.select(area=inputs[area].cast("string"), **{v: inputs[v] for v in variables})
    long = long.mutate(**{v: long[v].cast("float64") for v in variables})
    long = long.pivot_longer(list(variables), names_to="variable", values_to="value")
    by = ibis.window(group_by="variable")
    cap = long.value.mean().over(by) + CAP_SD * long.value.std(how="pop").over(by)
    rooted = long.mutate(root=ibis.least(long.value, cap).sqrt())
    centre, spread = rooted.root.mean().over(by), rooted.root.std(how="pop").over(by)
    scored = rooted.select("area", "variable", z=(rooted.root - centre) / spread)
    return scored.join(weights.select("variable", "weight"), "variable")


def distances_by_variable(scores: ir.Table) -> ir.Table:
    """How far each two areas are apart on each variable: area, peer, variable, part."""
    other = scores.view()
    pairs = scores.join(
        other, [scores.variable == other.variable, scores.area != other.area], rname="{name}_peer"
    )
    return pairs.select(
        area="area",
        peer="area_peer",
        variable="variable",
        part=pairs.weight * (pairs.z - pairs.z_peer) ** 2,
    )


def nearest_peers(parts: ir.Table, count: int = 10) -> ir.Table:
    """The `count` nearest peers of each area: area, peer, place (from 0), distance (squared).

    Equal distances go to the lower code.
    """
    import ibis

    pairs = parts.group_by("area", "peer").agg(distance=parts.part.sum())
    order = ibis.window(group_by="area", order_by=["distance", "peer"])
    placed = pairs.mutate(place=ibis.row_number().over(order))
    return placed.filter(placed.place < count)


def peers_of_the_same_kind(areas: ir.Table, *, area: str, kind: str) -> ir.Table:
    """Every other area of the same kind is a peer: area, peer, place."""
    import ibis

    left = areas.select(area=areas[area].cast("string"), kind=areas[kind]).distinct()
    right = left.view()
    pairs = left.join(
        right, [left.kind == right.kind, left.area != right.area], rname="{name}_peer"
    )
    pairs = pairs.select(area="area", peer="area_peer")
    order = ibis.window(group_by="area", order_by="peer")
    return pairs.mutate(place=ibis.row_number().over(order))


# ------------------------------------------------------------------- benchmarks, nothing shrunk


def peer_benchmark(rates: ir.Table, peers: ir.Table, rule: str) -> ir.Table:
    """The benchmark of each measure and area among its peers: measure, area, benchmark.

    `rates` need `measure`, `area`, `rate` and `sign` (1: lower is better, -1: higher is).
    """
    import ibis

    of_peer = rates.select(peer="area", measure="measure", cost=rates.rate * rates.sign)
    pairs = peers.select("area", "peer").join(of_peer, "peer")
    if rule == "best5of10":
        order = ibis.window(group_by=["measure", "area"], order_by=["cost", "peer"])
        ranked = pairs.mutate(rank=ibis.row_number().over(order))
        best = ranked.filter(ranked["rank"] < 5)
        found = best.group_by("measure", "area").agg(level=best.cost.mean())
    elif rule == "median":
        found = pairs.group_by("measure", "area").agg(level=pairs.cost.quantile(0.5))
    else:
        assert rule == "quartile", rule
        found = pairs.group_by("measure", "area").agg(level=pairs.cost.quantile(0.25))
    signs = rates.select("measure", "area", "sign")
    joined = found.join(signs, ["measure", "area"])
    return joined.select("measure", "area", benchmark=joined.level * joined.sign)


def country_benchmark(rates: ir.Table, rule: str, group: Sequence[str] = ()) -> ir.Table:
    """One benchmark for all areas: best decile, national rate or the mean of high performers."""
    if rule == "national":
        found = rates.group_by("measure").agg(
            benchmark=rates.numerator.sum() / rates.denominator.sum()
        )
    elif rule == "decile":
        cost = rates.mutate(cost=rates.rate * rates.sign)
        best = cost.group_by("measure").agg(level=cost.cost.quantile(0.1), sign=cost.sign.max())
        found = best.select("measure", benchmark=best.level * best.sign)
    else:
        assert rule == "high_performers", rule
        among = rates.filter(rates.area.isin(list(group)))
        found = among.group_by("measure").agg(benchmark=among.rate.mean())
    areas = rates.select("measure", "area")
    return areas.join(found, "measure").select("measure", "area", "benchmark")


def raw_opportunity(rates: ir.Table, benchmarks: ir.Table) -> ir.Table:
    """Gap to the benchmark, clipped at nil, times the denominator; nothing shrunk.

    Gives measure, area, numerator, denominator, rate, benchmark, raw.
    """
    import ibis

    joined = rates.join(benchmarks, ["measure", "area"])
    gap = (joined.rate - joined.benchmark) * joined.sign
    clipped = ibis.greatest(gap, ibis.literal(0.0)) * joined.denominator
    return joined.select(
        "measure", "area", "numerator", "denominator", "months", "rate", "benchmark", raw=clipped
    )


# ------------------------------------------------------------- price per unit, cost per activity


def price_per_unit(lines: ir.Table, share: float = 0.1) -> ir.Table:
    """Savings if each practice paid no more than the best tenth of practices for a presentation.

    `lines`: practice, area, presentation, quantity, cost, where brands and generics of one
    presentation carry one code. The price of the best tenth is the practices' 10th percentile.
    The saving is clipped at nil in each practice and only then summed: a practice that already
    pays less does not pay for its neighbour. Gives area, presentation, quantity, cost, saving.
    """
    import ibis

    bought = lines.filter(lines.quantity > 0)
    by_practice = bought.group_by("practice", "area", "presentation").agg(
        quantity=bought.quantity.sum(), cost=bought.cost.sum()
    )
    priced = by_practice.mutate(price=by_practice.cost / by_practice.quantity)
    best = priced.group_by("presentation").agg(best=priced.price.quantile(share))
    joined = priced.join(best, "presentation")
    over = ibis.greatest(joined.cost - joined.quantity * joined.best, ibis.literal(0.0))
    joined = joined.mutate(over=over)
    return joined.group_by("area", "presentation").agg(
        quantity=joined.quantity.sum(), cost=joined.cost.sum(), saving=joined.over.sum()
    )


def price_per_unit_lines(table: ir.Table, *, area: str) -> ir.Table:
    """Sum published price-per-unit rows by area: area, presentations, quantity, cost, saving.

    Rows hold quantity, price_per_dose and possible_savings (already clipped at practice).
    `doubtful` is the part of the saving whose price may not be comparable (imported, special
    containers, not bioequivalent).
    """
    flags = ["flag_imported", "flag_non_bioequivalence", "flag_special_containers"]
    named = [table[flag].cast("float64").fill_null(0) > 0 for flag in flags]
    rows = table.mutate(
        area=table[area].cast("string"),
        cost=table.quantity.cast("float64") * table.price_per_dose,
        doubt=named[0] | named[1] | named[2],
    )
    return rows.group_by("area").agg(
        presentations=rows.count(),
        quantity=rows.quantity.sum().cast("float64"),
        cost=rows.cost.sum(),
        saving=rows.possible_savings.sum(),
        doubtful=rows.possible_savings.sum(where=rows.doubt),
    )


def weighted_activity(activity: ir.Table, national: ir.Table, unit: float) -> ir.Table:
    """Cost and weighted activity units: measure, area, month, numerator (£), denominator (WAU).

    `activity`: provider, month, department_code, currency_code, activity, cost (already divided
    by the provider's market forces factor). `national`: department_code, currency_code,
    unit_cost. A weighted activity unit is `unit` pounds' worth of activity at national average
    cost (about 3,500, set anew each year: never compare years). Activity without a national
    cost is left out, with its cost.
    """
    import ibis

    costs = national.select("department_code", "currency_code", "unit_cost")
    costs = costs.filter(costs.unit_cost.notnull())
    priced = activity.join(costs, ["department_code", "currency_code"])
    found = priced.group_by("provider", "month").agg(
        numerator=priced.cost.sum(),
        denominator=(priced.activity * priced.unit_cost).sum() / unit,
    )
    return found.select(
        measure=ibis.literal("cost_per_wau"),
        area=found.provider.cast("string"),
        month=found.month.cast("date"),
        numerator="numerator",
        denominator="denominator",
    )
