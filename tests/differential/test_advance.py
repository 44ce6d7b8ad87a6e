"""A position that is carried on says what reading the whole ledger from nothing says.

Histories of every kind of act are drawn from their number. After each act the desk's position, which
takes in what is new, is compared with one that is read from nothing: records and columns, findings
in their order, what was stopped, gave way or was taken back. What somebody tries on the side must
leave no mark on it. A failure names a history that anybody can make again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal.acts.desk import Desk
from controltotal.book.amount_table import AmountTable
from controltotal.book.fold import Position, advance, fold
from controltotal.core.errors import BookError
from controltotal.core.result import Result
from controltotal.ledger import columns, snapshot
from controltotal.ledger.chain import entries_of
from controltotal.ledger.columns import LedgerEntries
from controltotal.ledger.entries import PUT, REDACT, WITHDRAW, Entry
from controltotal.ledger.source import BookSource
from controltotal.ledger.store import MemoryStore
from controltotal.sources.books import of_ledger
from tests.column_told import first_difference, position_told, row_told
from tests.living_histories import ACTS, History

CASES = range(100)
ANSWERED = 10
"""Of every tenth history the answers of verbs are compared too, to the byte."""
ASKED: Mapping[str, Callable[[Position], Result]] = {
    "check": controltotal.check,
    "position": controltotal.position,
    "risk": lambda book: controltotal.risk(book, draws=100, seed=1),
    "portfolio": controltotal.portfolio,
    "trajectory": controltotal.trajectory,
    "forecast": controltotal.forecast,
    "history": controltotal.history,
    "schemes": controltotal.schemes,
    "share": lambda book: controltotal.share(book, "£25m", from_="B00", to="S1"),
    "challenge": lambda book: controltotal.challenge(book, organisation="B00"),
    "explain": lambda book: controltotal.explain(book, "surplus/B00/2026-27/plan"),
}
SOAKED = range(100, 3_000)
NEVER = 10**9


@contextmanager
def columns_from(rows: int) -> Iterator[None]:
    """Within it so many amounts or more of a ledger are read as columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "ROWS_FROM", rows)
        yield


def told(position: Position) -> dict[str, Any]:
    """Everything that a position says, what acts took back included."""
    return {
        **position_told(position),
        "reading date": position.reading_date,
        "daybook": list(position.daybook),
        "withdrawn": [row_told(row) for row in position.withdrawn],
        "replaced": [row_told(row) for row in position.replaced],
        "replaced entries": sorted(position.replaced_entries.items()),
        "unsaid": [row_told(row) for row in position.unsaid],
        "withdrawals": sorted(position.withdrawals.items()),
        "tree": sorted(position.tree.organisations),
        "year": position.default_year,
    }


def from_nothing(store: MemoryStore) -> Position:
    """The position of a ledger, read as if for the first time."""
    links = store.whole()
    return fold(of_ledger("ledger", entries_of(links), links))


def on_the_side(
    position: Position, store: MemoryStore, draw: random.Random
) -> tuple[Position, Position]:
    """Something that is tried and not written: carried on, and read from nothing."""
    standing = [entry for entry in position.entries.values() if entry.table == "amounts"]
    number, more = len(position.daybook), []
    for entry in draw.sample(standing, min(2, len(standing))):
        cells = (
            *(c for c in entry.cells if c[0] != "amount"),
            ("amount", str(draw.randint(1, 99))),
        )
        more.append(Entry(number + len(more) + 1, PUT, entry.table, 5_000 + len(more), cells))
        if draw.random() < 0.5:
            seq = number + len(more) + 1
            more.append(Entry(seq, WITHDRAW, entry.table, entry.row, (), withdraws=entry.seq))
    tried = advance(position, more)
    anew = fold(of_ledger("ledger", [*store.read(), *more]))
    return tried, replace(anew, ref=replace(anew.ref, root=""))


