"""Undoing gives the same figures as before, and erasing leaves no words and breaks nothing."""

from __future__ import annotations

import pytest

from controltotal.acts import Actor, ActRefused, Desk, Done, Grant, act
from controltotal.acts.undoing import GROUNDS, redact
from controltotal.core.calendar import parse_date
from controltotal.ledger.chain import verify
from tests.act_books import (
    CASES,
    DAY,
    YEAR,
    again,
    desk,
    do,
    fields_of,
    figures,
    local,
    officer,
    prepared,
)

TOTAL = {"organisation": "T1", "year": YEAR, "amount": "-200", "unit": "£"}
RISK = dict(CASES["risk"].fields)
WORDS = {
    "about": "T1",
    "year": YEAR,
    "month": "9",
    "text": "Nurse N. Name is ill",
    "kind": "driver",
}
PUBLISHER = Actor("p-1", "P. Publisher", (Grant("publisher", "R1", parse_date("2026-04-01")),))


def said(at: Desk) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """What every row in force says, wherever it stands."""
    return sorted((e.table, e.cells) for e in at.position.entries.values())


JUDGED = {"fail", "keep"}
"""Acts after which a scheme is judged again, whoever takes them back."""


@pytest.mark.parametrize("name", sorted(set(CASES) - {"redact"} - JUDGED))
def test_undoing_an_act_gives_back_the_rows_and_the_figures_of_before(name: str) -> None:
    there = again(prepared(name))
    before = (said(there), figures(there))
    written = act(name, there, fields_of(name), "because", DAY, local())
    assert said(there) != before[0]
    do(there, "undo", "L. Local", why="entered in error", entry=str(written.first))
    assert (said(there), figures(there)) == before


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("fail", "SC1 does not count: gate G3 was passed on 2026-05-12 and failed on 2026-11-30"),
        ("keep", "SC1 does not count: the medical director signed on 2026-04-24; since then"),
    ],
)
def test_undoing_takes_back_rows_and_no_refusal_and_renews_no_signature(
    name: str, stays: str
) -> None:
    there = again(prepared(name))
    before = said(there)
    written = act(name, there, fields_of(name), "because", DAY, local())
    undone = do(there, "undo", entry=str(written.first))
    assert said(there) == before
    assert [notice[: len(stays)] for notice in undone.notices] == [stays]


@pytest.mark.parametrize("which", ["first", "last"])
def test_any_entry_of_a_request_names_all_of_it(which: str) -> None:
    there = desk()
    before = said(there)
    written = do(there, "screen", why="Only paper", scheme="SC3")
    assert written.last - written.first == 6
    undone = do(there, "undo", entry=str(getattr(written, which)))
    assert undone.last - undone.first == 6
    assert said(there) == before


def test_an_undoing_is_undone() -> None:
    there = desk()
    do(there, "risk", on="2026-11-01", **RISK)
    after = said(there)
    undone = do(there, "undo", entry=str(there.store.last()[0]))
    do(there, "undo", entry=str(undone.last))
    assert said(there) == after


def test_a_row_that_was_changed_since_is_not_undone_under_whoever_changed_it() -> None:
    there = desk()
    first = do(there, "risk", "Ann Ash", on="2026-11-01", **RISK)
    do(there, "risk", "Ben Birch", on="2026-11-02", **{**RISK, "chance": "0.9"})
    last = there.store.last()
    with pytest.raises(
        ActRefused, match=r"risks row 2 was changed by Ben Birch since .*later act first"
    ):
        do(there, "undo", entry=str(first.first))
    assert there.store.last() == last


def test_a_row_that_was_taken_back_since_is_not_undone() -> None:
    there = desk()
    first = do(there, "risk", "Ann Ash", on="2026-11-01", **RISK)
    do(there, "withdraw", "Ben Birch", on="2026-11-02", table="risks", row="2")
    with pytest.raises(ActRefused, match="risks row 2 was taken back by Ben Birch since"):
        do(there, "undo", entry=str(first.first))


def test_a_row_that_was_put_anew_after_its_withdrawal_does_not_come_back_twice() -> None:
    there = desk()
    do(there, "risk", "Ann Ash", on="2026-11-01", **RISK)
    gone = do(there, "withdraw", "Ben Birch", on="2026-11-02", table="risks", row="2")
    do(there, "risk", "Ann Ash", on="2026-11-03", **RISK)
    with pytest.raises(ActRefused, match="was changed by Ann Ash since"):
        do(there, "undo", entry=str(gone.first))


def test_all_rows_that_were_changed_since_are_named_at_once() -> None:
    there = desk()
    first = do(there, "screen", "Ann Ash", why="Only paper", on="2026-11-01", scheme="SC3")
    do(there, "screen", "Ben Birch", why="Only ink", on="2026-11-02", scheme="SC3")
    with pytest.raises(ActRefused) as found:
        do(there, "undo", entry=str(first.first))
    assert len(found.value.refusals) == 7


def test_a_consent_and_a_proposal_are_not_undone_under_what_was_agreed_on_them() -> None:
    there = desk()
    do(there, "propose_transfer", on="2026-11-01", **CASES["propose_transfer"].fields)
    one = do(there, "agree_transfer", on="2026-11-02", transfer="N1", organisation="T1")
    two = do(
        there, "agree_transfer", "Ben Birch", on="2026-11-03", transfer="N1", organisation="T2"
    )
    asked = do(there, "propose_total", on="2026-11-04", **TOTAL)
    accepted = {"organisation": "T1", "year": YEAR}
    done = do(there, "accept_total", "Ann Ash", on="2026-11-05", **accepted)
    for first, who in ((one, "Ben Birch"), (asked, "Ann Ash")):
        with pytest.raises(ActRefused, match=f"was changed by {who} since"):
            do(there, "undo", entry=str(first.last))
    do(there, "undo", entry=str(two.last))
    do(there, "undo", entry=str(done.last))
    assert [row.status for row in there.position.book.transfers] == ["proposed"]
    assert [row.status for row in there.position.book.control_totals] == ["proposed"]


