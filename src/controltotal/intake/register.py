"""What stands in a risk register beside the columns of the book: mitigations of a risk in its own row,
how likely they are, what is done, and net values that the file reckons from them.

A house that writes gross, chance, mitigation and net in one row says two rows of the book: the risk,
and the mitigation. A column is taken for one of these only where another gives the gross value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controltotal.core.money import MoneyError
from controltotal.core.vocabulary import folded
from controltotal.intake.choosing import leave
from controltotal.intake.faults import Faults
from controltotal.intake.fields import Field, answered, texts_of
from controltotal.intake.lattice import Lattice
from controltotal.intake.model import Head, Read, Seen
from controltotal.intake.worth import share_of

AS_RISK: Final = "as the risk"
"""The answer that a mitigation works only where its risk happens."""
AFTER: Final = "gross less mitigation"
AFTER_CERTAIN: Final = "gross times chance, less mitigation"
AFTER_BOTH: Final = "gross less mitigation, times chance"
LEAVINGS: Final = (AFTER, AFTER_CERTAIN, AFTER_BOTH)
"""Answers that say what a column of what is left was reckoned from, where mitigations have no column."""
_MITIGATES: Final = re.compile(
    r"\b(?:mitigat(?:ion|ions|ing|es?)|offsets?|offsetting|actions?|controls?)\b", re.IGNORECASE
)
_AFTER: Final = re.compile(
    r"\b(?:net|post|after|residual|remaining|mitigated|weighted|adjusted|expected)\b", re.IGNORECASE
)
_BEFORE: Final = re.compile(
    r"\b(?:unmitigated|pre|before|gross|inherent|initial|original)\b", re.IGNORECASE
)
_CHANCE: Final = re.compile(
    r"\b(?:chance|likelihood|probability|prob|confidence|certainty)\b", re.IGNORECASE
)
_ASIDE: Final = re.compile(
    r"\b(?:refs?|reference|id|no|number|owners?|leads?|dates?|due|status|rag|scores?|rating|type"
    r"|category|months?|last|previous|prior|movement|change)\b",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"\b(?:in|included in|within|reflected in)\s+(?:the\s+)?(?:forecast|fot|outturn|plan|position)\b",
    re.IGNORECASE,
)
_NOT_COUNTED: Final = re.compile(
    rf"\b(?:not|outside|excluded)\b[^/;]*?{_COUNTED.pattern}", re.IGNORECASE
)
_OF_RISK: Final = frozenset({"id", "kind", "owner", "organisation", "source", "known_on"})
"""Columns of the book whose headings may speak of mitigations, and are of the row itself."""
_VALUE, _HOW_LIKELY, _DONE, _NET, _STATE = "value", "chance", "done", "net", "state"


@dataclass(frozen=True, slots=True)
class Beside:
    """The columns of a register that are no columns of the book.

    `values` hold what mitigations are worth, `chance` how likely they are, `done` what is done (the
    title of the mitigation), `nets` what the file reckons. `answer` is what the person said of how
    likely a mitigation is: a chance, `AS_RISK`, or nothing. `left` is the column from which the person
    says that mitigations follow, by the way `leaving`.
    """

    values: tuple[Head, ...] = ()
    chance: Head | None = None
    done: Head | None = None
    nets: tuple[Head, ...] = ()
    answer: str = ""
    left: Head | None = None
    leaving: str = ""
    states: tuple[Head, ...] = ()
    """Columns that tell whether a row still counts."""

    @property
    def mitigates(self) -> bool:
        """Whether anything says what mitigations are worth."""
        return bool(self.values) or self.left is not None


def _roles(
    fields: Sequence[Field], seen: Seen, answers: Mapping[str, str]
) -> dict[int, str] | None:
    """What each column says beside the money, by its place; None of a register without money."""
    roles = {
        one.at: "" if one.column in _OF_RISK or one.why else _role(one.head, seen, answers)
        for one in fields
    }
    of_book = {one.column for one in fields if not roles[one.at]}
    if "gross" not in of_book:
        return None
    if "title" in of_book:
        return roles
    return {at: "" if role == _DONE else role for at, role in roles.items()}


def parted(
    fields: Sequence[Field], seen: Seen, answers: Mapping[str, str]
) -> tuple[list[Field], Beside]:
    """The columns of the book, and those beside them; the first of several that say one thing."""
    roles = _roles(fields, seen, answers)
    if roles is None:
        return list(fields), Beside()
    of = {
        role: [one.head for one in fields if roles[one.at] == role] for role in set(roles.values())
    }
    values = tuple(of.get(_VALUE, ()))
    said = (chance_of(answered(head, answers) or "") for head in values)
    leavings = {h: leaving_of(answered(h, answers) or "") for h in of.get(_NET, ())}
    left = None if values else next((head for head, way in leavings.items() if way), None)
    beside = Beside(
        values,
        next(iter(of.get(_HOW_LIKELY, ())), None),
        next(iter(of.get(_DONE, ())), None),
        tuple(of.get(_NET, ())),
        next(filter(None, said), ""),
        left,
        leavings[left] if left is not None else "",
        tuple(one.head for one in fields if roles[one.at] == _STATE),
    )
    taken = {head.column for head in (*values, *beside.nets, *beside.states)}
    taken |= {head.column for head in (beside.chance, beside.done) if head is not None}
    return [one for one in fields if one.at not in taken], beside


def _role(head: Head, seen: Seen, answers: Mapping[str, str]) -> str:
    """What a column is beside those of the book; empty where it is one of them, or left out."""
    if says_state(head):
        return _STATE
    said, mitigates = answered(head, answers), bool(_MITIGATES.search(_all(head)))
    if said is not None and not (mitigates and chance_of(said)) and not leaving_of(said):
        return ""
    return _role_by_words(head, seen, mitigates=mitigates)


def _role_by_words(head: Head, seen: Seen, *, mitigates: bool) -> str:
    """What the words of a heading and what stands beneath say that it is."""
    text, chance = _all(head), says_chance(head)
    if _ASIDE.search(text) or (_BEFORE.search(text) and (chance or not mitigates)):
        return ""
    figures = _holds_figures(head, seen)
    if _AFTER.search(text) or head.means == "net":
        return _NET if figures and not chance and head.means != "chance" else ""
    if not mitigates:
        return ""
    if chance:
        return _HOW_LIKELY
    return _VALUE if figures else _DONE


def _all(head: Head) -> str:
    return " ".join(texts_of(head))


def _holds_figures(head: Head, seen: Seen) -> bool:
    """Whether most cells of a column are numbers."""
    lattice = Lattice(seen.grid, seen.left, seen.right)
    kinds = [lattice.kind(row, head.column) for row in range(seen.first, seen.last + 1)]
    filled = [kind for kind in kinds if kind]
    return 2 * filled.count("n") > len(filled)


def is_counted(head: Head) -> bool:
    """Whether a heading asks if the forecast holds a row already.

    >>> [is_counted(Head(0, (t,))) for t in ("In forecast? Y/N", "Forecast", "Residual not in FOT")]
    [True, False, False]
    """
    return bool(_COUNTED.search(head.text)) and not is_not_counted(head)


def is_not_counted(head: Head) -> bool:
    """Whether a heading is of what the forecast does not hold.

    >>> is_not_counted(Head(0, ("Residual not in FOT",))), is_not_counted(Head(0, ("In FOT",)))
    (True, False)
    """
    return bool(_NOT_COUNTED.search(head.text))


def says_state(head: Head) -> bool:
    """Whether a heading is of what tells if a row still counts: its status, or whether it is counted."""
    status = folded(head.text) in ("status", "riskstatus", "openclosed", "currentstatus")
    return status or is_counted(head) or is_not_counted(head)


def says_chance(head: Head) -> bool:
    """Whether a heading speaks of how likely something is."""
    return bool(_CHANCE.search(_all(head)))


def chance_of(said: str) -> str:
    """The chance that an answer says, `AS_RISK`, or nothing.

    >>> chance_of("80%"), chance_of("As the risk"), chance_of("notes")
    ('0.8', 'as the risk', '')
    """
    if folded(said) == folded(AS_RISK):
        return AS_RISK
    try:
        return share_of(said)
    except MoneyError:
        return ""


def leaving_of(said: str) -> str:
    """The way that an answer says for a column of what is left, or its number; nothing where it is none.

    >>> leaving_of("Gross less mitigation"), leaving_of("1"), leaving_of("notes")
    ('gross less mitigation', 'gross less mitigation', '')
    """
    numbered = {str(number): way for number, way in enumerate(LEAVINGS, start=1)}
    if said.strip() in numbered:
        return numbered[said.strip()]
    return next((way for way in LEAVINGS if folded(way) == folded(said)), "")


def leave_done(beside: Beside, read: Read, faults: Faults) -> None:
    """What is done gives a title to mitigations that have a value; else it is a remark."""
    if beside.done is not None and not beside.mitigates:
        leave(read, Field(beside.done, "", "exact"), faults)
    if beside.chance is not None and not beside.mitigates:
        leave(read, Field(beside.chance, "", "exact"), faults)
