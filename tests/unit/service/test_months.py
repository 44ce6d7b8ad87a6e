"""A month is sent by dropping the file that was made already, approved by another, adjusted in sight."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest

from controltotal.accounts.months_sent import standing, surplus_to
from controltotal.workings.workings import Workings
from tests import month_books
from tests.service_house import client, posted, served

ADDRESS = "/months/XF-FTH/2026-27/M10"
YEAR = "2026-27"
ALD = "/months/XF-ALD/2026-27/M10"


@pytest.fixture
def house() -> Any:
    """The fictional system, served."""
    return served(desk=month_books.desk())


def finance(house: Any, name: str = "robin", code: str = "XF-FTH") -> Any:
    """Somebody of a trust's finance, signed in."""
    return client(house, name, ("trust_finance", code))


def file(data: bytes, name: str = "FTH finance report M10.xlsx") -> BytesIO:
    """A file as a browser sends it."""
    found = BytesIO(data)
    found.name = name
    return found


def drop(browser: Any, data: bytes, name: str = "M10.xlsx", address: str = ADDRESS) -> Any:
    """Drop a file and look at the page on which it is checked."""
    sent = browser.post(f"{address}/files", {"file": file(data, name)})
    assert (sent.status_code, sent.get("Location")) == (302, f"{address}/check"), text_of(sent)
    return browser.get(f"{address}/check")


