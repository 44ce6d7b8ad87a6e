"""Which sheets a workbook has, what they are called, and where a number is explained.

First the contents, then a sheet a page, then what a page on the screen keeps folded, each table on
a sheet of its own where it can be filtered; then the numbers that charts are drawn from, every
figure, and how each number was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.papers.paper import Paper
from controltotal.papers.sections import Cell, ChartView, Native, Note, Section, TableView

CONTENTS: Final = "Contents"
CHARTS: Final = "Chart numbers"
FIGURES: Final = "Figures"
NAME_MAX: Final = 31
"""Characters that the name of a sheet may have."""
SHORTEST: Final = 10
"""Characters that a name keeps at least where it is cut at a comma or a colon."""
HEAD_ROWS: Final = 3
"""Rows of a sheet that say what it is: its title, the paper, the way back."""
LEFT_OUT: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
UNIT: Final = re.compile(r", £ million\b")
TRAILING: Final = re.compile(
    r"(?:[\s,:;(\u2013\u2014-]|\b(?:and|or|of|the|to|by|in|a|what|how|be|is|are|from|with|for|cannot|that|they|it))+$"
)


@dataclass(frozen=True, slots=True)
class PageSheet:
    """A sheet of one page: its name, and its parts in their order."""

    name: str
    parts: tuple[Section, ...]

    @property
    def title(self) -> str:
        """What people call it."""
        return self.parts[0].title

    @property
    def tables(self) -> list[TableView]:
        """The tables that stand on it."""
        return [t for part in self.parts for t in part.tables if t.rows and not t.folded]


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A sheet of one table, and the name of the page that it belongs to."""

    name: str
    table: TableView
    page: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart that the spreadsheet draws, and the table behind it where the paper has one."""

    view: ChartView
    native: Native
    table: TableView | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure that is shown, the title of the first page that shows it, and the name of its row."""

    figure: Figure
    page: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Every sheet of a workbook, before one is written."""

    pages: tuple[PageSheet, ...]
    tables: tuple[TableSheet, ...]
    charts: tuple[Drawn, ...]
    figures: Mapping[str, Shown]
    """By id, in the order of the pages."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """By id of a figure: the rule that made it, where the paper tells it."""


def planned(paper: Paper) -> Plan:
    """The sheets of a paper."""
    groups = _pages(paper)
    taken = {CONTENTS.lower(), CHARTS.lower(), FIGURES.lower()}
    charts = tuple(_charts(paper.sections))
    behind = {id(one.table) for one in charts}
    pages = [(parts, any(_stands(part) for part in parts)) for parts in groups]
    named = {
        id(parts): sheet_name(parts[0].title, taken) for parts, stands in pages if stands and parts
    }
    sheets = tuple(PageSheet(named[id(parts)], parts) for parts, stands in pages if stands)
    tables = []
    for parts, _ in pages:
        for table in (table for part in parts for table in part.tables):
            if table.folded and table.rows and id(table) not in behind:
                page = named.get(id(parts), "")
                tables.append(TableSheet(sheet_name(table.title, taken), table, page))
    tables.sort(key=lambda one: explains(one.table))  # the notes come last
    return Plan(sheets, tuple(tables), charts, _figures(groups), _rules(paper.sections))


def _pages(paper: Paper) -> list[tuple[Section, ...]]:
    """The parts of each page; where a paper is not in pages, each section is one."""
    found: list[list[Section]] = []
    for section in paper.sections:
        if found and paper.paged and section.level > 2:
            found[-1].append(section)
        else:
            found.append([section])
    return [tuple(parts) for parts in found]


def _stands(part: Section) -> bool:
    """Whether a part has anything that is not folded."""
    said = part.words or part.points or part.figures or part.charts or part.tree
    return bool(said) or any(table.rows and not table.folded for table in part.tables)


def _charts(sections: Iterable[Section]) -> list[Drawn]:
    """Charts that a spreadsheet draws, each with the table behind it; one whose table is not in the
    paper stays a picture, and a series whose column tells nothing is left out."""
    found = []
    for section in sections:
        folded = [table for table in section.tables if table.folded and table.rows]
        for view in section.charts:
            native = view.native
            if native is None:
                continue
            if not _keys(native):
                found.append(Drawn(view, native, None))
                continue
            table = max(folded, key=lambda one: _matches(native, one), default=None)
            if table is None or not _matches(native, table):
                continue
            folded.remove(table)
            held = {column.key for column in table.columns}
            kept = [s for s in native.series if not isinstance(s.values, str) or s.values in held]
            found.append(Drawn(view, replace(native, series=tuple(kept)), table))
    return found


def _keys(native: Native) -> set[str]:
    """The columns that a chart names of the table behind it."""
    named = [native.behind, native.categories, *(one.values for one in native.series)]
    return {key for key in named if isinstance(key, str) and key}


def _matches(native: Native, table: TableView) -> int:
    """How many of the columns that a chart names a table has; none where it has not the names."""
    held = {column.key for column in table.columns}
    names = {native.behind, native.categories if isinstance(native.categories, str) else ""} - {""}
    drawn = _keys(native) - names
    if not names <= held or (drawn and not drawn & held):
        return 0
    return len(_keys(native) & held)


def explains(table: TableView) -> bool:
    """Whether the rows of a table say how numbers were made."""
    return bool(table.columns) and table.columns[0].kind in ("note", "anchor")


def _figures(pages: Iterable[tuple[Section, ...]]) -> dict[str, Shown]:
    """Every figure that is shown, in the order of the pages."""
    found: dict[str, Shown] = {}
    for parts in pages:
        for figure, row in (one for part in parts for one in _shown(part)):
            found.setdefault(figure.id, Shown(figure, parts[0].title, row))
    return found


def _shown(part: Section) -> Iterable[tuple[Figure, str]]:
    yield from ((figure, "") for figure in part.figures)
    for table in (table for table in part.tables if not explains(table)):
        for row in table.rows:
            named = row.get(table.columns[0].key)
            for column in table.columns:
                value = row.get(column.key)
                if isinstance(value, Figure):
                    yield value, named.strip() if isinstance(named, str) else ""


def _rules(sections: Iterable[Section]) -> dict[str, str]:
    """The rule of each figure, as the notes of the paper tell it."""
    found = {}
    for table in (table for section in sections for table in section.tables):
        for row in table.rows if explains(table) else ():
            named = row.get(table.columns[0].key)
            if isinstance(named, Figure) and row.get("rule"):
                found[named.id] = str(row["rule"])
    return found


def how_of(value: Any) -> str:
    """What names the note of a number: of a figure its id; empty of anything else."""
    if isinstance(value, Cell):
        return value.how if value.value is not None else ""
    if isinstance(value, Note):
        return value.how
    return value.id if isinstance(value, Figure) else ""


def body_row(table: TableView) -> int:
    """The first row of the numbers on a sheet of one table, counted from nought."""
    return HEAD_ROWS + bool(table.note) + 1 + bool(table.groups) + 1


def sheet_name(title: str, taken: set[str]) -> str:
    """A name for a sheet as people read it, allowed and like no other; `taken` holds them in small.

    >>> names = set()
    >>> sheet_name("3 Income and cost by line, and people", names)
    '3 Income and cost by line'
    >>> sheet_name("Efficiencies by category, £ million", names), sheet_name("A/B: c?", names)
    ('Efficiencies by category', 'A B c')
    >>> sheet_name("A/B: C", names), sheet_name("[]", names)
    ('A B C 2', 'Sheet')
    """
    short = cut_short(UNIT.sub("", title))
    name, count = short, 1
    while name.lower() in taken:
        count += 1
        tail = f" {count}"
        name = f"{short[: NAME_MAX - len(tail)].rstrip()}{tail}"
    taken.add(name.lower())
    return name


def cut_short(title: str) -> str:
    """A title that fits the tab of a sheet, cut where a reader would pause.

    >>> cut_short("10 What does not add up, and method"), cut_short("Not yet assured: the most money")
    ('10 What does not add up', 'Not yet assured the most money')
    """
    clean = _clean(title)
    if len(clean) > NAME_MAX:
        pauses = [found.start() for found in re.finditer(r"[,:;(]\s|\s\(", title)]
        kept = [_clean(title[:at]) for at in pauses]
        fitting = [one for one in kept if SHORTEST <= len(one) <= NAME_MAX]
        words = clean[: NAME_MAX + 1].rpartition(" ")[0] or clean[:NAME_MAX]
        clean = fitting[-1] if fitting else TRAILING.sub("", words) or words
    return "Sheet" if not clean or clean.lower() == "history" else clean


def _clean(title: str) -> str:
    return " ".join(LEFT_OUT.sub(" ", title).split()).strip("' ")
