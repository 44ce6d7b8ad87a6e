"""The main job on the example books: print where each stands and what was found, as packs are written."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from controltotal import verbs
from controltotal.app.screen import say
from controltotal.app.show import answer_text
from controltotal.core.legible import one_line
from controltotal.papers.look import Look

if TYPE_CHECKING:
    from controltotal.core.result import Result


def run_demo(output: str, overwrite: bool = False) -> int:
    """Print where every example book stands and write its packs; returns the exit code."""
    from rich.console import Console

    console = Console(highlight=False)
    examples = import_module("controltotal.verbs.examples")
    began = time.perf_counter()
    shown: list[str] = []

    def tell(name: str, results: Mapping[str, Result]) -> None:
        shown.append(name)
        console.print(f"{len(shown)}: {one_line(name)}", style="bold", markup=False)
        stands = replace(results["position"], findings=results["check"].findings)
        say(answer_text(stands, Look()))
        console.print(f"answered after {time.perf_counter() - began:.1f} s\n")

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
        f"  {program()} explain {book} gap/QE1/2020-21/plan", markup=False, soft_wrap=True
    )
    console.print("Or open a whole system in the browser; it prints an account for every office:")
    console.print(
        f"  {program()} serve {book.with_name('fictional-system')} --demo",
        markup=False,
        soft_wrap=True,
    )
    return 0


def program() -> str:
    """How this program is called from here: by its name where that is found, else by its place."""
    if shutil.which("controltotal"):
        return "controltotal"
    own = Path(sys.executable)
    place = own.with_name("controltotal")
    found, more = (place, "") if place.exists() else (own, " -m controltotal.app.cli")
    here = found.relative_to(Path.cwd()) if found.is_relative_to(Path.cwd()) else found
    return one_line(f"{here}{more}")
