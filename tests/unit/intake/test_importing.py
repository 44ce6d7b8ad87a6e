"""What an import does with what it read: mapped, compared, written once, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal import act, verbs
from controltotal.core.finding import FileCell, Finding
from controltotal.core.result import Result
from controltotal.intake import importing
from controltotal.sources.convert import new_book
from tests.intake_reads import Desk, amounts, schemes

FIRST = {("pay", 1): "-100", ("pay", 2): "-110", ("drugs", 1): "-20", ("drugs", 2): "-30"}
FORMS = ["book", "book.xlsx", "sqlite:///{}/book.ledger"]


@pytest.fixture(params=FORMS)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    address = str(request.param)
    address = address.format(tmp_path) if "://" in address else str(tmp_path / address)
    new_book(address, "A test")
    return address


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/book.ledger"
    new_book(address, "A test")
    return address


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    return Desk(monkeypatch, tmp_path)


def codes(result: Result) -> list[str]:
    return [one.code for one in result.findings if one.severity == "error"]


def changed(result: Result, table: str = "amounts") -> tuple[int, int, int]:
    row = next((r for r in result.tables["imported"] if r["table"] == table), None)
    return (row["added"], row["changed"], row["withdrawn"]) if row else (0, 0, 0)


def sums(book: str) -> dict[tuple[str, str], int | None]:
    return {
        (row.line, row.month or ""): row.amount for row in verbs.read(book).book.amounts if row.line
    }


def test_rows_go_in_with_their_source_and_body(book: str, desk: Desk) -> None:
    result = verbs.import_(desk.file("m2.xlsx", amounts(FIRST)), book, on="2026-06-20")
    assert not codes(result)
    assert changed(result) == (4, 0, 0)
    assert sums(book)["pay", "1"] == -10_000_000
    assert not verbs.check(book).has_errors
    (received,) = result.tables["received"]
    assert received["organisation"] == "RX1" and received["month"] == "M2"
    assert received["agrees"] is True and received["questions"] == 0


def test_the_same_file_twice_adds_nothing(book: str, desk: Desk) -> None:
    path = desk.file("m2.xlsx", amounts(FIRST))
    verbs.import_(path, book)
    before = verbs.read(book).ref
    again = verbs.import_(path, book)
    assert not codes(again)
    assert changed(again) == (0, 0, 0)
    assert verbs.read(book).ref == before


def test_a_changed_row_is_put_again_and_an_absent_one_withdrawn(book: str, desk: Desk) -> None:
    first = {("pay", n): str(-n) for n in range(1, 13)}
    verbs.import_(desk.file("m2.xlsx", amounts(first)), book, on="2026-06-20")
    more = {**first, ("pay", 3): "-33"}
    del more["pay", 12]
    result = verbs.import_(desk.file("m3.xlsx", amounts(more)), book, on="2026-07-20")
    assert not codes(result)
    assert changed(result) == (0, 1, 1)
    assert sums(book)["pay", "3"] == -3_300_000
    assert ("pay", "12") not in sums(book)
    assert not verbs.check(book).has_errors


def test_a_ledger_keeps_what_was_known_before(ledger: str, desk: Desk) -> None:
    verbs.import_(desk.file("m2.xlsx", amounts(FIRST)), ledger, on="2026-06-20")
    later = {**FIRST, ("pay", 1): "-150"}
    verbs.import_(desk.file("m3.xlsx", amounts(later)), ledger, on="2026-07-20")
    assert sums(ledger)["pay", "1"] == -15_000_000
    assert not verbs.check(ledger).has_errors
    then = verbs.position(ledger, as_at="2026-06-30")
    assert not then.has_errors


def test_an_import_is_taken_back(ledger: str, desk: Desk) -> None:
    path = desk.file("m2.xlsx", amounts(FIRST))
    verbs.import_(path, ledger, on="2026-06-20")
    last = verbs.read(ledger).ref.entry
    act("undo", ledger, {"entry": str(last)}, "the wrong file", "2026-06-21", "A. Person")
    assert sums(ledger) == {}
    assert changed(verbs.import_(path, ledger, on="2026-06-20")) == (4, 0, 0)
    assert len(sums(ledger)) == 4


def test_a_dry_run_writes_nothing(book: str, desk: Desk, tmp_path: Path) -> None:
    before = verbs.read(book).ref
    result = verbs.import_(desk.file("m2.xlsx", amounts(FIRST)), book, dry_run=True)
    assert changed(result) == (4, 0, 0)
    assert verbs.read(book).ref == before
    assert not list(tmp_path.glob("*.mappings"))


def test_more_than_a_tenth_is_not_withdrawn_unasked(book: str, desk: Desk) -> None:
    verbs.import_(desk.file("m2.xlsx", amounts(FIRST)), book, on="2026-06-20")
    path = desk.file("m3.xlsx", amounts({("pay", 1): "-100"}))
    before = verbs.read(book).ref
    assert codes(verbs.import_(path, book, on="2026-07-20")) == ["IMPORT_WITHDRAW"]
    assert verbs.read(book).ref == before
    result = verbs.import_(path, book, on="2026-07-20", set=["withdraw=yes"])
    assert not codes(result)
    assert list(sums(book)) == [("pay", "1")]


def test_a_forecast_that_became_an_actual_is_not_asked(ledger: str, desk: Desk) -> None:
    ahead = amounts({("pay", 3): "-1", ("pay", 4): "-1"}, basis="forecast")
    verbs.import_(desk.file("m2.xlsx", amounts(FIRST), ahead), ledger, on="2026-06-20")
    ahead = amounts({("pay", 4): "-1"}, basis="forecast")
    now = amounts({**FIRST, ("pay", 3): "-1"})
    result = verbs.import_(desk.file("m3.xlsx", now, ahead), ledger, on="2026-07-20")
    assert not codes(result)
    assert changed(result) == (1, 0, 1)


def test_a_row_of_another_hand_is_not_written_over(book: str, desk: Desk) -> None:
    path = desk.file("m2.xlsx", amounts(FIRST))
    verbs.import_(path, book, on="2026-06-20")
    other = desk.file(
        "other.xlsx", amounts({("pay", 1): "-1"}), schemes([{"id": "A", "title": "B"}])
    )
    result = verbs.import_(other, book, on="2026-07-20")
    assert codes(result) == ["IMPORT_HELD"]
    assert sums(book)["pay", "1"] == -10_000_000
    result = verbs.import_(other, book, on="2026-07-20", set=["replace=yes"])
    assert not codes(result)
    assert sums(book)["pay", "1"] == -100_000


def test_a_scheme_under_another_id_is_asked(ledger: str, desk: Desk) -> None:
    rows = [
        {"id": f"S-{n}", "title": f"Scheme {n}", "full_year_effect": "1", "unit": "£m"}
        for n in range(12)
    ]
    verbs.import_(desk.file("t1.xlsx", schemes(rows)), ledger, on="2026-06-20")
    rows[0] = {**rows[0], "id": "X-0"}
    path = desk.file("t2.xlsx", schemes(rows))
    assert codes(verbs.import_(path, ledger, on="2026-07-20")) == ["IMPORT_SCHEME"]
    result = verbs.import_(path, ledger, on="2026-07-20", set=["schemes.X-0=S-0"])
    assert not codes(result)
    assert changed(result, "schemes") == (0, 0, 0)
    again = verbs.import_(path, ledger, on="2026-08-20")
    assert not codes(again), "the mapping keeps the answer"


def test_one_file_waits_and_the_others_go_in(book: str, desk: Desk) -> None:
    asked = Finding(
        "IMPORT_UNIT",
        "error",
        "",
        "",
        "Which unit?",
        action="Say --set unit=£000.",
        in_files=(FileCell("b.xlsx", "Plan", "A1"),),
    )
    good = desk.file("a.xlsx", amounts(FIRST))
    bad = desk.file("b.xlsx", amounts(FIRST, body="RX2"), finding=asked)
    result = verbs.import_([good, bad], book)
    assert codes(result) == ["IMPORT_UNIT"]
    assert {row.organisation for row in verbs.read(book).book.amounts} == {"RX1"}
    asked_of = {row["organisation"]: row["questions"] for row in result.tables["received"]}
    assert asked_of["RX1"] == 0 and asked_of["RX2"] == 1


def test_who_has_not_sent_is_named(book: str, desk: Desk) -> None:
    verbs.import_(
        [desk.file("a.xlsx", amounts(FIRST)), desk.file("b.xlsx", amounts(FIRST, "RCX"))], book
    )
    result = verbs.import_(
        [desk.file("a3.xlsx", amounts(FIRST)), desk.file("a3.xlsx", amounts(FIRST))], book
    )
    assert [r["organisation"] for r in result.tables["received"] if not r["file"]] == ["RCX"]


def test_two_files_of_one_body_are_asked(book: str, desk: Desk) -> None:
    one, other = (
        desk.file("a.xlsx", amounts(FIRST)),
        desk.file("b.xlsx", amounts({("pay", 1): "-7"})),
    )
    assert codes(verbs.import_([one, other], book)) == ["IMPORT_VERSIONS"]


def test_a_difference_is_accepted_by_a_named_person(book: str, desk: Desk) -> None:
    differs = Finding("IMPORT_TOTAL", "error", "", "", "Total differs by £1.")
    read = amounts(FIRST)
    read.findings.append(differs)
    path = desk.file("a.xlsx", read)
    assert codes(verbs.import_(path, book)) == ["IMPORT_TOTAL"]
    assert sums(book) == {}
    read.findings[:] = [differs]
    result = verbs.import_(path, book, accept="Deputy CFO: rounding")
    assert not codes(result)
    named = [row.accepted_by for row in verbs.read(book).book.sources if row.accepted_by]
    assert named == ["Deputy CFO"]


def test_what_fails_writes_nothing(
    ledger: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    path = desk.file("m2.xlsx", amounts(FIRST))
    monkeypatch.setattr(importing, "write", fails)
    with pytest.raises(OSError, match="full"):
        verbs.import_(path, ledger)
    assert sums(ledger) == {} and not list(tmp_path.glob("*.mappings"))


def test_a_file_of_an_earlier_month_takes_no_later_month_away(book: str, desk: Desk) -> None:
    for month, on in ((1, "2026-05-20"), (2, "2026-06-20")):
        months = {("pay", n): "-1" for n in range(1, month + 1)}
        verbs.import_(desk.file(f"m{month}.xlsx", amounts(months)), book, on=on)
    path = desk.file("m1 again.xlsx", amounts({("pay", 1): "-2"}))
    assert "IMPORT_OLDER" in codes(verbs.import_(path, book))
    result = verbs.import_(path, book, on="2026-06-01")
    assert not codes(result)
    assert changed(result) == (0, 1, 0)
    assert set(sums(book)) == {("pay", "1"), ("pay", "2")}


def test_files_of_one_form_of_several_bodies_go_in_together(book: str, desk: Desk) -> None:
    files = [desk.file(f"{b}.xlsx", amounts(FIRST, body=b)) for b in ("RX1", "RX2")]
    result = verbs.import_(files, book)
    assert not codes(result) and changed(result) == (8, 0, 0)
