"""Which heading of a sheet is which column of a table, with every other heading named or asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from controltotal.core.schema import Table, tables
from controltotal.core.vocabulary import folded
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.fields import NOTES, UNFIT, Field, by_column
from controltotal.intake.model import LEFT_OUT, Left, Mapped, Measure, Read, Seen
from controltotal.intake.worth import is_empty

_MONEY: Final = ("money", "amount", "value", "gross")
_FIRST: Final[Mapping[str, tuple[str, ...]]] = {
    "organisation": ("organisation_code",),
    "code": ("organisation_code",),
    "title": ("title", "risk"),
    "gross": ("gross", "amount", "value"),
}
"""Of several meanings that a column may have, those that come before its own name."""
_NAMED: Final = frozenset({"category"})
"""Columns that the one heading of their own name says, whatever other words stand beside it."""
_ASIDE: Final = {
    "variance": "a variance",
    "percent": "a percentage",
    "prior": "an earlier year",
    "movement": "a movement, or a figure of an earlier report",
    "average": "an average",
}


def chosen(fields: Iterable[Field], read: Read, faults: Faults) -> dict[str, Field]:
    """The heading of each column; of two that say the same nobody chooses."""
    every = list(fields)
    found: dict[str, Field] = {}
    for column, some in by_column(every).items():
        best = _filled(_best(column, some), read)
        if len(best) > 1:
            _ask_which(column, best, faults)
        if best:
            found[column] = best[0]
            read.mapped.append(Mapped(best[0].head.text, column, best[0].how))
        else:
            _ask_near(column, some[0], faults)
    used = {one.at for one in found.values()}
    for one in every:
        if one.at not in used:
            leave(read, one, faults)
    return found


def _best(column: str, fields: Sequence[Field]) -> list[Field]:
    """The fields that say a column for sure, of the meaning that comes first for it."""
    said = [f for f in fields if f.how == "mapping"]
    sure = said or [f for f in fields if f.how == "exact"]
    order = (*_FIRST.get(column, ()), column)
    ranks = [order.index(f.head.means) if f.head.means in order else len(order) for f in sure]
    best = [f for f, rank in zip(sure, ranks, strict=True) if rank == min(ranks)]
    own = [f for f in best if folded(f.head.text) == folded(column)]
    return own if len(own) == 1 and column in _NAMED else best


def _filled(fields: list[Field], read: Read) -> list[Field]:
    """Of several fields those whose columns hold anything, such as posts beside names left at the door."""
    grid, rows = read.seen.grid, range(read.seen.first, read.seen.last + 1)
    held = [f for f in fields if any(not is_empty(grid.value(row, f.at)) for row in rows)]
    return held or fields


def leave(read: Read, field: Field, faults: Faults) -> None:
    """A column that gives the book nothing: named, and asked about where it holds money."""
    head, seen = field.head, read.seen
    rows = range(seen.first, seen.last + 1)
    filled = [row for row in rows if not is_empty(seen.grid.value(row, head.column))]
    for row in filled:
        read.mark(row, (head.column,), LEFT_OUT)
    if not filled:
        return
    reason = reason_of(field, read.table)
    read.left.append(Left((filled[0], head.column, filled[-1], head.column), reason))
    if field.how == UNFIT:
        ask_unfit(field, read.table, faults)
    elif head.means in _MONEY and not (field.how or field.why) and head.measure.basis not in _ASIDE:
        fault = Fault(
            "IMPORT_HEADING",
            f"Nobody can tell what “{head.text}” is in the table {read.table}",
            f"a column of {read.table}, or a column to leave out",
            f'Say which column it is: --set "headings.{head.text}=COLUMN", COLUMN being '
            f'{_money_of(read.table)}; nothing at all, written "", leaves it out.',
        )
        faults.add(fault, (seen.heading[1], head.column), head.text)


def _columns_of(table: str, *types: str) -> str:
    """The columns of a table in words, those of some types alone where any is."""
    columns = tables()[table].columns.values()
    some = [c for c in columns if c.type in types] or list(columns)
    return " or ".join(column.name.replace("_", " ") for column in some)


def _money_of(table: str) -> str:
    return _columns_of(table, "money", "fact")


def ask_unfit(field: Field, table: str, faults: Faults) -> None:
    """Ask again of a heading that was answered by what is no column."""
    fault = Fault(
        "IMPORT_HEADING",
        f"The answer to what “{field.head.text}” is names no column of {table}",
        f"a column of {table}, or nothing to leave it out",
        f'Say it again: --set "headings.{field.head.text}=COLUMN", COLUMN being {_columns_of(table)}; '
        'nothing at all, written "", leaves it out.',
    )
    faults.add(fault, (faults.seen.heading[1], field.head.column), field.head.text)


def reason_of(field: Field, table: str) -> str:
    """Why a column is left out, in words."""
    measure: Measure = field.head.measure
    if field.why:
        return field.why
    if field.how == "mapping":
        return "left out by the mapping"
    if field.head.means == NOTES:
        return "remarks"
    if field.column:
        return f"another heading gives {field.column}"
    return _ASIDE.get(measure.basis, f"the table {table} has no column for it")


def _ask_which(column: str, fields: Sequence[Field], faults: Faults) -> None:
    word = column.replace("_", " ")
    heads = [one.head.text for one in fields]
    fault = Fault(
        "IMPORT_HEADING",
        f"{' and '.join(f'“{text}”' for text in heads)} may each be the {word}",
        "one heading for each column",
        f'Say which it is: --set "headings.{word}={heads[0]}", or {", or ".join(heads[1:])}.',
    )
    for one in fields:
        faults.add(fault, (faults.seen.heading[1], one.at), one.head.text)


def _ask_near(column: str, one: Field, faults: Faults) -> None:
    fault = Fault(
        "IMPORT_HEADING",
        f"“{one.head.text}” may be the {column}, and is written otherwise",
        column,
        f'Say it: --set "headings.{one.head.text}={column}"; or, if it is none, '
        f'--set "headings.{one.head.text}=".',
    )
    faults.add(fault, (faults.seen.heading[1], one.at), one.head.text)


REMARK: Final = "a heading or a remark without a figure"


def leave_row(read: Read, row: int, reason: str = REMARK) -> None:
    """Leave out what stands in a row, and say why."""
    seen = read.seen
    filled = [c for c in range(seen.left, seen.right + 1) if seen.grid.value(row, c) is not None]
    if filled:
        read.mark(row, filled, LEFT_OUT)
        read.left.append(Left((row, filled[0], row, filled[-1]), reason))


def ask_column(table: Table, name: str, faults: Faults) -> None:
    """Ask for a column that every row of a table needs and no heading says.

    What tells one row from another has no one value for all.
    """
    word = name.replace("_", " ")
    own = name in (*table.key, "id", "title")
    how = "Say its heading as it stands in the file" + (
        "" if own else ", or one value for all rows"
    )
    likely = _headings_of_words(faults.seen) if own else []
    which = f", such as {' or '.join(likely)}" if likely else ""
    fault = Fault(
        "IMPORT_HEADING",
        f"No heading says the {word} that each row of {table.name} needs",
        table.columns[name].description,
        f'{how}: --set "headings.{word}=…"{which}.',
    )
    faults.at_headings(fault)


def _headings_of_words(seen: Seen) -> list[str]:
    """The headings under which words stand, in the order of the sheet."""
    rows = range(seen.first, seen.last + 1)
    return [
        head.text
        for head in seen.heads
        if head.text
        and 2 * sum(isinstance(seen.grid.value(row, head.column), str) for row in rows) > len(rows)
    ]
