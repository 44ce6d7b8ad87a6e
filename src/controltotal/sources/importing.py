"""A published table into a book: once, with its source, and beside what says otherwise.

Importing again adds nothing: a row whose key and value are in the book is there already, and in a
ledger the request is made from the file, so that a retry after a lost answer is known. A row
that says something else than the book stands beside it under a scenario named after the table. A
table that disagrees with its own sums stops before anything is written, until a named person accepts
the difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from controltotal.book.settings import read_settings
from controltotal.core.calendar import CalendarError, parse_year
from controltotal.core.errors import BookError
from controltotal.core.money import MoneyError, canonical_unit, parse_money, parse_number
from controltotal.core.result import Answer, BookRef, Result
from controltotal.core.schema import tables
from controltotal.ledger import (
    Author,
    Entry,
    Narration,
    Posting,
    in_force,
    open_ledger,
    put,
)
from controltotal.ledger.source import BookSource
from controltotal.sources.books import is_ledger, read_book
from controltotal.sources.convert import grouped
from controltotal.sources.folder_add import add_to_folder
from controltotal.sources.known_bodies import (
    PLACES_SOURCE,
    REGISTER_SOURCE,
    organisation_rows,
)
from controltotal.sources.published import (
    Taken,
    read_table,
    recognise,
    source_row,
    take,
)
from controltotal.sources.published_form import Cells, Said
from controltotal.sources.write import write_workbook

Key = tuple[str, ...]
MONEY = {"amounts": "amount", "control_totals": "amount"}
"""Tables whose rows are always money, and the column that holds it."""


@dataclass(slots=True)
class Plan:
    """What an import would add: rows by table, and how many stand already or beside others."""

    add: dict[str, list[tuple[int, Cells]]] = field(default_factory=dict)
    there: int = 0
    beside: list[Said] = field(default_factory=list)

    @property
    def added(self) -> int:
        """Rows to add."""
        return sum(len(rows) for rows in self.add.values())


def import_file(file: str, book: str, accepted_by: str = "", dry_run: bool = False) -> Result:
    """Import one published table into a book; the result says what was added and what was not.

    `dry_run` says what would be added, and adds nothing.
    """
    path = Path(file)
    rows = read_table(path)
    form = recognise(rows[0] if rows else (), file)
    taken = take(rows, form, path.name)
    known = read_book(book)
    answer = Answer(
        "import",
        BookRef(known.name, len(known.entries), known.root),
        {"file": path.name, "into": book},
    )
    answer.add_findings(taken.findings)
    stops = [f for f in taken.findings if f.code == "IMPORT_TOTAL"]
    if stops and not accepted_by:
        answer.words(
            f"{form.title}: nothing was imported, because {len(stops)} "
            f"total{'s' if len(stops) > 1 else ''} in {path.name} disagree with the rows; a person "
            'may accept the difference with --accept "WHO: REASON".',
            topic="import",
        )
        return answer.result()
    plan = plan_import(known, taken, accepted_by if stops else "")
    if plan.added and not dry_run:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        _write(book, known, plan, taken, digest, accepted_by if stops else "")
    _tell(answer, taken, plan, dry_run)
    return answer.result()


def counted(rows: int) -> str:
    """A number of rows in words.

    >>> counted(1), counted(1438)
    ('1 row', '1,438 rows')
    """
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _tell(answer: Answer, taken: Taken, plan: Plan, dry_run: bool) -> None:
    added = ", ".join(f"{len(rows):,} of {name}" for name, rows in plan.add.items() if rows)
    verb = "would be added" if dry_run else "added"
    text = f"{taken.form.title}: {counted(taken.read)} read, {counted(plan.added)} {verb}"
    text += f" ({added})" if added else ""
    if plan.there:
        text += f"; {plan.there:,} {'was' if plan.there == 1 else 'were'} in the book already"
    if plan.beside:
        stands = "stands" if len(plan.beside) == 1 else "stand"
        text += f"; {len(plan.beside):,} {stands} under a scenario beside another value"
    answer.words(f"{text}.", topic="import")
    answer.table("added", [{"table": name, "rows": len(rows)} for name, rows in plan.add.items()])
    if plan.beside:
        bodies = sorted({said.cells.get("organisation", "") for said in plan.beside})
        rows = "1 row says" if len(plan.beside) == 1 else f"{len(plan.beside)} rows say"
        answer.finding(
            code="IMPORT_CONFLICT",
            severity="information",
            organisation=bodies[0] if len(bodies) == 1 else "",
            where=f"{taken.file} row " + ", ".join(str(s.number) for s in plan.beside[:8]),
            message=f"{rows} something else than the book, under the scenario {taken.form.source}; nothing "
            "is replaced.",
            expected="the value in the book",
            found=f"another value from {taken.form.title}",
            action="Decide which to use; both stay, each with its source.",
        )


# -- what to add ---------------------------------------------------------------------------------


def plan_import(known: BookSource, taken: Taken, accepted_by: str = "") -> Plan:
    """The rows to add to a book: new keys only, conflicts under a scenario of their own."""
    standing = in_force(known.entries)
    there: dict[str, dict[Key, Mapping[str, str]]] = {}
    last: dict[str, int] = {}
    unit = _default_unit(standing)
    for entry in standing:
        cells = dict(entry.cells)
        if entry.table in MONEY and unit and "£" not in cells.get(MONEY[entry.table], ""):
            cells.setdefault("unit", unit)
        there.setdefault(entry.table, {})[key_of(entry.table, cells)] = cells
        last[entry.table] = max(last.get(entry.table, 1), entry.row)
    plan = Plan()

    def add(table: str, cells: Mapping[str, str]) -> None:
        last[table] = last.get(table, 1) + 1
        kept = {column: text for column, text in cells.items() if text != ""}
        plan.add.setdefault(table, []).append((last[table], kept))
        there.setdefault(table, {})[key_of(table, kept)] = kept

    money = [said for said in taken.said if said.table != "organisations"]
    for row in (
        source_row(taken.form, taken.file) | _accepted(accepted_by),
        *_bodies(there, taken),
    ):
        table = "sources" if "title" in row else "organisations"
        if key_of(table, row) not in there.get(table, {}):
            add(table, row)
    for said in money:
        found = _place(there, said, taken.form.source)
        if found is None:
            plan.there += 1
            continue
        if found is not said.cells:
            plan.beside.append(said)
        add(said.table, found)
    order = [name for name in tables() if name in plan.add]
    plan.add = {name: plan.add[name] for name in order}
    return plan


def _default_unit(standing: Sequence[Entry]) -> str:
    """The unit of amounts that name none."""
    return read_settings(standing, None).default_unit


def _accepted(by: str) -> Cells:
    return {"accepted_by": by} if by else {}


def _listed(there: Mapping[str, Mapping[Key, Mapping[str, str]]], code: str) -> bool:
    return any(key[0] == code for key in there.get("organisations", {}))


def _bodies(
    there: Mapping[str, Mapping[Key, Mapping[str, str]]], taken: Taken
) -> list[Mapping[str, str]]:
    """Rows for the bodies that a table names and the book does not list, with their source."""
    years: dict[str, set[str]] = {}
    for said in taken.said:
        if "organisation" in said.cells:
            years.setdefault(said.cells["organisation"], set()).add(said.cells["year"])
    fresh: dict[str, Mapping[str, str]] = {}
    for said in taken.said:
        if said.table == "organisations" and not _listed(there, said.cells["code"]):
            fresh.setdefault(said.cells["code"], said.cells)
    listed = {key[0] for key in there.get("organisations", {})} | set(fresh)
    rows: list[Mapping[str, str]] = []
    for code, cells in fresh.items():
        if taken.form.publisher.endswith("Data Service"):  # the register itself
            rows.append({**cells, "source": taken.form.source})
            continue
        rows += organisation_rows(
            code, cells["kind"], years.get(code, ()), name=cells["name"], listed=listed
        )
    used = {row.get("source", "") for row in rows}
    return [s for s in (REGISTER_SOURCE, PLACES_SOURCE) if s["id"] in used] + rows


def _place(
    there: Mapping[str, Mapping[Key, Mapping[str, str]]], said: Said, scenario: str
) -> Mapping[str, str] | None:
    """The row as it is to stand, or None where it stands already."""
    cells = said.cells
    for turn in range(1, 100):
        other = there.get(said.table, {}).get(key_of(said.table, cells))
        if other is None:
            return cells
        if same(said.table, other, cells):
            return None
        if "scenario" not in tables()[said.table].columns:
            return None
        cells = {**said.cells, "scenario": scenario if turn == 1 else f"{scenario}-{turn}"}
    raise AssertionError("a hundred sources say a hundred things of one key")


def key_of(table: str, cells: Mapping[str, str]) -> Key:
    """The key of a row as text, years in one form.

    >>> key_of("successions", {"predecessor": "A", "successor": "B", "on": "2020-04-01"})
    ('A', 'B', '2020-04-01')
    """
    found = []
    for column in tables()[table].key:
        text = cells.get(column, "")
        if tables()[table].columns[column].type == "year":
            with suppress(CalendarError):  # a year that cannot be read is a key of its own
                text = parse_year(text)
        found.append(text)
    return tuple(found)


def same(table: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two rows of one key say the same value, whatever unit they are written in.

    >>> same("amounts", {"amount": "1.5", "unit": "£m"}, {"amount": "1500", "unit": "£k"})
    True
    """
    column = "value" if table == "facts" else "amount"
    if column not in tables()[table].columns:
        return True
    return value_of(one, column) == value_of(other, column)


