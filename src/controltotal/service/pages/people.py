"""People, offices and deputies: given and ended by an administrator, who sees no figure by being one.

Everybody else sees which office is held where, and by nobody's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.core.errors import BookError
from controltotal.service import people
from controltotal.service.access import holds
from controltotal.service.apps import house
from controltotal.service.browsing import numbers
from controltotal.service.models import Person
from controltotal.service.receipts import short_root
from controltotal.service.route import OFFICES, READER, Route
from controltotal.service.web import (
    OFFICE_WORDS,
    acting,
    do,
    frame,
    fresh_request,
    name,
    names,
    said,
    shown,
)

ROUTES: Final = (
    Route(
        "people",
        "people",
        "pages.people:offices",
        OFFICES,
        ("GET", "POST"),
        acts=("grant", "revoke"),
    ),
    Route("people/seen", "offices seen", "pages.people:seen", READER, ("POST",)),
    Route("people/accounts", "accounts", "pages.people:accounts", ("administrator",), ("POST",)),
)
TYPED: Final = ("subject", "role", "organisation", "from", "to", "why")


def offices(request: HttpRequest) -> HttpResponse:
    """Who holds which office; an administrator gives and ends them."""
    if request.method == "POST":
        return _changed(request)
    return _shown(request)


def _shown(request: HttpRequest, errors: Any = (), status: int = 200, password: Any = None) -> Any:
    page = frame(request, "People")
    page.errors = list(errors)
    keeps = holds(request, "administrator")
    rows = _rows(keeps)
    held_by = {row["subject"] for row in rows}
    persons = list(Person.objects.order_by("name")) if keeps else []
    return shown(
        request,
        "people.html.j2",
        page,
        status=status,
        keeps=keeps,
        rows=rows,
        held=[(row["at"], row["office"]) for row in rows],
        persons=[(one.subject, f"{one.name} ({one.username})") for one in persons if one.is_active],
        accounts=persons,
        without=[one for one in persons if one.is_active and one.subject not in held_by],
        roles=[(role, OFFICE_WORDS[role]) for role in OFFICES],
        bodies=sorted(names().items(), key=lambda pair: pair[1]),
        request_id=fresh_request(),
        typed={field: request.POST.get(field, "") if errors else "" for field in TYPED},
        password=password,
    )


def _rows(keeps: bool) -> list[Mapping[str, Any]]:
    """The offices in force or to come: with the persons for an administrator, else where they are held."""
    today = house().desk.today()
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for row in house().position.book.grants:
        if row.to is not None and row.to < today:
            continue
        person = (row.name, row.subject) if keeps else ("", "")
        cells = {
            "name": person[0],
            "subject": person[1],
            "role": row.role,
            "office": OFFICE_WORDS.get(row.role, row.role),
            "organisation": row.organisation,
            "at": name(row.organisation),
            "since": row.from_ if keeps else None,
            "until": row.to if keeps else None,
            "later": row.from_ is not None and row.from_ > today,
        }
        if keeps or not cells["later"]:
            found.setdefault((*person, row.role, row.organisation), cells)
    return sorted(found.values(), key=lambda one: (one["at"], one["office"], one["name"]))


def _changed(request: HttpRequest) -> HttpResponse:
    """Give an office, or end one."""
    ends = "end" in request.POST
    fields = {
        key: request.POST.get(key, "").strip()
        for key in ("subject", "role", "organisation", *(() if ends else ("from", "to")))
    }
    if not ends:
        found = Person.objects.filter(subject=fields["subject"], is_active=True).first()
        if found is None and holds(request, "administrator"):
            return _shown(request, [("#subject", "Choose the person")], 422)
        fields["name"] = found.name if found else ""
    outcome = do(request, "revoke" if ends else "grant", {k: v for k, v in fields.items() if v})
    if outcome.done is None:
        refused = 409 if outcome.clash else 422 if holds(request, "administrator") else 403
        return _shown(request, outcome.errors, refused)
    what = "The office is ended" if ends else "The office is given"
    messages.success(
        request,
        f"{what}. Receipt: entry {outcome.done.last}, root {short_root(outcome.done.root)}. "
        "It holds from their next page on.",
    )
    return HttpResponseRedirect("/people", status=303)


def seen(request: HttpRequest) -> HttpResponse:
    """Keep that whoever asks has seen which offices were given, up to an entry that they were shown."""
    entry = next(numbers(request.POST.get("entry", "")), 0)
    shown_to = min(entry, house().position.ref.entry)
    Person.objects.filter(pk=request.user.pk, offices_seen__lt=shown_to).update(
        offices_seen=shown_to
    )
    return HttpResponseRedirect("/", status=303)


def accounts(request: HttpRequest) -> HttpResponse:
    """Make an account, give it a new password, or end it; a password is shown once."""
    wanted = request.POST.get("do", "")
    username = request.POST.get("username", "").strip()
    try:
        if wanted == "add":
            person, password = people.add_person(
                username,
                request.POST.get("name", ""),
                request.POST.get("provider_subject", "").strip(),
            )
            return _shown(request, password=(person, password))
        person = people.find_person(username)
        if person == request.user:
            raise BookError("this is your own account", "people", "let another administrator do it")
        if wanted == "reset" and not person.has_usable_password():
            raise BookError(
                f"{username} signs in with the account of their organisation",
                "people",
                "have the password renewed there",
            )
        if wanted == "reset":
            return _shown(request, password=(person, people.renew_password(person)))
        if wanted == "disable":
            people.end_person(house().desk, person, acting(request))
            messages.success(
                request, "The account is ended, with its sessions, tokens and offices."
            )
            return HttpResponseRedirect("/people", status=303)
        raise BookError("nothing was asked", "people", "choose what is to be done")
    except BookError as error:
        return _shown(request, [("#username", said(error))], 422)
