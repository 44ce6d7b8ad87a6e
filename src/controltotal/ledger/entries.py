"""Entries: the only way anything is ever said in a book, and the chain that keeps them as said.

Accounting idea: a daybook. An entry puts one row of one table, or withdraws a row put before;
nothing is rubbed out. Every entry carries a SHA-256 over all its fields and over the hash of the
entry before it, so that the last hash (the root) stands for the whole book: change, drop, repeat
or reorder anything and the root no longer agrees.

The hash is taken over a form in which every text is written as `length:text` and every number as
`i` and its digits, so that no two different entries have the same form and text never passes for
a number. All fields are in it: a chain over the row alone overlooks a changed date or name.

Source: Haber and Stornetta, "How to time-stamp a digital document" (1991).
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from controltotal.ledger.errors import ChainBroken, LedgerError

Cells = tuple[tuple[str, str], ...]

PUT = "put"
WITHDRAW = "withdraw"

# The hash before the first entry. It names the form of the entries: another form, another start.
GENESIS = hashlib.sha256(b"controltotal ledger, entries of form 1").hexdigest()

_NUMBER_MAX = 2**63 - 1  # what SQLite and PostgreSQL hold in a whole-number column


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as its writer hands it in: everything but its place in the chain.

    `row` is counted as a spreadsheet shows it (the header is row 1). `cells` are ordered
    (column, text) pairs as people wrote them, empty cells left out. `origin` is
    `file|sheet|first cell`, and empty for acts. `on` is the caller's date or time, empty for
    entries made by reading, because reading has no clock.

    >>> draft = Draft("amounts/2", "put", "amounts", 2, (("organisation", "QE1"),))
    >>> draft.table, draft.row, draft.withdraws
    ('amounts', 2, 0)
    """

    id: str
    kind: str
    table: str
    row: int
    cells: Cells = ()
    origin: str = ""
    by: str = ""
    on: str = ""
    why: str = ""
    withdraws: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A draft in its place: `seq` counts 1, 2, … without a gap; `previous` and `hash` chain it."""

    seq: int
    id: str
    kind: str
    table: str
    row: int
    cells: Cells
    origin: str
    by: str
    on: str
    why: str
    withdraws: int
    previous: str
    hash: str

    @property
    def draft(self) -> Draft:
        """The entry as it was handed in."""
        return Draft(
            self.id,
            self.kind,
            self.table,
            self.row,
            self.cells,
            self.origin,
            self.by,
            self.on,
            self.why,
            self.withdraws,
        )


def put(
    table: str,
    row: int,
    cells: Iterable[tuple[str, str]],
    *,
    id: str | None = None,
    origin: str = "",
    by: str = "",
    on: str = "",
    why: str = "",
) -> Draft:
    """A draft that says one row. Without an id it gets `TABLE/ROW`, the id of a row just read.

    >>> put("organisations", 2, [("code", "QE1"), ("name", ""), ("kind", "system")])
    ... # doctest: +ELLIPSIS
    Draft(id='organisations/2', kind='put', ..., cells=(('code', 'QE1'), ('kind', 'system')), ...)
    """
    said = tuple((column, text) for column, text in cells if text != "")
    return Draft(id or f"{table}/{row}", PUT, table, row, said, origin, by, on, why)


def withdraw(entry: Entry, *, id: str, by: str, on: str, why: str) -> Draft:
    """A draft that withdraws `entry`: who, when and why are always asked for."""
    return Draft(id, WITHDRAW, entry.table, entry.row, (), "", by, on, why, entry.seq)


class _Measured(dict[str, str]):
    """`length:text` of texts that come again and again (tables, columns, names), made once."""

    def __missing__(self, text: str) -> str:
        made = self[text] = f"{len(text)}:{text}"
        return made


class _Digits(dict[int, str]):
    """Lengths as text, made once."""

    def __missing__(self, number: int) -> str:
        made = self[number] = str(number)
        return made


class _Hasher:
    """Hashes entries one after another. Kept apart so that the tables of lengths are shared."""

    __slots__ = ("_digits", "_measured")

    def __init__(self) -> None:
        self._measured = _Measured()
        self._digits = _Digits()

    def hash(self, seq: int, said: Draft | Entry, previous: str) -> str:
        """The hash of one entry. TypeError or ValueError where a field is not of its type."""
        measured, digits = self._measured, self._digits
        cells = said.cells
        parts: list[str] = []
        for column, text in cells:
            parts += (measured[column], digits[len(text)], text)
        id, origin = said.id, said.origin
        form = (
            f"i{seq:d};s{len(id)}:{id}s{measured[said.kind]}s{measured[said.table]}"
            f"i{said.row:d};c{len(cells):d};{':'.join(parts)};s{len(origin)}:{origin}"
            f"s{measured[said.by]}s{measured[said.on]}s{measured[said.why]}i{said.withdraws:d};"
            f"s{len(previous)}:{previous}"
        )
        return hashlib.sha256(form.encode()).hexdigest()


def _refuse(draft: object, reason: str, action: str) -> LedgerError:
    table, row = getattr(draft, "table", "?"), getattr(draft, "row", "?")
    return LedgerError(f"an entry cannot be recorded: {reason}", f"{table} row {row}", action)


def check_draft(draft: Draft) -> None:
    """Refuse what a ledger cannot hold for ever: wrong types, doubled columns, unwritable text.

    >>> check_draft(Draft("1", "put", "amounts", 2, (("amount", "1"), ("amount", "2"))))
    Traceback (most recent call last):
    controltotal.ledger.errors.LedgerError: an entry cannot be recorded: a column is there twice \
