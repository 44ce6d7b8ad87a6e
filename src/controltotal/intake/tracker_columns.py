"""The headings of a savings tracker: what describes a scheme, and what its money is of.

Money of a tracker is a month, a quarter, a year or a year to date of plan, actual or forecast; a total
or a variance of others; or the full year effect. A heading that holds sums and says none of these is
asked about, and so are two headings that say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from controltotal.core.money import MoneyError, parse_number
from controltotal.core.schema import tables
from controltotal.core.vocabulary import folded
from controltotal.intake.choosing import ask_unfit, chosen, reason_of
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.fields import UNFIT, Field, answered, by_heading, field_by
from controltotal.intake.ground import BASES, Ground
from controltotal.intake.model import (
    LEFT_OUT,
    Asked,
    Head,
    Left,
    Mapped,
    Measure,
    Read,
    Seen,
    Value,
)
from controltotal.intake.worth import is_empty, said_of

FYE: Final = "full_year_effect"
BY_ROW: Final = "by row"
"""The basis of money of which each row says what it is."""
INVESTMENT: Final = "investment"
_MONEY: Final = ("money", "amount", "value")
_ONE: Final[Mapping[str, str]] = {
    FYE: "effect",
    INVESTMENT: "investment",
    "basis": "basis",
    "month": "period",
    "period": "period",
    "year": "year",
}
"""Where a heading goes of which a tracker has one."""
_MANY: Final[Mapping[str, str]] = {
    **dict.fromkeys(("gate", "gate_date", "qia", "qia_date", "eqia", "qia_score"), "evidence"),
    **dict.fromkeys(("line", "line_code"), "lines"),
    "rag": "rag",
    "wte": "wte",
}
"""Where a heading goes of which a tracker may have several."""
_ASIDE: Final[Mapping[str, str]] = {
    "rag": "a colour, which is no stage of a scheme",
    "notes": "remarks",
    "description": "a description beside the title",
    "finance_lead": "the book has no column for it",
    "end": "the book has no column for it",
    "likelihood": "the book has no column for it",
    "net": "a value weighted by its chance, which the book reckons itself",
}
_LEAST: Final = Decimal("1e-6")
"""What fifteen digits of a spreadsheet may lose in a sum."""
_NO_MONEY: Final[Mapping[str, str]] = {
    "percent": "a percentage",
    "prior": "an earlier year",
    "average": "an average of other columns",
}
"""What a column of sums is that gives the book none, by its basis."""
MONTHS: Final = 12
MANY: Final = 50
"""A number from here on is taken for a sum, not for a score or a count."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A column of money: its place, what it is of, and the unit that its own heading names."""

    column: int
    text: str
    measure: Measure

    @property
    def key(self) -> tuple[str, str, int, str]:
        """Basis, span, number and year: no two columns may share it."""
        m = self.measure
        return m.basis, m.span, m.number, m.year


@dataclass(slots=True)
class Columns:
    """The columns of a tracker by what they are."""

    labels: dict[str, Field] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    effect: Head | None = None
    investment: Head | None = None
    split: dict[str, Head] = field(default_factory=dict)
    """The columns of savings that repeat and of those that do not, where a tracker has both."""
    wte: list[Head] = field(default_factory=list)
    evidence: list[Head] = field(default_factory=list)
    rag: list[Head] = field(default_factory=list)
    lines: list[Head] = field(default_factory=list)
    basis: Head | None = None
    period: Head | None = None
    year: Head | None = None

    def of(self, basis: str, span: str, year: str) -> list[Sum]:
        """The sums of a basis and span in a year, in the order of their numbers."""
        found = [s for s in self.sums if (s.measure.basis, s.measure.span) == (basis, span)]
        return sorted(
            (s for s in found if s.measure.year == year), key=lambda one: one.measure.number
        )

    def money(self) -> list[int]:
        """Every column that holds money."""
        heads = [head.column for head in (self.effect, self.investment) if head]
        return [*heads, *(one.column for one in self.sums)]


def columns_of(
    seen: Seen,
    asked: Asked,
    ground: Ground,
    read: Read,
    faults: Faults,
    split: dict[str, Head],
) -> Columns:
    """Sort the headings of a tracker; what gives the book nothing is left out with its reason."""
    found, labels = Columns(split=split), []
    schemes = tables()["schemes"]
    named_so = by_heading(seen, schemes, asked.headings)
    for head in seen.heads:
        said = answered(head, asked.headings)
        if head in split.values():
            continue
        if said == "":
            _leave(read, head, "left out by the mapping")
        elif not _special(head, said, found):
            labels.append(field_by(head, schemes, asked.headings, named_so))
    _labels(labels, found, read, faults)
    _settle(found, ground, read, faults)
    return found


