"""Entries to a Position: all that is known of a book as at an entry or a date, immutable.

Of two rows with one key the later known wins; equal dates are a finding and neither is used.
`as_at` is a ledger entry number or a date: what was known then, read as it was then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from controltotal.book import moments
from controltotal.book.adoption import book_parameters
from controltotal.book.amount_table import AmountTable, chosen, told, without
from controltotal.book.as_meant import as_meant, kinds_of
from controltotal.book.doubt import doubts
from controltotal.book.gone import EVIDENCE, Unsaid, gone_from
from controltotal.book.latest import closed_by, latest
from controltotal.book.moments import MonthAsked, UpTo
from controltotal.book.points import points_in_doubt
from controltotal.book.precision import Precision
from controltotal.book.published import check_published
from controltotal.book.reading import Read, read_rows
from controltotal.book.record import Record
from controltotal.book.records import (
    Amount,
    ControlTotal,
    Fact,
    Organisation,
    Scheme,
    Source,
    Tables,
)
from controltotal.book.references import check_references
from controltotal.book.remembered import Remembered, Same, by_table
from controltotal.book.tree import Tree
from controltotal.core.calendar import CalendarError, parse_year, year_end
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.lines import Line, all_lines
from controltotal.core.parameters import Parameters, packaged_parameters
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.published_inputs import OfAnother
from controltotal.core.result import BookRef
from controltotal.core.schema import tables
from controltotal.ledger.block import ByNumber, carried_on, standing
from controltotal.ledger.block import recorded as recorded_as
from controltotal.ledger.columns import Standing
from controltotal.ledger.entries import Entry
from controltotal.ledger.source import BookSource

ACT_COLUMNS = ("set_on", "on", "signed_on", "adopted_on", "reopened_on", "met_on")
"""Columns that date an act; the latest of them is the reading date where none is asked for."""

NO_ACTS: Final = ("successions", "papers", "promises", "challenges", "withheld")
"""Tables whose days are no acts: a merger takes effect on its first day, a meeting is to come."""


@dataclass(frozen=True, eq=False)
class Position:
    """An immutable reading of a book.

    `rows(table)` are the rows in force and not stopped; `stopped` are those that a fault keeps
    out of every figure; `superseded` gave way to a later known row, or are closed; `replaced` are
    rows of schemes that an act has withdrawn, kept because a signature was given to what they said;
    `unsaid` is
    evidence that one has withdrawn, because no refusal goes by taking back its row, and
    `withdrawals` are the acts that did so, by the entry withdrawn.
    `daybook` is every entry up to the moment, and `withdrawn` every row that an act took back.
    `source` is what was read, and `parts` what was made of it on the way.
    `place` is the address from which the book was read. `taken` are numbers that the book lacks
    and are published, by their entries below nil, `of_others` published rows under their codes that
    are not of them; `book_only` says that none was to be taken. `upto` is the month it is read to.
    """

    ref: BookRef
    settings: Mapping[str, str]
    book: Tables
    stopped: tuple[Record, ...]
    superseded: tuple[Record, ...]
    findings: tuple[Finding, ...]
    as_at: int | date | None
    entries: Mapping[int, Entry] = field(repr=False)
    replaced: tuple[Scheme, ...] = ()
    replaced_entries: Mapping[int, Entry] = field(default_factory=dict, repr=False)
    place: str = ""
    unsaid: tuple[Unsaid, ...] = ()
    withdrawals: Mapping[int, Entry] = field(default_factory=dict, repr=False)
    taken: Mapping[int, Amount | Fact] = field(default_factory=dict, repr=False)
    of_others: tuple[OfAnother, ...] = ()
    book_only: bool = False
    upto: UpTo | None = None
    daybook: Sequence[Entry] = field(default=(), repr=False)
    withdrawn: tuple[Record, ...] = ()
    source: BookSource | None = field(default=None, repr=False)
    parts: Remembered = field(default_factory=Remembered, repr=False)

    def month_asked(self, year: str) -> int:
        """The month to which a year is read; nil where it is read as it stands."""
        return self.upto.month if self.upto is not None and self.upto.year == year else 0

    def rows(self, table: str) -> Sequence[Record]:
        """The records in force of a table named at run time; a name that is no table is refused."""
        found: Sequence[Record] = getattr(self.book, table)
        return found

    def uses(self) -> set[tuple[str, str, str]]:
        """Body, year and month (empty: the year) of every amount, control total and fact."""
        found = told(self.book.amounts, "organisation", "year", "month")
        others: tuple[ControlTotal | Fact, ...]
        others = (*self.book.control_totals, *self.book.facts)
        found |= {(row.organisation, row.year, row.month) for row in others}
        return {(code, year, month or "") for code, year, month in found}

    def money_of(self, code: str, year: str) -> list[Amount | ControlTotal | Fact]:
        """Every amount, control total and fact of a body in a year."""
        amounts = chosen(
            self.book.amounts, organisation=lambda one: one == code, year=lambda one: one == year
        )
        others: tuple[ControlTotal | Fact, ...]
        others = (*self.book.control_totals, *self.book.facts)
        return [*amounts, *(r for r in others if (r.organisation, r.year) == (code, year))]

    def entry_at(self, table: str, row: int) -> int:
        """The number of the entry in force at a row of a table; nil where there is none."""
        if isinstance(self.entries, ByNumber | Standing):
            return self.entries.at(table, row)
        return self._entry_at.get((table, row), 0)

    @cached_property
    def _entry_at(self) -> Mapping[tuple[str, int], int]:
        return {(entry.table, entry.row): seq for seq, entry in self.entries.items()}

    @cached_property
    def amount_by_entry(self) -> Mapping[int, Amount]:
        """The amounts in force by the entry that put each."""
        if isinstance(self.book.amounts, AmountTable):
            return self.book.amounts.by_entry
        return {row.entry: row for row in self.book.amounts}

    def of_entry(self, entry: int) -> Record | None:
        """The record in force that an entry put; None where there is none."""
        found = self.amount_by_entry.get(entry)
        return found if found is not None else self._others_by_entry.get(entry)

    @cached_property
    def _others_by_entry(self) -> Mapping[int, Record]:
        return {r.entry: r for name in tables() if name != "amounts" for r in self.rows(name)}

    @cached_property
    def halves(self) -> Mapping[str, tuple[str, ...]]:
        """The halves of which rows of a year speak, by year."""
        said = told(self.book.amounts, "year", "month")
        said |= {(row.year, row.month) for row in self.book.control_totals}
        return {
            year: tuple(half for half in ("H1", "H2") if (year, half) in said) for year, _ in said
        }

    @cached_property
    def stopped_tables(self) -> frozenset[str]:
        """The tables of which a row is stopped."""
        return frozenset(row.table for row in self.stopped)

    @cached_property
    def _facts(self) -> Mapping[tuple[str, str, str], tuple[Fact, ...]]:
        found: dict[tuple[str, str, str], list[Fact]] = {}
        for row in (*self.book.facts, *self.taken_facts):
            found.setdefault((row.organisation, row.year, row.fact), []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    @property
    def taken_facts(self) -> tuple[Fact, ...]:
        """The facts that the book lacks and are published."""
        return tuple(row for row in self.taken.values() if isinstance(row, Fact))

    def facts(self, code: str, year: str, fact: str) -> tuple[Fact, ...]:
        """The rows of one fact of a body in a year, taken ones included."""
        return self._facts.get((code, year, fact), ())

    def text(self, key: str, default: str = "") -> str:
        """A setting of the book."""
        return self.settings.get(key, default)

    @property
    def is_fictional(self) -> bool:
        """Whether the book says that nothing in it is real."""
        return self.text("fictional").lower() == "yes"

    @cached_property
    def tree(self) -> Tree:
        """The dated tree of organisations."""
        faulty = [row for row in self.stopped if isinstance(row, Organisation) and row.code]
        return Tree([*self.book.organisations, *faulty], self.book.successions)

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """Packaged lines and the book's own."""
        own = [
            Line(
                r.line,
                r.name,
                r.kind,
                r.kind != "position",
                r.group or "",
                r.sub_code or "",
            )
            for r in self.book.lines
        ]
        outside = {
            r.line: r.outside_control_total
            for r in self.book.lines
            if r.outside_control_total is not None
        }
        return all_lines(own, outside)

    @cached_property
    def parameters(self) -> Parameters:
        """Packaged parameters, with the book's own values and adoptions as at the reading."""
        every = book_parameters(packaged_parameters(), self.book.parameters)
        return every.known_then(self.as_at) if isinstance(self.as_at, date) else every

    @cached_property
    def precision(self) -> Precision:
        """The step to which each amount and control total was written, stopped ones included."""
        return Precision(self.book.amounts, (*self.book.control_totals, *self.stopped))

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Every financial year that has amounts, facts or control totals."""
        return tuple(sorted(self._years_of("amounts", "facts", "control_totals", "transfers")))

    def _years_of(self, *tables: str) -> set[str]:
        """The years of rows in force, and of stopped ones: what cannot be told is shown as such."""
        found = {year for name in tables for year in self._years_in(name)}
        return found | {row.cell("year") or "" for row in self.stopped if row.table in tables} - {
            ""
        }

    def _years_in(self, table: str) -> set[str]:
        if table == "amounts":
            return {year for (year,) in told(self.book.amounts, "year")}
        return {row.cell("year") for row in self.rows(table)}

    @cached_property
    def default_year(self) -> str:
        """The book's default year, else its latest; empty in a book without years.

        A year of which only facts are known, such as a pressure ahead, is not where a book stands.
        """
        try:
            return parse_year(self.text("default_year"))
        except CalendarError:
            money = self._years_of("amounts", "control_totals", "transfers")
            return max(money or self.years, default="")

    @cached_property
    def money_ends(self) -> date | None:
        """The last day of the last year of which the book has money; None where it has none."""
        years = self._years_of("amounts", "control_totals", "transfers")
        return year_end(max(years)) if years else None

    @cached_property
    def reading_date(self) -> date | None:
        """`--as-at` where it is a date, else the book's last dated act; never the clock.

        Evidence of a scheme dated after the book's last year is an error, and no act; no act are
        words that rest on no source."""
        if isinstance(self.as_at, date):
            return self.as_at
        days: set[date | None] = set()
        for name, table in tables().items():
            if name in NO_ACTS:
                continue
            for column in (c for c in ACT_COLUMNS if c in table.columns):
                own = name == "commentary"
                told = {r.cell(column) for r in self.rows(name) if not own or r.cell("source")}
                days |= {day for day in told if not self._after_its_money(name, day)}
        return max((day for day in days if isinstance(day, date)), default=None)

    def _after_its_money(self, table: str, day: date | None) -> bool:
        """Whether a day of a scheme's evidence lies after the last year of the book."""
        ends = self.money_ends if table in EVIDENCE else None
        return day is not None and ends is not None and day > ends

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Rows of the table sources by id."""
        return {row.id: row for row in self.book.sources}


def fold(
    source: BookSource,
    as_at: str | int | date | None = None,
    to: MonthAsked | None = None,
    parts: Remembered | None = None,
) -> Position:
    """The Position of a book as at an entry or a date (else as it stands), `to` a month of a year.

    `parts` of an earlier reading of the book are used where what they rest on is the same.
    """
    moment = moments.read_moment(as_at)
    upto = moment if isinstance(moment, int) else None
    if upto is not None and upto > len(source.entries):
        raise BookError(
            f"there is no entry {upto}",
            source.name,
            f"give an entry up to {len(source.entries)}, or a date",
        )
    if upto is not None:
        source = source.upto(upto)
    parts = parts or Remembered()
    with parts.lock:
        return _folded(source, moment, to, parts)


def _folded(
    source: BookSource, moment: int | date | None, to: MonthAsked | None, parts: Remembered
) -> Position:
    read = read_rows(source, None if isinstance(moment, int) else moment, to, parts)
    settings = read.settings
    stop_if_cancelled()
    last = latest(read.rows, parts)
    stopped = [row for row in last.kept if row.stopped] + [*last.doubled, *read.not_read]
    kept = [row for row in last.kept if not row.stopped]
    closed = frozenset(closed_by(kept, moment))
    kept = [row for row in kept if row not in closed] if closed else kept
    stop_if_cancelled()
    unknown, unusable = check_references(kept, stopped, parts)
    elsewhere, of_others = check_published(kept)
    unusable |= of_others
    if unusable:
        stopped += [row for row in kept if row in unusable]
        kept = [row for row in kept if row not in unusable]
    unread, pointed = points_in_doubt(kept, settings.default_unit, read.decimal, parts)
    if unread:
        lost = set(unread)
        kept = [row for row in kept if row not in lost]
    stop_if_cancelled()
    rows = by_table(kept)
    meant = as_meant(rows, stopped, settings, parts)
    gone = gone_from(source, settings)
    position = Position(
        BookRef(settings.values.get("title", "") or source.name, len(source.entries), source.root),
        settings.values,
        _tables({**rows, "amounts": tuple(meant.amounts)}, read, parts),
        (*stopped, *unread, *meant.stopped),
        (*last.superseded, *closed),
        (*read.findings, *last.findings, *unknown, *elsewhere, *pointed, *meant.findings),
        moment,
        standing(source.entries),
        gone.schemes,
        gone.entries,
        source.place,
        gone.unsaid,
        gone.acts,
        upto=read.upto,
        daybook=source.entries,
        withdrawn=gone.rows,
        source=source,
        parts=parts,
    )
    return _without_doubtful(position, parts)


def advance(position: Position, entries: Sequence[Entry], root: str = "") -> Position:
    """A position as it is once more was written: what `fold` makes of all of it from nothing.

    `entries` follow on those that it was read from. `root` is that of the ledger with them; without
    one nothing was written, and the position has none.
    """
    source = position.source
    if source is None or position.as_at is not None or position.upto is not None:
        raise ValueError("only a book as it stands can be carried on")
    every = carried_on(source.entries, entries)
    after = fold(replace(source, entries=every, links=(), digest=root), parts=position.parts)
    return after if root else replace(after, ref=replace(after.ref, root=""), place="")


def recorded(position: Position, fresh: Sequence[Entry], root: str) -> Position:
    """A position that was carried on before it was written, with its last entries as written."""
    if position.source is None:
        raise ValueError("only a book that was read can be written")
    entries = recorded_as(position.daybook, fresh)
    source = replace(position.source, entries=entries, digest=root)
    first = fresh[0].seq

    def stored(found: Mapping[int, Entry]) -> dict[int, Entry]:
        return {
            key: fresh[entry.seq - first] if entry.seq >= first else entry
            for key, entry in found.items()
        }

    return replace(
        position,
        replaced_entries=stored(position.replaced_entries),
        withdrawals=stored(position.withdrawals),
        ref=replace(position.ref, root=root),
        entries=standing(entries),
        daybook=entries,
        source=source,
    )


def _tables(rows: Mapping[str, Sequence[Record]], read: Read, parts: Remembered) -> Tables:
    """The rows in force by table; those of a block are its columns."""
    found: dict[str, Sequence[Record]] = dict(rows)
    block, signs = read.block, read.settings.signs
    if block is not None:
        odd = [row for row in found["amounts"] if isinstance(row, Amount)]
        lines = rows.get("lines", ())
        found["amounts"] = parts.recall(
            "amounts",
            (Same(block), odd, signs, lines),
            block.table,
            odd,
            signs,
            kinds_of(lines),
            (read.way, signs, tuple(lines)) if read.way else None,
        )
    return Tables(**found)  # type: ignore[arg-type]


def _without_doubtful(position: Position, parts: Remembered) -> Position:
    """The position less rows that contradict each other, which are kept and shown as stopped."""
    book, amounts = position.book, position.book.amounts
    more, doubtful = parts.recall(
        "doubts",
        (
            amounts if isinstance(amounts, tuple) else Same(amounts),
            (book.control_totals, book.facts, book.organisations, book.successions, book.lines),
            [row for row in position.stopped if row.table in ("amounts", "organisations")],
            position.settings,
            position.reading_date,
        ),
        doubts,
        position,
    )
    if not more:
        return position
    kept: dict[str, Sequence[Record]] = {
        name: tuple(row for row in position.rows(name) if row not in doubtful)
        for name in ("organisations", "control_totals")
    }
    kept["amounts"] = without(position.book.amounts, doubtful)
    return replace(
        position,
        book=replace(position.book, **kept),  # type: ignore[arg-type]
        stopped=(*position.stopped, *sorted(doubtful, key=lambda row: (row.table, row.number))),
        findings=(*position.findings, *more),
    )
