"""The headings of a column as what they mean: a word of the vocabulary, or money of which period.

Each of its stacked texts is read by itself and the lower one decides: `Plan` over `Apr`, `YTD` over
`M9`, `2026/27 Plan £'000` in one cell. What a text holds beyond that is its `rest`.

Source: conventions of NHS reporting (month 1 is April); a period `P9` may be another, and is asked
about unless the headings hold all twelve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

from controltotal.core.calendar import CalendarError, dated_month, parse_date, parse_year
from controltotal.intake.model import Head, Measure
from controltotal.intake.words import (
    heading_means,
    heading_near,
    key,
    phrases_in,
    plain,
    written,
)
from controltotal.intake.worth import ONCE, RECURRENT, word_of

_NAMES: Final = (
    r"(?<![a-z])(?:apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?)(?![a-z])\.?"
)
_CALENDAR: Final = r"(?:[\s'/-]*(?:\d{4}|\d{2})(?!\d))?"
_TO: Final = r"\s*(?:-|to|until)\s*"
_RANGE = re.compile(rf"({_NAMES}){_CALENDAR}{_TO}({_NAMES}{_CALENDAR})")
_MONTHS = re.compile(
    rf"(?<![a-z])(?:m|mths?|months?)\s*0?(\d)(?!\d){_TO}(?:m|mth|month)?\s*0?(\d\d?)(?!\d)"
)
_DATE = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}|\d{{4}}-\d\d-\d\d|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?[\s-]*{_NAMES}[\s,'-]*\d{{4}})(?!\d)"
)
_YEAR = re.compile(r"(?<![\d/.-])(?:fy\s*)?(?:\d{4}|\d\d)\s*[/-]\s*(?:\d{4}|\d\d)(?![\d/-]|\.\d)")
_PART = re.compile(
    r"(?<![a-z])(q|qtr|quarter|h|half)\s*-?([1-4])(?!\d)|(?<!\d)([1-4])(?:st|nd|rd|th) (?:qtr|quarter)"
)
_TO_DATE = re.compile(
    r"(?<![a-z])ytd\s*-?\s*(?:m|mth|month|p)?\s*0?(\d\d?)(?!\d)|(?<![a-z])(?:m|mth|month)\s*0?(\d\d?)\s*-?ytd"
)
_MONTH = re.compile(r"(?<![a-z])(?:m|mth|month|mo)\.?\s*(?:no\.?)?\s*:?\s*-?0?(\d\d?)(?!\d)")
_PERIOD = re.compile(r"(?<![a-z])(?:p|pd|per|period)\s*-?0?(\d\d?)(?!\d)")
_ISO = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
_NAMED = re.compile(rf"{_NAMES}{_CALENDAR}")
_UNIT = re.compile(
    r"\(?(?:£\s?'?(?:000'?s?|bn|billions?|millions?|thousands?|m|mn|ks?)?(?![a-z0-9])|"
    r"(?<![\d,.])'?000'?s?(?![\d,])|(?<![a-z])gbp(?:\s?(?:k|m|'?000))?(?![a-z0-9])|"
    r"(?<![a-z])(?:wtes?|fte|headcount|whole time equivalents?)(?![a-z]))\)?"
)
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th)\b")
_WEAK: Final = frozenset({"year", "month", "period", "amount", "basis", "wte", "debit", "credit"})
"""Words of the vocabulary that say less than a measure beside them."""
_STAYS: Final = frozenset({"variance", "percent", "prior", "movement", "average"})
_COMPARES = re.compile(r"\b(?:vs?|versus|against)\b")


_WITHIN: Final = re.compile(
    r"^\W*(?:of which|o/w|within which|being|comprising|comprises|made up of|consisting of"
    r"|split (?:as|by|into|between)|split|analysed (?:as|by|into|between))(?![a-z])\W*",
    re.IGNORECASE,
)
_BY_MARK: Final = re.compile(
    r"^\W*(?:rec(?:urr(?:ent|ing))?|r)\s*(?:/|or|and|&)\s*(?:n\s*/?\s*r|non[\s-]*rec(?:urr(?:ent|ing))?)"
    r"(?:\s+(?:split|analysis|view|element))?\W*$",
    re.IGNORECASE,
)
"""Words over the columns of recurrent and non-recurrent money that say that they are the two."""
_SIDES: Final = ("debit", "credit")
_NOTHING: Final = Measure()


@dataclass(frozen=True, slots=True)
class Part:
    """What one text says of money, what is over, and whether its month is one by its number alone."""

    measure: Measure = _NOTHING
    rest: str = ""
    by_period: bool = False

    @property
    def says(self) -> bool:
        """Whether it says anything at all of money."""
        return self.measure != Measure()

    @property
    def whole(self) -> bool:
        """Whether it says something of money and nothing else."""
        return self.says and not self.rest


@lru_cache(maxsize=16384)
def part_of(text: str) -> Part:
    """What a text says of money.

    >>> part_of("2026/27 Plan £'000").measure
    Measure(basis='plan', span='year', number=0, year='2026-27', fact='', unit='£k')
    >>> part_of("YTD M9").measure.span, part_of("Apr-Dec").measure.number, part_of("Ward 7").rest
    ('to_date', 9, 'Ward 7')
    """
    body, measure = _unit(plain(text))
    body, measure, by_period = _period(body, measure)
    left = []
    for kind, means in phrases_in(body):
        if kind == "rest":
            left.append(means)
        elif kind == "basis":
            measure = _with_basis(measure, means)
        elif kind == "span":
            measure = _with_span(measure, means)
    if measure.span == "month" and not measure.basis and left[-1:] in (["a"], ["f"]):
        measure = replace(measure, basis="actual" if left.pop() == "a" else "forecast")
    if measure == Measure():
        return Part(rest=text.strip())
    if (
        measure.year
        and not measure.span
        and measure.basis in ("plan", "actual", "forecast", "outturn")
    ):
        measure = replace(measure, span="year")
    return Part(measure, " ".join(left), by_period)


def _unit(body: str) -> tuple[str, Measure]:
    """The unit taken out of a text; workforce is a fact and no money."""
    units = {key(word): means for word, means in written("unit").items()}
    means = units.get(key(body), "")
    if means:
        body = ""
    else:
        found = [units.get(key(match[0]), "") for match in _UNIT.finditer(body)]
        body, means = _UNIT.sub(" ", body), next(filter(None, found), "")
    return body, Measure(unit=means, fact="workforce" if means == "wte" else "")


def _period(body: str, measure: Measure) -> tuple[str, Measure, bool]:
    """The period taken out of a text: the most particular form first."""
    if match := _RANGE.search(body):
        first, last = _month(match[1]), _month(match[2])
        span = _span_of(first[0], last[0])
        if span is not None:
            cut = body[: match.start()] + " " + body[match.end() :]
            return (
                cut,
                replace(measure, span=span[0], number=span[1], year=last[1] or first[1]),
                False,
            )
    if (match := _MONTHS.search(body)) and (span := _span_of(int(match[1]), int(match[2]))):
        return _cut(body, match), replace(measure, span=span[0], number=span[1]), False
    if (match := _TO_DATE.search(body)) and int(match[1] or match[2]) <= 12:
        number = int(match[1] or match[2])
        return _cut(body, match), replace(measure, span="to_date", number=number), False
    if match := _DATE.search(body):
        month, year = _month(match[0])
        before = body[: match.start()].split()[-2:]
        if month:
            to = bool({"to", "at", "ending", "ended"} & set(before))
            cut = body[: match.start()] + " " + body[match.end() :]
            return (
                cut,
                replace(measure, span="to_date" if to else "month", number=month, year=year),
                False,
            )
    if (found := _iso_month(body))[0]:
        return "", replace(measure, span="month", number=found[0], year=found[1]), False
    body, year = _year(body)
    measure = replace(measure, year=year)
    return _part_or_month(body, measure)


def without_period(text: str) -> tuple[str, Measure]:
    """A text without the period that it names, in small letters, and that period.

    >>> without_period("M6 value")[0].strip(), without_period("M6 value")[1].number
    ('value', 6)
    """
    body, measure, _ = _period(plain(text), _NOTHING)
    return body, measure


def _iso_month(body: str) -> tuple[int, str]:
    """The month and year of `2026-04`, which is no financial year; nought for anything else."""
    if not _ISO.fullmatch(body) or _year(body)[1]:
        return 0, ""
    return _month(f"{body}-01")


def _part_or_month(body: str, measure: Measure) -> tuple[str, Measure, bool]:
    """A quarter, a half or a single month."""
    if match := _PART.search(body):
        number = int(match[2] or match[3])
        span = "half" if (match[1] or "q").startswith("h") else "quarter"
        if span == "quarter" or number <= 2:
            return _cut(body, match), replace(measure, span=span, number=number), False
    for pattern in (_MONTH, _PERIOD):
        match = pattern.search(body)
        if match and 1 <= int(match[1]) <= 12:
            said = replace(measure, span="month", number=int(match[1]))
            cut, year = _same_month(_cut(body, match), said.number)
            return cut, replace(said, year=year or said.year), pattern is _PERIOD
    if match := _NAMED.search(body):
        month, year = _month(match[0])
        if month:
            to = body[: match.start()].split()[-1:] == ["to"]
            span = "to_date" if to else "month"
            said = replace(measure, span=span, number=month, year=year or measure.year)
            return _cut(body, match), said, False
    return body, measure, False


def _same_month(body: str, number: int) -> tuple[str, str]:
    """A text without the name of the month whose number stood beside it, and the year that it says.

    A title (`Month 9: December 2026`) keeps it.
    """
    match = None if ":" in body else _NAMED.search(body)
    named = _month(match[0]) if match else (0, "")
    return (_cut(body, match), named[1]) if match and named[0] == number else (body, "")


def _cut(body: str, match: re.Match[str]) -> str:
    return f"{body[: match.start()]} {body[match.end() :]}"


def _year(body: str) -> tuple[str, str]:
    for match in _YEAR.finditer(body):
        try:
            return _cut(body, match), parse_year(match[0])
        except CalendarError:
            continue
    return body, ""


def dates_in(text: str) -> list[date]:
    """The days that a text names.

    >>> dates_in("Position as at 31 December 2026")
    [datetime.date(2026, 12, 31)]
    """
    found = []
    for match in _DATE.finditer(plain(text)):
        try:
            found.append(parse_date(_ORDINAL.sub(r"\1", match[0])))
        except CalendarError:
            continue
    return found


def months_in(text: str) -> list[tuple[int, str]]:
    """The months that a text names by their names, each with its financial year where it says one.

    >>> months_in("Month 9: December 2026"), months_in("Dec, £k")
    ([(9, '2026-27')], [(9, '')])
    """
    body = _DATE.sub(" ", plain(text))
    for year in _YEAR.findall(body):
        body = body.replace(year, " ")
    return [found for m in _NAMED.finditer(body) if (found := _month(m[0]))[0]]


def years_in(text: str) -> list[str]:
    """The financial years that a text names.

    >>> years_in("2025/26 outturn and 2026/27 plan")
    ['2025-26', '2026-27']
    """
    found, body = [], plain(text)
    while year := _year(body)[1]:
        body = _year(body)[0]
        found.append(year)
    return found


def _month(text: str) -> tuple[int, str]:
    """The month that a text names, and the year in which it must lie; nought where it names none."""
    text = _ORDINAL.sub(r"\1", text.strip(" ."))
    try:
        month, year = dated_month(re.sub(r"[\s.',]+", " ", text))
    except CalendarError:
        return 0, ""
    return int(month) if month.isdigit() else 0, year


def _span_of(first: int, last: int) -> tuple[str, int] | None:
    """What the months from one to another are: all to a date, a quarter or a half, or nothing."""
    if not (1 <= first < last <= 12):
        return None
    if first == 1:
        return ("year", 0) if last == 12 else ("to_date", last)
    if last - first == 2 and first % 3 == 1:
        return "quarter", last // 3
    return ("half", 2) if (first, last) == (7, 12) else None


def _with_basis(measure: Measure, means: str) -> Measure:
    """A basis more: a comparison or a share outdoes what is compared."""
    basis, _, span = means.partition(" ")
    if measure.basis in _STAYS and basis != "percent":
        basis = measure.basis
    if measure.basis and basis == "outturn":
        basis = measure.basis
    if means == "forecast year" and measure.span == "month":
        return replace(measure, basis=basis, span=span)  # the month is that of the report
    return replace(measure, basis=basis, span=measure.span or span)


def _with_span(measure: Measure, means: str) -> Measure:
    """A span more: to date outdoes the month that it reaches, a whole year what is within it."""
    if measure.span in ("", "total") or (means == "to_date" and measure.span == "month"):
        return replace(measure, span=means)
    if means == "to_date" and measure.span == "year" and not measure.number:
        return replace(measure, span=means)
    return measure


def combined(parts: Sequence[Part], texts: Sequence[str]) -> Measure:
    """What stacked texts say together, from the top one down; the lower one decides."""
    said = Measure()
    for part, text in zip(parts, texts, strict=True):
        lower = part.measure
        compares = part is not parts[-1] and bool(_COMPARES.search(plain(text)))
        span, number = _below(said, lower)
        said = Measure(
            said.basis if compares else _basis_below(said.basis, lower.basis),
            span,
            number,
            lower.year or said.year,
            lower.fact or said.fact,
            lower.unit or said.unit,
        )
    if not said.span and parts[-1].measure.year:
        said = replace(said, span="year")
    return said


def _basis_below(upper: str, lower: str) -> str:
    """The basis of what stands below a basis: a comparison stays one, but for its share.

    >>> _basis_below("forecast", "plan"), _basis_below("variance", "forecast")
    ('plan', 'variance')
    """
    stays = upper in _STAYS and lower != "percent"
    return upper if not lower or stays or (lower == "outturn" and upper) else lower


def _below(upper: Measure, lower: Measure) -> tuple[str, int]:
    """The span of what stands below a span."""
    if not lower.span or (lower.span == "total" and upper.span not in ("", "month")):
        return upper.span, upper.number
    if upper.span == "to_date" and lower.span == "month" and lower.number:
        return "to_date", lower.number
    if lower.span in ("month", "to_date") and not lower.number:
        return lower.span, upper.number if upper.span in ("month", "to_date") else 0
    return lower.span, lower.number


def head_of(column: int, texts: Iterable[str]) -> Head:
    """A column by its stacked headings, from the top one down.

    >>> head_of(3, ["Plan", "Apr-26"]).measure.number, head_of(0, ["Scheme", "reference"]).means
    (1, 'scheme_id')
    >>> head_of(4, ["Trust A", "Plan"]).rest, head_of(2, ["Directorat"]).how
    ('Trust A', 'near')
    """
    stacked = tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
    if not stacked:
        return Head(column, ())
    parts = [part_of(text) for text in stacked]
    measure = combined(parts, stacked)
    word = _vocabulary(stacked)
    weak = word in _WEAK and any(part.measure != _only_unit(part) for part in parts[:-1])
    if word and not weak:
        return Head(column, stacked, word, measure if word in MONEY_WORDS else Measure(), "exact")
    if weak and word in ("year", "month"):
        measure = replace(measure, span=measure.span or word)
    return _of_money(column, stacked, parts, measure, weak)


def _of_money(
    column: int, stacked: tuple[str, ...], parts: Sequence[Part], measure: Measure, weak: bool
) -> Head:
    """A column that no word of the vocabulary names; `weak` where its lowest word names money."""
    above = parts[:-1] if weak else parts
    rest = " / ".join(part.rest for part in above if part.rest)
    if weak or (parts[-1].says and (len(stacked) > 1 or not rest)):
        return Head(column, stacked, "money", measure, _certain(parts, measure), rest)
    word = heading_means(parts[-1].rest)
    if parts[-1].says and word in _SIDES:
        return Head(column, stacked, word, measure, "exact")
    near = heading_near(stacked[-1])
    return Head(column, stacked, near, measure, "near" if near else "", rest)


def _certain(parts: Sequence[Part], measure: Measure) -> str:
    """Whether what headings say of money is sure."""
    unsure = any(part.by_period for part in parts) or measure.basis == "outturn"
    return "near" if unsure else "exact"


def _only_unit(part: Part) -> Measure:
    return Measure(unit=part.measure.unit)


MONEY_WORDS: Final = frozenset(
    {
        "amount",
        "control_total",
        "full_year_effect",
        "gross",
        "net",
        "investment",
        "debit",
        "credit",
        "wte",
    }
)
"""Words of the vocabulary that are of money or people too, and so keep their unit."""


def _vocabulary(stacked: Sequence[str]) -> str:
    """The word of the vocabulary that stacked texts are, together or by the lowest of them."""
    for text in (" ".join(stacked), " ".join(stacked[-2:]), stacked[-1]):
        bare = _YEAR.sub(" ", _UNIT.sub(" ", plain(text)))
        for tried in (text, bare, re.sub(r"\(.*?\)", " ", bare)):
            if key(tried) and (means := heading_means(tried)):
                return means
    return ""


@lru_cache(maxsize=16384)
def mark_in(text: str) -> str:
    """Whether money repeats, by a heading that says so and nothing else beyond basis and period.

    >>> mark_in("Plan - non-recurrent (£000)"), mark_in("R"), mark_in("Underlying")
    ('non_recurrent', 'recurrent', 'recurrent')
    >>> mark_in("Recurrent savings"), mark_in("Plan")
    ('', '')
    >>> mark_in("of which: recurrent")
    'recurrent'
    """
    rest = part_of(_WITHIN.sub("", text)).rest
    if not rest:
        return ""
    return (
        RECURRENT if key(rest) == "underlying" else word_of(rest, (RECURRENT, ONCE), "recurrence")
    )


def splits(text: str) -> bool:
    """Whether a heading says nothing but that what stands beneath it makes up what stands beside it.

    >>> splits("of which"), splits("Recurrent / non-recurrent split"), splits("Recurrent")
    (True, True, False)
    """
    return bool(text) and not _BY_MARK.sub("", _WITHIN.sub("", text)).strip(" :-")


def says_within(text: str) -> bool:
    """Whether a heading begins by saying that it is a part of what stands beside it.

    >>> says_within("of which: recurrent"), says_within("Recurrent")
    (True, False)
    """
    return bool(_WITHIN.search(text))


def is_word(text: str) -> bool:
    """Whether a text is wholly understood as a heading.

    >>> is_word("Apr"), is_word("Care group"), is_word("Pharmacy stock review")
    (True, True, False)
    """
    return bool(text) and (part_of(text).whole or bool(_vocabulary((text,))))
