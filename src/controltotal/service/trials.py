"""What somebody tries, kept in their session: an address names it by its number, and says no sum.

Addresses reach the logs of proxies and the history of browsers. What is kept ends with the session.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest

TRIALS: Final = "trials"
"""Where a session keeps what was tried in it."""
TRIAL: Final = "trial"
"""By which an address names one of them."""
MOST: Final = 20
"""Trials that a session keeps."""


def keep_trial(request: HttpRequest, fields: Mapping[str, str]) -> str:
    """Keep what was chosen beside what was tried last; its number."""
    trials = request.session.get(TRIALS, {})
    number = str(max(map(int, trials), default=0) + 1)
    request.session[TRIALS] = dict([*trials.items(), (number, dict(fields))][-MOST:])
    return number


def trial_of(request: HttpRequest) -> dict[str, str]:
    """What was chosen in the trial that the address names; nothing where this session keeps none."""
    found: dict[str, str] = request.session.get(TRIALS, {}).get(request.GET.get(TRIAL, ""), {})
    return found
