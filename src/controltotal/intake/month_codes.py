"""Months written as codes (`202604`, `04/2026`, `26-Apr`, `30/04/26`), in a form that is read everywhere.

Ledgers and databases write months as figures. One code alone may be the month of a calendar or the
period of a financial year; several in a row or a column tell which: they follow each other, and begin
with April or pass from December to January. What is not proved stays as it is, and is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from controltotal.core.calendar import CalendarError, parse_year
from controltotal.intake.heads import part_of, years_in
from controltotal.intake.model import Grid, Value
from controltotal.intake.words import heading_means

_ROWS: Final = 2_000
"""Rows of a sheet in which headings are looked for."""
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAME: Final = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_OF_MONTHS: Final = frozenset({"month", "period", "date"})
"""Headings of columns that hold months."""
_APRIL: Final = 4
_TITLES: Final = 60
"""Rows of a sheet whose words may name its year."""
_DAY: Final = re.compile(r"(\d\d?)[/.-]\d\d?[/.-]\d\d")

Month = tuple[int, int]
"""A calendar year and a month of it, January the first."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A way of writing months: its pattern, what a match says, and whether a run of them has to prove it.

    `least` is how many different ones a line needs.
    """

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], Month | None]
    proved: bool = False
    least: int = 1


def _month(year: int, month: int) -> Month | None:
    return (year + 2000 if year < 100 else year, month) if 1 <= month <= 12 else None


def _named(text: str) -> int:
    return _NAMES.index(text[:3].capitalize()) + 1


def _with_bar(found: re.Match[str]) -> Month | None:
    """`2026/04`, but no financial year such as `2011/12`."""
    try:
        parse_year(found[0])
    except CalendarError:
        return _month(int(found[1]), int(found[2]))
    return None


def _day(year: str, month: str, day: str) -> Month | None:
    try:
        date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
    return _month(int(year), int(month))


def _pattern(text: str) -> re.Pattern[str]:
    """A pattern that stands by itself, or beside words: figures around it make it something else."""
    return re.compile(rf"(?<![\w/.-]){text}(?![\w/-]|\.\d)", re.IGNORECASE)


_FORMS: Final = (
    _Form(_pattern(r"(20\d\d)(0[1-9]|1[0-2])"), lambda m: _month(int(m[1]), int(m[2])), True, 2),
    _Form(_pattern(r"(20\d\d)(\d\d)(\d\d)"), lambda m: _day(m[1], m[2], m[3])),
    _Form(_pattern(r"(20\d\d)[/ _](\d\d)"), _with_bar),
    _Form(_pattern(r"(20\d\d)\.(\d\d)"), _with_bar, True, 2),
    _Form(_pattern(r"(\d\d?)[/-](20\d\d)"), lambda m: _month(int(m[2]), int(m[1]))),
    _Form(_pattern(r"(\d\d?)\.(20\d\d)"), lambda m: _month(int(m[2]), int(m[1])), True, 2),
    _Form(_pattern(rf"(20\d\d)[\s/._-]*{_NAME}"), lambda m: _month(int(m[1]), _named(m[2]))),
    _Form(_pattern(rf"(\d\d)[\s/-]{_NAME}"), lambda m: _month(int(m[1]), _named(m[2])), True, 2),
    _Form(
        _pattern(rf"(\d\d?)[\s/-]{_NAME}[\s/-](\d\d)"),
        lambda m: _day(m[3], str(_named(m[2])), m[1]),
    ),
    _Form(_pattern(r"(\d\d?)[/.-](\d\d?)[/.-](\d\d)"), lambda m: _day(m[3], m[2], m[1]), True, 2),
    _Form(
        _pattern(r"([23]\d)(0[1-9]|1[0-2])"),
        lambda m: _month(int(m[1]), int(m[2])),
        True,
        3,
    ),
)
_PERIOD: Final = re.compile(r"\s*(?:p|pd|prd|per|period)\.?\s*-?0?(1[0-2]|[1-9])\s*", re.IGNORECASE)


def plain_months(grid: Grid) -> Grid:
    """A sheet in which months written as codes are written as `Apr-26`, where they are proved.

    >>> plain_months(Grid("a.csv", "", [["Line", 202604, 202605], ["Pay", 5, 6]])).cells[0]
    ['Line', 'Apr-26', 'May-26']
    >>> plain_months(Grid("a.csv", "", [["2026/27"], ["Line", 202601, 202602]])).cells[1]
    ['Line', 'M1', 'M2']
    """
    cells: list[Sequence[Value]] = list(grid.cells)
    down: dict[int, int] = {}
    years: set[str] = set()
    for row, line in enumerate(grid.cells[:_ROWS]):
        texts = [cell for cell in line if type(cell) is str]
        if row < _TITLES:
            years |= {year for text in texts for year in years_in(text)}
        if texts and (plain := _across(line, years, cells[row - 1] if row else ())) is not None:
            cells[row] = plain
        for column, cell in enumerate(line) if texts else ():
            if type(cell) is str and heading_means(cell) in _OF_MONTHS:
                down.setdefault(column, row)
    for column, row in down.items():
        _down(cells, column, row + 1, years)
    return replace(grid, cells=cells)


def _across(
    line: Sequence[Value], years: Collection[str], above: Sequence[Value]
) -> list[Value] | None:
    """A row of headings with plain months; None where it holds no codes that are proved.

    Bare figures under figures or under months (`above`) are money, whatever they look like.
    """
    texts = {at: text for at, cell in enumerate(line) if (text := _text(cell))}
    figures = {at for at, cell in enumerate(line) if type(cell) in (int, float)}
    for form in _FORMS:
        found = {at: month for at, text in texts.items() if (month := _read(form, text))}
        bare = figures & set(found)
        if any(_is_headed(above, at) for at in bare):
            continue
        if bare == figures and form is _FORMS[0] and len(found) == 1 and _is_heading(line):
            return [f"Period {texts[at]}" if at in found else cell for at, cell in enumerate(line)]
        if not found or (bare and (figures - bare or not _follow(found.values()))):
            continue  # none, or a row of figures
        if words := _plain(form, found.values(), years):
            plain = {at: form.pattern.sub(words[month], texts[at]) for at, month in found.items()}
            return [plain.get(at, cell) for at, cell in enumerate(line)]
    return None


def _is_headed(above: Sequence[Value], column: int) -> bool:
    """Whether a figure or a month stands over a column."""
    cell = above[column] if column < len(above) else None
    return type(cell) in (int, float) or (
        type(cell) is str and bool(part_of(cell).measure.span or _is_heading([cell]))
    )


def _is_heading(line: Sequence[Value]) -> bool:
    """Whether a row begins with a word that heads a column."""
    first = next((cell for cell in line if cell is not None and cell != ""), None)
    return type(first) is str and bool(heading_means(first))


def _down(cells: list[Sequence[Value]], column: int, first: int, years: Collection[str]) -> None:
    """The months of a column under its heading, where most that it holds are months of one form."""
    texts = {
        row: text
        for row in range(first, len(cells))
        if column < len(cells[row]) and (text := _text(cells[row][column]))
    }
    plain = _plain_down(dict.fromkeys(texts.values()), years)
    for row, text in texts.items() if plain else ():
        if text in plain:
            line = list(cells[row])
            line[column] = plain[text]
            cells[row] = line


def _plain_down(texts: Collection[str], years: Collection[str]) -> dict[str, str]:
    """What the texts of a column are as plain months; nothing where they are none of one form."""
    for form in _FORMS:
        found = {
            text: month
            for text in texts
            if form.pattern.fullmatch(text) and (month := _read(form, text))
        }
        if 2 * len(found) <= len(texts):
            continue
        if _days(found):
            return {text: _words(month) for text, month in found.items()}
        if words := _plain(form, found.values(), years):
            return {text: words[month] for text, month in found.items()}
    periods = {text: int(match[1]) for text in texts if (match := _PERIOD.fullmatch(text))}
    numbers = set(periods.values())
    if len(numbers) > 1 and numbers == set(range(1, len(numbers) + 1)):
        return {text: f"M{number}" for text, number in periods.items()}
    return {}


def _plain(form: _Form, months: Collection[Month], years: Collection[str]) -> dict[Month, str]:
    """Months of a form in plain words: by themselves, or by how they follow each other; else nothing.

    Codes that begin with 01 are the periods of a year where that is the one year which the sheet names.
    """
    found = sorted(set(months))
    (first, start), (last, _) = found[0], found[-1]
    runs = len(found) >= form.least and _follow(found)
    if not form.proved or (runs and (start == _APRIL or first != last)):
        return {month: _words(month) for month in found}
    year = f"{first}-{(first + 1) % 100:02d}"
    if runs and form is _FORMS[0] and start == 1 and set(years) == {year}:
        return {month: f"M{month[1]}" for month in found}
    return {}


def _follow(months: Collection[Month]) -> bool:
    """Whether months are several and each follows the one before it."""
    counted = sorted({12 * year + month for year, month in months})
    return len(counted) > 1 and all(after - before == 1 for before, after in pairwise(counted))


def _days(texts: Iterable[str]) -> bool:
    """Whether texts are days of which some can only stand before their month, as `31/05/26`."""
    found = [match for text in texts if (match := _DAY.fullmatch(text))]
    return any(int(match[1]) > len(_NAMES) for match in found)


def _read(form: _Form, text: str) -> Month | None:
    match = form.pattern.search(text)
    return form.read(match) if match else None


def _text(cell: Value) -> str:
    """A text or a whole number as it would be read; nothing for what cannot hold a code."""
    if type(cell) is str:
        text = cell.strip()
        return text if any(map(str.isdigit, text)) and len(text) < 60 else ""
    if type(cell) is int:
        return str(cell)
    if type(cell) is float and cell.is_integer() and abs(cell) < 1e9:
        return str(int(cell))
    return ""


def _words(month: Month) -> str:
    """A month as it is read everywhere.

    >>> _words((2026, 4))
    'Apr-26'
    """
    return f"{_NAMES[month[1] - 1]}-{month[0] % 100:02d}"