def from_snapshot(position: Position, path: Path) -> Position | None:
    """The position as it is opened from a snapshot of its entries; None where there can be none."""
    path.touch()
    entries, root = position.daybook, position.ref.root
    if not isinstance(entries, LedgerEntries) or not snapshot.take(path, entries, root[7:]):
        return None
    kept = snapshot.load(path)
    assert kept is not None and (kept.number, f"sha256:{kept.hash}") == (len(entries), root)
    return fold(BookSource("ledger", kept.entries, (), {}, {}, digest=root))


def carried_from_snapshot(position: Position, store: MemoryStore) -> Position | None:
    """One that was opened from a snapshot, carried on; None once words were erased."""
    more = store.links(position.ref.entry)
    if any(link.kind == REDACT for link in more):
        return None
    root = f"sha256:{store.last()[1]}"
    return advance(position, entries_of(more, position.ref.entry), root) if more else position


def answered(ask: Callable[[Position], Result], position: Position) -> str:
    """What a verb says of a position, or why it does not."""
    try:
        return ask(position).to_json()
    except BookError as error:
        return str(error)


class Compared:
    """Histories that were walked: where they differ, and what was met on the way."""

    def __init__(self) -> None:
        self.differences: dict[tuple[int, str], str] = {}
        self.met: Counter[str] = Counter()

    def walk(self, case: int, folder: Path) -> None:
        """One history, with columns in two of three."""
        rows = NEVER if case % 3 == 2 else 2
        draw = random.Random(f"side {case}")
        with columns_from(rows):
            history = History(case, folder)
            desk = Desk(history.store)
            opened: Position | None = None
            for step, word in enumerate(history.steps()):
                self.met[word] += 1
                carried = desk.position
                if opened is not None:
                    opened = carried_from_snapshot(opened, history.store)
                elif step == case % ACTS:
                    opened = from_snapshot(carried, folder / "plan.ledger")
                if opened is not None:
                    self.met["from a snapshot"] += 1
                    self._compare(case, f"from a snapshot, {word}", opened, carried)
                if isinstance(carried.book.amounts, AmountTable):
                    self.met["as columns"] += 1
                self._compare(case, word, carried, from_nothing(history.store))
                if draw.random() < 0.3 and len(carried.daybook):
                    self.met["tried"] += 1
                    self._compare(
                        case, f"tried after {word}", *on_the_side(carried, history.store, draw)
                    )
            with columns_from(NEVER):
                by_cells = from_nothing(history.store)
            self._compare(case, "by cells", desk.position, by_cells)
            if case % ANSWERED == 0:
                self._answers(case, desk.position, from_nothing(history.store))

    def _answers(self, case: int, carried: Position, anew: Position) -> None:
        for verb, ask in ASKED.items():
            one, other = answered(ask, carried), answered(ask, anew)
            self.met["answers"] += 1
            if one != other:
                self.differences[case, verb] = f"{one[:300]} and {other[:300]}"

    def _compare(self, case: int, word: str, carried: Position, anew: Position) -> None:
        found = first_difference(told(carried), told(anew))
        if found:
            self.differences.setdefault((case, word), found)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """A hundred histories."""
    compared = Compared()
    for case in CASES:
        compared.walk(case, tmp_path_factory.mktemp("history"))
    return compared


def test_a_position_carried_on_says_what_one_read_from_nothing_says(walked: Compared) -> None:
    assert walked.differences == {}


def test_every_kind_of_act_was_met_and_most_readings_were_columns(walked: Compared) -> None:
    kinds = ("more", "change", "gone", "back", "undone", "setting", "erased", "tried")
    assert {kind: walked.met[kind] for kind in kinds if walked.met[kind] < 20} == {}
    assert walked.met["as columns"] > 300
    assert walked.met["from a snapshot"] > 100
    assert walked.met["answers"] == len(ASKED) * len(CASES) / ANSWERED


@pytest.mark.soak
def test_so_do_many_more_histories(tmp_path: Path) -> None:
    compared = Compared()
    for case in SOAKED:
        compared.walk(case, tmp_path / str(case))
    assert compared.differences == {}
