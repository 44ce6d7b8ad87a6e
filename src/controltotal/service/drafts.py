"""Drafts: what an organisation has begun and not sent. Its own people see them, and nobody else.

A draft of another organisation is answered as one that is not there. Two people of one organisation may
fill in one draft at once: each says what they had before them, and neither writes over the other unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.http import HttpRequest

from controltotal.service.access import own_organisations, theirs
from controltotal.service.models import Draft, Person

MONTH: Final = "month"
"""The kind of the draft of a month, which has files."""
LONGEST: Final = 20_000
"""Characters of one field that are kept."""
WAS: Final = "was:"
"""What a form adds for each of its fields: how it stood when the page was opened."""
WHO: Final = "who"
"""Where a draft keeps who wrote each of its fields last: their number and name."""


@dataclass(frozen=True, slots=True)
class Both:
    """A field that two people filled in at once: what each said, and whose theirs is."""

    field: str
    theirs: str
    yours: str
    who: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What a draft keeps of two who fill it in: its fields, who wrote each last, and what both changed."""

    fields: Mapping[str, str]
    who: Mapping[str, tuple[int, str]]
    both: Sequence[Both] = ()


def merged(
    kept: Mapping[str, str],
    who: Mapping[str, tuple[int, str]],
    typed: Mapping[str, str],
    was: Mapping[str, str],
    person: Person,
) -> Merged:
    """The fields that a draft has `kept` with what a person `typed`, who saw each as it `was`.

    A field that they left as it was takes nothing back from another; one that both changed stays as
    it is, and is told. A form that does not say how a field was is taken as it is.
    """
    fields, wrote, both = dict(kept), dict(who), []
    for field, yours in typed.items():
        theirs, seen = kept.get(field, ""), was.get(field)
        number, name = who.get(field, (0, "Somebody of your organisation"))
        if yours == theirs:
            continue
        if seen in (None, theirs) or number == person.pk:
            fields[field], wrote[field] = yours, (person.pk, person.name)
        elif yours != seen:
            both.append(Both(field, theirs, yours, name))
    return Merged(fields, wrote, both)


def was_in(given: Mapping[str, str]) -> dict[str, str]:
    """How each field stood when its form was opened, as the form says.

    >>> was_in({"was:amount": " 5 ", "amount": "6"})
    {'amount': '5'}
    """
    return {key.removeprefix(WAS): plain(text) for key, text in given.items() if WAS in key[:4]}


def plain(text: str) -> str:
    """What was typed in a field, however a browser ends its lines.

    >>> plain(" one" + chr(13) + chr(10) + "two ").splitlines()
    ['one', 'two']
    """
    return text.replace("\r\n", "\n").strip()


@contextmanager
def changing(id: str) -> Iterator[Draft]:
    """A draft that nobody else changes meanwhile, saved at the end; Draft.DoesNotExist where it went."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=id)
        yield draft
        draft.save()


def own_drafts(request: HttpRequest, kind: str, key: str = "") -> list[Draft]:
    """The drafts of a kind at the organisations of whoever asks, the last changed first."""
    found = Draft.objects.filter(theirs(request), kind=kind)
    return list((found.filter(key=key) if key else found).order_by("-changed"))


def own_draft(request: HttpRequest, id: str, kind: str = "") -> Draft | None:
    """A draft of an organisation of whoever asks; None where there is none, or it is another's."""
    found = Draft.objects.filter(theirs(request), pk=id)
    draft: Draft | None = (found.filter(kind=kind) if kind else found).first()
    return draft


def begin_draft(request: HttpRequest, kind: str, typed: Mapping[str, str]) -> Draft | None:
    """A new draft of one's own organisation with what was typed; None without one."""
    organisations = own_organisations(request)
    if not organisations:
        return None
    person = request.user
    first = merged({}, {}, _within(typed), {}, person)
    made: Draft = Draft.objects.create(
        person=person,
        organisation=organisations[0],
        kind=kind,
        content={**first.fields, WHO: first.who},
    )
    return made


def keep_draft(
    request: HttpRequest, draft: Draft, typed: Mapping[str, str]
) -> tuple[dict[str, str], Sequence[Both]]:
    """Keep what was typed in a draft of one's own: what it then holds, and what another changed too."""
    with changing(draft.pk) as own:
        kept = {field: text for field, text in own.content.items() if field != WHO}
        found = merged(
            kept, own.content.get(WHO, {}), _within(typed), was_in(request.POST), request.user
        )
        own.content = {**found.fields, WHO: found.who}
    return dict(found.fields), found.both


def _within(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: plain(text)[:LONGEST] for name, text in typed.items()}
