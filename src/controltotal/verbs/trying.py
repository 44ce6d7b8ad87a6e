"""Try a change in memory: what a start, a size, a share delivered or a transfer does this year.

A scheme is what its forecast says, month by month; a change moves the months that are not yet told, and
the forecast of its body by as much, for nothing else is taken to move. A transfer is taken as agreed by
both sides. Nothing is written, and the reading that is tried on stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from controltotal.accounts.told import Told
from controltotal.book.amount_table import chosen
from controltotal.book.fold import Position
from controltotal.book.records import Amount, Scheme
from controltotal.core.calendar import (
    CalendarError,
    month_start,
    months_of,
    parse_date,
    year_of,
)
from controltotal.core.errors import BookError
from controltotal.core.money import MoneyError, format_pounds, parse_money
from controltotal.core.names import short_names
from controltotal.core.progress import Progress, checked
from controltotal.programme.signing import material_change
from controltotal.verbs.long import long
from controltotal.verbs.opening import advance
from controltotal.workings.workings import Workings

KINDS: Final = ("start", "size", "share", "transfer")
"""What may be tried: when a scheme starts, what it brings a year, what share of it, a transfer."""
MEASURES: Final = ("adjusted_surplus", "surplus_with_support", "measured", "gap", "savings_plan")
"""What is told of each body before and after."""
MONTHS: Final = 12
MOST: Final = 10_000
"""Per cent of its forecast that a scheme may be tried to deliver at most."""
ROOM: Final = "TRY"
"""The identifier of a transfer that is tried."""

Rows = list[tuple[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Change:
    """A change to try: of a `scheme` its `start` (a day), `size` (money a year) or `share` (per cent of
    what is still to come); or a `transfer` of an `amount` from one body to another."""

    kind: str
    scheme: str = ""
    value: str = ""
    from_: str = ""
    to: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One measure of one body, in whole pence, as it is told and as it would be."""

    organisation: str
    measure: str
    before: int | None
    after: int | None

    @property
    def change(self) -> int:
        """By how much it would move; nil where either is not told."""
        if self.before is None or self.after is None:
            return 0
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Tried:
    """What a change would do: measures that move, in the order of the tree, and what is said of it.

    `saved` is what the scheme would bring more this year, in pence; `rows` are the rows that were tried.
    """

    change: Change
    year: str
    moved: tuple[Moved, ...]
    words: tuple[str, ...]
    saved: int | None = None
    rows: tuple[tuple[str, Mapping[str, str]], ...] = field(default=(), repr=False)


@long
def try_change(
    book: Workings,
    change: Change,
    year: str | None = None,
    today: date | None = None,
    *,
    progress: Progress | None = None,
) -> Tried:
    """What a change would do in a year (else the book's own); a BookError where it cannot be tried.

    `today` is the day on which it would become known. `progress` may cancel it (`Progress`).
    """
    position = book.position
    year = year or position.default_year
    now = book.once("numbers that are tried on", lambda: Told(book))
    rows, saved, words = _rows(position, now, change, year, today or _after(position))
    after = Told(Workings(advance(position, rows)))
    moved = []
    for code in checked(list(position.tree.organisations), 1):
        for measure in MEASURES:
            name = f"{measure}/{code}/{year}/forecast"
            one = Moved(code, measure, _pence(now, name), _pence(after, name))
            if one.before != one.after:
                moved.append(one)
    words += _not_followed(position, change, moved, saved)
    return Tried(change, year, tuple(moved), tuple(words), saved, tuple(rows))


def _not_followed(
    position: Position, change: Change, moved: Sequence[Moved], saved: int | None
) -> list[str]:
    """That a body's forecast does not move as its scheme does, where the data keep it from doing so."""
    if not saved:
        return []
    own = next(row.organisation for row in position.book.schemes if row.id == change.scheme)
    by = {one.change for one in moved if (one.organisation, one.measure) == (own, MEASURES[0])}
    if by == {saved}:
        return []
    return [f"The forecast of {_names(position)[own]} says no lines that could move with it."]


