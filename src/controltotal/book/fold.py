"""Entries to a Position: all that is known of a book as at an entry or a date, immutable.

Of two rows with one key the later known wins; equal dates are a finding and neither is used.
`as_at` is a ledger entry number or a date: what was known then, read as it was then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from controltotal.book import moments
from controltotal.book.adoption import book_parameters
from controltotal.book.as_meant import Meant, as_meant
from controltotal.book.cells import RowReader
from controltotal.book.characters import odd_characters
from controltotal.book.doubled import doubled_settings
from controltotal.book.doubt import doubts
from controltotal.book.gone import EVIDENCE, Unsaid, gone_from
from controltotal.book.headings import under_headings
from controltotal.book.moments import MonthAsked, UpTo
from controltotal.book.points import points_in_doubt
from controltotal.book.precision import Precision
from controltotal.book.published import check_published
from controltotal.book.record import Record, field_of
from controltotal.book.records import (
    Amount,
    Assessment,
    ControlTotal,
    Fact,
    Organisation,
    Scheme,
    Source,
    Tables,
)
from controltotal.book.references import check_references, joined
from controltotal.book.settings import Settings, read_settings
from controltotal.book.tree import Tree
from controltotal.core.calendar import CalendarError, parse_date, parse_year, year_end
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding, grouped
from controltotal.core.keys import key
from controltotal.core.lines import Line, all_lines
from controltotal.core.parameters import Parameters, packaged_parameters
from controltotal.core.published_inputs import OfAnother
from controltotal.core.result import BookRef
from controltotal.core.schema import Table, tables
from controltotal.ledger.entries import Entry, in_force, root
from controltotal.ledger.source import BookSource

ACT_COLUMNS = ("set_on", "on", "signed_on", "adopted_on", "reopened_on", "met_on")
"""Columns that date an act; the latest of them is the reading date where none is asked for."""

NO_ACTS: Final = ("successions", "papers", "promises", "challenges", "withheld")
"""Tables whose days are no acts: a merger takes effect on its first day, a meeting is to come."""


@dataclass(frozen=True, eq=False)
class Position:
    """An immutable reading of a book.

    `rows(table)` are the rows in force and not stopped; `stopped` are those that a fault keeps
    out of every figure; `superseded` gave way to a later known row; `replaced` are rows of schemes
    that an act has withdrawn, kept because a signature was given to what they said; `unsaid` is
    evidence that one has withdrawn, because no refusal goes by taking back its row, and
    `withdrawals` are the acts that did so, by the entry withdrawn.
    `daybook` is every entry up to the moment, and `withdrawn` every row that an act took back.
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

    def month_asked(self, year: str) -> int:
        """The month to which a year is read; nil where it is read as it stands."""
        return self.upto.month if self.upto is not None and self.upto.year == year else 0

    def rows(self, table: str) -> tuple[Record, ...]:
        """The records in force of a table named at run time; a name that is no table is refused."""
        found: tuple[Record, ...] = getattr(self.book, table)
        return found

    @property
    def money(self) -> tuple[Amount | ControlTotal | Fact, ...]:
        """Every amount, control total and fact: what a body says of a year."""
        return (*self.book.amounts, *self.book.control_totals, *self.book.facts)

    @cached_property
    def amount_by_entry(self) -> Mapping[int, Amount]:
        """The amounts in force by the entry that put each."""
        return {row.entry: row for row in self.book.amounts}

    @cached_property
    def halves(self) -> Mapping[str, tuple[str, ...]]:
        """The halves of which rows of a year speak, by year."""
        said = {(row.year, row.month) for row in self.book.amounts}
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
        return Precision((*self.book.amounts, *self.book.control_totals, *self.stopped))

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Every financial year that has amounts, facts or control totals."""
        return tuple(sorted(self._years_of("amounts", "facts", "control_totals", "transfers")))

    def _years_of(self, *tables: str) -> set[str]:
        """The years of rows in force, and of stopped ones: what cannot be told is shown as such."""
        found = {row.cell("year") for table in tables for row in self.rows(table)}
        return found | {row.cell("year") or "" for row in self.stopped if row.table in tables} - {
            ""
        }

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
    source: BookSource, as_at: str | int | date | None = None, to: MonthAsked | None = None
) -> Position:
    """The Position of a book as at an entry or a date (else as it stands), `to` a month of a year."""
    moment = moments.read_moment(as_at)
    upto = moment if isinstance(moment, int) else None
    if upto is not None and upto > len(source.entries):
        raise BookError(
            f"there is no entry {upto}",
            source.name,
            f"give an entry up to {len(source.entries)}, or a date",
        )
    standing = in_force(source.entries, upto)
    read = _read(source, standing, moment, to)
    settings, findings = read.settings, read.findings
    kept, superseded, doubled = _latest(read.rows, findings)
    stopped = [row for row in kept if row.stopped] + doubled + read.not_read
    kept = [row for row in kept if not row.stopped]
    more, unusable = check_references(kept, stopped)
    elsewhere, of_others = check_published(kept)
    findings += more + elsewhere
    unusable |= of_others
    if unusable:
        stopped += [row for row in kept if row in unusable]
        kept = [row for row in kept if row not in unusable]
    meant = _meant(kept, stopped, settings)
    kept, stopped = meant.rows, stopped + meant.stopped
    findings += meant.findings
    by_table: dict[str, list[Record]] = {}
    for row in kept:
        by_table.setdefault(row.table, []).append(row)
    entries = source.entries if upto is None else source.entries[:upto]
    gone = gone_from(source, entries, settings)
    ref = BookRef(settings.values.get("title", "") or source.name, len(entries), root(entries))
    position = Position(
        ref,
        settings.values,
        Tables(**{name: tuple(found) for name, found in by_table.items()}),  # type: ignore[arg-type]
        tuple(stopped),
        tuple(superseded),
        tuple(findings),
        moment,
        {entry.seq: entry for entry in standing},
        gone.schemes,
        gone.entries,
        source.place,
        gone.unsaid,
        gone.acts,
        upto=read.upto,
        daybook=entries,
        withdrawn=gone.rows,
    )
    return _without_doubtful(position)


def _meant(kept: list[Record], stopped: list[Record], settings: Settings) -> Meant:
    """Rows as they are meant, less those whose point may be the comma of thousands."""
    unread, told = points_in_doubt(kept, settings.default_unit)
    lost = set(unread)
    rows = [row for row in kept if row not in lost] if lost else kept
    meant = as_meant(rows, stopped, settings)
    return Meant(meant.rows, unread + meant.stopped, told + meant.findings)


def _without_doubtful(position: Position) -> Position:
    """The position less rows that contradict each other, which are kept and shown as stopped."""
    more, doubtful = doubts(position)
    if not more:
        return position
    kept = {
        name: tuple(row for row in position.rows(name) if row not in doubtful)
        for name in ("organisations", "amounts", "control_totals")
    }
    return replace(
        position,
        book=replace(position.book, **kept),  # type: ignore[arg-type]
        stopped=(*position.stopped, *sorted(doubtful, key=lambda row: (row.table, row.number))),
        findings=(*position.findings, *more),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows known at a moment, rows of files that are not read, and what was wrong with them."""

    settings: Settings
    rows: list[Record]
    not_read: list[Record]
    findings: list[Finding]
    upto: UpTo | None = None


