"""How a verb opens a book: its address or a reading becomes working papers, what was asked is read.

A year is taken in any form in which people write it. A body or a year that the book does not have is
refused with what it has, never answered with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cache, wraps
from inspect import signature
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, get_type_hints

from controltotal.book.asking import speaks_of
from controltotal.book.fold import Position, fold
from controltotal.book.fold import advance as carried_on
from controltotal.book.moments import read_moment
from controltotal.book.taken import book_alone, taken_told, with_published
from controltotal.book.tree import Body
from controltotal.core.calendar import (
    CalendarError,
    parse_year,
    parse_year_id,
    year_label,
)
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.period import year_in
from controltotal.core.progress import Progress, part
from controltotal.core.result import Result
from controltotal.core.schema import tables
from controltotal.core.scope import Scope
from controltotal.ledger.block import last_row
from controltotal.ledger.entries import (
    Draft,
    Entry,
    check_draft,
    collector_paused,
    put,
    withdraw,
)
from controltotal.ledger.errors import LedgerError
from controltotal.sources.books import read_book
from controltotal.verbs.asking import refuse_other_kind
from controltotal.verbs.long import long
from controltotal.verbs.said import with_numbers
from controltotal.workings.leading import scope_of
from controltotal.workings.workings import Workings

Book = str | Path | Position | Workings
"""What a verb may be asked about: the address of a book, a reading of it, or its working papers."""

Moment = str | int | date | None
"""As at what a book is read: a ledger entry, a day, or (None) as it stands."""

Given = ParamSpec("Given")
Answered = TypeVar("Answered")

PLACES_MOST: Final = 100_000
"""So many rows of one finding are looked up one by one."""

CANDIDATES: Final = 6
"""How many bodies a refusal names that a name may mean."""

READING: Final = 0.3
"""The share of an answer that reading its book is told as."""

BOOKS = ("book", "first", "second")
"""What a verb is asked about, which is no option."""


@long
def read(
    book: Book,
    as_at: Moment = None,
    book_only: bool = False,
    month: str | None = None,
    year: str | None = None,
    *,
    progress: Progress | None = None,
) -> Position:
    """Read a book in any form: everything that it says, as at one moment.

    `book` is a folder, an `.xlsx` workbook or a ledger (`sqlite:///path`, `postgresql://…`).
    `as_at` is a ledger entry or a day (`2019-05-01`): what was known then; None is as it stands.
    What the book of real bodies lacks (allocation, target, people, need) is taken from the packaged
    published tables, and every answer that rests on it says so; `book_only` takes nothing.
    `progress` is told how far the work is, and may cancel it (`Progress`).
    `month` (such as `M6`) leaves out the actuals after it, and the forecasts made after the month
    that follows it, of `year` (else of the book's own).
    Hand the Position to several verbs, and the book is read once. Faults of single cells are
    findings of `check`; a `BookError` says that there is no book to read.

    >>> position = read("examples/nene-2013")
    >>> position.years
    ('2013-14',)
    """
    if isinstance(book, Position | Workings):
        for name, value in (("as_at", as_at), ("month", month)):
            if value is not None:
                raise BookError(
                    "a book that has been read keeps its own moment",
                    f"{name} {value}",
                    f"give {name} to read, or the address of the book to the verb",
                )
        position = book if isinstance(book, Position) else book.position
        return book_alone(position) if book_only else position
    whole = isinstance(read_moment(as_at), int)  # as at an entry, its own root is told too
    # a book is kept whole: walking it again and again frees nothing
    with part(READING, "reading the book"), collector_paused():
        position = fold(read_book(book, whole=whole), as_at, (month, year) if month else None)
        return book_alone(position) if book_only else with_published(position)


@long
def advance(
    book: Book,
    rows: Iterable[tuple[str, Mapping[str, str]]] = (),
    less: Iterable[tuple[str, int]] = (),
    *,
    progress: Progress | None = None,
) -> Position:
    """A book as it would be with more rows, or fewer: tried in memory, written nowhere.

    `book` is one as it stands. `rows` are tables with cells, written as in the book; `less` are rows
    in force that would be taken back, each by its table and its row as a spreadsheet counts. What rests
    on other rows is not worked out again. The Position has no root, for no ledger says what it says.
    `progress` is told of the work and may cancel it. Raises BookError where there is no such table or
    row, or the book is as at another moment.

    >>> nene = read("examples/nene-2013")
    >>> gap = {"organisation": "04G", "line": "position", "year": "2013/14", "basis": "forecast"}
    >>> tried = advance(nene, [("amounts", {**gap, "amount": "-9.1", "unit": "£m", "month": ""})])
    >>> tried.ref.entry - nene.ref.entry, tried.ref.root
    (1, '')
    """
    position = read(book)
    if position.as_at is not None or position.upto is not None:
        raise BookError("only a book as it stands can be tried on", "the book", "read it as it is")
    fresh = _tried(position, rows, less)
    after = carried_on(position, fresh) if fresh else position
    return book_alone(after) if position.book_only else with_published(after)


def _tried(
    position: Position,
    rows: Iterable[tuple[str, Mapping[str, str]]],
    less: Iterable[tuple[str, int]],
) -> list[Entry]:
    """The entries that would put some rows and take others back."""
    drafts: list[Draft] = []
    for table, number in less:
        entry = position.entry_at(table, number)
        if not entry:
            raise BookError(f"there is no {table} row {number}", "less", "name a row in force")
        drafts.append(withdraw(position.entries[entry]))
    last: dict[str, int] = {}
    for table, cells in rows:
        if table not in tables():
            raise BookError(f"there is no table {table!r}", "rows", "name one of the manual")
        last[table] = max(last.get(table, 1), last_row(position.daybook, table)) + 1
        drafts.append(put(table, last[table], cells.items()))
    try:
        for draft in drafts:
            check_draft(draft)
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error
    return [
        Entry(seq, d.kind, d.table, d.row, d.cells, d.origin, d.withdraws)
        for seq, d in enumerate(drafts, len(position.daybook) + 1)
    ]


def opened(
    book: Book,
    as_at: Moment = None,
    year: str | None = None,
    organisation: str | None = None,
    book_only: bool = False,
    month: str | None = None,
    of: str | None = None,
) -> Workings:
    """The working papers of a book that has the year and body asked for; given ones are kept.

    `month` is that to which it is read: of the year `of`, else of the year asked for.
    """
    position = read(book, as_at, book_only, month, of or year)
    if isinstance(book, Workings) and book.position is position:
        workings = book
    else:
        workings = Workings(position)
    refuse_unknown(position, year, organisation)
    return workings


def named(result: Result, workings: Workings) -> Result:
    """The result with the names of the book's bodies, and the entries that findings speak of.

    It says what of it rests on published tables and not on the book, and what people said has its
    numbers.
    """
    result = with_numbers(result, workings)
    names = workings.once("names", lambda: names_of(workings))
    findings = tuple(_with_entries(one, workings.position) for one in result.findings)
    told = _published_told(result, workings.position)
    return replace(
        result,
        names=names,
        scope=_scope_of(result, workings),
        findings=(*findings, *told),
        options={**result.options, **_as_read(workings.position)},
    )


def _scope_of(result: Result, workings: Workings) -> Scope:
    """The bodies of the year that was asked for, else of the book's own."""
    year = year_in(str(result.options.get("year") or workings.position.default_year))
    return scope_of(workings, year)


def _as_read(position: Position) -> dict[str, object]:
    """What of a reading every answer on it says: that it took nothing, the month it is to."""
    found: dict[str, object] = {"book_only": True} if position.book_only else {}
    return found | ({"month": position.upto.label} if position.upto else {})


def _published_told(result: Result, position: Position) -> tuple[Finding, ...]:
    """The finding on what an answer takes from published tables; `check` tells of all of it."""
    if not position.taken:
        return ()
    used = {entry for trace in result.trace.values() for entry in trace.entries if entry < 0}
    found = taken_told(position, position.taken if result.verb == "check" else used)
    return (found,) if found else ()


def _with_entries(finding: Finding, position: Position) -> Finding:
    """A finding with every row that it names, and the entry that put each where it is known.

    Of more rows than a person could look up the places alone stand in it.
    """
    if finding.at or finding.rows > PLACES_MOST:
        return finding
    at = tuple(
        place._replace(entry=position.entry_at(place.table, place.row)) for place in finding.places
    )
    return replace(finding, at=at) if at else finding


def names_of(workings: Workings) -> dict[str, str]:
    """The names of the book's bodies, by code."""
    return {code: workings.tree.name(code) for code in workings.tree.organisations}


def years_read(verb: Callable[Given, Answered]) -> Callable[Given, Answered]:
    """A verb that takes a year in any of its written forms, `2019/20` as well as `2019-20`.

    What is of another kind than its option takes is refused in one line.
    """
    shape = signature(verb)

    @cache
    def kinds() -> dict[str, Any]:
        return get_type_hints(verb)

    @wraps(verb)
    def asking(*given: Given.args, **options: Given.kwargs) -> Answered:
        bound = shape.bind(*given, **options)
        for name, value in bound.arguments.items():
            if name == "year":
                bound.arguments[name] = year_read("--year", value)
            elif name not in BOOKS:  # reading the book says what is wrong with its address
                option = f"--{name.rstrip('_').replace('_', '-')}"
                refuse_other_kind(option, value, kinds()[name])
        with collector_paused():  # what an answer is made of is kept until it is given
            return verb(*bound.args, **bound.kwargs)

    return asking


def year_read(option: str, value: object) -> str | None:
    """The id of a year in any of its written forms, None where none was given.

    >>> year_read("--from", "2019/20")
    '2019-20'
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise BookError(f"{option} reads {value!r}", "the command", "give a year such as '2019/20'")
    try:
        return parse_year_id(value)
    except CalendarError as error:
        raise BookError(
            f"{option} reads {value!r}", "the command", f"give {error.expected}"
        ) from error


def whole_year(position: Position, year: str | None) -> str:
    """The year asked for, else the book's own; a half or none at all is refused."""
    try:
        return parse_year(year or position.default_year)
    except CalendarError as error:
        raise BookError(
            f"no year to answer for: {year}" if year else "the book names no year",
            position.ref.name,
            "give a whole financial year, such as 2026/27",
        ) from error


def refuse_unknown(
    position: Position, year: str | None = None, organisation: str | None = None
) -> None:
    """Refuse a body or a year that the book does not have, and say what it has."""
    code_of(position, organisation)
    if year is not None and position.years and not speaks_of(position, year_in(year)):
        has = ", ".join(year_label(one) for one in position.years)
        raise BookError(
            f"the book says nothing of {year_label(year)}", position.ref.name, f"it has {has}"
        )


def code_of(position: Position, asked: str | None) -> str | None:
    """The code of the body that was asked for by its code or its name, however it is written.

    A part of a name will do where one body alone has it; where several do, all are named and none
    is taken.

    >>> position = read("examples/fictional-system")
    >>> code_of(position, "xf-ald"), code_of(position, "alderwick hospitals"), code_of(position, None)
    ('XF-ALD', 'XF-ALD', None)
    """
    codes = position.tree.organisations
    if asked is None or asked in codes:
        return asked
    wanted = _plain(asked)
    names = {code: _names(body) for code, body in codes.items()}
    ways: tuple[Callable[[str], bool], ...] = (
        lambda code: _plain(code) == wanted,
        lambda code: wanted in names[code],
        lambda code: len(wanted) > 2 and any(f" {wanted}" in f" {one}" for one in names[code]),
    )
    found = next(filter(None, ([c for c in codes if way(c)] for way in ways)), [])
    if len(found) == 1:
        return found[0]
    where = position.ref.name
    if found:
        some = "; ".join(f"{code} ({position.tree.name(code)})" for code in found[:CANDIDATES])
        more = f"; and {len(found) - CANDIDATES} more" if found[CANDIDATES:] else ""
        told = f"{len(found)} organisations may be meant by {asked!r}"
        raise BookError(told, where, f"give the code of one: {some}{more}")
    near = get_close_matches(asked, list(codes), n=1) or list(codes)[:3]
    raise BookError(
        f"there is no organisation {asked!r} in the book",
        where,
        f"give a code such as {', '.join(near)}, or a name" if near else "list it in organisations",
    )


def _names(body: Body) -> tuple[str, ...]:
    """The names that a body has had, as they are compared."""
    return tuple(dict.fromkeys(_plain(spell.row.name) for spell in body.spells))


def _plain(text: str) -> str:
    """A text as it is compared: letters of one case, single spaces."""
    return " ".join(text.casefold().split())
