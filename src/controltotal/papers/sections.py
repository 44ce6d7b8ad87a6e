"""Sections of a pack: words, figures, charts and tables, from which page and workbook are made.

A section is built from Results alone. One list of sections gives the HTML page, the workbook and
the PDF, so that they cannot disagree. Plain words come first, then the figures, then the chart,
then the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.core.names import short_names
from controltotal.core.result import Result
from controltotal.papers.vega import Spec

Results = Mapping[str, Result]

INDENT: Final = "\u2003"
"""One step down the tree, before the name of a body; a page shows it as a margin."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key in the rows, heading, and how its cells are shown.

    Kinds: text, money (pence shown in £m), number, share, yesno, figure (a Figure), cell (a Figure,
    or a Cell; empty where nothing tells it).
    """

    key: str
    heading: str
    kind: str = "text"

    @property
    def right(self) -> bool:
        """Whether cells stand to the right, as numbers do."""
        return self.kind in ("money", "number", "share", "chance", "figure", "cell")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table that is no figure of its own, and the note that says how it was made.

    `value` is None where nothing tells it; `unit` is `pence`, `share` or `count`; `how` is the key
    of a note: `table.column` of the answer that it was taken from. `of` tells its row from every
    other of that table: names of columns with what stands in them.
    """

    value: int | float | None
    unit: str
    how: str
    of: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Note:
    """Where the note of some cells stands: their `how`, and what people call the number."""

    how: str
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class TableView:
    """A table for people: its title says what it holds.

    `folded`, a page keeps it closed until it is asked for, and a printed paper leaves it out.
    `groups` are headings over runs of columns: title, and how many columns it spans.
    `unit` is that of its money. Where there is no room for all of it, whole `tiers` of rows go, those
    with the highest numbers first (else the last rows), and what is left out is counted as `what`
    it is; and columns go, those of `least` first.
    `identities` say which columns are made of others in the same row (`variance = actual - plan`,
    `share = part / whole`), `totals` which rows are sums of which (by their places). A workbook
    makes live formulas of both wherever the numbers that are shown obey them to the penny.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Mapping[str, Any]]
    note: str = ""
    folded: bool = False
    groups: tuple[tuple[str, int], ...] = ()
    identities: tuple[str, ...] = ()
    totals: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    unit: str = "£m"
    tiers: tuple[int, ...] = ()
    what: str = "rows"
    least: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart that a spreadsheet draws: its name, its numbers and its look.

    `values` are pence (None where nothing is told, which leaves a hole), or the key of a column of
    the table behind the chart; `look` is a word of `native_charts.LOOKS`.
    """

    name: str
    values: tuple[int | None, ...] | str
    look: str


