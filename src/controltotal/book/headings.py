"""The headings over the rows in force: variants read, near misses stopped, others told once.

A ledger and a folder are judged alike, by the columns under which something is written. A heading
that is a slip of a known one, where nothing is written under that one, stops its rows: they are
read as if it were meant, so that the figures which they would have moved are known to be in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from controltotal.core.errors import column_letter
from controltotal.core.finding import Finding
from controltotal.core.schema import Table, near, tables
from controltotal.core.vocabulary import folded
from controltotal.ledger.entries import Entry
from controltotal.ledger.source import BookSource

_TWIN = re.compile(r"(.+) \(column [A-Z]+\)")
_DIRECTIONS = frozenset(("cr", "dr", "cr.", "dr.", "credit", "debit", "c", "d", "+", "-"))
_LETTER = re.compile(r"\(column [A-Z]+\)")
_UNIT = re.compile(r"[\s(\[,:-]*£?['\u2019]?(?:£|k|m|bn|000s?|millions?|thousands?)[\s)\]]*$", re.I)


@dataclass(frozen=True, slots=True)
class Headed:
    """Entries under the names of their columns, what was wrong with headings, and rows it stops."""

    entries: list[Entry]
    findings: list[Finding]
    stopped: frozenset[int]


def under_headings(entries: Sequence[Entry], source: BookSource) -> Headed:
    """Entries whose columns bear the names of their table, however they were written."""
    shapes: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for index, entry in enumerate(entries):
        shape = (entry.table, tuple([column for column, _ in entry.cells]))
        shapes.setdefault(shape, []).append(index)
    used: dict[str, dict[str, None]] = {}
    for name, columns in shapes:
        used.setdefault(name, {}).update(dict.fromkeys(columns))
    read = list(entries)
    findings: list[Finding] = []
    stopped: set[int] = set()
    others: dict[str, list[str]] = {}
    for name, table in tables().items():
        odd = [c for c in used.get(name, ()) if c not in table.columns]
        if not odd:
            continue
        slips, twins = _sorted(table, odd, used[name])
        rows = [i for (of, _), found in shapes.items() if of == name for i in found]
        if "direction" in table.columns and "direction" not in used[name]:
            of_signs = [
                h for h in odd if not table.named(h) and _turns(h, [entries[i] for i in rows])
            ]
            slips |= dict.fromkeys(of_signs[:1], "direction")
        for index in rows:
            read[index], stops = _lifted(entries[index], table, slips, twins)
            if stops:
                stopped.add(entries[index].seq)
        findings += _findings(table, slips, twins, source)
        own = [h for h in odd if h not in slips and h not in twins and not table.named(h)]
        own = [heading for heading in own if not _LETTER.fullmatch(heading)]
        if own:
            others[name] = own
    if others:
        findings.append(_unlisted(others, source))
    return Headed(read, findings, frozenset(stopped))


def _sorted(
    table: Table, odd: Iterable[str], used: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Of unlisted columns: those that are slips of a known one, and those that repeat one."""
    written = {table.named(column) for column in used}
    absent = [column for column in table.columns if column not in written]
    slips: dict[str, str] = {}
    twins: dict[str, str] = {}
    for heading in odd:
        twin = _TWIN.fullmatch(heading)
        if twin and table.named(twin[1]):
            twins[heading] = table.named(twin[1])
            continue
        if table.named(heading) or _LETTER.fullmatch(heading):
            continue
        meant = [c for c in absent if near(heading, c) or _with_unit(table, heading) == c]
        if meant and meant[0] not in slips.values():
            slips[heading] = meant[0]
    return slips, twins


def _turns(heading: str, rows: Sequence[Entry]) -> bool:
    """Whether a column says nothing but debit and credit, whatever its heading."""
    words = {text.casefold() for entry in rows for column, text in entry.cells if column == heading}
    return words <= _DIRECTIONS


def _with_unit(table: Table, heading: str) -> str:
    """The column of money that a heading names with a unit behind it: `Amount (£000)`.

    >>> _with_unit(tables()["amounts"], "Amount (£000)"), _with_unit(tables()["amounts"], "Medium")
    ('amount', '')
    """
    column = table.named(_UNIT.sub("", heading))
    return column if column and table.columns[column].type in ("money", "fact") else ""


def _lifted(
    entry: Entry, table: Table, slips: dict[str, str], twins: dict[str, str]
) -> tuple[Entry, bool]:
    """An entry under the names of its table's columns, and whether a heading stops it."""
    cells = dict(entry.cells)
    stops = any(
        heading in cells and folded(cells[heading]) != folded(cells.get(column, ""))
        for heading, column in twins.items()
    )
    renamed: dict[str, str] = {}
    changed = False
    for heading, text in entry.cells:
        column = slips.get(heading) or table.named(heading) or heading
        stops = stops or heading in slips
        if column != heading and (column in cells or column in renamed):
            column, stops = heading, True  # one row says it under two spellings
        changed = changed or column != heading
        renamed[column] = text
    return (replace(entry, cells=tuple(renamed.items())) if changed else entry), stops


def _findings(
    table: Table,
    slips: dict[str, str],
    twins: dict[str, str],
    source: BookSource,
) -> list[Finding]:
    found = []
    for heading, column in slips.items():
        found.append(
            _finding(
                "NEAR_HEADING",
                table,
                [heading],
                source,
                message=f"The heading {heading!r} is near {column!r} and is not it; "
                "no figure uses the rows that are filled in under it."
                if column != "direction"
                else f"The column {heading!r} says debit and credit under another heading than "
                "'direction'; no figure uses the rows that are filled in under it.",
                expected=column,
                action=f"Write {column}, or give the column another name if it is something else."
                if not _with_unit(table, heading)
                else f"Write {column}, and the unit of each row in the column unit.",
            )
        )
    for heading, column in twins.items():
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
