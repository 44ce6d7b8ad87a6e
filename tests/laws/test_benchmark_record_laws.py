"""Benchmark records with one thing wrong: told with area and month, and nobody's opportunity.

Thirty generated tables for each slip, and honest ones (small denominators, seasons, areas of very
different size, nothing over nobody) that must pass unhindered.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import controltotal.verbs as verbs
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.savings.opportunity.catalogue import Measure
from controltotal.savings.opportunity.records import usable

FAULTS = Path(__file__).parents[1] / "data" / "faults" / "reading" / "benchmark-data"
Row = dict[str, object]
SPEND = {"spend": Measure("spend", "mine", "Spend per patient", "pounds", "patient")}
PART = {"spend": Measure("spend", "mine", "Patients seen in time", "percent", "patient")}


def table(rng: random.Random, level: Callable[[int], int]) -> list[Row]:
    """Twelve areas and twelve months around half a pound for each of `level(area)` people."""
    rows: list[Row] = []
    for area in range(12):
        for month in range(1, 13):
            people = max(1, round(level(area) * rng.uniform(0.9, 1.1)))
            spent = float(round(people * 0.5 * rng.uniform(0.8, 1.2)))
            rows.append(
                {
                    "measure": "spend",
                    "area": f"A{area:02d}",
                    "month": date(2025, month, 1),
                    "numerator": spent,
                    "denominator": float(people),
                }
            )
    return rows


SLIPS: dict[str, tuple[str, Callable[[Row], None]]] = {
    "nobody": ("denominator of nil", lambda row: row.update(denominator=0.0, numerator=50.0)),
    "credit": ("numerator below nil", lambda row: row.update(numerator=-40_000.0)),
    "below": ("denominator below nil", lambda row: row.update(denominator=-5.0)),
    "absent": ("without a numerator", lambda row: row.update(numerator=None)),
    "no people": ("without a numerator", lambda row: row.update(denominator=None)),
    "thousands": (
        "times its usual size",
        lambda row: row.update(denominator=float(row["denominator"]) * 1000),  # type: ignore[arg-type]
    ),
    "in thousands": (
        "times its usual size",
        lambda row: row.update(denominator=float(row["denominator"]) / 1000),  # type: ignore[arg-type]
    ),
    "more": (
        "more than all there is",
        lambda row: row.update(numerator=float(row["denominator"]) * 1.04),  # type: ignore[arg-type]
    ),
}


def judged(
    rows: list[Row], measures: dict[str, Measure]
) -> tuple[set[tuple[str, date]], list[Finding]]:
    """The areas and months that are not used, and what is said."""
    kept, said = usable(pl.DataFrame(rows), measures, "mine.csv")
    gone = kept.filter(pl.col("numerator").is_null())
    assert kept.height == len(rows)
    return {(area, month) for area, month in gone.select("area", "month").iter_rows()}, said


@pytest.mark.parametrize("slip", SLIPS)
def test_thirty_slips_are_told_with_area_and_month_and_no_other_record(slip: str) -> None:
    words, spoil = SLIPS[slip]
    for seed in range(30):
        rng = random.Random(f"{slip} {seed}")
        rows = table(rng, lambda area: 1000 * (area + 1))
        row = rng.choice(rows)
        spoil(row)
        gone, said = judged(rows, PART if slip == "more" else SPEND)
        assert gone == {(row["area"], row["month"])}
        (finding,) = said
        assert finding.code == "BENCHMARK_RECORD" and finding.organisation == row["area"]
        assert words in finding.message and f"{row['area']} {row['month']:%Y-%m}" in finding.message
        assert finding.expected and finding.action


@pytest.mark.parametrize(
    "level",
    [
        lambda area: 3,  # small and real
        lambda area: 10 ** (area % 4 + 1),  # ten to ten thousand
        lambda area: 50_000 if area == 0 else 1_000,  # one area much the largest
    ],
)
def test_thirty_honest_tables_pass_unhindered(level: Callable[[int], int]) -> None:
    for seed in range(30):
        rng = random.Random(seed)
        rows = table(rng, level)
        for row in rng.sample(rows, 5):  # nobody, and nothing spent
            row.update(numerator=0.0, denominator=0.0)
        month = rng.randint(1, 12)
        for row in rows:  # a season
            if row["month"] == date(2025, month, 1):
                row["denominator"] = float(row["denominator"]) * 5  # type: ignore[arg-type]
                row["numerator"] = float(row["numerator"]) * 5  # type: ignore[arg-type]
        assert judged(rows, SPEND) == (set(), [])


def test_a_month_that_nobody_collected_is_nobodys_fault() -> None:
    rows = table(random.Random(1), lambda area: 1000)
    for row in rows:
        if row["month"] == date(2025, 3, 1):
            row["numerator"] = None
    gone, said = judged(rows, SPEND)
    assert len(gone) == 12 and said == []


def test_an_area_in_thousands_all_year_is_told() -> None:
    rows = table(random.Random(1), lambda area: 1000)
    for row in rows:
        if row["area"] == "A04":
            row["denominator"] = float(row["denominator"]) * 1000  # type: ignore[arg-type]
    gone, (finding,) = judged(rows, SPEND)
    assert {area for area, _ in gone} == {"A04"} and len(gone) == 12
    assert "A04 2025-01" in finding.message


def test_the_published_records_have_no_false_alarm() -> None:
    from controltotal.savings.opportunity.catalogue import catalogue
    from controltotal.savings.opportunity.panel import records

    found = catalogue()
    for code in ("prescribing", "eric"):
        dataset = found.datasets[code]
        measures = [m for m in found.measures.values() if m.dataset == code]
        path = found.source(dataset)
        assert path is not None
        rows = records(path, dataset, measures).to_polars()
        _, said = usable(rows, {m.code: m for m in measures}, path.name)
        assert said == []


def write(folder: Path, rows: list[Row]) -> Path:
    folder.mkdir()
    for name in ("datasets.csv", "measures.csv"):
        (folder / name).write_text((FAULTS / name).read_text("utf-8"), encoding="utf-8")
    named = pl.DataFrame(rows).rename({"numerator": "num", "denominator": "den"})
    named.write_csv(folder / "mine.csv")
    return folder


def test_slips_change_nobody_elses_opportunity(tmp_path: Path) -> None:
    """With a slip in one area, all others read as if that area had not reported."""
    rows = table(random.Random(7), lambda area: 20_000)
    spoiled = [dict(row) for row in rows]
    for number, slip in enumerate(("nobody", "credit", "thousands")):
        SLIPS[slip][1](spoiled[number * 12 + 4])
    without = [row for row in rows if row["area"] not in ("A00", "A01", "A02")]
    asked = {"period": "2025", "measures": "spend", "benchmark": "median"}
    found = verbs.opportunities(data=write(tmp_path / "a", spoiled), **asked)  # type: ignore[arg-type]
    other = verbs.opportunities(data=write(tmp_path / "b", without), **asked)  # type: ignore[arg-type]
    shown = {f.id: f.value for f in found.figures if f.measure == "opportunity"}
    for figure in other.figures:
        if figure.measure == "opportunity":
            assert shown[figure.id] == figure.value
    for area in ("A00", "A01", "A02"):
        assert shown[f"opportunity/{area}/2025/benchmark/spend/raw"] is None


def test_the_book_of_faults_shows_no_false_opportunity() -> None:
    found = verbs.opportunities(data=FAULTS, period="2025")
    told = " ".join(f.message for f in found.findings if f.code == "BENCHMARK_RECORD")
    for place in ("A03 2025-04", "A04 2025-04", "A05 2025-07", "A06 2025-08", "A08 2025-10"):
        assert place in told
    months = next(f.message for f in found.findings if f.code == "BENCHMARK_INCOMPLETE")
    assert "A02 2025-05, 2025-06" in months
    for area in ("A02", "A03", "A04", "A05", "A06", "A08"):
        assert found.value(f"opportunity/{area}/2025/benchmark/spend/raw") is None


def test_a_measure_without_a_unit_is_told_and_is_never_money(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", table(random.Random(1), lambda area: 1000))
    text = (folder / "measures.csv").read_text("utf-8").replace(",pounds,", ",,")
    (folder / "measures.csv").write_text(text, encoding="utf-8")
    found = verbs.opportunities(data=folder, period="2025")
    (told,) = [f for f in found.findings if f.code == "BENCHMARK_UNIT"]
    assert told.where == "measures.csv row 2" and "spend" in told.message
    assert not found.tables.get("totals")


def test_records_that_stand_twice_are_named(tmp_path: Path) -> None:
    rows = table(random.Random(1), lambda area: 1000)
    folder = write(tmp_path / "a", [*rows, rows[5], rows[30]])
    with pytest.raises(BookError, match="spend, A00, 2025-06-01; spend, A02, 2025-07-01"):
        verbs.opportunities(data=folder, period="2025")


def test_what_is_net_is_never_above_what_is_raw() -> None:
    """Shrinking may make more of a gap than the returns show; the raw gap is the most that is claimed."""
    names = "lpcoprox,lpdosulepin,glutenfree,lpherbal,lplidocaine,lpfentanylir"
    found = verbs.opportunities(areas="QE1", measures=names, period="2024")
    checked = 0
    for figure in found.figures:
        if figure.measure == "opportunity" and not figure.id.endswith("/raw"):
            raw = found.value(f"{figure.id}/raw")
            if figure.value is not None and raw is not None:
                assert figure.value <= raw
                checked += 1
    for row in found.tables["totals"]:
        if row["netted"] is not None:
            assert row["netted"] <= row["raw"]
    assert checked > 20


def test_a_board_of_2026_stands_for_the_places_that_it_took_over() -> None:
    from controltotal.savings.opportunity.catalogue import catalogue
    from controltotal.savings.opportunity.peers import area_facts

    facts = area_facts(catalogue())
    essex = facts.areas_of("D7T5G")
    assert {"07H", "06T"} < set(essex) and set(facts.areas_of("QH8")) < set(essex)
    for board, others in (("QM7", ("D7T5G", "S1Y5D")), ("QJG", ("D7T5G", "T6Y0W"))):
        went = [area for other in others for area in facts.areas_of(other)]
        assert set(facts.areas_of(board)) <= set(went), (
            "every place of a divided board went somewhere"
        )
    assert facts.areas_of("S0E4D") == ("S0E4D",), "Frimley is one place, which was divided"
