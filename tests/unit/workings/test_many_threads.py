"""Many threads ask one reading at once, and each hears what somebody alone hears: a service has many.

Python passes from thread to thread here as often as it can, so that a paper which is shown to the others
before it is whole is met by one of them.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal.book.amounts import Amounts
from controltotal.book.fold import Position
from controltotal.book.tree import Tree
from controltotal.core.kept import DEEP, kept, kept_from_below
from controltotal.workings.workings import Workings

BOOK = Path(__file__).parents[3] / "examples" / "fictional-system"
THREADS = 8
YEAR = "2026-27"
BASES = ("plan", "forecast", "actual")


@pytest.fixture(scope="module")
def position() -> Position:
    return controltotal.read(BOOK)


@pytest.fixture(autouse=True)
def restless() -> Iterator[None]:
    """Let Python pass from thread to thread after a few steps."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def asked_at_once(ask: Callable[[], Any]) -> list[Any]:
    """What each of some threads is answered that ask at the same moment; a fault of any is raised."""
    gate = threading.Barrier(THREADS)

    def run() -> Any:
        gate.wait()
        return ask()

    with ThreadPoolExecutor(THREADS) as pool:
        return [one.result() for one in [pool.submit(run) for _ in range(THREADS)]]


def same_for_all(new: Callable[[], Any], ask: Callable[[Any], Any], turns: int) -> None:
    """Let threads ask something that is new, again and again: all hear what one alone hears."""
    alone = ask(new())
    for _ in range(turns):
        shared = new()
        assert all(answer == alone for answer in asked_at_once(lambda: ask(shared)))  # noqa: B023


def test_the_tree_is_the_same_for_all(position: Position) -> None:
    def below(tree: Tree) -> list[tuple[str, ...]]:
        return [*(tree.children(code, YEAR) for code in tree.organisations), tree.too_deep(YEAR)]

    book = position.book
    same_for_all(lambda: Tree(book.organisations, book.successions), below, 400)


def test_the_rows_of_a_body_are_the_same_for_all(position: Position) -> None:
    bodies = tuple(position.tree.organisations)

    def rows(amounts: Amounts) -> list[list[int]]:
        return [
            [row.entry for rows in amounts.series(code, YEAR, basis, "").values() for row in rows]
            for code in bodies
            for basis in BASES
        ]

    same_for_all(lambda: Amounts(position), rows, 10)


def test_the_schemes_that_a_plan_counts_on_are_the_same_for_all(position: Position) -> None:
    bodies = tuple(position.tree.organisations)

    def planned(workings: Workings) -> list[Any]:
        return [workings.bases.of(code, YEAR) for code in bodies]

    same_for_all(lambda: Workings(position), planned, 4)


def test_the_figures_of_all_bodies_are_the_same_for_all(position: Position) -> None:
    bodies = tuple(position.tree.organisations)

    def figures(workings: Workings) -> list[Any]:
        totals = workings.totals
        return [
            (
                totals.surplus(code, YEAR, basis).pence,
                totals.control_total(code, YEAR).pence,
                workings.missing.steps(code, YEAR),
            )
            for code in bodies
            for basis in BASES
        ]

    same_for_all(lambda: Workings(position), figures, 4)


def test_a_paper_that_several_make_at_once_is_one_paper(position: Position) -> None:
    for turn in range(100):
        workings = Workings(position)
        locks = asked_at_once(lambda: workings.once(turn, threading.Lock))  # noqa: B023
        assert len(set(map(id, locks))) == 1


class Deep:
    """A tree with one body on each level, more of them than are asked for within each other."""

    levels = tuple(f"T{n}" for n in range(DEEP * 40))

    @property
    def tree(self) -> Deep:
        return self

    def depth(self, year: str) -> int:
        return len(self.levels)

    def children(self, code: str, year: str) -> tuple[str, ...]:
        at = int(code[1:]) + 1
        return self.levels[at : at + 1]

    def lowest_first(self, year: str) -> tuple[str, ...]:
        return self.levels[::-1]

    @kept_from_below
    def count(self, code: str, year: str) -> int:
        return 1 + sum(self.count(one, year) for one in self.children(code, year))

    @kept
    def made(self) -> object:
        return object()


def test_a_deep_tree_is_climbed_by_several_at_once_and_left_to_none() -> None:
    same_for_all(Deep, lambda deep: deep.count("T0", YEAR), 5)


def test_what_is_kept_is_one_thing_for_all_who_ask_at_once() -> None:
    for _ in range(200):
        deep = Deep()
        assert len(set(map(id, asked_at_once(deep.made)))) == 1
