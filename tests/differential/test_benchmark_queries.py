"""The benchmark expressions agree with plain Python written the slow, obvious way."""

from __future__ import annotations

import datetime
import random
import statistics
from pathlib import Path

import ibis
import numpy as np
import polars as pl
import pytest

from controltotal.savings.opportunity import benchmark_queries as q
from controltotal.savings.opportunity.benchmark_rules import benchmark, comparator_weights
from controltotal.savings.opportunity.catalogue import catalogue
from controltotal.savings.opportunity.panel import connection, open_table

DATA = Path(__file__).parents[1] / "data"


def to_rows(expression: object) -> list[dict[str, object]]:
    return connection().to_polars(expression).to_dicts()


def test_peers_equal_the_published_method() -> None:
    """Similar 10 from the published inputs and weights: 106 areas, ten peers each, in order."""
    found = catalogue()
    inputs, weights = found.path("similar10_inputs_2021"), found.path("similar10_weights_2021")
    assert inputs is not None and weights is not None
    variables = pl.read_csv(weights)["variable"].to_list()
    scores = q.standard_scores(
        open_table(inputs, ("ccg_code",)),
        open_table(weights),
        area="ccg_code",
        variables=variables,
    )
    peers = connection().to_polars(q.nearest_peers(q.distances_by_variable(scores)))
    peers = peers.sort("area", "place")
    expected = pl.read_csv(DATA / "similar10_peers_2021.csv").sort("area", "place")
    assert peers.height == expected.height == 1060
    assert peers["area"].to_list() == expected["area"].to_list()
    assert peers["peer"].to_list() == expected["peer"].to_list()
    assert np.abs(peers["distance"].to_numpy() - expected["distance"].to_numpy()).max() < 1e-6


def test_one_distance_worked_in_plain_python() -> None:
    found = catalogue()
    rows = pl.read_csv(found.path("similar10_inputs_2021")).to_dicts()
    weights = {
        r["variable"]: r["weight"]
        for r in pl.read_csv(found.path("similar10_weights_2021")).to_dicts()
    }
    total = 0.0
    for variable, weight in weights.items():
        values = [float(r[variable]) for r in rows]
        cap = statistics.fmean(values) + 5 * statistics.pstdev(values)
        roots = [min(v, cap) ** 0.5 for v in values]
        centre, spread = statistics.fmean(roots), statistics.pstdev(roots)
        z = {r["ccg_code"]: (x - centre) / spread for r, x in zip(rows, roots, strict=True)}
        total += weight * (z["00L"] - z["01H"]) ** 2
    assert total == pytest.approx(0.0717, abs=5e-5)


@pytest.fixture
def rates() -> list[dict[str, object]]:
    rng = random.Random(4)
    return [
        {
            "measure": m,
            "area": f"A{k:02d}",
            "numerator": rng.uniform(1, 9) * (k + 1),
            "denominator": float(k + 1),
            "months": 12,
            "sign": sign,
        }
        for m, sign in (("low", 1.0), ("high", -1.0))
        for k in range(15)
    ]


@pytest.mark.parametrize("rule", ["best5of10", "median", "quartile", "decile", "national"])
def test_raw_opportunity(rates: list[dict[str, object]], rule: str) -> None:
    for row in rates:
        row["rate"] = row["numerator"] / row["denominator"]  # type: ignore[operator]
    areas = sorted({str(row["area"]) for row in rates})
    rng = random.Random(9)
    peers = {a: rng.sample([b for b in areas if b != a], 10) for a in areas}
    table = ibis.memtable(pl.DataFrame(rates))
    pairs = ibis.memtable(pl.DataFrame([{"area": a, "peer": b} for a in areas for b in peers[a]]))
    levels = (
        q.country_benchmark(table, rule)
        if rule in ("decile", "national")
        else q.peer_benchmark(table, pairs, rule)
    )
    found = {(r["measure"], r["area"]): r for r in to_rows(q.raw_opportunity(table, levels))}
    assert len(found) == 30
    by = {(r["measure"], r["area"]): r for r in rates}
    for (measure, area), row in found.items():
        own = by[measure, area]
        sign = own["sign"]
        level = sign * plain_level(by, measure, sign, peers[str(area)], areas, rule)  # type: ignore[operator]
        gap = max(0.0, sign * (own["rate"] - level)) * own["denominator"]  # type: ignore[operator]
        assert row["benchmark"] == pytest.approx(level)
        assert row["raw"] == pytest.approx(gap)


