"""A workbook of a lay-out of one's own: named once with proposals, never a dead end, the next month asks nothing."""

from __future__ import annotations

import html
import re
import shutil
from typing import Any

import pytest

from controltotal.accounts.describe import row_told
from controltotal.accounts.months_sent import standing
from controltotal.workings.workings import Workings
from tests import month_books, own_reports
from tests.service_house import client, served
from tests.unit.service.test_months import drop, hidden, send, sheet

YEAR = "2026-27"
NINE, TEN = (f"/months/XF-FTH/{YEAR}/M{month}" for month in (9, 10))
CHANGED = {("agency_pay", 9): 45, ("non_pay", 9): -12}
ROW = "set:lines."


@pytest.fixture
def house() -> Any:
    """The fictional system, served, with no answer kept of an earlier test."""
    found = served(desk=month_books.desk())
    from controltotal.service.month_drafts import mappings_folder

    shutil.rmtree(mappings_folder("XF-FTH"), ignore_errors=True)
    return found


def finance(house: Any, name: str = "robin") -> Any:
    """Somebody of the trust's finance, signed in."""
    return client(house, name, ("trust_finance", "XF-FTH"))


def main_of(page: Any) -> str:
    """The words of a page without its lists."""
    text = page.content.decode().partition("<main")[2]
    return html.unescape(
        re.sub(r"\s+", " ", re.sub(r"<select.*?</select>|<[^>]+>", " ", text, flags=re.DOTALL))
    )


def chosen(page: Any) -> dict[str, str]:
    """Each list of a page with what is chosen in it."""
    lists = re.findall(r'<select[^>]*name="([^"]*)".*?</select>', page.content.decode(), re.DOTALL)
    found = {}
    for name in lists:
        at = page.content.decode().split(f'name="{name}"', 1)[1].split("</select>", 1)[0]
        value = re.search(r'<option value="([^"]*)" selected', at)
        found[html.unescape(name)] = html.unescape(value[1]) if value else ""
    return found


def open_questions(page: Any) -> int:
    """How many questions a page says are open."""
    found = re.search(r"(\d+) questions? to answer once", main_of(page))
    return int(found[1]) if found else 0


def answered(browser: Any, page: Any, address: str, **more: str) -> Any:
    """The page after its lists were sent as they stand, with more."""
    fields = {**chosen(page), **more, "do": "answer"}
    if 'name="set:replace"' in page.content.decode():
        fields.setdefault("set:replace", "yes")
    assert browser.post(f"{address}/check", fields).status_code == 302
    return browser.get(f"{address}/check")


def test_month_nine_is_sent_with_what_is_proposed_and_month_ten_asks_nothing(house: Any) -> None:
    robin = finance(house)
    first = drop(robin, own_reports.workbook(9, CHANGED), "M9.xlsx", NINE)
    proposed = chosen(first)
    assert proposed[f"{ROW}{own_reports.SUPPLIES}"] == "non_pay"
    assert proposed[f"{ROW}{own_reports.PREMISES}"] == "non_pay"
    assert proposed[f"{ROW}{own_reports.AGENCY}"] == "agency_pay"
    assert proposed[f"{ROW}{own_reports.DRUGS}"] == "drugs"
    assert proposed["set:basis"] == "actual"
    assert "has Non-pay of Fenmarch Teaching Hospitals whole: this row is added" in main_of(first)
    second = answered(robin, first, NINE)
    assert open_questions(second) == 1 < open_questions(first)
    assert "Agency pay, month 9" in main_of(second), "the change is seen before it is agreed to"
    ready = answered(robin, second, NINE)
    words = main_of(ready)
    assert open_questions(ready) == 0 and "the same as the ledger's, to date, with support" in words
    sent = send(robin, ready, NINE)
    assert sent.status_code == 302, main_of(sent)
    director = finance(house, "morgan")
    page = director.get(NINE)
    words = main_of(page)
    assert words.count("Non-pay month 9") == words.count("Agency pay month 9") == 2, words
    assert "nothing" not in words.partition("What was changed with it")[2].partition("Look at")[0]
    done = director.post(NINE, {**hidden(page), "act": "approve_month"})
    assert done.status_code == 302
    assert "Fenmarch Teaching Hospitals, another person than who sent it" in main_of(
        director.get(NINE)
    )
    ten = drop(robin, own_reports.workbook(10, CHANGED), "M10.xlsx", TEN)
    assert open_questions(ten) == 0, main_of(ten)
    assert send(robin, ten, TEN).status_code == 302
    assert standing(Workings(house.position), "XF-FTH", YEAR, 10).state == "sent"


