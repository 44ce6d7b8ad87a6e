"""What a file holds, as it is seen, and as it is read: the nouns that the steps of an import share.

Seeing makes a `Grid` of each sheet and a `Seen` of each table in it. Reading makes a `Read` of each
`Seen`: rows of a book, each with the cells that it came from, the totals that were checked, what was
left out and why, and the questions that stop it. Places are counted from nought, rows before columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from controltotal.core.errors import column_letter
from controltotal.core.finding import FileCell, Finding

Value = str | int | float | bool | date | None
"""A cell as it is stored: a text, a number, a truth, a day, or nothing."""
Place = tuple[int, int]
Area = tuple[int, int, int, int]
"""Top, left, bottom, right; the last row and column belong to it."""

UNNAMED: Final = 0
USED: Final = 1
"""A cell that stands in a row of the book."""
RECONCILED: Final = 2
"""A total, a variance or a cumulative cell that was checked against what it is made of."""
LEFT_OUT: Final = 3
"""A cell that was left out, with its reason in `Read.left_out`."""
_FEW: Final = 5
"""Cells that a row of a book names one by one."""


def address(row: int, column: int) -> str:
    """The address of a cell.

    >>> address(6, 1)
    'B7'
    """
    return f"{column_letter(column)}{row + 1}"


def area(top: int, left: int, bottom: int, right: int) -> str:
    """The address of an area; of one cell alone where it is one.

    >>> area(6, 1, 18, 1), area(6, 1, 6, 1)
    ('B7:B19', 'B7')
    """
    first, last = address(top, left), address(bottom, right)
    return first if first == last else f"{first}:{last}"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet (`sheet` is empty for a plain text), its lines of unequal length.

    Merged areas are given, and not yet filled. `shown` says of numbers what their format shows beside
    them or instead of them (`scaled`, `%`, `£`, `£m`); `untold` holds the text of error cells and of
    formulas without a stored value. `values_only` is a form that tells neither formats nor formulas.
    """

    file: str
    sheet: str
    cells: Sequence[Sequence[Value]]
    merged: Sequence[Area] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    shown: Mapping[Place, str] = field(default_factory=dict)
    untold: Mapping[Place, str] = field(default_factory=dict)
    values_only: bool = False
    struck: frozenset[Place] = frozenset()
    """Cells that are struck through."""

    def value(self, row: int, column: int) -> Value:
        """What stands in a cell; None outside the sheet and in an empty one.

        >>> Grid("a.csv", "", [["x"]]).value(0, 0), Grid("a.csv", "", [["x"]]).value(4, 4)
        ('x', None)
        """
        if row >= len(self.cells) or column >= len(self.cells[row]):
            return None
        found = self.cells[row][column]
        return None if isinstance(found, str) and not found.strip() else found

    def text(self, row: int, column: int) -> str:
        """What stands in a cell as text without surrounding blanks; a whole number without `.0`."""
        found = self.value(row, column)
        if isinstance(found, float) and found.is_integer():
            found = int(found)
        return "" if found is None else str(found).strip()

    def at(self, row: int, column: int) -> FileCell:
        """A cell as a finding names it."""
        return FileCell(self.file, self.sheet, address(row, column))

    def each(self, places: Sequence[Place]) -> FileCell:
        """Cells as the row that they make names them: each of a few, of many the first and the last."""
        names = [address(*place) for place in dict.fromkeys(places)]
        few = ", ".join(names) if len(names) <= _FEW else f"{names[0]} to {names[-1]}"
        return FileCell(self.file, self.sheet, few)

    def over(self, top: int, left: int, bottom: int, right: int) -> FileCell:
        """An area as a finding names it."""
        return FileCell(self.file, self.sheet, area(top, left, bottom, right))