@dataclass(frozen=True, slots=True)
class Native:
    """What a spreadsheet needs to draw a chart of its own from cells.

    `kind`: `lines`, `bars` (below each other, side by side) or `stacked` (below each other);
    `axis` names the axis of money; `categories` are names, or the key of a column of the table
    behind the chart: the first folded one of its section that has every column which is named here,
    `behind` among them. A chart that names none has its numbers beside it alone.
    """

    kind: str
    axis: str
    categories: tuple[str, ...] | str
    series: tuple[Series, ...]
    behind: str = ""


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart with its message, its words for those who cannot see it, and an id.

    `narrow` is the same chart drawn anew for a phone, `native` what a spreadsheet needs to draw it.
    """

    id: str
    title: str
    chart: Spec
    alternative: str
    narrow: Spec | None = None
    native: Native | None = None


def chart_id(*parts: str) -> str:
    """An id for a chart from what a book calls things: safe in a page, as a file, and no two alike.

    >>> chart_id("votes", "D-01"), chart_id("votes", 'D"/1')
    ('chart-votes-D-01', 'chart-votes-D_22__2f_1')
    """
    return "-".join(
        ["chart", *("".join(c if _plain(c) else f"_{ord(c):x}_" for c in part) for part in parts)]
    )


def _plain(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "-")


@dataclass(frozen=True, slots=True)
class TreeView:
    """A tree as plain text that reads line by line, with what it shows."""

    title: str
    text: str


NARROW_COLUMNS: Final = 5
"""Columns that a table has at most where it stands beside another part."""
TEXTS: Final = 2
"""Columns of text that such a table has at most."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a pack, or one part of a page.

    `level` 2 begins a page, 3 is a part of the page before it; the words of a `lead` are headlines;
    `points` are short lines, one below the other; words and points of a `closed` one are read on a
    page when asked for; a page keeps the whole of an `appendix` closed until then.
    """

    id: str
    title: str
    words: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    charts: tuple[ChartView, ...] = ()
    tables: tuple[TableView, ...] = ()
    tree: TreeView | None = None
    level: int = 2
    lead: bool = False
    closed: bool = False
    points: tuple[str, ...] = ()
    appendix: bool = False

    @property
    def across(self) -> bool:
        """Whether it needs the whole width of a page: its table has many columns, or texts."""
        return self.paired or any(
            len(table.columns) > NARROW_COLUMNS or sum(not c.right for c in table.columns) > TEXTS
            for table in self._shown[:1]
        )

    @property
    def paired(self) -> bool:
        """Whether its chart and its table stand side by side: the table says a sentence a row."""
        return bool(self.charts) and any(
            sum(not c.right for c in table.columns) == TEXTS == len(table.columns) - 1
            for table in self._shown[:1]
        )

    @property
    def headed(self) -> str:
        """What stands over it on a page of many parts: the title of its table, where it is all.

        The table then needs no caption of its own in sight.
        """
        said = self.words or self.points or self.figures or self.charts or self.tree
        return self._shown[0].title if self.level > 2 and self._shown and not said else ""

    @property
    def _shown(self) -> list[TableView]:
        return [table for table in self.tables if table.rows and not table.folded]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        said = self.words or self.points or self.figures or self.charts or self.tree
        return not said and not any(table.rows for table in self.tables)


def columns(*pairs: str) -> tuple[Column, ...]:
    """Columns from short texts `key|Heading|kind`.

    >>> columns("name|Body", "pence|Amount|money")[1].kind
    'money'
    """
    found = []
    for pair in pairs:
        key, heading, *kind = pair.split("|")
        found.append(Column(key, heading, kind[0] if kind else "text"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Focus:
    """What a pack is about: one body and one year, with names for codes."""

    organisation: str
    year: str
    names: Mapping[str, str]
    kinds: Mapping[str, str]
    fictional: bool = False

    def shortly_named(self) -> Focus:
        """The same with the names that people say."""
        return replace(self, names=short_names(self.names))

    def name(self, code: str) -> str:
        """The name of a body."""
        return self.names.get(code, code)


FICTIONAL: Final = "These data are fictional: no organisation, person or figure in them is real."
"""What stands on every page of what is made from a fictional book."""
STAND_IN: Final = "stand_in"
"""The column that says of a row, and the qualifier that says of a figure, that it is made without a
body that has not reported, or with its plan for what is missing."""


def aside_of(results: Results, code: str, year: str) -> str:
    """What the figures of a body rest on in place of who has not reported; empty where on nothing."""
    for verb, table in (("position", "to_date"), ("risk", "quantiles"), ("forecast", "xmr")):
        for row in results[verb].tables.get(table, ()) if verb in results else ():
            if (row["organisation"], row["year"]) == (code, year) and row.get(STAND_IN):
                return str(row[STAND_IN])
    return ""


def focus_of(results: Results, organisation: str | None = None) -> Focus:
    """The body and year a pack is about: as asked, else the one that leads the book."""
    register = results["register"]
    bodies = register.tables["organisations"]
    named_now = {row["organisation"]: row["name"] for row in bodies}
    names = {**register.names, **named_now}  # those of other years have names too
    kinds = {row["organisation"]: row["kind"] for row in bodies}
    settings = {row["key"]: row["value"] for row in register.tables["book"]}
    return Focus(
        register.scope.about(organisation) or next(iter(names), ""),
        str(register.options.get("year", "")),
        names,
        kinds,
        settings.get("fictional", "").lower() == "yes",
    )


def told_columns(table: TableView) -> TableView:
    """A table without the columns in which no row tells anything; its first column stays.

    >>> table = TableView("", columns("a|A", "b|B", "c|C"), [{"a": 1, "b": "", "c": 0}])
    >>> [column.key for column in told_columns(table).columns]
    ['a', 'c']
    """
    first, *rest = table.columns
    kept = [first, *(one for one in rest if any(_tells(row.get(one.key)) for row in table.rows))]
    if len(kept) == len(table.columns):
        return table
    groups, place = [], 0
    for title, span in table.groups:
        left = sum(one in kept for one in table.columns[place : place + span])
        place += span
        if left:
            groups.append((title, left))
    return replace(table, columns=tuple(kept), groups=tuple(groups))


def pence_of(cell: Any) -> int | None:
    """The sum of money that a cell tells; of a figure known from one side alone, that bound."""
    if isinstance(cell, Figure) and cell.status == "bounded" and None in (cell.low, cell.high):
        cell = cell.low if cell.high is None else cell.high
    value = cell.value if isinstance(cell, Figure | Cell) else cell
    return value if isinstance(value, int) else None


def _tells(value: Any) -> bool:
    return value.value is not None if isinstance(value, Cell) else value not in (None, "")


def figure(results: Results, verb: str, figure_id: str) -> Figure | None:
    """A figure of one of the results, or None."""
    found = results.get(verb)
    return found.figure(figure_id) if found else None


def just_below(results: Results, focus: Focus) -> list[str]:
    """The bodies directly below the one that a paper is about, in the order of the data."""
    rows = results["register"].tables["organisations"]
    return [row["organisation"] for row in rows if row["parent"] == focus.organisation]


def below(results: Results, focus: Focus) -> set[str]:
    """The body that a paper is about and everybody below it."""
    found = {focus.organisation}
    for row in results["register"].tables["organisations"]:
        if row["parent"] in found:
            found.add(row["organisation"])
    return found
