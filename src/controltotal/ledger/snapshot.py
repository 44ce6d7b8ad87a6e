"""A snapshot: the entries of a ledger as columns, beside its file, so that it opens at once.

It saves the reading and verifying of what was read and verified before, and is never needed: it is
bound to the number and hash of the block at which it was taken. Where the ledger has no such block,
where a byte of it is not what was written, or where anything was redacted since, it is as if it were
not there. It holds what the ledger holds, is readable by whoever may read that, and goes with the
first redaction.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from glob import escape
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

from controltotal.core.late import Late
from controltotal.ledger.block import Coded
from controltotal.ledger.columns import TABLE, LedgerBlock, LedgerEntries
from controltotal.ledger.entries import (
    PUT,
    REDACT,
    REDACTED,
    Author,
    Cells,
    Entry,
    Narration,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    Numbers = npt.NDArray[np.int64]
else:
    np, pl = Late("numpy"), Late("polars")

FORM: Final = 1
SUFFIX: Final = ".snapshot"
WORTH: Final = 20_000
"""Of a ledger of fewer entries none is taken: it is read in less than a second."""
STALE: Final = 5_000
"""So many entries later it is worth taking another."""
_PLACE: Final = ("number", "entry", "shape", "narration", "recorded", "origin")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The entries up to a number, and the hash of the block that ends there."""

    entries: LedgerEntries
    number: int
    hash: str


class Kept(Sequence[Entry]):
    """The entries of a snapshot in order, made when they are asked for."""

    def __init__(self, alone: dict[int, Entry], rows: _Rows, size: int) -> None:
        self._alone, self._rows, self._size = alone, rows, size

    def __len__(self) -> int:
        """How many entries there are."""
        return self._size

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        """An entry by its place, counted from nought; a slice as a list."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._size))]
        place = index + self._size if index < 0 else index
        if not 0 <= place < self._size:
            raise IndexError(index)
        return self._alone.get(place + 1) or self._rows.entry(place + 1)

    def __iter__(self) -> Iterator[Entry]:
        """Every entry in order."""
        return (self[place] for place in range(self._size))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The amounts that stood when a snapshot was taken, as columns."""

    frame: pl.DataFrame
    coded: dict[str, Coded]
    single: dict[str, pl.Series]
    shapes: list[tuple[str, ...]]
    narrations: list[Narration]
    recorded: list[str]
    block: LedgerBlock

    def entry(self, number: int) -> Entry:
        """The entry of a number."""
        index = self.block.place(number)
        row, _, shape, narration, recorded, origin = self.frame.row(index)
        cells = self._cells(index, self.shapes[shape])
        said, at = self.narrations[narration], self.recorded[recorded]
        return Entry(number, PUT, TABLE, row, cells, origin, 0, said, at)

    def _cells(self, index: int, shape: tuple[str, ...]) -> Cells:
        found = []
        for column in shape:
            coded = self.coded.get(column)
            if coded is None:
                found.append((column, self.single[column][index]))
            else:
                found.append((column, coded.texts[coded.codes[index]]))
        return tuple(found)


def path_of(ledger: str | Path) -> Path:
    """Where the snapshot of a ledger in a file stands."""
    return Path(f"{ledger}{SUFFIX}")


def drop(ledger: str | Path) -> None:
    """Take the snapshot of a ledger away, and what was left of one that was not finished."""
    path = path_of(ledger)
    path.unlink(missing_ok=True)
    for left in path.parent.glob(f"{escape(path.name)}.*"):  # by a program that was cut off
        if left.suffix[1:].isdigit():
            left.unlink(missing_ok=True)


def take(ledger: str | Path, entries: LedgerEntries, hash: str) -> bool:
    """Keep the entries of a ledger beside it; False where there is nothing worth keeping.

    `hash` is that of the last block. Of a ledger of which words were erased none is taken.
    """
    blocks = entries.blocks
    odd = any(entry.kind in (REDACT, REDACTED) for entry in entries.single)
    if odd or not blocks or not isinstance(blocks[0], LedgerBlock):
        return False
    data = _written(entries, blocks[0], hash)
    path, fresh = path_of(ledger), Path(f"{ledger}{SUFFIX}.{os.getpid()}")
    try:
        mode = os.stat(ledger).st_mode & 0o777
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
        os.replace(fresh, path)
    except OSError:  # it is never needed
        fresh.unlink(missing_ok=True)
        return False
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return True