def plain_level(by, measure, sign, peers, areas, rule):  # type: ignore[no-untyped-def]
    if rule == "national":
        rows = [by[measure, a] for a in areas]
        return sign * sum(r["numerator"] for r in rows) / sum(r["denominator"] for r in rows)
    among = areas if rule == "decile" else peers
    costs = sorted(sign * by[measure, a]["rate"] for a in among)
    if rule == "best5of10":
        return sum(costs[:5]) / 5
    share = {"median": 0.5, "quartile": 0.25, "decile": 0.1}[rule]
    return float(np.quantile(costs, share))


def test_dense_weights_agree_with_the_expressions(rates: list[dict[str, object]]) -> None:
    """The shrunken benchmarks and the raw ones rest on the same rules."""
    low = [r for r in rates if r["measure"] == "low"]
    values = np.array([[r["numerator"] / r["denominator"] for r in low]])  # type: ignore[operator]
    areas = [str(r["area"]) for r in low]
    rng = np.random.default_rng(1)
    peers = np.array([rng.choice([j for j in range(15) if j != i], 10, False) for i in range(15)])
    for row in low:
        row["rate"] = row["numerator"] / row["denominator"]  # type: ignore[operator]
    pairs = pl.DataFrame(
        [{"area": areas[i], "peer": areas[j]} for i in range(15) for j in peers[i]]
    )
    for rule in ("best5of10", "median", "quartile"):
        dense = benchmark(comparator_weights(values, np.ones((1, 15)), peers, rule), values)[0]
        rows = to_rows(
            q.peer_benchmark(ibis.memtable(pl.DataFrame(low)), ibis.memtable(pairs), rule)
        )
        level = {r["area"]: r["benchmark"] for r in rows}
        assert [level[a] for a in areas] == pytest.approx(dense.tolist())


def test_price_per_unit_is_clipped_at_practice_then_summed() -> None:
    """Two practices of one area: one pays too much, one too little; only the first counts."""
    rng = random.Random(2)
    lines = [
        {
            "practice": f"P{k:02d}",
            "area": f"A{k % 3}",
            "presentation": drug,
            "quantity": float(rng.randint(0, 40)),
            "cost": 0.0,
        }
        for k in range(20)
        for drug in ("amlodipine", "ramipril")
    ]
    for line in lines:
        line["cost"] = line["quantity"] * rng.uniform(0.5, 2.0)  # type: ignore[operator]
    found = {
        (r["area"], r["presentation"]): r
        for r in to_rows(q.price_per_unit(ibis.memtable(pl.DataFrame(lines))))
    }
    for drug in ("amlodipine", "ramipril"):
        bought = [x for x in lines if x["presentation"] == drug and x["quantity"]]
        prices = [x["cost"] / x["quantity"] for x in bought]  # type: ignore[operator]
        best = float(np.quantile(prices, 0.1))
        for area in ("A0", "A1", "A2"):
            mine = [x for x in bought if x["area"] == area]
            saving = sum(max(0.0, x["cost"] - x["quantity"] * best) for x in mine)  # type: ignore[operator]
            netted = sum(x["cost"] - x["quantity"] * best for x in mine)  # type: ignore[operator]
            assert found[area, drug]["saving"] == pytest.approx(saving)
            assert saving >= netted