def _special(head: Head, said: str | None, found: Columns) -> bool:
    """Whether a heading is money, people or evidence, and then where it goes."""
    means = said if said in (FYE, INVESTMENT, *BASES) else head.means
    single, several = _ONE.get(means, ""), _MANY.get(means, "")
    if single and getattr(found, single) is None:
        setattr(found, single, head)
    elif said and means in BASES:
        span = head.measure.span or "year"
        found.sums.append(
            Sum(head.column, head.text, replace(head.measure, basis=means, span=span))
        )
    elif head.measure.fact == "workforce":
        found.wte.append(head)
    elif means in _MONEY and said is None:
        found.sums.append(Sum(head.column, head.text, head.measure))
    elif several:
        getattr(found, several).append(head)
    else:
        return False
    return True


def _labels(fields: Iterable[Field], found: Columns, read: Read, faults: Faults) -> None:
    """What describes a scheme, each column once; a code of a body stands for its name."""
    known: list[Field] = []
    others: list[Field] = []
    for one in fields:
        (known if one.column else others).append(one)
    found.labels = chosen(known, read, faults)
    for one in others:
        _unnamed(one, read, faults)


def _unnamed(one: Field, read: Read, faults: Faults) -> None:
    """A heading that nobody can name: asked about where it holds sums, else left out."""
    head, seen = one.head, read.seen
    if one.how == UNFIT:
        ask_unfit(one, "schemes", faults)
    elif head.means not in _ASIDE and holds_sums(seen, head.column):
        ask_heading(head, faults)
    _leave(read, head, _ASIDE.get(head.means) or reason_of(one, "schemes"))


def holds_sums(seen: Seen, column: int) -> bool:
    """Whether most of what stands in a column is numbers, some too large for a score.

    Numbers shown as percentages are no sums.
    """
    values = {
        row: seen.grid.value(row, column)
        for row in range(seen.first, seen.last + 1)
        if not is_empty(seen.grid.value(row, column))
    }
    numbers = [
        v
        for row, v in values.items()
        if isinstance(v, int | float) and seen.grid.shown.get((row, column)) != "%"
    ]
    return 2 * len(numbers) > len(values) and any(abs(v) >= MANY for v in numbers)


def ask_heading(head: Head, faults: Faults) -> None:
    """Ask what a heading that holds sums is."""
    fault = Fault(
        "IMPORT_HEADING",
        f"Nobody can tell what “{head.text}” is, and it holds sums",
        "the full year effect, or the plan, actual or forecast of a month or year",
        f'Say it: --set "headings.{head.text}=full_year_effect", or =plan, =actual or =forecast; '
        f'or --set "headings.{head.text}=" to leave it out.',
    )
    faults.add(fault, (faults.seen.heading[1], head.column), head.text)


def _leave(read: Read, head: Head, reason: str) -> None:
    """Leave a column out, with its reason."""
    seen = read.seen
    rows = range(seen.first, seen.last + 1)
    filled = [row for row in rows if seen.grid.value(row, head.column) is not None]
    for row in filled:
        read.mark(row, (head.column,), LEFT_OUT)
    if filled:
        read.left.append(Left((filled[0], head.column, filled[-1], head.column), reason))


# -- what each sum is of -------------------------------------------------------------------------


def _settle(found: Columns, ground: Ground, read: Read, faults: Faults) -> None:
    """Give each sum its basis, number and year; leave percentages and earlier years out."""
    kept: list[Sum] = []
    _settle_basis(found, ground, read.seen)
    heads = {head.column: head for head in read.seen.heads}
    for one in sorted(found.sums, key=lambda s: s.column):
        measure = one.measure
        if measure.basis in _NO_MONEY:
            _leave(read, heads[one.column], _NO_MONEY[measure.basis])
            continue
        if not (measure.basis or measure.span):
            if holds_sums(read.seen, one.column) or not ground.basis:
                ask_heading(heads[one.column], faults)
                _leave(read, heads[one.column], "asked about")
                continue
            measure = replace(measure, span="year")
        kept.append(replace(one, measure=_placed(measure, kept, ground, found)))
    found.sums = kept
    _ask_twice(kept, faults)
    for one in kept:
        what = " ".join(filter(None, (one.measure.basis, one.measure.span, _number(one.measure))))
        read.mapped.append(Mapped(one.text, what, "exact"))
    if found.effect is not None:
        read.mapped.append(Mapped(found.effect.text, FYE, "exact"))


