"""An import of one file or many into a book: read, mapped, compared with the book, written at once.

All files are read before anything is written. A file with a question waits alone: the others go in, in one
request, and the answer says which wait. What fails writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Final

from controltotal.book.sent_months import SentMonths
from controltotal.book.settings import read_settings
from controltotal.core.errors import BookError
from controltotal.core.finding import FileCell, Finding
from controltotal.core.keys import key
from controltotal.core.progress import part, parts, past_cancelling
from controltotal.core.schema import tables
from controltotal.intake import forms, mapping
from controltotal.intake.asking import Asking
from controltotal.intake.changes import Allowed, Changes
from controltotal.intake.commit import From, Why, source_id, today, write
from controltotal.intake.comparing import compared
from controltotal.intake.door import shown_name
from controltotal.intake.files import File, same_bytes, two_files
from controltotal.intake.grid import Opened, read_file
from controltotal.intake.kept_rows import add_changes
from controltotal.intake.known import Known, known_of
from controltotal.intake.late import late_question, late_rows, months_of_book
from controltotal.intake.levels import asked_of_wholes
from controltotal.intake.limits import limited
from controltotal.intake.mapping import ANSWERS, KEPT, Form, free_name, saving_forms, with_form
from controltotal.intake.model import Read
from controltotal.intake.newcomers import newcomers
from controltotal.intake.questions import asked as question
from controltotal.intake.questions import told
from controltotal.intake.reach import Reach
from controltotal.intake.reading import FileRead, read
from controltotal.intake.scopes import Put
from controltotal.intake.unused_answers import tell_unused
from controltotal.ledger import Entry, in_force
from controltotal.ledger.source import BookSource
from controltotal.sources.books import read_book

ACCEPTABLE: Final = frozenset(
    {"IMPORT_TOTAL", "IMPORT_VARIANCE", "IMPORT_TO_DATE", "IMPORT_EFFECT"}
)
"""Differences that a named person may accept."""
OWN_DAY: Final = frozenset(("known_on", "on", "set_on", "signed_on"))
"""Columns by which a row says itself when it became known."""
READING: Final = 0.85
"""The share that reading the files is told as; the rest is writing."""


@dataclass(slots=True)
class Imported:
    """What came of an import: its files in order, and all that was or would be written."""

    book: BookSource
    files: list[File]
    written: Changes = field(default_factory=Changes)


def import_files(paths: Sequence[Path], book: str, ask: Asking) -> Imported:
    """Read files and write what they say into a book, as it was asked for.

    Raises BookError where the book, the mapping or the only file cannot be read.
    """
    source = read_book(book)
    own = [mapping.read_form(Path(ask.map))] if ask.map else mapping.forms_of(book)
    files = read_files([Given(path) for path in paths], source, own, ask)
    in_ledger = "://" in source.place or bool(source.links)
    imported = settled(files, source, ask, in_ledger=in_ledger)
    past_cancelling()
    if not ask.dry_run:
        _write(book, source, imported.files, imported.written, ask)
    return imported


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was given: where it stands, and the name that it came under where that is another."""

    path: Path
    name: str = ""


def read_files(
    given: Sequence[Given], source: BookSource, own: Sequence[Form], ask: Asking
) -> list[File]:
    """Read files under the mappings that they fit; nothing is compared with the book, nothing written.

    Raises BookError where none can be read.
    """
    known = known_of(source)
    files = []
    with part(READING, "reading"):
        for one in parts(given, lambda one: f"reading {one.name or one.path.name}"):
            files.append(_within_limits(one, own, ask, known))
    if all(file.refused for file in files):
        raise next(file.refused for file in files if file.refused)
    same_bytes(files)
    tell_unused(files, ask.asked)
    _new_forms(files, own, ask)
    return files


def settled(
    files: Sequence[File],
    source: BookSource,
    ask: Asking,
    reach: Reach | None = None,
    *,
    in_ledger: bool = True,
) -> Imported:
    """What files that were read change in a book as it stands, and all that would be written.

    The files are left as they are, so that the same may be asked of a later state of the book. `reach`
    is how far they speak, where they are sent with a month.
    """
    standing = in_force(source.entries)
    months = months_of_book(standing)
    own = [replace(file, findings=[*file.findings], changes=Changes()) for file in files]
    if reach is not None:
        standing, own = reach.standing(standing), [reach.within(file) for file in own]
    for file in own:
        _changed(file, standing, ask, months)
    asked_of_wholes(own, standing)
    two_files(own)
    written = _together(own, standing, ask, in_ledger=in_ledger)
    if ask.late and written.any:
        on = max(file.known_on for file in own if file.goes_in)
        late = late_rows(written, months, standing, ask.late, on)
        written.added += late.added
        written.changed += late.changed
    return Imported(source, own, written)


