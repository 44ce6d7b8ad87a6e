"""The columns of a table of money, each with the basis, year, period and unit that it is of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from controltotal.book.across import TO_DATE_IN
from controltotal.core.finding import Finding
from controltotal.core.money import canonical_unit
from controltotal.core.vocabulary import folded
from controltotal.intake.body_columns import ASKED, OF_ALL, OUT, Whose, named_across, whose_columns
from controltotal.intake.column_questions import alone_or_to_date, twice, unnamed, unnamed_lines
from controltotal.intake.ground import Ground
from controltotal.intake.heads import part_of
from controltotal.intake.known import Known
from controltotal.intake.labels import is_result, is_total
from controltotal.intake.model import Asked, Head, Mapped, Measure, Read, Seen

LABELS: Final = frozenset(
    {
        "organisation",
        "organisation_code",
        "line",
        "line_code",
        "main_code",
        "month",
        "period",
        "year",
        "basis",
        "unit",
        "direction",
        "counterparty",
        "recurrence",
        "group",
        "date",
        "journal",
        "supplier",
        "cost_centre_code",
        "directorate",
        "description",
    }
)
"""Meanings of columns that say of a row what its money is."""
ACROSS: Final = "line_across"
"""Meaning of a column whose heading should name a line, since months stand down."""
_SUMS: Final = frozenset({"money", "amount", "value", "debit", "credit"})
"""Meanings of columns that hold sums."""
_OF_SAVINGS: Final = re.compile(
    r"\b(?:efficienc(?:y|ies)|savings?|cips?|qipp|cost improvements?)\b", re.IGNORECASE
)
AVERAGE: Final = "an average of other columns, which the book reckons itself"
_LEFT: Final = {"notes": "remarks", "left": "left out as the mapping says"}
_RESULT: Final = re.compile(r"\b(?:surplus|deficit|net position|bottom line)\b", re.IGNORECASE)
_BLANKS: Final = re.compile(r"[\s'`\u2018\u2019\u00a0\u2009\u202f]")
_FIGURES: Final = re.compile(
    r"(?:£|gbp)?[(+\-\u2212]*£?[\d,.]*\d\)?-?(?:[km%]|bn|cr|dr)?", re.IGNORECASE
)
CUMULATIVE: Final = "cumulative"
BOOK_TO_DATE: Final = TO_DATE_IN["amounts"]
"""Bases of which a book takes money to date."""
MONEY, TOTAL, VARIANCE, LEFT = "money", "total", "variance", "left"


@dataclass(frozen=True, slots=True)
class Col:
    """A column that holds numbers: its role, and what its money is of.

    `period` is `7`, `Q2`, `H1`, `YTD9` or empty for the year; `line` and `body` are given where the
    headings, and not the rows, name them; `reason` says why a column is left out.
    """

    index: int
    head: Head
    role: str
    basis: str = ""
    year: str = ""
    period: str = ""
    unit: str = ""
    line: str = ""
    body: str = ""
    reason: str = ""
    side: str = ""
    """The side of the ledger of a whole column, `DR` or `CR`."""
    whose: str = ""
    """`asked` where nobody knows its body yet, `out` where the person leaves it out, `sum` of others."""

    @property
    def same(self) -> tuple[str, ...]:
        """What two columns may not both say."""
        return (*self.unmarked, self.head.mark)

    @property
    def mark(self) -> str:
        """`recurrent` or `non_recurrent`, where its heading says so."""
        return self.head.mark

    @property
    def unmarked(self) -> tuple[str, ...]:
        """The same, whether it repeats or not."""
        return (self.basis, self.year, self.period, self.line, self.body, self.side)


def columns_of(ground: Ground, asked: Asked, known: Known, read: Read) -> list[Col]:
    """Every column with numbers, settled; what nobody can name is asked."""
    heads = [one for one in ground.seen.heads if one.means not in LABELS]
    heads = [one for one in heads if _has_numbers(ground.seen, one)]
    may_be = [one for one in heads if _reason(one) in ("", "a variance")]
    whose, asks = whose_columns(ground, asked, known, may_be)
    ground.bodies = {column: one.body for column, one in whose.items()}
    told = {one.said: one.body for one in whose.values() if one.said}
    read.mapped += [Mapped(text, body, "asked") for text, body in told.items()]
    found, unknown = _named_or_not(ground, asked, known, heads)
    read.findings += [*asks, *_unsettled(ground, known, unknown)]
    found = [_of_body(col, whose.get(col.index)) for col in found]
    if any(col.line for col in found):
        found = [_as_result(col) for col in found]
    across = any(col.line or (col.body and col.whose != OUT) for col in found)
    whole = [_as_year(col, found) if col.role == TOTAL and not across else col for col in found]
    whole = _once(ground.seen, whole)
    read.findings += _twice(ground.seen, whole)
    return whole


def _of_body(col: Col, whose: Whose | None) -> Col:
    """A column as it is known whose it is: of a body, asked, left out, or the sum of the others."""
    if whose is None or col.role == LEFT:
        return col
    if whose.how == OF_ALL:
        return col if col.role == VARIANCE else replace(col, role=TOTAL, whose=OF_ALL)
    if whose.how == OUT:
        return replace(col, whose=OUT, reason=col.reason or _LEFT["left"])
    return replace(col, whose=ASKED) if whose.how == ASKED else col


def _named_or_not(
    ground: Ground, asked: Asked, known: Known, heads: Sequence[Head]
) -> tuple[list[Col], list[Head]]:
    """The columns that are settled, and the headings of those that nobody can name."""
    found: list[Col] = []
    unknown: list[Head] = []
    for head in heads:
        name = _line_name(ground, known, head)
        if name and folded(name) not in asked.lines and _reason(head) == "a variance":
            continue  # it waits for what its line is
        col = _column(ground, asked, known, head, name)
        if col is not None:
            found.append(col)
        elif not head.text and _is_nil(ground.seen, head.column):
            found.append(Col(head.column, head, LEFT, reason="noughts under no heading"))
        else:
            unknown.append(head)
    return found, unknown


def _unsettled(ground: Ground, known: Known, heads: Sequence[Head]) -> list[Finding]:
    """One question of the lines that headings should name, and one of the rest."""
    names = {head.column: name for head in heads if (name := _line_name(ground, known, head))}
    lines = [head for head in heads if head.column in names]
    others = [head for head in heads if head.column not in names]
    found = [unnamed_lines(ground.seen, lines, list(names.values()))] if lines else []
    return [*found, unnamed(ground.seen, others)] if others else found


def _is_nil(seen: Seen, column: int) -> bool:
    """Whether every figure of a column is nought, such as a check that holds."""
    texts = [seen.grid.text(row, column) for row in range(seen.first, seen.last + 1)]
    return not any(digit in text for text in texts for digit in "123456789")


def _as_result(col: Col) -> Col:
    """A column of the result beside columns of lines is what these come to, of whichever basis."""
    is_of_lines = col.role == MONEY and not col.line and bool(_RESULT.search(col.head.text))
    return replace(col, role=TOTAL) if is_of_lines else col


def is_figures(text: str) -> bool:
    """Whether a text is nothing but figures as people write sums.

    >>> is_figures("(1,234)"), is_figures("1. Excludes support"), is_figures("")
    (True, False, False)
    """
    return bool(_FIGURES.fullmatch(_BLANKS.sub("", text)))


def _has_numbers(seen: Seen, head: Head) -> bool:
    """Whether a column holds numbers, texts of figures, or cells that should have held some.

    One that its heading says to be of money is not judged by its cells.
    """
    column = head.column
    for row in range(seen.first, seen.last + 1):
        value = seen.grid.value(row, column)
        if value is not None and head.means in _SUMS:
            return True
        if isinstance(value, int | float) and not isinstance(value, bool):
            return True
        if isinstance(value, str) and is_figures(value):
            return True
        if (row, column) in seen.grid.untold:
            return True
    return False


def _line_name(ground: Ground, known: Known, head: Head) -> str:
    """What of a heading should name a line, where months stand down and lines across; else empty.

    So the upper of “Agency & locums” over “Plan”, beside columns whose headings name lines.
    """
    if head.means == ACROSS:
        return head.text or "(no heading)"
    if head.means not in _SUMS or not head.rest or _is_whole(head) or is_total(head.rest):
        return ""
    if not _rows_say_when(ground.seen) or _RESULT.search(head.rest):
        return ""
    others = (one for one in ground.seen.heads if one.means in _SUMS and one.rest != head.rest)
    own = _across(ground, known, head)
    beside = not any(own) and any(_across(ground, known, one)[0] for one in others)
    return head.rest if beside else ""


def _column(ground: Ground, asked: Asked, known: Known, head: Head, name: str = "") -> Col | None:
    """One column; None where its heading says nothing that can be used.

    `name` is what of its heading should name a line, and names none that is known.
    """
    answer = asked.lines.get(folded(name)) if name else None
    left = _LEFT["left"] if answer == "" else _reason(head)
    if left:
        col = _left(ground, asked, known, head, left)
        return replace(col, line=answer) if answer else col
    named, body = _across(ground, known, head)
    line = answer or named
    if head.measure.basis == "outturn" or (name and head.means in _SUMS and not line):
        return None  # an outturn may be a forecast
    if head.means not in _SUMS and not (line or body or _is_whole(head)):
        return _of_no_place(ground, asked, head)
    return _with_period(ground, asked, _settled(ground, _dated(ground, asked, head), line, body))


def _of_no_place(ground: Ground, asked: Asked, head: Head) -> Col | None:
    """A column of no line, body or sum: one of money where its heading is a unit alone."""
    if head.means and head.means != ACROSS:
        return Col(head.column, head, LEFT, reason=_no_place(head))
    if head.means or not _is_named_by_unit(head):
        return None
    head = replace(head, measure=Measure(unit=canonical_unit(head.text)))
    return _with_period(ground, asked, _settled(ground, _dated(ground, asked, head), "", ""))


def _dated(ground: Ground, asked: Asked, head: Head) -> Head:
    """A heading whose year holds months that are expected is of the forecast."""
    if asked.basis or not _is_expected(ground.seen, head):
        return head
    return replace(head, measure=replace(head.measure, basis="forecast"))


def _is_whole(head: Head) -> bool:
    """Whether a heading is of a total or of a result."""
    return head.measure.span == "total" or is_total(head.text) or is_result(head.text)


def _is_expected(seen: Seen, head: Head) -> bool:
    """Whether a year of no basis stands beside its months, some actual and the rest a forecast.

    It is then what the year is expected to come to, as its sum of those months shows.
    """
    if head.measure.basis or not (head.measure.span == "year" or _is_whole(head)):
        return False
    months = [one for one in seen.heads if one.measure.span == "month" and one.measure.number]
    told = {
        basis: {one.measure.number for one in months if one.measure.basis == basis}
        for basis in ("actual", "forecast")
    }
    beside = max(months, key=lambda one: (one.column < head.column, one.column), default=head)
    numbers = sorted((*told["actual"], *told["forecast"]))
    return all(told.values()) and numbers == [*range(1, 13)] and beside.measure.basis in told


def _settled(ground: Ground, head: Head, line: str, body: str) -> Col:
    """A column of money with the basis, year and unit that it is of."""
    basis = "actual" if head.measure.basis == "prior" else head.measure.basis
    return Col(
        head.column,
        head,
        TOTAL if _is_whole(head) else MONEY,
        basis=basis or _need(ground, "basis"),
        year=head.measure.year or _need(ground, "year"),
        unit=_unit(ground, head),
        line=line,
        body=body,
        side={"debit": "DR", "credit": "CR"}.get(head.means, ""),
    )


def _left(ground: Ground, asked: Asked, known: Known, head: Head, reason: str) -> Col:
    """A column that gives the book nothing; a variance is held against what it subtracts of its line."""
    if reason not in ("a variance", "a movement"):
        return Col(head.column, head, LEFT, reason=reason)
    unit = canonical_unit(head.measure.unit) or ground.unit
    line, body = _across(ground, known, head)
    col = Col(head.column, head, VARIANCE, reason=reason, unit=unit, line=line, body=body)
    return _with_period(ground, asked, col)


def _need(ground: Ground, what: str) -> str:
    """What holds for the whole table, asked for unless each row may say it."""
    seen = ground.seen
    rows_say = seen.heads_of(what) or (
        what == "year" and (seen.heads_of("date") or _months_name_years(seen))
    )
    return str(getattr(ground, what)) if rows_say else ground.need(what)


def _months_name_years(seen: Seen) -> bool:
    """Whether a column of months says their year too: `M01 2026/27`, `Apr-26`."""
    columns = [head.column for means in ("month", "period") for head in seen.heads_of(means)]
    return any(part_of(seen.grid.text(seen.first, column)).measure.year for column in columns)


def _is_named_by_unit(head: Head) -> bool:
    """Whether a heading is nothing but a unit or a word for money."""
    return bool(canonical_unit(head.text)) or head.text.strip().casefold() in ("amount", "value")


def _is_share(measure: Measure) -> bool:
    return measure.basis == "percent" or measure.unit == "%"


def _reason(head: Head) -> str:
    """Why a column gives the book nothing; empty where it may."""
    if head.means in _LEFT:
        return _LEFT[head.means]
    measure = head.measure
    if measure.fact or measure.unit == "wte":
        return "people, not money"
    if _is_share(measure):
        return "a percentage"
    if _OF_SAVINGS.search(head.text):
        return "money of savings, which a tracker tells and a surplus already has in it"
    if measure.basis in ("variance", "movement"):
        return f"a {measure.basis}"
    if measure.basis == "average":
        return AVERAGE
    return "an earlier year, not named" if measure.basis == "prior" and not measure.year else ""


def _no_place(head: Head) -> str:
    return f"a table of amounts has no place for {head.means.replace('_', ' ')}"


def _unit(ground: Ground, head: Head) -> str:
    """The unit of a column: its own, else that of the table; empty where each row names its own.

    Where headings and the words around the table contradict each other, what the person says holds.
    """
    own = canonical_unit(head.measure.unit)
    if own and _contradicted(ground.seen):
        return ground.unit if ground.unit_said else ground.conflict("unit")
    if own or ground.seen.heads_of("unit"):
        return own
    return ground.need("unit")


def _contradicted(seen: Seen) -> bool:
    """Whether the unit of the headings is another than the one that words on the sheet name."""
    own = {canonical_unit(head.measure.unit) for head in seen.heads} - {""}
    said = {canonical_unit(c.value) for c in seen.claims if c.what == "unit" and c.place[0] >= 0}
    return bool(said - {""}) and not said & own


def _across(ground: Ground, known: Known, head: Head) -> tuple[str, str]:
    """The line and the body that a heading names, where these stand across."""
    line, body = named_across(ground, known, head)
    return line, ground.bodies.get(head.column, body)


def _with_period(ground: Ground, asked: Asked, col: Col) -> Col:
    """A column with the period that it is of, in the form of the book."""
    measure = col.head.measure
    number, span = measure.number, measure.span
    if span in ("quarter", "half"):
        return replace(col, period=f"{'Q' if span == 'quarter' else 'H'}{number}" if number else "")
    if span in ("month", "to_date"):
        beside = span == "to_date" and _has_months(ground.seen)
        month = number or _months_in(ground.month)
        if not month and not beside:
            ground.need("month")
        prefix = "YTD" if span == "to_date" and month != 1 else ""
        return replace(col, period=f"{prefix}{month}" if month else "")
    if span in ("year", "total") or _rows_say_when(ground.seen):
        return col
    return replace(col, period=_unsaid(ground, asked, col))


def _has_months(seen: Seen) -> bool:
    """Whether single months stand beside a year to date, which tell how far it reaches."""
    return any(head.measure.span == "month" and head.measure.number for head in seen.heads)


def _rows_say_when(seen: Seen) -> bool:
    """Whether the rows name their months."""
    return any(seen.heads_of(means) for means in ("month", "period", "date"))


def _unsaid(ground: Ground, asked: Asked, col: Col) -> str:
    """The period of a column that names none: what the person says, else the year unless it is odd."""
    if ground.month == "year" or not _is_reported(ground.seen, col):
        return ""
    if asked.month:
        return ground.month
    claim = ground.seen.claimed("to_date")
    if claim is not None and ground.month:
        return f"YTD{_months_in(ground.month)}" if _months_in(ground.month) != 1 else "1"
    alone = ground.seen.claimed("month")
    if alone is not None:
        month, ground.month = _months_in(ground.month), ""
        if asked.months and month:
            return f"YTD{month}" if asked.months == CUMULATIVE and month != 1 else str(month)
        ground.asks["month"] = alone_or_to_date(ground.seen, alone)
    return ""


def _is_reported(seen: Seen, col: Col) -> bool:
    """Whether a column is of the months that are reported: an actual, and a plan beside one alone."""
    unsaid = {head.measure.basis for head in seen.heads if head.means in _SUMS and _is_bare(head)}
    return col.basis == "actual" or (col.basis == "plan" and unsaid == {"plan", "actual"})


def is_untold_to_date(col: Col) -> bool:
    """Whether a column is of a year to date that a book does not take: of a forecast."""
    return col.period.startswith("YTD") and col.basis not in ("", *BOOK_TO_DATE)


def _is_bare(head: Head) -> bool:
    """Whether a heading names a basis and no period."""
    return head.measure.basis in ("plan", "actual", "forecast") and not head.measure.span


def _months_in(month: str) -> int:
    """The month that `7` or `YTD7` names; nought for anything else.

    >>> _months_in("7"), _months_in("YTD9"), _months_in("Q1"), _months_in("")
    (7, 9, 0, 0)
    """
    digits = month.removeprefix("YTD")
    return int(digits) if digits.isdigit() else 0


def _as_year(col: Col, columns: list[Col]) -> Col:
    """A total of columns is their check; where no column of its basis is beside it, it is the year."""
    beside = [c for c in columns if c.role == MONEY and c.period and c.whose != OUT]
    parts = [c for c in beside if c.same[:2] == col.same[:2]]
    late = col.basis == "forecast" and not {"1", "Q1", "H1"} & {c.period for c in parts}
    return col if parts and not late else replace(col, role=MONEY)


def _once(seen: Seen, columns: list[Col]) -> list[Col]:
    """The columns, of which one that says in every row what another says is left out and named."""
    first: dict[tuple[tuple[str, ...], tuple[str, ...]], Col] = {}
    found = []
    for col in columns:
        cells = tuple(seen.grid.text(r, col.index) for r in range(seen.first, seen.last + 1))
        same = first.setdefault((col.same, cells), col) if col.role == MONEY else col
        reason = f"the same in every row as {same.head.text}"
        found.append(col if same is col else replace(col, role=LEFT, reason=reason))
    return found


def _twice(seen: Seen, columns: list[Col]) -> list[Finding]:
    """Columns of which two say one thing: nobody can tell which holds."""
    by_same: dict[tuple[str, ...], list[Col]] = {}
    for col in columns:
        if col.role == MONEY:
            by_same.setdefault(col.same, []).append(col)
    return [twice(seen, [c.head for c in cols]) for cols in by_same.values() if len(cols) > 1]
