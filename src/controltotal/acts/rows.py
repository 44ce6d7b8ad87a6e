"""Acts that put one row of a table: what a journey fills in, what it leaves to the act itself.

The fields of an act are columns of the row that it writes. All that is missing, strange or unclear is
told at once, each at its column. A row whose key stands already is put again from the day of the act
on, so that what was said before can still be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from controltotal.acts.bench import Bench
from controltotal.book.amount_table import AmountTable, chosen
from controltotal.book.characters import in_id
from controltotal.book.record import Record
from controltotal.book.row_keys import key_part, row_key
from controltotal.core.schema import tables
from controltotal.ledger.entries import PUT, Draft

Cells = Mapping[str, str]
Prepared = Callable[[Bench, Cells], None]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of an act: columns of `table` that must and may be given, with their meanings.

    `more` are fields that are no column of the table.
    """

    table: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    more: Mapping[str, str] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field, those that must be given first."""
        return tuple(dict.fromkeys((*self.required, *self.optional)))

    def meaning(self, field: str) -> str:
        """What a field means."""
        if self.more and field in self.more:
            return self.more[field]
        return tables()[self.table].columns[field].description

    def refuse(self, bench: Bench, fields: Cells) -> None:
        """Note every field that is missing, and every one that the act does not have."""
        for name in self.required:
            if not fields.get(name):
                bench.refuse(f"{name} is missing", self.table, self.meaning(name), name)
        for name in fields:
            if name not in self.fields:
                near = get_close_matches(name, self.fields, n=1)
                hint = f"did you mean {near[0]}?" if near else f"use {', '.join(self.fields)}"
                bench.refuse(f"{bench.act} has no field {name}", self.table, hint, name)
        bench.settle()


def form_of(table: str, *fixed: str, also: Sequence[str] = ()) -> Form:
    """The form of a table's rows, less the columns that the act itself fills.

    `also` are columns that must be given though the table could do without.

    >>> form_of("milestones", "done_on").required
    ('scheme', 'title', 'due')
    """
    columns = [c for c in tables()[table].columns.values() if c.name not in (*fixed, "known_on")]
    required = tuple(c.name for c in columns if c.required or c.name in also)
    return Form(table, required, tuple(c.name for c in columns if c.name not in required))


def standing(bench: Bench, table: str, cells: Cells) -> Record | None:
    """The row of a table in force with the key of some cells."""
    key = row_key(table, cells)
    rows = list(_of_body(bench.position.rows(table), cells))
    parts = bench.position.parts
    with parts.lock:
        keys = parts.of_each(("row key", table), rows, lambda row: row_key(table, row.texts))
    return rows[keys.index(key)] if key in keys else None


def _of_body(rows: Sequence[Record], cells: Cells) -> Iterable[Record]:
    """The rows among which one of some cells is: of very many amounts those of its body and year."""
    if not isinstance(rows, AmountTable):
        return rows
    code = in_id(cells.get("organisation", ""))
    year = key_part("amounts", "year", cells.get("year", ""))
    return chosen(rows, organisation=lambda one: one == code, year=lambda one: one == year)


def replaced(bench: Bench) -> Iterator[Draft]:
    """The rows in whose place an act puts others, where their key does not say whose they are.

    Without them whoever knows the identifier of another body's row could put it as their own.
    """
    for draft in bench.drafts:
        if draft.kind == PUT and _is_anybodys(draft.table):
            row = standing(bench, draft.table, dict(draft.cells))
            if row is not None:
                yield bench.entries[row.entry - 1].draft


@cache
def _is_anybodys(table: str) -> bool:
    """Whether rows of a table are of bodies, and their key names neither a body nor what is one's own."""
    known = tables().get(table)
    if known is None:
        return False
    of = {name: column.type for name, column in known.columns.items()}
    keys = {of[name] for name in known.key}
    return "organisation" in of.values() and not keys & {"organisation", "scheme", "transfer"}


def put_or_again(bench: Bench, table: str, cells: Cells, *, may_stand: bool = False) -> None:
    """Put a row; one whose key stands already is put again from this day on.

    One that stands as it is said is refused, unless it `may_stand`: then it is left as it is.
    """
    row = standing(bench, table, cells)
    if row is None:
        bench.put(table, cells)
        return
    said = ((name, row.texts.get(name, "")) for name in cells if name != "known_on")
    if all(key_part(table, c, text) == key_part(table, c, cells[c]) for c, text in said):
        if not may_stand:
            bench.refuse("nothing would change", row.where, "say what changes")
        return
    bench.again(row, cells)


def puts(table: str, does: str, fixed: Callable[[Bench], Cells]) -> Prepared:
    """An act that puts a row of a table as its fields say, with what the act itself fills (`fixed`)."""

    def prepare(bench: Bench, fields: Cells) -> None:
        put_or_again(bench, table, {**fields, **fixed(bench)})

    prepare.__doc__ = does
    return prepare
