"""Real prescribing data of 2025: measures that contain each other, and eight areas worked through."""

from __future__ import annotations

import polars as pl
import pytest

import controltotal.verbs as verbs
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.savings.opportunity.catalogue import catalogue

AREAS = ("00Q", "00R", "00X", "01A", "01E", "01K", "02G", "02M")
PERIOD = "2025/benchmark"


@pytest.fixture(scope="module")
def ours() -> Result:
    return verbs.opportunities(areas=["QE1"], period="2025")


def test_23_measures_equal_the_omnibus() -> None:
    path = catalogue().path("ccg_prescribing_measures_monthly")
    assert path is not None
    year = pl.read_parquet(path).filter(pl.col("month").dt.year() == 2025)
    sums = dict(year.group_by("measure").agg(pl.col("numerator").sum()).iter_rows())
    children = catalogue().children["lpzomnibus"]
    assert len(children) == 23 and all(code.startswith("lp") for code in children)
    assert sum(sums[code] for code in children) == pytest.approx(59_288_260.60, abs=0.005)
    assert sums["lpzomnibus"] == pytest.approx(59_288_260.60, abs=0.005)


def test_asking_for_everything_never_adds_both(ours: Result) -> None:
    rows = [
        r for r in ours.tables["opportunities"] if r["unit"] == "pence" and r["raw"] is not None
    ]
    leaves = sum(r["raw"] for r in rows if r["measure"] != "lpzomnibus")
    omnibus = sum(r["raw"] for r in rows if r["measure"] == "lpzomnibus")
    assert omnibus > 0
    assert ours.value(f"opportunity_total/QE1/{PERIOD}/raw") == leaves
    assert ours.value(f"opportunity_total/QE1/{PERIOD}/naive") == leaves + omnibus
    assert {r["leaf"] for r in rows if r["measure"] == "lpzomnibus"} == {"no"}
    inputs = ours.trace[f"opportunity_total/QE1/{PERIOD}/netted"].inputs
    assert not any("lpzomnibus" in name for name in inputs)


def test_the_omnibus_alone_is_counted() -> None:
    alone = verbs.opportunities(areas=["QE1"], period="2025", measures=["lpzomnibus"])
    assert alone.value(f"opportunity_total/QE1/{PERIOD}/raw") == alone.value(
        f"opportunity_total/QE1/{PERIOD}/naive"
    )


def test_raw_gap_worked_in_plain_python(ours: Result) -> None:
    """East Lancashire, lidocaine: rate less the mean of the best five of its ten peers."""
    path = catalogue().path("ccg_prescribing_measures_monthly")
    assert path is not None
    year = pl.read_parquet(path).filter(
        (pl.col("month").dt.year() == 2025) & (pl.col("measure") == "lplidocaine")
    )
    sums = {
        c: (n, d)
        for c, n, d in year.group_by("code")
        .agg(pl.col("numerator").sum(), pl.col("denominator").sum())
        .iter_rows()
    }
    peers = [r["peer"] for r in ours.tables["peers"] if r["area"] == "01A"]
    assert len(peers) == 10
    best = sorted(sums[p][0] / sums[p][1] for p in peers)[:5]
    own, size = sums["01A"]
    raw = max(0.0, own / size - sum(best) / 5) * size * 100
    assert ours.value(f"opportunity/01A/{PERIOD}/lplidocaine/raw") == round(raw)


def test_totals_are_sums_of_what_is_shown(ours: Result) -> None:
    shown = [f for f in ours.figures if f.measure == "opportunity" and f.unit == "pence"]
    net = sum(
        f.value
        for f in shown
        if f.value is not None and not f.part.endswith("/raw") and "lpzomnibus" not in f.part
    )
    assert ours.value(f"opportunity_total/QE1/{PERIOD}/netted") == net
    parts = [ours.value(f"opportunity_total/{a}/{PERIOD}/netted") for a in AREAS]
    assert sum(p for p in parts if p is not None) == net


def test_every_expected_figure_lies_in_its_interval(ours: Result) -> None:
    for figure in ours.figures:
        if figure.value is not None and figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high, figure.id


def test_small_numbers_are_not_compared(ours: Result) -> None:
    row = next(
        r
        for r in ours.tables["opportunities"]
        if (r["area"], r["measure"]) == ("00Q", "lphomeopathy")
    )
    assert row["verdict"] == "not shown: numbers too small to compare" and row["net"] is None
    figure = ours.figure(f"opportunity/00Q/{PERIOD}/lphomeopathy")
    assert figure is not None and figure.status == "indeterminate"