def load(ledger: str | Path) -> Snapshot | None:
    """The snapshot of a ledger; None where there is none that says what was written into it."""
    try:
        data = path_of(ledger).read_bytes()
        digest, body = data[:32], data[32:]
        if sha256(body).digest() != digest:
            return None
        return _read(body)
    except (OSError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile):
        return None
    except pl.exceptions.PolarsError:
        return None


def _written(entries: LedgerEntries, block: LedgerBlock, hash: str) -> bytes:
    """A snapshot as bytes: the SHA-256 of what follows, then an archive."""
    shapes: dict[tuple[str, ...], int] = {}
    narrations: dict[Narration, int] = {}
    recorded: dict[str, int] = {}
    inside = set(block.entries.tolist())
    alone: list[list[Any]] = []
    rows = dict[int, tuple[int, int, int, str]]()
    for entry in entries:
        said = narrations.setdefault(entry.narration, len(narrations))
        at = recorded.setdefault(entry.recorded_at, len(recorded))
        if entry.seq in inside:
            shape = tuple([column for column, _ in entry.cells])
            number = shapes.setdefault(shape, len(shapes))
            rows[entry.seq] = (number, said, at, entry.origin)
        else:
            one = [entry.seq, entry.kind, entry.table, entry.row, entry.cells, entry.origin]
            alone.append([*one, entry.withdraws, said, at])
    found = [rows[number] for number in block.entries.tolist()]
    frame = pl.DataFrame(
        {
            "number": block.numbers,
            "entry": block.entries,
            "shape": [one[0] for one in found],
            "narration": [one[1] for one in found],
            "recorded": [one[2] for one in found],
            "origin": [one[3] for one in found],
            **{f"code {name}": one.codes for name, one in block.coded.items()},
            **{f"text {name}": series for name, series in block.single.items()},
        }
    )
    head = {
        "form": FORM,
        "entry": len(entries),
        "hash": hash,
        "order": block.order,
        "texts": {name: one.texts for name, one in block.coded.items()},
        "shapes": list(shapes),
        "narrations": [astuple(one) for one in narrations],
        "recorded": list(recorded),
        "alone": alone,
    }
    body, table = io.BytesIO(), io.BytesIO()
    frame.write_ipc(table)
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("head.json", json.dumps(head, ensure_ascii=False))
        archive.writestr("rows.arrow", table.getvalue())
    return sha256(body.getvalue()).digest() + body.getvalue()


def _read(body: bytes) -> Snapshot | None:
    """What the bytes of a snapshot say; None where they are of another form."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        head = json.loads(archive.read("head.json"))
        if head["form"] != FORM:
            return None
        frame = pl.read_ipc(io.BytesIO(archive.read("rows.arrow")))
    narrations = [_narration(one) for one in head["narrations"]]
    recorded: list[str] = head["recorded"]
    coded = {
        name: Coded(frame[f"code {name}"].to_numpy(), tuple(texts))
        for name, texts in head["texts"].items()
    }
    single = {c[5:]: frame[c].rename(c[5:]) for c in frame.columns if c.startswith("text ")}
    block = LedgerBlock(
        TABLE,
        "",
        tuple(head["order"]),
        frame["number"].to_numpy(),
        coded,
        single,
        first=0,
        entries=frame["entry"].to_numpy(),
    )
    shapes = [tuple(shape) for shape in head["shapes"]]
    rows = _Rows(frame.select(_PLACE), coded, single, shapes, narrations, recorded, block)
    alone = {one[0]: _entry(one, narrations, recorded) for one in head["alone"]}
    kept = Kept(alone, rows, head["entry"])
    block = replace(block, entry_of=rows.entry)
    return Snapshot(LedgerEntries.kept(kept, alone.values(), block), head["entry"], head["hash"])


def _narration(fields: Sequence[Any]) -> Narration:
    request, act, author, *rest = fields
    return Narration(request, act, Author(*author), *rest)


def _entry(fields: Sequence[Any], narrations: list[Narration], recorded: list[str]) -> Entry:
    seq, kind, table, row, cells, origin, withdraws, said, at = fields
    read = tuple((column, text) for column, text in cells)
    return Entry(seq, kind, table, row, read, origin, withdraws, narrations[said], recorded[at])
