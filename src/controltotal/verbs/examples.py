"""The main job on the example books: read them, say where each stands, write their papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

from controltotal.core.errors import BookError
from controltotal.core.files import check_target, write_file
from controltotal.core.progress import Progress, parts
from controltotal.core.result import Result
from controltotal.papers.board import board_paper
from controltotal.papers.page import page_html
from controltotal.papers.workbook import paper_workbook
from controltotal.verbs.long import long
from controltotal.verbs.opening import read
from controltotal.verbs.packs import pack_results

ORDER = (
    "nene-2013",
    "morecambe-bay-2017",
    "birmingham-solihull-2019",
    "east-of-england-2019",
    "lancashire-south-cumbria-2021",
    "kent-medway-2025",
    "real-system-2018",
    "mergers-2026",
    "fictional-system",
)

FORMS = (".html", "-full.html", ".xlsx")
"""Endings of what is written of each book: the board paper, the same with its appendices, a workbook."""

Tell = Callable[[str, Mapping[str, Result]], None]
"""Called with the name of an example and all that was answered of it, before its pack is written."""


def examples_folder() -> Path:
    """Where the example books are: beside the program's source, or inside the package."""
    package = Path(str(files("controltotal")))
    for folder in (package.parent.parent / "examples", package / "examples"):
        if folder.is_dir():
            return folder
    raise BookError(
        "the example books are not here", str(package), "run this from the project's folder"
    )


@long
def demo(
    output: str | Path = "out",
    tell: Tell | None = None,
    overwrite: bool = False,
    *,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write the papers of every example book into a folder: the board paper, the same with its
    appendices, and a workbook.

    `output` is the folder, made where it is not there. `tell(name, results)` is called with each
    book's answers by verb. Papers that are there are replaced only with `overwrite`. Gives the
    board papers written, in the order of the examples.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    """
    target = Path(output)
    folder = examples_folder()
    names = [name for name in ORDER if (folder / name).is_dir()]
    for name in names:  # refused before the first is written
        for form in FORMS:
            check_target(target / f"{name}{form}", overwrite=overwrite)
    made: dict[Path, bytes] = {}
    for name in parts(names, str):
        results = pack_results(read(folder / name))
        if tell is not None:
            tell(name, results)
        short, whole = board_paper(results), page_html(board_paper(results, full=True))
        every = (page_html(short).encode(), whole.encode(), paper_workbook(short).data)
        made |= {target / f"{name}{form}": data for form, data in zip(FORMS, every, strict=True)}
    for path, data in made.items():  # all or, where it was cancelled, none
        write_file(path, data, overwrite=overwrite)
    return tuple(target / f"{name}{FORMS[0]}" for name in names)
