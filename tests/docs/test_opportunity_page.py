"""The worked example of the manual says what the program says: every number is recomputed."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "opportunities.md"
METHODS = ROOT / "docs" / "reference" / "benchmark-methods.md"
LASTS, CLOSES = "wider than noise, and it lasts", "wider than noise, but closing by itself"


@pytest.fixture(scope="module")
def result() -> Result:
    return verbs.opportunities(areas=["QE1"], period="2025", measures=["pounds"])


def pounds(pence: int | None) -> str:
    return "" if pence is None else f"{round(pence / 100):,}"


def areas_table(result: Result) -> str:
    """Totals by area: as published, net with interval, gaps that survive."""
    lines = [
        "| area | as published £ | net £ | 80% interval £ | tested | survive |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in result.tables["totals"]:
        label = (
            "**all eight**"
            if row["organisation"] == "QE1"
            else f"{row['name']} {row['organisation']}"
        )
        lines.append(
            f"| {label} | {pounds(row['raw'])} | {pounds(row['netted'])} | "
            f"{pounds(row['low'])} to {pounds(row['high'])} | {row['measures_shown']} | "
            f"{row['surviving']} |"
        )
    return "\n".join(lines)


def measures_table(result: Result) -> str:
    """Leaf measures, dearest first: as published, net, and which areas survive."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])  # raw, net, how many are shown
    lasting: dict[str, list[str]] = defaultdict(list)
    closing: dict[str, list[str]] = defaultdict(list)
    for row in result.tables["opportunities"]:
        if row["leaf"] != "yes":
            continue
        sums[row["measure"]][0] += row["raw"] or 0
        sums[row["measure"]][1] += row["net"] or 0
        sums[row["measure"]][2] += row["net"] is not None
        if row["verdict"] == LASTS:
            lasting[row["measure"]].append(row["area"])
        if row["verdict"] == CLOSES:
            closing[row["measure"]].append(row["area"])
    lines = [
        "| measure | as published £ | net £ | survive and last | survive, closing by themselves |",
        "|---|---:|---:|---|---|",
    ]
    for code, (raw, net, shown) in sorted(sums.items(), key=lambda item: (-item[1][1], item[0])):
        told = pounds(net) if shown else "too small"
        lines.append(
            f"| `{code}` | {pounds(raw)} | {told} | {', '.join(lasting[code])} | "
            f"{', '.join(closing[code])} |"
        )
    return "\n".join(lines)


def fifths_table(result: Result) -> str:
    lines = [
        "| fifth of people | £ a head as published | £ a head net | of the eight areas |",
        "|---|---:|---:|---|",
    ]
    for row in result.tables["fifths"]:
        label = f"{row['fifth']}" + (f", {row['meaning']}" if row["meaning"] else "")
        lines.append(
            f"| {label} | {row['raw_pence_a_head'] / 100:.2f} | "
            f"{row['netted_pence_a_head'] / 100:.2f} | {row['asked']} |"
        )
    return "\n".join(lines)


def rules_table() -> str:
    """The same areas and measures against other benchmarks."""
    lines = [
        "| benchmark | as published £ | net £ | of 157 tests survive |",
        "|---|---:|---:|---:|",
    ]
    for rule in ("best5of10", "median", "quartile", "decile", "national"):
        found = verbs.opportunities(
            areas=["QE1"], period="2025", measures=["pounds"], benchmark=rule
        )
        row = next(r for r in found.tables["totals"] if r["organisation"] == "QE1")
        lines.append(
            f"| `{rule}` | {pounds(row['raw'])} | {pounds(row['netted'])} | {row['surviving']} |"
        )
    return "\n".join(lines)


@pytest.mark.parametrize("table", [areas_table, measures_table, fifths_table])
def test_tables_of_the_worked_example(result: Result, table: object) -> None:
    assert table(result) in PAGE.read_text(encoding="utf-8")  # type: ignore[operator]


def test_the_same_gap_against_other_benchmarks() -> None:
    assert rules_table() in PAGE.read_text(encoding="utf-8")


