"""Results on a terminal: plain words, then the figures, then tables, then findings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from controltotal.app.failures import refusal

if TYPE_CHECKING:
    from controltotal.core.result import Figure, Finding, Result


def deliver(
    verb: str, run: Callable[[], Result], as_json: bool, output: str | None,
    shown: Callable[[Result], str] | None = None,
) -> int:  # fmt: skip
    """Run a verb and show what it answers (`shown`: its own text); the exit code says how."""
    try:
        result = run()
    except Exception as error:
        known = refusal(error)
        if known is None or not as_json:
            raise
        write(refused_document(verb, *known), output)
        return 2
    text = result.to_json() if as_json else (shown or terminal_text)(result)
    write(text, output)
    return 1 if result.has_errors else 0


def refused_document(verb: str, what: str, where: str, action: str) -> str:
    """The JSON document of a question that could not be answered."""
    from controltotal import __version__

    finding = {
        "code": "REFUSED", "severity": "error", "organisation": "", "where": where,
        "message": what, "expected": "", "found": "", "action": action,
    }  # fmt: skip
    document = {
        "controltotal": __version__, "verb": verb, "book": {"name": "", "entry": 0, "root": ""},
        "options": {}, "figures": [], "findings": [finding], "tables": {}, "trace": {},
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write(text: str, output: str | None) -> None:
    """To a file, or to the screen."""
    if output:
        Path(output).write_text(text, encoding="utf-8")
        return
    sys.stdout.write(text)
    sys.stdout.flush()


def terminal_text(result: Result) -> str:
    """The result as text, in colour only where a terminal wants it."""
    from io import StringIO

    from rich.console import Console

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    buffer = StringIO()
    width = None if sys.stdout.isatty() else 140
    console = Console(
        file=buffer, force_terminal=colour, no_color=not colour, width=width, highlight=False
    )
    for text in result.words:
        console.print(text, markup=False)
    if result.words:
        console.print()
    _figures(console, result)
    for name, rows in result.tables.items():
        _table(console, name, rows)
    _findings(console, result.findings)
    return buffer.getvalue()


def explained(result: Result) -> str:
    """An explanation as a tree."""
    from controltotal.core.explain import Step, tree_text

    steps = [
        Step(row["depth"], row["kind"], row["id"], row["text"], row["where"])
        for row in result.tables["tree"]
    ]
    return tree_text(steps) + "\n"


def _figures(console: Any, result: Result) -> None:
    """One table for each body and year; figures that cannot be told come last, in one line."""
    from rich.table import Table

    from controltotal.core.calendar import year_label
    from controltotal.core.measures import measure
    from controltotal.core.show import figure_value

    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in result.figures:
        groups.setdefault((figure.organisation, figure.year), []).append(figure)
    for (organisation, year), figures in groups.items():
        told = [f for f in figures if f.status != "indeterminate"]
        if not told:
            continue
        shown = year_label(year) if year[:4].isdigit() and "-" in year else year
        table = Table(
            title=f"{organisation}  {shown}", title_justify="left", box=None, pad_edge=False
        )
        table.add_column("figure")
        table.add_column("basis")
        table.add_column("value", justify="right")
        table.add_column("id", style="dim", overflow="fold")
        for figure in told:
            basis = " ".join(p for p in (figure.basis, figure.part.replace("/", " ")) if p)
            table.add_row(measure(figure.measure).name, basis, figure_value(figure), figure.id)
        console.print(table)
        lost = sorted(
            {measure(f.measure).name for f in figures} - {measure(f.measure).name for f in told}
        )
        if lost:
            console.print(f"cannot be told: {', '.join(lost)}", markup=False, style="dim")
        console.print()


def _table(console: Any, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    from rich.table import Table

    if not rows:
        return
    table = Table(title=name.replace("_", " "), title_justify="left", box=None, pad_edge=False)
    for column in rows[0]:
        right = column.endswith("pence")
        table.add_column(column.removesuffix("_pence").replace("_", " "), overflow="fold",
                         justify="right" if right else "left")  # fmt: skip
    for row in rows:
        table.add_row(*(cell_text(column, row.get(column)) for column in rows[0]))
    console.print(table)
    console.print()


def cell_text(column: str, value: Any) -> str:
    """A cell of a table for people: money in millions, yes and no in words."""
    from controltotal.core.show import value_text

    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.endswith("pence") and isinstance(value, int):
        return value_text(value, "pence")
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def _findings(console: Any, findings: Sequence[Finding]) -> None:
    if not findings:
        console.print("No findings.")
        return
    console.print(f"{len(findings)} finding{'s' if len(findings) > 1 else ''}")
    for finding in findings:
        mark = {"error": "ERROR", "warning": "Warning", "information": "Note"}[finding.severity]
        place = finding.where + (f" ({finding.detail})" if finding.detail else "")
        console.print(f"  {mark} {finding.code}: {place}", markup=False)
        console.print(f"    {finding.message}", markup=False)
        if finding.action:
            console.print(f"    What to do: {finding.action}", markup=False)
