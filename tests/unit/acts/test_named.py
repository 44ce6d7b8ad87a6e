"""Every act under its one name: done once for a request, read in plain forms, refused in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import controltotal
from controltotal.acts import ACTS, Actor, ActRefused, act
from controltotal.core.schema import tables
from controltotal.ledger.errors import RequestReused
from controltotal.programme.eligibility import Judgements
from tests.act_books import CASES, DAY, TODAY, YEAR, again, desk, do, fields_of, local, prepared

PLAIN = {"2026-27": "2026/27", "9": "Dec", "10": "M10"}
"""How people write what a ledger says in one form."""


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_says_in_a_sentence_what_it_does(name: str) -> None:
    does = ACTS[name].does
    assert does.endswith(".") and does[0].isupper() and len(does) > 15
    assert ACTS[name].name == name


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_request_that_is_sent_again_gives_its_receipt_and_writes_nothing(name: str) -> None:
    there = again(prepared(name))
    fields = fields_of(name)
    first = act(name, there, fields, "because", DAY, local(), "r-1")
    last = there.store.last()
    written = [plain(fields), fields]
    for cells in written:
        second = act(name, there, cells, "because", DAY, local(), "r-1")
        assert second.repeated and second.receipt == first.receipt
    assert there.store.last() == last
    assert first.receipt == {"entry": first.last, "root": first.root, "request": "r-1"}


def plain(fields: Mapping[str, str]) -> dict[str, str]:
    """The same fields as somebody would type them."""
    return {c: PLAIN.get(t, t) if c in ("year", "month") else t for c, t in fields.items()}


@pytest.mark.parametrize("name", sorted(set(CASES) - {"keep", "undo", "redact", "withdraw"}))
def test_plain_forms_of_a_year_and_a_month_are_the_same_act(name: str) -> None:
    one, other = again(prepared(name)), again(prepared(name))
    act(name, one, fields_of(name), "because", DAY, local())
    act(name, other, plain(fields_of(name)), "because", DAY, local())
    read = [
        [(row.organisation, row.year, row.month) for row in d.position.book.amounts]
        for d in (one, other)
    ]
    assert read[0] == read[1]
    assert len(one.store.read()) == len(other.store.read())


OTHER: Mapping[str, Mapping[str, str]] = {
    "propose": {"id": "SC8"},
    "revise": {"title": "Chairs"},
    "assess": {"likelihood": "3"},
    "sign": {"role": "chief_nurse"},
    "pass": {"gate": "G1"},
    "fail": {"gate": "G2"},
    "challenge": {"grounds": "Too much"},
    "answer": {"answer": "It goes"},
    "risk": {"chance": "0.7"},
    "submit_month": {"month": "8"},
    "propose_total": {"amount": "-1"},
    "accept_total": {"organisation": "T2"},
    "agree_transfer": {"organisation": "T2"},
    "deliver": {"amount": "6"},
}


@pytest.mark.parametrize("name", sorted(OTHER))
def test_a_request_that_asks_for_something_else_is_told_apart(name: str) -> None:
    there = again(prepared(name))
    act(name, there, fields_of(name), "because", DAY, local(), "r-1")
    last = there.store.last()
    with pytest.raises(RequestReused):
        act(name, there, {**fields_of(name), **OTHER[name]}, "because", DAY, local(), "r-1")
    with pytest.raises(RequestReused):
        act("ask", there, CASES["ask"].fields, "because", DAY, local(), "r-1")
    assert there.store.last() == last


def test_a_role_is_one_however_it_is_written_when_a_request_is_sent_again() -> None:
    there = desk()
    first = do(there, "sign", "C. Cedar", request="r-1", scheme="SC1", role="Medical Director")
    second = do(there, "sign", "C. Cedar", request="r-1", scheme="SC1", role="medical-director")
    assert second.receipt == first.receipt


@pytest.mark.parametrize(
    ("outcome", "kept", "counts"),
    [
        ("", None, True),
        ("Approved", None, True),
        ("Approve with conditions", "approve_with_conditions", True),
        ("More information", "more_information", False),
        ("refuse", "refused", False),
        ("Reject", "refused", False),
        ("stop", "stop", False),
    ],
)
def test_a_director_approves_with_conditions_or_without_asks_or_refuses(
    outcome: str, kept: str | None, counts: bool
) -> None:
    there = desk()
    fields = {"scheme": "SC1", "role": "chief_nurse"}
    done = do(there, "sign", "C. Cedar", "the rota is thin", outcome=outcome, **fields)
    row = there.position.book.gates[-1]
    assert (row.role, row.outcome, row.by) == ("chief_nurse", kept, "C. Cedar")
    if counts and kept:
        assert done.notices == ("set each condition by the act `condition`: its words and its day",)
        do(
            there,
            "condition",
            scheme="SC1",
            gate="QIA",
            text="Rota",
            kind="while_running",
            due="2027-01-31",
        )
    assert (not Judgements(there.position)["SC1"].reasons) is counts


def test_a_director_who_does_not_approve_says_why_and_a_strange_word_is_no_signature() -> None:
    there = desk()
    last = there.store.last()
    fields = {"scheme": "SC1", "role": "chief_nurse"}
    with pytest.raises(ActRefused, match="a refusal needs a reason"):
        do(there, "sign", "C. Cedar", "", outcome="refused", **fields)
    with pytest.raises(ActRefused, match="say what is asked for"):
        do(there, "sign", "C. Cedar", "", outcome="more information", **fields)
    with pytest.raises(ActRefused, match="outcome reads 'perhaps'"):
        do(there, "sign", "C. Cedar", outcome="perhaps", **fields)
    assert there.store.last() == last


def test_an_act_that_is_not_there_is_told_with_the_nearest_that_is() -> None:
    with pytest.raises(
        ActRefused, match=r"there is no act propose_totals .*did you mean propose_total\?"
    ):
        act("propose_totals", desk(), {})
    with pytest.raises(ActRefused, match="use one of submit_month, approve_month"):
        act("zzz", desk(), {})


@pytest.mark.parametrize(
    ("name", "column", "text"),
    [
        ("assess", "likelihood", "often"),
        ("keep", "years", "several"),
        ("deliver", "month", "spring"),
        ("deliver", "amount", "lots"),
        ("risk", "chance", "likely"),
        ("propose_total", "year", "next"),
    ],
)
def test_what_cannot_be_read_is_refused_and_named(name: str, column: str, text: str) -> None:
    there = again(prepared(name))
    last = there.store.last()
    with pytest.raises(ActRefused, match=text):
        act(name, there, {**fields_of(name), column: text}, "because", DAY, local())
    assert there.store.last() == last


@pytest.mark.parametrize("name", ["", "   ", "."])
def test_an_act_needs_the_name_of_who_does_it(name: str) -> None:
    with pytest.raises(ActRefused, match="needs the name of who does it"):
        act("risk", desk(), CASES["risk"].fields, "x", DAY, Actor("s", name, (), local=True))


def test_a_day_is_read_in_plain_forms_and_today_where_it_is_left_out() -> None:
    there = desk()
    act("risk", there, CASES["risk"].fields, "x", "20 Nov 2026", local())
    act("risk", there, {**CASES["risk"].fields, "id": "K2"}, "x", None, local())
    assert [e.on for e in there.store.read()[-2:]] == ["2026-11-20", TODAY.isoformat()]
    with pytest.raises(ActRefused, match="the day reads 'soon'"):
        act("risk", there, CASES["risk"].fields, "x", "soon", local())


def test_an_act_carries_its_name_its_reason_and_its_request() -> None:
    there = desk()
    do(there, "risk", why="as agreed in May", request="r-9", **CASES["risk"].fields)
    said = there.store.read()[-1].narration
    assert (said.act, said.why, said.request, said.on) == ("risk", "as agreed in May", "r-9", DAY)


def test_acts_are_kept_in_a_ledger_and_in_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ActRefused, match="acts are kept in a ledger"):
        act("risk", str(tmp_path), CASES["risk"].fields)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_fields_of_an_act_are_columns_of_a_table_or_have_words_of_their_own(name: str) -> None:
    form = ACTS[name].form
    own = set(form.more or ())
    assert set(form.fields) - own <= set(tables()[form.table].columns)


def test_a_day_of_the_past_is_shown_as_claimed_beside_the_day_of_the_record() -> None:
    there = desk()
    do(there, "risk", on="2026-05-01", **CASES["risk"].fields)
    entry = there.store.read()[-1]
    assert entry.on == "2026-05-01" and date.fromisoformat(entry.recorded_at[:10]) > date(
        2026, 5, 1
    )


def test_a_scheme_goes_with_all_that_speaks_of_it_and_a_row_alone() -> None:
    there = desk()
    do(there, "withdraw", table="gates", row="3", on="2026-11-20")
    assert len(there.position.book.gates) == 5
    done = do(there, "withdraw", scheme="SC1")
    assert {e.table for e in there.store.read()[done.first - 1 :]} == {
        "schemes",
        "assessments",
        "gates",
    }
    assert [row.id for row in there.position.book.schemes] == ["SC2", "SC3"]
    for gone in ({"scheme": "SC1"}, {"table": "gates", "row": "99"}):
        with pytest.raises(ActRefused, match="there is no"):
            do(there, "withdraw", **gone)
    for half in ({}, {"row": "3"}, {"table": "gates"}):
        with pytest.raises(ActRefused, match="a scheme is named, or a table and a row of it"):
            do(there, "withdraw", **half)
    with pytest.raises(ActRefused, match="a withdrawal needs a reason"):
        do(there, "withdraw", why="", scheme="SC2")
    assert YEAR in there.position.years


def test_every_act_that_a_sentence_names_is_one() -> None:
    package = Path(controltotal.__file__).parent
    named = {
        name
        for file in package.rglob("*.py")
        for name in re.findall(r"controltotal act ([a-z_]+)", file.read_text("utf-8"))
    }
    assert named and named <= set(ACTS)