def value_of(cells: Mapping[str, str], column: str) -> object:
    """What a cell of money or of a number says, in one form whatever its unit; else its text and unit."""
    text, unit = cells.get(column, ""), canonical_unit(cells.get("unit", ""))
    try:
        if unit or "£" in text:
            return ("pence", parse_money(text, unit or "£"))
        return ("number", parse_number(text.removesuffix("%")), text.endswith("%"))
    except MoneyError:
        return ("text", text, unit)


# -- writing -------------------------------------------------------------------------------------


def _write(
    book: str, known: BookSource, plan: Plan, taken: Taken, digest: str, accepted_by: str
) -> None:
    """Add the rows to the book in its own form."""
    if is_ledger(book):
        _to_ledger(book, known, plan, taken, digest, accepted_by)
    elif Path(book).is_dir():
        add_to_folder(Path(book), plan.add)
    else:
        _to_workbook(book, known, plan)


def _to_ledger(
    book: str, known: BookSource, plan: Plan, taken: Taken, digest: str, accepted_by: str
) -> None:
    why = f"imported from {taken.file}" + (f", accepted by {accepted_by}" if accepted_by else "")
    drafts = []
    for table, rows in plan.add.items():
        for number, cells in rows:
            place = cells.get("published_row", "row 1").removeprefix("row ")
            drafts.append(put(table, number, cells.items(), origin=f"{taken.file}||A{place}"))
    file = f"{taken.file} sha256:{digest}"
    said = Narration(f"import/{digest}", "import", Author(name="import"), "", why, file)
    store = open_ledger(book, must_exist=True)
    try:
        store.append([Posting(said, tuple(drafts))], expected=len(known.entries))
    finally:
        store.close()


def _to_workbook(book: str, known: BookSource, plan: Plan) -> None:
    found = {name: list(rows) for name, rows in grouped(in_force(known.entries)).items()}
    for name, rows in plan.add.items():
        more: Sequence[tuple[int, tuple[tuple[str, str], ...]]] = [
            (number, tuple(cells.items())) for number, cells in rows
        ]
        found.setdefault(name, []).extend(more)
    try:
        write_workbook(book, found, columns=dict(known.columns), force=True)
    except BookError as error:
        raise BookError(
            f"this workbook was not made here, so it is not rewritten ({error.what})",
            book,
            "convert it to a folder or a ledger first: controltotal convert BOOK FOLDER",
        ) from error
