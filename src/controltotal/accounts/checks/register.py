"""What the register of bodies says of the codes of a book: ended, not yet begun, or another area.

A code outlives what it means, and bodies end while plans go on under their codes. Each body is told
once, with all its rows, the day on which it ended, who followed by name, code and share, and what to
type. The register is known to a day, which is said. A fictional book is left in peace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from controltotal.accounts.checks.totals import details, places
from controltotal.book.amount_table import chosen, told
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import ControlTotal, Fact, Organisation, Tables
from controltotal.core import reference
from controltotal.core.calendar import months_of, year_label, year_start
from controltotal.core.finding import Finding

BOARD = "-ICB"
"""The end of the code that a published book gives the board of a system."""


@dataclass(slots=True)
class Told:
    """What the register says of one body: why, its years, and the rows that it is about."""

    name: str
    why: str
    ended: bool
    years: set[str] = field(default_factory=set)
    bodies: list[Record] = field(default_factory=list)
    rows: list[Record] = field(default_factory=list)


def boundaries(position: Position) -> Iterator[Finding]:
    """A real code that meant another area in the year, or no body at all."""
    if position.is_fictional:
        return
    groups = _Uses(position)
    found: dict[tuple[str, str], Told] = {}
    looked: set[tuple[str, str]] = set()  # above somebody, and so is everybody above it
    for code, year, month in groups:
        _look(position, code, year, found, groups, month)
        above = position.tree.parent(code, year)
        while above is not None and (above, year) not in looked:
            looked.add((above, year))
            _look(position, above, year, found)
            above = position.tree.parent(above, year)
    for (code, _), one in sorted(found.items()):
        yield _finding(code, one)


class _Uses(Mapping[tuple[str, str, str], "list[Record]"]):
    """The rows of every use of a body in a year or month: of its own, in trade, in agreements."""

    def __init__(self, position: Position) -> None:
        book = position.book
        self._amounts, self._listed = book.amounts, position.tree.organisations
        self._others: dict[tuple[str, str, str], list[Record]] = {}
        for code, year, month, row in _agreed(book):
            self._others.setdefault((code, year, month), []).append(row)
        own = told(self._amounts, "organisation", "year", "month")
        trade = told(self._amounts, "counterparty", "year", "month")
        uses = [*_in_order(own), *self._others, *_in_order(trade)]
        self._keys = dict.fromkeys(key for key in uses if key[0] in self._listed)

    def __getitem__(self, key: tuple[str, str, str]) -> list[Record]:
        """The rows of one use."""
        code, year, month = key
        when: dict[str, Callable[[Any], bool]] = {
            "year": lambda one: one == year,
            "month": lambda one: (one or "") == month,
        }
        own = chosen(self._amounts, organisation=lambda one: one == code, **when)
        trade = chosen(self._amounts, counterparty=lambda one: one == code, **when)
        return [*own, *self._others.get(key, ()), *trade]

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Every use."""
        return iter(self._keys)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._keys)


def _in_order(uses: Iterable[tuple[str | None, str, str | None]]) -> list[tuple[str, str, str]]:
    """Uses by body, year and month, those that name no body left out."""
    return sorted((code, year, month or "") for code, year, month in uses if code)


def _agreed(book: Tables) -> Iterator[tuple[str, str, str, Record]]:
    """Every use of a body by control totals, facts, transfers, contracts and limits."""
    money: tuple[ControlTotal | Fact, ...] = (*book.control_totals, *book.facts)
    for row in money:
        yield row.organisation, row.year, row.month or "", row
    for transfer in book.transfers:
        for end in (transfer.from_, transfer.to):
            yield end, transfer.year, transfer.month or "", transfer
    for contract in book.contracts:
        for end in (contract.commissioner, contract.provider):
            yield end, contract.year, "", contract
    for limit in book.limits:
        yield limit.organisation, limit.year, limit.month or "", limit


