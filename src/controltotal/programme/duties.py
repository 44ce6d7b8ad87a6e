"""Duties to involve somebody, as data: when each holds, and every name by which people call it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from controltotal.core.calendar import parse_date
from controltotal.core.datafiles import packaged_rows
from controltotal.core.keys import word


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty to involve somebody, with the days between which it holds.

    `gate`: a scheme waits for it; `affects`: whom a scheme must touch for the duty to arise of
    itself (empty: it arises where a book records it). `called` are other words for it.
    """

    duty: str
    name: str
    begins: date | None
    ends: date | None
    authority: str
    meaning: str
    gate: bool
    affects: str
    called: tuple[str, ...]


@lru_cache(maxsize=1)
def duties() -> Mapping[str, Duty]:
    """Every duty known.

    >>> duties()["council_referral"].ends
    datetime.date(2024, 1, 30)
    """
    return {
        r["duty"]: Duty(
            r["duty"],
            r["name"],
            parse_date(r["from"]) if r["from"] else None,
            parse_date(r["until"]) if r["until"] else None,
            r["authority"],
            r["meaning"],
            r["gate"] == "yes",
            r["affects"],
            tuple(r["called"].split("; ")),
        )
        for r in packaged_rows("duties.csv")
    }


_LAW = (
    (re.compile(r"(?:\bsections?|\bsect?|\bss?|§)[\s.]*(?=\d)"), "s"),
    (re.compile(r"\breg(?:ulations?|s)?[\s.]*(?=\d)"), "reg"),
    (re.compile(r"\bsch(?:edules?)?[\s.]*(?=\d)"), "sch"),
)
"""How a place in a statute is written, and the one form of it: `section 14Z45`, `s.14Z45`."""


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, str]:
    """Duties by every name that the data give them."""
    found = {duty.duty: duty.duty for duty in duties().values()}
    for duty in duties().values():
        found |= {word(_plain(name)): duty.duty for name in (duty.name, *duty.called)}
    return found


def _plain(text: str | None) -> str:
    """A name of a duty in small letters, each place in a statute in one form, without marks."""
    plain = word(text).replace("_", " ")
    for written, form in _LAW:
        plain = written.sub(form, plain)
    return re.sub(r"[^\w\s]+", "", plain.replace("/", " and ").replace("&", " and "))


@lru_cache(maxsize=4096)
def duty_called(text: str) -> Duty | None:
    """The duty that a name means, however it is written; None for a word that nobody knows.

    >>> [duty_called(name).duty for name in ("s.14Z45", "Section 242, NHS Act 2006", "Reg. 23")]
    ['public_involvement', 'public_involvement', 'council_consultation']
    """
    names, plain = _by_name(), _plain(text)
    name = names.get(word(plain))
    if name is None:
        laws = {names[one] for one in plain.split() if one in names and any(map(str.isdigit, one))}
        near = get_close_matches(word(plain), [n for n in names if len(n) > 7], cutoff=0.9)
        name = names[near[0]] if near else laws.pop() if len(laws) == 1 else None
    return duties()[name] if name else None
