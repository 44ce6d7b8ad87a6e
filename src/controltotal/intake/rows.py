"""The rows of a table of money: which are data, totals, headings of others, or no money at all.

Each row of data has the body, line, year, period and basis that its labels name; what they do not
name comes from the columns and from the whole table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from controltotal.core.money import canonical_unit
from controltotal.core.vocabulary import folded, meant
from controltotal.intake.cells import Cells, Unread
from controltotal.intake.ground import BASES, Ground, year_in
from controltotal.intake.heads import part_of
from controltotal.intake.known import Known
from controltotal.intake.labels import (
    is_part,
    is_result,
    is_total,
    not_money,
    total_of,
    without_adding_back,
    without_part,
)
from controltotal.intake.lines import LineMatch
from controltotal.intake.model import Asked, Left, Mapped, Place, Read, Seen
from controltotal.intake.money_columns import MONEY, TOTAL, VARIANCE, Col
from controltotal.intake.row_dates import month_in, of_day, year_of_month
from controltotal.intake.worth import is_empty, recurrence_of

_PARTS: Final = ("directorate", "cost_centre_code", "service")
"""Labels of parts of a body, of which a book holds the sum."""
_OF_GROUPS: Final = ("organisation", "organisation_code", "month", "period", "year", *_PARTS)
"""Labels that a group of rows may say once, where other labels stand to their right."""
DATA, SUM, HEADING, OTHER = "data", "sum", "heading", "other"
BACK: Final = "added back to the surplus, of a row that has it already"
ABOVE: Final = "stated above already"
"""Why rows beneath the bottom line are left out."""
_TELLING = (
    *("organisation", "organisation_code", "line_code", "main_code", "year", "month", "period"),
    *("date", "basis", "direction", "recurrence"),
)
"""What the labels of a row are read for, beside the name of its line."""


@dataclass(slots=True)
class Line:
    """A row: `kind` data, sum, heading (of rows below it) or other (`reason` says why left out).

    `said` holds what its labels say (organisation, line, year, month, basis, recurrence,
    counterparty, direction) in the form of the book; `pence` its money as written, by column.
    """

    row: int
    label: str
    kind: str
    section: str = ""
    said: dict[str, str] = field(default_factory=dict)
    pence: dict[int, int] = field(default_factory=dict)
    reason: str = ""
    of: str = ""
    """Of a sum: what its label says that it totals."""
    outside: str = ""
    """The line outside the control total that its money is, or may be, taken out of the surplus for."""
    written: str = ""
    """Income or cost, where a total shows that its money is written as that, whatever its name says."""


def counts_once(line: Line) -> bool:
    """Whether a row was left out since a row above it has its money already."""
    return line.kind == OTHER and line.reason.startswith((BACK, ABOVE))


@dataclass(slots=True)
class Lines:
    """Every row of a table, and what of it could not be read or named."""

    rows: list[Line]
    unread: list[tuple[Place, Unread]] = field(default_factory=list)
    unnamed: list[tuple[Line, tuple[str, ...]]] = field(default_factory=list)
    unmarked: dict[Place, str] = field(default_factory=dict)
    """Words under *Recurrent?* that nobody knows."""
    unbased: dict[Place, str] = field(default_factory=dict)
    """Words under *Basis* that nobody knows."""


class RowReader:
    """Reads the rows of one table in their order, since a heading holds for the rows below it."""

    def __init__(self, ground: Ground, asked: Asked, known: Known, columns: Sequence[Col]) -> None:
        self.seen, self.ground, self.asked, self.known = ground.seen, ground, asked, known
        self.columns = columns
        self.cells = Cells(ground.seen.grid, stored=bool(asked.unit))
        self.labels = _label_columns(self.seen, known, ground.year)
        self.once = _said_once(self.seen, self.labels)
        self.section = ""
        self.body = ""
        self.groups: dict[int, str] = {}
        self.found = Lines([])
        self.mapped: dict[tuple[str, str], Mapped] = {}
        self.bodies: dict[str, tuple[str, str]] = {}
        self.names: dict[tuple[str, str], LineMatch] = {}
        self.like: dict[tuple[str, ...], tuple[Line, tuple[str, ...] | None]] = {}
        self._has_months: bool | None = None

    def read(self) -> Lines:
        """Every row of the table."""
        self.groups = self._groups()
        for row in self._span:
            line = self._row(row)
            if line is not None:
                self.found.rows.append(line)
        return self.found

    def _groups(self) -> dict[int, str]:
        """Rows of a body, with its code, that hold the sum of the rows below, to the next of them."""
        if self.labels.is_bodies or {"organisation", "organisation_code"} & set(self.labels.by):
            return {}
        labels = {row: self._label(row, self.labels.texts[-1]) for row in self._span}
        bodies = {row: code for row in self._span if (code := self._body_named(labels[row])[0])}
        found: dict[int, str] = {}
        for row, code in bodies.items():
            below: list[dict[int, int]] = []
            for other in range(row + 1, self.seen.last + 1):
                if other in bodies or is_total(labels[other]):
                    break
                below.append(self._pence(other)[0])
            own = self._pence(row)[0]
            sums = {column: sum(pence.get(column, 0) for pence in below) for column in own}
            if len(below) > 1 and any(own.values()) and own == sums:
                found[row] = code
        return found

    @property
    def _span(self) -> range:
        return range(self.seen.first, self.seen.last + 1)

    def _row(self, row: int) -> Line | None:
        texts = [self._label(row, column) for column in self.labels.texts]
        label = next((text for text in reversed(texts) if text), "")
        pence, unread = self._pence(row)
        if not label and not pence and not unread and not self._has_label(row):
            return None
        if not pence and not unread:
            return self._heading(row, label)
        if row in self.groups:
            self.body, self.section = self.groups[row], ""
            return Line(row, label, SUM, said={"organisation": self.body}, pence=pence)
        line = self._labelled(row, label, self._section_of(texts, label))
        line.pence = pence
        if line.kind in (DATA, SUM):
            self.found.unread += unread
        return line

    def _labelled(self, row: int, label: str, section: str) -> Line:
        """What the labels of a row say; rows of the same labels are judged once."""
        columns = self.labels.telling
        texts = (*[self._label(row, column) for column in columns], section, self.body)
        like = self.like.get(texts)
        if like is None:
            line = Line(row, label, DATA, section)
            self._say(line)
            near = self._judge(line)
            self.like[texts] = (line, near)
        else:
            first, near = like
            line = Line(
                row, label, first.kind, section, dict(first.said), reason=first.reason, of=first.of
            )
        if near is not None:
            self.found.unnamed.append((line, near))
        return line

    def unit_of(self, row: int, col: Col) -> str:
        """The unit of a cell: its column's, its row's, else the table's; empty where none is certain."""
        own = self._text(row, "unit")
        return col.unit or canonical_unit(own) or ("" if own else self.ground.unit)

    def part_label(self, line: Line) -> tuple[str, ...]:
        """How a row is told from others of its line: its label, and the part of the body it is of."""
        return (line.label, *(self._text(line.row, means) for means in _PARTS))

    def body_text(self, row: int) -> str:
        """How a row names its body."""
        return self._text(row, "organisation") or self._text(row, "organisation_code")

    def _has_label(self, row: int) -> bool:
        return any(self.seen.grid.text(row, column) for column in self.labels.all)

    def _section_of(self, texts: Sequence[str], label: str) -> str:
        """What stands to the left of a label in its own row, else the heading above it."""
        before = [text for text in texts if text and text != label]
        return before[-1] if before else self.section

    def _pence(self, row: int) -> tuple[dict[int, int], list[tuple[Place, Unread]]]:
        pence: dict[int, int] = {}
        unread: list[tuple[Place, Unread]] = []
        for col in self.columns:
            if col.role not in (MONEY, TOTAL, VARIANCE):
                continue
            named = self.unit_of(row, col)
            if not named:
                if col.role != VARIANCE and self.seen.grid.text(row, col.index):
                    self.ground.ask_unit(self._text(row, "unit"))
                continue
            found = self.cells.pence(row, col.index, named)
            if isinstance(found, int):
                pence[col.index] = found
            elif found is not None:
                unread.append(((row, col.index), found))
        return pence, unread

    def _text(self, row: int, means: str) -> str:
        columns = self.labels.by.get(means, ())
        return next((text for c in columns if (text := self._label(row, c))), "")

    def _label(self, row: int, column: int) -> str:
        """What a column of labels says of a row, where a group says it once for all its rows too."""
        return self.seen.grid.text(row, column) or self.once.get((row, column), "")

    def _heading(self, row: int, label: str) -> Line:
        """A row of words alone: the heading of those below it, and the body where it names one."""
        if label:
            body, _ = self._body_named(label)
            if body:
                self.body = body
                self.section = ""
            else:
                self.section = label
        return Line(row, label, HEADING, reason="the heading of rows, or a row without figures")

    def _judge(self, line: Line) -> tuple[str, ...] | None:
        """Say what kind of row it is, and name the line of one that is data.

        Of a row of money that nobody can name, the lines that are near; None of any other.
        """
        label = line.label
        answer = self.asked.totals.get(folded(label), "")
        reason = not_money(label)
        basis = part_of(self._text(line.row, "basis")).measure.basis
        if basis in ("variance", "percent", "movement", "average"):
            reason = f"{'an' if basis == 'average' else 'a'} {basis}"
        if answer == "leave" or (reason and not answer):
            line.kind, line.reason = OTHER, reason or "left out as the mapping says"
            return None
        if answer == "total" or (answer != "row" and self._is_sum(label)):
            line.kind, line.of = SUM, total_of(label) if is_total(label) else label
            return None
        if not label and (not line.said or is_total(self.body_text(line.row))):
            line.kind = SUM
            return None
        if self._is_of_months(line):
            line.said.pop("month", None)
            line.kind = SUM
            return None
        return self._name(line)

    def _is_sum(self, label: str) -> bool:
        """Whether a label says that its row is a sum; a result that a person names is the line named."""
        return is_total(label) or (is_result(label) and folded(label) not in self.asked.lines)

    def _is_of_months(self, line: Line) -> bool:
        """Whether a row stands beside months and is none: the year to date, the year or a quarter of them.

        So where months stand down and lines across; a list names a line in each of its rows.
        """
        text = self._text(line.row, "month") or self._text(line.row, "period")
        if not text or text != line.label or line.said.get("month", "").isdecimal():
            return False
        if self._has_months is None:
            texts = (self._text(row, "month") or self._text(row, "period") for row in self._span)
            self._has_months = any(month_in(one).isdecimal() for one in texts)
        return self._has_months

    def _say(self, line: Line) -> None:
        """What the labels of a row say, each in the form of the book."""
        said = line.said
        year, month = self._when(line.row)
        readings = {
            "organisation": self._body(line),
            "year": year,
            "month": month,
            "basis": self._basis(line.row),
            "direction": self._text(line.row, "direction"),
            "recurrence": self._recurrence(line.row),
        }
        said.update({what: text for what, text in readings.items() if text})

    def _basis(self, row: int) -> str:
        """Whether the money of a row is planned, actual or forecast; a word that nobody knows is noted."""
        text = self._text(row, "basis")
        found = meant(text, BASES, "basis")
        if text and not found and not is_empty(text) and part_of(text).measure.basis == "":
            self.found.unbased[row, self.labels.by["basis"][0]] = text
        return found

    def _recurrence(self, row: int) -> str:
        """Whether the money of a row repeats, by its own column; a word that nobody knows is noted."""
        columns = self.labels.by.get("recurrence", ())
        text = self._text(row, "recurrence")
        if not text or not columns or is_empty(text):
            return ""
        heads = {head.column: head.text for head in self.seen.heads}
        found = recurrence_of(text, heads[columns[0]])
        if not found:
            self.found.unmarked[row, columns[0]] = text
        return found

    def _when(self, row: int) -> tuple[str, str]:
        """The year and the month that a row names; a date of posting names both."""
        day = self._text(row, "date")
        if day and not self._text(row, "month") and not self._text(row, "period"):
            return of_day(day)
        month = self._text(row, "month") or self._text(row, "period")
        year = self._text(row, "year")
        return (year_in(year) if year else year_of_month(month)), month_in(month)

    def _body(self, line: Line) -> str:
        """The body of a row: by code, else by name; else that of the heading above it."""
        code, name = self._text(line.row, "organisation_code"), self._text(line.row, "organisation")
        for text in (code, name):
            answer = self.asked.bodies.get(folded(text), "") if text else ""
            if answer:
                self._map(text, answer, "asked")
                return answer
            code_of, how = self._body_named(text) if text else ("", "")
            if code_of:
                self._map(text, code_of, how)
                return code_of
        if code or name:
            return ""
        return self.body

    def _body_named(self, text: str) -> tuple[str, str]:
        """The body of a name for certain, and how it is known."""
        found = self.bodies.get(text)
        if found is None:
            match = self.known.bodies.match(text, self.ground.year)
            found = (match.code, match.how) if match.code and match.how != "near" else ("", "")
            self.bodies[text] = found
        return found

    def _line_named(self, text: str, code: str) -> LineMatch:
        """What a name, or a code, of a line means."""
        found = self.names.get((text, code))
        if found is None:
            found = self.names[text, code] = self.known.lines.match(text, code)
        return found

    def _map(self, text: str, to: str, how: str) -> None:
        self.mapped.setdefault((text, to), Mapped(text, to, how))

    def _name(self, line: Line) -> tuple[str, ...] | None:
        """Name the line of a row by the label, or by it and the heading that it stands under."""
        if not self.labels.texts or self.labels.is_bodies:
            return None
        label = line.label
        answered = self.asked.lines.get(folded(label))
        if answered is not None:
            self._map(label, answered or "(left out)", "asked")
            if not answered:
                line.kind, line.reason = OTHER, "left out as the mapping says"
            line.said["line"] = answered
            return None
        if self._is_added_back(line):
            line.kind, line.reason = OTHER, BACK
            return None
        near: tuple[str, ...] = ()
        code = self._text(line.row, "line_code") or self._text(line.row, "main_code")
        for text in self._names(line):
            match = self._line_named(text, code)
            if match.line and match.how != "near":
                line.said["line"] = match.line
                self._map(label, match.line, match.how)
                return None
            near = near or match.near
        if is_part(label):
            line.kind, line.reason = OTHER, "a part of the row above, which is stated whole"
            return None
        return near

    def _is_added_back(self, line: Line) -> bool:
        """Whether a row takes out of the surplus what a row above it, of the same line, has put in."""
        back = without_adding_back(line.label)
        name = self._line_named(back, "").line if back else ""
        return bool(name) and any(
            one.kind == DATA and one.said.get("line") == name for one in self.found.rows
        )

    def _names(self, line: Line) -> list[str]:
        label = without_part(line.label) if is_part(line.label) else line.label
        names = [label, *filter(None, [without_adding_back(label)])]
        if line.section:
            names += [f"{line.section} {label}", f"{label} {line.section}"]
        return names


