"""The first pages: who has not signed in sees no figure, an office opens the rest."""

from __future__ import annotations

from django.test import Client

from tests.service_house import client, served


def test_who_has_not_signed_in_is_led_to_the_sign_in_and_back() -> None:
    served()
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2F")
    assert Client().get("/health").content == b"ok\n"


def test_an_office_opens_the_pages_and_none_opens_nothing() -> None:
    house = served()
    assert client(house, "robin", ("trust_finance", "T1")).get("/head").status_code == 200
    assert client(house, "kerry").get("/head").status_code == 403
    assert client(house, "billie", ("administrator", "S1")).get("/head").status_code == 403


def test_an_office_that_was_revoked_is_gone_at_the_next_request() -> None:
    from controltotal.acts import act
    from controltotal.acts.actors import local_actor

    house = served()
    browser = client(house, "robin", ("trust_finance", "T1"))
    assert browser.get("/head").status_code == 200
    act("revoke", house.desk, {"subject": "subject-robin"}, why="left", as_=local_actor("Tests"))
    assert browser.get("/head").status_code == 403
