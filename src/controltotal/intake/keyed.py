"""The rows that a table of money gives a book: one for each key, from all the cells that say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from controltotal.core.vocabulary import folded
from controltotal.intake import signs
from controltotal.intake.adjusting import twin
from controltotal.intake.cells import written
from controltotal.intake.ground import Ground, words_above
from controltotal.intake.known import Known
from controltotal.intake.labels import is_deficit
from controltotal.intake.model import LEFT_OUT, USED, Left, Place, Read, Row
from controltotal.intake.money_columns import BOOK_TO_DATE, Col
from controltotal.intake.reckoned import same_twice, unknown_bodies, unnamed_table
from controltotal.intake.rows import DATA, Line, RowReader
from controltotal.intake.summed_rows import WHOLE

Key = tuple[str, ...]
KEY: Final = (
    "organisation",
    "line",
    "year",
    "month",
    "basis",
    "recurrence",
    "counterparty",
)
NEEDED: Final = ("organisation", "line", "year", "basis")


@dataclass(slots=True)
class _Sum:
    """What the book gets under one key: the money as it writes it, and the cells that make it."""

    pence: int
    unit: str
    row: int
    columns: list[int]
    labels: list[tuple[str, ...]]
    beside: list[Place] = field(default_factory=list)
    """Cells of other rows that are added into it."""


@dataclass(slots=True)
class Keyed:
    """The money of one table under the keys of `amounts`; what lacks a body or a line is asked.

    `habit` is how the table writes costs; of `postings` many may say one key.
    """

    read: Read
    ground: Ground
    known: Known
    reader: RowReader
    habit: str
    postings: bool
    sums: dict[Key, _Sum] = field(default_factory=dict)
    no_line: set[int] = field(default_factory=set)
    no_body: dict[str, list[int]] = field(default_factory=dict)
    deficits: dict[int, bool] = field(default_factory=dict)
    """By column, whether its heading or the title says that a deficit is positive."""
    proved: bool = False
    """Whether a total of the table agrees with its rows."""

    def put(self, lines: Sequence[Line], money: Sequence[Col]) -> None:
        """The rows that the book gets, one for each key, from the cells that say it."""
        repeated: dict[Key, list[Place]] = {}
        self.proved = any(check.agrees for check in self.read.checks)
        self.deficits = {col.index: self._shows_deficits(col) for col in money}
        for line in lines:
            if line.kind != DATA:
                continue
            filled = [col for col in money if line.pence.get(col.index) is not None]
            used = [col for col in filled if not self._only_to_date(line, col)]
            outside = line.outside and line.said.get("line")
            for one in (line, twin(line, self.known)) if outside else (line,):
                for col in used:
                    self._add(one, col, repeated)
            if used:
                self.read.mark(line.row, self.reader.labels.all, USED)
                self.read.mark(line.row, [col.index for col in used], USED)
        if repeated:
            self.read.findings.append(same_twice(self.read.seen, list(repeated.values())))
        self._say_lacks()
        for key, total in self.sums.items():
            cells = dict(zip(KEY, key, strict=True))
            cells |= {"amount": written(total.pence, total.unit), "unit": total.unit}
            said = {column: text for column, text in cells.items() if text}
            columns, beside = tuple(total.columns), tuple(total.beside)
            self.read.rows.append(Row("amounts", said, total.row, columns, beside))

    def _only_to_date(self, line: Line, col: Col) -> bool:
        """Whether a cell is of a forecast to date by its row, and so is left out."""
        basis = line.said.get("basis", "actual")
        if basis in BOOK_TO_DATE or not col.period.startswith("YTD"):
            return False
        area = (line.row, col.index, line.row, col.index)
        self.read.left.append(Left(area, f"a {basis} to date, which a book holds by its months"))
        self.read.mark(line.row, [col.index], LEFT_OUT)
        return True

    def _add(self, line: Line, col: Col, repeated: dict[Key, list[Place]]) -> None:
        """Put a cell under its key; say where a row of one name puts another there."""
        cells = self._cells(line, col)
        if not all(cells[what] for what in NEEDED):
            if not cells["line"] and self.reader.labels.is_bodies:
                self.no_line.add(col.index)
            return
        key = tuple(cells[what] for what in KEY)
        pence = self._turned(line, col, cells["line"])
        unit = self.reader.unit_of(line.row, col)
        before = self.sums.get(key)
        label = self.reader.part_label(line)
        if before is None:
            self.sums[key] = _Sum(pence, unit, line.row, [col.index], [label])
            return
        before.pence += pence
        before.unit = unit if unit == before.unit else "£"
        if self.postings:
            return
        if label in before.labels and before.row != line.row:
            repeated.setdefault(key, [(before.row, col.index)]).append((line.row, col.index))
        before.labels.append(label)
        if line.row == before.row:
            before.columns.append(col.index)
        else:
            before.beside.append((line.row, col.index))

    def _cells(self, line: Line, col: Col) -> dict[str, str]:
        """The key of a cell: what its row says, then its column, then the whole table."""
        said = line.said
        return {
            "organisation": col.body or said.get("organisation") or self._organisation(line),
            "line": col.line or said.get("line", ""),
            "year": said.get("year") or col.year or self.ground.need("year"),
            "month": said.get("month") or col.period,
            "basis": said.get("basis") or col.basis or self.ground.need("basis"),
            "recurrence": col.mark or said.get("recurrence", ""),
            "counterparty": said.get("counterparty", ""),
        }

    def _turned(self, line: Line, col: Col, name: str) -> int:
        """The money of a cell as a book writes it."""
        if name in WHOLE and self._is_deficit(line, col):
            return -line.pence[col.index]
        side = col.side or line.said.get("direction", "")
        account = self.known.lines.all.get(name)
        kind = line.written or (account.written_kind if account else "")
        pence = signs.turned(line.pence[col.index], kind, self.habit, side, proved=self.proved)
        return pence if account is None or account.kind == kind else -pence

    def _is_deficit(self, line: Line, col: Col) -> bool:
        """Whether words say that a deficit is positive, and not all figures beside it are below nil."""
        if is_deficit(line.label):
            return max(line.pence.values()) > 0
        return self.deficits[col.index]

    def _shows_deficits(self, col: Col) -> bool:
        """Whether a heading or a title says that a deficit is positive, and some figure is above nil."""
        titles = words_above(self.read.seen) if self.reader.labels.is_bodies else []
        if is_deficit(col.head.text) or any(map(is_deficit, titles)):
            return max(one.pence.get(col.index, 0) for one in self.reader.found.rows) > 0
        return False

    def _organisation(self, line: Line) -> str:
        """The body of the whole table; none where the rows name bodies and this one cannot be told."""
        by = self.reader.labels.by
        if "organisation" in by or "organisation_code" in by:
            text = self.reader.body_text(line.row)
            if self.reader.asked.bodies.get(folded(text)) == "":
                self._leave(line.row)
                return ""
            rows = self.no_body.setdefault(text, [])
            if line.row not in rows:
                rows.append(line.row)
            return ""
        return self.ground.need("organisation")

    def _leave(self, row: int) -> None:
        """Name a row of a body that the person leaves out; totals hold it all the same."""
        seen = self.read.seen
        left = Left((row, seen.left, row, seen.right), "left out as the mapping says")
        if left not in self.read.left:
            self.read.left.append(left)
            self.read.mark(row, range(seen.left, seen.right + 1), LEFT_OUT)

    def _say_lacks(self) -> None:
        """Ask for the bodies and the lines that were missed."""
        if self.no_line:
            self.read.findings.append(unnamed_table(self.read.seen, sorted(self.no_line)))
        if self.no_body:
            near = {text: self._near(text) for text in self.no_body}
            self.read.findings.append(unknown_bodies(self.read.seen, self.no_body, near))

    def _near(self, text: str) -> tuple[str, ...]:
        return self.known.bodies.match(text, self.ground.year).near
