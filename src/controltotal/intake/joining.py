"""The tables of one file together: what they say twice counts once, and nothing is added unasked.

Sheets of different bodies, months or schemes are simply joined. Where sheets say different sums of one
line, one of them may be the whole of the others, which is then proved; else it is asked whether they are
versions or parts. A line that one sheet states whole and another by its parts is a total of that other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from controltotal.book.row_keys import row_key
from controltotal.core.finding import FileCell, Finding
from controltotal.core.money import canonical_unit, exact_text, parse_money, signed_pounds
from controltotal.core.schema import tables
from controltotal.intake.known import Known
from controltotal.intake.model import Check, Left, Read, Row
from controltotal.intake.questions import asked, told
from controltotal.intake.scopes import same_row

ADD: Final = "add"
"""The answer that sheets are parts of one whole."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row of a table, and the table."""

    read: Read
    row: Row

    @property
    def cell(self) -> FileCell:
        """The cell of its money, or the last that it came from."""
        return self.read.seen.grid.at(*self.place)

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of that cell."""
        return self.row.row, max(self.row.columns, default=self.read.seen.left)

    @property
    def pence(self) -> int:
        """Its money."""
        return parse_money(self.row.cells["amount"], self.unit)

    @property
    def unit(self) -> str:
        """The unit of its money."""
        return canonical_unit(self.row.cells.get("unit", "")) or "£"


def joined(reads: Sequence[Read], known: Known, sheets: str = "") -> list[Finding]:
    """Settle what tables of a file say together; gives what is asked and told of it.

    `sheets` is `add` where a person says that sheets of the same lines are parts of one whole.
    """
    if sum(bool(read.rows) for read in reads) < 2:
        return []
    said = _by_key(reads)
    clashes = {key: rows for key, rows in said.items() if _differ(rows)}
    found: list[Finding] = []
    if clashes:
        whole = _whole(clashes)
        if whole is not None:
            found.append(_proved(whole, clashes))
        elif sheets == ADD and all(rows[0].row.table == "amounts" for rows in clashes.values()):
            _add(clashes)
        else:
            found.append(_versions(list(clashes.values())))
    found += _once(_by_key(reads))
    found += _wholes_of_parts(reads, known)
    return found


def _by_key(reads: Iterable[Read]) -> dict[str, list[Told]]:
    """The rows of each key, where more than one table has it."""
    found: dict[str, list[Told]] = {}
    for read in reads:
        for row in read.rows:
            known = tables().get(row.table)
            key = row_key(row.table if known and known.key else "", row.cells)
            found.setdefault(key, []).append(Told(read, row))
    return {k: rows for k, rows in found.items() if len({id(one.read) for one in rows}) > 1}


def _differ(rows: Sequence[Told]) -> bool:
    first = rows[0].row
    return not all(same_row(first.table, first.cells, one.row.cells) for one in rows[1:])


def _drop(rows: Iterable[tuple[Told, str]]) -> None:
    """Leave rows out of their tables, each with its reason."""
    gone: dict[int, tuple[Read, set[int]]] = {}
    for one, reason in rows:
        gone.setdefault(id(one.read), (one.read, set()))[1].add(id(one.row))
        columns = one.row.columns or (one.read.seen.left,)
        area = (one.row.row, min(columns), one.row.row, max(columns))
        one.read.left.append(Left(area, reason))
    for read, ids in gone.values():
        read.rows = [row for row in read.rows if id(row) not in ids]


def _named(read: Read) -> str:
    seen = read.seen
    return f"{seen.grid.sheet}!{seen.area}" if seen.grid.sheet else seen.area


# -- said twice alike ------------------------------------------------------------------------------


def _once(said: Mapping[str, list[Told]]) -> list[Finding]:
    """Leave out what another table says alike."""
    again = [(rows[0], one) for rows in said.values() for one in rows[1:]]
    again = [
        (first, one)
        for first, one in again
        if first.read is not one.read and not _differ([first, one])
    ]
    if not again:
        return []
    _drop((one, f"says the same as {_named(first.read)}") for first, one in again)
    again = [pair for pair in again if pair[1].row.table != "lines"]
    if not again:
        return []
    return [
        told(
            "IMPORT_LEFT",
            f"{len(again):,} rows say the same as {_named(again[0][0].read)}; they count once.",
            [one.cell for _, one in again[:1000]],
            expected="each row once",
            found="the same twice",
        )
    ]


# -- a whole and its sheets ------------------------------------------------------------------------


def _whole(clashes: Mapping[str, list[Told]]) -> Read | None:
    """The one table that is the sum of the others in every row; None where none or two could be."""
    first = next(iter(clashes.values()))
    if any(rows[0].row.table != "amounts" or len(rows) < 3 for rows in clashes.values()):
        return None
    found = [one.read for one in first if all(_is_sum(one.read, rows) for rows in clashes.values())]
    return found[0] if len(found) == 1 else None


def _is_sum(read: Read, rows: Sequence[Told]) -> bool:
    own = [one for one in rows if one.read is read]
    return len(own) == 1 and own[0].pence == sum(one.pence for one in rows if one.read is not read)


def _proved(whole: Read, clashes: Mapping[str, list[Told]]) -> Finding:
    """Keep the whole, whose rows are then checked by those of the others."""
    parts = []
    for rows in clashes.values():
        own = next(one for one in rows if one.read is whole)
        rest = [one for one in rows if one.read is not whole]
        total = sum(one.pence for one in rest)
        label = own.row.cells.get("line", "")
        whole.checks.append(Check(f"{label}, all sheets", own.place, total, own.pence))
        parts += rest
    _drop((one, f"is a part of {_named(whole)}, which is their sum") for one in parts)
    return told(
        "IMPORT_LEFT",
        f"{_named(whole)} is the sum of the other sheets to the penny, and counts in their place.",
        [one.cell for one in parts[:1000]],
        expected="each sum once",
        found="a whole beside its parts",
    )


def _add(clashes: Mapping[str, list[Told]]) -> None:
    """Put the sum of the sheets in the place of the first."""
    sums: dict[int, Row] = {}
    for first, *rest in clashes.values():
        text = exact_text(first.pence + sum(one.pence for one in rest), first.unit)
        cells = {**first.row.cells, "amount": text, "unit": first.unit}
        sums[id(first.row)] = replace(first.row, cells=cells)
    for read in {id(rows[0].read): rows[0].read for rows in clashes.values()}.values():
        read.rows = [sums.get(id(row), row) for row in read.rows]
    _drop(
        (one, f"is added to {_named(first.read)}")
        for first, *rest in clashes.values()
        for one in rest
    )


def _versions(clashes: Sequence[Sequence[Told]]) -> Finding:
    rows = clashes[0]
    names = list(dict.fromkeys(_named(one.read) for found in clashes for one in found))
    first, other = rows[0], next(one for one in rows if one.read is not rows[0].read)
    amounts = all(found[0].row.table == "amounts" for found in clashes)
    action = "Say which holds with --sheet NAME, or take the other out of the file"
    action += "; if they are parts of one whole, say --set sheets=add." if amounts else "."
    return asked(
        "IMPORT_VERSIONS",
        f"{' and '.join(names[:4])} say otherwise of the same thing, {len(clashes):,} times.",
        [one.cell for found in clashes for one in found][:1000],
        expected=_value(first.row),
        found=_value(other.row),
        action=action,
    )


def _value(row: Row) -> str:
    return ", ".join(f"{c} {t}" for c, t in row.cells.items() if t)[:200]


# -- a line stated whole on one sheet and by its parts on another ----------------------------------


def _wholes_of_parts(reads: Sequence[Read], known: Known) -> list[Finding]:
    """Check a line that one table states whole against the parts that another has; the parts count."""
    every = [Told(read, row) for read in reads for row in read.rows if row.table == "amounts"]
    if len({id(one.read) for one in every}) < 2:
        return []
    groups: dict[str, list[Told]] = {}
    for one in every:
        for group in _above(one.row.cells.get("line", ""), known):
            groups.setdefault(_line_key(one.row, group), []).append(one)
    found, stated = [], []
    for one in every:
        parts = groups.get(_line_key(one.row, one.row.cells.get("line", "")), [])
        parts = [part for part in parts if part.read is not one.read]
        if parts:
            stated.append(one)
            check = Check(one.row.cells["line"], one.place, sum(p.pence for p in parts), one.pence)
            one.read.checks.append(check)
            if not check.agrees:
                found.append(_apart(one, check, parts))
    _drop((one, "is the total of lines that another sheet has") for one in stated)
    return found


def _above(line: str, known: Known) -> list[str]:
    """The groups that a line belongs to, from the next one up."""
    found: list[str] = []
    account = known.lines.all.get(line)
    while account is not None and account.group and account.group not in found:
        found.append(account.group)
        account = known.lines.all.get(account.group)
    return found


def _line_key(row: Row, line: str) -> str:
    return row_key("amounts", {**row.cells, "line": line})


def _apart(one: Told, check: Check, parts: Sequence[Told]) -> Finding:
    return asked(
        "IMPORT_TOTAL",
        f"{check.total} on {_named(one.read)} differs by {signed_pounds(check.difference)} from its parts "
        f"on {_named(parts[0].read)}.",
        [one.cell, *(part.cell for part in parts)],
        expected=signed_pounds(check.expected),
        found=signed_pounds(check.found),
        action='Correct the sheet that is wrong, or let a named person accept it: --accept "WHO: REASON".',
    )