# -- one file --------------------------------------------------------------------------------------


def _empty(path: PurePath, read_: FileRead) -> BookError:
    """Why a file gives a book nothing: no table at all, or none that a book has a place for."""
    why = dict.fromkeys(left.reason for one in read_.reads for left in one.left)
    if not why:
        action = "give a file with headings and rows below"
        return BookError("nothing here looks like a table", path.name, action)
    return BookError(
        f"no table here is one of a book: {'; '.join(why)}",
        path.name,
        "if it is of the surplus all the same, say --as amounts",
    )


def _opened(given: Given, *, hidden: bool) -> Opened:
    """A file by the name that it came under, which is nowhere used as a path."""
    own, name = given.path.name, given.name or given.path.name
    try:
        opened = read_file(given.path, hidden=hidden)
    except BookError as error:
        raise BookError(error.what, error.where.replace(own, name), error.action) from error
    if own == name:
        return opened
    findings = tuple(
        replace(
            one,
            where=one.where.replace(own, name),
            message=one.message.replace(own, name),
            in_files=tuple(FileCell(name, cell.sheet, cell.cell) for cell in one.in_files),
        )
        for one in opened.findings
    )
    grids = tuple(replace(grid, file=name) for grid in opened.grids)
    return replace(opened, file=name, grids=grids, findings=findings)


def _within_limits(given: Given, own: Sequence[Form], ask: Asking, known: Known) -> File:
    """A file as it reads; one that takes too long or too much memory is refused, and waits alone."""
    name = given.name or given.path.name
    try:
        with limited(name):
            return _file(given, own, ask, known)
    except BookError as error:
        return File(shown_name(name), refused=error)


def _file(given: Given, own: Sequence[Form], ask: Asking, known: Known) -> File:
    """A file as it reads under the mapping that it fits."""
    path = PurePath(given.name or given.path.name)
    opened = _opened(given, hidden=ask.hidden is not None)
    first = read(opened, ask.asked, known)
    if not any(one.table for one in first.reads) and not first.questions:
        raise _empty(path, first)
    file = File(shown_name(path.name), first, lines=known.lines.all)
    fitting = _fit(first, own, ask)
    file.form = fitting.form
    if len(fitting.forms) > 1:
        file.findings.append(_two_forms(opened, fitting.forms))
    elif file.form is not None:
        _replay(file, opened, file.form, ask, known)
    file.known_on = ask.asked.known_on or _dated(file.reads) or ask.today or today()
    _accept(file, ask)
    return file


def _fit(first: FileRead, own: Sequence[Form], ask: Asking) -> forms.Fit:
    if ask.map:
        return forms.Fit(tuple(own), exact=True)
    return forms.fit(own, first.reads, ask.asked.organisation)


def _replay(file: File, opened: Opened, form: Form, ask: Asking, known: Known) -> None:
    """Read a file again with the answers of its mapping, and say what has changed since."""
    asked = with_form(ask.asked, form, file.reads)
    kinds = {shape.table for shape in form.shapes}
    if len(kinds) == 1 and any(one.table == forms.UNKNOWN for one in file.reads):
        asked = replace(asked, as_=asked.as_ or min(kinds))
    if asked != ask.asked:
        file.read = read(opened, asked, known)
    on = ask.asked.known_on or _dated(file.reads) or ask.today or today()
    if forms.other_year(form, on) and not ask.asked.year:
        file.findings.append(_year(opened, form))
    if "drift" not in ask.once and form.shapes:
        file.findings += forms.drift(form, file.reads, whose=bool(ask.asked.organisation))


def _dated(reads: Iterable[Read]) -> str:
    """The day that a file itself gives."""
    claims = (read_.seen.claimed("date") for read_ in reads)
    return next((claim.value for claim in claims if claim is not None), "")


def _accept(file: File, ask: Asking) -> None:
    """Differences that a named person accepts stop nothing, and say who accepted them."""
    if ask.accepted is None or file.read is None:
        return
    by = ask.accepted.text
    file.read.findings = [_accepted(one, by) for one in file.read.findings]
    for read_ in file.reads:
        read_.findings = [_accepted(one, by) for one in read_.findings]


def _accepted(one: Finding, by: str) -> Finding:
    if one.code not in ACCEPTABLE or one.severity != "error":
        return one
    return replace(one, severity="warning", message=f"{one.message} Accepted by {by}.")


def _whole(file: FileRead | Opened) -> FileCell:
    opened = file.opened if isinstance(file, FileRead) else file
    sheet = opened.grids[0].sheet if opened.grids else ""
    return FileCell(opened.file, sheet, "A1")


