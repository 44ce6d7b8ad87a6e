"""`opportunities --output page.html` or `.xlsx`: the answer as a page or a workbook of its own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from controltotal.app.progress import telling
from controltotal.app.screen import say
from controltotal.app.show import Target
from controltotal.core.legible import one_line
from controltotal.core.result import Result


def write_pages(run: Callable[[], Result], target: Target, organisation: str | None) -> int:
    """Answer, write, say in words what was found; the exit code says whether there were errors."""
    pages = import_module("controltotal.papers.opportunity_page")  # charts are slow to load
    target.check()
    with telling("opportunities"):
        result = run()
    told: tuple[str, ...] = ()
    if target.path.lower().endswith(".html"):
        target.write(pages.opportunity_page(result, organisation).encode())
    else:
        made = pages.opportunity_workbook(result, organisation)
        target.write(made.data)
        told = made.told
    say("".join(f"{one_line(text)}\n" for text in (f"wrote {target.path}", *result.words, *told)))
    return 1 if result.has_errors else 0
