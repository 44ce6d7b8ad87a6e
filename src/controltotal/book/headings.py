"""The headings over the rows in force: variants read, near misses stopped, others told once.

A ledger and a folder are judged alike, by the columns under which something is written. A heading
that is a slip of a known one, where nothing is written under that one, stops its rows: they are
read as if it were meant, so that the figures which they would have moved are known to be in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from controltotal.book.published import PUBLISHED_ROW
from controltotal.book.remembered import Remembered
from controltotal.core.calendar import CalendarError, parse_month
from controltotal.core.errors import column_letter
from controltotal.core.finding import Finding
from controltotal.core.money import canonical_unit
from controltotal.core.schema import Table, near, tables
from controltotal.core.vocabulary import folded
from controltotal.ledger.entries import Entry
from controltotal.ledger.source import BookSource

IMPORTED: Final = "import-"
"""How the ids of sources begin that imports make."""
OF_IMPORTS: Final = frozenset(("cell", "source"))
"""Columns that an import writes into a book of files, also where the table does not list them."""
_TWIN = re.compile(r"(.+) \(column [A-Z]+\)")
_DIRECTIONS = frozenset(("cr", "dr", "cr.", "dr.", "credit", "debit", "c", "d", "+", "-"))
_PERIODS = frozenset(
    (
        "period",
        "periods",
        "periodnumber",
        "periodno",
        "monthnumber",
        "monthno",
        "monthname",
        "mth",
        "mths",
        "mon",
        "financialmonth",
        "financialperiod",
        "reportingmonth",
        "reportingperiod",
        "accountingperiod",
        "fiscalperiod",
        "quarter",
        "qtr",
        "ytd",
        "todate",
    )
)
_NUMBER = re.compile(r"[-−(]?£?[\d][\d.,/]*\s?[kmbn]{0,2}[)%]?")
_OUTCOMES = frozenset(("outcome", "outcomes", "result", "results", "decision", "verdict"))
_WHOSE = frozenset(
    ("panel", "board", "gate", "committee", "director", "final", "overall", "the", "of")
)
_LETTER = re.compile(r"\(column [A-Z]+\)")
_UNIT = re.compile(r"[\s(\[,:-]*£?['\u2019]?(?:£|k|m|bn|000s?|millions?|thousands?)[\s)\]]*$", re.I)


@dataclass(frozen=True, slots=True)
class Headed:
    """Entries under the names of their columns, what was wrong with headings, and rows it stops."""

    entries: list[Entry]
    findings: list[Finding]
    stopped: frozenset[int]


def under_headings(
    entries: Sequence[Entry], source: BookSource, parts: Remembered | None = None
) -> Headed:
    """Entries whose columns bear the names of their table, however they were written."""
    parts = parts or Remembered()
    of_table: dict[str, list[Entry]] = {}
    for entry in entries:
        of_table.setdefault(entry.table, []).append(entry)
    findings: list[Finding] = []
    stopped: set[int] = set()
    others: dict[str, list[str]] = {}
    lifted: dict[int, Entry] = {}
    for name in tables():
        if name not in of_table:
            continue
        own, columns = of_table[name], (source.columns, source.headings, source.files)
        one = parts.recall(("headings", name), (own, columns), _of_table, own, source)
        findings += one.findings
        stopped |= one.stopped
        lifted |= one.lifted
        if one.others:
            others[name] = one.others
    if others:
        findings.append(_unlisted(others, source))
    read = [lifted.get(entry.seq, entry) for entry in entries] if lifted else list(entries)
    return Headed(read, findings, frozenset(stopped))


@dataclass(frozen=True, slots=True)
class _OfTable:
    """The headings of one table: entries that they change, rows they stop, notes of one's own."""

    lifted: Mapping[int, Entry] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    stopped: frozenset[int] = frozenset()
    others: list[str] = field(default_factory=list)


def _of_table(entries: Sequence[Entry], source: BookSource) -> _OfTable:
    """What the headings of the rows of one table mean."""
    table = tables()[entries[0].table]
    shapes = {tuple([column for column, _ in entry.cells]): None for entry in entries}
    used = dict.fromkeys(column for shape in shapes for column in shape)
    if set(used) <= set(table.columns):
        return _OfTable()
    meant = _meant(table, used, entries)
    lifted, stopped = {}, set()
    for entry in entries:
        read, stops = _lifted(entry, table, meant)
        if read is not entry:
            lifted[entry.seq] = read
        if stops:
            stopped.add(entry.seq)
    findings = _findings(table, meant, source)
    if not source.columns:  # a ledger; the reader of a file tells it with the cell
        findings = [*_nameless(table, meant, entries), *findings]
    noted = [
        one
        for one in meant.others
        if one != PUBLISHED_ROW and not (one in OF_IMPORTS and _imported(entries, one))
    ]
    return _OfTable(lifted, findings, frozenset(stopped), noted)