def _two_forms(opened: Opened, found: Sequence[Form]) -> Finding:
    names = [f"{form.name}.toml" for form in found]
    return question(
        "IMPORT_MAPPING",
        f"{len(found)} mappings fit this file, and nothing tells which: {', '.join(names)}.",
        [_whole(opened)],
        expected="one mapping that fits",
        found=", ".join(names),
        action=f"Say --map with the one that holds, such as --map {names[0]}, or whose file it is "
        "with --set organisation=CODE.",
    )


def _year(opened: Opened, form: Form) -> Finding:
    return question(
        "IMPORT_YEAR",
        f"The mapping {form.name}.toml says {form.set['year']}, which was said on {form.imported_on}; "
        "since then another financial year has begun.",
        [_whole(opened)],
        expected="the year of this file",
        found=form.set["year"],
        action=f"Say --set year={form.set['year']} or the year that it is now.",
    )


# -- forms -----------------------------------------------------------------------------------------


def _new_forms(files: Sequence[File], own: Sequence[Form], ask: Asking) -> None:
    """Give every file a mapping: files of one form share one; what is new has a name of its own."""
    made: dict[tuple[mapping.Shape, ...], Form] = {}
    names = [form.name for form in own]
    for file in files:
        if file.read is None or not file.reads:
            continue
        form = file.form
        if form is None:
            shapes = forms.shapes_of(file.reads)
            if shapes not in made:
                name = free_name(forms.name_of(shapes), names)
                names.append(name)
                made[shapes] = Form(name, shapes)
            form = made[shapes]
        file.form = form


def kept_form(form: Form, files: Iterable[File], ask: Asking) -> Form:
    """A mapping as it is kept after an import of some files of its form."""
    of = [file for file in files if file.form is not None and file.form.name == form.name]
    reads = [read_ for file in of for read_ in file.reads]
    said = {name: text for name, text in ask.said.items() if name in (*KEPT, "as", "sheet")}
    answers = {
        name: {**form.answers.get(name, {}), **_new_answers(form, name, ask)} for name in ANSWERS
    }
    values_only = form.values_only or "values_only" in ask.once
    return replace(
        form,
        shapes=forms.shapes_of(reads),
        set={**form.set, **said},
        answers={name: cells for name, cells in answers.items() if cells},
        found=forms.found_of(reads),
        bodies=tuple(sorted({*form.bodies, *forms.bodies_of(reads)})),
        totals=tuple(sorted({text for read_ in reads for text in read_.totals})),
        imported_on=max(file.known_on for file in of),
        values_only=values_only,
    )


def _new_answers(form: Form, name: str, ask: Asking) -> Mapping[str, str]:
    """The answers given now, but for those that the mapping has under the same text."""
    given = ask.schemes if name == "schemes" else getattr(ask.asked, name)
    known = form.answered(name)
    return {text: value for text, value in given.items() if known.get(text) != value}


# -- what it changes -------------------------------------------------------------------------------


def _changed(file: File, standing: Sequence[Entry], ask: Asking, months: SentMonths) -> None:
    """What a file puts, and what that changes in the book."""
    form = file.form
    if form is None or file.left_out or file.read is None:
        return
    schemes = {**form.answers.get("schemes", {}), **ask.schemes}
    file.puts = [put for one in file.reads for put in _puts(one, form.name, file.known_on, schemes)]
    new = frozenset(key(one) for one in schemes.values())
    dated = bool(ask.asked.known_on)
    allowed = Allowed(ask.allowed.replace, ask.allowed.withdraw, new, dated, file.month)
    unit = read_settings(standing, None).default_unit
    file.changes = compared(file.puts, standing, allowed, unit)
    if not ask.late:
        file.changes.findings += late_question(file.changes, months)
    told_once = form.values_only or "values_only" in ask.once or not form.imported_on
    values_only = any(grid.values_only for grid in file.read.opened.grids)
    if values_only and file.changes.any and not told_once:
        file.findings.append(_values_only(file.read, form))


def _values_only(file: FileRead, form: Form) -> Finding:
    return question(
        "IMPORT_VALUES_ONLY",
        "This form of file gives values alone, so that formulas and formats cannot be checked.",
        [_whole(file)],
        expected="an .xlsx file, or leave for one without formulas",
        found=file.opened.form,
        action=f"Save it as .xlsx, or say --set values_only=true once, which {form.name}.toml keeps.",
    )


def _puts(read_: Read, name: str, known_on: str, schemes: Mapping[str, str]) -> Iterator[Put]:
    """Rows as they are to stand: with their source, the day they became known, the book's scheme."""
    seen = read_.seen
    dated = {table for table, known in tables().items() if "known_on" in known.columns}
    for row in read_.rows:
        cells = dict(row.cells)
        column = "id" if row.table == "schemes" else "scheme"
        if schemes and cells.get(column) in schemes:
            cells[column] = schemes[cells[column]]
        if row.table in dated and not (OWN_DAY & cells.keys()):
            cells["known_on"] = known_on
        at = seen.grid.each([(row.row, min(row.columns, default=seen.left)), *row.beside])
        yield Put(row.table, cells, at, name)


