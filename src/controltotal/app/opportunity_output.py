"""`opportunities --output page.html` or `.xlsx`: the answer as a page or a workbook of its own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from controltotal.core.result import Result


def write_pages(run: Callable[[], Result], output: str, organisation: str | None) -> int:
    """Answer, write, say in words what was found; the exit code says whether there were errors."""
    pages = import_module("controltotal.papers.opportunity_page")  # charts are slow to load
    result = run()
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    if output.lower().endswith(".html"):
        Path(output).write_text(pages.opportunity_page(result, organisation), encoding="utf-8")
    else:
        pages.opportunity_workbook(result, output, organisation)
    print(f"wrote {output}")
    for text in result.words:
        print(text)
    return 1 if result.has_errors else 0
