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
    lines = ["| area | as published £ | net £ | 80% interval £ | tested | survive |",
             "|---|---:|---:|---:|---:|---:|"]  # fmt: skip
    for row in result.tables["totals"]:
        label = "**all eight**" if row["organisation"] == "QE1" else f"{row['name']} {row['organisation']}"
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
    lines = ["| measure | as published £ | net £ | survive and last | survive, closing by themselves |",
             "|---|---:|---:|---|---|"]  # fmt: skip
    for code, (raw, net, shown) in sorted(sums.items(), key=lambda item: (-item[1][1], item[0])):
        told = pounds(net) if shown else "too small"
        lines.append(
            f"| `{code}` | {pounds(raw)} | {told} | {', '.join(lasting[code])} | "
            f"{', '.join(closing[code])} |"
        )
    return "\n".join(lines)


def fifths_table(result: Result) -> str:
    lines = ["| fifth of people | £ a head as published | £ a head net | of the eight areas |",
             "|---|---:|---:|---|"]  # fmt: skip
    for row in result.tables["fifths"]:
        label = f"{row['fifth']}" + (f", {row['meaning']}" if row["meaning"] else "")
        lines.append(
            f"| {label} | {row['raw_pence_a_head'] / 100:.2f} | "
            f"{row['netted_pence_a_head'] / 100:.2f} | {row['asked']} |"
        )
    return "\n".join(lines)


def rules_table() -> str:
    """The same areas and measures against other benchmarks."""
    lines = ["| benchmark | as published £ | net £ | of 157 tests survive |", "|---|---:|---:|---:|"]
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
    assert f"£{pounds(whole['naive'])}" in text  # what adding the omnibus measure would say


def test_methods_page_names_every_rule_and_guard() -> None:
    from controltotal.savings.opportunity.benchmark_rules import RULES

    text = METHODS.read_text(encoding="utf-8")
    assert [rule for rule in RULES if f"`{rule}`" not in text] == []
    for word in ("Winsor", "phantom", "Benjamini", "autocorrelation", "Fréchet", "theoretical"):
        assert word in text, word
