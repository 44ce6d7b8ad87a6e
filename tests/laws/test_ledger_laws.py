"""Laws of the ledger: stores agree, retries append once, and no change goes unnoticed.

The reference beside the stores is a plain list and the few lines of `Daybook`, slow and obvious.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from dataclasses import replace
from itertools import count, groupby
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from controltotal.ledger import (
    GENESIS,
    Author,
    Clash,
    Draft,
    Entry,
    Erasure,
    LedgerError,
    Link,
    MemoryStore,
    Narration,
    Posting,
    Sealer,
    Store,
    entries_of,
    in_force,
    put,
    root,
    verify,
)
from controltotal.ledger.chain import Body
from controltotal.ledger.entries import CARRIED, PUT, REDACT, REDACTED, WITHDRAW
from controltotal.ledger.history import history_rows, links_from_rows
from controltotal.ledger.sqlite import SqliteStore
from tests.ledgers import FIXED, posting

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NAMES = st.sampled_from(["amounts", "facts", "organisations"])
CELLS = st.dictionaries(TEXT.filter(bool), TEXT.filter(bool), max_size=4).map(
    lambda cells: tuple(cells.items())
)
PUTS = st.builds(Draft, st.just(PUT), NAMES, st.integers(2, 9), CELLS, TEXT)
ROWS = st.lists(PUTS, min_size=1, max_size=5).map(tuple)
UUIDS = st.uuids().map(str)
AUTHORS = st.builds(Author, TEXT, TEXT, TEXT)


@st.composite
def postings(draw: st.DrawFn, requests: st.SearchStrategy[str] = UUIDS) -> Posting:
    said = draw(st.builds(Narration, requests, TEXT, AUTHORS, TEXT, TEXT, TEXT))
    return Posting(said, draw(ROWS))


GROUPS = st.lists(postings(), min_size=1, max_size=4, unique_by=lambda one: one.narration.request)


# The chain


@given(GROUPS)
def test_sealed_blocks_verify_and_keep_what_was_said(group: list[Posting]) -> None:
    links = Sealer().seal(group)
    assert verify(links, expected_root=root(links)) is None
    entries = entries_of(links)
    assert [entry.draft for entry in entries] == [d for one in group for d in one.drafts]
    assert [e.narration for e in entries] == [one.narration for one in group for _ in one.drafts]
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


@given(GROUPS, st.integers(0, 4))
def test_sealing_in_two_parts_is_sealing_at_once(group: list[Posting], cut: int) -> None:
    first = FIXED.seal(group[:cut])
    last, previous = (first[-1].last, first[-1].hash) if first else (0, GENESIS)
    assert first + FIXED.seal(group[cut:], last, previous) == FIXED.seal(group)


@given(GROUPS, st.data())
def test_the_root_up_to_an_entry_is_that_of_the_blocks_up_to_it(
    group: list[Posting], data: st.DataObject
) -> None:
    links = Sealer().seal(group)
    upto = data.draw(st.integers(0, links[-1].last))
    part = [link for link in links if link.first <= upto]
    assert root(links, upto) == root(part)
    assert verify(part, expected_root=root(links, upto)) is None


def another(was: object) -> st.SearchStrategy[object]:
    """Any other value for a field, of its type or of another."""
    if isinstance(was, int):
        other: st.SearchStrategy[object] = st.one_of(
            st.integers(), st.just(str(was)), st.just(float(was) + 0.5), st.none()
        )
    elif isinstance(was, tuple):
        other = st.one_of(CELLS, st.none())
    elif isinstance(was, Author):
        other = st.one_of(AUTHORS, st.none())
    else:
        assert isinstance(was, str)
        other = st.one_of(TEXT, st.integers(), st.none(), st.just(was.encode()))
        if was != was.upper():
            other = st.one_of(other, st.just(was.upper()))
    return other.filter(lambda value: value != was)


def changed(data: st.DataObject, said: object, names: list[str]) -> object:
    """The same with another value in one of some fields."""
    field = data.draw(st.sampled_from(names), "field")
    value = data.draw(another(getattr(said, field)), "value")
    return replace(said, **{field: value})  # type: ignore[type-var]


def fields(kind: type, *but: str) -> list[str]:
    return [field.name for field in dataclasses.fields(kind) if field.name not in but]


@given(GROUPS, st.data())
def test_any_other_value_in_any_field_is_noticed(group: list[Posting], data: st.DataObject) -> None:
    links = Sealer().seal(group)
    place = data.draw(st.integers(0, len(links) - 1), "block")
    link = links[place]
    assert link.body is not None
    where = data.draw(st.sampled_from(["head", "narration", "author", "row"]), "where")
    said, drafts = link.body.narration, list(link.drafts)
    if where == "head":
        links[place] = changed(data, link, fields(Link, "body"))  # type: ignore[call-overload]
    else:
        if where == "narration":
            said = changed(data, said, fields(Narration))  # type: ignore[assignment]
        elif where == "author":
            author = changed(data, said.author, fields(Author))
            said = replace(said, author=author)  # type: ignore[arg-type]
        else:
            at = data.draw(st.integers(0, len(drafts) - 1), "row")
            drafts[at] = changed(data, drafts[at], fields(Draft))  # type: ignore[call-overload]
        links[place] = replace(link, body=Body(said, tuple(drafts)))
    broken = verify(links)
    assert broken is not None and broken.seq == link.first


@given(GROUPS, st.data())
def test_one_bit_of_any_text_is_noticed(group: list[Posting], data: st.DataObject) -> None:
    links = Sealer().seal(group)
    place = data.draw(st.integers(0, len(links) - 1), "block")
    link = links[place]
    assert link.body is not None
    heads = ["kind", "table", "recorded_at", "commit", "previous", "hash", "salt"]
    texts = {("head", name): str(getattr(link, name)) for name in heads}
    texts |= {("said", str(n)): text for n, text in enumerate(link.body.narration.texts) if text}
    texts |= {("row", str(n)): d.origin for n, d in enumerate(link.drafts) if d.origin}
    for n, draft in enumerate(link.drafts):
        texts |= {("cell", f"{n} {m}"): text for m, (_, text) in enumerate(draft.cells)}
    part, name = data.draw(st.sampled_from(sorted(texts)), "text")
    raw = bytearray(texts[part, name].encode())
    bit = data.draw(st.integers(0, len(raw) * 8 - 1), "bit")
    raw[bit // 8] ^= 1 << (bit % 8)
    value = raw.decode("utf-8", errors="surrogateescape")
    said, drafts = list(link.body.narration.texts), list(link.drafts)
    if part == "said":
        said[int(name)] = value
    elif part == "row":
        drafts[int(name)] = replace(drafts[int(name)], origin=value)
    elif part == "cell":
        row, at = map(int, name.split())
        cells = list(drafts[row].cells)
        cells[at] = (cells[at][0], value)
        drafts[row] = replace(drafts[row], cells=tuple(cells))
    request, act, subject, who, role, on, why, file = said
    narration = Narration(request, act, Author(subject, who, role), on, why, file)
    links[place] = replace(link, body=Body(narration, tuple(drafts)))
    if part == "head":
        links[place] = replace(link, **{name: value})  # type: ignore[arg-type]
    assert verify(links) is not None


@given(GROUPS, GROUPS)
def test_two_ledgers_of_one_root_say_the_same(one: list[Posting], two: list[Posting]) -> None:
    first, second = FIXED.seal(one), FIXED.seal(two)
    same = [link.body for link in first] == [link.body for link in second]
    assert (root(first) == root(second)) == same


@given(GROUPS)
def test_the_same_acts_under_fresh_salts_have_another_root(group: list[Posting]) -> None:
    one, two = Sealer(FIXED.clock).seal(group), Sealer(FIXED.clock).seal(group)
    assert root(one) != root(two)
    assert entries_of(one) == entries_of(two)


@given(GROUPS, st.permutations(range(4)))
def test_the_order_is_part_of_the_book(group: list[Posting], order: list[int]) -> None:
    moved = [group[place] for place in order if place < len(group)]
    assert (root(FIXED.seal(moved)) == root(FIXED.seal(group))) == (moved == group)


@given(GROUPS)
def test_a_history_survives_as_rows_and_as_json(group: list[Posting]) -> None:
    links = Sealer().seal(group)
    rows = json.loads(json.dumps(history_rows(links)))
    again = links_from_rows([(n, tuple((c, t) for c, t in cells)) for n, cells in rows])
    assert list(again) == links


# The stores


Answer = list[tuple[int, int, str, bool]] | str
"""First and last entry, request, and whether it was there already; or the name of an error."""


class Daybook:
    """The obvious ledger: what each number reads as, and lists searched from the front."""

    def __init__(self) -> None:
        self.reads: list[Entry] = []
        self.homes: list[list[int]] = []  # the numbers that stand in one block; none once erased
        self.acts: list[tuple[str, int, int, Posting | Erasure | None]] = []
        self.withdrawn: set[int] = set()

    def known(self, request: str) -> tuple[str, int, int, Posting | Erasure | None] | None:
        return next((act for act in self.acts if act[0] == request), None)

    def append(self, group: list[Posting], expected: int) -> Answer:
        names = [posting.narration.request for posting in group]
        if len(set(names)) < len(names):
            return "LedgerError"
        for one in group:
            known = self.known(one.narration.request)
            if known is not None and known[3] is not None and known[3] != one:
                return "RequestReused"
        new = [one for one in group if self.known(one.narration.request) is None]
        if new and expected != len(self.reads):
            return "Clash"
        reads, withdrawn = list(self.reads), set(self.withdrawn)
        places = {}
        for one in new:
            first = len(reads) + 1
            for draft in one.drafts:
                if draft.kind == WITHDRAW:
                    at = draft.withdraws
                    if not 1 <= at <= len(reads) or reads[at - 1].kind != PUT or at in withdrawn:
                        return "LedgerError"
                    if (reads[at - 1].table, reads[at - 1].row) != (draft.table, draft.row):
                        return "LedgerError"
                    withdrawn.add(at)
                reads.append(read_as(len(reads) + 1, draft, one.narration))
            places[one.narration.request] = (first, len(reads))
        self.reads, self.withdrawn = reads, withdrawn
        for one in new:
            first, last = places[one.narration.request]
            self.acts.append((one.narration.request, first, last, one))
            numbers = iter(range(first, last + 1))
            for _, rows in groupby(one.drafts, key=lambda draft: (draft.kind, draft.table)):
                self.homes.append([next(numbers) for _ in rows])
        answer = []
        for name in names:
            known = self.known(name)
            assert known is not None
            answer.append((known[1], known[2], name, name not in places))
        return answer

    def redact(self, asked: Erasure) -> Answer:
        said = asked.narration
        known = self.known(said.request)
        if known is not None:
            if known[3] != asked:
                return "RequestReused"
            return [(known[1], known[2], said.request, True)]
        for number in asked.rows:
            if not 1 <= number <= len(self.reads) or self.reads[number - 1].kind != PUT:
                return "LedgerError"
        homes = [home for home in self.homes if any(number in asked.rows for number in home)]
        first = len(self.reads) + 1
        for place, act in enumerate(self.acts):
            if any(act[1] <= number <= act[2] for home in homes for number in home):
                # of an act of which a block was erased nobody can say what it was
                self.acts[place] = (*act[:3], None)
        for number in asked.rows:
            was = self.reads[number - 1]
            draft = Draft(REDACTED, was.table, was.row, asked.rows[number])
            self.reads[number - 1] = read_as(number, draft, said)
            self.reads.append(Entry(len(self.reads) + 1, REDACT, was.table, 1, ()))
        for home in homes:
            self.homes.remove(home)
            stay = [number for number in home if number not in asked.rows]
            if stay:
                self.homes.append(stay)
            for number in stay:
                table = self.reads[number - 1].table
                self.reads.append(Entry(len(self.reads) + 1, CARRIED, table, 1, ()))
        self.acts.append((said.request, first, len(self.reads), asked))
        return [(first, len(self.reads), said.request, False)]


def read_as(seq: int, draft: Draft, said: Narration) -> Entry:
    return Entry(
        seq, draft.kind, draft.table, draft.row, draft.cells, draft.origin, draft.withdraws, said
    )


def told(entries: list[Entry]) -> list[tuple[object, ...]]:
    """What each entry says; of a redaction and of a number that was carried, that it is one."""
    return [
        (e.seq, e.kind)
        if e.kind in (REDACT, CARRIED)
        else (e.seq, e.kind, e.table, e.row, e.cells, e.origin, e.withdraws, e.narration)
        for e in entries
    ]


def counting() -> Sealer:
    """A clock and salts that count, so that two stores of the same acts have the same blocks."""
    clock, salts = count(), count()
    return Sealer(lambda: f"at {next(clock)}", lambda: f"{next(salts):064x}")


MAY_BECOME = {(PUT, REDACTED), (CARRIED, CARRIED)}
"""What may read otherwise than before: a row erased, and a number whose row was carried on again."""


class StoresAgree(RuleBasedStateMachine):
    """Memory, SQLite and the obvious ledger, given the same writers, say the same."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "a.ledger"
        self.book = Daybook()
        self.memory = MemoryStore(sealer=counting())
        self.sealer = counting()
        self.sqlite = SqliteStore(self.path, sealer=self.sealer)
        self.sent: list[tuple[list[Posting], int] | Erasure] = []
        self.hashes: list[str] = []
        self.seen: dict[int, Entry] = {}

    def send(self, group: list[Posting], expected: int) -> None:
        wanted = self.book.append(group, expected)
        for store in (self.memory, self.sqlite):
            assert self.answer(store, (group, expected)) == wanted
        self.sent.append((group, expected))

    def erase(self, asked: Erasure) -> None:
        wanted = self.book.redact(asked)
        for store in (self.memory, self.sqlite):
            assert self.answer(store, asked) == wanted
        self.sent.append(asked)

    @staticmethod
    def answer(store: Store, sent: tuple[list[Posting], int] | Erasure) -> Answer:
        try:
            found = [store.redact(sent)] if isinstance(sent, Erasure) else store.append(*sent)
        except LedgerError as error:
            return type(error).__name__
        links = store.links()
        assert [one.root for one in found] == [root(links, one.entry) for one in found]
        assert [store.receipt(one.request) for one in found] == [
            replace(one, repeated=False) for one in found
        ]
        return [(one.first, one.entry, one.request, one.repeated) for one in found]

    @rule(group=GROUPS)
    def append(self, group: list[Posting]) -> None:
        self.send(group, len(self.book.reads))

    @rule(group=GROUPS, off=st.integers(-3, 3))
    def append_having_seen_another_last(self, group: list[Posting], off: int) -> None:
        self.send(group, len(self.book.reads) + off)

    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        if self.sent:
            sent = data.draw(st.sampled_from(self.sent))
            if isinstance(sent, Erasure):
                self.erase(sent)
            else:
                self.send(*sent)

    @rule(data=st.data(), more=GROUPS)
    def retry_with_more(self, data: st.DataObject, more: list[Posting]) -> None:
        groups = [sent[0] for sent in self.sent if not isinstance(sent, Erasure)]
        if groups:
            self.send(data.draw(st.sampled_from(groups)) + more, len(self.book.reads))

    @rule(data=st.data(), erasing=st.booleans())
    def reuse_a_request(self, data: st.DataObject, erasing: bool) -> None:
        if self.book.acts:
            request = data.draw(st.sampled_from(self.book.acts))[0]
            if erasing:
                number = data.draw(st.integers(1, len(self.book.reads)))
                self.erase(Erasure(Narration(request), {number: ()}))
            else:
                self.send([data.draw(postings(st.just(request)))], len(self.book.reads))

    @rule(data=st.data(), request=UUIDS, kinked=st.booleans())
    def withdraw(self, data: st.DataObject, request: str, kinked: bool) -> None:
        if self.book.reads:
            target = data.draw(st.integers(1, len(self.book.reads) + 1))
            before = self.book.reads[min(target, len(self.book.reads)) - 1]
            gone = Draft(WITHDRAW, before.table, before.row + kinked, withdraws=target)
            self.send([posting([gone], request=request)], len(self.book.reads))

    @rule(data=st.data(), request=UUIDS, kinked=st.booleans())
    def redact(self, data: st.DataObject, request: str, kinked: bool) -> None:
        standing = [entry.seq for entry in self.book.reads if entry.kind == PUT]
        if standing:
            numbers = data.draw(st.lists(st.sampled_from(standing), min_size=1, max_size=3))
            if kinked:
                others = {0, len(self.book.reads) + 1}
                others |= {entry.seq for entry in self.book.reads if entry.kind != PUT}
                numbers.append(data.draw(st.sampled_from(sorted(others))))
            kept = {}
            for number in numbers:
                entry = self.book.reads[number - 1] if 1 <= number <= len(self.book.reads) else None
                kept[number] = entry.cells[: data.draw(st.integers(0, 1))] if entry else ()
            self.erase(Erasure(Narration(request, "redact", why="law"), kept))

    @rule(data=st.data(), request=UUIDS, again=UUIDS)
    def withdraw_and_redact_that(self, data: st.DataObject, request: str, again: str) -> None:
        standing = [entry.seq for entry in self.book.reads if entry.kind == PUT]
        left = sorted(set(standing) - self.book.withdrawn)
        if left:
            target = self.book.reads[data.draw(st.sampled_from(left)) - 1]
            gone = Draft(WITHDRAW, target.table, target.row, withdraws=target.seq)
            self.send([posting([gone], request=request)], len(self.book.reads))
            number = data.draw(st.sampled_from([target.seq, len(self.book.reads)]))
            self.erase(Erasure(Narration(again, "redact", why="law"), {number: ()}))

    @rule()
    def reopen(self) -> None:
        self.sqlite.close()
        self.sqlite = SqliteStore(self.path, sealer=self.sealer)

    @rule()
    def take_over(self) -> None:
        again = MemoryStore(self.memory.links())
        assert again.read() == self.memory.read()
        assert again.last() == self.memory.last()
        rows = links_from_rows(history_rows(self.memory.links()))
        assert list(rows) == self.memory.links()

    @rule(data=st.data())
    def read_as_at(self, data: st.DataObject) -> None:
        upto = data.draw(st.integers(0, len(self.book.reads)))
        wanted = self.sqlite.read()[:upto]
        assert self.memory.read(upto) == self.sqlite.read(upto) == wanted
        assert in_force(wanted) == in_force(self.sqlite.read(), upto)

    @invariant()
    def same_entries(self) -> None:
        if hasattr(self, "book"):
            entries = self.memory.read()
            assert entries == self.sqlite.read()
            assert told(entries) == told(self.book.reads)
            links = self.memory.links()
            assert links == self.sqlite.whole()
            assert self.memory.last() == self.sqlite.last() == (len(entries), root(links)[7:])
            standing = {e.seq for e in self.book.reads if e.kind == PUT} - self.book.withdrawn
            assert {entry.seq for entry in in_force(entries)} == standing

    @invariant()
    def nothing_written_is_written_anew(self) -> None:
        """No hash of before changes; a row reads as it did, with its time, or as redacted."""
        if hasattr(self, "book"):
            hashes = [link.hash for link in self.memory.links()]
            assert hashes[: len(self.hashes)] == self.hashes
            self.hashes = hashes
            for entry in self.memory.read():
                was = self.seen.get(entry.seq, entry)
                assert entry == was or (was.kind, entry.kind) in MAY_BECOME
                self.seen[entry.seq] = entry

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.sqlite.close()
            self.folder.cleanup()


StoresAgree.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
TestStoresAgree = StoresAgree.TestCase


def test_the_clash_says_what_was_seen_and_what_is() -> None:
    store = MemoryStore()
    store.append([posting([put("facts", 2, [])])], 0)
    try:
        store.append([posting([put("facts", 3, [])])], 0)
    except Clash as clash:
        assert "entry 0" in str(clash) and "is 1" in str(clash)
    else:
        raise AssertionError("a stale writer was let in")
