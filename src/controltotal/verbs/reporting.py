"""Papers as files: which paper, for whom, in which form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from controltotal.core.errors import BookError
from controltotal.core.files import check_target, write_file
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.papers.board import board_paper
from controltotal.papers.page import page_html
from controltotal.papers.paper import Paper, Written
from controltotal.papers.pdf import paper_pdf
from controltotal.papers.workbook import paper_workbook
from controltotal.verbs.opening import Book, Moment, code_of, opened, years_read
from controltotal.verbs.packs import Tell, pack_results

FORMS: Final[Mapping[str, Callable[[Paper], Written]]] = {
    ".html": lambda paper: Written(page_html(paper).encode()),
    ".pdf": paper_pdf,
    ".xlsx": paper_workbook,
}
"""By the ending of a file: how a paper is written in that form."""


@years_read
def report(
    book: Book,
    output: str | Path,
    organisation: str | None = None,
    year: str | None = None,
    as_at: Moment = None,
    tell: Tell | None = None,
    overwrite: bool = False,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    full: bool = False,
) -> Result:
    """The board paper, as one self-contained page, an accessible PDF or a workbook.

    `output` ends in `.html`, `.pdf` or `.xlsx`; another ending is a `BookError`. `organisation` is
    the code of the body that the paper is for (else the system with most to show), `year` its
    financial year. `tell(verb)` is called before each question is answered. A file that is there is
    replaced only with `overwrite`, and a file of the book never is.
    `month` (such as `M6`) makes the paper of that month: every answer in it leaves out the actuals
    after it and takes the forecast known by the end of the month that follows; its notices say so.
    `late` says what is done about a body that has not reported, as in `position`; the notices say
    what stands in, and who chose it.
    `book_only` takes nothing from the packaged published tables. `full` adds its appendices:
    every organisation, scheme and rule, with the trace of each figure.

    The Result is that of `check`, so that errors are told beside the paper, and says what the
    form of the paper could not carry.

    >>> from tempfile import mkdtemp
    >>> report("examples/nene-2013", f"{mkdtemp()}/pack.html").has_errors
    False
    """
    workings = opened(book, as_at, year, organisation, book_only, month)
    organisation = code_of(workings.position, organisation)
    target = Path(output)
    form = target.suffix.lower()
    if form not in FORMS:
        raise BookError(
            f"a pack cannot be written as {form or 'a file without an ending'}",
            str(output),
            "name a file that ends in .html, .pdf or .xlsx",
        )
    places = (workings.position.place,)
    check_target(target, places, overwrite=overwrite)
    results = pack_results(workings, year, tell, organisation, late=late)
    if tell is not None:
        tell("writing")
    pack = board_paper(results, organisation, full=full)
    made = FORMS[form](pack)
    write_file(target, made.data, places, overwrite=overwrite)
    found = results["check"]
    told = tuple(Sentence("", "", "made", text) for text in made.told)
    checked = tuple(one for one in found.sentences if one.topic == "check")
    return replace(found, sentences=(*checked, *told))
