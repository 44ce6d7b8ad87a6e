"""The table of routes: every address of the service, who may open it, and the acts it asks for.

A test walks it: each route by each office, organisation and state, and none beside it.
"""

from __future__ import annotations

from typing import Final

from controltotal.service.pages import (
    account,
    asked,
    drafts,
    figures,
    findings,
    first,
    help,
    home,
    jobs,
    ledger,
    months,
    organisations,
    paper_words,
    papers,
    people,
    quality,
    questions,
    reminders,
    scheme_acts,
    schemes,
    search,
    sending,
    signing,
    signing_off,
    transfer_new,
    transfers,
    trying,
)
from controltotal.service.route import Route

ROUTES: Final[tuple[Route, ...]] = (
    *first.ROUTES,
    *home.ROUTES,
    *help.ROUTES,
    *account.ROUTES,
    *figures.ROUTES,
    *questions.ROUTES,
    *asked.ROUTES,
    *jobs.ROUTES,
    *months.ROUTES,
    *sending.ROUTES,
    *paper_words.ROUTES,
    *papers.ROUTES,
    *quality.ROUTES,
    *scheme_acts.ROUTES,
    *signing_off.ROUTES,
    *schemes.ROUTES,
    *reminders.ROUTES,
    *signing.ROUTES,
    *trying.ROUTES,
    *people.ROUTES,
    *drafts.ROUTES,
    *transfer_new.ROUTES,
    *transfers.ROUTES,
    *organisations.ROUTES,
    *search.ROUTES,
    *ledger.ROUTES,
    *findings.ROUTES,
)
"""Every page; the API's are declared in `api.py` in the same way."""
