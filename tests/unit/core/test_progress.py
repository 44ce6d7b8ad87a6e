"""Long work tells how far it is, never backwards, and stops where somebody cancelled it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from controltotal.core.errors import BookError, Cancelled, ControlTotalError
from controltotal.core.kept import DEEP, kept_from_below
from controltotal.core.progress import (
    WHOLE,
    Progress,
    checked,
    part,
    parts,
    past_cancelling,
    reached,
    stop_if_cancelled,
    working,
)

Tell = tuple[int, int, str]


def heard() -> tuple[list[Tell], Progress]:
    told: list[Tell] = []
    return told, Progress(lambda done, of, what: told.append((done, of, what)))


def test_nobody_is_told_and_nobody_cancels_where_nobody_is_named() -> None:
    stop_if_cancelled()
    reached(1, 2, "drawing")
    with working(None, "risk"), part(0.5, "reading"):
        assert list(parts(("a", "b"), str)) == ["a", "b"]
        assert list(checked(range(3), 1)) == [0, 1, 2]


def test_a_cancelled_work_stops_at_its_next_step() -> None:
    for step in (stop_if_cancelled, lambda: reached(1, 2, "x"), lambda: next(checked((1,)))):
        one = Progress()
        with pytest.raises(Cancelled), working(one, "risk"):
            one.cancel()
            step()
            pytest.fail("it went on")
    one = Progress()
    with pytest.raises(Cancelled), working(one, "risk"):
        for item in parts(("a", "b"), str):
            assert item == "a", "the second part was begun"
            one.cancel()


def test_a_work_that_was_cancelled_before_it_began_does_nothing() -> None:
    one = Progress()
    one.cancel()
    with pytest.raises(Cancelled), working(one, "risk"):
        pytest.fail("it began")


def test_another_thread_cancels() -> None:
    one = Progress()
    begun = threading.Event()

    def cancel() -> None:
        begun.wait(10)
        one.cancel()

    other = threading.Thread(target=cancel)
    other.start()
    with pytest.raises(Cancelled), working(one, "risk"):
        begun.set()
        other.join(10)
        stop_if_cancelled()
    stop_if_cancelled()  # what comes after is other work


def test_work_ends_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("controltotal.core.progress.time.monotonic", lambda: clock[0])
    one = Progress(seconds=5)
    clock[0] = 104.9
    one.check()
    clock[0] = 105.0
    with pytest.raises(Cancelled, match="longer than it was given"):
        one.check()


def test_cancelled_is_of_our_family_and_no_fault_of_a_book() -> None:
    assert issubclass(Cancelled, ControlTotalError) and not issubclass(Cancelled, BookError)


def test_what_is_told_never_goes_back_and_ends_at_the_whole() -> None:
    told, one = heard()
    with working(one, "a pack"), part(0.5, "answering"):
        for verb in parts(("position", "risk"), str):
            reached(3, 4, f"{verb} three")
            reached(1, 4, f"{verb} one")
    assert told == [
        (0, WHOLE, "answering"),
        (0, WHOLE, "position"),
        (187, WHOLE, "position three"),
        (187, WHOLE, "position one"),
        (250, WHOLE, "risk"),
        (437, WHOLE, "risk three"),
        (437, WHOLE, "risk one"),
        (WHOLE, WHOLE, "a pack"),
    ]


def test_work_within_work_is_a_part_of_it() -> None:
    told, one = heard()
    with working(one, "report"):
        for _ in parts(("a", "b"), str):
            with working(None, "inner"), part(0.5, "reading"):
                reached(1, 2, "rows")
    assert [done for done, _, _ in told] == [0, 0, 125, 500, 500, 625, WHOLE]
    assert [what for _, _, what in told if what == "inner"] == []


def test_work_that_fails_is_not_told_as_whole() -> None:
    told, one = heard()
    with pytest.raises(BookError), working(one, "risk"):
        raise BookError("there is no book here", "plan", "check the spelling")
    assert told == []


def test_two_who_work_at_once_do_not_meet() -> None:
    gate = threading.Barrier(2, timeout=10)
    ended: dict[str, str] = {}

    def work(name: str, *, cancels: bool) -> None:
        one = Progress()
        try:
            with working(one, name):
                gate.wait()
                if cancels:
                    one.cancel()
                gate.wait()
                stop_if_cancelled()
            ended[name] = "done"
        except Cancelled:
            ended[name] = "cancelled"

    first = threading.Thread(target=work, args=("first",), kwargs={"cancels": True})
    first.start()
    work("second", cancels=False)
    first.join(10)
    assert ended == {"first": "cancelled", "second": "done"}


def test_what_was_done_already_is_no_longer_cancelled() -> None:
    told, one = heard()
    with working(one, "convert"):
        past_cancelling()
        one.cancel()
        stop_if_cancelled()
        reached(1, 2, "reading it back")
    assert told[-1] == (WHOLE, WHOLE, "convert")


class Deep:
    """A tree of one body under another, deeper than Python holds calls."""

    levels = DEEP * 40

    def __init__(self) -> None:
        self.tree = self

    def depth(self, year: str) -> int:
        return self.levels

    def children(self, code: str, year: str) -> list[str]:
        return [str(int(code) + 1)] if int(code) < self.levels else []

    def lowest_first(self, year: str) -> list[str]:
        return [str(code) for code in range(self.levels, -1, -1)]

    @kept_from_below
    def below(self, code: str, year: str) -> int:
        return 1 + sum(self.below(kid, year) for kid in self.children(code, year))


class At(Progress):
    """Cancelled at its so-manieth check."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.left = number

    def check(self) -> None:
        self.left -= 1
        if not self.left:
            self.cancel()
        super().check()


def test_a_climb_that_was_stopped_half_way_is_climbed_again() -> None:
    one = Deep()
    with pytest.raises(Cancelled), working(At(DEEP * 20), "a sum"):
        one.below("0", "2026-27")
    assert one.below("0", "2026-27") == Deep.levels + 1


@pytest.mark.parametrize("given", [3, "now", object()])
def test_what_is_no_progress_is_refused_in_one_line(given: Any) -> None:
    from controltotal import verbs

    ask: Callable[..., Any] = verbs.calibrate
    with pytest.raises(BookError, match="give a Progress"):
        ask(progress=given)
