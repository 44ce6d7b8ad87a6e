"""Questions about schemes that go, change their id, or share it with another.

A scheme that has been judged is not lost, nor its evidence given to another, without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from controltotal.core.finding import Finding
from controltotal.core.keys import key
from controltotal.core.vocabulary import folded
from controltotal.intake.questions import asked
from controltotal.intake.scopes import Put
from controltotal.ledger.entries import Entry

EVIDENCE: Final = ("gates", "assessments", "engagements", "conditions")
"""Tables whose rows are evidence of a scheme."""


def with_evidence(
    gone: Sequence[Entry], standing: Iterable[Entry], puts: Sequence[Put]
) -> list[Finding]:
    """A question where a scheme would go that has been judged, though its evidence be of the same file."""
    ids = {key(dict(e.cells).get("id", "")): e for e in gone if e.table == "schemes"}
    if not ids:
        return []
    judged = _judged(standing) & set(ids)
    if not judged:
        return []
    names = ", ".join(sorted(dict(ids[one].cells)["id"] for one in judged))
    return [
        asked(
            "IMPORT_WITHDRAW",
            f"The file no longer has {names}, of which the book holds evidence; it would be withdrawn.",
            [put.at for put in puts[:1]],
            expected="every scheme with evidence",
            found=f"not {names}",
            action="Ask why it is gone; then say --set withdraw=yes.",
        )
    ]


def _judged(standing: Iterable[Entry]) -> set[str]:
    """The schemes of which a book holds evidence."""
    return {key(dict(e.cells).get("scheme", "")) for e in standing if e.table in EVIDENCE}


def reused(
    changed: Sequence[tuple[Entry, Put]], standing: Iterable[Entry], new: frozenset[str]
) -> list[Finding]:
    """A question for each judged scheme whose title has become wholly another: its id may be reused."""
    judged = _judged(standing)
    found = []
    for old, put in changed:
        id_, before, now = (
            put.cells.get("id", ""),
            dict(old.cells).get("title", ""),
            put.cells.get("title", ""),
        )
        if put.table != "schemes" or key(id_) not in judged - new or _share_words(before, now):
            continue
        found.append(
            asked(
                "IMPORT_SCHEME",
                f"{id_}, of which the book holds evidence, has quite another title.",
                [put.at],
                expected=before,
                found=now,
                action=f"Say --set schemes.{id_}={id_} if it is the same scheme under a new title; if it "
                "is another, give it an id of its own in the file.",
            )
        )
    return found


def _share_words(one: str, other: str) -> bool:
    """Whether two titles have a word in common.

    >>> _share_words("Bank rates", "Bank and agency"), _share_words("Bank rates", "Energy")
    (True, False)
    """
    return bool({*one.casefold().split()} & {*other.casefold().split()})


def renamed(puts: Sequence[Put], standing: Iterable[Entry], new: frozenset[str]) -> list[Finding]:
    """A question for each scheme that the book knows under another id, by its body and title."""
    now = {key(put.cells.get("id", "")) for put in puts if put.table == "schemes"}
    titles: dict[tuple[str, str], str] = {}
    ids: set[str] = set()
    for entry in standing:
        row = dict(entry.cells)
        if entry.table == "schemes":
            ids.add(key(row.get("id", "")))
            if key(row.get("id", "")) not in now:
                titles[row.get("organisation", ""), folded(row.get("title", ""))] = row.get(
                    "id", ""
                )
    found = []
    for put in puts:
        name = (put.cells.get("organisation", ""), folded(put.cells.get("title", "")))
        id_ = put.cells.get("id", "")
        if put.table != "schemes" or key(id_) in ids | new or name not in titles:
            continue
        old = titles[name]
        found.append(
            asked(
                "IMPORT_SCHEME",
                f"{id_} has the title of {old}, which the file no longer has.",
                [put.at],
                expected=old,
                found=id_,
                action=f"Say --set schemes.{id_}={old} if it is the same scheme, "
                f"--set schemes.{id_}={id_} if it is another.",
            )
        )
    return found