def test_a_figure_names_the_file_that_it_came_in(house: Any) -> None:
    robin = finance(house)
    for address, month in ((NINE, 9), (TEN, 10)):
        page = drop(robin, own_reports.workbook(month, CHANGED), f"Own {month}.xlsx", address)
        while open_questions(page):
            page = answered(robin, page, address)
        assert send(robin, page, address).status_code == 302
    told = {}
    for entry in house.position.daybook:
        cells = dict(entry.cells)
        row = row_told(house.position, entry.seq)
        if (
            cells.get("line") == "agency_pay"
            and cells.get("organisation") == "XF-FTH"
            and cells.get("basis") == "actual"
            and row
        ):
            told[cells["month"]] = row["source"]
    assert "Own 9.xlsx" in told["9"] and "Own 10.xlsx" in told["10"]
    assert "Fictional monitoring return" not in told["9"]


@pytest.mark.parametrize(
    "answer", ["clinical_supplies", "premises", "drugs", "non_pay", "cash", "-"]
)
def test_no_answer_leads_round_in_a_ring_or_to_an_end(house: Any, answer: str) -> None:
    robin = finance(house)
    page = drop(robin, own_reports.workbook(9), "M9.xlsx", NINE)
    wanted = {f"{ROW}{own_reports.PREMISES}": answer, f"{ROW}{own_reports.SUPPLIES}": answer}
    for _ in range(3):
        page = answered(robin, page, NINE, **wanted)
        words, now = main_of(page), open_questions(page)
        asked = page.content.decode().partition('id="rows"')[0]
        again = [name for name in wanted if html.escape(name) in asked]
        assert not again or words.count("You chose") == len(again), words
        can_send = 'value="send"' in page.content.decode() or "nothing to send" in words
        assert now or can_send or "These figures cannot be sent as they are" in words
        assert "non_pay" not in words and "table lines" not in words and "the book" not in words
    assert f"{ROW}{own_reports.SUPPLIES}" in chosen(page), "what was taken can be changed"
    mended = dict.fromkeys(wanted, "non_pay")
    for _ in range(3):
        page = answered(robin, page, NINE, **mended)
        if not open_questions(page):
            break
    assert 'value="send"' in page.content.decode(), main_of(page)


def test_a_row_taken_unasked_is_changed_on_the_page(house: Any) -> None:
    robin = finance(house)
    page = drop(robin, own_reports.workbook(9), "M9.xlsx", NINE)
    while open_questions(page):
        page = answered(robin, page, NINE)
    assert chosen(page)[f"{ROW}Permanent staff"] == "", "it stands as it was read"
    page = answered(robin, page, NINE, **{f"{ROW}Permanent staff": "bank_pay"})
    assert "Bank pay, month 9" in main_of(page)


def test_discarding_asks_first_and_says_what_is_forgotten(house: Any) -> None:
    robin = finance(house)
    page = drop(robin, own_reports.workbook(9), "M9.xlsx", NINE)
    answered(robin, page, NINE)
    asked = robin.post(f"{NINE}/check", {"do": "discard"})
    assert asked.status_code == 200
    assert re.search(r"forgets 1 file and \d+ answers: M9.xlsx", main_of(asked)), main_of(asked)
    assert robin.get(f"{NINE}/check").status_code == 200, "nothing is gone yet"
    assert robin.post(f"{NINE}/check", {"do": "forget"})["Location"] == NINE
    assert robin.get(f"{NINE}/check").status_code == 404


def test_a_new_line_is_one_choice_of_the_same_list(house: Any) -> None:
    robin = finance(house)
    rows = month_books.table(10, name="Monthly report")
    next(row for row in rows if row and row[0] == "Other operating income")[0] = "Parking charges"
    page = drop(robin, sheet(rows), "report.xlsx", TEN)
    assert open_questions(page) == 1 and f"{ROW}Parking charges" in chosen(page)
    new = "new:parking_charges"
    page = answered(robin, page, TEN, **{f"{ROW}Parking charges": new})
    assert open_questions(page) == 0, main_of(page)
    assert chosen(page)[f"{ROW}Parking charges"] == new


def test_a_right_answer_is_not_called_wrong_while_another_row_of_its_line_is_open(
    house: Any,
) -> None:
    robin = finance(house)
    first = drop(robin, own_reports.workbook(9, CHANGED), "M9.xlsx", NINE)
    given = {**chosen(first), f"{ROW}{own_reports.SUPPLIES}": ""}
    robin.post(f"{NINE}/check", {**hidden(first), **given, "do": "answer"})
    second = robin.get(f"{NINE}/check")
    assert chosen(second)[f"{ROW}{own_reports.SUPPLIES}"] == "non_pay", "it is proposed again"
    assert "You chose Non-pay" not in main_of(second)