def test_numbers_in_the_text_of_the_worked_example(result: Result) -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    tested = result.tables["tested"][0]
    whole = next(r for r in result.tables["totals"] if r["organisation"] == "QE1")
    rows = [r for r in result.tables["opportunities"] if r["leaf"] == "yes"]
    verdicts = [r["verdict"] for r in rows]
    hidden = sum(r["raw"] or 0 for r in rows if r["net"] is None)
    assert (
        f"{tested['measures']} leaf measures in eight areas are {len(rows)} gaps; "
        f"{whole['not_shown']} rest on numbers too small to compare (together £{pounds(hidden)} as "
        f"published) and {tested['tests']} are tested"
    ) in text
    assert (
        f"{tested['surviving']} survive: {verdicts.count(LASTS)} last, "
        f"{verdicts.count(CLOSES)} are closing by themselves"
    ) in text
    vitamin = [r for r in rows if r["measure"] == "vitamind"]
    raw, net = (sum(r[key] or 0 for r in vitamin) for key in ("raw", "net"))
    assert f"of the £{pounds(raw)} published for `vitamind` £{pounds(net)} is left" in text
    assert f"£{pounds(whole['naive'])}" in text  # what adding the omnibus measure would say


def test_methods_page_names_every_rule_and_guard() -> None:
    from controltotal.savings.opportunity.benchmark_rules import RULES

    text = METHODS.read_text(encoding="utf-8")
    assert [rule for rule in RULES if f"`{rule}`" not in text] == []
    for word in ("Winsor", "phantom", "Benjamini", "autocorrelation", "Fréchet", "theoretical"):
        assert word in text, word


def measured_twice() -> dict[str, float]:
    """How often a gap measured twice stays within its joint 80% interval, on the packaged data."""
    import numpy as np

    from controltotal.savings.opportunity.catalogue import catalogue
    from controltotal.savings.opportunity.expected import Setting, gaps
    from controltotal.savings.opportunity.noise import period_noise
    from controltotal.savings.opportunity.panel import read_panel
    from controltotal.savings.opportunity.peers import area_facts, find_peers, need_matrix
    from controltotal.savings.opportunity.periods import read_period

    found = catalogue()
    names = [m.code for m in found.measures.values() if m.dataset == "prescribing" and m.is_money]
    measures = [found.measures[code] for code in found.leaves(names)]
    panel, _ = read_panel(found, found.datasets["prescribing"], measures, read_period("2025"))
    assert panel is not None
    setting = Setting(
        find_peers(found, panel, ()).index,
        need=need_matrix(panel, area_facts(found), ("IMDscore", "pop_65_84")),
    )
    large = panel.numerator[:, :, 12:].sum(axis=2) > 1000

    def gap(months: list[int]):  # type: ignore[no-untyped-def]
        num, den = panel.numerator[:, :, months], panel.denominator[:, :, months]
        size = den.sum(axis=2)
        return gaps(num.sum(axis=2) / size, period_noise(num, den).variance, size, setting)

    this_year = list(range(12, 24))
    pairs = {
        "odd and even months of 2025": (this_year[::2], this_year[1::2]),
        "first and second half of 2025": (this_year[:6], this_year[6:]),
        "2024 and 2025": (list(range(12)), this_year),
    }
    shares = {}
    for label, (first, second) in pairs.items():
        one, two = gap(first), gap(second)
        z = ((one.gap - two.gap) / np.sqrt(one.sigma**2 + two.sigma**2))[large]
        z = z[np.isfinite(z)]
        shares[label] = float((np.abs(z) < 1.2815515655446004).mean())
        shares["kept"] = float((np.sign(one.gap) == np.sign(two.gap))[large].mean())
    shares["gaps"] = float(large.sum())
    return shares


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_how_well_the_interval_does_on_real_data() -> None:
    shares = measured_twice()
    text = " ".join(METHODS.read_text(encoding="utf-8").split())
    for label in ("odd and even months of 2025", "first and second half of 2025", "2024 and 2025"):
        assert f"| {label} | {shares[label]:.0%} |" in text
    assert f"2025 {shares['kept']:.0%} of gaps kept their direction" in text
    assert f"{shares['gaps']:,.0f} gaps of 106 areas" in text
