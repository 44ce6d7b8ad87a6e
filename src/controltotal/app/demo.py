"""The main job on the example books: read, say where each stands and what was found, write packs."""

from __future__ import annotations

import time
from importlib.resources import files
from pathlib import Path

from controltotal.core.errors import BookError

ORDER = (
    "nene-2013", "morecambe-bay-2017", "birmingham-solihull-2019", "east-of-england-2019",
    "lancashire-south-cumbria-2021", "real-system-2018", "fictional-system",
)  # fmt: skip


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
    from rich.table import Table

    from controltotal import verbs
    from controltotal.core.calendar import year_label
    from controltotal.core.show import figure_value
    from controltotal.publish.pack import pack_html
    from controltotal.publish.sections import focus_of
    from controltotal.publish.workbook import pack_workbook

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
        table = Table("body", "year", "basis", "surplus", "control total", "gap", "to find", box=None)
        for row in gap_rows(results["position"].figures):
            code, year, basis = row[0].split("/", 2)
            cells = [figure_value(f) if f else "-" for f in row[1]]
            table.add_row(focus.name(code)[:52], year_label(year), basis, *cells)
        console.print(table)
        codes: dict[str, int] = {}
        for finding in results["check"].findings:
            codes[finding.code] = codes.get(finding.code, 0) + 1
        said = ", ".join(f"{code} {count}" for code, count in sorted(codes.items())) or "none"
        console.print(f"  findings: {said}", markup=False)
        page = target / f"{path.name}.html"
        page.write_text(pack_html(results), encoding="utf-8")
        pack_workbook(results, str(target / f"{path.name}.xlsx"))
        written.append(page)
        console.print(f"  pack written in {time.perf_counter() - began:.1f} s\n")
    console.print(f"Open {written[-1]} in a browser; {len(written)} packs are in {target}/,")
    console.print("each as a page (.html) and as a workbook (.xlsx).")
    console.print(f"Then ask: controltotal explain {folder / ORDER[4]} gap/QE1/2020-21/plan")
    return 0


def gap_rows(figures: object) -> list[tuple[str, list[object]]]:
    """Body/year/basis with surplus, control total, gap and to-find, where any gap can be told."""
    found: dict[str, dict[str, object]] = {}
    for figure in figures:  # type: ignore[attr-defined]
        if figure.part and figure.part == "proposed":
            continue
        key = "/".join(p for p in (figure.organisation, figure.year, figure.basis, figure.part) if p)
        found.setdefault(key, {})[figure.measure] = figure
    wanted = ("surplus", "control_total", "gap", "to_find")
    rows = []
    for key, by in found.items():
        gap = by.get("gap")
        if gap is not None and gap.status != "indeterminate":  # type: ignore[attr-defined]
            rows.append((key, [by.get(name) for name in wanted]))
        elif by.get("surplus") is not None and by["surplus"].value is not None:  # type: ignore[attr-defined]
            rows.append((key, [by.get(name) for name in wanted]))
    return rows[:24]
