"""What an import changes in the book: rows added, put again, withdrawn, and left as they are.

An import says all that its source says within its scope: the mapping, the body, the year, the basis and
the table. What the same scope said before and says no more is withdrawn. Rows that somebody else put
are never written over unasked.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from controltotal.book.row_keys import row_key
from controltotal.core.calendar import (
    CalendarError,
    months_of,
    parse_month,
    parse_year_id,
)
from controltotal.core.finding import Finding
from controltotal.core.schema import tables
from controltotal.core.vocabulary import folded
from controltotal.intake.questions import asked, quoted
from controltotal.intake.renamed_lines import renamed_lines
from controltotal.intake.scheme_changes import renamed, reused, with_evidence
from controltotal.intake.scopes import (
    ASIDE,
    CLOSED,
    Cells,
    Put,
    Scope,
    amount_words,
    key_in,
    key_of,
    known_of_row,
    months_alone,
    of_month_before,
    owners_of,
    row_words,
    same_row,
    scope_in,
    scope_of_entry,
    still_open,
)
from controltotal.ledger.entries import Entry

TENTH: Final = 10
"""More than one row in so many is withdrawn only when somebody says so."""
MOST: Final = 1000
"""Cells that a finding names."""
LASTING: Final = frozenset({"organisations", "lines"})
"""Tables whose rows other files lean on: one that a file no longer names stays."""


@dataclass(slots=True)
class Changes:
    """What is to be written: `added` and `changed` rows (each with the entry it replaces), `withdrawn`.

    Of those `closed` are rows, by number of entry, that stay and count no more since a day. `equal`
    counts rows that stand already; `findings` are the questions.
    """

    added: list[Put] = field(default_factory=list)
    changed: list[tuple[Entry, Put]] = field(default_factory=list)
    withdrawn: list[Entry] = field(default_factory=list)
    closed: dict[int, str] = field(default_factory=dict)
    equal: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.added or self.changed or self.withdrawn)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person said beforehand: rows of others may be replaced, many rows withdrawn.

    `new` are ids of schemes that are other ones than those with their titles, in one form.
    """

    replace: bool = False
    withdraw: bool = False
    new: frozenset[str] = frozenset()
    dated: bool = False
    """Whether the person says on which day the file became known."""
    month: int = 0
    """The month that the file is of; 0 where it names none."""


def changes(
    puts: Sequence[Put],
    standing: Sequence[Entry],
    mapped: Mapping[int, str],
    allowed: Allowed | None = None,
    unit: str = "",
) -> Changes:
    """What an import would change in a book.

    `standing` are the entries in force; `mapped` is the mapping by which an earlier import put one,
    by its number; `unit` is that of sums of the book which name none. Without leave, a row of
    another hand and too many withdrawals are questions.
    """
    may = allowed or Allowed()
    there = _Standing(standing, {put.table for put in puts}, unit)
    if not there.entries:
        return Changes(list(puts))
    keys = [key_of(put) for put in puts]
    owner = owners_of(puts, standing)
    found = Changes()
    others: list[tuple[Entry, Put]] = []
    older: list[tuple[Entry, Put]] = []
    for put, own in zip(puts, keys, strict=True):
        _settle(put, there.latest(own), there, mapped, (found, others, older))
    if may.replace:
        found.changed += [(old, _onto(old, put)) for old, put in others]
    elif others:
        found.findings.append(_held(others))
    if older and not may.dated:
        found.findings.append(_older(older))
    spoken = {scope_in(put.mapping, put.table, put.cells, owner) for put in puts}
    said = set(keys)
    mine = [
        e
        for e in still_open(there.entries, there.keys)
        if e.table not in LASTING and scope_of_entry(e, mapped, owner) in spoken
    ]
    gone = _gone(mine, {e.seq for e in mine if there.keys[e.seq] in said}, puts, mapped, owner)
    day = max((known_of_row(put.cells) for put in puts), default="")
    found.withdrawn = [e for e in gone if not (may.dated and known_of_row(dict(e.cells)) > day)]
    if not may.withdraw:
        if may.month or not may.dated:
            found.findings += _earlier(found.withdrawn, puts, may.month)
        found.findings += _many(found.withdrawn, mine, mapped, owner, puts)
        found.findings += with_evidence(found.withdrawn, standing, puts)
        found.findings += renamed_lines(puts, found.withdrawn, standing)
    found.findings += renamed(puts, there.entries, may.new)
    found.findings += reused(found.changed, standing, may.new)
    return found


def _gone(
    mine: Sequence[Entry],
    said: Container[int],
    puts: Sequence[Put],
    mapped: Mapping[int, str],
    owner: Mapping[str, str],
) -> list[Entry]:
    """What the scopes of an import held and it does not say; one month by itself tells no earlier one."""
    alone = months_alone(puts, owner)
    return [
        e
        for e in mine
        if e.seq not in said and not of_month_before(e, alone.get(scope_of_entry(e, mapped, owner)))
    ]