@dataclass(frozen=True)
class _Labels:
    """Which columns label the rows: `texts` those of line names, `by` every one by its meaning."""

    texts: tuple[int, ...]
    by: dict[str, tuple[int, ...]]
    is_bodies: bool = False

    @cached_property
    def all(self) -> tuple[int, ...]:
        """Every column of labels, each once."""
        return tuple(dict.fromkeys([*self.texts, *(c for each in self.by.values() for c in each)]))

    @cached_property
    def telling(self) -> tuple[int, ...]:
        """The columns of labels that tell rows apart: no reference of a posting, no remark."""
        said = (column for means in _TELLING for column in self.by.get(means, ()))
        return tuple(dict.fromkeys([*self.texts, *said]))


def _label_columns(seen: Seen, known: Known, year: str) -> _Labels:
    """The columns of labels; a column of names that are bodies is one of bodies."""
    by: dict[str, list[int]] = {}
    for head in seen.heads:
        if head.means and head.means not in ("money", "notes", "left"):
            by.setdefault(head.means, []).append(head.column)
    texts = [*by.get("group", ()), *by.get("line", ())] or [*by.get("line_code", ())]
    texts.sort()
    if texts and "organisation" not in by and _are_bodies(seen, known, texts[-1], year):
        by["organisation"] = [texts.pop()]
    is_bodies = not texts
    if is_bodies:
        texts = [
            c for means in ("organisation", "month", "period", "year") for c in by.get(means, ())
        ]
        texts = texts[:1]
    return _Labels(tuple(texts), {means: tuple(c) for means, c in by.items()}, is_bodies)


