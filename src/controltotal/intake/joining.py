"""The tables of one file together: what they say twice counts once, and nothing is added unasked.

Sheets of different bodies, months or schemes are simply joined. Where sheets say different sums of one
line, one of them may be the whole of the others, which is then proved; else it is asked whether they are
versions or parts. A line that one sheet states whole and another by its parts is a total of that other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from controltotal.book.doubt.typed import POSITIONS
from controltotal.book.row_keys import row_key
from controltotal.core.finding import Finding
from controltotal.core.money import exact_text, signed_pounds
from controltotal.core.schema import tables
from controltotal.intake.known import Known
from controltotal.intake.marked_sheets import wholes_and_marks
from controltotal.intake.model import Check, Read, Row
from controltotal.intake.questions import asked, told
from controltotal.intake.scopes import same_row
from controltotal.intake.told_rows import Told, drop, named_table

ADD: Final = "add"
"""The answer that sheets are parts of one whole."""


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
    found += wholes_and_marks(reads)
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
    drop((one, f"says the same as {named_table(first.read)}") for first, one in again)
    again = [pair for pair in again if pair[1].row.table != "lines"]
    if not again:
        return []
    return [
        told(
            "IMPORT_LEFT",
            f"{len(again):,} rows say the same as {named_table(again[0][0].read)}; they count once.",
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
    drop((one, f"is a part of {named_table(whole)}, which is their sum") for one in parts)
    return told(
        "IMPORT_LEFT",
        f"{named_table(whole)} is the sum of the other sheets to the penny, and counts in their place.",
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
    drop(
        (one, f"is added to {named_table(first.read)}")
        for first, *rest in clashes.values()
        for one in rest
    )


def _versions(clashes: Sequence[Sequence[Told]]) -> Finding:
    rows = clashes[0]
    names = list(dict.fromkeys(named_table(one.read) for found in clashes for one in found))
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
            for key in dict.fromkeys((_line_key(one.row, group), _unmarked_key(one.row, group))):
                groups.setdefault(key, []).append(one)
    found, stated = [], []
    marked: dict[tuple[str, int], list[Told]] = {}
    for one in every:
        line = one.row.cells.get("line", "")
        parts = _elsewhere(one, groups.get(_line_key(one.row, line), []))
        if parts:
            stated.append(one)
            check = Check(one.row.cells["line"], one.place, sum(p.pence for p in parts), one.pence)
            one.read.checks.append(check)
            if not check.agrees:
                found.append(_apart(one, check, parts))
        elif line not in POSITIONS and _elsewhere(
            one, groups.get(key := _unmarked_key(one.row, line), [])
        ):
            marked.setdefault((key, id(one.read)), []).append(one)
    drop((one, "is the total of lines that another sheet has") for one in stated)
    return [
        *found,
        *_marked_wholes(
            [(some, _elsewhere(some[0], groups[key])) for (key, _), some in marked.items()]
        ),
    ]


def _elsewhere(one: Told, rows: Sequence[Told]) -> list[Told]:
    """Those of some rows that stand in another table than a row."""
    return [other for other in rows if other.read is not one.read]


def _marked_wholes(found: Sequence[tuple[list[Told], list[Told]]]) -> list[Finding]:
    """Check lines that one table tells whole by whether they repeat against lines of another without marks.

    The lines count, and the marks, which nothing says of them one by one, are told as left out.
    """
    if not found:
        return []
    apart = []
    for wholes, parts in found:
        last = wholes[-1]
        due, pence = sum(one.pence for one in parts), sum(one.pence for one in wholes)
        check = Check(f"{last.row.cells['line']}, recurrent or not", last.place, due, pence)
        last.read.checks.append(check)
        if not check.agrees:
            apart.append(_apart(last, check, parts))
    wholes, parts = found[0]
    here, there = named_table(wholes[0].read), named_table(parts[0].read)
    drop(
        (one, f"tells by whether it repeats what {there} has by its lines")
        for some, _ in found
        for one in some
    )
    lines = ", ".join(
        dict.fromkeys(some[0].row.cells["line"].replace("_", " ") for some, _ in found)
    )
    return [
        *apart,
        told(
            "IMPORT_LEFT",
            f"{here} tells of {lines} what repeats as one sum, and {there} has its lines without marks: the "
            "lines count, and what repeats of them is not in the book.",
            [one.cell for some, _ in found for one in some][:1000],
            expected="lines that are marked themselves",
            found="marks of a whole alone",
            action="Nothing; or, to keep the marks and not the lines, say "
            f'--sheet "{wholes[0].read.seen.grid.sheet}".',
            severity="warning",
        ),
    ]


def _above(line: str, known: Known) -> list[str]:
    """The groups that a line belongs to, from the next one up."""
    found: list[str] = []
    account = known.lines.all.get(line)
    while account is not None and account.group and account.group not in (line, *found):
        found.append(account.group)
        account = known.lines.all.get(account.group)
    return found


def _line_key(row: Row, line: str) -> str:
    return row_key("amounts", {**row.cells, "line": line})


def _unmarked_key(row: Row, line: str) -> str:
    return row_key("amounts", {**row.cells, "line": line, "recurrence": ""})


def _apart(one: Told, check: Check, parts: Sequence[Told]) -> Finding:
    return asked(
        "IMPORT_TOTAL",
        f"{check.total} on {named_table(one.read)} differs by {signed_pounds(check.difference)} from its "
        f"parts on {named_table(parts[0].read)}.",
        [one.cell, *(part.cell for part in parts)],
        expected=signed_pounds(check.expected),
        found=signed_pounds(check.found),
        action='Correct the sheet that is wrong, or let a named person accept it: --accept "WHO: REASON".',
    )