def _settle(
    put: Put,
    old: Entry | None,
    there: _Standing,
    mapped: Mapping[int, str],
    lists: tuple[Changes, list[tuple[Entry, Put]], list[tuple[Entry, Put]]],
) -> None:
    """Where one row belongs: new, equal, changed, put by another hand, or older than the book."""
    found, others, older = lists
    if old is None:
        found.added.append(put)
    elif same_row(put.table, there.said(old), put.cells, whole=old.seq in mapped):
        found.equal += 1
    elif mapped.get(old.seq) != put.mapping or _of_another_body(old, put):
        others.append((old, put))
    elif known_of_row(dict(old.cells)) > known_of_row(put.cells):
        older.append((old, put))
    else:
        found.changed.append((old, put))


def _of_another_body(old: Entry, put: Put) -> bool:
    """Whether a row with an id of its own would pass from one body to another."""
    before, now = dict(old.cells).get("organisation", ""), put.cells.get("organisation", "")
    return bool(before and now and before != now)


class _Standing:
    """The rows in force of some tables by their keys, the latest known of each key last."""

    def __init__(self, standing: Iterable[Entry], names: set[str], unit: str) -> None:
        self.unit = unit
        self.entries = [entry for entry in standing if entry.table in names]
        self.keys = {entry.seq: key_in(entry.table, dict(entry.cells)) for entry in self.entries}
        self._by_key: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self._by_key.setdefault(self.keys[entry.seq], []).append(entry)

    def said(self, entry: Entry) -> Cells:
        """The cells of a row, with the unit of the book where it names none."""
        return {"unit": self.unit, **dict(entry.cells)} if self.unit else dict(entry.cells)

    def latest(self, own: str) -> Entry | None:
        """The row of a key that is in force, the one known latest."""
        rows = self._by_key.get(own, ())
        return (
            rows[0]
            if len(rows) == 1
            else max(rows, key=lambda e: (known_of_row(dict(e.cells)), e.seq), default=None)
        )


def _onto(old: Entry, put: Put) -> Put:
    """A row of another hand with what the import says: other cells stay, but for where it came from."""
    kept = {column: text for column, text in old.cells if column not in {*ASIDE, CLOSED}}
    return Put(put.table, {**kept, **put.cells}, put.at, put.mapping)


# -- questions -------------------------------------------------------------------------------------


def _rows(number: int) -> str:
    return f"{number:,} row" + ("" if number == 1 else "s")


def _held(others: Sequence[tuple[Entry, Put]]) -> Finding:
    moved = next((pair for pair in others if _of_another_body(*pair)), None)
    if moved is not None:
        return _moved(*moved, len(others))
    old, put = others[0]
    where = f"{old.table} row {old.row}"
    if old.table == "amounts":
        where = f"{amount_words(put.cells)}: {where}"
    by = f" by {old.by}" if old.by else ""
    verb = "says" if len(others) == 1 else "say"
    return asked(
        "IMPORT_HELD",
        f"{_rows(len(others))} of the file {verb} something else than the book, in which another hand "
        f"put {'it' if len(others) == 1 else 'them'} (first {where}{by}).",
        [put.at for _, put in others[:MOST]],
        expected=_value(old.table, dict(old.cells)),
        found=_value(put.table, put.cells),
        action="Ask who put them; then say --set replace=yes to put the file's in their place, or "
        "correct the file.",
    )


def _moved(old: Entry, put: Put, rows: int) -> Finding:
    """That a scheme, or another row with an id, would pass to another body."""
    before, now = dict(old.cells)["organisation"], put.cells["organisation"]
    name = put.cells.get("id", "") or f"{old.table} row {old.row}"
    return asked(
        "IMPORT_SCHEME",
        f"{name} is of {before} in the book, and of {now} in the file ({_rows(rows)} so or otherwise).",
        [put.at],
        expected=before,
        found=now,
        action="Say whose file it is with --set organisation=CODE; --set replace=yes if they moved; "
        f"--set schemes.{put.cells.get('id', 'ID')}={now}-{put.cells.get('id', 'ID')} if it is another "
        "scheme of the same reference.",
    )


def _value(table: str, cells: Cells) -> str:
    """What a row says beside its key, in a few words."""
    keys = tables()[table].key if table in tables() else ()
    rest = [f"{c} {t}" for c, t in cells.items() if c not in keys and c not in ASIDE and t]
    return ", ".join(rest[:4])


