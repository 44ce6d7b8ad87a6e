"""Snapshots: what a ledger is opened from says what the ledger says, or is not used."""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal.book.fold import fold
from controltotal.ledger import columns, snapshot
from controltotal.ledger.chain import entries_of
from controltotal.ledger.columns import LedgerEntries
from controltotal.ledger.entries import PUT, WITHDRAW, Author, Draft, Entry, Narration, put
from controltotal.ledger.redaction import Erasure
from controltotal.ledger.sqlite import SqliteStore
from controltotal.sources.books import of_store, read_book
from tests.column_told import position_told
from tests.ledgers import posting

MONTHS = range(1, 13)


@pytest.fixture(autouse=True)
def of_small_ledgers() -> Iterator[None]:
    """Snapshots and columns of ledgers of a few rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "ROWS_FROM", 3)
        patch.setattr(snapshot, "WORTH", 3)
        yield


def rows(code: str = "T1", sums: int = 100) -> list[Draft]:
    """A body and its actuals of a year, one with a note that stands first."""
    body = [("code", code), ("name", "Trust"), ("kind", "provider")]
    found = [put("organisations", 2, body)]
    for month in MONTHS:
        cells = [("organisation", code), ("line", "position"), ("year", "2026/27")]
        cells += [("basis", "actual"), ("month", str(month)), ("amount", str(sums + month))]
        cells += [("unit", "£k")]
        cells = [("note", "seen"), *cells] if month == 5 else cells
        found.append(put("amounts", month + 1, cells, origin=f"a.csv||A{month + 1}"))
    return found


def ledger(folder: Path, sums: int = 100) -> str:
    """The path of a ledger in a file."""
    path = str(folder / "plan.ledger")
    with closing(SqliteStore(path)) as store:
        store.append([posting(rows(sums=sums), by="A. Person", on="2026-10-01", why="sent")], 0)
    return path


def add(path: str, *drafts: Draft) -> None:
    """One more act in a ledger."""
    with closing(SqliteStore(path)) as store:
        store.append([posting(drafts, by="B. Person", on="2026-11-01")], store.last()[0])


def told(path: str, *, whole: bool = False) -> dict[str, Any]:
    """What a ledger says."""
    source = read_book(f"sqlite:///{path}", whole=whole)
    said = position_told(fold(source))
    return {**said, "daybook": list(source.entries), "root": source.root}


def files(folder: Path) -> list[str]:
    """The files of a folder, less those that belong to an open ledger."""
    beside = ("-wal", "-shm")
    return sorted(f.name for f in folder.iterdir() if f.is_file() and f.name[-4:] not in beside)


def is_used(path: str) -> bool:
    """Whether a ledger is opened from its snapshot: then it has no blocks at hand."""
    return not read_book(f"sqlite:///{path}").links


def test_the_first_reading_takes_a_snapshot_and_the_next_is_opened_from_it(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    first = told(path)
    assert snapshot.path_of(path).exists() and is_used(path)
    assert told(path) == first == told(path, whole=True)


def test_what_was_written_since_is_read_too(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    told(path)
    april = put("amounts", 14, [*rows()[1].cells[:-2], ("amount", "7"), ("unit", "£k")])
    add(path, Draft(WITHDRAW, "amounts", 2, withdraws=2), april)
    add(path, put("lines", 2, [("line", "ours"), ("name", "Ours"), ("kind", "cost")]))
    assert is_used(path)
    assert told(path) == told(path, whole=True)
    amounts = fold(read_book(f"sqlite:///{path}")).book.amounts
    assert [row.amount for row in amounts if row.month == "1"] == [700_000]


def test_an_entry_is_made_as_it_was_written_with_who_when_and_in_which_order(
    tmp_path: Path,
) -> None:
    path = ledger(tmp_path)
    whole = read_book(f"sqlite:///{path}", whole=True).entries
    told(path)
    kept = read_book(f"sqlite:///{path}").entries
    assert kept[5] == whole[5] and kept[5].cells[0] == ("note", "seen")
    assert kept[-1] == whole[-1] and kept[3:6] == whole[3:6]
    assert kept[0].narration == whole[0].narration and kept[0].narration.why == "sent"
    with pytest.raises(IndexError):
        kept[len(whole)]
    assert [entry.seq for entry in kept] == list(range(1, 14))


def test_no_byte_can_be_changed_and_a_figure_with_it(tmp_path: Path) -> None:
    path, draw = ledger(tmp_path), random.Random(7)
    right = told(path)
    file = snapshot.path_of(path)
    data = file.read_bytes()
    for _ in range(60):
        place = draw.randrange(len(data))
        changed = bytearray(data)
        changed[place] ^= 1 << draw.randrange(8)
        file.write_bytes(changed)
        assert snapshot.load(path) is None, place
    assert told(path) == right, "it is read whole, and another is taken"
    for cut in (0, 10, 32, 40, len(data) - 1):
        file.write_bytes(data[:cut])
        assert snapshot.load(path) is None
    assert told(path) == right


def test_the_snapshot_of_another_ledger_is_not_used(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one, other = ledger(tmp_path / "one"), ledger(tmp_path / "other", sums=500)
    right = told(one)
    told(other)
    os.replace(snapshot.path_of(other), snapshot.path_of(one))
    assert told(one) == right
    assert is_used(one), "and one of its own stands there now"


def test_a_ledger_that_was_put_back_is_read_whole(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    before = Path(path).read_bytes()
    right = told(path)
    add(path, put("lines", 2, [("line", "ours"), ("name", "Ours"), ("kind", "cost")]))
    snapshot.drop(path)
    told(path)
    for beside in ("-wal", "-shm"):
        Path(f"{path}{beside}").unlink(missing_ok=True)
    Path(path).write_bytes(before)
    assert told(path) == right


def test_it_goes_with_the_first_redaction_and_none_is_taken_after(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    told(path)
    data = snapshot.path_of(path).read_bytes()
    said = Narration("erase/1", "redact", Author(name="P. Publisher"), "2026-11-20")
    with closing(SqliteStore(path)) as store:
        store.redact(Erasure(said, {1: (("code", "T1"),)}))
    assert not snapshot.path_of(path).exists()
    right = told(path, whole=True)
    assert told(path) == right and not snapshot.path_of(path).exists()
    snapshot.path_of(path).write_bytes(data)
    assert told(path) == right, "an old one that somebody put back is of no use"


def test_what_a_program_that_was_cut_off_left_of_one_goes_with_the_redaction(
    tmp_path: Path,
) -> None:
    path = ledger(tmp_path)
    left, notes = Path(f"{path}.snapshot.4711"), Path(f"{path}.snapshot.notes")
    left.write_bytes(b"A named person")
    notes.write_bytes(b"of somebody's own")
    with closing(SqliteStore(path)) as store:
        store.redact(Erasure(Narration("r1", "redact", on="2026-11-02"), {1: ()}))
    assert not left.exists() and notes.exists()


def test_nothing_is_left_of_one_whose_writing_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ledger(tmp_path)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        read_book(f"sqlite:///{path}")
    assert files(tmp_path) == ["plan.ledger"]


def test_whoever_may_read_the_ledger_may_read_it_and_nobody_else(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    os.chmod(path, 0o600)
    told(path)
    assert stat.S_IMODE(os.stat(snapshot.path_of(path)).st_mode) == 0o600
    assert files(tmp_path) == ["plan.ledger", "plan.ledger.snapshot"]


def test_where_it_cannot_be_written_the_ledger_is_read_all_the_same(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    snapshot.path_of(path).mkdir()
    assert told(path) == told(path, whole=True)
    assert files(tmp_path) == ["plan.ledger"]


def test_of_a_small_ledger_none_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "WORTH", 14)
    path = ledger(tmp_path)
    told(path)
    assert not snapshot.path_of(path).exists()
    monkeypatch.setattr(snapshot, "WORTH", 13)
    told(path)
    assert snapshot.path_of(path).exists()


def test_another_is_taken_when_much_was_written_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ledger(tmp_path)
    told(path)
    monkeypatch.setattr(snapshot, "STALE", 2)
    one, two = (
        put("lines", n, [("line", f"l{n}"), ("name", "A"), ("kind", "cost")]) for n in (2, 3)
    )
    for draft, number in ((one, 13), (two, 15)):
        add(path, draft)
        told(path)
        found = snapshot.load(path)
        assert found is not None and found.number == number


def test_entries_that_stand_one_by_one_make_no_snapshot(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    with closing(SqliteStore(path)) as store:
        few = LedgerEntries.of(entries_of(store.whole())[:3])
        assert few.blocks == () and not snapshot.take(path, few, store.last()[1])
        assert of_store(store, "plan").name == "plan"


def test_withdrawn_amounts_are_in_it_as_they_were(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    add(path, Draft(WITHDRAW, "amounts", 3, withdraws=3))
    whole = list(read_book(f"sqlite:///{path}", whole=True).entries)
    told(path)
    kept = read_book(f"sqlite:///{path}").entries
    assert list(kept) == whole and isinstance(kept[2], Entry) and kept[2].kind == PUT
    assert isinstance(kept, LedgerEntries) and kept.withdrawn == {3}
    assert 3 not in kept.standing and 4 in kept.standing


def test_verify_finds_a_snapshot_that_says_something_else(tmp_path: Path) -> None:
    path = ledger(tmp_path)
    told(path)
    proved = controltotal.verify(f"sqlite:///{path}")
    assert is_used(path) and "snapshot" not in " ".join(proved.words)
    source = read_book(f"sqlite:///{path}", whole=True)
    forged = [
        replace(e, cells=(*e.cells[:-2], ("amount", "1"))) if e.seq == 5 else e
        for e in source.entries
    ]
    assert snapshot.take(path, LedgerEntries.of(forged), source.root[7:])
    proved = controltotal.verify(f"sqlite:///{path}")
    assert proved.tables["verified"] and "said something else" in proved.words[-1]
    assert not snapshot.path_of(path).exists()
