"""Where a form keeps what is typed in it, at every change."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from controltotal.service.drafts import keep_draft, own_draft
from controltotal.service.failing import refused
from controltotal.service.pages.transfer_new import FIELDS, TRANSFER
from controltotal.service.route import READER, Route

ROUTES: Final = (
    Route("drafts/<str:id>", "draft", "pages.drafts:keep", READER, ("POST",), drafts=True),
)
KEPT: Final = {TRANSFER: FIELDS}
"""The drafts that a form keeps as it is typed, with its fields: files and answers are kept elsewhere."""


def keep(request: HttpRequest, id: str) -> HttpResponse:
    """Keep the fields of a form in its draft; 409 where somebody else has changed one of them too."""
    draft = own_draft(request, id)
    if draft is None or draft.kind not in KEPT:
        return refused(request, 404, "There is no such page.")
    typed = {name: request.POST[name] for name in KEPT[draft.kind] if name in request.POST}
    _, both = keep_draft(request, draft, typed)
    return JsonResponse({"saved": not both}, status=409 if both else 200)
