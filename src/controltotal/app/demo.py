"""The main job on the example books: print where each stands and what was found, as packs are written."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from controltotal import verbs
from controltotal.core.calendar import year_label
from controltotal.core.legible import one_line
from controltotal.core.show import figure_value

if TYPE_CHECKING:
    from controltotal.core.figure import Figure
    from controltotal.core.result import Result

HEADINGS = ("body", "year", "basis", "position", "control total", "gap", "to find")


def run_demo(output: str, overwrite: bool = False) -> int:
    """Print the table of every example book and write its packs; returns the exit code."""
    from rich.console import Console

    console = Console(highlight=False)
    examples = import_module("controltotal.verbs.examples")
    began = time.perf_counter()
    shown: list[str] = []

    def tell(name: str, results: Mapping[str, Result]) -> None:
        shown.append(name)
        console.print(f"{len(shown)}: {one_line(name)}", style="bold", markup=False)
        for line in lines_of(results, results["register"].scope.lead):
            console.print(f"  {one_line(line)}", markup=False, soft_wrap=True)
        console.print(f"  answered after {time.perf_counter() - began:.1f} s\n")

    written = verbs.demo(output, tell, overwrite)
    book = examples.examples_folder() / "lancashire-south-cumbria-2021"
    book = book.relative_to(Path.cwd()) if book.is_relative_to(Path.cwd()) else book
    console.print(
        f"Open {one_line(str(written[-1]))} in a browser; "
        f"{len(written)} papers are in {one_line(output)}/,",
        markup=False,
    )
    console.print("each as a page (.html), whole (-full.html) and as a workbook (.xlsx). Then ask:")
    console.print(
        f"  controltotal explain {book} gap/QE1/2020-21/plan", markup=False, soft_wrap=True
    )
    return 0


def lines_of(results: Mapping[str, Result], focus: str) -> list[str]:
    """Where a book stands: its first sentences, its gaps, and its findings by kind."""
    lines = list(results["position"].words[:4])
    rows = []
    for key, figures in gap_rows(results["position"].figures, focus):
        code, year, basis = key.split("/", 2)
        cells = [figure_value(f) if f else "" for f in figures]
        rows.append([code, year_label(year), basis.replace("/", " "), *cells])
    if rows:
        aligned = import_module("controltotal.papers.terminal").aligned
        lines += [f"  {line}" for line in aligned(HEADINGS, rows, [False] * 3 + [True] * 4)]
    if not lines:
        lines.append("No position is stated in this book; its pack shows what it holds instead.")
    codes: dict[str, int] = {}
    for finding in results["check"].findings:
        codes[finding.code] = codes.get(finding.code, 0) + 1
    told = ", ".join(f"{code} {count}" for code, count in sorted(codes.items())) or "none"
    return [*lines, f"findings: {told}"]


def gap_rows(figures: Sequence[Figure], focus: str) -> list[tuple[str, list[Figure | None]]]:
    """Body/year/basis with its position as measured, control total, gap and to-find, where told.

    In a book of many bodies only the one it is about is shown; the pack has the others.
    """
    found: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        parts = (figure.organisation, figure.year, figure.basis, figure.part)
        if figure.part.split("/")[-1] != "proposed":
            found.setdefault("/".join(p for p in parts if p), {})[figure.measure] = figure
    rows = []
    for key, by in found.items():
        shown = [by.get(name) for name in ("measured", "control_total", "gap", "to_find")]
        told = any(
            f and f.status != "indeterminate" and f.measure != "control_total" for f in shown
        )
        if told:
            rows.append((key, shown))
    if len(rows) > 16:
        rows = [row for row in rows if row[0].startswith(f"{focus}/")]
    return rows
