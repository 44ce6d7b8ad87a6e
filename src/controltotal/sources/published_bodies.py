"""Published lists of bodies: the organisation register and who follows whom.

A code can outlive its meaning, so that names come with dates. A succession of the register says
that a body passes whole to its successor; a book adds shares where a body divides.
Source: NHS England Organisation Data Service.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from controltotal.core import reference
from controltotal.sources.published_form import Cells, Form, PublishedRow, Unreadable, code_text

Rows = Iterator[tuple[str, Cells]]
REGISTER_KINDS = {"ccg": "commissioner"}
APRIL_2020 = "2020-04-01"
BOARDS_BEGAN = "2022-07-01"


def day_text(row: PublishedRow, column: str) -> str:
    """A date as published, checked; empty stays empty."""
    text = row.get(column, "")
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise Unreadable(column, "a date such as 2019-04-01", text) from error


def trusts(row: PublishedRow, _: int) -> Rows:
    """A trust as the register has it."""
    yield (
        "organisations",
        {
            "code": code_text(row, "ods_code"),
            "name": row["name"],
            "kind": "provider",
            "from": day_text(row, "open_date"),
            "to": day_text(row, "close_date"),
        },
    )


def commissioners(row: PublishedRow, _: int) -> Rows:
    """A commissioning group as the register has it; other kinds are left out and told."""
    kind = REGISTER_KINDS.get(row["kind"])
    if kind is None:
        raise Unreadable("kind", "ccg", row["kind"])
    yield (
        "organisations",
        {
            "code": code_text(row, "ods_code"),
            "name": row["name"],
            "kind": kind,
            "from": day_text(row, "open_date"),
            "to": day_text(row, "close_date"),
        },
    )


def successions(row: PublishedRow, _: int) -> Rows:
    """One body followed by another."""
    kind = "commissioner" if row["kind"] == "ccg" else "provider"
    for end in ("old", "new"):
        yield (
            "organisations",
            {
                "code": code_text(row, f"{end}_code"),
                "name": row[f"{end}_name"],
                "kind": kind,
            },
        )
    yield (
        "successions",
        {
            "predecessor": row["old_code"],
            "successor": row["new_code"],
            "on": day_text(row, "date"),
        },
    )


def mergers(row: PublishedRow, _: int) -> Rows:
    """A commissioner that merged in April 2020."""
    old, new = code_text(row, "old_ods"), code_text(row, "new_ods")
    yield (
        "organisations",
        {"code": old, "name": row["old_name"], "kind": "commissioner", "to": "2020-03-31"},
    )
    yield (
        "organisations",
        {"code": new, "name": row["new_name"], "kind": "commissioner", "from": APRIL_2020},
    )
    yield "successions", {"predecessor": old, "successor": new, "on": APRIL_2020}


def board_code(system: str) -> str:
    """The code of a system's board: a commissioner of its own under the system's Q code.

    >>> board_code("QE1")
    'QE1-ICB'
    """
    return f"{system}-ICB"


def to_boards(row: PublishedRow, _: int) -> Rows:
    """A commissioner of 2021 followed by the board of its system in July 2022.

    Three were divided between two boards: they pass on by the people of each part, never whole.
    """
    old, system = code_text(row, "ccg21_ods"), code_text(row, "icb22_ods")
    name = row["icb22_name"]
    yield (
        "organisations",
        {"code": old, "name": row["ccg21_name"], "kind": "commissioner", "to": "2022-06-30"},
    )
    yield "organisations", {"code": system, "name": row["stp21_name"], "kind": "system"}
    yield (
        "organisations",
        {
            "code": board_code(system),
            "name": name,
            "kind": "commissioner",
            "parent": system,
            "from": BOARDS_BEGAN,
        },
    )
    shares = reference.shares(old, date.fromisoformat(BOARDS_BEGAN))
    for heir in sorted(shares) or [system]:
        yield (
            "successions",
            {
                "predecessor": old,
                "successor": board_code(heir),
                "on": BOARDS_BEGAN,
                "share": str(shares[heir]) if shares else "",
            },
        )


def form(name: str, title: str, columns: str, says: object) -> Form:
    """A list of the register, from its headings in one text."""
    publisher = "NHS England Organisation Data Service"
    return Form(name, title, publisher, frozenset(columns.split()), says)  # type: ignore[arg-type]


BODIES = (
    form(
        "trusts",
        "Register of trusts",
        "snapshot ods_code name region_ods open_date close_date",
        trusts,
    ),
    form(
        "commissioners",
        "Register of commissioners",
        "ods_code name region_ods system_ods open_date close_date kind",
        commissioners,
    ),
    form(
        "successions",
        "Successions of trusts and commissioners",
        "kind old_code old_name new_code new_name date",
        successions,
    ),
    form(
        "mergers-2020",
        "Mergers of commissioners in April 2020",
        "old_ods old_name new_ods new_name",
        mergers,
    ),
    form(
        "boards-2022",
        "Commissioners of 2021 and boards of July 2022",
        "ccg21_ods ccg21_name stp21_name icb22_ods icb22_name",
        to_boards,
    ),
)
