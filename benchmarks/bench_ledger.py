"""The ledger: entries appended singly and in batches, durable each time; verified; read back.

Peers: the disk's own limit (one small write and one sync an entry), and a bare SQLite table with
the same settings but without chain, triggers, ids or clashes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import apsw

from benchmarks.harness import Peer, race, write_section
from controltotal.ledger import Draft, Entry, seal, verify
from controltotal.ledger.sqlite import SqliteStore

SINGLE = 300
BATCH = 1_000
BATCHES = 10
CHAIN = 100_000


def drafts(count: int, start: int = 0) -> list[Draft]:
    """Rows of amounts as a book has them: eight cells, an origin, no clock."""
    return [
        Draft(
            f"amounts/{n + 2}",
            "put",
            "amounts",
            n + 2,
            (
                ("organisation", "QE1"),
                ("line", "position"),
                ("year", "2020-21"),
                ("month", str(n % 12 + 1)),
                ("basis", "plan"),
                ("amount", f"{n}.5"),
                ("unit", "£k"),
                ("source", "S1"),
            ),
            f"amounts.csv||A{n + 2}",
        )
        for n in range(start, start + count)
    ]


def ours(path: Path, batches: list[list[Draft]]) -> Callable[[], int]:
    """Each call appends the batches once more, under new ids, to a ledger that is open already."""
    store = SqliteStore(path)
    calls = count()

    def run() -> int:
        call, (last, _) = next(calls), store.last()
        before = last
        for batch in batches:
            renewed = [dataclasses.replace(draft, id=f"{call}/{draft.id}") for draft in batch]
            last = store.append(renewed, expected=last).last
        return last - before

    return run


def bare(path: Path, batches: list[list[Draft]]) -> Callable[[], int]:
    """The same rows in a table of two columns."""
    db = apsw.Connection(str(path))
    db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, id TEXT, cells TEXT) STRICT")

    def run() -> int:
        for batch in batches:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(
                "INSERT INTO entries (id, cells) VALUES (?, ?)",
                [(draft.id, json.dumps(draft.cells)) for draft in batch],
            )
            db.execute("COMMIT")
        return sum(map(len, batches))

    return run


def disk(path: Path, batches: list[list[Draft]]) -> Callable[[], int]:
    """The same cells, one write and one sync a batch."""
    file = path.open("ab", buffering=0)

    def run() -> int:
        for batch in batches:
            file.write(json.dumps([draft.cells for draft in batch]).encode())
            os.fsync(file.fileno())
        return sum(map(len, batches))

    return run


def naive_verify(entries: list[Entry]) -> None:
    """The chain checked the plain way, hashing canonical JSON of each entry."""
    previous = ""
    for e in entries:
        said = [
            e.seq,
            e.id,
            e.kind,
            e.table,
            e.row,
            e.cells,
            e.origin,
            e.by,
            e.on,
            e.why,
            e.withdraws,
            previous,
        ]
        previous = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        singly = [[draft] for draft in drafts(SINGLE)]
        timings = race(
            [
                Peer("ours, singly", ours(folder / "1", singly)),
                Peer("bare table", bare(folder / "2", singly)),
                Peer("disk, write and sync", disk(folder / "3", singly)),
            ],
            same=lambda a, b: a == b,
        )
        rates = [f"{t.name}: {SINGLE / t.elapsed_median:,.0f} entries/s" for t in timings]
        write_section(
            "Ledger, one entry a transaction",
            f"{SINGLE} entries, each durable before the next",
            timings,
            packages=["apsw"],
            notes=[*rates, "The target is within 2x of the disk."],
        )

        many = [drafts(BATCH, BATCH * n) for n in range(BATCHES)]
        timings = race(
            [
                Peer("ours, batches", ours(folder / "4", many)),
                Peer("bare table", bare(folder / "5", many)),
            ],
            rounds=5,
            same=lambda a, b: a == b,
        )
        total = BATCH * BATCHES
        write_section(
            "Ledger, batches of 1,000",
            f"{total:,} entries in {BATCHES} transactions",
            timings,
            packages=["apsw"],
            notes=[f"{t.name}: {total / t.elapsed_median:,.0f} entries/s" for t in timings],
        )

        entries = seal(drafts(CHAIN))
        with SqliteStore(folder / "6") as store:
            for start in range(0, CHAIN, 10_000):
                store.append(drafts(10_000, start), expected=start)
            timings = race(
                [
                    Peer("ours, verify", lambda: verify(entries)),
                    Peer("JSON and SHA-256", lambda: naive_verify(entries)),
                    Peer("ours, seal", lambda: seal(drafts(CHAIN)) and None),
                    Peer("ours, read from SQLite", lambda: store.read(check=False) and None),
                    Peer("ours, read and verify", lambda: store.read() and None),
                ],
                rounds=5,
            )
        write_section(
            "Ledger, verify and read",
            f"A chain of {CHAIN:,} entries of eight cells",
            timings,
            packages=["apsw"],
            notes=[
                *(f"{t.name}: {CHAIN / t.elapsed_median:,.0f} entries/s" for t in timings),
                "The target is 250,000 entries/s verified; sealing includes making the drafts.",
            ],
        )


if __name__ == "__main__":
    main()