def test_headings_are_chosen_from_lists_and_never_typed(house: Any) -> None:
    rows: list[list[object]] = [
        ["Income and expenditure 2026/27, £000"],
        ["Line", "Actual M10", "Agreed view"],
        ["Agency pay", 41, 40],
        ["Drugs", 52, 50],
        ["Non-pay", 63, 60],
    ]
    page = drop(finance(house), sheet(rows), "report.xlsx", TEN)
    text = page.content.decode()
    asked = "set:headings.Agreed view"
    assert asked in chosen(page) and f'<input class="nhsuk-input" name="{asked}"' not in text
    choices = text.split(f'name="{asked}"', 1)[1].split("</select>", 1)[0]
    assert 'value="plan M10"' in choices and "leave the column out" in choices


def test_lines_across_with_months_down_are_chosen_from_the_lines(house: Any) -> None:
    names = (
        "Apr-26",
        "May-26",
        "Jun-26",
        "Jul-26",
        "Aug-26",
        "Sep-26",
        "Oct-26",
        "Nov-26",
        "Dec-26",
        "Jan-27",
    )
    rows: list[list[object]] = [
        ["Actual 2026/27, £000"],
        ["Month", "Agency pay", "Drugs", "Sundry wards"],
    ]
    rows += [[name, 40 + n, 50 + n, 60 + n] for n, name in enumerate(names)]
    page = drop(finance(house), sheet(rows), "report.xlsx", TEN)
    assert "set:lines.Sundry wards" in chosen(page)


def test_support_taken_off_beneath_the_bottom_line_is_left_out_and_never_doubled(
    house: Any,
) -> None:
    robin, memo = finance(house), "Less deficit support funding"
    rows = own_reports.table(9)
    given = next(row for row in rows if row[:1] == ["Deficit support funding"])
    whole = next(row for row in rows if row[:1] == ["Net surplus/(deficit)"])
    own = [int(str(one)) - int(str(more)) for one, more in zip(whole[1:], given[1:], strict=True)]
    rows += [[memo, *given[1:]], ["Surplus / (deficit) before support", *own]]
    page = drop(robin, sheet(rows), "M9.xlsx", NINE)
    for _ in range(3):
        page = answered(robin, page, NINE)
    words = main_of(page)
    assert open_questions(page) == 0 and chosen(page)[f"{ROW}{memo}"] == ""
    assert "Support income, month" not in words
    assert "stated above already, as “Deficit support funding”: counted once" in words
    doubled = answered(robin, page, NINE, **{f"{ROW}{memo}": "support_income"})
    words = main_of(doubled)
    assert 'value="send"' not in doubled.content.decode()
    assert "You chose Support income. A row beneath the bottom line takes off" in words


def test_a_total_that_differs_says_what_the_file_says_first_and_then_its_rows(house: Any) -> None:
    rows = own_reports.table(9)
    total = next(row for row in rows if row[:1] == ["Total pay"])
    stated = int(str(total[9])) + 500
    total[9] = stated
    robin = finance(house)
    page = answered(robin, drop(robin, sheet(rows), "M9.xlsx", NINE), NINE)
    words = main_of(page).partition("Totals that differ from their rows")[2]
    assert re.search(
        rf"It says\s+Its rows make\s+Difference.*?£{stated:,},000\s+£{stated - 500:,},000\s+£500,000",
        words,
    ), words[:400]


def test_blocks_of_plan_and_actual_under_each_line_ask_which_line_they_are(house: Any) -> None:
    """Months down, Plan, Actual and Variance under each line, two of them in the trust's own words."""
    names = {"Agency & locums": "agency_pay", "PDC & interest": "finance_costs", "Drugs": "drugs"}
    rows: list[list[object]] = [
        ["Monthly tracker 2026/27, £000"],
        [None, *(text for name in names for text in (name, None, None))],
        ["Month", *["Plan", "Actual", "Variance"] * len(names)],
    ]
    for number, month in enumerate(month_books.MONTHS[:9], 1):
        row: list[object] = [month]
        for line in names.values():
            actual = month_books.told(line, number)
            row += [actual - 3, actual, -3]
        rows.append(row)
    page = drop(finance(house), sheet(rows), "M9.xlsx", NINE)
    asked = chosen(page)
    assert asked[f"{ROW}Agency & locums"] == "agency_pay"
    assert asked[f"{ROW}PDC & interest"] == "finance_costs"
    words = main_of(page)
    assert "All money of the table" not in words and "Totals that differ" not in words
    again = answered(finance(house), page, NINE)
    assert f"{ROW}Agency & locums" not in again.content.decode().partition('id="changes"')[0]
