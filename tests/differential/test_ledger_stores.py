"""Memory, SQLite and PostgreSQL given the same random acts give the same answers and blocks."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from controltotal.ledger import (
    Author,
    Draft,
    Erasure,
    LedgerError,
    MemoryStore,
    Narration,
    Posting,
    Receipt,
    Sealer,
    Store,
    entries_of,
    in_force,
    root,
    verify,
)
from controltotal.ledger.postgres import PostgresStore
from controltotal.ledger.sqlite import SqliteStore

WORDS = [
    "QE1",
    "(12.3)",
    "£m",
    "—",
    "a\\N",
    "two\nlines",
    "tab\t",
    "“quoted”",
    "\U0001f600",
    "{}",
    "'",
]
Sent = tuple[list[Posting], int] | Erasure


def counting() -> Sealer:
    """A clock and salts that count, so that stores of the same acts have the same blocks."""
    clock, salts = count(), count()
    return Sealer(lambda: f"at {next(clock)}", lambda: f"{next(salts):064x}")


def row(dice: random.Random, last: int) -> Draft:
    """A row that is usually good: a put, or the withdrawal of some entry."""
    number, table = dice.randrange(2, 4), dice.choice(("amounts", "amounts", "facts"))
    if last and dice.random() > 0.7:
        return Draft("withdraw", table, number, withdraws=dice.randrange(1, last + 2))
    cells = tuple((f"c{n}", dice.choice(WORDS)) for n in range(dice.randrange(4)))
    return Draft("put", table, number, cells, "a.csv||A2")


def said(dice: random.Random, requests: list[str]) -> Narration:
    """A narration of a request of its own, or now and then of one that was used."""
    reused = requests and dice.random() < 0.1
    request = dice.choice(requests) if reused else f"act-{dice.random()}"
    return Narration(request, "send", Author("s", dice.choice(WORDS)), "2026-05-01", "x")


def sending(dice: random.Random, last: int, sent: list[Sent]) -> Sent:
    """What a writer sends next: acts, a redaction, or what was sent before once more."""
    if sent and dice.random() < 0.15:
        return dice.choice(sent)
    requests = [name for one in sent for name in names(one)]
    if last and dice.random() < 0.15:
        numbers = {dice.randrange(1, last + 2) for _ in range(dice.randrange(1, 3))}
        return Erasure(said(dice, requests), dict.fromkeys(sorted(numbers), ()))
    rows = [
        [row(dice, last) for _ in range(dice.randrange(1, 4))]
        for _ in range(dice.choice((1, 1, 2)))
    ]
    group = [Posting(said(dice, requests), tuple(one)) for one in rows]
    return group, last + dice.choice((0, 0, 0, 0, -1, 1))


def names(sent: Sent) -> list[str]:
    """The requests of what was sent."""
    if isinstance(sent, Erasure):
        return [sent.narration.request]
    return [posting.narration.request for posting in sent[0]]


def answer(store: Store, sent: Sent) -> list[Receipt] | tuple[str, str]:
    try:
        return [store.redact(sent)] if isinstance(sent, Erasure) else store.append(*sent)
    except LedgerError as error:
        return type(error).__name__, error.what


def run(stores: list[Store], seed: int, steps: int) -> None:
    dice = random.Random(seed)
    sent: list[Sent] = []
    kinds: set[str] = set()
    for _ in range(steps):
        one = sending(dice, stores[0].last()[0], sent)
        answers = [answer(store, one) for store in stores]
        assert answers.count(answers[0]) == len(stores), answers
        first = answers[0]
        if isinstance(first, tuple):
            kinds.add(first[0])
        else:
            again = any(receipt.repeated for receipt in first)
            kinds.add(
                "Redacted" if isinstance(one, Erasure) else "Repeated" if again else "Written"
            )
        sent.append(one)
    assert {"Written", "Repeated", "Redacted", "Clash", "RequestReused", "LedgerError"} <= kinds
    chains = [store.whole() for store in stores]
    assert chains.count(chains[0]) == len(stores)
    assert verify(chains[0], expected_root=root(chains[0])) is None
    books = [store.read() for store in stores]
    assert books == [entries_of(chains[0])] * len(stores)
    assert 0 < len(in_force(books[0])) < len(books[0])
    assert {"put", "withdraw", "redact", "redacted", "carried"} == {e.kind for e in books[0]}
    middle = len(books[0]) // 2
    assert [store.read(middle) for store in stores] == [books[0][:middle]] * len(stores)
    for request in {name for one in sent for name in names(one)}:
        found = [store.receipt(request) for store in stores]
        assert found.count(found[0]) == len(stores)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_files_and_memory_agree(tmp_path: Path, seed: int) -> None:
    stores: list[Store] = [
        MemoryStore(sealer=counting()),
        SqliteStore(tmp_path / "a.ledger", sealer=counting()),
    ]
    run(stores, seed, 200)
    for store in stores:
        store.close()


def test_the_server_agrees_too(tmp_path: Path, postgres: Callable[[], str]) -> None:
    pytest.importorskip("psycopg")
    stores: list[Store] = [
        MemoryStore(sealer=counting()),
        SqliteStore(tmp_path / "a.ledger", sealer=counting()),
        PostgresStore(postgres(), sealer=counting()),
    ]
    run(stores, 4, 200)
    for store in stores:
        store.close()
