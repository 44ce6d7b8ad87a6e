"""What each office reads in the service, and what it is refused: pages by their addresses, as one walk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.walking import WAYS, Stage

OPEN: Final = ("/help", "/accessibility", "/privacy", "/account", "/account/reminders", "/people")
"""Pages that everybody who has signed in may read."""
FIGURES: Final = (
    "/organisations",
    "/organisations/XF-FTH",
    "/organisations/XF-SYS",
    "/schemes",
    "/schemes/FTH-51",
    "/months",
    "/months/XF-FTH/2026-27/M6",
    "/months/XF-HOL/2026-27/M9",
    "/transfers",
    "/transfers/T-02",
    "/transfers/T-03",
    "/papers",
    "/papers/XF-SYS/2027-01-28",
    "/quality",
    "/quality/minute?on=2026-07-01",
    "/findings",
    "/ledger",
    "/ledger/100",
    "/questions",
    "/questions/position?year=2026%2F27&organisation=XF-FTH",
    "/questions/share",
    "/figures/gap/XF-SYS/2026-27/forecast",
    "/figures/surplus/XF-FTH/2026-27/forecast",
    "/search?q=gap",
    "/search?q=aldrwick",
    "/search?q=nothing+of+this+name",
    "/asked",
    "/try",
)
"""Pages of figures, which every office reads but an administrator."""
WORDS: Final = "/papers/XF-SYS/2027-01-28/words?instead={said}"
"""A sentence said anew: that which now stands, for a walk that makes a paper may have changed it."""
ONLY: Final[dict[str, tuple[str, ...]]] = {
    "/transfers/new": ("trust_finance", "system_finance", "region"),
    "/papers/new": ("trust_finance", "system_finance"),
    "/papers/XF-SYS/2027-01-28/cover": ("system_finance",),
    WORDS: ("system_finance",),
    "/papers/XF-SYS/2027-01-28/action": ("system_finance",),
    "/schemes/new": ("programme_office",),
    "/schemes/FTH-51/change": ("programme_office",),
    "/schemes/FTH-51/sign": ("trust_finance", "system_finance", "medical_director", "chief_nurse"),
    "/ask": ("councillor",),
    "/withheld": ("publisher",),
}
"""Pages of some offices, which say to others whom they are for."""
ACCOUNTS: Final = {
    "finance-xf-fth": "trust_finance",
    "programme-xf-fth": "programme_office",
    "medical-xf-fth": "medical_director",
    "nurse-xf-fth": "chief_nurse",
    "system": "system_finance",
    "region": "region",
    "auditor": "auditor",
    "councillor": "councillor",
    "publisher": "publisher",
    "administrator": "administrator",
}
"""An account of each office."""
WRITES: Final[dict[str, tuple[str, ...]]] = {
    "/months/XF-HOL/2026-27/M9": ("system_finance", "region"),
    "/transfers/T-02": ("trust_finance", "system_finance"),
    "/transfers/T-03": ("trust_finance", "system_finance", "region"),
    "/papers/XF-SYS/2027-01-28": ("system_finance",),
}
"""Pages that all read and some write on: the others find no form there."""


PAGES: Final = ("/", *OPEN, *FIGURES, *ONLY, "/no-such-page")
"""Every page that is walked to."""


def status_of(path: str, office: str) -> int:
    """What an office is answered: 200, or 403 where a page is for others."""
    if path == "/no-such-page":
        return 404
    if path in ONLY:
        return 200 if office in ONLY[path] else 403
    return 403 if office == "administrator" and path in FIGURES else 200


def part_of(account: str, turn: int) -> list[str]:
    """What an account reads in one way: over all accounts every page, and over all ways every page
    that few may open, or on which few may write, by each office that may.
    """
    office, shift = ACCOUNTS[account], turn + list(ACCOUNTS).index(account)
    return [
        path
        for at, path in enumerate(PAGES)
        if (at - shift) % len(ACCOUNTS) == 0
        or (
            (at - shift) % len(WAYS) == 0 and office in (*ONLY.get(path, ()), *WRITES.get(path, ()))
        )
    ]


def read(account: str, whole: bool = True) -> Callable[[Stage, int, Path], None]:
    """Somebody goes through the navigation and every page, or their part of them in one way."""

    def walked(stage: Stage, turn: int, folder: Path) -> None:
        office = ACCOUNTS[account]
        at = stage.walker(account)
        at.goto("/")
        every = at.navigation()
        shift = (turn + list(ACCOUNTS).index(account)) % len(every)
        for words in every if whole else every[shift:][:1]:
            at.menu(words)
        for path in PAGES if whole else part_of(account, turn):
            status = status_of(path, office)
            said = _said(stage) if path == WORDS and status == 200 else 0
            at.goto(path.format(said=said), status)
            if status == 403:
                at.sees("This is not for your office", " for " if path in ONLY else " reads none")
            if status != 200 or office not in WRITES.get(path, (office,)):
                at.has_no_form()

    return walked


def _said(stage: Stage) -> int:
    """The entry of the headline sentence of the month that the paper is of, as the ledger has it now."""
    rows = stage.service.position().book.commentary
    told = ("answer", "headline", "9")
    return max(row.entry for row in rows if (row.about, row.kind, row.month) == told)