def _said_once(seen: Seen, labels: _Labels) -> dict[Place, str]:
    """What groups of rows say on the first of them alone, as a pivot does, for the rows after it."""
    found: dict[Place, str] = {}
    order = sorted(labels.all)
    rows = range(seen.first, seen.last + 1)
    for means in (*_OF_GROUPS, "line"):
        for column in labels.by.get(means, ()):
            after = [c for c in order if c > column]
            if means == "line" and not set(after) & set(labels.by.get("basis", ())):
                continue
            texts = {row: seen.grid.text(row, column) for row in rows}
            if any(texts[row] and texts[row] == texts.get(row + 1) for row in rows):
                continue
            said = ""
            for row in rows:
                if texts[row]:
                    said = "" if is_total(texts[row]) else texts[row]
                elif not any(seen.grid.text(row, c) for c in after):
                    said = ""
                elif said:
                    found[row, column] = said
    return found


def _are_bodies(seen: Seen, known: Known, column: int, year: str) -> bool:
    """Whether the names in a column are bodies rather than lines."""
    names = {seen.grid.text(row, column) for row in range(seen.first, seen.last + 1)} - {""}
    bodies = lines = 0
    for name in names:
        match = known.bodies.match(name, year)
        bodies += bool(match.code and match.how != "near")
        lines += bool(known.lines.named(name).line)
    return bodies > lines


def left_rows(read: Read, lines: Sequence[Line], seen: Seen) -> None:
    """Name what rows of words and rows that are no money leave out."""
    for line in lines:
        if line.kind in (HEADING, OTHER):
            read.left.append(Left((line.row, seen.left, line.row, seen.right), line.reason))
            read.mark(line.row, range(seen.left, seen.right + 1), 3)
