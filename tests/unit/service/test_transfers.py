"""Money between organisations on pages: a draft of one's own, its effect, each board's word, and what is owed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.act_books import CASES, do
from tests.fictional_ledger import fictional
from tests.service_house import client, posted, served

FORM = {
    "id": "N1",
    "from": "T1",
    "to": "T2",
    "year": "2026-27",
    "amount": "£500",
    "kind": "neighbour_support",
    "mechanism": "resource_transfer",
    "repay_from": "2027-28",
    "repay_years": "2",
}
MONEY = dict(CASES["propose_transfer"].fields)


@pytest.fixture
def house() -> Any:
    """A service of the small system."""
    return served()


def rows(house: Any, table: str) -> list[Any]:
    return list(getattr(house.position.book, table))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def propose(browser: Any, form: dict[str, str]) -> Any:
    """Propose what a form says, after a look at what it would do."""
    seen = text(browser.post("/transfers/new", {**form, "do": "show"}))
    looked = seen.partition('name="looked" value="')[2].partition('"')[0]
    return browser.post("/transfers/new", {**form, "looked": looked, "do": "propose"})


def test_what_is_typed_shows_its_effect_and_is_a_draft_that_nobody_else_sees(house: Any) -> None:
    ours = client(house, "robin", ("trust_finance", "T1"))
    theirs = client(house, "kerry", ("trust_finance", "T2"))
    before = house.position.ref.root
    answer = ours.post("/transfers/new", {**FORM, "do": "show"})
    assert answer.status_code == 200
    assert "£500 from First to Second" in text(answer)
    assert "First: the plan with support goes from" in text(answer)
    assert house.position.ref.root == before
    page = text(ours.get("/transfers"))
    assert "Being prepared by your organisation" in page
    draft = page.partition("/transfers/new?draft=")[2].partition('"')[0]
    assert text(ours.get(f"/transfers/new?draft={draft}")).count('type="text" value="£500"') == 1
    assert "Being prepared" not in text(theirs.get("/transfers"))
    other = theirs.get(f"/transfers/new?draft={draft}")
    none = theirs.get("/transfers/new?draft=0123")
    assert (other.status_code, text(other)) == (404, text(none))
    assert theirs.post(f"/drafts/{draft}", {"amount": "1"}).status_code == 404
    assert ours.post(f"/drafts/{draft}", {"amount": "£700"}).status_code == 200
    assert 'value="£700"' in text(ours.get(f"/transfers/new?draft={draft}"))


def test_a_draft_can_be_saved_discarded_and_ends_when_it_is_proposed(house: Any) -> None:
    ours = client(house, "robin", ("trust_finance", "T1"))
    answer = ours.post("/transfers/new", {**FORM, "do": "save"})
    assert answer.status_code == 302
    draft = answer["Location"].partition("draft=")[2]
    form = {**FORM, "draft": draft, "request": "r1"}
    unseen = ours.post("/transfers/new", {**form, "do": "propose"})
    assert "Nothing is proposed yet" in text(unseen) and rows(house, "transfers") == []
    assert 'value="propose"' not in text(ours.get("/transfers/new"))
    propose(ours, form)
    assert [(row.id, row.status, row.amount) for row in rows(house, "transfers")] == [
        ("N1", "proposed", 50_000)
    ]
    assert "Being prepared" not in text(ours.get("/transfers"))
    again = ours.post("/transfers/new", {**FORM, "id": "N2", "do": "save"})
    id = again["Location"].partition("draft=")[2]
    ours.post("/transfers/new", {"draft": id, "do": "discard"})
    assert "Being prepared" not in text(ours.get("/transfers"))


def test_what_is_missing_is_said_at_each_field_and_what_was_typed_is_kept(house: Any) -> None:
    ours = client(house, "robin", ("trust_finance", "T1"))
    answer = ours.post(
        "/transfers/new", {**FORM, "to": "", "amount": "lots", "repay_years": "x", "do": "propose"}
    )
    page = text(answer)
    assert answer.status_code == 422
    assert page.count('href="#to"') == page.count('href="#amount"') == 1
    assert 'href="#repay_years"' in page
    assert 'value="lots"' in page
    assert rows(house, "transfers") == []


def test_both_boards_agree_each_with_its_own_day_and_both_positions_move(house: Any) -> None:
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    ours = client(house, "robin", ("trust_finance", "T1"))
    theirs = client(house, "kerry", ("trust_finance", "T2"))
    page = ours.get("/transfers/N1")
    assert "It waits for First and for Second." in text(page)
    done = ours.post("/transfers/N1", {"do": "agree", "organisation": "T1", "on": "12 Nov 2026"})
    assert done.status_code == 302
    said = text(ours.get("/transfers/N1"))
    assert "Agreed. Receipt: entry " in said
    assert "Agree to the transfer" not in said
    theirs.post("/transfers/N1", {"do": "agree", "organisation": "T2", "on": "2026-11-20"})
    (row,) = rows(house, "transfers")
    assert (row.status, str(row.known)) == ("agreed", "2026-11-20")
    assert {one.organisation: str(one.on) for one in rows(house, "consents")} == {
        "T1": "2026-11-12",
        "T2": "2026-11-20",
    }


def test_nobody_agrees_for_another_body_and_a_refusal_needs_a_reason(house: Any) -> None:
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    other = client(house, "leslie", ("trust_finance", "T3"))
    assert "Agree to the transfer" not in text(other.get("/transfers/N1"))
    answer = other.post("/transfers/N1", {"do": "agree", "organisation": "T1", "on": "2026-11-20"})
    assert answer.status_code == 422
    ours = client(house, "robin", ("trust_finance", "T1"))
    answer = ours.post("/transfers/N1", {"do": "refuse", "organisation": "T1"})
    assert (answer.status_code, "A refusal needs a reason" in text(answer)) == (422, True)
    late = ours.post("/transfers/N1", {"do": "agree", "organisation": "T1", "on": "2027-01-01"})
    assert (late.status_code, "still to come" in text(late)) == (422, True)
    assert rows(house, "consents") == []
    ours.post("/transfers/N1", {"do": "refuse", "organisation": "T1", "why": "Not this year"})
    assert [row.status for row in rows(house, "transfers")] == ["refused"]
    assert "Propose another in its place" in text(ours.get("/transfers/N1"))


def test_another_proposal_is_filled_with_the_terms_of_the_first_and_takes_its_place(
    house: Any,
) -> None:
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    theirs = client(house, "kerry", ("trust_finance", "T2"))
    page = theirs.get("/transfers/new?answers=N1")
    assert 'name="answers" value="N1"' in text(page)
    form = {**FORM, **posted(page), "id": "N2", "amount": "£300"}
    assert propose(theirs, form).status_code == 302
    found = {row.id: (row.status, row.answers) for row in rows(house, "transfers")}
    assert found == {"N1": ("lapsed", None), "N2": ("proposed", "N1")}
    assert "was proposed in its place" in text(theirs.get("/transfers/N1"))


def test_a_form_that_is_sent_twice_is_done_once_and_an_old_one_clashes_in_words(house: Any) -> None:
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    ours = client(house, "robin", ("trust_finance", "T1"))
    form = dict(posted(ours.get("/transfers/N1"), do="refuse", organisation="T1", why="No"))
    assert ours.post("/transfers/N1", form).status_code == 302
    entry = house.position.ref.entry
    assert ours.post("/transfers/N1", form).status_code == 302
    assert house.position.ref.entry == entry
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **{**MONEY, "id": "N2"})
    old = dict(posted(ours.get("/transfers/N2"), do="refuse", organisation="T1", why="No"))
    do(house.desk, "lapse_transfer", "R. Region", on="2026-11-02", transfer="N2")
    answer = ours.post("/transfers/N2", old)
    assert answer.status_code == 409
    assert "Somebody changed this while you looked at it" in text(answer)


def test_what_is_paid_back_is_recorded_by_the_giver_and_never_more_than_is_owed(house: Any) -> None:
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    for code in ("T1", "T2"):
        do(house.desk, "agree_transfer", on="2026-11-02", transfer="N1", organisation=code)
    ours = client(house, "robin", ("trust_finance", "T1"))
    theirs = client(house, "kerry", ("trust_finance", "T2"))
    assert "Record the repayment" in text(ours.get("/transfers/N1"))
    assert "Record the repayment" not in text(theirs.get("/transfers/N1"))
    more = {"do": "repay", "year": "2027-28", "amount": "£900"}
    answer = ours.post("/transfers/N1", more)
    assert (answer.status_code, "than was owed" in text(answer)) == (422, True)
    ours.post("/transfers/N1", {**more, "amount": "£200"})
    bare = {"do": "write_off", "year": "2027-28", "amount": "£50"}
    assert ours.post("/transfers/N1", bare).status_code == 422
    ours.post("/transfers/N1", {**bare, "why": "The board of T2 closed the ward"})
    assert [(r.kind, r.amount) for r in rows(house, "repayments")] == [
        ("repaid", 20_000),
        ("written_off", 5_000),
    ]


def test_the_list_filters_and_an_auditor_reads_and_is_offered_nothing(house: Any) -> None:
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    auditor = client(house, "vic", ("auditor", "R1"))
    page = text(auditor.get("/transfers"))
    assert ">N1</a>" in page
    assert "/transfers/new" not in page
    assert "No money between organisations fits this." in text(
        auditor.get("/transfers?status=agreed")
    )
    assert auditor.get("/transfers/new").status_code == 403
    assert auditor.get("/transfers/NONE").status_code == 404
    assert 'name="do"' not in text(auditor.get("/transfers/N1"))


@pytest.mark.parametrize("amount", ["2.0", "20", "999"])
def test_a_small_number_without_a_unit_is_asked_about(house: Any, amount: str) -> None:
    ours = client(house, "robin", ("trust_finance", "T1"))
    answer = ours.post("/transfers/new", {**FORM, "amount": amount, "do": "show"})
    assert answer.status_code == 422
    assert f"£{amount}m for millions, £{amount}k for thousands" in text(answer)
    assert ours.post("/transfers/new", {**FORM, "amount": "2,000", "do": "show"}).status_code == 200


def test_interest_is_typed_in_per_cent_and_told_though_it_is_small(house: Any) -> None:
    ours = client(house, "robin", ("trust_finance", "T1"))
    form = {**FORM, "amount": "£2m", "interest": "1"}
    seen = text(ours.post("/transfers/new", {**form, "do": "show"}))
    assert "What is paid back (£k)" in seen and ">20</td>" in seen
    assert propose(ours, form).status_code == 302
    (row,) = rows(house, "transfers")
    assert row.interest == pytest.approx(0.01)
    again = text(ours.get("/transfers/new?answers=N1"))
    assert 'id="interest" name="interest" type="text" value="1"' in again
    wrong = ours.post("/transfers/new", {**form, "id": "N2", "interest": "a lot", "do": "show"})
    assert wrong.status_code == 422 and "per cent a year between" in text(wrong)


def test_a_transfer_says_that_no_control_total_moves_by_itself() -> None:
    browser = client(served(desk=fictional()), "vic", ("auditor", "XF-REG"))
    page = text(browser.get("/transfers/T-03"))
    assert "Nothing here moves a control total" in page
    assert "Saltmere ICB</a>, to be lowered by £4.0 million" in page
    assert "Nothing here moves a control total" not in text(browser.get("/transfers/T-04"))


def test_agreeing_without_the_boards_day_is_refused_at_the_field_by_page_and_program(
    house: Any,
) -> None:
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    ours = client(house, "robin", ("trust_finance", "T1"))
    answer = ours.post("/transfers/N1", {"do": "agree", "organisation": "T1", "on": ""})
    page = text(answer)
    assert answer.status_code == 422
    assert 'href="#agree-on"' in page
    assert "The day on which the board approved it is missing." in page
    body = {"request": "r1", "fields": {"transfer": "N1", "organisation": "T1"}}
    api = ours.post("/api/v1/acts/agree_transfer", body, content_type="application/json")
    assert (api.status_code, "is missing" in text(api)) == (422, True)
    assert rows(house, "consents") == []


def test_whoever_proposed_it_is_told_that_agreeing_is_the_boards_word(house: Any) -> None:
    ours = client(house, "robin", ("trust_finance", "T1"))
    propose(ours, {**FORM, "request": "r1"})
    words = "You proposed it. That it is agreed is your board"
    assert words in text(ours.get("/transfers/N1"))
    other = text(client(house, "kerry", ("trust_finance", "T2")).get("/transfers/N1"))
    assert "Agree to the transfer" in other
    assert words not in other


CONDITION = {"condition": "that both control totals move"}


def test_a_condition_on_control_totals_asks_the_region_for_them_with_a_link_to_the_form(
    house: Any,
) -> None:
    region = client(house, "ali", ("region", "R1"))
    ours = client(house, "robin", ("trust_finance", "T1"))
    total = {"organisation": "T1", "year": "2026/27", "amount": "2000", "unit": "£"}
    do(house.desk, "propose_total", on="2026-10-01", **total)
    do(house.desk, "accept_total", on="2026-10-02", organisation="T1", year="2026/27")
    do(house.desk, "propose_transfer", "R. Region", on="2026-11-01", **MONEY, **CONDITION)
    assert "Condition: that both control totals move. Since" in text(ours.get("/"))
    assert "control total of 2026/27, to be" not in text(region.get("/"))
    for code in ("T1", "T2"):
        do(house.desk, "agree_transfer", on="2026-11-02", transfer="N1", organisation=code)
    home = text(region.get("/"))
    assert "First: Control total of 2026/27, to be lowered by £500" in home
    assert "Second: Control total of 2026/27, to be raised by £500" in home
    assert 'href="/organisations/T1?transfer=N1#propose"' in home
    for code in ("T1", "T2"):
        side = text(client(house, f"at-{code.lower()}", ("trust_finance", code)).get("/"))
        others = side.partition('id="others"')[2]
        assert "First: Control total of 2026/27, to be lowered by £500" in others
        assert "Waits for the region." in others
    form = text(region.get("/organisations/T1?transfer=N1"))
    assert 'value="£1,500"' in form
    assert "Transfer N1: that both control totals move" in form
    assert 'value="£1,500"' not in text(ours.get("/organisations/T1?transfer=N1"))
    page = text(region.get("/transfers/N1"))
    assert 'href="/organisations/T1?transfer=N1#propose"' in page
    do(house.desk, "propose_total", **{**total, "amount": "1500"})
    home = text(region.get("/"))
    assert "First: Control total of 2026/27, to be lowered" not in home
    assert "Second: Control total of 2026/27, to be raised" in home
    assert "Accept or refuse the control total" in text(ours.get("/"))


def test_the_region_reads_the_name_of_a_body_once_in_what_waits_for_it(house: Any) -> None:
    region = client(house, "ali", ("region", "R1"))
    total = {"organisation": "T1", "year": "2026/27", "amount": "2000", "unit": "£"}
    do(house.desk, "propose_total", on="2026-10-01", **total)
    do(house.desk, "refuse_total", on="2026-10-02", organisation="T1", year="2026/27")
    home = text(region.get("/"))
    assert "First: Control total of 2026/27, a surplus of £2,000: refused" in home
    assert "First: First" not in home