def _names(position: Position) -> Mapping[str, str]:
    """The bodies as people call them."""
    return short_names({code: position.tree.name(code) for code in position.tree.organisations})


def _pence(told: Told, name: str) -> int | None:
    found = told.figure(name)
    return found.value if found is not None and isinstance(found.value, int) else None


def _after(position: Position) -> date:
    """The last day on which anything became known of a scheme, or today where that is later."""
    days = [row.known for row in position.book.schemes if row.known is not None]
    return max([datetime.now(UTC).date(), *days])


def _rows(
    position: Position, now: Told, change: Change, year: str, today: date
) -> tuple[Rows, int | None, list[str]]:
    if change.kind == "transfer":
        rows, words = _transfer(position, change, year, today)
        return rows, None, words
    if change.kind not in KINDS:
        raise BookError(
            f"{change.kind or 'nothing'} cannot be tried", "the change", f"try {', '.join(KINDS)}"
        )
    scheme = next((row for row in position.book.schemes if row.id == change.scheme), None)
    if scheme is None:
        what = f"there is no scheme {change.scheme}" if change.scheme else "no scheme is named"
        raise BookError(what, "scheme", "choose one of the list")
    told_to = now.month(scheme.organisation, year) or 0
    return _of_scheme(position, scheme, change, year, told_to, today)


def _of_scheme(
    position: Position, scheme: Scheme, change: Change, year: str, told_to: int, today: date
) -> tuple[Rows, int, list[str]]:
    """The rows of a scheme that starts, brings or delivers otherwise, and those of its body."""
    course = _course(position, scheme, year)
    if told_to >= MONTHS:
        raise BookError("every month of the year is told", "year", "try a later year")
    wanted, words = _wanted(scheme, course, change, year)
    if change.kind == "start":
        _refuse_begun(position, scheme)
    ahead = range(told_to + 1, MONTHS + 1)
    known = {"known_on": today.isoformat()}
    rows: Rows = []
    moves: dict[int, int] = {}
    for line, months in course.items():
        for month in ahead:
            old, new = months.get(month, 0), wanted[line].get(month, 0)
            if new != old:
                moves[month] = moves.get(month, 0) + new - old
                rows.append(("amounts", {**_phased(scheme, line, year, month, new), **known}))
    saved = sum(moves.values())
    if not moves:
        return [], 0, [*words, "Nothing that is still to come this year would change."]
    rows += _of_body(position, scheme.organisation, year, moves, known)
    more = "more" if saved > 0 else "less"
    words.append(
        f"It would save {format_pounds(abs(saved))} {more} this year than its forecast has."
    )
    return rows, saved, words


def _refuse_begun(position: Position, scheme: Scheme) -> None:
    """Refuse another start of a scheme that has brought something: what is recorded cannot move."""
    months = {
        (row.year, row.month)
        for row in chosen(
            position.book.amounts,
            scheme=lambda one: one == scheme.id,
            basis=lambda one: one == "actual",
        )
        if row.amount and row.month and row.month.isdecimal()
    }
    if not months:
        return
    year, month = min(months, key=lambda one: (one[0], int(one[1])))
    began = _month(month_start(year, int(month)))
    recorded = (
        "one month of it is already recorded"
        if len(months) == 1
        else f"{len(months)} months of it are already recorded"
    )
    raise BookError(
        f"{scheme.title} cannot start on another day: it has brought money since {began}, "
        f"and {recorded}",
        "start",
        "try the share that it delivers of what is still to come, or another sum in a full year",
    )


Line = tuple[str, str]
"""A line, and whether it repeats."""


