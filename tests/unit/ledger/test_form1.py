"""Ledgers of the first form: carried over whole, or refused in words."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from controltotal.core.errors import BookError
from controltotal.ledger import Clash, LedgerError, in_force, open_ledger, put, verify
from controltotal.ledger.form1 import is_form1, postings_of
from controltotal.sources.convert import convert_book
from tests.ledgers import posting

SCHEMA = """
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY CHECK (seq > 0), id TEXT NOT NULL UNIQUE CHECK (id <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('put', 'withdraw')), "table" TEXT NOT NULL,
  "row" INTEGER NOT NULL CHECK ("row" > 0), cells TEXT NOT NULL, origin TEXT NOT NULL,
  "by" TEXT NOT NULL, "on" TEXT NOT NULL, why TEXT NOT NULL, withdraws INTEGER NOT NULL,
  previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL
) STRICT;
PRAGMA application_id = 0x43544C31;
PRAGMA user_version = 1;
"""
GENESIS = hashlib.sha256(b"controltotal ledger, entries of form 1").hexdigest()

# id, kind, table, row, cells, origin, by, on, why, withdraws
Said = tuple[str, str, str, int, list[str], str, str, str, str, int]
BOOK: list[Said] = [
    (
        "book/2",
        "put",
        "book",
        2,
        ["key", "title", "value", "Æthel’s — £m"],
        "book.csv||A2",
        "",
        "",
        "",
        0,
    ),  # type: ignore[list-item]
    ("lines/2", "put", "lines", 2, ["line", "pay"], "lines.csv||A2", "", "", "", 0),
    ("lines/3", "put", "lines", 3, [], "", "", "", "", 0),
    ("a", "withdraw", "lines", 2, [], "", "A. Person", "2026-05-01", "twice", 2),
    ("b", "put", "lines", 2, ["line", "drugs"], "", "A. Person", "2026-05-01", "twice", 0),
    ("c", "put", "lines", 4, ["line", "rent"], "", "A. Person", "2026-05-02", "twice", 0),
    ("d", "put", "lines", 5, ["line", "heat"], "", "B. Person", "2026-05-02", "late", 0),
]


def hashed(seq: int, said: Said, previous: str) -> str:
    """The hash of an entry of the first form, from the page that described it."""
    id, kind, table, row, cells, origin, by, on, why, withdraws = said

    def text(one: str) -> str:
        return f"s{len(one)}:{one}"

    pairs = ":".join(f"{len(one)}:{one}" for one in cells)
    form = (
        f"i{seq};{text(id)}{text(kind)}{text(table)}i{row};c{len(cells) // 2};{pairs};"
        f"{text(origin)}{text(by)}{text(on)}{text(why)}i{withdraws};{text(previous)}"
    )
    return hashlib.sha256(form.encode()).hexdigest()


def test_the_hash_of_the_first_form_is_the_one_that_was_documented() -> None:
    form = f"i1;s9:amounts/2s3:puts7:amountsi2;c1;4:unit:2:£m;s9:a.csv||A2s0:s0:s0:i0;s64:{GENESIS}"
    said: Said = ("amounts/2", "put", "amounts", 2, ["unit", "£m"], "a.csv||A2", "", "", "", 0)
    assert hashed(1, said, GENESIS) == hashlib.sha256(form.encode()).hexdigest()


def write(path: Path, book: list[Said]) -> str:
    db = sqlite3.connect(path)
    db.executescript(SCHEMA)
    previous = GENESIS
    for seq, said in enumerate(book, start=1):
        made = hashed(seq, said, previous)
        cells = json.dumps(said[4], ensure_ascii=False, separators=(",", ":"))
        row = (seq, *said[:4], cells, *said[5:], previous, made)
        db.execute(f"INSERT INTO entries VALUES ({','.join('?' * 13)})", row)
        previous = made
    db.execute("INSERT INTO head VALUES (1, ?, ?)", (len(book), previous))
    db.commit()
    db.close()
    return str(path)


@pytest.fixture
def old(tmp_path: Path) -> str:
    return write(tmp_path / "old.ledger", BOOK)


def carried(old: str) -> str:
    new = f"{old.removesuffix('.ledger')}-new.ledger"
    convert_book(old, new)
    return new


def test_a_ledger_of_the_first_form_is_known_by_its_marks(old: str, tmp_path: Path) -> None:
    assert is_form1(old) and is_form1(f"sqlite:///{old}")
    new = tmp_path / "new.ledger"
    open_ledger(new).close()
    other = tmp_path / "other.db"
    db = sqlite3.connect(other)
    db.executescript("CREATE TABLE entries (a); PRAGMA user_version = 1; PRAGMA application_id = 7")
    db.close()
    text = tmp_path / "text.ledger"
    text.write_text("no database" * 100)
    for address in (new, other, text, tmp_path / "none.ledger", tmp_path, "postgresql://h/d"):
        assert not is_form1(str(address))


def test_every_entry_is_carried_under_its_number(old: str) -> None:
    store = open_ledger(carried(old))
    entries = store.read()
    assert [
        (
            e.kind,
            e.table,
            e.row,
            [text for cell in e.cells for text in cell],
            e.origin,
            e.by,
            e.on,
            e.why,
            e.withdraws,
        )
        for e in entries
    ] == [said[1:] for said in BOOK]
    assert [entry.seq for entry in entries] == list(range(1, len(BOOK) + 1))
    assert verify(store.whole()) is None
    store.close()


def test_the_same_rows_stand_and_an_old_number_still_reads_as_it_did(old: str) -> None:
    store = open_ledger(carried(old))
    entries = store.read()
    assert [entry.seq for entry in in_force(entries)] == [1, 3, 5, 6, 7]
    assert [entry.seq for entry in in_force(store.read(upto=3))] == [1, 2, 3]
    store.close()


def test_what_one_person_said_on_one_day_for_one_reason_is_one_act(old: str) -> None:
    acts = postings_of(old)
    assert [(len(one.drafts), one.narration.author.name, one.narration.why) for one in acts] == [
        (3, "", ""),
        (2, "A. Person", "twice"),
        (1, "A. Person", "twice"),
        (1, "B. Person", "late"),
    ]
    assert len({one.narration.request for one in acts}) == 4
    assert {one.narration.act for one in acts} == {"convert"}


def test_the_old_file_is_left_as_it_was_and_the_new_one_can_be_written(old: str) -> None:
    before = Path(old).read_bytes()
    store = open_ledger(carried(old))
    assert Path(old).read_bytes() == before
    said = [posting([put("lines", 9, [])], request="new")]
    with pytest.raises(Clash):
        store.append(said, expected=6)
    assert store.append(said, expected=7)[0].entry == 8
    store.close()
    with pytest.raises(LedgerError, match=r"form 1.*convert OLD NEW"):
        open_ledger(old)


def test_how_many_rows_stand_is_said(old: str, tmp_path: Path) -> None:
    assert convert_book(old, str(tmp_path / "new.ledger")).rows == 5


def test_an_empty_ledger_of_the_first_form_is_an_empty_one(tmp_path: Path) -> None:
    store = open_ledger(carried(write(tmp_path / "empty.ledger", [])))
    assert store.read() == []
    store.close()


def test_more_than_ten_thousand_rows_are_carried(tmp_path: Path) -> None:
    book: list[Said] = [
        (f"lines/{row}", "put", "lines", row, ["line", "x"], "", "", "", "", 0)
        for row in range(2, 10_003)
    ]
    store = open_ledger(carried(write(tmp_path / "long.ledger", book)))
    assert store.last()[0] == 10_001
    assert len(store.links()) == 2
    store.close()


TAMPERED: dict[str, str] = {
    "a cell": "UPDATE entries SET cells = replace(cells, 'pay', 'fee') WHERE seq = 2",
    "cells that are no list": "UPDATE entries SET cells = '[' WHERE seq = 2",
    "cells that are numbers": "UPDATE entries SET cells = '[1,2]' WHERE seq = 2",
    "a name": "UPDATE entries SET \"by\" = 'C. Person' WHERE seq = 4",
    "a day": "UPDATE entries SET \"on\" = '2026-05-03' WHERE seq = 4",
    "a reason": "UPDATE entries SET why = '' WHERE seq = 4",
    "an id": "UPDATE entries SET id = 'z' WHERE seq = 4",
    "what is withdrawn": "UPDATE entries SET withdraws = 1 WHERE seq = 4",
    "a number": "UPDATE entries SET seq = 99 WHERE seq = 7",
    "an entry that is gone": "DELETE FROM entries WHERE seq = 3",
    "the last entry that is gone": "DELETE FROM entries WHERE seq = 7",
    "another last entry": "UPDATE head SET hash = 'x'",
    "no last entry": "DELETE FROM head",
}


@pytest.mark.parametrize("name", sorted(TAMPERED))
def test_a_tampered_one_is_refused_in_words_and_nothing_is_made(name: str, old: str) -> None:
    db = sqlite3.connect(old)
    db.execute(TAMPERED[name])
    db.commit()
    assert db.total_changes == 1
    db.close()
    new = Path(old).with_name("new.ledger")
    with pytest.raises(BookError, match="not as it was written") as raised:
        convert_book(old, str(new))
    assert raised.value.action
    assert not new.exists()


def test_a_file_without_its_entries_is_refused_in_words(old: str) -> None:
    db = sqlite3.connect(old)
    db.execute("DROP TABLE entries")
    db.close()
    with pytest.raises(BookError, match="cannot be read"):
        carried(old)


@pytest.mark.parametrize("name", ["new.xlsx", "new"])
def test_it_is_carried_into_a_ledger_first(name: str, old: str, tmp_path: Path) -> None:
    with pytest.raises(BookError, match="into a ledger first"):
        convert_book(old, str(tmp_path / name))
    assert not (tmp_path / name).exists()


def test_a_ledger_that_has_entries_is_not_written_over(old: str) -> None:
    new = carried(old)
    with pytest.raises(BookError, match="a ledger here already"):
        convert_book(old, new)


def test_the_server_takes_it_too(old: str, postgres: Callable[[], str]) -> None:
    address = postgres()
    convert_book(old, address)
    store = open_ledger(address)
    assert [entry.seq for entry in in_force(store.read())] == [1, 3, 5, 6, 7]
    store.close()
