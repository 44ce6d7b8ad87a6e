"""A month's figures sent in one act: all or nothing, its own alone, the same request once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from controltotal.acts import ActRefused, Desk
from controltotal.acts.figures import ChangedSince, Month, laid, moves, send_figures
from controltotal.intake.asking import Asking, asking
from controltotal.intake.files import File
from controltotal.intake.importing import Given, read_files
from tests.act_books import YEAR, desk, do, local, officer

OCTOBER = Month("T1", YEAR, 10)
TODAY = "2026-11-30"


def csv(folder: Path, rows: dict[int, int], code: str = "T1") -> Path:
    path = folder / "report.csv"
    lines = [f"{code},position,2026/27,{month},actual,{amount}" for month, amount in rows.items()]
    path.write_text("\n".join(["organisation,line,year,month,basis,amount (£)", *lines]) + "\n")
    return path


def read(at: Desk, path: Path, *said: str) -> tuple[list[File], Asking]:
    ask = asking(["unit=£", *said], today=TODAY)
    source = at.position.source
    assert source is not None
    return read_files([Given(path)], source, [], ask), ask


def send(
    at: Desk, path: Path, *said: str, month: Month = OCTOBER, by: Any = None, **more: Any
) -> Any:
    files, ask = read(at, path, *said)
    how = {"by": by or local("Ann Ash"), "on": TODAY, "request": more.pop("request", "")}
    return send_figures(at, month, files, ask, how, **more)  # type: ignore[arg-type]


def told(at: Desk) -> dict[str, str]:
    rows = (row.texts for row in at.position.book.amounts)
    return {r["month"]: r["amount"] for r in rows if r["organisation"] == "T1" and r.get("month")}


def test_the_rows_and_the_hand_in_are_one_request_with_its_file(tmp_path: Path) -> None:
    at = desk()
    done = send(at, csv(tmp_path, {9: -100, 10: -120}))
    wrote = at.position.daybook[done.first - 1 : done.last]
    assert {entry.narration.request for entry in wrote} == {done.request}
    assert {entry.narration.act for entry in wrote} == {"submit_month"}
    assert [entry.table for entry in wrote] == ["sources", "amounts", "submissions"]
    assert wrote[0].narration.file.startswith("report.csv sha256:")
    assert told(at)["10"] == "-120"


def test_the_same_request_is_done_once(tmp_path: Path) -> None:
    at = desk()
    path = csv(tmp_path, {10: -120})
    first, again = send(at, path, request="r-1"), send(at, path, request="r-1")
    assert again.repeated and (again.first, again.last) == (first.first, first.last)


def test_what_is_refused_writes_nothing(tmp_path: Path) -> None:
    at = desk()
    last = at.store.last()
    with pytest.raises(ActRefused, match="sends its own alone"):
        send(at, csv(tmp_path, {10: -1}, "T2"), "replace=yes")
    with pytest.raises(ActRefused, match="end with month 9"):
        send(at, csv(tmp_path, {9: -1}), "replace=yes")
    with pytest.raises(ActRefused, match="held at T2"):
        send(at, csv(tmp_path, {10: -1}), by=officer("trust_finance", "T2"))
    with pytest.raises(ActRefused, match="is for"):
        send(at, csv(tmp_path, {10: -1}), by=officer("medical_director", "T1"))
    assert at.store.last() == last


def test_a_sent_month_is_adjusted_with_a_reason_and_recorded_as_such(tmp_path: Path) -> None:
    at = desk()
    send(at, csv(tmp_path, {10: -120}), by=officer("trust_finance", "T1"))
    with pytest.raises(ActRefused, match="nothing would change"):
        send(at, csv(tmp_path, {10: -120}), "late=x")
    with pytest.raises(ActRefused, match="nothing says why"):
        send(at, csv(tmp_path, {10: -150}))
    done = send(at, csv(tmp_path, {10: -150}), "late=an invoice")
    assert told(at)["10"] == "-150"
    assert at.position.daybook[done.last - 1].narration.act == "adjust_month"
    assert at.position.book.submissions[-1].late_reason == "an invoice"
    waits = "it waits for the approval of another person"
    assert done.notices == ("a late adjustment of month 10", waits)


def test_figures_of_an_earlier_month_that_was_sent_come_late_with_those_of_the_next(
    tmp_path: Path,
) -> None:
    at = desk()
    do(at, "submit_month", "Ann Ash", organisation="T1", year=YEAR, month="9")
    path = csv(tmp_path, {9: -130, 10: -120})
    with pytest.raises(ActRefused, match="nothing says why"):
        send(at, path, "replace=yes")
    send(at, path, "replace=yes", "late=a stock count")
    rows = {row.month: row for row in at.position.book.submissions}
    assert rows["9"].late_reason == "a stock count" and rows["10"].late_reason is None


def test_what_was_checked_is_what_is_sent(tmp_path: Path) -> None:
    at = desk()
    path = csv(tmp_path, {9: -100, 10: -120})
    files, ask = read(at, path)
    seen = laid(at.position, files, ask, OCTOBER)
    assert [(one.month, one.before, one.after) for one in moves(seen)] == [("10", None, -12_000)]
    send(at, csv(tmp_path, {10: -120}), month=OCTOBER)
    with pytest.raises((ChangedSince, ActRefused)):
        send(at, path, checked=seen.digest)


def test_a_file_of_a_month_takes_no_forecast_from_the_month_sent_after_it(tmp_path: Path) -> None:
    at = desk()

    def report(to: int, amount: int, forecast: int) -> Path:
        path = csv(tmp_path, {9: amount, **({10: -120} if to == 10 else {})})
        told = [f"T1,position,2026/27,{month},forecast,{forecast}" for month in range(to + 1, 13)]
        path.write_text(path.read_text() + "\n".join(told) + "\n")
        return path

    def forecasts() -> set[tuple[str, str]]:
        rows = [row.texts for row in at.position.book.amounts if row.organisation == "T1"]
        return {(r["month"], r["amount"]) for r in rows if r["basis"] == "forecast"}

    before = forecasts()
    september = Month("T1", YEAR, 9)
    send(at, report(9, -130, -7), "late=new", "replace=yes", month=september)
    assert forecasts() - before == {("10", "-7"), ("11", "-7"), ("12", "-7")}, "those to come"
    send(at, report(10, -130, -8), "withdraw=yes")
    assert forecasts() - before == {("11", "-8"), ("12", "-8")}
    send(at, report(9, -140, -7), "late=an invoice", month=september)
    assert forecasts() - before == {("11", "-8"), ("12", "-8")}
    assert (told(at)["9"], at.position.book.submissions[-1].late_reason) == ("-140", "an invoice")
    files, ask = read(at, report(9, -140, -7))
    later = laid(at.position, files, ask, september).later
    assert [one.cells["month"] for one in later] == ["10", "11", "12"]
