"""Exact money: whole pence inside, decimals only at the door.

People write money in many ways (`£4.6m`, `4,600`, `(12.3)`, `−12.3`). One reading is
accepted for each, and whatever could be read in two ways is refused with the reason. A sum is
shared by largest remainder, so that parts always make the whole. Convention: surplus positive,
deficit negative and shown in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

PENCE_PER: Final[dict[str, int]] = {
    "£": 100,
    "£k": 100_000,
    "£m": 100_000_000,
    "£bn": 100_000_000_000,
}
"""Pence in one of each unit a book may use."""

PAGE_PLACES: Final[dict[str, int]] = {"£m": 1, "£k": 0}
"""The units that a page may have, with the decimals of a sum in each."""

LARGEST_PENCE: Final = 10**14
"""One trillion pounds: anything larger is a slip of unit, not a sum of health service money."""

_PLAIN_MAX = 15
"""Digits of a number that is read in one step."""
_LONGEST = 60
"""Characters of the longest text that can be one sum; a longer one is not even tried."""
_MINUS = "-\u2212\u2013\u2014"
_SPACES = "\u00a0\u2009\u202f "
_NUMBER = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d+)(?:\.\d+)?|\.\d+", re.ASCII
)
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_LETTERS = re.compile(r"[A-Za-z]")
_GAPS = str.maketrans("", "", "," + _SPACES)
_SUFFIX: Final[dict[str, str]] = {
    "": "£",
    **dict.fromkeys(("k", "ks", "thousand", "thousands"), "£k"),
    **dict.fromkeys(("m", "mn", "million", "millions"), "£m"),
    **dict.fromkeys(("bn", "billion", "billions"), "£bn"),
}
_NOUGHTS = ("000", "000s")
"""How a heading says thousands, with a pound sign or without."""


class MoneyError(ValueError):
    """A text that cannot be read as one sum of money; says what was expected and found."""

    def __init__(self, found: str, expected: str) -> None:
        found = found if len(found) <= _LONGEST else found[:_LONGEST] + "…"
        super().__init__(f"expected {expected}, found {found!r}")
        self.found = found
        self.expected = expected


@lru_cache(maxsize=1024)
def canonical_unit(text: str) -> str:
    """The unit of money that a text names, in any of its written forms; empty where it names none.

    >>> [canonical_unit(text) for text in ("£'000", "£000s", "K", "£ M", "GBP", "£Bn", "people")]
    ['£k', '£k', '£k', '£m', '£', '£bn', '']
    """
    body = re.sub(r"[\s\u00a0'\u2018\u2019`,]", "", text.casefold()).replace("gbp", "£")
    pound = body.count("£")
    letters = body.replace("£", "", 1)
    if letters in _NOUGHTS:
        return "£k"
    if letters in ("pound", "pounds") or (pound and not letters):
        return "£"
    return _SUFFIX.get(letters, "") if letters else ""


def parse_number(text: str) -> Decimal:
    """Read a plain number as people write it; the sign may be a minus or brackets.

    >>> parse_number("(1,234.5)")
    Decimal('-1234.5')
    >>> parse_number("\u221212.3")
    Decimal('-12.3')
    """
    taken = _taken(text)
    if taken.pound or taken.suffix or not _NUMBER.fullmatch(taken.body):
        raise MoneyError(text, _why_not(text.strip() if taken.suffix else taken.body))
    value = Decimal(taken.body.translate(_GAPS))
    return -value if taken.negative else value


def parse_money(text: str, unit: str = "£") -> int:
    """Read one sum of money as whole pence; `unit` is that of a number which names none.

    A dash alone is nil. A sum may name its own unit where `unit` is pounds or the same one.

    >>> parse_money("£4.6m"), parse_money("4,600"), parse_money("(12.3)", "£m")
    (460000000, 460000, -1230000000)
    >>> parse_money("1.2K"), parse_money("£(1 234)"), parse_money("12.3-"), parse_money("\u2013")
    (120000, -123400, -1230, 0)
    >>> parse_money("1,23")
    Traceback (most recent call last):
    controltotal.core.money.MoneyError: expected commas between groups of three digits, found '1,23'
    """
    if unit not in PENCE_PER:
        raise MoneyError(unit, "a unit of £, £k, £m or £bn")
    plain = _plain_pence(text.replace(",", "") if _COMMAS.fullmatch(text) else text, unit)
    if plain is not None:
        return plain
    taken = _taken(text)
    if not _NUMBER.fullmatch(taken.body):
        raise MoneyError(text, _why_not(taken.body))
    exact = Fraction(taken.body.translate(_GAPS)) * PENCE_PER[_unit_of(taken, text, unit)]
    if exact.denominator != 1:  # a Decimal product would have been rounded
        raise MoneyError(text, "a whole number of pence")
    pence = exact.numerator
    if pence > LARGEST_PENCE:
        raise MoneyError(text, "a sum below one trillion pounds (is the unit right?)")
    return -pence if taken.negative else pence


def own_unit(text: str) -> str:
    """The unit that a sum names by letters of its own; empty where it names none.

    >>> own_unit("£1.2m"), own_unit("5 thousand"), own_unit("£400,000"), own_unit("n/a")
    ('£m', '£k', '', '')
    """
    if not _LETTERS.search(text):
        return ""
    try:
        taken = _taken(text)
    except MoneyError:
        return ""
    return _SUFFIX[taken.suffix] if taken.suffix and _NUMBER.fullmatch(taken.body) else ""


def split_direction(text: str) -> tuple[str, str]:
    """A sum and the side of the ledger that stands after it: `CR`, `DR` or nothing.

    >>> split_direction("1,000 CR"), split_direction("1,000"), split_direction("5dr")
    (('1,000', 'CR'), ('1,000', ''), ('5', 'DR'))
    """
    side = text[-2:].upper()
    if side in ("CR", "DR") and not text[-3:-2].isalpha():
        return text[:-2].rstrip(), side
    return text, ""


def looks_in_thousands(text: str) -> bool:
    """Whether points may stand for the commas of thousands: `400.000` may be 400 or 400,000.

    >>> looks_in_thousands("(400.000)"), looks_in_thousands("0.125"), looks_in_thousands("4.6")
    (True, False, False)
    """
    pointed = r"[^\d]*[1-9]\d{0,2}\.\d{3}[^\d.]*"
    return "." in text and re.fullmatch(pointed, text, re.ASCII) is not None


def _plain_pence(text: str, unit: str) -> int | None:
    """Digits alone, with a point or without: what most cells say needs no reading of signs."""
    whole, point, part = text.partition(".")
    digits = whole + part
    if not (whole and digits.isascii() and digits.isdigit()) or (point and not part):
        return None
    if len(digits) > _PLAIN_MAX:
        return None
    pence, odd = divmod(int(digits) * PENCE_PER[unit], 10 ** len(part))
    return None if odd or pence > LARGEST_PENCE else pence


@dataclass(frozen=True, slots=True)
class _Taken:
    """A sum taken to pieces: its figures, its sign, and the unit that it names."""

    body: str
    negative: bool
    pound: bool
    suffix: str


def _taken(text: str) -> _Taken:
    """The pieces of a sum, taken off from outside; two signs or two units are refused."""
    body = text.strip(_SPACES + "\t'").strip()
    if len(body) > _LONGEST:
        raise MoneyError(text, f"a number of at most {_LONGEST} characters")
    if body.replace("£", "", 1).strip(_SPACES) in tuple(_MINUS):
        body = "0"  # a dash alone is nil
    marks: list[str] = []
    while body:
        mark, rest = _outermost(body)
        if not mark or (mark == "+" and marks) or (mark in _SUFFIX and set(marks) & set(_SUFFIX)):
            break
        marks.append(mark)
        body = rest.strip(_SPACES)
    if marks.count("-") > 1:
        raise MoneyError(text, "one sign: brackets or a minus, not both")
    if marks.count("£") > 1:
        raise MoneyError(text, "one pound sign")
    suffix = next((mark for mark in marks if mark in _SUFFIX), "")
    return _Taken(body, "-" in marks, "£" in marks, suffix)


def _outermost(body: str) -> tuple[str, str]:
    """The outermost mark of a sum (`-`, `+`, `£` or the letters of a unit) and what it leaves."""
    if body[0] == "(" and body[-1] == ")":
        return "-", body[1:-1]
    if body[0] in _MINUS or body[0] in "£+":
        return ("-" if body[0] in _MINUS else body[0]), body[1:]
    if body[:3].upper() == "GBP":
        return "£", body[3:]
    if body[-1] in _MINUS:
        return "-", body[:-1]
    letters = re.search(r"[A-Za-z]+$", body)
    if letters and letters[0].lower() in _SUFFIX:
        return letters[0].lower(), body[: letters.start()]
    return "", body


def _unit_of(taken: _Taken, text: str, unit: str) -> str:
    """The unit of a sum: its own, else the one it is read in; where the two differ it is refused."""
    named = _SUFFIX[taken.suffix] if taken.suffix else ""
    if named and unit not in ("£", named):
        raise MoneyError(text, f"a number in {unit}, the unit of its row")
    if taken.pound and not named and unit != "£":
        raise MoneyError(text, f"a number in {unit} without a pound sign, or with k or m after it")
    return named or unit


def _why_not(body: str) -> str:
    """What should have stood where `body` does, in words for a finance manager."""
    if not body:
        return "a number"
    if re.fullmatch(r"[\d.]+E[+-]?\d+", body, re.ASCII | re.IGNORECASE):
        return "the number in full, since the scientific form may have lost some of its figures"
    if not re.search(r"\d", body):
        return "a number, or an empty cell where it is not known (nil is 0)"
    if re.fullmatch(r"[\d,]+(\.\d+)?", body):
        return "commas between groups of three digits"
    if re.fullmatch(r"[\d.]+", body) or re.fullmatch(r"[\d.]+,\d+", body):
        return "one decimal point and commas for thousands"
    return "a number such as 4,600, (12.3) or 4.6"


_PAGE_UNIT: ContextVar[str] = ContextVar("the unit of a page", default="£m")


@contextmanager
def shown_in(unit: str) -> Iterator[None]:
    """Within it sentences, tables and charts tell money in one unit, `£m` or `£k`.

    A page has one unit, and what is on it is made in many places; each asks `page_unit`. What is
    worked out is whole pence in either.

    >>> with shown_in("£k"):
    ...     format_pounds(461_300_000), page_unit()
    ('£4,613 thousand', '£k')
    """
    if unit not in PAGE_PLACES:
        raise MoneyError(unit, "a unit of £m or £k for a page")
    token = _PAGE_UNIT.set(unit)
    try:
        yield
    finally:
        _PAGE_UNIT.reset(token)


def page_unit() -> str:
    """The unit of the page that is being made."""
    return _PAGE_UNIT.get()


def page_money(pence: int | None) -> str:
    """Pence in the unit of the page, deficits in brackets.

    >>> page_money(-1_230_000_000)
    '(12.3)'
    """
    return format_money(pence, page_unit(), PAGE_PLACES[page_unit()])


def format_money(pence: int | None, unit: str = "£m", places: int = 1) -> str:
    """Show pence in a unit, deficits in brackets; rounded for display only, half away from nil.

    >>> format_money(-1230000000), format_money(460000, "£", 2), format_money(None)
    ('(12.3)', '4,600.00', 'not known')
    >>> format_money(25_000_000), format_money(-25_000_000)
    ('0.3', '(0.3)')
    """
    if pence is None:
        return "not known"
    shown = _rounded(pence, unit, places)
    body = f"{abs(shown):,f}"
    return f"({body})" if shown < 0 else body


def _rounded(pence: int, unit: str, places: int) -> Decimal:
    """A sum in a unit, half away from nil as a spreadsheet rounds."""
    step = Decimal(1).scaleb(-places)
    return (Decimal(pence) / PENCE_PER[unit]).quantize(step, rounding=ROUND_HALF_UP)


_MOST_PLACES: Final = 3
"""Decimals after which a sum is written out in pounds and pence."""


def pounds_apart(*pence: int | None) -> tuple[str, ...]:
    """The sums of one sentence, each with as many digits as keep different sums apart.

    Two different sums never print the same: where one decimal would show them alike, more are
    shown, and at last pounds and pence.

    >>> pounds_apart(660_000_000, 600_000_000)
    ('£6.6 million', '£6.0 million')
    >>> pounds_apart(400_000_000, 399_999_999)
    ('£4,000,000.00', '£3,999,999.99')
    >>> pounds_apart(662_000_000, 660_000_000, None)
    ('£6.62 million', '£6.60 million', 'not known')
    """
    for places in range(1, _MOST_PLACES + 1):
        shown = tuple(format_pounds(one, places) for one in pence)
        if len(set(shown)) == len(set(pence)):
            return shown
    return tuple("not known" if one is None else exact_pounds(one) for one in pence)


def exact_pounds(pence: int) -> str:
    """A sum in pounds and pence, for a sentence.

    >>> exact_pounds(20_511_100_000_001), exact_pounds(-5)
    ('£205,111,000,000.01', 'a deficit of £0.05')
    """
    text = f"£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    return f"a deficit of {text}" if pence < 0 else text


def signed_pounds(pence: int) -> str:
    """A sum in pounds, with pence where there are any and its own sign: of a cell, not of a body.

    >>> signed_pounds(123_400), signed_pounds(-50)
    ('£1,234', '-£0.50')
    """
    text = f"£{abs(pence) // 100:,}" + (f".{abs(pence) % 100:02d}" if pence % 100 else "")
    return f"-{text}" if pence < 0 else text


def format_pounds(pence: int | None, places: int = 1) -> str:
    """Money in words for a sentence: the unit fits the size.

    >>> format_pounds(-860000000), format_pounds(123456), format_pounds(16666666700)
    ('a deficit of £8.6 million', '£1,234.56', '£166.7 million')
    >>> format_pounds(4_500_000), format_pounds(4_500_050)
    ('£45,000', '£45,000.50')
    """
    if pence is None:
        return "not known"
    size = abs(pence)
    if page_unit() == "£k" and size >= 50_000:
        text = f"£{_rounded(size, '£k', 0):,} thousand"
    elif size >= 99_950_000:
        text = f"£{_rounded(size, '£m', places):,} million"
    elif size >= 10_000_000:
        text = f"£{_rounded(size, '£k', places - 1):,} thousand"
    else:
        text = f"£{size // 100:,}" + (f".{size % 100:02d}" if size % 100 else "")
    return f"a deficit of {text}" if pence < 0 else text


def position_words(pence: int | None) -> str:
    """A position in words.

    >>> position_words(-860000000), position_words(0)
    ('a deficit of £8.6 million', 'break-even')
    """
    if pence is None:
        return "what cannot be told"
    if pence == 0:
        return "break-even"
    return format_pounds(pence) if pence < 0 else f"a surplus of {format_pounds(pence)}"


def exact_text(pence: int, unit: str) -> str:
    """The shortest exact decimal of a sum in a unit, as a book would hold it.

    >>> exact_text(460000000, "£m"), exact_text(-5, "£")
    ('4.6', '-0.05')
    """
    value = Decimal(pence) / PENCE_PER[unit]
    text = format(value.normalize(), "f")
    return text if text not in ("-0", "") else "0"


def apportion(
    total_pence: int, weights: Mapping[str, int | float | Fraction | Decimal]
) -> dict[str, int]:
    """Split a sum exactly, by largest remainder; ties go to the lower code.

    Weights are nil or more and not all nil; the sum may be negative (it is split by size and the
    sign put back). Raises ValueError otherwise.

    >>> apportion(100, {"QAA": 1, "QBB": 1, "QCC": 1})
    {'QAA': 34, 'QBB': 33, 'QCC': 33}
    >>> sum(apportion(-100, {"QAA": 1, "QBB": 2}).values())
    -100
    """
    exact = {code: Fraction(weight) for code, weight in weights.items()}
    whole = sum(exact.values(), Fraction(0))
    if any(weight < 0 for weight in exact.values()):
        raise ValueError("weights must be nil or more")
    if whole == 0:
        raise ValueError("weights must not all be nil")
    if len(exact) == 1:
        return dict.fromkeys(exact, total_pence)
    if total_pence < 0:
        return {code: -part for code, part in apportion(-total_pence, weights).items()}
    ideal = {code: total_pence * weight / whole for code, weight in exact.items()}
    floor = {code: value.numerator // value.denominator for code, value in ideal.items()}
    left = total_pence - sum(floor.values())
    by_remainder = sorted(exact, key=lambda code: (floor[code] - ideal[code], code))
    for code in by_remainder[:left]:
        floor[code] += 1
    assert sum(floor.values()) == total_pence, "parts must make the whole"
    return floor


def evenly(total_pence: int, parts: int) -> list[int]:
    """A sum that runs evenly: after each part, what has run is its share to the nearest penny.

    Six months of a year's saving are half of it, whatever its odd pennies.

    >>> evenly(400_000_000, 12)[:3], sum(evenly(400_000_000, 12)[:6])
    ([33333333, 33333334, 33333333], 200000000)
    """
    if parts < 1:
        raise ValueError("a sum needs at least one part")
    if total_pence < 0:
        return [-part for part in evenly(-total_pence, parts)]
    shares = (divmod(total_pence * part, parts) for part in range(parts + 1))
    run = [whole + (2 * odd >= parts) for whole, odd in shares]
    return [after - before for before, after in pairwise(run)]


def instalments(total_pence: int, parts: int) -> list[int]:
    """Equal instalments of a sum; the earlier ones carry the odd pennies.

    >>> instalments(500_000_000, 3)
    [166666667, 166666667, 166666666]
    """
    if parts < 1:
        raise ValueError("a sum needs at least one instalment")
    if total_pence < 0:
        return [-part for part in instalments(-total_pence, parts)]
    each, odd = divmod(total_pence, parts)
    return [each + (part < odd) for part in range(parts)]
