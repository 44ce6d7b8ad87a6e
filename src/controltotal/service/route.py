"""What a route is: an address, the page behind it, who may use it, and the acts that it asks for.

Nothing is open by default: a page that is not declared is not there, and one says whom it is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from controltotal.core.schema import tables

ANYONE: Final = "anyone"
"""Also who has not signed in: help, health, the sign-in itself. Never a figure."""
FIGURE: Final = "figure"
"""The parameter that is the id of a figure, which names its organisation."""
SIGNED_IN: Final = "signed in"
"""Whoever has signed in, with an office or without: their own account."""
READER: Final = "reader"
"""Whoever holds an office from which the ledger is read: any but an administrator's alone."""

OFFICES: Final = tables()["grants"].columns["role"].vocabulary
"""Every office, as the ledger's own table of grants names them."""
OFFICE_WORDS: Final = {
    "trust_finance": "Trust finance",
    "system_finance": "System finance",
    "programme_office": "Programme office",
    "medical_director": "Medical director",
    "chief_nurse": "Chief nurse",
    "region": "Region",
    "auditor": "Auditor",
    "councillor": "Councillor",
    "publisher": "Publisher",
    "administrator": "Administrator",
}
"""Offices as people call them."""
READING: Final = tuple(one for one in OFFICES if one != "administrator")
"""Offices that read the ledger; an administrator sees no figures by virtue of being one."""
FROM_OUTSIDE: Final = ("councillor", "administrator")
"""Offices that are held for an organisation by somebody who is none of its own people."""
NOT_IN_PRIVATE: Final = (*FROM_OUTSIDE, "publisher")
"""Offices that look from outside, or for those who do: none opens a paper of a private session."""


@dataclass(frozen=True, slots=True)
class Route:
    """An address: its path as Django writes it, its name, its page as `module:function`.

    `who` is ANYONE, SIGNED_IN, READER, or the offices (a tuple) that may open it. `acts` are those
    that a POST of it asks the desk for, which judges each of them itself. `drafts` says that it shows
    or keeps drafts, which are their organisation's alone. `of` is the parameter, of its path or asked
    with it, that names an organisation whose figures are read: its code, or FIGURE.
    """

    path: str
    name: str
    page: str
    who: str | tuple[str, ...] = READER
    methods: tuple[str, ...] = ("GET",)
    acts: tuple[str, ...] = ()
    drafts: bool = False
    of: str = ""
