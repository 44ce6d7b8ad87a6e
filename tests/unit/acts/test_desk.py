"""The desk: many hands, nothing lost, nothing written twice, nothing written over unseen."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from controltotal import acts
from controltotal.acts import ActRefused, Desk, Done, RowClash
from controltotal.acts.bench import Bench
from controltotal.acts.desk import done
from controltotal.ledger import LedgerError, RequestReused, Store, open_ledger, verify
from controltotal.ledger.store import MemoryStore, Receipt
from tests.ledgers import memory, posting
from tests.scheme_books import book
from tests.strategies import source_of

ON = "2026-06-01"
RISK = {"organisation": "RX1", "title": "Winter", "kind": "risk", "gross": "£1m", "chance": "0.5"}


def risk(number: object, **more: str) -> dict[str, str]:
    return {"id": f"R{number}", **RISK, **more}


def add(desk: Desk | Store | str, number: object, request: str = "", **more: str) -> Done:
    return acts.act("risk", desk, risk(number, **more), "seen", ON, "A. Ash", request)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    source = source_of(book())
    if request.param == "memory":
        made: Store = memory(source)
    else:
        address = str(tmp_path / "a.ledger")
        if request.param == "postgres":
            address = request.getfixturevalue("postgres")()
        made = open_ledger(address)
        made.append([posting(entry.draft for entry in source.entries)], 0)
    yield made
    made.close()


def at_once(count: int, work: Callable[[int], None]) -> list[BaseException]:
    """Run some work in as many threads; what went wrong in any."""
    failures: list[BaseException] = []

    def run(who: int) -> None:
        try:
            work(who)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(who,)) for who in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_sixteen_people_at_different_rows_all_write_once_and_none_clashes(store: Store) -> None:
    many_hands(store, 16, 25)


@pytest.mark.soak
def test_sixty_four_people_at_different_rows_all_write_once_and_none_clashes(store: Store) -> None:
    many_hands(store, 64, 100)


def many_hands(store: Store, people: int, each: int) -> None:
    """So many people do so many acts each, all at once, at rows of their own."""
    desk, before, told = Desk(store), store.last()[0], []

    def work(who: int) -> None:
        for number in range(each):
            told.append(add(desk, f"{who}-{number}", f"{who}/{number}"))

    assert at_once(people, work) == []
    entries, count = store.read(), people * each
    assert [entry.seq for entry in entries] == list(range(1, before + count + 1))
    written = [entry for entry in entries if entry.seq > before]
    wanted = {f"R{who}-{number}" for who in range(people) for number in range(each)}
    assert {dict(entry.cells)["id"] for entry in written} == wanted
    assert sorted(one.last for one in told) == list(range(before + 1, before + count + 1))
    assert verify(store.whole()) is None
    by_entry = {entry.seq: entry.narration.request for entry in written}
    assert all(by_entry[one.last] == one.request for one in told), "each receipt is of its own act"


def test_at_one_row_exactly_one_wins_and_the_others_see_all_three(store: Store) -> None:
    desk = Desk(store)
    seen = add(desk, 1).last
    key = "risks/R1"
    won: list[int] = []
    lost: list[RowClash] = []

    def work(who: int) -> None:
        try:
            fields = risk(1, chance=f"0.{who + 1}")
            acts.act("risk", desk, fields, "moved", "2026-06-02", "B. Birch", seen={key: seen})
            won.append(who)
        except RowClash as clash:
            lost.append(clash)

    assert at_once(9, work) == []
    assert len(won) == 1 and len(lost) == 8
    for clash in lost:
        assert clash.base == risk(1) | {"known_on": ON}
        assert clash.theirs is not None and clash.theirs["chance"] == f"0.{won[0] + 1}"
        assert clash.yours is not None and clash.yours["chance"] != clash.theirs["chance"]
        assert "B. Birch" in str(clash)
    (row,) = (r for r in desk.position.book.risks if r.id == "R1")
    assert row.chance == pytest.approx((won[0] + 1) / 10)


def test_a_row_that_the_act_does_not_touch_never_clashes(store: Store) -> None:
    desk = Desk(store)
    first = add(desk, 1).last
    acts.act("risk", desk, risk(1, chance="0.9"), "moved", "2026-06-02", "B. Birch")
    told = acts.act("risk", desk, risk(2), "new", ON, "A. Ash", seen={"risks/R1": first})
    assert told.last == store.last()[0]


def test_a_row_seen_as_it_is_now_is_written(store: Store) -> None:
    desk = Desk(store)
    seen = add(desk, 1).last
    acts.act(
        "risk", desk, risk(1, chance="0.9"), "x", "2026-06-02", "B. Birch", seen={"risks/R1": seen}
    )
    never = {"risks/R7": 0}
    acts.act("risk", desk, risk(7), "x", "2026-06-02", "B. Birch", seen=never)
    with pytest.raises(RowClash) as raised:
        acts.act("risk", desk, risk(7, chance="0.1"), "x", "2026-06-03", "B. Birch", seen=never)
    assert raised.value.base is None


class Cut(MemoryStore):
    """A ledger whose answers are lost now and then, after the writing as well as before it."""

    dice = random.Random(4)

    def append(self, postings: object, expected: int) -> list[Receipt]:
        if self.dice.random() < 0.3:
            raise LedgerError("the line was cut", "ledger", "send it again")
        answer = super().append(postings, expected)  # type: ignore[arg-type]
        if self.dice.random() < 0.3:
            raise LedgerError("the answer was lost", "ledger", "send it again")
        return answer


def test_every_request_sent_one_to_four_times_over_cut_answers_is_one_entry_and_one_receipt() -> (
    None
):
    dice = random.Random(7)
    store = Cut()
    source = source_of(book())
    MemoryStore.append(store, [posting(entry.draft for entry in source.entries)], 0)
    before = store.last()[0]
    desk = Desk(store)
    for number in range(60):
        told = set()
        for _ in range(dice.randint(1, 4)):
            for _ in range(40):
                try:
                    made = add(desk, number, f"request {number}")
                    told.add((made.last, made.root, made.request))
                    break
                except LedgerError:
                    continue
        assert len(told) == 1, number
    assert store.last()[0] == before + 60


def test_the_same_request_gives_the_same_receipt_and_another_wish_is_refused(store: Store) -> None:
    desk = Desk(store)
    first = add(desk, 1, "mine")
    add(desk, 2)
    again = add(desk, 1, "mine")
    assert (again.last, again.root, again.repeated) == (first.last, first.root, True)
    assert again.receipt == first.receipt
    with pytest.raises(RequestReused):
        add(desk, 3, "mine")
    with pytest.raises(RequestReused):
        acts.act(
            "limit",
            desk,
            {"organisation": "RX1", "year": "2026/27", "limit": "margin", "value": "1"},
            "x",
            ON,
            "A. Ash",
            "mine",
        )
    assert store.last()[0] == first.last + 1


def test_one_request_sent_by_many_at_once_is_done_once_and_all_get_its_receipt(
    store: Store,
) -> None:
    desk, before, told = Desk(store), store.last()[0], []

    def work(who: int) -> None:
        told.append(add(desk, 1, "mine") if who % 3 else add(desk, f"x{who}"))

    assert at_once(12, work) == []
    mine = {(one.last, one.root) for one in told if one.request == "mine"}
    assert len(mine) == 1 and store.last()[0] == before + 5


def test_a_request_that_was_refused_may_be_sent_again_once_it_is_mended(store: Store) -> None:
    desk = Desk(store)
    with pytest.raises(ActRefused):
        add(desk, 1, "mine", organisation="nobody")
    assert add(desk, 1, "mine").repeated is False


def test_two_programs_at_one_ledger_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path) as first:  # type: ignore[attr-defined]
        first.append([posting(entry.draft for entry in source_of(book()).entries)], 0)
    before = len(source_of(book()).entries)

    def work(who: int) -> None:
        with open_ledger(path) as own:  # type: ignore[attr-defined]
            desk = Desk(own)
            for number in range(10):
                add(desk, f"{who}-{number}")

    assert at_once(4, work) == []
    with open_ledger(path) as last:  # type: ignore[attr-defined]
        assert len(last.read()) == before + 40


def test_one_act_that_is_wrong_spoils_no_other_of_its_group(store: Store) -> None:
    desk = Desk(store)
    told: dict[int, object] = {}

    def work(who: int) -> None:
        try:
            told[who] = add(desk, who, organisation="nobody" if who % 3 == 0 else "RX1")
        except ActRefused as refused:
            told[who] = refused

    assert at_once(9, work) == []
    assert {who for who, one in told.items() if isinstance(one, ActRefused)} == {0, 3, 6}


def test_a_fault_of_our_own_in_one_act_reaches_its_caller_and_no_other(store: Store) -> None:
    desk = Desk(store)

    def broken(_: Bench) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        done(desk, "risk", broken, {"by": "A. Ash", "on": ON})
    assert add(desk, 1).last == store.last()[0]


def test_what_another_program_wrote_is_judged_by(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with open_ledger(path) as store, open_ledger(path) as other:  # type: ignore[attr-defined]
        store.append([posting(entry.draft for entry in source_of(book()).entries)], 0)
        desk, second = Desk(store), Desk(other)
        assert desk.position.ref.entry == second.position.ref.entry
        fields = {
            "id": "T-1",
            "from": "RX1",
            "to": "CB1",
            "year": "2026/27",
            "amount": "£1m",
            "kind": "neighbour_support",
            "mechanism": "resource_transfer",
        }
        acts.act("propose_transfer", desk, fields, "x", ON, "A. Ash")
        with pytest.raises(ActRefused, match="there is a transfer T-1 already"):
            acts.act("propose_transfer", second, fields, "x", ON, "B. Birch")


def test_no_act_is_dated_after_the_day_on_which_it_is_recorded() -> None:
    desk = Desk(memory(source_of(book())), lambda: date(2026, 6, 1))
    assert add(desk, 1).last
    with pytest.raises(ActRefused, match="still to come"):
        acts.act("risk", desk, risk(2), "x", "2026-06-02", "A. Ash")


def test_the_position_that_is_kept_is_the_one_that_is_read(store: Store) -> None:
    desk = Desk(store)
    for number in range(5):
        add(desk, number)
        kept, read = desk.position, Desk(store).position
        assert kept.ref == read.ref and kept.findings == read.findings
        assert [r.texts for r in kept.book.risks] == [r.texts for r in read.book.risks]
        assert kept.entries == read.entries and list(kept.daybook) == list(read.daybook)


@pytest.mark.parametrize("by_another", [False, True])
def test_what_was_erased_is_in_no_desk_either(store: Store, by_another: bool) -> None:
    desk = Desk(store)
    number = add(desk, 1, title="A named person").last
    add(desk, 2)
    assert desk.position.book.risks[0].title == "A named person"
    fields = {"entry": str(number), "ground": "personal_data_in_error", "second": "B. Birch"}
    erased = Desk(store) if by_another else desk
    acts.act("redact", erased, fields, "it named a person", ON, "A. Ash", "gone")
    assert [row.title for row in desk.position.book.risks] == ["Winter"]
    assert "A named person" not in repr(desk.position.daybook) + repr(vars(desk.position.parts))
    assert desk.position.ref.root == erased.position.ref.root
    again = acts.act("redact", desk, fields, "it named a person", ON, "A. Ash", "gone")
    assert again.repeated and again.last == store.last()[0]


def test_a_reader_waits_for_no_writer(store: Store) -> None:
    desk = Desk(store)
    before = desk.position
    judging, read = threading.Event(), threading.Event()

    def slowly(bench: Bench) -> None:
        judging.set()
        assert read.wait(20), "the reader waited for the act"
        bench.put("risks", risk("slow"))

    def write() -> None:
        done(desk, "risk", slowly, {"by": "A. Ash", "on": ON})

    writer = threading.Thread(target=write)
    writer.start()
    assert judging.wait(20)
    assert desk.position is before
    read.set()
    writer.join()
    assert [row.id for row in desk.position.book.risks] == ["Rslow"]
    assert desk.position.ref.entry == before.ref.entry + 1
