"""How often somebody is reminded of what waits, and where to."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from controltotal.service.nudges import OFTEN
from controltotal.service.route import SIGNED_IN, Route
from controltotal.service.web import frame, shown

ROUTES: Final = (
    Route(
        "account/reminders",
        "reminders",
        "pages.reminders:reminders",
        SIGNED_IN,
        ("GET", "POST"),
    ),
)


def reminders(request: HttpRequest) -> HttpResponse:
    """Set how often one is reminded: daily, weekly or never."""
    person = request.user
    typed = {"nudges": person.nudges, "email": person.email}
    errors = []
    if request.method == "POST":
        typed = {key: request.POST.get(key, "").strip() for key in typed}
        if typed["nudges"] not in OFTEN:
            errors.append(("#nudges", "Choose how often you are reminded."))
        if typed["email"]:
            try:
                validate_email(typed["email"])
            except ValidationError:
                errors.append(("#email", "Give an address such as finance@example.org."))
        if not errors:
            person.nudges, person.email = typed["nudges"], typed["email"]
            person.save(update_fields=["nudges", "email"])
            messages.success(request, "Saved.")
            return HttpResponseRedirect("/account/reminders")
    page = frame(request, "Reminders", (("/", "Home"), ("/account", "Your account")))
    page.errors = errors
    status = 422 if errors else 200
    return shown(
        request, "reminders.html.j2", page, status, typed=typed, choices=list(OFTEN.items())
    )
