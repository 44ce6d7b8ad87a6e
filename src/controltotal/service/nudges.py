"""Reminders of what waits: how many matters, since when, and a link; never a figure, a title or a name.

They go through the house's mail relay, or as `.eml` files into the folder `mail` where there is none.
Each person sets how often: daily, weekly (on Mondays) or never. What is overdue goes once to the deputy,
whoever holds the same office at the same organisation until a day.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP as MAIL
from email.utils import format_datetime, make_msgid
from smtplib import SMTP, SMTPException
from ssl import create_default_context
from typing import Final

from django.utils import timezone

from controltotal.acts.actors import Grant
from controltotal.acts.matter import Waiting
from controltotal.acts.waiting import waiting
from controltotal.core.calendar import day_words
from controltotal.core.keys import word
from controltotal.service.access import actor_for
from controltotal.service.apps import house
from controltotal.service.models import Nudge, Person
from controltotal.service.settings import folder

OFTEN: Final = {
    "daily": "Every day on which something waits",
    "weekly": "On Mondays",
    "never": "Never",
}
"""How often somebody may be reminded, in words."""
TODAY: Final = "reminded today already"
NOT_SENT: Final = "the reminder could not be sent"
WANTS_NONE: Final = "whoever sends it wants no reminders"
NO_ADDRESS: Final = "whoever sends it has given no address: each gives their own under Your account"
NOBODY: Final = "nobody holds the office that sends it"
WAIT: Final = 20
"""Seconds that the relay is given."""
SENDER: Final = "reminders@localhost"
DAILY: Final = "daily"
REMINDED: Final = "remind"
KINDS: Final = {
    "month": ("a month to send", "months to send"),
    "approval": ("a month to approve", "months to approve"),
    "transfer": ("a transfer", "transfers"),
    "total": ("a control total", "control totals"),
    "challenge": ("a query", "queries"),
    "repayment": ("a repayment", "repayments"),
    "assessment": ("an assessment", "assessments"),
    "signature": ("a signature", "signatures"),
    "panel": ("a decision of the panel", "decisions of the panel"),
    "information": ("a request for information", "requests for information"),
    "refusal": ("a scheme that was refused", "schemes that were refused"),
    "gate": ("a gate", "gates"),
    "condition": ("a condition", "conditions"),
    "milestone": ("a milestone", "milestones"),
    "question": ("a question", "questions"),
    "review": ("a review", "reviews"),
    "office": ("an office that ends", "offices that end"),
}
"""What waits, by kind: one of it, and several."""
NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def sentence(found: Sequence[Waiting]) -> str:
    """What waits, in one sentence: kinds, how many, since when.

    >>> one = Waiting("assessment", "secret", "", date(2026, 12, 3), None, "", "", "", (), "", "")
    >>> sentence([one, one])
    'Two assessments wait for you, the older since 3 December 2026.'
    >>> sentence([one])
    'An assessment waits for you, since 3 December 2026.'
    """
    counts: dict[str, int] = {}
    for one in found:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    parts = [
        KINDS[kind][0] if many == 1 else f"{_number(many)} {KINDS[kind][1]}"
        for kind, many in counts.items()
    ]
    what = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    days = [one.since for one in found if one.since]
    since = f"since {day_words(min(days).isoformat())}" if days else ""
    oldest = "" if len(found) == 1 else "the older " if len(found) == 2 else "the oldest "
    verb = "waits" if len(found) == 1 else "wait"
    text = f"{what} {verb} for you{f', {oldest}{since}' if since else ''}."
    return text[:1].upper() + text[1:]


def _number(many: int) -> str:
    return NUMBERS[many] if many < len(NUMBERS) else str(many)


def nudge_all(now: datetime | None = None) -> int:
    """Remind whoever wants it today, once a day; how many were reminded. The worker calls it."""
    moment = now or timezone.now()
    today = house().desk.today()
    sent = 0
    for person in Person.objects.filter(is_active=True).exclude(email="").exclude(nudges="never"):
        own, as_deputy = _offices(person, today)
        found = waiting(house().workings, own, today, person.subject)
        if found and _wanted(person, today) and not _told(person, DAILY, moment):
            sent += _send(person, sentence(found), [DAILY], moment)
        late = _overdue_once(person, as_deputy, today)
        if late:
            said = sentence(late)
            words = f"Overdue, and you are the deputy: {said[:1].lower()}{said[1:]}"
            sent += _send(person, words, [_label(one) for one in late], moment)
    return sent


def _wanted(person: Person, today: date) -> bool:
    return person.nudges == "daily" or (person.nudges == "weekly" and today.weekday() == 0)


def _told(person: Person, what: str, moment: datetime) -> bool:
    """Whether somebody was reminded of this on the same day."""
    day = timezone.localdate(moment)
    return bool(Nudge.objects.filter(person=person, what=what, at__date=day).exists())


def _offices(person: Person, today: date) -> tuple[list[Grant], list[Grant]]:
    """The offices that somebody holds as their own today, and those held as a deputy.

    A deputy holds an office until a day while somebody else holds the same without end.
    """
    rows = house().position.book.grants
    lasting = {
        (word(row.role), row.organisation)
        for row in rows
        if row.to is None and row.subject != person.subject and (row.from_ or today) <= today
    }
    held = [one for one in actor_for(house().position, person).grants if one.holds(today)]
    deputed = [one for one in held if one.until and (one.role, one.organisation) in lasting]
    return [one for one in held if one not in deputed], deputed


def _overdue_once(person: Person, grants: Sequence[Grant], today: date) -> list[Waiting]:
    """What is overdue and waits for a deputy, each matter once."""
    if not grants:
        return []
    known = set(Nudge.objects.filter(person=person).values_list("what", flat=True))
    found = waiting(house().workings, grants, today, person.subject)
    return [one for one in found if one.overdue(today) and _label(one) not in known]


def _label(one: Waiting) -> str:
    return f"overdue {one.about}"[:200]


def remind(organisations: Sequence[str]) -> int:
    """Remind those who send the months of some organisations, once a day; how many were reminded."""
    today, moment = house().desk.today(), timezone.now()
    sent = 0
    for person in Person.objects.filter(is_active=True).exclude(email="").exclude(nudges="never"):
        own, _ = _offices(person, today)
        found = [
            one
            for one in waiting(house().workings, own, today, person.subject)
            if one.kind == "month" and one.organisation in organisations
        ]
        if found and not _told(person, REMINDED, moment):
            sent += _send(person, sentence(found), [REMINDED], moment)
    return sent


def not_reminded(organisations: Sequence[str]) -> list[tuple[str, str]]:
    """Of each of some organisations why nobody of it is reminded now: its code, and the reason."""
    today, moment = house().desk.today(), timezone.now()
    found: dict[str, set[str]] = {}
    for person in Person.objects.filter(is_active=True):
        own, _ = _offices(person, today)
        waits = waiting(house().workings, own, today, person.subject)
        for code in {one.organisation for one in waits if one.kind == "month"}:
            why = (
                NO_ADDRESS
                if not person.email
                else WANTS_NONE
                if person.nudges == "never"
                else TODAY
                if _told(person, REMINDED, moment)
                else NOT_SENT
            )
            found.setdefault(code, set()).add(why)
    reasons = (TODAY, NOT_SENT, WANTS_NONE, NO_ADDRESS)
    return [
        (code, next((one for one in reasons if one in found.get(code, ())), NOBODY))
        for code in organisations
    ]


def _send(person: Person, text: str, labels: Sequence[str], moment: datetime) -> int:
    """Send one reminder, and note that it was sent; nothing is noted where it could not be."""
    if not _deliver(message_to(person, text, moment)):
        return 0
    for label in labels:
        Nudge.objects.create(person=person, what=label)
    return 1


def message_to(person: Person, text: str, moment: datetime) -> EmailMessage:
    """A reminder as a message: one sentence and a link."""
    deployment = house().deployment
    message = EmailMessage(policy=MAIL)
    message["From"] = deployment.mail_from or SENDER
    message["To"] = person.email
    message["Subject"] = "Something waits for you"
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = make_msgid(domain="controltotal.invalid")
    message["Auto-Submitted"] = "auto-generated"
    link = f"{deployment.url}/"
    often = f"{deployment.url}/account/reminders"
    message.set_content(
        f"{text}\n\nSee it: {link}\n\nHow often you are reminded is yours to set: {often}\n"
    )
    return message


def _deliver(message: EmailMessage) -> bool:
    """Hand a message to the relay, or put it into the folder; whether that was done."""
    deployment = house().deployment
    if not deployment.mail_relay:
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        place = folder(deployment, "mail") / f"{name}.eml"
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(message.as_bytes())
        return True
    host, _, port = deployment.mail_relay.partition(":")
    try:
        with SMTP(host, int(port or 25), timeout=WAIT) as relay:
            if relay.has_extn("starttls"):
                relay.starttls(context=create_default_context())
            relay.send_message(message)
    except (OSError, SMTPException, ValueError):
        return False  # the worker tries again at its next round
    return True
