"""What the words around a table say of all of it: body, year, month, basis, unit, date, signs.

They stand in the lines above it, in the corner of its headings, in notes beneath (unit and signs
alone), in the title of its sheet and in the name of its file. Something is claimed only where one
thing is said: a title with two years, or of plan and actual, claims neither.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from controltotal.core.calendar import month_of, year_of
from controltotal.core.vocabulary import folded
from controltotal.intake.heads import dates_in, months_in, part_of, years_in
from controltotal.intake.model import Claim, Grid, Place, Seen
from controltotal.intake.words import heading_means, key, phrases_in, plain, written

_NOWHERE: Final = (-1, -1)
_NOTES: Final = 8
"""Rows beneath a table in which its notes are looked for."""
_NAMES_MAX: Final = 8
_COVER: Final = 40
"""Rows of a cover sheet that are looked at."""
_TITLE: Final = 100
_LONGEST: Final = 200
_BASES: Final = ("plan", "actual", "forecast")
_NAMED_PLANS: Final = re.compile(
    r"\b(?:improvement|action|recovery|business|savings?|efficiency|cip|transformation) plan(?:s|ning)?\b"
    r"|\b(?:budget|plan) (?:holder|statement|report|monitoring|book|template)s?\b"
)
"""Names of papers and programmes that have a word of a basis in them."""
_SAVINGS_PLAN: Final = re.compile(r"\b(?:savings?|efficiency|cip|qipp|crp) plan\b")
"""The name of a paper that is the plan itself, unless a month says that it reports on it."""
_UP_TO: Final = re.compile(
    r"\b(?:ytd|year[\s-]to[\s-]date|to date|cumulative|(?:months|period) (?:to|ended|ending))\b"
)
"""Words of a title by which its figures run from April."""
_CODE: Final = re.compile(r"\b(?=[A-Z]*\d)[A-Z0-9]{3}\b")
_PARTED: Final = re.compile(r"\s+[-\u2013\u2014|:]\s*|\s*[-\u2013\u2014|:]\s+|[|;\n(),]")
_COST: Final = r"(?:costs?|expenditure|spend|expenses?|pay and non.?pay)"
_NEGATIVE: Final = r"(?:negatives?|in brackets|bracketed|as \(|with a minus)"
_SIGNS: Final = (
    (
        "ledger",
        re.compile(
            rf"(?:income|credits?|revenue)\b[^.;]{{0,40}}?{_NEGATIVE}|"
            r"(?:income|revenue)\s*(?:\(credit\)|= ?credit)|ledger signs?"
        ),
    ),
    ("costs_negative", re.compile(rf"{_COST}\b[^.;]{{0,40}}?{_NEGATIVE}")),
    ("plain", re.compile(rf"{_COST}\b[^.;]{{0,30}}?positive")),
)
_OF_ROWS: Final = ("line", "line_code", "basis", "month", "organisation", "organisation_code")
"""Columns of labels over which a word of units, years or bases is of the whole table."""
_LABELS: Final = {
    "organisation": "organisation",
    "organisation_code": "organisation",
    "year": "year",
    "month": "month",
    "period": "month",
    "unit": "unit",
    "basis": "basis",
    "date": "date",
    "scenario": "basis",
}


def claims_of(
    seen: Seen, above: int, first: int, *, beside: bool = False, end: int = 1 << 30
) -> tuple[Claim, ...]:
    """What is claimed of a table, the nearest first.

    `above` is the first row of the lines that belong to it, `first` the row of the first headings of
    its sheet: what stands above those is said of every table, but for whose it is and for the unit
    that the lines of a table itself name. Where another table stands `beside` it, the lines over its own
    columns come first. From `end` on lines are of the table below.
    """
    claims: list[Claim] = []
    for own in (True, False) if beside else (False,):
        named = any(claim.what in ("organisation", "name") for claim in claims)
        for row in range(seen.heading[0] - 1, above - 1, -1):
            more = _line(seen.grid, row, seen if own else None)
            claims += [c for c in more if not (named and c.what in ("organisation", "name"))]
    named = any(claim.what in ("organisation", "name") for claim in claims)
    claims += _corner(seen)
    nearer = {"organisation", "name"} if named else set[str]()
    nearer |= {"unit"} & {claim.what for claim in claims}
    if above > first:
        for row in range(first - 1, -1, -1):
            claims += [c for c in _line(seen.grid, row, None) if c.what not in nearer]
    claims += _beneath(seen, end)
    for text in (seen.grid.sheet, PurePath(seen.grid.file).name.split(".")[0]):
        claims += claims_in(re.sub(r"_+", " ", text), _NOWHERE)
    claims += _plan_itself(claims)
    names = [claim for claim in claims if claim.what == "name"]
    return tuple(c for c in dict.fromkeys(claims) if c.what != "name" or c in names[:_NAMES_MAX])


def _plan_itself(claims: list[Claim]) -> list[Claim]:
    """The plan, where a paper is named so and neither a basis nor a month says otherwise."""
    if {"basis", "month", "to_date"} & {claim.what for claim in claims}:
        return []
    named = [claim for claim in claims if _SAVINGS_PLAN.search(plain(claim.text))]
    return [Claim("basis", "plan", named[0].text, named[0].place)] if named else []


def of_cover(grids: Iterable[Grid]) -> tuple[Claim, ...]:
    """What sheets of words before the first table say of all tables, each thing where they say one."""
    said: dict[str, dict[str, Claim]] = {}
    for grid in grids:
        for row in range(min(len(grid.cells), _COVER)):
            for claim in _line(grid, row, None):
                if claim.what != "name" and len(claim.text) < _TITLE:
                    said.setdefault(claim.what, {}).setdefault(claim.value, claim)
    only = [next(iter(values.values())) for values in said.values() if len(values) == 1]
    return tuple(replace(claim, place=_NOWHERE) for claim in only)


def _line(grid: Grid, row: int, seen: Seen | None) -> list[Claim]:
    """What a line says: pairs of a word and what follows it, and cells by themselves."""
    if row < 0 or row >= len(grid.cells):
        return []
    filled = [column for column in range(len(grid.cells[row])) if grid.text(row, column)]
    if seen is not None:
        filled = [column for column in filled if seen.left - 1 <= column <= seen.right]
    claims: list[Claim] = []
    after = ""
    for column in filled:
        text = grid.text(row, column)
        label = _LABELS.get(heading_means(text.rstrip(" :")), "")
        if after:
            claims += _said(after, text, (row, column))
            after = ""
        elif label and len(filled) > 1:
            after = label
        else:
            claims += claims_in(text, (row, column))
    return claims


def _said(what: str, text: str, place: Place) -> list[Claim]:
    """What stands after a word such as `Organisation:`."""
    found = [
        claim for claim in claims_in(text, place) if claim.what not in ("organisation", "name")
    ]
    if what == "organisation":
        return [Claim(what, text, text, place)]
    if what == "month" and text.isdecimal() and 1 <= int(text) <= 12:
        return [Claim(what, str(int(text)), text, place)]
    return found


def _corner(seen: Seen) -> list[Claim]:
    """What the headings of columns of labels say that is not of labels: `£'000`, `2026/27`."""
    claims: list[Claim] = []
    for head in seen.heads:
        if head.means in _OF_ROWS:
            for text in head.texts:
                if part_of(text).says and not heading_means(text):
                    found = claims_in(text, (seen.heading[1], head.column))
                    claims += [c for c in found if c.what not in ("name", "organisation")]
    return claims


def _beneath(seen: Seen, end: int) -> list[Claim]:
    """Notes beneath a table, as far as they are of units and signs."""
    claims: list[Claim] = []
    for row in range(seen.last + 1, min(seen.last + 1 + _NOTES, len(seen.grid.cells), end)):
        filled = [c for c in range(seen.left, seen.right + 1) if seen.grid.text(row, c)]
        if len(filled) > 1:
            break
        for column in filled:
            found = claims_in(seen.grid.text(row, column), (row, column))
            claims += [claim for claim in found if claim.what in ("unit", "signs")]
    return claims


def claims_in(text: str, place: Place) -> list[Claim]:
    """What a text claims.

    >>> [(c.what, c.value) for c in claims_in("Norfolk Coast NHS Trust - plan 2026/27 (£000)", (0, 0))]
    [('organisation', 'Norfolk Coast NHS Trust'), ('year', '2026-27'), ('basis', 'plan'), ('unit', '£k')]
    >>> [(c.what, c.value) for c in claims_in("Position as at 31 December 2026", (0, 0))]
    [('year', '2026-27'), ('month', '9'), ('date', '2026-12-31')]
    """
    text = " ".join(text.split())
    if not text:
        return []
    if len(text) > _LONGEST:
        return [Claim("signs", signs, text, place) for signs in _signs(text)]
    found = [(what, value) for what, value in (*_names(text), *_periods(text))]
    body = _NAMED_PLANS.sub(" ", plain(text))
    bases = {means.partition(" ")[0] for kind, means in phrases_in(body) if kind == "basis"}
    if len(bases) == 1 and (basis := bases.pop()) in _BASES:
        found.append(("basis", basis))
    unit = part_of(text).measure.unit
    if unit and unit not in ("wte", "%") and _one_unit(text):
        found.append(("unit", unit))
    found += [("signs", signs) for signs in _signs(text)]
    return [Claim(what, value, text, place) for what, value in dict.fromkeys(found)]


def _one_unit(text: str) -> bool:
    """Whether a text of a unit names no sum in it: `£3m over plan` is no unit."""
    return not re.search(r"£\s?\d(?!00\b|00s)", text)


def _periods(text: str) -> Iterator[tuple[str, str]]:
    """Year, month, months to date, and day that a text names, each where it names one."""
    days = set(dates_in(text))
    day = days.pop() if len(days) == 1 else None
    measure = part_of(text).measure
    years = {*years_in(text), measure.year, *(year for _, year in months_in(text))} - {""}
    months = {month for month, _ in months_in(text)}
    if measure.span in ("month", "to_date") and measure.number and day is None:
        months.add(measure.number)
    if day is not None:
        years.add(year_of(day))
        if day.day == monthrange(day.year, day.month)[1]:
            months.add(month_of(day))
    if len(years) == 1:
        yield "year", years.pop()
    if len(months) == 1:
        month = str(months.pop())
        yield "month", month
        if (measure.span == "to_date" and day is None) or _UP_TO.search(plain(text)):
            yield "to_date", month
    if day is not None:
        yield "date", day.isoformat()


def _names(text: str) -> Iterator[tuple[str, str]]:
    """Whose a text may be: words of a body or a code, else what it says beyond periods and units."""
    bodies = written("body")
    for part in filter(None, map(str.strip, _PARTED.split(text))):
        words = [key(word) for word in part.split()]
        if any(word in bodies for word in words) or " ".join(plain(part).split()) in bodies:
            yield "organisation", part
            if alone := _body_alone(part):
                yield "organisation", alone
        elif codes := _CODE.findall(part):
            for code in codes:
                if code[0].isalpha() and not re.fullmatch(r"[A-Z]\d\d|FY\d|H[12]\w|Q[1-4]\w", code):
                    yield "organisation", code
        else:
            rest = part_of(part).rest
            if heading_means(part):
                continue
            if rest and re.search(r"[A-Za-z]{2}", rest) and folded(rest) not in _NO_NAMES:
                yield "name", part
                if plain(rest) != plain(part):
                    yield "name", rest


def _body_alone(part: str) -> str:
    """The name of a body without what a title says after it; empty where nothing of that kind is.

    >>> _body_alone("Dale NHS Trust finance plan"), _body_alone("Dale NHS Trust Charity")
    ('Dale NHS Trust', '')
    """
    words = part.split()
    last = max((n for n, word in enumerate(words) if key(word) in written("body")), default=-1)
    after = part_of(" ".join(words[last + 1 :]))
    told = after.whole or folded(after.rest) in _NO_NAMES
    return " ".join(words[: last + 1]) if 0 <= last < len(words) - 1 and told else ""


_NO_NAMES: Final = frozenset(
    {"sheet", "sheet1", "sheet2", "sheet3", "data", "report", "return", "template", "summary"}
    | {"table", "tracker", "import", "export", "final", "draft", "copy", "i&e", "notes"}
    | {
        "incomeandexpenditure",
        "incomeexpenditure",
        "income",
        "expenditure",
        "month",
        "year",
        "organisation",
    }
)
"""What is no name of a body wherever it stands alone."""


def _signs(text: str) -> Iterator[str]:
    body = plain(text)
    found = [signs for signs, pattern in _SIGNS if pattern.search(body)]
    if found == ["costs_negative", "plain"] or len(found) == 1:
        yield found[0]
