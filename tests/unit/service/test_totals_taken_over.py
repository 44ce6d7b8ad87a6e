"""A control total that takes another's place says of support what that one said: its gap is told all along."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from controltotal.workings import gaps
from tests.act_books import do
from tests.fictional_ledger import fictional
from tests.service_house import client, served

YEAR = "2026-27"
MONEY = {
    "id": "T-09",
    "from": "XF-FTH",
    "to": "XF-ALD",
    "year": "2026/27",
    "amount": "1200",
    "unit": "£k",
    "kind": "neighbour_support",
    "mechanism": "resource_transfer",
    "condition": "Both control totals move",
}
SIDES = (("XF-FTH", -120_000_000), ("XF-ALD", 120_000_000))
"""Each side of the transfer, with the pence by which its control total moves."""


@pytest.fixture
def house() -> Any:
    """A service of the fictional system, in which both sides agreed a transfer on that condition."""
    found = served(desk=fictional())
    do(found.desk, "propose_transfer", "R. Region", **MONEY)
    for code, _ in SIDES:
        do(found.desk, "agree_transfer", transfer="T-09", organisation=code)
    return found


def text(answer: Any) -> str:
    return unescape(str(answer.content.decode()))


def gap(house: Any, code: str, basis: str) -> int | None:
    return gaps.gap(house.workings.totals, code, YEAR, basis).pence


def filled(page: str, form: str) -> dict[str, str]:
    """What a browser sends of a form that nobody changed."""
    _, _, inside = page.partition(f'id="{form}">')
    inside = inside.partition("</form>")[0]
    sent = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', inside))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', inside, re.S):
        values = re.findall(r'<option value="([^"]*)"([^>]*)>', options)
        sent[name] = next((one for one, more in values if "selected" in more), values[0][0])
    sent |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', inside, re.S))
    return sent


def test_the_gap_is_told_before_and_after_and_moves_by_exactly_the_difference(house: Any) -> None:
    region = client(house, "ali", ("region", "XF-REG"))
    for code, moved in SIDES:
        before = {basis: gap(house, code, basis) for basis in ("plan", "forecast")}
        page = text(region.get(f"/organisations/{code}?transfer=T-09"))
        form = filled(page, "propose")
        assert form["includes_support"] == "yes"
        assert "Empty: as in the one in force (2026/27: Chief Finance Officer" in page
        assert region.post(f"/organisations/{code}", form).status_code == 302
        director = client(house, f"at-{code.lower()}", ("trust_finance", code))
        asked = text(director.get(f"/organisations/{code}"))
        assert "Whether support counts towards it: yes" in asked
        assert "Where an appeal goes: Regional director within 20 working days" in asked
        answer = director.post(f"/organisations/{code}", filled(asked, "accept-0"))
        assert answer.status_code == 302
        row = house.position.book.control_totals[-1]
        assert (row.status, row.includes_support) == ("accepted", True)
        assert row.owner.startswith("Chief Finance Officer")
        for basis, was in before.items():
            assert was is not None
            assert gap(house, code, basis) == was + moved
    page = text(region.get("/transfers/T-09"))
    effect = page.partition("Before and after both agree")[2].partition("</table>")[0]
    assert effect and "not told" not in effect


def test_the_region_may_say_otherwise_and_the_body_reads_it_before_it_accepts(house: Any) -> None:
    region = client(house, "ali", ("region", "XF-REG"))
    form = {"do": "propose", "form": "propose", "year": YEAR, "amount": "£0", "owner": "The board"}
    form["includes_support"] = "no"
    assert region.post("/organisations/XF-MHT", form).status_code == 302
    page = text(client(house, "kim", ("trust_finance", "XF-MHT")).get("/organisations/XF-MHT"))
    assert "Whether support counts towards it: no" in page
    assert "Who answers for it: The board" in page


def test_every_door_takes_over_the_same(house: Any) -> None:
    region = client(house, "ali", ("region", "XF-REG"))
    fields = {"organisation": "XF-COM", "year": "2026/27", "amount": "5", "unit": "£m"}
    body = {"request": "total-1", "fields": fields}
    sent = region.post("/api/v1/acts/propose_total", body, content_type="application/json")
    assert sent.status_code in (200, 201)
    by_program = house.position.book.control_totals[-1]
    notice = "as in the control total in force: support does not count towards it"
    assert notice in text(sent)
    done = do(house.desk, "propose_total", "R. Region", **fields)
    by_command = house.position.book.control_totals[-1]
    form = {"do": "propose", "form": "propose", "year": YEAR, "amount": "£5m"}
    assert region.post("/organisations/XF-COM", form).status_code == 302
    by_page = house.position.book.control_totals[-1]
    assert any(one.startswith(notice) for one in done.notices)
    for name in ("includes_support", "owner", "monitor", "consequence", "appeal", "amount"):
        found = {getattr(one, name) for one in (by_program, by_command, by_page)}
        assert len(found) == 1, name
        assert found != {None}, name


def test_where_none_is_in_force_the_form_asks_whether_support_counts() -> None:
    house = served()
    region = client(house, "ali", ("region", "R1"))
    assert "No control total is in force: choose yes or no." in text(
        region.get("/organisations/T1")
    )
    form = {"do": "propose", "form": "propose", "year": YEAR, "amount": "a lot"}
    wrong = region.post("/organisations/T1", form)
    page = text(wrong)
    assert wrong.status_code == 422
    assert 'href="#propose-includes_support"' in page
    assert 'href="#propose-amount"' in page
    assert "Say whether support counts" in page
    right = {**form, "amount": "£1m", "includes_support": "no"}
    assert region.post("/organisations/T1", right).status_code == 302
    assert house.position.book.control_totals[-1].includes_support is False
