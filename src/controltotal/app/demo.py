"""The main job on the example books: read, say where each stands and what was found, write packs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from controltotal.core.errors import BookError

if TYPE_CHECKING:
    from controltotal.core.figure import Figure

ORDER = (
    "nene-2013",
    "morecambe-bay-2017",
    "birmingham-solihull-2019",
    "east-of-england-2019",
    "lancashire-south-cumbria-2021",
    "real-system-2018",
    "mergers-2026",
    "fictional-system",
)


def examples_folder() -> Path:
    """Where the example books are: beside the program's source, or inside the package."""
    package = Path(str(files("controltotal")))
    for folder in (package.parent.parent / "examples", package / "examples"):
        if folder.is_dir():
            return folder
    raise BookError(
        "the example books are not here", str(package), "run this from the project's folder"
    )


def run_demo(output: str) -> int:
    """Print the table of every example book and write its packs; returns the exit code."""
    from rich.console import Console

    from controltotal import verbs
    from controltotal.app.show import aligned
    from controltotal.core.calendar import year_label
    from controltotal.core.show import figure_value
    from controltotal.papers.pack import board_pack
    from controltotal.papers.page import page_html
    from controltotal.papers.sections import focus_of
    from controltotal.papers.workbook import paper_workbook

    console = Console(highlight=False)
    target = Path(output)
    target.mkdir(parents=True, exist_ok=True)
    folder = examples_folder()
    books = [folder / name for name in ORDER if (folder / name).is_dir()]
    written: list[Path] = []
    for number, path in enumerate(books, start=1):
        began = time.perf_counter()
        console.print(f"[bold]{number} of {len(books)}: {path.name}[/bold]")
        results = verbs.pack_results(verbs.read(path))
        focus = focus_of(results)
        for text in results["position"].words[:4]:
            console.print(f"  {text}", markup=False)
        rows = []
        for key, figures in gap_rows(results["position"].figures, focus.organisation):
            code, year, basis = key.split("/", 2)
            cells = [figure_value(f) if f else "" for f in figures]
            rows.append([code, year_label(year), basis.replace("/", " "), *cells])
        headings = ["body", "year", "basis", "surplus", "control total", "gap", "to find"]
        for line in aligned(headings, rows, [False] * 3 + [True] * 4) if rows else ():
            console.print(f"    {line}", markup=False, soft_wrap=True)
        codes: dict[str, int] = {}
        for finding in results["check"].findings:
            codes[finding.code] = codes.get(finding.code, 0) + 1
        said = ", ".join(f"{code} {count}" for code, count in sorted(codes.items())) or "none"
        console.print(f"  findings: {said}", markup=False)
        page = target / f"{path.name}.html"
        pack = board_pack(results)
        page.write_text(page_html(pack), encoding="utf-8")
        (target / f"{path.name}.xlsx").write_bytes(paper_workbook(pack))
        written.append(page)
        console.print(f"  pack written in {time.perf_counter() - began:.1f} s\n")
    console.print(f"Open {written[-1]} in a browser; {len(written)} packs are in {target}/,")
    console.print("each as a page (.html) and as a workbook (.xlsx).")
    console.print(f"Then ask: controltotal explain {folder / ORDER[4]} gap/QE1/2020-21/plan")
    return 0


def gap_rows(figures: Sequence[Figure], focus: str) -> list[tuple[str, list[Figure | None]]]:
    """Body/year/basis with surplus, control total, gap and to-find, where any can be told.

    In a book of many bodies only the one it is about is shown; the pack has the others.
    """
    found: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        parts = (figure.organisation, figure.year, figure.basis, figure.part)
        if figure.part.split("/")[-1] != "proposed":
            found.setdefault("/".join(p for p in parts if p), {})[figure.measure] = figure
    rows = []
    for key, by in found.items():
        shown = [by.get(name) for name in ("surplus", "control_total", "gap", "to_find")]
        told = any(
            f and f.status != "indeterminate" and f.measure != "control_total" for f in shown
        )
        if told:
            rows.append((key, shown))
    if len(rows) > 16:
        rows = [row for row in rows if row[0].startswith(f"{focus}/")]
    return rows