def _course(position: Position, scheme: Scheme, year: str) -> dict[Line, dict[int, int]]:
    """What a scheme brings by line and month: as forecast, else as planned, else evenly from its start."""
    for basis in ("forecast", "plan"):
        found: dict[Line, dict[int, int]] = {}
        for row in chosen(
            position.book.amounts,
            scheme=lambda one: one == scheme.id,
            year=lambda one: one == year,
            basis=lambda one, wanted=basis: one == wanted,  # type: ignore[misc]
        ):
            if row.month and row.month.isdecimal() and not row.scenario:
                line = (row.line, row.recurrence or "")
                found.setdefault(line, {})[int(row.month)] = row.amount
        if found:
            return found
    monthly = scheme.full_year_effect // MONTHS
    first = _first_month(scheme.start, year)
    line = ("non_pay", scheme.recurrence or "recurrent")
    return {line: dict.fromkeys(range(first, MONTHS + 1), monthly)}


def _first_month(start: date | None, year: str) -> int:
    """The month of a year in which something begins: 1 where before it, 13 where after it."""
    if start is None or start < month_start(year, 1):
        return 1
    return min(_months(month_start(year, 1), start), MONTHS) + 1


def _months(first: date, second: date) -> int:
    return (second.year - first.year) * MONTHS + second.month - first.month


def _wanted(
    scheme: Scheme, course: Mapping[Line, Mapping[int, int]], change: Change, year: str
) -> tuple[dict[Line, dict[int, int]], list[str]]:
    """What the scheme would bring by line and month, with what is said of the change."""
    if change.kind == "share":
        share = _share(change.value)
        told = {k: {m: _part(p, share, 100) for m, p in one.items()} for k, one in course.items()}
        return told, [f"{scheme.title} delivers {share:f}% of what is still to come."]
    if change.kind == "size":
        size = _money(change.value, "size", position_unit="£")
        old = scheme.full_year_effect
        words = [
            f"{scheme.title} brings {format_pounds(size)} in a full year in place of "
            f"{format_pounds(old)}.",
            *_lapses(scheme, replace(scheme, full_year_effect=size)),
        ]
        if not old:
            raise BookError(
                "it brings nothing in a full year", "size", "try its start or its share"
            )
        told = {k: {m: _part(p, size, old) for m, p in one.items()} for k, one in course.items()}
        return told, words
    return _shifted(scheme, course, change.value, year)


def _part(pence: int, share: int | Decimal, of: int) -> int:
    return int((Decimal(pence) * share / of).to_integral_value("ROUND_HALF_UP"))


def _shifted(
    scheme: Scheme, course: Mapping[Line, Mapping[int, int]], text: str, year: str
) -> tuple[dict[Line, dict[int, int]], list[str]]:
    """The months of a scheme moved by as many as its start moves."""
    try:
        start = parse_date(text)
    except CalendarError as error:
        raise BookError(f"start reads {text!r}", "start", f"give {error.expected}") from error
    was = scheme.start or month_start(year, _begins(course))
    by, first = _months(was, start), _first_month(start, year)
    told: dict[Line, dict[int, int]] = {}
    for line, months in course.items():
        told[line] = {
            month: months.get(min(month - by, MONTHS), 0) if month >= first else 0
            for month in range(1, MONTHS + 1)
        }
    words = [
        f"{scheme.title} starts in {_month(start)} in place of {_month(was)}.",
        *_lapses(scheme, replace(scheme, start=start)),
    ]
    if year_of(start) > year:
        words.append("It would bring nothing this year.")
    return told, words


def _begins(course: Mapping[Line, Mapping[int, int]]) -> int:
    """The first month in which anything comes."""
    told = [month for months in course.values() for month, pence in months.items() if pence]
    return min(told, default=1)


def _month(day: date) -> str:
    return f"{day:%B %Y}"


def _lapses(before: Scheme, after: Scheme) -> list[str]:
    """That signatures would lapse, where the change is a material one."""
    if not material_change(before, after):
        return []
    return [
        "Its clinical signatures would lapse: it counts again once it is assessed and signed anew."
    ]


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text.strip().removesuffix("%").strip())
        if share.is_finite() and 0 <= share <= MOST:
            return share
    except ArithmeticError:
        pass
    raise BookError(f"share reads {text!r}", "share", "give per cent, such as 60")