def _read(
    source: BookSource,
    standing: Iterable[Entry],
    moment: int | date | None,
    to: MonthAsked | None = None,
) -> _Read:
    headed = under_headings([entry for entry in standing if entry.table in tables()], source)
    settings = read_settings(headed.entries, moment)
    reader = RowReader(settings, source.columns, _own_lines(headed.entries))
    of_source = _source_dates(headed.entries)
    rows = joined([reader.read(entry, of_source) for entry in headed.entries])
    if isinstance(moment, date):
        rows = moments.known_by(rows, moment)
    upto = moments.read_upto(to, settings.values.get("default_year", ""), rows) if to else None
    if upto is not None:
        rows = moments.as_at_month(rows, upto, {entry.seq: entry for entry in headed.entries})
    not_read = [replace(row, stopped=True) for row in rows if row.entry in source.stopped]
    rows = [
        replace(row, stopped=True) if row.entry in headed.stopped else row
        for row in rows
        if row.entry not in source.stopped
    ]
    findings = [*grouped(source.findings), *headed.findings, *_missing_columns(source)]
    there = {row.entry for row in (*rows, *not_read)}
    findings += odd_characters(entry for entry in headed.entries if entry.seq in there)
    findings += doubled_settings(headed.entries, moment)
    findings += grouped(fault for row in rows for fault in reader.by_entry.get(row.entry, ()))
    return _Read(settings, rows, not_read, findings, upto)


