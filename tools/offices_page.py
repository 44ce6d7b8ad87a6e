"""Write the page of the manual on who may do what, from the matrix that the program itself asks.

`python -m tools.offices_page` writes it again; a test holds it equal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from controltotal.acts import ACTS
from controltotal.acts.actors import ANYWHERE, OF_THE_SYSTEM, SIGNS, offices
from controltotal.core.schema import tables
from tools.reference import markdown_table

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "offices.md"
WHERE: Final = {
    "trust_finance": "its own body alone; either side of a transfer speaks for itself",
    "system_finance": "the system and its boards; by {system}, the bodies of the system too",
    "programme_office": "its own body and those below it",
    "medical_director": "its own body and those below it",
    "chief_nurse": "its own body and those below it",
}
OPENING: Final = """# Who may do what

An act is done in an *office*. A [grant](generated/tables.md) gives a person one office at one body, from a
day to a day, and who gave it; it is put by the act `grant` and ended by `revoke`. Nobody may do anything
without one, and what an office may not do is refused with the reason before anything is written. The office
must be held on the day that the act claims and on the day on which it is done, so that nobody dates an act
back into an office that has ended.

On a desk of one's own, with the command line and without `--as`, the local user may do all and is recorded as
such; in a book without any grant `--as` is a name. This page is made from the data that the program asks.
"""


def page() -> str:
    """The page as it should stand."""
    parts = [OPENING, "## By act", markdown_table(_by_act()), "## By office"]
    parts += [markdown_table(_by_office()), "## Signatures", _signatures()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _by_act() -> list[dict[str, str]]:
    return [
        {
            "act": f"`{name}`",
            "what it does": one.does,
            "who may": ", ".join(_shown(role) for role in offices()[name]),
        }
        for name, one in ACTS.items()
    ]


def _by_office() -> list[dict[str, str]]:
    system = ", ".join(f"`{name}`" for name in sorted(OF_THE_SYSTEM))
    return [
        {
            "office": _shown(role),
            "for whom": "the whole book" if role in ANYWHERE else WHERE[role].format(system=system),
            "acts": ", ".join(f"`{name}`" for name, roles in offices().items() if role in roles)
            or "none: it reads and verifies",
        }
        for role in tables()["grants"].columns["role"].vocabulary
    ]


def _signatures() -> str:
    rows = [
        {"signature": _shown(role), "given in the office of": " or ".join(map(_shown, held))}
        for role, held in SIGNS.items()
    ]
    return (
        "The act `sign` is given in the office that the signature names; `withdraw` takes back rows of a "
        "scheme and no others; an administrator undoes errors of that office alone; nobody gives an office "
        f"to themselves; a redaction is said by an administrator and a publisher.\n\n{markdown_table(rows)}"
    )


def _shown(role: str) -> str:
    return role.replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