@dataclass(frozen=True, slots=True)
class Measure:
    """What the money of a column is, as far as its headings say; empty is not said.

    `basis`: plan, actual, forecast, variance, percent, prior (an earlier year beside the year that is
    reported), movement (since an earlier report, and what that said), outturn (near: forecast or
    actual). `span`: month, to_date (from April to `month`), year, quarter, half, total (of the
    columns beside it). `number` is the month, quarter or half that it is of; nought is not said.
    `fact` is the fact where the column holds no money of the surplus, such as `workforce` (WTE).
    `unit` is what the column itself says: £, £k, £m, £bn, wte, %.
    """

    basis: str = ""
    span: str = ""
    number: int = 0
    year: str = ""
    fact: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A column as its headings say it: `texts` from the top one down, merged ones given to each.

    `means` is a word of the vocabulary of headings (`data/intake_words.csv`), such as `organisation`,
    `line`, `line_code`, `scheme_id`, `title`, `recurrence`, `debit`; it is `money` where `measure`
    says what of, `notes` for remarks, and empty where nobody can tell. `how` is `exact`, `near` (to be
    asked) or empty. `rest` is what of the headings of money nobody could read, and other money
    columns of the table do not say too: a body, a service, a remark.
    """

    column: int
    texts: tuple[str, ...]
    means: str = ""
    measure: Measure = Measure()
    how: str = ""
    rest: str = ""
    mark: str = ""
    """`recurrent` or `non_recurrent` where the money of the column is that alone."""

    @property
    def text(self) -> str:
        """The headings in one line, from the top one down."""
        return " / ".join(self.texts)


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that words around a table say of all of it, and the cell that says so.

    `what` is organisation, year, basis, unit, month, to_date, date, signs; `value` is in the form of
    the book, and the words themselves for an organisation. `place` is where.
    """

    what: str
    value: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Seen:
    """A table as it stands on a sheet: its headings, its rows, and what the words around it claim.

    Rows `first` to `last` and columns `left` to `right` are its body; headings stand in
    `heading` (the first and last row of them). `claims` come from the lines above, the name of the
    sheet and of the file (these have the place (-1, -1)), the nearest first.
    """

    grid: Grid
    heading: tuple[int, int]
    first: int
    last: int
    left: int
    right: int
    heads: tuple[Head, ...]
    claims: tuple[Claim, ...] = ()

    @property
    def area(self) -> str:
        """The whole of it with its headings, as an address."""
        return area(self.heading[0], self.left, self.last, self.right)

    def claimed(self, what: str) -> Claim | None:
        """The nearest claim of a kind."""
        return next((claim for claim in self.claims if claim.what == what), None)

    def heads_of(self, means: str) -> tuple[Head, ...]:
        """The columns that mean this."""
        return tuple(head for head in self.heads if head.means == means)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person says of a file: options of the command, and the lines of its mapping.

    `costs` is plain, costs_negative or ledger; `months` single or cumulative; `sheets` is `add` where
    sheets of the same lines are parts of one whole; `struck` whether what is struck through is kept
    (`keep`) or gone (`leave`); `kind` what tables are of that do not tell it themselves, where `as_` is
    of every table.

    `headings`, `lines`, `bodies` and `totals` answer questions: by the text that the file has
    (folded), the word, line, code or `total`/`row`/`leave` that it is; an empty answer leaves it out.
    """

    organisation: str = ""
    year: str = ""
    basis: str = ""
    unit: str = ""
    costs: str = ""
    month: str = ""
    months: str = ""
    sheets: str = ""
    struck: str = ""
    kind: str = ""
    as_: str = ""
    sheet: str = ""
    known_on: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row for the book: its table, its filled cells as text, and the cells that it came from.

    `beside` are the cells in other rows of the file that are added into its money.
    """

    table: str
    cells: Mapping[str, str]
    row: int
    columns: tuple[int, ...]
    beside: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A total of the file beside what it is made of, in pence; they agree where `difference` is nil.

    `slack` is what rounding as shown allows, and nil unless the file holds rounded numbers.
    `parts` are the cells that make it, the first and the last of them.
    """

    total: str
    place: Place
    expected: int
    found: int
    slack: int = 0
    parts: tuple[Place, ...] = ()
    kind: str = "total"
    """`total`, `to_date` (a running sum) or `variance`."""
    period: str = ""
    """Of a row's total, the period of its column as a book says it: `9`, `YTD9`; empty for a year."""

    @property
    def difference(self) -> int:
        """What the file says beyond its parts."""
        return self.found - self.expected

    @property
    def agrees(self) -> bool:
        """Whether it equals its parts, within rounding."""
        return abs(self.difference) <= self.slack


@dataclass(frozen=True, slots=True)
class Left:
    """An area that gives the book nothing, and why."""

    area: Area
    reason: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a heading, a line or a body of the file was taken for, and how that is known.

    `how` is exact, code, former_name, asked or mapping; `certainty` is 1 for all but `asked`.
    """

    heading: str
    column: str
    how: str
    certainty: float = 1.0


@dataclass(slots=True)
class Read:
    """A table as it was read: what the book would get, and what stops it.

    A finding of severity error is a question: nothing of the file is written while one stands.
    `totals` are the labels of rows that were taken for totals, `slots` (a row of bytes of `UNNAMED`,
    `USED`, … for each row of the table from `first`, counted from `left`) the fate of each cell.
    """

    seen: Seen
    table: str
    rows: list[Row] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    mapped: list[Mapped] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    slots: list[bytearray] = field(default_factory=list)
    postings: bool = False
    """Whether a row is the sum of many of the table, of which it names the first."""
    said: dict[str, str] = field(default_factory=dict)
    """What was settled for the whole of it: organisation, year, basis, unit, costs, month."""

    def __post_init__(self) -> None:
        if not self.slots:
            seen = self.seen
            wide = seen.right - seen.left + 1
            self.slots = [bytearray(wide) for _ in range(seen.last - seen.first + 1)]

    def mark(self, row: int, columns: Sequence[int], fate: int) -> None:
        """Note what became of cells of a row; what is used stays so."""
        slots, left = self.slots[row - self.seen.first], self.seen.left
        for column in columns:
            if left <= column < left + len(slots) and slots[column - left] != USED:
                slots[column - left] = fate

    def mark_rows(self, rows: Iterable[int], columns: Sequence[int], fate: int) -> None:
        """Note what became of the same cells of some rows."""
        wide = range(self.seen.left, self.seen.right + 1)
        alike = bytearray(fate if column in columns else UNNAMED for column in wide)
        for row in rows:
            slots = self.slots[row - self.seen.first]
            if any(slots):
                self.mark(row, columns, fate)
            else:
                slots[:] = alike