def _own_lines(entries: Iterable[Entry]) -> list[str]:
    """The lines of account that a book names itself, as written."""
    return [dict(e.cells).get("line", "") for e in entries if e.table == "lines"]


def _source_dates(entries: list[Entry]) -> dict[str, date | None]:
    dates: dict[str, date | None] = {}
    for entry in entries:
        if entry.table == "sources":
            cells = dict(entry.cells)
            try:
                published = cells.get("published_on", "")
                dates[cells.get("id", "")] = parse_date(published) if published else None
            except CalendarError:
                dates[cells.get("id", "")] = None
    return dates


def _missing_columns(source: BookSource) -> list[Finding]:
    found = []
    for name, columns in source.columns.items():
        missing = [c for c in tables()[name].required if c not in columns] if columns else []
        if missing:
            found.append(
                Finding(
                    code="MISSING_COLUMN",
                    severity="error",
                    organisation="",
                    where=f"{name} row 1",
                    message=f"The table {name} has no column {', '.join(missing)}.",
                    expected=", ".join(tables()[name].required),
                    found=", ".join(columns),
                    action="Add the missing heading and fill it in every row.",
                    detail=source.files.get(name, ""),
                )
            )
    return found


class _Key:
    """What tells the rows of a table apart; a row whose key cannot be read is like no other."""

    def __init__(self, table: Table) -> None:
        self.name, self.required = table.name, frozenset(table.required)
        self.columns = table.key
        self.fields = tuple(field_of(table.name, column) for column in table.key)

    def of(self, row: Record) -> tuple[Any, ...]:
        """The key of a row: the table's name, then its cells, empty text for an empty one.

        Words of a scheme's evidence are one word however they are joined or capitalised.
        """
        cells = [getattr(row, field) for field in self.fields]
        for place, cell in enumerate(cells):
            if self.name in EVIDENCE and isinstance(cell, str):
                cells[place] = key(cell)
            if cell is None:
                column = self.columns[place]
                if column in self.required or column in row.texts:
                    return (self.name, row.entry)
                cells[place] = ""
        return (self.name, *cells)


def _moment(row: Record) -> date:
    """The day by which of two rows with one key the later is told: an assessment's is its signing."""
    signed = row.signed_on if isinstance(row, Assessment) else None
    return signed or row.known or date.min


def _latest(
    rows: list[Record], findings: list[Finding]
) -> tuple[list[Record], list[Record], list[Record]]:
    """Rows in force, rows that gave way, and rows doubled on one date (used by no figure)."""
    by_key: dict[tuple[Any, ...], list[Record]] = {}
    keys = {name: _Key(table) for name, table in tables().items()}
    for row in rows:
        by_key.setdefault(keys[row.table].of(row), []).append(row)
    kept, superseded, doubled = [], [], []
    for label, same in by_key.items():
        if len(same) == 1:
            kept += same
            continue
        latest = max(_moment(row) for row in same)
        last = [row for row in same if _moment(row) == latest]
        if len(last) > 1 and all(isinstance(row, Assessment) for row in last):
            known = max(row.known or date.min for row in last)
            last = [row for row in last if (row.known or date.min) == known]
        superseded += [row for row in same if row not in last]
        if len(last) == 1:
            kept += last
            continue
        doubled += last
        if label[0] != "book":  # a setting given twice is told with the settings
            findings.append(_duplicate(label, last))
    order = {name: index for index, name in enumerate(tables())}
    kept.sort(key=lambda row: (order[row.table], row.number))
    return kept, superseded, doubled


def _duplicate(label: tuple[Any, ...], rows: list[Record]) -> Finding:
    table = tables()[rows[0].table]
    said = ", ".join(
        f"{c} {v}" for c, v in zip(table.key, label[1:], strict=True) if v not in ("", None)
    )
    organisation = rows[0].texts.get("organisation") or rows[0].texts.get("code") or ""
    return Finding(
        code="DUPLICATE",
        severity="error",
        organisation=str(organisation),
        where=f"{rows[0].table} " + ", ".join(f"row {row.number}" for row in rows),
        message=f"{len(rows)} rows say the same thing ({said}) with nothing to tell which is later; "
        "none of them is used.",
        expected="one row, or a known_on date on each",
        found=f"{len(rows)} rows",
        action="Remove the wrong rows, or date the later one in known_on.",
        detail="; ".join(row.detail for row in rows if row.detail),
    )