def _imported(entries: Sequence[Entry], column: str) -> bool:
    """Whether imports alone wrote a column: each row that has it rests on the source of one."""
    rows = (dict(entry.cells) for entry in entries)
    sources = (cells.get("source", "") for cells in rows if cells.get(column))
    return all(source.startswith(IMPORTED) for source in sources)


@dataclass(frozen=True, slots=True)
class _Meant:
    """Unlisted columns of a table: slips of a known one, repeats of one, and notes of one's own.

    Cells of a column without a heading (`nameless`) stop their row where they say one of `words`,
    a unit or a number: whoever wrote `£m` or `forecast` there meant it for a figure.
    """

    slips: dict[str, str]
    twins: dict[str, str]
    others: list[str]
    nameless: list[str]
    words: frozenset[str]

    def bears_on_figures(self, text: str) -> bool:
        """Whether the text of a cell without a heading may change what its row says."""
        if folded(text) in self.words or text.casefold() in _DIRECTIONS or canonical_unit(text):
            return True
        return _NUMBER.fullmatch(text) is not None


def _meant(table: Table, used: Iterable[str], rows: Sequence[Entry]) -> _Meant:
    written = {table.named(column) for column in used}
    absent = [column for column in table.columns if column not in written]
    words = {folded(word) for column in table.columns.values() for word in column.vocabulary}
    meant = _Meant({}, {}, [], [], frozenset(words))
    for heading in used:
        twin = _TWIN.fullmatch(heading)
        if twin and table.named(twin[1]):
            meant.twins[heading] = table.named(twin[1])
        elif _LETTER.fullmatch(heading):
            meant.nameless.append(heading)
        elif not table.named(heading):
            near_ones = [c for c in absent if _is_near(table, heading, c, rows)]
            if near_ones and near_ones[0] not in meant.slips.values():
                meant.slips[heading] = near_ones[0]
            else:
                meant.others.append(heading)
    return meant


def _is_near(table: Table, heading: str, column: str, rows: Sequence[Entry]) -> bool:
    """Whether an unlisted heading seems to mean a column under which nothing is written."""
    if near(heading, column) or _with_unit(table, heading) == column:
        return True
    if column == "outcome":
        return _speaks_of_outcome(heading)
    return column in _SAID_BY_CELLS and _SAID_BY_CELLS[column](heading, rows)


def _words(heading: str, rows: Sequence[Entry]) -> set[str]:
    return {text for entry in rows for column, text in entry.cells if column == heading}


def _speaks_of_outcome(heading: str) -> bool:
    """Whether a heading says by another word what was decided: who refused must not go unread.

    >>> [_speaks_of_outcome(one) for one in ("Panel outcome", "Result (G3)", "Decision paper")]
    [True, True, False]
    """
    words = set(re.findall(r"[a-z]+", re.sub(r"\(.*?\)", "", heading).casefold()))
    return bool(words & _OUTCOMES) and words <= _OUTCOMES | _WHOSE


def _turns(heading: str, rows: Sequence[Entry]) -> bool:
    """Whether a column says nothing but debit and credit, whatever its heading."""
    return {text.casefold() for text in _words(heading, rows)} <= _DIRECTIONS


def _scales(heading: str, rows: Sequence[Entry]) -> bool:
    """Whether a column says nothing but units of money, whatever its heading.

    One that says pounds alone names the currency, and tells no scale; one letter may be anything.
    """
    words = _words(heading, rows)
    units = {canonical_unit(text) for text in words}
    return "" not in units and bool(units - {"£"}) and all(len(text) > 1 for text in words)


def _times(heading: str, rows: Sequence[Entry]) -> bool:
    """Whether a column headed as a period says nothing but months, such as `9` or `Dec`."""
    return folded(heading) in _PERIODS and all(map(_is_month, _words(heading, rows)))


def _is_month(text: str) -> bool:
    try:
        return bool(parse_month(text))
    except CalendarError:
        return False


_SAID_BY_CELLS: Final[Mapping[str, Callable[[str, Sequence[Entry]], bool]]] = {
    "direction": _turns,
    "unit": _scales,
    "month": _times,
}
"""Columns that would move a figure, and that the cells under another heading may give away."""
_SAYS: Final = {"direction": "debit and credit", "unit": "units of money", "month": "months"}


def _with_unit(table: Table, heading: str) -> str:
    """The column of money that a heading names with a unit behind it: `Amount (£000)`.

    >>> _with_unit(tables()["amounts"], "Amount (£000)"), _with_unit(tables()["amounts"], "Medium")
    ('amount', '')
    """
    column = table.named(_UNIT.sub("", heading))
    return column if column and table.columns[column].type in ("money", "fact") else ""