def test_published_price_list_of_one_area() -> None:
    """497,008.30 pounds in September 2016: the published rows of one area, summed."""
    path = catalogue().path("ppu_savings_ccg_99P_full_2016_09")
    assert path is not None
    row = to_rows(q.price_per_unit_lines(open_table(path, ("pct",)), area="pct"))[0]
    assert row["presentations"] == 3281
    assert row["saving"] == pytest.approx(497_008.30, abs=0.005)
    assert 0 < row["doubtful"] < row["saving"]  # type: ignore[operator]


def test_cost_per_weighted_activity_unit_by_hand() -> None:
    """10 x 700 + 5 x 1,400 = 14,000 pounds of activity at national cost: 4 units of 3,500."""
    activity = ibis.memtable(
        pl.DataFrame(
            [
                {
                    "provider": "RXX",
                    "month": datetime.date(2024, 4, 1),
                    "department_code": "DC",
                    "currency_code": "A",
                    "activity": 10.0,
                    "cost": 8000.0,
                },
                {
                    "provider": "RXX",
                    "month": datetime.date(2024, 4, 1),
                    "department_code": "EL",
                    "currency_code": "B",
                    "activity": 5.0,
                    "cost": 8000.0,
                },
                {
                    "provider": "RXX",
                    "month": datetime.date(2024, 4, 1),
                    "department_code": "EL",
                    "currency_code": "UNPRICED",
                    "activity": 5.0,
                    "cost": 9999.0,
                },
            ]
        )
    )
    national = ibis.memtable(
        pl.DataFrame(
            [
                {"department_code": "DC", "currency_code": "A", "unit_cost": 700.0},
                {"department_code": "EL", "currency_code": "B", "unit_cost": 1400.0},
                {"department_code": "EL", "currency_code": "UNPRICED", "unit_cost": None},
            ]
        )
    )
    row = to_rows(q.weighted_activity(activity, national, 3500.0))[0]
    assert (row["numerator"], row["denominator"]) == (16_000.0, 4.0)


def test_the_same_expressions_can_be_sent_to_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every expression compiles for Spark too: nothing in them names an engine."""
    from types import SimpleNamespace

    from ibis.backends.sql.compilers import PySparkCompiler, pyspark

    # what loading the Spark backend itself would set
    settings = SimpleNamespace(pyspark=SimpleNamespace(treat_nan_as_null=False))
    monkeypatch.setattr(pyspark, "options", settings)

    compiler = PySparkCompiler()
    records = ibis.table(
        {
            "measure": "string",
            "area": "string",
            "month": "date",
            "numerator": "float64",
            "denominator": "float64",
        },
        name="records",
    )
    peers = ibis.table({"area": "string", "peer": "string"}, name="peers")
    inside = q.within(records, ["a"], datetime.date(2025, 1, 1), datetime.date(2025, 12, 1))
    rates = q.period_rates(inside).mutate(sign=ibis.literal(1.0))
    levels = [q.peer_benchmark(rates, peers, rule) for rule in ("best5of10", "median", "quartile")]
    levels += [q.country_benchmark(rates, rule) for rule in ("decile", "national")]
    levels.append(q.country_benchmark(rates, "high_performers", ["A1", "A2"]))
    expressions = [q.raw_opportunity(rates, level) for level in levels]
    inputs = ibis.table({"area": "string", "v": "float64", "w": "float64"}, name="inputs")
    weights = ibis.table({"variable": "string", "weight": "float64"}, name="weights")
    scores = q.standard_scores(inputs, weights, area="area", variables=["v", "w"])
    expressions.append(q.nearest_peers(q.distances_by_variable(scores)))
    lines = ibis.table(
        {
            "practice": "string",
            "area": "string",
            "presentation": "string",
            "quantity": "float64",
            "cost": "float64",
        },
        name="lines",
    )
    expressions.append(q.price_per_unit(lines))
    for expression in expressions:
        assert "SELECT" in compiler.to_sqlglot(expression).sql(dialect="spark")