(amounts row 2): give each column of the row a name of its own
    """
    texts = (draft.id, draft.kind, draft.table, draft.origin, draft.by, draft.on, draft.why)
    if set(map(type, texts)) != {str} or type(draft.row) is not int:
        raise _refuse(draft, "a field is not of its type", "give texts as text, rows as numbers")
    if not draft.id or not draft.table:
        raise _refuse(draft, "it has no id or no table", "give it both")
    if not 0 < draft.row <= _NUMBER_MAX:
        raise _refuse(draft, "its row number is not above nil", "count rows from the header, 1")
    _check_kind(draft)
    if type(draft.cells) is not tuple:
        raise _refuse(draft, "its cells are not a tuple", "give (column, text) pairs in a tuple")
    pairs = set(map(type, draft.cells)) <= {tuple} and set(map(len, draft.cells)) <= {2}
    flat = [text for cell in draft.cells for text in cell] if pairs else []
    if not pairs or not all(flat):
        raise _refuse(draft, "a cell is not a pair", "give (column, text), neither of them empty")
    if len(set(flat[::2])) != len(draft.cells):
        raise _refuse(
            draft, "a column is there twice", "give each column of the row a name of its own"
        )
    if flat and set(map(type, flat)) != {str}:
        raise _refuse(draft, "a cell is not text", "give every cell as the text that was written")
    joined = "".join(texts) + "".join(flat)
    if not joined.isascii() or "\0" in joined:
        _check_writable(draft, joined)


def _check_kind(draft: Draft) -> None:
    if type(draft.withdraws) is not int or not 0 <= draft.withdraws <= _NUMBER_MAX:
        raise _refuse(draft, "the number it withdraws is not an entry's", "give a whole number")
    if draft.kind not in (PUT, WITHDRAW):
        raise _refuse(draft, f"{draft.kind!r} is not a kind of entry", "use put or withdraw")
    if (draft.kind == WITHDRAW) != (draft.withdraws > 0):
        raise _refuse(
            draft,
            f"a {draft.kind} cannot withdraw entry {draft.withdraws}",
            "a withdrawal names the entry it withdraws; a put names none",
        )


def _check_writable(draft: Draft, joined: str) -> None:
    if "\0" in joined:
        raise _refuse(draft, "a text has a NUL character in it", "remove it at the source")
    try:
        joined.encode()
    except UnicodeEncodeError:
        raise _refuse(
            draft, "a text is not valid Unicode", "save the source again as UTF-8"
        ) from None


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Hold Python's garbage collector while very many entries are made.

    Entries are kept and none is garbage, yet the collector would walk all of them again and
    again: more than half the time of a long reading.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def seal(drafts: Iterable[Draft], after_seq: int = 0, previous_hash: str = GENESIS) -> list[Entry]:
    """Check drafts and give them their places after entry `after_seq` with `previous_hash`.

    >>> first, second = seal([put("lines", 2, [("line", "pay")]), put("lines", 3, [])])
    >>> first.seq, second.seq, second.previous == first.hash
    (1, 2, True)
    """
    drafts = list(drafts)
    for draft in drafts:
        check_draft(draft)
    return chain(drafts, after_seq, previous_hash)


def chain(drafts: Iterable[Draft], after_seq: int, previous_hash: str) -> list[Entry]:
    """Give checked drafts their places: for stores, which check before they take their lock."""
    hash_of = _Hasher().hash
    sealed: list[Entry] = []
    seq, previous = after_seq, previous_hash
    with collector_paused():
        for draft in drafts:
            seq += 1
            made = hash_of(seq, draft, previous)
            sealed.append(_placed(draft, seq, previous, made))
            previous = made
    return sealed


def _placed(draft: Draft, seq: int, previous: str = "", made: str = "") -> Entry:
    """A draft in its place, with the hashes of the entry before it and of its own."""
    return Entry(
        seq,
        draft.id,
        draft.kind,
        draft.table,
        draft.row,
        draft.cells,
        draft.origin,
        draft.by,
        draft.on,
        draft.why,
        draft.withdraws,
        previous,
        made,
    )


def unchained(drafts: Iterable[Draft], after_seq: int = 0) -> list[Entry]:
    """Check drafts and number them, without a chain: files are their own record, and have a digest.

    >>> [entry.seq for entry in unchained([put("lines", 2, [("line", "pay")])], 7)]
    [8]
    """
    found = []
    with collector_paused():
        for seq, draft in enumerate(drafts, start=after_seq + 1):
            check_draft(draft)
            found.append(_placed(draft, seq))
    return found


def verify(
    entries: Iterable[Entry],
    *,
    expected_root: str | None = None,
    after_seq: int = 0,
    previous_hash: str = GENESIS,
    where: str = "ledger",
) -> ChainBroken | None:
    """Nothing if every entry is as it was written, else where the chain first breaks.

    A chain alone cannot miss its own last entries: give `expected_root`, the root you kept or
    that was published, to see that too.

    >>> entries = seal([put("lines", 2, [("line", "pay")]), put("lines", 3, [("line", "drugs")])])
    >>> verify(entries) is None
    True
    >>> verify(entries[1:]).seq
    1
    >>> verify(entries[:1], expected_root=root(entries)).reason
    'the last entry is 1 and the root is not the expected one'
    """
    hash_of = _Hasher().hash
    seq, previous = after_seq, previous_hash
    for entry in entries:
        seq += 1
        try:
            if entry.seq != seq:
                return ChainBroken(seq, f"entry {entry.seq} stands in its place", where)
            if entry.previous != previous:
                return ChainBroken(seq, "it does not follow the entry before it", where)
            if entry.hash != hash_of(seq, entry, previous):
                return ChainBroken(seq, "its fields do not agree with its hash", where)
        except (TypeError, ValueError):  # UnicodeEncodeError is a ValueError
            return ChainBroken(seq, "a field is not of its type", where)
        previous = entry.hash
    if expected_root is not None and expected_root != f"sha256:{previous}":
        return ChainBroken(
            seq, f"the last entry is {seq} and the root is not the expected one", where
        )
    return None


def root(entries: Sequence[Entry]) -> str:
    """The one text that stands for all the entries, in order.

    >>> root([]) == "sha256:" + GENESIS
    True
    """
    return f"sha256:{entries[-1].hash if entries else GENESIS}"


def in_force(entries: Iterable[Entry], upto: int | None = None) -> list[Entry]:
    """The rows that stand: puts up to entry `upto` that none up to then has withdrawn, in order.

    >>> entries = seal([put("lines", 2, [("line", "pay")]), put("lines", 3, [("line", "drugs")])])
    >>> gone = withdraw(entries[0], id="w1", by="A. Person", on="2026-05-01", why="entered twice")
    >>> entries += seal([gone], 2, entries[-1].hash)
    >>> [entry.seq for entry in in_force(entries)], [entry.seq for entry in in_force(entries, 2)]
    ([2], [1, 2])
    """
    if upto is not None:
        entries = [entry for entry in entries if entry.seq <= upto]
    else:
        entries = list(entries)
    withdrawn = {entry.withdraws for entry in entries if entry.withdraws}
    return [entry for entry in entries if entry.kind == PUT and entry.seq not in withdrawn]