def _money(text: str, where: str, position_unit: str) -> int:
    try:
        found = parse_money(text, position_unit)
    except MoneyError as error:
        raise BookError(f"{where} reads {text!r}", where, "give money such as £1.2m") from error
    return found


def _phased(scheme: Scheme, line: Line, year: str, month: int, pence: int) -> dict[str, str]:
    """A row that says what a scheme is now expected to bring in a month."""
    cells = {"organisation": scheme.organisation, "line": line[0], "year": year}
    cells |= {"month": str(month), "basis": "forecast", "recurrence": line[1]}
    return {**cells, "scheme": scheme.id, "amount": _pounds(pence), "unit": "£"}


def _pounds(pence: int) -> str:
    return f"{Decimal(pence) / 100:f}"


def _of_body(
    position: Position, code: str, year: str, moves: Mapping[int, int], known: Mapping[str, str]
) -> Rows:
    """The rows of a body's own forecast that move by as much as its scheme does.

    Its largest line moves, month by month and for the year, with whatever is said of what that line is
    a part of, and the position where it is stated.
    """
    own = [
        row
        for row in chosen(
            position.book.amounts,
            organisation=lambda one: one == code,
            year=lambda one: one == year,
            basis=lambda one: one == "forecast",
        )
        if not row.scheme and not row.scenario and not row.counterparty
    ]
    sizes: dict[Line, int] = {}
    for row in own:
        if _is_counted(position, row):
            line = (row.line, row.recurrence or "")
            sizes[line] = sizes.get(line, 0) + abs(row.amount)
    largest = max(sizes, key=lambda line: (sizes[line], line), default=("position", ""))
    wholes = {"position", *_wholes(position, largest[0])}
    found: Rows = []
    for row in own:
        if row.line in wholes or (row.line, row.recurrence or "") == largest:
            months = months_of(row.month) if row.month else tuple(range(1, MONTHS + 1))
            pence = sum(moves.get(month, 0) for month in months)
            if pence:
                found.append(("amounts", {**_changed(position, row, pence), **known}))
    return found


def _wholes(position: Position, name: str) -> list[str]:
    """The lines of which a line is a part, the nearest first."""
    found: list[str] = []
    line = position.lines.get(name)
    while line is not None and line.group in position.lines and line.group not in found:
        found.append(line.group)
        line = position.lines.get(line.group)
    return found


def _is_counted(position: Position, row: Amount) -> bool:
    """Whether a row is of the body's own income or cost as a control total measures it."""
    line = position.lines.get(row.line)
    return line is not None and line.added and not line.outside and not row.counterparty


def _changed(position: Position, row: Amount, pence: int) -> dict[str, str]:
    """A row with its amount moved: a saving makes a cost less, and an income more."""
    line = position.lines.get(row.line)
    sign = line.sign if line is not None else 1
    return {**row.texts, "amount": _pounds(row.amount + sign * pence), "unit": "£"}


def _transfer(position: Position, change: Change, year: str, today: date) -> tuple[Rows, list[str]]:
    """A transfer that both sides would agree to."""
    known = position.tree.organisations
    for where, code in (("from", change.from_), ("to", change.to)):
        if code not in known:
            what = f"there is no organisation {code}" if code else "no organisation is named"
            raise BookError(what, where, "choose one of the list")
    if change.from_ == change.to:
        raise BookError("both sides are one organisation", "to", "choose another")
    pence = _money(change.amount, "amount", position_unit="£")
    if pence <= 0:
        raise BookError("a transfer is of more than nil", "amount", "give money such as £1.2m")
    cells = {"id": ROOM, "from": change.from_, "to": change.to, "year": year}
    cells |= {"amount": _pounds(pence), "unit": "£", "kind": "neighbour_support"}
    cells |= {"mechanism": "resource_transfer", "status": "agreed", "known_on": today.isoformat()}
    names = _names(position)
    giver, taker = names[change.from_], names[change.to]
    words = [f"{giver} gives {taker} {format_pounds(pence)}, agreed by both boards."]
    return [("transfers", cells)], words
