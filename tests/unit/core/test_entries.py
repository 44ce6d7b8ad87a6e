"""Entries that are looked up when somebody reads them."""

from __future__ import annotations

from controltotal.core.entries import Entries, together
from controltotal.core.result import Answer


def test_entries_are_found_when_they_are_read_and_not_before() -> None:
    asked: list[int] = []

    def find() -> list[int]:
        asked.append(1)
        return [3, 1, 3]

    some = Entries(find, some=True)
    whole = together((some, (9,)))
    assert bool(some) and not asked
    assert list(whole) == [3, 1, 3, 9] and len(some) == 3 and some[0] == 3
    assert some == (3, 1, 3) and some != (3,) and some != [3, 1, 3] and len({some, (3, 1, 3)}) == 1
    assert repr(some.in_order()) == "(1, 3)" and not Entries(list)


def test_a_figure_names_its_entries_in_order_each_once() -> None:
    answer = Answer("position")
    answer.figure("surplus/T1/2026-27/plan", 1, entries=Entries(lambda: [3, 1, 3]))
    trace = answer.result().trace["surplus/T1/2026-27/plan"]
    assert trace.entries == (1, 3)
    assert answer.result().document()["trace"]["surplus/T1/2026-27/plan"]["entries"] == [1, 3]
