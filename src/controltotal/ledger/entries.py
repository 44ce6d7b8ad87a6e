"""Entries: the only way anything is ever said in a book.

Accounting idea: a daybook. An act posts rows of tables, or withdraws rows posted before; nothing is
rubbed out. What one act says of one table is a *block* of rows, and with it goes its narration: who
did it, in what office, on which day, why, and from which file. A row in its place is an entry; its
number counts 1, 2, … without a gap.

How blocks are chained is in `controltotal.ledger.chain`.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from controltotal.ledger.errors import LedgerError

Cells = tuple[tuple[str, str], ...]

PUT: Final = "put"
WITHDRAW: Final = "withdraw"
REDACT: Final = "redact"
REDACTED: Final = "redacted"
"""How a row reads whose words a redaction erased."""
CARRIED: Final = "carried"
"""How the number reads under which a row was written anew that keeps its old number."""
KINDS: Final = (PUT, WITHDRAW, REDACT)

_NUMBER_MAX = 2**63 - 1  # what SQLite and PostgreSQL hold in a whole-number column


@dataclass(frozen=True, slots=True)
class Author:
    """Who did an act: a subject that stays, a display name, and the office held.

    >>> Author("sub-17", "A. Person", "trust_finance").name
    'A. Person'
    """

    subject: str = ""
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Narration:
    """What is said of all rows of an act: its request, its name, who, on which day, why, which file.

    `request` is made by the caller, once for what it wants done. `on` is the day that the caller
    claims; when it was recorded is for the store to say. `file` is that from which rows come.
    """

    request: str = ""
    act: str = ""
    author: Author = Author()
    on: str = ""
    why: str = ""
    file: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every field in the order in which it is hashed and kept."""
        who = self.author
        return (
            self.request,
            self.act,
            who.subject,
            who.name,
            who.role,
            self.on,
            self.why,
            self.file,
        )


NOTHING_SAID: Final = Narration()
"""The narration of rows that were read from files: files have no clock and name nobody."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One row as its writer hands it in: everything but its place.

    `row` is counted as a spreadsheet shows it (the header is row 1). `cells` are ordered
    (column, text) pairs as people wrote them, empty cells left out. `origin` is
    `file|sheet|first cell`, and empty for acts. `withdraws` is the number of the entry that is
    withdrawn, or redacted; `number` is that which a row keeps that is written anew.

    >>> draft = Draft("put", "amounts", 2, (("organisation", "QE1"),))
    >>> draft.table, draft.row, draft.withdraws
    ('amounts', 2, 0)
    """

    kind: str
    table: str
    row: int
    cells: Cells = ()
    origin: str = ""
    withdraws: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Posting:
    """What one act writes: its narration and its rows; whole or not at all.

    >>> Posting(Narration("r1"), (put("lines", 2, [("line", "pay")]),)).narration.request
    'r1'
    """

    narration: Narration
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row in its place: `seq` counts 1, 2, … without a gap.

    `narration` is that of its act, `recorded_at` the time in UTC at which the store took it, empty
    for rows that were read from files.
    """

    seq: int
    kind: str
    table: str
    row: int
    cells: Cells
    origin: str = ""
    withdraws: int = 0
    narration: Narration = field(default=NOTHING_SAID, repr=False)
    recorded_at: str = ""

    @property
    def by(self) -> str:
        """The display name of who wrote it; empty for a row read from a file."""
        return self.narration.author.name

    @property
    def on(self) -> str:
        """The day that its act says of itself."""
        return self.narration.on

    @property
    def why(self) -> str:
        """The reason of its act."""
        return self.narration.why

    @property
    def draft(self) -> Draft:
        """The row as it was handed in."""
        return Draft(self.kind, self.table, self.row, self.cells, self.origin, self.withdraws)


def put(table: str, row: int, cells: Iterable[tuple[str, str]], *, origin: str = "") -> Draft:
    """A draft that says one row.

    >>> put("organisations", 2, [("code", "QE1"), ("name", ""), ("kind", "system")]).cells
    (('code', 'QE1'), ('kind', 'system'))
    """
    said = tuple((column, text) for column, text in cells if text != "")
    return Draft(PUT, table, row, said, origin)


def withdraw(entry: Entry) -> Draft:
    """A draft that withdraws `entry`."""
    return Draft(WITHDRAW, entry.table, entry.row, withdraws=entry.seq)


def _refuse(draft: object, reason: str, action: str) -> LedgerError:
    table, row = getattr(draft, "table", "?"), getattr(draft, "row", "?")
    return LedgerError(f"an entry cannot be recorded: {reason}", f"{table} row {row}", action)


def check_posting(posting: Posting) -> None:
    """Refuse what a ledger cannot hold for ever: no request, no row, wrong types, unwritable text.

    >>> check_posting(Posting(Narration(), (put("lines", 2, [("line", "pay")]),)))
    Traceback (most recent call last):
    controltotal.ledger.errors.LedgerError: an act cannot be recorded: it has no request \