def _look(
    position: Position,
    code: str,
    year: str,
    known_of: dict[tuple[str, str], Told],
    uses: Mapping[tuple[str, str, str], list[Record]] | None = None,
    month: str = "",
) -> None:
    """What the register says of a body in a year: with rows of its own, or above one that has."""
    spell = position.tree.organisations[code].spell(year)
    if spell is None:
        return  # outside its own dates, which is told for itself
    listed = spell.row
    known, why, ended = code, "", True
    months = months_of(month) if month and not month.startswith("YTD") else ()
    board = _ended_board(position, code, year, listed)
    if board is not None:
        known, why = board.code, reference.outside_dates(board.code, year)
    else:
        why = reference.outside_dates(code, year, months)
        why = why or reference.ended_group(code, listed.name or "", year)
        if not why and uses is not None:
            why, ended = reference.other_meaning(code, listed.name, year), False
    if not why:
        return
    named = position.tree.organisations.get(known)
    found = known_of.setdefault(
        (known, why), Told(named.name if named else listed.name, why, ended)
    )
    found.years.add(year)
    found.bodies += [] if listed in found.bodies else [listed]
    found.rows += uses[code, year, month] if uses is not None else ()


def _ended_board(
    position: Position, code: str, year: str, listed: Organisation
) -> reference.KnownBody | None:
    """The board behind a code, where it had ended and the book has not moved it to who followed.

    A place that the book puts under a board that followed is where it belongs.
    """
    board = reference.ended_board(code.removesuffix(BOARD), year)
    if board is None or code == board.code:
        return board
    if listed.kind != "commissioner":
        return None
    heirs = {link.successor for link in reference.followed_by(board.code)}
    above = {one.removesuffix(BOARD) for one in position.tree.ancestors(code, year)}
    return None if above & heirs else board


def _finding(code: str, told: Told) -> Finding:
    years = sorted(told.years)
    said = ", ".join(year_label(year) for year in years)
    known = reference.known_in(code, years[0])
    kind = known.kind if known else "commissioner"
    links = [link for link in reference.followed_by(code) if link.successor != code]
    rows = [*told.bodies, *told.rows]
    return Finding(
        code="BOUNDARY_MISMATCH",
        severity="warning",  # what the book states of the body stands; who it was is told
        organisation=code,
        where=places(rows),
        message=f"{_opening(code, told, said)}: {told.why}."
        + f" The register is known to {reference.day_words(reference.known_to(kind))}"
        + f"{_doubt(links) if told.ended else ''}.",
        expected=f"the body that {code} meant in {said}",
        found=str(told.name),
        action=_action(code, years[0], links) if told.ended else "Use the code of the body then.",
        detail=details(told.bodies),
    )


def _opening(code: str, told: Told, said: str) -> str:
    if told.ended:
        return f"{told.name} ({code}) stands in the book in {said}, when there is no such body"
    return f"In {said} the code {code} is not {told.name}"


DOUBTS = {
    "G": "the new codes are quoted from it, and not yet seen in it",
    "K": "who followed is not yet checked in it",
}


def _doubt(links: list[reference.Succession]) -> str:
    """How sure it is who followed, where it is not the register itself that says so."""
    return "".join(f"; {DOUBTS[mark]}" for mark in DOUBTS if any(s.mark == mark for s in links))


def _action(code: str, year: str, links: list[reference.Succession]) -> str:
    """What to type: the code that followed, and the rows of `successions`."""
    after = [link for link in links if link.on <= year_start(year)]
    if not after:
        return "Use the code that the body had in that year."
    whole = dict(reference.shares(code, after[0].on))
    typed = "; ".join(
        f"{code}, {link.successor}, {link.on.isoformat()}"
        + (f", {whole[link.successor]}" if link.successor in whole else "")
        for link in after
    )
    heirs = " and ".join(dict.fromkeys(link.successor for link in after))
    return (
        f"Use {heirs} from {year_label(year)}, and write who followed in `successions` "
        f"(predecessor, successor, on{', share' if whole else ''}): {typed}."
    )


def known_to(position: Position) -> Iterator[Finding]:
    """Years later than the register: bodies may have merged since, and nobody would be told."""
    if position.is_fictional:
        return
    day: date = reference.known_to("system")
    later = {(code, year) for code, year, _ in position.uses() if year_start(year) > day}
    codes = sorted({code for code, _ in later if reference.spells(code)})
    if not codes:
        return
    years = ", ".join(year_label(year) for year in sorted({year for _, year in later}))
    yield Finding(
        code="REGISTER_KNOWN_TO",
        severity="information",
        organisation=codes[0] if len(codes) == 1 else "",
        where="; ".join(codes[:8]) + (" …" if codes[8:] else ""),
        message=f"The register of bodies is known to {reference.day_words(day)} for boards and "
        f"{reference.day_words(reference.known_to('provider'))} for trusts: whether those of {years} "
        "have merged or divided since is not told.",
        expected="bodies that stand in those years",
        found=years,
        action="Write mergers that you know of in `successions`.",
    )
