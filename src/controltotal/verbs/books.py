"""Books themselves: another form, a new one, anybody's workbook into one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from controltotal.core.calendar import parse_year
from controltotal.core.errors import BookError
from controltotal.core.progress import Progress, part, past_cancelling
from controltotal.core.result import Answer, Result
from controltotal.intake.answer import answer_import, files_of
from controltotal.intake.asking import Said, asking, said_by
from controltotal.programme.names import person
from controltotal.sources.convert import convert_book, new_book
from controltotal.sources.form_workbook import form_beside
from controltotal.sources.published_books import new_published_book
from controltotal.verbs.asking import one_of
from controltotal.verbs.long import long
from controltotal.verbs.opening import read, year_read

WRITING: Final = 0.6
"""The share that making a book is told as; the rest is reading it back."""


@long
def convert(
    book: str | Path,
    target: str | Path,
    history: bool = False,
    overwrite: bool = False,
    safe: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """A book in another form, every row in force without loss.

    `target` is a folder, an `.xlsx` file or a ledger (`sqlite:///path`). `history` adds the table
    `entries`: who wrote what and when. `overwrite` replaces a book that this program made, and no
    other. `safe` keeps still, in a folder, the cells that a spreadsheet would run as formulas.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds the table `made`: the target, and how many rows were carried.

    >>> from tempfile import mkdtemp
    >>> made = convert("examples/nene-2013", f"{mkdtemp()}/nene.xlsx").tables["made"]
    >>> made[0]["rows"] > 0
    True
    """
    with part(WRITING, "converting"):
        done = convert_book(str(book), str(target), history=history, overwrite=overwrite, safe=safe)
    rows = done.rows
    options: dict[str, object] = {"history": True} if history else {}
    past_cancelling()
    told = Answer("convert", read(target).ref, options)
    told.table("made", [{"target": str(target), "rows": rows}])
    told.words(f"{rows} rows carried to {target}", topic="made")
    if done.live:
        cells = "1 cell begins" if done.live == 1 else f"{done.live:,} cells begin"
        told.words(
            f"{cells} as a formula does, and a spreadsheet that opens these files would run it. "
            "With --safe an apostrophe stands before it, which is taken away when the folder is "
            "read.",
            topic="made",
        )
    return told.result()


@long
def new(
    book: str | Path,
    title: str = "",
    from_: str | None = None,
    organisation: str | None = None,
    year: str | None = None,
    *,
    progress: Progress | None = None,
) -> Result:
    """An empty book of three tables, ready to fill in; or one filled with what is published.

    `book` is the folder, `.xlsx` file or ledger to make, `title` what it is called.
    `from_="published"` fills it with everything published of `organisation`: the code of a
    commissioner, trust, system or region, or `ENGLAND`. `year` keeps to one financial year, with the
    bodies that stood in it and the names that they had.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds the table `made`, and words that say what to do next.

    >>> from tempfile import mkdtemp
    >>> new(f"{mkdtemp()}/mine", "Our plan").words[0][:5]
    'made '
    """
    if one_of("--from", from_, ("published",)) is None:
        if year is not None:
            raise BookError("--year needs --from published", "the command", "leave it out")
        files = new_book(str(book), title)
        past_cancelling()
        told = Answer("new", read(book).ref)
        told.table("made", [{"made": file} for file in files])
        for file in files:
            told.words(f"made {file}", topic="made")
        told.words(
            f"Fill in organisations, amounts and control_totals, then: controltotal check {book}",
            topic="made",
        )
        form = form_beside(str(book))
        if form in files:
            told.words(
                f"Or have {form} filled in, by one body or by each, then: "
                f"controltotal import {form} --into {book}",
                topic="made",
            )
        return told.result()
    if not organisation:
        raise BookError(
            "--from published needs a body",
            "the command",
            "add --organisation with the code of a commissioner, trust, system or region, such as QMM, "
            "or ENGLAND",
        )
    one = year_read("--year", year)
    with part(WRITING, "writing"):
        made = new_published_book(str(book), organisation, title, parse_year(one) if one else "")
    asked = {"from": "published", "organisation": organisation, **({"year": one} if one else {})}
    past_cancelling()
    told = Answer("new", read(book).ref, asked)
    told.add_findings(made.findings)
    told.table("made", [{"made": str(book)}])
    told.words(f"made {book}: {made.rows:,} rows published of {made.name}", topic="made")
    for finding in made.findings:
        told.words(f"left out: {finding.message}", topic="made")
    told.words(f"See where it stands: controltotal position {book}", topic="made")
    return told.result()


@long
def import_(
    file: str | Path | Sequence[str | Path],
    into: str | Path,
    accept: str | None = None,
    dry_run: bool = False,
    *,
    set: Sequence[str] = (),
    sheet: str = "",
    as_: str = "",
    map: str | Path | None = None,
    include_hidden: str | None = None,
    on: str | None = None,
    progress: Progress | None = None,
) -> Result:
    """Anybody's workbook into a book: seen, mapped, reconciled, and committed in one request.

    `file` is a workbook, a text with separators, a published table, a folder, or several of them;
    `into` the book that takes them. `set` holds what nothing in the file says or a question asked, as
    `KEY=VALUE`: organisation, year, basis, unit, costs, month, `lines.TEXT=LINE` and the like. `sheet`
    names one sheet, `as_` what a table is of, `map` the mapping to read it by. `accept` says who
    accepts a total that disagrees with its rows, and why (`WHO: REASON`); `include_hidden` likewise
    reads hidden sheets. `on` is the day on which it became known. `dry_run` says what would be done,
    and does nothing. `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result holds the tables `received`, `imported`, `reconciled`, `left_out` and `mapping`; a
    finding of severity error is a question, and its file is not written while one stands.
    """
    given = [file] if isinstance(file, str | Path) else list(file)
    ask = asking(
        set,
        on,
        as_,
        sheet,
        map="" if map is None else str(map),
        dry_run=dry_run,
        accepted=_person("--accept", accept),
        hidden=_person("--include-hidden", include_hidden),
    )
    folder = any(Path(one).is_dir() for one in given)
    return answer_import(files_of(given), str(into), ask, folder=folder)


def _person(option: str, text: str | None) -> Said | None:
    """Who says something and why; a BookError where that is nobody."""
    said = said_by(option, text)
    if said is not None and not person(said.who):
        raise BookError(
            f"{said.who} is nobody", option, "name the person or the office that says so"
        )
    return said