def test_a_measure_without_a_better_way_is_no_opportunity(ours: Result) -> None:
    assert not any("cgm_sensors" in f.id for f in ours.figures)
    row = next(r for r in ours.tables["opportunities"] if r["measure"] == "cgm_sensors")
    assert row["verdict"] == "not shown: neither lower nor higher is better"


def test_peers_say_why(ours: Result) -> None:
    rows = [r for r in ours.tables["peers"] if r["area"] == "00Q"]
    assert [r["place"] for r in rows] == list(range(1, 11))
    assert all(r["most alike on"] and r["least alike on"] and r["peer_name"] for r in rows)


def test_fifths_hold_a_fifth_of_the_people_each(ours: Result) -> None:
    rows = ours.tables["fifths"]
    people = [r["people"] for r in rows]
    assert [r["fifth"] for r in rows] == [1, 2, 3, 4, 5]
    assert all(0.17 < p / sum(people) < 0.23 for p in people)
    assert "00R" in rows[0]["asked"]  # Blackpool is in the most deprived fifth


def test_a_total_is_not_the_sum_of_its_parts_errors(ours: Result) -> None:
    """Areas of one system are each other's peers: their gaps move together."""
    whole = ours.figure(f"opportunity_total/QE1/{PERIOD}/netted")
    assert whole is not None and whole.low is not None and whole.high is not None
    halves = []
    for area in AREAS:
        part = ours.figure(f"opportunity_total/{area}/{PERIOD}/netted")
        assert part is not None and part.low is not None and part.high is not None
        halves.append((part.high - part.low) / 2)
    width = (whole.high - whole.low) / 2
    assert width < sum(halves)
    assert width > 0.5 * sum(h**2 for h in halves) ** 0.5


def test_benchmarks_rank_as_they_should() -> None:
    raw = {
        rule: verbs.opportunities(
            areas=["QE1"], period="2025", measures=["lplidocaine", "cmpaperpt"], benchmark=rule
        ).value(f"opportunity_total/QE1/{PERIOD}/raw")
        for rule in ("best5of10", "median", "quartile", "decile")
    }
    assert raw["median"] < raw["quartile"] < raw["decile"]  # type: ignore[operator]
    assert raw["median"] < raw["best5of10"]  # type: ignore[operator]


def test_estates_return_of_20_748_pounds_is_caught() -> None:
    result = verbs.opportunities(areas=["RBV"], period="2014/15", measures=["eric_cleaning"])
    fault = next(f for f in result.findings if f.code == "BAD_RETURN" and f.organisation == "RBV")
    assert fault.found.startswith("£20,748")
    assert result.value("opportunity/RBV/2014-15/benchmark/eric_cleaning") is None
    row = result.tables["opportunities"][0]
    assert row["verdict"] == "not shown: the return cannot be believed"


def test_price_per_unit_of_one_area() -> None:
    result = verbs.opportunities(areas=["99P"], period="2016-09")
    assert result.value("opportunity/99P/2016-09/benchmark/price_per_unit/raw") == 49_700_830
    assert result.value("opportunity/99P/2016-09/benchmark/price_per_unit") is None


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"areas": ["XXX"]}, "no benchmark data"),
        ({"areas": ["00Q"], "measures": ["lpcopro"]}, "lpcoprox"),
        ({"areas": ["00Q"], "period": "25"}, "cannot be read"),
        ({"areas": ["00Q"], "benchmark": "best"}, "not known"),
        ({"areas": ["00Q"], "data": "no/such/folder"}, "no such folder"),
        ({}, "nothing to look at"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(asked: dict[str, object], says: str) -> None:
    with pytest.raises(BookError, match=says):
        verbs.opportunities(**asked)  # type: ignore[arg-type]


def test_equal_inputs_give_equal_bytes() -> None:
    one, two = (
        verbs.opportunities(areas=["00Q", "01A"], period="2025", measures=["pounds"]).to_json()
        for _ in range(2)
    )
    assert one == two


def test_sources_of_different_periods_never_add() -> None:
    """An area and a trust asked together: each year has its own total."""
    result = verbs.opportunities(areas=["00Q", "RW6"], measures=["toothpaste", "eric_energy"])
    periods = {
        row["period"] for row in result.tables["totals"] if row["organisation"] == "SELECTED"
    }
    assert periods == {"2025", "2016-17"}
    for period, name in (("2025", "00Q/2025"), ("2016-17", "RW6/2016-17")):
        assert result.value(f"opportunity_total/SELECTED/{period}/benchmark/raw") == result.value(
            f"opportunity_total/{name}/benchmark/raw"
        )
