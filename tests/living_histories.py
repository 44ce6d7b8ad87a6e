"""Histories of a ledger, drawn from a number: books of every odd kind, written in many small acts.

Rows are put, changed, withdrawn, put back at their old row or a new one, and erased; evidence of
schemes and settings come and go; other programs write between. `steps` writes one act after another
into a store and yields after each.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from controltotal.core.errors import BookError
from controltotal.ledger.entries import PUT, WITHDRAW, Author, Draft, Entry, Narration, put
from controltotal.ledger.redaction import Erasure
from controltotal.ledger.store import MemoryStore
from tests import scheme_books
from tests.column_books import drawn, write
from tests.column_doubts import PLANTS
from tests.column_told import BY_CELLS, book_read
from tests.ledgers import FIXED, posting

ACTS = 10
SOAKED_MOST = 100_000
MONEY = ("amounts", "control_totals")
ODD = ("x", "7.5", "(12)", "1,200.500", "£3m", "#REF!", "Dec", "2026-05-01", "yes\u202e", "T 1")
HEADINGS = ("amount", "basis", "known_on", "month", "note", "scheme", "Recurence", "year", "unit")


def pool(case: int, folder: Path) -> list[Draft]:
    """The rows of a drawn book, and those of two schemes with their evidence."""
    try:
        source = book_read(write(drawn(case, PLANTS), folder), BY_CELLS)
    except BookError:  # a file that is none: the next book
        return pool(case + SOAKED_MOST, folder)
    rows = [entry.draft for entry in source.entries]
    for code in ("SC1", "SC2"):
        schemes = [scheme_books.scheme(code, organisation="B00"), *scheme_books.gates(code)]
        tables = ["schemes", *["gates"] * (len(schemes) - 1)]
        for number, (table, cells) in enumerate(zip(tables, schemes, strict=True), 900):
            rows.append(put(table, number, cells.items()))
        assessed = enumerate(scheme_books.assessments(code), 900)
        rows += [put("assessments", number, cells.items()) for number, cells in assessed]
    return rows


@dataclass
class History:
    """One ledger in memory and who writes in it."""

    case: int
    folder: Path
    store: MemoryStore = field(default_factory=lambda: MemoryStore(sealer=FIXED))

    def __post_init__(self) -> None:
        self.draw = random.Random(f"history {self.case}")
        rows = pool(self.case, self.folder)
        cut = int(len(rows) * self.draw.choice((0.3, 0.7, 0.95)))
        if self.draw.random() < 0.3:
            self.draw.shuffle(rows)
        self.first, self.later = rows[:cut], rows[cut:]

    def steps(self) -> Iterator[str]:
        """Write act after act; the word of each says what it was."""
        self.post(self.first)
        yield "first"
        for number in range(ACTS):
            kinds = [self._more, self._more, self._change, self._change, self._gone, self._back]
            kinds += [self._undone, self._setting]
            if self.case % 4 == 0 and number == ACTS // 2:
                kinds = [self._erased]
            kind = self.draw.choice(kinds)
            kind()
            yield kind.__name__.strip("_")

    def post(self, drafts: Sequence[Draft]) -> None:
        """One act of some rows; none where there is nothing to write."""
        if drafts:
            last = self.store.last()[0]
            day = f"2026-{self.draw.randint(4, 11):02}-15"
            self.store.append([posting(drafts, by="A. Person", on=day)], last)

    @property
    def standing(self) -> list[Entry]:
        """The rows that stand."""
        entries = self.store.read()
        gone = {entry.withdraws for entry in entries if entry.kind == WITHDRAW}
        return [e for e in entries if e.kind == PUT and e.seq not in gone]

    def next_row(self, table: str) -> int:
        """A row of a table at which nothing was ever put."""
        return max([1, *(e.row for e in self.store.read() if e.table == table)]) + 1

    def some(self, most: int = 4) -> list[Entry]:
        """A few rows that stand, money more often than others."""
        there = self.standing
        money = [entry for entry in there if entry.table in MONEY]
        there = money if money and self.draw.random() < 0.6 else there
        return self.draw.sample(there, min(len(there), self.draw.randint(1, most)))

    def _more(self) -> None:
        """Rows that were not there."""
        size = self.draw.randint(1, 12)
        self.post([replace(one, row=one.row) for one in self.later[:size]])
        self.later = self.later[size:]

    def _change(self) -> None:
        """Rows put again with a cell changed, at a new row, as acts do it."""
        drafts: list[Draft] = []
        for entry in self.some():
            cells = dict(entry.cells)
            column = self.draw.choice([*cells, *HEADINGS])
            text = self.draw.choice([*ODD, *cells.values(), "2026-07-01", "9"])
            cells[column] = text
            if self.draw.random() < 0.5:
                cells["known_on"] = "2026-10-01"
            row = self.next_row(entry.table) + sum(d.table == entry.table for d in drafts)
            drafts.append(put(entry.table, row, cells.items()))
            if self.draw.random() < 0.6:
                drafts.append(_withdrawn(entry))
        self.post(drafts)

    def _gone(self) -> None:
        """Rows taken back."""
        self.post([_withdrawn(entry) for entry in self.some(8)])

    def _back(self) -> None:
        """Rows that were taken back put again, at their old row or at a new one."""
        entries = self.store.read()
        old = [entries[e.withdraws - 1] for e in entries if e.kind == WITHDRAW]
        old = [entry for entry in old if entry.kind == PUT]
        drafts: list[Draft] = []
        for entry in self.draw.sample(old, min(len(old), 3)):
            new = self.next_row(entry.table) + sum(d.table == entry.table for d in drafts)
            row = entry.row if self.draw.random() < 0.5 else new
            drafts.append(put(entry.table, row, entry.cells))
        self.post(drafts)

    def _undone(self) -> None:
        """All that one act put, taken back."""
        there = self.standing
        request = self.draw.choice(there).narration.request if there else ""
        rows = [entry for entry in there if entry.narration.request == request]
        if len(rows) < len(there) / 2:
            self.post([_withdrawn(entry) for entry in rows])

    def _setting(self) -> None:
        """A setting of the book, a line of its own, a source or a body."""
        choice = self.draw.choice(("book", "lines", "sources", "organisations"))
        cells = {
            "book": {"key": self.draw.choice(("signs", "default_unit", "months", "title"))},
            "lines": {"line": "our_own", "name": "Total of ours", "kind": "cost"},
            "sources": {"id": "src-9", "file": "a.pdf", "published_on": "2026-06-30"},
            "organisations": {"code": "B00", "name": "Another name", "kind": "provider"},
        }[choice]
        if choice == "book":
            cells |= {"value": self.draw.choice(("ledger", "£k", "cumulative", "£m", "plain"))}
            cells |= {"known_on": f"2026-{self.draw.randint(1, 11):02}-01"}
        self.post([put(choice, self.next_row(choice), cells.items())])

    def _erased(self) -> None:
        """Words of a row erased, with what stays of it."""
        there = [entry for entry in self.standing if entry.table not in MONEY]
        entry = self.draw.choice(there)
        said = Narration(f"erase/{entry.seq}", "redact", Author(name="P. Publisher"), "2026-11-20")
        self.store.redact(Erasure(said, {entry.seq: entry.cells[:1]}))


def _withdrawn(entry: Entry) -> Draft:
    return Draft(WITHDRAW, entry.table, entry.row, withdraws=entry.seq)
