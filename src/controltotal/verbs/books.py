"""Books themselves: another form, a new one, a published table into one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from controltotal.core.calendar import parse_year
from controltotal.core.errors import BookError
from controltotal.core.progress import Progress, part, past_cancelling
from controltotal.core.result import Answer, Result
from controltotal.sources.convert import convert_book, new_book
from controltotal.sources.importing import import_file
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
    file: str | Path,
    into: str | Path,
    accepted_by: str = "",
    dry_run: bool = False,
    *,
    progress: Progress | None = None,
) -> Result:
    """A published table into a book, once, each row with its source.

    `file` is a published table, `.csv` or `.csv.gz`; `into` the book that takes it. `accepted_by`
    names who accepts a total that disagrees with its own rows: without a name such a table is
    refused. `dry_run` says what would be added, and adds nothing.
    `progress` is told how far the work is, and may cancel it (`Progress`).

    The Result says what was added, what stood there already and what was left out, with reasons.
    """
    return import_file(str(file), str(into), accepted_by, dry_run)
