"""The small book of one scheme in a ledger, to which rows are put and from which they are withdrawn."""

from __future__ import annotations

from controltotal.book.fold import Position, fold
from controltotal.ledger.entries import put, withdraw
from controltotal.ledger.source import BookSource
from controltotal.programme.eligibility import Judgements
from tests.ledgers import memory, posting
from tests.scheme_books import Book
from tests.strategies import source_of

ROTA = {"scheme": "T1", "gate": "G3", "text": "Rota agreed", "due": "2026-05-01"}
"""A condition of T1."""
COUNCIL = {"scheme": "T1", "duty": "council_consultation", "from": "2026-05-20"}
"""A consultation that began after the decision on T1, and that nobody has answered."""
DIRECTORS = {"medical_director": "Dr A. Ash", "chief_nurse": "B Birch"}


def codes(position: Position, as_at: str | None = None) -> list[str]:
    """Why T1 does not count; nothing where it does."""
    return [one.code for one in Judgements(position, as_at)["T1"].reasons]


class Ledger:
    """A book in a ledger. Each act is done on a day and comes after all that went before."""

    def __init__(self, made: Book) -> None:
        self.store = memory(source_of(made))

    def put(self, table: str, row: int, at: str, /, **cells: str) -> Ledger:
        """A row is put by an act of a day."""
        act = posting([put(table, row, cells.items())], by="Finance", on=at, why="new")
        self.store.append([act], self.size)
        return self

    def withdraw(self, table: str, row: int, on: str) -> Ledger:
        """What a row says now is taken back by an act of a day."""
        said = [e for e in self.store.read() if (e.table, e.row, e.kind) == (table, row, "put")]
        act = posting([withdraw(said[-1])], by="Finance", on=on, why="in error")
        self.store.append([act], self.size)
        return self

    def signed(self, on: str, *roles: str) -> Ledger:
        """Both directors of T1 sign on a day, or those of the roles that are named."""
        for role in roles or DIRECTORS:
            row = {"scheme": "T1", "gate": "QIA", "on": on, "by": DIRECTORS[role], "role": role}
            self.put("gates", self.size, on, **row)
        return self

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.store.read())

    @property
    def position(self) -> Position:
        """The book as all entries make it."""
        return fold(BookSource("b", self.store.read(), (), {}, {}))

    def codes(self, as_at: str | None = None) -> list[str]:
        """Why T1 does not count; nothing where it does."""
        return codes(self.position, as_at)
