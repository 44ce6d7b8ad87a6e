"""Laws of an auditor's list: beside a slow plain reference nothing is missed and nothing is invented;
a count is its rows; a sample is the same for one book and seed, and holds what is sure to be in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from controltotal.accounts import sampling
from controltotal.accounts.describe import describe
from controltotal.accounts.exceptions.listing import exceptions
from controltotal.accounts.statement import answer_position
from controltotal.book.fold import fold
from controltotal.core.result import Result
from controltotal.ledger.entries import Draft, put, withdraw
from controltotal.ledger.source import BookSource
from controltotal.workings.workings import Workings
from tests.ledgers import acted
from tests.strategies import YEAR, books, position_of, source_of

FIRST = date(2026, 3, 20)
BODY = [{"code": "T1", "name": "First", "kind": "provider"}]
day = st.integers(0, 40).map(lambda days: FIRST + timedelta(days))


def asked(acts: Sequence[tuple[Draft, date]]) -> Result:
    """The exceptions of a book after some acts, each of one row on a day."""
    entries = [*source_of({"organisations": BODY}).entries]
    for draft, on in acts:
        entries = acted(entries, [draft], by="A Ash", on=str(on))
    return exceptions(Workings(fold(BookSource("b", entries, (), {}, {}))), YEAR)


def rows(result: Result, kind: str) -> list[Any]:
    return [row for row in result.tables["exceptions"] if row["kind"] == kind]


@given(st.lists(st.tuples(day, day, st.none() | day), max_size=8))
def test_every_act_that_was_recorded_late_is_listed_and_no_other(
    acts: list[tuple[date, date, date | None]],
) -> None:
    """Each act: the day that it says, the day of its entry, and when it says it became known."""
    drafts, expected, latest = [], [], date.min
    for number, (on, entered, known) in enumerate(acts, start=2):
        cells = {"rule": f"r{number}", "organisation": "T1", "year": YEAR, "by": "R", "on": str(on)}
        cells |= {"known_on": str(known)} if known else {}
        drafts.append((put("waivers", number, cells.items()), entered))
        latest = max(latest, entered)
        recorded = max(latest, known) if known else latest
        if recorded - on > timedelta(5):
            expected.append((number, str(on), str(recorded)))
    found = rows(asked(drafts), "dated_before")
    told_of = [(int(r["where"].split()[-1]), r["on"], r["recorded_on"]) for r in found]
    assert sorted(told_of) == expected


@given(st.lists(st.tuples(day, st.integers(1, 3)), min_size=1, max_size=7))
def test_every_change_of_a_plan_after_the_first_of_april_is_listed_and_no_other(
    said: list[tuple[date, int]],
) -> None:
    """One amount, put again and again as acts do: the old row taken back, a new one in its place."""
    entries = [*source_of({"organisations": BODY}).entries]
    expected: dict[date, list[int]] = {}
    before = None
    said = sorted(said, key=lambda one: one[0])
    for number, (on, pounds) in enumerate(said, start=2):
        cells = {"organisation": "T1", "line": "pay", "year": YEAR, "basis": "plan"}
        cells |= {"amount": str(pounds)}
        if before is not None:
            entries = acted(entries, [withdraw(entries[-1])], by="A Ash", on=str(on))
            if pounds != before and on > date(2026, 4, 1):
                expected.setdefault(on, []).append(before - pounds)
        drafts = [put("amounts", number, cells.items())]
        entries = acted(entries, drafts, by="A Ash", on=str(on))
        before = pounds
    result = exceptions(Workings(fold(BookSource("b", entries, (), {}, {}))), YEAR)
    found = {row["on"]: row["amount_pence"] for row in rows(result, "plan_changed")}
    assert found == {str(on): 100 * sum(moved) for on, moved in expected.items()}
    assert len(rows(result, "rows_withdrawn")) == len(said) - 1


@given(books())
def test_a_count_is_its_rows_and_what_is_not_known_is_no_number(made: Any) -> None:
    result = exceptions(Workings(position_of(made)), YEAR)
    for told in result.tables["exception_counts"]:
        found = rows(result, told["kind"])
        assert (told["count"] is None) == (told["state"] == "unknown")
        assert (told["count"] or 0) == len(found)
        assert (told["state"] == "some") == bool(found)
        assert all(one["where"] and one["entries"] for one in found), "each names its rows"


@cache
def known() -> tuple[sampling.Known, Any]:
    """The figures of a system of two trusts, and what describes its entries."""
    rows_ = [
        {"organisation": code, "line": line, "year": YEAR, "basis": basis, "amount": str(pounds)}
        for code, base in (("T1", 100), ("T2", 400))
        for basis, more in (("plan", 0), ("forecast", 7))
        for line, pounds in (("other_income", base + more), ("pay", 3 * base), ("cash", 5))
    ]
    tree = [
        {"code": "S1", "name": "System", "kind": "system"},
        *({"code": c, "name": c, "kind": "provider", "parent": "S1"} for c in ("T1", "T2")),
    ]
    position = position_of({"organisations": tree, "amounts": rows_})
    found = sampling.known_figures([answer_position(Workings(position))])
    return found, lambda entry: describe(position, entry)


@given(st.integers(0, 10**6), st.integers(1, 60))
def test_a_sample_is_drawn_as_it_says_by_anybody(seed: int, size: int) -> None:
    figures, _ = known()
    ids = sampling.population(figures, {"S1", "T1", "T2"}, YEAR)
    found = sampling.draw(figures, ids, "S1", seed, size)
    assert found == sampling.draw(figures, list(reversed(ids)), "S1", seed, size)
    names = [one.figure.id for one in found]
    assert len(set(names)) == len(names) == min(size, len(ids))
    sure = [
        one.figure.id for one in sampling.draw(figures, ids, "S1", 0, 10**6) if one.how != "drawn"
    ]
    assert names[: len(sure)] == sure[:size], "what is sure is in it, whatever the seed"
    left = [name for name in ids if name not in sure]
    left.sort(key=lambda name: sha256(f"{seed}|{name}".encode()).hexdigest())
    assert names[len(sure) :] == left[: max(0, size - len(sure))]


@given(st.integers(0, 10**6))
def test_every_figure_of_a_sample_has_its_evidence(seed: int) -> None:
    figures, tell = known()
    ids = sampling.population(figures, {"S1", "T1", "T2"}, YEAR)
    sample = sampling.draw(figures, ids, "S1", seed, 25)
    for row in sampling.sample_rows(sample, figures.get, tell, seed):
        assert row["rule"] and row["says"] and row["value"] is not None
        last = figures[row["way"][-1]][1]
        assert row["entry"] in last.entries if last.entries else row["entry"] is None
        for step, under in zip(row["way"], row["way"][1:], strict=False):
            assert under in figures[step][1].inputs, "the way goes from each to what it rests on"
