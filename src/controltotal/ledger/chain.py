"""The chain: blocks of entries, each bound to the one before, so that the last hash stands for all.

A block is 1 to 10,000 rows of one table, put or withdrawn in one act. It takes as many consecutive
numbers and is one link: `hash = SHA-256(previous ‖ head ‖ commit)`. The head says how the block stands
in the book (form, first number, how many, kind, table, when recorded) and stays for ever. The commit is
`SHA-256(salt ‖ body)`, the body being the narration and the rows. Its 32 random bytes of salt keep a
short sum from being guessed from its hash; a redaction erases salt and body, and the chain still holds.

The form of head and body writes every text as `length:text` and every number as `i` and its digits, so
that no two different blocks have the same form and text never passes for a number. All fields are in
it: a chain over the rows alone overlooks a changed date or name.

Source: Haber and Stornetta, "How to time-stamp a digital document" (1991).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import Final

from controltotal.core.progress import stop_if_cancelled
from controltotal.ledger.entries import (
    CARRIED,
    REDACT,
    REDACTED,
    Draft,
    Entry,
    Narration,
    Posting,
    check_posting,
    collector_paused,
)
from controltotal.ledger.errors import ChainBroken

GENESIS: Final = hashlib.sha256(b"controltotal ledger, entries of form 2").hexdigest()
"""The hash before the first block. It names the form of the blocks: another form, another start."""
FORM: Final = 2
BLOCK_MOST: Final = 10_000
"""Rows of one block."""
SALT_BYTES: Final = 32
"""Bytes of a salt, as of every hash: fixed, so that nothing moves between salt and body."""
REDACTED_BLOCK: Final = "block"
"""The cell of a redaction that names the first number of the block whose body it erased."""
WAS_CARRIED: Final = "was_carried"
"""The cell of a redaction of a block whose rows had been carried there by an earlier one."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a redaction erases: the narration of a block and its rows."""

    narration: Narration
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A block in its place. `body` is None, and `salt` empty, where a redaction erased them."""

    first: int
    count: int
    kind: str
    table: str
    recorded_at: str
    commit: str
    previous: str
    hash: str
    salt: str
    body: Body | None

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + self.count - 1

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """Its rows; none where a redaction erased them."""
        return self.body.drafts if self.body is not None else ()

    @property
    def numbers(self) -> Iterator[int]:
        """The numbers under which its rows are read: their own, or those that they keep."""
        return (draft.number or self.first + place for place, draft in enumerate(self.drafts))


def now() -> str:
    """The time in UTC, to the second, as a store records it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fresh_salt() -> str:
    """32 random bytes, as hexadecimal text."""
    return secrets.token_hex(SALT_BYTES)


@dataclass(frozen=True, slots=True)
class Sealer:
    """What a store adds to a block: the time of recording and a salt. Tests stand in for both."""

    clock: Callable[[], str] = now
    salt: Callable[[], str] = fresh_salt

    def seal(
        self,
        postings: Iterable[Posting],
        after_seq: int = 0,
        previous: str = GENESIS,
        *,
        checked: bool = False,
    ) -> list[Link]:
        """Check postings and chain their blocks after entry `after_seq` with the hash `previous`.

        `checked`: the caller has checked them.

        >>> from controltotal.ledger.entries import put
        >>> act = Posting(Narration("r1"), (put("lines", 2, []), put("lines", 3, [])))
        >>> (link,) = Sealer().seal([act])
        >>> link.first, link.count, link.previous == GENESIS
        (1, 2, True)
        """
        sealed: list[Link] = []
        recorded_at = self.clock()
        with collector_paused():
            for posting in postings:
                if not checked:
                    check_posting(posting)
                for body in blocks(posting):
                    link = self.link(body, after_seq + 1, recorded_at, previous)
                    sealed.append(link)
                    after_seq, previous = link.last, link.hash
        return sealed

    def link(self, body: Body, first: int, recorded_at: str, previous: str) -> Link:
        """One block in its place, with a salt of its own."""
        salt, count, one = self.salt(), len(body.drafts), body.drafts[0]
        commit = committed(salt, body)
        made = hashed(previous, first, count, one.kind, one.table, recorded_at, commit)
        return Link(
            first, count, one.kind, one.table, recorded_at, commit, previous, made, salt, body
        )


