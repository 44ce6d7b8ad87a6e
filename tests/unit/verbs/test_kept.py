"""An answer is worked out once for each question, however many ask, and never given for another."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import controltotal
from controltotal import verbs
from controltotal.acts import act
from controltotal.book.fold import Position
from controltotal.book.left_out import without
from controltotal.core.errors import BookError, Cancelled
from controltotal.core.money import shown_in
from controltotal.core.progress import Progress, stop_if_cancelled
from controltotal.core.result import BookRef, Result
from controltotal.papers.board import board_paper
from controltotal.papers.page import page_html
from controltotal.verbs import kept as module
from controltotal.verbs.kept import ANSWERS, Kept, fixed
from tests.act_books import CASES, ledger_in

EXAMPLES = Path(__file__).parents[3] / "examples"
MANY = 16
MORE: dict[str, dict[str, Any]] = {
    "risk": {"draws": 500},
    "share": {"gap": "£25m", "to": "XF-ALD"},
    "explain": {"figure": "gap/XF-ALD/2026-27/plan"},
}
REAL: dict[str, dict[str, Any]] = {
    "risk": {"draws": 500},
    "explain": {"figure": "gap/04G/2013-14/forecast"},
}


@pytest.fixture(scope="module")
def fictional() -> Position:
    return controltotal.read(EXAMPLES / "fictional-system")


@pytest.fixture(scope="module")
def nene() -> Position:
    return controltotal.read(EXAMPLES / "nene-2013")


class Verb:
    """Stands in for a verb: counts how often it is asked, and may hold or fail each time."""

    def __init__(self, then: Callable[[int], None] = lambda turn: None) -> None:
        self.asked = 0
        self._then = then
        self._lock = threading.Lock()

    def __call__(self, book: object, year: str | None = None, draws: float = 10) -> Result:
        with self._lock:
            self.asked += 1
            turn = self.asked
        self._then(turn)
        return Result("risk", BookRef(), {"turn": turn})


@contextmanager
def standing_in(verb: Callable[..., Any]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "load", lambda name: verb)
        yield


# -- the same answer -------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", sorted(ANSWERS))
def test_an_answer_from_memory_is_the_answer_to_the_byte(
    verb: str, fictional: Position, nene: Position
) -> None:
    for position, options in ((fictional, MORE.get(verb, {})), (nene, REAL.get(verb, {}))):
        anew = getattr(verbs, verb)(position, **options)
        keeper = Kept()
        first = keeper.answer(verb, position, **options)
        assert keeper.answer(verb, position, **options) is first
        assert first.to_json() == anew.to_json()
        assert first.words == anew.words
        assert (first.names, first.scope) == (anew.names, anew.scope)


def test_a_paper_of_kept_answers_is_the_paper(fictional: Position) -> None:
    plain = verbs.pack_results(fictional)
    still = {verb: fixed(result) for verb, result in plain.items()}
    assert page_html(board_paper(still, full=True)) == page_html(board_paper(plain, full=True))


def test_what_is_written_out_and_what_is_left_to_its_default_are_one_question(
    nene: Position,
) -> None:
    keeper = Kept()
    first = keeper.answer("trajectory", nene)
    assert keeper.answer("trajectory", nene, years=3, late=None) is first
    assert len(keeper) == 1


def test_two_readings_of_one_book_are_one_book(nene: Position) -> None:
    keeper = Kept()
    first = keeper.answer("position", nene)
    again = controltotal.read(EXAMPLES / "nene-2013")
    assert keeper.answer("position", verbs.opened(again)) is first


# -- another question ------------------------------------------------------------------------------


def test_another_root_day_month_option_or_verb_is_another_question(fictional: Position) -> None:
    place = EXAMPLES / "fictional-system"
    keeper, verb = Kept(), Verb()
    readings = [
        fictional,
        controltotal.read(place, as_at=date(2026, 9, 1)),
        controltotal.read(place, as_at=date(2026, 9, 2)),
        controltotal.read(place, as_at=100),
        controltotal.read(place, month="M6"),
        controltotal.read(place, month="M7"),
        controltotal.read(place, book_only=True),
        controltotal.read(EXAMPLES / "nene-2013"),
    ]
    with standing_in(verb):
        for reading in readings:
            keeper.answer("risk", reading)
            keeper.answer("risk", reading)
        assert verb.asked == len(readings)
        for options in ({"year": "2026-27"}, {"draws": 1}, {"draws": True}, {"draws": 1.0}):
            keeper.answer("risk", fictional, **options)
        keeper.answer("forecast", fictional)
        with shown_in("£k"):
            keeper.answer("risk", fictional)
    assert verb.asked == len(readings) + 6


def test_what_is_no_stored_book_is_never_kept(fictional: Position) -> None:
    entry = fictional.book.amounts[0].entry
    what_ifs = (
        replace(fictional, ref=replace(fictional.ref, root="")),
        without(fictional, {entry}),
        replace(fictional, place=""),
    )
    keeper, verb = Kept(), Verb()
    with standing_in(verb):
        keeper.answer("risk", fictional)
        for one in what_ifs:
            keeper.answer("risk", one)
            keeper.answer("risk", one)
    assert verb.asked == 1 + 2 * len(what_ifs) and len(keeper) == 1


def test_an_answer_that_rests_on_files_outside_the_book_is_not_kept(nene: Position) -> None:
    keeper = Kept()
    with pytest.raises(BookError):
        keeper.answer("opportunities", nene, data="nowhere", areas="QE1")
    within = verbs.position(nene)
    keeper.answer("explain", nene, figure="gap/04G/2013-14/forecast", within=within)
    assert len(keeper) == 0


def test_after_an_act_the_answer_is_new(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    keeper = Kept()
    before = keeper.answer("schemes", controltotal.read(ledger))
    fields = {**CASES["propose"].fields}
    act("propose", ledger, fields, "new", "2026-06-01", "Ann Ash", "r-1")
    after = keeper.answer("schemes", controltotal.read(ledger))
    assert after.book.root != before.book.root and after.book.entry > before.book.entry
    listed = [len(one.tables["schemes"]) for one in (before, after)]
    assert listed[1] == listed[0] + 1
    assert keeper.answer("schemes", controltotal.read(ledger)) is after


@pytest.mark.parametrize("verb", ["convert", "report", "compare", "nothing", "backup"])
def test_a_verb_that_writes_or_asks_of_two_books_is_refused(verb: str, nene: Position) -> None:
    with pytest.raises(ValueError, match="no verb whose answers are kept"):
        Kept().answer(verb, nene)


def test_an_option_that_the_verb_does_not_have_is_refused(nene: Position) -> None:
    with pytest.raises(TypeError, match="yaer"):
        Kept().answer("position", nene, yaer="2013/14")


# -- how many, and for how long --------------------------------------------------------------------


def test_the_answer_asked_for_longest_ago_leaves_first(nene: Position) -> None:
    keeper, verb = Kept(most=2), Verb()
    with standing_in(verb):
        for draws in (1, 2, 1, 3):
            keeper.answer("risk", nene, draws=draws)
        assert (verb.asked, len(keeper)) == (3, 2)
        keeper.answer("risk", nene, draws=1)
        assert verb.asked == 3
        keeper.answer("risk", nene, draws=2)
        assert verb.asked == 4
    with pytest.raises(ValueError, match="give one or more"):
        Kept(most=0)


def test_nobody_can_change_an_answer_that_others_are_given(fictional: Position) -> None:
    keeper = Kept()
    found: Any = keeper.answer("schemes", fictional)
    row = found.tables["schemes"][0]
    changes: tuple[Callable[[], Any], ...] = (
        lambda: row.update(counted=True),
        lambda: row.__setitem__("counted", True),
        lambda: row.pop("counted"),
        lambda: row.clear(),
        lambda: row.setdefault("new", 1),
        lambda: found.tables.popitem(),
        lambda: found.tables["schemes"].append({}),
        lambda: found.options.__delitem__("year"),
        lambda: found.trace.clear(),
        lambda: found.names.update(A="b"),
    )
    before = found.to_json()
    for change in changes:
        with pytest.raises((TypeError, AttributeError)):
            change()
    with pytest.raises(TypeError):
        row |= {"counted": True}
    assert found.to_json() == before
    mine = copy.deepcopy(row)
    mine["counted"] = "mine"
    assert found.to_json() == before and type(mine) is dict


# -- many at once ----------------------------------------------------------------------------------


def test_of_many_who_ask_at_once_one_works_it_out(nene: Position) -> None:
    ready = threading.Barrier(MANY, timeout=30)
    waiting = threading.Event()
    verb = Verb(lambda turn: None if waiting.wait(30) else pytest.fail("nobody came"))
    keeper = Kept()

    def ask(number: int) -> Result:
        ready.wait()
        if number == 0:
            threading.Timer(0.3, waiting.set).start()
        return keeper.answer("risk", nene)

    with standing_in(verb), ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(ask, range(MANY)))
    assert verb.asked == 1
    assert len({id(one) for one in answers}) == 1


def test_many_who_ask_a_real_question_get_one_answer(fictional: Position) -> None:
    keeper = Kept()
    with ThreadPoolExecutor(MANY) as pool:
        found = list(pool.map(lambda _: keeper.answer("position", fictional), range(MANY)))
    assert len({id(one) for one in found}) == 1
    assert found[0].to_json() == verbs.position(fictional).to_json()


@pytest.mark.parametrize("error", [Cancelled, BookError, ZeroDivisionError])
def test_where_the_one_who_works_it_out_fails_the_next_does(
    error: type[Exception], nene: Position
) -> None:
    others = threading.Event()

    def then(turn: int) -> None:
        if turn == 1:
            others.wait(30)
            raise (
                error("it was stopped", "here", "ask again")
                if error is not ZeroDivisionError
                else (ZeroDivisionError("a fault"))
            )

    verb, keeper = Verb(then), Kept()

    def ask(_: int) -> int | str:
        try:
            return int(keeper.answer("risk", nene).options["turn"])
        except error:
            return "failed"

    with standing_in(verb), ThreadPoolExecutor(MANY) as pool:
        asked = [pool.submit(ask, number) for number in range(MANY)]
        threading.Timer(0.3, others.set).start()
        found = [one.result(60) for one in asked]
    assert sorted(map(str, found)) == ["2"] * (MANY - 1) + ["failed"]
    assert verb.asked == 2


def test_one_who_waits_can_be_cancelled_and_the_work_goes_on(nene: Position) -> None:
    begun, end = threading.Event(), threading.Event()

    def then(turn: int) -> None:
        begun.set()
        end.wait(30)

    verb, keeper, waits = Verb(then), Kept(), Progress()
    with standing_in(verb), ThreadPoolExecutor(2) as pool:
        first = pool.submit(keeper.answer, "risk", nene)
        begun.wait(30)
        second = pool.submit(keeper.answer, "risk", nene, progress=waits)
        waits.cancel()
        with pytest.raises(Cancelled):
            second.result(30)
        end.set()
        assert first.result(30).options["turn"] == 1
    assert verb.asked == 1


def test_progress_reaches_the_verb_and_is_no_part_of_the_question(nene: Position) -> None:
    verb = Verb(lambda turn: stop_if_cancelled())
    keeper, stopped = Kept(), Progress()
    stopped.cancel()
    with standing_in(verb):
        with pytest.raises(Cancelled):
            keeper.answer("risk", nene, progress=stopped)
        first = keeper.answer("risk", nene, progress=Progress())
        assert keeper.answer("risk", nene) is first
