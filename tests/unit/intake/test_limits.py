"""A file that takes too long or too much memory is refused in one line, and waits alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.progress import Progress, reached, stop_if_cancelled, within, working
from controltotal.intake import limits
from controltotal.sources.convert import new_book

MB = 10**6


@pytest.fixture
def book(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/book.ledger"
    new_book(address, "A test")
    return address


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of processor time, as the limits see them."""
    now = [0.0]
    monkeypatch.setattr("time.thread_time", lambda: now[0])
    return now


def grown(monkeypatch: pytest.MonkeyPatch, *sizes: int) -> None:
    """The process holds these sizes one after another, and the last from then on."""
    left: Iterator[int] = iter(sizes)
    last = [0]

    def held() -> int:
        last[0] = next(left, last[0])
        return last[0]

    monkeypatch.setattr(limits, "memory", held)


def written(path: Path, body: str) -> str:
    """A file of one trust's pay in two months."""
    heading = "organisation,line,year,month,basis,amount,unit"
    rows = [f"{body},pay,2026/27,{month},actual,{month}00,£000" for month in (1, 2)]
    path.write_text("\n".join([heading, *rows]), encoding="utf-8")
    return str(path)


def waiting(findings: tuple[Finding, ...]) -> list[str]:
    return [one.message for one in findings if "could not be read" in one.message]


@pytest.mark.parametrize(("after", "refused"), [(59.0, False), (60.0, False), (60.01, True)])
def test_a_file_may_take_sixty_seconds(after: float, refused: bool, clock: list[float]) -> None:
    with limits.limited("m9.xlsx"):
        stop_if_cancelled()
        clock[0] = after
        if not refused:
            stop_if_cancelled()
            return
        with pytest.raises(BookError, match=r"over 60 s to read \(m9.xlsx\): give the sheet"):
            stop_if_cancelled()


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        (50 * MB, 1_049 * MB, False),
        (50 * MB, 1_051 * MB, True),
        (2_000 * MB, 2_500 * MB, False),
        (0, 1_051 * MB, False),
    ],
    ids=["under", "over", "large before", "a machine that does not say"],
)
def test_a_file_may_make_the_process_grow_by_a_gigabyte(
    before: int, after: int, refused: bool, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    grown(monkeypatch, before, after)
    with limits.limited("m9.xlsx"):
        clock[0] = 1.0
        if not refused:
            stop_if_cancelled()
            return
        with pytest.raises(BookError, match="over 1 GB of memory"):
            stop_if_cancelled()


def test_memory_is_looked_at_twenty_times_a_second_at_most(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def held() -> int:
        asked.append(1)
        return MB

    monkeypatch.setattr(limits, "memory", held)
    with limits.limited("m9.xlsx"):
        for step in range(1, 1001):
            clock[0] = step / 1000
            stop_if_cancelled()
    assert 10 <= len(asked) <= 21


def test_a_limit_ends_with_its_part_and_the_work_goes_on(clock: list[float]) -> None:
    told: list[int] = []
    with working(Progress(lambda done, of, what: told.append(done)), "both"):
        with limits.limited("a.xlsx"):
            clock[0] = 50.0
            reached(1, 4, "a")
        with limits.limited("b.xlsx"):
            clock[0] = 100.0
            reached(2, 4, "b")
        reached(3, 4, "writing")
    assert told == [250, 500, 750, 1000]


def test_a_part_in_a_part_is_held_to_both_limits() -> None:
    asked: list[str] = []
    with within(lambda: asked.append("outer")):
        with within(lambda: asked.append("inner")):
            stop_if_cancelled()
        stop_if_cancelled()
    stop_if_cancelled()
    assert asked == ["outer", "inner", "outer"]


def test_of_two_files_the_slow_one_waits_and_the_other_goes_in(
    book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    real = limits.Reading.check

    def check(self: limits.Reading) -> None:
        clock[0] = 61.0 if self._name == "slow.csv" else 0.0
        real(self)

    monkeypatch.setattr(limits.Reading, "check", check)
    files = [written(tmp_path / "m2.csv", "RX1"), written(tmp_path / "slow.csv", "RX2")]
    result = verbs.import_(files, book, on="2026-06-20")
    assert waiting(result.findings) == [
        "slow.csv could not be read: the file takes over 60 s to read."
    ]
    assert {row.organisation for row in verbs.read(book).book.amounts} == {"RX1"}


def test_one_file_alone_is_refused_and_nothing_is_written(
    book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS", -1.0)
    with pytest.raises(BookError, match="to read"):
        verbs.import_(written(tmp_path / "slow.csv", "RX1"), book, on="2026-06-20")
    assert not verbs.read(book).book.amounts
