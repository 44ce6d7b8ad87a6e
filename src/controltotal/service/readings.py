"""That somebody read another organisation's unpublished figures: written once a day, shown to it."""

from __future__ import annotations

from django.http import HttpRequest

from controltotal.service.apps import house
from controltotal.service.models import Reading
from controltotal.service.route import FROM_OUTSIDE


def note_reading(request: HttpRequest, organisation: str) -> None:
    """Note that whoever asks reads a page of an organisation at which they hold no office.

    A page of their own organisation, of a body that the book does not know, or of one whose figures
    somebody reads for the second time in a day on this kind of page, is not noted.
    """
    own = {one.organisation for one in request.offices if one.role not in FROM_OUTSIDE}
    if organisation in own or organisation not in house().position.tree.organisations:
        return
    reading = {
        "person": request.user,
        "organisation": organisation,
        "page": request.route.name,
        "day": house().desk.today(),
    }
    # two pages opened at once may both be noted: that is told as one, and stops no later page
    if not Reading.objects.filter(**reading).exists():
        Reading.objects.create(**reading)
