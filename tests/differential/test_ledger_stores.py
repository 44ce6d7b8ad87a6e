"""Memory, SQLite and PostgreSQL given the same random acts give the same answers and entries."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from controltotal.ledger import (
    Appended,
    Draft,
    LedgerError,
    MemoryStore,
    Store,
    in_force,
    open_ledger,
    root,
    verify,
)

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


def act(dice: random.Random, last: int, ids: list[str]) -> Draft:
    """A draft that is usually good: a put, a retry's id, or a withdrawal of some entry."""
    kind = dice.random()
    id = dice.choice(ids) if ids and kind < 0.1 else f"act-{dice.random()}"
    row = dice.randrange(2, 5)
    if last and kind > 0.6:
        return Draft(
            id,
            "withdraw",
            "amounts",
            row,
            (),
            "",
            "A",
            "2026-05-01",
            "x",
            dice.randrange(1, last + 2),
        )
    cells = tuple((f"c{n}", dice.choice(WORDS)) for n in range(dice.randrange(4)))
    return Draft(id, "put", "amounts", row, cells, "a.csv||A2", why=dice.choice(WORDS))


def answer(store: Store, drafts: list[Draft], expected: int) -> Appended | tuple[str, str]:
    try:
        return store.append(drafts, expected)
    except LedgerError as error:
        return type(error).__name__, error.what


def run(stores: list[Store], seed: int, steps: int) -> None:
    dice = random.Random(seed)
    sent: list[tuple[list[Draft], int]] = []
    kinds = set()
    for _ in range(steps):
        last = stores[0].last()[0]
        ids = [draft.id for drafts, _ in sent for draft in drafts]
        if sent and dice.random() < 0.15:
            drafts, expected = dice.choice(sent)
        else:
            drafts = [act(dice, last, ids) for _ in range(dice.randrange(1, 5))]
            expected = last + dice.choice((0, 0, 0, 0, -1, 1))
        answers = [answer(store, drafts, expected) for store in stores]
        assert answers.count(answers[0]) == len(stores), answers
        kinds.add(answers[0][0] if isinstance(answers[0], tuple) else "Appended")
        sent.append((drafts, expected))
    assert {"Appended", "Clash", "IdReused", "LedgerError"} <= kinds
    books = [store.read() for store in stores]
    assert books.count(books[0]) == len(stores)
    assert verify(books[0], expected_root=root(books[0])) is None
    assert 0 < len(in_force(books[0])) < len(books[0])
    middle = len(books[0]) // 2
    assert [store.read(middle) for store in stores] == [books[0][:middle]] * len(stores)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_files_and_memory_agree(tmp_path: Path, seed: int) -> None:
    stores = [MemoryStore(), open_ledger(tmp_path / "a.ledger")]
    run(stores, seed, 200)
    for store in stores:
        store.close()


def test_the_server_agrees_too(tmp_path: Path, postgres: Callable[[], str]) -> None:
    stores = [MemoryStore(), open_ledger(tmp_path / "a.ledger"), open_ledger(postgres())]
    run(stores, 4, 200)
    for store in stores:
        store.close()
