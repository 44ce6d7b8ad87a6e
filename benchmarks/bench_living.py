"""The living position: one more entry, opening from a snapshot, acts judged, beside reading anew.

The plain reference for one more entry is to read all of them again, which is what it must equal; for
opening it is the ledger read and verified block by block. The books are England's real bodies with
fictional money; acts are judged on the fictional system.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

from benchmarks.harness import Peer, Timing, most_of, race, race_commands, write_section
from controltotal import convert
from controltotal.acts import Desk, act
from controltotal.book.fold import Position, advance, fold
from controltotal.ledger import open_ledger
from controltotal.ledger.entries import PUT, Entry
from controltotal.ledger.snapshot import drop
from controltotal.sources.books import of_ledger, read_book
from scripts.make_england import make

ROOT = Path(__file__).parents[1]
FICTIONAL = ROOT / "examples" / "fictional-system"
ROWS = 100_000
LARGE = 1_000_000
ROUNDS = 7
READ = "import controltotal; controltotal.read({0!r}, book_only=True)"


def ledger_of(rows: int, folder: Path) -> str:
    """The address of a ledger with so many rows of England."""
    book, path = folder / f"england-{rows}", folder / f"{rows}.ledger"
    make(book, rows)
    address = f"sqlite:///{path}"
    convert(book, address)
    shutil.rmtree(book)
    return address


def fresh(position: Position, table: str) -> Callable[[int], Entry]:
    """One more entry: a question, or an amount of a body on a line where it has none."""
    number = len(position.daybook) + 1

    def entry(turn: int) -> Entry:
        row = 2_000_000 + turn
        if table == "amounts":
            one = next(iter(position.entries.values()))
            while one.table != table:
                one = position.entries[one.seq + 1]
            cells = dict(one.cells) | {"line": "cash", "amount": f"{turn}.5"}
            return replace(one, seq=number, row=row, cells=tuple(cells.items()))
        cells = {"id": f"q{turn}", "asked_on": "2026-07-01", "by_kind": "councillor", "text": "?"}
        return Entry(number, PUT, table, row, tuple(cells.items()))

    return entry


def one_more(address: str) -> list[Timing]:
    """One more entry on very many, carried on and read anew."""
    source = read_book(address, whole=True)
    position, turns = fold(source), count()
    peers = []
    for table in ("questions", "amounts"):
        entry = fresh(position, table)

        def carried(entry: Callable[[int], Entry] = entry) -> int:
            return len(advance(position, [entry(next(turns))]).daybook)

        peers.append(Peer(f"one of {table} more", carried))

    def anew() -> int:
        every = [*source.entries, fresh(position, "questions")(next(turns))]
        return len(fold(of_ledger("ledger", every)).daybook)

    return race([*peers, Peer("all read anew", anew)], rounds=ROUNDS, same=lambda a, b: a == b)


def opened(address: str) -> tuple[list[Timing], list[str]]:
    """Whole processes that open a ledger, with its snapshot and without; and their most memory."""
    path = address.removeprefix("sqlite:///")
    plain = f"{path}.plain.ledger"
    shutil.copyfile(path, plain)
    read_book(address)  # takes the snapshot
    from_it = READ.format(address)
    whole = f"import controltotal.sources.books as b, controltotal.book.fold as f; \
f.fold(b.read_book('sqlite:///{plain}', whole=True))"
    commands = {
        "from its snapshot": [sys.executable, "-c", from_it],
        "every block verified": [sys.executable, "-c", whole],
        "python and numbers alone": [sys.executable, "-c", "import numpy, polars"],
    }
    timings = race_commands(commands, rounds=3)
    notes = [f"{name}: {most_of(command):,} MiB at most" for name, command in commands.items()]
    drop(path)
    return timings, notes


def judged(folder: Path) -> tuple[list[Timing], list[str]]:
    """Acts judged at a desk on the fictional system, one after another, each durable."""
    address = f"sqlite:///{folder / 'fictional.ledger'}"
    convert(FICTIONAL, address)
    desk, turns = Desk(open_ledger(address, must_exist=True)), count()
    body = next(row.code for row in desk.position.book.organisations if row.parent)
    scheme = desk.position.book.schemes[0]

    def ask() -> int:
        fields = {"id": f"q{next(turns)}", "figure": "gap", "text": "Why?", "by_kind": "councillor"}
        return act("ask", desk, fields, on="2026-11-20", as_="A. Person").last

    def phase() -> int:
        turn = next(turns)
        fields = {"scheme": scheme.id, "organisation": scheme.organisation or body, "line": "pay"}
        fields |= {"year": f"{2027 + turn // 12}/{28 + turn // 12}", "month": str(turn % 12 + 1)}
        fields |= {"basis": "plan", "amount": "5", "unit": "£k"}
        return act("phase", desk, fields, on="2026-11-20", as_="A. Person").last

    timings = race([Peer("a question asked", ask), Peer("a month of a scheme", phase)])
    notes = [f"{t.name}: {1 / t.processor_median:,.0f} acts a second of processor" for t in timings]
    return timings, [*notes, "The target is 50 judged acts a second."]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = ledger_of(ROWS, folder)
        write_section(
            "Living position, one more entry",
            f"A ledger of some {ROWS:,} entries",
            one_more(address),
            packages=["polars", "numpy"],
            notes=["The target is 0.030 s."],
        )
        for rows, target in ((ROWS, "0.5 s"), (LARGE, "3 s and 1 GB")):
            address = address if rows == ROWS else ledger_of(rows, folder)
            timings, notes = opened(address)
            write_section(
                f"Living position, opening {rows:,} entries",
                "Whole processes, from start to exit, with what Python loads",
                timings,
                packages=["polars", "apsw"],
                notes=[*notes, f"The target is {target} from a snapshot."],
            )
        timings, notes = judged(folder)
        write_section(
            "Living position, acts judged",
            "The fictional system, at one desk, each act durable before the next",
            timings,
            packages=["apsw"],
            notes=notes,
        )


if __name__ == "__main__":
    main()
