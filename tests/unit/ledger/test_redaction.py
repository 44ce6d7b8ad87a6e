"""Redaction: what is erased, what stays, and what may not be erased; the same in memory and stores."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controltotal.ledger import (
    Author,
    Draft,
    Entry,
    Erasure,
    LedgerError,
    Link,
    MemoryStore,
    Narration,
    Posting,
    RequestReused,
    entries_of,
    in_force,
    put,
    root,
    verify,
)
from controltotal.ledger.chain import BLOCK_MOST
from controltotal.ledger.entries import CARRIED, PUT, REDACT, REDACTED, WITHDRAW
from controltotal.ledger.redaction import erasure_of, redacted
from tests.ledgers import FIXED, posting

WORDS = "a name that must not be kept"
SAID = Narration("r1", "comment", Author("sub-1", "A. Person", "office"), "2026-05-01", "said")
ERASING = Narration("red", "redact", Author("sub-2", "B. Person", "publisher"), "2026-06-01", "law")


def book() -> MemoryStore:
    """Four notes in one act (1 to 4), the second with words to erase; a line (5); note 3 withdrawn (6)."""
    notes = [put("notes", row, [("id", f"N{row}"), ("text", f"text {row}")]) for row in range(2, 6)]
    notes[1] = put("notes", 3, [("id", "N3"), ("text", WORDS)])
    store = MemoryStore(sealer=FIXED)
    store.append([Posting(SAID, tuple(notes))], 0)
    store.append([posting([put("lines", 2, [("line", "pay")])], request="r2")], 4)
    store.append([posting([Draft(WITHDRAW, "notes", 4, withdraws=3)], request="r3")], 5)
    return store


def erasure(*numbers: int, request: str = "red") -> Erasure:
    return Erasure(replace(ERASING, request=request), dict.fromkeys(numbers, ()))


def erased(store: MemoryStore, *numbers: int, request: str = "red") -> list[Entry]:
    store.redact(erasure(*numbers, request=request))
    return store.read()


def test_the_erased_row_reads_as_redacted_and_says_who_and_why() -> None:
    entry = erased(book(), 2)[1]
    assert (entry.seq, entry.kind, entry.table, entry.row) == (2, REDACTED, "notes", 3)
    assert (entry.cells, entry.by, entry.why) == ((), "B. Person", "law")


def test_the_rows_that_stay_keep_number_words_and_narration() -> None:
    store = book()
    before = store.read()
    after = erased(store, 2)
    for number in (1, 3, 4, 5, 6):
        assert after[number - 1] == before[number - 1]
        assert after[number - 1].narration == before[number - 1].narration
        assert after[number - 1].recorded_at == before[number - 1].recorded_at


def test_the_rows_that_stay_were_recorded_when_they_were_and_the_erased_one_when_it_was() -> None:
    hours = iter(range(10))
    store = MemoryStore(sealer=replace(FIXED, clock=lambda: f"2026-11-30T{next(hours):02}:00:00Z"))
    store.append([posting([put("notes", row, [("text", "x")]) for row in (2, 3, 4)])], 0)
    store.append([posting([put("notes", 5, [])])], 3)
    before = [entry.recorded_at for entry in store.read()]
    assert before == ["2026-11-30T00:00:00Z"] * 3 + ["2026-11-30T01:00:00Z"]
    assert [e.recorded_at[11:13] for e in erased(store, 2)[:4]] == ["00", "02", "00", "01"]
    assert [e.recorded_at[11:13] for e in erased(store, 1, request="red2")[:4]] == [
        "03",
        "02",
        "00",
        "01",
    ]


def test_the_numbers_after_it_are_the_redaction_and_its_carried_rows() -> None:
    entries = erased(book(), 2)
    assert [(e.seq, e.kind) for e in entries[6:]] == [
        (7, REDACT),
        (8, CARRIED),
        (9, CARRIED),
        (10, CARRIED),
    ]


def test_what_stands_is_what_stood_without_the_erased_row() -> None:
    store = book()
    before = in_force(store.read())
    after = in_force(erased(store, 2))
    assert [entry.seq for entry in before] == [1, 2, 4, 5]
    assert after == [entry for entry in before if entry.seq != 2]


@pytest.mark.parametrize("upto", range(11))
def test_reading_as_at_any_entry_finds_the_rows_that_stay(upto: int) -> None:
    store = book()
    before = store.read()
    whole = erased(store, 2)
    part = store.read(upto)
    assert part == whole[:upto]
    for old, new in zip(before, part, strict=False):
        assert new == old if old.seq != 2 else new.kind == REDACTED


def test_no_hash_written_before_changes() -> None:
    store = book()
    old = store.links()
    kept = [root(old, number) for number in range(7)]
    store.redact(erasure(2))
    links = store.links()
    assert [link.hash for link in links[:3]] == [link.hash for link in old]
    assert [root(links, number) for number in range(7)] == kept
    assert verify(links, expected_root=f"sha256:{store.last()[1]}") is None
    assert links[3].previous == old[-1].hash
    assert (links[0].salt, links[0].body) == ("", None)
    assert replace(links[0], salt=old[0].salt, body=old[0].body) == old[0]
    assert links[1:3] == old[1:]


def test_the_words_are_in_no_part_of_the_blocks() -> None:
    store = book()
    assert WORDS in repr(store.links())
    store.redact(erasure(2))
    assert WORDS not in repr(store.links())
    assert WORDS not in repr(store.read())


def test_the_receipt_of_a_redaction_names_its_last_block_and_is_given_again() -> None:
    store = book()
    first = store.redact(erasure(2))
    assert (first.first, first.entry, first.request) == (7, 10, "red")
    assert first.root == f"sha256:{store.last()[1]}" and not first.repeated
    assert store.redact(erasure(2)) == replace(first, repeated=True)
    assert store.receipt("red") == first
    assert len(store.read()) == 10


def test_a_ledger_taken_over_gives_the_same_receipts_for_what_it_can_read() -> None:
    store = book()
    first = store.redact(erasure(2))
    again = MemoryStore(store.links())
    assert again.receipt("red") == first
    assert again.receipt("r2") == store.receipt("r2")
    assert again.redact(erasure(2)) == replace(first, repeated=True)


def test_a_request_that_redacted_something_else_is_refused() -> None:
    store = book()
    store.redact(erasure(2))
    for other in (erasure(4), erasure(2, 4), Erasure(replace(ERASING, why="other"), {2: ()})):
        with pytest.raises(RequestReused) as raised:
            store.redact(other)
        assert (raised.value.request, raised.value.seq) == ("red", 10)
    with pytest.raises(RequestReused):
        store.redact(erasure(4, request="r2"))  # the request of an act
    with pytest.raises(RequestReused):
        store.append([posting([put("lines", 3, [])], request="red")], 10)
    assert [entry.kind for entry in store.read()].count(REDACTED) == 1


def test_an_act_whose_words_were_erased_is_still_acknowledged() -> None:
    store = book()
    first = store.receipt("r1")
    assert first is not None and (first.first, first.entry) == (1, 4)
    store.redact(erasure(2))
    notes = (put("notes", 3, [("id", "N3"), ("text", WORDS)]),)
    (again,) = store.append([Posting(SAID, notes)], 0)
    assert again == replace(first, repeated=True)
    assert WORDS not in repr(store.links())


def test_a_second_row_of_the_block_can_be_erased_where_it_was_carried() -> None:
    store = book()
    before = store.read()
    store.redact(erasure(2))
    entries = erased(store, 4, request="red2")
    assert [entries[n - 1].kind for n in (1, 2, 3, 4)] == [PUT, REDACTED, PUT, REDACTED]
    assert (entries[0], entries[2]) == (before[0], before[2])
    assert [(e.seq, e.kind) for e in entries[6:]] == [
        (7, REDACT),
        *((number, CARRIED) for number in (8, 9, 10)),
        (11, REDACT),
        (12, CARRIED),
        (13, CARRIED),
    ]
    assert "text 5" not in repr(store.links())
    assert verify(store.links()) is None
    entries = erased(store, 1, 3, request="red3")  # and the rest, which leaves nothing to carry
    assert [entries[n - 1].kind for n in range(1, 5)] == [REDACTED] * 4
    assert len(entries) == 15
    assert verify(store.links()) is None
    assert [store.read(upto) for upto in range(16)] == [entries[:upto] for upto in range(16)]


def test_a_whole_block_can_be_erased_and_then_nothing_is_carried() -> None:
    entries = erased(book(), 1, 2, 3, 4)
    assert [e.kind for e in entries] == [REDACTED] * 4 + [PUT, WITHDRAW] + [REDACT] * 4
    assert [entry.row for entry in entries[:4]] == [2, 3, 4, 5]


def test_rows_of_several_blocks_and_tables_are_erased_in_one_act() -> None:
    store = book()
    before = store.read()
    done = store.redact(erasure(5, 2))
    entries = store.read()
    assert [entries[n - 1].kind for n in (1, 2, 3, 4, 5)] == [PUT, REDACTED, PUT, PUT, REDACTED]
    assert [entries[n - 1] for n in (1, 3, 4)] == [before[n - 1] for n in (1, 3, 4)]
    assert {link.table for link in store.links() if link.kind == REDACT} == {"lines", "notes"}
    assert (done.first, done.entry) == (7, len(entries))
    assert verify(store.links()) is None


def test_more_rows_than_a_block_holds_are_named_in_several_blocks() -> None:
    store = MemoryStore(sealer=FIXED)
    count = BLOCK_MOST + 1
    store.append([posting([put("notes", row, [("text", "x")]) for row in range(2, count + 2)])], 0)
    entries = erased(store, *range(1, count + 1))
    assert [link.count for link in store.links()] == [BLOCK_MOST, 1, BLOCK_MOST, 1]
    assert {entry.kind for entry in entries[:count]} == {REDACTED}
    assert verify(store.links()) is None


def test_cells_that_may_stay_are_read_on_the_redacted_row() -> None:
    store = book()
    store.redact(Erasure(ERASING, {2: (("id", "N3"),)}))
    assert store.read()[1].cells == (("id", "N3"),)
    assert store.redact(Erasure(ERASING, {2: (("id", "N3"),)})).repeated
    with pytest.raises(RequestReused):
        store.redact(Erasure(ERASING, {2: ()}))


@pytest.mark.parametrize(
    "kept", [(("id", "N4"),), (("other", "N3"),), (("block", "1"),), (("was_carried", "yes"),)]
)
def test_a_cell_that_the_row_never_had_cannot_stay(kept: tuple[tuple[str, str], ...]) -> None:
    store = book()
    with pytest.raises(LedgerError, match="none of entry 2"):
        store.redact(Erasure(ERASING, {2: kept}))
    assert len(store.read()) == 6


def test_a_redaction_cannot_take_over_the_ledgers_own_notes() -> None:
    """A column of the name that the ledger gives to the block that is erased."""
    store = MemoryStore(sealer=FIXED)
    store.append([posting([put("notes", 2, [("block", "9"), ("text", WORDS)])], request="r1")], 0)
    with pytest.raises(LedgerError, match="none of entry 1"):
        store.redact(Erasure(ERASING, {1: (("block", "9"),)}))
    assert erased(store, 1)[0].kind == REDACTED


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (0, "none"),
        (-1, "none"),
        (11, "none"),
        (6, "a withdrawal"),
        (2, "redacted already"),
        (7, "the redaction itself"),
        (8, "a number of a row that keeps another"),
    ],
)
def test_what_is_no_row_with_words_cannot_be_erased(number: int, why: str) -> None:
    store = book()
    store.redact(erasure(2))
    before = store.links()
    with pytest.raises(LedgerError, match=f"entry {number} is no row that can be erased"):
        store.redact(erasure(4, number, request="red2"))
    assert store.links() == before, why
    assert store.receipt("red2") is None


def test_a_withdrawn_row_can_be_erased_and_does_not_come_back() -> None:
    store = book()
    entries = erased(store, 3)
    assert (entries[2].kind, entries[5].kind) == (REDACTED, WITHDRAW)
    assert [entry.seq for entry in in_force(entries)] == [1, 2, 4, 5]


def test_a_carried_row_can_be_withdrawn_under_its_old_number_and_no_other() -> None:
    store = book()
    store.redact(erasure(2))

    def gone(number: int, row: int) -> list[Posting]:
        return [posting([Draft(WITHDRAW, "notes", row, withdraws=number)])]

    for number, row, reason in [
        (2, 3, "redacted already"),
        (7, 3, "redact already"),
        (8, 2, "carried already"),
        (3, 4, "withdrawn before"),
    ]:
        with pytest.raises(LedgerError, match=reason):
            store.append(gone(number, row), 10)
    store.append(gone(1, 2), 10)
    assert [entry.seq for entry in in_force(store.read())] == [4, 5]


def test_a_redaction_must_say_who_asks_and_what() -> None:
    for bad, reason in [
        (Erasure(ERASING, {}), "no row"),
        (erasure(2, request=""), "no request"),
        (Erasure(replace(ERASING, why="a\0"), {2: ()}), "NUL"),
    ]:
        store = book()
        with pytest.raises(LedgerError, match=reason):
            store.redact(bad)
        assert len(store.read()) == 6


def test_an_empty_ledger_has_nothing_to_erase() -> None:
    for asked in (erasure(1), erasure()):
        with pytest.raises(LedgerError):
            MemoryStore().redact(asked)


# What a hand with rights over the store can do


def tampered(store: MemoryStore) -> list[Link]:
    store.redact(erasure(2))
    return store.links()


def test_a_carried_row_that_was_dropped_is_noticed() -> None:
    links = tampered(book())
    assert verify(links[:-1]) is None  # a good chain, but rows 1, 3 and 4 are nowhere
    with pytest.raises(LedgerError, match="entry 1 is not as it was written"):
        entries_of(links[:-1])


def test_a_carried_block_made_anew_without_one_of_its_rows_is_noticed() -> None:
    links = tampered(book())
    body = links[-1].body
    assert body is not None
    fewer = replace(body, drafts=body.drafts[:-1])
    links[-1] = FIXED.link(fewer, links[-1].first, links[-1].recorded_at, links[-1].previous)
    assert verify(links) is None
    with pytest.raises(LedgerError, match="entry 4 is not as it was written"):
        entries_of(links)


def test_another_body_erased_than_the_redaction_names_is_noticed() -> None:
    links = tampered(book())
    links[1] = replace(links[1], salt="", body=None)
    broken = verify(links)
    assert broken is not None and broken.seq == 5


def test_a_redaction_that_is_cut_off_leaves_a_block_without_rows() -> None:
    broken = verify(tampered(book())[:3])
    assert broken is not None
    assert (broken.seq, "no redaction says so" in broken.reason) == (1, True)


# The pieces


def test_the_blocks_that_record_a_redaction_and_those_that_it_empties() -> None:
    links = book().links()
    made, gone = redacted(links, erasure(2, 5), FIXED)
    assert gone == [1, 5]
    assert verify([*links, *made]) is None
    assert [(link.kind, link.table, link.count) for link in made] == [
        (REDACT, "lines", 1),
        (REDACT, "notes", 1),
        (PUT, "notes", 3),
    ]
    assert [draft.number for draft in made[2].drafts] == [1, 3, 4]


def test_what_was_asked_is_read_from_the_blocks_that_record_it() -> None:
    asked = Erasure(ERASING, {5: (("line", "pay"),), 2: ()})
    links = book().links()
    made, _ = redacted(links, asked, FIXED)
    assert erasure_of(made) == asked
    assert erasure_of(links) is None
