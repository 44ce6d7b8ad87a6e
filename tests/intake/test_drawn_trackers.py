"""Trackers of any trust: right in every fact or asked about, and most of them without a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import read, verbs
from controltotal.book.fold import Position
from controltotal.core.result import Result
from tests.drawn_tracker_sheets import Tracker, drawn_tracker
from tests.drawn_trackers import NAMES, House
from tests.intake_files import FTH, book_of

SEEDS = 64
GROUPS = 8
UNPROVEN = "is empty and nothing proves that the word above it holds"


def differing(position: Position, made: Tracker, *, told: bool) -> list[object]:
    """Every fact of a book that is not that of the file; a division may be told as not proven."""
    schemes = {s.id: s for s in position.book.schemes}
    names = {s.id: s.id if s.id in made.schemes else s.title for s in schemes.values()}
    got = {names[s.id]: s for s in schemes.values()}
    found: list[object] = sorted({*got} ^ {*made.schemes})
    for ref in {*got} & {*made.schemes}:
        found += [(ref, "body", got[ref].organisation)] * (got[ref].organisation != FTH)
        for name, want in made.schemes[ref].items():
            has = getattr(got[ref], name) or None
            if has != want and not (told and name == "directorate" and has is None):
                found.append((ref, name, has, want))
    sums: dict[tuple[str, str, str], int] = {}
    for row in position.book.amounts:
        label = (names[row.scheme or ""], row.basis, row.month or "")
        sums[label] = sums.get(label, 0) + row.amount
        kind = {row.recurrence or "unknown"} - {made.schemes[label[0]]["recurrence"]}
        found += [(label, one) for one in (*kind, *({row.year} - {"2026-27", "2026/27"}))]
    every = {*sums, *made.amounts}
    found += [
        (k, sums.get(k), made.amounts.get(k))
        for k in every
        if sums.get(k, 0) != made.amounts.get(k, 0)
    ]
    gates = {(names[one.scheme], one.gate, one.on) for one in position.book.gates}
    return [*found, *(gates ^ made.gates)]


def brought_in(made: Tracker, folder: Path) -> tuple[Result, Path]:
    """The answer of an import, and the book."""
    folder.mkdir()
    book, path = book_of("one", folder), made.write(folder / "tracker.xlsx")
    return verbs.import_(path, book, set=[f"organisation={FTH}"], on="2027-04-10"), book


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_tracker_of_any_trust_is_right_or_asked_about(group: int, tmp_path: Path) -> None:
    unasked, seeds = 0, range(group, SEEDS, GROUPS)
    for seed in seeds:
        made = drawn_tracker(House(seed))
        ran, book = brought_in(made, tmp_path / str(seed))
        written = b"".join(one.read_bytes() for one in book.parent.glob("book*/**/*.*"))
        assert not [n for n in NAMES if n.split()[1].encode() in written], seed
        asked = [f for f in ran.findings if f.severity == "error"]
        if asked:
            assert not read(book).book.schemes, (seed, made.style)
            assert all(f.action and f.in_files for f in asked), (seed, made.style)
            continue
        unasked += 1
        told = any(UNPROVEN in f.message for f in ran.findings)
        assert differing(read(book), made, told=told) == [], (seed, made.style, made.unit)
    assert unasked >= len(seeds) * 0.8, "a tracker that its own sums explain needs no question"


@pytest.mark.parametrize("seed", range(100, 110))
def test_next_month_needs_no_answer_or_asks(seed: int, tmp_path: Path) -> None:
    house = House(seed)
    house.month = min(house.month, 10)
    ran, book = brought_in(drawn_tracker(house), tmp_path / "one")
    if any(f.severity == "error" for f in ran.findings):
        return
    gone = house.a_month_on()
    made = drawn_tracker(house)
    path = made.write(tmp_path / "next.xlsx")
    again = verbs.import_(path, book, on="2027-05-10")
    if asked := [f for f in again.findings if f.severity == "error"]:
        assert gone is not None, [f.message for f in asked]
        assert {f.code for f in asked} == {"IMPORT_WITHDRAW"}
        again = verbs.import_(path, book, set=["withdraw=yes"], on="2027-05-10")
        assert not [f for f in again.findings if f.severity == "error"]
    elif gone is not None and house.has["gates"]:
        assert not gone.gates, "a scheme that passed a gate does not go unasked"
    told = any(UNPROVEN in f.message for f in again.findings)
    assert differing(read(book), made, told=told) == []
