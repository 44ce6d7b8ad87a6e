"""Sentences taken to pieces, and the forms in which a number is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from controltotal.core.money import PENCE_PER, exact_pounds, format_money

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


PIECES = re.compile(
    rf"""(?P<quote>“[^”]*”)
    |(?P<day>\b\d{{1,2}}\ (?:{MONTHS})\ \d{{4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b)
    |(?P<month>\b(?:{MONTHS})\ \d{{4}}\b|\b\d{{4}}-(?:0\d|1[0-2])\b(?!/))
    |(?P<year>\b\d{{4}}[/-]\d{{2}}\b(?!\d))
    |(?P<money>£\s?\(?[\d,]*\d(?:\.\d+)?\)?(?:\s?(?:million|thousand|billion|bn|m|k)\b)?)
    |(?P<share>[-+]?\d+(?:\.\d+)?%)
    |(?P<code>\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z\d][\w-]*[A-Za-z\d]\b)
    |(?P<number>[-+]?\d[\d,]*(?:\.\d+)?)""",
    re.VERBOSE,
)


MONEY = re.compile(r"£\s?\(?(?P<digits>[\d,]*\d(?:\.\d+)?)\)?\s?(?P<unit>[a-z]*)")


UNITS = {"": "£", "thousand": "£k", "k": "£k", "million": "£m", "m": "£m"} | dict.fromkeys(
    ("billion", "bn"), "£bn"
)


KINDS_OF_BODY = re.compile(
    r"[A-Z][\w'’-]+ (?:CCG|STP|ICB|ICS|Clinical Commissioning Group|Integrated Care Board|"
    r"(?:NHS )?(?:Foundation )?Trust)\b"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing said in a sentence that must be found: its kind, its text, and of whom it is."""

    kind: str
    text: str
    bodies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where something is found: the label of the place, and of which bodies and year it is."""

    label: str
    rank: int
    bodies: frozenset[str] = frozenset()
    year: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a paper: in which section it stands, and about whom it is."""

    section: str
    text: str
    about: str = ""
    year: str = ""
    verb: str = ""


def parts_of(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return [part for part in re.split(r"(?<=[.?!”])\s+(?=[A-Z“£])", text.strip()) if part]


def canonical(kind: str, text: str) -> str:
    """One form for what may be written in several: `£(8.6)m` and `£8.6 million` are one sum."""
    if kind == "money":
        match = MONEY.fullmatch(text)
        assert match is not None, text
        return f"{match['digits']} {UNITS[match['unit']]}"
    if kind == "year":
        return text.replace("-", "/")
    return text.lstrip("+-") if kind in ("share", "number") else text.strip("“”")


def money_forms(pence: int) -> Iterator[tuple[str, str]]:
    """A sum as sentences and charts print it."""
    size = abs(pence)
    for unit in ("£m", "£k", "£bn"):
        exact = size % PENCE_PER[unit] == 0
        for places in (0, 1, 2, 3):
            if places == 0 and not exact and unit != "£k":
                continue
            shown = format_money(size, unit, places)
            yield "money", f"{shown} {unit}"
            if unit == "£m":
                yield "number", shown
    yield "money", f"{exact_pounds(size)[1:]} £"
    yield "money", f"{size // 100:,} £"


def worked_out(lost: str, pieces: Iterable[Piece]) -> str:
    """How a sum follows from others of the same sentence: their difference, a share, or the half.

    >>> sums = [Piece("money", f"{n} £m", frozenset()) for n in ("660.0", "6.6", "6.0")]
    >>> worked_out("money 0.6 £m", sums)
    '6.6 £m less 6.0 £m'
    """
    kind, _, text = lost.partition(" ")
    if kind != "money":
        return ""
    others = dict.fromkeys(piece.text for piece in pieces if piece.kind == "money")
    shares = [piece.text for piece in pieces if piece.kind == "share"]
    wanted = text.partition(" ")[0]
    places = len(wanted.partition(".")[2])
    sums = {other: Decimal(other.split()[0].replace(",", "")) for other in others if other != text}
    ways = {f"half of {a}": size / 2 for a, size in sums.items()}
    ways |= {f"{a} less {b}": sums[a] - sums[b] for a in sums for b in sums}
    ways |= {f"{part} of {a}": sums[a] * Decimal(part[:-1]) / 100 for part in shares for a in sums}
    return next((way for way, size in ways.items() if f"{size:,.{places}f}" == wanted), "")


def number_forms(value: float) -> Iterator[str]:
    """A count, an index or a share as it is printed."""
    size = abs(value)
    for places in (0, 1, 2, 3):
        if places or float(size).is_integer():
            yield f"{size:,.{places}f}"
    if size <= 1:
        yield f"{size:.0%}".rstrip("%")


def shared(ground: Ground, said: Said) -> int:
    """How many words of a parameter's name a sentence speaks of: a number alone is no source."""
    name = ground.label.removeprefix("parameter ").partition(" ")[0]
    text = re.findall(r"[a-z]+", said.text.lower())
    return sum(
        any(word.startswith(part[:5]) or MEANT.get(part, part) == word for word in text)
        for part in name.split("_")
        if len(part) > 2 or part in MEANT
    )


MEANT = {"repaid": "paid"}
"""Words of names of parameters, and how a sentence says them."""
