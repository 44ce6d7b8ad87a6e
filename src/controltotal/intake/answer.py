"""What an import answers: what was received, imported, reconciled and left out, and what waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from controltotal.book.settings import read_settings
from controltotal.core.errors import BookError
from controltotal.core.result import Answer, BookRef, Result
from controltotal.core.schema import tables
from controltotal.intake import kept_rows
from controltotal.intake.asking import Asking
from controltotal.intake.changes import Changes
from controltotal.intake.commit import is_own_source, last_of
from controltotal.intake.door import shown_name
from controltotal.intake.files import File
from controltotal.intake.forms import bodies_of
from controltotal.intake.importing import Imported, import_files, waiting
from controltotal.intake.mapping import mappings_of
from controltotal.intake.model import Area, area
from controltotal.intake.reading import used
from controltotal.intake.restated import restated
from controltotal.ledger import in_force
from controltotal.sources.books import is_ledger, read_book
from controltotal.sources.importing import counted, import_file
from controltotal.sources.published import read_table, recognise

ENDINGS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".gz")
"""Files of a folder that are read."""
ABOVE: Final = frozenset({"nation", "region", "cluster", "system", "pool", "local_authority"})
"""Kinds of bodies that send nothing themselves."""
TABLES: Final = ("received", "imported", "reconciled", "left_out", "mapping")
ROWS_MOST: Final = 20_000
"""Rows of a table of the answer; beyond, the rest is counted."""


def answer_import(paths: Sequence[Path], book: str, ask: Asking, *, folder: bool) -> Result:
    """Import files into a book and say what came of it.

    Published tables that are known go the way of `sources.importing`; alone, with its answer. `folder`
    says that several were to come, so that bodies which sent nothing are named.
    """
    published = [path for path in paths if is_published(path)]
    by = ask.accepted.who if ask.accepted else ""
    if published and len(paths) == 1:
        return import_file(str(paths[0]), book, by, ask.dry_run)
    own = [path for path in paths if path not in published]
    imported = import_files(own, book, ask) if own else Imported(read_book(book), [])
    answer = Answer(
        "import",
        _ref(imported, book, ask),
        {"files": [shown_name(p.name) for p in paths], "into": book, **ask.said},
    )
    for path in published:
        _take_in(answer, import_file(str(path), book, by, ask.dry_run), path.name)
    _tables(answer, imported, several=folder or len(paths) > 1)
    _words(answer, imported, book, ask)
    for file in imported.files:
        answer.add_findings(file.every)
    answer.add_findings(waiting(imported))
    return answer.result()


def _ref(imported: Imported, book: str, ask: Asking) -> BookRef:
    """The book as it stands now, which is read again only where it is of files and was written."""
    source = imported.book
    if imported.written.any and not ask.dry_run:
        if is_ledger(book):
            return BookRef(source.name, *last_of(book))
        source = read_book(book)
    return BookRef(source.name, len(source.entries), source.root)


def files_of(given: Iterable[str | Path]) -> list[Path]:
    """The files that were given, and those of folders; a BookError where one is not there."""
    found: list[Path] = []
    for one in given:
        path = Path(one)
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if _is_sheet(p))
            if not inside:
                raise BookError(
                    "no file here can be a table", str(path), "give workbooks or CSV files"
                )
            found += inside
        elif not path.exists():
            raise BookError("there is no file here", str(path), "check the spelling")
        else:
            found.append(path)
    if not found:
        raise BookError("no file was given", "the command", "name a file or a folder")
    return found


def _is_sheet(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return path.is_file() and not hidden and path.suffix.lower() in ENDINGS


def is_published(path: Path) -> bool:
    """Whether a file is a published table that is known by its headings."""
    if path.suffix.lower() not in (".csv", ".gz"):
        return False
    if path.suffix.lower() == ".gz":
        return True
    try:
        rows = read_table(path)
        recognise(rows[0] if rows else (), path.name)
    except BookError:
        return False
    return True


def _take_in(answer: Answer, result: Result, file: str) -> None:
    """What the import of a published table answered, among those of others."""
    answer.add_findings(result.findings)
    for sentence in result.sentences:
        answer.words(sentence.text, topic=sentence.topic)
    errors = sum(finding.severity == "error" for finding in result.findings)
    answer.table("received", [_received("", file, "", None, errors)])
    rows = result.tables.get("added", ())
    answer.table("imported", [_imported(r["table"], r["rows"], 0, r["rows"]) for r in rows])


# -- tables ----------------------------------------------------------------------------------------


def _received(body: str, file: str, month: str, agrees: bool | None, asked: int) -> dict[str, Any]:
    return {
        "organisation": body,
        "file": file,
        "month": month,
        "agrees": agrees,
        "questions": asked,
    }


def _imported(
    table: str, rows: int, cells: int, added: int, changed: int = 0, withdrawn: int = 0
) -> dict[str, Any]:
    return {
        "table": table,
        "rows": rows,
        "cells_used": cells,
        "added": added,
        "changed": changed,
        "withdrawn": withdrawn,
    }


def tables_of(imported: Imported) -> dict[str, list[dict[str, Any]]]:
    """The tables of an import, each with all its rows: also of one that was not written."""
    return {
        "received": [row for file in imported.files for row in _received_of(file)],
        "imported": _imported_of(imported),
        "reconciled": [row for file in imported.files for row in _reconciled(file)],
        "left_out": [row for file in imported.files for row in _left_out(file)],
        "mapping": [row for file in imported.files for row in _mapping(file)],
    }


def _tables(answer: Answer, imported: Imported, *, several: bool) -> None:
    rows = tables_of(imported)
    if several:
        rows["received"] += _missing(imported)
    for name in TABLES:
        answer.table(name, rows[name][:ROWS_MOST])


def _received_of(file: File) -> list[dict[str, Any]]:
    """A row for each body that a file is of: its month, and whether its totals agree."""
    checks = [check for read in file.reads for check in read.checks]
    agrees = all(check.agrees for check in checks) if checks else None
    asked = len(file.questions) + (file.refused is not None)
    bodies = sorted(bodies_of(file.reads)) or [""]
    actuals = _actuals(file)
    return [
        _received(body, file.name, _month(file, body, actuals), agrees, asked) for body in bodies
    ]


def _month(file: File, body: str, actuals: Mapping[str, int]) -> str:
    """The month that a file reports: as it says, else the last of its actuals."""
    said = [read.said.get("month", "") for read in file.reads]
    months = [int(text) for text in said if text.isdigit()]
    last = max(months, default=0) or max(actuals.get(body, 0), actuals.get("", 0))
    return f"M{last}" if last else next((text for text in said if text), "")


def _actuals(file: File) -> dict[str, int]:
    """The last month of the actuals of each body; of rows that name none under nothing."""
    found: dict[str, int] = {}
    for read in file.reads:
        for row in read.rows:
            month = row.cells.get("month", "")
            if row.cells.get("basis") == "actual" and month.isdigit():
                body = row.cells.get("organisation", "")
                found[body] = max(found.get(body, 0), int(month))
    return found


def _missing(imported: Imported) -> list[dict[str, Any]]:
    """Bodies of the book that sent nothing: those that stand, and are no body above others."""
    sent = {body for file in imported.files for body in bodies_of(file.reads)}
    standing = [
        dict(e.cells) for e in in_force(imported.book.entries) if e.table == "organisations"
    ]
    above = {row.get("parent", "") for row in standing}
    return [
        _received(row["code"], "", "", None, 0)
        for row in standing
        if row.get("code") and row["code"] not in sent | above
        if row.get("kind", "") not in ABOVE and not row.get("to")
    ]


def _imported_of(imported: Imported) -> list[dict[str, Any]]:
    """What each table of the book got, of the files that went in."""
    taken = [file for file in imported.files if file.goes_in]
    cells: dict[str, int] = {}
    rows: dict[str, int] = {}
    for file in taken:
        for table, number in used(file.reads).items():
            cells[table] = cells.get(table, 0) + number
        for put in file.puts:
            rows[put.table] = rows.get(put.table, 0) + 1
    done = imported.written
    added, changed = (
        _counted(put.table for put in done.added if not is_own_source(put)),
        _counted(put.table for _, put in done.changed if not is_own_source(put)),
    )
    gone = _counted(entry.table for entry in done.withdrawn)
    every = {*rows, *added, *changed, *gone}
    return [
        _imported(
            name,
            rows.get(name, added.get(name, 0)),
            cells.get(name, 0),
            added.get(name, 0),
            changed.get(name, 0),
            gone.get(name, 0),
        )
        for name in tables()
        if name in every
    ]


def _counted(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


def _reconciled(file: File) -> Iterator[dict[str, Any]]:
    for read in file.reads:
        for check in read.checks:
            row, column = check.place
            yield {
                "total": check.total,
                "cell": area(row, column, row, column),
                "expected_pence": check.expected,
                "found_pence": check.found,
                "difference_pence": check.difference,
                **_where(file, read.seen.grid.sheet),
            }


def _left_out(file: File) -> Iterator[dict[str, Any]]:
    if file.left_out:
        yield {"range": "", "reason": file.left_out, **_where(file, "")}
    for read in file.reads:
        for left, reason in _joined((left.area, left.reason) for left in read.left):
            yield {"range": area(*left), "reason": reason, **_where(file, read.seen.grid.sheet)}


def _joined(areas: Iterable[tuple[Area, str]]) -> list[tuple[Area, str]]:
    """Areas of one reason and width that follow each other downwards, as one."""
    found: list[tuple[Area, str]] = []
    for one, reason in areas:
        if found and found[-1][1] == reason:
            top, left, bottom, right = found[-1][0]
            if (left, right) == (one[1], one[3]) and one[0] == bottom + 1:
                found[-1] = ((top, left, one[2], right), reason)
                continue
        found.append((one, reason))
    return found


def _where(file: File, sheet: str) -> dict[str, str]:
    return {"file": file.name, "sheet": sheet}


def _mapping(file: File) -> Iterator[dict[str, Any]]:
    known = set() if file.form is None else {t for a in file.form.answers.values() for t in a}
    for read in file.reads:
        for one in read.mapped:
            how = "mapping" if one.how == "asked" and one.heading in known else one.how
            yield {
                "heading": one.heading,
                "column": one.column,
                "how": how,
                "certainty": one.certainty,
            }


# -- words -----------------------------------------------------------------------------------------


def _words(answer: Answer, imported: Imported, book: str, ask: Asking) -> None:
    for file in imported.files:
        answer.words(_of_file(file), topic="import")
    done = imported.written
    taken = sum(file.goes_in for file in imported.files)
    if not taken:
        answer.words("Nothing was imported.", topic="import")
        return
    counts = (
        (
            "would be added" if ask.dry_run else "added",
            sum(not is_own_source(put) for put in done.added),
        ),
        ("changed", sum(not is_own_source(put) for _, put in done.changed)),
        ("withdrawn", len(done.withdrawn)),
    )
    said = ", ".join(f"{counted(n)} {verb}" for verb, n in counts if n or "added" in verb)
    equal = f"; {done.equal:,} stood there already" if done.equal else ""
    answer.words(f"{said[:1].upper()}{said[1:]}{equal}.", topic="import")
    unit = read_settings(list(in_force(imported.book.entries)), None).default_unit
    for text in restated(done, unit, dry_run=ask.dry_run):
        answer.words(text, topic="import")
    if not is_ledger(book):
        for text in _left_behind(done):
            answer.words(text, topic="import")
    if not ask.dry_run:
        answer.words(f"How they were read is kept in {mappings_of(book)}.", topic="import")


def _left_behind(done: Changes) -> list[str]:
    """What a book of files keeps of the rows that an import put again, and what it does not."""
    some = kept_rows.kept(done)
    words = [some] if some else []
    if kept_rows.replaced(done):
        which = "Other rows" if some else "Rows"
        words.append(f"{which} that were replaced are gone: only a ledger keeps the old ones.")
    return words


def _of_file(file: File) -> str:
    """A sentence on one file: what it is of, and what waits."""
    if file.refused is not None:
        return f"{file.name}: could not be read."
    if file.left_out:
        return f"{file.name}: left out, {file.left_out}."
    bodies = ", ".join(sorted(bodies_of(file.reads)))
    rows = counted(len(file.puts))
    checks = [check for read in file.reads for check in read.checks]
    agrees = sum(check.agrees for check in checks)
    totals = f", {agrees:,} of {len(checks):,} totals agree" if checks else ""
    asked = len(file.questions)
    waits = ""
    if asked:
        waits = f"; it waits for {'an answer' if asked == 1 else f'{asked} answers'}"
    return f"{file.name}: {rows}{f' of {bodies}' if bodies else ''}{totals}{waits}."
