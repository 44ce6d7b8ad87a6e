"""A table of money as it is laid out on a sheet, read into amounts: an income and expenditure sheet,
months across, blocks of plan, actual and variance, bodies or lines across, or a ledger's extract.

Its rows and columns are named, its totals, years, running sums and variances are held against what
makes them, its signs and months are settled, and what remains becomes rows of the book. Every cell is
used, reconciled or named; whatever is in doubt is a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from controltotal.core.lines import Line as LineOf
from controltotal.core.money import PENCE_PER
from controltotal.intake import across, scale, signs, totals
from controltotal.intake.across import CUMULATIVE, SINGLE, Whole
from controltotal.intake.adjusting import taken_out
from controltotal.intake.beside import leave_memos, leave_parts, leave_stray
from controltotal.intake.body_columns import ASKED
from controltotal.intake.fields import answered
from controltotal.intake.ground import Ground, settled, table_line, words_above
from controltotal.intake.heads import combined, mark_in, part_of
from controltotal.intake.keyed import Keyed
from controltotal.intake.known import Known
from controltotal.intake.marked_columns import beside_marks, numbers_of, over_marks, with_marks
from controltotal.intake.model import (
    LEFT_OUT,
    RECONCILED,
    Asked,
    Check,
    Head,
    Left,
    Mapped,
    Place,
    Read,
    Row,
    Seen,
)
from controltotal.intake.money_columns import (
    MONEY,
    TOTAL,
    VARIANCE,
    Col,
    columns_of,
    is_untold_to_date,
)
from controltotal.intake.own_lines import given, with_lines
from controltotal.intake.reckoned import (
    beside_parts,
    differences,
    not_read,
    rounded_away,
    says_rounded,
    shape_of_months,
    strict,
    unknown_bases,
    unmarked_words,
    unnamed_rows,
)
from controltotal.intake.repeats import leave_repeats
from controltotal.intake.rows import DATA, SUM, Line, Lines, RowReader, left_rows
from controltotal.intake.sides import credits
from controltotal.intake.summed_rows import Book, Summed, rounding
from controltotal.intake.words import heading_means

_FEW: Final = 3
_RUNS: Final = re.compile(
    r"\b(?:cumulative|running total|year[\s-]to[\s-]date|ytd)\b", re.IGNORECASE
)


def read_ledger(seen: Seen, asked: Asked, known: Known) -> Read:
    """The amounts of a list of postings, summed by body, line and month."""
    return read_matrix(seen, asked, known, postings=True)


def read_matrix(seen: Seen, asked: Asked, known: Known, *, postings: bool = False) -> Read:
    """The amounts of a table, with its checks, what was left out, and what stops it.

    `postings`: many rows may say one line, body and month, which is their sum.
    """
    heads = with_marks(
        [_as_answered(head, asked.headings) for head in seen.heads], numbers_of(seen)
    )
    seen = replace(seen, heads=heads)
    read = Read(seen, "amounts", postings=postings)
    ground = settled(seen, asked, known)
    columns = columns_of(ground, asked, known, read)
    reader = RowReader(ground, asked, known, columns)
    table = _Table(read, ground, asked, known, columns, reader.read(), reader, postings)
    table.settle()
    rows = Keyed(read, ground, table.known, reader, table.habit, postings)
    rows.put(table.lines.rows, [col for col in table.money if col.whose != ASKED])
    read.mapped += [*reader.mapped.values(), *_headings(columns)]
    read.findings += ground.asks.values()
    read.said = {
        what: str(getattr(ground, what))
        for what in ("organisation", "year", "basis", "unit", "month", "costs")
        if getattr(ground, what)
    }
    return read


def _as_answered(head: Head, answers: Mapping[str, str]) -> Head:
    """A column as the person says that it is: a basis and period, a word of the vocabulary, or nothing."""
    said = answered(head, answers)
    if said is None:
        return head
    if not said.strip():
        return replace(head, means="left", how="exact")
    mark = mark_in(said)
    if mark or part_of(said).says:
        measure = combined([part_of(head.text), part_of(said)], [head.text, said])
        return replace(head, means="money", measure=measure, how="exact", rest="", mark=mark)
    return replace(head, means=heading_means(said), texts=(said,), how="exact", rest="")


def _headings(columns: Sequence[Col]) -> list[Mapped]:
    return [
        Mapped(
            col.head.text,
            " ".join(filter(None, (col.basis, col.year, col.period))) or "year",
            "exact",
        )
        for col in columns
        if col.role == MONEY
    ]


@dataclass(slots=True)
class _Table:
    """One table on its way from cells to rows of a book."""

    read: Read
    ground: Ground
    asked: Asked
    known: Known
    columns: list[Col]
    lines: Lines
    reader: RowReader
    postings: bool
    dropped: set[int] = field(default_factory=set)
    habit: str = ""
    kinds: dict[int, str] = field(default_factory=dict)
    taken: dict[str, LineOf] = field(default_factory=dict)
    habits: list[str] = field(default_factory=list)
    """Habits of signs that totals among lines across prove."""

    @property
    def seen(self) -> Seen:
        """The table as it stands."""
        return self.read.seen

    @property
    def rows(self) -> list[Line]:
        """Rows with money."""
        return [line for line in self.lines.rows if line.kind in (DATA, SUM)]

    def settle(self) -> None:
        """Months made single, totals held against their parts, signs settled."""
        self.columns = across.reached(self.columns)
        if self.reader.labels.is_bodies:
            line = self.asked.lines.get("", "") or table_line(self.ground, self.known)
            self.columns = with_line(self.columns, line)
        self._months()
        slack = {col.index: self._slack(col) for col in self.columns}
        rows = self.lines.rows
        leave_parts(rows)
        self._repeats()
        nameless = {line.row for line, _ in self.lines.unnamed} | self._without_body()
        self.taken = {} if self.postings else taken_out(rows, self.known, self.columns, slack)
        known = with_lines(self.known, self.taken)
        book = totals.reconciled(rows, known, slack, nameless=nameless, postings=self.postings)
        leave_memos(book)
        doubtful = self._own_lines(book)
        self.kinds = book.kinds
        checks = [*self._down(book), *self._across(slack), *across.variance_rows(self.lines.rows)]
        self.read.checks = checks if says_rounded(self.seen) else strict(checks)
        self._signs(book)
        self._scale()
        self.read.findings += [
            *beside_marks(self.seen, self.columns),
            *not_read(self.seen, self.lines.unread),
            *unknown_bases(self.seen, self.lines.unbased),
            *unmarked_words(self.seen, self.lines.unmarked),
            *unnamed_rows(self.seen, self._nameless(book)),
            *beside_parts(self.seen, doubtful),
            *differences(
                self.seen, self.read.checks, credits(rows, self.read.checks, self.columns)
            ),
            *rounded_away(self.seen, self.reader.cells.off),
        ]
        self.read.totals = [line.label for line in self.lines.rows if line.kind == SUM]
        left_rows(self.read, self.lines.rows, self.seen)

    def _repeats(self) -> None:
        """Leave out rows that tell again, beneath the bottom line, what rows above it have."""
        if self.postings:
            return
        mapped, doubled = leave_repeats(self.seen, self.lines.rows, self.known, self.asked.lines)
        self.reader.mapped |= {(one.heading, one.column): one for one in mapped}
        self.read.findings += doubled

    def _without_body(self) -> set[int]:
        """Rows of data that name a body which nobody knows."""
        return {
            line.row
            for line in self.lines.rows
            if "organisation" not in line.said and self.reader.body_text(line.row)
        }

    # -- months ----------------------------------------------------------------------------

    def _months(self) -> None:
        """Tell single months from running sums, and make the latter single."""
        for columns in across.series(self.columns):
            runs = across.running(columns)
            single = across.months_of(columns)
            if runs and len(single) <= 1:
                self._difference(columns, runs | {1: single[1]} if 1 in single else runs)
                continue
            found = across.wholes(columns, self.columns)
            habit = self.asked.months or across.habit_of_months(columns, self.rows, found)
            if habit == "ask" and any(map(_RUNS.search, words_above(self.seen))):
                habit = CUMULATIVE
            if habit == CUMULATIVE:
                self._difference(columns, single)
            elif habit != SINGLE:
                self.read.findings.append(shape_of_months(self.seen, list(single.values())))

    def _difference(self, columns: Sequence[Col], runs: Mapping[int, Col]) -> None:
        now = {c.index: c for c in across.differenced(columns, dict(runs), self.rows)}
        self.columns = [now.get(c.index, c) for c in self.columns]
        cols = [now[col.index] for col in runs.values()]
        self.read.findings.append(shape_of_months(self.seen, cols, told_only=True))

    def _slack(self, col: Col) -> int:
        """A unit of the last place of a column's money, where it may have been rounded to it."""
        finest = self.reader.cells.finest.get(col.unit)
        if col.unit in ("", "£") or finest is None or finest > 1:
            return 0
        return int(PENCE_PER[col.unit] // 10**finest)

    # -- totals and wholes -----------------------------------------------------------------

    def _own_lines(self, book: Book) -> list[Line]:
        """Give lines of the file's own to rows that need them; the rows that are in doubt."""
        rows = [label for label, answer in self.asked.totals.items() if answer == "row"]
        named = {at for at, one in self.reader.mapped.items() if one.how == "exact"}
        own, doubtful = given(book, rows, () if self.postings else named)
        own |= self.taken
        new = [line for name, line in own.items() if name not in self.known.lines.all]
        self.known = book.known
        for one in new:
            cells = {"line": one.line, "name": one.name, "kind": one.kind, "group": one.group}
            cells |= {"outside_control_total": "yes"} if one.outside else {}
            row = next(x.row for x in self.lines.rows if x.said.get("line") == one.line)
            self.read.rows.append(Row("lines", cells, row, self._label_column(row)))
        for line in self.lines.rows:
            if line.said.get("line") in own:
                name = line.said["line"]
                self.reader.mapped[line.label, name] = Mapped(line.label, name, "total", 0.9)
        return doubtful

    def _label_column(self, row: int) -> tuple[int, ...]:
        """The column in which a row is named; none where it is not."""
        filled = [c for c in self.reader.labels.texts if self.seen.grid.text(row, c)]
        return tuple(filled[-1:])

    def _nameless(self, book: Book) -> list[tuple[Line, tuple[str, ...]]]:
        """Rows of money that no line, and no total, names; and totals that nothing makes."""
        found = [
            (line, near)
            for line, near in self.lines.unnamed
            if line.kind == DATA and "line" not in line.said and any(line.pence.values())
        ]
        empty = [(s.total, ()) for s in book.sums if not s.parts and any(s.total.pence.values())]
        return [*found, *empty]

    def _down(self, book: Book) -> list[Check]:
        checks = []
        for found in book.sums:
            if not found.parts:
                self._without_parts(found.total)
                continue
            if leave_stray(self.seen, found):
                continue
            rows = sorted(part.line.row for part in found.parts)
            for column, pence in found.total.pence.items():
                col = self._col(column)
                if col is None or col.role == VARIANCE:
                    continue
                if self._is_open(found, column):
                    continue
                slack = rounding(len(rows), self._slack(col))
                parts = ((rows[0], column), (rows[-1], column))
                place = (found.total.row, column)
                label = f"{found.total.label or 'total'}, {col.head.text}"
                due, when = found.expected(column), found.total.said.get("month", col.period)
                checks.append(Check(label, place, due, pence, slack, parts, period=when))
            self.read.mark(found.total.row, self._all_columns(), RECONCILED)
        return checks

    def _is_open(self, found: Summed, column: int) -> bool:
        """Whether a total that differs rests on a cell, or a row, that is asked about already."""
        if found.agrees.get(column):
            return False
        unread = {place for place, _ in self.lines.unread}
        rows = {part.line.row for part in found.parts}
        nameless = [
            line for line, _ in self.lines.unnamed if line.kind == DATA and "line" not in line.said
        ]
        return any((row, column) in unread for row in rows) or any(
            line.row < found.total.row and line.pence.get(column) for line in nameless
        )

    def _without_parts(self, total: Line) -> None:
        """Leave out a total of nil where no row of figures makes it."""
        if not any(total.pence.values()):
            area = (total.row, self.seen.left, total.row, self.seen.right)
            self.read.left.append(Left(area, "a total of rows without figures"))
            self.read.mark(total.row, self._all_columns(), LEFT_OUT)

    def _col(self, index: int) -> Col | None:
        return next((col for col in self.columns if col.index == index), None)

    def _all_columns(self) -> range:
        return range(self.seen.left, self.seen.right + 1)

    def _across(self, slack: Mapping[int, int]) -> list[Check]:
        """Years, quarters and running sums beside their months, and variances."""
        checks = self._lines_across(slack)
        made = [
            whole
            for columns in across.series(self.columns)
            for whole in across.wholes(columns, self.columns)
        ]
        for whole in (*made, *across.over_bodies(self.columns), *over_marks(self.columns)):
            if whole.col.index not in self.dropped:
                checks += self._held(whole, {}, slack)
                if not whole.is_mixed:
                    self._drop(whole.col)
        for col in across.variance_columns(self.columns):
            found_of = across.variance(col, self.columns, self._signed or self.rows, self._sign)
            if found_of is None:
                earlier = col.head.measure.basis == "movement"
                why = "a movement, or a figure of an earlier report"
                self._leave(
                    col.index, why if earlier else "a variance of columns that are not here"
                )
                continue
            checks += self._held(*found_of, slack)
            self._drop(col)
        for col in self.money:
            if is_untold_to_date(col):
                self._leave(col.index, f"a {col.basis} to date, which a book holds by its months")
        for col in self.columns:
            if col.reason and col.role != VARIANCE:
                self._leave(col.index, col.reason)
            elif col.role == TOTAL and col.index not in self.dropped:
                self._leave(col.index, "a total of columns that are not here")
        return checks

    def _lines_across(self, slack: Mapping[int, int]) -> list[Check]:
        """Totals among lines that stand across, found as those of rows are."""
        checks: list[Check] = []
        for columns in across.statements(self.columns):
            turned = [across.as_row(col, self.rows) for col in columns]
            cols = {col.index: col for col in columns}
            allowed = {line.row: slack.get(columns[0].index, 0) for line in self.rows}
            book = totals.reconciled(turned, self.known, allowed)
            self.habits += [found.habit for found in book.sums if found.habit and found.whole]
            for found in book.sums:
                if not found.parts:
                    continue
                col = cols[found.total.row]
                parts = tuple(cols[part.line.row] for part in found.parts)
                whole = Whole(col, parts, tuple(part.times for part in found.parts))
                checks += self._held(whole, {}, slack)
                self._drop(col)
        asked = any(one.code == "IMPORT_LINE" for one in self.read.findings)
        return [one for one in checks if one.agrees] if asked else checks  # a part is not named yet

    def _sign(self, line: Line) -> int:
        """-1 for a cost and for a total of costs, by which a variance may be favourable."""
        kind = self.kinds.get(line.row, "")
        if line.kind == DATA:
            kind = line.written or self.known.lines.kind(line.said.get("line", ""))
        return -1 if kind == "cost" else 1

    def _is_of_no_kind(self, line: Line, col: Col) -> bool:
        """Whether nobody knows yet if a row is of income or of costs."""
        unnamed = line.kind == DATA and any(line is one for one, _ in self.lines.unnamed)
        kindless = line.kind == SUM and not self.kinds.get(line.row)
        return not col.line and "line" not in line.said and (unnamed or kindless)

    @property
    def _signed(self) -> list[Line]:
        """Rows of money of which it is known whether they are of income or of costs."""
        unnamed = {one.row for one, _ in self.lines.unnamed if "line" not in one.said}
        return [line for line in self.rows if line.row not in unnamed]

    def _held(
        self, whole: Whole, times: Mapping[int, int], slack: Mapping[int, int]
    ) -> list[Check]:
        checks = []
        col = whole.col
        unread = {place for place, _ in self.lines.unread}
        for line in self.rows:
            pence, expected = line.pence.get(col.index), whole.expected(line)
            if pence is None or any((line.row, p.index) in unread for p in whole.parts):
                continue
            self.read.mark(line.row, [col.index], RECONCILED)
            if expected is None:
                if pence:
                    place = (line.row, col.index)
                    checks.append(Check(self._named(line, col), place, 0, pence, kind=_kind(col)))
                continue
            indices = sorted(part.index for part in whole.parts)
            parts = ((line.row, indices[0]), (line.row, indices[-1]))
            allowed = rounding(len(indices), slack.get(col.index, 0))
            due = times.get(line.row, 1) * expected
            if _kind(col) == "variance" and pence == -due and self._is_of_no_kind(line, col):
                continue  # whether less is better waits for what the row is
            place = (line.row, col.index)
            label = self._named(line, col)
            checks.append(Check(label, place, due, pence, allowed, parts, _kind(col)))
        return checks

    @staticmethod
    def _named(line: Line, col: Col) -> str:
        return f"{line.label}, {col.head.text}"

    def _drop(self, col: Col) -> None:
        self.dropped.add(col.index)

    def _leave(self, column: int, reason: str) -> None:
        self.dropped.add(column)
        seen = self.seen
        self.read.left.append(Left((seen.first, column, seen.last, column), reason))
        for row in range(seen.first, seen.last + 1):
            self.read.mark(row, [column], LEFT_OUT)

    # -- signs and rows --------------------------------------------------------------------

    def _signs(self, book: Book) -> None:
        said = {"positive": "plain", "negative": "costs_negative"}.get(
            self.ground.costs, self.ground.costs
        )
        self.habit, why = signs.habit_of(
            book, self.columns, said, self.habits, self.reader.cells.sided
        )
        self.ground.costs = self.habit
        if why:
            places = [
                (line.row, col.index)
                for line in book.lines
                if line.kind == DATA
                for col in self.columns
                if col.role == MONEY and line.pence.get(col.index, 0) < 0
            ]
            self.read.findings.append(signs.in_doubt(self.seen, why, places[:_FEW]))

    def _scale(self) -> None:
        """Ask where figures are larger than any body has in the unit that the file itself names."""
        if self.asked.unit:
            return
        found: dict[Place, int] = {}
        units = set()
        for line in self.lines.rows:
            for col in self.money if line.kind == DATA else ():
                pence = line.pence.get(col.index, 0)
                body = col.body or line.said.get("organisation", "") or self.ground.organisation
                if scale.too_large(pence, line.said.get("month") or col.period, body):
                    found[line.row, col.index] = pence
                    units.add(self.reader.unit_of(line.row, col))
        if found:
            self.read.findings.append(scale.in_doubt(self.seen, found, units))

    @property
    def money(self) -> list[Col]:
        """The columns whose cells go into the book."""
        return [c for c in self.columns if c.role == MONEY and c.index not in self.dropped]


def _kind(col: Col) -> str:
    if col.role == VARIANCE:
        return "variance"
    return "to_date" if col.period.startswith("YTD") else "total"


def with_line(columns: Sequence[Col], line: str) -> list[Col]:
    """The columns of a table, those without a line of their own given that of the whole."""
    return [replace(col, line=col.line or line) for col in columns]
