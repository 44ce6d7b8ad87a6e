"""Drafts: what an organisation has begun and not sent. Its own people see them, and nobody else.

A draft of another organisation is answered as one that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

from controltotal.service.access import own_organisations
from controltotal.service.models import Draft

NOT_KEPT = ("csrfmiddlewaretoken", "request", "do")
"""Fields of a form that belong to one sending of it."""
LONGEST = 20_000
"""Characters of one field that are kept."""


def own_drafts(request: HttpRequest, kind: str, key: str = "") -> list[Draft]:
    """The drafts of a kind at the organisations of whoever asks, the last changed first."""
    found = Draft.objects.filter(organisation__in=own_organisations(request), kind=kind)
    return list((found.filter(key=key) if key else found).order_by("-changed"))


def own_draft(request: HttpRequest, id: str, kind: str = "") -> Draft | None:
    """A draft of an organisation of whoever asks; None where there is none, or it is another's."""
    found = Draft.objects.filter(pk=id, organisation__in=own_organisations(request))
    draft: Draft | None = (found.filter(kind=kind) if kind else found).first()
    return draft


def keep_draft(
    request: HttpRequest, kind: str, content: Mapping[str, str], id: str = "", key: str = ""
) -> Draft | None:
    """Keep what was typed: in the draft named, else in a new one; None where it is another's."""
    said = {name: text[:LONGEST] for name, text in content.items() if name not in NOT_KEPT}
    if id:
        draft = own_draft(request, id, kind)
        if draft is not None:
            draft.content = {**draft.content, **said}
            draft.save()
        return draft
    organisations = own_organisations(request)
    if not organisations:
        return None
    made: Draft = Draft.objects.create(
        person=request.user, organisation=organisations[0], kind=kind, key=key, content=said
    )
    return made
