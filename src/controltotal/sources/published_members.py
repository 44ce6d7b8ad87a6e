"""Who stands in a book made from the published tables: a body with all before, after and below it."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from controltotal.core import reference
from controltotal.core.calendar import year_label, year_start
from controltotal.core.errors import BookError
from controltotal.core.published_inputs import NATION
from controltotal.sources.known_bodies import LAST_OF_COMMISSIONERS, body_of

KINDS = ("commissioner", "provider", "system", "region")
BOARDS = "commissioner_to_board"
BOARD_LINKS = ("board_merger", "board_split", "board_enlarged")
REGIONS = {"Y54", "Y55", "Y56", "Y57", "Y58", "Y59", "Y60", "Y61", "Y62", "Y63"}
FORMER_REGIONS = {"Y54", "Y55", "Y57"}
"""Regions until March 2019; a book names them only where the register gives no later one."""


def kind_of(code: str) -> str:
    """Whether a code is a commissioner, trust, system, region or England; else refused."""
    if code == NATION:
        return "nation"
    kinds = {spell.kind for spell in reference.spells(code)}
    for kind in KINDS:
        if kind in kinds:
            return kind
    known = [c for c in reference.codes() if {s.kind for s in reference.spells(c)} & set(KINDS)]
    near = get_close_matches(code, known, n=3)
    hint = f"; near it are {', '.join(near)}" if near else ""
    raise BookError(
        f"no commissioner, trust or system, and no region, has the code {code}",
        "--organisation",
        f"give a code of the organisation register, such as 15E, RGT, QMM or Y61, or {NATION}{hint}",
    )


def members_of(code: str, kind: str, year: str = "") -> dict[str, str]:
    """The bodies of the book with their kinds: itself, its predecessors and successors, its own.

    With a year, those that stood in it.
    """
    found = _members(code, kind)
    if not year:
        return found
    kept = {one: what for one, what in found.items() if one == NATION or stood(one, what, year)}
    if code not in kept:
        why = reference.outside_dates(code, year) or f"it did not stand in {year_label(year)}"
        raise BookError(why, "--year", "give a year in which the body stood")
    return kept


def stood(code: str, kind: str, year: str) -> bool:
    """Whether a body of a kind stood in a year, as far as the register knows.

    >>> stood("26A", "commissioner", "2019-20"), stood("26A", "commissioner", "2020-21")
    (False, True)
    """
    last = LAST_OF_COMMISSIONERS if kind == "commissioner" else date.max
    return not reference.outside_dates(code, year) and year_start(year) <= last


def _members(code: str, kind: str) -> dict[str, str]:
    """The bodies of the book of a body at any time, with their kinds."""
    if kind in ("commissioner", "provider"):
        return {one: kind for one in _family(code) if kind in _kinds(one)}
    regions = sorted(REGIONS - FORMER_REGIONS) if kind == "nation" else [code]
    if kind == "system":
        systems = [code, *_boards_before(code)]
    else:
        systems = [one for one in reference.codes() if any(_is_system_of(one, r) for r in regions)]
    above = {} if kind == "system" else {code: kind, **dict.fromkeys(regions, "region")}
    found = {**above, **dict.fromkeys(systems, "system")}
    for one in reference.codes():
        for spell in reference.spells(one):
            if spell.system in systems and spell.kind in ("commissioner", "provider"):
                found.setdefault(one, spell.kind)
    return found


def _is_system_of(code: str, region: str) -> bool:
    """Whether a code is a system whose last region this is."""
    last = body_of(code, "system", "")
    return last is not None and last.region == region and not code.startswith(("Q7", "Q8"))


def _boards_before(code: str) -> list[str]:
    """The systems that a board of 2026 followed; none for one that is older."""
    links = [link for link in reference.follows(code) if link.kind in BOARD_LINKS]
    return [link.predecessor for link in links if link.kind != "board_enlarged"]


def _kinds(code: str) -> set[str]:
    return {spell.kind for spell in reference.spells(code)}


def _family(code: str) -> list[str]:
    """A body with all before it and all after it, boards left out."""
    found = [code]
    for step in (reference.follows, reference.followed_by):
        reached = [code]
        while reached:
            one = reached.pop()
            for link in step(one):
                other = link.predecessor if step is reference.follows else link.successor
                if link.kind != BOARDS and other not in found:
                    found.append(other)
                    reached.append(other)
    return found
