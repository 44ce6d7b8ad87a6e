"""Laws of the ledger: stores agree, retries append once, and no change goes unnoticed.

The reference beside the stores is a plain list and the few lines of `Daybook`, slow and obvious.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from controltotal.ledger import (
    GENESIS,
    Appended,
    Clash,
    Draft,
    Entry,
    LedgerError,
    MemoryStore,
    Store,
    in_force,
    root,
    seal,
    verify,
)
from controltotal.ledger.history import entries_from_rows, history_rows
from controltotal.ledger.sqlite import SqliteStore

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
SAID = st.one_of(st.just(""), TEXT)
NAMES = st.sampled_from(["amounts", "facts", "organisations"])
CELLS = st.dictionaries(TEXT.filter(bool), TEXT.filter(bool), max_size=4).map(
    lambda cells: tuple(cells.items())
)


@st.composite
def puts(draw: st.DrawFn, ids: st.SearchStrategy[str] | None = None) -> Draft:
    id = draw(ids if ids is not None else st.uuids().map(str))
    row = draw(st.integers(2, 9))
    return Draft(
        id, "put", draw(NAMES), row, draw(CELLS), draw(SAID), draw(SAID), draw(SAID), draw(SAID)
    )


BATCHES = st.lists(puts(), min_size=1, max_size=8, unique_by=lambda draft: draft.id)


@given(BATCHES)
def test_sealed_entries_verify_and_keep_what_was_said(drafts: list[Draft]) -> None:
    entries = seal(drafts)
    assert verify(entries, expected_root=root(entries)) is None
    assert [entry.draft for entry in entries] == drafts


@given(BATCHES, st.integers(0, 8))
def test_sealing_in_two_parts_is_sealing_at_once(drafts: list[Draft], cut: int) -> None:
    first = seal(drafts[:cut])
    previous = first[-1].hash if first else GENESIS
    assert first + seal(drafts[cut:], len(first), previous) == seal(drafts)


@given(BATCHES, st.data())
def test_any_other_value_in_any_field_is_noticed(drafts: list[Draft], data: st.DataObject) -> None:
    entries = seal(drafts)
    place = data.draw(st.integers(0, len(entries) - 1), "entry")
    field = data.draw(st.sampled_from([f.name for f in dataclasses.fields(Entry)]), "field")
    was = getattr(entries[place], field)
    if field == "cells":
        other: st.SearchStrategy[object] = CELLS
    elif isinstance(was, int):
        other = st.one_of(st.integers(), st.just(str(was)), st.just(float(was) + 0.5))
    else:
        other = st.one_of(TEXT, st.integers(), st.none(), st.just(was.encode()))
    value = data.draw(other.filter(lambda value: value != was), "value")
    entries[place] = dataclasses.replace(entries[place], **{field: value})
    broken = verify(entries)
    assert broken is not None and broken.seq == place + 1


@given(BATCHES, st.data())
def test_one_bit_of_any_text_is_noticed(drafts: list[Draft], data: st.DataObject) -> None:
    entries = seal(drafts)
    place = data.draw(st.integers(0, len(entries) - 1), "entry")
    entry = entries[place]
    texts = [
        n
        for n in ("id", "kind", "table", "origin", "by", "on", "why", "previous", "hash")
        if getattr(entry, n)
    ]
    field = data.draw(st.sampled_from(texts), "field")
    raw = bytearray(getattr(entry, field).encode())
    bit = data.draw(st.integers(0, len(raw) * 8 - 1), "bit")
    raw[bit // 8] ^= 1 << (bit % 8)
    value = raw.decode("utf-8", errors="surrogateescape")
    entries[place] = dataclasses.replace(entry, **{field: value})
    assert verify(entries) is not None


@given(BATCHES, BATCHES)
def test_two_ledgers_of_one_root_say_the_same(one: list[Draft], two: list[Draft]) -> None:
    assert (root(seal(one)) == root(seal(two))) == (one == two)


@given(BATCHES, st.permutations(range(8)))
def test_the_order_is_part_of_the_book(drafts: list[Draft], order: list[int]) -> None:
    moved = [drafts[place] for place in order if place < len(drafts)]
    assert (root(seal(moved)) == root(seal(drafts))) == (moved == drafts)


@given(BATCHES)
def test_a_history_survives_as_rows_and_as_json(drafts: list[Draft]) -> None:
    entries = seal(drafts)
    rows = json.loads(json.dumps(history_rows(entries)))
    again = entries_from_rows([(n, tuple((c, t) for c, t in cells)) for n, cells in rows])
    assert list(again) == entries


class Daybook:
    """The obvious ledger: lists, searched from the front."""

    def __init__(self) -> None:
        self.said: list[Draft] = []

    def append(self, drafts: list[Draft], expected: int) -> Appended | str:
        known = {draft.id: (place, draft) for place, draft in enumerate(self.said, start=1)}
        new = [draft for draft in drafts if draft.id not in known]
        old = [known[draft.id] for draft in drafts if draft.id in known]
        for draft in drafts:
            if draft.id in known and known[draft.id][1] != draft:
                return "IdReused"
        if new and expected != len(self.said):
            return "Clash"
        standing = {place for place, draft in enumerate(self.said, 1) if draft.kind == "put"}
        standing -= {draft.withdraws for draft in self.said}
        for draft in new:
            if draft.kind == "withdraw":
                target = draft.withdraws
                if target not in standing:
                    return "LedgerError"
                before = self.said[target - 1]
                if (before.table, before.row) != (draft.table, draft.row):
                    return "LedgerError"
                standing.remove(target)
        self.said += new
        entries = seal(self.said)
        if new:
            first, last = len(self.said) - len(new) + 1, len(self.said)
        else:
            first, last = min(p for p, _ in old), max(p for p, _ in old)
        return Appended(first, last, root(entries[:last]), len(old))


class StoresAgree(RuleBasedStateMachine):
    """Memory, SQLite and the obvious ledger, given the same writers, say the same."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "a.ledger"
        self.book = Daybook()
        self.memory = MemoryStore()
        self.sqlite = SqliteStore(self.path)
        self.sent: list[tuple[list[Draft], int]] = []

    def send(self, drafts: list[Draft], expected: int) -> None:
        wanted = self.book.append(drafts, expected)
        for store in (self.memory, self.sqlite):
            assert self.answer(store, drafts, expected) == wanted
        self.sent.append((drafts, expected))

    @staticmethod
    def answer(store: Store, drafts: list[Draft], expected: int) -> Appended | str:
        try:
            return store.append(drafts, expected)
        except LedgerError as error:
            return type(error).__name__

    @rule(drafts=BATCHES)
    def append(self, drafts: list[Draft]) -> None:
        self.send(drafts, len(self.book.said))

    @rule(drafts=BATCHES, off=st.integers(-3, 3))
    def append_having_seen_another_last(self, drafts: list[Draft], off: int) -> None:
        self.send(drafts, len(self.book.said) + off)

    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        if self.sent:
            self.send(*data.draw(st.sampled_from(self.sent)))

    @rule(data=st.data(), more=BATCHES)
    def retry_with_more(self, data: st.DataObject, more: list[Draft]) -> None:
        if self.sent:
            drafts, _ = data.draw(st.sampled_from(self.sent))
            self.send(drafts + more, len(self.book.said))

    @rule(data=st.data())
    def reuse_an_id(self, data: st.DataObject) -> None:
        if self.book.said:
            id = data.draw(st.sampled_from(self.book.said)).id
            self.send([data.draw(puts(st.just(id)))], len(self.book.said))

    @rule(data=st.data(), id=st.uuids().map(str), kinked=st.booleans())
    def withdraw(self, data: st.DataObject, id: str, kinked: bool) -> None:
        if self.book.said:
            target = data.draw(st.integers(1, len(self.book.said) + 1))
            before = self.book.said[min(target, len(self.book.said)) - 1]
            row = before.row + kinked
            draft = Draft(id, "withdraw", before.table, row, (), "", "A", "2026-05-01", "x", target)
            self.send([draft], len(self.book.said))

    @rule()
    def reopen(self) -> None:
        self.sqlite.close()
        self.sqlite = SqliteStore(self.path)

    @rule(data=st.data())
    def read_as_at(self, data: st.DataObject) -> None:
        upto = data.draw(st.integers(0, len(self.book.said)))
        wanted = seal(self.book.said)[:upto]
        assert self.memory.read(upto) == self.sqlite.read(upto) == wanted
        assert in_force(wanted) == in_force(seal(self.book.said), upto)

    @invariant()
    def same_entries(self) -> None:
        if hasattr(self, "book"):
            wanted = seal(self.book.said)
            assert self.memory.read() == self.sqlite.read() == wanted
            hash = wanted[-1].hash if wanted else GENESIS
            assert self.memory.last() == self.sqlite.last() == (len(wanted), hash)

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.sqlite.close()
            self.folder.cleanup()


StoresAgree.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
TestStoresAgree = StoresAgree.TestCase


def test_the_clash_says_what_was_seen_and_what_is() -> None:
    store = MemoryStore()
    store.append([Draft("a", "put", "facts", 2)], 0)
    try:
        store.append([Draft("b", "put", "facts", 3)], 0)
    except Clash as clash:
        assert "entry 0" in str(clash) and "is 1" in str(clash)
    else:
        raise AssertionError("a stale writer was let in")
