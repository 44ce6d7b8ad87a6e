"""Amounts as they are meant: the signs and the months that a book, a source or a row says they bear.

Books write amounts in three ways of sign, and some of them write the sum from April where others
write the month. Here each becomes the plain form that everything else reads: positive as people
write it, one month at a time. What was differenced is told once. A balance (cash) is never
differenced, for it is not made of months, and rows of schemes are savings in any way of signs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from controltotal.book.record import Record
from controltotal.book.records import Amount, OwnLine, Source
from controltotal.book.remembered import Remembered
from controltotal.book.settings import Settings
from controltotal.core.finding import Finding, Place, where_of
from controltotal.core.lines import packaged_lines

BALANCES: Final = ("cash",)
"""Lines that are balances at the end of a month, not money of it."""
SAVINGS: Final = ("savings_unidentified",)
"""Lines that are savings, written positive whatever the signs of the book."""
BOUNDS: Final = ("over", "up_to")


@dataclass(frozen=True, slots=True)
class Meant:
    """Amounts as they are meant, those whose meaning cannot be known, and what is told of them."""

    amounts: Sequence[Amount]
    stopped: Sequence[Record]
    findings: Sequence[Finding]


def as_meant(
    rows: Mapping[str, Sequence[Record]],
    stopped: Iterable[Record],
    settings: Settings,
    parts: Remembered | None = None,
) -> Meant:
    """The amounts of a book, of which `rows` are by table, in their plain form."""
    amounts, sources, lines = (tuple(rows.get(t, ())) for t in ("amounts", "sources", "lines"))
    unread = tuple(row for row in stopped if isinstance(row, Source) and _says_months(row))
    return (parts or Remembered()).recall(
        "as meant",
        (amounts, sources, lines, unread, settings),
        _meant,
        [row for row in amounts if isinstance(row, Amount)],
        {r.id: r.months for r in sources if isinstance(r, Source) and r.months},
        {row.texts.get("id", "") for row in unread},
        kinds_of(lines),
        settings,
    )


def _meant(
    rows: Sequence[Amount],
    months: Mapping[str, str],
    unclear: Collection[str],
    kinds: Mapping[str, str],
    settings: Settings,
) -> Meant:
    """The same: `months` is what sources say of theirs, `unclear` are those that cannot be read."""
    kept: list[Amount] = []
    lost: list[Record] = []
    apart: dict[tuple[str, ...], list[Amount]] = {}
    for row in rows:
        plain = _signed(row, settings.signs, kinds.get(row.line, ""))
        if not runs(row.month) or row.line in BALANCES:
            kept.append(plain)
        elif row.source in unclear:
            lost.append(row)
        elif months.get(row.source or "", settings.months) == "cumulative":
            apart.setdefault((*_series(plain), _part(plain)[0]), []).append(plain)
        else:
            kept.append(plain)
    parted = [row for series in apart.values() for row in _single(series)]
    if not parted:
        return Meant(kept, lost, [])
    return Meant(_together(kept, parted, lost), lost, [_told(parted)])


def _together(kept: list[Amount], parted: list[Amount], lost: list[Record]) -> list[Amount]:
    """The rows kept and those taken apart, in the order of the book.

    Of two years to date of one month that differ neither is used.
    """
    typed = {(*_series(r), r.month or ""): r for r in kept}
    twins = [(row, typed.get((*_series(row), row.month or ""))) for row in parted]
    for row, twin in twins:
        if twin is not None and twin.amount != row.amount:
            lost += [twin, row]
    gone = set(lost)
    every = [row for row in kept if row not in gone] + [row for row, twin in twins if twin is None]
    return sorted(every, key=lambda row: row.number)


def _says_months(row: Source) -> bool:
    return "months" in row.texts and row.months is None


def kinds_of(rows: Iterable[Record]) -> Mapping[str, str]:
    """The kind of every line: a book's own may not change that of a packaged one."""
    own = {row.line: row.kind for row in rows if isinstance(row, OwnLine)}
    return {**own, **{name: line.kind for name, line in packaged_lines().items()}}


def _signed(row: Amount, signs: str, kind: str) -> Amount:
    """An amount with the sign that a plain book gives it."""
    turned = is_turned(row.line, row.direction, signs, kind, of_scheme=bool(row.scheme))
    return replace(row, amount=-row.amount) if turned else row


def is_turned(line: str, direction: str | None, signs: str, kind: str, *, of_scheme: bool) -> bool:
    """Whether amounts of a line bear the other sign than in a plain book.

    A credit is income or a reduction of cost, a surplus, a saving, money owed at the bank; a debit
    the other side of each. The two other ways of signs are those of the whole book.

    >>> is_turned("pay", None, "ledger", "cost", of_scheme=False)
    False
    >>> is_turned("pay", "credit", "plain", "cost", of_scheme=False)
    True
    """
    saving = of_scheme or line in SAVINGS
    if direction:
        debit_adds = not saving and (kind == "cost" or line in BALANCES)
        return (direction == "debit") != debit_adds
    if saving or line in BALANCES:
        return False
    return signs == ("costs_negative" if kind == "cost" else "ledger")


def _series(row: Amount) -> tuple[str, ...]:
    """What the months of one series have in common."""
    labels = (row.scenario, row.recurrence, row.counterparty, row.scheme)
    return (row.organisation, row.line, row.year, row.basis, *(label or "" for label in labels))


def runs(month: str | None) -> bool:
    """Whether a period is one of several in a row that may be a running sum: a month or quarter.

    >>> runs("7"), runs("Q2"), runs("YTD9"), runs("H1"), runs(None)
    (True, True, False, False, False)
    """
    return month is not None and (month.isdigit() or month.startswith("Q"))


def _part(row: Amount) -> tuple[str, int]:
    """The kind of a period, month or quarter, and its number."""
    month = row.month or ""
    return ("month", int(month)) if month.isdigit() else ("quarter", int(month[1:]))


def _single(series: Iterable[Amount]) -> list[Amount]:
    """Each month less the one before; where that is missing the sum from April stands as one.

    Quarters likewise: all of one series are the one or the other.

    A sum that is only a bound stays as it is: nobody can say what of it fell in the month.
    """
    by_part = {_part(row): row for row in series}
    found = []
    for (kind, number), row in sorted(by_part.items()):
        before = by_part.get((kind, number - 1))
        if number == 1:
            found.append(row)
        elif before is None or {row.qualifier, before.qualifier} & set(BOUNDS):
            last = number if kind == "month" else 3 * number
            found.append(replace(row, month=f"YTD{last}"))
        else:
            found.append(replace(row, amount=row.amount - before.amount))
    return found


def _told(parted: list[Amount]) -> Finding:
    """What is told once of all amounts that were differenced."""
    whole = sum((row.month or "").startswith("YTD") for row in parted)
    stand = f"; {whole} without the month before stand for the months so far" if whole else ""
    bodies = tuple(sorted({row.organisation for row in parted}))
    return Finding(
        code="MONTHS_DIFFERENCED",
        severity="information",
        organisation=bodies[0] if len(bodies) == 1 else "",
        where=where_of((row.table, row.number) for row in parted),
        message=f"{len(parted)} amounts of months run from April, as the book says: each was taken "
        f"less the month before{stand}.",
        expected="months as the setting or the source says: cumulative",
        found=f"{len(parted)} cumulative amounts",
        action="Nothing; write single as the value of months if each month stands by itself.",
        at=tuple(Place(row.table, row.number, "amount", row.entry) for row in parted),
        organisations=bodies if len(bodies) > 1 else (),
    )
