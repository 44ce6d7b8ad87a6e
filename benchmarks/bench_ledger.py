"""The ledger: acts appended singly and in large ones, durable each time; verified; read back.

Peers: the disk's own limit (one small write and one sync an act), and a bare SQLite table with
the same settings but without chain, salt, triggers, requests or clashes.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import apsw

from benchmarks.harness import Peer, race, write_section
from controltotal.ledger import Draft, Link, Narration, Posting, Sealer, entries_of, verify
from controltotal.ledger.sqlite import SqliteStore

SINGLE = 300
BATCH = 1_000
BATCHES = 10
CHAIN = 100_000


def drafts(count: int, start: int = 0) -> list[Draft]:
    """Rows of amounts as a book has them: eight cells, an origin, no clock."""
    return [
        Draft(
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
    """Each call appends an act a batch, under new requests, to a ledger that is open already."""
    store = SqliteStore(path)
    calls = count()

    def run() -> int:
        call, (last, _) = next(calls), store.last()
        before = last
        for number, batch in enumerate(batches):
            act = Posting(Narration(f"{call}/{number}", "bench"), tuple(batch))
            last = store.append([act], expected=last)[-1].entry
        return last - before

    return run


def bare(path: Path, batches: list[list[Draft]]) -> Callable[[], int]:
    """The same rows in a table of two columns."""
    db = apsw.Connection(str(path))
    db.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, origin TEXT, cells TEXT) STRICT")

    def run() -> int:
        for batch in batches:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(
                "INSERT INTO entries (origin, cells) VALUES (?, ?)",
                [(draft.origin, json.dumps(draft.cells)) for draft in batch],
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


def naive_verify(links: Sequence[Link]) -> None:
    """The chain checked the plain way, hashing JSON of each row."""
    previous = ""
    for link in links:
        for draft in link.drafts:
            said = [draft.row, draft.cells, draft.origin, draft.withdraws, draft.number, previous]
            raw = json.dumps(said, ensure_ascii=False).encode()
            previous = hashlib.sha256(raw).hexdigest()


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
            f"{SINGLE} acts of one row, each durable before the next",
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

        act = [Posting(Narration("all", "bench"), tuple(drafts(CHAIN)))]
        links = Sealer().seal(act)
        with SqliteStore(folder / "6") as store:
            store.append(act, expected=0)
            timings = race(
                [
                    Peer("ours, verify", lambda: verify(links)),
                    Peer("JSON and SHA-256", lambda: naive_verify(links)),
                    Peer("ours, seal", lambda: Sealer().seal(act) and None),
                    Peer("ours, entries of blocks", lambda: entries_of(links) and None),
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
                "The target is 250,000 entries/s verified; sealing does not include making the rows.",
            ],
        )


if __name__ == "__main__":
    main()
