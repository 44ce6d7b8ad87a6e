"""Papers as files: which paper, for whom, in which form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from controltotal.core.errors import BookError
from controltotal.core.files import check_target, write_file
from controltotal.core.late import Late
from controltotal.core.money import shown_in
from controltotal.core.progress import Progress, part, stop_if_cancelled
from controltotal.core.result import Result
from controltotal.core.sentence import Sentence
from controltotal.papers.board import board_paper
from controltotal.papers.board_unit import unit_for
from controltotal.papers.paper import Paper, Written
from controltotal.papers.sections import Results
from controltotal.verbs.long import long
from controltotal.verbs.officed import officed
from controltotal.verbs.opening import Book, Moment, code_of, opened, years_read
from controltotal.verbs.packs import pack_results

if TYPE_CHECKING:
    from controltotal.core import public
    from controltotal.papers import (
        audit_paper,
        data_package,
        data_return,
        own_paper,
        page,
        pdf,
        public_paper,
        word,
        workbook,
    )
    from controltotal.verbs import auditing, publishing
else:  # a paper loads what writes it, and not what writes the others
    public = Late("controltotal.core.public")
    audit_paper = Late("controltotal.papers.audit_paper")
    data_package = Late("controltotal.papers.data_package")
    data_return = Late("controltotal.papers.data_return")
    own_paper = Late("controltotal.papers.own_paper")
    page = Late("controltotal.papers.page")
    pdf = Late("controltotal.papers.pdf")
    public_paper = Late("controltotal.papers.public_paper")
    word = Late("controltotal.papers.word")
    workbook = Late("controltotal.papers.workbook")
    auditing = Late("controltotal.verbs.auditing")
    publishing = Late("controltotal.verbs.publishing")

FORMS: Final[Mapping[str, Callable[[Paper, bytes | None], Written]]] = {
    ".html": lambda paper, _: Written(page.page_html(paper).encode()),
    ".pdf": lambda paper, _: pdf.paper_pdf(paper),
    ".xlsx": lambda paper, _: workbook.paper_workbook(paper),
    ".docx": lambda paper, house: word.paper_word(paper, house),
}
"""By the ending of a file: how a paper is written in that form, in a house's template or none."""
DATA: Final[Mapping[str, Callable[[Results, str | None], Written]]] = {
    ".return.csv": lambda results, organisation: data_return.return_csv(results, organisation),
    ".csv.zip": lambda results, _: data_package.csv_zip(results),
    ".parquet.zip": lambda results, _: data_package.parquet_zip(results),
}
"""By the ending of a file: how what a paper is made from is written as data."""
READERS: Final = ("board", "organisation", "public", "audit")
"""Whom a paper may be for."""
ANSWERING: Final = 0.7
WRITING: Final = 0.9
"""Shares of what is left that the answers, and then the file, are told as."""


@long
@years_read
def report(
    book: Book,
    output: str | Path,
    organisation: str | None = None,
    year: str | None = None,
    as_at: Moment = None,
    overwrite: bool = False,
    month: str | None = None,
    late: str | None = None,
    book_only: bool = False,
    full: bool = False,
    for_: str = "board",
    template: str | Path | None = None,
    seed: int | None = None,
    *,
    progress: Progress | None = None,
) -> Result:
    """A paper or its data as a file: a page, a PDF, a workbook, a Word document, a return.

    `output` ends in `.html`, `.pdf`, `.xlsx` or `.docx` for a paper, in `.return.csv` for the
    three-column list of a return, in `.csv.zip` or `.parquet.zip` for every table with its
    dictionary; another ending is a `BookError`. `for_` says for whom: the `board` (at most ten
    pages), an `organisation` (its own position first), the `public` (plain words, without what is
    withheld), or `audit` (every exception, and a sample of figures drawn by `seed`).
    `organisation` is the code of the body that the paper is of (else the system with most to show),
    `year` its financial year. A file that is there is replaced only with `overwrite`, and a file of
    the book never is. `template` is a Word document whose styles and page a `.docx` takes.
    `month` (such as `M6`) makes the paper of that month: every answer in it leaves out the actuals
    after it and takes the forecast known by the end of the month that follows; its notices say so.
    `late` says what is done about a body that has not reported, as in `position`; the notices say
    what stands in, and who chose it.
    `book_only` takes nothing from the packaged published tables. `full` adds appendices to a
    paper for the board: every organisation, scheme and rule, with the trace of each figure.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result is that of `check`, so that errors are told beside the paper, and says what the
    form of the paper could not carry.

    >>> from tempfile import mkdtemp
    >>> report("examples/nene-2013", f"{mkdtemp()}/paper.html").has_errors
    False
    """
    target = Path(output)
    form = _form(target)
    _fitting(form, for_, full, template, late, seed)
    workings = opened(book, as_at, year, organisation, book_only, month)
    organisation = code_of(workings.position, organisation)
    places = (workings.position.place,)
    check_target(target, places, overwrite=overwrite)
    house = _house(template) if template else None
    # of the public's papers each leaves out the same, whomever it is of: else two would tell a third
    about = None if for_ == "public" else organisation
    with part(ANSWERING, "answering"):
        results = pack_results(workings, year, about, late)
    if for_ == "audit":
        drawn = 1 if seed is None else seed
        results["audit"] = auditing.audit(workings, results, year, organisation, drawn)
    shown = results if for_ == "audit" else officed(results, workings.position)
    if for_ == "public":
        public.refuse_private(results, organisation or results["register"].scope.about(None))
        withheld = publishing.told_to_public(
            workings, results, lambda less: pack_results(less, year, about, late)
        )
        shown = officed(withheld, workings.position)
    if form in DATA:
        with part(WRITING, "writing"):
            made = DATA[form](shown, organisation)
    else:
        written = paper_for(shown, for_, organisation, full=full)
        if is_small(written, for_, full=full):  # all of it anew, so that a page has one unit
            with shown_in("£k"):
                with part(ANSWERING, "answering"):
                    again = officed(pack_results(workings, year, about, late), workings.position)
                made = _written(form, paper_for(again, for_, organisation, full=full), house)
        else:
            made = _written(form, written, house)
    stop_if_cancelled()
    write_file(target, made.data, places, overwrite=overwrite)
    found = results["check"]
    told = tuple(Sentence("", "", "made", text) for text in made.told)
    checked = tuple(one for one in found.sentences if one.topic == "check")
    return replace(found, sentences=(*checked, *told))