(the act): give it an identifier of its own
    """
    said = posting.narration.texts
    if set(map(type, said)) != {str}:
        raise _refuse_act("a field is not text", "give every field as text")
    if not posting.narration.request:
        raise _refuse_act("it has no request", "give it an identifier of its own")
    if not posting.drafts:
        raise _refuse_act("it has no row", "say what is written")
    joined = "".join(said)
    if not joined.isascii() or "\0" in joined:
        _check_writable("the act", joined, "an act cannot be recorded")
    for start in range(0, len(posting.drafts), _AT_ONCE):
        drafts = posting.drafts[start : start + _AT_ONCE]
        if not _all_plain(drafts):
            for draft in drafts:
                check_draft(draft)


_AT_ONCE: Final = 4096


def _all_plain(drafts: Sequence[Draft]) -> bool:
    """Whether rows that are put have nothing to refuse, looked at together, in a fraction of the time.

    What is not plain may still be right: `check_draft` says it of each.
    """
    rows = [draft.cells for draft in drafts]
    if set(map(type, drafts)) != {Draft} or set(map(type, rows)) != {tuple}:
        return False
    pairs = list(chain.from_iterable(rows))
    if not set(map(type, pairs)) <= {tuple} or not set(map(len, pairs)) <= {2}:
        return False
    texts = list(chain.from_iterable(pairs))
    if not all(texts) or not set(map(type, texts)) <= {str}:
        return False
    if sum(map(len, map(dict, rows))) < len(pairs):
        return False
    told = [text for draft in drafts for text in (draft.kind, draft.table, draft.origin)]
    numbers = [n for draft in drafts for n in (draft.row, draft.withdraws, draft.number)]
    if set(map(type, told)) != {str} or set(map(type, numbers)) != {int}:
        return False
    joined = "".join((*told, *texts))
    if "\0" in joined or not _is_unicode(joined) or max(numbers) > _NUMBER_MAX:
        return False
    return all(
        d.kind == PUT and d.table and d.row > 0 == d.withdraws and d.number >= 0 for d in drafts
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_act(reason: str, action: str) -> LedgerError:
    return LedgerError(f"an act cannot be recorded: {reason}", "the act", action)


def check_draft(draft: Draft) -> None:
    """Refuse a row that a ledger cannot hold for ever.

    >>> check_draft(Draft("put", "amounts", 2, (("amount", "1"), ("amount", "2"))))
    Traceback (most recent call last):
    controltotal.ledger.errors.LedgerError: an entry cannot be recorded: a column is there twice \
(amounts row 2): give each column of the row a name of its own
    """
    texts, cells = (draft.kind, draft.table, draft.origin), draft.cells
    if set(map(type, texts)) != {str} or type(draft.row) is not int:
        raise _refuse(draft, "a field is not of its type", "give texts as text, rows as numbers")
    if not draft.table:
        raise _refuse(draft, "it has no table", "name one")
    if not 0 < draft.row <= _NUMBER_MAX:
        raise _refuse(draft, "its row number is not above nil", "count rows from the header, 1")
    _check_kind(draft)
    if type(cells) is not tuple:
        raise _refuse(draft, "its cells are not a tuple", "give (column, text) pairs in a tuple")
    pairs = set(map(type, cells)) <= {tuple} and set(map(len, cells)) <= {2}
    flat = tuple(chain.from_iterable(cells)) if pairs else ()
    if not pairs or not all(flat):
        raise _refuse(draft, "a cell is not a pair", "give (column, text), neither of them empty")
    if len(set(flat[::2])) != len(cells):
        raise _refuse(
            draft, "a column is there twice", "give each column of the row a name of its own"
        )
    if flat and set(map(type, flat)) != {str}:
        raise _refuse(draft, "a cell is not text", "give every cell as the text that was written")
    joined = "".join(texts) + "".join(flat)
    if not joined.isascii() or "\0" in joined:
        _check_writable(f"{draft.table} row {draft.row}", joined, "an entry cannot be recorded")


def _check_kind(draft: Draft) -> None:
    for number in (draft.withdraws, draft.number):
        if type(number) is not int or not 0 <= number <= _NUMBER_MAX:
            raise _refuse(draft, "the number it names is not an entry's", "give a whole number")
    if draft.kind not in KINDS:
        raise _refuse(draft, f"{draft.kind!r} is not a kind of entry", "use put or withdraw")
    if (draft.kind != PUT) != (draft.withdraws > 0):
        raise _refuse(
            draft,
            f"a {draft.kind} cannot withdraw entry {draft.withdraws}",
            "a withdrawal names the entry it withdraws; a put names none",
        )


def _check_writable(where: str, joined: str, what: str) -> None:
    if "\0" in joined:
        raise LedgerError(
            f"{what}: a text has a NUL character in it", where, "remove it at the source"
        )
    try:
        joined.encode()
    except UnicodeEncodeError:
        raise LedgerError(
            f"{what}: a text is not valid Unicode", where, "save the source again as UTF-8"
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


def numbered(drafts: Iterable[Draft], after_seq: int = 0) -> list[Entry]:
    """Check drafts and number them, without a chain: files are their own record, and have a digest.

    >>> [entry.seq for entry in numbered([put("lines", 2, [("line", "pay")])], 7)]
    [8]
    """
    found = []
    with collector_paused():
        for seq, draft in enumerate(drafts, start=after_seq + 1):
            check_draft(draft)
            found.append(Entry(seq, draft.kind, draft.table, draft.row, draft.cells, draft.origin))
    return found


def in_force(entries: Iterable[Entry], upto: int | None = None) -> list[Entry]:
    """The rows that stand: puts up to entry `upto` that none up to then has withdrawn, in order.

    >>> first, second = numbered([put("lines", 2, [("line", "pay")]), put("lines", 3, [])])
    >>> gone = Entry(3, WITHDRAW, "lines", 2, (), withdraws=1)
    >>> [one.seq for one in in_force([first, second, gone])]
    [2]
    >>> [one.seq for one in in_force([first, second, gone], 2)]
    [1, 2]
    """
    if upto is not None:
        entries = [entry for entry in entries if entry.seq <= upto]
    else:
        entries = list(entries)
    withdrawn = {entry.withdraws for entry in entries if entry.kind == WITHDRAW}
    return [entry for entry in entries if entry.kind == PUT and entry.seq not in withdrawn]