def _lifted(entry: Entry, table: Table, meant: _Meant) -> tuple[Entry, bool]:
    """An entry under the names of its table's columns, and whether a heading stops it."""
    cells = dict(entry.cells)
    stops = any(
        heading in cells and folded(cells[heading]) != folded(cells.get(column, ""))
        for heading, column in meant.twins.items()
    )
    stops = stops or any(meant.bears_on_figures(cells.get(c, "")) for c in meant.nameless)
    renamed: dict[str, str] = {}
    changed = False
    for heading, text in entry.cells:
        column = meant.slips.get(heading) or table.named(heading) or heading
        stops = stops or heading in meant.slips
        if column != heading and (column in cells or column in renamed):
            column, stops = heading, True  # one row says it under two spellings
        changed = changed or column != heading
        renamed[column] = text
    return (replace(entry, cells=tuple(renamed.items())) if changed else entry), stops


def _findings(table: Table, meant: _Meant, source: BookSource) -> list[Finding]:
    found = []
    for heading, column in meant.slips.items():
        found.append(
            _finding(
                "NEAR_HEADING",
                table,
                [heading],
                source,
                message=f"The heading {heading!r} is near {column!r} and is not it; "
                "no figure uses the rows that are filled in under it."
                if column not in _SAYS or near(heading, column)
                else f"The column {heading!r} says {_SAYS[column]} under another heading than "
                f"{column!r}; no figure uses the rows that are filled in under it.",
                expected=column,
                action=_remedy(table, heading, column),
            )
        )
    for heading, column in meant.twins.items():
        found.append(
            _finding(
                "DUPLICATE_COLUMN",
                table,
                [heading],
                source,
                message=f"The column {column} stands twice; rows in which the two differ are "
                "not used.",
                expected="each column once",
                action="Remove or rename one of the two.",
                shown=column,
            )
        )
    return found


def _nameless(table: Table, meant: _Meant, rows: Sequence[Entry]) -> list[Finding]:
    """Cells without a heading that may change a figure, in a book that came from a file with them."""
    found = []
    for heading in meant.nameless:
        cells = [(entry.row, dict(entry.cells).get(heading, "")) for entry in rows]
        cells = [(row, text) for row, text in cells if text and meant.bears_on_figures(text)]
        if cells:
            found.append(
                Finding(
                    code="CELL_WITHOUT_HEADING",
                    severity="error",
                    organisation="",
                    where=f"{table.name} " + ", ".join(f"row {row}" for row, _ in cells[:10]),
                    message=f"{len(cells)} cells stand in a column without a heading, so nobody can "
                    "tell what they are; no figure uses their rows.",
                    expected="a heading",
                    found=cells[0][1][:60],
                    action="Give the column a heading in the book that was converted, or put the "
                    "rows again without the cells.",
                    detail=f"column {heading.strip('()').removeprefix('column ')}",
                )
            )
    return found


def _remedy(table: Table, heading: str, column: str) -> str:
    """What to type: another name helps only where it was the heading that gave the column away."""
    if _with_unit(table, heading):
        return f"Write {column}, and the unit of each row in the column unit."
    if column in _SAYS and not near(heading, column) and column != "month":
        return f"Write {column} as the heading, or take the column out if it is something else."
    return f"Write {column}, or give the column another name if it is something else."


def _unlisted(others: Mapping[str, Sequence[str]], source: BookSource) -> Finding:
    """One finding for all the columns that no table lists: notes of one's own, as a rule."""
    shown = "; ".join(f"{table} ({', '.join(headings)})" for table, headings in others.items())
    where = "; ".join(f"{table} row {source.headings.get(table, 1)}" for table in others)
    return Finding(
        code="UNLISTED_COLUMN",
        severity="information",
        organisation="",
        where=where,
        message=f"Columns that the manual does not list are kept and shown, and no figure uses "
        f"them: {shown}.",
        expected="columns of the manual, or notes of your own",
        found=shown,
        action="Nothing, if these are notes of your own; else use the headings of the manual.",
        detail=", ".join(source.files[table] for table in others if table in source.files),
    )


def _finding(
    code: str,
    table: Table,
    headings: Sequence[str],
    source: BookSource,
    *,
    message: str,
    expected: str,
    action: str,
    shown: str = "",
) -> Finding:
    row = source.headings.get(table.name, 1)
    order = source.columns.get(table.name, ())
    cells = ", ".join(f"cell {column_letter(order.index(h))}{row}" for h in headings if h in order)
    places = cells or "column " + ", ".join(headings)
    return Finding(
        code=code,
        severity="error",
        organisation="",
        where=f"{table.name} row {row}",
        message=message,
        expected=expected,
        found=shown or ", ".join(headings),
        action=action,
        detail=", ".join(part for part in (source.files.get(table.name, ""), places) if part),
    )