def send(browser: Any, page: Any, address: str = ADDRESS, **more: str) -> Any:
    """Send what was checked."""
    return browser.post(f"{address}/check", {**hidden(page), "do": "send", **more})


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the form that sends."""
    found = re.findall(r'name="(request|checked|seen|act)" value="([^"]*)"', page.content.decode())
    return dict(found)


def text_of(page: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def to_date(house: Any, month: int) -> int | None:
    return surplus_to(Workings(house.position), "XF-FTH", YEAR, month).actual


def test_the_journey_from_the_file_to_the_approval(house: Any) -> None:
    robin = finance(house)
    assert "Send your month 10 figures" in text_of(robin.get("/months")) or robin.get(ADDRESS)
    page = robin.get(ADDRESS)
    assert "Send your month 10 figures" in text_of(page)
    before = house.position.ref
    checked = drop(robin, month_books.workbook(10))
    words = text_of(checked)
    assert "question" not in words and "agree" in words and "9 figures" in words
    assert house.position.ref == before, "looking writes nothing"
    sent = send(robin, checked)
    assert sent.status_code == 302, text_of(sent)
    assert standing(Workings(house.position), "XF-FTH", YEAR, 10).state == "sent"
    assert send(robin, checked)["Location"] == sent["Location"], "sent twice, done once"
    receipt = robin.get(sent["Location"])
    assert f"entry {house.position.ref.entry}" in text_of(receipt)
    assert house.position.ref.root.removeprefix("sha256:")[:16] in text_of(receipt)
    assert "approves" in text_of(receipt)
    own = robin.get(ADDRESS)
    assert 'value="approve_month"' not in own.content.decode(), "not by who sent it"
    refused = robin.post(ADDRESS, {**posted(own), "act": "approve_month", "request": "r1"})
    assert refused.status_code == 422 and "another person approves" in text_of(refused)
    director = finance(house, "morgan")
    approved = director.post(ADDRESS, {**hidden(director.get(ADDRESS)), "act": "approve_month"})
    assert approved.status_code == 302
    assert standing(Workings(house.position), "XF-FTH", YEAR, 10).state == "approved"
    assert "Trust finance" in text_of(director.get(ADDRESS))
    expected = sum(
        1000 * 100 * sign * month_books.told(line, month)
        for lines, sign in ((month_books.INCOME, 1), (month_books.COST, -1))
        for line in lines
        for month in (10,)
    )
    assert to_date(house, 10) == (to_date(house, 9) or 0) + expected


def renamed(to: int, title: str) -> bytes:
    """The report to a month, with another name for substantive pay."""
    rows = month_books.table(to, name="Monthly report")
    next(row for row in rows if row and row[0] == "Substantive pay")[0] = title
    return sheet(rows)


def test_the_next_month_asks_nothing_that_was_answered(house: Any) -> None:
    robin = finance(house)
    first = drop(robin, renamed(10, "Substantive payy"), "report.xlsx")
    assert "1 question" in text_of(first), text_of(first)
    field = re.findall(r'name="(set:[^"]+)"', first.content.decode())
    assert field[0] == "set:lines.Substantive payy"
    answered = robin.post(f"{ADDRESS}/check", {field[0]: "substantive pay", "do": "answer"})
    assert answered.status_code == 302
    sent = send(robin, robin.get(f"{ADDRESS}/check"))
    assert sent.status_code == 302, text_of(sent)
    address = ADDRESS.replace("M10", "M11")
    second = drop(robin, renamed(11, "Substantive payy"), "next report.xlsx", address)
    assert "question" not in text_of(second), text_of(second)
    assert send(robin, second, address).status_code == 302


def test_a_line_under_a_new_name_is_never_put_beside_the_old_one_unasked(house: Any) -> None:
    robin = finance(house)
    page = drop(robin, renamed(10, "Establishment"), "report.xlsx")
    assert "has no line called Establishment" in text_of(page)
    last = house.position.ref
    refused = send(robin, page)
    assert refused.status_code == 422 and house.position.ref == last
    given = {"set:lines.Establishment": "substantive pay", "do": "answer"}
    assert robin.post(f"{ADDRESS}/check", given).status_code == 302
    page = robin.get(f"{ADDRESS}/check")
    assert "9 figures" in text_of(page), text_of(page)
    assert send(robin, page).status_code == 302


def test_the_answers_of_one_organisation_are_never_used_for_another(house: Any) -> None:
    robin = finance(house)
    drop(robin, renamed(10, "Establishment"), "report.xlsx")
    given = {"set:lines.Establishment": "substantive_pay", "do": "answer"}
    robin.post(f"{ADDRESS}/check", given)
    assert send(robin, robin.get(f"{ADDRESS}/check")).status_code == 302
    kerry = finance(house, "kerry", "XF-ALD")
    page = drop(kerry, renamed(10, "Establishment"), "report.xlsx", ALD)
    assert "XF-FTH" not in text_of(page) and "XF-ALD is new" not in text_of(page)
    assert "has no line called Establishment" in text_of(page), "it is asked of each"
    assert "Agency pay" in text_of(page), "with the lines of the ledger to choose from"
    names = re.findall(r' name="([^"]+)"', page.content.decode())
    assert names.count("set:replace") == 1, "what answers two questions is one field"


def test_a_question_about_a_line_has_a_list_and_the_words_of_the_file(house: Any) -> None:
    robin = finance(house)
    rows = month_books.table(10)
    rows[-1][0] = "Surplus/(deficit), all in"
    page = drop(robin, sheet(rows), "report.xlsx")
    words = text_of(page)
    assert "Surplus or deficit, without support" in words and "Agency pay" in words
    assert "Nothing: the file and the ledger say the same" not in words
    assert "Lines of the ledger of which the file says nothing" not in words
    key = "set:lines.Surplus/(deficit), all in"
    robin.post(f"{ADDRESS}/check", {key: "the bottom line", "do": "answer"})
    again = text_of(robin.get(f"{ADDRESS}/check"))
    assert "“Surplus/(deficit), all in”" in again and "surplus/(deficit),allin" not in again
    robin.post(f"{ADDRESS}/check", {key: "-", "do": "answer"})
    left = text_of(robin.get(f"{ADDRESS}/check"))
    assert "question" not in left and "9 figures" in left
    robin.post(f"{ADDRESS}/check", {key: "Surplus or deficit, without support", "do": "answer"})
    assert "question" not in text_of(robin.get(f"{ADDRESS}/check"))


def test_detail_of_a_figure_is_kept_and_what_a_file_does_not_say_is_told(house: Any) -> None:
    robin = finance(house)
    page = drop(robin, month_books.workbook(10))
    assert "What your file does not say of its figures" in text_of(page)
    assert "Fenmarch and Alderwick ICB, recurrent" in text_of(page)
    robin.post(f"{ADDRESS}/check", {"do": "forget"})
    address = ADDRESS.replace("M10", "M9")
    page = drop(robin, month_books.workbook(9, {("agency_pay", 9): 9}), "M9.xlsx", address)
    assert "Agency pay, month 9" in text_of(page) and "rows of the book" not in text_of(page)
    robin.post(f"{address}/check", {"set:replace": "yes", "do": "answer"})
    page = robin.get(f"{address}/check")
    assert "What your file does not say" not in text_of(page), text_of(page)
    assert send(robin, page, address).status_code == 302
    cells = [dict(one.cells) for one in house.position.daybook if one.table == "amounts"][-1]
    assert (cells["line"], cells["amount"], cells["recurrence"]) == (
        "agency_pay",
        "1966",
        "recurrent",
    )


def test_who_approves_sees_what_was_changed_and_which_office_sent_it(house: Any) -> None:
    robin, director = finance(house), finance(house, "morgan")
    sent = send(robin, drop(robin, month_books.workbook(10)))
    assert sent.status_code == 302
    page = text_of(director.get(ADDRESS))
    approve = page[page.index("Approve month 10") : page.index("Figures to January")]
    assert "Sent by Trust finance" in approve and "Agency pay month 10 nothing 1,238" in approve
    again = drop(robin, month_books.workbook(10, {("drugs", 10): 250}))
    assert send(robin, again, **{"set:late": "an invoice came late"}).status_code == 302
    page = text_of(director.get(ADDRESS))
    approve = page[page.index("Approve month 10") : page.index("Figures to January")]
    assert "Adjusted by Trust finance" in approve and "an invoice came late" in approve
    assert "Drugs month 10 13,132 13,382" in approve and "Agency" not in approve
    figures = page[page.index("Figures to January") :]
    assert "of which Pay" not in figures and "of which Agency pay" in figures
    entries = text_of(director.get("/ledger?table=amounts"))
    assert "Fenmarch Teaching Hospitals, Drugs, actual, month 10" in entries
    number = next(
        one.seq for one in reversed(house.position.daybook) if one.table == "amounts" and one.cells
    )
    entry = text_of(director.get(f"/ledger/{number}"))
    assert "Amount 13132 13382 changed" in entry


def sheet(rows: list[list[object]]) -> bytes:
    """Rows as a workbook."""
    import io

    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_late_change_needs_its_reason_and_is_shown(house: Any) -> None:
    robin = finance(house)
    assert send(robin, drop(robin, month_books.workbook(10))).status_code == 302
    before = to_date(house, 10)
    again = drop(robin, month_books.workbook(10, {("drugs", 10): 250}))
    assert "late adjustment" in text_of(again)
    refused = send(robin, again)
    assert refused.status_code == 422 and "give the reason" in text_of(refused).lower()
    assert to_date(house, 10) == before
    sent = send(robin, refused, **{"set:late": "an invoice came late"})
    assert sent.status_code == 302, text_of(sent)
    assert to_date(house, 10) == (before or 0) - 25_000_000
    page = text_of(robin.get(ADDRESS))
    assert "Late adjustment" in page and "an invoice came late" in page and "Drugs" in page
    assert house.position.daybook[-1].narration.act == "adjust_month"


def test_a_draft_is_seen_by_its_own_organisation_alone(house: Any) -> None:
    robin = finance(house)
    drop(robin, month_books.workbook(10))
    other = finance(house, "kerry", "XF-ALD")
    gone = other.get(f"{ADDRESS}/check")
    never = other.get(ADDRESS.replace("M10", "M12") + "/check")
    assert gone.status_code == never.status_code == 404
    assert gone.content == never.content
    assert "begun" not in text_of(other.get(ADDRESS))
    assert "preparing" not in text_of(other.get("/months?month=10"))
    colleague = finance(house, "morgan")
    assert "You have begun" in text_of(colleague.get(ADDRESS))
    assert colleague.post(f"{ADDRESS}/check", {"do": "forget"}).status_code == 302
    assert "You have begun" not in text_of(robin.get(ADDRESS))


def test_figures_of_another_body_or_month_are_refused(house: Any) -> None:
    robin = finance(house)
    page = drop(robin, month_books.workbook(10, {("drugs", 10): 9}, name="Alderwick Hospitals"))
    assert "sends its own alone" in text_of(page)
    last = house.position.ref
    assert send(robin, page).status_code == 422
    assert house.position.ref == last
    robin.post(f"{ADDRESS}/check", {"do": "forget"})
    page = drop(robin, month_books.workbook(9, {("drugs", 9): 9}))
    assert "end with month 9" in text_of(page)
    assert send(robin, page).status_code == 422 and house.position.ref == last


def test_what_is_in_the_ledger_is_sent_as_it_stands_and_reopened_with_a_reason(house: Any) -> None:
    robin, address = finance(house), ADDRESS.replace("M10", "M9")
    page = robin.get(address)
    assert "Send the figures as they stand" in text_of(page)
    sent = robin.post(address, {**hidden(page), "act": "submit_month"})
    assert sent.status_code == 302
    system = client(house, "chris", ("system_finance", "XF-SYS"))
    without = system.post(address, {**hidden(system.get(address)), "act": "reopen_month"})
    assert without.status_code == 422
    given = {**hidden(system.get(address)), "act": "reopen_month", "why": "a stock count"}
    assert system.post(address, given).status_code == 302
    words = text_of(robin.get(address))
    assert "Reopened" in words and "a stock count" in words
    assert "Send your month 9 figures" in words


def test_what_a_colleague_sent_meanwhile_is_not_sent_again(house: Any) -> None:
    robin = finance(house)
    page = drop(robin, month_books.workbook(10))
    assert send(finance(house, "morgan"), page).status_code == 302
    last = house.position.ref
    late = send(robin, page, request="another")
    assert late.status_code == 409 and "sent or discarded it" in text_of(late)
    assert house.position.ref == last


@pytest.mark.parametrize("name", ["../../x.xlsx", "a\nb.xlsx", "..", "con\x00.xlsx", "x" * 300])
def test_a_name_is_a_text_and_never_a_path(house: Any, name: str) -> None:
    from pathlib import Path

    robin = finance(house)
    robin.post(f"{ADDRESS}/files", {"file": file(month_books.workbook(10), name)})
    kept = [p for p in (house.deployment.path / "uploads").rglob("*") if p.is_file()]
    assert all(re.fullmatch(r"\d+\.file", Path(p).name) for p in kept)
    robin.post(f"{ADDRESS}/check", {"do": "forget"})


def test_the_list_is_downloaded_safely(house: Any) -> None:
    answer = finance(house).get(f"{ADDRESS.replace('M10', 'M9')}/list.return.csv")
    assert answer.status_code == 200 and answer.content.startswith(b"sub code,main code,value")
    assert answer["Content-Disposition"].startswith("attachment")
