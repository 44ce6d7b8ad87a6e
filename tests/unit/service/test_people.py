"""People and offices: what an administrator does, what everybody else sees, one's own account."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from controltotal.core.errors import BookError
from controltotal.service import people
from controltotal.service.adding import first_administrator
from controltotal.service.models import Person, SignIn, Token
from controltotal.service.tokens import digest_of
from tests.service_house import client, person, posted, served

FINANCE = ("trust_finance", "T1")
KEEPER = ("administrator", "S1")


def test_an_administrator_gives_an_office_and_ends_it_and_the_next_page_knows() -> None:
    house = served()
    keeper, other = client(house, "billie", KEEPER), client(house, "kerry")
    assert other.get("/head").status_code == 403
    page = keeper.get("/people")
    given = {"subject": "subject-kerry", "role": "trust_finance", "organisation": "T1"}
    answer = keeper.post("/people", posted(page, **given, why="joins"))
    assert (answer.status_code, answer["Location"]) == (303, "/people")
    assert b"Receipt: entry" in keeper.get("/people").content
    assert other.get("/head").status_code == 200
    answer = keeper.post("/people", {**given, "end": "yes", "why": "left", "request": "r2"})
    assert answer.status_code == 303
    assert other.get("/head").status_code == 403
    row = [r for r in house.position.book.grants if r.subject == "subject-kerry"]
    assert [r.by for r in row] in ([], ["Billie Example"])


def test_a_deputy_holds_an_office_from_a_day_to_a_day() -> None:
    house = served()
    keeper, deputy = client(house, "billie", KEEPER), client(house, "kerry")
    today = house.desk.today()
    given = {"subject": "subject-kerry", "role": "chief_nurse", "organisation": "T1"}
    dates = {"from": str(today + timedelta(2)), "to": str(today + timedelta(9))}
    assert keeper.post("/people", {**given, **dates, "why": "leave"}).status_code == 303
    assert deputy.get("/head").status_code == 403, "it has not begun"
    assert b"begins later" in keeper.get("/people").content


def test_nobody_else_gives_an_office_nor_sees_a_name() -> None:
    house = served()
    person(house, "kerry", ("chief_nurse", "T1"))
    browser = client(house, "robin", FINANCE)
    page = browser.get("/people")
    assert page.status_code == 200 and b"Chief nurse" in page.content
    assert b"Kerry" not in page.content and b"Give an office" not in page.content
    given = {"subject": "subject-robin", "role": "region", "organisation": "S1"}
    before = house.position.ref
    assert browser.post("/people", given).status_code == 403
    assert browser.post("/people/accounts", {"do": "add", "username": "x"}).status_code == 403
    assert house.position.ref == before
    assert client(house, "nobody").get("/people").status_code == 403


def test_an_administrator_sees_no_figure_and_gives_themselves_no_office() -> None:
    house = served()
    keeper = client(house, "billie", KEEPER)
    assert "£" not in keeper.get("/people").content.decode()
    assert keeper.get("/head").status_code == 403
    own = {"subject": "subject-billie", "role": "system_finance", "organisation": "S1"}
    answer = keeper.post("/people", own)
    assert answer.status_code == 422 and b"to themselves" in answer.content


def test_a_person_who_is_added_has_a_password_once_and_changes_it_first() -> None:
    house = served()
    keeper = client(house, "billie", KEEPER)
    page = keeper.post("/people/accounts", {"do": "add", "username": "kerry", "name": "Kerry B"})
    shown = re.search(r'id="password">([^<]+)<', page.content.decode())
    assert shown is not None
    made = Person.objects.get(username="kerry")
    assert made.check_password(shown[1]) and made.given_password
    assert shown[1] not in keeper.get("/people").content.decode()
    again = keeper.post("/people/accounts", {"do": "add", "username": "Kerry", "name": "K"})
    assert again.status_code == 422 and b"there already" in again.content


def test_an_account_that_is_ended_is_out_at_once_with_its_tokens_and_offices() -> None:
    house = served()
    keeper, other = client(house, "billie", KEEPER), client(house, "robin", FINANCE)
    assert other.get("/account").status_code == 200
    done = keeper.post("/people/accounts", {"do": "disable", "username": "robin"})
    assert done.status_code == 303
    assert other.get("/account").status_code == 302
    today = house.desk.today()
    held = [r for r in house.position.book.grants if r.subject == "subject-robin"]
    assert all(r.to is not None and r.to < today for r in held)
    refused = keeper.post("/people/accounts", {"do": "disable", "username": "billie"})
    assert refused.status_code == 422


def test_a_token_is_shown_once_and_kept_as_a_digest() -> None:
    browser = client(served(), "robin", FINANCE)
    page = browser.post("/account/tokens", {"title": "our ledger", "scope": "read", "days": "30"})
    shown = re.search(r'id="token">([^<]+)<', page.content.decode())
    assert shown is not None
    kept = Token.objects.get()
    assert (kept.digest, kept.scope) == (digest_of(shown[1]), "read")
    assert timedelta(29) < kept.ends - timezone.now() < timedelta(31)
    assert shown[1] not in browser.get("/account").content.decode()
    assert browser.post("/account/tokens", {"end": str(kept.pk)}).status_code == 302
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"days": "0"}, {"days": "9999"}, {"scope": "all"}, {"title": ""}]
)
def test_a_token_without_an_end_or_a_scope_is_refused(wrong: dict[str, str]) -> None:
    browser = client(served(), "robin", FINANCE)
    given = {"title": "a", "scope": "read", "days": "30", **wrong}
    assert browser.post("/account/tokens", given).status_code == 422
    assert not Token.objects.exists()


def confirmed(browser: Client) -> None:
    """The sign-in was a moment ago: what is grave is not asked to be confirmed."""
    session = browser.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()


def test_nobody_ends_the_token_or_the_session_of_another() -> None:
    house = served()
    first, second = client(house, "robin", FINANCE), client(house, "kerry", FINANCE)
    first.post("/account/tokens", {"title": "a", "scope": "read", "days": "30"})
    first.get("/account"), second.get("/account")
    second.post("/account/tokens", {"end": str(Token.objects.get().pk)})
    confirmed(second)
    second.post("/account/sessions", {"end": "all"})
    assert Token.objects.count() == 1 and first.get("/account").status_code == 200


def test_other_sessions_are_listed_and_ended() -> None:
    house = served()
    first = client(house, "robin", FINANCE)
    second = Client()
    second.force_login(Person.objects.get(username="robin"))
    assert SignIn.objects.filter(person__username="robin").count() == 2
    assert b"Elsewhere" in first.get("/account").content
    confirmed(first)
    first.post("/account/sessions", {"end": "all"})
    assert (first.get("/account").status_code, second.get("/account").status_code) == (200, 302)


def test_the_first_administrator_is_asked_for_once() -> None:
    house = served()
    told: list[str] = []
    answers = iter(("billie", "Billie Rowan"))
    first_administrator(house, "book", told.append, lambda _: next(answers))
    assert any("billie can sign in with the password" in text for text in told)
    assert people.has_administrator(house.desk)
    first_administrator(house, "book", told.append, lambda _: next(answers))


def test_in_a_pipe_it_is_said_how_the_first_administrator_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    told: list[str] = []
    first_administrator(served(), "book", told.append)
    assert "controltotal user add book USERNAME" in told[0] and "administrator" in told[0]


@pytest.mark.parametrize("name", ["", "a b", "a/b", "<b>"])
def test_a_user_name_is_letters_and_figures(name: str) -> None:
    served()
    with pytest.raises(BookError):
        people.add_person(name, "A Person")


def told(browser: Client) -> list[str]:
    """The offices that somebody's home page says were given."""
    page = browser.get("/").content.decode()
    _, _, after = page.partition('id="given"')
    return re.findall(r"<li>(.*?) <a ", after) if after else []