def test_what_others_rest_on_is_not_undone() -> None:
    there = desk()
    proposed = do(there, "propose", on="2026-11-01", **CASES["propose"].fields)
    do(there, "pass", on="2026-11-02", scheme="SC9", gate="G0", evidence="Paper 4")
    last = there.store.last()
    with pytest.raises(ActRefused, match="SC9"):
        do(there, "undo", entry=str(proposed.first))
    assert there.store.last() == last


@pytest.mark.parametrize("entry", ["0", "999", "-1", "x", "²"])
def test_an_entry_that_is_not_there_is_not_undone(entry: str) -> None:
    with pytest.raises(ActRefused, match="there is no entry"):
        do(desk(), "undo", entry=entry)


def test_undoing_needs_a_reason_and_an_act() -> None:
    there = desk()
    with pytest.raises(ActRefused, match="undoing needs a reason"):
        do(there, "undo", why="", entry="1")


def test_an_administrator_undoes_errors_of_the_own_office_and_nobody_elses() -> None:
    there = desk()
    signed = do(there, "sign", officer("chief_nurse", "T1"), scheme="SC1", role="chief_nurse")
    by = officer("administrator", "R1")
    with pytest.raises(ActRefused, match="was written by another office"):
        do(there, "undo", by, entry=str(signed.last))
    ann = {"subject": "ann", "name": "Ann A", "role": "trust_finance", "organisation": "T1"}
    given = do(there, "grant", by, **ann)
    other = Actor("x-2", "D. Dogwood", by.grants)
    do(there, "undo", other, entry=str(given.last))
    assert [row.subject for row in there.position.book.grants] == ["pub"]


def erase(at: Desk, entry: object, second: str | Actor = PUBLISHER, **more: str) -> Done:
    """The words of a row erased, by an administrator and a publisher."""
    ground, why = more.get("ground", GROUNDS[0]), more.get("why", "a name in error")
    by, request = officer("administrator", "R1"), more.get("request", "")
    return redact(at, str(entry), ground, second, by=by, on=DAY, why=why, request=request)


def test_erased_words_are_in_no_entry_and_the_chain_holds() -> None:
    there = desk()
    kept = do(there, "risk", on="2026-11-01", **RISK)
    put = do(there, "comment", on="2026-11-01", **WORDS)
    before = figures(there)
    erase(there, put.last)
    assert "N. Name" not in repr(there.store.whole())
    assert verify(there.store.whole()) is None
    assert [row.id for row in there.position.book.risks] == ["K1"]
    assert figures(there) == before and kept.last == put.last - 1
    assert there.position.book.commentary == ()


@pytest.mark.parametrize(
    ("second", "said_"),
    [
        (Actor("p-1", "C Cedar", PUBLISHER.grants), "two people redact"),
        (Actor("subject-administrator", "Z. Zander", PUBLISHER.grants), "two people redact"),
        (Actor("p-2", "Q. Quince"), "Q. Quince is no publisher"),
        ("zoe", "zoe is no publisher"),
        (
            Actor("p-3", "Q. Quince", (Grant("publisher", "R1", parse_date("2027-01-01")),)),
            "no publisher",
        ),
    ],
)
def test_two_people_redact_and_the_second_publishes(second: str | Actor, said_: str) -> None:
    there = desk()
    put = do(there, "comment", on="2026-11-01", **WORDS)
    last = there.store.last()
    with pytest.raises(ActRefused, match=said_):
        erase(there, put.last, second)
    assert there.store.last() == last


def test_all_reasons_against_an_erasure_are_told_at_once() -> None:
    there = desk()
    money = str(next(e.seq for e in there.store.read() if e.table == "amounts"))
    with pytest.raises(ActRefused) as found:
        erase(there, f"{money}; 999", "zoe", ground="embarrassing", why="")
    whats = [one.what for one in found.value.refusals]
    assert whats == [
        "'embarrassing' is no ground",
        "a redaction needs a reason",
        "zoe is no publisher",
        "amounts row 2 is money",
        "entry 999 is no row with words",
    ]
    assert [one.column for one in found.value.refusals].count("second") == 1


def test_what_somebody_asks_about_is_not_erased_before_it_is_answered() -> None:
    there = desk()
    put = do(there, "comment", on="2026-11-01", **WORDS)
    do(there, "ask", on="2026-11-02", figure=f"surplus/T1/{YEAR}/plan", **CASES["ask"].fields)
    with pytest.raises(ActRefused, match="answer the question first"):
        erase(there, put.last)
    do(there, "reply", on="2026-11-03", id="Q1", answer="So")
    erase(there, put.last)


def test_the_same_erasure_sent_again_is_done_once() -> None:
    there = desk()
    put = do(there, "comment", on="2026-11-01", **WORDS)
    first = erase(there, put.last, request="r-1")
    last = there.store.last()
    second = erase(there, put.last, request="r-1")
    assert there.store.last() == last
    assert (second.repeated, second.receipt) == (True, first.receipt)