def blocks(posting: Posting) -> Iterator[Body]:
    """The blocks of a posting: its rows in order, parted where kind or table changes."""
    for _, found in groupby(posting.drafts, key=lambda draft: (draft.kind, draft.table)):
        rows = tuple(found)
        for start in range(0, len(rows), BLOCK_MOST):
            yield Body(posting.narration, rows[start : start + BLOCK_MOST])


def hashed(
    previous: str, first: int, count: int, kind: str, table: str, recorded_at: str, commit: str
) -> str:
    """The hash of a block: of the one before it, its head, and the commit to its body."""
    head = f"i{FORM};i{first:d};i{count:d};{_text(kind)}{_text(table)}{_text(recorded_at)}"
    raw = _raw(previous) + head.encode() + _raw(commit)
    return hashlib.sha256(raw).hexdigest()


def committed(salt: str, body: Body) -> str:
    """The commit to a body under a salt. TypeError or ValueError where a field is not of its type."""
    measured = _Measured()
    parts = ["".join(map(_text, body.narration.texts)), f"i{len(body.drafts)};"]
    for draft in body.drafts:
        cells = "".join(map(measured.__getitem__, chain.from_iterable(draft.cells)))
        parts.append(
            f"i{draft.row:d};i{len(draft.cells)};s{cells};{_text(draft.origin)}"
            f"i{draft.withdraws:d};i{draft.number:d};"
        )
    return hashlib.sha256(_raw(salt) + "".join(parts).encode()).hexdigest()


def _raw(text: str) -> bytes:
    """The 32 bytes of a hash or a salt. ValueError where they are written in another way."""
    raw = bytes.fromhex(text)
    if len(raw) != SALT_BYTES or raw.hex() != text:
        raise ValueError(text)
    return raw


class _Measured(dict[str, str]):
    """`length:text` of names of columns and of cells, made once."""

    def __missing__(self, text: str) -> str:
        made = self[text] = f"{len(text)}:{text}"
        return made


def _text(text: str) -> str:
    return f"s{len(text)}:{text}"


def root(links: Sequence[Link], upto: int | None = None) -> str:
    """The one text that stands for all the blocks; `upto` for those up to that of an entry.

    >>> root([]) == "sha256:" + GENESIS
    True
    """
    if upto is not None:
        links = [link for link in links if link.first <= upto]
    return f"sha256:{links[-1].hash if links else GENESIS}"


def verify(
    links: Iterable[Link],
    *,
    expected_root: str | None = None,
    after_seq: int = 0,
    previous_hash: str = GENESIS,
    where: str = "ledger",
) -> ChainBroken | None:
    """Nothing if every block is as it was written, else where the chain first breaks.

    A block whose body is gone is as it was written only if a later redaction names it. A chain alone
    cannot miss its own last blocks: give `expected_root`, the root you kept or that was published,
    to see that too.

    >>> from controltotal.ledger.entries import put
    >>> acts = [Posting(Narration(f"r{n}"), (put("lines", n, []),)) for n in (2, 3)]
    >>> links = Sealer().seal(acts)
    >>> verify(links) is None, verify(links[1:]).seq
    (True, 1)
    >>> verify(links[:1], expected_root=root(links)).reason
    'the last entry is 1 and the root is not the expected one'
    """
    seq, previous = after_seq, previous_hash
    gone: dict[int, None] = {}
    for link in links:
        stop_if_cancelled()
        try:
            broken = _broken(link, seq + 1, previous)
        except (TypeError, ValueError, AttributeError):  # UnicodeEncodeError is a ValueError
            broken = "a field is not of its type"
        if broken:
            return ChainBroken(seq + 1, broken, where)
        seq, previous = link.last, link.hash
        if link.body is None:
            gone[link.first] = None
        elif link.kind == REDACT:
            for first in redacted_blocks(link):
                gone.pop(first, None)
    if gone:
        return ChainBroken(min(gone), "its rows are gone, and no redaction says so", where)
    if expected_root is not None and expected_root != f"sha256:{previous}":
        return ChainBroken(
            seq, f"the last entry is {seq} and the root is not the expected one", where
        )
    return None


