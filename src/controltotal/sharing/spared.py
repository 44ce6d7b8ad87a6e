"""Who is spared: bodies in special measures bear no part of a gap unless that is asked for.

A body in special measures already works under closer control; a call that lowers its plan undoes
what it was given. So its floor is its own plan: it bears nothing, and the others bear what it would
have borne. A system of which only some bodies are in special measures bears its part, which is then
to fall on the others below it. And where money is taken from allocations, a trust has none to take
from. Who is spared is always said. A convention of this house; ``--no-spare`` switches it off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from controltotal.book.tree import QUIET, Tree
from controltotal.core.result import Answer
from controltotal.sharing.policy import NEEDS, Shares


@dataclass(frozen=True, slots=True)
class Spared:
    """Bodies that bear nothing, and those below a payer that its part is not to fall on."""

    codes: tuple[str, ...] = ()
    below: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, asked: Iterable[str]) -> tuple[str, ...]:
        """Those of the bodies asked that bear nothing."""
        return tuple(code for code in asked if code in self.codes)


def in_special_measures(tree: Tree, code: str, year: str) -> bool:
    """Whether the book says so of the body as it stood in the year."""
    listed = tree.organisations.get(code)
    spell = listed.spell(year) if listed else None
    return bool(spell and spell.row.special_measures)


def spared(tree: Tree, codes: Sequence[str], year: str) -> Spared:
    """Who of these is in special measures, itself or with every body below it."""
    whole: list[str] = []
    below: dict[str, tuple[str, ...]] = {}
    for code in codes:
        if in_special_measures(tree, code, year):
            whole.append(code)
            continue
        bodies = _bodies_below(tree, code, year)
        marked = tuple(c for c in bodies if in_special_measures(tree, c, year))
        if marked and len(marked) == len(bodies):
            whole.append(code)
        elif marked:
            below[code] = marked
    return Spared(tuple(whole), below)


def _bodies_below(tree: Tree, code: str, year: str) -> list[str]:
    """The bodies below that hold money of their own."""
    return [c for c in tree.leaves(code, year) if c != code and tree.kind(c) not in QUIET]


def without_allocation(tree: Tree, codes: Sequence[str], year: str) -> tuple[str, ...]:
    """Those that never have an allocation of their own: trusts, and groups of nothing but trusts."""
    found = []
    for code in codes:
        bodies = _bodies_below(tree, code, year) or [code]
        if all(tree.kind(body) == "provider" for body in bodies):
            found.append(code)
    return tuple(found)


def takes_allocations(policy: str, named: Sequence[str] = ()) -> bool:
    """Whether a policy takes from allocations; ``named``: the inputs of a formula.

    >>> takes_allocations("top_slice"), takes_allocations("equal_call")
    (True, False)
    """
    return "allocation" in (*NEEDS[policy], *named)


def with_nothing(shares: Shares, codes: Sequence[str]) -> Shares:
    """The shares with those who are spared among them, each at nil.

    >>> import numpy as np
    >>> with_nothing(Shares("equal_call", ("A", "C"), np.array([1, 2])), ["B"]).by_code()
    {'A': 1, 'B': 0, 'C': 2}
    """
    import numpy as np

    if not codes:
        return shares
    everybody = tuple(sorted((*shares.codes, *codes)))
    given = shares.by_code()
    pence = None
    if shares.pence is not None:
        pence = np.array([given.get(code) or 0 for code in everybody], np.int64)
    most = dict(zip(shares.codes, shares.at_most, strict=True)) if shares.at_most else {}
    at_most = tuple(most.get(code, 0) for code in everybody) if most else ()
    return replace(shares, codes=everybody, pence=pence, at_most=at_most, spared=tuple(codes))


def tell(answer: Answer, tree: Tree, found: Spared, year: str, *, spare: bool) -> None:
    """Say who is spared and why, or that nobody is, as it was asked."""
    if not spare:
        marked = sorted({*found.codes, *(c for codes in found.below.values() for c in codes)})
        if marked:
            whose = _names(tree, marked)
            answer.words(f"In special measures and not spared, as asked: {whose}.", topic="share")
        return
    if found.codes:
        whose = _names(tree, found.codes)
        are = "is" if len(found.codes) == 1 else "are"
        words = f"{whose} {are} in special measures and spared: the others bear the whole."
        _finding(answer, tree, found.codes, year, words)
        answer.words(words, topic="share")
    for code, below in found.below.items():
        are = "is" if len(below) == 1 else "are"
        words = (
            f"{tree.name(code)} bears its part; {_names(tree, below)} below it {are} in special "
            "measures and spared, so that the part falls on the others below it."
        )
        _finding(answer, tree, below, year, words)
        answer.words(words, topic="share", about=code)


def tell_without_allocation(
    answer: Answer, tree: Tree, left_out: Mapping[str, Sequence[str]], year: str
) -> None:
    """Say of whom no allocation was asked; ``left_out``: bodies by policy."""
    bodies = sorted({code for codes in left_out.values() for code in codes})
    if not bodies:
        return
    have, them = ("has", "it") if len(bodies) == 1 else ("have", "them")
    answer.finding(
        code="NO_ALLOCATION_TO_TAKE",
        severity="information",
        organisation=", ".join(bodies),
        where=_where(tree, bodies, year),
        message=f"{', '.join(bodies)} {have} no allocation to take from, which trusts never have: "
        f"{', '.join(left_out)} asks nothing of {them}.",
        expected="payers with an allocation",
        found="trusts",
        action="Nothing; --pot lets trusts bear by their income.",
    )


def _finding(answer: Answer, tree: Tree, codes: Sequence[str], year: str, words: str) -> None:
    answer.finding(
        code="SPECIAL_MEASURES_SPARED",
        severity="information",
        organisation=", ".join(codes),
        where=_where(tree, codes, year),
        message=words,
        expected="payers that can bear a part",
        found="special measures",
        action="Nothing; --no-spare asks them like the others.",
    )


def _names(tree: Tree, codes: Sequence[str]) -> str:
    """Names with codes, the last joined by `and`."""
    names = [f"{tree.name(code)} ({code})" for code in codes]
    return names[0] if len(names) == 1 else f"{'; '.join(names[:-1])} and {names[-1]}"


def _where(tree: Tree, codes: Sequence[str], year: str) -> str:
    """The rows of organisations that say so."""
    numbers = set()
    for code in codes:
        listed = tree.organisations.get(code)
        spell = listed.spell(year) if listed else None
        row = spell.row if spell else listed.row if listed else None
        if row is not None and row.number:
            numbers.add(row.number)
    rows = ", ".join(f"row {number}" for number in sorted(numbers))
    return f"organisations {rows}" if rows else "organisations"