def _written(form: str, paper: Paper, house: bytes | None) -> Written:
    with part(WRITING, "writing"):
        return FORMS[form](paper, house)


def _form(target: Path) -> str:
    """The ending that says what is to be written."""
    endings = (*FORMS, *DATA)
    name = target.name.lower()
    form = next((one for one in endings if name.endswith(one)), "")
    if not form:
        raise BookError(
            f"a paper cannot be written as {target.suffix or 'a file without an ending'}",
            str(target),
            f"name a file that ends in {', '.join(endings[:-1])} or {endings[-1]}",
        )
    return form


def _fitting(
    form: str,
    for_: str,
    full: bool,
    template: str | Path | None,
    late: str | None,
    seed: int | None,
) -> None:
    """Options that do not go together are refused, not passed over."""
    stands_in = bool(late) and (late or "").strip().lower() != "wait"
    reported = "a paper for the public" if for_ == "public" else "a return"
    refused = (
        (for_ not in READERS, f"no paper is for “{for_}”", "--for", f"choose {', '.join(READERS)}"),
        (
            full and (for_ in ("public", "audit") or form in DATA),
            "appendices go with a paper for a board",
            "--full",
            "leave out --full, or ask for the paper of the board or of an organisation",
        ),
        (
            bool(template) and form != ".docx",
            f"a template serves a Word document, not {form}",
            "--template",
            "name a file that ends in .docx, or leave out --template",
        ),
        (
            seed is not None and (for_ != "audit" or seed < 0),
            "a seed draws the sample of a paper for audit, and is nil or more",
            "--seed",
            "leave out --seed, or ask for --for audit",
        ),
        (
            stands_in and (for_ == "public" or form == ".return.csv"),
            f"{reported} tells what was reported, and nothing stands in for it",
            "--late",
            "leave out --late, or make the paper for the board",
        ),
    )
    for wrong, what, where, action in refused:
        if wrong:
            raise BookError(what, where, action)


def _house(template: str | Path) -> bytes:
    """The bytes of a house's template."""
    try:
        return Path(template).read_bytes()
    except OSError as error:
        raise BookError(
            f"the template cannot be read: {error.strerror or error}",
            str(template),
            "name a Word document that is there",
        ) from error


def is_small(paper: Paper, for_: str, *, full: bool) -> bool:
    """Whether a paper says more in £ thousand; appendices and other readers keep £ million."""
    return for_ in ("board", "organisation") and not full and unit_for(paper) == "£k"


def paper_for(results: Results, for_: str, organisation: str | None, *, full: bool) -> Paper:
    """The paper of some answers for one of READERS."""
    if for_ == "organisation":
        return own_paper.organisation_paper(results, organisation, full=full)
    if for_ == "public":
        return public_paper.public_paper(results, organisation)
    if for_ == "audit":
        return audit_paper.audit_paper(results, organisation)
    return board_paper(results, organisation, full=full)