def _broken(link: Link, first: int, previous: str) -> str:
    """What is wrong with a block in its place; empty where nothing is."""
    if link.first != first or type(link.first) is not int:
        return f"entry {link.first} stands in its place"
    if link.previous != previous:
        return "it does not follow the entry before it"
    if not 1 <= link.count <= BLOCK_MOST:
        return f"its block has {link.count} rows"
    made = hashed(
        previous, link.first, link.count, link.kind, link.table, link.recorded_at, link.commit
    )
    if link.hash != made:
        return "its fields do not agree with its hash"
    if link.body is None:
        return "" if link.salt == "" else "its fields do not agree with its hash"
    whole = len(link.body.drafts) == link.count
    same = whole and all((d.kind, d.table) == (link.kind, link.table) for d in link.body.drafts)
    if not same or committed(link.salt, link.body) != link.commit:
        return "its fields do not agree with its hash"
    return ""


def redacted_blocks(link: Link) -> list[int]:
    """The first numbers of the blocks whose bodies a redaction says that it erased."""
    return [int(dict(draft.cells).get(REDACTED_BLOCK, "0")) for draft in link.drafts]


def entries_of(links: Iterable[Link], after: int = 0) -> list[Entry]:
    """Every entry after a number, in order, whatever redactions erased and carried.

    After another number than nil, the blocks hold no redaction.

    A number of an erased block reads as its row, where that was carried under its old number, else as
    `redacted`. ChainBroken where a number is neither.
    """
    plain: list[Entry] = []
    kept: dict[int, Entry] = {}
    erased: dict[int, Entry] = {}
    gone: dict[int, int] = {}
    moved: set[int] = set()
    with collector_paused():
        for link in links:
            whole = link.body is None or len(link.drafts) == link.count
            if link.first != after + len(plain) + 1 or not whole:
                raise ChainBroken(after + len(plain) + 1, "it is not there")
            if link.body is None:
                for number in range(link.first, link.last + 1):
                    gone[number] = link.first
                    plain.append(
                        Entry(number, REDACTED, link.table, 1, (), recorded_at=link.recorded_at)
                    )
                continue
            narration, at = link.body.narration, link.recorded_at
            for seq, draft in enumerate(link.body.drafts, start=link.first):
                made = _entry(draft.number or seq, draft, narration, at)
                if draft.kind == REDACT:
                    erased[draft.withdraws] = made
                    moved |= _carried_before(draft)
                if draft.number:
                    kept[draft.number] = made
                    made = Entry(seq, CARRIED, draft.table, draft.row, (), "", 0, narration, at)
                plain.append(made)
    for number, first in gone.items():
        plain[number - 1] = _instead(plain[number - 1], kept, erased, first in moved)
    return plain


def _carried_before(draft: Draft) -> set[int]:
    """The block that a redaction erased, where an earlier one had carried its rows there."""
    cells = dict(draft.cells)
    return {int(cells[REDACTED_BLOCK])} if WAS_CARRIED in cells else set()


def _entry(seq: int, draft: Draft, narration: Narration, recorded_at: str) -> Entry:
    return Entry(
        seq,
        draft.kind,
        draft.table,
        draft.row,
        draft.cells,
        draft.origin,
        draft.withdraws,
        narration,
        recorded_at,
    )


def _instead(
    blank: Entry, kept: dict[int, Entry], erased: dict[int, Entry], carried: bool
) -> Entry:
    """What stands under the number of an erased block."""
    number = blank.seq
    said = erased.get(number)
    if said is not None:
        cells = tuple(cell for cell in said.cells if cell[0] not in (REDACTED_BLOCK, WAS_CARRIED))
        return Entry(
            number, REDACTED, said.table, said.row, cells, "", 0, said.narration, said.recorded_at
        )
    if number in kept:
        return replace(kept[number], recorded_at=blank.recorded_at)
    if carried:
        return Entry(number, CARRIED, blank.table, blank.row, ())
    raise ChainBroken(number, "its row is gone, and no redaction names it")