def _settle_basis(found: Columns, ground: Ground, seen: Seen) -> None:
    """Months that do not say of which basis they are, beside the sums of the year that they make."""
    months = [one.column for one in found.sums if _is_month(one.measure)]
    wholes = [one for one in found.sums if one.measure.basis in BASES and _is_year(one.measure)]
    if ground.basis or found.basis or not months or not wholes:
        return
    made = {one.measure.basis for one in wholes if _is_made(seen, one.column, months)}
    if len(made) == 1:
        ground.basis = made.pop()
        ground.asks.pop("basis", None)


def _is_made(seen: Seen, whole: int, parts: Sequence[int]) -> bool:
    """Whether a column is in every row the sum of others, and in some row any money."""
    told = False
    for row in range(seen.first, seen.last + 1):
        stated = _figure(seen.grid.value(row, whole))
        numbers = [_figure(seen.grid.value(row, column)) for column in parts]
        made = sum((one for one in numbers if one is not None), Decimal(0))
        if stated is None and not made:
            continue
        if stated is None or abs(stated - made) > _LEAST:
            return False
        told = told or bool(stated)
    return told


def _figure(value: Value) -> Decimal | None:
    """The number that a cell holds; None where it holds none."""
    if is_empty(value) or isinstance(value, bool | date):
        return None
    try:
        return parse_number(said_of(value))
    except MoneyError:
        return None


def _is_year(measure: Measure) -> bool:
    return measure.span in ("year", "total")


def _is_month(measure: Measure) -> bool:
    return measure.span == "month" and bool(measure.number) and not measure.basis


def _number(measure: Measure) -> str:
    return str(measure.number) if measure.number else ""


def _placed(measure: Measure, before: list[Sum], ground: Ground, found: Columns) -> Measure:
    """A measure with its basis, year and month: its own, or those of the block or of the table."""
    basis, number = measure.basis, measure.number
    block = before[-1].measure if before else Measure()
    if not basis and measure.span == "total" and block.span in ("month", "quarter", "total"):
        basis = block.basis
    if not basis:
        basis = BY_ROW if found.basis else ground.need("basis")
    if measure.span in ("month", "to_date") and not number:
        number = month_of_ground(ground)
        if measure.span == "month" and not number:
            ground.need("month")
    year = measure.year or ("" if found.year else ground.need("year"))
    span = measure.span or "year"
    if basis == "actual" and not measure.span:
        span, number = _reach(before, ground)
    return replace(measure, basis=basis, span=span, number=number, year=year)


def _reach(before: list[Sum], ground: Ground) -> tuple[str, int]:
    """How far actuals reach whose heading does not say: as the person says, or as the year is over."""
    digits = month_of_ground(ground)
    if any((s.measure.basis, s.measure.span) == ("actual", "month") for s in before):
        return "total", 0
    if ground.month.startswith("YTD"):
        return "to_date", digits
    if digits and not ground.month_said and digits < MONTHS:
        ground.asks["month"] = ground.missing("month")
    return ("month", digits) if ground.month_said and digits else ("year", 0)


def month_of_ground(ground: Ground) -> int:
    """The month that the words around a table name; nought where they name none.

    >>> from controltotal.intake.model import Grid
    >>> seen = Seen(Grid("a.csv", "", []), (0, 0), 1, 1, 0, 0, ())
    >>> month_of_ground(Ground(seen, month="YTD9")), month_of_ground(Ground(seen))
    (9, 0)
    """
    digits = ground.month.removeprefix("YTD")
    return int(digits) if digits.isdigit() else 0


def _ask_twice(sums: Iterable[Sum], faults: Faults) -> None:
    """Two columns that say the same thing: which of them holds is asked."""
    first: dict[tuple[str, str, int, str], Sum] = {}
    for one in sums:
        other = first.setdefault(one.key, one)
        if other is one or one.measure.basis in ("variance", "movement"):
            continue
        fault = Fault(
            "IMPORT_HEADING",
            f"“{other.text}” and “{one.text}” say the same thing twice",
            "one column for each",
            f'Leave one out: --set "headings.{other.text}=" (it may be an older plan).',
        )
        faults.add(fault, (faults.seen.heading[1], other.column), other.text)
        faults.add(fault, (faults.seen.heading[1], one.column), one.text)


def answer_to(asked: Asked, name: str) -> str:
    """What the person said of a column that no heading has, such as `full year effect`."""
    key = folded(name)
    found = {folded(text): said for text, said in asked.headings.items()}
    return found.get(key, "")