def gives(keeper: Client, subject: str, role: str, organisation: str, **more: str) -> None:
    """An administrator gives an office."""
    given = {"subject": subject, "role": role, "organisation": organisation, "why": "joins"}
    request = f"{subject}{role}{organisation}{len(more)}"
    assert keeper.post("/people", {**given, "request": request, **more}).status_code == 303


def test_an_office_that_an_administrator_gave_is_told_where_it_is_held_until_it_is_seen() -> None:
    house = served()
    keeper, director = client(house, "billie", KEEPER), client(house, "robin", FINANCE)
    system, other = (
        client(house, "sam", ("system_finance", "S1")),
        client(house, "ali", ("trust_finance", "T2")),
    )
    assert told(director) == []
    person(house, "second")
    gives(keeper, "subject-second", "trust_finance", "T1")
    words = (
        "Trust finance at First, to Second Example from 30 November 2026: given by Billie Example."
    )
    assert told(director) == told(system) == [words]
    assert told(other) == told(keeper) == told(client(house, "second")) == []
    hidden = posted(director.get("/"))
    assert director.post("/people/seen", {"entry": hidden["entry"]}).status_code == 303
    assert told(director) == [] and told(system) == [words], "each has seen it, or has not"
    gives(keeper, "subject-second", "chief_nurse", "T1")
    assert len(told(director)) == 1 and len(told(system)) == 2
    director.post("/people/seen", {"entry": str(house.position.ref.entry + 50)})
    gives(keeper, "subject-second", "programme_office", "T1")
    assert len(told(director)) == 1, "nothing is seen before it was there"


def test_an_office_that_was_given_and_taken_back_the_same_day_is_told_all_the_same() -> None:
    house = served()
    keeper, director = client(house, "billie", KEEPER), client(house, "robin", FINANCE)
    person(house, "second")
    gives(keeper, "subject-second", "trust_finance", "T1")
    gives(keeper, "subject-second", "trust_finance", "T1", end="yes")
    assert not [row for row in house.position.book.grants if row.subject == "subject-second"]
    assert len(told(director)) == 1


def test_who_comes_later_is_not_told_of_offices_that_were_given_before() -> None:
    house = served()
    keeper = client(house, "billie", KEEPER)
    for name in ("second", "third"):
        person(house, name)
        gives(keeper, f"subject-{name}", "trust_finance", "T1")
    assert len(told(client(house, "second"))) == 1, "of the third"
    assert told(client(house, "third")) == []
