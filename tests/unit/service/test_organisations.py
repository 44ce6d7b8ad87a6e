"""An organisation on one page: where it stands, its control total with who answers it, and who read it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.act_books import do
from tests.service_house import client, person, served


@pytest.fixture
def house() -> Any:
    """A service of the small system."""
    return served()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def totals(house: Any) -> list[tuple[str, int, str, str | None]]:
    rows = house.position.book.control_totals
    return [(row.organisation, row.amount, row.status, row.set_by) for row in rows]


def test_every_organisation_has_a_page_with_its_parts_and_an_unknown_one_has_none(
    house: Any,
) -> None:
    reader = client(house, "vic", ("auditor", "R1"))
    page = text(reader.get("/organisations"))
    for code in ("S1", "B1", "T1", "T2", "T3"):
        assert f'href="/organisations/{code}"' in page
        assert reader.get(f"/organisations/{code}").status_code == 200
    assert reader.get("/organisations/XX").status_code == 404
    page = text(reader.get("/organisations/T1"))
    for words in ("Control total", "Months sent", "SC1", "Transfers", "What does not agree"):
        assert words in page
    assert "Who reads this" not in page
    assert 'name="do"' not in page


def test_a_control_total_is_proposed_by_the_region_and_accepted_or_refused_by_the_body(
    house: Any,
) -> None:
    region = client(house, "ali", ("region", "R1"))
    ours = client(house, "robin", ("trust_finance", "T1"))
    other = client(house, "kerry", ("trust_finance", "T2"))
    form = {"do": "propose", "form": "propose", "year": "2026-27", "reason": "Fair share"}
    form["includes_support"] = "yes"
    wrong = region.post("/organisations/T1", {**form, "amount": "a lot"})
    assert (wrong.status_code, 'href="#propose-amount"' in text(wrong)) == (422, True)
    assert other.post("/organisations/T1", {**form, "amount": "1"}).status_code == 422
    assert region.post("/organisations/T1", {**form, "amount": "(£2.5m)"}).status_code == 302
    assert totals(house) == [("T1", -250_000_000, "proposed", "Region, regional team")]
    assert "It waits for you: 2026/27: a deficit of £2.5 million, proposed" in text(
        ours.get("/organisations/T1")
    )
    assert "It waits for you" not in text(other.get("/organisations/T1"))
    bare = {"do": "refuse", "form": "refuse-0", "year": "2026-27"}
    answer = ours.post("/organisations/T1", bare)
    assert (answer.status_code, "A refusal needs a reason" in text(answer)) == (422, True)
    taken = {"do": "accept", "form": "accept-0", "year": "2026-27"}
    assert other.post("/organisations/T1", taken).status_code == 422
    assert ours.post("/organisations/T1", taken).status_code == 302
    assert totals(house)[-1][2] == "accepted"
    gone = {"do": "withdraw", "form": "withdraw-0", "year": "2026-27", "why": "Replaced"}
    assert region.post("/organisations/T1", gone).status_code == 302
    assert totals(house)[-1][2] == "withdrawn"


def test_a_query_is_put_by_the_region_and_answered_by_the_body_beside_it(house: Any) -> None:
    region = client(house, "ali", ("region", "R1"))
    ours = client(house, "robin", ("trust_finance", "T1"))
    asked = {"do": "challenge", "form": "challenge", "year": "2026-27", "grounds": "Set late?"}
    assert region.post("/organisations/T1", asked).status_code == 302
    assert "A query waits for your answer" in text(ours.get("/organisations/T1"))
    empty = ours.post("/organisations/T1", {"do": "answer", "form": "answer", "answer": ""})
    assert (empty.status_code, 'href="#answer-answer"' in text(empty)) == (422, True)
    given = {"do": "answer", "form": "answer", "answer": "It was", "outcome": "upheld"}
    assert ours.post("/organisations/T1", given).status_code == 302
    (row,) = house.position.book.challenges
    assert (row.grounds, row.answer, row.outcome) == ("Set late?", "It was", "upheld")
    assert "A query waits" not in text(ours.get("/organisations/T1"))


def test_an_organisation_sees_by_office_who_of_others_read_it_and_nobody_else_does(
    house: Any,
) -> None:
    from controltotal.service.models import Reading

    reader = person(house, "vic", ("auditor", "R1"), name="Vic Oakes")
    Reading.objects.create(person=reader, organisation="T1", page="organisation", day="2026-11-20")
    ours = text(client(house, "robin", ("trust_finance", "T1")).get("/organisations/T1"))
    assert "Auditor, Region" in ours
    assert "Vic Oakes" not in ours
    other = text(client(house, "kerry", ("trust_finance", "T2")).get("/organisations/T1"))
    assert "Who reads this" not in other


def test_money_given_and_received_leads_to_its_page(house: Any) -> None:
    from tests.act_books import CASES

    do(house.desk, "propose_transfer", "R. Region", **dict(CASES["propose_transfer"].fields))
    page = text(client(house, "vic", ("auditor", "R1")).get("/organisations/T2"))
    assert 'href="/transfers/N1"' in page
    assert "from First" in page
