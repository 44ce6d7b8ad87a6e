"""The chain: blocks, the documented hash, salts, and that every change is noticed."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from controltotal.ledger import (
    GENESIS,
    Author,
    Draft,
    LedgerError,
    Link,
    Narration,
    Posting,
    Sealer,
    entries_of,
    put,
    root,
    verify,
)
from controltotal.ledger.chain import BLOCK_MOST, Body, blocks, committed, hashed
from controltotal.ledger.entries import WITHDRAW
from tests.ledgers import FIXED, posting

AT = "2026-11-30T09:00:00Z"
SAID = Narration(
    "r2", "send", Author("sub-1", "A. Person", "office"), "2026-05-01", "month 1", "a.csv||A2"
)


def three_links() -> list[Link]:
    """An organisation, two amounts in one act, and the first of these withdrawn."""
    return FIXED.seal(
        [
            posting([put("organisations", 2, [("code", "QE1")])], request="r1"),
            Posting(
                SAID,
                (
                    put("amounts", 2, [("amount", "12"), ("unit", "£m")], origin="a.csv||A2"),
                    put("amounts", 3, [("amount", "−4.6")], origin="a.csv||A3"),
                ),
            ),
            posting([Draft(WITHDRAW, "amounts", 2, withdraws=2)], request="r3"),
        ]
    )


def of(link: Link) -> Body:
    assert link.body is not None
    return link.body


# The form


def test_the_hash_is_the_sha256_of_the_documented_form() -> None:
    # Worked by hand from docs/explanation/ledger.md, so that another program can check a book.
    act = Posting(
        Narration("r1", "convert"), (put("amounts", 2, [("unit", "£m")], origin="a.csv||A2"),)
    )
    (link,) = FIXED.seal([act])
    genesis = hashlib.sha256(b"controltotal ledger, entries of form 2").digest()
    body = "s2:r1s7:converts0:s0:s0:s0:s0:s0:i1;i2;i1;s4:unit2:£m;s9:a.csv||A2i0;i0;"
    commit = hashlib.sha256(bytes([0x5A] * 32) + body.encode("utf-8")).digest()
    head = b"i2;i1;i1;s3:puts7:amountss20:2026-11-30T09:00:00Z"
    assert link.commit == commit.hex()
    assert link.hash == hashlib.sha256(genesis + head + commit).hexdigest()
    assert (link.previous, root([])) == (genesis.hex(), f"sha256:{genesis.hex()}")


def test_the_example_of_the_page_is_true() -> None:
    page = Path(__file__).parents[3] / "docs" / "explanation" / "ledger.md"
    written = re.findall(r"^```text\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    (head, body), (commit, made) = (block.splitlines() for block in written[2:4])
    act = Posting(
        Narration("r1", "convert"), (put("amounts", 2, [("unit", "£m")], origin="a.csv||A2"),)
    )
    (link,) = FIXED.seal([act])
    assert (link.commit, link.hash) == (commit, made)
    commit_bytes = hashlib.sha256(bytes([0x5A] * 32) + body.encode("utf-8")).digest()
    genesis = hashlib.sha256(b"controltotal ledger, entries of form 2").digest()
    assert commit_bytes.hex() == commit
    assert hashlib.sha256(genesis + head.encode() + commit_bytes).hexdigest() == made


def test_the_documented_form_of_a_narration_and_two_rows() -> None:
    body = (
        "s2:r2s4:sends5:sub-1s9:A. Persons6:offices10:2026-05-01s7:month 1s9:a.csv||A2i2;"
        "i2;i2;s6:amount2:124:unit2:£m;s9:a.csv||A2i0;i0;"
        "i3;i1;s6:amount4:−4.6;s9:a.csv||A3i0;i0;"
    )
    made = hashlib.sha256(bytes([0x5A] * 32) + body.encode("utf-8")).hexdigest()
    assert three_links()[1].commit == made


def test_a_block_is_known_by_its_place() -> None:
    first, second, third = three_links()
    assert [(one.first, one.count, one.last) for one in (first, second, third)] == [
        (1, 1, 1),
        (2, 2, 3),
        (4, 1, 4),
    ]
    assert [first.previous, second.previous, third.previous] == [GENESIS, first.hash, second.hash]
    assert list(second.numbers) == [2, 3]


# Blocks


def rows(count: int, table: str = "amounts") -> list[Draft]:
    return [put(table, number, [("amount", "1")]) for number in range(2, count + 2)]


@pytest.mark.parametrize(
    ("count", "parts"),
    [
        (1, [1]),
        (BLOCK_MOST, [BLOCK_MOST]),
        (BLOCK_MOST + 1, [BLOCK_MOST, 1]),
        (2 * BLOCK_MOST + 5, [BLOCK_MOST, BLOCK_MOST, 5]),
    ],
)
def test_a_block_has_at_most_ten_thousand_rows(count: int, parts: list[int]) -> None:
    assert BLOCK_MOST == 10_000
    links = Sealer().seal([posting(rows(count))])
    assert [link.count for link in links] == parts
    assert verify(links) is None
    assert [entry.seq for entry in entries_of(links)] == list(range(1, count + 1))


def test_a_block_is_of_one_table_and_one_kind_in_the_order_said() -> None:
    gone = Draft(WITHDRAW, "lines", 2, withdraws=1)
    said = [*rows(2, "lines"), *rows(1), *rows(1, "lines"), gone]
    parts = list(blocks(posting(said)))
    assert [(len(part.drafts), part.drafts[0].table) for part in parts] == [
        (2, "lines"),
        (1, "amounts"),
        (1, "lines"),
        (1, "lines"),
    ]
    assert [draft for part in parts for draft in part.drafts] == said


def test_a_block_of_more_rows_than_may_be_is_noticed() -> None:
    body = Body(SAID, tuple(rows(BLOCK_MOST + 1)))
    broken = verify([FIXED.link(body, 1, AT, GENESIS)])
    assert broken is not None and "10001 rows" in broken.reason


def test_a_block_without_rows_is_noticed() -> None:
    commit = committed("5a" * 32, Body(SAID, ()))
    made = hashed(GENESIS, 1, 0, "put", "amounts", AT, commit)
    empty = Link(1, 0, "put", "amounts", AT, commit, GENESIS, made, "5a" * 32, Body(SAID, ()))
    broken = verify([empty])
    assert broken is not None and "0 rows" in broken.reason


def test_what_may_not_be_said_is_not_sealed() -> None:
    with pytest.raises(LedgerError, match="no request"):
        FIXED.seal([Posting(Narration(), (put("lines", 2, []),))])


# The salt


def test_two_ledgers_of_the_same_acts_have_different_roots_and_equal_rows() -> None:
    acts = [posting(rows(3)), posting(rows(1, "lines"))]
    one, two = Sealer(lambda: AT).seal(acts), Sealer(lambda: AT).seal(acts)
    assert root(one) != root(two)
    assert entries_of(one) == entries_of(two)
    assert all(a.commit != b.commit for a, b in zip(one, two, strict=True))


def test_every_block_has_a_salt_of_its_own_of_32_bytes() -> None:
    links = Sealer().seal([posting(rows(1)) for _ in range(50)])
    assert len({link.salt for link in links}) == 50
    assert {len(bytes.fromhex(link.salt)) for link in links} == {32}


def test_a_block_bears_the_time_in_utc_at_which_it_was_sealed() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    (link,) = Sealer().seal([posting(rows(1))])
    at = datetime.strptime(link.recorded_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert before <= at <= datetime.now(UTC)
    assert entries_of([link])[0].recorded_at == link.recorded_at


def test_a_salt_of_another_length_is_noticed() -> None:
    """Else the beginning of a body could pass for the end of its salt."""
    (link,) = FIXED.seal([posting(rows(1))])
    for salt in ("", "5a" * 31, "5a" * 33):
        assert verify([replace(link, salt=salt)]) is not None
    with pytest.raises(ValueError, match="5a"):
        committed("5a" * 33, of(link))


# Changes are noticed


CHANGES: dict[str, object] = {
    "first": 7,
    "count": 1,
    "kind": "withdraw",
    "table": "facts",
    "recorded_at": "2026-11-30T09:00:01Z",
    "commit": "0" * 64,
    "previous": "0" * 64,
    "hash": "f" * 64,
    "salt": "5b" * 32,
    "body": None,
}
SAID_CHANGES: dict[str, object] = {
    "request": "r9",
    "act": "other",
    "author": Author("sub-1", "A. Person", "another office"),
    "on": "2026-05-02",
    "why": "",
    "file": "b.csv||A2",
}
AUTHOR_CHANGES = {"subject": "sub-2", "name": "B. Person", "role": ""}
ROW_CHANGES: dict[str, object] = {
    "kind": "withdraw",
    "table": "facts",
    "row": 4,
    "cells": (("amount", "13"), ("unit", "£m")),
    "origin": "b.csv||A2",
    "withdraws": 1,
    "number": 2,
}


def test_there_is_a_change_to_try_for_every_field() -> None:
    for changes, kind in [
        (CHANGES, Link),
        (SAID_CHANGES, Narration),
        (AUTHOR_CHANGES, Author),
        (ROW_CHANGES, Draft),
    ]:
        assert set(changes) == {field.name for field in dataclasses.fields(kind)}


def assert_noticed(links: list[Link]) -> None:
    broken = verify(links)
    assert broken is not None
    assert broken.seq == 2


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_a_change_to_any_field_of_a_block_is_noticed_at_its_entry(field: str) -> None:
    links = three_links()
    links[1] = replace(links[1], **{field: CHANGES[field]})  # type: ignore[arg-type]
    assert_noticed(links)


@pytest.mark.parametrize("field", sorted(SAID_CHANGES))
def test_a_change_to_any_field_of_the_narration_is_noticed(field: str) -> None:
    links = three_links()
    said = replace(SAID, **{field: SAID_CHANGES[field]})  # type: ignore[arg-type]
    links[1] = replace(links[1], body=replace(of(links[1]), narration=said))
    assert_noticed(links)


@pytest.mark.parametrize("field", sorted(AUTHOR_CHANGES))
def test_a_change_to_any_field_of_the_author_is_noticed(field: str) -> None:
    links = three_links()
    said = replace(SAID, author=replace(SAID.author, **{field: AUTHOR_CHANGES[field]}))
    links[1] = replace(links[1], body=replace(of(links[1]), narration=said))
    assert_noticed(links)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("field", sorted(ROW_CHANGES))
def test_a_change_to_any_field_of_any_row_is_noticed(field: str, place: int) -> None:
    assert_noticed(with_row(place, field, ROW_CHANGES[field]))


def with_row(place: int, field: str, value: object) -> list[Link]:
    """The three blocks with another value in a field of a row of the second."""
    links = three_links()
    drafts = list(links[1].drafts)
    drafts[place] = replace(drafts[place], **{field: value})  # type: ignore[arg-type]
    links[1] = replace(links[1], body=replace(of(links[1]), drafts=tuple(drafts)))
    return links


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("row", "2"),
        ("row", 2.0),
        ("withdraws", "0"),
        ("number", None),
        ("origin", b"a.csv||A2"),
        ("origin", None),
        ("cells", (("amount", 12), ("unit", "£m"))),
        ("cells", None),
    ],
)
def test_a_value_of_another_type_never_passes_for_the_one_written(
    field: str, value: object
) -> None:
    assert_noticed(with_row(0, field, value))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first", "2"),
        ("first", 2.0),
        ("count", "2"),
        ("count", 2.0),
        ("recorded_at", None),
        ("table", b"amounts"),
        ("salt", None),
        ("commit", 5),
        ("body", "x"),
    ],
)
def test_a_head_of_another_type_never_passes_for_the_one_written(field: str, value: object) -> None:
    links = three_links()
    links[1] = replace(links[1], **{field: value})  # type: ignore[arg-type]
    assert_noticed(links)


@pytest.mark.parametrize("field", ["commit", "salt", "hash", "previous"])
def test_a_hash_or_salt_written_in_another_way_is_noticed(field: str) -> None:
    links = Sealer(lambda: AT, lambda: "ab" * 32).seal(
        [posting(rows(1), request=f"r{n}") for n in range(3)]
    )
    for other in (str.upper, lambda text: f"{text[:2]} {text[2:]}", lambda text: f"{text} "):
        changed = list(links)
        changed[1] = replace(links[1], **{field: other(getattr(links[1], field))})  # type: ignore[arg-type]
        assert_noticed(changed)


@pytest.mark.parametrize(
    "cells",
    [
        (("amount", "12£m"), ("unit", "")),
        (("amount12", "unit"), ("£m", "")),
        (("amount", "1"), ("2unit", "£m")),
        (("unit", "£m"), ("amount", "12")),
        (("amount", "12"), ("unit", "£m"), ("month", "")),
    ],
)
def test_text_moved_between_cells_is_noticed(cells: tuple[tuple[str, str], ...]) -> None:
    assert_noticed(with_row(0, "cells", cells))


def test_rows_missing_doubled_and_exchanged_in_a_block_are_noticed() -> None:
    one, two = three_links()[1].drafts
    for drafts in [(one,), (two,), (one, one), (two, one), (one, two, two), ()]:
        links = three_links()
        links[1] = replace(links[1], body=replace(of(links[1]), drafts=drafts))
        assert_noticed(links)


def test_a_row_moved_to_the_next_block_of_the_same_act_is_noticed() -> None:
    links = FIXED.seal([Posting(SAID, (*rows(2), *rows(1, "lines")))])
    one, two = links
    links = [
        replace(one, count=1, body=replace(of(one), drafts=one.drafts[:1])),
        replace(two, first=2, count=2, body=replace(of(two), drafts=(one.drafts[1], *two.drafts))),
    ]
    broken = verify(links)
    assert broken is not None and broken.seq == 1


def test_missing_doubled_and_exchanged_blocks_are_noticed() -> None:
    first, second, third = three_links()
    for changed, where in [
        ([second, third], 1),
        ([first, third], 2),
        ([first, first, second], 2),
        ([first, third, second], 2),
        ([second, first, third], 1),
        ([first, second, second], 4),
    ]:
        broken = verify(changed)
        assert broken is not None and broken.seq == where


def test_blocks_missing_from_the_end_are_noticed_by_the_root() -> None:
    links = three_links()
    assert verify(links[:2]) is None  # a chain alone cannot know that it went on
    assert verify(links[:2], expected_root=root(links)) is not None
    assert verify(links, expected_root=root(links)) is None


def test_a_later_part_of_the_chain_can_be_verified_alone() -> None:
    first, second, third = three_links()
    assert verify([second, third], after_seq=1, previous_hash=first.hash) is None
    assert verify([second, third], after_seq=1, previous_hash=third.hash) is not None


def test_the_root_up_to_an_entry_is_that_of_its_block() -> None:
    links = three_links()
    hashes = [GENESIS, links[0].hash, links[1].hash, links[1].hash, links[2].hash]
    assert [root(links, number) for number in range(5)] == [f"sha256:{one}" for one in hashes]
    assert root(links) == root(links, 4)


# Bodies that are gone, and reading


def test_a_body_that_is_gone_without_a_redaction_is_noticed() -> None:
    for place in range(3):
        links = three_links()
        links[place] = replace(links[place], body=None, salt="")
        broken = verify(links)
        assert broken is not None
        assert (broken.seq, "no redaction" in broken.reason) == (links[place].first, True)
        with pytest.raises(LedgerError, match="no redaction names it"):
            entries_of(links)


def test_a_salt_that_stayed_where_the_body_is_gone_is_noticed() -> None:
    links = three_links()
    links[1] = replace(links[1], body=None)
    broken = verify(links)
    assert broken is not None and "do not agree" in broken.reason


def test_entries_are_the_rows_of_blocks_with_their_narration() -> None:
    entries = entries_of(three_links())
    assert [(e.seq, e.kind, e.table, e.row) for e in entries] == [
        (1, "put", "organisations", 2),
        (2, "put", "amounts", 2),
        (3, "put", "amounts", 3),
        (4, "withdraw", "amounts", 2),
    ]
    assert {entry.narration for entry in entries[1:3]} == {SAID}
    assert {entry.recorded_at for entry in entries} == {AT}
    assert entries[3].withdraws == 2


def test_entries_can_be_read_after_a_number() -> None:
    links = three_links()
    assert entries_of(links[1:], 1) == entries_of(links)[1:]


def test_a_block_that_is_not_there_is_noticed_in_reading() -> None:
    links = three_links()
    for part in (links[1:], [links[0], links[2]]):
        with pytest.raises(LedgerError, match="it is not there"):
            entries_of(part)
