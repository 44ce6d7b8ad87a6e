"""`act`, `verify`, `backup`, `restore` and `history --key` as a person types them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from controltotal.acts import ACTS
from controltotal.ledger import open_ledger
from tests.act_books import CASES, YEAR, ledger_in
from tests.running import Ran, controltotal

ON = ("--on", "2026-06-01")
RISK = [f"{column}={text}" for column, text in CASES["risk"].fields.items()]


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """A ledger of a small system in which nobody has an office yet."""
    return ledger_in(tmp_path)


def last(ledger: str) -> tuple[int, str]:
    """The last entry of a ledger and its hash."""
    store = open_ledger(ledger, must_exist=True)
    found = store.last()
    store.close()
    return found


def read(ran: Ran) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(ran.out)
    return document


def test_an_act_says_what_was_written_with_its_root_its_request_and_what_follows(
    ledger: str,
) -> None:
    before, _ = last(ledger)
    ran = controltotal(
        "act",
        "submit_month",
        ledger,
        "organisation=T1",
        "year=2026/27",
        "month=Dec",
        *ON,
        "--as",
        "Ann Ash",
    )
    number, hash = last(ledger)
    assert (ran.code, ran.err, number) == (0, "", before + 1)
    first, second, third = ran.out.splitlines()
    assert first == f"written as entry {number}, root sha256:{hash}"
    assert second.startswith("request ")
    assert third == "note: it waits for the approval of another person"


def test_an_act_of_many_rows_says_its_first_and_last_entry(ledger: str) -> None:
    before, _ = last(ledger)
    ran = controltotal("act", "screen", ledger, "scheme=SC3", "--why", "Only paper", *ON)
    assert ran.out.startswith(f"written as entries {before + 1} to {before + 7}, root ")


def test_a_request_that_is_sent_again_is_done_once_and_says_so(ledger: str) -> None:
    words = ("act", "risk", ledger, *RISK, *ON, "--as", "Ann Ash", "--request", "r-1")
    first, second = controltotal(*words), controltotal(*words)
    assert (
        second.code == 0
        and second.out.splitlines()[0] == f"done before: {first.out.splitlines()[0]}"
    )
    one, other = read(controltotal(*words, "--json")), read(controltotal(*words, "--json"))
    number, hash = last(ledger)
    assert one == other
    assert (one["verb"], one["act"], one["repeated"]) == ("act", "risk", True)
    assert one["receipt"] == {"entry": number, "root": f"sha256:{hash}", "request": "r-1"}
    changed = [w.replace("chance=0.5", "chance=0.6") for w in words]
    reused = controltotal(*changed)
    assert reused.code == 2 and "r-1" in reused.err and last(ledger) == (number, hash)


def test_every_reason_is_a_line_and_a_finding_and_nothing_is_written(ledger: str) -> None:
    before = last(ledger)
    ran = controltotal(
        "act", "propose_total", ledger, "organisation=T1", "colour=red", *ON, "--json"
    )
    assert (ran.code, last(ledger)) == (2, before)
    lines = ran.err.splitlines()
    assert [line.split(" (")[0] for line in lines] == [
        "controltotal: year is missing",
        "controltotal: amount is missing",
        "controltotal: propose_total has no field colour",
    ]
    findings = read(ran)["findings"]
    assert [f["message"] for f in findings] == [line[14:].split(" (")[0] for line in lines]
    assert {f["code"] for f in findings} == {"REFUSED"}


def test_a_row_that_moved_since_it_was_seen_shows_what_it_was_is_and_was_to_be(ledger: str) -> None:
    controltotal("act", "risk", ledger, *RISK, *ON, "--as", "Ann Ash")
    seen, _ = last(ledger)
    moved = [*RISK[:-1], "chance=0.9"]
    controltotal("act", "risk", ledger, *moved, "--on", "2026-06-02", "--as", "Ben Birch")
    before = last(ledger)
    mine = [*RISK[:-1], "chance=0.1"]
    words = (
        "act",
        "risk",
        ledger,
        *mine,
        "--on",
        "2026-06-03",
        "--seen",
        f"risks/K1={seen}",
        "--json",
    )
    ran = controltotal(*words)
    assert ran.code == 2 and last(ledger) == before
    assert ran.err.startswith("controltotal: risks/K1 was changed by Ben Birch since you saw it")
    document = read(ran)
    assert [document[name]["chance"] for name in ("base", "theirs", "yours")] == [
        "0.5",
        "0.9",
        "0.1",
    ]
    assert [line.split(":")[0] for line in ran.err.splitlines()[1:]] == [
        "  base",
        "  theirs",
        "  yours",
    ]


def test_what_is_typed_wrong_is_told_before_anything_is_done(ledger: str) -> None:
    before = last(ledger)
    for words, said in (
        (("act", "risk", ledger, "id"), "'id' is no COLUMN=VALUE"),
        (("act", "risk", ledger, "=x"), "'=x' is no COLUMN=VALUE"),
        (("act", "risk", ledger, *RISK, "--seen", "risks/K1"), "--seen reads 'risks/K1'"),
        (("act", "risk", ledger, *RISK, "--seen", "risks/K1=last"), "--seen reads"),
        (("act", "risks", ledger, *RISK), "did you mean risk?"),
        (("act", "risk", ledger, *RISK, "--on", "soon"), "the day reads 'soon'"),
        (("act", "risk", ledger, *RISK, "--on", "2199-01-01"), "is still to come"),
    ):
        ran = controltotal(*words)
        assert ran.code == 2 and said in ran.err, words
    assert last(ledger) == before


def test_a_column_given_twice_is_refused_and_neither_is_taken(ledger: str) -> None:
    before = last(ledger)
    ran = controltotal("act", "risk", ledger, *RISK, "chance=0.9", *ON)
    assert ran.code == 2 and "chance is given twice" in ran.err
    ran = controltotal(
        "act", "risk", ledger, *RISK, *ON, "--seen", "risks/K1=1", "--seen", "risks/K1=2"
    )
    assert ran.code == 2 and "risks/K1 is given twice" in ran.err
    assert last(ledger) == before


def test_without_a_name_every_act_is_listed_and_without_a_ledger_its_fields() -> None:
    listed = controltotal("act").out.splitlines()
    assert [line.split()[0] for line in listed[: len(ACTS)]] == list(ACTS)
    assert listed[-1] == "controltotal act NAME says what it asks for."
    told = controltotal("act", "grant").out.splitlines()
    assert told[0] == f"grant: {ACTS['grant'].does}"
    assert [line.split()[:2] for line in told[2:]] == [
        ["subject", "must"],
        ["name", "must"],
        ["role", "must"],
        ["organisation", "must"],
        ["from", "may"],
        ["to", "may"],
    ]
    ran = controltotal("act", "grants")
    assert ran.code == 2 and "there is no act grants" in ran.err


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_act_says_what_it_asks_for_a_field_a_line(name: str) -> None:
    told = controltotal("act", name).out.splitlines()
    assert told[0].startswith(f"{name}: ")
    assert [line.split()[0] for line in told[2:]] == list(ACTS[name].form.fields)


def test_offices_hold_once_there_are_any_and_who_is_at_the_machine_may_do_all(ledger: str) -> None:
    grant = ("subject=ann", "name=Ann A", "role=trust finance", "organisation=T1")
    assert controltotal("act", "grant", ledger, *grant, *ON).code == 0
    month = ("organisation=T1", f"year={YEAR}", "month=9", "--on", "2026-06-02")
    assert controltotal("act", "submit_month", ledger, *month, "--as", "ann").code == 0
    for who, why in (("ann", "reopen_month is for"), ("zoe", "it has no grant")):
        before = last(ledger)
        ran = controltotal("act", "reopen_month", ledger, *month, "--as", who, "--why", "x")
        assert ran.code == 2 and why in ran.err and last(ledger) == before
    assert controltotal("act", "reopen_month", ledger, *month, "--why", "x").code == 0


def test_the_history_of_a_row_is_asked_for_by_its_key(ledger: str) -> None:
    controltotal("act", "risk", ledger, *RISK, *ON, "--as", "Ann Ash", "--why", "new")
    told = controltotal("history", ledger, "--key", "risks/K1")
    assert told.code == 0 and "risks/K1 was touched once." in told.out and "Ann Ash" in told.out
    (row,) = read(controltotal("history", ledger, "--key", "risks/K1", "--json"))["tables"][
        "row_history"
    ]
    assert (row["by"], row["why"], row["act"], row["before"]) == ("Ann Ash", "new", "risk", "")
    assert controltotal("history", ledger, "--key", "risks/K9").code == 2
    assert controltotal("history", ledger, "--key", "nothing/K9").code == 2


def test_verify_leaves_with_0_where_it_is_proved_1_where_not_and_2_where_it_cannot_be_read(
    ledger: str, tmp_path: Path
) -> None:
    number, hash = last(ledger)
    root = f"sha256:{hash}"
    assert controltotal("verify", ledger).code == 0
    assert controltotal("verify", ledger, "--root", root, "--entry", str(number)).code == 0
    shorter = controltotal("verify", ledger, "--root", root, "--entry", str(number + 1))
    other = controltotal("verify", ledger, "--root", "0" * 64)
    assert (shorter.code, other.code) == (1, 1)
    for words in (
        ("verify", tmp_path),
        ("verify", tmp_path / "no.ledger"),
        ("verify", ledger, "--root", "x"),
    ):
        ran = controltotal(*words)
        assert ran.code == 2 and len(ran.err.splitlines()) == 1


def test_verify_as_json_has_the_table_verified_and_its_findings(ledger: str) -> None:
    number, hash = last(ledger)
    proved = read(controltotal("verify", ledger, "--json"))
    assert proved["tables"]["verified"] == [
        {"entry": number, "root": f"sha256:{hash}", "how": "every block follows the one before it"}
    ]
    assert (proved["verb"], proved["book"]["root"]) == ("verify", f"sha256:{hash}")
    with sqlite3.connect(ledger.removeprefix("sqlite:///")) as base:
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            base.execute(f"DROP TRIGGER {name}")
        base.execute("UPDATE blocks SET body = replace(body, 'First', 'Worst')")
    base.close()
    ran = controltotal("verify", ledger, "--json")
    document = read(ran)
    assert ran.code == 1 and document["tables"]["verified"] == []
    assert [f["code"] for f in document["findings"]] == ["CHAIN_BROKEN"]
    assert controltotal("act", "risk", ledger, *RISK, *ON).code == 2, "nobody writes on it either"


def test_backup_and_restore_say_how_many_figures_are_equal(ledger: str, tmp_path: Path) -> None:
    copy, new = tmp_path / "copy.ledger", f"sqlite:///{tmp_path}/new.ledger"
    ran = controltotal("backup", ledger, copy)
    assert ran.code == 0 and "figures of both are equal" in " ".join(ran.out.split())
    again = controltotal("backup", ledger, copy)
    assert again.code == 2 and "say --overwrite" in again.err
    assert controltotal("backup", ledger, copy, "--overwrite").code == 0
    told = controltotal("restore", copy, new, "--json")
    number, hash = last(ledger)
    (row,) = read(told)["tables"]["verified"]
    assert told.code == 0 and (row["entry"], row["root"]) == (number, f"sha256:{hash}")
    assert controltotal("restore", copy, new).code == 2
    assert (
        controltotal("restore", tmp_path / "none.ledger", f"sqlite:///{tmp_path}/x.ledger").code
        == 2
    )
    assert not (tmp_path / "x.ledger").exists()