# -- writing ---------------------------------------------------------------------------------------


def _together(
    files: Sequence[File], standing: Sequence[Entry], ask: Asking, *, in_ledger: bool
) -> Changes:
    """All that goes in, with the sources that its rows name and the bodies that the book lacks."""
    taken = [file for file in files if file.goes_in]
    found = Changes()
    for file in taken:
        add_changes(found, file.changes, "" if in_ledger else file.known_on)
    if not found.any:
        return found
    found.added = [*newcomers(found.added, standing), *found.added]
    _name_sources(found, taken, standing, ask, in_ledger=in_ledger)
    return found


def _name_sources(
    found: Changes,
    taken: Sequence[File],
    standing: Sequence[Entry],
    ask: Asking,
    *,
    in_ledger: bool,
) -> None:
    """Name the source in every row that is written, and put a row for each.

    A ledger keeps file and cell of each entry; in a book of files the row itself says its cell.
    """
    file_of = {(put.mapping, _body(put)): file for file in taken for put in file.puts}
    used: dict[str, Put] = {}

    def sourced(put: Put) -> Put:
        columns = tables()[put.table].columns if put.table in tables() else {}
        file = file_of.get((put.mapping, _body(put)))
        if file is None:
            return put
        cells = dict(put.cells)
        if not in_ledger:
            cells["cell"] = f"{put.at.sheet}!{put.at.cell}" if put.at.sheet else put.at.cell
        if not cells.get("source") and ("source" in columns or not in_ledger):
            id_ = cells["source"] = source_id(put.mapping, _body(put))
            if id_ not in used:
                used[id_] = _source(id_, put, file, ask)
        return Put(put.table, cells, put.at, put.mapping)

    found.added = [sourced(put) for put in found.added]
    found.changed = [(old, sourced(put)) for old, put in found.changed]
    before = {dict(e.cells).get("id", ""): e for e in standing if e.table == "sources"}
    for id_, put in used.items():
        if id_ not in before:
            found.added.insert(0, put)
        elif dict(before[id_].cells) != dict(put.cells):
            found.changed.append((before[id_], put))


def _body(put: Put) -> str:
    return put.cells.get("organisation", "")


def _source(id_: str, put: Put, file: File, ask: Asking) -> Put:
    whom = f" of {_body(put)}" if _body(put) else ""
    title = f"{put.mapping.rpartition('-')[0].replace('-', ' ').capitalize()}{whom}, imported"
    cells = {"id": id_, "title": title, "file": file.name, "known_on": file.known_on}
    if ask.accepted is not None and any(one.code in ACCEPTABLE for one in file.every):
        cells |= {"accepted_by": ask.accepted.who, "title": f"{title} ({ask.accepted.reason})"}
    return Put("sources", cells, FileCell("", "", ""), put.mapping)


def why_of(files: Sequence[File], ask: Asking) -> Why:
    """What is said of what goes in: its files, their day, and who accepted what."""
    taken = [file for file in files if file.goes_in and file.form and file.read]
    froms = tuple(
        From(file.name, file.read.opened.digest, file.form.name)
        for file in taken
        if file.read and file.form
    )
    on = max((file.known_on for file in taken), default="")
    return Why(froms, on, "; ".join(said.text for said in (ask.accepted, ask.hidden) if said))


def forms_kept(files: Sequence[File], ask: Asking) -> list[Form]:
    """The mappings of what goes in, with the answers that were given now."""
    taken = [file for file in files if file.goes_in and file.form and file.read]
    named = {file.form.name: file.form for file in taken if file.form}
    return [kept_form(form, taken, ask) for form in named.values()]


def _write(
    book: str, source: BookSource, files: Sequence[File], written: Changes, ask: Asking
) -> None:
    """Write the mappings, in which answers are kept for the next file, and the book: both or none."""
    with saving_forms(
        mapping.mappings_of(book), forms_kept(files, ask)
    ):  # first: a folder may not be writable
        write(book, source, written, why_of(files, ask))


def waiting(imported: Imported) -> list[Finding]:
    """A finding for each file that could not be read beside others that could."""
    return [
        told(
            "IMPORT_UNREADABLE",
            f"{file.name} could not be read: {file.refused.what}.",
            [FileCell(file.name, "", "A1")],
            expected="a file that can be read",
            found=file.refused.what,
            action=f"{file.refused.action[:1].upper()}{file.refused.action[1:]}.",
            severity="error",
        )
        for file in imported.files
        if file.refused is not None
    ]