def _older(older: Sequence[tuple[Entry, Put]]) -> Finding:
    old, put = older[0]
    day = put.cells.get("known_on", "no day")
    return asked(
        "IMPORT_OLDER",
        f"The book knows {_rows(len(older))} of this from a later day: this file is of {day}.",
        [put.at for _, put in older[:MOST]],
        expected=f"known on {dict(old.cells).get('known_on', '')} or later",
        found=f"known on {day}",
        action="Say --on DATE with the day on which this became known: what the book knows from a later "
        "day then stays. Or leave the older file out.",
    )


def _earlier(gone: Sequence[Entry], puts: Sequence[Put], month: int) -> list[Finding]:
    """A question where actuals of later months would go: the file is of an earlier month."""
    last: dict[tuple[str, str], int] = {}
    for put in puts:
        if put.table == "amounts" and folded(put.cells.get("basis", "")) == "actual":
            whose = _whose(put.cells)
            last[whose] = max(last.get(whose, 0), _last_month(put.cells))
    later = [
        e
        for e in gone
        if e.table == "amounts"
        and folded(dict(e.cells).get("basis", "")) == "actual"
        and 0 < max(month, last.get(_whose(dict(e.cells)), 0)) < _last_month(dict(e.cells))
    ]
    if not later:
        return []
    book = max(_last_month(dict(e.cells)) for e in later)
    file = max(month, *last.values())
    return [
        asked(
            "IMPORT_OLDER",
            f"The file has actuals to month {file}, and the book has them to month {book} by a later file.",
            [put.at for put in puts[:1]],
            expected=f"actuals to month {book}",
            found=f"actuals to month {file}",
            action="Say --on DATE with the day on which it became known: what the book knows from a later "
            "day then stays. Say --set withdraw=yes where the later months are to go.",
        )
    ]


def _whose(cells: Cells) -> tuple[str, str]:
    year = cells.get("year", "")
    with suppress(CalendarError):
        year = parse_year_id(year)
    return cells.get("organisation", ""), year


def _last_month(cells: Cells) -> int:
    """The last month of a period; 0 where it is of the year."""
    with suppress(CalendarError):
        return max(months_of(parse_month(cells.get("month", ""))), default=0)
    return 0


def _many(
    gone: Sequence[Entry],
    mine: Sequence[Entry],
    mapped: Mapping[int, str],
    owner: Mapping[str, str],
    puts: Sequence[Put],
) -> list[Finding]:
    """A question for each scope that would lose more than a tenth of its rows.

    A forecast month that has become an actual one is not lost, nor is what a later year to date holds,
    nor the plan of the month of an earlier report beside that of the year.
    """
    if not gone:
        return []
    held = _Held(puts)
    of: dict[Scope, int] = {}
    named: dict[Scope, list[str]] = {}
    for entry in mine:
        scope = scope_of_entry(entry, mapped, owner)
        if scope is not None:
            of[scope] = of.get(scope, 0) + 1
    for entry in gone:
        scope = scope_of_entry(entry, mapped, owner)
        cells = dict(entry.cells)
        if scope is not None and not held.holds(scope.basis, cells):
            named.setdefault(scope, []).append(row_words(entry.table, cells))
    return [
        asked(
            "IMPORT_WITHDRAW",
            f"The file no longer has {len(lost):,} of {had:,} rows of {_of_whom(scope)} that it had "
            "before; they would be withdrawn.",
            [put.at for put in puts[:1]],
            expected=f"{had:,} rows, or a tenth fewer",
            found=f"{had - len(lost):,} of them; gone are {quoted(lost)}",
            action="Look whether the file is whole; then say --set withdraw=yes.",
        )
        for scope, had in of.items()
        if len(lost := named.get(scope, [])) * TENTH > had
    ]


class _Held:
    """What rows of a new report hold of an earlier one in another form."""

    def __init__(self, puts: Sequence[Put]) -> None:
        real = [put.cells for put in puts if folded(put.cells.get("basis", "")) == "actual"]
        plans = [put.cells for put in puts if folded(put.cells.get("basis", "")) == "plan"]
        to_date = [cells for cells in real if "ytd" in folded(cells.get("month", ""))]
        self.actual = {_month_key(cells) for cells in real}
        self.to_date = {_month_key(cells, "") for cells in to_date}
        self.years = {_month_key(cells) for cells in plans if not cells.get("month")}

    def holds(self, basis: str, cells: Cells) -> bool:
        """Whether a row that is gone became an actual one, or is within a year or a year to date."""
        if basis == "forecast":
            return _month_key(cells) in self.actual
        if basis == "plan":
            return bool(cells.get("month")) and _month_key(cells, "") in self.years
        return basis == "actual" and _month_key(cells, "") in self.to_date


def _month_key(cells: Cells, month: str | None = None) -> str:
    own = cells.get("month", "") if month is None else month
    return row_key("amounts", {**cells, "basis": "actual", "scenario": "", "month": own})


def _of_whom(scope: Scope) -> str:
    parts = (scope.table, scope.organisation, scope.year, scope.basis)
    return " ".join(part for part in parts if part)
